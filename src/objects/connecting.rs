//! Connecting to a storage: its settings, and the clients with their time limits.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation, StalledStreamProtectionConfig,
};
use aws_sdk_s3::{Client, Config};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use secrecy::{ExposeSecret, SecretString};

use super::embedded::{Embedded, Users};
use super::timing::Timing;
use super::{Inner, Objects};
use crate::metrics;

const CONNECT: Duration = Duration::from_secs(1);
const CONTROL: Duration = Duration::from_secs(5);
/// Longest silence while bytes flow.
const READ_IDLE: Duration = Duration::from_secs(10);
/// Longest transfer of one request, and longest joining of an upload's parts.
const TRANSFER: Duration = Duration::from_mins(10);

pub(super) const EMBEDDED_BUCKET: &str = "lyceum";
const EMBEDDED_ACCESS_KEY: &str = "lyceum";
const EMBEDDED_REGION: &str = "embedded";

/// Where an S3 is, and as whom we use it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address that this process reaches (`AWS_ENDPOINT_URL_S3`); none means AWS in `region`.
    pub endpoint: Option<String>,
    /// Address that browsers reach (`S3_PUBLIC_ENDPOINT`), when it is another one.
    pub public_endpoint: Option<String>,
    /// Region that signatures name.
    pub region: String,
    /// The one bucket in which everything lies.
    pub bucket: String,
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: SecretString,
    /// Whether [`Objects::ensure_bucket`] may create the bucket.
    pub create_bucket: bool,
    /// Web origins whose pages may use presigned addresses; empty means any.
    pub origins: Vec<String>,
}

/// Where the embedded storage keeps its files and listens.
#[derive(Clone, Debug)]
pub struct EmbeddedSettings {
    /// Folder of all objects; made when missing. One process at a time may serve it.
    pub dir: PathBuf,
    /// Address of its listener (`LYCEUM_MEDIA_LISTEN`); port 0 takes a free one.
    pub listen: SocketAddr,
    /// Address that browsers reach, when it is not the listener itself (a proxy that keeps the `Host` header).
    pub public_endpoint: Option<String>,
    /// Key of all signatures. Another one ends every address that was given out.
    pub secret: SecretString,
}

impl Objects {
    /// Clients for a real S3. Sends nothing yet; see [`Objects::ensure_bucket`].
    #[must_use]
    pub fn connect(settings: Settings) -> Self {
        Self::with(settings, None)
    }

    /// Starts the embedded S3 and connects to it.
    ///
    /// # Errors
    /// The folder cannot be made, or the address cannot be bound.
    pub async fn embedded(settings: EmbeddedSettings) -> io::Result<Self> {
        let EmbeddedSettings { dir, listen, public_endpoint, secret } = settings;
        let service = Embedded::start(dir, listen, EMBEDDED_ACCESS_KEY, secret.expose_secret(), Users::One).await?;
        Ok(Self::served(service, public_endpoint, secret))
    }

    /// As [`Objects::embedded`], on a port of its own and beside the process that may be serving the folder: what that one has
    /// half written stays.
    ///
    /// # Errors
    /// The folder cannot be made, or no port is free.
    pub async fn beside(dir: PathBuf, secret: SecretString) -> io::Result<Self> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let service = Embedded::start(dir, any, EMBEDDED_ACCESS_KEY, secret.expose_secret(), Users::Several).await?;
        Ok(Self::served(service, None, secret))
    }

    /// A client of our own S3.
    fn served(service: Embedded, public_endpoint: Option<String>, secret: SecretString) -> Self {
        let client = Settings {
            endpoint: Some(format!("http://{}", reachable(service.address()))),
            public_endpoint,
            region: EMBEDDED_REGION.to_owned(),
            bucket: EMBEDDED_BUCKET.to_owned(),
            access_key: EMBEDDED_ACCESS_KEY.to_owned(),
            secret_key: secret,
            create_bucket: true,
            origins: Vec::new(),
        };
        Self::with(client, Some(service))
    }

    /// The address on which the embedded S3 listens; none for a real one.
    #[must_use]
    pub fn listening(&self) -> Option<SocketAddr> {
        self.0.embedded.as_ref().map(Embedded::address)
    }

    fn with(settings: Settings, embedded: Option<Embedded>) -> Self {
        let inside = config(&settings);
        let outside = match &settings.public_endpoint {
            Some(endpoint) => inside.to_builder().endpoint_url(endpoint).build(),
            None => inside.clone(),
        };
        let timings = metrics::timings();
        let inside = inside.to_builder().interceptor(Timing(timings.clone())).build();
        let transfer = inside.to_builder().timeout_config(limits(TRANSFER)).build();
        Self(Arc::new(Inner {
            control: Client::from_conf(inside),
            transfer: Client::from_conf(transfer),
            public: Client::from_conf(outside),
            bucket: settings.bucket,
            region: settings.region,
            create_bucket: settings.create_bucket,
            origins: settings.origins,
            timings,
            embedded,
        }))
    }
}

fn config(settings: &Settings) -> Config {
    let credentials = Credentials::new(&settings.access_key, settings.secret_key.expose_secret(), None, None, "settings");
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut builder = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(settings.region.clone()))
        .credentials_provider(credentials)
        .http_client(http)
        .force_path_style(true)
        // Storage other than AWS refuses or, worse, stores the trailers of the newer checksums.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .retry_config(RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(200)))
        .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(READ_IDLE).build())
        .timeout_config(limits(CONTROL));
    builder.set_endpoint_url(settings.endpoint.clone());
    builder.build()
}

fn limits(operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT).operation_timeout(operation).build()
}

/// Where to reach a listener that may be bound to every address.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    address
}
