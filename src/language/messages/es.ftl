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
problem-several-signed-up = Alguien se registró más de una vez con esta dirección. Hay un correo en camino con un enlace para establecer la contraseña; si no llega, vuelva a pedirlo dentro de una hora.
problem-not-accepted = Acepte primero las condiciones.
problem-wrong-state = No es posible en el estado actual.
problem-incomplete = Falta algo necesario.
problem-limit-reached = Se ha alcanzado el límite.
problem-unused-files = Ha enviado muchos archivos que ninguna lección muestra todavía. Úselos o espere: se eliminan al cabo de una semana.
problem-too-late = El plazo ha terminado.
problem-too-large = Es más grande de lo permitido.
problem-unsupported = Este tipo no se admite aquí.
problem-key-reused = Esta clave se usó para otra solicitud; cree una nueva.
problem-name-mixes-scripts = Una palabra de este nombre mezcla letras de varias escrituras, por ejemplo latina y cirílica. Escriba cada palabra en una sola escritura.
problem-name-hides = Este nombre contiene caracteres invisibles. Escríbalo sin ellos.
problem-slug-form = Use letras latinas minúsculas (de la a a la z), cifras y, entre ellas, guiones simples, 80 como máximo en total, por ejemplo adherirse-a-un-tratado.
problem-not-of-site = No es uno de los idiomas del sitio. Son estos: { $languages }.
problem-not-original = Este texto debe estar en el idioma original: { $language }.
problem-no-time-zone = Esa zona horaria no existe. Indique una de la base de datos IANA, por ejemplo Africa/Cairo.
problem-one-right-choice = Exactamente una opción debe ser correcta.
problem-no-right-choice = Al menos una opción debe ser correcta.
problem-choices-number = La pregunta tiene otro número de opciones. Indique las mismas: { $count }.
problem-web-address = Indique una dirección que empiece por https://, por ejemplo https://example.org/page: { $max } bytes como máximo, sin espacios, comillas, paréntesis angulares, barras invertidas ni nombre de usuario.
problem-email-form = No es una dirección de correo electrónico. Tiene la forma de name@example.org.
problem-invisible-character = El texto contiene un carácter que no se ve: uno de control, o uno que cambia el sentido de la escritura. Elimínelo o vuelva a escribir el texto.
problem-version-published = Esto pertenece a una versión publicada, que nadie puede cambiar. Cambie el borrador y luego publíquelo.
problem-original-stays = Es el original, que permanece; solo se pueden eliminar las traducciones.
problem-not-enrolled = No está inscrito en este curso.
problem-lesson-of-draft = Esta lección es de un borrador; solo se pueden empezar o completar las lecciones de la versión publicada.
problem-not-vetted = Esta cuenta aún no está validada; solo las cuentas validadas pueden tener un rol.
problem-last-administrator = Nadie más es administrador. Nombre primero a otra persona.
problem-wrong-password = Esta no es su contraseña.
problem-course-without-modules = Un curso sin módulos no se puede publicar.
problem-module-without-lessons = El módulo «{ $title }» no tiene lecciones.
problem-lesson-without-content = La lección «{ $title }» todavía no muestra nada.
problem-lesson-without-text = La lección «{ $title }» todavía no tiene texto en el idioma original del curso.
problem-lesson-translation-without-text = La lección «{ $title }» tiene título pero no texto en este idioma: { $language }. Escriba el texto o elimine la traducción.
problem-lesson-recording-unpublished = La lección «{ $title }» muestra una grabación que no está publicada.

# Mails.
mail-confirm-subject = Confirme su dirección para { $site }
mail-confirm-body =
    Le damos la bienvenida a { $site }.

    Confirme su dirección abriendo este enlace en un plazo de siete días:

    { $link }

    Ábralo solo si se ha registrado usted: la cuenta tendrá la contraseña que se indicó entonces. Si no, no haga nada: sin usted no habrá cuenta.
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
mail-vetting-subject = Hay cuentas en { $site } pendientes de validación
mail-vetting-body =
    Cuentas que esperan que un administrador las valide: { $count }

    { $link }
