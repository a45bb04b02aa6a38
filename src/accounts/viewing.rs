//! Turning a session token into who is asking. Rights are read from the database each time.

use sea_orm::{
    DbErr, DerivePartialModel, EntityTrait, FromQueryResult, Iterable as _, JoinType, PartialModelTrait as _, QueryResult,
    QuerySelect, QueryTrait, sea_query::SimpleExpr,
};

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
    let account = match app.sessions.hashed(&before.session_hash, app.clock.now()).await? {
        Some(session) if session.id == before.session => account(app, &session).await?,
        _ => None,
    };
    Ok(Viewer { account, ..viewer.clone() })
}

/// Who `session` signs in now, and beside it the row of another table that `is_it`, with one statement. `None` when it signs
/// nobody in.
pub async fn beside<E: EntityTrait>(
    app: &App,
    session: &Session,
    is_it: SimpleExpr,
) -> Result<Option<(SignedIn, Option<E::Model>)>> {
    let account = user::Entity::find_by_id(session.user_id).select_only();
    let mut select = Standing::select_cols_nested(account, Some(ACCOUNT), None).columns(E::Column::iter());
    QueryTrait::query(&mut select).join(JoinType::LeftJoin, E::default(), is_it);
    let found = select.into_model::<Beside<E::Model>>().one(app.db.read()).await?;
    let judged = |found: Beside<E::Model>| Some((judge(session, found.account, app.clock.now())?, found.row));
    Ok(found.and_then(judged))
}

/// An account and a row beside it.
struct Beside<M> {
    account: Standing,
    row: Option<M>,
}

/// What the names of the account's columns begin with there.
const ACCOUNT: &str = "account_";

impl<M: FromQueryResult> FromQueryResult for Beside<M> {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self { account: Standing::from_query_result(row, ACCOUNT)?, row: M::from_query_result_optional(row, prefix)? })
    }
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
