//! How far people have read topics, and how much of them is left to read.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::join_all;
use sea_orm::{
    ColumnTrait, ConnectionTrait as _, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Select, Set,
    sea_query::{Asterisk, Expr, ExprTrait as _, Func, OnConflict, Query, SimpleExpr},
};

use super::{
    policy,
    post::{self, PostState},
    read_position, topic,
};
use crate::{
    app::App,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    gathering::{self, Question},
    ids::{TopicId, UserId},
    rows::listed,
    transact,
    viewer::Viewer,
};

/// Unread posts are counted up to this; more are told as this many.
const MOST_UNREAD: i32 = 100;
/// People times topics that one statement looks for in any case.
const FEW_PAIRS: usize = 256;
/// Of `post`: that it is not shown. Word for word as in the index that holds only these.
const GONE: &str = r#""post"."state" <> 'shown'"#;

/// How far somebody has read a topic.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Number of the last post read; 0 before the first.
    pub number: i32,
    /// Posts of others after that whose text is there, at most 100.
    pub unread: i32,
}

/// How far somebody has read some topics.
#[derive(Clone, Debug)]
pub struct Readings(HashMap<TopicId, Place>);

impl Readings {
    /// How far `user` has read these topics, which are some.
    pub async fn load(app: &App, user: UserId, topics: Vec<TopicId>) -> Result<Self> {
        Ok(Self(gathering::answer(app, PlacesOf { topics, user }).await?))
    }

    /// How far they have read one of them.
    #[must_use]
    pub fn of(&self, topic: &topic::Model) -> Reading {
        let place = self.0.get(&topic.id).copied().unwrap_or_default();
        // What is passed over may have come since the topic was read.
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
    /// Those are left out who are before the first post of a topic and pass over none of its posts.
    type Answer = HashMap<TopicId, Place>;

    async fn answer(app: &App, mut questions: Vec<Self>) -> Result<HashMap<Self, Self::Answer>> {
        // Readers of one page come to stand beside each other.
        questions.sort_unstable();
        let mut groups: Vec<Group> = Vec::new();
        for question in &questions {
            if !groups.last_mut().is_some_and(|group| group.take(question)) {
                groups.push(Group::of(question));
            }
        }
        let mut places: HashMap<(UserId, TopicId), Place> = HashMap::new();
        for rows in join_all(groups.into_iter().map(|group| group.places(app))).await {
            let place = |row: Row| {
                let passed_over = i32::try_from(row.passed_over).unwrap_or(i32::MAX);
                ((row.user_id, row.topic_id), Place { number: row.number, passed_over })
            };
            places.extend(rows?.into_iter().map(place));
        }
        let answer = |question: Self| {
            let of = |topic: &TopicId| Some((*topic, *places.get(&(question.user, *topic))?));
            let answer = question.topics.iter().filter_map(of).collect();
            (question, answer)
        };
        Ok(questions.into_iter().map(answer).collect())
    }
}

/// People and topics of one statement, which looks for each of the pairs.
struct Group {
    users: BTreeSet<UserId>,
    topics: BTreeSet<TopicId>,
    /// How many of the pairs are asked for.
    asked: usize,
}

impl Group {
    fn of(question: &PlacesOf) -> Self {
        let (users, topics) = (BTreeSet::from([question.user]), question.topics.iter().copied().collect());
        Self { users, topics, asked: question.topics.len() }
    }

    /// Takes a question if most pairs are still asked for, or few are looked for.
    fn take(&mut self, question: &PlacesOf) -> bool {
        let more = question.topics.iter().filter(|topic| !self.topics.contains(topic)).count();
        let (pairs, asked) = ((self.users.len() + 1) * (self.topics.len() + more), self.asked + question.topics.len());
        let fits = pairs <= FEW_PAIRS.max(2 * asked);
        if fits {
            self.users.insert(question.user);
            self.topics.extend(&question.topics);
            self.asked = asked;
        }
        fits
    }

    /// The places of these people in these topics: how far they have read, and what they pass over after that, which indexes
    /// hold.
    async fn places(self, app: &App) -> Result<Vec<Row>> {
        let backend = app.db.backend();
        let (users, topics): (Vec<_>, Vec<_>) = (self.users.into_iter().collect(), self.topics.into_iter().collect());
        let position = read_position::Entity::find()
            .select_only()
            .column(read_position::Column::Number)
            .filter(read_position::Column::UserId.into_expr().equals(("reader", "id")))
            .filter(read_position::Column::TopicId.into_expr().equals(("topic", "id")));
        let mut pairs = Query::select();
        pairs
            .expr_as(Expr::col(("reader", "id")), "user_id")
            .expr_as(Expr::col(("topic", "id")), "topic_id")
            .expr_as(Func::coalesce([subquery(position), Expr::cust("0")]), "number")
            .from_subquery(listed(backend, &users), "reader")
            .from_subquery(listed(backend, &topics), "topic")
            // All of them. With it, planners look each pair up: they would rather read all that people read in these topics, or
            // all posts of the topics, however many those are.
            .limit(u64::try_from(users.len() * topics.len()).unwrap_or(u64::MAX));
        let own = post::Column::State.eq(PostState::Shown).and(post::Column::AuthorId.into_expr().equals(("pair", "user_id")));
        let mut passing = Query::select();
        passing.columns(["user_id", "topic_id", "number"]).from_subquery(pairs, "pair");
        passing.expr_as(after(own).add(after(Expr::cust(GONE))), "passed_over");
        let mut places = Query::select();
        places.column(Asterisk).from_subquery(passing, "place");
        places.and_where(Expr::col("number").gt(0).or(Expr::col("passed_over").gt(0)));
        let rows = app.db.read().query_all(&places).await?;
        rows.iter().map(|row| Row::from_query_result(row, "").map_err(Error::from)).collect()
    }
}

/// Where somebody is in a topic.
#[derive(FromQueryResult)]
struct Row {
    user_id: UserId,
    topic_id: TopicId,
    number: i32,
    passed_over: i64,
}

/// How many posts of the topic of a pair that are `such` come after what was read.
fn after(such: SimpleExpr) -> SimpleExpr {
    let posts = post::Entity::find()
        .select_only()
        .expr(Func::count(Expr::cust("*")))
        .filter(post::Column::TopicId.into_expr().equals(("pair", "topic_id")))
        .filter(post::Column::Number.into_expr().gt(Expr::col(("pair", "number"))))
        .filter(such);
    subquery(posts)
}

fn subquery<E: EntityTrait>(select: Select<E>) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(select.into_query().into()))
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
