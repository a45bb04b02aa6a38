//! The `module_text` table: what a module says of itself, in each language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::ModuleId,
    language::{Language, texts::text_table},
};

/// Texts of a module in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "module_text")]
pub struct Model {
    /// The module.
    #[sea_orm(primary_key, auto_increment = false)]
    pub module_id: ModuleId,
    /// Language of the text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from; of the original, its own.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// One or two sentences, plain; may be empty.
    pub summary: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::ModuleId);
