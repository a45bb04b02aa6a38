# Problems that a person can mend.
problem-blank = 请填写此项。
problem-too-short = 至少需要 { $min } 个字符。
problem-too-long = 最多允许 { $max } 个字符。
problem-out-of-range = 取值必须在 { $min } 到 { $max } 之间。
problem-invalid = 格式不符合要求。
problem-not-found = 该内容不存在，或您无权查看。
problem-taken = 已被占用，请另选一个。
problem-weak-password = 此密码过于常见，请换一个。
problem-wrong-credentials = 邮箱地址与密码不匹配，或地址尚未确认。
problem-expired = 此链接已使用或已过期，请重新获取。
problem-several-signed-up = 此地址被用于注册不止一次。一封附有设置密码链接的邮件正在发送；如未收到，请在一小时后重新申请。
problem-not-accepted = 请先接受条款。
problem-wrong-state = 当前状态下无法执行此操作。
problem-incomplete = 缺少所需的内容。
problem-limit-reached = 已达到允许的上限。
problem-unused-files = 您已上传许多尚无课时使用的文件。请先使用它们，或稍后再试：此类文件会在一周后删除。
problem-too-late = 时间已过。
problem-too-large = 超出允许的大小。
problem-unsupported = 此处不支持该类型。
problem-key-reused = 此键已用于另一请求，请生成新的键。
problem-name-mixes-scripts = 姓名中有一个词混用了不同文字的字母，例如拉丁字母和西里尔字母。请用同一种文字书写每个词。
problem-name-hides = 此姓名包含看不见的字符，请去掉后重新填写。
problem-slug-form = 请使用小写拉丁字母（a 至 z）、数字以及它们之间的单个连字符，总共最多 80 个字符，例如 joining-a-treaty。
problem-not-of-site = 这不是本站的语言。本站的语言有：{ $languages }。
problem-not-original = 此文本必须使用原始语言：{ $language }。
problem-no-time-zone = 没有这样的时区。请填写 IANA 数据库中的时区，例如 Africa/Cairo。
problem-one-right-choice = 必须有且只有一个正确选项。
problem-no-right-choice = 至少要有一个正确选项。
problem-choices-number = 选项数量与题目不符。需要的数量：{ $count }。
problem-web-address = 请填写以 https:// 开头的地址，例如 https://example.org/page：最多 { $max } 字节，不得含有空格、引号、尖括号、反斜杠或用户名。
problem-email-form = 这不是电子邮箱地址。正确的形式如 name@example.org。
problem-invisible-character = 其中有看不见的字符：控制字符，或改变书写方向的字符。请将其删除，或重新输入文本。
problem-version-published = 这属于已发布的版本，任何人都不能修改。请修改草稿，然后发布。
problem-original-stays = 这是原文，须予保留；只能删除译文。
problem-not-enrolled = 您未报名此课程。
problem-lesson-of-draft = 此课时属于草稿；只能开始或完成已发布版本中的课时。
problem-not-vetted = 此账户尚未通过审核；只有通过审核的账户才能拥有角色。
problem-last-administrator = 没有其他管理员。请先指定另一人为管理员。
problem-wrong-password = 密码不正确。
problem-course-without-modules = 没有单元的课程不能发布。
problem-module-without-lessons = 单元“{ $title }”没有课时。
problem-lesson-without-content = 课时“{ $title }”还没有内容。
problem-lesson-without-text = 课时“{ $title }”还没有以课程原始语言撰写的正文。
problem-lesson-translation-without-text = 课时“{ $title }”在此语言中只有标题而没有正文：{ $language }。请撰写正文，或删除该译文。
problem-lesson-recording-unpublished = 课时“{ $title }”中的录像尚未发布。

# Mails.
mail-confirm-subject = 请确认您在 { $site } 的邮箱地址
mail-confirm-body =
    欢迎使用 { $site }。

    请在七天内打开以下链接以确认您的邮箱地址：

    { $link }

    只有您本人注册过才打开此链接：账户将使用注册时填写的密码。如果您没有注册，请忽略此邮件；未经您确认，账户不会生效。
mail-already-signed-up-subject = 您在 { $site } 已有账户
mail-already-signed-up-body =
    有人（可能是您本人）使用此邮箱地址在 { $site } 注册，而该地址已有账户。

    请在此登录或申请新密码：

    { $link }
mail-password-reset-subject = 设置 { $site } 的新密码
mail-password-reset-body =
    请在 30 分钟内打开以下链接设置新密码：

    { $link }

    如果您没有提出此请求，请忽略此邮件，您的密码不会改变。
