//! Following topics live.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt as _};

use super::post::Post;
use crate::{
    error::Result,
    forum::following::{Followed, follow},
    graphql::context::ContextExt,
    ids::TopicId,
};

/// Following topics live.
#[derive(Default)]
pub struct ForumSubscription;

#[Subscription]
impl ForumSubscription {
    /// A new post in a topic. Ends when the viewer may see it no more, or anything about their account changed. After a pause,
    /// ask `topic.postsSince`.
    async fn post_added(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] topic_id: TopicId,
    ) -> Result<impl Stream<Item = Post> + use<>> {
        let posts = follow(ctx.app(), ctx.viewer(), topic_id, Followed::Added).await?;
        Ok(posts.map(Post::from))
    }

    /// A post of a topic that was edited, deleted, hidden, shown again or redacted. Ends as `postAdded` does.
    async fn post_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] topic_id: TopicId,
    ) -> Result<impl Stream<Item = Post> + use<>> {
        let posts = follow(ctx.app(), ctx.viewer(), topic_id, Followed::Changed).await?;
        Ok(posts.map(Post::from))
    }
}
