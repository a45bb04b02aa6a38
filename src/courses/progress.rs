//! How far people are. Progress belongs to a lesson's permanent id, so it lives through versions of the course.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait, Set,
    sea_query::SimpleExpr,
};

use super::{
    completing,
    content::Content,
    course,
    enrolment::{self, EnrolmentState},
    lesson,
    lesson_progress::{self, CompletionReason},
    version,
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::Result,
    gathering::{self, Question},
    ids::{CourseId, EnrolmentId, PermanentLessonId, RecordingId, UserId},
    rows::among,
    viewer::Viewer,
};

/// A learner's progress in the lessons of a course; those never opened are absent.
#[derive(Clone, Debug, Default)]
pub struct Progress(HashMap<PermanentLessonId, lesson_progress::Model>);

impl Progress {
    /// How far with a lesson.
    #[must_use]
    pub fn of(&self, lesson: PermanentLessonId) -> Option<&lesson_progress::Model> {
        self.0.get(&lesson)
    }

    /// Whether a lesson is completed.
    #[must_use]
    pub fn has_completed(&self, lesson: PermanentLessonId) -> bool {
        self.of(lesson).is_some_and(|progress| progress.completed_at.is_some())
    }

    /// Where to go on: the lesson last opened and not completed, else the first not completed.
    #[must_use]
    pub fn resume(&self, content: &Content) -> Option<(usize, usize)> {
        let open = self.0.values().filter(|progress| progress.completed_at.is_none());
        let last = open
            .filter_map(|progress| Some((progress.opened_at, content.place_of(progress.permanent_lesson_id)?)))
            .max_by_key(|(opened_at, _)| *opened_at);
        last.map(|(_, place)| place).or_else(|| content.place(|lesson| !self.has_completed(lesson.permanent_id)))
    }
}

/// The progress of an enrolment.
pub async fn of(app: &App, enrolment: EnrolmentId) -> Result<Arc<Progress>> {
    Ok(gathering::ask(app, ProgressOf(enrolment)).await?.unwrap_or_default())
}

/// How far somebody is with the lessons of a course.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ProgressOf(EnrolmentId);

impl Question for ProgressOf {
    type Answer = Arc<Progress>;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Arc<Progress>>> {
        let ids: Vec<_> = questions.into_iter().map(|question| question.0).collect();
        let found = of_many(app.db.read(), &ids).await?;
        Ok(found.into_iter().map(|(id, progress)| (ProgressOf(id), Arc::new(progress))).collect())
    }
}

/// The progress of several enrolments, in one statement.
pub async fn of_many(db: &impl ConnectionTrait, enrolments: &[EnrolmentId]) -> Result<HashMap<EnrolmentId, Progress>> {
    let mut found: HashMap<EnrolmentId, Progress> = HashMap::new();
    if enrolments.is_empty() {
        return Ok(found);
    }
    let wanted = among(db.get_database_backend(), lesson_progress::Column::EnrolmentId, enrolments);
    for row in lesson_progress::Entity::find().filter(wanted).all(db).await? {
        found.entry(row.enrolment_id).or_default().0.insert(row.permanent_lesson_id, row);
    }
    Ok(found)
}

/// Says that a person opened a lesson.
pub async fn open(tx: &Tx, enrolment: enrolment::Model, lesson: PermanentLessonId) -> Result<()> {
    match lesson_progress::Entity::find_by_id((enrolment.id, lesson)).one(tx).await? {
        Some(row) => {
            let mut change = row.into_active_model();
            change.opened_at = Set(tx.now());
            change.update(tx).await?;
        }
        None => _ = started(enrolment.id, lesson, tx.now()).insert(tx).await?,
    }
    touch(tx, enrolment).await?;
    Ok(())
}

