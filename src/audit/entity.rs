//! The `audit_entry` table.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{AuditEntryId, UserId},
};

/// A change that mattered.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Its id; later entries sort later.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    /// When.
    pub at: Instant,
    /// Who; `None` for the server itself and people who are gone.
    pub actor_id: Option<UserId>,
    /// Network address; forgotten after 90 days.
    pub address: Option<String>,
    /// What, for example `course.published`.
    pub action: String,
    /// Id of the object concerned, as on the wire.
    pub subject_id: Option<String>,
    /// Names of the fields that changed, divided by commas.
    pub fields: String,
    /// Further ids and numbers, JSON object.
    pub details: String,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
