# Problems that a person can mend.
problem-blank = Veuillez remplir ce champ.
problem-too-short = Il faut au moins { $min } caractères.
problem-too-long = { $max } caractères au plus sont permis.
problem-out-of-range = La valeur doit être comprise entre { $min } et { $max }.
problem-invalid = Ce n’est pas sous la forme attendue.
problem-not-found = Cela n’existe pas, ou vous ne pouvez pas le voir.
problem-taken = C’est déjà pris ; choisissez autre chose.
problem-weak-password = Ce mot de passe est trop courant ; choisissez-en un autre.
problem-wrong-credentials = L’adresse et le mot de passe ne correspondent pas, ou l’adresse n’est pas encore confirmée.
problem-expired = Ce lien a déjà servi ou est trop ancien ; demandez-en un nouveau.
problem-several-signed-up = On s’est inscrit plus d’une fois avec cette adresse. Un courriel avec un lien pour définir le mot de passe est en route ; s’il n’arrive pas, redemandez-le dans une heure.
problem-not-accepted = Acceptez d’abord les conditions.
problem-wrong-state = Ce n’est pas possible dans l’état actuel.
problem-incomplete = Il manque quelque chose de nécessaire.
problem-limit-reached = La limite est atteinte.
problem-unused-files = Vous avez envoyé de nombreux fichiers qu’aucune leçon n’affiche encore. Utilisez-les ou patientez : ils sont supprimés au bout d’une semaine.
problem-too-late = Le délai est dépassé.
problem-too-large = C’est plus volumineux que permis.
problem-unsupported = Ce type n’est pas pris en charge ici.
problem-key-reused = Cette clé a servi à une autre demande ; créez-en une nouvelle.
problem-name-mixes-scripts = Un mot de ce nom mélange les lettres de plusieurs écritures, par exemple latine et cyrillique. Écrivez chaque mot dans une seule écriture.
problem-name-hides = Ce nom contient des caractères invisibles. Écrivez-le sans eux.
problem-slug-form = Utilisez des lettres latines minuscules (a à z), des chiffres et, entre eux, des traits d’union simples, 80 au plus en tout, par exemple rejoindre-un-traite.
problem-not-of-site = Ce n’est pas une des langues du site. Les voici : { $languages }.
problem-not-original = Ce texte doit être dans la langue d’origine : { $language }.
problem-no-time-zone = Ce fuseau horaire n’existe pas. Donnez-en un de la base IANA, par exemple Africa/Cairo.
problem-one-right-choice = Il faut exactement une bonne réponse parmi les choix.
problem-no-right-choice = Il faut au moins une bonne réponse parmi les choix.
problem-choices-number = La question a un autre nombre de choix. Donnez-en autant : { $count }.
problem-web-address = Donnez une adresse qui commence par https://, par exemple https://example.org/page : { $max } octets au plus, sans espaces, guillemets, chevrons, barres obliques inverses ni nom d’utilisateur.
problem-email-form = Ce n’est pas une adresse électronique. Elle ressemble à name@example.org.
problem-invisible-character = Ce texte contient un caractère invisible : un caractère de contrôle, ou un caractère qui change le sens de l’écriture. Supprimez-le ou saisissez le texte à nouveau.
problem-version-published = Ceci appartient à une version publiée, que personne ne peut modifier. Modifiez le brouillon, puis publiez-le.
problem-original-stays = C’est l’original, qui reste ; seules les traductions peuvent être supprimées.
problem-not-enrolled = Vous n’êtes pas inscrit à ce cours.
problem-lesson-of-draft = Cette leçon est celle d’un brouillon ; seules les leçons de la version publiée peuvent être commencées ou terminées.
problem-not-vetted = Ce compte n’est pas encore validé ; seuls les comptes validés peuvent avoir un rôle.
problem-last-administrator = Personne d’autre n’est administrateur. Nommez d’abord quelqu’un d’autre.
problem-wrong-password = Ce n’est pas votre mot de passe.
problem-course-without-modules = Un cours sans modules ne peut pas être publié.
problem-module-without-lessons = Le module « { $title } » n’a pas de leçons.
problem-lesson-without-content = La leçon « { $title } » ne montre encore rien.
problem-lesson-without-text = La leçon « { $title } » n’a pas encore de texte dans la langue d’origine du cours.
problem-lesson-translation-without-text = La leçon « { $title } » a un titre mais pas de texte dans cette langue : { $language }. Écrivez le texte ou supprimez la traduction.
problem-lesson-recording-unpublished = La leçon « { $title } » montre un enregistrement qui n’est pas publié.

