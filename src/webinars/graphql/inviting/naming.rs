//! What contacts and nominees do by their links, in the API.

use async_graphql::{Context, Object};

use super::{
    nomination::{Nomination, Place},
    nominee::Nominee,
};
use crate::{
    error::{Error, Result},
    graphql::{context::ContextExt, payload::payload},
    ids::NomineeId,
    webinars::inviting::{
        answering::{self, NomineeAnswerInput},
        nominating::{self, NomineeAddInput, NomineeUpdateInput},
        stopping,
    },
};

payload!(
    /// Answer of `nomineeAdd`.
    NomineeAddPayload {
        /// The list as it stands now.
        nomination: Nomination,
        /// The person.
        nominee: Nominee,
    }
);
payload!(
    /// Answer of `nomineeUpdate`.
    NomineeUpdatePayload {
        /// The list as it stands now.
        nomination: Nomination,
        /// The person.
        nominee: Nominee,
    }
);
payload!(
    /// Answer of `nomineeWithdraw`.
    NomineeWithdrawPayload {
        /// The list as it stands now.
        nomination: Nomination,
    }
);
payload!(
    /// Answer of `nomineeAnswer`.
    NomineeAnswerPayload {
        /// The place as it stands now.
        place: Place,
    }
);
payload!(
    /// Answer of `invitationsStop`.
    InvitationsStopPayload {}
);

async fn with_nominee(ctx: &Context<'_>, token: &str, done: Result<NomineeId>) -> Result<(Nomination, Nominee)> {
    let (list, id) = Nomination::after(ctx, token, done).await?;
    let nominee = list.nominee(id)?;
    Ok((list, nominee))
}

/// What contacts and nominees do by their links, without accounts.
#[derive(Default)]
pub struct NominationMutation;

#[Object]
impl NominationMutation {
    /// Names a person for a webinar, by the link in a contact's letter. Codes: EXPIRED (no such link), BLANK, TOO_LONG, INVALID,
    /// TAKEN (an address on the list), LIMIT_REACHED (the quota), WRONG_STATE, TOO_LATE, KEY_REUSED.
    async fn nominee_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: NomineeAddInput,
    ) -> Option<Result<NomineeAddPayload>> {
        let token = input.token.clone();
        let done = nominating::add(ctx.app(), ctx.viewer(), input).await;
        NomineeAddPayload::of(with_nominee(ctx, &token, done).await)
    }

    /// Changes what was told of a person about whom nothing is decided, by the contact's link. Codes: EXPIRED, BLANK, TOO_LONG,
    /// INVALID, TAKEN, WRONG_STATE, TOO_LATE.
    async fn nominee_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token in the contact's link.")] token: String,
        #[graphql(desc = "The person.")] id: NomineeId,
        #[graphql(desc = "Changes.")] input: NomineeUpdateInput,
    ) -> Option<Result<NomineeUpdatePayload>> {
        let done = nominating::update(ctx.app(), ctx.viewer(), &token, id, input).await.map(|()| id);
        NomineeUpdatePayload::of(with_nominee(ctx, &token, done).await)
    }

    /// Takes a person off the list with what was told of them, by the contact's link; a seat that was held for them is free.
    /// Codes: EXPIRED, WRONG_STATE (they have said that they come), TOO_LATE.
    async fn nominee_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token in the contact's link.")] token: String,
        #[graphql(desc = "The person.")] id: NomineeId,
    ) -> Option<Result<NomineeWithdrawPayload>> {
        let done = nominating::withdraw(ctx.app(), ctx.viewer(), &token, id).await;
        NomineeWithdrawPayload::of(Nomination::after(ctx, &token, done).await.map(|(list, ())| list))
    }

    /// Answers the offer of a seat, by the link in a nominee's letter. Who comes has the seat: as a registration where they have
    /// an account of that address, else as soon as they have. Who does not, frees it. Codes: EXPIRED, NOT_ACCEPTED,
    /// WRONG_STATE (no offer stands), TOO_LATE.
    async fn nominee_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: NomineeAnswerInput,
    ) -> Option<Result<NomineeAnswerPayload>> {
        let done = async {
            answering::answer(ctx.app(), ctx.viewer(), &input).await?;
            let place = answering::place(ctx.app(), &input.token).await?;
            place.map(|(nominee, webinar)| Place { nominee, webinar }).ok_or(Error::NotFound("place"))
        };
        NomineeAnswerPayload::of(done.await)
    }

    /// Asks for no more invitations of this site to the address that a letter went to, by the link under it. Codes: EXPIRED.
    async fn invitations_stop(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token in the link.")] token: String,
    ) -> Option<Result<InvitationsStopPayload>> {
        InvitationsStopPayload::of(stopping::stop(ctx.app(), ctx.viewer(), &token).await)
    }
}
