//! Courses in the API.

pub mod authoring;
pub mod enrolment;
pub mod lesson;
pub mod progress;
pub mod querying;
pub mod text;
pub mod version;
pub mod view;

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, dataloader::Loader};

pub use self::{
    authoring::CourseMutation,
    enrolment::{Completion, CompletionConnection, Enrolment, EnrolmentConnection, completions_of_viewer, enrolments_of_viewer},
    lesson::Lesson,
    querying::{CourseQuery, node},
    version::{CourseVersion, Module},
    view::View,
};
use self::{
    text::{CourseText, chosen},
    version::CourseVersionConnection,
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    courses::{catalog, content, seeing},
    error::{Error, Result},
    forum::{
        flag::FlagState,
        graphql::{CategoriesOf, Category, FlagConnection, TopicConnection, queue_of, standing, topics_of},
    },
    graphql::{batch::Batch, connection::connection, context::ContextExt},
    ids::CourseId,
    language::Language,
    learning::graphql::{AccessConnection, access_to, has_unpublished_changes},
    paging::Page,
    quizzes::graphql::{QuizConnection, quizzes_of},
    visibility::Visibility,
};

impl Loader<CourseId> for Batch {
    type Value = Arc<View>;
    type Error = Error;

    async fn load(&self, ids: &[CourseId]) -> Result<HashMap<CourseId, Arc<View>>> {
        let seen = seeing::by_ids(self.app.db.read(), &self.viewer, ids).await?;
        Ok(View::many(&self.app, seen).await?.into_iter().map(|view| (view.seen.course.id, view)).collect())
    }
}

/// What every thing with texts has lost only if a row was damaged.
fn without_text() -> Error {
    Error::internal(anyhow::anyhow!("a thing without any text"))
}

/// The lasting thing that people enrol in.
#[derive(Clone)]
pub struct Course(pub Arc<View>);

