//! The parameters of a GraphQL request, from JSON or from an address
//! (<https://graphql.github.io/graphql-over-http/draft/>, "Request Parameters").

use async_graphql::{Value, indexmap::IndexMap};

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
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, text) = decoded_pair(pair)
                .ok_or_else(|| Refusal::bad_request("The query part of the address must be UTF-8 without U+0000."))?;
            let value = match name.as_str() {
                "variables" | "extensions" => json::parse(text.as_bytes())
                    .map_err(|err| Refusal::bad_request(format!("The {name} parameter is not JSON: {err}.")))?,
                _ => Value::String(text),
            };
            pairs.push((async_graphql::Name::new(name), value));
        }
        let sent = pairs.len();
        let members: IndexMap<_, _> = pairs.into_iter().collect();
        if members.len() < sent {
            return Err(Refusal::bad_request("A parameter is there twice."));
        }
        Self::from_value(Value::Object(members))
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

/// One `name=value` of `application/x-www-form-urlencoded`; `None` when it holds what JSON may not hold either.
fn decoded_pair(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    Some((decoded(name)?, decoded(value)?))
}

fn decoded(text: &str) -> Option<String> {
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
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
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
        assert_eq!(decoded("100%+%+1%zz").as_deref(), Some("100% % 1%zz"));
    }

    #[test]
    fn an_address_is_read_as_strictly_as_a_body() {
        for wrong in ["query=%FF", "query=%00", "query={a}&query={b}", "query={a}&variables={\"a\":1,\"a\":2}", "query={a}&%00=1"]
        {
            assert_eq!(Parameters::from_query(wrong).expect_err(wrong).code, "BAD_REQUEST");
        }
    }

    #[test]
    fn batches_are_refused() {
        assert_eq!(Parameters::from_body(br#"[{"query":"{a}"}]"#).expect_err("refused").code, "BAD_REQUEST");
    }
}
