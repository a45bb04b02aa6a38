# Problems that a person can mend.
problem-blank = يُرجى ملء هذا الحقل.
problem-too-short = يلزم { $min } من الحروف على الأقل.
problem-too-long = الحد الأقصى المسموح به هو { $max } من الحروف.
problem-out-of-range = يجب أن تكون القيمة من { $min } إلى { $max }.
problem-invalid = هذه القيمة ليست بالصيغة المطلوبة.
problem-not-found = هذا العنصر غير موجود أو لا يحق لك الاطلاع عليه.
problem-taken = هذه القيمة مستخدمة بالفعل؛ اختر قيمة أخرى.
problem-weak-password = كلمة المرور هذه شائعة جدًا؛ اختر كلمة أخرى.
problem-wrong-credentials = عنوان البريد وكلمة المرور غير متطابقين، أو لم يُؤكَّد العنوان بعد.
problem-expired = انتهت صلاحية هذا الرابط أو سبق استخدامه؛ اطلب رابطًا جديدًا.
problem-several-signed-up = جرى التسجيل بهذا العنوان أكثر من مرة. في الطريق إليك رسالة فيها رابط لتعيين كلمة المرور؛ فإن لم تصل فاطلبها من جديد بعد ساعة.
problem-not-accepted = اقبل الشروط أولًا.
problem-wrong-state = لا يمكن ذلك في الوضع الحالي.
problem-incomplete = ينقص شيء لازم لهذا الإجراء.
problem-limit-reached = بلغتَ الحد الأقصى المسموح به.
problem-unused-files = لقد أرسلتَ ملفات كثيرة لا يعرضها أي درس بعد. استخدمها أو انتظر، فهذه الملفات تُحذف بعد أسبوع.
problem-too-late = انتهى الوقت المتاح لذلك.
problem-too-large = الحجم أكبر من المسموح به.
problem-unsupported = هذا النوع غير مدعوم هنا.
problem-key-reused = استُخدم هذا المفتاح لطلب آخر؛ أنشئ مفتاحًا جديدًا.
problem-name-mixes-scripts = تخلط إحدى كلمات هذا الاسم بين حروف كتابات مختلفة، كاللاتينية والسيريلية. اكتب كل كلمة بكتابة واحدة.
problem-name-hides = يحتوي هذا الاسم على حروف غير مرئية. اكتبه من دونها.
problem-slug-form = استخدم حروفًا لاتينية صغيرة (من a إلى z) وأرقامًا وبينها شرطات مفردة، 80 حرفًا على الأكثر في المجموع، مثل joining-a-treaty.
problem-not-of-site = هذه ليست من لغات الموقع. لغات الموقع هي: { $languages }.
problem-not-original = يجب أن يكون هذا النص باللغة الأصلية: { $language }.
problem-no-time-zone = لا توجد منطقة زمنية كهذه. اكتب منطقة من قاعدة بيانات IANA، مثل Africa/Cairo.
problem-one-right-choice = يجب أن يكون خيار واحد فقط صحيحًا.
problem-no-right-choice = يجب أن يكون خيار واحد على الأقل صحيحًا.
problem-choices-number = عدد خيارات السؤال مختلف. اكتب العدد نفسه من الخيارات: { $count }.
problem-web-address = اكتب عنوانًا يبدأ بـ https://، مثل https://example.org/page: بحد أقصى { $max } بايت، دون مسافات أو علامات اقتباس أو أقواس زاوية أو شرطات مائلة عكسية أو اسم مستخدم.
problem-email-form = هذا ليس عنوان بريد إلكتروني. العنوان يشبه name@example.org.
problem-invisible-character = في هذا النص حرف لا يُرى: حرف تحكم أو حرف يغيّر اتجاه الكتابة. احذفه أو اكتب النص من جديد.
problem-version-published = هذا جزء من إصدار منشور لا يمكن لأحد تغييره. غيّر المسودة ثم انشرها.
problem-original-stays = هذا هو الأصل، وهو باقٍ؛ لا يمكن حذف غير الترجمات.
problem-not-enrolled = لستَ ملتحقًا بهذه الدورة.
problem-lesson-of-draft = هذا الدرس من مسودة؛ لا يمكن بدء أو إكمال سوى دروس الإصدار المنشور.
problem-not-vetted = لم يُعتمد هذا الحساب بعد؛ لا تُمنح الأدوار إلا للحسابات المعتمدة.
problem-last-administrator = لا يوجد مسؤول آخر. عيّن شخصًا آخر مسؤولًا أولًا.
problem-wrong-password = كلمة المرور هذه غير صحيحة.
problem-course-without-modules = لا يمكن نشر دورة بلا وحدات.
problem-module-without-lessons = الوحدة «{ $title }» بلا دروس.
problem-lesson-without-content = الدرس «{ $title }» لا يعرض شيئًا بعد.
problem-lesson-without-text = الدرس «{ $title }» ليس له نص بعد باللغة الأصلية للدورة.
problem-lesson-translation-without-text = للدرس «{ $title }» عنوان بلا نص بهذه اللغة: { $language }. اكتب النص أو احذف الترجمة.
problem-lesson-recording-unpublished = الدرس «{ $title }» يعرض تسجيلًا غير منشور.

