//! Who may see and do what with accounts.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _},
};

use super::user;
use crate::{
    clock::Instant,
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

/// What others than the person and administrators may see, and no more of the row: lists name many people.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "user::Entity")]
struct Named {
    id: UserId,
    full_name: String,
    latin_name: Option<String>,
    is_name_shown: bool,
    confirmed_at: Option<Instant>,
}

impl From<user::Model> for Named {
    fn from(user: user::Model) -> Self {
        let user::Model { id, full_name, latin_name, is_name_shown, confirmed_at, .. } = user;
        Self { id, full_name, latin_name, is_name_shown, confirmed_at }
    }
}

impl Named {
    /// Visitors, and whoever nobody has vetted, see names where their owner allows it; members see names. Nobody sees an
    /// account that was never confirmed.
    fn seen_by(self, viewer: &Viewer) -> Option<Seen> {
        self.confirmed_at?;
        let named = viewer.is_vetted() || self.is_name_shown;
        Some(Seen {
            id: self.id,
            full_name: named.then_some(self.full_name),
            latin_name: self.latin_name.filter(|_| named),
            whole: None,
        })
    }
}

impl Seen {
    /// Everything of a person, for themselves and administrators.
    #[must_use]
    pub fn whole(user: user::Model) -> Self {
        let (full_name, latin_name) = (Some(user.full_name.clone()), user.latin_name.clone());
        Self { id: user.id, full_name, latin_name, whole: Some(Box::new(user)) }
    }
}

/// People by id, as `viewer` sees them: the person and administrators see all. One statement, which reads all of the rows only
/// where all of one is shown.
pub async fn load(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[UserId]) -> Result<HashMap<UserId, Seen>> {
    let sees_all = |id: UserId| viewer.is(id) || viewer.is_administrator();
    let people = user::Entity::find().filter(among(db.get_database_backend(), user::Column::Id, ids));
    let seen: Vec<_> = if ids.iter().any(|id| sees_all(*id)) {
        let seen =
            |user: user::Model| if sees_all(user.id) { Some(Seen::whole(user)) } else { Named::from(user).seen_by(viewer) };
        people.all(db).await?.into_iter().filter_map(seen).collect()
    } else {
        let people = people.into_partial_model::<Named>().all(db).await?;
        people.into_iter().filter_map(|user| user.seen_by(viewer)).collect()
    };
    Ok(seen.into_iter().map(|seen| (seen.id, seen)).collect())
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
