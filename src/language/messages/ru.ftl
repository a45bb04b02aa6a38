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
problem-several-signed-up = С этим адресом зарегистрировались более одного раза. Письмо со ссылкой, чтобы задать пароль, уже в пути; если оно не придёт, запросите его снова через час.
problem-not-accepted = Сначала примите условия.
problem-wrong-state = В текущем состоянии это невозможно.
problem-incomplete = Не хватает необходимого.
problem-limit-reached = Достигнут предел.
problem-unused-files = Вы отправили много файлов, которые пока не показывает ни один урок. Используйте их или подождите: через неделю они удаляются.
problem-too-late = Время для этого истекло.
problem-too-large = Размер больше допустимого.
problem-unsupported = Этот вид здесь не поддерживается.
problem-key-reused = Этот ключ уже использован для другого запроса; создайте новый.
problem-name-mixes-scripts = В одном из слов этого имени смешаны буквы разных письменностей, например латиницы и кириллицы. Пишите каждое слово буквами одной письменности.
problem-name-hides = В этом имени есть невидимые знаки. Напишите его без них.
problem-slug-form = Используйте строчные латинские буквы (от a до z), цифры и между ними одиночные дефисы, всего не более 80 символов, например joining-a-treaty.
problem-not-of-site = Это не один из языков сайта. Языки сайта: { $languages }.
problem-not-original = Этот текст должен быть на исходном языке: { $language }.
problem-no-time-zone = Такого часового пояса нет. Укажите пояс из базы данных IANA, например Africa/Cairo.
problem-one-right-choice = Правильным должен быть ровно один вариант.
problem-no-right-choice = Правильным должен быть хотя бы один вариант.
problem-choices-number = У вопроса другое число вариантов. Укажите столько же: { $count }.
problem-web-address = Укажите адрес, который начинается с https://, например https://example.org/page: не более { $max } байт, без пробелов, кавычек, угловых скобок, обратных косых черт и имени пользователя.
problem-email-form = Это не адрес электронной почты. Он выглядит так: name@example.org.
problem-invisible-character = В тексте есть невидимый символ: управляющий или меняющий направление письма. Удалите его или наберите текст заново.
problem-version-published = Это часть опубликованной версии, которую никто не может изменить. Измените черновик, затем опубликуйте его.
problem-original-stays = Это оригинал, он остаётся; удалить можно только переводы.
problem-not-enrolled = Вы не записаны на этот курс.
problem-lesson-of-draft = Это урок черновика; начинать и завершать можно только уроки опубликованной версии.
problem-not-vetted = Эта учётная запись ещё не проверена; роль может быть только у проверенных учётных записей.
problem-last-administrator = Других администраторов нет. Сначала назначьте кого-нибудь ещё.
problem-wrong-password = Это не ваш пароль.
problem-course-without-modules = Курс без модулей нельзя опубликовать.
problem-module-without-lessons = В модуле «{ $title }» нет уроков.
problem-lesson-without-content = В уроке «{ $title }» пока ничего нет.
problem-lesson-without-text = В уроке «{ $title }» пока нет текста на исходном языке курса.
problem-lesson-translation-without-text = У урока «{ $title }» есть название, но нет текста на этом языке: { $language }. Напишите текст или удалите перевод.
problem-lesson-recording-unpublished = Урок «{ $title }» показывает запись, которая не опубликована.

# Mails.
mail-confirm-subject = Подтвердите адрес для { $site }
mail-confirm-body =
    Добро пожаловать на { $site }.

    Подтвердите свой адрес, открыв эту ссылку в течение семи дней:

    { $link }

    Открывайте её, только если регистрировались вы сами: у учётной записи будет пароль, указанный тогда. Если нет, ничего не делайте: без вас учётная запись не появится.
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
mail-vetting-subject = Учётные записи на { $site } ждут проверки
mail-vetting-body =
    Учётных записей, ожидающих проверки администратором: { $count }

    { $link }