# Mails.
mail-confirm-subject = أكِّد عنوان بريدك لدى { $site }
mail-confirm-body =
    مرحبًا بك في { $site }.

    أكِّد عنوان بريدك بفتح هذا الرابط خلال سبعة أيام:

    { $link }

    لا تفتحه إلا إن كنت قد سجّلت بنفسك: ستكون كلمة مرور الحساب تلك التي أُعطيت حينها. وإن لم تكن قد سجّلت فلا تفعل شيئًا، فلن يُنشأ أي حساب من دونك.
mail-already-signed-up-subject = لديك حساب بالفعل لدى { $site }
mail-already-signed-up-body =
    سجّل أحدهم، ولعله أنت، في { $site } بهذا العنوان الذي له حساب بالفعل.

    سجّل الدخول أو اطلب كلمة مرور جديدة من هنا:

    { $link }
mail-password-reset-subject = عيِّن كلمة مرور جديدة لدى { $site }
mail-password-reset-body =
    عيِّن كلمة مرور جديدة بفتح هذا الرابط خلال 30 دقيقة:

    { $link }

    إن لم تطلب ذلك فلا تفعل شيئًا، وستبقى كلمة مرورك كما هي.
mail-password-changed-subject = تغيّرت كلمة مرورك لدى { $site }
mail-password-changed-body =
    تغيّرت كلمة مرور حسابك لدى { $site } وسُجِّل خروج الأجهزة الأخرى.

    إن لم تكن أنت من غيّرها فاطلب كلمة مرور جديدة فورًا.
mail-vetted-subject = حسابك لدى { $site } جاهز
mail-vetted-body =
    اعتمد أحد المسؤولين حسابك لدى { $site }. يمكنك الآن المشاركة:

    { $link }
mail-vetting-subject = حسابات لدى { $site } تنتظر الاعتماد
mail-vetting-body =
    عدد الحسابات التي تنتظر أن يعتمدها أحد المسؤولين: { $count }

    { $link }
mail-invited-course-subject = دعوة إلى دورة على { $site }
mail-invited-course-body =
    منحك شخص ما إمكانية الوصول إلى دورة على { $site }.

    سجّل بعنوان البريد هذا لتُفتح لك الدورة:
    { $link }

    إن لم تكن تتوقع ذلك، فلا حاجة إلى فعل أي شيء.

mail-invited-community-subject = دعوة إلى مجتمع على { $site }
mail-invited-community-body =
    منحك شخص ما إمكانية الوصول إلى مجتمع على { $site }.
    
    سجّل بعنوان البريد هذا ليُفتح لك المجتمع:
    { $link }
    
    إن لم تكن تتوقع ذلك، فلا حاجة إلى فعل أي شيء.
mail-let-in-subject = أُتيح لك شيء جديد على { $site }
mail-let-in-body =
    منحك شخص ما إمكانية الوصول إلى محتوى على { $site } غير متاح للجميع.

    سجّل الدخول للاطلاع عليه:
    { $link }

# Quizzes.
problem-quiz-without-questions = لا توجد أسئلة بعد في الاختبار «{ $title }».
problem-quiz-passed = لقد اجتزت هذا الاختبار بالفعل.
problem-quiz-no-attempts-left = لم تتبقَّ لك أي محاولات.

