//! Signing in and out.

use async_graphql::{Enum, InputObject};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::Expr};

use super::{devices, passwords::LONGEST_COMPARED, signing_up, throttle, user, viewing};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Result, UserErrorCode},
    ids::{SessionId, UserId},
    sessions::{Device, Session},
    text, transact,
    turns::Place,
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
    /// For `BEARER`: the `deviceToken` that an earlier answer gave, if the client has one.
    pub device_token: Option<String>,
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
    /// The token of the device, if it was not known before and is not shared.
    pub device_token: Option<String>,
}

fn wrong() -> Error {
    Problem::new(UserErrorCode::WrongCredentials).into()
}

/// Signs in. Whether the address is unknown, not confirmed or suspended, or the password wrong: the answer and the work are
/// the same.
pub async fn start(app: &App, viewer: &Viewer, input: SessionStartInput) -> Result<Started> {
    if input.password.len() > LONGEST_COMPARED {
        return Err(wrong());
    }
    let email_key = text::email(&input.email).map_err(|_| wrong()).map(|email| text::email_key(&email))?;
    // Before the database is asked: a flood must not keep it busy for those who will be sent away.
    let place = app.hasher.place()?;
    let found = user::Entity::find().filter(user::Column::EmailKey.eq(&email_key)).one(app.db.read()).await?;
    let device = match (&found, input.device_token.as_ref().or(viewer.device.as_ref())) {
        (Some(user), Some(token)) => devices::known(app.db.read(), user.id, token, app.clock.now()).await?,
        _ => None,
    };
    let attempt = throttle::attempt(app, viewer, &email_key, device.as_deref()).await?;
    let is_new = device.is_none() && !input.shared_device;
    let right = app.hasher.verify(&place, &input.password, found.as_ref().map(|user| user.password_hash.clone())).await;
    let outcome = match right {
        Ok(right) => check(app, viewer, &input, found.as_ref().filter(|_| right), &attempt, is_new).await,
        Err(err) => Err(err),
    };
    if let (Ok(_), Some(user)) = (&outcome, found)
        && let Err(err) = renew_hash(app, &place, &user, &input.password).await
    {
        tracing::warn!(?err, "a password was not hashed anew; the next time it is");
    }
    attempt.settle(app, outcome).await
}

/// Keeps a hash of the password, which is right, as it is made today, if that of the account was made with other parameters.
async fn renew_hash(app: &App, place: &Place, user: &user::Model, password: &str) -> Result<()> {
    let Some(hash) = app.hasher.renew(place, password, &user.password_hash).await? else { return Ok(()) };
    let same = user::Entity::update_many()
        .filter(user::Column::Id.eq(user.id))
        .filter(user::Column::PasswordHash.eq(&user.password_hash))
        .col_expr(user::Column::PasswordHash, Expr::value(&hash));
    transact!(app, |tx| {
        same.clone().exec(tx).await?;
        Ok(())
    })
}

/// `found`: the account, if the password is its. `is_new`: the device is to be remembered.
async fn check(
    app: &App,
    viewer: &Viewer,
    input: &SessionStartInput,
    found: Option<&user::Model>,
    attempt: &throttle::Attempt,
    is_new: bool,
) -> Result<Started> {
    let Some(user) = found.filter(|user| user.suspended_at.is_none()) else { return Err(wrong()) };
    if user.confirmed_at.is_none() {
        transact!(app, |tx| signing_up::resend_to(tx, user).await)?;
        return Err(wrong());
    }
    let device = Device { shared: input.shared_device, user_agent: viewer.user_agent.clone() };
    let (session, token) = app.sessions.start(user.id, device, app.clock.now()).await?;
    match admit(app, viewer, user, &session, attempt, is_new).await {
        Ok((viewer, device_token)) => Ok(Started { viewer, session, token, device_token }),
        Err(err) => {
            app.sessions.end(&session).await?;
            Err(err)
        }
    }
}

/// Lets a session in, unless the account is not any more as it was when the password was `checked`: it may have been given
/// another password, which makes its sessions void, or been suspended meanwhile.
async fn admit(
    app: &App,
    viewer: &Viewer,
    checked: &user::Model,
    session: &Session,
    attempt: &throttle::Attempt,
    is_new: bool,
) -> Result<(Viewer, Option<String>)> {
    transact!(app, |tx| {
        let since = user::Column::SessionsSince;
        let same = user::Entity::find_by_id(checked.id)
            .filter(checked.sessions_since.map_or_else(|| since.is_null(), |at| since.eq(at)));
        let standing = same.lock_shared().into_partial_model().one(tx).await?.ok_or_else(wrong)?;
        let account = viewing::judge(session, standing, app.clock.now()).ok_or_else(wrong)?;
        let viewer = Viewer { account: Some(account), ..viewer.clone() };
        attempt.succeeded(tx).await?;
        let device_token = if is_new { Some(devices::remember(tx, checked.id).await?) } else { None };
        audit::record(tx, &viewer, Action::new("session.started").on(session.id)).await?;
        Ok((viewer, device_token))
    })
}

/// Makes the sessions of an account void, but `kept`. Its row must be locked.
pub(super) fn void_sessions(app: &App, change: &mut user::ActiveModel, kept: Option<SessionId>) {
    // Not the time of the transaction: that may have waited for the lock while somebody signed in.
    change.sessions_since = Set(Some(app.clock.now()));
    change.session_kept = Set(kept);
}

/// Removes the sessions that [`void_sessions`] made void, once that is committed. They are dead without it, so that a
/// session store that can't be reached is no failure.
pub(super) async fn end_sessions(app: &App, user: UserId, kept: Option<SessionId>) {
    if let Err(err) = app.sessions.end_all(user, kept, app.clock.now()).await {
        tracing::warn!(?err, "void sessions were not removed");
    }
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
