//! Sending invitations, in the API.

use async_graphql::{Context, Object};

use super::{super::webinar::Webinar, invitation::Invitation};
use crate::{
    error::Result,
    graphql::{context::ContextExt, payload::payload},
    ids::{InvitationId, WebinarId},
    language::Language,
    webinars::inviting::{
        letter::Audience,
        lettering::{self, InvitationTextInput},
        reminding, resending,
        sending::{self, InvitationUpdateInput, InvitationsSendInput},
    },
};

payload!(
    /// Answer of `invitationTextSet`.
    InvitationTextSetPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `invitationTextRemove`.
    InvitationTextRemovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `invitationsSend`.
    InvitationsSendPayload {
        /// How many were invited.
        invited_count: i32,
        /// How many of those asked for had been invited before; they are not written to again.
        already_invited_count: i32,
        /// The webinar.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `invitationsRemind`.
    InvitationsRemindPayload {
        /// How many are reminded.
        reminded_count: i32,
        /// The webinar.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `invitationUpdate`.
    InvitationUpdatePayload {
        /// The invitation as it stands now.
        invitation: Invitation,
    }
);
payload!(
    /// Answer of `invitationResend`.
    InvitationResendPayload {
        /// The invitation as it stands now.
        invitation: Invitation,
    }
);
payload!(
    /// Answer of `invitationBounce`.
    InvitationBouncePayload {
        /// The invitation as it stands now.
        invitation: Invitation,
    }
);

/// Sending invitations.
#[derive(Default)]
pub struct InvitationMutation;

#[Object]
impl InvitationMutation {
    /// Writes what invitations to a webinar say, for one audience in one language. Codes: BLANK, TOO_LONG, INVALID (also a field
    /// that is not known, which the message names), INCOMPLETE (no {link} in it).
    async fn invitation_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] webinar_id: WebinarId,
        #[graphql(desc = "Whom it is for.")] audience: Audience,
        #[graphql(desc = "The letter.")] input: InvitationTextInput,
    ) -> Option<Result<InvitationTextSetPayload>> {
        let done = lettering::set_text(ctx.app(), ctx.viewer(), webinar_id, audience, input).await.map(|()| webinar_id);
        InvitationTextSetPayload::of(Webinar::after(ctx, done).await)
    }

    /// Removes the letter of one language; without any, the site's own is sent. Codes: NOT_FOUND.
    async fn invitation_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] webinar_id: WebinarId,
        #[graphql(desc = "Whom it is for.")] audience: Audience,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<InvitationTextRemovePayload>> {
        let done = lettering::remove_text(ctx.app(), ctx.viewer(), webinar_id, audience, language).await.map(|()| webinar_id);
        InvitationTextRemovePayload::of(Webinar::after(ctx, done).await)
    }

    /// Invites contacts and people to a webinar, all or none, each once; lines of the table that are wrong are named. Codes:
    /// BLANK, TOO_LONG, INVALID, NOT_FOUND (a contact), OUT_OF_RANGE, LIMIT_REACHED, TOO_LARGE, INCOMPLETE (a column is
    /// missing), WRONG_STATE (not published, or cancelled), TOO_LATE, KEY_REUSED.
    async fn invitations_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: InvitationsSendInput,
    ) -> Option<Result<InvitationsSendPayload>> {
        let id = input.webinar_id;
        let done = async {
            let done = sending::send(ctx.app(), ctx.viewer(), input).await?;
            Ok((done.invited, done.already, Webinar::after(ctx, Ok(id)).await?))
        };
        InvitationsSendPayload::of(done.await)
    }

    /// Reminds those who have neither named anybody nor registered, and have had a day since the last letter; no contacts whose
    /// list is closed. Codes:
    /// WRONG_STATE, TOO_LATE.
    async fn invitations_remind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] webinar_id: WebinarId,
    ) -> Option<Result<InvitationsRemindPayload>> {
        let done = async {
            let count = reminding::remind(ctx.app(), ctx.viewer(), webinar_id).await?;
            Ok((count, Webinar::after(ctx, Ok(webinar_id)).await?))
        };
        InvitationsRemindPayload::of(done.await)
    }

    /// Sends an invitation again, with the link that the address had: to all addresses that the contact has now, or to the person,
    /// whether or not they have reacted. An address that got a letter within the hour gets none
    /// until that is over, and one that wants none gets none. Codes: WRONG_STATE, TOO_LATE (of a contact, whose list is closed: set
    /// `namesUntil` first), LIMIT_REACHED (too many invitations of the series in a day).
    async fn invitation_resend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation.")] id: InvitationId,
    ) -> Option<Result<InvitationResendPayload>> {
        let done = resending::resend(ctx.app(), ctx.viewer(), id).await.map(|()| id);
        InvitationResendPayload::of(Invitation::after(ctx, done).await)
    }

    /// Changes how many people a contact may name, and until when; a list that was closed can so be opened again. Nobody is told: see
    /// `invitationResend`. Codes: OUT_OF_RANGE, TOO_LATE.
    async fn invitation_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation.")] id: InvitationId,
        #[graphql(desc = "Changes.")] input: InvitationUpdateInput,
    ) -> Option<Result<InvitationUpdatePayload>> {
        let done = sending::update(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        InvitationUpdatePayload::of(Invitation::after(ctx, done).await)
    }

    /// Notes that the letter to one address came back by mail. What the mail relay refuses at once is noted by itself. Codes:
    /// NOT_FOUND (no such address).
    async fn invitation_bounce(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation.")] id: InvitationId,
        #[graphql(desc = "The address.")] email: String,
    ) -> Option<Result<InvitationBouncePayload>> {
        let done = sending::note_bounce(ctx.app(), ctx.viewer(), id, &email).await.map(|()| id);
        InvitationBouncePayload::of(Invitation::after(ctx, done).await)
    }
}
