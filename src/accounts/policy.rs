//! Who may see and do what with accounts.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _},
};

use super::user;
use crate::{
    error::{Error, Result},
    ids::UserId,
    role::{Roles, SiteRole},
    rows::among,
    viewer::Viewer,
};

/// What a viewer sees of a person.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The person.
    pub id: UserId,
    /// Their name, where they show it to the viewer.
    pub full_name: Option<String>,
    /// Their name in Latin letters, likewise.
    pub latin_name: Option<String>,
    /// Everything, for the person and administrators.
    pub whole: Option<Box<user::Model>>,
}

/// What `viewer` sees of a person: visitors, and whoever nobody has vetted, see names where their owner allows it; members see
/// names; the person and administrators see all. Nobody else sees an account that was never confirmed.
fn seen(viewer: &Viewer, user: user::Model) -> Option<Seen> {
    if viewer.is(user.id) || viewer.is_administrator() {
        return Some(Seen::whole(user));
    }
    user.confirmed_at?;
    let named = viewer.is_vetted() || user.is_name_shown;
    Some(Seen {
        id: user.id,
        full_name: named.then_some(user.full_name),
        latin_name: user.latin_name.filter(|_| named),
        whole: None,
    })
}

impl Seen {
    /// Everything of a person, for themselves and administrators.
    #[must_use]
    pub fn whole(user: user::Model) -> Self {
        let (full_name, latin_name) = (Some(user.full_name.clone()), user.latin_name.clone());
        Self { id: user.id, full_name, latin_name, whole: Some(Box::new(user)) }
    }
}

/// People by id, as `viewer` sees them.
pub async fn load(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[UserId]) -> Result<HashMap<UserId, Seen>> {
    let found = user::Entity::find().filter(among(db.get_database_backend(), user::Column::Id, ids)).all(db).await?;
    Ok(found.into_iter().filter_map(|user| Some((user.id, seen(viewer, user)?))).collect())
}

/// Loads and locks one's own account.
pub async fn own(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<user::Model> {
    let id = viewer.signed_in()?.id;
    user::Entity::find_by_id(id).lock_exclusive().one(db).await?.ok_or(Error::Unauthenticated)
}

/// Loads and locks any account; for administrators.
pub async fn managed(db: &impl ConnectionTrait, viewer: &Viewer, id: UserId) -> Result<user::Model> {
    viewer.holding(SiteRole::Administrator)?;
    user::Entity::find_by_id(id).lock_exclusive().one(db).await?.ok_or(Error::NotFound("user"))
}

/// The administrators who can sign in, locked in the order of their ids, so that of two changes to who administers the site
/// the second sees the first.
pub async fn administrators(db: &impl ConnectionTrait) -> Result<Vec<UserId>> {
    let administrators = user::Entity::find()
        .filter(Expr::col(user::Column::Roles).bit_and(Roles::ADMINISTRATOR_BIT).ne(0))
        .filter(user::Column::SuspendedAt.is_null())
        .order_by_asc(user::Column::Id)
        .lock_exclusive();
    Ok(administrators.all(db).await?.into_iter().map(|user| user.id).collect())
}

/// As [`administrators`], for one of them: the viewer may have ceased to be one since the request began.
pub async fn fellows(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<UserId>> {
    let id = viewer.holding(SiteRole::Administrator)?.id;
    let administrators = administrators(db).await?;
    if administrators.contains(&id) { Ok(administrators) } else { Err(Error::Forbidden) }
}
