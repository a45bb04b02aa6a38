//! Configuration: the only reader of the environment. Everything unset means embedded: SQLite, an in-process S3 service,
//! sessions as rows, mail as files. It is checked whole before anything starts.

mod proxies;
mod reader;
mod settings;

use std::{
    collections::BTreeMap,
    fs::DirBuilder,
    io,
    net::{IpAddr, SocketAddr},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::message::Mailbox;
use secrecy::SecretString;

use self::reader::Reader;
pub use self::{
    proxies::Proxies,
    settings::{SETTINGS, Setting},
};

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
    /// Address of the terms that people accept, in which `{language}` stands for the reader's.
    pub terms_url: Option<String>,
    /// Version of those terms.
    pub terms_version: String,
    /// Origins besides our own whose pages may call us.
    pub allowed_origins: Vec<String>,
    /// Whose X-Forwarded-For counts.
    pub trusted_proxies: Proxies,
    /// Filter of what is logged; `None` leaves it to the command.
    pub log: Option<String>,
    /// Address of what is counted; `None` serves it nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Address of a collector of traces, without a trailing slash; `None` makes none.
    pub traces: Option<String>,
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
    pub mail_from: Mailbox,
    /// Object storage.
    pub storage: Storage,
}

impl Config {
    /// Reads the environment and, for what it does not set, the TOML file `file`. Says all that is wrong at once.
    pub fn read(file: Option<&Path>) -> Result<Self, String> {
        let mut values = file.map(values_of).transpose()?.unwrap_or_default();
        for name in names() {
            if let Ok(value) = std::env::var(name) {
                values.insert(name.to_owned(), value);
            }
        }
        let ours = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_meant_for_us(name));
        check_known(ours)?;
        Self::from_values(values)
    }

    /// Reads the TOML file `file` alone: the settings of another site.
    pub fn of_file(file: &Path) -> Result<Self, String> {
        Self::from_values(values_of(file)?)
    }

    /// Checks settings given by name.
    pub fn from_values(values: BTreeMap<String, String>) -> Result<Self, String> {
        let mut reader = Reader::new(values);
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
        let storage = reader.storage(listen);
        let metrics_listen = reader.metrics_listen(listen, &storage);
        let config = Self {
            media_address_life: reader.seconds("LYCEUM_MEDIA_ADDRESS_LIFE", 1..=300, "300"),
            pages_url: reader.pages_url(&public_url),
            public_url,
            site_name: reader.text("LYCEUM_SITE_NAME", "Lyceum"),
            sign_up: reader.choice("LYCEUM_SIGN_UP", &[("vetted", SignUpPolicy::Vetted), ("open", SignUpPolicy::Open)]),
            terms_url: reader.url("LYCEUM_TERMS_URL", &["http", "https"]),
            terms_version: reader.terms_version(),
            allowed_origins: reader.origins(),
            trusted_proxies: reader.proxies(),
            log: reader.log(),
            metrics_listen,
            traces: reader.url("OTEL_EXPORTER_OTLP_ENDPOINT", &["http"]).map(|url| url.trim_end_matches('/').to_owned()),
            transcodes: reader.choice("LYCEUM_TRANSCODE", &[("on", true), ("off", false)]),
            introspection: reader.choice("LYCEUM_INTROSPECTION", &[("on", true), ("off", false)]),
            database: reader.database(&data),
            smtp: reader.url("SMTP_URL", &["smtp", "smtps"]).map(SecretString::from),
            mail_from: reader.parsed("LYCEUM_MAIL_FROM", "Lyceum <no-reply@localhost>"),
            storage,
            redis: redis.map(SecretString::from),
            secret: secret.map(SecretString::from),
            listen,
            data,
        };
        reader.done(config)
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

    /// Whether only this machine can use the address that people are to use.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let Ok(url) = self.public_url.parse::<http::Uri>() else { return false };
        let host = url.host().unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
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

    /// Whether all that the site has is embedded.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        let has_engines = matches!(self.database, DatabaseUrl::Postgres(_)) || matches!(self.storage, Storage::S3 { .. });
        self.is_single_node() && !has_engines
    }

    /// The file of the secret that is made where no setting has one.
    #[must_use]
    pub fn secret_file(&self) -> PathBuf {
        self.data.join("secret")
    }

    /// Makes the folder of what is embedded, where it is missing, for nobody else on this machine: there are mails in it whose
    /// links let people in.
    pub fn make_folder(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.data)
    }
}

