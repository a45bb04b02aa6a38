//! A webinar as one viewer sees it: the row with their registration and what they are in it, in one statement.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryFilter, QueryResult,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait as _, IntoCondition, SimpleExpr},
};
use uuid::Uuid;

use super::{
    policy,
    registration::{self, RegistrationState},
    webinar,
};
use crate::{
    error::Result,
    ids::{UserId, WebinarId},
    rows::among,
    viewer::Viewer,
};

/// A webinar that the viewer may see, with what they are in it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The webinar.
    pub webinar: webinar::Model,
    /// The viewer's registration, cancelled ones included.
    pub registration: Option<registration::Model>,
    /// The viewer may change it.
    pub edits: bool,
    /// The viewer speaks in it.
    pub speaks: bool,
}

impl Seen {
    /// The viewer runs it or speaks in it.
    #[must_use]
    pub fn is_of_staff(&self) -> bool {
        self.edits || self.speaks
    }

    /// The viewer has a seat, or waits for one.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.registration.as_ref().is_some_and(|registration| registration.state != RegistrationState::Cancelled)
    }

    /// The viewer has a seat.
    #[must_use]
    pub fn has_seat(&self) -> bool {
        self.registration.as_ref().is_some_and(|registration| registration.state == RegistrationState::Registered)
    }
}

const REGISTRATION: &str = "registration_";

impl FromQueryResult for Seen {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        Ok(Self {
            webinar: webinar::Model::from_query_result(row, prefix)?,
            registration: registration::Model::from_query_result_optional(row, REGISTRATION)?,
            edits: row.try_get("", "edits")?,
            speaks: row.try_get("", "speaks")?,
        })
    }
}

fn select(viewer: &Viewer) -> Select<webinar::Entity> {
    // Nobody has the nil id: visitors get no registration from the same statement.
    let user = viewer.user_id().unwrap_or(UserId(Uuid::nil()));
    let own = webinar::Entity::belongs_to(registration::Entity)
        .from(webinar::Column::Id)
        .to(registration::Column::WebinarId)
        .on_condition(move |_, right| Expr::col((right, registration::Column::UserId)).eq(user).into_condition());
    let mut select = policy::visible(viewer)
        .join(JoinType::LeftJoin, own.into())
        .expr_as(SimpleExpr::from(policy::changes(viewer)), "edits")
        .expr_as(SimpleExpr::from(policy::speaks(viewer)), "speaks");
    for column in registration::Column::iter() {
        select = select.column_as(column, format!("{REGISTRATION}{}", column.as_str()));
    }
    select
}

/// A webinar by id.
pub async fn by_id(db: &impl ConnectionTrait, viewer: &Viewer, id: WebinarId) -> Result<Option<Seen>> {
    Ok(select(viewer).filter(webinar::Column::Id.eq(id)).into_model().one(db).await?)
}

/// A webinar by its address part.
pub async fn by_slug(db: &impl ConnectionTrait, viewer: &Viewer, slug: &str) -> Result<Option<Seen>> {
    Ok(select(viewer).filter(webinar::Column::Slug.eq(slug)).into_model().one(db).await?)
}

/// Webinars by id, in no order.
pub async fn by_ids(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[WebinarId]) -> Result<Vec<Seen>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = among(db.get_database_backend(), webinar::Column::Id, ids);
    Ok(select(viewer).filter(wanted).into_model().all(db).await?)
}
