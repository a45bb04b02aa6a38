//! Names and descriptions of all settings.

/// A setting: its name, what holds when it is unset, what it is for.
pub type Setting = (&'static str, &'static str, &'static str);

/// All settings, in the order of the README's table.
pub const SETTINGS: [Setting; 27] = [
    ("LYCEUM_LISTEN", "127.0.0.1:8000", "Address and port of the API."),
    ("LYCEUM_PUBLIC_URL", "http:// and LYCEUM_LISTEN", "Address that people use; with https, cookies are Secure."),
    (
        "LYCEUM_PAGES_URL",
        "LYCEUM_PUBLIC_URL and /demo/",
        "Front end that mails and certificates lead to; it has the pages #/sign-in, #/sign-up, #/confirm, #/reset, #/check, #/webinars/…, #/nomination, #/place and #/stop.",
    ),
    ("LYCEUM_MEDIA_LISTEN", "127.0.0.1:8001", "Address and port of the embedded object storage; unused with S3_BUCKET."),
    (
        "LYCEUM_MEDIA_ADDRESS_LIFE",
        "300",
        "Seconds, at most 300, for which a piece of a recording can be fetched after the right to it was judged.",
    ),
    ("LYCEUM_DATA", "./lyceum-data", "Folder of the embedded database, objects and mail."),
    (
        "LYCEUM_SECRET",
        "generated in LYCEUM_DATA",
        "At least 32 characters that sign tickets; the same on all nodes; required with REDIS_URL.",
    ),
    ("LYCEUM_SITE_NAME", "Lyceum", "What the site calls itself, also in mails."),
    ("LYCEUM_SIGN_UP", "vetted", "`vetted`: an administrator vets each account; `open`: confirming the address does."),
    (
        "LYCEUM_TERMS_URL",
        "none",
        "Address of the terms that people accept when they sign up; {language} in it becomes the reader's, for example fr.",
    ),
    ("LYCEUM_TERMS_VERSION", "2026-11-01", "Version of those terms, which is kept with each account; 1 to 50 characters."),
    ("LYCEUM_ALLOWED_ORIGINS", "none", "Further origins, divided by commas, whose pages may call the API and open sockets."),
    (
        "LYCEUM_TRUSTED_PROXIES",
        "none",
        "Addresses and ranges such as 172.18.0.0/16, divided by commas, whose X-Forwarded-For counts.",
    ),
    (
        "LYCEUM_LOG",
        "info; warn in the demo",
        "What is logged, as a filter of tracing-subscriber, for example debug or warn,lyceum=info.",
    ),
    ("LYCEUM_METRICS_LISTEN", "none", "Address and port of /metrics, for Prometheus; who reaches it needs no password."),
    (
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "none",
        "http:// address of an OpenTelemetry collector, which gets traces; the other OTEL_ variables for traces hold too.",
    ),
    ("LYCEUM_TRANSCODE", "on", "`off` leaves transcoding to workers elsewhere; recordings then play as they were uploaded."),
    ("LYCEUM_INTROSPECTION", "on", "`off` closes introspection and /schema.graphql."),
    ("DATABASE_URL", "SQLite in LYCEUM_DATA", "postgres://user:password@host/database."),
    ("REDIS_URL", "none", "redis:// or rediss:// address for sessions, live events and limits; needed for several nodes."),
    ("SMTP_URL", "files in LYCEUM_DATA/mail", "smtp://, smtps:// or smtp://…?tls=required address of the mail relay."),
    ("LYCEUM_MAIL_FROM", "Lyceum <no-reply@localhost>", "Sender of all mail."),
    (
        "S3_BUCKET",
        "embedded object storage",
        "Bucket for recordings and files; made at the start where it is missing, with a warning.",
    ),
    (
        "S3_PUBLIC_ENDPOINT",
        "AWS_ENDPOINT_URL_S3; embedded, LYCEUM_MEDIA_LISTEN",
        "Address of object storage as browsers reach it; also of the embedded one, behind a proxy.",
    ),
    ("AWS_ENDPOINT_URL_S3", "that of AWS", "Address of object storage as this server reaches it."),
    ("AWS_REGION", "us-east-1", "Region of the bucket."),
    ("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY", "required with S3_BUCKET", "Keys for the bucket."),
];
