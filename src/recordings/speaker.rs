//! The `speaker` table: who speaks in a recording, and whether they agreed to its publication.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{RecordingId, SpeakerId},
};

/// A person who speaks in a recording.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "speaker")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpeakerId,
    /// In which recording.
    pub recording_id: RecordingId,
    /// Order, from 0.
    pub position: i32,
    /// Name as shown.
    pub name: String,
    /// Function as shown; may be empty.
    pub role: String,
    /// When they agreed.
    pub agreed_at: Option<Instant>,
    /// The text that they agreed to.
    pub consent_text: Option<String>,
    /// When they withdrew.
    pub withdrawn_at: Option<Instant>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether they agree to publication now.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.agreed_at.is_some() && self.withdrawn_at.is_none()
    }
}
