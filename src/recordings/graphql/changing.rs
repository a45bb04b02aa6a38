//! Changing recordings.

use async_graphql::{Context, Object};

use super::{
    Captions, Recording, Speaker, Upload, Watch,
    answers::{
        CaptionsRemovePayload, CaptionsSetPayload, RecordingArchivePayload, RecordingCreatePayload, RecordingPublishPayload,
        RecordingTextRemovePayload, RecordingTextSetPayload, RecordingUnpublishPayload, RecordingUpdatePayload,
        RecordingUploadAbortPayload, RecordingUploadCompletePayload, RecordingUploadStartPayload, SpeakerAddPayload,
        SpeakerConsentRecordPayload, SpeakerConsentWithdrawPayload, SpeakerRemovePayload, WatchReportPayload,
    },
};
use crate::{
    error::Result,
    graphql::context::ContextExt,
    ids::{CaptionsId, RecordingId, SpeakerId, UploadId},
    language::Language,
    recordings::{
        authoring::{self, RecordingCreateInput, RecordingTextInput, RecordingUpdateInput},
        captioning::{self, CaptionsSetInput},
        consenting::{self, SpeakerAddInput, SpeakerConsentInput},
        discarding, publishing,
        uploading::{self, RecordingUploadStartInput},
        watching::{self, WatchReportInput},
    },
};

/// Changing recordings.
#[derive(Default)]
pub struct RecordingMutation;

