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
problem-not-accepted = Acceptez d’abord les conditions.
problem-wrong-state = Ce n’est pas possible dans l’état actuel.
problem-incomplete = Il manque quelque chose de nécessaire.
problem-limit-reached = La limite est atteinte.
problem-too-late = Le délai est dépassé.
problem-too-large = C’est plus volumineux que permis.
problem-unsupported = Ce type n’est pas pris en charge ici.
problem-key-reused = Cette clé a servi à une autre demande ; créez-en une nouvelle.
problem-wrong-password = Ce n’est pas votre mot de passe.

# Mails.
mail-confirm-subject = Confirmez votre adresse pour { $site }
mail-confirm-body =
    Bienvenue sur { $site }.

    Confirmez votre adresse en ouvrant ce lien dans les sept jours :

    { $link }

    Si vous ne vous êtes pas inscrit, ne faites rien : sans vous, il n’y aura pas de compte.
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
