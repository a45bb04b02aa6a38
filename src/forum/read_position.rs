//! The `read_position` table: how far people have read.

use sea_orm::entity::prelude::*;

use crate::ids::{TopicId, UserId};

/// How far somebody has read a topic.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "read_position")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// What.
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic_id: TopicId,
    /// Number of the last post read.
    pub number: i32,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
