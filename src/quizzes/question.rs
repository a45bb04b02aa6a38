//! The `question` table: a question through all its versions.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{QuestionId, QuestionVersionId, QuizId},
};

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum QuestionKind {
    /// Exactly one choice.
    #[sea_orm(string_value = "single_choice")]
    SingleChoice,
    /// Any number of choices; right only when exactly the right ones are chosen.
    #[sea_orm(string_value = "multiple_choice")]
    MultipleChoice,
    /// One of two choices.
    #[sea_orm(string_value = "true_false")]
    TrueFalse,
}

/// A question of a quiz.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question")]
pub struct Model {
    /// The question, the same through all its versions.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionId,
    /// Its quiz.
    pub quiz_id: QuizId,
    /// How it is answered; never changes.
    pub kind: QuestionKind,
    /// From 1, without gaps among the questions of the draft.
    pub position: i32,
    /// The version that the draft holds.
    pub version_id: QuestionVersionId,
    /// When it was taken out of the draft; frozen quizzes keep it.
    pub removed_at: Option<Instant>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
