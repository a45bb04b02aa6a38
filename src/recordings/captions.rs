//! The `captions` table: what is said in a recording, as text over time, once for each language.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{CaptionsId, RecordingId},
    language::Language,
};

/// Captions in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "captions")]
pub struct Model {
    /// Their id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CaptionsId,
    /// Of which recording.
    pub recording_id: RecordingId,
    /// In which language; unique within the recording.
    pub language: Language,
    /// When they were last replaced.
    pub updated_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The `captions_body` table: the files themselves, as rendered by us.
pub mod body {
    use sea_orm::entity::prelude::*;

    use crate::ids::CaptionsId;

    /// A WebVTT file.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "captions_body")]
    pub struct Model {
        /// Of which captions.
        #[sea_orm(primary_key, auto_increment = false)]
        pub captions_id: CaptionsId,
        /// The file.
        pub webvtt: String,
    }

    /// None: policies and operations say what they join.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
