//! The `nominee` table: people whom contacts name for a webinar.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use super::super::replying::Answers;
use crate::{
    accounts::user::{Gender, OrganisationKind},
    clock::Instant,
    ids::{InvitationId, NomineeId, RegistrationId, WebinarId},
    language::Language,
};

/// Where a nomination stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[graphql(name = "NomineeState")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// The contact named the person; nothing is decided.
    #[sea_orm(string_value = "named")]
    Named,
    /// The organiser put the person on the waiting list.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// The organiser declined.
    #[sea_orm(string_value = "declined")]
    Declined,
    /// A seat is held for the person, who has been asked whether they come.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// The person comes: the seat is theirs.
    #[sea_orm(string_value = "confirmed")]
    Confirmed,
    /// The person does not come.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// Somebody whom a contact named for a webinar, with what was told of them as it stood then.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "nominee")]
pub struct Model {
    /// Their id here.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NomineeId,
    /// For which webinar.
    pub webinar_id: WebinarId,
    /// By the contact of this invitation.
    pub invitation_id: InvitationId,
    /// Full name; this, the function and the address are empty once they are forgotten.
    pub full_name: String,
    /// What they do there; may be empty.
    pub function: String,
    /// Address.
    pub email: String,
    /// The form in which addresses are compared; unique within the invitation.
    pub email_key: String,
    /// As told.
    pub gender: Option<Gender>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The contact's name then.
    pub organisation: String,
    /// The contact's kind then.
    pub organisation_kind: OrganisationKind,
    /// Language that they are written to in.
    pub language: Language,
    /// Where it stands.
    pub state: State,
    /// When they were named.
    pub named_at: Instant,
    /// Place in the waiting list: the earliest is next.
    pub waiting_since: Instant,
    /// When the organiser last decided.
    pub decided_at: Option<Instant>,
    /// When the person last answered.
    pub answered_at: Option<Instant>,
    /// When a letter to them came back.
    pub bounced_at: Option<Instant>,
    /// The registration that it became, with the seat.
    pub registration_id: Option<RegistrationId>,
    /// What they answered to the questions of the webinar when they said that they come.
    pub answers: Option<Answers>,
}

impl Model {
    /// Whether a seat is held for them, which is no registration yet.
    #[must_use]
    pub fn holds_seat(&self) -> bool {
        matches!(self.state, State::Accepted | State::Confirmed) && self.registration_id.is_none()
    }
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
