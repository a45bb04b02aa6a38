//! The audit in the API.

use async_graphql::{Context, Object};

use super::entity;
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    graphql::{connection::connection, context::ContextExt},
    ids::{AuditEntryId, UserId},
    paging::Page,
    scalars::Json,
};

/// A change that mattered, written with it. It holds ids and names of fields, never personal values.
pub struct AuditEntry(pub entity::Model);

/// A change that mattered, written with it. It holds ids and names of fields, never personal values.
#[Object]
impl AuditEntry {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> AuditEntryId {
        self.0.id
    }
    /// When.
    async fn at(&self) -> Instant {
        self.0.at
    }
    /// Who; null for the server itself or people who are gone.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, self.0.actor_id).await
    }
    /// What, for example course.published.
    async fn action(&self) -> &str {
        &self.0.action
    }
    /// The object concerned.
    async fn subject_id(&self) -> Option<async_graphql::ID> {
        self.0.subject_id.as_ref().map(async_graphql::ID::from)
    }
    /// Names of the fields that changed.
    async fn fields(&self) -> Vec<&str> {
        self.0.fields.split(',').filter(|field| !field.is_empty()).collect()
    }
    /// Further ids and numbers, an object.
    async fn details(&self) -> Result<Json> {
        serde_json::from_str(&self.0.details).map(Json).map_err(Error::internal)
    }
}

connection!(
    /// A page of audit entries.
    AuditEntryConnection,
    /// One of a page of audit entries.
    AuditEntryEdge,
    AuditEntry
);

/// Reading the audit.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Newest first; for administrators.
    #[allow(clippy::too_many_arguments)]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Only about this object.")] subject_id: Option<async_graphql::ID>,
        #[graphql(desc = "Only by this person.")] actor_id: Option<UserId>,
    ) -> Result<AuditEntryConnection> {
        let page = Page::parse(first, after, last, before)?;
        let slice = super::list(ctx.app(), ctx.viewer(), &page, subject_id.map(|id| id.0), actor_id).await?;
        Ok(AuditEntryConnection::new(slice, AuditEntry))
    }
}
