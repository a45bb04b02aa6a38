//! The `flag` table.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use super::parent::ParentId;
use crate::{
    clock::Instant,
    ids::{FlagId, PostId, UserId},
};

/// What is wrong with a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))")]
pub enum FlagReason {
    /// Advertising or the like.
    #[sea_orm(string_value = "spam")]
    Spam,
    /// Insults, threats, harassment.
    #[sea_orm(string_value = "abuse")]
    Abuse,
    /// Says what must not be said here.
    #[sea_orm(string_value = "confidential")]
    Confidential,
    /// Belongs elsewhere.
    #[sea_orm(string_value = "off_topic")]
    OffTopic,
    /// Something else, said in the comment.
    #[sea_orm(string_value = "other")]
    Other,
}

/// Where a flag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum FlagState {
    /// Waiting for a moderator.
    #[sea_orm(string_value = "open")]
    Open,
    /// A moderator acted on it.
    #[sea_orm(string_value = "upheld")]
    Upheld,
    /// A moderator found nothing wrong.
    #[sea_orm(string_value = "dismissed")]
    Dismissed,
}

/// A post brought to the moderators' attention.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flag")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FlagId,
    /// The post.
    pub post_id: PostId,
    /// The community or course of the post.
    pub parent_id: ParentId,
    /// What is wrong.
    pub reason: FlagReason,
    /// What the person added; may be empty.
    pub comment: String,
    /// Where it stands.
    pub state: FlagState,
    /// By whom; `None` when they are gone.
    pub reported_by: Option<UserId>,
    /// When.
    pub reported_at: Instant,
    /// Who decided.
    pub resolved_by: Option<UserId>,
    /// When.
    pub resolved_at: Option<Instant>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
