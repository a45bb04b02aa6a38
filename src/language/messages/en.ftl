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
problem-several-signed-up = Somebody signed up more than once with this address. A letter is on its way with a link by which you set the password; if none comes, ask again in an hour.
problem-not-accepted = Accept the terms first.
problem-wrong-state = This is not possible as things stand.
problem-incomplete = Something that this needs is missing.
problem-limit-reached = No more are allowed.
problem-unused-files = You have sent many files that no lesson shows yet. Use them, or wait: such files are removed after a week.
problem-too-late = The time for this is over.
problem-too-large = This is larger than allowed.
problem-unsupported = This kind is not handled here.
problem-key-reused = This key was used for another request; make a new one.
problem-name-mixes-scripts = A word of this name mixes letters of several scripts, such as Latin and Cyrillic. Write each word in one script.
problem-name-hides = This name has characters that nobody sees. Write it without them.
problem-slug-form = Use lower-case Latin letters (a to z), digits and, between them, single hyphens, at most 80 in all, such as joining-a-treaty.
problem-not-of-site = This is not one of the site's languages. They are: { $languages }.
problem-not-original = This text must be in the original language: { $language }.
problem-no-time-zone = There is no such time zone. Give one of the IANA database, such as Africa/Cairo.
problem-one-right-choice = Exactly one choice must be right.
problem-no-right-choice = At least one choice must be right.
problem-choices-number = The question has another number of choices. Give as many: { $count }.
problem-web-address = Give an address that begins with https://, such as https://example.org/page: at most { $max } bytes, without spaces, quotation marks, angle brackets, backslashes or a user name.
problem-email-form = This is no e-mail address. One looks like name@example.org.
problem-invisible-character = This has a character that can't be seen: one that controls devices or the direction of writing. Remove it, or type the text anew.
problem-version-published = This belongs to a published version, which nobody can change. Change the draft, then publish it.
problem-original-stays = This is the original, which stays; only translations can be removed.
problem-not-enrolled = You are not enrolled in this course.
problem-lesson-of-draft = This lesson is of a draft; only lessons of the published version can be started or completed.
problem-not-vetted = This account is not vetted yet; only vetted accounts can have a role.
problem-last-administrator = Nobody else is an administrator. Make somebody else one first.
problem-wrong-password = This is not your password.
problem-course-without-modules = A course without modules can't be published.
problem-module-without-lessons = The module “{ $title }” has no lessons.
problem-lesson-without-content = The lesson “{ $title }” shows nothing yet.
problem-lesson-without-text = The lesson “{ $title }” has no text yet in the course's original language.
problem-lesson-translation-without-text = The lesson “{ $title }” has a title but no text in this language: { $language }. Write the text, or remove the translation.
problem-lesson-recording-unpublished = The lesson “{ $title }” shows a recording that is not published.

# Mails.
mail-confirm-subject = Confirm your address for { $site }
mail-confirm-body =
    Welcome to { $site }.

    Confirm your address by opening this link within seven days:

    { $link }

    Open it only if you signed up yourself: the account gets the password that was given then. If you did not, do nothing: without you there will be no account.
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
mail-vetting-subject = Accounts at { $site } are waiting to be vetted
mail-vetting-body =
    Accounts waiting for an administrator to vet them: { $count }

    { $link }
mail-invited-course-subject = You are invited to a course on { $site }
mail-invited-course-body =
    Somebody has given you access to a course on { $site }.

    Join with this e-mail address, and the course is open to you:
    { $link }

    If you do not expect this, you need not do anything.

mail-invited-community-subject = You are invited to a community on { $site }
mail-invited-community-body =
    Somebody has given you access to a community on { $site }.
    
    Join with this e-mail address, and the community is open to you:
    { $link }
    
    If you do not expect this, you need not do anything.
