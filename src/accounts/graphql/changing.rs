//! Mutations of accounts.

use async_graphql::{Context, Object};

use super::{
    super::{
        managing,
        passwords::{self, PasswordChangeInput, PasswordResetInput},
        policy::Seen,
        profile::{self, ProfileUpdateInput},
        signing_in::{self, SessionStartInput, SessionTransport},
        signing_up::{self, AccountSignUpInput},
    },
    User, Viewer,
    viewer::session_of,
};
use crate::{
    clock::Instant,
    error::Result,
    graphql::{
        context::ContextExt,
        payload::{part, payload},
    },
    ids::{SessionId, UserId},
    role::SiteRole,
    sessions::cookie,
};

payload!(
    /// Answer of `accountSignUp`.
    AccountSignUpPayload {}
);
payload!(
    /// Answer of `accountConfirm`.
    AccountConfirmPayload {}
);
payload!(
    /// Answer of `accountConfirmationResend`.
    AccountConfirmationResendPayload {}
);
payload!(@type
    /// Answer of `sessionStart`.
    SessionStartPayload {
        /// The person now signed in.
        viewer: Viewer,
        /// For `BEARER`: the token, shown once.
        token: String,
        /// When the session ends at the latest.
        expires_at: Instant,
        /// For `BEARER`, when the device was not known and is not shared: keep it for the next `sessionStart`, which others
        /// can then not prevent by guessing at the account. It signs nobody in.
        device_token: String,
    }
);
payload!(
    /// Answer of `sessionEnd`.
    SessionEndPayload {}
);
payload!(
    /// Answer of `sessionEndOthers`.
    SessionEndOthersPayload {
        /// How many sessions were ended.
        ended_count: i32,
    }
);
payload!(
    /// Answer of `passwordResetRequest`.
    PasswordResetRequestPayload {}
);
payload!(
    /// Answer of `passwordReset`.
    PasswordResetPayload {}
);
payload!(
    /// Answer of `passwordChange`.
    PasswordChangePayload {}
);
payload!(
    /// Answer of `profileUpdate`.
    ProfileUpdatePayload {
        /// The person as they stand now.
        user: User,
    }
);
payload!(
    /// Answer of `userVet`.
    UserVetPayload {
        /// The person as they stand now.
        user: User,
    }
);
payload!(
    /// Answer of `userSuspend`.
    UserSuspendPayload {
        /// The person as they stand now.
        user: User,
    }
);
payload!(
    /// Answer of `userReinstate`.
    UserReinstatePayload {
        /// The person as they stand now.
        user: User,
    }
);
payload!(
    /// Answer of `userRoleGrant`.
    UserRoleGrantPayload {
        /// The person as they stand now.
        user: User,
    }
);
payload!(
    /// Answer of `userRoleRevoke`.
    UserRoleRevokePayload {
        /// The person as they stand now.
        user: User,
    }
);

fn whole(user: super::super::user::Model) -> User {
    User(Seen::whole(user))
}

