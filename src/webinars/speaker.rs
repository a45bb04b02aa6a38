//! The `webinar_speaker` table: who speaks in a webinar.

use sea_orm::entity::prelude::*;

use crate::ids::{WebinarId, WebinarSpeakerId};

/// A speaker of a webinar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_speaker")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebinarSpeakerId,
    /// The webinar.
    pub webinar_id: WebinarId,
    /// Order, from 0.
    pub position: i32,
    /// Name as shown.
    pub name: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
