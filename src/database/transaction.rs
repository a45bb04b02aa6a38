//! The transaction that all changes are made in.

use std::sync::{Mutex, PoisonError};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::patience::{PATIENCE, Patience, SIGN};
use crate::{clock::Instant, error::Result, live};

/// A transaction that may write. What it announces is published once it is committed.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    patience: Patience,
    now: Instant,
    after: Mutex<AfterCommit>,
}

/// What a transaction wants done once it is committed.
#[derive(Debug, Default)]
pub struct AfterCommit {
    /// To be published.
    pub events: Vec<live::Event>,
    /// A job waits that is due.
    pub rings: bool,
}

impl Tx {
    pub(super) fn new(inner: DatabaseTransaction, patience: Patience, now: Instant) -> Self {
        Self { inner, patience, now, after: Mutex::default() }
    }

    /// The time of the transaction: one for all that it writes.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Publishes `event` to subscriptions after the commit.
    pub fn announce(&self, event: live::Event) {
        self.after.lock().unwrap_or_else(PoisonError::into_inner).events.push(event);
    }

    /// Wakes this process's worker after the commit.
    pub fn ring(&self) {
        self.after.lock().unwrap_or_else(PoisonError::into_inner).rings = true;
    }

    /// Commits, and gives what is to be done then.
    pub async fn commit(self) -> Result<AfterCommit> {
        self.patience.wait(PATIENCE, self.inner.commit()).await?;
        Ok(self.after.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Undoes everything. Not waited for for long: what is not committed ends with its connection, too.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.patience.wait(SIGN, self.inner.rollback()).await?)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.patience.wait(PATIENCE, self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.patience.wait(PATIENCE, self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.patience.wait(PATIENCE, self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.patience.wait(PATIENCE, self.inner.query_all_raw(statement)).await
    }
}
