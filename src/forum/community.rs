//! The `community` table.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{CommunityId, UserId},
    language::Language,
    visibility::Visibility,
};

/// A place where practitioners discuss.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommunityId,
    /// Address part; unique.
    pub slug: String,
    /// Who made it.
    pub owner_id: UserId,
    /// Who may see it.
    pub visibility: Visibility,
    /// Language that it is written in first.
    pub original_language: Language,
    /// When it was closed to new posts.
    pub archived_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
