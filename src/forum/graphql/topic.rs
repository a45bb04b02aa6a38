//! Topics in the API.

use std::sync::Arc;

use async_graphql::{Context, Object};
use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::OnceCell;

use super::{
    category::Category,
    post::{Post, PostConnection},
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    forum::{
        parent::ParentId,
        policy::Standing,
        reading::{self, SeenTopic},
        unread::{Reading, Readings},
    },
    graphql::{at_hand::AtHand, connection::connection, context::ContextExt, together::Together},
    ids::{TopicId, UserId},
    language::{Language, TextDirection},
    paging::{Page, Slice},
};

/// A discussion.
pub struct Topic {
    seen: SeenTopic,
    /// What it shares with the topics that it came together with.
    page: Arc<TopicsPage>,
}

/// Topics that came together.
struct TopicsPage {
    topics: Vec<TopicId>,
    authors: Together<UserId>,
    /// How far the viewer has read them, once that is asked of one.
    readings: OnceCell<Result<Readings>>,
}

impl TopicsPage {
    fn of<'a>(topics: impl IntoIterator<Item = &'a SeenTopic> + Clone) -> Arc<Self> {
        let authors = topics.clone().into_iter().filter_map(|seen| {
            let author = seen.author.clone()?;
            Some((author.id, author))
        });
        let (authors, topics) = (Together::found(authors), topics.into_iter().map(|seen| seen.row.id).collect());
        Arc::new(Self { topics, authors, readings: OnceCell::new() })
    }
}

impl Topic {
    /// The topic `id`, if the viewer sees it.
    pub async fn load(ctx: &Context<'_>, id: TopicId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self::alone))
    }

    /// The topic `id` likewise, for whoever asks for one and not for each of a list: what many ask for at once are the topics of
    /// communities.
    pub async fn read(ctx: &Context<'_>, id: TopicId) -> Result<Option<Self>> {
        match reading::topic_in_community(ctx.app(), ctx.viewer(), id).await? {
            Some(seen) => Ok(Some(Self::alone(seen))),
            None => Self::load(ctx, id).await,
        }
    }

    fn alone(seen: SeenTopic) -> Self {
        Self { page: TopicsPage::of([&seen]), seen }
    }

    /// How far the viewer has read it; `None` for visitors.
    fn reading<'a>(&'a self, ctx: &'a Context<'_>) -> BoxFuture<'a, Option<Result<Reading>>> {
        let load = async {
            let user = ctx.viewer().user_id()?;
            let readings = self.page.readings.get_or_init(|| Readings::load(ctx.app(), user, self.page.topics.clone()));
            Some(readings.await.as_ref().map(|readings| readings.of(&self.seen.row)).map_err(Clone::clone))
        };
        load.boxed()
    }

    /// Whether the viewer may post in it.
    pub(super) fn is_open(&self) -> bool {
        !self.seen.row.is_locked && self.seen.standing.posts()
    }
}

/// A discussion.
#[Object]
impl Topic {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> TopicId {
        self.seen.row.id
    }
    /// Where it stands.
    async fn category(&self, ctx: &Context<'_>) -> Result<Category> {
        Category::load(ctx, self.seen.row.category_id).await?.ok_or(Error::NotFound("category"))
    }
    /// As its author wrote it.
    async fn title(&self) -> &str {
        &self.seen.row.title
    }
    /// Language that it was started in.
    async fn language(&self) -> &Language {
        &self.seen.row.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.seen.row.language.direction()
    }
    /// Who started it; null when they are gone.
    async fn author(&self, ctx: &Context<'_>) -> Option<Result<AtHand<User>>> {
        User::among(ctx, &self.page.authors, self.seen.row.author_id).await
    }
    /// Shown first.
    async fn is_pinned(&self) -> bool {
        self.seen.row.is_pinned
    }
    /// Closed to new posts.
    async fn is_locked(&self) -> bool {
        self.seen.row.is_locked
    }
    /// Taken out of sight by a moderator; only moderators see it then.
    async fn is_hidden(&self) -> bool {
        self.seen.row.hidden_at.is_some()
    }
    /// Posts made in it so far, those deleted since included.
    async fn post_count(&self) -> i32 {
        self.seen.row.post_count
    }
    /// When the last post was made.
    async fn last_post_at(&self) -> Instant {
        self.seen.row.last_post_at
    }
    /// When it was started.
    async fn created_at(&self) -> Instant {
        self.seen.row.created_at
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
        let standing = self.seen.standing;
        let slice = reading::posts(ctx.app(), ctx.viewer(), standing, self.seen.row.id, page).boxed().await?;
        let authors = Post::authors(&slice);
        Ok(PostConnection::new(slice, |(post, _)| Post::among(post, &authors)))
    }
    /// The next posts after that one, at most 100: how a client that was away catches up.
    async fn posts_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the last post that the client has; 0 for none.")] number: i32,
    ) -> Result<Vec<AtHand<Post>>> {
        let standing = self.seen.standing;
        let slice = reading::since(ctx.app(), ctx.viewer(), standing, self.seen.row.id, number).boxed().await?;
        let authors = Post::authors(&slice);
        Ok(slice.rows.into_iter().map(|(_, (post, _))| AtHand(Post::among(post, &authors))).collect())
    }
    /// Number of the last post that the viewer has read, 0 before the first; null when signed out.
    async fn viewer_read_number(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        Some(self.reading(ctx).await?.map(|reading| reading.number))
    }
    /// Posts by others after that whose text is there, counted up to 100; null when signed out.
    async fn viewer_unread_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        Some(self.reading(ctx).await?.map(|reading| reading.unread))
    }
    /// True when the viewer may post in it.
    async fn viewer_can_post(&self) -> bool {
        self.is_open()
    }
    /// True when the viewer may change its title now.
    async fn viewer_can_rename(&self, ctx: &Context<'_>) -> bool {
        self.seen.standing.renames(ctx.viewer(), &self.seen.row)
    }
    /// True when the viewer may moderate it.
    async fn viewer_can_moderate(&self) -> bool {
        self.seen.standing.moderates
    }
}

/// Topics of a community or course where the viewer is of this standing: pinned first, then the most recently posted in.
pub async fn topics_of(ctx: &Context<'_>, standing: Standing, parent: ParentId, page: Result<Page>) -> Result<TopicConnection> {
    let slice = reading::topics_of(ctx.app(), ctx.viewer(), standing, parent, page?).await?;
    Ok(TopicConnection::of(slice))
}

impl TopicConnection {
    /// A page of topics.
    pub(super) fn of(slice: Slice<SeenTopic>) -> Self {
        let page = TopicsPage::of(slice.rows.iter().map(|(_, seen)| seen));
        Self::new(slice, |seen| Topic { seen, page: page.clone() })
    }
}

connection!(
    /// A page of topics.
    TopicConnection,
    /// One of a page of topics.
    TopicEdge,
    Topic
);