/// Changing accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account and mails a link to confirm its address. The answer is the same when the address has an account
    /// already; its owner is then told by mail. Codes: BLANK, TOO_LONG, TOO_SHORT, INVALID, WEAK_PASSWORD, NOT_ACCEPTED,
    /// KEY_REUSED.
    async fn account_sign_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: AccountSignUpInput,
    ) -> Option<Result<AccountSignUpPayload>> {
        AccountSignUpPayload::of(signing_up::sign_up(ctx.app(), ctx.viewer(), input).await)
    }

    /// Confirms an address. Codes: EXPIRED, also when several signed up with the address: then a link to set the password is
    /// mailed, which confirms it.
    async fn account_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From the mailed link.")] token: String,
    ) -> Option<Result<AccountConfirmPayload>> {
        AccountConfirmPayload::of(signing_up::confirm(ctx.app(), &token).await)
    }

    /// Mails the link again, if there is an account to confirm; the answer tells nothing. Codes: BLANK, INVALID.
    async fn account_confirmation_resend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Address to confirm.")] email: String,
    ) -> Option<Result<AccountConfirmationResendPayload>> {
        AccountConfirmationResendPayload::of(signing_up::resend(ctx.app(), ctx.viewer(), &email).await)
    }

    /// Signs in. Codes: WRONG_CREDENTIALS. A confirmed address is needed; without one the answer is the same as for a wrong
    /// password, and the link is mailed again.
    async fn session_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: SessionStartInput,
    ) -> Option<Result<SessionStartPayload>> {
        let app = ctx.app();
        let (transport, shared) = (input.transport, input.shared_device);
        Some(
            async {
                let (started, user_errors) = part(Box::pin(signing_in::start(app, ctx.viewer(), input)).await)?;
                let Some(started) = started else {
                    let nothing =
                        SessionStartPayload { viewer: None, token: None, expires_at: None, device_token: None, user_errors };
                    return Ok(nothing);
                };
                let expires_at = Some(started.session.expires_at(started.viewer.is_administrator()));
                let viewer = session_of(app, &started.viewer).await?;
                let (token, device_token) = match transport {
                    SessionTransport::Bearer => (Some(started.token), started.device_token),
                    SessionTransport::Cookie => {
                        ctx.append_http_header("set-cookie", cookie::set(&app.config, &started.token, shared));
                        if let Some(token) = started.device_token {
                            ctx.append_http_header("set-cookie", cookie::set_device(&app.config, &token));
                        }
                        (None, None)
                    }
                };
                Ok(SessionStartPayload { viewer, token, expires_at, device_token, user_errors })
            }
            .await,
        )
    }

    /// Signs out. Codes: none.
    async fn session_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One of the own sessions; absent is this one.")] id: Option<SessionId>,
    ) -> Option<Result<SessionEndPayload>> {
        let (app, viewer) = (ctx.app(), ctx.viewer());
        let ended = signing_in::end(app, viewer, id).await;
        let is_current = id.is_none() || viewer.account.as_ref().map(|account| account.session) == id;
        if is_current && ended.is_ok() {
            ctx.append_http_header("set-cookie", cookie::clear(&app.config));
            if matches!(&ended, Ok(Some(session)) if session.is_shared) {
                ctx.insert_http_header("clear-site-data", cookie::CLEAR_SITE_DATA);
            }
        }
        SessionEndPayload::of(ended.map(|_| ()))
    }

    /// Signs out every other device. Codes: none.
    async fn session_end_others(&self, ctx: &Context<'_>) -> Option<Result<SessionEndOthersPayload>> {
        let ended = signing_in::end_others(ctx.app(), ctx.viewer()).await;
        SessionEndOthersPayload::of(ended.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
    }

    /// Mails a link, good for 30 minutes, if there is such an account; the answer tells nothing. Codes: BLANK, INVALID.
    async fn password_reset_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Address of the account.")] email: String,
    ) -> Option<Result<PasswordResetRequestPayload>> {
        PasswordResetRequestPayload::of(passwords::request_reset(ctx.app(), ctx.viewer(), &email).await)
    }

    /// Sets a new password and signs out everywhere. Codes: EXPIRED, WEAK_PASSWORD, TOO_SHORT, TOO_LONG.
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Token and password.")] input: PasswordResetInput,
    ) -> Option<Result<PasswordResetPayload>> {
        PasswordResetPayload::of(passwords::reset(ctx.app(), ctx.viewer(), input).await)
    }

    /// Changes the password and signs out every other device. Codes: WRONG_CREDENTIALS, WEAK_PASSWORD, TOO_SHORT, TOO_LONG.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Passwords.")] input: PasswordChangeInput,
    ) -> Option<Result<PasswordChangePayload>> {
        PasswordChangePayload::of(passwords::change(ctx.app(), ctx.viewer(), input).await)
    }

    /// Changes one's own profile. Codes: BLANK, TOO_LONG, INVALID.
    async fn profile_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Changes.")] input: ProfileUpdateInput,
    ) -> Option<Result<ProfileUpdatePayload>> {
        ProfileUpdatePayload::of(profile::update(ctx.app(), ctx.viewer(), input).await.map(whole))
    }

    /// Vets an account; for administrators. Codes: WRONG_STATE (its address is not confirmed).
    async fn user_vet(&self, ctx: &Context<'_>, #[graphql(desc = "The person.")] id: UserId) -> Option<Result<UserVetPayload>> {
        UserVetPayload::of(managing::vet(ctx.app(), ctx.viewer(), id).await.map(whole))
    }

    /// Ends all sessions of an account and lets it sign in no more; for administrators. Codes: BLANK, TOO_LONG,
    /// WRONG_STATE (it is one's own).
    async fn user_suspend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] id: UserId,
        #[graphql(desc = "Why, 1 to 500 characters; kept in the audit.")] reason: String,
    ) -> Option<Result<UserSuspendPayload>> {
        UserSuspendPayload::of(managing::suspend(ctx.app(), ctx.viewer(), id, &reason).await.map(whole))
    }

    /// Lets a suspended account sign in again; for administrators. Codes: none.
    async fn user_reinstate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] id: UserId,
    ) -> Option<Result<UserReinstatePayload>> {
        UserReinstatePayload::of(managing::reinstate(ctx.app(), ctx.viewer(), id).await.map(whole))
    }

    /// Gives a site role; for administrators. Codes: WRONG_STATE.
    async fn user_role_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] id: UserId,
        #[graphql(desc = "The role.")] role: SiteRole,
    ) -> Option<Result<UserRoleGrantPayload>> {
        UserRoleGrantPayload::of(managing::grant_role(ctx.app(), ctx.viewer(), id, role).await.map(whole))
    }

    /// Takes a site role and ends the person's sessions; for administrators. What somebody made as a trainer or organiser is
    /// theirs to change only while they are one. The last administrator stays one. Codes: WRONG_STATE.
    async fn user_role_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] id: UserId,
        #[graphql(desc = "The role.")] role: SiteRole,
    ) -> Option<Result<UserRoleRevokePayload>> {
        UserRoleRevokePayload::of(managing::revoke_role(ctx.app(), ctx.viewer(), id, role).await.map(whole))
    }
}