mail-let-in-subject = Something new is open to you on { $site }
mail-let-in-body =
    Somebody has given you access to something on { $site } that is not open to everybody.

    Sign in to see it:
    { $link }

# Quizzes.
problem-quiz-without-questions = The quiz “{ $title }” has no questions yet.
problem-quiz-passed = You have passed this quiz already.
problem-quiz-no-attempts-left = You have no attempts left.

# Recordings.
media-empty = The file is empty.
media-not-media = The file is not a video or sound that is handled here: MP4, QuickTime, Matroska, WebM or MPEG transport stream.
media-truncated = The file ends too early: part of it is missing. Upload it again.
media-nothing-to-play = The file holds neither picture nor sound that can be played.
media-too-long = The recording is longer than ten hours.
media-too-many-pixels = The picture is larger than 35 million pixels.
media-too-many-streams = The file holds more than 16 streams.
media-too-costly = The file takes too much time or memory to decode.
media-undecodable = The picture or sound is damaged or of a kind that is not supported.
media-no-ffmpeg = It waits for a worker that has ffmpeg; install ffmpeg on one.
media-trouble = Something went wrong on our side several times. Upload it again or tell an administrator.
captions-too-large = The file is larger than 2 MiB.
captions-not-utf8 = Line { $line }: this is not text in UTF-8.
captions-no-signature = The first line must be WEBVTT.
captions-no-times = Line { $line }: a line with times and --> is missing.
captions-bad-time = Line { $line }: times are written 00:00:00.000.
captions-ends-too-early = Line { $line }: the cue ends before it begins.
captions-times-in-text = Line { $line }: --> stands in a text; an empty line is probably missing before it.
captions-text-too-long = Line { $line }: the text of one cue is too long.
captions-too-many-cues = Line { $line }: there are more than 10,000 cues.
captions-no-cues = There is no cue that says anything.
recording-needs-media = There is nothing to play yet: upload a file.
recording-needs-speakers = Say who speaks in it.
recording-needs-consent = { $name } has not agreed to publication.
upload-incomplete = Parts are missing or differ in size: { $missing }. Send them and complete again.
problem-in-the-future = This lies in the future.
mail-invited-recording-subject = You are invited to watch a recording on { $site }
mail-invited-recording-body =
    Somebody has given you access to a recording on { $site }.

    Join with this e-mail address, and the recording is open to you:
    { $link }

    If you do not expect this, you need not do anything.

# Webinars.
webinar-unnamed = a webinar
problem-hour-skipped = Clocks skip this hour on that day; choose another.
problem-in-the-past = This lies in the past.
problem-registrants-were-told = Some people have registered who were told otherwise.
problem-question-answered = Some people have answered this question.
problem-registration-not-open = Registration is not open yet.
problem-conditions-not-accepted = Agree first that it is recorded, or that registrants see each other's names.
problem-no-join-link = There is no link to the live picture yet.
problem-webinar-cancelled = This webinar was cancelled.
problem-list-closed = This list is closed. Whoever invited you can open it again.
problem-naming-over = The time to name people is over; set a later date first.
problem-join-not-yet = It is too early to join; come back shortly before the start.
mail-invited-webinar-subject = You are invited to webinars on { $site }
mail-invited-webinar-body =
    Somebody has given you access to webinars on { $site }.

    Join with this e-mail address, and they are open to you:
    { $link }

    If you do not expect this, you need not do anything.
mail-webinar-registered-subject = You are registered: { $title }
mail-webinar-registered-body =
    You are registered for { $title }.

    It begins at { $when }.

    Join it, or cancel, here:
    { $link }
mail-webinar-waiting-subject = You are on the waiting list: { $title }
mail-webinar-waiting-body =
    All seats for { $title } are taken. You are on the waiting list, and will be told when a seat becomes free for you.

    It begins at { $when }.

    { $link }
