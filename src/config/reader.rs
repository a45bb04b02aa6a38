//! Reading settings and saying what is wrong with them.

use std::{
    collections::BTreeMap, fmt::Write as _, net::SocketAddr, ops::RangeInclusive, path::Path, str::FromStr, time::Duration,
};

use secrecy::SecretString;
use tracing_subscriber::EnvFilter;

use super::{DatabaseUrl, Proxies, Storage, proxies};

/// Reads settings one by one and collects what is wrong with them.
pub(super) struct Reader {
    values: BTreeMap<String, String>,
    wrong: String,
}

impl Reader {
    pub(super) fn new(values: BTreeMap<String, String>) -> Self {
        Self { values, wrong: String::new() }
    }

    /// `config`, or all that was wrong with the settings it was made of.
    pub(super) fn done<T>(self, config: T) -> Result<T, String> {
        if self.wrong.is_empty() { Ok(config) } else { Err(self.wrong.trim_end().to_owned()) }
    }

    pub(super) fn refuse(&mut self, name: &str, why: impl std::fmt::Display) {
        let _ = writeln!(self.wrong, "{name} {why}");
    }

    pub(super) fn given(&mut self, name: &str) -> Option<String> {
        self.values.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn text(&mut self, name: &str, default: &str) -> String {
        self.given(name).unwrap_or_else(|| default.to_owned())
    }

    pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, name: &str, default: &str) -> T {
        let value = self.text(name, default);
        value.parse().unwrap_or_else(|err| {
            self.refuse(name, format!("is \"{value}\": {err}; an example is {default}"));
            default.parse().unwrap_or_else(|_| unreachable!("defaults can be read"))
        })
    }

    pub(super) fn seconds(&mut self, name: &str, range: RangeInclusive<u64>, default: &str) -> Duration {
        let seconds: u64 = self.parsed(name, default);
        if !range.contains(&seconds) {
            self.refuse(name, format!("must be from {} to {} seconds", range.start(), range.end()));
        }
        Duration::from_secs(seconds)
    }

    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let value = self.text(name, "");
        value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn metrics_listen(&mut self, api: SocketAddr, storage: &Storage) -> Option<SocketAddr> {
        let name = "LYCEUM_METRICS_LISTEN";
        self.given(name)?;
        let listen: SocketAddr = self.parsed(name, "127.0.0.1:9100");
        let media = if let Storage::Embedded { listen, .. } = storage { Some(*listen) } else { None };
        for (other, taken) in [("LYCEUM_LISTEN", Some(api)), ("LYCEUM_MEDIA_LISTEN", media)] {
            if taken == Some(listen) && listen.port() != 0 {
                self.refuse(name, format!("is {listen}, which {other} has: give it another"));
            }
        }
        Some(listen)
    }

    pub(super) fn proxies(&mut self) -> Proxies {
        let name = "LYCEUM_TRUSTED_PROXIES";
        let parts = self.list(name);
        parts.iter().filter_map(|part| proxies::range(part).map_err(|why| self.refuse(name, why)).ok()).collect()
    }

    pub(super) fn origins(&mut self) -> Vec<String> {
        let mut origins = Vec::new();
        for part in self.list("LYCEUM_ALLOWED_ORIGINS") {
            let origin = part.trim_end_matches('/');
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', '?', '#'])) {
                origins.push(origin.to_owned());
            } else {
                self.refuse("LYCEUM_ALLOWED_ORIGINS", format!("has \"{part}\"; an origin is such as https://front.example"));
            }
        }
        origins
    }

    pub(super) fn log(&mut self) -> Option<String> {
        let filter = self.given("LYCEUM_LOG")?;
        if let Err(err) = EnvFilter::try_new(&filter) {
            self.refuse("LYCEUM_LOG", format!("is \"{filter}\": {err}; an example is warn,lyceum=info"));
        }
        Some(filter)
    }

    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> T {
        let value = self.text(name, choices[0].0);
        if let Some((_, choice)) = choices.iter().find(|(known, _)| *known == value) {
            *choice
        } else {
            let known: Vec<_> = choices.iter().map(|(known, _)| *known).collect();
            self.refuse(name, format!("is \"{value}\"; it may be {}", known.join(" or ")));
            choices[0].1
        }
    }

    pub(super) fn url(&mut self, name: &str, schemes: &[&str]) -> Option<String> {
        let value = self.given(name)?;
        let known = schemes.iter().any(|scheme| value.strip_prefix(scheme).is_some_and(|rest| rest.starts_with("://")));
        if !known {
            self.refuse(name, format!("must begin with {}://", schemes.join(":// or ")));
        }
        Some(value)
    }

    pub(super) fn public_url(&mut self, listen: SocketAddr) -> String {
        let url = self.url("LYCEUM_PUBLIC_URL", &["http", "https"]);
        let url = url.map(|url| url.trim_end_matches('/').to_owned());
        if url.as_ref().is_some_and(|url| url.matches('/').count() > 2) {
            self.refuse("LYCEUM_PUBLIC_URL", "must have no path");
        }
        url.unwrap_or_else(|| format!("http://{listen}"))
    }

    pub(super) fn pages_url(&mut self, public_url: &str) -> String {
        let url = self.url("LYCEUM_PAGES_URL", &["http", "https"]);
        if url.as_ref().is_some_and(|url| url.contains(['?', '#'])) {
            self.refuse("LYCEUM_PAGES_URL", "must have neither a query nor a fragment");
        }
        let url = url.unwrap_or_else(|| format!("{public_url}/demo"));
        format!("{}/", url.trim_end_matches('/'))
    }

    pub(super) fn terms_version(&mut self) -> String {
        let version = self.text("LYCEUM_TERMS_VERSION", "2026-11-01");
        if version.chars().count() > 50 || version.chars().any(char::is_control) {
            self.refuse("LYCEUM_TERMS_VERSION", "must have at most 50 characters, in one line");
        }
        version
    }

    pub(super) fn database(&mut self, data: &Path) -> DatabaseUrl {
        let embedded = DatabaseUrl::Sqlite(data.join("lyceum.sqlite"));
        let Some(url) = self.given("DATABASE_URL") else { return embedded };
        url.parse().unwrap_or_else(|err| {
            self.refuse("DATABASE_URL", err);
            embedded
        })
    }

    pub(super) fn storage(&mut self, api: SocketAddr) -> Storage {
        let public_endpoint = self.url("S3_PUBLIC_ENDPOINT", &["http", "https"]);
        let Some(bucket) = self.given("S3_BUCKET") else {
            let listen: SocketAddr = self.parsed("LYCEUM_MEDIA_LISTEN", "127.0.0.1:8001");
            if listen == api && listen.port() != 0 {
                self.refuse("LYCEUM_MEDIA_LISTEN", format!("is {listen}, which LYCEUM_LISTEN has: give it another"));
            }
            return Storage::Embedded { listen, public: public_endpoint };
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