mail-invited-course-subject = Вас приглашают на курс на { $site }
mail-invited-course-body =
    Вам открыли доступ к курсу на { $site }.

    Зарегистрируйтесь с этим адресом электронной почты, и курс будет вам доступен:
    { $link }

    Если вы этого не ждали, ничего делать не нужно.

mail-invited-community-subject = Вас приглашают в сообщество на { $site }
mail-invited-community-body =
    Вам открыли доступ к сообществу на { $site }.
    
    Зарегистрируйтесь с этим адресом электронной почты, и сообщество будет вам доступно:
    { $link }
    
    Если вы этого не ждали, ничего делать не нужно.
mail-let-in-subject = Вам открыт новый доступ на { $site }
mail-let-in-body =
    Вам открыли доступ к материалу на { $site }, который открыт не для всех.

    Войдите, чтобы его увидеть:
    { $link }

# Quizzes.
problem-quiz-without-questions = В тесте «{ $title }» пока нет вопросов.
problem-quiz-passed = Вы уже сдали этот тест.
problem-quiz-no-attempts-left = У вас не осталось попыток.

# Recordings.
media-empty = Файл пуст.
media-not-media = Файл не является видео или звуком поддерживаемого вида: MP4, QuickTime, Matroska, WebM или транспортный поток MPEG.
media-truncated = Файл обрывается слишком рано: части не хватает. Загрузите его снова.
media-nothing-to-play = В файле нет ни изображения, ни звука, которые можно воспроизвести.
media-too-long = Запись длиннее десяти часов.
media-too-many-pixels = Изображение больше 35 миллионов точек.
media-too-many-streams = В файле больше 16 дорожек.
media-too-costly = Декодирование файла требует слишком много времени или памяти.
media-undecodable = Изображение или звук повреждены или не поддерживаются.
media-no-ffmpeg = Ожидается обработчик с ffmpeg; установите ffmpeg на одном из них.
media-trouble = На нашей стороне несколько раз произошёл сбой. Загрузите снова или сообщите администратору.
captions-too-large = Файл больше 2 МиБ.
captions-not-utf8 = Строка { $line }: это не текст в UTF-8.
captions-no-signature = Первая строка должна быть WEBVTT.
captions-no-times = Строка { $line }: не хватает строки со временем и -->.
captions-bad-time = Строка { $line }: время записывается как 00:00:00.000.
captions-ends-too-early = Строка { $line }: субтитр кончается раньше, чем начинается.
captions-times-in-text = Строка { $line }: --> стоит в тексте; вероятно, перед ней не хватает пустой строки.
captions-text-too-long = Строка { $line }: текст субтитра слишком длинный.
captions-too-many-cues = Строка { $line }: больше 10 000 субтитров.
captions-no-cues = Нет ни одного субтитра с текстом.
recording-needs-media = Пока нечего воспроизводить: загрузите файл.
recording-needs-speakers = Укажите, кто в ней говорит.
recording-needs-consent = { $name }: нет согласия на публикацию.
upload-incomplete = Частей не хватает или размер не совпадает: { $missing }. Отправьте их и завершите снова.
problem-in-the-future = Это время ещё не наступило.
mail-invited-recording-subject = Вас приглашают посмотреть запись на { $site }
mail-invited-recording-body =
    Вам открыли доступ к записи на { $site }.

    Зарегистрируйтесь с этим адресом электронной почты, и запись будет вам доступна:
    { $link }

    Если вы этого не ждали, ничего делать не нужно.

