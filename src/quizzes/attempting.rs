//! Attempting a quiz: starting.

use chrono::Duration;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::{
    allowance, attempt,
    attempt::AttemptState,
    freezing, handing_in, layout,
    policy::{self, Opened, Standing},
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    idempotency::Call,
    ids::{LessonId, QuizAttemptId, QuizId, UserId},
    jobs, transact_once,
    viewer::Viewer,
};

/// All attempts of a person at a quiz, newest first.
pub async fn of_person(db: &impl ConnectionTrait, quiz: QuizId, user: UserId) -> Result<Vec<attempt::Model>> {
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
    viewer.signed_in()?;
    let call = Call::new(viewer, key, "quizAttemptStart", &lesson).map(|call| call.at("key"));
    transact_once!(app, call, |tx| {
        let opened = policy::attemptable(tx, viewer, lesson).await?;
        sit(app, tx, viewer, &opened).await
    })
}

/// Starts an attempt at what was opened to the viewer; one that is under way is answered instead.
pub async fn sit(app: &App, tx: &Tx, viewer: &Viewer, opened: &Opened) -> Result<QuizAttemptId> {
    let user = viewer.signed_in()?.id;
    let mut attempts = of_person(tx, opened.quiz_id, user).await?;
    if let Some(under_way) = attempts.iter().find(|attempt| attempt.is_under_way()) {
        if !under_way.is_overdue(tx.now()) {
            return Ok(under_way.id);
        }
        handing_in::close(app, tx, under_way.id).await?;
        attempts = of_person(tx, opened.quiz_id, user).await?;
    }
    match &opened.closed {
        Some(problem) => Err(problem.clone().into()),
        None => begin(app, tx, viewer, opened, &attempts).await,
    }
}

async fn begin(app: &App, tx: &Tx, viewer: &Viewer, opened: &Opened, attempts: &[attempt::Model]) -> Result<QuizAttemptId> {
    let user = viewer.signed_in()?.id;
    let paper = &freezing::frozen(app, tx, opened.version_id).await?.paper;
    let allowed = allowed(tx, opened.quiz_id, user).await?;
    check_may_start(policy::standing(attempts, paper.rules.attempt_limit, allowed))?;
    let deadline = paper
        .rules
        .time_limit_seconds
        .map(|limit| tx.now() + Duration::seconds(i64::from(limit)) + Duration::seconds(i64::from(allowed.seconds)))
        .or(opened.ends_at);
    let (id, number) = (QuizAttemptId::new(), attempts.first().map_or(1, |newest| newest.number + 1));
    let row = attempt::ActiveModel {
        id: Set(id),
        quiz_id: Set(opened.quiz_id),
        version_id: Set(opened.version_id),
        course_id: Set(opened.home.course()),
        permanent_lesson_id: Set(opened.permanent_lesson_id),
        webinar_id: Set(opened.home.webinar()),
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