mail-password-changed-subject = 您在 { $site } 的密码已更改
mail-password-changed-body =
    您在 { $site } 的账户密码已更改，其他设备已退出登录。

    如果不是您本人操作，请立即申请新密码。
mail-vetted-subject = 您在 { $site } 的账户已就绪
mail-vetted-body =
    管理员已审核通过您在 { $site } 的账户，您现在可以参与了：

    { $link }
mail-vetting-subject = { $site } 有账户等待审核
mail-vetting-body =
    等待管理员审核的账户数：{ $count }

    { $link }
mail-invited-course-subject = 邀请您参加 { $site } 的课程
mail-invited-course-body =
    有人为您开放了 { $site } 的一门课程。

    用此电子邮箱注册后，即可学习该课程：
    { $link }

    如果您不清楚此事，无需理会。

mail-invited-community-subject = 邀请您加入 { $site } 的社区
mail-invited-community-body =
    有人为您开放了 { $site } 的一个社区。
    
    用此电子邮箱注册后，即可进入该社区：
    { $link }
    
    如果您不清楚此事，无需理会。
mail-let-in-subject = { $site } 有新内容向您开放
mail-let-in-body =
    有人为您开放了 { $site } 上并非向所有人开放的内容。

    登录后即可查看：
    { $link }

# Quizzes.
problem-quiz-without-questions = 测验“{ $title }”还没有题目。
problem-quiz-passed = 您已通过此测验。
problem-quiz-no-attempts-left = 您已没有剩余的尝试机会。

# Recordings.
media-empty = 文件是空的。
media-not-media = 文件不是可处理的音视频格式：MP4、QuickTime、Matroska、WebM 或 MPEG 传输流。
media-truncated = 文件不完整，提前结束。请重新上传。
media-nothing-to-play = 文件中没有可播放的画面或声音。
media-too-long = 录像超过十小时。
media-too-many-pixels = 画面超过 3500 万像素。
media-too-many-streams = 文件包含超过 16 条轨道。
media-too-costly = 解码该文件耗用的时间或内存过多。
media-undecodable = 画面或声音已损坏，或属于不支持的类型。
media-no-ffmpeg = 正在等待装有 ffmpeg 的工作进程；请在其中一台上安装 ffmpeg。
media-trouble = 我们这边多次出错。请重新上传或告知管理员。
captions-too-large = 文件大于 2 MiB。
captions-not-utf8 = 第 { $line } 行：不是 UTF-8 文本。
captions-no-signature = 第一行必须是 WEBVTT。
captions-no-times = 第 { $line } 行：缺少带有 --> 的时间行。
captions-bad-time = 第 { $line } 行：时间应写作 00:00:00.000。
captions-ends-too-early = 第 { $line } 行：字幕在开始之前就结束了。
captions-times-in-text = 第 { $line } 行：文本中出现 -->；前面可能缺少空行。
captions-text-too-long = 第 { $line } 行：单条字幕文本过长。
captions-too-many-cues = 第 { $line } 行：字幕超过 10000 条。
captions-no-cues = 没有任何有文字的字幕。
recording-needs-media = 还没有可播放的内容：请上传文件。
recording-needs-speakers = 请说明谁在其中发言。
recording-needs-consent = { $name } 尚未同意发布。
upload-incomplete = 缺少或大小不符的分块：{ $missing }。请补传后再次完成。
problem-in-the-future = 该时间在未来。
mail-invited-recording-subject = 邀请您观看 { $site } 的录像
mail-invited-recording-body =
    有人为您开放了 { $site } 的一段录像。

    用此电子邮箱注册后，即可观看该录像：
    { $link }

    如果您不清楚此事，无需理会。

# 网络研讨会。
webinar-unnamed = 一场网络研讨会
problem-hour-skipped = 当天时钟会跳过这一小时，请选择其他时间。
problem-in-the-past = 这个时间已经过去。
problem-registrants-were-told = 已有人在不同的告知下报名。
problem-question-answered = 已有人回答了这个问题。
problem-registration-not-open = 报名尚未开始。
problem-conditions-not-accepted = 请先同意录制，或同意报名者互见姓名。
problem-no-join-link = 还没有直播链接。
problem-webinar-cancelled = 这场网络研讨会已取消。
problem-list-closed = 此名单已截止。邀请您的人可以重新开放。
problem-naming-over = 提名时间已过，请先设定更晚的日期。
problem-join-not-yet = 现在加入为时过早，请在开始前不久再来。
mail-invited-webinar-subject = 邀请您参加 { $site } 的网络研讨会
mail-invited-webinar-body =
    有人为您开通了 { $site } 上网络研讨会的权限。

    请用此邮箱注册，即可参加：
    { $link }

    如果您并不知情，无须理会。
