//! Saving answers as one goes: what people do most in a quiz, and many of them at once.

use std::sync::Arc;

use async_graphql::InputObject;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait as _, OnConflict, Query},
};
use serde::Serialize;

use super::{
    attempt::{self, AttemptState},
    freezing,
    layout::Layout,
    paper::{Asked, Paper},
    policy,
    question::QuestionKind,
    response::{self, Chosen},
    reviewing::{self, SeenQuestion},
};
use crate::{
    app::App,
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::{ChoiceId, QuestionId, QuizAttemptId, QuizVersionId},
    transact,
    viewer::Viewer,
};

/// An answer, saved as the person goes.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct QuizResponseSaveInput {
    /// The attempt.
    pub attempt_id: QuizAttemptId,
    /// One of its questions.
    pub question_id: QuestionId,
    /// Choices of that question; empty takes the answer back.
    pub chosen_ids: Vec<ChoiceId>,
    /// Counts the client's saves in this attempt, upwards; a save that arrives after a later one of the same question changes nothing.
    pub sequence: i32,
}

/// What an attempt asks, which never changes.
struct Begun {
    version: QuizVersionId,
    layout: Layout,
}

/// Saves an answer that the server `received` at an instant. It counts when that is not after the deadline, unless the
/// attempt was handed in meanwhile.
///
/// One statement does it and asks all that, once the attempt is known here. Where it saves nothing, a transaction does it or
/// says why not.
pub async fn save(app: &App, viewer: &Viewer, input: QuizResponseSaveInput, received: Instant) -> Result<SeenQuestion> {
    if let Some(saved) = save_at_once(app, viewer, &input, received).await? {
        return Ok(saved);
    }
    let (begun, saved) = transact!(app, |tx| {
        let attempt = policy::own_attempt(tx, viewer, input.attempt_id).await?;
        check_open(&attempt, received)?;
        let paper = &freezing::frozen(app, tx, attempt.version_id).await?.paper;
        let saved = store(tx, answer(paper, &input, received)?).await?;
        let saved = reviewing::saved(&attempt.layout, paper, saved)?;
        Ok((Begun { version: attempt.version_id, layout: attempt.layout }, saved))
    })?;
    let weight = 100 + begun.layout.weight();
    app.kept.put(input.attempt_id, Arc::new(begun), weight).await;
    Ok(saved)
}

async fn save_at_once(
    app: &App,
    viewer: &Viewer,
    input: &QuizResponseSaveInput,
    received: Instant,
) -> Result<Option<SeenQuestion>> {
    let Some(begun) = app.kept.get::<Begun>(input.attempt_id).await else { return Ok(None) };
    let paper = &freezing::frozen(app, app.db.read(), begun.version).await?.paper;
    let Ok(row) = answer(paper, input, received) else { return Ok(None) };
    // Locked, so that it is not handed in between.
    let in_time = attempt::Column::DeadlineAt.is_null().or(attempt::Column::DeadlineAt.gte(received));
    let open = policy::own_attempts(viewer)?
        .filter(attempt::Column::Id.eq(row.attempt_id))
        .filter(attempt::Column::State.eq(AttemptState::InProgress))
        .filter(in_time)
        .lock_shared();
    let values = open
        .select_only()
        .column(attempt::Column::Id)
        .expr(Expr::value(row.question_id))
        .expr(Expr::value(row.chosen.clone()))
        .expr(Expr::value(row.sequence))
        .expr(Expr::value(row.saved_at));
    let columns = [
        response::Column::AttemptId,
        response::Column::QuestionId,
        response::Column::Chosen,
        response::Column::Sequence,
        response::Column::SavedAt,
    ];
    let mut insert = Query::insert();
    insert.into_table(response::Entity).columns(columns).on_conflict(unless_later());
    insert.select_from(values.into_query()).map_err(Error::internal)?;
    match app.write(&insert).await {
        Ok(0) | Err(Error::Collision(_)) => Ok(None),
        Ok(_) => reviewing::saved(&begun.layout, paper, row).map(Some),
        Err(error) => Err(error),
    }
}

fn check_open(attempt: &attempt::Model, received: Instant) -> Result<()> {
    let late = || Problem::new(UserErrorCode::TooLate).into();
    match attempt.state {
        AttemptState::InProgress if attempt.is_overdue(received) => Err(late()),
        AttemptState::InProgress => Ok(()),
        AttemptState::Submitted => Err(Problem::new(UserErrorCode::WrongState).into()),
        AttemptState::TimedOut => Err(late()),
    }
}

/// The answer to a question of a paper.
fn answer(paper: &Paper, input: &QuizResponseSaveInput, received: Instant) -> Result<response::Model, Problem> {
    let asked = paper.questions.iter().find(|asked| asked.id == input.question_id);
    let asked = asked.ok_or_else(|| Problem::at(UserErrorCode::NotFound, "input.questionId"))?;
    Ok(response::Model {
        attempt_id: input.attempt_id,
        question_id: asked.id,
        chosen: Chosen(chosen(asked, &input.chosen_ids)?),
        sequence: input.sequence,
        saved_at: received,
    })
}

/// The choices among those of a question, in its order, without repetition.
fn chosen(asked: &Asked, ids: &[ChoiceId]) -> Result<Vec<ChoiceId>, Problem> {
    if !ids.iter().all(|id| asked.choices.contains(id)) {
        return Err(Problem::at(UserErrorCode::NotFound, "input.chosenIds"));
    }
    let chosen: Vec<_> = asked.choices.iter().copied().filter(|id| ids.contains(id)).collect();
    if chosen.len() > 1 && asked.kind != QuestionKind::MultipleChoice {
        return Err(Problem::at(UserErrorCode::Invalid, "input.chosenIds"));
    }
    Ok(chosen)
}

/// Where an answer to the question stands already, this one takes its place unless that is a later one.
fn unless_later() -> OnConflict {
    let sequence = |table: &'static str| Expr::col((table, response::Column::Sequence));
    OnConflict::columns([response::Column::AttemptId, response::Column::QuestionId])
        .update_columns([response::Column::Chosen, response::Column::Sequence, response::Column::SavedAt])
        .action_and_where(sequence("excluded").gt(sequence("quiz_response")))
        .to_owned()
}

/// Writes an answer unless a later one is there; gives the one that stands.
async fn store(tx: &Tx, row: response::Model) -> Result<response::Model> {
    let insert = response::Entity::insert(row.clone().into_active_model().reset_all()).on_conflict(unless_later());
    if insert.exec_without_returning(tx).await? == 1 {
        return Ok(row);
    }
    let standing = response::Entity::find_by_id((row.attempt_id, row.question_id)).one(tx).await?;
    Ok(standing.unwrap_or(row))
}
