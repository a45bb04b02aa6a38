//! The `post_revision` table: earlier texts of posts.

use sea_orm::entity::prelude::*;

use crate::{clock::Instant, ids::PostId};

/// An earlier text of a post.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_revision")]
pub struct Model {
    /// The post.
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    /// 1 for the first text, and so on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Markdown.
    pub body: String,
    /// The body, rendered.
    pub body_html: String,
    /// When that was written.
    pub written_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
