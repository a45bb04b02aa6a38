//! The `recording_text` table: what a recording is called, in each language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::RecordingId,
    language::{Language, translated::Translated},
};

/// Texts of a recording in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recording_text")]
pub struct Model {
    /// Of which recording.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recording_id: RecordingId,
    /// In which language.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that this row was made from.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// What it is about, plain.
    pub summary: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Translated for Model {
    fn language(&self) -> &Language {
        &self.language
    }
    fn source_revision(&self) -> i32 {
        self.source_revision
    }
    fn is_machine(&self) -> bool {
        self.is_machine
    }
}
