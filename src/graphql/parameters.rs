//! The parameters of a GraphQL request, from JSON or from an address
//! (<https://graphql.github.io/graphql-over-http/draft/>, "Request Parameters").

use async_graphql::Value;

use super::{answer::Refusal, json};

/// What a client asks to be executed.
#[derive(Debug, Default)]
pub struct Parameters {
    /// The document.
    pub query: String,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// Values of the operation's variables: an object, or null.
    pub variables: Value,
}

impl Parameters {
    /// From the body of a request.
    pub fn from_body(body: &[u8]) -> Result<Self, Refusal> {
        let value = json::parse(body).map_err(|err| Refusal::bad_request(format!("The body is not JSON: {err}.")))?;
        Self::from_value(value)
    }

    /// From the query part of an address.
    pub fn from_query(query: &str) -> Result<Self, Refusal> {
        let mut pairs = Vec::new();
        for (name, text) in query.split('&').filter(|pair| !pair.is_empty()).map(decoded_pair) {
            let value = match name.as_str() {
                "variables" | "extensions" => json::parse(text.as_bytes())
                    .map_err(|err| Refusal::bad_request(format!("The {name} parameter is not JSON: {err}.")))?,
                _ => Value::String(text),
            };
            pairs.push((async_graphql::Name::new(name), value));
        }
        Self::from_value(Value::Object(pairs.into_iter().collect()))
    }

    /// From a JSON value. Batches are not supported.
    pub fn from_value(value: Value) -> Result<Self, Refusal> {
        let Value::Object(mut members) = value else {
            return Err(Refusal::bad_request("Send one JSON object; batches are not supported."));
        };
        let Some(Value::String(query)) = members.swap_remove("query") else {
            return Err(Refusal::bad_request("The query parameter must be a string."));
        };
        let operation_name = match members.swap_remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(Refusal::bad_request("The operationName parameter must be a string.")),
        };
        let mut object = |name: &str| match members.swap_remove(name) {
            None => Ok(Value::Null),
            Some(value @ (Value::Null | Value::Object(_))) => Ok(value),
            Some(_) => Err(Refusal::bad_request(format!("The {name} parameter must be an object."))),
        };
        let variables = object("variables")?;
        let extensions = object("extensions")?;
        if query.is_empty() && matches!(&extensions, Value::Object(given) if given.contains_key("persistedQuery")) {
            return Err(Refusal::new("PERSISTED_QUERY_NOT_FOUND", "Persisted queries are not supported; send the query."));
        }
        Ok(Self { query, operation_name, variables })
    }
}

/// One `name=value` of `application/x-www-form-urlencoded`.
fn decoded_pair(pair: &str) -> (String, String) {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    (decoded(name), decoded(value))
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (escaped, bytes[at]) {
            (Some(byte), _) => {
                out.push(byte);
                at += 2;
            }
            (None, b'+') => out.push(b' '),
            (None, byte) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_carries_parameters() {
        let query = "query=%7B+__typename%20%7D&operationName=A&variables=%7B%22a%22%3A%22%D8%B6%22%7D";
        let parameters = Parameters::from_query(query).expect("they can be read");
        assert_eq!(parameters.query, "{ __typename }");
        assert_eq!(parameters.operation_name.as_deref(), Some("A"));
        assert_eq!(parameters.variables.to_string(), r#"{a: "ض"}"#);
    }

    #[test]
    fn broken_escapes_are_taken_as_they_are() {
        assert_eq!(decoded("100%+%+1%zz"), "100% % 1%zz");
    }

    #[test]
    fn batches_are_refused() {
        assert_eq!(Parameters::from_body(br#"[{"query":"{a}"}]"#).expect_err("refused").code, "BAD_REQUEST");
    }
}