fn started(enrolment: EnrolmentId, lesson: PermanentLessonId, now: Instant) -> lesson_progress::ActiveModel {
    lesson_progress::ActiveModel {
        enrolment_id: Set(enrolment),
        permanent_lesson_id: Set(lesson),
        started_at: Set(now),
        opened_at: Set(now),
        completed_at: Set(None),
        reason: Set(None),
        version_number: Set(None),
    }
}

/// Says that a person learned just now.
async fn touch(tx: &Tx, enrolment: enrolment::Model) -> Result<enrolment::Model> {
    let mut change = enrolment.into_active_model();
    change.last_active_at = Set(tx.now());
    Ok(change.update(tx).await?)
}

/// Says that `user` is done with a lesson, and judges whether they completed the course. Nothing happens when they are not
/// enrolled, or the newest published version has no such lesson, or it was completed before. Quizzes and recordings call
/// this in the transaction that judges.
pub async fn complete(tx: &Tx, viewer: &Viewer, user: UserId, lesson: PermanentLessonId, reason: CompletionReason) -> Result<()> {
    complete_where(tx, viewer, user, lesson::Column::PermanentId.eq(lesson), reason).await
}

/// As [`complete`], for every lesson that shows a recording in the courses that `user` is enrolled in.
pub async fn complete_recording(
    tx: &Tx,
    viewer: &Viewer,
    user: UserId,
    recording: RecordingId,
    reason: CompletionReason,
) -> Result<()> {
    complete_where(tx, viewer, user, lesson::Column::RecordingId.eq(recording), reason).await
}

async fn complete_where(tx: &Tx, viewer: &Viewer, user: UserId, which: SimpleExpr, reason: CompletionReason) -> Result<()> {
    let published = course::Entity::find().select_only().column(course::Column::PublishedVersionId);
    let published = published.filter(course::Column::PublishedVersionId.is_not_null()).into_query();
    let shown = lesson::Entity::find().filter(which).filter(lesson::Column::VersionId.in_subquery(published));
    for lesson in shown.all(tx).await? {
        let Some(version) = version::Entity::find_by_id(lesson.version_id).one(tx).await? else { continue };
        let Some(enrolment) = locked(tx, version.course_id, user).await? else { continue };
        record(tx, viewer, enrolment, lesson.permanent_id, &version, reason).await?;
    }
    Ok(())
}

/// The enrolment of a person who is in the course now, locked: what is judged of one person is judged in turn.
pub async fn locked(tx: &Tx, course: CourseId, user: UserId) -> Result<Option<enrolment::Model>> {
    let enrolments = enrolment::Entity::find()
        .filter(enrolment::Column::CourseId.eq(course))
        .filter(enrolment::Column::UserId.eq(user))
        .filter(enrolment::Column::State.ne(EnrolmentState::Withdrawn));
    Ok(enrolments.lock_exclusive().one(tx).await?)
}

async fn record(
    tx: &Tx,
    viewer: &Viewer,
    enrolment: enrolment::Model,
    lesson: PermanentLessonId,
    version: &version::Model,
    reason: CompletionReason,
) -> Result<()> {
    let before = lesson_progress::Entity::find_by_id((enrolment.id, lesson)).one(tx).await?;
    if before.as_ref().is_some_and(|progress| progress.completed_at.is_some()) {
        return Ok(());
    }
    let is_new = before.is_none();
    let mut change = before.map_or_else(|| started(enrolment.id, lesson, tx.now()), IntoActiveModel::into_active_model);
    change.completed_at = Set(Some(tx.now()));
    change.reason = Set(Some(reason));
    change.version_number = Set(version.number);
    if is_new {
        change.insert(tx).await?
    } else {
        change.update(tx).await?
    };
    let action = Action::new("lesson.completed").on(lesson).with("enrolment", enrolment.id.to_string()).with("reason", reason);
    audit::record(tx, viewer, action).await?;
    let enrolment = touch(tx, enrolment).await?;
    completing::judge(tx, viewer, &enrolment, version).await
}