mail-invited-course-subject = Le invitan a un curso en { $site }
mail-invited-course-body =
    Alguien le ha dado acceso a un curso en { $site }.

    Regístrese con esta dirección de correo y podrá entrar en el curso:
    { $link }

    Si no lo esperaba, no tiene que hacer nada.

mail-invited-community-subject = Le invitan a una comunidad en { $site }
mail-invited-community-body =
    Alguien le ha dado acceso a una comunidad en { $site }.
    
    Regístrese con esta dirección de correo y podrá entrar en la comunidad:
    { $link }
    
    Si no lo esperaba, no tiene que hacer nada.
mail-let-in-subject = Tiene acceso a algo nuevo en { $site }
mail-let-in-body =
    Alguien le ha dado acceso en { $site } a un contenido que no está abierto a todos.

    Inicie sesión para verlo:
    { $link }

# Quizzes.
problem-quiz-without-questions = El cuestionario «{ $title }» aún no tiene preguntas.
problem-quiz-passed = Ya ha aprobado este cuestionario.
problem-quiz-no-attempts-left = No le quedan intentos.

# Recordings.
media-empty = El archivo está vacío.
media-not-media = El archivo no es un vídeo o sonido admitido: MP4, QuickTime, Matroska, WebM o flujo de transporte MPEG.
media-truncated = El archivo termina demasiado pronto: falta una parte. Súbalo de nuevo.
media-nothing-to-play = El archivo no contiene imagen ni sonido que se puedan reproducir.
media-too-long = La grabación dura más de diez horas.
media-too-many-pixels = La imagen supera los 35 millones de píxeles.
media-too-many-streams = El archivo contiene más de 16 pistas.
media-too-costly = Descodificar el archivo requiere demasiado tiempo o memoria.
media-undecodable = La imagen o el sonido están dañados o son de un tipo no admitido.
media-no-ffmpeg = A la espera de un servidor de tratamiento con ffmpeg; instale ffmpeg en alguno.
media-trouble = Algo falló varias veces por nuestra parte. Súbala de nuevo o avise a un administrador.
captions-too-large = El archivo supera los 2 MiB.
captions-not-utf8 = Línea { $line }: no es texto en UTF-8.
captions-no-signature = La primera línea debe ser WEBVTT.
captions-no-times = Línea { $line }: falta una línea con los tiempos y -->.
captions-bad-time = Línea { $line }: los tiempos se escriben 00:00:00.000.
captions-ends-too-early = Línea { $line }: el subtítulo termina antes de empezar.
captions-times-in-text = Línea { $line }: --> está dentro de un texto; probablemente falta una línea vacía antes.
captions-text-too-long = Línea { $line }: el texto de un subtítulo es demasiado largo.
captions-too-many-cues = Línea { $line }: hay más de 10 000 subtítulos.
captions-no-cues = No hay ningún subtítulo con texto.
recording-needs-media = Todavía no hay nada que reproducir: suba un archivo.
recording-needs-speakers = Indique quién habla en ella.
recording-needs-consent = { $name } no ha dado su consentimiento para la publicación.
upload-incomplete = Faltan partes o su tamaño no coincide: { $missing }. Envíelas y complete de nuevo.
problem-in-the-future = Esta fecha está en el futuro.
mail-invited-recording-subject = Le invitan a ver una grabación en { $site }
mail-invited-recording-body =
    Alguien le ha dado acceso a una grabación en { $site }.

    Regístrese con esta dirección de correo y podrá ver la grabación:
    { $link }

    Si no lo esperaba, no tiene que hacer nada.

