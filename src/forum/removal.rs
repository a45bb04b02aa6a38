//! The `removal` table: who may no longer take part in a community.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{CommunityId, RemovalId, UserId},
};

/// Somebody who may no longer take part in a community.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "removal")]
pub struct Model {
    /// Its id; later removals sort later.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RemovalId,
    /// From where.
    pub community_id: CommunityId,
    /// Who; once in a community.
    pub user_id: UserId,
    /// Why.
    pub reason: String,
    /// By whom; `None` when they are gone.
    pub removed_by: Option<UserId>,
    /// When.
    pub removed_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
