//! Flags in the API.

use async_graphql::{Context, Object};

use super::post::Post;
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    forum::{
        flag::{self, FlagReason, FlagState},
        flagging,
        parent::ParentId,
    },
    graphql::{connection::connection, context::ContextExt},
    ids::FlagId,
    paging::Page,
};

/// A post brought to the moderators' attention.
pub struct Flag(pub flag::Model);

impl Flag {
    /// The flag `id`, if the viewer moderates what it is on.
    pub async fn load(ctx: &Context<'_>, id: FlagId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }
}

/// A page of the moderators' queue of a community or course; `None` for all but moderators.
pub async fn queue_of(
    ctx: &Context<'_>,
    parent: ParentId,
    state: FlagState,
    page: Result<Page>,
) -> Result<Option<FlagConnection>> {
    let queue = flagging::queue(ctx.app().db.read(), ctx.viewer(), parent, state, &page?).await?;
    Ok(queue.map(|slice| FlagConnection::new(slice, Flag)))
}

/// A post brought to the moderators' attention.
#[Object]
impl Flag {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> FlagId {
        self.0.id
    }
    /// The post.
    async fn post(&self, ctx: &Context<'_>) -> Result<Post> {
        Post::load(ctx, self.0.post_id).await?.ok_or(Error::NotFound("post"))
    }
    /// What is wrong.
    async fn reason(&self) -> FlagReason {
        self.0.reason
    }
    /// What the person added; may be empty.
    async fn comment(&self) -> &str {
        &self.0.comment
    }
    /// Where it stands.
    async fn state(&self) -> FlagState {
        self.0.state
    }
    /// By whom; null when they are gone.
    async fn reported_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, self.0.reported_by).await
    }
    /// When.
    async fn reported_at(&self) -> Instant {
        self.0.reported_at
    }
    /// Who decided; null while it is open, or when they are gone.
    async fn resolved_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, self.0.resolved_by).await
    }
    /// When.
    async fn resolved_at(&self) -> Option<Instant> {
        self.0.resolved_at
    }
}

connection!(
    /// A page of flags.
    FlagConnection,
    /// One of a page of flags.
    FlagEdge,
    Flag
);
