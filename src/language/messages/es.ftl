# Problems that a person can mend.
problem-blank = Rellene este campo.
problem-too-short = Se necesitan al menos { $min } caracteres.
problem-too-long = Se permiten como máximo { $max } caracteres.
problem-out-of-range = El valor debe estar entre { $min } y { $max }.
problem-invalid = No tiene la forma necesaria.
problem-not-found = No existe, o no puede verlo.
problem-taken = Ya está en uso; elija otro.
problem-weak-password = Esta contraseña es demasiado común; elija otra.
problem-wrong-credentials = La dirección y la contraseña no coinciden, o la dirección aún no está confirmada.
problem-expired = Este enlace ya se usó o ha caducado; pida uno nuevo.
problem-not-accepted = Acepte primero las condiciones.
problem-wrong-state = No es posible en el estado actual.
problem-incomplete = Falta algo necesario.
problem-limit-reached = Se ha alcanzado el límite.
problem-too-late = El plazo ha terminado.
problem-too-large = Es más grande de lo permitido.
problem-unsupported = Este tipo no se admite aquí.
problem-key-reused = Esta clave se usó para otra solicitud; cree una nueva.
problem-wrong-password = Esta no es su contraseña.

# Mails.
mail-confirm-subject = Confirme su dirección para { $site }
mail-confirm-body =
    Le damos la bienvenida a { $site }.

    Confirme su dirección abriendo este enlace en un plazo de siete días:

    { $link }

    Si no se ha registrado, no haga nada: sin usted no habrá cuenta.
mail-already-signed-up-subject = Ya tiene una cuenta en { $site }
mail-already-signed-up-body =
    Alguien, quizá usted, se registró en { $site } con esta dirección, que ya tiene una cuenta.

    Inicie sesión o pida una contraseña nueva aquí:

    { $link }
mail-password-reset-subject = Establezca una contraseña nueva para { $site }
mail-password-reset-body =
    Establezca una contraseña nueva abriendo este enlace en un plazo de 30 minutos:

    { $link }

    Si no lo ha pedido, no haga nada: su contraseña no cambia.
mail-password-changed-subject = Se ha cambiado su contraseña de { $site }
mail-password-changed-body =
    Se ha cambiado la contraseña de su cuenta en { $site } y se ha cerrado la sesión en los demás dispositivos.

    Si no fue usted, pida una contraseña nueva de inmediato.
mail-vetted-subject = Su cuenta en { $site } está lista
mail-vetted-body =
    Un administrador ha validado su cuenta en { $site }. Ya puede participar:

    { $link }
