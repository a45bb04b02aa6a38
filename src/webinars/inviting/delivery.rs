//! The `invitation_delivery` table: to which address a letter went, and what became of it.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::{clock::Instant, ids::InvitationId};

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[graphql(name = "InvitationDeliveryState")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// It goes out soon.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// The mail relay has taken it.
    #[sea_orm(string_value = "sent")]
    Sent,
    /// The mail relay refused the address for good, or staff saw it come back.
    #[sea_orm(string_value = "bounced")]
    Bounced,
    /// Whoever reads this address asked not to be written to again.
    #[sea_orm(string_value = "unwanted")]
    Unwanted,
}

/// A letter to one address.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation_delivery")]
pub struct Model {
    /// Its id, also that of the message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The invitation.
    pub invitation_id: InvitationId,
    /// Order, from 0.
    pub position: i32,
    /// Address.
    pub email: String,
    /// What became of it.
    pub state: State,
    /// When the relay took it.
    pub sent_at: Option<Instant>,
    /// The reminder that went last, by when it was asked for.
    pub reminded_at: Option<Instant>,
    /// When it came back.
    pub bounced_at: Option<Instant>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
