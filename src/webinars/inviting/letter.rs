//! The `invitation_letter` table: what invitations to a webinar say, where its organisers wrote that themselves.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::ids::{InvitationLetterId, WebinarId};

/// Whom a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[graphql(name = "InvitationAudience")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum Audience {
    /// Contacts, who name people.
    #[sea_orm(string_value = "contacts")]
    Contacts,
    /// People, who register themselves.
    #[sea_orm(string_value = "people")]
    People,
}

/// The letter of a webinar for one audience.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation_letter")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationLetterId,
    /// The webinar.
    pub webinar_id: WebinarId,
    /// Whom it is for; one letter for each.
    pub audience: Audience,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