# Mails.
mail-confirm-subject = Confirmez votre adresse pour { $site }
mail-confirm-body =
    Bienvenue sur { $site }.

    Confirmez votre adresse en ouvrant ce lien dans les sept jours :

    { $link }

    Ne l’ouvrez que si vous vous êtes inscrit vous-même : le compte aura le mot de passe donné alors. Sinon, ne faites rien : sans vous, il n’y aura pas de compte.
mail-already-signed-up-subject = Vous avez déjà un compte sur { $site }
mail-already-signed-up-body =
    Quelqu’un, peut-être vous, s’est inscrit sur { $site } avec cette adresse, qui a déjà un compte.

    Connectez-vous, ou demandez un nouveau mot de passe, ici :

    { $link }
mail-password-reset-subject = Définissez un nouveau mot de passe pour { $site }
mail-password-reset-body =
    Définissez un nouveau mot de passe en ouvrant ce lien dans les 30 minutes :

    { $link }

    Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.
mail-password-changed-subject = Votre mot de passe pour { $site } a été modifié
mail-password-changed-body =
    Le mot de passe de votre compte sur { $site } a été modifié et les autres appareils ont été déconnectés.

    Si ce n’était pas vous, demandez immédiatement un nouveau mot de passe.
mail-vetted-subject = Votre compte sur { $site } est prêt
mail-vetted-body =
    Un administrateur a validé votre compte sur { $site }. Vous pouvez désormais participer :

    { $link }
mail-vetting-subject = Des comptes sur { $site } attendent d’être validés
mail-vetting-body =
    Comptes qui attendent qu’un administrateur les valide : { $count }

    { $link }
mail-invited-course-subject = Vous êtes invité à suivre un cours sur { $site }
mail-invited-course-body =
    Une personne vous a donné accès à un cours sur { $site }.

    Inscrivez-vous avec cette adresse électronique et le cours vous sera ouvert :
    { $link }

    Si vous ne vous y attendiez pas, vous n’avez rien à faire.

mail-invited-community-subject = Vous êtes invité à rejoindre une communauté sur { $site }
mail-invited-community-body =
    Une personne vous a donné accès à une communauté sur { $site }.
    
    Inscrivez-vous avec cette adresse électronique et la communauté vous sera ouverte :
    { $link }
    
    Si vous ne vous y attendiez pas, vous n’avez rien à faire.
mail-let-in-subject = Du nouveau vous est ouvert sur { $site }
mail-let-in-body =
    Une personne vous a donné accès, sur { $site }, à un contenu qui n’est pas ouvert à tous.

    Connectez-vous pour le voir :
    { $link }

# Quizzes.
problem-quiz-without-questions = Le test « { $title } » n’a pas encore de questions.
problem-quiz-passed = Vous avez déjà réussi ce test.
problem-quiz-no-attempts-left = Il ne vous reste aucune tentative.

# Recordings.
media-empty = Le fichier est vide.
media-not-media = Le fichier n’est pas une vidéo ou un son pris en charge : MP4, QuickTime, Matroska, WebM ou flux de transport MPEG.
media-truncated = Le fichier s’arrête trop tôt : il en manque une partie. Envoyez-le à nouveau.
media-nothing-to-play = Le fichier ne contient ni image ni son lisibles.
media-too-long = L’enregistrement dépasse dix heures.
media-too-many-pixels = L’image dépasse 35 millions de pixels.
media-too-many-streams = Le fichier contient plus de 16 pistes.
media-too-costly = Le décodage du fichier demande trop de temps ou de mémoire.
media-undecodable = L’image ou le son est endommagé ou d’un type non pris en charge.
media-no-ffmpeg = En attente d’un serveur de traitement doté de ffmpeg ; installez ffmpeg sur l’un d’eux.
media-trouble = Un problème s’est produit plusieurs fois de notre côté. Envoyez-le à nouveau ou prévenez un administrateur.
captions-too-large = Le fichier dépasse 2 Mio.
captions-not-utf8 = Ligne { $line } : ce n’est pas du texte en UTF-8.
captions-no-signature = La première ligne doit être WEBVTT.
captions-no-times = Ligne { $line } : il manque une ligne avec les temps et -->.
captions-bad-time = Ligne { $line } : les temps s’écrivent 00:00:00.000.
captions-ends-too-early = Ligne { $line } : le sous-titre finit avant de commencer.
captions-times-in-text = Ligne { $line } : --> se trouve dans un texte ; il manque sans doute une ligne vide avant.
captions-text-too-long = Ligne { $line } : le texte d’un sous-titre est trop long.
captions-too-many-cues = Ligne { $line } : il y a plus de 10 000 sous-titres.
captions-no-cues = Aucun sous-titre ne contient de texte.
recording-needs-media = Il n’y a encore rien à lire : envoyez un fichier.
recording-needs-speakers = Indiquez qui y parle.
recording-needs-consent = { $name } n’a pas donné son accord à la publication.
upload-incomplete = Des parties manquent ou n’ont pas la bonne taille : { $missing }. Envoyez-les, puis terminez à nouveau.
problem-in-the-future = Cette date est dans le futur.
mail-invited-recording-subject = Vous êtes invité à regarder un enregistrement sur { $site }
mail-invited-recording-body =
    Une personne vous a donné accès à un enregistrement sur { $site }.

    Inscrivez-vous avec cette adresse électronique et l’enregistrement vous sera ouvert :
    { $link }

    Si vous ne vous y attendiez pas, vous n’avez rien à faire.

