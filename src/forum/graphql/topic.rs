//! Topics in the API.

use async_graphql::{Context, Object};

use super::{
    category::Category,
    loading::{ReadingOf, standing},
    post::{Post, PostConnection},
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    forum::{parent::ParentId, reading, topic},
    graphql::{connection::connection, context::ContextExt},
    ids::TopicId,
    language::{Language, TextDirection},
    paging::Page,
};

/// A discussion.
pub struct Topic(pub topic::Model);

impl Topic {
    /// The topic `id`, if the viewer sees it.
    pub async fn load(ctx: &Context<'_>, id: TopicId) -> Result<Option<Self>> {
        Ok(ctx.batch().load_one(id).await?.map(Self))
    }
}

/// A discussion.
#[Object]
impl Topic {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> TopicId {
        self.0.id
    }
    /// Where it stands.
    async fn category(&self, ctx: &Context<'_>) -> Result<Category> {
        Category::load(ctx, self.0.category_id).await?.ok_or(Error::NotFound("category"))
    }
    /// As its author wrote it.
    async fn title(&self) -> &str {
        &self.0.title
    }
    /// Language that it was started in.
    async fn language(&self) -> &Language {
        &self.0.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.0.language.direction()
    }
    /// Who started it; null when they are gone.
    async fn author(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, self.0.author_id).await
    }
    /// Shown first.
    async fn is_pinned(&self) -> bool {
        self.0.is_pinned
    }
    /// Closed to new posts.
    async fn is_locked(&self) -> bool {
        self.0.is_locked
    }
    /// Taken out of sight by a moderator; only moderators see it then.
    async fn is_hidden(&self) -> bool {
        self.0.hidden_at.is_some()
    }
    /// Posts made in it so far, those deleted since included.
    async fn post_count(&self) -> i32 {
        self.0.post_count
    }
    /// When the last post was made.
    async fn last_post_at(&self) -> Instant {
        self.0.last_post_at
    }
    /// When it was started.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
    /// In order.
    async fn posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<PostConnection> {
        let page = Page::parse(first, after, last, before)?;
        let standing = standing(ctx, self.0.parent_id).await?;
        let slice = reading::posts(ctx.app().db.read(), ctx.viewer(), standing, self.0.id, &page).await?;
        Ok(PostConnection::new(slice, Post))
    }
    /// The next posts after that one, at most 100: how a client that was away catches up.
    async fn posts_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the last post that the client has; 0 for none.")] number: i32,
    ) -> Result<Vec<Post>> {
        let standing = standing(ctx, self.0.parent_id).await?;
        let posts = reading::since(ctx.app().db.read(), ctx.viewer(), standing, self.0.id, number).await?;
        Ok(posts.into_iter().map(Post).collect())
    }
    /// Number of the last post that the viewer has read, 0 before the first; null when signed out.
    async fn viewer_read_number(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        let reading = ctx.batch().load_one(ReadingOf(self.0.id)).await.transpose()?;
        Some(reading.map(|reading| reading.number))
    }
    /// Posts by others after that whose text is there, counted up to 100; null when signed out.
    async fn viewer_unread_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        let reading = ctx.batch().load_one(ReadingOf(self.0.id)).await.transpose()?;
        Some(reading.map(|reading| i32::try_from(reading.unread).unwrap_or(i32::MAX)))
    }
    /// True when the viewer may post in it.
    async fn viewer_can_post(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(!self.0.is_locked && standing(ctx, self.0.parent_id).await?.posts())
    }
    /// True when the viewer may change its title now.
    async fn viewer_can_rename(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(standing(ctx, self.0.parent_id).await?.renames(ctx.viewer(), &self.0))
    }
    /// True when the viewer may moderate it.
    async fn viewer_can_moderate(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(standing(ctx, self.0.parent_id).await?.moderates)
    }
}

/// Topics of a community or course that the viewer sees: pinned first, then the most recently posted in.
pub async fn topics_of(ctx: &Context<'_>, parent: ParentId, page: Result<Page>) -> Result<TopicConnection> {
    let standing = standing(ctx, parent).await?;
    Ok(TopicConnection::new(reading::topics_of(ctx.app().db.read(), standing, parent, &page?).await?, Topic))
}

connection!(
    /// A page of topics.
    TopicConnection,
    /// One of a page of topics.
    TopicEdge,
    Topic
);
