//! The `webinar_question` table: what those who register are asked.

use sea_orm::entity::prelude::*;

use crate::ids::{WebinarId, WebinarQuestionId};

/// A question to those who register.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webinar_question")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebinarQuestionId,
    /// The webinar.
    pub webinar_id: WebinarId,
    /// Order, from 0.
    pub position: i32,
    /// Nobody registers without an answer.
    pub is_required: bool,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