# Seminarios web.
webinar-unnamed = un seminario web
problem-hour-skipped = Ese día los relojes saltan esta hora; elija otra.
problem-in-the-past = Esa fecha ya pasó.
problem-registrants-were-told = Hay personas inscritas a las que se dijo otra cosa.
problem-question-answered = Hay personas que ya respondieron a esta pregunta.
problem-registration-not-open = La inscripción aún no está abierta.
problem-conditions-not-accepted = Acepte primero que se grabe, o que las personas inscritas vean sus nombres.
problem-no-join-link = Todavía no hay enlace a la sesión.
problem-webinar-cancelled = Este seminario web se canceló.
problem-list-closed = Esta lista está cerrada. Quien le invitó puede volver a abrirla.
problem-naming-over = El plazo para proponer personas ha terminado; fije primero una fecha posterior.
problem-join-not-yet = Es demasiado pronto para entrar; vuelva poco antes del comienzo.
mail-invited-webinar-subject = Tiene una invitación a seminarios web en { $site }
mail-invited-webinar-body =
    Alguien le ha dado acceso a seminarios web en { $site }.

    Regístrese con esta dirección y podrá verlos:
    { $link }

    Si no lo esperaba, no tiene que hacer nada.
mail-webinar-registered-subject = Inscripción confirmada: { $title }
mail-webinar-registered-body =
    Su inscripción está confirmada: { $title }.

    Comienzo: { $when }.

    Entre en la sesión o cancele aquí:
    { $link }
mail-webinar-waiting-subject = Está en la lista de espera: { $title }
mail-webinar-waiting-body =
    No quedan plazas: { $title }. Está en la lista de espera y le avisaremos cuando haya una plaza para usted.

    Comienzo: { $when }.

    { $link }
mail-webinar-moved-up-subject = Hay una plaza libre: { $title }
mail-webinar-moved-up-body =
    Ha quedado una plaza libre y es suya. Su inscripción está confirmada: { $title }.

    Comienzo: { $when }.

    Si no puede asistir, cancele para que otra persona pueda hacerlo:
    { $link }
mail-webinar-registration-cancelled-subject = Inscripción cancelada: { $title }
mail-webinar-registration-cancelled-body =
    Su inscripción se ha cancelado: { $title }.

    { $link }
mail-webinar-moved-subject = Nuevo horario: { $title }
mail-webinar-moved-body =
    El horario ha cambiado: { $title }. Comienzo ahora: { $when }.

    Su inscripción sigue en pie. Si no puede asistir, cancele aquí:
    { $link }
mail-webinar-cancelled-subject = Cancelado: { $title }
mail-webinar-cancelled-body =
    El seminario web no se celebrará: { $title }.

    Motivo: { $reason }

    { $link }
mail-webinar-day-before-subject = En un día: { $title }
mail-webinar-day-before-body =
    { $title }

    Comienzo: { $when }.

    Entre en la sesión o cancele aquí:
    { $link }
mail-webinar-hour-before-subject = En una hora: { $title }
mail-webinar-hour-before-body =
    { $title }

    Comienzo: { $when }.

    Entre en la sesión aquí:
    { $link }
mail-webinar-recording-published-subject = Ya puede ver la grabación: { $title }
mail-webinar-recording-published-body =
    Ya puede ver una grabación: { $title }

    { $link }
mail-webinar-certificate-issued-subject = Su certificado: { $title }
mail-webinar-certificate-issued-body =
    Usted asistió a este seminario web y su certificado está listo: { $title }

    Descárguelo aquí, en PDF o como insignia:
    { $link }
mail-webinar-certificate-revoked-subject = Se ha revocado su certificado: { $title }
mail-webinar-certificate-revoked-body =
    Su certificado de asistencia y su insignia ya no son válidos: { $title }

    Lea aquí por qué:
    { $link }
mail-webinar-certificate-restored-subject = Su certificado vuelve a ser válido: { $title }
mail-webinar-certificate-restored-body =
    Su certificado de asistencia y su insignia vuelven a ser válidos: { $title }

    Lo encontrará aquí:
    { $link }
