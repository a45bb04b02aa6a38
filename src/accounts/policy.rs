//! Who may see and do what with accounts.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, Select,
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
#[derive(Clone, Debug, DerivePartialModel)]
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

/// Of whom `viewer` sees everything.
fn sees_all(viewer: &Viewer, id: UserId) -> bool {
    viewer.is(id) || viewer.is_administrator()
}

/// What the columns of a person are called beside those of another table.
const BESIDE: [(user::Column, &str); 5] = [
    (user::Column::Id, "person_id"),
    (user::Column::FullName, "person_full_name"),
    (user::Column::LatinName, "person_latin_name"),
    (user::Column::IsNameShown, "person_is_name_shown"),
    (user::Column::ConfirmedAt, "person_confirmed_at"),
];

/// Joins to each row of `select` the person whose id stands in `column`, whom [`Beside`] reads.
pub fn beside<E: EntityTrait>(select: Select<E>, column: E::Column) -> Select<E> {
    let person = E::belongs_to(user::Entity).from(column).to(user::Column::Id);
    let select = select.join(JoinType::LeftJoin, person.into());
    BESIDE.into_iter().fold(select, |select, (column, name)| select.column_as(column, name))
}

/// A person who came beside a row of another table.
#[derive(Clone, Debug)]
pub struct Beside(Option<Named>);

impl FromQueryResult for Beside {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let Some(id) = row.try_get("", BESIDE[0].1)? else { return Ok(Self(None)) };
        Ok(Self(Some(Named {
            id,
            full_name: row.try_get("", BESIDE[1].1)?,
            latin_name: row.try_get("", BESIDE[2].1)?,
            is_name_shown: row.try_get("", BESIDE[3].1)?,
            confirmed_at: row.try_get("", BESIDE[4].1)?,
        })))
    }
}

impl Beside {
    /// What `viewer` sees of them. `None` also where that is everything: it did not come.
    #[must_use]
    pub fn seen_by(&self, viewer: &Viewer) -> Option<Seen> {
        self.0.as_ref().filter(|person| !sees_all(viewer, person.id))?.clone().seen_by(viewer)
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
    let sees_all = |id| sees_all(viewer, id);
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

/// The administrators who can sign in, in the order of their ids.
pub fn administrators() -> Select<user::Entity> {
    user::Entity::find()
        .filter(Expr::col(user::Column::Roles).bit_and(Roles::ADMINISTRATOR_BIT).ne(0))
        .filter(user::Column::SuspendedAt.is_null())
        .order_by_asc(user::Column::Id)
}

/// The ids of the [`administrators`], who are locked, so that of two changes to who administers the site the second sees the first.
pub async fn locked_administrators(db: &impl ConnectionTrait) -> Result<Vec<UserId>> {
    Ok(administrators().lock_exclusive().all(db).await?.into_iter().map(|user| user.id).collect())
}

/// As [`locked_administrators`], for one of them: the viewer may have ceased to be one since the request began.
pub async fn fellows(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<UserId>> {
    let id = viewer.holding(SiteRole::Administrator)?.id;
    let administrators = locked_administrators(db).await?;
    if administrators.contains(&id) { Ok(administrators) } else { Err(Error::Forbidden) }
}

/// The accounts that wait to be vetted.
pub fn waiting() -> Select<user::Entity> {
    user::Entity::find()
        .filter(user::Column::ConfirmedAt.is_not_null())
        .filter(user::Column::VettedAt.is_null())
        .filter(user::Column::SuspendedAt.is_null())
}
