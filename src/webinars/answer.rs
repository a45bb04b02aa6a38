//! The `registration_answer` table: what registrants answered.

use sea_orm::entity::prelude::*;

use crate::ids::{RegistrationId, WebinarQuestionId};

/// An answer of a registrant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration_answer")]
pub struct Model {
    /// The registration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: RegistrationId,
    /// The question.
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: WebinarQuestionId,
    /// The answer.
    pub answer: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
