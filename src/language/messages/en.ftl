# Problems that a person can mend.
problem-blank = Fill this in.
problem-too-short = At least { $min } characters are needed.
problem-too-long = At most { $max } characters are allowed.
problem-out-of-range = This must be from { $min } to { $max }.
problem-invalid = This is not of the form that is needed.
problem-not-found = There is no such thing, or you may not see it.
problem-taken = Somebody has this already; choose another.
problem-weak-password = This password is too common; choose another.
problem-wrong-credentials = Address and password do not belong together, or the address is not confirmed yet.
problem-expired = This link is used up or too old; ask for a new one.
problem-not-accepted = Accept the terms first.
problem-wrong-state = This is not possible as things stand.
problem-incomplete = Something that this needs is missing.
problem-limit-reached = No more are allowed.
problem-too-late = The time for this is over.
problem-too-large = This is larger than allowed.
problem-unsupported = This kind is not handled here.
problem-key-reused = This key was used for another request; make a new one.
problem-wrong-password = This is not your password.

# Mails.
mail-confirm-subject = Confirm your address for { $site }
mail-confirm-body =
    Welcome to { $site }.

    Confirm your address by opening this link within seven days:

    { $link }

    If you did not sign up, do nothing: without you there will be no account.
mail-already-signed-up-subject = You already have an account at { $site }
mail-already-signed-up-body =
    Somebody, perhaps you, signed up at { $site } with this address, which has an account already.

    Sign in, or ask for a new password, here:

    { $link }
mail-password-reset-subject = Set a new password for { $site }
mail-password-reset-body =
    Set a new password by opening this link within 30 minutes:

    { $link }

    If you did not ask for this, do nothing: your password stays.
mail-password-changed-subject = Your password for { $site } was changed
mail-password-changed-body =
    The password of your account at { $site } was changed, and other devices were signed out.

    If that was not you, ask for a new password at once.
mail-vetted-subject = Your account at { $site } is ready
mail-vetted-body =
    An administrator has vetted your account at { $site }. You can now take part:

    { $link }
