//! Changing webinars, in the API.

use async_graphql::{Context, Object};

use super::{series::WebinarSeries, webinar::Webinar};
use crate::{
    error::Result,
    graphql::{context::ContextExt, payload::payload},
    ids::{FileId, TopicId, WebinarId, WebinarQuestionId, WebinarSpeakerId},
    language::Language,
    webinars::{
        authoring::{self, WebinarCreateInput, WebinarUpdateInput},
        discussing,
        founding::WebinarTextInput,
        presenting::{self, WebinarSpeakerAddInput, WebinarSpeakerTextInput},
        questioning::{self, WebinarQuestionAddInput, WebinarQuestionTextInput},
        scheduling::{self, WebinarTimeInput},
    },
};

payload!(
    /// Answer of `webinarCreate`.
    WebinarCreatePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarUpdate`.
    WebinarUpdatePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarTextSet`.
    WebinarTextSetPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarTextRemove`.
    WebinarTextRemovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarTopicSet`.
    WebinarTopicSetPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarPublish`.
    WebinarPublishPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarMove`.
    WebinarMovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarCancel`.
    WebinarCancelPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarSpeakerAdd`.
    WebinarSpeakerAddPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarSpeakerTextSet`.
    WebinarSpeakerTextSetPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarSpeakerRemove`.
    WebinarSpeakerRemovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarMaterialAdd`.
    WebinarMaterialAddPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarMaterialRemove`.
    WebinarMaterialRemovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarQuestionAdd`.
    WebinarQuestionAddPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarQuestionTextSet`.
    WebinarQuestionTextSetPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarQuestionRemove`.
    WebinarQuestionRemovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarRemove`.
    WebinarRemovePayload {
        /// The series that it was in.
        series: WebinarSeries,
    }
);

/// Changing webinars.
#[derive(Default)]
pub struct WebinarMutation;

