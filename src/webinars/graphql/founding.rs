//! Changing series, in the API.

use async_graphql::{Context, Object};

use super::series::WebinarSeries;
use crate::{
    error::Result,
    graphql::{context::ContextExt, payload::payload},
    ids::{FileId, WebinarFunderId, WebinarSeriesId},
    language::Language,
    webinars::{
        crediting::{self, WebinarFunderAddInput, WebinarFunderTextInput},
        founding::{self, WebinarSeriesCreateInput, WebinarSeriesUpdateInput, WebinarTextInput},
    },
};

payload!(
    /// Answer of `webinarSeriesCreate`.
    WebinarSeriesCreatePayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarSeriesUpdate`.
    WebinarSeriesUpdatePayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarSeriesTextSet`.
    WebinarSeriesTextSetPayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarSeriesTextRemove`.
    WebinarSeriesTextRemovePayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarSeriesArchive`.
    WebinarSeriesArchivePayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarSeriesRestore`.
    WebinarSeriesRestorePayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarFunderAdd`.
    WebinarFunderAddPayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarFunderTextSet`.
    WebinarFunderTextSetPayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarFunderEmblemSet`.
    WebinarFunderEmblemSetPayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);
payload!(
    /// Answer of `webinarFunderRemove`.
    WebinarFunderRemovePayload {
        /// The series as it stands now.
        series: WebinarSeries,
    }
);

/// Changing series.
#[derive(Default)]
pub struct WebinarSeriesMutation;

#[Object]
impl WebinarSeriesMutation {
    /// Makes a series; for organisers and administrators. Codes: BLANK, TOO_LONG, INVALID, OUT_OF_RANGE, TAKEN, KEY_REUSED.
    async fn webinar_series_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series.")] input: WebinarSeriesCreateInput,
    ) -> Option<Result<WebinarSeriesCreatePayload>> {
        let done = founding::create(ctx.app(), ctx.viewer(), input).await;
        WebinarSeriesCreatePayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Changes a series. Codes: TOO_LONG, INVALID, OUT_OF_RANGE, TAKEN.
    async fn webinar_series_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series.")] id: WebinarSeriesId,
        #[graphql(desc = "Changes.")] input: WebinarSeriesUpdateInput,
    ) -> Option<Result<WebinarSeriesUpdatePayload>> {
        let done = founding::update(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        WebinarSeriesUpdatePayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Writes its texts in one language, in place of all that stood in that language: what is absent is empty. Codes: BLANK,
    /// TOO_LONG, INVALID.
    async fn webinar_series_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series.")] id: WebinarSeriesId,
        #[graphql(desc = "Texts.")] input: WebinarTextInput,
    ) -> Option<Result<WebinarSeriesTextSetPayload>> {
        let done = founding::set_text(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        WebinarSeriesTextSetPayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn webinar_series_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series.")] id: WebinarSeriesId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<WebinarSeriesTextRemovePayload>> {
        let done = founding::remove_text(ctx.app(), ctx.viewer(), id, language).await.map(|()| id);
        WebinarSeriesTextRemovePayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Closes it to new webinars. Codes: none.
    async fn webinar_series_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series.")] id: WebinarSeriesId,
    ) -> Option<Result<WebinarSeriesArchivePayload>> {
        let done = founding::set_archived(ctx.app(), ctx.viewer(), id, true).await.map(|()| id);
        WebinarSeriesArchivePayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Opens it again. Codes: none.
    async fn webinar_series_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series.")] id: WebinarSeriesId,
    ) -> Option<Result<WebinarSeriesRestorePayload>> {
        let done = founding::set_archived(ctx.app(), ctx.viewer(), id, false).await.map(|()| id);
        WebinarSeriesRestorePayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Credits a funder, last in order. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED (20), KEY_REUSED.
    async fn webinar_funder_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The funder.")] input: WebinarFunderAddInput,
    ) -> Option<Result<WebinarFunderAddPayload>> {
        let done = crediting::add(ctx.app(), ctx.viewer(), input).await;
        WebinarFunderAddPayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Writes the credit of a funder in one language, in place of all that stood in that language: what is absent is empty.
    /// Codes: BLANK, TOO_LONG, INVALID.
    async fn webinar_funder_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The funder.")] id: WebinarFunderId,
        #[graphql(desc = "Texts.")] input: WebinarFunderTextInput,
    ) -> Option<Result<WebinarFunderTextSetPayload>> {
        let done = crediting::set_text(ctx.app(), ctx.viewer(), id, input).await;
        WebinarFunderTextSetPayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Sets the emblem of a funder, which stands on webinars and certificates. Codes: NOT_FOUND, INCOMPLETE.
    async fn webinar_funder_emblem_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The funder.")] id: WebinarFunderId,
        #[graphql(desc = "The viewer's own checked file with the purpose EMBLEM; none when null.")] file_id: Option<FileId>,
    ) -> Option<Result<WebinarFunderEmblemSetPayload>> {
        let done = crediting::set_emblem(ctx.app(), ctx.viewer(), id, file_id).await;
        WebinarFunderEmblemSetPayload::of(WebinarSeries::after(ctx, done).await)
    }

    /// Ends the credit of a funder. Codes: none.
    async fn webinar_funder_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The funder.")] id: WebinarFunderId,
    ) -> Option<Result<WebinarFunderRemovePayload>> {
        let done = crediting::remove(ctx.app(), ctx.viewer(), id).await;
        WebinarFunderRemovePayload::of(WebinarSeries::after(ctx, done).await)
    }
}
