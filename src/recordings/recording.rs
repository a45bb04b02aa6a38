//! The `recording` table.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{ObjectId, RecordingId, UserId},
    language::Language,
    visibility::Visibility,
};

/// Whether the audience can watch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[graphql(name = "RecordingState")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// Only staff.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// Those who may see it.
    #[sea_orm(string_value = "published")]
    Published,
    /// Taken back; only staff.
    #[sea_orm(string_value = "archived")]
    Archived,
}

/// Where the picture and sound stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))")]
pub enum MediaState {
    /// Nothing was uploaded yet.
    #[sea_orm(string_value = "missing")]
    Missing,
    /// An upload is under way.
    #[sea_orm(string_value = "uploading")]
    Uploading,
    /// The upload is complete and is being checked.
    #[sea_orm(string_value = "checking")]
    Checking,
    /// Checked; waiting for a worker that has ffmpeg.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// A worker is making the renditions.
    #[sea_orm(string_value = "transcoding")]
    Transcoding,
    /// All renditions are there.
    #[sea_orm(string_value = "ready")]
    Ready,
    /// It cannot be used; `mediaProblem` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
}

/// A video or sound recording.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recording")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecordingId,
    /// Who made it.
    pub owner_id: UserId,
    /// Who may see it once it is published.
    pub visibility: Visibility,
    /// Whether the audience can watch it.
    pub state: State,
    /// Language that its texts are written in first.
    pub original_language: Language,
    /// Language mostly spoken in it.
    pub spoken_language: Language,
    /// Day it was recorded, YYYY-MM-DD.
    pub recorded_on: Option<String>,
    /// Where picture and sound stand.
    pub media_state: MediaState,
    /// Why it failed or waits: a code, see [`super::problem`].
    pub media_problem: Option<String>,
    /// How much is transcoded, in thousandths.
    pub transcode_permille: i32,
    /// The file as uploaded, once it was checked.
    pub source_object_id: Option<ObjectId>,
    /// Browsers can play the file as it was uploaded.
    pub is_source_playable: bool,
    /// Length in milliseconds, once it was checked.
    pub duration_ms: Option<i64>,
    /// When it was made.
    pub created_at: Instant,
    /// What lists are ordered by: when it was last published, else when it was made.
    pub listed_at: Instant,
    /// When it was last published.
    pub published_at: Option<Instant>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