#[Object]
impl WebinarMutation {
    /// Makes a webinar, a draft. Codes: BLANK, TOO_LONG, INVALID, OUT_OF_RANGE, TAKEN, WRONG_STATE (archived series), KEY_REUSED.
    async fn webinar_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] input: WebinarCreateInput,
    ) -> Option<Result<WebinarCreatePayload>> {
        let done = authoring::create(ctx.app(), ctx.viewer(), input).await;
        WebinarCreatePayload::of(Webinar::after(ctx, done).await)
    }

    /// Changes a webinar. Codes: BLANK, TOO_LONG, INVALID, OUT_OF_RANGE, LIMIT_REACHED, TAKEN, WRONG_STATE (registrants were told otherwise).
    async fn webinar_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "Changes.")] input: WebinarUpdateInput,
    ) -> Option<Result<WebinarUpdatePayload>> {
        let done = authoring::update(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        WebinarUpdatePayload::of(Webinar::after(ctx, done).await)
    }

    /// Writes its texts in one language, in place of all that stood in that language: what is absent is empty. Codes: BLANK,
    /// TOO_LONG, INVALID.
    async fn webinar_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "Texts.")] input: WebinarTextInput,
    ) -> Option<Result<WebinarTextSetPayload>> {
        let done = authoring::set_text(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        WebinarTextSetPayload::of(Webinar::after(ctx, done).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn webinar_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<WebinarTextRemovePayload>> {
        let done = authoring::remove_text(ctx.app(), ctx.viewer(), id, language).await.map(|()| id);
        WebinarTextRemovePayload::of(Webinar::after(ctx, done).await)
    }

    /// Shows it to its audience. One whose end has passed is HELD from the start: nobody registers, is invited or reminded, and its
    /// recordings can be shown. Codes: WRONG_STATE.
    async fn webinar_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
    ) -> Option<Result<WebinarPublishPayload>> {
        let done = scheduling::publish(ctx.app(), ctx.viewer(), id).await.map(|()| id);
        WebinarPublishPayload::of(Webinar::after(ctx, done).await)
    }

    /// Moves it to another time; registrants are told, and their calendars follow. When registration opens and closes, and until when
    /// contacts may name people, stays as it was set. Codes: INVALID, OUT_OF_RANGE, TOO_LATE, WRONG_STATE.
    async fn webinar_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The time.")] input: WebinarTimeInput,
    ) -> Option<Result<WebinarMovePayload>> {
        let done = scheduling::reschedule(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        WebinarMovePayload::of(Webinar::after(ctx, done).await)
    }

    /// Says that it will not take place; registrants are told why. Codes: BLANK, TOO_LONG, WRONG_STATE.
    async fn webinar_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "Why, 1 to 500 characters.")] reason: String,
    ) -> Option<Result<WebinarCancelPayload>> {
        let done = scheduling::cancel(ctx.app(), ctx.viewer(), id, &reason).await.map(|()| id);
        WebinarCancelPayload::of(Webinar::after(ctx, done).await)
    }

    /// Adds a speaker, last in order. Who is to see the draft and to join is let in as SPEAKER with `accessGrant`. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED (50), KEY_REUSED.
    async fn webinar_speaker_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The speaker.")] input: WebinarSpeakerAddInput,
    ) -> Option<Result<WebinarSpeakerAddPayload>> {
        let done = presenting::add_speaker(ctx.app(), ctx.viewer(), input).await;
        WebinarSpeakerAddPayload::of(Webinar::after(ctx, done).await)
    }

    /// Writes what is said of a speaker in one language, in place of all that stood in that language: what is absent is empty.
    /// Codes: TOO_LONG, INVALID.
    async fn webinar_speaker_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The speaker.")] id: WebinarSpeakerId,
        #[graphql(desc = "Texts.")] input: WebinarSpeakerTextInput,
    ) -> Option<Result<WebinarSpeakerTextSetPayload>> {
        let done = presenting::set_speaker_text(ctx.app(), ctx.viewer(), id, input).await;
        WebinarSpeakerTextSetPayload::of(Webinar::after(ctx, done).await)
    }

    /// Takes a speaker from the webinar. Codes: none.
    async fn webinar_speaker_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The speaker.")] id: WebinarSpeakerId,
    ) -> Option<Result<WebinarSpeakerRemovePayload>> {
        let done = presenting::remove_speaker(ctx.app(), ctx.viewer(), id).await;
        WebinarSpeakerRemovePayload::of(Webinar::after(ctx, done).await)
    }

    /// Gives one's own checked document to those who have a seat. Codes: NOT_FOUND, INCOMPLETE, LIMIT_REACHED (50).
    async fn webinar_material_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The document.")] file_id: FileId,
    ) -> Option<Result<WebinarMaterialAddPayload>> {
        let done = presenting::add_material(ctx.app(), ctx.viewer(), id, file_id).await.map(|()| id);
        WebinarMaterialAddPayload::of(Webinar::after(ctx, done).await)
    }

    /// Takes a document from those who have a seat. Codes: none.
    async fn webinar_material_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The document.")] file_id: FileId,
    ) -> Option<Result<WebinarMaterialRemovePayload>> {
        let done = presenting::remove_material(ctx.app(), ctx.viewer(), id, file_id).await.map(|()| id);
        WebinarMaterialRemovePayload::of(Webinar::after(ctx, done).await)
    }

    /// Asks registrants one more question, last in order. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED (5), KEY_REUSED.
    async fn webinar_question_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] input: WebinarQuestionAddInput,
    ) -> Option<Result<WebinarQuestionAddPayload>> {
        let done = questioning::add(ctx.app(), ctx.viewer(), input).await;
        WebinarQuestionAddPayload::of(Webinar::after(ctx, done).await)
    }

    /// Writes a question in one language. Codes: BLANK, TOO_LONG, INVALID.
    async fn webinar_question_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] id: WebinarQuestionId,
        #[graphql(desc = "Texts.")] input: WebinarQuestionTextInput,
    ) -> Option<Result<WebinarQuestionTextSetPayload>> {
        let done = questioning::set_text(ctx.app(), ctx.viewer(), id, input).await;
        WebinarQuestionTextSetPayload::of(Webinar::after(ctx, done).await)
    }

    /// Removes a question that nobody has answered. Codes: WRONG_STATE.
    async fn webinar_question_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] id: WebinarQuestionId,
    ) -> Option<Result<WebinarQuestionRemovePayload>> {
        let done = questioning::remove(ctx.app(), ctx.viewer(), id).await;
        WebinarQuestionRemovePayload::of(Webinar::after(ctx, done).await)
    }

    /// Names the topic where it is discussed, one that the viewer sees. It is seen by the rules of its community or course.
    /// Codes: NOT_FOUND.
    async fn webinar_topic_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
        #[graphql(desc = "The topic; none when null.")] topic_id: Option<TopicId>,
    ) -> Option<Result<WebinarTopicSetPayload>> {
        let done = discussing::set_topic(ctx.app(), ctx.viewer(), id, topic_id).await.map(|()| id);
        WebinarTopicSetPayload::of(Webinar::after(ctx, done).await)
    }

    /// Removes a draft for good. Codes: WRONG_STATE.
    async fn webinar_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
    ) -> Option<Result<WebinarRemovePayload>> {
        let done = scheduling::remove(ctx.app(), ctx.viewer(), id).await;
        WebinarRemovePayload::of(WebinarSeries::after(ctx, done).await)
    }
}