# Webinaires.
webinar-unnamed = un webinaire
problem-hour-skipped = Ce jour-là, les horloges sautent cette heure ; choisissez-en une autre.
problem-in-the-past = Cette date est passée.
problem-registrants-were-told = Des personnes se sont inscrites à d'autres conditions.
problem-question-answered = Des personnes ont déjà répondu à cette question.
problem-registration-not-open = Les inscriptions ne sont pas encore ouvertes.
problem-conditions-not-accepted = Acceptez d'abord l'enregistrement, ou que les inscrits voient leurs noms.
problem-no-join-link = Il n'y a pas encore de lien vers la séance.
problem-webinar-cancelled = Ce webinaire a été annulé.
problem-list-closed = Cette liste est close. La personne qui vous a invité peut la rouvrir.
problem-naming-over = Le délai pour désigner des personnes est dépassé ; fixez d’abord une date ultérieure.
problem-join-not-yet = Il est trop tôt pour rejoindre la séance ; revenez peu avant le début.
mail-invited-webinar-subject = Vous êtes invité à des webinaires sur { $site }
mail-invited-webinar-body =
    Quelqu'un vous a donné accès à des webinaires sur { $site }.

    Inscrivez-vous avec cette adresse, et ils vous seront ouverts :
    { $link }

    Si vous ne vous y attendiez pas, vous n'avez rien à faire.
mail-webinar-registered-subject = Vous êtes inscrit : { $title }
mail-webinar-registered-body =
    Vous êtes inscrit à : { $title }.

    Début : { $when }.

    Rejoignez la séance ou annulez ici :
    { $link }
mail-webinar-waiting-subject = Vous êtes sur la liste d'attente : { $title }
mail-webinar-waiting-body =
    Toutes les places sont prises : { $title }. Vous êtes sur la liste d'attente et serez averti dès qu'une place se libère pour vous.

    Début : { $when }.

    { $link }
mail-webinar-moved-up-subject = Une place s'est libérée : { $title }
mail-webinar-moved-up-body =
    Une place s'est libérée et elle est à vous. Vous êtes inscrit à : { $title }.

    Début : { $when }.

    Si vous ne pouvez pas venir, annulez pour laisser la place à quelqu'un d'autre :
    { $link }
mail-webinar-registration-cancelled-subject = Votre inscription est annulée : { $title }
mail-webinar-registration-cancelled-body =
    Votre inscription est annulée : { $title }.

    { $link }
mail-webinar-moved-subject = Nouvel horaire : { $title }
mail-webinar-moved-body =
    L'horaire a changé : { $title }. Début désormais : { $when }.

    Votre inscription reste valable. Si vous ne pouvez pas venir, annulez ici :
    { $link }
mail-webinar-cancelled-subject = Annulé : { $title }
mail-webinar-cancelled-body =
    Le webinaire n'aura pas lieu : { $title }.

    Motif : { $reason }

    { $link }
mail-webinar-day-before-subject = Dans un jour : { $title }
mail-webinar-day-before-body =
    { $title }

    Début : { $when }.

    Rejoignez la séance ou annulez ici :
    { $link }
mail-webinar-hour-before-subject = Dans une heure : { $title }
mail-webinar-hour-before-body =
    { $title }

    Début : { $when }.

    Rejoignez la séance ici :
    { $link }