problem-webinar-not-held = Los certificados de asistencia se emiten una vez terminado el seminario web.
problem-test-is-there = El seminario web ya tiene esta prueba.
problem-copy-in-another-language = El cuestionario que se quiere copiar se escribió en otro idioma que el seminario web.
problem-test-attempted = Alguien ya ha intentado esta prueba.
problem-pre-test-closed = La prueba previa se cerró al comenzar el seminario web: { $when }.
problem-post-test-not-open = La prueba final se abre el { $when }.
problem-pre-test-under-way = Entregue primero la prueba previa.
webinar-pre-test = Prueba previa
webinar-post-test = Prueba final
mail-webinar-pre-test-waits = Antes del seminario web le espera una breve prueba: { $link }
problem-list-columns = Faltan columnas: se necesitan un nombre, una hora de entrada y una hora de salida.
problem-list-line = La línea { $line } no se puede leer: necesita un nombre, una hora de entrada y una hora de salida posterior.
problem-list-other-time = Ninguna línea corresponde al momento de este seminario web ({ $when }). Elija su propia lista.
problem-wrong-code = Este no es el código que se muestra.

# Certificates.
certificate-course-heading = Certificado de finalización
certificate-webinar-heading = Certificado de asistencia
certificate-lead = Se otorga este certificado a
certificate-course-sentence = por haber completado el curso
certificate-webinar-sentence = por haber asistido al seminario web
certificate-date =
    { $day } de { $month ->
        [1] enero
        [2] febrero
        [3] marzo
        [4] abril
        [5] mayo
        [6] junio
        [7] julio
        [8] agosto
        [9] septiembre
        [10] octubre
        [11] noviembre
       *[12] diciembre
    } de { $year }
certificate-course-date = Completado el { $date }
certificate-webinar-date = Celebrado el { $date }
certificate-minutes = Duración: { $minutes } min
certificate-organisers = Organizado por { $names }
certificate-check = Cualquiera puede comprobarlo con el código { $code } en { $address }
certificate-qr = Código QR que lleva a { $address }
certificate-name-without-font = Ninguna fuente disponible tiene todas las letras de este nombre. Indique el nombre en letras latinas en el perfil y pida después a un administrador que actualice los nombres en sus certificados.
certificate-title-without-font = Ninguna fuente disponible tiene todas las letras del título. Elija otro idioma.
mail-certificate-names-renewed-subject = Se han actualizado los nombres en sus certificados
mail-certificate-names-renewed-body =
    Un administrador de { $site } ha actualizado los nombres en sus certificados. Ahora son los de su perfil. Descargue de nuevo sus certificados e insignias: las insignias que llevan otro nombre completo ya no son válidas.

    Inicie sesión para descargarlas:
    { $link }
mail-completion-revoked-subject = Se ha revocado su certificado en { $site }
mail-completion-revoked-body =
    Se ha revocado un certificado de finalización a su nombre en { $site }. El documento y la insignia ya no son válidos.

    Inicie sesión para ver cuál es y por qué:
    { $link }
mail-completion-restored-subject = Su certificado en { $site } vuelve a ser válido
mail-completion-restored-body =
    Un certificado de finalización a su nombre en { $site }, que se había revocado, vuelve a ser válido, al igual que su documento y su insignia.

    Inicie sesión para ver cuál es:
    { $link }

