//! Lessons of a draft: adding, changing, moving and removing them.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, ModelTrait, Set};
use serde::Serialize;
use uuid::Uuid;

use super::lesson_content::{self, LessonContentInput};
use crate::{
    app::App,
    audit::{self, Action},
    courses::{
        drafting::{self, Draft, MOST_LESSONS},
        lesson,
        lesson::LessonKind,
        lesson_text, module,
        texts::LessonTextInput,
    },
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{CourseId, LessonId, ModuleId, PermanentLessonId},
    language::texts,
    transact, transact_once,
    viewer::Viewer,
};

/// Minutes that a lesson may say it takes.
const MINUTES: std::ops::RangeInclusive<i32> = 0..=600;

/// A new lesson at the end of a module of a draft.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct LessonCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The module.
    pub module_id: ModuleId,
    /// What it is; never changes.
    pub kind: LessonKind,
    /// Its text in the course's original language.
    pub text: LessonTextInput,
    /// What it shows, unless it is an ARTICLE.
    pub content: Option<LessonContentInput>,
    /// Whether completing the course needs it.
    #[graphql(default = true)]
    pub is_required: bool,
    /// 0 to 600.
    #[graphql(default = 5)]
    pub estimated_minutes: i32,
}

/// Changes of a lesson of a draft. What is absent stays.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct LessonUpdateInput {
    /// What it shows.
    pub content: Option<LessonContentInput>,
    /// Whether completing the course needs it.
    pub is_required: Option<bool>,
    /// 0 to 600.
    pub estimated_minutes: Option<i32>,
}

fn check_minutes(problems: &mut Problems, minutes: i32) {
    problems.check(MINUTES.contains(&minutes), || {
        Problem::at(UserErrorCode::OutOfRange, "input.estimatedMinutes").with("min", MINUTES.start()).with("max", MINUTES.end())
    });
}

/// Adds a lesson to a draft.
pub async fn create(app: &App, viewer: &Viewer, input: &LessonCreateInput) -> Result<LessonId> {
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    check_minutes(&mut problems, input.estimated_minutes);
    problems.done()?;
    transact_once!(app, viewer, input.key, "lessonCreate", input, |tx| {
        let (draft, module) = drafting::module(tx, viewer, input.module_id).await?;
        texts::of_original(&text.language, &draft.course.original_language, "input.text.language")?;
        if drafting::lesson_count(tx, draft.version.id).await? >= MOST_LESSONS {
            return Err(Problem::new(UserErrorCode::LimitReached).into());
        }
        let mut row = empty(&draft, &module, input);
        row.position = Set(next_position(tx, module.id).await?);
        let content = input.content.clone().unwrap_or_default();
        lesson_content::put(tx, viewer, &draft.course, input.kind, &content, &mut row).await?;
        let lesson = row.insert(tx).await?;
        texts::set::<lesson_text::Entity>(tx, &text.language, text.row(lesson.id)).await?;
        record(tx, viewer, Action::new("lesson.created").on(lesson.id), draft).await?;
        Ok(lesson.id)
    })
}

fn empty(draft: &Draft, module: &module::Model, input: &LessonCreateInput) -> lesson::ActiveModel {
    lesson::ActiveModel {
        id: Set(LessonId::new()),
        version_id: Set(draft.version.id),
        module_id: Set(module.id),
        permanent_id: Set(PermanentLessonId::new()),
        position: Set(0),
        kind: Set(input.kind),
        is_required: Set(input.is_required),
        estimated_minutes: Set(input.estimated_minutes),
        recording_id: Set(None),
        quiz_id: Set(None),
        quiz_version_id: Set(None),
        file_id: Set(None),
        url: Set(None),
    }
}

async fn next_position(tx: &Tx, module: ModuleId) -> Result<i32> {
    Ok(drafting::lessons(tx, module).await?.last().map_or(1, |last| last.position + 1))
}

