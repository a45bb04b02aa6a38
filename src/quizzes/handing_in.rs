//! Handing in: by the person, or by the server once the time is up. It happens once, whatever comes at the same time: the
//! attempt's row is locked, graded and closed in one transaction, and a passed quiz completes its lesson, if it has one, in
//! the same.

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select, Set};
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
    ids::{QuizAttemptId, QuizId},
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

/// Hands in all attempts at a quiz whose time is up: after their deadlines were moved together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HandInAll {
    quiz: QuizId,
}

impl Job for HandInAll {
    const KIND: &'static str = "quizzes.hand_in_all";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.quiz))
    }

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let overdue = under_way(self.quiz).filter(attempt::Column::DeadlineAt.lt(app.clock.now()));
        let overdue = overdue.select_only().column(attempt::Column::Id).into_tuple::<QuizAttemptId>();
        for id in overdue.all(app.db.read()).await? {
            time_out(app, id).await?;
        }
        Ok(())
    }
}

fn under_way(quiz: QuizId) -> Select<attempt::Entity> {
    let of_quiz = attempt::Entity::find().filter(attempt::Column::QuizId.eq(quiz));
    of_quiz.filter(attempt::Column::State.eq(AttemptState::InProgress))
}

/// Moves the deadline of all attempts at a quiz that are under way and whose rules set no time limit: they end with something
/// else, which was moved.
pub async fn move_untimed(app: &App, tx: &Tx, quiz: QuizId, deadline: Instant) -> Result<()> {
    let versions = under_way(quiz).select_only().column(attempt::Column::VersionId).distinct().into_tuple();
    for version in versions.all(tx).await? {
        if freezing::frozen(app, tx, version).await?.paper.rules.time_limit_seconds.is_some() {
            continue;
        }
        let change = attempt::ActiveModel { deadline_at: Set(Some(deadline)), ..Default::default() };
        let moved = attempt::Entity::update_many()
            .set(change)
            .filter(attempt::Column::QuizId.eq(quiz))
            .filter(attempt::Column::VersionId.eq(version))
            .filter(attempt::Column::State.eq(AttemptState::InProgress))
            .filter(attempt::Column::DeadlineAt.gte(tx.now()));
        moved.exec(tx).await?;
        // Each has a job at its old deadline, which is too late where the new one is earlier.
        let job = HandInAll { quiz };
        jobs::cancel(tx, &job).await?;
        jobs::enqueue_at(tx, &job, after(deadline)).await?;
    }
    Ok(())
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
    if let Some(lesson) = lesson.filter(|_| grade.is_passed) {
        courses::progress::complete(tx, by, user, lesson, CompletionReason::Passed).await?;
    }
    Ok(())
}