# Invitaciones.
problem-csv-line = Línea { $line }, columna { $column }: { $why }
problem-csv-column-missing = Falta la columna { $column }.
problem-csv-column-unknown = La columna «{ $column }» no se conoce o está dos veces. Columnas posibles: { $columns }.
problem-csv-too-many-columns = Se permiten como máximo { $max } columnas.
problem-csv-too-many-lines = Se permiten como máximo { $max } líneas.
problem-csv-cells = La línea tiene más o menos celdas que la primera.
problem-csv-address-twice = Otra línea tiene esta dirección.
problem-csv-two-contacts = Estas direcciones pertenecen a varios contactos, u otra línea trata del mismo.
problem-letter-fields = Campos desconocidos: { $unknown }. Campos posibles: { $known }.
problem-letter-without-link = La carta debe decir adónde lleva: incluya {"{link}"}.
problem-nominee-comes = Hay una plaza reservada o asignada a esta persona: retírela o espere al final del seminario web.
problem-invitations-a-day = Esta serie ya ha enviado hoy todas las invitaciones permitidas (2000). Continúe mañana.
problem-contact-named-people = Este contacto ha propuesto personas.
problem-quota-reached = Se pueden proponer como máximo { $max } personas.
problem-nominee-decided = Los organizadores ya han decidido sobre esta persona.
problem-nominee-confirmed = Esta persona ha confirmado que asistirá.
problem-nominee-registered = Esta persona está inscrita. Anule su inscripción.
problem-nominee-has-seat = Ya hay una plaza reservada para esta dirección.
problem-seats-left = No hay plazas suficientes. Plazas libres: { $left }.
problem-no-offer = En este momento no se le ofrece ninguna plaza.
mail-invitation-contact-subject = ¿A quién propone? { $title }
mail-invitation-contact-body =
    { $name }

    { $site } le invita a proponer personas para el seminario web «{ $title }» de la serie «{ $series }».

    Comienzo: { $when }.

    Puede proponer hasta { $quota } personas y cambiar su lista hasta el { $until }. No necesita una cuenta:
    { $link }

    A quienes obtengan plaza se les escribirá a su propia dirección y en su idioma.
mail-invitation-person-subject = Invitación: { $title }
mail-invitation-person-body =
    { $name }

    { $site } le invita al seminario web «{ $title }» de la serie «{ $series }».

    Comienzo: { $when }.

    Infórmese e inscríbase aquí. Si aún no tiene una cuenta, créela con esta dirección de correo:
    { $link }
mail-invitation-reminder-subject = Recordatorio: { $subject }
mail-invitation-reminder-body =
    Le escribimos hace un tiempo y no hemos tenido respuesta. La invitación sigue en pie:

    { $body }
mail-invitation-footer =
    Si no desea recibir más invitaciones nuestras en esta dirección, indíquelo aquí:
    { $link }
mail-nominee-offered-subject = Una plaza para usted: { $title }
mail-nominee-offered-body =
    { $name }

    { $organisation } le ha propuesto para el seminario web «{ $title }», y hay una plaza reservada para usted.

    Comienzo: { $when }.

    Díganos si asistirá. No necesita una cuenta:
    { $link }
mail-nominee-waiting-subject = Está en la lista de espera: { $title }
mail-nominee-waiting-body =
    { $name }

    { $organisation } le ha propuesto para: { $title }. Todavía no hay plaza para usted. Está en la lista de espera y le avisaremos cuando quede una libre.

    Comienzo: { $when }.
mail-nominee-declined-subject = Sobre su propuesta: { $title }
mail-nominee-declined-body =
    { $name }

    { $organisation } le ha propuesto para: { $title }. Lamentamos no tener plaza para usted esta vez.
mail-nominee-confirmed-subject = Su plaza: { $title }
mail-nominee-confirmed-body =
    { $name }

    La plaza en «{ $title }» es suya.

    Comienzo: { $when }.

    Para participar necesita una cuenta con esta dirección de correo. Créela ahora y su inscripción quedará hecha:
    { $join }

    Si al final no puede asistir, díganoslo para que otra persona pueda hacerlo:
    { $link }
mail-nominee-moved-subject = Nueva fecha: { $title }
mail-nominee-moved-body =
    { $name }

    Ha cambiado la fecha: { $title }. Ahora comienza: { $when }.

    Su plaza sigue reservada. Si no puede asistir en esa fecha, díganoslo:
    { $link }
mail-nominee-cancelled-subject = Cancelado: { $title }
mail-nominee-cancelled-body =
    { $name }

    El seminario web no tendrá lugar: { $title }.

    Motivo: { $reason }