/// Records a change of a draft's lesson.
async fn record(tx: &Tx, viewer: &Viewer, action: Action, draft: Draft) -> Result<CourseId> {
    let course = draft.course.id;
    audit::record(tx, viewer, action.with("course", course.to_string())).await?;
    drafting::touch(tx, draft.course).await?;
    Ok(course)
}

/// The fields that an update would change.
fn changed_fields(change: &lesson::ActiveModel) -> Vec<&'static str> {
    let content = change.recording_id.is_set() || change.quiz_id.is_set() || change.file_id.is_set() || change.url.is_set();
    let fields = [
        ("content", content),
        ("isRequired", change.is_required.is_set()),
        ("estimatedMinutes", change.estimated_minutes.is_set()),
    ];
    fields.into_iter().filter_map(|(name, is_changed)| is_changed.then_some(name)).collect()
}

/// Changes a lesson of a draft.
pub async fn update(app: &App, viewer: &Viewer, id: LessonId, input: &LessonUpdateInput) -> Result<LessonId> {
    let mut problems = Problems::new();
    if let Some(minutes) = input.estimated_minutes {
        check_minutes(&mut problems, minutes);
    }
    problems.done()?;
    transact!(app, |tx| {
        let (draft, lesson) = drafting::lesson(tx, viewer, id).await?;
        let (before, mut change) = (lesson.clone(), lesson.into_active_model());
        if let Some(content) = &input.content {
            lesson_content::put(tx, viewer, &draft.course, before.kind, content, &mut change).await?;
        }
        change.is_required.set_if_not_equals(input.is_required.unwrap_or(before.is_required));
        change.estimated_minutes.set_if_not_equals(input.estimated_minutes.unwrap_or(before.estimated_minutes));
        let fields = changed_fields(&change);
        if fields.is_empty() {
            return Ok(id);
        }
        change.update(tx).await?;
        record(tx, viewer, Action::new("lesson.updated").on(id).fields(fields), draft).await?;
        Ok(id)
    })
}

/// Moves a lesson of a draft to a place in a module of it, counted from 1; past the end is the end.
pub async fn relocate(app: &App, viewer: &Viewer, id: LessonId, target: ModuleId, position: i32) -> Result<CourseId> {
    let mut problems = Problems::new();
    problems.check(position >= 1, || Problem::at(UserErrorCode::OutOfRange, "position").with("min", 1).with("max", MOST_LESSONS));
    problems.done()?;
    transact!(app, |tx| {
        let (draft, lesson) = drafting::lesson(tx, viewer, id).await?;
        let module = module::Entity::find_by_id(target).one(tx).await?;
        if module.is_none_or(|module| module.version_id != draft.version.id) {
            return Err(Problem::at(UserErrorCode::NotFound, "moduleId").into());
        }
        let source = lesson.module_id;
        let mut lessons = drafting::lessons(tx, target).await?;
        lessons.retain(|other| other.id != id);
        let index = usize::try_from(position - 1).unwrap_or(0).min(lessons.len());
        lessons.insert(index, lesson);
        let is_moved = drafting::number_lessons(tx, target, lessons).await?;
        if source != target {
            drafting::number_lessons(tx, source, drafting::lessons(tx, source).await?).await?;
        }
        if !is_moved {
            return Ok(draft.course.id);
        }
        record(tx, viewer, Action::new("lesson.moved").on(id), draft).await
    })
}

/// Removes a lesson from a draft.
pub async fn remove(app: &App, viewer: &Viewer, id: LessonId) -> Result<CourseId> {
    transact!(app, |tx| {
        let (draft, lesson) = drafting::lesson(tx, viewer, id).await?;
        let module = lesson.module_id;
        lesson.delete(tx).await?;
        drafting::number_lessons(tx, module, drafting::lessons(tx, module).await?).await?;
        record(tx, viewer, Action::new("lesson.removed").on(id), draft).await
    })
}