impl Course {
    /// The course `id`, if the viewer may see it.
    pub async fn load(ctx: &Context<'_>, id: CourseId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }

    /// A course that was just changed, read anew.
    pub async fn changed(ctx: &Context<'_>, id: Result<CourseId>) -> Result<Self> {
        Ok(Self(View::new(seeing::existing(ctx.app().db.read(), ctx.viewer(), id?).await?)))
    }

    /// The draft of a course that was just changed.
    pub async fn changed_draft(ctx: &Context<'_>, id: Result<CourseId>) -> Result<CourseVersion> {
        let Self(view) = Self::changed(ctx, id).await?;
        let draft = content::of_draft(ctx.app(), view.seen.course.id).await?;
        Ok(CourseVersion::new(view, draft))
    }
}

/// The lasting thing that people enrol in.
#[Object]
impl Course {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> CourseId {
        self.0.seen.course.id
    }
    /// Address part, lower case letters, digits and hyphens.
    async fn slug(&self) -> &str {
        &self.0.seen.course.slug
    }
    /// Who may see it.
    async fn visibility(&self) -> Visibility {
        self.0.seen.course.visibility
    }
    /// Who teaches it; their name where they show it to the viewer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, Some(self.0.seen.course.owner_id)).await
    }
    /// Language that it is written in first.
    async fn original_language(&self) -> &Language {
        &self.0.seen.course.original_language
    }
    /// Languages that its texts exist in, in the content shown.
    async fn languages(&self, ctx: &Context<'_>) -> Result<Vec<&Language>> {
        let mut languages: Vec<_> = self.0.shown(ctx).await?.texts.iter().map(|text| &text.language).collect();
        languages.sort_unstable();
        Ok(languages)
    }
    /// Its texts in one language. Learners get those of the published version, staff those of the draft.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<CourseText> {
        let (content, original) = (self.0.shown(ctx).await?, &self.0.seen.course.original_language);
        let index = chosen(ctx, &content.texts, language.as_ref(), original).ok_or_else(without_text)?;
        Ok(CourseText::new(content, index, original))
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> Result<&str> {
        let texts = &self.0.shown(ctx).await?.texts;
        Ok(chosen(ctx, texts, None, &self.0.seen.course.original_language).map_or("", |index| &texts[index].title))
    }
    /// Summary in the viewer's language.
    async fn summary(&self, ctx: &Context<'_>) -> Result<&str> {
        let texts = &self.0.shown(ctx).await?.texts;
        Ok(chosen(ctx, texts, None, &self.0.seen.course.original_language).map_or("", |index| &texts[index].summary))
    }
    /// All texts of the draft; empty for all but staff.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<CourseText>> {
        if !self.0.seen.edits {
            return Ok(Vec::new());
        }
        let content = self.0.shown(ctx).await?;
        let text = |index| CourseText::new(content, index, &self.0.seen.course.original_language);
        Ok((0..content.texts.len()).map(text).collect())
    }
    /// What learners see; null before the first publication.
    async fn published_version(&self, ctx: &Context<'_>) -> Option<Result<CourseVersion>> {
        let content = self.0.published(ctx.app()).await.transpose()?;
        Some(content.map(|content| CourseVersion::new(self.0.clone(), content)))
    }
    /// What staff change; null for others.
    async fn draft(&self, ctx: &Context<'_>) -> Option<Result<CourseVersion>> {
        if !self.0.seen.edits {
            return None;
        }
        Some(self.0.shown(ctx).await.map(|content| CourseVersion::new(self.0.clone(), content.clone())))
    }
    /// Published versions, newest first: staff see all of them, others the newest.
    async fn versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<CourseVersionConnection> {
        let page = Page::parse(first, after, last, before)?;
        let slice = catalog::versions(ctx.app(), &self.0.seen, &page).await?;
        let ids: Vec<_> = slice.rows.iter().map(|(_, version)| version.id).collect();
        let contents = Box::pin(content::of_many(ctx.app(), &ids)).await?;
        let content = |id| contents.get(&id).cloned().ok_or(Error::NotFound("version"));
        let slice = slice.try_map(|row| content(row.id))?;
        Ok(CourseVersionConnection::new(slice, |content| CourseVersion::new(self.0.clone(), content)))
    }
    /// True when the draft differs from the published version; null for all but staff.
    async fn has_unpublished_changes(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        has_unpublished_changes(ctx, &self.0.seen).await
    }
    /// True when no one can enrol any more.
    async fn is_archived(&self) -> bool {
        self.0.seen.course.archived_at.is_some()
    }
    /// Of its discussion, in order, at most 100.
    async fn categories(&self, ctx: &Context<'_>) -> Result<Vec<Category>> {
        let categories = ctx.load(CategoriesOf(self.0.seen.course.id.into())).await?.unwrap_or_default();
        Ok(categories.into_iter().map(Category).collect())
    }
    /// Of all its categories, pinned first, then the most recently posted in.
    async fn topics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<TopicConnection> {
        let id = self.0.seen.course.id.into();
        topics_of(ctx, standing(ctx, id).await?, id, Page::parse(first, after, last, before)).await
    }
    /// The queue of those who moderate its discussion, oldest first; null for all but staff.
    #[allow(clippy::too_many_arguments)]
    async fn flags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Which flags.", default_with = "FlagState::Open")] state: FlagState,
    ) -> Option<Result<FlagConnection>> {
        let page = Page::parse(first, after, last, before);
        queue_of(ctx, self.0.seen.course.id.into(), state, page).await.transpose()
    }
    /// Its quizzes, newest first, those in no lesson included; null for all but staff.
    async fn quizzes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<QuizConnection>> {
        if !self.0.seen.edits {
            return None;
        }
        Some(quizzes_of(ctx, self.0.seen.course.id, Page::parse(first, after, last, before)).await)
    }
    /// True when the viewer may post in its discussion.
    async fn viewer_can_post(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(standing(ctx, self.0.seen.course.id.into()).await?.posts())
    }
    /// True when the viewer may moderate its discussion.
    async fn viewer_can_moderate(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(standing(ctx, self.0.seen.course.id.into()).await?.moderates)
    }
    /// True when the viewer may change it.
    async fn viewer_can_edit(&self) -> bool {
        self.0.seen.edits
    }
    /// True when the viewer may enrol now.
    async fn viewer_can_enrol(&self, ctx: &Context<'_>) -> bool {
        ctx.viewer().account.is_some() && self.0.seen.is_open() && self.0.seen.is_admitted() && !self.0.seen.is_enrolled()
    }
    /// The viewer's enrolment, withdrawn ones included.
    async fn viewer_enrolment(&self) -> Option<Enrolment> {
        Enrolment::own(self.0.clone())
    }
    /// Who was let in, newest first; null for all but staff.
    async fn access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<AccessConnection>> {
        if !self.0.seen.edits {
            return None;
        }
        Some(access_to(ctx, self.0.seen.course.id.0, Page::parse(first, after, last, before)).await)
    }
    /// Who is enrolled, newest first; null for all but staff.
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<EnrolmentConnection>> {
        if !self.0.seen.edits {
            return None;
        }
        Some(enrolment::of_course(ctx, &self.0, Page::parse(first, after, last, before)).await)
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.0.seen.course.created_at
    }
    /// When it was last changed or published.
    async fn updated_at(&self) -> Instant {
        self.0.seen.course.updated_at
    }
}

connection!(
    /// A page of courses.
    CourseConnection,
    /// One of a page of courses.
    CourseEdge,
    Course
);
