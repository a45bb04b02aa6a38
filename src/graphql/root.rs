//! The fields at the root of an operation: by them it is counted, since its own name is what a client likes.

use std::ops::ControlFlow;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};

/// The name of the only field at the root of an operation of `document`; `None` if there are several. Fragments that spread
/// each other in a circle, which are refused later, end the search.
#[must_use]
pub fn only_field(document: &ExecutableDocument, operation: &OperationDefinition) -> Option<Name> {
    let mut found = None;
    let mut left = 1 + document.fragments.len();
    match search(document, &operation.selection_set.node, &mut found, &mut left) {
        ControlFlow::Continue(()) => found,
        ControlFlow::Break(()) => None,
    }
}

/// Breaks at a second field, or after as many spreads as there are fragments.
fn search(document: &ExecutableDocument, fields: &SelectionSet, found: &mut Option<Name>, left: &mut usize) -> ControlFlow<()> {
    for selection in &fields.items {
        match &selection.node {
            Selection::Field(field) => {
                let name = &field.node.name.node;
                if found.as_ref().is_some_and(|found| found != name) {
                    return ControlFlow::Break(());
                }
                found.get_or_insert_with(|| name.clone());
            }
            Selection::InlineFragment(fragment) => search(document, &fragment.node.selection_set.node, found, left)?,
            Selection::FragmentSpread(spread) => {
                *left = left.checked_sub(1).map_or(ControlFlow::Break(()), ControlFlow::Continue)?;
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    search(document, &fragment.node.selection_set.node, found, left)?;
                }
            }
        }
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn root(text: &str) -> Option<String> {
        let document = parse_query(text).expect("a document");
        let operation = document.operations.iter().next().expect("an operation").1;
        only_field(&document, &operation.node).map(|name| name.to_string())
    }

    #[test]
    fn the_only_field_is_found_behind_names_and_fragments() {
        assert_eq!(root("query Mine { a: course { b } }").as_deref(), Some("course"));
        assert_eq!(root("{ a: course { x } b: course { y } }").as_deref(), Some("course"));
        assert_eq!(root("{ ...F } fragment F on Query { ... { course { x } } }").as_deref(), Some("course"));
        assert_eq!(root("{ course { x } viewer { y } }"), None);
    }

    #[test]
    fn fragments_in_a_circle_or_that_are_missing_end_the_search() {
        assert_eq!(root("{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }"), None);
        assert_eq!(root("{ ...F }"), None);
    }
}
