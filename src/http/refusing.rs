//! Refusals below GraphQL, in the form of a GraphQL response, so that clients read all errors alike.

use http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Error, Response};

use crate::{
    error::Error as Failure,
    graphql::answer::{Answer, Refusal},
};

/// A refused request.
#[derive(Debug)]
pub struct Refused {
    /// Status of the answer.
    pub status: StatusCode,
    /// Why.
    pub refusal: Refusal,
    /// A header of the answer.
    pub header: Option<(HeaderName, &'static str)>,
}

impl Refused {
    /// With a status, a code and a message.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, refusal: Refusal::new(code, message), header: None }
    }

    /// The method does not fit; `allow` are those that do.
    pub fn method(allow: &'static str, message: &str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message).with(header::ALLOW, allow)
    }

    /// Something can't be reached now.
    pub fn unavailable(what: &str) -> Self {
        let message = format!("The {what} can't be reached now; try again.");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message).with(header::RETRY_AFTER, "1")
    }

    /// More ask than there is room for.
    pub fn busy() -> Self {
        let message = "The server has more to do than it can just now; try again in a second.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message).with(header::RETRY_AFTER, "1")
    }

    /// What an operation said went wrong while `what` was to be served; `missing` is told of what is not there.
    pub fn failed(error: &Failure, what: &str, missing: &str) -> Self {
        match error {
            Failure::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", missing),
            Failure::Unavailable(what) => Self::unavailable(what),
            error => {
                tracing::error!(?error, what, "can't be served");
                Self::ours(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    /// A fault of ours, of which the log says more.
    fn ours(status: StatusCode) -> Self {
        Self::new(status, "INTERNAL_SERVER_ERROR", "Something went wrong on our side.")
    }

    /// With a header.
    pub fn with(self, name: HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// The answer.
    pub fn into_response(self) -> Response {
        let body = serde_json::to_vec(&Answer::from(self.refusal)).unwrap_or_default();
        let mut response = Response::builder().status(self.status).content_type("application/json; charset=utf-8").body(body);
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// What a route said went wrong. Its own text is for us only.
impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error.status() {
            StatusCode::NOT_FOUND => Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => Self::method("GET, HEAD", "This method is not for this address."),
            status if status.is_client_error() => Self::new(status, "BAD_REQUEST", "The request can't be understood."),
            status => {
                tracing::error!(error = %error, "a route failed");
                Self::ours(status)
            }
        }
    }
}
