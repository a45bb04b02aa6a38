//! Mutations as documents, and what their answers mean; over HTTP and in process alike.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// A document with its variables.
#[derive(Debug)]
pub struct Request {
    pub document: String,
    pub variables: Value,
}

/// Why a mutation did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request was refused; its code.
    Request(String),
    /// The person can mend it; each problem as `CODE field.path`.
    Problems(Vec<String>),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request(code) => f.write_str(code),
            Self::Problems(problems) => f.write_str(&problems.join(", ")),
        }
    }
}

impl std::error::Error for Refusal {}

/// The mutation `field`. An argument is its name and type, `id: ID!`, with its value; `answer` selects from the payload.
pub fn change(field: &str, arguments: &[(&str, Value)], answer: &str) -> Request {
    let (mut declared, mut given, mut variables) = (String::new(), String::new(), Map::new());
    for (argument, value) in arguments {
        let (name, kind) = argument.split_once(": ").unwrap_or((argument, "ID!"));
        let _ = write!(declared, "${name}: {kind} ");
        let _ = write!(given, "{name}: ${name} ");
        variables.insert(name.to_owned(), value.clone());
    }
    let (declared, given) =
        if arguments.is_empty() { (declared, given) } else { (format!("({declared})"), format!("({given})")) };
    let document = format!("mutation{declared} {{ {field}{given} {{ {answer} userErrors {{ code field message }} }} }}");
    Request { document, variables: Value::Object(variables) }
}

/// The data of an answer that has no errors.
pub fn data(answer: &Value) -> Result<Value, Refusal> {
    match answer["errors"].get(0) {
        Some(error) => Err(Refusal::Request(error["extensions"]["code"].as_str().unwrap_or("without a code").to_owned())),
        None => Ok(answer["data"].clone()),
    }
}

/// The payload of a mutation that was done.
pub fn payload(answer: &Value) -> Result<Value, Refusal> {
    let data = data(answer)?;
    let payload = data.as_object().and_then(|fields| fields.values().next()).cloned().unwrap_or_default();
    let problems: Vec<_> = payload["userErrors"].as_array().into_iter().flatten().map(problem).collect();
    if problems.is_empty() { Ok(payload) } else { Err(Refusal::Problems(problems)) }
}

fn problem(problem: &Value) -> String {
    let path: Vec<_> = problem["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    format!("{} {}", problem["code"].as_str().unwrap_or_default(), path.join(".")).trim_end().to_owned()
}

/// A text of an input of the API: the fields that stand in a file, and their language.
pub fn text_input(language: &str, fields: &Map<String, Value>) -> Value {
    let mut input = fields.clone();
    input.insert("language".to_owned(), json!(language));
    Value::Object(input)
}