mail-webinar-registered-subject = 报名成功：{ $title }
mail-webinar-registered-body =
    您已报名：{ $title }。

    开始时间：{ $when }。

    在此加入或取消：
    { $link }
mail-webinar-waiting-subject = 您在候补名单上：{ $title }
mail-webinar-waiting-body =
    名额已满：{ $title }。您在候补名单上，有名额时我们会通知您。

    开始时间：{ $when }。

    { $link }
mail-webinar-moved-up-subject = 有名额了：{ $title }
mail-webinar-moved-up-body =
    有一个名额空出，现在归您。您已报名：{ $title }。

    开始时间：{ $when }。

    如果您不能参加，请取消，好让给别人：
    { $link }
mail-webinar-registration-cancelled-subject = 您的报名已取消：{ $title }
mail-webinar-registration-cancelled-body =
    您的报名已取消：{ $title }。

    { $link }
mail-webinar-moved-subject = 时间变更：{ $title }
mail-webinar-moved-body =
    时间有变：{ $title }。现在的开始时间：{ $when }。

    您的报名仍然有效。如果届时不能参加，请在此取消：
    { $link }
mail-webinar-cancelled-subject = 已取消：{ $title }
mail-webinar-cancelled-body =
    这场网络研讨会不再举行：{ $title }。

    原因：{ $reason }

    { $link }
mail-webinar-day-before-subject = 一天后开始：{ $title }
mail-webinar-day-before-body =
    { $title }

    开始时间：{ $when }。

    在此加入或取消：
    { $link }
mail-webinar-hour-before-subject = 一小时后开始：{ $title }
mail-webinar-hour-before-body =
    { $title }

    开始时间：{ $when }。

    在此加入：
    { $link }
mail-webinar-recording-published-subject = 可以观看录像了：{ $title }
mail-webinar-recording-published-body =
    现在可以观看录像：{ $title }

    { $link }
mail-webinar-certificate-issued-subject = 您的证书：{ $title }
mail-webinar-certificate-issued-body =
    您参加了这次网络研讨会，证书已备好：{ $title }

    可在此下载 PDF 或徽章：
    { $link }
mail-webinar-certificate-revoked-subject = 您的证书已被撤销：{ $title }
mail-webinar-certificate-revoked-body =
    您的出席证书及其徽章不再有效：{ $title }

    原因见此：
    { $link }
mail-webinar-certificate-restored-subject = 您的证书已恢复有效：{ $title }
mail-webinar-certificate-restored-body =
    您的出席证书及其徽章已恢复有效：{ $title }

    可在此查看：
    { $link }
problem-webinar-not-held = 网络研讨会结束后才能颁发出席证书。
problem-test-is-there = 此网络研讨会已有该测试。
problem-copy-in-another-language = 要复制的测验所用语言与网络研讨会不同。
problem-test-attempted = 已有人做过此测试。
problem-pre-test-closed = 会前测试已在网络研讨会开始时关闭：{ $when }。
problem-post-test-not-open = 会后测试开放时间：{ $when }。
problem-pre-test-under-way = 请先提交会前测试。
webinar-pre-test = 会前测试
webinar-post-test = 会后测试
mail-webinar-pre-test-waits = 网络研讨会前有一份简短测试等您完成：{ $link }
problem-list-columns = 缺少列：需要姓名、加入时间和离开时间。
problem-list-line = 第 { $line } 行无法读取：需要姓名、加入时间和其后的离开时间。
problem-list-other-time = 没有一行属于本次研讨会的时间（{ $when }）。请选择本次研讨会的名单。
problem-wrong-code = 这不是所显示的代码。

# Certificates.
certificate-course-heading = 结业证书
certificate-webinar-heading = 参会证书
certificate-lead = 兹颁发此证书予
certificate-course-sentence = 以证明其完成课程
certificate-webinar-sentence = 以证明其参加网络研讨会
certificate-date =
    { $year }年{ $month }月{ $day }日
