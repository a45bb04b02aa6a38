//! Handing in: by the person, or by the server once the time is up. It happens once, whatever comes at the same time: the
//! attempt's row is locked, graded and closed in one transaction, and a passed quiz completes its lesson in the same.

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::{
    attempt::{self, AttemptState},
    freezing, grading, policy, response,
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    courses::{self, lesson_progress::CompletionReason},
    database::Tx,
    error::Result,
    ids::QuizAttemptId,
    jobs::{self, Job, Run},
    transact,
    viewer::Viewer,
};

/// Hands an attempt in when its time is up. Where staff gave more time meanwhile, it comes back then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HandIn {
    /// The attempt.
    pub attempt: QuizAttemptId,
}

impl Job for HandIn {
    const KIND: &'static str = "quizzes.hand_in";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.attempt))
    }

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        time_out(app, self.attempt).await
    }
}

/// The first instant after a deadline.
#[must_use]
pub fn after(deadline: Instant) -> Instant {
    deadline + Duration::microseconds(1)
}

/// Hands an attempt in and grades it, as the server `received` at an instant; one that is handed in already stays as it is.
pub async fn submit(app: &App, viewer: &Viewer, id: QuizAttemptId, received: Instant) -> Result<QuizAttemptId> {
    transact!(app, |tx| {
        let attempt = policy::own_attempt(tx, viewer, id).await?;
        match attempt.deadline_at.filter(|_| attempt.is_overdue(received)) {
            _ if !attempt.is_under_way() => {}
            Some(deadline) => hand_in(app, tx, &Viewer::visitor(), attempt, AttemptState::TimedOut, deadline).await?,
            None => hand_in(app, tx, viewer, attempt, AttemptState::Submitted, received).await?,
        }
        Ok(id)
    })
}

/// Closes an attempt whose time is up; one that has time left gets its job again.
pub async fn time_out(app: &App, id: QuizAttemptId) -> Result<()> {
    transact!(app, |tx| close(app, tx, id).await)
}

/// As [`time_out`], in a transaction that has begun.
pub async fn close(app: &App, tx: &Tx, id: QuizAttemptId) -> Result<()> {
    let attempt = attempt::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let Some(attempt) = attempt.filter(attempt::Model::is_under_way) else { return Ok(()) };
    let Some(deadline) = attempt.deadline_at else { return Ok(()) };
    if attempt.is_overdue(tx.now()) {
        hand_in(app, tx, &Viewer::visitor(), attempt, AttemptState::TimedOut, deadline).await
    } else {
        jobs::enqueue_at(tx, &HandIn { attempt: id }, after(deadline)).await
    }
}

/// Grades and closes an attempt that is under way and locked.
async fn hand_in(app: &App, tx: &Tx, by: &Viewer, attempt: attempt::Model, state: AttemptState, at: Instant) -> Result<()> {
    let frozen = freezing::frozen(app, tx, attempt.version_id).await?;
    let responses = response::Entity::find().filter(response::Column::AttemptId.eq(attempt.id)).all(tx).await?;
    let chosen = responses.into_iter().map(|response| (response.question_id, response.chosen.0)).collect();
    let grade = grading::grade(&frozen.paper, &frozen.key, &chosen);

    let (id, user, lesson) = (attempt.id, attempt.user_id, attempt.permanent_lesson_id);
    if attempt.deadline_at.is_some() {
        jobs::cancel(tx, &HandIn { attempt: id }).await?;
    }
    let change = attempt::ActiveModel {
        state: Set(state),
        submitted_at: Set(Some(at)),
        score_points: Set(Some(grade.points)),
        is_passed: Set(Some(grade.is_passed)),
        ..Default::default()
    };
    attempt::Entity::update_many().set(change).filter(attempt::Column::Id.eq(id)).exec(tx).await?;
    let name = if state == AttemptState::TimedOut { "quiz_attempt.timed_out" } else { "quiz_attempt.submitted" };
    audit::record(tx, by, Action::new(name).on(id).fields(["state", "scorePoints", "isPassed"])).await?;
    if grade.is_passed {
        courses::progress::complete(tx, by, user, lesson, CompletionReason::Passed).await?;
    }
    Ok(())
}
