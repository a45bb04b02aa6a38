//! Reading topics and posts, and remembering how far one has read.

use std::collections::HashMap;

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

/// Topics of a community or course that a viewer of this standing sees: pinned first, then the most recently posted in.
pub async fn topics_of(
    db: &impl ConnectionTrait,
    standing: Standing,
    parent: ParentId,
    page: &Page,
) -> Result<Slice<topic::Model>> {
    listed(db, policy::topics_within(standing).filter(topic::Column::ParentId.eq(parent)), page).await
}

/// Topics of a category that a viewer of this standing sees, likewise.
pub async fn topics_in(
    db: &impl ConnectionTrait,
    standing: Standing,
    category: CategoryId,
    page: &Page,
) -> Result<Slice<topic::Model>> {
    listed(db, policy::topics_within(standing).filter(topic::Column::CategoryId.eq(category)), page).await
}

async fn listed(db: &impl ConnectionTrait, topics: Select<topic::Entity>, page: &Page) -> Result<Slice<topic::Model>> {
    let keys = [topic::Column::IsPinned, topic::Column::LastPostAt, topic::Column::Id];
    topics.page(db, page, &keys.map(|key| (key, Direction::Descending))).await
}

/// Posts of a topic that `viewer`, who is of this standing, sees, in order.
pub async fn posts(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    standing: Standing,
    topic: TopicId,
    page: &Page,
) -> Result<Slice<SeenPost>> {
    let posts = post::Entity::find().filter(post::Column::TopicId.eq(topic));
    let slice = posts.page(db, page, &[(post::Column::Number, Direction::Ascending)]).await?;
    Ok(slice.map(|post| policy::seen_post(viewer, standing, post)))
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
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Reading {
    /// The topic.
    pub topic_id: TopicId,
    /// Number of the last post read; 0 before the first.
    pub number: i32,
    /// Posts of others after that whose text is there, at most 100.
    pub unread: i64,
}

/// How far `user` has read topics that they see.
pub async fn readings(db: &impl ConnectionTrait, user: UserId, topics: &[TopicId]) -> Result<HashMap<TopicId, Reading>> {
    let read = Condition::all()
        .add(Expr::col(read_position::Column::TopicId.as_column_ref()).equals(topic::Column::Id.as_column_ref()))
        .add(read_position::Column::UserId.eq(user));
    let mut select = topic::Entity::find()
        .filter(among(db.get_database_backend(), topic::Column::Id, topics))
        .select_only()
        .column_as(topic::Column::Id, "topic_id")
        .expr_as(read_number(), "number")
        .expr_as(unread(user), "unread");
    QueryTrait::query(&mut select).join(JoinType::LeftJoin, read_position::Entity, read);
    let readings = select.into_model::<Reading>().all(db).await?;
    Ok(readings.into_iter().map(|reading| (reading.topic_id, reading)).collect())
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
