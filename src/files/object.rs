//! The `object` table: a row for each object in storage, written before its bytes, so that nothing lies there unknown.

use sea_orm::entity::prelude::*;

use crate::{clock::Instant, ids::ObjectId};

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// Its bytes may be on their way.
    #[sea_orm(string_value = "expected")]
    Expected,
    /// Its bytes are there and in use.
    #[sea_orm(string_value = "stored")]
    Stored,
    /// Nothing uses it any more; a job deletes it.
    #[sea_orm(string_value = "doomed")]
    Doomed,
}

/// An object in storage.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "object")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ObjectId,
    /// Its key in storage: `kind/owner/id/name`, never text of a user.
    pub key: String,
    /// Media type that it is served with.
    pub content_type: String,
    /// Bytes, once they are there.
    pub size: Option<i64>,
    /// What storage calls this content, once it is there.
    pub etag: Option<String>,
    /// Where it stands.
    pub state: State,
    /// When the row was written.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
