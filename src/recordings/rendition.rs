//! The `rendition` table: encodings of recordings, each one file in object storage.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::ids::{ObjectId, RecordingId, RenditionId};

/// What a rendition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[graphql(name = "RenditionKind")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))")]
pub enum Kind {
    /// Picture.
    #[sea_orm(string_value = "video")]
    Video,
    /// Sound.
    #[sea_orm(string_value = "audio")]
    Audio,
    /// Picture and sound in one file, as uploaded.
    #[sea_orm(string_value = "progressive")]
    Progressive,
}

/// One encoding of a recording.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rendition")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RenditionId,
    /// Of which recording.
    pub recording_id: RecordingId,
    /// Its file.
    pub object_id: ObjectId,
    /// Its name in addresses, such as `720p`; unique within the recording.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Columns of the picture.
    pub width: Option<i32>,
    /// Lines of the picture.
    pub height: Option<i32>,
    /// Frames in a thousand seconds.
    pub frames_per_1000_s: Option<i32>,
    /// Channels of the sound.
    pub channels: Option<i32>,
    /// Its codec (RFC 6381).
    pub codec: String,
    /// Peak bit rate.
    pub peak_rate: i32,
    /// Average bit rate.
    pub average_rate: i32,
    /// Size.
    pub size: i64,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The `rendition_playlist` table: media playlists, apart since they are long and seldom read.
pub mod playlist {
    use sea_orm::entity::prelude::*;

    use crate::ids::RenditionId;

    /// The media playlist of a rendition.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rendition_playlist")]
    pub struct Model {
        /// Of which rendition.
        #[sea_orm(primary_key, auto_increment = false)]
        pub rendition_id: RenditionId,
        /// As players get it.
        pub body: String,
    }

    /// None: policies and operations say what they join.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
