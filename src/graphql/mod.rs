//! The schema, put together from what each domain adds.

pub mod answer;
pub mod batch;
pub mod context;
pub mod document;
pub mod json;
pub mod limits;
pub mod nodes;
pub mod paging;
pub mod parameters;
pub mod payload;
pub mod scalars;

use async_graphql::{MergedObject, SDLExportOptions, ValidationMode};

use crate::{accounts, audit};

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(nodes::NodeQuery, accounts::graphql::AccountQuery, audit::graphql::AuditQuery);

/// What can be changed. Every field is null when the request is refused as a whole; what a person can mend is in
/// `userErrors`.
#[derive(MergedObject, Default)]
pub struct Mutation(accounts::graphql::AccountMutation);

/// What can be followed live.
pub type Subscription = async_graphql::EmptySubscription;

/// The schema of the API.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Puts the schema together. Documents are limited before they come here, in `http`.
#[must_use]
pub fn schema(introspection: bool) -> Schema {
    let mut builder = Schema::build(Query::default(), Mutation::default(), async_graphql::EmptySubscription)
        .validation_mode(ValidationMode::Strict)
        .limit_directives(50)
        .limit_recursive_depth(32);
    if !introspection {
        builder = builder.disable_introspection().disable_suggestions();
    }
    builder.finish()
}

/// The schema as text: what `schema.graphql` holds.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items();
    schema(true).sdl_with_options(options)
}
