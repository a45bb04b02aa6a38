//! Versions and modules in the API.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::{
    Course,
    lesson::Lesson,
    text::{ModuleText, chosen},
    view::View,
};
use crate::{
    clock::Instant,
    courses::{
        content::{Content, ModuleContent},
        finding,
    },
    error::Result,
    graphql::{at_hand::AtHand, connection::connection},
    ids::{CourseVersionId, ModuleId, PermanentModuleId},
    language::Language,
};

/// The content of a course: the draft, or one published and unchangeable version.
pub struct CourseVersion {
    view: Arc<View>,
    content: Arc<Content>,
}

impl CourseVersion {
    /// A version of a course.
    pub fn new(view: Arc<View>, content: Arc<Content>) -> Self {
        Self { view, content }
    }

    /// A version as it was found.
    pub fn found(version: finding::Version) -> Self {
        Self { view: View::new(version.seen), content: version.content }
    }
}

/// The content of a course: the draft, or one published and unchangeable version.
#[Object]
impl CourseVersion {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> CourseVersionId {
        self.content.version.id
    }
    /// 1, 2, 3 …; null for the draft.
    async fn number(&self) -> Option<i32> {
        self.content.version.number
    }
    /// Null for the draft.
    async fn published_at(&self) -> Option<Instant> {
        self.content.version.published_at
    }
    /// The course.
    async fn course(&self) -> Course {
        Course(self.view.clone())
    }
    /// In order, at most 100.
    async fn modules(&self, ctx: &Context<'_>) -> Result<Vec<AtHand<Module>>> {
        if self.view.seen.is_enrolled() && ctx.look_ahead().field("lessons").field("viewerProgress").exists() {
            // Read here once, so that no lesson waits for it.
            self.view.progress(ctx).await?;
        }
        let module = |index| AtHand(Module::new(self.view.clone(), self.content.clone(), index));
        Ok((0..self.content.modules.len()).map(module).collect())
    }
    /// How many lessons it has.
    async fn lesson_count(&self) -> usize {
        self.content.lessons().count()
    }
    /// Sum of what its lessons say.
    async fn estimated_minutes(&self) -> i32 {
        self.content.lessons().map(|lesson| lesson.row.estimated_minutes).sum()
    }
}

connection!(
    /// A page of versions.
    CourseVersionConnection,
    /// One of a page of versions.
    CourseVersionEdge,
    CourseVersion
);

/// A part of a course version.
pub struct Module {
    view: Arc<View>,
    content: Arc<Content>,
    index: usize,
}

impl Module {
    /// A module of a version.
    pub fn new(view: Arc<View>, content: Arc<Content>, index: usize) -> Self {
        Self { view, content, index }
    }

    fn module(&self) -> &ModuleContent {
        &self.content.modules[self.index]
    }

    fn original(&self) -> &Language {
        &self.view.seen.course.original_language
    }
}

/// A part of a course version.
#[Object]
impl Module {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> ModuleId {
        self.module().row.id
    }
    /// The same in all versions.
    async fn permanent_id(&self) -> PermanentModuleId {
        self.module().row.permanent_id
    }
    /// 1, 2, 3 …
    async fn position(&self) -> i32 {
        self.module().row.position
    }
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred language.")] language: Option<Language>,
    ) -> Result<ModuleText> {
        let index = chosen(ctx, &self.module().texts, language.as_ref(), self.original()).ok_or_else(super::without_text)?;
        Ok(ModuleText::new(&self.content, self.index, index, self.original()))
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> &str {
        let texts = &self.module().texts;
        chosen(ctx, texts, None, self.original()).map_or("", |index| &texts[index].title)
    }
    /// All its texts; empty for all but staff.
    async fn translations(&self) -> Vec<ModuleText> {
        let shown = if self.view.seen.edits { self.module().texts.len() } else { 0 };
        (0..shown).map(|index| ModuleText::new(&self.content, self.index, index, self.original())).collect()
    }
    /// In order, at most 200 in a course.
    async fn lessons(&self) -> Vec<AtHand<Lesson>> {
        let lesson = |lesson| AtHand(Lesson::new(self.view.clone(), self.content.clone(), self.index, lesson));
        (0..self.module().lessons.len()).map(lesson).collect()
    }
}
