//! The `category` table.

use sea_orm::entity::prelude::*;

use super::parent::{Parent, ParentId, ParentKind};
use crate::{clock::Instant, ids::CategoryId, language::Language};

/// A shelf of topics in a community or a course.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    /// What it stands in.
    pub parent_kind: ParentKind,
    /// The community or course.
    pub parent_id: ParentId,
    /// 1, 2, 3 … within the parent.
    pub position: i32,
    /// Language that it is written in first.
    pub original_language: Language,
    /// When it was closed to new topics.
    pub archived_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The community or course that it stands in.
    #[must_use]
    pub const fn parent(&self) -> Parent {
        Parent::new(self.parent_kind, self.parent_id)
    }
}
