//! Saving answers as one goes: what people do most in a quiz, and many of them at once.

use std::sync::Arc;

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait as _, EntityTrait, IntoActiveModel};
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
    saves::{Saving, unless_later},
};
use crate::{
    app::App,
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    gathering,
    ids::{ChoiceId, QuestionId, QuizAttemptId, QuizVersionId, UserId},
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
    user: UserId,
    version: QuizVersionId,
    layout: Layout,
}

/// Saves an answer that the server `received` at an instant. It counts when that is not after the deadline, unless the
/// attempt was handed in meanwhile.
///
/// One statement does it with other people's and asks all that, once the attempt is known here. Where it saves nothing, a
/// transaction does it or says why not.
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
        Ok((Begun { user: attempt.user_id, version: attempt.version_id, layout: attempt.layout }, saved))
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
    let begun = app.kept.get::<Begun>(input.attempt_id).await.filter(|begun| viewer.is(begun.user));
    let Some(begun) = begun else { return Ok(None) };
    let paper = &freezing::frozen(app, app.db.read(), begun.version).await?.paper;
    let Ok(row) = answer(paper, input, received) else { return Ok(None) };
    match gathering::ask(app, Saving::new(viewer, row.clone())?).await {
        Ok(Some(())) => reviewing::saved(&begun.layout, paper, row).map(Some),
        Ok(None) | Err(Error::Collision(_)) => Ok(None),
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

/// Writes an answer unless a later one is there; gives the one that stands.
async fn store(tx: &Tx, row: response::Model) -> Result<response::Model> {
    let insert = response::Entity::insert(row.clone().into_active_model().reset_all()).on_conflict(unless_later());
    if insert.exec_without_returning(tx).await? == 1 {
        return Ok(row);
    }
    let standing = response::Entity::find_by_id((row.attempt_id, row.question_id)).one(tx).await?;
    Ok(standing.unwrap_or(row))
}