# Вебинары.
webinar-unnamed = вебинар
problem-hour-skipped = В этот день часы пропускают этот час; выберите другое время.
problem-in-the-past = Это время уже прошло.
problem-registrants-were-told = Есть зарегистрированные, которым сообщили иное.
problem-question-answered = На этот вопрос уже ответили.
problem-registration-not-open = Регистрация ещё не открыта.
problem-conditions-not-accepted = Сначала согласитесь с записью или с тем, что участники видят имена друг друга.
problem-no-join-link = Ссылки на трансляцию пока нет.
problem-webinar-cancelled = Этот вебинар отменён.
problem-list-closed = Этот список закрыт. Пригласивший вас может открыть его снова.
problem-naming-over = Время называть людей истекло; сначала назначьте более поздний срок.
problem-join-not-yet = Подключаться ещё рано; вернитесь незадолго до начала.
mail-invited-webinar-subject = Вас приглашают на вебинары на { $site }
mail-invited-webinar-body =
    Вам открыт доступ к вебинарам на { $site }.

    Зарегистрируйтесь с этим адресом, и они станут вам доступны:
    { $link }

    Если вы этого не ожидали, ничего делать не нужно.
mail-webinar-registered-subject = Вы зарегистрированы: { $title }
mail-webinar-registered-body =
    Вы зарегистрированы: { $title }.

    Начало: { $when }.

    Подключиться или отменить участие:
    { $link }
mail-webinar-waiting-subject = Вы в списке ожидания: { $title }
mail-webinar-waiting-body =
    Все места заняты: { $title }. Вы в списке ожидания; когда для вас освободится место, мы сообщим.

    Начало: { $when }.

    { $link }
mail-webinar-moved-up-subject = Освободилось место: { $title }
mail-webinar-moved-up-body =
    Освободилось место, и оно ваше. Вы зарегистрированы: { $title }.

    Начало: { $when }.

    Если вы не можете прийти, отмените участие, чтобы место досталось другому:
    { $link }
mail-webinar-registration-cancelled-subject = Ваша регистрация отменена: { $title }
mail-webinar-registration-cancelled-body =
    Ваша регистрация отменена: { $title }.

    { $link }
mail-webinar-moved-subject = Новое время: { $title }
mail-webinar-moved-body =
    Время изменилось: { $title }. Начало теперь: { $when }.

    Ваша регистрация остаётся в силе. Если вы не можете прийти, отмените участие:
    { $link }
mail-webinar-cancelled-subject = Отменено: { $title }
mail-webinar-cancelled-body =
    Вебинар не состоится: { $title }.

    Причина: { $reason }

    { $link }
mail-webinar-day-before-subject = Через день: { $title }
mail-webinar-day-before-body =
    { $title }

    Начало: { $when }.

    Подключиться или отменить участие:
    { $link }
mail-webinar-hour-before-subject = Через час: { $title }
mail-webinar-hour-before-body =
    { $title }

    Начало: { $when }.

    Подключиться:
    { $link }
mail-webinar-recording-published-subject = Запись доступна: { $title }
mail-webinar-recording-published-body =
    Теперь можно посмотреть запись: { $title }

    { $link }
mail-webinar-certificate-issued-subject = Ваш сертификат: { $title }
mail-webinar-certificate-issued-body =
    Вы участвовали в этом вебинаре, и ваш сертификат готов: { $title }

    Скачайте его здесь в формате PDF или как значок:
    { $link }
mail-webinar-certificate-revoked-subject = Ваш сертификат отозван: { $title }
mail-webinar-certificate-revoked-body =
    Ваш сертификат участника и его значок больше не действительны: { $title }

    Причина указана здесь:
    { $link }
mail-webinar-certificate-restored-subject = Ваш сертификат снова действителен: { $title }
mail-webinar-certificate-restored-body =
    Ваш сертификат участника и его значок снова действительны: { $title }

    Вы найдёте его здесь:
    { $link }
