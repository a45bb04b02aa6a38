//! Costs the operations of a document. Each fragment is costed once, so that the work is linear in the document, and
//! nothing is descended into that is too deep.

use std::{collections::HashMap, convert::Infallible};

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};

use super::{
    cost::{Cost, DEPTH, NESTED_SETS},
    too_deep,
    weight::{self, DEFAULT_PAGE, LARGEST_PAGE, SIZING},
};
use crate::graphql::answer::Refusal;

/// The sizes of variables that a document was judged with: with the same sizes it is judged the same.
#[derive(Clone, Debug, Default)]
pub struct Judged(Vec<(Name, Option<Size>)>);

impl Judged {
    /// Whether the judgement holds for these variables too.
    #[must_use]
    pub fn holds_for(&self, variables: &Variables) -> bool {
        self.0.iter().all(|(name, size)| variables.get(name).map(Size::of) == *size)
    }
}

/// How many objects a value asks for; `None` when it is no size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size(Option<u64>);

impl Size {
    fn of(value: &Value) -> Self {
        Self(match value {
            Value::Number(number) => Some(number.as_u64().unwrap_or(1)),
            Value::List(items) => u64::try_from(items.len()).ok(),
            _ => None,
        })
    }
}

/// The sizes that an operation's variables stand for.
pub struct Sizes<'a> {
    variables: &'a Variables,
    /// What the operation's variables are by default.
    defaults: HashMap<&'a str, &'a Value>,
    /// Variables that were asked for.
    judged: &'a mut Judged,
}

impl<'a> Sizes<'a> {
    /// Of `operation`, with the request's `variables`. What is looked at goes into `judged`.
    pub fn new(operation: &'a OperationDefinition, variables: &'a Variables, judged: &'a mut Judged) -> Self {
        let defaults = operation.variable_definitions.iter().filter_map(|definition| {
            let default = definition.node.default_value.as_ref()?;
            Some((definition.node.name.node.as_str(), &default.node))
        });
        Self { variables, defaults: defaults.collect(), judged }
    }

    fn of_variable(&mut self, name: &Name) -> Option<u64> {
        let given = self.variables.get(name).map(Size::of);
        self.judged.0.push((name.clone(), given));
        given.or_else(|| self.defaults.get(name.as_str()).map(|value| Size::of(value))).and_then(|size| size.0)
    }

    /// How many objects a field asks for: the most that any of its arguments names.
    fn of_field(&mut self, field: &Field) -> Option<u64> {
        let arguments = field.arguments.iter().filter(|(name, _)| SIZING.contains(&name.node.as_str()));
        let sizes = arguments.filter_map(|(_, value)| {
            // A variable's size stands for it: lists may name it many times, and it may be long.
            let size = |name| Ok::<_, Infallible>(self.of_variable(&name).map_or(Value::Null, Value::from));
            let Ok(value) = value.node.clone().into_const_with(size);
            Size::of(&value).0
        });
        Some(sizes.max()?.clamp(1, LARGEST_PAGE))
    }
}

/// How deep a selection stands.
#[derive(Clone, Copy, Default)]
struct Above {
    fields: u64,
    sets: u64,
}

impl Above {
    fn check(self) -> Result<(), Refusal> {
        if self.fields > DEPTH || self.sets > NESTED_SETS { Err(too_deep()) } else { Ok(()) }
    }
}

/// Judges one operation.
pub struct Judge<'a> {
    document: &'a ExecutableDocument,
    sizes: Sizes<'a>,
    /// Costs of fragments; `None` while one is being costed.
    known: HashMap<&'a str, Option<Cost>>,
}

impl<'a> Judge<'a> {
    /// Of an operation of `document`, whose pages have these sizes.
    pub fn new(document: &'a ExecutableDocument, sizes: Sizes<'a>) -> Self {
        Self { document, sizes, known: HashMap::new() }
    }

    /// What an operation costs.
    pub fn operation(mut self, operation: &'a OperationDefinition) -> Result<Cost, Refusal> {
        let mut cost = self.set(&operation.selection_set.node, Above::default())?;
        cost.directives = cost.directives.saturating_add(count(operation.directives.len()));
        Ok(cost)
    }

    fn set(&mut self, set: &'a SelectionSet, above: Above) -> Result<Cost, Refusal> {
        let within = Above { sets: above.sets + 1, ..above };
        within.check()?;
        let mut sum = Cost::default();
        for selection in &set.items {
            let directives = count(selection.node.directives().len());
            sum.add(Cost { selections: 1, directives, ..Cost::default() });
            sum.add(match &selection.node {
                Selection::Field(field) => self.field(&field.node, within)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, within)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name, within)?,
            });
        }
        Ok(Cost { sets: sum.sets + 1, ..sum })
    }

    fn field(&mut self, field: &'a Field, above: Above) -> Result<Cost, Refusal> {
        let name = field.name.node.as_str();
        let within = Above { fields: above.fields + 1, ..above };
        within.check()?;
        let inner = match &field.selection_set.node {
            set if set.items.is_empty() => Cost::default(),
            set => self.set(set, within)?,
        };
        let below = match (self.sizes.of_field(field), name) {
            (Some(asked), _) => inner.fields.saturating_mul(asked),
            (None, _) if inner.is_page => inner.fields.saturating_mul(DEFAULT_PAGE),
            // Most types wrap no other, or one: of what tools ask ten levels deep, half is there on each.
            (None, "ofType") => inner.fields / 2,
            (None, list) => inner.fields.saturating_mul(weight::items(list.as_bytes())),
        };
        let is_list_of_schema = matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes");
        Ok(Cost {
            fields: below.saturating_add(weight::own(name.as_bytes())),
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            depth: inner.depth + 1,
            width: 1,
            introspection: inner.introspection + u64::from(is_list_of_schema),
            schemas: inner.schemas.saturating_add(u64::from(name == "__schema")),
            is_page: matches!(name, "nodes" | "edges"),
            ..inner
        })
    }

    fn fragment(&mut self, name: &'a Positioned<Name>, above: Above) -> Result<Cost, Refusal> {
        let key = name.node.as_str();
        match self.known.get(key) {
            Some(Some(cost)) => {
                Above { fields: above.fields + cost.depth, sets: above.sets + cost.sets }.check()?;
                return Ok(*cost);
            }
            Some(None) => {
                let message = format!("The fragment \"{key}\" spreads itself.");
                return Err(Refusal { at: Some(name.pos), ..Refusal::new("GRAPHQL_VALIDATION_FAILED", message) });
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(key) else { return Ok(Cost::default()) };
        self.known.insert(key, None);
        let mut cost = self.set(&fragment.node.selection_set.node, above)?;
        cost.directives = cost.directives.saturating_add(count(fragment.node.directives.len()));
        self.known.insert(key, Some(cost));
        Ok(cost)
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
