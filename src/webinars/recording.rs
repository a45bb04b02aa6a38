//! The `webinar_recording` table: the recordings of a webinar, one for each language as a rule.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{RecordingId, WebinarId},
};

/// A recording of a webinar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_recording")]
pub struct Model {
    /// The webinar.
    #[sea_orm(primary_key, auto_increment = false)]
    pub webinar_id: WebinarId,
    /// The recording.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recording_id: RecordingId,
    /// Order, from 0.
    pub position: i32,
    /// When registrants were told of it.
    pub told_at: Option<Instant>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