# Recordings.
media-empty = الملف فارغ.
media-not-media = الملف ليس فيديو أو صوتًا من الأنواع المقبولة هنا: MP4 أو QuickTime أو Matroska أو WebM أو MPEG transport stream.
media-truncated = الملف ناقص: ينتهي قبل أوانه. أعد رفعه.
media-nothing-to-play = لا يحتوي الملف على صورة أو صوت يمكن تشغيله.
media-too-long = التسجيل أطول من عشر ساعات.
media-too-many-pixels = الصورة أكبر من 35 مليون بكسل.
media-too-many-streams = يحتوي الملف على أكثر من 16 مسارًا.
media-too-costly = يتطلب فك ترميز الملف وقتًا أو ذاكرة أكثر من اللازم.
media-undecodable = الصورة أو الصوت تالف أو من نوع غير مدعوم.
media-no-ffmpeg = في انتظار عامل معالجة مزوّد ببرنامج ffmpeg؛ ثبّته على أحد الخوادم.
media-trouble = حدث خطأ من جانبنا عدة مرات. أعد الرفع أو أبلغ المسؤول.
captions-too-large = الملف أكبر من 2 ميبي بايت.
captions-not-utf8 = السطر { $line }: ليس نصًا بترميز UTF-8.
captions-no-signature = يجب أن يكون السطر الأول WEBVTT.
captions-no-times = السطر { $line }: ينقص سطر الأوقات الذي فيه -->.
captions-bad-time = السطر { $line }: تُكتب الأوقات بالشكل 00:00:00.000.
captions-ends-too-early = السطر { $line }: ينتهي المقطع قبل أن يبدأ.
captions-times-in-text = السطر { $line }: ورد --> داخل النص؛ على الأرجح ينقص سطر فارغ قبله.
captions-text-too-long = السطر { $line }: نص المقطع طويل جدًا.
captions-too-many-cues = السطر { $line }: عدد المقاطع يتجاوز 10000.
captions-no-cues = لا يوجد أي مقطع فيه نص.
recording-needs-media = لا يوجد ما يُشغَّل بعد: ارفع ملفًا.
recording-needs-speakers = اذكر من يتحدث فيه.
recording-needs-consent = لم يوافق { $name } على النشر.
upload-incomplete = أجزاء ناقصة أو مختلفة الحجم: { $missing }. أرسلها ثم أكمل من جديد.
problem-in-the-future = هذا في المستقبل.
mail-invited-recording-subject = دعوة لمشاهدة تسجيل على { $site }
mail-invited-recording-body =
    منحك شخص ما إمكانية الوصول إلى تسجيل على { $site }.

    سجّل بعنوان البريد هذا ليُفتح لك التسجيل:
    { $link }

    إن لم تكن تتوقع ذلك، فلا حاجة إلى فعل أي شيء.

# الندوات عبر الإنترنت.
webinar-unnamed = ندوة عبر الإنترنت
problem-hour-skipped = تتجاوز الساعات هذه الساعة في ذلك اليوم؛ اختر وقتًا آخر.
problem-in-the-past = هذا الوقت قد مضى.
problem-registrants-were-told = سجّل أشخاص أُبلغوا بغير ذلك.
problem-question-answered = أجاب أشخاص عن هذا السؤال.
problem-registration-not-open = لم يُفتح التسجيل بعد.
problem-conditions-not-accepted = وافق أولًا على التسجيل المصوّر، أو على أن يرى المسجَّلون أسماء بعضهم بعضًا.
problem-no-join-link = لا يوجد رابط للبث بعد.
problem-webinar-cancelled = أُلغيت هذه الندوة.
problem-list-closed = أُغلقت هذه القائمة. يمكن لمن دعاك أن يفتحها من جديد.
problem-naming-over = انتهت مهلة تسمية الأشخاص؛ حدّد أولًا موعدًا لاحقًا.
problem-join-not-yet = لم يحن وقت الانضمام بعد؛ عُد قبيل البداية.
mail-invited-webinar-subject = أنت مدعو إلى ندوات على { $site }
mail-invited-webinar-body =
    أُتيح لك الاطلاع على ندوات على { $site }.

    سجّل بهذا العنوان لتُفتح لك:
    { $link }

    إن لم تكن تتوقع ذلك فلا يلزمك شيء.
