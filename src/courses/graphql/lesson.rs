//! Lessons in the API.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, dataloader::Loader};

use super::{Enrolment, progress::LessonProgress, text::chosen, version::Module, view::View};
use crate::{
    courses::{
        content::{self, Content, LessonContent},
        finding::{self, Place},
        lesson::LessonKind,
        progress::Progress,
    },
    error::{Error, Result},
    files::graphql::File,
    graphql::{at_hand::AtHand, batch::Batch, context::ContextExt},
    ids::{LessonId, PermanentLessonId},
    language::{
        Language, TextDirection,
        translated::{Mark, mark},
    },
    markdown,
    quizzes::graphql::Quiz,
    recordings::graphql::Recording,
    rows::keyed,
    scalars::{Html, Markdown, Url},
};

/// The smallest thing to learn from.
#[derive(Clone)]
pub struct Lesson {
    view: Arc<View>,
    content: Arc<Content>,
    module: usize,
    index: usize,
}

impl Lesson {
    /// A lesson of a version.
    pub fn new(view: Arc<View>, content: Arc<Content>, module: usize, index: usize) -> Self {
        Self { view, content, module, index }
    }

    /// A lesson as it was found.
    pub fn found(place: Place) -> Self {
        Self::new(View::new(place.version.seen), place.version.content, place.module, place.lesson)
    }

    /// The lesson `id`, by row or permanent id, if the viewer may see it.
    pub async fn load(ctx: &Context<'_>, id: &str) -> Result<Option<Self>> {
        Ok(Box::pin(finding::lesson(ctx.app(), ctx.viewer(), id)).await?.map(Self::found))
    }

    /// The lessons of a version, in order.
    pub fn all(view: &Arc<View>, content: &Arc<Content>) -> Vec<Self> {
        let places = content.modules.iter().enumerate();
        let places = places.flat_map(|(module, of)| (0..of.lessons.len()).map(move |index| (module, index)));
        places.map(|(module, index)| Self::new(view.clone(), content.clone(), module, index)).collect()
    }

    /// How far somebody with this `progress` is with it.
    pub fn progress(self, progress: &Progress) -> LessonProgress {
        match progress.of(self.lesson().row.permanent_id) {
            Some(row) => LessonProgress::new(self, row),
            None => LessonProgress::none(self),
        }
    }

    /// The viewer's enrolment in its course.
    pub fn enrolment(&self) -> Option<Enrolment> {
        Enrolment::own(self.view.clone())
    }

    fn lesson(&self) -> &LessonContent {
        &self.content.modules[self.module].lessons[self.index]
    }

    /// Number of its version; of a draft, more than any.
    pub(super) fn version_number(&self) -> i32 {
        self.content.version.number.unwrap_or(i32::MAX)
    }

    fn original(&self) -> &Language {
        &self.view.seen.course.original_language
    }

    fn text_at(&self, index: usize) -> LessonText {
        let texts = &self.lesson().texts;
        LessonText { mark: mark(&texts[index], texts, self.original()), index, lesson: self.clone() }
    }
}

