//! Giving one person more time or attempts.

use async_graphql::InputObject;
use chrono::Duration;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    allowance,
    attempt::{self, AttemptState},
    authoring::within,
    freezing, policy,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{QuizAllowanceId, QuizId, UserId},
    paging::{Direction, Page, Paged, Slice},
    text, transact_once,
    viewer::Viewer,
};

/// More time or attempts for one person.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct QuizAllowanceGrantInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The quiz.
    pub quiz_id: QuizId,
    /// Somebody enrolled in its course, or with a seat in its webinar.
    pub user_id: UserId,
    /// 0 to 20.
    #[graphql(default)]
    pub extra_attempts: i32,
    /// 0 to 86,400.
    #[graphql(default)]
    pub extra_seconds: i32,
    /// 1 to 500 characters.
    pub reason: String,
}

/// Gives one person more time or attempts. The deadline of an attempt under way moves at once.
pub async fn grant(app: &App, viewer: &Viewer, input: QuizAllowanceGrantInput) -> Result<QuizAllowanceId> {
    let by = viewer.signed_in()?.id;
    let mut problems = Problems::new();
    problems.take("input.extraAttempts", within(input.extra_attempts, 0, 20));
    problems.take("input.extraSeconds", within(input.extra_seconds, 0, 86_400));
    let gives = input.extra_attempts != 0 || input.extra_seconds != 0;
    problems.check(gives, || Problem::at(UserErrorCode::Blank, "input.extraAttempts"));
    let reason = problems.take("input.reason", text::line(&input.reason, 500));
    problems.done()?;
    transact_once!(app, viewer, input.key, "quizAllowanceGrant", &input, |tx| {
        let quiz = policy::editable(tx, viewer, input.quiz_id).await?;
        if !policy::takes(tx, &quiz, input.user_id).await? {
            return Err(Problem::at(UserErrorCode::NotFound, "input.userId").into());
        }
        let id = QuizAllowanceId::new();
        let row = allowance::ActiveModel {
            id: Set(id),
            quiz_id: Set(quiz.id),
            user_id: Set(input.user_id),
            extra_attempts: Set(input.extra_attempts),
            extra_seconds: Set(input.extra_seconds),
            reason: Set(reason.clone()),
            granted_by: Set(by),
            granted_at: Set(tx.now()),
        };
        allowance::Entity::insert(row).exec_without_returning(tx).await?;
        extend(app, tx, &input).await?;
        let action = Action::new("quiz_allowance.granted").on(id).with("quiz", quiz.id.to_string());
        let action = action.with("user", input.user_id.to_string()).with("reason", &reason);
        let action = action.with("extraAttempts", input.extra_attempts).with("extraSeconds", input.extra_seconds);
        audit::record(tx, viewer, action).await?;
        Ok(id)
    })
}

/// What people were allowed in a quiz, newest first; for its staff.
pub async fn list(app: &App, viewer: &Viewer, quiz: QuizId, page: &Page) -> Result<Slice<allowance::Model>> {
    let allowances = policy::allowances(viewer).filter(allowance::Column::QuizId.eq(quiz));
    allowances.page(app.db.read(), page, &[(allowance::Column::Id, Direction::Descending)]).await
}

/// Moves the deadline of the attempt under way, if that comes of a time limit and its time is not up. Its job finds the new one
/// when it runs.
async fn extend(app: &App, tx: &Tx, input: &QuizAllowanceGrantInput) -> Result<()> {
    let under_way = attempt::Entity::find()
        .filter(attempt::Column::UserId.eq(input.user_id))
        .filter(attempt::Column::QuizId.eq(input.quiz_id))
        .filter(attempt::Column::State.eq(AttemptState::InProgress))
        .filter(attempt::Column::DeadlineAt.gte(tx.now()));
    let Some(attempt) = under_way.lock_exclusive().one(tx).await? else { return Ok(()) };
    if freezing::frozen(app, tx, attempt.version_id).await?.paper.rules.time_limit_seconds.is_none() {
        return Ok(());
    }
    let deadline = attempt.deadline_at.map(|deadline| deadline + Duration::seconds(i64::from(input.extra_seconds)));
    let mut change = attempt.into_active_model();
    change.deadline_at = Set(deadline);
    change.update(tx).await?;
    Ok(())
}
