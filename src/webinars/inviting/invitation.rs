//! The `invitation` table: who was invited to a webinar.

use sea_orm::entity::prelude::*;

use super::{super::webinar, letter::Audience};
use crate::{
    clock::Instant,
    ids::{ContactId, InvitationId, WebinarId},
    language::Language,
};

/// An invitation to a webinar, of a contact or of a person.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// To which webinar.
    pub webinar_id: WebinarId,
    /// The contact; `None` where it is of a person. One invitation to a webinar for each.
    pub contact_id: Option<ContactId>,
    /// Of a person, the form in which their address is compared; likewise.
    pub email_key: Option<String>,
    /// How the letter calls them.
    pub name: String,
    /// Language of the letter.
    pub language: Language,
    /// How many people the contact may name.
    pub quota: i32,
    /// Until when; see [`Model::closes_at`].
    pub names_until: Option<Instant>,
    /// When it was made.
    pub invited_at: Instant,
    /// When they were last reminded.
    pub reminded_at: Option<Instant>,
    /// When the contact first named somebody, or the person registered.
    pub reacted_at: Option<Instant>,
}

impl Model {
    /// Whom it is for.
    #[must_use]
    pub fn audience(&self) -> Audience {
        if self.contact_id.is_some() { Audience::Contacts } else { Audience::People }
    }

    /// When the contact's list is closed: when that was said, with the registration, or at the start.
    #[must_use]
    pub fn closes_at(&self, webinar: &webinar::Model) -> Instant {
        let closes = self.names_until.or(webinar.registration_closes_at).unwrap_or(webinar.starts_at);
        closes.min(webinar.starts_at)
    }

    /// Whether it leads to a list that is closed.
    #[must_use]
    pub fn is_closed(&self, webinar: &webinar::Model, now: Instant) -> bool {
        self.contact_id.is_some() && self.closes_at(webinar) <= now
    }
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
