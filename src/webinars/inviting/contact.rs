//! The `webinar_contact` table: whom the organisers of a series write to.

use sea_orm::entity::prelude::*;

use crate::{
    accounts::user::OrganisationKind,
    clock::Instant,
    ids::{ContactId, WebinarSeriesId},
    language::Language,
};

/// A contact: an office that has no account, such as a Permanent Mission.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_contact")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    /// The series whose contact it is.
    pub series_id: WebinarSeriesId,
    /// Its name.
    pub name: String,
    /// What kind of organisation it is.
    pub organisation_kind: OrganisationKind,
    /// ISO 3166-1 alpha-2; of international organisations none.
    pub country: Option<String>,
    /// Language that it is written to in.
    pub language: Language,
    /// When it was made.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
