//! Reading topics and posts, and remembering how far one has read.

use std::collections::{HashMap, HashSet};

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Set,
    sea_query::{Expr, ExprTrait as _, Func, OnConflict, Query, SimpleExpr},
};

use super::{
    community,
    parent::ParentId,
    policy::{self, SeenPost, Standing},
    post::{self, PostState},
    read_position, topic,
};
use crate::{
    accounts::policy::{Beside, Seen, beside},
    app::App,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::{CategoryId, TopicId, UserId},
    paging::{Direction, Page, Paged, Slice},
    rows::among,
    transact,
    viewer::Viewer,
};

/// Unread posts are counted up to this; more are told as this many.
const MOST_UNREAD: u64 = 100;
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
    /// How far they have read it; `None` for visitors.
    pub reading: Option<Reading>,
}

/// A topic with what came beside it.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    topic: topic::Model,
    #[sea_orm(nested)]
    author: Beside,
    read_number: Option<i32>,
    unread: Option<i64>,
}

impl Row {
    /// With who started each topic, and how far `viewer` has read it.
    fn beside(topics: Select<topic::Entity>, viewer: &Viewer) -> Select<topic::Entity> {
        let topics = beside(topics, topic::Column::AuthorId);
        match viewer.user_id() {
            Some(user) => {
                let mut topics = topics.expr_as(read_number(), "read_number").expr_as(unread(user), "unread");
                QueryTrait::query(&mut topics).join(JoinType::LeftJoin, read_position::Entity, is_reading_of(user));
                topics
            }
            None => topics
                .expr_as(Expr::cust("CAST(NULL AS integer)"), "read_number")
                .expr_as(Expr::cust("CAST(NULL AS bigint)"), "unread"),
        }
    }

    fn seen(self, viewer: &Viewer, standing: Standing) -> SeenTopic {
        let reading = self.read_number.zip(self.unread).map(|(number, unread)| Reading { number, unread });
        SeenTopic { row: self.topic, standing, author: self.author.seen_by(viewer), reading }
    }
}

/// Topics of a community or course that `viewer`, who is of this standing there, sees: pinned first, then the most recently posted
/// in.
pub async fn topics_of(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    standing: Standing,
    parent: ParentId,
    page: &Page,
) -> Result<Slice<SeenTopic>> {
    let topics = policy::topics_within(standing).filter(topic::Column::ParentId.eq(parent));
    listed(db, viewer, standing, topics, page).await
}

/// Topics of a category, likewise.
pub async fn topics_in(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    standing: Standing,
    category: CategoryId,
    page: &Page,
) -> Result<Slice<SeenTopic>> {
    let topics = policy::topics_within(standing).filter(topic::Column::CategoryId.eq(category));
    listed(db, viewer, standing, topics, page).await
}

async fn listed(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    standing: Standing,
    topics: Select<topic::Entity>,
    page: &Page,
) -> Result<Slice<SeenTopic>> {
    let keys = [topic::Column::IsPinned, topic::Column::LastPostAt, topic::Column::Id];
    let keys = keys.map(|key| (key, Direction::Descending));
    let slice = Row::beside(topics, viewer).page_of(db, page, &keys, |row: &Row| &row.topic).await?;
    Ok(slice.map(|row| row.seen(viewer, standing)))
}

/// Those of the topics with these ids that `viewer` may see: what [`policy::topics`] says, with each community or course asked
/// once.
pub async fn topics(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[TopicId]) -> Result<HashMap<TopicId, SeenTopic>> {
    let found = topic::Entity::find().filter(among(db.get_database_backend(), topic::Column::Id, ids));
    let found = Row::beside(found, viewer).into_model::<Row>().all(db).await?;
    let parents: HashSet<ParentId> = found.iter().map(|row| row.topic.parent_id).collect();
    let seen = policy::seen_parents(db, viewer, &parents.into_iter().collect::<Vec<_>>()).await?;
    let topics = found.into_iter().filter_map(|row| {
        let standing = *seen.get(&row.topic.parent_id)?;
        (row.topic.hidden_at.is_none() || standing.moderates).then(|| (row.topic.id, row.seen(viewer, standing)))
    });
    Ok(topics.collect())
}

