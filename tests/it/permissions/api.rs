//! What the schema says of operations and fields, as its introspection tells, and documents made from that.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};

use crate::app::TestApp;

const INTROSPECTION: &str = "{ __schema { types { kind name
    fields { name type { ...T } args { name defaultValue type { ...T } } } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// A field of an object type.
pub struct Field {
    pub name: String,
    /// The type it gives, without lists and exclamation marks.
    pub gives: String,
    /// Its arguments and their types.
    arguments: BTreeMap<String, String>,
    /// Arguments that must be given.
    pub needs: Vec<String>,
}

/// The object types of the schema and their fields.
pub struct Api(BTreeMap<String, (bool, Vec<Field>)>);

fn texts(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A type as it is written.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
        Some("LIST") => format!("[{}]", written(&kind["ofType"])),
        _ => texts(&kind["name"]),
    }
}

impl Field {
    fn read(field: &Value) -> Self {
        let mut arguments = BTreeMap::new();
        let mut needs = Vec::new();
        for argument in field["args"].as_array().into_iter().flatten() {
            let (name, kind) = (texts(&argument["name"]), written(&argument["type"]));
            if kind.ends_with('!') && argument["defaultValue"].is_null() {
                needs.push(name.clone());
            }
            arguments.insert(name, kind);
        }
        let gives = written(&field["type"]).replace(['[', ']', '!'], "");
        Self { name: texts(&field["name"]), gives, arguments, needs }
    }
}

impl Api {
    pub async fn of(app: &TestApp) -> Self {
        let answer = app.visitor().runs(INTROSPECTION, &json!({})).await;
        let types = answer["__schema"]["types"].as_array().cloned().unwrap_or_default();
        let shown = types.iter().filter(|kind| !texts(&kind["name"]).starts_with("__"));
        let read = shown.map(|kind| {
            let fields = kind["fields"].as_array().into_iter().flatten().map(Field::read).collect();
            (texts(&kind["name"]), (kind["kind"] == "OBJECT", fields))
        });
        Self(read.collect())
    }

    /// Object types, those left out that hold nothing themselves.
    pub fn objects(&self) -> impl Iterator<Item = &str> {
        const HOLLOW: [&str; 5] = ["Query", "Mutation", "Subscription", "PageInfo", "UserError"];
        let objects = self.0.iter().filter(|(_, (is_object, _))| *is_object).map(|(name, _)| name.as_str());
        objects.filter(|name| {
            !HOLLOW.contains(name) && !["Payload", "Connection", "Edge"].iter().any(|ending| name.ends_with(ending))
        })
    }

    pub fn fields(&self, kind: &str) -> &[Field] {
        self.0.get(kind).map_or(&[], |(_, fields)| fields)
    }

    fn field(&self, kind: &str, name: &str) -> Option<&Field> {
        self.fields(kind).iter().find(|field| field.name == name)
    }

    /// What to ask of a thing of this type to learn whether it is there.
    pub fn trace(&self, kind: &str) -> &'static str {
        match self.fields(kind) {
            [] => "",
            fields if fields.iter().any(|field| field.name == "userErrors") => "{ userErrors { code } }",
            _ if kind.ends_with("Connection") => "{ nodes { __typename } }",
            _ => "{ __typename }",
        }
    }

    /// Which of the roots has an operation.
    pub fn root(&self, operation: &str) -> Option<&'static str> {
        ["Query", "Mutation", "Subscription"].into_iter().find(|root| self.field(root, operation).is_some())
    }

    /// A document for an operation with just these variables as arguments; `selection` or a trace of what it gives.
    pub fn document(&self, operation: &str, variables: &Value, selection: Option<&str>) -> String {
        let root = self.root(operation).unwrap_or_else(|| panic!("the schema has no operation {operation}"));
        let field = self.field(root, operation).expect("found in its root");
        let (mut declared, mut given) = (String::new(), String::new());
        for name in variables.as_object().into_iter().flatten().map(|(name, _)| name) {
            let kind = field.arguments.get(name).unwrap_or_else(|| panic!("{operation} has no argument {name}"));
            let _ = write!(declared, "${name}: {kind} ");
            let _ = write!(given, "{name}: ${name} ");
        }
        if !declared.is_empty() {
            (declared, given) = (format!("({declared})"), format!("({given})"));
        }
        let selection = selection.unwrap_or_else(|| self.trace(&field.gives));
        format!("{}{declared} {{ {operation}{given} {selection} }}", root.to_lowercase())
    }
}