mail-webinar-recording-published-subject = L’enregistrement est disponible : { $title }
mail-webinar-recording-published-body =
    Vous pouvez maintenant voir un enregistrement : { $title }

    { $link }
mail-webinar-certificate-issued-subject = Votre attestation : { $title }
mail-webinar-certificate-issued-body =
    Vous avez participé à ce webinaire et votre attestation est prête : { $title }

    Téléchargez-la ici, en PDF ou comme badge :
    { $link }
mail-webinar-certificate-revoked-subject = Votre attestation a été révoquée : { $title }
mail-webinar-certificate-revoked-body =
    Votre attestation de participation et son badge ne sont plus valables : { $title }

    Lisez ici pourquoi :
    { $link }
mail-webinar-certificate-restored-subject = Votre attestation est de nouveau valable : { $title }
mail-webinar-certificate-restored-body =
    Votre attestation de participation et son badge sont de nouveau valables : { $title }

    Vous la trouvez ici :
    { $link }
problem-webinar-not-held = Les attestations de participation sont délivrées une fois le webinaire terminé.
problem-test-is-there = Le webinaire a déjà ce test.
problem-copy-in-another-language = Le test à copier a été écrit dans une autre langue que le webinaire.
problem-test-attempted = Quelqu’un a déjà passé ce test.
problem-pre-test-closed = Le test préalable s’est fermé au début du webinaire : { $when }.
problem-post-test-not-open = Le test final ouvre à : { $when }.
problem-pre-test-under-way = Rendez d’abord le test préalable.
webinar-pre-test = Test préalable
webinar-post-test = Test final
mail-webinar-pre-test-waits = Un court test vous attend avant le webinaire : { $link }
problem-list-columns = Il manque des colonnes : un nom, une heure d’arrivée et une heure de départ sont nécessaires.
problem-list-line = La ligne { $line } est illisible : il faut un nom, une heure d’arrivée et une heure de départ postérieure.
problem-list-other-time = Aucune ligne ne correspond au moment de ce webinaire ({ $when }). Choisissez sa propre liste.
problem-wrong-code = Ce n’est pas le code affiché.

# Certificates.
certificate-course-heading = Attestation de fin de cours
certificate-webinar-heading = Attestation de participation
certificate-lead = Cette attestation est décernée à
certificate-course-sentence = pour avoir suivi jusqu’à son terme le cours
certificate-webinar-sentence = pour avoir participé au webinaire
certificate-date =
    { $day ->
        [1] 1er
       *[other] { $day }
    } { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[12] décembre
    } { $year }
certificate-course-date = Terminé le { $date }
certificate-webinar-date = Tenu le { $date }
certificate-minutes = Durée : { $minutes } min
certificate-organisers = Organisé par { $names }
certificate-check = Chacun peut la vérifier avec le code { $code } à l’adresse { $address }
certificate-qr = Code QR qui mène à { $address }
certificate-name-without-font = Aucune police d’ici n’a toutes les lettres de ce nom. Indiquez le nom en lettres latines dans le profil, puis demandez à un administrateur de mettre à jour les noms sur vos attestations.
certificate-title-without-font = Aucune police d’ici n’a toutes les lettres du titre. Choisissez une autre langue.
mail-certificate-names-renewed-subject = Les noms sur vos attestations ont été mis à jour
mail-certificate-names-renewed-body =
    Un administrateur de { $site } a mis à jour les noms sur vos attestations. Ce sont désormais ceux de votre profil. Téléchargez de nouveau vos attestations et vos badges : les badges qui portent un autre nom complet ne sont plus valables.

    Connectez-vous pour les télécharger :
    { $link }
mail-completion-revoked-subject = Votre attestation sur { $site } a été révoquée
mail-completion-revoked-body =
    Une attestation de fin de cours à votre nom sur { $site } a été révoquée. Le document et le badge ne sont plus valables.

    Connectez-vous pour voir laquelle et pourquoi :
    { $link }
mail-completion-restored-subject = Votre attestation sur { $site } est de nouveau valable
mail-completion-restored-body =
    Une attestation de fin de cours à votre nom sur { $site }, qui avait été révoquée, est de nouveau valable, ainsi que son document et son badge.

    Connectez-vous pour voir laquelle :
    { $link }

