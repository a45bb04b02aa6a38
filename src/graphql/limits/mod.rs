//! Limits on documents, judged before the engine sees them. The engine's own checks expand every fragment at every spread,
//! so that 1 kB of fragments that spread each other twice would cost it minutes; here each fragment is costed once.

mod cost;
mod judge;
mod text;
mod weight;

use async_graphql::{
    Variables,
    parser::types::{ExecutableDocument, OperationType},
};

use self::{
    cost::Cost,
    judge::{Judge, Sizes},
};
pub use self::{judge::Judged, text::check_text};
use super::answer::Refusal;

/// Fragments of a document.
const FRAGMENTS: usize = 100;
/// Fields at the root of a query.
const ROOT_QUERIES: u64 = 30;
/// Fields at the root of a mutation.
const ROOT_MUTATIONS: u64 = 10;
/// Fields at the root of a subscription (specification, "Single root field").
const ROOT_SUBSCRIPTIONS: u64 = 1;

fn too_complex(message: &str) -> Refusal {
    Refusal::new("QUERY_TOO_COMPLEX", message)
}

fn too_deep() -> Refusal {
    Refusal::new("QUERY_TOO_DEEP", "The document is nested too deep.")
}

/// Refuses a document that would cost too much. `variables` are those of the request, by which pages are sized.
pub fn check_document(document: &ExecutableDocument, variables: &Variables) -> Result<Judged, Refusal> {
    if document.fragments.len() > FRAGMENTS {
        return Err(too_complex("The document has too many fragments."));
    }
    let (mut whole, mut judged) = (Cost::default(), Judged::default());
    for (_, operation) in document.operations.iter() {
        let sizes = Sizes::new(&operation.node, variables, &mut judged);
        let cost = Judge::new(document, sizes).operation(&operation.node)?;
        let roots = match operation.node.ty {
            OperationType::Query => ROOT_QUERIES,
            OperationType::Mutation => ROOT_MUTATIONS,
            OperationType::Subscription => ROOT_SUBSCRIPTIONS,
        };
        if cost.width > roots {
            return Err(too_complex("The operation has too many root fields."));
        }
        whole.add(cost);
        // After each operation, so that many that share fragments are not all costed.
        whole.check()?;
    }
    Ok(judged)
}
