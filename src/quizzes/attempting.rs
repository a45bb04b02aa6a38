//! Attempting a quiz: starting, and saving answers as one goes.

use async_graphql::InputObject;
use chrono::Duration;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    allowance, attempt,
    attempt::AttemptState,
    freezing, handing_in, layout,
    paper::Asked,
    policy::{self, Opened, Standing},
    question::QuestionKind,
    response::{self, Chosen},
    reviewing::{self, SeenQuestion},
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    idempotency::Call,
    ids::{ChoiceId, LessonId, QuestionId, QuizAttemptId, QuizId, UserId},
    jobs, transact, transact_once,
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

/// All attempts of a person at a quiz, newest first.
async fn of_person(db: &impl ConnectionTrait, quiz: QuizId, user: UserId) -> Result<Vec<attempt::Model>> {
    let attempts = attempt::Entity::find()
        .filter(attempt::Column::UserId.eq(user))
        .filter(attempt::Column::QuizId.eq(quiz))
        .order_by_desc(attempt::Column::Number);
    Ok(attempts.all(db).await?)
}

/// Whether a person has passed a quiz.
pub async fn has_passed(db: &impl ConnectionTrait, quiz: QuizId, user: UserId) -> Result<bool> {
    let passed = attempt::Entity::find()
        .filter(attempt::Column::UserId.eq(user))
        .filter(attempt::Column::QuizId.eq(quiz))
        .filter(attempt::Column::IsPassed.eq(true));
    Ok(passed.one(db).await?.is_some())
}

/// What a person was allowed besides the rules of a quiz.
async fn allowed(db: &impl ConnectionTrait, quiz: QuizId, user: UserId) -> Result<allowance::Total> {
    let allowances = allowance::Entity::find()
        .filter(allowance::Column::QuizId.eq(quiz))
        .filter(allowance::Column::UserId.eq(user))
        .all(db)
        .await?;
    Ok(allowance::total(&allowances))
}

/// Starts an attempt at the quiz of a lesson; one that is under way is answered instead.
pub async fn start(app: &App, viewer: &Viewer, lesson: LessonId, key: Uuid) -> Result<QuizAttemptId> {
    let user = viewer.signed_in()?.id;
    let call = Call::new(viewer, key, "quizAttemptStart", &lesson).map(|call| call.at("key"));
    transact_once!(app, call, |tx| {
        let opened = policy::attemptable(tx, viewer, lesson).await?;
        let mut attempts = of_person(tx, opened.quiz_id, user).await?;
        if let Some(under_way) = attempts.iter().find(|attempt| attempt.is_under_way()) {
            if !under_way.is_overdue(tx.now()) {
                return Ok(under_way.id);
            }
            handing_in::close(app, tx, under_way.id).await?;
            attempts = of_person(tx, opened.quiz_id, user).await?;
        }
        begin(app, tx, viewer, &opened, &attempts).await
    })
}

async fn begin(app: &App, tx: &Tx, viewer: &Viewer, opened: &Opened, attempts: &[attempt::Model]) -> Result<QuizAttemptId> {
    let user = viewer.signed_in()?.id;
    let paper = &freezing::frozen(app, tx, opened.version_id).await?.paper;
    let allowed = allowed(tx, opened.quiz_id, user).await?;
    check_may_start(policy::standing(attempts, paper.rules.attempt_limit, allowed))?;
    let deadline = paper
        .rules
        .time_limit_seconds
        .map(|limit| tx.now() + Duration::seconds(i64::from(limit)) + Duration::seconds(i64::from(allowed.seconds)));
    let (id, number) = (QuizAttemptId::new(), attempts.first().map_or(1, |newest| newest.number + 1));
    let row = attempt::ActiveModel {
        id: Set(id),
        quiz_id: Set(opened.quiz_id),
        version_id: Set(opened.version_id),
        course_id: Set(opened.course_id),
        permanent_lesson_id: Set(opened.permanent_lesson_id),
        user_id: Set(user),
        number: Set(number),
        state: Set(AttemptState::InProgress),
        layout: Set(layout::draw(paper)?),
        started_at: Set(tx.now()),
        deadline_at: Set(deadline),
        submitted_at: Set(None),
        max_points: Set(paper.max_points()),
        score_points: Set(None),
        is_passed: Set(None),
    };
    // Where another start took the number, it is answered when this is tried again.
    attempt::Entity::insert(row).exec_without_returning(tx).await.map_err(Error::collided)?;
    if let Some(deadline) = deadline {
        jobs::enqueue_at(tx, &handing_in::HandIn { attempt: id }, handing_in::after(deadline)).await?;
    }
    let action = Action::new("quiz_attempt.started").on(id).with("quiz", opened.quiz_id.to_string()).with("number", number);
    audit::record(tx, viewer, action).await?;
    Ok(id)
}

/// A quiz that was passed is over: its key is out.
fn check_may_start(standing: Standing) -> Result<()> {
    if standing.is_passed {
        return Err(Problem::new(UserErrorCode::WrongState).saying("problem-quiz-passed").into());
    }
    if standing.attempts_left == Some(0) {
        return Err(Problem::new(UserErrorCode::LimitReached).saying("problem-quiz-no-attempts-left").into());
    }
    Ok(())
}

/// Saves an answer that the server `received` at an instant. It counts when that is not after the deadline, unless the
/// attempt was handed in meanwhile.
pub async fn save(app: &App, viewer: &Viewer, input: QuizResponseSaveInput, received: Instant) -> Result<SeenQuestion> {
    transact!(app, |tx| {
        let attempt = policy::own_attempt(tx, viewer, input.attempt_id).await?;
        check_open(&attempt, received)?;
        let paper = &freezing::frozen(app, tx, attempt.version_id).await?.paper;
        let asked = paper.questions.iter().find(|asked| asked.id == input.question_id);
        let asked = asked.ok_or_else(|| Problem::at(UserErrorCode::NotFound, "input.questionId"))?;
        let row = response::Model {
            attempt_id: attempt.id,
            question_id: asked.id,
            chosen: Chosen(chosen(asked, &input.chosen_ids)?),
            sequence: input.sequence,
            saved_at: received,
        };
        let saved = store(tx, row).await?;
        reviewing::saved(&attempt, paper, saved)
    })
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
    let sequence = |table: &'static str| Expr::col((table, response::Column::Sequence));
    let replace = OnConflict::columns([response::Column::AttemptId, response::Column::QuestionId])
        .update_columns([response::Column::Chosen, response::Column::Sequence, response::Column::SavedAt])
        .action_and_where(sequence("excluded").gt(sequence("quiz_response")))
        .to_owned();
    let insert = response::Entity::insert(row.clone().into_active_model().reset_all()).on_conflict(replace);
    if insert.exec_without_returning(tx).await? == 1 {
        return Ok(row);
    }
    let standing = response::Entity::find_by_id((row.attempt_id, row.question_id)).one(tx).await?;
    Ok(standing.unwrap_or(row))
}
