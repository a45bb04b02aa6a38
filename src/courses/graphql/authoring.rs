//! Changing courses and modules, and enrolling.

use async_graphql::{Context, Object};

use super::{Completion, Course, CourseVersion, Enrolment, Module, View};
use crate::{
    courses::{
        authoring::{self, CourseCreateInput, CourseUpdateInput},
        enrolling, finding,
        modules::{self, ModuleCreateInput},
        revoking::{self, CompletionRevokeInput},
        texts::{self, CourseTextInput, ModuleTextInput},
    },
    error::{Error, Result},
    graphql::{context::ContextExt, payload::payload},
    ids::{CompletionId, CourseId, ModuleId},
    language::Language,
};

payload!(
    /// Answer of `courseCreate`.
    CourseCreatePayload {
        /// The course as it stands now.
        course: Course,
    }
);
payload!(
    /// Answer of `courseUpdate`.
    CourseUpdatePayload {
        /// The course as it stands now.
        course: Course,
    }
);
payload!(
    /// Answer of `courseTextSet`.
    CourseTextSetPayload {
        /// The course as it stands now.
        course: Course,
    }
);
payload!(
    /// Answer of `courseTextRemove`.
    CourseTextRemovePayload {
        /// The course as it stands now.
        course: Course,
    }
);
payload!(
    /// Answer of `courseArchive`.
    CourseArchivePayload {
        /// The course as it stands now.
        course: Course,
    }
);
payload!(
    /// Answer of `courseRestore`.
    CourseRestorePayload {
        /// The course as it stands now.
        course: Course,
    }
);
payload!(
    /// Answer of `moduleCreate`.
    ModuleCreatePayload {
        /// The module as it stands now.
        module: Module,
    }
);
payload!(
    /// Answer of `moduleTextSet`.
    ModuleTextSetPayload {
        /// The module as it stands now.
        module: Module,
    }
);
payload!(
    /// Answer of `moduleTextRemove`.
    ModuleTextRemovePayload {
        /// The module as it stands now.
        module: Module,
    }
);
payload!(
    /// Answer of `moduleRemove`.
    ModuleRemovePayload {
        /// The draft as it stands now.
        draft: CourseVersion,
    }
);
payload!(
    /// Answer of `modulesReorder`.
    ModulesReorderPayload {
        /// The draft as it stands now.
        draft: CourseVersion,
    }
);
payload!(
    /// Answer of `courseEnrol`.
    CourseEnrolPayload {
        /// The enrolment as it stands now.
        enrolment: Enrolment,
    }
);
payload!(
    /// Answer of `courseWithdraw`.
    CourseWithdrawPayload {
        /// The enrolment as it stands now.
        enrolment: Enrolment,
    }
);
payload!(
    /// Answer of `completionRevoke`.
    CompletionRevokePayload {
        /// The record as it stands now.
        completion: Completion,
    }
);
payload!(
    /// Answer of `completionRestore`.
    CompletionRestorePayload {
        /// The record as it stands now.
        completion: Completion,
    }
);

/// A module that was just changed, read anew.
async fn changed(ctx: &Context<'_>, id: Result<ModuleId>) -> Result<Module> {
    let found = Box::pin(finding::module(ctx.app(), ctx.viewer(), id?)).await?;
    let (version, index) = found.ok_or(Error::NotFound("module"))?;
    Ok(Module::new(View::new(version.seen), version.content, index))
}

/// Changing courses.
#[derive(Default)]
pub struct CourseMutation;