mail-webinar-registered-subject = تم تسجيلك: { $title }
mail-webinar-registered-body =
    تم تسجيلك في: { $title }.

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    انضم أو ألغِ من هنا:
    { $link }
mail-webinar-waiting-subject = أنت في قائمة الانتظار: { $title }
mail-webinar-waiting-body =
    شُغلت كل المقاعد: { $title }. أنت في قائمة الانتظار، وسنخبرك حين يتوفر لك مقعد.

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    { $link }
mail-webinar-moved-up-subject = توفّر مقعد: { $title }
mail-webinar-moved-up-body =
    توفّر مقعد وهو لك. تم تسجيلك في: { $title }.

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    إن تعذّر حضورك فألغِ ليستفيد غيرك:
    { $link }
mail-webinar-registration-cancelled-subject = أُلغي تسجيلك: { $title }
mail-webinar-registration-cancelled-body =
    أُلغي تسجيلك في: { $title }.

    { $link }
mail-webinar-moved-subject = موعد جديد: { $title }
mail-webinar-moved-body =
    تغيّر الموعد: { $title }. البداية الآن: {"\u2066"}{ $when }{"\u2069"}.

    يبقى تسجيلك قائمًا. إن تعذّر حضورك فألغِ من هنا:
    { $link }
mail-webinar-cancelled-subject = أُلغيت: { $title }
mail-webinar-cancelled-body =
    لن تُعقد الندوة: { $title }.

    السبب: { $reason }

    { $link }
mail-webinar-day-before-subject = بعد يوم: { $title }
mail-webinar-day-before-body =
    { $title }

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    انضم أو ألغِ من هنا:
    { $link }
mail-webinar-hour-before-subject = بعد ساعة: { $title }
mail-webinar-hour-before-body =
    { $title }

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    انضم من هنا:
    { $link }
mail-webinar-recording-published-subject = التسجيل متاح: { $title }
mail-webinar-recording-published-body =
    يمكنك الآن مشاهدة تسجيل: { $title }

    { $link }
mail-webinar-certificate-issued-subject = شهادتك: { $title }
mail-webinar-certificate-issued-body =
    حضرتَ هذه الندوة، وشهادتك جاهزة: { $title }

    حمّلها من هنا بصيغة PDF أو كشارة:
    { $link }
mail-webinar-certificate-revoked-subject = أُلغيت شهادتك: { $title }
mail-webinar-certificate-revoked-body =
    لم تعد شهادة حضورك ولا شارتها صالحتين: { $title }

    اقرأ السبب هنا:
    { $link }
mail-webinar-certificate-restored-subject = عادت شهادتك صالحة: { $title }
mail-webinar-certificate-restored-body =
    عادت شهادة حضورك وشارتها صالحتين: { $title }

    تجدها هنا:
    { $link }
problem-webinar-not-held = تُصدر شهادات الحضور بعد انتهاء الندوة.
problem-test-is-there = لهذه الندوة هذا الاختبار من قبل.
problem-copy-in-another-language = كُتب الاختبار المراد نسخه بلغة غير لغة الندوة.
problem-test-attempted = سبق أن أدى شخص ما هذا الاختبار.
problem-pre-test-closed = أُغلق الاختبار القبلي عند بدء الندوة: {"\u2066"}{ $when }{"\u2069"}.
problem-post-test-not-open = يُفتح الاختبار البعدي في {"\u2066"}{ $when }{"\u2069"}.
problem-pre-test-under-way = سلّم الاختبار القبلي أولًا.
webinar-pre-test = اختبار قبلي
webinar-post-test = اختبار بعدي
mail-webinar-pre-test-waits = ينتظرك اختبار قصير قبل الندوة: { $link }
problem-list-columns = تنقص أعمدة: يلزم اسم ووقت انضمام ووقت مغادرة.
problem-list-line = تعذّرت قراءة السطر { $line }: يلزم اسم ووقت انضمام ووقت مغادرة بعده.
problem-list-other-time = لا يقع أي سطر ضمن وقت هذه الندوة ({"\u2066"}{ $when }{"\u2069"}). اختر القائمة الخاصة بها.
problem-wrong-code = ليس هذا هو الرمز المعروض.