problem-webinar-not-held = Сертификаты участников выдаются после окончания вебинара.
problem-test-is-there = У вебинара уже есть такой тест.
problem-copy-in-another-language = Копируемый тест написан не на том языке, на котором написан вебинар.
problem-test-attempted = Кто-то уже проходил этот тест.
problem-pre-test-closed = Входной тест закрылся с началом вебинара: { $when }.
problem-post-test-not-open = Итоговый тест откроется: { $when }.
problem-pre-test-under-way = Сначала сдайте входной тест.
webinar-pre-test = Входной тест
webinar-post-test = Итоговый тест
mail-webinar-pre-test-waits = Перед вебинаром вас ждёт короткий тест: { $link }
problem-list-columns = Не хватает столбцов: нужны имя, время входа и время выхода.
problem-list-line = Строку { $line } не удаётся прочитать: нужны имя, время входа и более позднее время выхода.
problem-list-other-time = Ни одна строка не относится ко времени этого вебинара ({ $when }). Выберите его список.
problem-wrong-code = Это не тот код, который показан.

# Certificates.
certificate-course-heading = Сертификат о прохождении курса
certificate-webinar-heading = Сертификат участника
certificate-lead = Настоящий сертификат выдан
certificate-course-sentence = в подтверждение прохождения курса
certificate-webinar-sentence = в подтверждение участия в вебинаре
certificate-date =
    { $day } { $month ->
        [1] января
        [2] февраля
        [3] марта
        [4] апреля
        [5] мая
        [6] июня
        [7] июля
        [8] августа
        [9] сентября
        [10] октября
        [11] ноября
       *[12] декабря
    } { $year } г.
certificate-course-date = Курс пройден { $date }
certificate-webinar-date = Дата проведения: { $date }
certificate-minutes = Продолжительность: { $minutes } мин
certificate-organisers = Организатор: { $names }
certificate-check = Проверить сертификат может каждый по коду { $code } на странице { $address }
certificate-qr = QR-код, ведущий на { $address }
certificate-name-without-font = Ни в одном из доступных шрифтов нет всех букв этого имени. Укажите имя латинскими буквами в профиле, затем попросите администратора обновить имена в ваших сертификатах.
certificate-title-without-font = Ни в одном из доступных шрифтов нет всех букв названия. Выберите другой язык.
mail-certificate-names-renewed-subject = Имена в ваших сертификатах обновлены
mail-certificate-names-renewed-body =
    Администратор { $site } обновил имена в ваших сертификатах. Теперь они такие же, как в вашем профиле. Скачайте сертификаты и значки заново: значки с другим полным именем больше не действительны.

    Войдите, чтобы скачать их:
    { $link }
mail-completion-revoked-subject = Ваш сертификат на { $site } отозван
mail-completion-revoked-body =
    Запись о прохождении вами курса на { $site } отозвана. Сертификат и значок больше не действительны.

    Войдите, чтобы узнать, какая это запись и почему:
    { $link }
mail-completion-restored-subject = Ваш сертификат на { $site } снова действителен
mail-completion-restored-body =
    Отозванная ранее запись о прохождении вами курса на { $site } снова действительна, как и сертификат со значком.

    Войдите, чтобы узнать, какая это запись:
    { $link }

