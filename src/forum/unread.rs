//! How far people have read topics, and how much of them is left to read.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::try_join_all;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait,
    Select, Set,
    sea_query::{Expr, ExprTrait as _, Func, OnConflict, SelectStatement, SimpleExpr, UnionType},
};

use super::{
    policy,
    post::{self, PostState},
    read_position, topic,
};
use crate::{
    accounts::user,
    app::App,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    gathering::{self, Question},
    ids::{TopicId, UserId},
    rows::among,
    transact,
    viewer::Viewer,
};

/// Unread posts are counted up to this; more are told as this many.
const MOST_UNREAD: i32 = 100;
/// People times topics of one statement, which looks for each of the pairs.
const MOST_PAIRS: usize = 2_500;

/// How far somebody has read a topic.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Number of the last post read; 0 before the first.
    pub number: i32,
    /// Posts of others after that whose text is there, at most 100.
    pub unread: i32,
}

/// How far somebody has read some topics.
#[derive(Debug)]
pub struct Readings(HashMap<TopicId, Place>);

impl Readings {
    /// How far `user` has read these topics, which are some.
    pub async fn load(app: &App, user: UserId, topics: Vec<TopicId>) -> Result<Self> {
        Ok(Self(gathering::ask(app, PlacesOf { topics, user }).await?.unwrap_or_default()))
    }

    /// How far they have read one of them.
    #[must_use]
    pub fn of(&self, topic: &topic::Model) -> Reading {
        let place = self.0.get(&topic.id).copied().unwrap_or_default();
        // A post of their own may have come since the topic was read.
        let unread = topic.post_count.saturating_sub(place.number).saturating_sub(place.passed_over).clamp(0, MOST_UNREAD);
        Reading { number: place.number, unread }
    }
}

/// Where somebody is in a topic. Posts are numbered without gaps, so what is unread is what comes after, less what is counted
/// here: a long topic costs no more than a short one.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// Number of the last post read.
    number: i32,
    /// Posts after that which are their own, or are not shown.
    passed_over: i32,
}

/// Where somebody is in some topics, which are those of a page.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct PlacesOf {
    topics: Vec<TopicId>,
    user: UserId,
}

impl Question for PlacesOf {
    /// Those who are before the first post of a topic, and wrote none of its posts, are left out.
    type Answer = HashMap<TopicId, Place>;

    async fn answer(app: &App, mut questions: Vec<Self>) -> Result<HashMap<Self, Self::Answer>> {
        // Readers of one page share its topics.
        questions.sort_unstable();
        let mut groups: Vec<(BTreeSet<UserId>, BTreeSet<TopicId>)> = Vec::new();
        for PlacesOf { topics, user } in &questions {
            let fits = |(users, others): &&mut (BTreeSet<UserId>, BTreeSet<TopicId>)| {
                let more = topics.iter().filter(|topic| !others.contains(topic)).count();
                (users.len() + 1) * (others.len() + more) <= MOST_PAIRS
            };
            match groups.last_mut().filter(fits) {
                Some((users, others)) => {
                    users.insert(*user);
                    others.extend(topics);
                }
                None => groups.push((BTreeSet::from([*user]), topics.iter().copied().collect())),
            }
        }
        let found = try_join_all(groups.into_iter().map(|(users, topics)| places(app, users, topics))).await?;
        let mut places: HashMap<(UserId, TopicId), Place> = HashMap::new();
        for row in found.into_iter().flatten() {
            let place = places.entry((row.user_id, row.topic_id)).or_default();
            // One of the rows has it, the others 0.
            place.number += row.number;
            place.passed_over += i32::try_from(row.passed_over).unwrap_or(i32::MAX);
        }
        let answer = |question: Self| {
            let of = |topic: &TopicId| Some((*topic, *places.get(&(question.user, *topic))?));
            let answer = question.topics.iter().filter_map(of).collect();
            (question, answer)
        };
        Ok(questions.into_iter().map(answer).collect())
    }
}

/// A row of the statement: a part of what makes a [`Place`].
#[derive(FromQueryResult)]
struct Row {
    user_id: UserId,
    topic_id: TopicId,
    number: i32,
    passed_over: i64,
}

/// The places of people in topics: how far they have read, and what they pass over after that, which indexes hold.
async fn places(app: &App, users: BTreeSet<UserId>, topics: BTreeSet<TopicId>) -> Result<Vec<Row>> {
    let (users, topics): (Vec<_>, Vec<_>) = (users.into_iter().collect(), topics.into_iter().collect());
    let backend = app.db.backend();
    let positions = read_position::Entity::find()
        .filter(among(backend, read_position::Column::UserId, &users))
        .filter(among(backend, read_position::Column::TopicId, &topics))
        .expr_as(Expr::cust("0"), "passed_over");
    let own = passed_over(post::Entity::find(), post::Column::AuthorId)
        .filter(among(backend, post::Column::AuthorId, &users))
        .filter(among(backend, post::Column::TopicId, &topics))
        .filter(post::Column::State.eq(PostState::Shown));
    let mut everybody = post::Entity::find();
    QueryTrait::query(&mut everybody).join(JoinType::InnerJoin, user::Entity, among(backend, user::Column::Id, &users));
    let gone = passed_over(everybody, user::Column::Id)
        .filter(among(backend, post::Column::TopicId, &topics))
        // Word for word as in the index, which holds only these.
        .filter(Expr::cust(r#""post"."state" <> 'shown'"#));
    let mut all: SelectStatement = positions.into_query();
    all.union(UnionType::All, own.into_query()).union(UnionType::All, gone.into_query());
    let rows = app.db.read().query_all(&all).await?;
    rows.iter().map(|row| Row::from_query_result(row, "").map_err(Error::from)).collect()
}

/// How many of these posts come after what the person in `user` has read, by person and topic.
fn passed_over<U: ColumnTrait>(posts: Select<post::Entity>, user: U) -> Select<post::Entity> {
    let is_reading = Condition::all()
        .add(read_position::Column::UserId.into_expr().equals(user.as_column_ref()))
        .add(read_position::Column::TopicId.into_expr().equals(post::Column::TopicId.as_column_ref()));
    let read: SimpleExpr = Func::coalesce([read_position::Column::Number.into_expr(), Expr::cust("0")]).into();
    let mut posts = posts
        .select_only()
        .column_as(user, "user_id")
        .column(post::Column::TopicId)
        .expr_as(Expr::cust("0"), "number")
        .expr_as(Func::count(Expr::cust("*")), "passed_over")
        .filter(post::Column::Number.into_expr().gt(read))
        .group_by(user)
        .group_by(post::Column::TopicId);
    QueryTrait::query(&mut posts).join(JoinType::LeftJoin, read_position::Entity, is_reading);
    posts
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
