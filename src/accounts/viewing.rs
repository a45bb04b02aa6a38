//! Turning a session token into who is asking. Rights are read from the database each time.

use sea_orm::{DerivePartialModel, EntityTrait};

use super::user;
use crate::{
    app::App,
    clock::Instant,
    error::Result,
    ids::{SessionId, UserId},
    language::Language,
    role::{Roles, SiteRole},
    sessions::Session,
    viewer::{SignedIn, Viewer},
};

/// Signs `viewer` in if `token` is that of a living session of an account that is not suspended; notes that the session was
/// used.
pub async fn sign_in(app: &App, viewer: Viewer, token: &str) -> Result<Viewer> {
    let now = app.clock.now();
    let Some(session) = app.sessions.find(token, now).await? else { return Ok(viewer) };
    let account = account(app, &session).await?;
    if account.is_some() {
        app.sessions.touch(session, now).await?;
    }
    Ok(Viewer { account, ..viewer })
}

/// Judges a signed-in viewer anew, for an event of a subscription: signed out when the session has ended.
pub async fn again(app: &App, viewer: &Viewer) -> Result<Viewer> {
    let Some(before) = &viewer.account else { return Ok(viewer.clone()) };
    let sessions = app.sessions.of_user(before.id, app.clock.now()).await?;
    let account = match sessions.iter().find(|session| session.id == before.session) {
        Some(session) => account(app, session).await?,
        None => None,
    };
    Ok(Viewer { account, ..viewer.clone() })
}

/// What each request asks about an account, and no more of its row.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "user::Entity")]
pub(super) struct Standing {
    id: UserId,
    language: Language,
    roles: Roles,
    vetted_at: Option<Instant>,
    suspended_at: Option<Instant>,
    sessions_since: Option<Instant>,
    session_kept: Option<SessionId>,
}

async fn account(app: &App, session: &Session) -> Result<Option<SignedIn>> {
    let account = user::Entity::find_by_id(session.user_id).into_partial_model::<Standing>().one(app.db.read()).await?;
    Ok(account.and_then(|account| judge(session, account, app.clock.now())))
}

/// Who a session signs in, by what its account is now; nobody when it is suspended, when the password was changed since, or
/// when the session has lived too long for somebody with such rights.
pub(super) fn judge(session: &Session, account: Standing, now: Instant) -> Option<SignedIn> {
    let lives = session.is_alive(account.roles.contains(SiteRole::Administrator), now);
    if account.suspended_at.is_some() || !lives || !outlives(session, &account) {
        return None;
    }
    Some(SignedIn {
        id: account.id,
        session: session.id,
        vetted: account.vetted_at.is_some(),
        roles: account.roles,
        language: account.language,
    })
}

/// Whether a session outlives the last change of the password or of rights.
fn outlives(session: &Session, account: &Standing) -> bool {
    account.session_kept == Some(session.id) || account.sessions_since.is_none_or(|since| session.created_at >= since)
}
