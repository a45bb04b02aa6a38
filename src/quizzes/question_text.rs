//! The `question_text` table: what a version of a question says, in each language.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    ids::QuestionVersionId,
    language::{Language, texts::text_table},
};

/// Texts of a version of a question in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question_text")]
pub struct Model {
    /// The version of the question.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: QuestionVersionId,
    /// Language of the text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from; of the original, its own.
    pub source_revision: i32,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
    /// What is asked, Markdown.
    pub prompt: String,
    /// What the choices say, in their order.
    #[sea_orm(column_type = "JsonBinary")]
    pub choices: ChoiceTexts,
    /// Why the answer is right, Markdown.
    pub explanation: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::VersionId);

/// What choices say, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct ChoiceTexts(pub Vec<String>);
