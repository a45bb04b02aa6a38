//! The `transcoder` table: one row that tells when a worker with ffmpeg was last seen.

use sea_orm::entity::prelude::*;

use crate::clock::Instant;

/// When a worker with ffmpeg was last seen.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transcoder")]
pub struct Model {
    /// The nil UUID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub seen_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
