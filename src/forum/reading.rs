//! Reading topics and posts. What is the same for all who see it is read once for those who ask at the same time; what each of
//! them sees of it is judged for each.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

use super::{
    community,
    parent::ParentId,
    policy::{self, SeenPost, Standing},
    post, topic,
};
use crate::{
    accounts::policy::{Beside, Seen, beside},
    app::App,
    error::Result,
    gathering::{self, Question},
    ids::{CategoryId, TopicId},
    paging::{Direction, Page, Paged, Slice},
    rows::{among, keyed},
    viewer::Viewer,
};

/// Posts that [`since`] gives at once.
const MOST_SINCE: u64 = 100;

/// Communities that `viewer` may see, newest first.
pub async fn communities(db: &impl ConnectionTrait, viewer: &Viewer, page: &Page) -> Result<Slice<community::Model>> {
    policy::visible(viewer).page(db, page, &[(community::Column::Id, Direction::Descending)]).await
}

/// A topic as a viewer sees it.
#[derive(Clone, Debug)]
pub struct SeenTopic {
    /// The topic.
    pub row: topic::Model,
    /// What they may do in its community or course.
    pub standing: Standing,
    /// Who started it, unless the viewer sees everything of them.
    pub author: Option<Seen>,
}

/// A topic with who started it: what is the same for all who see it.
#[derive(Clone, FromQueryResult)]
struct TopicRow {
    #[sea_orm(nested)]
    topic: topic::Model,
    #[sea_orm(nested)]
    author: Beside,
}

impl TopicRow {
    fn seen_by(&self, viewer: &Viewer, standing: Standing) -> SeenTopic {
        SeenTopic { row: self.topic.clone(), standing, author: self.author.seen_by(viewer) }
    }

    /// Whether somebody of this standing sees it, who sees where it stands.
    fn is_seen(&self, standing: Standing) -> bool {
        self.topic.hidden_at.is_none() || standing.moderates
    }
}

/// Topics of a community or course that `viewer`, who is of this standing there, sees: pinned first, then the most recently posted
/// in.
pub async fn topics_of(app: &App, viewer: &Viewer, standing: Standing, parent: ParentId, page: Page) -> Result<Slice<SeenTopic>> {
    listed(app, viewer, standing, List::Of(parent), page).await
}

/// Topics of a category, likewise.
pub async fn topics_in(
    app: &App,
    viewer: &Viewer,
    standing: Standing,
    category: CategoryId,
    page: Page,
) -> Result<Slice<SeenTopic>> {
    listed(app, viewer, standing, List::In(category), page).await
}

async fn listed(app: &App, viewer: &Viewer, standing: Standing, list: List, page: Page) -> Result<Slice<SeenTopic>> {
    let slice = gathering::answer(app, TopicsOf { list, by_moderator: standing.moderates, page }).await?;
    Ok(slice.map_ref(|row| row.seen_by(viewer, standing)))
}

/// A list of topics.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum List {
    Of(ParentId),
    In(CategoryId),
}

/// A page of a list of topics, which all who read it share.
#[derive(Clone, PartialEq, Eq, Hash)]
struct TopicsOf {
    list: List,
    by_moderator: bool,
    page: Page,
}

impl Question for TopicsOf {
    type Answer = Arc<Slice<TopicRow>>;

    const IS_ALONE: bool = true;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Self::Answer>> {
        let mut found = HashMap::new();
        for question in questions {
            let topics = policy::topics_within(question.by_moderator).filter(match question.list {
                List::Of(parent) => topic::Column::ParentId.eq(parent),
                List::In(category) => topic::Column::CategoryId.eq(category),
            });
            let keys = [topic::Column::IsPinned, topic::Column::LastPostAt, topic::Column::Id];
            let keys = keys.map(|key| (key, Direction::Descending));
            let topics = beside(topics, topic::Column::AuthorId);
            let slice = topics.page_of(app.db.read(), &question.page, &keys, |row: &TopicRow| &row.topic).await?;
            found.insert(question, Arc::new(slice));
        }
        Ok(found)
    }
}

