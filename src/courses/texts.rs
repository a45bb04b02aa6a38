//! Texts of drafts in languages: reading what staff typed, setting a text and removing a translation.

use async_graphql::InputObject;
use serde::Serialize;

use super::{
    course_text,
    drafting::{self, Draft},
    lesson_text, module_text,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problems, Result},
    ids::{CourseId, CourseVersionId, LessonId, ModuleId},
    language::{
        Language,
        texts::{self, of_site},
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
/// Characters of a lesson's body: in any script of the site they fit in the body of a request.
const BODY: usize = 40_000;

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
    /// At most 40,000 characters. An article needs one in each language that it has a title in, to be published.
    #[graphql(default)]
    pub body: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

impl CourseTextInput {
    /// The row of a parsed text.
    pub(super) fn row(&self, version_id: CourseVersionId) -> course_text::Model {
        course_text::Model {
            version_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            title: self.title.clone(),
            summary: self.summary.clone(),
            description: self.description.0.clone(),
        }
    }

    /// Parses it; problems are noted under `path`.
    pub fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
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
    /// The row of a parsed text.
    pub(super) fn row(&self, module_id: ModuleId) -> module_text::Model {
        module_text::Model {
            module_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            title: self.title.clone(),
            summary: self.summary.clone(),
        }
    }

    /// Parses it; problems are noted under `path`.
    pub fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, TITLE)),
            summary: problems.take(&format!("{path}.summary"), text::optional_line(&self.summary, SUMMARY)),
            is_machine: self.is_machine,
        }
    }
}

impl LessonTextInput {
    /// The row of a parsed text.
    pub fn row(&self, lesson_id: LessonId) -> lesson_text::Model {
        lesson_text::Model {
            lesson_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            title: self.title.clone(),
            body: self.body.0.clone(),
        }
    }

    /// Parses it; problems are noted under `path`.
    pub fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, TITLE)),
            body: problems.take(&format!("{path}.body"), text::optional_body(&self.body.0, BODY)).into(),
            is_machine: self.is_machine,
        }
    }
}

async fn changed(tx: &Tx, viewer: &Viewer, draft: Draft, action: Action, language: &Language) -> Result<()> {
    audit::record(tx, viewer, action.with("language", language)).await?;
    drafting::touch(tx, draft.course).await
}

/// Writes the draft's texts of the course in one language.
pub async fn set_course(app: &App, viewer: &Viewer, id: CourseId, input: &CourseTextInput) -> Result<CourseId> {
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    transact!(app, |tx| {
        let draft = drafting::draft(tx, viewer, id).await?;
        if texts::set::<course_text::Entity>(tx, &draft.course.original_language, text.row(draft.version.id)).await? {
            changed(tx, viewer, draft, Action::new("course.text_set").on(id), &text.language).await?;
        }
        Ok(id)
    })
}

/// Removes a translation of the course's texts from the draft.
pub async fn remove_course(app: &App, viewer: &Viewer, id: CourseId, language: &Language) -> Result<CourseId> {
    transact!(app, |tx| {
        let draft = drafting::draft(tx, viewer, id).await?;
        texts::remove::<course_text::Entity>(tx, &draft.course.original_language, draft.version.id, language).await?;
        changed(tx, viewer, draft, Action::new("course.text_removed").on(id), language).await?;
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
        if texts::set::<module_text::Entity>(tx, &draft.course.original_language, text.row(id)).await? {
            changed(tx, viewer, draft, Action::new("module.text_set").on(id), &text.language).await?;
        }
        Ok(id)
    })
}

/// Removes a translation of a module.
pub async fn remove_module(app: &App, viewer: &Viewer, id: ModuleId, language: &Language) -> Result<ModuleId> {
    transact!(app, |tx| {
        let (draft, _) = drafting::module(tx, viewer, id).await?;
        texts::remove::<module_text::Entity>(tx, &draft.course.original_language, id, language).await?;
        changed(tx, viewer, draft, Action::new("module.text_removed").on(id), language).await?;
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
        if texts::set::<lesson_text::Entity>(tx, &draft.course.original_language, text.row(id)).await? {
            changed(tx, viewer, draft, Action::new("lesson.text_set").on(id), &text.language).await?;
        }
        Ok(id)
    })
}

/// Removes a translation of a lesson.
pub async fn remove_lesson(app: &App, viewer: &Viewer, id: LessonId, language: &Language) -> Result<LessonId> {
    transact!(app, |tx| {
        let (draft, _) = drafting::lesson(tx, viewer, id).await?;
        texts::remove::<lesson_text::Entity>(tx, &draft.course.original_language, id, language).await?;
        changed(tx, viewer, draft, Action::new("lesson.text_removed").on(id), language).await?;
        Ok(id)
    })
}
