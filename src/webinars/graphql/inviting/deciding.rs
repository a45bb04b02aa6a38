//! Choosing among nominees, in the API.

use async_graphql::{Context, Object};

use super::{super::webinar::Webinar, nominee::Nominee};
use crate::{
    error::{Error, Result},
    graphql::{context::ContextExt, payload::payload},
    ids::NomineeId,
    webinars::inviting::{
        choosing::{self, NomineesDecideInput},
        forgetting,
    },
};

payload!(
    /// Answer of `nomineesDecide`.
    NomineesDecidePayload {
        /// The nominees as they stand now.
        nominees: Vec<Nominee>,
        /// The webinar.
        webinar: Webinar,
    }
);

payload!(
    /// Answer of `nomineeForget`.
    NomineeForgetPayload {
        /// The webinar.
        webinar: Webinar,
    }
);

/// Choosing among nominees.
#[derive(Default)]
pub struct NomineeMutation;

#[Object]
impl NomineeMutation {
    /// Accepts, wait-lists or declines nominees for a webinar, all or none. Whom it accepts has a seat held for them and is asked
    /// by mail whether they come; seats that become free go to who waits. About whom it was decided so already, nothing
    /// changes. Codes: BLANK, NOT_FOUND, LIMIT_REACHED (more than 100, or than there are seats), TAKEN (a seat is held for that
    /// address), WRONG_STATE (registered, or the webinar is not offered), TOO_LATE.
    async fn nominees_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About whom, and what.")] input: NomineesDecideInput,
    ) -> Option<Result<NomineesDecidePayload>> {
        let done = async {
            choosing::decide(ctx.app(), ctx.viewer(), &input).await?;
            let mut found = ctx.batch().load_many(input.nominee_ids.iter().copied()).await?;
            let nominees = input.nominee_ids.iter().filter_map(|id| found.remove(id)).map(Nominee).collect();
            let webinar = Webinar::load(ctx, input.webinar_id).await?.ok_or(Error::NotFound("webinar"))?;
            Ok((nominees, webinar))
        };
        NomineesDecidePayload::of(done.await)
    }

    /// Forgets a nominee who asks for it: their name, function, address and answers go, what is counted stays. By itself that
    /// happens a year after the webinar. Codes: WRONG_STATE (a seat is held for them, or theirs).
    async fn nominee_forget(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The nominee.")] id: NomineeId,
    ) -> Option<Result<NomineeForgetPayload>> {
        let done = forgetting::forget(ctx.app(), ctx.viewer(), id).await;
        NomineeForgetPayload::of(Webinar::after(ctx, done).await)
    }
}
