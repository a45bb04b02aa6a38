//! The `registration` table: who registered for a webinar.

use sea_orm::entity::prelude::*;

use crate::{
    accounts::user::{Gender, OrganisationKind},
    clock::Instant,
    ids::{RegistrationId, UserId, WebinarId},
    language::Language,
};

/// Where a registration stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum RegistrationState {
    /// The person has a seat.
    #[sea_orm(string_value = "registered")]
    Registered,
    /// There was no seat left; the person moves up when one becomes free.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// The person, or staff, cancelled it.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// A registration, with what the person had told of themselves as it stood then.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RegistrationId,
    /// For which webinar.
    pub webinar_id: WebinarId,
    /// Who; one registration for each person and webinar.
    pub user_id: UserId,
    /// Where it stands.
    pub state: RegistrationState,
    /// When the person last registered.
    pub registered_at: Instant,
    /// Place in the waiting list: the earliest is next.
    pub waiting_since: Instant,
    /// When it was cancelled.
    pub cancelled_at: Option<Instant>,
    /// When the person first joined.
    pub joined_at: Option<Instant>,
    /// When the person typed the code that was shown in the session.
    pub checked_in_at: Option<Instant>,
    /// How often they typed another one.
    pub wrong_codes: i32,
    /// Minutes present by the organiser's list.
    pub listed_minutes: Option<i32>,
    /// How often this registration itself has changed for calendars.
    pub calendar_sequence: i32,
    /// As told.
    pub gender: Option<Gender>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// Kind of organisation.
    pub organisation_kind: Option<OrganisationKind>,
    /// Preferred language.
    pub language: Language,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
