//! The `lesson_text` table: what a lesson says, in each language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::LessonId,
    language::{Language, texts::text_table},
};

/// Texts of a lesson in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson_text")]
pub struct Model {
    /// The lesson.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lesson_id: LessonId,
    /// Language of the text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from; of the original, its own.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// The article, or what to know before the rest, Markdown; may be empty.
    pub body: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::LessonId);
