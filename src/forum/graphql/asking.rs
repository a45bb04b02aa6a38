//! Asking about forums.

use async_graphql::{Context, Object};

use super::{
    category::Category,
    community::{Community, CommunityConnection},
    post::Post,
    topic::Topic,
};
use crate::{
    error::{Error, Result},
    forum::{policy, reading},
    graphql::context::ContextExt,
    ids::{CategoryId, CommunityId, PostId, TopicId},
    paging::Page,
};

/// Asking about forums.
#[derive(Default)]
pub struct ForumQuery;

#[Object]
impl ForumQuery {
    /// Communities that the viewer may see, newest first.
    async fn communities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<CommunityConnection> {
        let page = Page::parse(first, after, last, before)?;
        let slice = reading::communities(ctx.app().db.read(), ctx.viewer(), &page).await?;
        Ok(CommunityConnection::new(slice, Community::from))
    }

    /// A community, by its id or its slug; null when it does not exist for the viewer.
    async fn community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: Option<CommunityId>,
        #[graphql(desc = "Its address part.")] slug: Option<String>,
    ) -> Option<Result<Community>> {
        let found = match (id, slug) {
            (Some(id), None) => Community::load(ctx, id).await,
            (None, Some(slug)) => {
                let found = policy::community_at(ctx.app(), ctx.viewer(), slug).await;
                found.map(|found| found.map(Community::from))
            }
            _ => Err(Error::BadInput("Give `id` or `slug`.".into())),
        };
        found.transpose()
    }

    /// A category; null when it does not exist for the viewer.
    async fn category(&self, ctx: &Context<'_>, #[graphql(desc = "The category.")] id: CategoryId) -> Option<Result<Category>> {
        Category::load(ctx, id).await.transpose()
    }

    /// A topic; null when it does not exist for the viewer.
    async fn topic(&self, ctx: &Context<'_>, #[graphql(desc = "The topic.")] id: TopicId) -> Option<Result<Topic>> {
        Topic::read(ctx, id).await.transpose()
    }

    /// A post; null when it does not exist for the viewer.
    async fn post(&self, ctx: &Context<'_>, #[graphql(desc = "The post.")] id: PostId) -> Option<Result<Post>> {
        Post::load(ctx, id).await.transpose()
    }
}
