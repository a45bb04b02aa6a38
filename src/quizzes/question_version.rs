//! The `question_version` table: a question as it was at a time.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Instant,
    ids::{ChoiceId, QuestionId, QuestionVersionId},
};

/// A version of a question; each change of what is asked, what it gives or what is right makes a new one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question_version")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionVersionId,
    /// Its question.
    pub question_id: QuestionId,
    /// 1, 2, 3 …
    pub number: i32,
    /// What a right answer gives, 1 to 100.
    pub points: i32,
    /// In order, 2 to 20.
    #[sea_orm(column_type = "JsonBinary")]
    pub choices: Choices,
    /// When.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The choices of a version, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Choices(pub Vec<Choice>);

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The same in all languages.
    pub id: ChoiceId,
    /// Whether it is right.
    pub is_correct: bool,
}
