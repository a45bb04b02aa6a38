//! Posts in the API.

use async_graphql::{Context, Object};

use super::{
    loading::{FlaggedByViewer, RevisionsOf},
    topic::Topic,
};
use crate::{
    accounts::{graphql::User, policy::Seen},
    clock::Instant,
    error::{Error, Result},
    forum::{policy::SeenPost, post::PostState, revision},
    graphql::{at_hand::AtHand, connection::connection, context::ContextExt, together::Together},
    ids::{PostId, UserId},
    language::{Language, TextDirection},
    paging::Slice,
    scalars::{Html, Markdown},
};

/// What somebody says in a topic.
pub struct Post {
    seen: SeenPost,
    /// Those of the posts that came together.
    authors: Together<UserId>,
}

impl Post {
    /// The post `id`, if the viewer sees its topic.
    pub async fn load(ctx: &Context<'_>, id: PostId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self::from))
    }

    /// The authors of a page of posts, as they came with them.
    pub(super) fn authors(posts: &Slice<(SeenPost, Option<Seen>)>) -> Together<UserId> {
        Together::found(posts.rows.iter().filter_map(|(_, (_, author))| {
            let author = author.clone()?;
            Some((author.id, author))
        }))
    }

    /// A post that came together with others, whose authors these are.
    pub(super) fn among(seen: SeenPost, authors: &Together<UserId>) -> Self {
        Self { seen, authors: authors.clone() }
    }
}

impl From<SeenPost> for Post {
    fn from(seen: SeenPost) -> Self {
        Self { seen, authors: Together::alone() }
    }
}

/// What somebody says in a topic.
#[Object]
impl Post {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> PostId {
        self.seen.id
    }
    /// 1, 2, 3 … in its topic, without gaps.
    async fn number(&self) -> i32 {
        self.seen.number
    }
    /// The topic.
    async fn topic(&self, ctx: &Context<'_>) -> Result<Topic> {
        Topic::load(ctx, self.seen.topic_id).await?.ok_or(Error::NotFound("topic"))
    }
    /// Null when they are gone; for all but moderators also when the text is.
    async fn author(&self, ctx: &Context<'_>) -> Option<Result<AtHand<User>>> {
        User::among(ctx, &self.authors, self.seen.author_id).await
    }
    /// What is left of it.
    async fn state(&self) -> PostState {
        self.seen.state
    }
    /// Language that it is written in, as the author said.
    async fn language(&self) -> &Language {
        &self.seen.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.seen.language.direction()
    }
    /// Its source; null unless the viewer may read it.
    async fn body(&self) -> Option<Markdown> {
        self.seen.body.as_deref().map(Markdown::from)
    }
    /// Its rendering; null unless the viewer may read it.
    async fn body_html(&self) -> Option<Html> {
        self.seen.body_html.as_deref().map(Html::from)
    }
    /// The post that it answers.
    async fn in_reply_to(&self, ctx: &Context<'_>) -> Option<Result<Post>> {
        Post::load(ctx, self.seen.in_reply_to_id?).await.transpose()
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.seen.created_at
    }
    /// When it was last edited.
    async fn edited_at(&self) -> Option<Instant> {
        self.seen.edited_at
    }
    /// Earlier texts, oldest first, at most 100; for its author and moderators.
    async fn revisions(&self, ctx: &Context<'_>) -> Option<Result<Vec<PostRevision>>> {
        if !self.seen.shows_revisions {
            return None;
        }
        let revisions = ctx.load(RevisionsOf(self.seen.id)).await;
        Some(revisions.map(|found| found.unwrap_or_default().into_iter().map(PostRevision).collect()))
    }
    /// True when the viewer may edit it now: it is their own and stands, and its topic is open.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> Result<bool> {
        if !self.seen.is_own {
            return Ok(false);
        }
        let topic = Topic::load(ctx, self.seen.topic_id).await?;
        Ok(topic.is_some_and(|topic| topic.is_open()))
    }
    /// True when the viewer may delete it: it is their own and stands.
    async fn viewer_can_delete(&self) -> bool {
        self.seen.is_own
    }
    /// True when the viewer has flagged it.
    async fn viewer_has_flagged(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.load(FlaggedByViewer(self.seen.id)).await?.is_some())
    }
}

connection!(
    /// A page of posts.
    PostConnection,
    /// One of a page of posts.
    PostEdge,
    Post
);

/// An earlier text of a post.
pub struct PostRevision(pub revision::Model);

/// An earlier text of a post.
#[Object]
impl PostRevision {
    /// What it said.
    async fn body(&self) -> Markdown {
        self.0.body.as_str().into()
    }
    /// Rendered.
    async fn body_html(&self) -> Html {
        self.0.body_html.as_str().into()
    }
    /// When that was written.
    async fn written_at(&self) -> Instant {
        self.0.written_at
    }
}