certificate-course-date = 完成日期：{ $date }
certificate-webinar-date = 举办日期：{ $date }
certificate-minutes = 时长：{ $minutes } 分钟
certificate-organisers = 主办：{ $names }
certificate-check = 任何人均可凭验证码 { $code } 在此查验：{ $address }
certificate-qr = 通往 { $address } 的二维码
certificate-name-without-font = 现有字体不包含此姓名的全部文字。请在个人资料中填写拉丁字母姓名，然后请管理员更新您证书上的姓名。
certificate-title-without-font = 现有字体不包含标题的全部文字。请选择另一种语言。
mail-certificate-names-renewed-subject = 您证书上的姓名已更新
mail-certificate-names-renewed-body =
    { $site } 的管理员已更新您证书上的姓名，现与您的个人资料一致。请重新下载证书和徽章：载有其他全名的徽章不再有效。

    请登录下载：
    { $link }
mail-completion-revoked-subject = 您在 { $site } 的结业记录已被撤销
mail-completion-revoked-body =
    您在 { $site } 的一项课程结业记录已被撤销，其证书和徽章不再有效。

    请登录查看是哪一项以及原因：
    { $link }
mail-completion-restored-subject = 您在 { $site } 的结业记录已恢复有效
mail-completion-restored-body =
    您在 { $site } 的一项曾被撤销的课程结业记录已恢复有效，其证书和徽章亦然。

    请登录查看是哪一项：
    { $link }

# 邀请。
problem-csv-line = 第 { $line } 行，{ $column } 列：{ $why }
problem-csv-column-missing = 缺少 { $column } 列。
problem-csv-column-unknown = “{ $column }”列无法识别，或出现了两次。可用的列：{ $columns }。
problem-csv-too-many-columns = 最多允许 { $max } 列。
problem-csv-too-many-lines = 最多允许 { $max } 行。
problem-csv-cells = 该行的单元格数与首行不同。
problem-csv-address-twice = 另一行已有此地址。
problem-csv-two-contacts = 这些地址属于多个联系单位，或另一行涉及同一联系单位。
problem-letter-fields = 无法识别的字段：{ $unknown }。可用的字段：{ $known }。
problem-letter-without-link = 信中须写明链接：请加入 {"{link}"}。
problem-nominee-comes = 已为此人保留或分配席位：请先取消，或等待研讨会结束。
problem-invitations-a-day = 该系列今日发送的邀请已达上限（2000 份）。请明天继续。
problem-contact-named-people = 该联系单位已提名人选。
problem-quota-reached = 最多可提名 { $max } 人。
problem-nominee-decided = 主办方已就此人作出决定。
problem-nominee-confirmed = 此人已确认参加。
problem-nominee-registered = 此人已报名。请改为取消其报名。
problem-nominee-has-seat = 已为此地址保留席位。
problem-seats-left = 席位不足。剩余席位：{ $left }。
problem-no-offer = 目前没有为您提供的席位。
mail-invitation-contact-subject = 请提名人选：{ $title }
mail-invitation-contact-body =
    { $name }：

    { $site } 邀请贵方为“{ $series }”系列的网络研讨会“{ $title }”提名人选。

    开始时间：{ $when }。

    最多可提名 { $quota } 人，并可在 { $until } 之前修改名单，无需账户：
    { $link }

    获得席位者将在其本人地址收到以其所用语言写成的邮件。
mail-invitation-person-subject = 邀请：{ $title }
mail-invitation-person-body =
    { $name }：

    { $site } 邀请您参加“{ $series }”系列的网络研讨会“{ $title }”。

    开始时间：{ $when }。

    请在此了解详情并报名。如果您还没有账户，请用此电子邮件地址注册：
    { $link }
mail-invitation-reminder-subject = 提醒：{ $subject }
mail-invitation-reminder-body =
    我们此前曾致信，尚未收到您的回复。邀请依然有效：

    { $body }
mail-invitation-footer =
    如果您不希望再在此地址收到我们的邀请，请在此告知：
    { $link }
mail-nominee-offered-subject = 为您保留的席位：{ $title }
mail-nominee-offered-body =
    { $name }：

    { $organisation } 提名您参加网络研讨会“{ $title }”，已为您保留席位。

    开始时间：{ $when }。

    请告知您是否参加，无需账户：
    { $link }
mail-nominee-waiting-subject = 您在候补名单上：{ $title }
mail-nominee-waiting-body =
    { $name }：

    { $organisation } 提名您参加：{ $title }。目前尚无您的席位。您在候补名单上，有席位空出时会通知您。

    开始时间：{ $when }。
mail-nominee-declined-subject = 关于您的提名：{ $title }
mail-nominee-declined-body =
    { $name }：

    { $organisation } 提名您参加：{ $title }。很遗憾，此次没有您的席位。