/// Whether a variable of the environment would be a setting by its name: a slip in it is said and not passed over. Those that
/// options of the command line have too, and those of the tests, are read elsewhere.
fn is_meant_for_us(name: &str) -> bool {
    name.starts_with("LYCEUM_") && !name.starts_with("LYCEUM_TEST_") && !OPTIONS.contains(&name)
}

/// Variables of the environment that stand for options of the command line.
const OPTIONS: [&str; 3] = ["LYCEUM_CONFIG", "LYCEUM_ADMIN_EMAIL", "LYCEUM_ADMIN_PASSWORD"];

/// Names of all settings.
fn names() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().flat_map(|(names, ..)| names.split(", "))
}

/// That each of `given` is a setting.
fn check_known(mut given: impl Iterator<Item = String>) -> Result<(), String> {
    let unknown = given.find(|name| !names().any(|known| known == name));
    unknown.map_or(Ok(()), |unknown| Err(format!("{unknown}: no such setting; see --help")))
}

/// What a TOML file sets.
fn values_of(file: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(file).map_err(|err| format!("{}: {err}", file.display()))?;
    let values: BTreeMap<String, String> =
        toml::from_str(&text).map_err(|err| format!("{}: every setting is NAME = \"text\": {err}", file.display()))?;
    check_known(values.keys().cloned())?;
    Ok(values)
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
            ("LYCEUM_ALLOWED_ORIGINS", "https://a.example, *, https://b.example/path"),
            ("LYCEUM_TRUSTED_PROXIES", "10.0.0.2, 10.0.0.0/33"),
            ("LYCEUM_LOG", "a=b=c"),
            ("LYCEUM_METRICS_LISTEN", "9100"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"),
            ("LYCEUM_MEDIA_ADDRESS_LIFE", "301"),
            ("LYCEUM_MAIL_FROM", "nobody"),
        ])
        .expect_err("it is all wrong");
        for name in [
            "LYCEUM_LISTEN",
            "DATABASE_URL",
            "LYCEUM_SECRET",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "LYCEUM_SIGN_UP",
            "LYCEUM_ALLOWED_ORIGINS has \"*\"",
            "LYCEUM_ALLOWED_ORIGINS has \"https://b.example/path\"",
            "LYCEUM_TRUSTED_PROXIES has \"10.0.0.0/33\"",
            "LYCEUM_LOG",
            "LYCEUM_METRICS_LISTEN",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "LYCEUM_MEDIA_ADDRESS_LIFE",
            "LYCEUM_MAIL_FROM",
        ] {
            assert!(wrong.contains(name), "{name} is missing in:\n{wrong}");
        }
    }

    #[test]
    fn the_api_and_object_storage_listen_on_addresses_of_their_own() {
        let both = [("LYCEUM_LISTEN", "127.0.0.1:8001")];
        assert!(config(&both).expect_err("it is that of object storage").starts_with("LYCEUM_MEDIA_LISTEN"));
        for taken in ["127.0.0.1:8000", "127.0.0.1:8001"] {
            let wrong = config(&[("LYCEUM_METRICS_LISTEN", taken)]).expect_err("it is taken");
            assert!(wrong.starts_with("LYCEUM_METRICS_LISTEN"), "{wrong}");
        }
        let any = ["LYCEUM_LISTEN", "LYCEUM_MEDIA_LISTEN", "LYCEUM_METRICS_LISTEN"].map(|name| (name, "127.0.0.1:0"));
        assert!(config(&any).is_ok());
    }

    #[test]
    fn what_only_this_machine_can_use_is_local() {
        let is_local = |url: &str| config(&[("LYCEUM_PUBLIC_URL", url)]).expect("it holds").is_local();
        assert!(is_local("") && is_local("http://localhost:8000") && is_local("http://[::1]:8000") && is_local("http://[::1]"));
        for others in
            ["https://learn.example.org", "http://0.0.0.0:8000", "http://127.example.org", "http://localhost.example.org"]
        {
            assert!(!is_local(others), "{others}");
        }
    }

    #[test]
    fn a_variable_that_looks_like_a_setting_is_one() {
        assert!(is_meant_for_us("LYCEUM_SINGUP"));
        for other in ["LYCEUM_TEST_REDIS_URL", "LYCEUM_CONFIG", "PATH"] {
            assert!(!is_meant_for_us(other), "{other}");
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
