//! Texts of drafts in languages: reading what staff typed, setting a text and removing a translation. Setting the same text
//! again changes nothing, so that a call sent twice outdates no translation.

use async_graphql::InputObject;
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryFilter, Set, sea_query::OnConflict};
use serde::Serialize;

use super::{
    course_text,
    drafting::{self, Draft, site_language},
    lesson_text, module_text,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{CourseId, CourseVersionId, LessonId, ModuleId},
    language::{
        Language,
        translated::{Translated, next_revision},
    },
    scalars::Markdown,
    text, transact,
    viewer::Viewer,
};

/// Characters of a title.
const TITLE: usize = 200;
/// Characters of a summary.
const SUMMARY: usize = 500;
/// Characters of a description.
const DESCRIPTION: usize = 20_000;
/// Characters of a lesson's body.
const BODY: usize = 100_000;

/// Texts of a course in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CourseTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 500 characters.
    #[graphql(default)]
    pub summary: String,
    /// At most 20,000 characters.
    #[graphql(default)]
    pub description: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// Texts of a module in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct ModuleTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 500 characters.
    #[graphql(default)]
    pub summary: String,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// Texts of a lesson in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct LessonTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 100,000 characters.
    #[graphql(default)]
    pub body: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

impl CourseTextInput {
    /// Parses it; problems are noted under `path`.
    pub fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), site_language(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, TITLE)),
            summary: problems.take(&format!("{path}.summary"), text::optional_line(&self.summary, SUMMARY)),
            description: problems
                .take(&format!("{path}.description"), text::optional_body(&self.description.0, DESCRIPTION))
                .into(),
            is_machine: self.is_machine,
        }
    }
}

impl ModuleTextInput {
    /// Parses it; problems are noted under `path`.
    pub fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), site_language(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, TITLE)),
            summary: problems.take(&format!("{path}.summary"), text::optional_line(&self.summary, SUMMARY)),
            is_machine: self.is_machine,
        }
    }
}

impl LessonTextInput {
    /// Parses it; problems are noted under `path`.
    pub fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), site_language(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, TITLE)),
            body: problems.take(&format!("{path}.body"), text::optional_body(&self.body.0, BODY)).into(),
            is_machine: self.is_machine,
        }
    }
}

/// The revision to write with a text, or none when it stands there already: `same` says whether the row holds it.
fn revision<T: Translated>(texts: &[T], language: &Language, original: &Language, same: impl Fn(&T) -> bool) -> Option<i32> {
    let before = texts.iter().find(|text| text.language() == language);
    let next = next_revision(texts, language, original);
    let stands = before.is_some_and(|row| same(row) && (language == original || row.source_revision() == next));
    (!stands).then_some(next)
}

/// What a draft says of its course, in all languages.
async fn of_course(tx: &Tx, version: CourseVersionId) -> Result<Vec<course_text::Model>> {
    Ok(course_text::Entity::find().filter(course_text::Column::VersionId.eq(version)).all(tx).await?)
}

