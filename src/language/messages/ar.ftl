# Problems that a person can mend.
problem-blank = يُرجى ملء هذا الحقل.
problem-too-short = يلزم { $min } من الأحرف على الأقل.
problem-too-long = الحد الأقصى المسموح به هو { $max } من الأحرف.
problem-out-of-range = يجب أن تكون القيمة من { $min } إلى { $max }.
problem-invalid = هذه القيمة ليست بالصيغة المطلوبة.
problem-not-found = هذا العنصر غير موجود أو لا يحق لك الاطلاع عليه.
problem-taken = هذه القيمة مستخدمة بالفعل؛ اختر قيمة أخرى.
problem-weak-password = كلمة المرور هذه شائعة جدًا؛ اختر كلمة أخرى.
problem-wrong-credentials = عنوان البريد وكلمة المرور غير متطابقين، أو لم يُؤكَّد العنوان بعد.
problem-expired = انتهت صلاحية هذا الرابط أو سبق استخدامه؛ اطلب رابطًا جديدًا.
problem-not-accepted = اقبل الشروط أولًا.
problem-wrong-state = لا يمكن ذلك في الوضع الحالي.
problem-incomplete = ينقص شيء لازم لهذا الإجراء.
problem-limit-reached = بلغتَ الحد الأقصى المسموح به.
problem-too-late = انتهى الوقت المتاح لذلك.
problem-too-large = الحجم أكبر من المسموح به.
problem-unsupported = هذا النوع غير مدعوم هنا.
problem-key-reused = استُخدم هذا المفتاح لطلب آخر؛ أنشئ مفتاحًا جديدًا.
problem-wrong-password = كلمة المرور هذه غير صحيحة.

# Mails.
mail-confirm-subject = أكِّد عنوان بريدك لدى { $site }
mail-confirm-body =
    مرحبًا بك في { $site }.

    أكِّد عنوان بريدك بفتح هذا الرابط خلال سبعة أيام:

    { $link }

    إن لم تكن قد سجّلت فلا تفعل شيئًا، فلن يُنشأ أي حساب من دونك.
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
