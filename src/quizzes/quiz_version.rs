//! The `quiz_version` table: a quiz as it was published. Rows never change.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::paper::{Key, Paper};
use crate::{
    clock::Instant,
    ids::{QuizId, QuizVersionId},
};

/// A frozen quiz.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quiz_version")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuizVersionId,
    /// Its quiz.
    pub quiz_id: QuizId,
    /// 1, 2, 3 …
    pub number: i32,
    /// SHA-256 of the content, hexadecimal: tells whether a draft says anything new.
    pub fingerprint: String,
    /// All of it, in all languages.
    #[sea_orm(column_type = "JsonBinary")]
    pub content: Content,
    /// When.
    pub frozen_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// All that a frozen quiz holds: rules, pinned versions of its questions in order, and texts. Read by older and newer
/// servers alike: add fields with `#[serde(default)]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Content {
    /// What is asked.
    pub paper: Paper,
    /// What is right.
    pub key: Key,
}