/// Those of the topics with these ids that `viewer` may see: what [`policy::topics`] says, with each community or course asked
/// once.
pub async fn topics(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[TopicId]) -> Result<HashMap<TopicId, SeenTopic>> {
    let found = topics_at(db, ids).await?;
    let parents: HashSet<ParentId> = found.iter().map(|row| row.topic.parent_id).collect();
    let seen = policy::seen_parents(db, viewer, &parents.into_iter().collect::<Vec<_>>()).await?;
    let topics = found.into_iter().filter_map(|row| {
        let standing = *seen.get(&row.topic.parent_id)?;
        row.is_seen(standing).then(|| (row.topic.id, row.seen_by(viewer, standing)))
    });
    Ok(topics.collect())
}

/// The topic with this id, if it stands in a community and `viewer` sees it; asked together with what others ask.
pub async fn topic_in_community(app: &App, viewer: &Viewer, id: TopicId) -> Result<Option<SeenTopic>> {
    let Some(row) = gathering::ask(app, TopicAt(id)).await? else { return Ok(None) };
    let standing = policy::standing_in_community(app, viewer, row.topic.parent_id).await?;
    Ok(standing.filter(|standing| row.is_seen(*standing)).map(|standing| row.seen_by(viewer, standing)))
}

async fn topics_at(db: &impl ConnectionTrait, ids: &[TopicId]) -> Result<Vec<TopicRow>> {
    let topics = topic::Entity::find().filter(among(db.get_database_backend(), topic::Column::Id, ids));
    Ok(beside(topics, topic::Column::AuthorId).into_model::<TopicRow>().all(db).await?)
}

/// The topic with this id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct TopicAt(TopicId);

impl Question for TopicAt {
    type Answer = TopicRow;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, TopicRow>> {
        let ids: Vec<_> = questions.into_iter().map(|question| question.0).collect();
        Ok(keyed(topics_at(app.db.read(), &ids).await?, |row| TopicAt(row.topic.id)))
    }
}

/// Posts of a topic that `viewer`, who is of this standing, sees, in order, each with who wrote it unless the viewer sees
/// everything of them.
pub async fn posts(
    app: &App,
    viewer: &Viewer,
    standing: Standing,
    topic: TopicId,
    page: Page,
) -> Result<Slice<(SeenPost, Option<Seen>)>> {
    let slice = gathering::answer(app, PostsOf { topic, page }).await?;
    Ok(slice.map_ref(|row| (policy::seen_post(viewer, standing, &row.post), row.author.seen_by(viewer))))
}

/// The next posts of a topic after the one of this number, at most 100, likewise.
pub async fn since(
    app: &App,
    viewer: &Viewer,
    standing: Standing,
    topic: TopicId,
    number: i32,
) -> Result<Slice<(SeenPost, Option<Seen>)>> {
    posts(app, viewer, standing, topic, Page::after([number.into()], MOST_SINCE)).await
}

/// A post with who wrote it.
#[derive(FromQueryResult)]
struct PostRow {
    #[sea_orm(nested)]
    post: post::Model,
    #[sea_orm(nested)]
    author: Beside,
}

/// A page of the posts of a topic, which all who read it share.
#[derive(Clone, PartialEq, Eq, Hash)]
struct PostsOf {
    topic: TopicId,
    page: Page,
}

impl Question for PostsOf {
    type Answer = Arc<Slice<PostRow>>;

    const IS_ALONE: bool = true;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Self::Answer>> {
        let mut found = HashMap::new();
        for question in questions {
            let posts = post::Entity::find().filter(post::Column::TopicId.eq(question.topic));
            let posts = beside(posts, post::Column::AuthorId);
            let keys = [(post::Column::Number, Direction::Ascending)];
            let slice = posts.page_of(app.db.read(), &question.page, &keys, |row: &PostRow| &row.post).await?;
            found.insert(question, Arc::new(slice));
        }
        Ok(found)
    }
}