#[Object]
impl CourseMutation {
    /// Makes a course with an empty draft; for trainers. Codes: BLANK, TOO_LONG, INVALID, TAKEN, KEY_REUSED.
    async fn course_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] input: CourseCreateInput,
    ) -> Option<Result<CourseCreatePayload>> {
        let id = authoring::create(ctx.app(), ctx.viewer(), &input).await;
        CourseCreatePayload::of(Course::changed(ctx, id).await)
    }

    /// Changes what holds for all versions. Codes: INVALID, TAKEN.
    async fn course_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
        #[graphql(desc = "Changes.")] input: CourseUpdateInput,
    ) -> Option<Result<CourseUpdatePayload>> {
        let id = authoring::update(ctx.app(), ctx.viewer(), id, &input).await;
        CourseUpdatePayload::of(Course::changed(ctx, id).await)
    }

    /// Writes the draft's texts in one language, in place of all that stood in that language: what is absent is empty. Codes:
    /// BLANK, TOO_LONG, INVALID.
    async fn course_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
        #[graphql(desc = "Texts.")] input: CourseTextInput,
    ) -> Option<Result<CourseTextSetPayload>> {
        let id = texts::set_course(ctx.app(), ctx.viewer(), id, &input).await;
        CourseTextSetPayload::of(Course::changed(ctx, id).await)
    }

    /// Removes a translation from the draft. Codes: NOT_FOUND, WRONG_STATE (the original stays).
    async fn course_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<CourseTextRemovePayload>> {
        let id = texts::remove_course(ctx.app(), ctx.viewer(), id, &language).await;
        CourseTextRemovePayload::of(Course::changed(ctx, id).await)
    }

    /// Closes the course to new learners; those enrolled keep it. Doing so twice changes nothing. Codes: none.
    async fn course_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
    ) -> Option<Result<CourseArchivePayload>> {
        let id = authoring::archive(ctx.app(), ctx.viewer(), id).await;
        CourseArchivePayload::of(Course::changed(ctx, id).await)
    }

    /// Opens an archived course again. Doing so twice changes nothing. Codes: none.
    async fn course_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
    ) -> Option<Result<CourseRestorePayload>> {
        let id = authoring::restore(ctx.app(), ctx.viewer(), id).await;
        CourseRestorePayload::of(Course::changed(ctx, id).await)
    }

    /// Adds a module to the draft. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED, KEY_REUSED.
    async fn module_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The module.")] input: ModuleCreateInput,
    ) -> Option<Result<ModuleCreatePayload>> {
        let id = modules::create(ctx.app(), ctx.viewer(), &input).await;
        ModuleCreatePayload::of(changed(ctx, id).await)
    }

    /// Writes a module's texts in one language, in place of all that stood in that language: what is absent is empty. Codes:
    /// BLANK, TOO_LONG, INVALID, WRONG_STATE (a published version's).
    async fn module_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A module of a draft.")] id: ModuleId,
        #[graphql(desc = "Texts.")] input: ModuleTextInput,
    ) -> Option<Result<ModuleTextSetPayload>> {
        let id = texts::set_module(ctx.app(), ctx.viewer(), id, &input).await;
        ModuleTextSetPayload::of(changed(ctx, id).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn module_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A module of a draft.")] id: ModuleId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<ModuleTextRemovePayload>> {
        let id = texts::remove_module(ctx.app(), ctx.viewer(), id, &language).await;
        ModuleTextRemovePayload::of(changed(ctx, id).await)
    }

    /// Removes a module with its lessons from the draft. Codes: WRONG_STATE.
    async fn module_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A module of a draft.")] id: ModuleId,
    ) -> Option<Result<ModuleRemovePayload>> {
        let course = modules::remove(ctx.app(), ctx.viewer(), id).await;
        ModuleRemovePayload::of(Course::changed_draft(ctx, course).await)
    }

    /// Orders the modules of the draft. Codes: INCOMPLETE, NOT_FOUND.
    async fn modules_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] course_id: CourseId,
        #[graphql(desc = "All modules of the draft, in the order wanted.")] module_ids: Vec<ModuleId>,
    ) -> Option<Result<ModulesReorderPayload>> {
        let course = modules::reorder(ctx.app(), ctx.viewer(), course_id, &module_ids).await;
        ModulesReorderPayload::of(Course::changed_draft(ctx, course).await)
    }

    /// Enrols the viewer. Doing so twice changes nothing. Codes: WRONG_STATE.
    async fn course_enrol(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
    ) -> Option<Result<CourseEnrolPayload>> {
        let id = enrolling::enrol(ctx.app(), ctx.viewer(), id).await;
        CourseEnrolPayload::of(Enrolment::changed(ctx, id).await)
    }

    /// Withdraws the viewer. Codes: WRONG_STATE.
    async fn course_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course.")] id: CourseId,
    ) -> Option<Result<CourseWithdrawPayload>> {
        let id = enrolling::withdraw(ctx.app(), ctx.viewer(), id).await;
        CourseWithdrawPayload::of(Enrolment::changed(ctx, id).await)
    }

    /// Revokes a completion record, so that its certificate and badge are no longer valid; for staff. The person is told.
    /// Codes: BLANK, TOO_LONG.
    async fn completion_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record and the reason.")] input: CompletionRevokeInput,
    ) -> Option<Result<CompletionRevokePayload>> {
        CompletionRevokePayload::of(revoking::revoke(ctx.app(), ctx.viewer(), &input).await.map(Completion))
    }

    /// Makes a revoked completion record valid again; for staff. The person is told.
    async fn completion_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record.")] id: CompletionId,
    ) -> Option<Result<CompletionRestorePayload>> {
        CompletionRestorePayload::of(revoking::restore(ctx.app(), ctx.viewer(), id).await.map(Completion))
    }
}
