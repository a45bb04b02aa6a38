//! The `calendar_feed` table: the private calendars of people. Whoever has the address made of its id reads it; a new id ends the old address.

use sea_orm::entity::prelude::*;

use crate::ids::{CalendarFeedId, UserId};

/// The calendar of a person.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feed")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarFeedId,
    /// Whose.
    pub user_id: UserId,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
