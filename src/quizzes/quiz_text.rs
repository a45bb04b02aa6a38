//! The `quiz_text` table: what a quiz says, in each language.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::QuizId,
    language::{Language, texts::text_table},
};

/// Texts of a quiz in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "quiz_text")]
pub struct Model {
    /// The quiz.
    #[sea_orm(primary_key, auto_increment = false)]
    pub quiz_id: QuizId,
    /// Language of the text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from; of the original, its own.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// Title.
    pub title: String,
    /// What to know before starting, Markdown.
    pub instructions: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::QuizId);
