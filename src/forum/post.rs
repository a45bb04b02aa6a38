//! The `post` table.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use super::parent::ParentId;
use crate::{
    clock::Instant,
    ids::{PostId, TopicId, UserId},
    language::Language,
};

/// What is left of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum PostState {
    /// All of it.
    #[sea_orm(string_value = "shown")]
    Shown,
    /// Its author deleted it; its text is destroyed.
    #[sea_orm(string_value = "deleted")]
    Deleted,
    /// A moderator hid it; moderators still see it.
    #[sea_orm(string_value = "hidden")]
    Hidden,
    /// A moderator had its text destroyed.
    #[sea_orm(string_value = "redacted")]
    Redacted,
}

/// What somebody says in a topic.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostId,
    /// The topic.
    pub topic_id: TopicId,
    /// The community or course of its topic; never changes.
    pub parent_id: ParentId,
    /// 1, 2, 3 … in its topic, without gaps.
    pub number: i32,
    /// Who wrote it; `None` when they are gone.
    pub author_id: Option<UserId>,
    /// What is left of it.
    pub state: PostState,
    /// Language that it is written in.
    pub language: Language,
    /// Markdown; `None` once it is destroyed.
    pub body: Option<String>,
    /// The body, rendered; `None` once it is destroyed.
    pub body_html: Option<String>,
    /// The post of the same topic that it answers.
    pub in_reply_to_id: Option<PostId>,
    /// Earlier texts that are kept.
    pub revision_count: i32,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last edited.
    pub edited_at: Option<Instant>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
