//! Enrolments and completion records in the API.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, dataloader::Loader};

use super::{Course, Lesson, View, progress::LessonProgress};
use crate::{
    accounts::graphql::User,
    certificates::{code, graphql::Certificate},
    clock::Instant,
    courses::{
        certifying, completing, completion,
        content::LessonContent,
        enrolling,
        enrolment::{self, EnrolmentState},
        progress::{self, Progress},
        seeing,
    },
    error::{Error, Result},
    graphql::{at_hand::AtHand, batch::Batch, connection::connection, context::ContextExt},
    ids::{CompletionId, EnrolmentId},
    language::Language,
    paging::{Page, Slice},
    rows::keyed,
    scalars::Url,
};

/// A person in a course.
pub struct Enrolment {
    row: enrolment::Model,
    view: Arc<View>,
    progress: Option<Arc<Progress>>,
}

impl Enrolment {
    /// The viewer's own enrolment.
    pub fn own(view: Arc<View>) -> Option<Self> {
        let row = view.enrolment()?.clone();
        Some(Self { row, view, progress: None })
    }

    /// An enrolment by id, for the person and the course's staff.
    pub async fn load(ctx: &Context<'_>, id: EnrolmentId) -> Result<Option<Self>> {
        let Some((seen, row)) = enrolling::by_id(ctx.app(), ctx.viewer(), id).await? else { return Ok(None) };
        let progress = progress::of(ctx.app(), id).await?;
        Ok(Some(Self { row, view: View::new(seen), progress: Some(progress) }))
    }

    /// An enrolment of the viewer that was just changed, read anew.
    pub async fn changed(ctx: &Context<'_>, id: Result<EnrolmentId>) -> Result<Self> {
        Self::load(ctx, id?).await?.ok_or(Error::NotFound("enrolment"))
    }

    async fn progress(&self, ctx: &Context<'_>) -> Result<Arc<Progress>> {
        match &self.progress {
            Some(progress) => Ok(progress.clone()),
            None => Ok(self.view.progress(ctx).await?.cloned().unwrap_or_default()),
        }
    }

    /// How many lessons of the published version are as asked.
    async fn count(&self, ctx: &Context<'_>, is_it: impl Fn(&LessonContent, &Progress) -> bool) -> Result<usize> {
        let progress = self.progress(ctx).await?;
        let content = self.view.published(ctx.app()).await?;
        Ok(content.map_or(0, |content| content.lessons().filter(|lesson| is_it(lesson, &progress)).count()))
    }
}

/// A person in a course.
#[Object]
impl Enrolment {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> EnrolmentId {
        self.row.id
    }
    /// The course.
    async fn course(&self) -> Course {
        Course(self.view.clone())
    }
    /// The person.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        User::load(ctx, Some(self.row.user_id)).await.unwrap_or(Err(Error::NotFound("user")))
    }
    /// Where it stands.
    async fn state(&self) -> EnrolmentState {
        self.row.state
    }
    /// First enrolled.
    async fn enrolled_at(&self) -> Instant {
        self.row.enrolled_at
    }
    /// Last learned.
    async fn last_active_at(&self) -> Instant {
        self.row.last_active_at
    }
    /// Lessons of the published version that are completed.
    async fn completed_lesson_count(&self, ctx: &Context<'_>) -> Result<usize> {
        self.count(ctx, |lesson, progress| progress.has_completed(lesson.row.permanent_id)).await
    }
    /// Required lessons of the published version.
    async fn required_lesson_count(&self, ctx: &Context<'_>) -> Result<usize> {
        self.count(ctx, |lesson, _| lesson.row.is_required).await
    }
    /// Required lessons of it that are completed.
    async fn completed_required_lesson_count(&self, ctx: &Context<'_>) -> Result<usize> {
        self.count(ctx, |lesson, progress| lesson.row.is_required && progress.has_completed(lesson.row.permanent_id)).await
    }
    /// How far the person is with each lesson of the published version, in order, at most 200.
    async fn lesson_progress(&self, ctx: &Context<'_>) -> Result<Vec<AtHand<LessonProgress>>> {
        let progress = self.progress(ctx).await?;
        let lessons = self.view.published(ctx.app()).await?.map(|content| Lesson::all(&self.view, &content));
        Ok(lessons.into_iter().flatten().map(|lesson| AtHand(lesson.progress(&progress))).collect())
    }
    /// Where to go on: the lesson last opened and not completed, else the first not completed.
    async fn resume_lesson(&self, ctx: &Context<'_>) -> Option<Result<Lesson>> {
        let content = match self.view.published(ctx.app()).await {
            Ok(content) => content?,
            Err(err) => return Some(Err(err)),
        };
        let progress = match self.progress(ctx).await {
            Ok(progress) => progress,
            Err(err) => return Some(Err(err)),
        };
        let (module, lesson) = progress.resume(&content)?;
        Some(Ok(Lesson::new(self.view.clone(), content, module, lesson)))
    }
    /// The completion record, once there is one.
    async fn completion(&self, ctx: &Context<'_>) -> Option<Result<Completion>> {
        ctx.load(self.row.id).await.map(|record| record.map(Completion)).transpose()
    }
}

