//! Registering and joining, in the API.

use async_graphql::{Context, Object};

use super::{registration::Registration, webinar::Webinar};
use crate::{
    error::Result,
    graphql::{context::ContextExt, payload::payload},
    ids::{RegistrationId, WebinarId},
    scalars::Url,
    webinars::{
        calendar::entries,
        joining,
        registering::{self, WebinarRegisterInput},
    },
};

payload!(
    /// Answer of `webinarRegister`.
    WebinarRegisterPayload {
        /// The registration: with a seat, or waiting for one.
        registration: Registration,
    }
);
payload!(
    /// Answer of `registrationCancel`.
    RegistrationCancelPayload {
        /// The registration as it stands now.
        registration: Registration,
    }
);
payload!(
    /// Answer of `webinarJoin`.
    WebinarJoinPayload {
        /// Where the live picture is.
        url: Url,
        /// The webinar.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `calendarRenew`.
    CalendarRenewPayload {
        /// Address of the viewer's calendar, for calendars to follow; whoever has it can read it.
        url: Url,
    }
);

/// Registering and joining.
#[derive(Default)]
pub struct RegistrationMutation;

#[Object]
impl RegistrationMutation {
    /// Registers the viewer for a webinar; when no seat is left, for its waiting list. Who is registered may send other answers.
    /// Codes: NOT_ACCEPTED, NOT_FOUND, INCOMPLETE, TOO_LONG, WRONG_STATE (not open yet, or not offered), TOO_LATE.
    async fn webinar_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For what.")] input: WebinarRegisterInput,
    ) -> Option<Result<WebinarRegisterPayload>> {
        let done = registering::register(ctx.app(), ctx.viewer(), input).await;
        WebinarRegisterPayload::of(Registration::after(ctx, done).await)
    }

    /// Cancels a registration, for the person and those who may change the webinar; the seat goes to whoever waits first.
    /// Codes: TOO_LATE.
    async fn registration_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The registration.")] id: RegistrationId,
    ) -> Option<Result<RegistrationCancelPayload>> {
        let done = registering::cancel(ctx.app(), ctx.viewer(), id).await.map(|()| id);
        RegistrationCancelPayload::of(Registration::after(ctx, done).await)
    }

    /// Where the live picture is: for those who have a seat, from `joinOpensAt` to the end; for speakers and those who may
    /// change the webinar, at any time. It is kept that a registrant came. Codes: INCOMPLETE (no link yet), WRONG_STATE (not
    /// open yet, or cancelled), TOO_LATE.
    async fn webinar_join(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: WebinarId,
    ) -> Option<Result<WebinarJoinPayload>> {
        let joined = async {
            let url = joining::join(ctx.app(), ctx.viewer(), id).await?;
            Ok((Url(url), Webinar::after(ctx, Ok(id)).await?))
        };
        WebinarJoinPayload::of(joined.await)
    }

    /// Gives the viewer's calendar an address; the one it had before ends. Codes: none.
    async fn calendar_renew(&self, ctx: &Context<'_>) -> Option<Result<CalendarRenewPayload>> {
        CalendarRenewPayload::of(entries::renew(ctx.app(), ctx.viewer()).await.map(Url))
    }
}
