//! `node` and `nodes`: any object by its id. An id of another kind, of nothing, or of what the viewer may not see gives null.

use async_graphql::{Context, ID, Interface, Object};
use futures_util::future::join_all;

use super::context::ContextExt;
use crate::{
    accounts::graphql::User,
    audit::graphql::AuditEntry,
    error::{Error, Result},
    ids::{Id, UserId, decode},
};

/// An object with an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque and unique over all kinds of objects."))]
pub enum Node {
    /// A person.
    User(User),
    /// An audit entry.
    AuditEntry(AuditEntry),
}

/// Ids that one request may ask `nodes` for.
const MOST: usize = 100;

/// Loads any object that the viewer may see.
pub async fn load(ctx: &Context<'_>, id: &str) -> Result<Option<Node>> {
    let Some((kind, uuid)) = decode(id) else { return Ok(None) };
    let batch = ctx.batch();
    Ok(match kind {
        UserId::KIND => batch.load_one(UserId(uuid)).await?.map(User).map(Node::User),
        _ => None,
    })
}

/// Any object by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Any object; null when it does not exist for the viewer.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Id of any object.")] id: ID) -> Option<Result<Node>> {
        load(ctx, &id).await.transpose()
    }

    /// As `node`, in the order of the ids.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        if ids.len() > MOST {
            return Err(Error::BadInput("At most 100 ids.".into()));
        }
        Ok(join_all(ids.iter().map(async |id| load(ctx, id).await.transpose())).await)
    }
}