# Приглашения.
problem-csv-line = Строка { $line }, столбец { $column }: { $why }
problem-csv-column-missing = Нет столбца { $column }.
problem-csv-column-unknown = Столбец «{ $column }» неизвестен или указан дважды. Возможные столбцы: { $columns }.
problem-csv-too-many-columns = Допускается не более { $max } столбцов.
problem-csv-too-many-lines = Допускается не более { $max } строк.
problem-csv-cells = В строке больше или меньше ячеек, чем в первой.
problem-csv-address-twice = Этот адрес есть и в другой строке.
problem-csv-two-contacts = Эти адреса принадлежат нескольким контактам, либо другая строка относится к тому же контакту.
problem-letter-fields = Неизвестные поля: { $unknown }. Возможные поля: { $known }.
problem-letter-without-link = В письме должно быть сказано, куда оно ведёт: вставьте {"{link}"}.
problem-nominee-comes = За этим человеком закреплено место: откажите в нём или дождитесь окончания вебинара.
problem-invitations-a-day = Сегодня для этой серии отправлено предельное число приглашений (2000). Продолжите завтра.
problem-contact-named-people = Этот контакт уже предложил людей.
problem-quota-reached = Можно предложить не более { $max } человек.
problem-nominee-decided = Организаторы уже приняли решение об этом человеке.
problem-nominee-confirmed = Этот человек уже подтвердил участие.
problem-nominee-registered = Этот человек зарегистрирован. Отмените его регистрацию.
problem-nominee-has-seat = Для этого адреса место уже забронировано.
problem-seats-left = Мест недостаточно. Осталось мест: { $left }.
problem-no-offer = Сейчас вам не предлагается место.
mail-invitation-contact-subject = Кого вы предложите? { $title }
mail-invitation-contact-body =
    { $name }

    { $site } приглашает вас предложить участников вебинара «{ $title }» из серии «{ $series }».

    Начало: { $when }.

    Вы можете предложить не более { $quota } человек и менять список до { $until }. Учётная запись для этого не нужна:
    { $link }

    Тем, для кого найдётся место, мы напишем на их собственный адрес и на их языке.
mail-invitation-person-subject = Приглашение: { $title }
mail-invitation-person-body =
    { $name }

    { $site } приглашает вас на вебинар «{ $title }» из серии «{ $series }».

    Начало: { $when }.

    Подробности и регистрация — по этой ссылке. Если у вас ещё нет учётной записи, создайте её с этим адресом электронной почты:
    { $link }
mail-invitation-reminder-subject = Напоминание: { $subject }
mail-invitation-reminder-body =
    Некоторое время назад мы вам писали и пока не получили ответа. Приглашение остаётся в силе:

    { $body }
mail-invitation-footer =
    Если вы больше не хотите получать от нас приглашения на этот адрес, сообщите об этом здесь:
    { $link }
mail-nominee-offered-subject = Место для вас: { $title }
mail-nominee-offered-body =
    { $name }

    { $organisation } предлагает вас в участники вебинара «{ $title }», и для вас забронировано место.

    Начало: { $when }.

    Сообщите, пожалуйста, придёте ли вы. Учётная запись для этого не нужна:
    { $link }
mail-nominee-waiting-subject = Вы в списке ожидания: { $title }
mail-nominee-waiting-body =
    { $name }

    { $organisation } предлагает вас в участники: { $title }. Места для вас пока нет. Вы в списке ожидания; мы сообщим, когда место освободится.

    Начало: { $when }.
mail-nominee-declined-subject = О вашей кандидатуре: { $title }
mail-nominee-declined-body =
    { $name }

    { $organisation } предлагает вас в участники: { $title }. К сожалению, на этот раз места для вас не нашлось.
mail-nominee-confirmed-subject = Ваше место: { $title }
mail-nominee-confirmed-body =
    { $name }

    Место на вебинаре «{ $title }» — ваше.

    Начало: { $when }.

    Для участия нужна учётная запись с этим адресом электронной почты. Создайте её сейчас, и вы будете зарегистрированы:
    { $join }

    Если вы всё же не сможете прийти, сообщите об этом, чтобы смог кто-то другой:
    { $link }
mail-nominee-moved-subject = Новое время: { $title }
mail-nominee-moved-body =
    { $name }

    Время изменилось: { $title }. Теперь начало: { $when }.

    Место остаётся за вами. Если в это время вы прийти не сможете, сообщите об этом:
    { $link }
mail-nominee-cancelled-subject = Отменено: { $title }
mail-nominee-cancelled-body =
    { $name }

    Вебинар не состоится: { $title }.

    Причина: { $reason }
mail-nominee-soon-subject = Скоро: { $title }
mail-nominee-soon-body =
    { $name }

    { $title }

    Начало: { $when }.

    Для участия нужна учётная запись с этим адресом электронной почты. Создайте её сейчас, и вы будете зарегистрированы:
    { $join }

    Если вы всё же не сможете прийти, сообщите об этом:
    { $link }