mail-webinar-moved-up-subject = A seat has become free: { $title }
mail-webinar-moved-up-body =
    A seat has become free, and it is yours: you are registered for { $title }.

    It begins at { $when }.

    If you can't come, please cancel, so that somebody else can:
    { $link }
mail-webinar-registration-cancelled-subject = Your registration was cancelled: { $title }
mail-webinar-registration-cancelled-body =
    Your registration for { $title } was cancelled.

    { $link }
mail-webinar-moved-subject = New time: { $title }
mail-webinar-moved-body =
    { $title } takes place at another time. It now begins at { $when }.

    Your registration stays. If you can't come then, please cancel:
    { $link }
mail-webinar-cancelled-subject = Cancelled: { $title }
mail-webinar-cancelled-body =
    { $title } will not take place.

    Reason: { $reason }

    { $link }
mail-webinar-day-before-subject = In a day: { $title }
mail-webinar-day-before-body =
    { $title } begins at { $when }.

    Join it, or cancel, here:
    { $link }
mail-webinar-hour-before-subject = In an hour: { $title }
mail-webinar-hour-before-body =
    { $title } begins at { $when }.

    Join it here:
    { $link }
mail-webinar-recording-published-subject = Watch the recording: { $title }
mail-webinar-recording-published-body =
    A recording of { $title } can be watched now:

    { $link }
mail-webinar-certificate-issued-subject = Your certificate: { $title }
mail-webinar-certificate-issued-body =
    You attended this webinar, and your certificate is ready: { $title }

    Download it here, as PDF or as a badge:
    { $link }
mail-webinar-certificate-revoked-subject = Your certificate was revoked: { $title }
mail-webinar-certificate-revoked-body =
    Your certificate of attendance is no longer valid, and neither is its badge: { $title }

    Read here why:
    { $link }
mail-webinar-certificate-restored-subject = Your certificate is valid again: { $title }
mail-webinar-certificate-restored-body =
    Your certificate of attendance is valid again, and so is its badge: { $title }

    You find it here:
    { $link }
problem-webinar-not-held = Certificates of attendance are issued once the webinar is over.
problem-test-is-there = The webinar has this test already.
problem-copy-in-another-language = The quiz that is to be copied was written in another language than the webinar.
problem-test-attempted = Somebody has attempted this test already.
problem-pre-test-closed = The pre-test closed when the webinar began: { $when }.
problem-post-test-not-open = The post-test opens at { $when }.
problem-pre-test-under-way = Hand in the pre-test first.
webinar-pre-test = Pre-test
webinar-post-test = Post-test
mail-webinar-pre-test-waits = A short test waits for you before the webinar: { $link }
problem-list-columns = Columns are missing: a name, a join time and a leave time are needed.
problem-list-line = Line { $line } can’t be read: it needs a name, a join time and a leave time after it.
problem-list-other-time = None of the lines is of the time of this webinar ({ $when }). Choose its own list.
problem-wrong-code = This is not the code that is shown.

