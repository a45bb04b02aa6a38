//! The `category_text` table: what a category says of itself, by language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::CategoryId,
    language::{Language, texts::text_table},
};

/// Texts of a category in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category_text")]
pub struct Model {
    /// The category.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category_id: CategoryId,
    /// Language of this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// One or two sentences, plain.
    pub description: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::CategoryId);