/// The smallest thing to learn from.
#[Object]
impl Lesson {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> LessonId {
        self.lesson().row.id
    }
    /// The same in all versions; progress belongs to it.
    async fn permanent_id(&self) -> PermanentLessonId {
        self.lesson().row.permanent_id
    }
    /// 1, 2, 3 … in its module.
    async fn position(&self) -> i32 {
        self.lesson().row.position
    }
    /// What it is.
    async fn kind(&self) -> LessonKind {
        self.lesson().row.kind
    }
    /// Whether completing the course needs it.
    async fn is_required(&self) -> bool {
        self.lesson().row.is_required
    }
    /// Time it takes, in minutes.
    async fn estimated_minutes(&self) -> i32 {
        self.lesson().row.estimated_minutes
    }
    /// Its texts in one language. The body is empty for those who may see the course but are not enrolled, unless the course is PUBLIC.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred language.")] language: Option<Language>,
    ) -> Result<LessonText> {
        let index = chosen(ctx, &self.lesson().texts, language.as_ref(), self.original());
        index.map(|index| self.text_at(index)).ok_or_else(super::without_text)
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> &str {
        let texts = &self.lesson().texts;
        chosen(ctx, texts, None, self.original()).map_or("", |index| &texts[index].title)
    }
    /// All its texts; empty for all but staff.
    async fn translations(&self) -> Vec<LessonText> {
        let shown = if self.view.seen.edits { self.lesson().texts.len() } else { 0 };
        (0..shown).map(|index| self.text_at(index)).collect()
    }
    /// Of a RECORDING lesson, where the viewer may see it.
    async fn recording(&self, ctx: &Context<'_>) -> Option<Result<Recording>> {
        Recording::load(ctx, self.lesson().row.recording_id).await
    }
    /// Of a DOCUMENT lesson, for those enrolled, staff, and everybody where the course is PUBLIC.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<File>> {
        let id = self.lesson().row.file_id.filter(|_| self.view.seen.reads())?;
        ctx.load(id).await.map(|file| file.map(File)).transpose()
    }
    /// Of a QUIZ lesson.
    async fn quiz(&self, ctx: &Context<'_>) -> Option<Result<Quiz>> {
        Quiz::load(ctx, self.lesson().row.quiz_id).await
    }
    /// Of a LINK lesson, for those enrolled, staff, and everybody where the course is PUBLIC.
    async fn url(&self) -> Option<Url> {
        self.lesson().row.url.as_deref().filter(|_| self.view.seen.reads()).map(Url::from)
    }
    /// The module it stands in.
    async fn module(&self) -> Module {
        Module::new(self.view.clone(), self.content.clone(), self.module)
    }
    /// The viewer's progress; null when not enrolled.
    async fn viewer_progress(&self, ctx: &Context<'_>) -> Option<Result<AtHand<LessonProgress>>> {
        if !self.view.seen.is_enrolled() {
            return None;
        }
        let progress = self.view.progress(ctx).await.transpose()?;
        Some(progress.map(|progress| AtHand(self.clone().progress(progress))))
    }
}

impl Loader<PermanentLessonId> for Batch {
    type Value = Lesson;
    type Error = Error;

    async fn load(&self, ids: &[PermanentLessonId]) -> Result<HashMap<PermanentLessonId, Lesson>> {
        let found = finding::published(&self.app, &self.viewer, ids).await?;
        Ok(found.into_iter().map(|(id, place)| (id, Lesson::found(place))).collect())
    }
}

/// Texts of a lesson in one language, chosen as a whole.
pub struct LessonText {
    lesson: Lesson,
    index: usize,
    mark: Mark,
}

impl LessonText {
    async fn source(&self, ctx: &Context<'_>) -> Result<String> {
        if !self.lesson.view.seen.reads() {
            return Ok(String::new());
        }
        let key = BodyOf(self.lesson.lesson().row.id, self.mark.language.clone());
        Ok(ctx.load(key).await?.unwrap_or_default())
    }
}

/// Texts of a lesson in one language, chosen as a whole.
#[Object]
impl LessonText {
    /// Title.
    async fn title(&self) -> &str {
        &self.lesson.lesson().texts[self.index].title
    }
    /// The article, or what to know before the rest; may be empty.
    async fn body(&self, ctx: &Context<'_>) -> Result<Markdown> {
        self.source(ctx).await.map(Markdown)
    }
    /// The body, rendered.
    async fn body_html(&self, ctx: &Context<'_>) -> Result<Html> {
        Ok(Html(markdown::to_html(&self.source(ctx).await?)))
    }
    /// Language of this text.
    async fn language(&self) -> &Language {
        &self.mark.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.mark.direction
    }
    /// True when the text was written in this language first.
    async fn is_original(&self) -> bool {
        self.mark.is_original
    }
    /// True when the original changed after this translation was made.
    async fn is_outdated(&self) -> bool {
        self.mark.is_outdated
    }
    /// True when a machine made this translation and nobody has confirmed it.
    async fn is_machine(&self) -> bool {
        self.mark.is_machine
    }
}

/// The body of a lesson in a language; ask only for those who may read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BodyOf(LessonId, Language);

impl Loader<BodyOf> for Batch {
    type Value = String;
    type Error = Error;

    async fn load(&self, keys: &[BodyOf]) -> Result<HashMap<BodyOf, String>> {
        let lessons: Vec<LessonId> = keys.iter().map(|key| key.0).collect();
        let mut languages: Vec<Language> = keys.iter().map(|key| key.1.clone()).collect();
        languages.sort_unstable();
        languages.dedup();
        let rows = content::bodies(self.app.db.read(), &lessons, &languages).await?;
        let rows = keyed(rows, |row| BodyOf(row.lesson_id, row.language.clone()));
        Ok(rows.into_iter().map(|(key, row)| (key, row.body)).collect())
    }
}