/// Posts of a topic that `viewer`, who is of this standing, sees, in order, each with who wrote it unless the viewer sees
/// everything of them.
pub async fn posts(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    standing: Standing,
    topic: TopicId,
    page: &Page,
) -> Result<Slice<(SeenPost, Option<Seen>)>> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        post: post::Model,
        #[sea_orm(nested)]
        author: Beside,
    }
    let posts = beside(post::Entity::find().filter(post::Column::TopicId.eq(topic)), post::Column::AuthorId);
    let keys = [(post::Column::Number, Direction::Ascending)];
    let slice = posts.page_of(db, page, &keys, |row: &Row| &row.post).await?;
    Ok(slice.map(|row| (policy::seen_post(viewer, standing, row.post), row.author.seen_by(viewer))))
}

/// The next posts of a topic after the one of this number, at most 100, as `viewer`, who is of this standing, sees them.
pub async fn since(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    standing: Standing,
    topic: TopicId,
    number: i32,
) -> Result<Vec<SeenPost>> {
    let posts = post::Entity::find().filter(post::Column::TopicId.eq(topic)).filter(post::Column::Number.gt(number));
    let posts = posts.order_by_asc(post::Column::Number).limit(MOST_SINCE).all(db).await?;
    Ok(posts.into_iter().map(|post| policy::seen_post(viewer, standing, post)).collect())
}

/// How far somebody has read a topic.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Number of the last post read; 0 before the first.
    pub number: i32,
    /// Posts of others after that whose text is there, at most 100.
    pub unread: i64,
}

/// Of `read_position`: that it is that of `user` in a topic.
fn is_reading_of(user: UserId) -> Condition {
    Condition::all()
        .add(Expr::col(read_position::Column::TopicId.as_column_ref()).equals(topic::Column::Id.as_column_ref()))
        .add(read_position::Column::UserId.eq(user))
}

fn read_number() -> SimpleExpr {
    Func::coalesce([Expr::col(read_position::Column::Number.as_column_ref()), Expr::cust("0")]).into()
}

/// Counts no further than to [`MOST_UNREAD`], so that long topics cost no more than short ones.
fn unread(user: UserId) -> SimpleExpr {
    let by_others = post::Column::AuthorId.is_null().or(post::Column::AuthorId.ne(user));
    let posts = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(Expr::col(post::Column::TopicId.as_column_ref()).equals(topic::Column::Id.as_column_ref()))
        .filter(Expr::col(post::Column::Number.as_column_ref()).gt(read_number()))
        .filter(post::Column::State.eq(PostState::Shown))
        .filter(by_others)
        .limit(MOST_UNREAD)
        .into_query();
    let count = Query::select().expr(Func::count(Expr::cust("*"))).from_subquery(posts, "unread_post").to_owned();
    SimpleExpr::SubQuery(None, Box::new(count.into()))
}

/// Remembers how far the viewer has read a topic; never goes back.
pub async fn mark(app: &App, viewer: &Viewer, id: TopicId, number: i32) -> Result<()> {
    let reader = viewer.signed_in()?.id;
    transact!(app, |tx| {
        let topic = policy::topic(tx, viewer, id).await?;
        if !(1..=topic.post_count).contains(&number) {
            let problem = Problem::at(UserErrorCode::OutOfRange, "number").with("min", 1).with("max", topic.post_count);
            return Err(Error::from(problem));
        }
        move_to(tx, reader, id, number).await
    })
}

/// One's own post counts as read: whoever had read all before it has now read it too.
pub(super) async fn has_posted(tx: &Tx, author: UserId, topic: TopicId, number: i32) -> Result<()> {
    let read = read_position::Entity::find_by_id((author, topic)).one(tx).await?.map_or(0, |position| position.number);
    if read == number - 1 { move_to(tx, author, topic, number).await } else { Ok(()) }
}

async fn move_to(tx: &Tx, reader: UserId, topic: TopicId, number: i32) -> Result<()> {
    let row = read_position::ActiveModel { user_id: Set(reader), topic_id: Set(topic), number: Set(number) };
    let forward = Expr::col(read_position::Column::Number.as_column_ref()).lt(number);
    let only_forward = OnConflict::columns([read_position::Column::UserId, read_position::Column::TopicId])
        .update_column(read_position::Column::Number)
        .action_and_where(forward)
        .to_owned();
    read_position::Entity::insert(row).on_conflict(only_forward).exec_without_returning(tx).await?;
    Ok(())
}
