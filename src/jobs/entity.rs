//! The `job` table.

use sea_orm::entity::prelude::*;

use crate::{clock::Instant, ids::JobId};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum State {
    /// Waiting for its time and a worker.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// A worker has it, until its lease ends.
    #[sea_orm(string_value = "running")]
    Running,
    /// Given up after too many tries; people must look.
    #[sea_orm(string_value = "dead")]
    Dead,
}

/// How soon a job is wanted. What is due is taken in this order, and of one kind of urgency the earliest first: what goes to
/// many waits for the rest, which is never much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "i32", db_type = "Integer")]
pub enum Urgency {
    /// Somebody waits for it in front of a screen.
    #[sea_orm(num_value = 0)]
    Awaited,
    /// Soon.
    #[sea_orm(num_value = 1)]
    Usual,
    /// It is one of many alike, such as an invitation.
    #[sea_orm(num_value = 2)]
    Bulk,
}

/// Work to be done. Done jobs are deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Name of its kind.
    pub kind: String,
    /// Its fields, JSON.
    pub payload: String,
    /// Of jobs with the same key only one waits at a time.
    pub dedupe_key: Option<String>,
    /// Where it stands.
    pub state: State,
    /// How soon it is wanted.
    pub urgency: Urgency,
    /// Not before.
    pub run_at: Instant,
    /// Times that a worker took it.
    pub attempts: i32,
    /// Fences the worker that has it: another's word about it does not count.
    pub lease: Option<Uuid>,
    /// When another worker may take it over.
    pub lease_until: Option<Instant>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
