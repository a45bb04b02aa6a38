//! Limits on documents, judged before the engine sees them. The engine's own checks expand every fragment at every spread,
//! so that 1 kB of fragments that spread each other twice would cost it minutes; here each fragment is costed once.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet},
};

use super::answer::Refusal;

/// Tokens of a document.
const TOKENS: usize = 4_000;
/// Brackets that are open at once.
const NESTING: usize = 64;
/// Fragments of a document.
const FRAGMENTS: usize = 100;
/// Selections of all operations, fragments expanded.
const SELECTIONS: u64 = 2_000;
/// Fields that the answer may have, going by the sizes of pages asked for.
const ANSWER_FIELDS: u64 = 50_000;
/// Aliases, fragments expanded.
const ALIASES: u64 = 100;
/// Directives, fragments expanded.
const DIRECTIVES: u64 = 200;
/// Fields within fields.
const DEPTH: u64 = 20;
/// Fields at the root of a query.
const ROOT_QUERIES: u64 = 30;
/// Fields at the root of a mutation.
const ROOT_MUTATIONS: u64 = 10;
/// Fields at the root of a subscription (specification, "Single root field").
const ROOT_SUBSCRIPTIONS: u64 = 1;
/// Lists of the introspection within each other; tools need one.
const INTROSPECTION: u64 = 2;

/// Size of a page when none is asked for.
const DEFAULT_PAGE: u64 = 20;
/// Types that the introspection is taken to have: tools ask for it whole, once.
const TYPES: u64 = 150;
/// The largest page; more is refused by the field itself.
const LARGEST_PAGE: u64 = 100;

fn too_complex(message: &str) -> Refusal {
    Refusal::new("QUERY_TOO_COMPLEX", message)
}

/// Refuses a text that is too long or too deep to be parsed.
pub fn check_text(text: &str) -> Result<(), Refusal> {
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut open) = (0, 0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let length = match byte {
            b'#' => bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at),
            b'"' => string_length(&bytes[at..]),
            byte if is_word(byte) => bytes[at..].iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len() - at),
            _ => 1,
        };
        match byte {
            b'{' | b'[' | b'(' => open += 1,
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            _ => {}
        }
        tokens += usize::from(!matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'#'));
        if open > NESTING {
            return Err(Refusal::new("QUERY_TOO_DEEP", "The document is nested too deep."));
        }
        if tokens > TOKENS {
            return Err(too_complex("The document is too long."));
        }
        at += length;
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Bytes of the string or block string that `bytes` begins with.
fn string_length(bytes: &[u8]) -> usize {
    let (quote, escape): (&[u8], &[u8]) = if bytes.starts_with(br#"""""#) { (br#"""""#, br#"\""""#) } else { (b"\"", b"\\") };
    let mut at = quote.len();
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(escape) {
            at += escape.len().max(2);
        } else if rest.starts_with(quote) {
            return at + quote.len();
        } else if quote.len() == 1 && matches!(rest[0], b'\n' | b'\r') {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Refuses a document that would cost too much. `variables` are those of the request, by which pages are sized.
pub fn check_document(document: &ExecutableDocument, variables: &Variables) -> Result<(), Refusal> {
    if document.fragments.len() > FRAGMENTS {
        return Err(too_complex("The document has too many fragments."));
    }
    let mut judge = Judge { document, variables, defaults: HashMap::new(), known: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        judge.defaults.extend(defaults(&operation.node));
    }
    let mut whole = Cost::default();
    for (_, operation) in document.operations.iter() {
        let cost = judge.set(&operation.node.selection_set.node)?;
        let roots = match operation.node.ty {
            OperationType::Query => ROOT_QUERIES,
            OperationType::Mutation => ROOT_MUTATIONS,
            OperationType::Subscription => ROOT_SUBSCRIPTIONS,
        };
        if cost.width > roots {
            return Err(too_complex("The operation has too many root fields."));
        }
        whole.add(cost);
    }
    whole.check()
}

fn defaults(operation: &OperationDefinition) -> impl Iterator<Item = (&str, &Value)> {
    operation.variable_definitions.iter().filter_map(|definition| {
        let default = definition.node.default_value.as_ref()?;
        Some((definition.node.name.node.as_str(), &default.node))
    })
}

/// What a selection costs, its fragments expanded. All sums saturate.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    /// Fields, spreads and inline fragments.
    selections: u64,
    /// Fields of the answer.
    fields: u64,
    aliases: u64,
    directives: u64,
    depth: u64,
    /// Fields on its first level.
    width: u64,
    /// Lists of the introspection within each other.
    introspection: u64,
    /// It selects the nodes of a page.
    is_page: bool,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.width = self.width.saturating_add(other.width);
        self.depth = self.depth.max(other.depth);
        self.introspection = self.introspection.max(other.introspection);
        self.is_page |= other.is_page;
    }

    fn check(&self) -> Result<(), Refusal> {
        for (is, most, what) in [
            (self.selections, SELECTIONS, "selects too much"),
            (self.aliases, ALIASES, "has too many aliases"),
            (self.directives, DIRECTIVES, "has too many directives"),
            (self.introspection, INTROSPECTION, "asks for lists of the schema within lists"),
            (self.fields, ANSWER_FIELDS, "asks for pages that are too large together"),
        ] {
            if is > most {
                return Err(too_complex(&format!("The document {what}.")));
            }
        }
        if self.depth > DEPTH { Err(Refusal::new("QUERY_TOO_DEEP", "The document is nested too deep.")) } else { Ok(()) }
    }
}

struct Judge<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    /// What variables are by default.
    defaults: HashMap<&'a str, &'a Value>,
    /// Costs of fragments; `None` while one is being costed.
    known: HashMap<&'a str, Option<Cost>>,
}

