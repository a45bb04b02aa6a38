//! The `webinar_question_text` table: a question to those who register, by language.

use sea_orm::entity::prelude::*;

use crate::{
    ids::WebinarQuestionId,
    language::{Language, texts::text_table},
};

/// Texts in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_question_text")]
pub struct Model {
    /// The question.
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: WebinarQuestionId,
    /// Language of this row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Revision of the original that it was made from.
    pub source_revision: i32,
    /// A machine made it.
    pub is_machine: bool,
    /// The question.
    pub prompt: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

text_table!(Column::QuestionId);
