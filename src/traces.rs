//! Traces in the protocol of OpenTelemetry, if `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector: a span for each request,
//! operation and job. Else nothing of it is installed, and a span costs a comparison.
//!
//! Only the spans made here go out, and none of the log: what they hold are ids, names of our own and codes.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry::{Key, KeyValue, propagation::TextMapPropagator as _, trace::TracerProvider as _};
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tokio::{runtime::Handle, time::timeout};
use tracing::{Span, debug_span, field::Empty, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use crate::ids::JobId;

/// By this the spans made here are told from all others.
const TARGET: &str = "lyceum::traces";
/// For the collector to take a batch, and for the last one when the process ends.
const WAIT: Duration = Duration::from_secs(3);
/// Between two words of a collector that does not take them.
const SILENCE: Duration = Duration::from_mins(1);
/// Bytes of a collector's answer.
const LARGEST: usize = 64 << 10;

/// A request. It continues the trace that its `traceparent` (W3C Trace Context) names. Its path stays out: addresses of media
/// hold tickets.
pub fn request(method: &http::Method, route: &'static str, id: &str, headers: &HeaderMap) -> Span {
    let span = debug_span!(
        target: TARGET, "request", otel.name = %format_args!("{method} {route}"), otel.kind = "server",
        http.request.method = %method, http.route = route, request.id = id, http.response.status_code = Empty
    );
    if !span.is_disabled() {
        // Without a parent, or with a broken one, it begins a trace.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(headers)));
    }
    span
}

/// A GraphQL operation. What field it asks for is told when it has been found to be one of ours.
pub fn operation(kind: &'static str) -> Span {
    debug_span!(target: TARGET, "operation", otel.name = kind, graphql.operation.type = kind, field = Empty, error.type = Empty)
}

/// A run of a job.
pub fn job(id: JobId, kind: &str, attempt: i32) -> Span {
    debug_span!(
        target: TARGET, "job", otel.name = %format_args!("job {kind}"), otel.kind = "consumer",
        job.id = %id, job.kind = kind, job.attempt = attempt, job.outcome = Empty
    )
}

/// Sends spans to a collector until it is closed.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// To the collector at `endpoint`, as protobuf over HTTP. The further settings of the standard (`OTEL_SERVICE_NAME`,
    /// `OTEL_TRACES_SAMPLER` and so on) are read by its library.
    pub fn to(endpoint: &str) -> anyhow::Result<Self> {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let client = Sender { client, runtime: Handle::current(), endpoint: endpoint.to_owned(), warned: Mutex::default() };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_endpoint(format!("{endpoint}/v1/traces"))
            .build()
            .with_context(|| format!("OTEL_EXPORTER_OTLP_ENDPOINT: {endpoint}"))?;
        Ok(Self(SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter).build()))
    }

    /// What takes the spans made here, and nothing else.
    pub fn layer<S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync>(&self) -> impl Layer<S> + Send + Sync {
        let ours = filter_fn(|about| about.is_span() && about.target() == TARGET).with_max_level_hint(LevelFilter::DEBUG);
        let layer = tracing_opentelemetry::layer().with_tracer(self.0.tracer("lyceum"));
        layer.with_location(false).with_threads(false).with_target(false).with_level(false).with_filter(ours)
    }

    /// Sends what is left.
    pub async fn close(self) {
        // It waits for the runtime to send, and so must not hold up one of its threads.
        let closed = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(WAIT)).await;
        if !matches!(closed, Ok(Ok(()))) {
            tracing::warn!(?closed, "the last traces were not sent");
        }
    }
}

/// Who sends: `lyceum`, unless the settings of the standard say otherwise.
fn resource() -> Resource {
    let told = Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))).build();
    let name = told.get(&Key::new("service.name")).map(|name| name.to_string()).unwrap_or_default();
    let name = if name.starts_with("unknown_service") { "lyceum".to_owned() } else { name };
    let told = told.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    Resource::builder_empty().with_attributes(told).with_service_name(name).build()
}

/// The client that batches are sent with. They come from a thread outside of the runtime, which the client needs.
#[derive(Debug)]
struct Sender {
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Handle,
    endpoint: String,
    /// When it was last said that batches are lost.
    warned: Mutex<Option<Instant>>,
}

impl Sender {
    /// Says why a batch is lost, unless that was just said.
    fn warn(&self, error: impl std::fmt::Display) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.is_none_or(|last| last.elapsed() >= SILENCE) {
            *warned = Some(Instant::now());
            let collector = &self.endpoint;
            tracing::warn!(%error, %collector, "traces are lost: is OTEL_EXPORTER_OTLP_ENDPOINT right, and the collector there?");
        }
    }
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sending = self.client.request(request.map(Full::from));
        let sent = async {
            let (head, body) = sending.await?.into_parts();
            let body = Limited::new(body, LARGEST).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(head, body))
        };
        let sent = self.runtime.spawn(async { timeout(WAIT, sent).await });
        let answer = sent.await?.map_err(HttpError::from).flatten();
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => self.warn(format_args!("it answered {}", answer.status())),
            Err(error) => self.warn(error),
        }
        answer
    }
}
