//! Linked data: things and what is said of them, once for both of its forms. People and programs read JSON-LD; what is signed
//! are the statements behind it as N-Quads, in the one order and with the one set of labels that RDFC-1.0 gives them
//! (<https://www.w3.org/TR/rdf-canon/>). With each term stands the IRI that the contexts give it, so that no context has to
//! be fetched or read.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

const TYPE: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

/// A term of a context and the IRI that it stands for.
pub type Term = (&'static str, &'static str);

/// What is said of a thing.
pub enum Object {
    /// A text.
    Text(String),
    /// A value of this datatype.
    Typed(Value, &'static str),
    /// The IRI of a thing of which nothing more is said, and the term that stands for it, where one does.
    Named(String, Option<&'static str>),
    /// A thing.
    Thing(Thing),
    /// A thing in a list, as which a context has it also when it is the only one.
    Only(Thing),
}

/// A thing of some kinds, with what is said of it.
pub struct Thing {
    id: Option<String>,
    kinds: &'static [Term],
    is_one_kind: bool,
    said: Vec<(Term, Object)>,
}

impl Thing {
    /// A thing; only things without an `id` are told apart by what is said of them.
    pub fn new(id: Option<String>, kinds: &'static [Term]) -> Self {
        Self { id, kinds, is_one_kind: false, said: Vec::new() }
    }

    /// Its kind is written alone, not in a list.
    pub fn of_one_kind(self) -> Self {
        Self { is_one_kind: true, ..self }
    }

    /// Says something of it.
    pub fn with(mut self, term: Term, object: Object) -> Self {
        self.said.push((term, object));
        self
    }

    /// As JSON-LD, but for the context.
    pub fn json(&self) -> Map<String, Value> {
        let mut members = Map::new();
        if let Some(id) = &self.id {
            members.insert("id".to_owned(), json!(id));
        }
        let kinds: Vec<_> = self.kinds.iter().map(|(term, _)| *term).collect();
        match kinds.as_slice() {
            [] => {}
            [kind] if self.is_one_kind => drop(members.insert("type".to_owned(), json!(kind))),
            kinds => drop(members.insert("type".to_owned(), json!(kinds))),
        }
        for ((term, _), object) in &self.said {
            members.insert((*term).to_owned(), object.json());
        }
        members
    }

    /// As canonical N-Quads.
    pub fn canonical(&self) -> String {
        let mut quads = Quads::default();
        quads.thing(self);
        quads.canonical()
    }
}

impl Object {
    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Typed(value, _) => value.clone(),
            Self::Named(iri, term) => json!(term.unwrap_or(iri)),
            Self::Thing(thing) => Value::Object(thing.json()),
            Self::Only(thing) => json!([thing.json()]),
        }
    }
}

/// A node: an IRI, or a blank one by its number.
#[derive(Clone)]
enum Node {
    Iri(String),
    Blank(usize),
}

/// Statements: subject, the part between, and the object where it is a node.
#[derive(Default)]
struct Quads {
    quads: Vec<(Node, String, Option<Node>)>,
    blanks: usize,
}

impl Quads {
    fn thing(&mut self, thing: &Thing) -> Node {
        let own = match &thing.id {
            Some(id) => Node::Iri(format!("<{id}>")),
            None => Node::Blank(self.blanks),
        };
        self.blanks += usize::from(thing.id.is_none());
        for (_, kind) in thing.kinds {
            self.quads.push((own.clone(), format!("{TYPE} <{kind}>"), None));
        }
        for ((_, property), object) in &thing.said {
            let (said, other) = match object {
                Object::Text(text) => (literal(text), None),
                Object::Typed(value, kind) => {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    (format!("{}^^<{kind}>", literal(&text)), None)
                }
                Object::Named(iri, _) => (format!("<{iri}>"), None),
                Object::Thing(thing) | Object::Only(thing) => (String::new(), Some(self.thing(thing))),
            };
            self.quads.push((own.clone(), format!("<{property}> {said}"), other));
        }
        own
    }

    /// With blank nodes named by what is said of each, which here differs (RDFC-1.0, 4.4.3, step 4; 4.6).
    fn canonical(&self) -> String {
        let mut hashes: Vec<_> = (0..self.blanks).map(|blank| (self.hash(blank), blank)).collect();
        hashes.sort_unstable();
        let name = |blank: usize| {
            let place = hashes.iter().position(|(_, other)| *other == blank).unwrap_or_default();
            format!("_:c14n{place}")
        };
        self.lines(|_| true, name)
    }

    fn hash(&self, of: usize) -> String {
        let names = |node: &Node| matches!(node, Node::Blank(blank) if *blank == of);
        let lines = self.lines(
            |(subject, _, object)| names(subject) || object.as_ref().is_some_and(names),
            |blank| (if blank == of { "_:a" } else { "_:z" }).to_owned(),
        );
        HEXLOWER.encode(&Sha256::digest(lines))
    }

    fn lines(&self, wanted: impl Fn(&(Node, String, Option<Node>)) -> bool, name: impl Fn(usize) -> String) -> String {
        let written = |node: &Node| match node {
            Node::Iri(iri) => iri.clone(),
            Node::Blank(blank) => name(*blank),
        };
        let quads = self.quads.iter().filter(|quad| wanted(quad));
        let mut lines: Vec<_> = quads
            .map(|(subject, said, object)| {
                format!("{} {said}{} .\n", written(subject), object.as_ref().map(written).unwrap_or_default())
            })
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines.concat()
    }
}

/// A text in quotes, escaped as canonical N-Quads are (RDFC-1.0, 5).
fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAYS: Term = ("says", "https://example.org/says");
    const KNOWS: Term = ("knows", "https://example.org/knows");

    fn somebody(says: &str) -> Thing {
        Thing::new(None, &[]).with(SAYS, Object::Text(says.into()))
    }

    #[test]
    fn things_without_names_are_named_by_what_is_said_of_them() {
        let knowing = |first: &str, second: &str| {
            let named = Thing::new(Some("https://example.org/".into()), &[]);
            let (first, second) = (Object::Thing(somebody(first)), Object::Thing(somebody(second)));
            named.with(KNOWS, first).with(("knows too", KNOWS.1), second).canonical()
        };
        assert_eq!(knowing("a", "b"), knowing("b", "a"), "in whatever order they come");
        assert_ne!(knowing("a", "b"), knowing("a", "c"));
        assert_eq!(somebody("a").canonical(), "_:c14n0 <https://example.org/says> \"a\" .\n");
    }

    #[test]
    fn texts_are_escaped_as_n_quads_are() {
        assert_eq!(literal("\"\\\n\u{1}\u{7f}é中"), "\"\\\"\\\\\\n\\u0001\\u007Fé中\"");
    }
}
