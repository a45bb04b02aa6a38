//! Turning a session token into who is asking. Rights are read from the database each time.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::user;
use crate::{
    app::App,
    error::Result,
    sessions::Session,
    viewer::{SignedIn, Viewer},
};

/// Signs `viewer` in if `token` is that of a living session of an account that is not suspended.
pub async fn sign_in(app: &App, viewer: Viewer, token: &str) -> Result<Viewer> {
    let Some(session) = app.sessions.find(token, app.clock.now()).await? else { return Ok(viewer) };
    let account = account(app, &session).await?;
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

async fn account(app: &App, session: &Session) -> Result<Option<SignedIn>> {
    let user = user::Entity::find_by_id(session.user_id).filter(user::Column::SuspendedAt.is_null()).one(app.db.read()).await?;
    let user = user.filter(|user| outlives(session, user));
    Ok(user.map(|user| SignedIn {
        id: user.id,
        session: session.id,
        vetted: user.vetted_at.is_some(),
        roles: user.roles,
        language: user.language,
    }))
}

/// Whether a session outlives the last change of the password.
fn outlives(session: &Session, user: &user::Model) -> bool {
    user.session_kept == Some(session.id) || user.sessions_since.is_none_or(|since| session.created_at >= since)
}