# Certificates.
certificate-course-heading = شهادة إتمام
certificate-webinar-heading = شهادة حضور
certificate-lead = تُمنح هذه الشهادة إلى
certificate-course-sentence = لإتمام الدورة
certificate-webinar-sentence = لحضور الندوة الإلكترونية
certificate-date =
    { $day } { $month ->
        [1] يناير
        [2] فبراير
        [3] مارس
        [4] أبريل
        [5] مايو
        [6] يونيو
        [7] يوليو
        [8] أغسطس
        [9] سبتمبر
        [10] أكتوبر
        [11] نوفمبر
       *[12] ديسمبر
    } { $year }
certificate-course-date = تاريخ الإتمام: { $date }
certificate-webinar-date = تاريخ الانعقاد: { $date }
certificate-minutes = المدة بالدقائق: { $minutes }
certificate-organisers = تنظيم: { $names }
certificate-check = يمكن لأي شخص التحقق منها بالرمز { $code } على العنوان { $address }
certificate-qr = رمز استجابة سريعة يؤدي إلى { $address }
certificate-name-without-font = لا يوجد هنا خط يضم كل حروف هذا الاسم. اكتب الاسم بالحروف اللاتينية في الملف الشخصي، ثم اطلب من أحد المسؤولين تحديث الأسماء على شهاداتك.
certificate-title-without-font = لا يوجد هنا خط يضم كل حروف العنوان. اختر لغة أخرى.
mail-certificate-names-renewed-subject = حُدّثت الأسماء على شهاداتك
mail-certificate-names-renewed-body =
    حدّث أحد المسؤولين لدى { $site } الأسماء على شهاداتك، فأصبحت كما في ملفك الشخصي. نزّل شهاداتك وشاراتك من جديد: لم تعد الشارات التي تحمل اسمًا كاملًا آخر صالحة.

    سجّل الدخول لتنزيلها:
    { $link }
mail-completion-revoked-subject = أُلغي سجل إتمامك لدى { $site }
mail-completion-revoked-body =
    أُلغي سجل إتمامك لدورة لدى { $site }. لم تعد شهادته وشارته صالحتين.

    سجّل الدخول لمعرفة أيّ سجل هو والسبب:
    { $link }
mail-completion-restored-subject = عاد سجل إتمامك لدى { $site } صالحًا
mail-completion-restored-body =
    عاد سجل إتمامك لدورة لدى { $site }، بعد أن كان ملغى، صالحًا هو وشهادته وشارته.

    سجّل الدخول لمعرفة أيّ سجل هو:
    { $link }

# الدعوات.
problem-csv-line = السطر { $line }، العمود { $column }: { $why }
problem-csv-column-missing = العمود { $column } ناقص.
problem-csv-column-unknown = العمود «{ $column }» غير معروف أو مكرر. الأعمدة الممكنة: { $columns }.
problem-csv-too-many-columns = يُسمح بعدد أقصاه { $max } من الأعمدة.
problem-csv-too-many-lines = الحد الأقصى للسطور { $max }.
problem-csv-cells = عدد خانات السطر يختلف عن عدد خانات السطر الأول.
problem-csv-address-twice = هذا العنوان موجود في سطر آخر.
problem-csv-two-contacts = هذه العناوين تعود إلى عدة جهات اتصال، أو يخص سطر آخر الجهة نفسها.
problem-letter-fields = حقول غير معروفة: { $unknown }. الحقول الممكنة: { $known }.
problem-letter-without-link = يجب أن تذكر الرسالة إلى أين تقود: ضع فيها {"{link}"}.
problem-nominee-comes = هناك مقعد محجوز لهذا الشخص أو مقعد له: ارفضه أو انتظر انتهاء الندوة.
problem-invitations-a-day = أرسلت هذه السلسلة اليوم كل ما يُسمح به من دعوات (2000). تابع غدًا.
problem-contact-named-people = رشّحت هذه الجهة أشخاصًا.
problem-quota-reached = الحد الأقصى لعدد المرشَّحين { $max }.
problem-nominee-decided = سبق للمنظمين أن بتّوا في أمر هذا الشخص.
problem-nominee-confirmed = أكّد هذا الشخص حضوره.
problem-nominee-registered = هذا الشخص مسجَّل. ألغِ تسجيله بدلًا من ذلك.
problem-nominee-has-seat = هناك مقعد محجوز لهذا العنوان.
problem-seats-left = المقاعد غير كافية. المقاعد المتبقية: { $left }.
problem-no-offer = ليس هناك مقعد معروض عليك حاليًا.
mail-invitation-contact-subject = من ترشّحون؟ { $title }
mail-invitation-contact-body =
    { $name }

    يدعوكم { $site } إلى ترشيح أشخاص للندوة «{ $title }» من سلسلة «{ $series }».

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    يمكنكم ترشيح عدد من الأشخاص أقصاه { $quota }، وتعديل قائمتكم حتى {"\u2066"}{ $until }{"\u2069"}، ولا حاجة إلى حساب:
    { $link }

    سنكتب إلى من يتوفر له مقعد على عنوانه الخاص وبلغته.
