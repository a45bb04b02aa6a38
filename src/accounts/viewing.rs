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
    sessions::{self, Session},
    viewer::{SignedIn, Viewer},
};

/// Signs `viewer` in if `token` is that of a living session of an account that is not suspended; notes that the session was
/// used. Where that can't be written, as on a full disk, reading goes on: the next request notes it.
pub async fn sign_in(app: &App, viewer: Viewer, token: &str) -> Result<Viewer> {
    let Some((session, account)) = gathering::ask(app, ComingBy(sessions::hash(token))).await? else { return Ok(viewer) };
    let now = app.clock.now();
    let account = judge(&session, account, now);
    if account.is_some()
        && let Err(err) = app.sessions.touch(session, now).await
    {
        tracing::warn!(?err, "the use of a session was not noted");
    }
    Ok(Viewer { account, ..viewer })
}

/// Judges a signed-in viewer anew, for an event of a subscription: signed out when the session has ended.
pub async fn again(app: &App, viewer: &Viewer) -> Result<Viewer> {
    let Some(before) = &viewer.account else { return Ok(viewer.clone()) };
    let found = gathering::ask(app, ComingBy(before.session_hash.clone())).await?;
    let found = found.filter(|(session, _)| session.id == before.session);
    let account = found.and_then(|(session, account)| judge(&session, account, app.clock.now()));
    Ok(Viewer { account, ..viewer.clone() })
}

/// What accounts are now, for a statement that reads something beside: in columns that [`Standing`] finds by [`ACCOUNT`].
#[must_use]
pub fn standings() -> Select<user::Entity> {
    Standing::select_cols_nested(user::Entity::find().select_only(), Some(ACCOUNT), None)
}

/// What the names of those columns begin with.
pub const ACCOUNT: &str = "account_";

/// Who comes with a session, by the hash of its token.
#[derive(Clone, PartialEq, Eq, Hash)]
struct ComingBy(String);

impl Question for ComingBy {
    type Answer = (Session, Standing);

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Self::Answer>> {
        let hashes: Vec<_> = questions.into_iter().map(|question| question.0).collect();
        let sessions = app.sessions.several(&hashes, app.clock.now()).await?;
        if sessions.is_empty() {
            return Ok(HashMap::new());
        }
        let (db, people) = (app.db.read(), sessions.iter().map(|session| session.user_id).collect::<Vec<_>>());
        let accounts = user::Entity::find().filter(among(db.get_database_backend(), user::Column::Id, &people));
        let accounts = keyed(accounts.into_partial_model::<Standing>().all(db).await?, |account| account.id);
        let coming = |session: Session| {
            let account = accounts.get(&session.user_id)?.clone();
            Some((Self(session.token_hash.clone()), (session, account)))
        };
        Ok(sessions.into_iter().filter_map(coming).collect())
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
