//! The `topic` table.

use sea_orm::entity::prelude::*;

use super::parent::ParentId;
use crate::{
    clock::Instant,
    ids::{CategoryId, TopicId, UserId},
    language::Language,
};

/// A discussion.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "topic")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TopicId,
    /// Where it stands.
    pub category_id: CategoryId,
    /// The community or course of its category; never changes.
    pub parent_id: ParentId,
    /// Who started it; `None` when they are gone.
    pub author_id: Option<UserId>,
    /// As its author wrote it.
    pub title: String,
    /// Language that it was started in.
    pub language: Language,
    /// Shown first.
    pub is_pinned: bool,
    /// Closed to new posts.
    pub is_locked: bool,
    /// When a moderator took it out of sight.
    pub hidden_at: Option<Instant>,
    /// Posts made in it so far: the number of the last one.
    pub post_count: i32,
    /// When the last post was made.
    pub last_post_at: Instant,
    /// When it was started.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
