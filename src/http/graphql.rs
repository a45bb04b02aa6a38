//! GraphQL over HTTP (<https://graphql.github.io/graphql-over-http/draft/>, with 400 rather than 422 for requests that are
//! refused, as the audits of graphql-http have it).

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use async_graphql::{Executor, parser::types::OperationType};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, Request, RequestParts, Response, endpoint};
use tracing::Instrument as _;

use super::{
    Shared,
    asked::Asked,
    compressing, counting,
    counting::Counting,
    envelope::{OperationName, RequestId},
    limiting::Allowance,
    negotiation::{self, Media},
    origin,
    refusing::Refused,
    session::{self, Credential},
    websocket,
};
use crate::{
    app::App,
    graphql::{
        answer::{Answer, Outcome, Refusal},
        context::Asker,
        document::Operation,
        parameters::Parameters,
    },
    viewer::Viewer,
};

/// A header that makes browsers ask us first, so that pages of other sites can't send it.
const PREFLIGHT: HeaderName = HeaderName::from_static("graphql-require-preflight");

/// The endpoint.
pub struct GraphQl<E>(pub Arc<Shared<E>>);

impl<E: Executor> Endpoint for GraphQl<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if websocket::is_asked_for(request.headers()) {
            return Ok(websocket::upgrade(&self.0, &request).unwrap_or_else(Refused::into_response));
        }
        let id = request.data::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let peer = request.remote_addr().as_socket_addr().map(SocketAddr::ip);
        let (head, body) = request.into_parts();
        let Some(media) = negotiation::accepted(&head.headers) else {
            let message = "Accept application/graphql-response+json or application/json.";
            return Ok(Refused::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message).into_response());
        };
        let metrics = &self.0.app.metrics;
        Ok(match self.answer(&head, peer, body, &id).await {
            Ok((answer, allowance, name)) => {
                counting::errors(metrics, &answer);
                let mut response = respond(&head.headers, media, answer);
                tell(&mut response, allowance, name);
                response
            }
            Err(Failure::Request(refused)) => refused.into_response(),
            Err(Failure::Document(refusal)) => {
                let answer = refusal.into();
                counting::errors(metrics, &answer);
                respond(&head.headers, media, answer)
            }
        })
    }
}

/// An answer, what is left of the viewer's allowance, and the operation's name.
type Answered = (Answer, Option<Allowance>, Option<String>);

/// Why there is no answer.
enum Failure {
    /// The HTTP request is wrong.
    Request(Refused),
    /// It is well-formed, but what it asks for is wrong.
    Document(Refusal),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Request(refused)
    }
}

impl<E: Executor> GraphQl<E> {
    async fn answer(&self, head: &RequestParts, peer: Option<IpAddr>, body: Body, id: &str) -> Result<Answered, Failure> {
        let address = || session::visitor(&self.0.app.config, &head.headers, peer).address;
        let asked = Asked::read(head, body, &self.0.room, address).await?;
        // Before anything is parsed or looked up: those who are sent away must cost little.
        let place = self.0.operations.place().ok_or_else(Refused::busy)?;
        let parameters = asked.parameters()?;
        let _turn = place.turn().await.ok_or_else(Refused::busy)?;
        // Boxed, so that a request that waits or is sent away does not take the memory of one that is executed.
        Box::pin(self.execute(parameters, head, peer, id)).await
    }

    async fn execute(
        &self,
        parameters: Parameters,
        head: &RequestParts,
        peer: Option<IpAddr>,
        id: &str,
    ) -> Result<Answered, Failure> {
        let Shared { app, executor, documents, limits, .. } = &*self.0;
        let operation = documents.prepare(parameters).await.map_err(Failure::Document)?;
        let counting = Counting::begin(&operation);
        let Operation { request, kind, name, .. } = operation;
        let is_get = head.method == Method::GET;
        if is_get && kind != OperationType::Query {
            return Err(Refused::method("POST", "Only queries may use GET.").into());
        }
        let viewer = self.viewer(&head.headers, peer, is_get).await?;
        let allowance = match limits.take(&viewer).await {
            Ok(allowance) => allowance,
            Err(none) => return Ok((Answer::limited(none.wait), Some(none), name)),
        };
        let running = app.metrics.running.take();
        let response = executor.execute(request.data(Asker::new(app.clone(), viewer))).instrument(counting.span.clone()).await;
        drop(running);
        let answer = Answer::new(response, id);
        counting.end(&app.metrics, &answer);
        Ok((answer, allowance, name))
    }

    async fn viewer(&self, headers: &HeaderMap, peer: Option<IpAddr>, is_get: bool) -> Result<Viewer, Refused> {
        let app = &self.0.app;
        let visitor = session::visitor(&app.config, headers, peer);
        let Some(credential) = Credential::of(&app.config, headers) else { return Ok(visitor) };
        let is_asked_first = is_get && headers.contains_key(PREFLIGHT);
        if credential.by_cookie && !is_asked_first && !origin::may_use_cookie(&app.config, headers) {
            let message = "A request with a cookie must come from a page of this site or of an allowed origin.";
            return Err(Refused::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
        }
        credential.sign_in(app, visitor).await.map_err(|err| {
            tracing::warn!(?err, "a session can't be looked up");
            Refused::unavailable("session store")
        })
    }
}

fn respond(asked: &HeaderMap, media: Media, answer: Answer) -> Response {
    let (status, retry) = match answer.outcome() {
        Outcome::Executed => (StatusCode::OK, None),
        Outcome::Refused if media == Media::Json => (StatusCode::OK, None),
        Outcome::Refused => (StatusCode::BAD_REQUEST, None),
        Outcome::Limited(seconds) => (StatusCode::TOO_MANY_REQUESTS, Some(seconds)),
        Outcome::Unavailable(seconds) => (StatusCode::SERVICE_UNAVAILABLE, Some(seconds)),
    };
    let body = serde_json::to_vec(&answer).unwrap_or_default();
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media.content_type())
        .header(header::VARY, "accept")
        .finish();
    if let Some(seconds) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response.headers_mut().extend(answer.headers);
    compressing::with_body(asked, response, body)
}

/// Tells the client what is left (draft-ietf-httpapi-ratelimit-headers), and the log what was asked.
fn tell(response: &mut Response, allowance: Option<Allowance>, name: Option<String>) {
    if let Some(Allowance { most, left, wait }) = allowance {
        let values = [
            ("ratelimit-policy", format!("\"operations\";q={most};w=60")),
            ("ratelimit", format!("\"operations\";r={left};t={wait}")),
        ];
        for (header, value) in values {
            response.headers_mut().extend(HeaderValue::from_str(&value).map(|value| (HeaderName::from_static(header), value)));
        }
    }
    if let Some(name) = name {
        response.extensions_mut().insert(OperationName(name));
    }
}

/// `/schema.graphql`: the schema as text, unless introspection is closed.
pub fn sdl(app: &App) -> impl Endpoint<Output = Response> + use<> {
    let text = app.config.introspection.then(|| Bytes::from(crate::graphql::sdl()));
    endpoint::make_sync(move |request: Request| match &text {
        None => Refused::from(poem::Error::from_status(StatusCode::NOT_FOUND)).into_response(),
        Some(text) => {
            let response = Response::builder().content_type("text/plain; charset=utf-8").finish();
            compressing::with_body(request.headers(), response, text.clone())
        }
    })
}