#[Object]
impl RecordingMutation {
    /// Makes a recording; for trainers. Codes: BLANK, TOO_LONG, INVALID, KEY_REUSED.
    async fn recording_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] input: RecordingCreateInput,
    ) -> Option<Result<RecordingCreatePayload>> {
        RecordingCreatePayload::of(authoring::create(ctx.app(), ctx.viewer(), input).await.map(Recording))
    }
    /// Changes a recording. Codes: INVALID.
    async fn recording_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
        #[graphql(desc = "Changes.")] input: RecordingUpdateInput,
    ) -> Option<Result<RecordingUpdatePayload>> {
        RecordingUpdatePayload::of(authoring::update(ctx.app(), ctx.viewer(), id, input).await.map(Recording))
    }
    /// Writes its texts in one language, in place of all that stood in that language: what is absent is empty. Codes: BLANK,
    /// TOO_LONG, INVALID.
    async fn recording_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
        #[graphql(desc = "Texts.")] input: RecordingTextInput,
    ) -> Option<Result<RecordingTextSetPayload>> {
        RecordingTextSetPayload::of(authoring::set_text(ctx.app(), ctx.viewer(), id, input).await.map(Recording))
    }
    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn recording_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<RecordingTextRemovePayload>> {
        RecordingTextRemovePayload::of(authoring::remove_text(ctx.app(), ctx.viewer(), id, language).await.map(Recording))
    }
    /// Begins an upload in parts; one that is under way for the recording is thrown away. Codes: BLANK, TOO_LONG, TOO_LARGE, OUT_OF_RANGE, KEY_REUSED.
    async fn recording_upload_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: RecordingUploadStartInput,
    ) -> Option<Result<RecordingUploadStartPayload>> {
        RecordingUploadStartPayload::of(
            Box::pin(uploading::start(ctx.app(), ctx.viewer(), input))
                .await
                .map(|(recording, upload)| (Recording(recording), Upload(upload))),
        )
    }
    /// Puts the parts together; a job then checks what arrived. Doing so twice answers the same. Codes: INCOMPLETE, EXPIRED.
    async fn recording_upload_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The upload.")] upload_id: UploadId,
    ) -> Option<Result<RecordingUploadCompletePayload>> {
        RecordingUploadCompletePayload::of(
            Box::pin(uploading::complete(ctx.app(), ctx.viewer(), upload_id))
                .await
                .map(|(recording, upload)| (Recording(recording), Upload(upload))),
        )
    }
    /// Throws an upload away. Codes: WRONG_STATE.
    async fn recording_upload_abort(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The upload.")] upload_id: UploadId,
    ) -> Option<Result<RecordingUploadAbortPayload>> {
        RecordingUploadAbortPayload::of(
            discarding::abort(ctx.app(), ctx.viewer(), upload_id)
                .await
                .map(|(recording, upload)| (Recording(recording), Upload(upload))),
        )
    }
    /// Checks a WebVTT file and makes it the captions of a language. Codes: NOT_FOUND, INVALID (says the line), INCOMPLETE.
    async fn captions_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The captions.")] input: CaptionsSetInput,
    ) -> Option<Result<CaptionsSetPayload>> {
        CaptionsSetPayload::of(Box::pin(captioning::set(ctx.app(), ctx.viewer(), input)).await.map(Captions))
    }
    /// Removes captions. Codes: none.
    async fn captions_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The captions.")] id: CaptionsId,
    ) -> Option<Result<CaptionsRemovePayload>> {
        CaptionsRemovePayload::of(captioning::remove(ctx.app(), ctx.viewer(), id).await.map(Recording))
    }
    /// Adds a speaker; a published recording goes back into draft, hidden until they have agreed. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED, KEY_REUSED.
    async fn speaker_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The speaker.")] input: SpeakerAddInput,
    ) -> Option<Result<SpeakerAddPayload>> {
        SpeakerAddPayload::of(consenting::add(ctx.app(), ctx.viewer(), input).await.map(|row| Speaker { row, staff: true }))
    }
    /// Records that a speaker agreed to publication. Codes: BLANK, TOO_LONG, OUT_OF_RANGE.
    async fn speaker_consent_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The speaker.")] id: SpeakerId,
        #[graphql(desc = "What they agreed to.")] input: SpeakerConsentInput,
    ) -> Option<Result<SpeakerConsentRecordPayload>> {
        SpeakerConsentRecordPayload::of(
            consenting::agree(ctx.app(), ctx.viewer(), id, input).await.map(|row| Speaker { row, staff: true }),
        )
    }
    /// Records that a speaker withdrew; the recording is hidden at once. Codes: WRONG_STATE.
    async fn speaker_consent_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The speaker.")] id: SpeakerId,
    ) -> Option<Result<SpeakerConsentWithdrawPayload>> {
        SpeakerConsentWithdrawPayload::of(
            consenting::withdraw(ctx.app(), ctx.viewer(), id).await.map(|row| Speaker { row, staff: true }),
        )
    }
    /// Removes a speaker from a recording that is not published. Codes: WRONG_STATE.
    async fn speaker_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The speaker.")] id: SpeakerId,
    ) -> Option<Result<SpeakerRemovePayload>> {
        SpeakerRemovePayload::of(consenting::remove(ctx.app(), ctx.viewer(), id).await.map(Recording))
    }
    /// Shows it to its audience. Codes: INCOMPLETE, one for each thing missing (something playable, speakers, each one's consent).
    async fn recording_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
    ) -> Option<Result<RecordingPublishPayload>> {
        RecordingPublishPayload::of(publishing::publish(ctx.app(), ctx.viewer(), id).await.map(Recording))
    }
    /// Takes it back into draft. Codes: WRONG_STATE.
    async fn recording_unpublish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
    ) -> Option<Result<RecordingUnpublishPayload>> {
        RecordingUnpublishPayload::of(publishing::unpublish(ctx.app(), ctx.viewer(), id).await.map(Recording))
    }
    /// Takes it out of use. Codes: WRONG_STATE.
    async fn recording_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
    ) -> Option<Result<RecordingArchivePayload>> {
        RecordingArchivePayload::of(publishing::archive(ctx.app(), ctx.viewer(), id).await.map(Recording))
    }
    /// Reports what was watched; the server judges what counts. Codes: OUT_OF_RANGE, EXPIRED, LIMIT_REACHED.
    async fn watch_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was watched.")] input: WatchReportInput,
    ) -> Option<Result<WatchReportPayload>> {
        WatchReportPayload::of(watching::report(ctx.app(), ctx.viewer(), input).await.map(Watch))
    }
}
