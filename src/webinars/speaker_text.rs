//! The `webinar_speaker_text` table: what is said of a speaker, by language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::WebinarSpeakerId,
    language::{Language, texts::text_table},
};

/// Texts in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_speaker_text")]
pub struct Model {
    /// The speaker.
    #[sea_orm(primary_key, auto_increment = false)]
    pub speaker_id: WebinarSpeakerId,
    /// Language of this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it.
    pub is_machine: bool,
    /// Function; may be empty.
    pub role: String,
    /// Biography, Markdown; may be empty.
    pub biography: String,
    /// The biography, rendered.
    pub biography_html: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::SpeakerId);
