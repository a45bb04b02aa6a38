//! The `watch` table: what one person has watched of one recording.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{RecordingId, UserId},
};

/// What one person has watched.
#[derive(Clone, Debug, PartialEq, Eq, Hash, DeriveEntityModel)]
#[sea_orm(table_name = "watch")]
pub struct Model {
    /// Of which recording.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recording_id: RecordingId,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// When they were first given something to play.
    pub granted_at: Instant,
    /// The stretches watched, [`super::intervals::Intervals`] as JSON.
    pub intervals: String,
    /// How much they cover, in milliseconds.
    pub covered_ms: i64,
    /// Where they stopped, in milliseconds.
    pub position_ms: i64,
    /// When they last reported.
    pub updated_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
