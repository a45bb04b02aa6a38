//! Answers, written together with what others save: a class sits a quiz at the same time.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, JoinType, Value,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, OnConflict, Order, Query, SelectStatement},
};

use super::{
    attempt::{self, AttemptState},
    policy, response,
};
use crate::{
    accounts::access::Person,
    app::App,
    courses,
    error::{Error, Result},
    gathering::Question,
    ids::{QuestionId, QuizAttemptId, UserId},
    rows::{given, given_column},
    viewer::Viewer,
};

/// That an answer of somebody's is written, if their attempt is under way and stays with them, and no later one stands.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Saving {
    answer: response::Model,
    user: UserId,
    is_vetted: bool,
    is_administrator: bool,
    is_maker: bool,
}

impl Saving {
    /// Of `viewer`'s.
    pub fn new(viewer: &Viewer, answer: response::Model) -> Result<Self> {
        Ok(Self {
            answer,
            user: viewer.signed_in()?.id,
            is_vetted: viewer.is_vetted(),
            is_administrator: viewer.is_administrator(),
            is_maker: courses::policy::maker(viewer).is_ok(),
        })
    }

    fn place(&self) -> (QuizAttemptId, QuestionId) {
        (self.answer.attempt_id, self.answer.question_id)
    }

    /// As a given row: [`WRITTEN`], and [`person`].
    fn row(self) -> Vec<Value> {
        let response::Model { attempt_id, question_id, chosen, sequence, saved_at } = self.answer;
        let written = [attempt_id.into(), question_id.into(), chosen.into(), sequence.into(), saved_at.into()];
        let person: [Value; 4] = [self.user.into(), self.is_vetted.into(), self.is_administrator.into(), self.is_maker.into()];
        written.into_iter().chain(person).collect()
    }
}

/// The first columns of given rows, in this order.
const WRITTEN: [response::Column; 5] = [
    response::Column::AttemptId,
    response::Column::QuestionId,
    response::Column::Chosen,
    response::Column::Sequence,
    response::Column::SavedAt,
];

/// The columns after those.
fn person() -> Person {
    let [id, is_vetted, is_administrator, is_maker] = [6, 7, 8, 9].map(given_column);
    Person { id, is_vetted, is_administrator, is_maker }
}

impl Question for Saving {
    type Answer = ();

    /// Of two answers to one question of an attempt, the later one is.
    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, ()>> {
        let mut latest: HashMap<_, Self> = HashMap::new();
        for question in questions {
            let other = latest.get(&question.place());
            if other.is_none_or(|other| other.answer.sequence < question.answer.sequence) {
                latest.insert(question.place(), question);
            }
        }
        let mut insert = Query::insert();
        insert
            .into_table(response::Entity)
            .columns(WRITTEN)
            .select_from(that_count(latest.values().cloned().map(Self::row).collect()))
            .map_err(Error::internal)?
            .on_conflict(unless_later())
            .returning(Query::returning().columns([response::Column::AttemptId, response::Column::QuestionId]));
        let mut written = HashMap::new();
        for row in app.write_returning(&insert).await? {
            let question = latest.remove(&(row.try_get_by_index(0)?, row.try_get_by_index(1)?));
            written.extend(question.map(|question| (question, ())));
        }
        Ok(written)
    }
}

/// Of given answers those that count. Their attempts are locked, so that none is handed in between. An attempt that is just
/// being handed in, or begun, is left out, so that nobody waits for another's.
fn that_count(answers: Vec<Vec<Value>>) -> SelectStatement {
    let (attempt, received) = (attempt::Column::Id.into_expr(), given_column(5));
    let deadline = attempt::Column::DeadlineAt;
    Query::select()
        .exprs((1..).map(given_column).take(WRITTEN.len()))
        .from(given(answers))
        .join(JoinType::InnerJoin, attempt::Entity, attempt.eq(given_column(1)))
        .and_where(attempt::Column::State.eq(AttemptState::InProgress))
        .and_where(deadline.is_null().or(deadline.into_expr().gte(received)))
        .cond_where(policy::is_own(&person()))
        // So that two of these statements wait for each other in one order.
        .order_by_expr(given_column(1), Order::Asc)
        .order_by_expr(given_column(2), Order::Asc)
        .lock_with_tables_behavior(LockType::Share, [attempt::Entity], LockBehavior::SkipLocked)
        .take()
}

/// Where an answer to the question stands already, this one takes its place unless that is a later one.
pub(super) fn unless_later() -> OnConflict {
    let sequence = |table: &'static str| Expr::col((table, response::Column::Sequence));
    OnConflict::columns([response::Column::AttemptId, response::Column::QuestionId])
        .update_columns([response::Column::Chosen, response::Column::Sequence, response::Column::SavedAt])
        .action_and_where(sequence("excluded").gt(sequence("quiz_response")))
        .to_owned()
}