mail-nominee-soon-subject = Pronto: { $title }
mail-nominee-soon-body =
    { $name }

    { $title }

    Comienzo: { $when }.

    Para participar necesita una cuenta con esta dirección de correo. Créela ahora y su inscripción quedará hecha:
    { $join }

    Si al final no puede asistir, díganoslo:
    { $link }

# Recuentos de los seminarios web.
counts-title = Cifras: { $title }
counts-taken = Recuento del { $date }.
counts-sheet-notes = Notas
counts-everybody = Total
counts-sums = Sumas de los seminarios
counts-others = Todas las demás personas
counts-not-told = No indicado
counts-no-region = Sin región
counts-gain = Progreso (puntos porcentuales)
counts-column-of = Objeto
counts-column-by = Por
counts-column-code = Código
counts-column-category = Categoría
counts-by-gender = Género
counts-by-region = Región
counts-by-subregion = Subregión
counts-by-country = País
counts-by-kind = Tipo de organización
counts-by-language = Idioma
counts-stage-invited = Invitaciones
counts-stage-nominated = Propuestas
counts-stage-registered = Inscripciones
counts-stage-attended = Asistencia
counts-stage-watched = Vieron la grabación
counts-stage-passed-before = Aprobaron la prueba previa
counts-stage-passed-after = Aprobaron la prueba final
counts-stage-took-both = Hicieron ambas pruebas
counts-note-people = Se cuentan personas, no visitas. En una serie cada persona cuenta una vez, sea cual sea el número de seminarios en que estuvo; las sumas de los seminarios cuentan a cada persona una vez por seminario. Solo se cuentan los seminarios terminados.
counts-note-stages = Invitaciones: oficinas y personas a quienes se escribió. Propuestas: personas que nombraron las oficinas. Inscripciones: personas con plaza. Todo lo que sigue se cuenta entre las inscritas. Asistencia: presencia de al menos { $percent } de cada cien minutos.
counts-note-told = El género, el país, el tipo de organización y el idioma son los que las personas habían indicado al inscribirse; en una serie, al inscribirse por última vez. Las regiones son las de las Naciones Unidas (M49).
counts-note-hidden = Un asterisco (*) sustituye un número que no se da porque él mismo, o lo que revelaría, se refiere a menos de cinco personas, o porque diría de toda una categoría que hizo o no hizo algo. En cada columna, «Todas las demás personas» son las que ninguna otra línea cuenta en ella.
counts-note-others = Todas las demás personas: en cada columna, todas las que ninguna otra línea de la tabla cuenta en ella.
counts-note-gain = Progreso: de quienes hicieron ambas pruebas, la media del resultado después del seminario menos el resultado antes.
counts-gender-female = Mujeres
counts-gender-male = Hombres
counts-gender-other = Otro
counts-gender-undisclosed = Prefiere no decirlo
counts-kind-government = Administración pública
counts-kind-judiciary = Justicia
counts-kind-parliament = Parlamento
counts-kind-law-enforcement = Fuerzas del orden
counts-kind-international = Organización internacional
counts-kind-civil-society = Sociedad civil
counts-kind-academia = Universidad e investigación
counts-kind-private-sector = Sector privado
counts-kind-other = Otra organización
counts-area-002 = África
counts-area-009 = Oceanía
counts-area-015 = África Septentrional
counts-area-019 = Américas
counts-area-021 = América Septentrional
counts-area-030 = Asia Oriental
counts-area-034 = Asia Meridional
counts-area-035 = Asia Sudoriental
counts-area-039 = Europa Meridional
counts-area-053 = Australia y Nueva Zelandia
counts-area-054 = Melanesia
counts-area-057 = Micronesia
counts-area-061 = Polinesia
counts-area-142 = Asia
counts-area-143 = Asia Central
counts-area-145 = Asia Occidental
counts-area-150 = Europa
counts-area-151 = Europa Oriental
counts-area-154 = Europa Septentrional
counts-area-155 = Europa Occidental
counts-area-202 = África Subsahariana
counts-area-419 = América Latina y el Caribe
