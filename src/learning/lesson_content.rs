//! What a lesson of each kind shows, and who may put it there.

use async_graphql::InputObject;
use sea_orm::EntityTrait;
use serde::Serialize;

use crate::{
    courses::{
        course,
        freezing::Whole,
        lesson::{self, LessonKind},
    },
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    files::{self, file::Purpose},
    ids::{FileId, QuizId, RecordingId},
    language::Language,
    quizzes,
    recordings::{self, recording},
    scalars::Url,
    text,
    viewer::Viewer,
};

/// What a lesson shows; give what its kind needs and nothing else.
#[derive(Clone, Debug, Default, InputObject, Serialize)]
pub struct LessonContentInput {
    /// For RECORDING: a recording that the viewer may change.
    pub recording_id: Option<RecordingId>,
    /// For QUIZ: a quiz of this course.
    pub quiz_id: Option<QuizId>,
    /// For DOCUMENT: a READY file of the viewer.
    pub file_id: Option<FileId>,
    /// For LINK: an https address.
    pub url: Option<Url>,
}

impl LessonContentInput {
    /// Whether something is given that a lesson of `kind` does not show.
    fn is_foreign(&self, kind: LessonKind) -> bool {
        (self.recording_id.is_some() && kind != LessonKind::Recording)
            || (self.quiz_id.is_some() && kind != LessonKind::Quiz)
            || (self.file_id.is_some() && kind != LessonKind::Document)
            || (self.url.is_some() && kind != LessonKind::Link)
    }
}

/// Puts the content given into the row of a lesson, once the viewer's right to each thing is judged.
pub(super) async fn put(
    tx: &Tx,
    viewer: &Viewer,
    course: &course::Model,
    kind: LessonKind,
    input: &LessonContentInput,
    row: &mut lesson::ActiveModel,
) -> Result<()> {
    if input.is_foreign(kind) {
        return Err(Problem::at(UserErrorCode::Invalid, "input.content").into());
    }
    if let Some(url) = &input.url {
        let address = text::web_address(&url.0).map_err(|problem| problem.under("input.content.url"))?;
        row.url.set_if_not_equals(Some(address));
    }
    if let Some(quiz) = input.quiz_id {
        if !quizzes::policy::belongs(tx, course.id, quiz).await? {
            return Err(Problem::at(UserErrorCode::NotFound, "input.content.quizId").into());
        }
        row.quiz_id.set_if_not_equals(Some(quiz));
    }
    if let Some(recording) = input.recording_id {
        row.recording_id.set_if_not_equals(Some(changeable(tx, viewer, recording).await?));
    }
    if let Some(file) = input.file_id {
        let document = files::policy::usable(tx, viewer, file, Purpose::Document, "input.content.fileId").await?;
        row.file_id.set_if_not_equals(Some(document.id));
    }
    Ok(())
}

/// A recording that the viewer may change: whoever shows one to learners gives it away.
async fn changeable(tx: &Tx, viewer: &Viewer, id: RecordingId) -> Result<RecordingId> {
    match recordings::policy::editable(tx, viewer, id).await {
        Ok(recording) => Ok(recording.id),
        Err(Error::NotFound(_) | Error::Forbidden) => {
            Err(Problem::at(UserErrorCode::NotFound, "input.content.recordingId").into())
        }
        Err(err) => Err(err),
    }
}

/// What keeps a lesson of a draft from being published, as the id of a message: it shows nothing, or a recording that learners
/// would not see. An article must say something in the original language, on which all readers fall back.
pub(super) async fn lacks(tx: &Tx, draft: &Whole, lesson: &lesson::Model, original: &Language) -> Result<Option<&'static str>> {
    let shows_something = match lesson.kind {
        LessonKind::Article => {
            return Ok((!draft.says(lesson.id, original)).then_some("problem-lesson-without-text"));
        }
        LessonKind::Recording => lesson.recording_id.is_some(),
        LessonKind::Quiz => lesson.quiz_id.is_some(),
        LessonKind::Document => lesson.file_id.is_some(),
        LessonKind::Link => lesson.url.is_some(),
    };
    if !shows_something {
        return Ok(Some("problem-lesson-without-content"));
    }
    let Some(id) = lesson.recording_id else { return Ok(None) };
    let recording = recording::Entity::find_by_id(id).one(tx).await?;
    let is_published = recording.is_some_and(|recording| recording.state == recording::State::Published);
    Ok((!is_published).then_some("problem-lesson-recording-unpublished"))
}

/// The translations of an article that say nothing, though they have a title: their readers would get a blank page in place of
/// the original.
pub(super) fn silent<'a>(draft: &'a Whole, lesson: &lesson::Model, original: &Language) -> Vec<&'a Language> {
    if lesson.kind != LessonKind::Article {
        return Vec::new();
    }
    draft.silent_in(lesson.id).into_iter().filter(|language| *language != original).collect()
}