# Certificates.
certificate-course-heading = Certificate of completion
certificate-webinar-heading = Certificate of attendance
certificate-lead = This certificate is awarded to
certificate-course-sentence = for completing the course
certificate-webinar-sentence = for attending the webinar
certificate-date =
    { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
certificate-course-date = Completed on { $date }
certificate-webinar-date = Held on { $date }
certificate-minutes = Duration: { $minutes } min
certificate-organisers = Organised by { $names }
certificate-check = Anyone can check it with the code { $code } at { $address }
certificate-qr = QR code that leads to { $address }
certificate-name-without-font = No font here has all letters of this name. Give the name in Latin letters in the profile, then ask an administrator to renew the names on your certificates.
certificate-title-without-font = No font here has all letters of the title. Choose another language.
mail-certificate-names-renewed-subject = The names on your certificates were renewed
mail-certificate-names-renewed-body =
    An administrator of { $site } has renewed the names on your certificates. They are now those of your profile. Download your certificates and badges again: badges with another full name are no longer valid.

    Sign in to download them:
    { $link }
mail-completion-revoked-subject = Your record of completion on { $site } was revoked
mail-completion-revoked-body =
    A record that you completed a course on { $site } was revoked. Its certificate and badge are no longer valid.

    Sign in to see which it is and why:
    { $link }
mail-completion-restored-subject = Your record of completion on { $site } is valid again
mail-completion-restored-body =
    A record that you completed a course on { $site }, which had been revoked, is valid again, and so are its certificate and badge.

    Sign in to see which it is:
    { $link }

# Inviting.
problem-csv-line = Line { $line }, column { $column }: { $why }
problem-csv-column-missing = The column { $column } is missing.
problem-csv-column-unknown = The column “{ $column }” is not known, or is there twice. There are: { $columns }.
problem-csv-too-many-columns = At most { $max } columns are allowed.
problem-csv-too-many-lines = At most { $max } lines are allowed.
problem-csv-cells = The line has more or fewer cells than the first.
problem-csv-address-twice = Another line has this address.
problem-csv-two-contacts = These addresses belong to several contacts, or another line is about the same one.
problem-letter-fields = These fields are not known: { $unknown }. There are: { $known }.
problem-letter-without-link = The letter must say where it leads: put {"{link}"} into it.
problem-nominee-comes = A seat is held for this person, or theirs: decline it or wait for the end of the webinar.
problem-invitations-a-day = This series has sent as many invitations today as it may (2,000). Go on tomorrow.
problem-contact-named-people = This contact has named people.
problem-quota-reached = At most { $max } people can be named.
problem-nominee-decided = The organisers have decided about this person already.
problem-nominee-confirmed = This person has said that they come.
problem-nominee-registered = This person is registered. Cancel the registration instead.
problem-nominee-has-seat = A seat is held for this address already.
problem-seats-left = There are not enough seats. Seats left: { $left }.
problem-no-offer = No seat is offered to you at present.
mail-invitation-contact-subject = Whom will you name? { $title }
mail-invitation-contact-body =
    { $name }

    { $site } invites you to name people for the webinar “{ $title }” of the series “{ $series }”.

    It begins at { $when }.

    You can name up to { $quota } people, and change your list until { $until }. You need no account for that:
    { $link }

    Those for whom there is a seat are written to at their own addresses, in their languages.
mail-invitation-person-subject = Invitation: { $title }
mail-invitation-person-body =
    { $name }

    { $site } invites you to the webinar “{ $title }” of the series “{ $series }”.

    It begins at { $when }.

    Read more, and register, here. If you have no account yet, join with this e-mail address:
    { $link }
mail-invitation-reminder-subject = Reminder: { $subject }
mail-invitation-reminder-body =
    We wrote to you a while ago and have not heard from you. The invitation stands:

    { $body }
mail-invitation-footer =
    If you want no more invitations from us at this address, say so here:
    { $link }
mail-nominee-offered-subject = A seat for you: { $title }
mail-nominee-offered-body =
    { $name }

    { $organisation } has named you for the webinar “{ $title }”, and a seat is held for you.

    It begins at { $when }.

    Please say whether you come. You need no account for that:
    { $link }
mail-nominee-waiting-subject = You are on the waiting list: { $title }
mail-nominee-waiting-body =
    { $name }

    { $organisation } has named you for { $title }. There is no seat for you yet. You are on the waiting list, and will be told when a seat becomes free for you.

    It begins at { $when }.
mail-nominee-declined-subject = About your nomination: { $title }
mail-nominee-declined-body =
    { $name }

    { $organisation } has named you for { $title }. We are sorry that there is no seat for you this time.
mail-nominee-confirmed-subject = Your seat: { $title }
mail-nominee-confirmed-body =
    { $name }

    The seat in “{ $title }” is yours.

    It begins at { $when }.

    To take part you need an account of this e-mail address. Make one now, and you are registered:
    { $join }

    If you can't come after all, please say so, so that somebody else can:
    { $link }
mail-nominee-moved-subject = New time: { $title }
mail-nominee-moved-body =
    { $name }

    { $title } takes place at another time. It now begins at { $when }.

    Your seat stays. If you can't come then, please say so:
    { $link }
mail-nominee-cancelled-subject = Cancelled: { $title }
mail-nominee-cancelled-body =
    { $name }

    { $title } will not take place.

    Reason: { $reason }
mail-nominee-soon-subject = Soon: { $title }
mail-nominee-soon-body =
    { $name }

    { $title } begins at { $when }.

    To take part you need an account of this e-mail address. Make one now, and you are registered:
    { $join }

    If you can't come after all, please say so:
    { $link }

# Counts of webinars.
counts-title = Counts: { $title }
counts-taken = As counted on { $date }.
counts-sheet-notes = Notes
counts-everybody = Everybody
counts-sums = Sums over the webinars
counts-others = All others
counts-not-told = Not told
counts-no-region = No region
counts-gain = Learning gain (percentage points)
counts-column-of = Counted
counts-column-by = By
counts-column-code = Code
counts-column-category = Category
counts-by-gender = Gender
counts-by-region = Region
counts-by-subregion = Sub-region
counts-by-country = Country
counts-by-kind = Kind of organisation
counts-by-language = Language
counts-stage-invited = Invited
counts-stage-nominated = Nominated
counts-stage-registered = Registered
counts-stage-attended = Attended
counts-stage-watched = Watched the recording
counts-stage-passed-before = Passed the pre-test
counts-stage-passed-after = Passed the post-test
counts-stage-took-both = Took both tests
counts-note-people = People are counted, not visits. In a series each person counts once, in whatever number of its webinars they were; the sums over the webinars count each person once for each webinar. Only webinars that are over are counted.
counts-note-stages = Invited: offices and people who were written to. Nominated: people whom offices named. Registered: people with a seat. All that follow are counted among the registered. Attended: present for at least { $percent } of each hundred minutes.
counts-note-told = Gender, country, kind of organisation and language are as people had told them when they registered; in a series, when they registered last. Regions are those of the United Nations (M49).
counts-note-hidden = An asterisk (*) stands for a number that is not given because it, or what it would reveal, is about fewer than five people, or because it would say of all of a category that they did something or did not. In each column, “All others” are everybody whom no other line counts there.
counts-note-others = All others: in each column, everybody whom no other line of the table counts there.
counts-note-gain = Learning gain: of those who took both tests, the mean of the result after the webinar less the result before it.
counts-gender-female = Female
counts-gender-male = Male
counts-gender-other = Other
counts-gender-undisclosed = Rather not said
counts-kind-government = Government
counts-kind-judiciary = Judiciary
counts-kind-parliament = Parliament
counts-kind-law-enforcement = Law enforcement
counts-kind-international = International organisation
counts-kind-civil-society = Civil society
counts-kind-academia = Academia
counts-kind-private-sector = Private sector
counts-kind-other = Other organisation
counts-area-002 = Africa
counts-area-009 = Oceania
counts-area-015 = Northern Africa
counts-area-019 = Americas
counts-area-021 = Northern America
counts-area-030 = Eastern Asia
counts-area-034 = Southern Asia
counts-area-035 = South-eastern Asia
counts-area-039 = Southern Europe
counts-area-053 = Australia and New Zealand
counts-area-054 = Melanesia
counts-area-057 = Micronesia
counts-area-061 = Polynesia
counts-area-142 = Asia
counts-area-143 = Central Asia
counts-area-145 = Western Asia
counts-area-150 = Europe
counts-area-151 = Eastern Europe
counts-area-154 = Northern Europe
counts-area-155 = Western Europe
counts-area-202 = Sub-Saharan Africa
counts-area-419 = Latin America and the Caribbean
