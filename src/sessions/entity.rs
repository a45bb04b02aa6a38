//! The `session` table, and what Redis keeps of a session.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Instant,
    ids::{SessionId, UserId},
};

/// A signed-in device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// SHA-256 of its token, hexadecimal.
    pub token_hash: String,
    /// The device is shared with others.
    pub is_shared: bool,
    /// What the device called itself.
    pub user_agent: String,
    /// When the person signed in.
    pub created_at: Instant,
    /// When it was last used, to the minute.
    pub last_seen_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
