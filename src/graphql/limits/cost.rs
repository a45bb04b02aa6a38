//! What a selection costs, and the most that a document may.

use super::{too_complex, too_deep};
use crate::graphql::answer::Refusal;

/// Selections of all operations, fragments expanded.
const SELECTIONS: u64 = 2_000;
/// Fields that the answer may have, going by the sizes of pages asked for and of lists as they mostly are.
const ANSWER_FIELDS: u64 = 50_000;
/// Aliases, fragments expanded.
const ALIASES: u64 = 100;
/// Directives, fragments expanded.
const DIRECTIVES: u64 = 200;
/// Fields within fields.
pub const DEPTH: u64 = 20;
/// Selection sets within each other, fragments expanded: those of fragments count, which `DEPTH` does not see.
pub const NESTED_SETS: u64 = 128;
/// Lists of the introspection within each other; tools need one.
const INTROSPECTION: u64 = 2;
/// Times that the whole schema may be asked for; tools do so once.
const SCHEMAS: u64 = 2;

/// What a selection costs, its fragments expanded. All sums saturate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Fields, spreads and inline fragments.
    pub selections: u64,
    /// Fields of the answer.
    pub fields: u64,
    /// Aliases.
    pub aliases: u64,
    /// Directives.
    pub directives: u64,
    /// Fields within each other.
    pub depth: u64,
    /// Selection sets within each other.
    pub sets: u64,
    /// Fields on its first level.
    pub width: u64,
    /// Lists of the introspection within each other.
    pub introspection: u64,
    /// Times that it asks for the schema.
    pub schemas: u64,
    /// It selects the nodes of a page.
    pub is_page: bool,
}

impl Cost {
    /// Adds what stands beside it.
    pub fn add(&mut self, other: Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.width = self.width.saturating_add(other.width);
        self.schemas = self.schemas.saturating_add(other.schemas);
        self.depth = self.depth.max(other.depth);
        self.sets = self.sets.max(other.sets);
        self.introspection = self.introspection.max(other.introspection);
        self.is_page |= other.is_page;
    }

    /// Refuses what is too much.
    pub fn check(&self) -> Result<(), Refusal> {
        for (is, most, what) in [
            (self.selections, SELECTIONS, "selects too much"),
            (self.aliases, ALIASES, "has too many aliases"),
            (self.directives, DIRECTIVES, "has too many directives"),
            (self.introspection, INTROSPECTION, "asks for lists of the schema within lists"),
            (self.schemas, SCHEMAS, "asks for the schema too often"),
        ] {
            if is > most {
                return Err(too_complex(&format!("The document {what}.")));
            }
        }
        if self.fields > ANSWER_FIELDS {
            return Err(too_complex(&format!(
                "The document asks for pages and lists that may come to more than {ANSWER_FIELDS} fields together: \
                 ask for fewer objects with `first`, or for fewer lists within lists."
            )));
        }
        if self.depth > DEPTH { Err(too_deep()) } else { Ok(()) }
    }
}
