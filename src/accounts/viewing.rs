//! Turning a session token into who is asking. Rights are read from the database each time.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait as _, DerivePartialModel, EntityTrait, PartialModelTrait as _, QueryFilter, QuerySelect, Select};

use super::user;
use crate::{
    app::App,
    clock::Instant,
    error::Result,
    gathering::{self, Question},
    ids::{SessionId, UserId},
    language::Language,
    role::{Roles, SiteRole},
    rows::{among, keyed},
    sessions::Session,
    viewer::{SignedIn, Viewer},
};

/// Signs `viewer` in if `token` is that of a living session of an account that is not suspended; notes that the session was
/// used.
pub async fn sign_in(app: &App, viewer: Viewer, token: &str) -> Result<Viewer> {
    let now = app.clock.now();
    let Some(session) = app.sessions.find(token, now).await? else { return Ok(viewer) };
    let account = by_session(app, &session).await?;
    if account.is_some() {
        app.sessions.touch(session, now).await?;
    }
    Ok(Viewer { account, ..viewer })
}

/// Judges a signed-in viewer anew, for an event of a subscription: signed out when the session has ended.
pub async fn again(app: &App, viewer: &Viewer) -> Result<Viewer> {
    let Some(before) = &viewer.account else { return Ok(viewer.clone()) };
    let account = match app.sessions.hashed(&before.session_hash, app.clock.now()).await? {
        Some(session) if session.id == before.session => by_session(app, &session).await?,
        _ => None,
    };
    Ok(Viewer { account, ..viewer.clone() })
}

/// Who `session` signs in now; `None` when it signs nobody in.
async fn by_session(app: &App, session: &Session) -> Result<Option<SignedIn>> {
    let account = gathering::ask(app, StandingOf(session.user_id)).await?;
    Ok(account.and_then(|account| judge(session, account, app.clock.now())))
}

/// What accounts are now, for a statement that reads something beside: in columns that [`Standing`] finds by [`ACCOUNT`].
#[must_use]
pub fn standings() -> Select<user::Entity> {
    Standing::select_cols_nested(user::Entity::find().select_only(), Some(ACCOUNT), None)
}

/// What the names of those columns begin with.
pub const ACCOUNT: &str = "account_";

/// What an account is now.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct StandingOf(UserId);

impl Question for StandingOf {
    type Answer = Standing;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Standing>> {
        let (db, ids) = (app.db.read(), questions.into_iter().map(|question| question.0).collect::<Vec<_>>());
        let accounts = user::Entity::find().filter(among(db.get_database_backend(), user::Column::Id, &ids));
        Ok(keyed(accounts.into_partial_model::<Standing>().all(db).await?, |account| StandingOf(account.id)))
    }
}

/// What each request asks about an account, and no more of its row.
#[derive(Clone, DerivePartialModel)]
#[sea_orm(entity = "user::Entity")]
pub struct Standing {
    id: UserId,
    language: Language,
    roles: Roles,
    vetted_at: Option<Instant>,
    suspended_at: Option<Instant>,
    sessions_since: Option<Instant>,
    session_kept: Option<SessionId>,
}

/// Who a session signs in, by what its account is now; nobody when it is suspended, when the password was changed since, or
/// when the session has lived too long for somebody with such rights.
#[must_use]
pub fn judge(session: &Session, account: Standing, now: Instant) -> Option<SignedIn> {
    let lives = session.is_alive(account.roles.contains(SiteRole::Administrator), now);
    if account.suspended_at.is_some() || !lives || !outlives(session, &account) {
        return None;
    }
    Some(SignedIn {
        id: account.id,
        session: session.id,
        session_hash: session.token_hash.clone(),
        vetted: account.vetted_at.is_some(),
        roles: account.roles,
        language: account.language,
    })
}

/// What a person is as a viewer, wherever they are: for what is made for them, not by them.
#[must_use]
pub fn as_seen_by(person: &user::Model) -> Viewer {
    let account = SignedIn {
        id: person.id,
        session: SessionId::new(),
        session_hash: String::new(),
        vetted: person.vetted_at.is_some(),
        roles: person.roles,
        language: person.language.clone(),
    };
    Viewer { account: Some(account), ..Viewer::visitor() }
}

/// Whether a session outlives the last change of the password or of rights.
fn outlives(session: &Session, account: &Standing) -> bool {
    account.session_kept == Some(session.id) || account.sessions_since.is_none_or(|since| session.created_at >= since)
}