# Подсчёты по вебинарам.
counts-title = Показатели: { $title }
counts-taken = По состоянию на { $date }
counts-sheet-notes = Примечания
counts-everybody = Всего
counts-sums = Сумма по вебинарам
counts-others = Все остальные
counts-not-told = Не указано
counts-no-region = Вне регионов
counts-gain = Прирост знаний (процентные пункты)
counts-column-of = Что подсчитано
counts-column-by = По признаку
counts-column-code = Код
counts-column-category = Категория
counts-by-gender = Пол
counts-by-region = Регион
counts-by-subregion = Субрегион
counts-by-country = Страна
counts-by-kind = Вид организации
counts-by-language = Язык
counts-stage-invited = Приглашены
counts-stage-nominated = Предложены
counts-stage-registered = Зарегистрированы
counts-stage-attended = Участвовали
counts-stage-watched = Посмотрели запись
counts-stage-passed-before = Сдали входной тест
counts-stage-passed-after = Сдали итоговый тест
counts-stage-took-both = Выполнили оба теста
counts-note-people = Считаются люди, а не посещения. В серии каждый человек учтён один раз, в скольких бы вебинарах он ни участвовал; сумма по вебинарам учитывает каждого один раз за каждый вебинар. Учтены только завершившиеся вебинары.
counts-note-stages = Приглашены: учреждения и люди, которым написали. Предложены: люди, которых назвали учреждения. Зарегистрированы: люди, у которых есть место. Всё последующее считается среди зарегистрированных. Участвовали: присутствовали не менее { $percent } из каждых ста минут.
counts-note-told = Пол, страна, вид организации и язык — те, которые люди указали при регистрации; в серии — при последней. Регионы — по классификации Организации Объединённых Наций (M49).
counts-note-hidden = Звёздочка (*) стоит вместо числа, которое не приводится, потому что оно само или то, что из него следует, касается менее пяти человек либо сказало бы обо всех в категории, что они что-то сделали или не сделали. В каждом столбце «Все остальные» — это все, кого в нём не учитывает ни одна другая строка.
counts-note-others = Все остальные: в каждом столбце — все, кого не учитывает в нём ни одна другая строка таблицы.
counts-note-gain = Прирост знаний: у тех, кто выполнил оба теста, среднее разности результата после вебинара и результата до него.
counts-gender-female = Женщины
counts-gender-male = Мужчины
counts-gender-other = Другое
counts-gender-undisclosed = Предпочитают не указывать
counts-kind-government = Государственные органы
counts-kind-judiciary = Суд и прокуратура
counts-kind-parliament = Парламент
counts-kind-law-enforcement = Правоохранительные органы
counts-kind-international = Международная организация
counts-kind-civil-society = Гражданское общество
counts-kind-academia = Наука и образование
counts-kind-private-sector = Частный сектор
counts-kind-other = Другая организация
counts-area-002 = Африка
counts-area-009 = Океания
counts-area-015 = Северная Африка
counts-area-019 = Америка
counts-area-021 = Северная Америка
counts-area-030 = Восточная Азия
counts-area-034 = Южная Азия
counts-area-035 = Юго-Восточная Азия
counts-area-039 = Южная Европа
counts-area-053 = Австралия и Новая Зеландия
counts-area-054 = Меланезия
counts-area-057 = Микронезия
counts-area-061 = Полинезия
counts-area-142 = Азия
counts-area-143 = Центральная Азия
counts-area-145 = Западная Азия
counts-area-150 = Европа
counts-area-151 = Восточная Европа
counts-area-154 = Северная Европа
counts-area-155 = Западная Европа
counts-area-202 = Африка к югу от Сахары
counts-area-419 = Латинская Америка и Карибский бассейн