# Invitations.
problem-csv-line = Ligne { $line }, colonne { $column } : { $why }
problem-csv-column-missing = Il manque la colonne { $column }.
problem-csv-column-unknown = La colonne « { $column } » est inconnue ou figure deux fois. Colonnes possibles : { $columns }.
problem-csv-too-many-columns = { $max } colonnes au plus sont permises.
problem-csv-too-many-lines = Au plus { $max } lignes sont permises.
problem-csv-cells = La ligne a plus ou moins de cellules que la première.
problem-csv-address-twice = Cette adresse figure sur une autre ligne.
problem-csv-two-contacts = Ces adresses appartiennent à plusieurs contacts, ou une autre ligne concerne le même.
problem-letter-fields = Champs inconnus : { $unknown }. Champs possibles : { $known }.
problem-letter-without-link = La lettre doit dire où elle mène : placez-y {"{link}"}.
problem-nominee-comes = Une place est réservée ou attribuée à cette personne : retirez-la, ou attendez la fin du webinaire.
problem-invitations-a-day = Cette série a envoyé aujourd’hui toutes les invitations permises (2 000). Continuez demain.
problem-contact-named-people = Ce contact a désigné des personnes.
problem-quota-reached = Au plus { $max } personnes peuvent être désignées.
problem-nominee-decided = Les organisateurs ont déjà statué sur cette personne.
problem-nominee-confirmed = Cette personne a confirmé sa venue.
problem-nominee-registered = Cette personne est inscrite. Annulez plutôt son inscription.
problem-nominee-has-seat = Une place est déjà réservée à cette adresse.
problem-seats-left = Il n’y a pas assez de places. Places restantes : { $left }.
problem-no-offer = Aucune place ne vous est proposée pour le moment.
mail-invitation-contact-subject = Qui désignerez-vous ? { $title }
mail-invitation-contact-body =
    { $name }

    { $site } vous invite à désigner des personnes pour le webinaire « { $title } » de la série « { $series } ».

    Début : { $when }.

    Vous pouvez désigner jusqu’à { $quota } personnes et modifier votre liste jusqu’au { $until }. Aucun compte n’est nécessaire :
    { $link }

    Les personnes retenues recevront un message à leur propre adresse, dans leur langue.
mail-invitation-person-subject = Invitation : { $title }
mail-invitation-person-body =
    { $name }

    { $site } vous invite au webinaire « { $title } » de la série « { $series } ».

    Début : { $when }.

    Informations et inscription ici. Si vous n’avez pas encore de compte, créez-le avec cette adresse électronique :
    { $link }
mail-invitation-reminder-subject = Rappel : { $subject }
mail-invitation-reminder-body =
    Nous vous avons écrit il y a quelque temps et n’avons pas eu de vos nouvelles. L’invitation tient toujours :

    { $body }
mail-invitation-footer =
    Si vous ne souhaitez plus recevoir d’invitations de notre part à cette adresse, dites-le ici :
    { $link }
mail-nominee-offered-subject = Une place pour vous : { $title }
mail-nominee-offered-body =
    { $name }

    { $organisation } vous a désigné(e) pour le webinaire « { $title } », et une place vous est réservée.

    Début : { $when }.

    Dites-nous si vous venez. Aucun compte n’est nécessaire :
    { $link }
mail-nominee-waiting-subject = Vous êtes sur la liste d’attente : { $title }
mail-nominee-waiting-body =
    { $name }

    { $organisation } vous a désigné(e) pour : { $title }. Il n’y a pas encore de place pour vous. Vous êtes sur la liste d’attente et serez averti(e) dès qu’une place se libère.

    Début : { $when }.
mail-nominee-declined-subject = À propos de votre désignation : { $title }
mail-nominee-declined-body =
    { $name }

    { $organisation } vous a désigné(e) pour : { $title }. Nous regrettons de ne pas avoir de place pour vous cette fois-ci.
mail-nominee-confirmed-subject = Votre place : { $title }
mail-nominee-confirmed-body =
    { $name }

    La place pour « { $title } » est à vous.

    Début : { $when }.

    Pour participer, il vous faut un compte avec cette adresse électronique. Créez-le maintenant, et vous serez inscrit(e) :
    { $join }

    Si vous ne pouvez finalement pas venir, dites-le-nous, afin que quelqu’un d’autre le puisse :
    { $link }
mail-nominee-moved-subject = Nouvelle date : { $title }
mail-nominee-moved-body =
    { $name }

    La date a changé : { $title }. Début désormais : { $when }.

    Votre place reste réservée. Si vous ne pouvez pas venir à cette date, dites-le-nous :
    { $link }
