//! Lessons of drafts, publishing and learning, in the API.

use async_graphql::{Context, ID, Object};

use crate::{
    courses::{
        content, finding,
        graphql::{Course, CourseVersion, Enrolment, Lesson},
        seeing::Seen,
        texts::{self, LessonTextInput},
    },
    error::{Error, Result},
    graphql::{context::ContextExt, payload::payload},
    ids::{CourseId, LessonId, ModuleId},
    language::Language,
    learning::{
        lessons::{self, LessonCreateInput, LessonUpdateInput},
        publishing,
        studying::{self, LessonCompleteReason},
    },
};

/// Whether the draft of a course differs from its published version; none for all but staff.
pub async fn has_unpublished_changes(ctx: &Context<'_>, seen: &Seen) -> Option<Result<bool>> {
    Box::pin(publishing::has_changes(ctx.app(), seen)).await.transpose()
}

payload!(
    /// Answer of `coursePublish`.
    CoursePublishPayload {
        /// The course as it stands now.
        course: Course,
        /// The version that learners see now; an unchanged draft gives the one that stands.
        version: CourseVersion,
    }
);
payload!(
    /// Answer of `lessonCreate`.
    LessonCreatePayload {
        /// The lesson as it stands now.
        lesson: Lesson,
    }
);
payload!(
    /// Answer of `lessonUpdate`.
    LessonUpdatePayload {
        /// The lesson as it stands now.
        lesson: Lesson,
    }
);
payload!(
    /// Answer of `lessonTextSet`.
    LessonTextSetPayload {
        /// The lesson as it stands now.
        lesson: Lesson,
    }
);
payload!(
    /// Answer of `lessonTextRemove`.
    LessonTextRemovePayload {
        /// The lesson as it stands now.
        lesson: Lesson,
    }
);
payload!(
    /// Answer of `lessonMove`.
    LessonMovePayload {
        /// The draft as it stands now.
        draft: CourseVersion,
    }
);
payload!(
    /// Answer of `lessonRemove`.
    LessonRemovePayload {
        /// The draft as it stands now.
        draft: CourseVersion,
    }
);
payload!(
    /// Answer of `lessonStart`.
    LessonStartPayload {
        /// The lesson, with its progress.
        lesson: Lesson,
        /// The enrolment, with its progress.
        enrolment: Enrolment,
    }
);
payload!(
    /// Answer of `lessonComplete`.
    LessonCompletePayload {
        /// The lesson, with its progress.
        lesson: Lesson,
        /// The enrolment, with its progress.
        enrolment: Enrolment,
    }
);

/// A lesson that was just changed, read anew.
async fn changed(ctx: &Context<'_>, id: Result<LessonId>) -> Result<Lesson> {
    Lesson::load(ctx, &id?.to_string()).await?.ok_or(Error::NotFound("lesson"))
}

/// A lesson that the viewer just learned in, and their enrolment.
async fn studied(ctx: &Context<'_>, done: Result<()>, id: &str) -> Result<(Lesson, Enrolment)> {
    done?;
    let lesson = Lesson::found(Box::pin(finding::existing_lesson(ctx.app(), ctx.viewer(), id)).await?);
    let enrolment = lesson.enrolment().ok_or(Error::NotFound("enrolment"))?;
    Ok((lesson, enrolment))
}

async fn published(ctx: &Context<'_>, id: CourseId) -> Result<(Course, CourseVersion)> {
    let version = publishing::publish(ctx.app(), ctx.viewer(), id).await?;
    let course = Course::changed(ctx, Ok(id)).await?;
    let content = content::of(ctx.app(), version).await?;
    let version = CourseVersion::new(course.0.clone(), content);
    Ok((course, version))
}

/// Changing lessons, publishing and learning.
#[derive(Default)]
pub struct LessonMutation;

