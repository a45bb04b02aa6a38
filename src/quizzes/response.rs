//! The `quiz_response` table: what was saved last for a question of an attempt.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Instant,
    ids::{ChoiceId, QuestionId, QuizAttemptId},
};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, DeriveEntityModel)]
#[sea_orm(table_name = "quiz_response")]
pub struct Model {
    /// The attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub attempt_id: QuizAttemptId,
    /// The question.
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: QuestionId,
    /// What was chosen.
    #[sea_orm(column_type = "JsonBinary")]
    pub chosen: Chosen,
    /// The client's count of the save; a save with a lower or equal one changes nothing.
    pub sequence: i32,
    /// When the server received it.
    pub saved_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What was chosen, without repetition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Chosen(pub Vec<ChoiceId>);
