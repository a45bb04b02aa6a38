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
problem-not-accepted = 请先接受条款。
problem-wrong-state = 当前状态下无法执行此操作。
problem-incomplete = 缺少所需的内容。
problem-limit-reached = 已达到允许的上限。
problem-too-late = 时间已过。
problem-too-large = 超出允许的大小。
problem-unsupported = 此处不支持该类型。
problem-key-reused = 此键已用于另一请求，请生成新的键。
problem-wrong-password = 密码不正确。

# Mails.
mail-confirm-subject = 请确认您在 { $site } 的邮箱地址
mail-confirm-body =
    欢迎使用 { $site }。

    请在七天内打开以下链接以确认您的邮箱地址：

    { $link }

    如果您没有注册，请忽略此邮件；未经您确认，账户不会生效。
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