connection!(
    /// A page of enrolments.
    EnrolmentConnection,
    /// One of a page of enrolments.
    EnrolmentEdge,
    Enrolment
);

impl Loader<EnrolmentId> for Batch {
    type Value = completion::Model;
    type Error = Error;

    async fn load(&self, ids: &[EnrolmentId]) -> Result<HashMap<EnrolmentId, completion::Model>> {
        Ok(keyed(completing::of_enrolments(self.app.db.read(), ids).await?, |record| record.enrolment_id))
    }
}

/// The viewer's own enrolments, most recently active first.
pub async fn enrolments_of_viewer(ctx: &Context<'_>, page: Page) -> Result<EnrolmentConnection> {
    let slice = enrolling::of_viewer(ctx.app(), ctx.viewer(), &page).await?;
    let courses: Vec<_> = slice.rows.iter().map(|(_, row)| row.course_id).collect();
    let seen = seeing::by_ids(ctx.app().db.read(), ctx.viewer(), &courses).await?;
    let mut views = keyed(View::many(ctx.app(), seen).await?, |view| view.seen.course.id);
    let mut own = |row: enrolment::Model| Some(Enrolment { view: views.remove(&row.course_id)?, row, progress: None });
    let rows = slice.rows.into_iter().filter_map(|(cursor, row)| Some((cursor, own(row)?))).collect();
    let slice = Slice { rows, has_next: slice.has_next, has_previous: slice.has_previous };
    Ok(EnrolmentConnection::new(slice, |enrolment| enrolment))
}

/// Who is enrolled in a course; for its staff.
pub(super) async fn of_course(ctx: &Context<'_>, view: &Arc<View>, page: Result<Page>) -> Result<EnrolmentConnection> {
    let slice = enrolling::of_course(ctx.app(), &view.seen, &page?).await?;
    let ids: Vec<_> = slice.rows.iter().map(|(_, row)| row.id).collect();
    let mut progress = progress::of_many(ctx.app().db.read(), &ids).await?;
    let progress: HashMap<EnrolmentId, Arc<Progress>> =
        ids.into_iter().map(|id| (id, Arc::new(progress.remove(&id).unwrap_or_default()))).collect();
    Ok(EnrolmentConnection::new(slice, |row| Enrolment { progress: progress.get(&row.id).cloned(), view: view.clone(), row }))
}

/// A record, kept for good, that a person completed a course.
pub struct Completion(pub completion::Model);

/// A record, kept for good, that a person completed a course.
#[Object]
impl Completion {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> CompletionId {
        self.0.id
    }
    /// What the person shows to others, for example 7K3F-9QXA-2MVD-H4TB.
    async fn code(&self) -> String {
        code::grouped(&self.0.code)
    }
    /// The course; null when it is no longer visible to the viewer.
    async fn course(&self, ctx: &Context<'_>) -> Option<Result<Course>> {
        Course::load(ctx, self.0.course_id).await.transpose()
    }
    /// Title as it stood, in the language of the person then.
    async fn course_title(&self) -> &str {
        &self.0.course_title
    }
    /// Version that was completed.
    async fn version_number(&self) -> i32 {
        self.0.version_number
    }
    /// When.
    async fn completed_at(&self) -> Instant {
        self.0.completed_at
    }
    /// When it was revoked; its certificate and badge are then no longer valid.
    async fn revoked_at(&self) -> Option<Instant> {
        self.0.revoked_at
    }
    /// Why it was revoked.
    async fn revocation_reason(&self) -> Option<&str> {
        self.0.revocation_reason.as_deref()
    }
    /// The certificate; for the person and administrators, and null once it is revoked.
    async fn certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One of `Certificate.languages`; absent, that of the person when it was completed.")] language: Option<
            Language,
        >,
    ) -> Option<Result<Certificate>> {
        let said = certifying::certificate(ctx.app(), ctx.viewer(), &self.0, language.as_ref()).await.transpose()?;
        Some(said.map(|said| Certificate::new(self.0.id, said)))
    }
    /// Page where anyone can check the code.
    async fn check_url(&self, ctx: &Context<'_>) -> Url {
        Url(ctx.app().config.page(&format!("#/check/{}", code::grouped(&self.0.code))))
    }
}

connection!(
    /// A page of completion records.
    CompletionConnection,
    /// One of a page of completion records.
    CompletionEdge,
    Completion
);

/// The viewer's own completion records, newest first.
pub async fn completions_of_viewer(ctx: &Context<'_>, page: Page) -> Result<CompletionConnection> {
    Ok(CompletionConnection::new(completing::of_viewer(ctx.app(), ctx.viewer(), &page).await?, Completion))
}