/// Writes a parsed text of a course.
pub(super) async fn write_course(tx: &Tx, version: CourseVersionId, text: &CourseTextInput, original: &Language) -> Result<()> {
    use course_text::{ActiveModel, Column, Entity};
    let texts = of_course(tx, version).await?;
    let same = |row: &course_text::Model| {
        row.title == text.title
            && row.summary == text.summary
            && row.description == text.description.0
            && row.is_machine == text.is_machine
    };
    let Some(revision) = revision(&texts, &text.language, original, same) else { return Ok(()) };
    let row = ActiveModel {
        version_id: Set(version),
        language: Set(text.language.clone()),
        source_revision: Set(revision),
        is_machine: Set(text.is_machine),
        title: Set(text.title.clone()),
        summary: Set(text.summary.clone()),
        description: Set(text.description.0.clone()),
    };
    let instead = OnConflict::columns([Column::VersionId, Column::Language])
        .update_columns([Column::SourceRevision, Column::IsMachine, Column::Title, Column::Summary, Column::Description])
        .to_owned();
    Entity::insert(row).on_conflict(instead).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes a parsed text of a module.
pub(super) async fn write_module(tx: &Tx, module: ModuleId, text: &ModuleTextInput, original: &Language) -> Result<()> {
    use module_text::{ActiveModel, Column, Entity};
    let texts = Entity::find().filter(Column::ModuleId.eq(module)).all(tx).await?;
    let same =
        |row: &module_text::Model| row.title == text.title && row.summary == text.summary && row.is_machine == text.is_machine;
    let Some(revision) = revision(&texts, &text.language, original, same) else { return Ok(()) };
    let row = ActiveModel {
        module_id: Set(module),
        language: Set(text.language.clone()),
        source_revision: Set(revision),
        is_machine: Set(text.is_machine),
        title: Set(text.title.clone()),
        summary: Set(text.summary.clone()),
    };
    let instead = OnConflict::columns([Column::ModuleId, Column::Language])
        .update_columns([Column::SourceRevision, Column::IsMachine, Column::Title, Column::Summary])
        .to_owned();
    Entity::insert(row).on_conflict(instead).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes a parsed text of a lesson.
pub async fn write_lesson(tx: &Tx, lesson: LessonId, text: &LessonTextInput, original: &Language) -> Result<()> {
    use lesson_text::{ActiveModel, Column, Entity};
    let texts = Entity::find().filter(Column::LessonId.eq(lesson)).all(tx).await?;
    let same = |row: &lesson_text::Model| row.title == text.title && row.body == text.body.0 && row.is_machine == text.is_machine;
    let Some(revision) = revision(&texts, &text.language, original, same) else { return Ok(()) };
    let row = ActiveModel {
        lesson_id: Set(lesson),
        language: Set(text.language.clone()),
        source_revision: Set(revision),
        is_machine: Set(text.is_machine),
        title: Set(text.title.clone()),
        body: Set(text.body.0.clone()),
    };
    let instead = OnConflict::columns([Column::LessonId, Column::Language])
        .update_columns([Column::SourceRevision, Column::IsMachine, Column::Title, Column::Body])
        .to_owned();
    Entity::insert(row).on_conflict(instead).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes the draft's texts of the course in one language.
pub async fn set_course(app: &App, viewer: &Viewer, id: CourseId, input: &CourseTextInput) -> Result<CourseId> {
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    transact!(app, |tx| {
        let draft = drafting::draft(tx, viewer, id).await?;
        write_course(tx, draft.version.id, &text, &draft.course.original_language).await?;
        changed(tx, viewer, draft, Action::new("course.text_set").on(id), &text.language).await?;
        Ok(id)
    })
}

/// Writes a module's texts in one language.
pub async fn set_module(app: &App, viewer: &Viewer, id: ModuleId, input: &ModuleTextInput) -> Result<ModuleId> {
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    transact!(app, |tx| {
        let (draft, _) = drafting::module(tx, viewer, id).await?;
        write_module(tx, id, &text, &draft.course.original_language).await?;
        changed(tx, viewer, draft, Action::new("module.text_set").on(id), &text.language).await?;
        Ok(id)
    })
}

/// Writes a lesson's texts in one language.
pub async fn set_lesson(app: &App, viewer: &Viewer, id: LessonId, input: &LessonTextInput) -> Result<LessonId> {
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    transact!(app, |tx| {
        let (draft, _) = drafting::lesson(tx, viewer, id).await?;
        write_lesson(tx, id, &text, &draft.course.original_language).await?;
        changed(tx, viewer, draft, Action::new("lesson.text_set").on(id), &text.language).await?;
        Ok(id)
    })
}

async fn changed(tx: &Tx, viewer: &Viewer, draft: Draft, action: Action, language: &Language) -> Result<()> {
    audit::record(tx, viewer, action.with("language", language)).await?;
    drafting::touch(tx, draft.course).await
}

/// Removes a translation of the course's texts from the draft.
pub async fn remove_course(app: &App, viewer: &Viewer, id: CourseId, language: &Language) -> Result<CourseId> {
    transact!(app, |tx| {
        let draft = drafting::draft(tx, viewer, id).await?;
        remove(tx, course_text::Entity::find_by_id((draft.version.id, language.clone())), language, &draft).await?;
        changed(tx, viewer, draft, Action::new("course.text_removed").on(id), language).await?;
        Ok(id)
    })
}

/// Removes a translation of a module.
pub async fn remove_module(app: &App, viewer: &Viewer, id: ModuleId, language: &Language) -> Result<ModuleId> {
    transact!(app, |tx| {
        let (draft, _) = drafting::module(tx, viewer, id).await?;
        remove(tx, module_text::Entity::find_by_id((id, language.clone())), language, &draft).await?;
        changed(tx, viewer, draft, Action::new("module.text_removed").on(id), language).await?;
        Ok(id)
    })
}

/// Removes a translation of a lesson.
pub async fn remove_lesson(app: &App, viewer: &Viewer, id: LessonId, language: &Language) -> Result<LessonId> {
    transact!(app, |tx| {
        let (draft, _) = drafting::lesson(tx, viewer, id).await?;
        remove(tx, lesson_text::Entity::find_by_id((id, language.clone())), language, &draft).await?;
        changed(tx, viewer, draft, Action::new("lesson.text_removed").on(id), language).await?;
        Ok(id)
    })
}

/// Removes a text, unless it is the original.
async fn remove<E>(tx: &Tx, which: sea_orm::Select<E>, language: &Language, draft: &Draft) -> Result<()>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + sea_orm::IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: sea_orm::ActiveModelBehavior + Send,
{
    let refused = |code| Error::from(Problem::at(code, "language"));
    if *language == draft.course.original_language {
        return Err(refused(UserErrorCode::WrongState));
    }
    let row = which.one(tx).await?.ok_or_else(|| refused(UserErrorCode::NotFound))?;
    row.delete(tx).await?;
    Ok(())
}
