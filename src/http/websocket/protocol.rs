//! Messages of `graphql-transport-ws`.

use async_graphql::Value;
use serde_json::json;

use crate::graphql::{answer::Answer, json, parameters::Parameters};

/// Name of the subprotocol.
pub const NAME: &str = "graphql-transport-ws";
/// Bytes of the reason in a close frame (RFC 6455, 5.5: 125 with the code).
const REASON: usize = 123;
/// Characters of an operation's id.
const ID: usize = 128;

/// What a client sends.
#[derive(Debug)]
pub enum Incoming {
    /// The first message; with an `Authorization` value if the client has one.
    Init(Option<String>),
    /// To be answered.
    Ping,
    /// The answer to ours.
    Pong,
    /// Begins an operation. What can't be read of it is the operation's own error.
    Subscribe(String, Result<Parameters, Box<Answer>>),
    /// Ends one.
    Complete(String),
}

/// Why a socket is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Close code.
    pub code: u16,
    /// For developers.
    pub reason: String,
}

impl Closing {
    /// With a code, for a reason that is cut to what a close frame holds.
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        let end = (0..=REASON.min(reason.len())).rev().find(|end| reason.is_char_boundary(*end));
        reason.truncate(end.unwrap_or(0));
        Self { code, reason }
    }

    /// The client breaks the protocol.
    pub fn invalid(why: &str) -> Self {
        Self::new(4400, why)
    }
}

/// Reads a message.
pub fn read(text: &str) -> Result<Incoming, Closing> {
    let Ok(Value::Object(mut members)) = json::parse(text.as_bytes()) else {
        return Err(Closing::invalid("A message must be a JSON object"));
    };
    let payload = members.swap_remove("payload");
    let id = members.swap_remove("id");
    match members.swap_remove("type") {
        Some(Value::String(kind)) => incoming(&kind, id, payload),
        _ => Err(Closing::invalid("A message must have a type")),
    }
}

fn incoming(kind: &str, id: Option<Value>, payload: Option<Value>) -> Result<Incoming, Closing> {
    match kind {
        "connection_init" => authorization(payload).map(Incoming::Init),
        "ping" => Ok(Incoming::Ping),
        "pong" => Ok(Incoming::Pong),
        "complete" => Ok(Incoming::Complete(operation_id(id)?)),
        "subscribe" => {
            let payload = payload.ok_or_else(|| Closing::invalid("A subscribe message must have a payload"))?;
            let parameters = Parameters::from_value(payload).map_err(|refusal| Box::new(refusal.into()));
            Ok(Incoming::Subscribe(operation_id(id)?, parameters))
        }
        _ => Err(Closing::invalid("This type of message is not known")),
    }
}

fn operation_id(id: Option<Value>) -> Result<String, Closing> {
    match id {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= ID => Ok(id),
        _ => Err(Closing::invalid("The id of an operation must be a string of 1 to 128 bytes")),
    }
}

/// `authorization` or `Authorization` of the payload of `connection_init`.
fn authorization(payload: Option<Value>) -> Result<Option<String>, Closing> {
    let mut members = match payload {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(Closing::invalid("The payload of connection_init must be an object")),
    };
    match members.swap_remove("authorization").or_else(|| members.swap_remove("Authorization")) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(Closing::invalid("The authorization must be a string")),
    }
}

/// A message without an operation: `connection_ack` or `pong`.
pub fn plain(kind: &str) -> String {
    json!({ "type": kind }).to_string()
}

/// A result of an operation.
pub fn next(id: &str, answer: &Answer) -> String {
    json!({ "id": id, "type": "next", "payload": answer }).to_string()
}

/// The operation was refused; it is over.
pub fn error(id: &str, answer: &Answer) -> String {
    json!({ "id": id, "type": "error", "payload": answer.errors }).to_string()
}

/// The operation is over.
pub fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_into_its_frame() {
        let closing = Closing::invalid(&"ض".repeat(100));
        assert_eq!(closing.reason, "ض".repeat(61));
    }

    #[test]
    fn a_message_that_is_not_of_the_protocol_closes_the_socket() {
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
        ] {
            assert_eq!(read(wrong).expect_err(wrong).code, 4400);
        }
    }

    #[test]
    fn a_token_may_come_with_the_first_message() {
        let first = read(r#"{"type":"connection_init","payload":{"authorization":"Bearer t"}}"#).expect("it is read");
        assert!(matches!(first, Incoming::Init(Some(value)) if value == "Bearer t"));
    }
}