mail-invitation-person-subject = دعوة: { $title }
mail-invitation-person-body =
    { $name }

    يدعوك { $site } إلى الندوة «{ $title }» من سلسلة «{ $series }».

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    اطّلع على التفاصيل وسجّل من هنا. إن لم يكن لك حساب بعد، فأنشئه بعنوان البريد هذا:
    { $link }
mail-invitation-reminder-subject = تذكير: { $subject }
mail-invitation-reminder-body =
    كتبنا إليكم قبل مدة ولم يصلنا رد بعد. الدعوة ما زالت قائمة:

    { $body }
mail-invitation-footer =
    إن كنت لا تريد تلقي دعوات أخرى منا على هذا العنوان، فأخبرنا من هنا:
    { $link }
mail-nominee-offered-subject = مقعد لك: { $title }
mail-nominee-offered-body =
    { $name }

    جرى ترشيحك من { $organisation } للندوة «{ $title }»، وهناك مقعد محجوز لك.

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    نرجو إخبارنا هل ستحضر، ولا حاجة إلى حساب:
    { $link }
mail-nominee-waiting-subject = أنت في قائمة الانتظار: { $title }
mail-nominee-waiting-body =
    { $name }

    جرى ترشيحك من { $organisation }: { $title }. لا يوجد مقعد لك بعد. أنت في قائمة الانتظار، وسنخبرك حين يتوفر لك مقعد.

    البداية: {"\u2066"}{ $when }{"\u2069"}.
mail-nominee-declined-subject = بخصوص ترشيحك: { $title }
mail-nominee-declined-body =
    { $name }

    جرى ترشيحك من { $organisation }: { $title }. يؤسفنا أنه لا يوجد مقعد لك هذه المرة.
mail-nominee-confirmed-subject = مقعدك: { $title }
mail-nominee-confirmed-body =
    { $name }

    المقعد في «{ $title }» أصبح لك.

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    يلزم للمشاركة حساب بعنوان البريد هذا. أنشئه الآن ليكتمل تسجيلك:
    { $join }

    إن تعذّر حضورك فأخبرنا ليستفيد غيرك:
    { $link }
mail-nominee-moved-subject = موعد جديد: { $title }
mail-nominee-moved-body =
    { $name }

    تغيّر الموعد: { $title }. البداية الآن: {"\u2066"}{ $when }{"\u2069"}.

    يبقى مقعدك محجوزًا. إن تعذّر حضورك في هذا الموعد فأخبرنا:
    { $link }
mail-nominee-cancelled-subject = أُلغيت: { $title }
mail-nominee-cancelled-body =
    { $name }

    لن تُعقد الندوة: { $title }.

    السبب: { $reason }
mail-nominee-soon-subject = قريبًا: { $title }
mail-nominee-soon-body =
    { $name }

    { $title }

    البداية: {"\u2066"}{ $when }{"\u2069"}.

    يلزم للمشاركة حساب بعنوان البريد هذا. أنشئه الآن ليكتمل تسجيلك:
    { $join }

    إن تعذّر حضورك فأخبرنا:
    { $link }

