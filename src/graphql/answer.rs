//! What goes back to the client. Errors have a code or are masked here: nothing leaves that was not meant to.

use std::collections::BTreeMap;

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};
use serde::Serialize;

/// Errors of one answer that are sent.
const MOST_ERRORS: usize = 20;
/// Seconds after which a client may try again what could not be reached.
const RETRY: u64 = 1;

/// Why a request is not executed at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: &'static str,
    /// For developers, in English.
    pub message: String,
    /// Where in the document.
    pub at: Option<Pos>,
}

impl Refusal {
    /// A refusal with a code.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), at: None }
    }

    /// The parameters can't be read.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new("BAD_REQUEST", message)
    }
}

/// What an answer means for the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was executed, at least in part.
    Executed,
    /// It was not executed: there is no `data`.
    Refused,
    /// All of it was refused by a limit; try again after so many seconds.
    Limited(u64),
    /// All of it failed since something can't be reached; try again after so many seconds.
    Unavailable(u64),
}

/// A GraphQL response, ready to be written as JSON.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// Errors; left out when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ServerError>,
    /// Data; left out when the request was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: BTreeMap<String, Value>,
    /// Headers that resolvers set.
    #[serde(skip)]
    pub headers: http::HeaderMap,
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let mut error = ServerError::new(refusal.message, refusal.at);
        set_code(&mut error, refusal.code);
        Self { errors: vec![error], ..Self::default() }
    }
}

impl Answer {
    /// Of an executed request; `request_id` is what a person can report.
    #[must_use]
    pub fn new(response: Response, request_id: &str) -> Self {
        let Response { mut errors, data, extensions, http_headers, .. } = response;
        let refused = !errors.is_empty()
            && (data == Value::Null && errors.iter().all(|error| error.path.is_empty())
                || is_nothing(&data) && errors.iter().all(is_about_an_input_value));
        errors.truncate(MOST_ERRORS);
        for error in &mut errors {
            mask(error, refused, request_id);
        }
        Self { errors, data: (!refused).then_some(data), extensions, headers: http_headers }
    }

    /// For a viewer who sends too much, and may go on in so many seconds.
    #[must_use]
    pub fn limited(seconds: u64) -> Self {
        let mut answer = Self::from(Refusal::new("RATE_LIMITED", format!("Too many requests; try again in {seconds} s.")));
        for error in &mut answer.errors {
            error.extensions.get_or_insert_default().set("retryAfterSeconds", seconds);
        }
        answer
    }

    /// For a fault that has no other answer.
    #[must_use]
    pub fn internal(request_id: &str) -> Self {
        let mut error = ServerError::new("", None);
        make_internal(&mut error, request_id);
        Self { errors: vec![error], ..Self::default() }
    }

    /// The codes of its errors.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.errors.iter().filter_map(code_of)
    }

    /// Whether nothing was executed.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.data.is_none()
    }

    /// What it means for the transport.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let nothing = self.data.as_ref().is_none_or(is_nothing);
        let all = |code: &str| nothing && !self.errors.is_empty() && self.errors.iter().all(|error| code_of(error) == Some(code));
        if all("RATE_LIMITED") {
            Outcome::Limited(self.wait())
        } else if all("UNAVAILABLE") {
            Outcome::Unavailable(self.wait())
        } else if self.is_refusal() {
            Outcome::Refused
        } else {
            Outcome::Executed
        }
    }

    /// The longest wait that an error names, in seconds.
    fn wait(&self) -> u64 {
        let waits = self.errors.iter().filter_map(|error| match error.extensions.as_ref()?.get("retryAfterSeconds")? {
            Value::Number(seconds) => seconds.as_u64(),
            _ => None,
        });
        waits.max().unwrap_or(RETRY)
    }
}

fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

fn set_code(error: &mut ServerError, code: &str) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code);
}

/// Gives `error` a code if it has none. What the engine itself says of a document or an input value may be shown; all
/// else that has no code was not meant for clients.
fn mask(error: &mut ServerError, refused: bool, request_id: &str) {
    match code_of(error) {
        Some("INTERNAL_SERVER_ERROR") => make_internal(error, request_id),
        Some(_) => {}
        None if is_about_an_input_value(error) => set_code(error, "BAD_USER_INPUT"),
        None if refused => set_code(error, "GRAPHQL_VALIDATION_FAILED"),
        None => {
            tracing::error!(error = error.message, "an error without a code");
            make_internal(error, request_id);
        }
    }
}

/// The engine's two ways to say that a value does not fit its type (`async_graphql::InputValueError`). It finds out when it
/// comes to the field; by the specification ("Coercing Variable Values") such a request is refused as a whole.
fn is_about_an_input_value(error: &ServerError) -> bool {
    let message = &error.message;
    code_of(error).is_none() && (message.starts_with("Failed to parse \"") || message.starts_with("Expected input type \""))
}

/// Whether no field at the root has a value.
fn is_nothing(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Object(fields) => fields.values().all(|field| *field == Value::Null),
        _ => false,
    }
}

fn make_internal(error: &mut ServerError, request_id: &str) {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", "INTERNAL_SERVER_ERROR");
    extensions.set("requestId", request_id);
    "Something went wrong on our side.".clone_into(&mut error.message);
    error.extensions = Some(extensions);
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    fn failed(message: &str, code: Option<&str>) -> ServerError {
        let mut error = ServerError::new(message, None).with_path(vec![PathSegment::Field("a".into())]);
        if let Some(code) = code {
            set_code(&mut error, code);
        }
        error
    }

    fn json(answer: &Answer) -> String {
        serde_json::to_string(answer).expect("an answer is JSON")
    }

    #[test]
    fn an_error_without_a_code_says_nothing() {
        let answer = Answer::new(Response::from_errors(vec![failed("postgres://user:secret@db", None)]), "r1");
        assert_eq!(
            json(&answer),
            r#"{"errors":[{"message":"Something went wrong on our side.","path":["a"],"extensions":{"code":"INTERNAL_SERVER_ERROR","requestId":"r1"}}],"data":null}"#
        );
    }

    #[test]
    fn a_refused_request_has_no_data() {
        let answer = Answer::from(Refusal::new("GRAPHQL_PARSE_FAILED", "It is broken."));
        assert_eq!(json(&answer), r#"{"errors":[{"message":"It is broken.","extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}"#);
        assert_eq!(answer.outcome(), Outcome::Refused);
    }

    #[test]
    fn only_what_failed_whole_is_unavailable() {
        let data = |fields: &str| super::super::json::parse(fields.as_bytes()).expect("JSON");
        let response = |fields: &str| {
            let mut response = Response::new(data(fields));
            response.errors.push(failed("away", Some("UNAVAILABLE")));
            response
        };
        assert_eq!(Answer::new(response(r#"{"a":null}"#), "r").outcome(), Outcome::Unavailable(1));
        assert_eq!(Answer::new(response(r#"{"a":null,"b":1}"#), "r").outcome(), Outcome::Executed);
    }
}
