//! Signing in and out.

use async_graphql::{Enum, InputObject};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{signing_up, throttle, user, viewing};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Result, UserErrorCode},
    ids::SessionId,
    sessions::{Device, Session},
    text, transact,
    viewer::Viewer,
};

/// How a client carries its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SessionTransport {
    /// For browsers on the same site: an HttpOnly cookie is set; no token is answered.
    Cookie,
    /// For apps: the token is answered once, to be sent as `Authorization: Bearer …`.
    Bearer,
}

/// Signing in.
#[derive(Clone, Debug, InputObject)]
pub struct SessionStartInput {
    /// Address of the account.
    pub email: String,
    /// Its password.
    pub password: String,
    /// True on a device that others use: no lasting cookie, ends after 15 idle minutes.
    #[graphql(default = false)]
    pub shared_device: bool,
    /// How the client will carry the session.
    #[graphql(default_with = "SessionTransport::Cookie")]
    pub transport: SessionTransport,
}

/// A session that has begun.
#[derive(Clone, Debug)]
pub struct Started {
    /// Who signed in.
    pub viewer: Viewer,
    /// The session.
    pub session: Session,
    /// Its token.
    pub token: String,
}

/// Signs in. Whether the address is unknown, not confirmed or suspended, or the password wrong: the answer and the work are
/// the same.
pub async fn start(app: &App, viewer: &Viewer, input: SessionStartInput) -> Result<Started> {
    let wrong = || Error::from(Problem::new(UserErrorCode::WrongCredentials));
    if input.password.len() > 1024 {
        return Err(wrong());
    }
    let email_key = text::email(&input.email).map_err(|_| wrong()).map(|email| text::email_key(&email))?;
    let attempt = throttle::attempt(app, viewer, &email_key).await?;
    let found = user::Entity::find().filter(user::Column::EmailKey.eq(email_key)).one(app.db.read()).await?;
    let hash = found.as_ref().map(|user| user.password_hash.clone());
    let right = app.hasher.verify(&input.password, hash).await?;
    let Some(user) = found.filter(|user| right && user.suspended_at.is_none()) else { return Err(wrong()) };
    if user.confirmed_at.is_none() {
        transact!(app, |tx| signing_up::resend_to(tx, &user).await)?;
        return Err(wrong());
    }
    let device = Device { shared: input.shared_device, user_agent: viewer.user_agent.clone() };
    let (session, token) = app.sessions.start(user.id, device, app.clock.now()).await?;
    let visitor = Viewer { account: None, ..viewer.clone() };
    let viewer = viewing::sign_in(app, visitor, &token).await?;
    transact!(app, |tx| {
        attempt.succeeded(tx).await?;
        audit::record(tx, &viewer, Action::new("session.started").on(session.id)).await
    })?;
    Ok(Started { viewer, session, token })
}

/// Ends one of the viewer's sessions, by default that of this request; gives it, or `None` when it had ended already.
pub async fn end(app: &App, viewer: &Viewer, id: Option<SessionId>) -> Result<Option<Session>> {
    let account = viewer.signed_in()?;
    let id = id.unwrap_or(account.session);
    let sessions = app.sessions.of_user(account.id, app.clock.now()).await?;
    let Some(session) = sessions.into_iter().find(|session| session.id == id) else { return Ok(None) };
    app.sessions.end(&session).await?;
    transact!(app, |tx| audit::record(tx, viewer, Action::new("session.ended").on(id)).await)?;
    Ok(Some(session))
}

/// Ends every other session of the viewer; tells how many.
pub async fn end_others(app: &App, viewer: &Viewer) -> Result<usize> {
    let account = viewer.signed_in()?;
    let ended = app.sessions.end_all(account.id, Some(account.session), app.clock.now()).await?;
    transact!(app, |tx| {
        audit::record(tx, viewer, Action::new("session.others_ended").on(account.id).with("count", ended)).await
    })?;
    Ok(ended)
}
