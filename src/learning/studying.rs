//! Learning: opening lessons and saying that one is done. Quizzes and watching are judged by the server, elsewhere.

use async_graphql::Enum;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    app::App,
    courses::{
        finding::{self, Place},
        lesson::{self, LessonKind},
        lesson_progress::CompletionReason,
        progress,
    },
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::{RecordingId, UserId},
    quizzes,
    recordings::{self, captions, watching},
    transact,
    viewer::Viewer,
};

/// Why a learner says that they are done with a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum LessonCompleteReason {
    /// They read it: an article.
    Read,
    /// They read the transcript: a recording with captions.
    TranscriptRead,
    /// They opened it: a document or a link.
    Visited,
}

impl From<LessonCompleteReason> for CompletionReason {
    fn from(reason: LessonCompleteReason) -> Self {
        match reason {
            LessonCompleteReason::Read => Self::Read,
            LessonCompleteReason::TranscriptRead => Self::TranscriptRead,
            LessonCompleteReason::Visited => Self::Visited,
        }
    }
}

fn not_enrolled() -> Error {
    Problem::new(UserErrorCode::WrongState).saying("problem-not-enrolled").into()
}

/// A lesson that learners see.
async fn published(app: &App, viewer: &Viewer, id: &str) -> Result<Place> {
    let place = finding::existing_lesson(app, viewer, id).await?;
    if place.version.content.version.number.is_none() {
        return Err(Problem::new(UserErrorCode::WrongState).saying("problem-lesson-of-draft").into());
    }
    Ok(place)
}

/// Says that the viewer opened a lesson. What they had done before, which the server judges, completes it then: nobody is
/// asked to pass a quiz again, nor to watch a recording again, because its lesson is new to them.
pub async fn start(app: &App, viewer: &Viewer, id: &str) -> Result<()> {
    let user = viewer.signed_in()?.id;
    let place = published(app, viewer, id).await?;
    let lesson = &place.content().row;
    transact!(app, |tx| {
        let enrolment = progress::locked(tx, place.version.seen.course.id, user).await?.ok_or_else(not_enrolled)?;
        progress::open(tx, enrolment, lesson.permanent_id).await?;
        match done_before(tx, user, lesson).await? {
            Some(reason) => progress::complete(tx, viewer, user, lesson.permanent_id, reason).await,
            None => Ok(()),
        }
    })
}

/// Why a lesson is completed already by what the person did elsewhere or before they enrolled.
async fn done_before(tx: &Tx, user: UserId, lesson: &lesson::Model) -> Result<Option<CompletionReason>> {
    if let Some(quiz) = lesson.quiz_id
        && quizzes::attempting::has_passed(tx, quiz, user).await?
    {
        return Ok(Some(CompletionReason::Passed));
    }
    if let Some(recording) = lesson.recording_id
        && watching::has_enough(tx, user, recording).await?
    {
        return Ok(Some(CompletionReason::Watched));
    }
    Ok(None)
}

/// Says that the viewer is done with a lesson, for a reason that fits its kind.
pub async fn complete(app: &App, viewer: &Viewer, id: &str, reason: LessonCompleteReason) -> Result<()> {
    let user = viewer.signed_in()?.id;
    let place = published(app, viewer, id).await?;
    let lesson = &place.content().row;
    if !may_say(lesson.kind, reason) {
        return Err(Problem::at(UserErrorCode::Unsupported, "reason").into());
    }
    transact!(app, |tx| {
        progress::locked(tx, place.version.seen.course.id, user).await?.ok_or_else(not_enrolled)?;
        if let Some(recording) = lesson.recording_id {
            has_transcript(tx, viewer, recording).await?;
        }
        progress::complete(tx, viewer, user, lesson.permanent_id, reason.into()).await
    })
}

/// That there is a transcript which the viewer may read.
async fn has_transcript(tx: &Tx, viewer: &Viewer, id: RecordingId) -> Result<()> {
    let recording = recordings::policy::find(tx, viewer, id).await?;
    let captions = captions::Entity::find().filter(captions::Column::RecordingId.eq(recording.id)).one(tx).await?;
    if captions.is_some() { Ok(()) } else { Err(Problem::at(UserErrorCode::Unsupported, "reason").into()) }
}

/// What learners may say themselves of a lesson.
fn may_say(kind: LessonKind, reason: LessonCompleteReason) -> bool {
    match kind {
        LessonKind::Article => reason == LessonCompleteReason::Read,
        LessonKind::Recording => reason == LessonCompleteReason::TranscriptRead,
        LessonKind::Document | LessonKind::Link => reason == LessonCompleteReason::Visited,
        LessonKind::Quiz => false,
    }
}
