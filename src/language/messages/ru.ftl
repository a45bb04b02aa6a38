# Problems that a person can mend.
problem-blank = Заполните это поле.
problem-too-short = Нужно не менее { $min } символов.
problem-too-long = Допускается не более { $max } символов.
problem-out-of-range = Значение должно быть от { $min } до { $max }.
problem-invalid = Значение имеет неверный формат.
problem-not-found = Такого объекта нет, или он вам недоступен.
problem-taken = Это уже занято; выберите другое.
problem-weak-password = Этот пароль слишком распространён; выберите другой.
problem-wrong-credentials = Адрес и пароль не подходят друг к другу, или адрес ещё не подтверждён.
problem-expired = Эта ссылка уже использована или устарела; запросите новую.
problem-not-accepted = Сначала примите условия.
problem-wrong-state = В текущем состоянии это невозможно.
problem-incomplete = Не хватает необходимого.
problem-limit-reached = Достигнут предел.
problem-too-late = Время для этого истекло.
problem-too-large = Размер больше допустимого.
problem-unsupported = Этот вид здесь не поддерживается.
problem-key-reused = Этот ключ уже использован для другого запроса; создайте новый.
problem-wrong-password = Это не ваш пароль.

# Mails.
mail-confirm-subject = Подтвердите адрес для { $site }
mail-confirm-body =
    Добро пожаловать на { $site }.

    Подтвердите свой адрес, открыв эту ссылку в течение семи дней:

    { $link }

    Если вы не регистрировались, ничего не делайте: без вас учётная запись не появится.
mail-already-signed-up-subject = У вас уже есть учётная запись на { $site }
mail-already-signed-up-body =
    Кто-то, возможно вы, зарегистрировался на { $site } с этим адресом, у которого уже есть учётная запись.

    Войдите или запросите новый пароль здесь:

    { $link }
mail-password-reset-subject = Задайте новый пароль для { $site }
mail-password-reset-body =
    Задайте новый пароль, открыв эту ссылку в течение 30 минут:

    { $link }

    Если вы этого не запрашивали, ничего не делайте: пароль останется прежним.
mail-password-changed-subject = Ваш пароль для { $site } изменён
mail-password-changed-body =
    Пароль вашей учётной записи на { $site } изменён, на других устройствах выполнен выход.

    Если это были не вы, немедленно запросите новый пароль.
mail-vetted-subject = Ваша учётная запись на { $site } готова
mail-vetted-body =
    Администратор проверил вашу учётную запись на { $site }. Теперь вы можете участвовать:

    { $link }
