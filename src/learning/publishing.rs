//! Publishing: the draft is frozen as the next version, which learners see from then on.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::lesson_content;
use crate::{
    app::App,
    audit::{self, Action},
    courses::{
        completing,
        content::{self, Content},
        course, drafting,
        enrolment::{self, EnrolmentState},
        freezing::{self, Quizzes, Whole},
        seeing::Seen,
        version,
    },
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{CourseId, CourseVersionId, EnrolmentId, QuizId},
    jobs::{self, Job, Run},
    language::translated::choose,
    quizzes, transact,
    viewer::Viewer,
};

/// Learners that are judged in one transaction.
const JUDGED_AT_ONCE: u64 = 100;

/// Freezes the draft as the next version. An unchanged draft gives the version that stands, whatever it lacks by now.
pub async fn publish(app: &App, viewer: &Viewer, id: CourseId) -> Result<CourseVersionId> {
    transact!(app, |tx| {
        let draft = drafting::draft(tx, viewer, id).await?;
        let content = content::load(tx, &[draft.version.id]).await?.pop().ok_or(Error::NotFound("version"))?;
        // Before it is checked, since the fingerprint tells of them; what is refused is undone with the transaction.
        let quizzes = freeze_quizzes(tx, &content).await?;
        let whole = freezing::whole(tx, content).await?;
        let newest = newest(tx, id).await?;
        let fingerprint = whole.fingerprint(&draft.course.original_language, &quizzes);
        if let Some(standing) = newest.as_ref().filter(|newest| newest.fingerprint.as_ref() == Some(&fingerprint)) {
            return Ok(standing.id);
        }
        check_complete(tx, viewer, &draft.course, &whole).await?;
        let number = newest.and_then(|newest| newest.number).unwrap_or(0) + 1;
        let published = whole.freeze(tx, &draft.course, number, &quizzes).await?;
        let mut change = draft.course.into_active_model();
        change.published_version_id = Set(Some(published.id));
        change.updated_at = Set(tx.now());
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("course.published").on(id).with("version", published.id.to_string())).await?;
        jobs::enqueue(tx, &JudgeLearners { version: published.id }).await?;
        Ok(published.id)
    })
}

/// The quizzes that lessons hold.
fn quizzes_of(content: &Content) -> impl Iterator<Item = QuizId> {
    content.modules.iter().flat_map(|module| &module.lessons).filter_map(|lesson| lesson.row.quiz_id)
}

async fn freeze_quizzes(tx: &Tx, content: &Content) -> Result<Quizzes> {
    let mut frozen = Quizzes::new();
    for quiz in quizzes_of(content) {
        frozen.insert(quiz, quizzes::freezing::freeze(tx, quiz).await?);
    }
    Ok(frozen)
}

async fn newest(tx: &Tx, course: CourseId) -> Result<Option<version::Model>> {
    let published = version::Entity::find()
        .filter(version::Column::CourseId.eq(course))
        .filter(version::Column::Number.is_not_null())
        .order_by_desc(version::Column::Number);
    Ok(published.one(tx).await?)
}

/// Whether the draft differs from the published version; none for all but staff.
pub async fn has_changes(app: &App, seen: &Seen) -> Result<Option<bool>> {
    if !seen.edits {
        return Ok(None);
    }
    let Some(published) = seen.course.published_version_id else { return Ok(Some(true)) };
    let standing = content::of(app, published).await?;
    let draft = content::of_draft(app, seen.course.id).await?;
    let mut frozen = Quizzes::new();
    for quiz in quizzes_of(&draft) {
        let Some(unchanged) = quizzes::freezing::unchanged(app.db.read(), quiz).await? else { return Ok(Some(true)) };
        frozen.insert(quiz, unchanged);
    }
    // Nothing was touched since it was published: that spares reading the bodies of all lessons.
    if standing.version.published_at == Some(seen.course.updated_at) {
        return Ok(Some(false));
    }
    let whole = freezing::whole(app.db.read(), Content::clone(&draft)).await?;
    let fingerprint = whole.fingerprint(&seen.course.original_language, &frozen);
    Ok(Some(standing.version.fingerprint.as_ref() != Some(&fingerprint)))
}

/// Finds all that a draft lacks, in the order in which people see it, then what its quizzes lack.
async fn check_complete(tx: &Tx, viewer: &Viewer, course: &course::Model, draft: &Whole) -> Result<()> {
    let (content, original) = (&draft.content, &course.original_language);
    let mut problems = Problems::new();
    let incomplete = |message| Problem::new(UserErrorCode::Incomplete).saying(message);
    problems.check(!content.modules.is_empty(), || incomplete("problem-course-without-modules"));
    for module in &content.modules {
        let title = choose(&module.texts, viewer.languages(None), original).map(|text| text.title.as_str());
        problems.check(!module.lessons.is_empty(), || {
            incomplete("problem-module-without-lessons").with("title", title.unwrap_or_default())
        });
        for lesson in &module.lessons {
            let title = choose(&lesson.texts, viewer.languages(None), original).map(|text| text.title.as_str());
            let about = |message| incomplete(message).with("title", title.unwrap_or_default());
            if let Some(message) = lesson_content::lacks(tx, draft, &lesson.row, original).await? {
                problems.add(about(message));
            }
            for language in lesson_content::silent(draft, &lesson.row, original) {
                problems.add(about("problem-lesson-translation-without-text").with("language", language.own_name()));
            }
        }
    }
    for quiz in quizzes_of(content) {
        for problem in quizzes::freezing::problems(tx, quiz).await? {
            problems.add(problem);
        }
    }
    problems.done()
}

/// Judges everybody who is learning in a course by a new version: what it no longer requires may have been all that
/// somebody lacked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JudgeLearners {
    /// The new version.
    pub version: CourseVersionId,
}

impl Job for JudgeLearners {
    const KIND: &'static str = "course.judge_learners";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let mut after = None;
        loop {
            let judged = transact!(app, |tx| judge_some(tx, self.version, after).await)?;
            if judged.is_none() {
                return Ok(());
            }
            after = judged;
        }
    }
}

/// Judges the next hundred learners after the enrolment named; the last of them, or none when all are done.
async fn judge_some(tx: &Tx, id: CourseVersionId, after: Option<EnrolmentId>) -> Result<Option<EnrolmentId>> {
    let Some(version) = version::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let course = course::Entity::find_by_id(version.course_id).one(tx).await?;
    if course.is_none_or(|course| course.published_version_id != Some(id)) {
        return Ok(None);
    }
    let mut learners = enrolment::Entity::find()
        .filter(enrolment::Column::CourseId.eq(version.course_id))
        .filter(enrolment::Column::State.eq(EnrolmentState::Active));
    if let Some(after) = after {
        learners = learners.filter(enrolment::Column::Id.gt(after));
    }
    let learners = learners.order_by_asc(enrolment::Column::Id).limit(JUDGED_AT_ONCE).lock_exclusive().all(tx).await?;
    for learner in &learners {
        completing::judge(tx, &Viewer::visitor(), learner, &version).await?;
    }
    Ok(learners.last().map(|learner| learner.id))
}