#[Object]
impl LessonMutation {
    /// Freezes the draft as the next version; an unchanged draft gives the version that stands, whatever it lacks by now. Codes:
    /// INCOMPLETE, one for each thing missing: modules, lessons in each, what a lesson shows (published, if it is a recording),
    /// an article's text in the original language and in each that it has a title in, questions of a quiz.
    async fn course_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
    ) -> Option<Result<CoursePublishPayload>> {
        CoursePublishPayload::of(published(ctx, id).await)
    }

    /// Adds a lesson to the draft. Codes: BLANK, TOO_LONG, INVALID, NOT_FOUND, OUT_OF_RANGE, LIMIT_REACHED, KEY_REUSED.
    async fn lesson_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lesson.")] input: LessonCreateInput,
    ) -> Option<Result<LessonCreatePayload>> {
        LessonCreatePayload::of(changed(ctx, lessons::create(ctx.app(), ctx.viewer(), &input).await).await)
    }

    /// Changes a lesson. Codes: INVALID, NOT_FOUND, OUT_OF_RANGE, WRONG_STATE.
    async fn lesson_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A lesson of a draft.")] id: LessonId,
        #[graphql(desc = "Changes.")] input: LessonUpdateInput,
    ) -> Option<Result<LessonUpdatePayload>> {
        LessonUpdatePayload::of(changed(ctx, lessons::update(ctx.app(), ctx.viewer(), id, &input).await).await)
    }

    /// Writes a lesson's texts in one language, in place of all that stood in that language: what is absent is empty. Codes:
    /// BLANK, TOO_LONG, INVALID, WRONG_STATE (a published version's).
    async fn lesson_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A lesson of a draft.")] id: LessonId,
        #[graphql(desc = "Texts.")] input: LessonTextInput,
    ) -> Option<Result<LessonTextSetPayload>> {
        LessonTextSetPayload::of(changed(ctx, texts::set_lesson(ctx.app(), ctx.viewer(), id, &input).await).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn lesson_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A lesson of a draft.")] id: LessonId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<LessonTextRemovePayload>> {
        let id = texts::remove_lesson(ctx.app(), ctx.viewer(), id, &language).await;
        LessonTextRemovePayload::of(changed(ctx, id).await)
    }

    /// Removes a lesson from the draft. Codes: WRONG_STATE.
    async fn lesson_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A lesson of a draft.")] id: LessonId,
    ) -> Option<Result<LessonRemovePayload>> {
        let course = lessons::remove(ctx.app(), ctx.viewer(), id).await;
        LessonRemovePayload::of(Course::changed_draft(ctx, course).await)
    }

    /// Moves a lesson. Codes: NOT_FOUND, OUT_OF_RANGE, WRONG_STATE.
    async fn lesson_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A lesson of a draft.")] id: LessonId,
        #[graphql(desc = "Module of the same draft.")] module_id: ModuleId,
        #[graphql(desc = "From 1; past the end is the end.")] position: i32,
    ) -> Option<Result<LessonMovePayload>> {
        let course = lessons::relocate(ctx.app(), ctx.viewer(), id, module_id, position).await;
        LessonMovePayload::of(Course::changed_draft(ctx, course).await)
    }

    /// Says that the viewer opened a lesson. Codes: WRONG_STATE (not enrolled, or a lesson of the draft).
    async fn lesson_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`id` or `permanentId` of a lesson.")] id: ID,
    ) -> Option<Result<LessonStartPayload>> {
        let done = studying::start(ctx.app(), ctx.viewer(), &id).await;
        LessonStartPayload::of(studied(ctx, done, &id).await)
    }

    /// Says that the viewer is done with a lesson; quizzes and watching are judged by the server. Codes: WRONG_STATE (not
    /// enrolled, or a lesson of the draft), UNSUPPORTED.
    async fn lesson_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`id` or `permanentId` of a lesson.")] id: ID,
        #[graphql(desc = "READ for articles, TRANSCRIPT_READ for recordings with captions, VISITED for documents and links.")]
        reason: LessonCompleteReason,
    ) -> Option<Result<LessonCompletePayload>> {
        let done = studying::complete(ctx.app(), ctx.viewer(), &id, reason).await;
        LessonCompletePayload::of(studied(ctx, done, &id).await)
    }
}