impl<'a> Judge<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Cost, Refusal> {
        let mut sum = Cost::default();
        for selection in &set.items {
            let directives = u64::try_from(selection.node.directives().len()).unwrap_or(u64::MAX);
            sum.add(Cost { selections: 1, directives, ..Cost::default() });
            sum.add(match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name)?,
            });
        }
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field) -> Result<Cost, Refusal> {
        let name = field.name.node.as_str();
        let inner = self.set(&field.selection_set.node)?;
        let times = match name {
            "__schema" => TYPES,
            _ => self.page_size(field).unwrap_or(if inner.is_page { DEFAULT_PAGE } else { 1 }),
        };
        Ok(Cost {
            fields: inner.fields.saturating_mul(times).saturating_add(1),
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            depth: inner.depth + 1,
            width: 1,
            introspection: inner.introspection
                + u64::from(matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes")),
            is_page: matches!(name, "nodes" | "edges"),
            ..inner
        })
    }

    fn fragment(&mut self, name: &'a Positioned<Name>) -> Result<Cost, Refusal> {
        let key = name.node.as_str();
        match self.known.get(key) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => {
                let message = format!("The fragment \"{key}\" spreads itself.");
                return Err(Refusal { at: Some(name.pos), ..Refusal::new("GRAPHQL_VALIDATION_FAILED", message) });
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(key) else { return Ok(Cost::default()) };
        self.known.insert(key, None);
        let cost = self.set(&fragment.node.selection_set.node)?;
        self.known.insert(key, Some(cost));
        Ok(cost)
    }

    /// How many objects a field asks for: `first`, `last`, or one for each of `ids`.
    fn page_size(&self, field: &Field) -> Option<u64> {
        let argument = ["first", "last", "ids"].into_iter().find_map(|name| field.get_argument(name))?;
        let value = argument.node.clone().into_const_with(|name| {
            let given = self.variables.get(&name).or_else(|| self.defaults.get(name.as_str()).copied());
            given.cloned().ok_or(())
        });
        let size = match value.ok()? {
            Value::Number(number) => number.as_u64().unwrap_or(1),
            Value::List(items) => u64::try_from(items.len()).unwrap_or(u64::MAX),
            _ => return None,
        };
        Some(size.clamp(1, LARGEST_PAGE))
    }
}