mail-nominee-confirmed-subject = 您的席位：{ $title }
mail-nominee-confirmed-body =
    { $name }：

    “{ $title }”的席位已归您。

    开始时间：{ $when }。

    参加需要有使用此电子邮件地址的账户。请现在注册，即完成报名：
    { $join }

    如果您最终无法参加，请告知，以便让给他人：
    { $link }
mail-nominee-moved-subject = 时间变更：{ $title }
mail-nominee-moved-body =
    { $name }：

    时间已变更：{ $title }。现在的开始时间：{ $when }。

    您的席位仍然保留。如果届时无法参加，请告知：
    { $link }
mail-nominee-cancelled-subject = 已取消：{ $title }
mail-nominee-cancelled-body =
    { $name }：

    网络研讨会将不举行：{ $title }。

    原因：{ $reason }
mail-nominee-soon-subject = 即将开始：{ $title }
mail-nominee-soon-body =
    { $name }：

    { $title }

    开始时间：{ $when }。

    参加需要有使用此电子邮件地址的账户。请现在注册，即完成报名：
    { $join }

    如果您最终无法参加，请告知：
    { $link }

# 网络研讨会的统计。
counts-title = 统计：{ $title }
counts-taken = 统计日期：{ $date }。
counts-sheet-notes = 说明
counts-everybody = 全部
counts-sums = 各场研讨会之和
counts-others = 其他所有人
counts-not-told = 未填写
counts-no-region = 未列区域
counts-gain = 学习进步（百分点）
counts-column-of = 统计对象
counts-column-by = 分类依据
counts-column-code = 代码
counts-column-category = 类别
counts-by-gender = 性别
counts-by-region = 区域
counts-by-subregion = 次区域
counts-by-country = 国家
counts-by-kind = 机构类型
counts-by-language = 语言
counts-stage-invited = 受邀
counts-stage-nominated = 获提名
counts-stage-registered = 已报名
counts-stage-attended = 已出席
counts-stage-watched = 已观看录像
counts-stage-passed-before = 通过会前测试
counts-stage-passed-after = 通过会后测试
counts-stage-took-both = 参加两次测试
counts-note-people = 统计的是人，而不是人次。在系列中，无论参加多少场，每人只计一次；各场研讨会之和则每人每场计一次。只统计已结束的研讨会。
counts-note-stages = 受邀：收到信函的机构和个人。获提名：由机构提名的人。已报名：有席位的人；以下各项均在已报名者中统计。已出席：每一百分钟至少在场 { $percent } 分钟。
counts-note-told = 性别、国家、机构类型和语言以报名时所填为准；在系列中以最近一次报名为准。区域按联合国标准（M49）划分。
counts-note-hidden = 星号（*）代替不予公布的数字：该数字本身或由它可推知的数字涉及不足五人，或会说明某一类别的所有人都做了或都没做某事。在每一栏中，“其他所有人”指该栏其他各行均未计入的所有人。
counts-note-others = 其他所有人：在每一列中，表内其他各行未计入该列的所有人。
counts-note-gain = 学习进步：参加两次测试者会后成绩减去会前成绩的平均值。
counts-gender-female = 女
counts-gender-male = 男
counts-gender-other = 其他
counts-gender-undisclosed = 不愿透露
counts-kind-government = 政府
counts-kind-judiciary = 司法
counts-kind-parliament = 议会
counts-kind-law-enforcement = 执法部门
counts-kind-international = 国际组织
counts-kind-civil-society = 民间社会
counts-kind-academia = 学术界
counts-kind-private-sector = 私营部门
counts-kind-other = 其他机构
counts-area-002 = 非洲
counts-area-009 = 大洋洲
counts-area-015 = 北非
counts-area-019 = 美洲
counts-area-021 = 北美
counts-area-030 = 东亚
counts-area-034 = 南亚
counts-area-035 = 东南亚
counts-area-039 = 南欧
counts-area-053 = 澳大利亚和新西兰
counts-area-054 = 美拉尼西亚
counts-area-057 = 密克罗尼西亚
counts-area-061 = 波利尼西亚
counts-area-142 = 亚洲
counts-area-143 = 中亚
counts-area-145 = 西亚
counts-area-150 = 欧洲
counts-area-151 = 东欧
counts-area-154 = 北欧
counts-area-155 = 西欧
counts-area-202 = 撒哈拉以南非洲
counts-area-419 = 拉丁美洲和加勒比
