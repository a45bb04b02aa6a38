//! Configuration: the only reader of the environment. Everything unset means embedded: SQLite, an in-process S3 service,
//! sessions as rows, mail as files. It is checked whole before anything starts.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use secrecy::SecretString;

/// A setting: its name, what holds when it is unset, what it is for.
pub type Setting = (&'static str, &'static str, &'static str);

/// All settings, in the order of the README's table.
pub const SETTINGS: [Setting; 23] = [
    ("LYCEUM_LISTEN", "127.0.0.1:8000", "Address and port of the API."),
    ("LYCEUM_PUBLIC_URL", "http:// and LYCEUM_LISTEN", "Address that people use; with https, cookies are Secure."),
    (
        "LYCEUM_PAGES_URL",
        "LYCEUM_PUBLIC_URL and /demo/",
        "Front end that mails and certificates lead to; it has the pages #/sign-in, #/sign-up, #/confirm, #/reset and #/check.",
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
    ("LYCEUM_ALLOWED_ORIGINS", "none", "Further origins, divided by commas, whose pages may call the API and open sockets."),
    ("LYCEUM_TRUSTED_PROXIES", "none", "Addresses, divided by commas, whose X-Forwarded-For counts."),
    ("LYCEUM_LOG", "info", "What is logged, as a filter of tracing-subscriber, for example debug or warn,lyceum=info."),
    ("LYCEUM_TRANSCODE", "on", "`off` leaves transcoding to workers elsewhere; recordings then play as they were uploaded."),
    ("LYCEUM_INTROSPECTION", "on", "`off` closes introspection and /schema.graphql."),
    ("DATABASE_URL", "SQLite in LYCEUM_DATA", "postgres://user:password@host/database."),
    ("REDIS_URL", "none", "redis:// or rediss:// address for sessions and live events; needed for several nodes."),
    ("SMTP_URL", "files in LYCEUM_DATA/mail", "smtp://, smtps:// or smtp://…?tls=required address of the mail relay."),
    ("LYCEUM_MAIL_FROM", "Lyceum <no-reply@localhost>", "Sender of all mail."),
    ("S3_BUCKET", "embedded object storage", "Bucket for recordings and files."),
    ("S3_PUBLIC_ENDPOINT", "AWS_ENDPOINT_URL_S3", "Address of object storage as browsers reach it."),
    ("AWS_ENDPOINT_URL_S3", "that of AWS", "Address of object storage as this server reaches it."),
    ("AWS_REGION", "us-east-1", "Region of the bucket."),
    ("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY", "required with S3_BUCKET", "Keys for the bucket."),
];

/// Where the database is.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server; its address holds a password.
    Postgres(SecretString),
}

/// Where objects are.
#[derive(Clone, Debug)]
pub enum Storage {
    /// In a folder, served by ourselves on this address.
    Embedded {
        /// Address of the service.
        listen: SocketAddr,
        /// Its address as browsers reach it; `None` is the address listened on.
        public: Option<String>,
    },
    /// In a bucket of an S3 service.
    S3 {
        /// Bucket.
        bucket: String,
        /// Address as this server reaches it; `None` is that of AWS.
        endpoint: Option<String>,
        /// Address as browsers reach it.
        public_endpoint: Option<String>,
        /// Region.
        region: String,
        /// Key id.
        access_key_id: String,
        /// Key.
        secret_access_key: SecretString,
    },
}

/// What happens when an address is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
pub enum SignUpPolicy {
    /// The account is vetted at once.
    Open,
    /// An administrator vets the account.
    Vetted,
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the API.
    pub listen: SocketAddr,
    /// Address that people use, without a trailing slash.
    pub public_url: String,
    /// How long an address of a piece of media lives in object storage.
    pub media_address_life: Duration,
    /// Address of the front end, with a trailing slash.
    pub pages_url: String,
    /// Folder of what is embedded.
    pub data: PathBuf,
    /// Signs tickets; `None` lets the app generate one in `data`.
    pub secret: Option<SecretString>,
    /// What the site calls itself.
    pub site_name: String,
    /// What happens when an address is confirmed.
    pub sign_up: SignUpPolicy,
    /// Origins besides our own whose pages may call us.
    pub allowed_origins: Vec<String>,
    /// Addresses whose X-Forwarded-For counts.
    pub trusted_proxies: Vec<IpAddr>,
    /// Filter of what is logged.
    pub log: String,
    /// Whether this process runs ffmpeg.
    pub transcodes: bool,
    /// Whether introspection and the SDL are open.
    pub introspection: bool,
    /// Database.
    pub database: DatabaseUrl,
    /// Redis; `None` keeps sessions in the database and live events in the process.
    pub redis: Option<SecretString>,
    /// Mail relay; `None` writes files.
    pub smtp: Option<SecretString>,
    /// Sender of all mail.
    pub mail_from: String,
    /// Object storage.
    pub storage: Storage,
}

impl Config {
    /// Reads the environment and, for what it does not set, the TOML file `file`. Says all that is wrong at once.
    pub fn read(file: Option<&Path>) -> Result<Self, String> {
        let mut values = BTreeMap::new();
        if let Some(file) = file {
            let text = std::fs::read_to_string(file).map_err(|err| format!("{}: {err}", file.display()))?;
            values =
                toml::from_str(&text).map_err(|err| format!("{}: every setting is NAME = \"text\": {err}", file.display()))?;
        }
        let known = SETTINGS.iter().flat_map(|(names, ..)| names.split(", "));
        for name in known.clone() {
            if let Ok(value) = std::env::var(name) {
                values.insert(name.to_owned(), value);
            }
        }
        if let Some(unknown) = values.keys().find(|name| !known.clone().any(|known| known == *name)) {
            return Err(format!("{unknown}: no such setting; see --help"));
        }
        Self::from_values(values)
    }

    /// Checks settings given by name.
    pub fn from_values(values: BTreeMap<String, String>) -> Result<Self, String> {
        let mut reader = Reader { values, wrong: String::new() };
        let listen: SocketAddr = reader.parsed("LYCEUM_LISTEN", "127.0.0.1:8000");
        let data = PathBuf::from(reader.text("LYCEUM_DATA", "./lyceum-data"));
        let redis = reader.url("REDIS_URL", &["redis", "rediss"]);
        let secret = reader.given("LYCEUM_SECRET");
        if secret.as_ref().is_some_and(|secret| secret.len() < 32) {
            reader.refuse("LYCEUM_SECRET", "must have at least 32 characters");
        }
        if redis.is_some() && secret.is_none() {
            reader.refuse("LYCEUM_SECRET", "is required with REDIS_URL, the same on all nodes");
        }
        let public_url = reader.public_url(listen);
        let config = Self {
            media_address_life: reader.seconds("LYCEUM_MEDIA_ADDRESS_LIFE", 1..=300, "300"),
            pages_url: reader.pages_url(&public_url),
            public_url,
            site_name: reader.text("LYCEUM_SITE_NAME", "Lyceum"),
            sign_up: reader.choice("LYCEUM_SIGN_UP", &[("vetted", SignUpPolicy::Vetted), ("open", SignUpPolicy::Open)]),
            allowed_origins: reader
                .list("LYCEUM_ALLOWED_ORIGINS")
                .into_iter()
                .map(|origin| origin.trim_end_matches('/').to_owned())
                .collect(),
            trusted_proxies: reader.addresses("LYCEUM_TRUSTED_PROXIES"),
            log: reader.text("LYCEUM_LOG", "info"),
            transcodes: reader.choice("LYCEUM_TRANSCODE", &[("on", true), ("off", false)]),
            introspection: reader.choice("LYCEUM_INTROSPECTION", &[("on", true), ("off", false)]),
            database: reader.database(&data),
            smtp: reader.url("SMTP_URL", &["smtp", "smtps"]).map(SecretString::from),
            mail_from: reader.text("LYCEUM_MAIL_FROM", "Lyceum <no-reply@localhost>"),
            storage: reader.storage(),
            redis: redis.map(SecretString::from),
            secret: secret.map(SecretString::from),
            listen,
            data,
        };
        if reader.wrong.is_empty() { Ok(config) } else { Err(reader.wrong.trim_end().to_owned()) }
    }

    /// The address of a page of the front end, for example `#/sign-in`.
    #[must_use]
    pub fn page(&self, page: &str) -> String {
        format!("{}{page}", self.pages_url)
    }

    /// Whether people reach us by https, so that cookies can be Secure.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The origins whose pages may use the API and object storage.
    #[must_use]
    pub fn origins(&self) -> Vec<String> {
        std::iter::once(&self.public_url).chain(&self.allowed_origins).cloned().collect()
    }

    /// Whether everything runs in this one process.
    #[must_use]
    pub fn is_single_node(&self) -> bool {
        self.redis.is_none()
    }
}

/// Reads settings one by one and collects what is wrong with them.
struct Reader {
    values: BTreeMap<String, String>,
    wrong: String,
}

impl Reader {
    fn refuse(&mut self, name: &str, why: impl std::fmt::Display) {
        let _ = writeln!(self.wrong, "{name} {why}");
    }

    fn given(&mut self, name: &str) -> Option<String> {
        self.values.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn text(&mut self, name: &str, default: &str) -> String {
        self.given(name).unwrap_or_else(|| default.to_owned())
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, name: &str, default: &str) -> T {
        let value = self.text(name, default);
        value.parse().unwrap_or_else(|err| {
            self.refuse(name, format!("is \"{value}\": {err}; an example is {default}"));
            default.parse().unwrap_or_else(|_| unreachable!("defaults can be read"))
        })
    }

    fn seconds(&mut self, name: &str, range: RangeInclusive<u64>, default: &str) -> Duration {
        let seconds: u64 = self.parsed(name, default);
        if !range.contains(&seconds) {
            self.refuse(name, format!("must be from {} to {} seconds", range.start(), range.end()));
        }
        Duration::from_secs(seconds)
    }

    fn list(&mut self, name: &str) -> Vec<String> {
        let value = self.text(name, "");
        value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn addresses(&mut self, name: &str) -> Vec<IpAddr> {
        let mut addresses = Vec::new();
        for part in self.list(name) {
            match part.parse() {
                Ok(address) => addresses.push(address),
                Err(_) => self.refuse(name, format!("has \"{part}\", which is not an IP address")),
            }
        }
        addresses
    }

    fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> T {
        let value = self.text(name, choices[0].0);
        if let Some((_, choice)) = choices.iter().find(|(known, _)| *known == value) {
            *choice
        } else {
            let known: Vec<_> = choices.iter().map(|(known, _)| *known).collect();
            self.refuse(name, format!("is \"{value}\"; it may be {}", known.join(" or ")));
            choices[0].1
        }
    }

    fn url(&mut self, name: &str, schemes: &[&str]) -> Option<String> {
        let value = self.given(name)?;
        let known = schemes.iter().any(|scheme| value.strip_prefix(scheme).is_some_and(|rest| rest.starts_with("://")));
        if !known {
            self.refuse(name, format!("must begin with {}://", schemes.join(":// or ")));
        }
        Some(value)
    }

    fn public_url(&mut self, listen: SocketAddr) -> String {
        let url = self.url("LYCEUM_PUBLIC_URL", &["http", "https"]);
        let url = url.map(|url| url.trim_end_matches('/').to_owned());
        if url.as_ref().is_some_and(|url| url.matches('/').count() > 2) {
            self.refuse("LYCEUM_PUBLIC_URL", "must have no path");
        }
        url.unwrap_or_else(|| format!("http://{listen}"))
    }

    fn pages_url(&mut self, public_url: &str) -> String {
        let url = self.url("LYCEUM_PAGES_URL", &["http", "https"]);
        if url.as_ref().is_some_and(|url| url.contains(['?', '#'])) {
            self.refuse("LYCEUM_PAGES_URL", "must have neither a query nor a fragment");
        }
        let url = url.unwrap_or_else(|| format!("{public_url}/demo"));
        format!("{}/", url.trim_end_matches('/'))
    }

    fn database(&mut self, data: &Path) -> DatabaseUrl {
        let embedded = DatabaseUrl::Sqlite(data.join("lyceum.sqlite"));
        let Some(url) = self.given("DATABASE_URL") else { return embedded };
        url.parse().unwrap_or_else(|err| {
            self.refuse("DATABASE_URL", err);
            embedded
        })
    }

    fn storage(&mut self) -> Storage {
        let public_endpoint = self.url("S3_PUBLIC_ENDPOINT", &["http", "https"]);
        let Some(bucket) = self.given("S3_BUCKET") else {
            return Storage::Embedded { listen: self.parsed("LYCEUM_MEDIA_LISTEN", "127.0.0.1:8001"), public: public_endpoint };
        };
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            if self.given(name).is_none() {
                self.refuse(name, "is required with S3_BUCKET");
            }
        }
        let endpoint = self.url("AWS_ENDPOINT_URL_S3", &["http", "https"]);
        Storage::S3 {
            bucket,
            public_endpoint: public_endpoint.or_else(|| endpoint.clone()),
            endpoint,
            region: self.text("AWS_REGION", "us-east-1"),
            access_key_id: self.text("AWS_ACCESS_KEY_ID", ""),
            secret_access_key: SecretString::from(self.text("AWS_SECRET_ACCESS_KEY", "")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(values: &[(&str, &str)]) -> Result<Config, String> {
        Config::from_values(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn nothing_set_means_embedded() {
        let config = config(&[]).expect("defaults hold");
        assert_eq!(config.public_url, "http://127.0.0.1:8000");
        assert_eq!(config.page("#/sign-in"), "http://127.0.0.1:8000/demo/#/sign-in");
        assert!(matches!(config.database, DatabaseUrl::Sqlite(_)));
        assert!(config.is_single_node());
    }

    #[test]
    fn links_lead_to_the_front_end() {
        let page = |url: &str| config(&[("LYCEUM_PAGES_URL", url)]).map(|config| config.page("#/sign-in"));
        assert_eq!(page("https://front.example").as_deref(), Ok("https://front.example/#/sign-in"));
        assert_eq!(page("https://front.example/app/").as_deref(), Ok("https://front.example/app/#/sign-in"));
        assert!(page("https://front.example/#/").is_err());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_by_name() {
        let wrong = config(&[
            ("LYCEUM_LISTEN", "everywhere"),
            ("DATABASE_URL", "mysql://x"),
            ("REDIS_URL", "redis://127.0.0.1"),
            ("S3_BUCKET", "media"),
            ("LYCEUM_SIGN_UP", "perhaps"),
            ("LYCEUM_MEDIA_ADDRESS_LIFE", "301"),
        ])
        .expect_err("it is all wrong");
        for name in [
            "LYCEUM_LISTEN",
            "DATABASE_URL",
            "LYCEUM_SECRET",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "LYCEUM_SIGN_UP",
            "LYCEUM_MEDIA_ADDRESS_LIFE",
        ] {
            assert!(wrong.contains(name), "{name} is missing in:\n{wrong}");
        }
    }

    #[test]
    fn pages_of_this_site_and_the_allowed_ones_use_object_storage() {
        let config = config(&[("LYCEUM_PUBLIC_URL", "https://a.example/"), ("LYCEUM_ALLOWED_ORIGINS", "https://b.example")]);
        assert_eq!(config.expect("it holds").origins(), ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn no_secret_is_shown() {
        let config = config(&[("DATABASE_URL", "postgres://lyceum:hidden@db/lyceum"), ("LYCEUM_SECRET", &"hidden".repeat(6))]);
        assert!(!format!("{config:?}").contains("hidden"));
    }
}