# أعداد الندوات.
counts-title = الأعداد: { $title }
counts-taken = حسب الإحصاء في { $date }.
counts-sheet-notes = ملاحظات
counts-everybody = الجميع
counts-sums = مجموع الندوات
counts-others = جميع الآخرين
counts-not-told = لم يُذكر
counts-no-region = بلا منطقة
counts-gain = التقدم في التعلم (نقاط مئوية)
counts-column-of = موضوع الإحصاء
counts-column-by = حسب
counts-column-code = الرمز
counts-column-category = الفئة
counts-by-gender = الجنس
counts-by-region = المنطقة
counts-by-subregion = المنطقة الفرعية
counts-by-country = البلد
counts-by-kind = نوع المنظمة
counts-by-language = اللغة
counts-stage-invited = المدعوون
counts-stage-nominated = المرشحون
counts-stage-registered = المسجلون
counts-stage-attended = الحاضرون
counts-stage-watched = من شاهدوا التسجيل
counts-stage-passed-before = من اجتازوا الاختبار القبلي
counts-stage-passed-after = من اجتازوا الاختبار البعدي
counts-stage-took-both = من أجروا الاختبارين
counts-note-people = يُحصى الأشخاص لا الزيارات. في السلسلة يُحصى كل شخص مرة واحدة مهما كان عدد الندوات التي شارك فيها؛ أما مجموع الندوات فيُحصى فيه كل شخص مرة عن كل ندوة. ولا تُحصى إلا الندوات التي انتهت.
counts-note-stages = المدعوون: المكاتب والأشخاص الذين كُتب إليهم. المرشحون: الأشخاص الذين سمتهم المكاتب. المسجلون: الأشخاص الذين لهم مقاعد، وكل ما يلي يُحصى من بينهم. الحاضرون: من حضروا { $percent } دقيقة على الأقل من كل مئة دقيقة.
counts-note-told = الجنس والبلد ونوع المنظمة واللغة كما ذكرها الأشخاص عند التسجيل؛ وفي السلسلة عند آخر تسجيل. والمناطق هي مناطق الأمم المتحدة (M49).
counts-note-hidden = تحل النجمة (*) محل عدد لا يُذكر لأنه، أو ما يكشفه، يخص أقل من خمسة أشخاص، أو لأنه يقول عن جميع أفراد فئة إنهم فعلوا شيئا أو لم يفعلوه. وفي كل عمود، «جميع الآخرين» هم كل من لا يعدّهم فيه أي سطر آخر.
counts-note-others = جميع الآخرين: في كل عمود، جميع من لا يحصيهم فيه أي سطر آخر من الجدول.
counts-note-gain = التقدم في التعلم: متوسط نتيجة ما بعد الندوة ناقص نتيجة ما قبلها، لمن أجروا الاختبارين.
counts-gender-female = إناث
counts-gender-male = ذكور
counts-gender-other = غير ذلك
counts-gender-undisclosed = يفضلون عدم الذكر
counts-kind-government = جهة حكومية
counts-kind-judiciary = القضاء
counts-kind-parliament = البرلمان
counts-kind-law-enforcement = إنفاذ القانون
counts-kind-international = منظمة دولية
counts-kind-civil-society = المجتمع المدني
counts-kind-academia = الأوساط الأكاديمية
counts-kind-private-sector = القطاع الخاص
counts-kind-other = منظمة أخرى
counts-area-002 = أفريقيا
counts-area-009 = أوقيانوسيا
counts-area-015 = شمال أفريقيا
counts-area-019 = الأمريكتان
counts-area-021 = أمريكا الشمالية
counts-area-030 = شرق آسيا
counts-area-034 = جنوب آسيا
counts-area-035 = جنوب شرق آسيا
counts-area-039 = جنوب أوروبا
counts-area-053 = أستراليا ونيوزيلندا
counts-area-054 = ميلانيزيا
counts-area-057 = ميكرونيزيا
counts-area-061 = بولينيزيا
counts-area-142 = آسيا
counts-area-143 = آسيا الوسطى
counts-area-145 = غرب آسيا
counts-area-150 = أوروبا
counts-area-151 = شرق أوروبا
counts-area-154 = شمال أوروبا
counts-area-155 = غرب أوروبا
counts-area-202 = أفريقيا جنوب الصحراء
counts-area-419 = أمريكا اللاتينية ومنطقة البحر الكاريبي