mail-nominee-cancelled-subject = Annulé : { $title }
mail-nominee-cancelled-body =
    { $name }

    Le webinaire n’aura pas lieu : { $title }.

    Raison : { $reason }
mail-nominee-soon-subject = Bientôt : { $title }
mail-nominee-soon-body =
    { $name }

    { $title }

    Début : { $when }.

    Pour participer, il vous faut un compte avec cette adresse électronique. Créez-le maintenant, et vous serez inscrit(e) :
    { $join }

    Si vous ne pouvez finalement pas venir, dites-le-nous :
    { $link }

# Dénombrements des webinaires.
counts-title = Chiffres : { $title }
counts-taken = État au { $date }.
counts-sheet-notes = Notes
counts-everybody = Ensemble
counts-sums = Sommes des webinaires
counts-others = Toutes les autres personnes
counts-not-told = Non indiqué
counts-no-region = Sans région
counts-gain = Progression (points de pourcentage)
counts-column-of = Objet
counts-column-by = Par
counts-column-code = Code
counts-column-category = Catégorie
counts-by-gender = Genre
counts-by-region = Région
counts-by-subregion = Sous-région
counts-by-country = Pays
counts-by-kind = Type d’organisation
counts-by-language = Langue
counts-stage-invited = Invitations
counts-stage-nominated = Désignations
counts-stage-registered = Inscriptions
counts-stage-attended = Participation
counts-stage-watched = Enregistrement regardé
counts-stage-passed-before = Test préalable réussi
counts-stage-passed-after = Test final réussi
counts-stage-took-both = Deux tests passés
counts-note-people = On compte des personnes, non des visites. Dans une série, chaque personne compte une fois, quel que soit le nombre de webinaires suivis ; les sommes des webinaires comptent chaque personne une fois par webinaire. Seuls les webinaires terminés sont comptés.
counts-note-stages = Invitations : bureaux et personnes à qui l’on a écrit. Désignations : personnes nommées par les bureaux. Inscriptions : personnes ayant une place. Tout ce qui suit est compté parmi les inscrits. Participation : présence d’au moins { $percent } minutes sur cent.
counts-note-told = Le genre, le pays, le type d’organisation et la langue sont ceux que les personnes avaient indiqués en s’inscrivant ; dans une série, lors de leur dernière inscription. Les régions sont celles des Nations Unies (M49).
counts-note-hidden = Un astérisque (*) remplace un nombre qui n’est pas donné parce que lui-même, ou ce qu’il révélerait, concerne moins de cinq personnes, ou parce qu’il dirait de toute une catégorie qu’elle a fait ou n’a pas fait quelque chose. Dans chaque colonne, « Toutes les autres personnes » sont celles qu’aucune autre ligne n’y compte.
counts-note-others = Toutes les autres personnes : dans chaque colonne, toutes celles qu’aucune autre ligne du tableau n’y compte.
counts-note-gain = Progression : pour les personnes ayant passé les deux tests, moyenne du résultat après le webinaire moins le résultat avant.
counts-gender-female = Femmes
counts-gender-male = Hommes
counts-gender-other = Autre
counts-gender-undisclosed = Ne souhaite pas le dire
counts-kind-government = Administration publique
counts-kind-judiciary = Justice
counts-kind-parliament = Parlement
counts-kind-law-enforcement = Forces de l’ordre
counts-kind-international = Organisation internationale
counts-kind-civil-society = Société civile
counts-kind-academia = Université et recherche
counts-kind-private-sector = Secteur privé
counts-kind-other = Autre organisation
counts-area-002 = Afrique
counts-area-009 = Océanie
counts-area-015 = Afrique septentrionale
counts-area-019 = Amériques
counts-area-021 = Amérique septentrionale
counts-area-030 = Asie orientale
counts-area-034 = Asie méridionale
counts-area-035 = Asie du Sud-Est
counts-area-039 = Europe méridionale
counts-area-053 = Australie et Nouvelle-Zélande
counts-area-054 = Mélanésie
counts-area-057 = Micronésie
counts-area-061 = Polynésie
counts-area-142 = Asie
counts-area-143 = Asie centrale
counts-area-145 = Asie occidentale
counts-area-150 = Europe
counts-area-151 = Europe orientale
counts-area-154 = Europe septentrionale
counts-area-155 = Europe occidentale
counts-area-202 = Afrique subsaharienne
counts-area-419 = Amérique latine et Caraïbes
