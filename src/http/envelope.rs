//! What holds for every request: an id, a time limit, a log line, security headers, CORS; and an answer in JSON, also when
//! a route panics or does not exist.

use std::{
    hash::{BuildHasher as _, RandomState},
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Instant,
};

use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header, request::Parts};
use hyper::body::Incoming;
use poem::{Endpoint, IntoResponse, Request, Response};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{
    LIMIT, origin,
    overload::{Admission, Overload},
    refusing::Refused,
    server::{Answer, ConnectionInfo, Service},
};
use crate::{app::App, metrics, traces};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Headers that every answer has unless its route sets them itself.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];
const ONLY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The id of a request, which its answer and all its log lines carry.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Name of the operation that was executed, for the log.
#[derive(Clone, Debug)]
pub struct OperationName(pub String);

/// Makes ids of requests that tell nothing and do not come twice, and asks the system for none of them.
#[derive(Default)]
struct Ids {
    keys: RandomState,
    next: AtomicU64,
}

impl Ids {
    fn next(&self) -> String {
        let number = self.next.fetch_add(1, Relaxed);
        let half = |which: u8| self.keys.hash_one((number, which));
        Uuid::from_u64_pair(half(0), half(1)).simple().to_string()
    }
}

/// Around all routes.
pub struct Envelope<E> {
    app: App,
    ids: Ids,
    overload: Overload,
    routes: E,
}

impl<E: Endpoint> Envelope<E> {
    /// Around `routes`, which those whom `overload` refuses do not come to.
    pub fn new(app: App, overload: Overload, routes: E) -> Self {
        Self { app, ids: Ids::default(), overload, routes }
    }

    /// Answers a request under its id, and writes its line of the log.
    async fn serve(&self, mut request: Request, id: &str, begun: Instant) -> Response {
        let (method, path) = (request.method().clone(), loggable(request.uri().path()));
        request.set_data(RequestId(id.to_owned()));
        let span = tracing::info_span!("request", id);
        let traced = traces::request(&method, route(request.uri().path()), id, request.headers());
        let response = self.respond(request).instrument(traced.clone()).instrument(span.clone()).await;
        traced.record("http.response.status_code", response.status().as_u16());
        span.in_scope(|| {
            let operation = response.data::<OperationName>().map(|name| name.0.as_str());
            let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(%method, path, operation, status = response.status().as_u16(), ms = milliseconds, "answered");
        });
        response
    }

    async fn respond(&self, request: Request) -> Response {
        let hosts = request.headers().get_all(header::HOST).iter().count();
        if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
            // RFC 9112, 3.2: whom such a request is for, two servers in a row may read differently.
            return Refused::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "Send one Host header.").into_response();
        }
        if let Some(response) = origin::preflight(&request) {
            return response;
        }
        let answered = AssertUnwindSafe(self.routes.call(request)).catch_unwind();
        match tokio::time::timeout(LIMIT, answered).await {
            Ok(Ok(Ok(response))) => response.into_response(),
            Ok(Ok(Err(error))) => Refused::from(error).into_response(),
            Ok(Err(_)) => {
                tracing::error!("a route panicked");
                Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Something went wrong on our side.")
                    .into_response()
            }
            Err(_) => Refused::unavailable("answer").into_response(),
        }
    }

    fn add_headers(&self, headers: &mut HeaderMap, id: &str, origin: Option<HeaderValue>) {
        for (name, value) in HEADERS {
            headers.entry(name).or_insert(value);
        }
        if self.app.config.is_https() {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_HTTPS);
        }
        if let Ok(id) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, id);
        }
        if !self.app.config.allowed_origins.is_empty() {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        if let Some(origin) = origin {
            origin::open_to(origin, headers);
        }
    }
}

impl<E: Endpoint + 'static> Service for Envelope<E> {
    async fn answer(&self, head: Parts, body: Incoming, connection: &ConnectionInfo) -> Answer {
        let begun = Instant::now();
        let id = self.ids.next();
        let route = route(head.uri.path());
        let origin = origin::allowed(&self.app.config, &head.headers);
        let mut answer = match self.overload.admit(&head, body).await {
            Admission::Refused(answer) => answer,
            // Boxed, so that one that is refused does not take the memory of one that is served.
            Admission::Admitted(body) => Box::pin(self.serve(connection.request(head, body), &id, begun)).await.into(),
        };
        self.add_headers(answer.headers_mut(), &id, origin);
        let labels = metrics::Request { route, status: answer.status().as_u16() };
        self.app.metrics.requests.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
        answer
    }
}

/// What a path leads to, for the counts.
fn route(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("graphql") => "graphql",
        Some("media") => "media",
        Some("health") => "health",
        _ => "other",
    }
}

/// A path as the log may have it: addresses of media, calendars, certificates and reports let whoever reads them have those, and
/// those of badges hold codes.
fn loggable(path: &str) -> String {
    let secret =
        ["/media/", "/calendar/", "/certificates/", "/badges/", "/reports/"].into_iter().find(|secret| path.starts_with(secret));
    secret.map_or_else(|| path.chars().take(200).collect(), |secret| format!("{secret}…"))
}

#[cfg(test)]
mod tests {
    use super::loggable;

    #[test]
    fn no_address_that_gives_something_to_whoever_has_it_is_in_the_log() {
        for path in ["/media/a/b.m3u8", "/calendar/a.ics", "/certificates/a", "/badges/a/b/status", "/reports/a"] {
            let (start, _) = path[1..].split_once('/').expect("a path");
            assert_eq!(loggable(path), format!("/{start}/…"));
        }
        assert_eq!(loggable("/health/live"), "/health/live");
    }
}
