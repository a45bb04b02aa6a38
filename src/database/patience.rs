//! Waiting for the database, but not for ever. It ends what takes it too long; when its machine or the network between is
//! gone, no word of that comes, and a connection waits until the system gives it up, which takes a quarter of an hour or more.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    TransactionOptions, TransactionTrait,
    sqlx::{Connection as _, PgConnection},
};
use tokio::time::timeout;

use super::{STATEMENT_TIMEOUT, Tx};
use crate::{clock, error::Result};

/// For the answer to a statement: longer than the database allows itself.
pub const PATIENCE: Duration = STATEMENT_TIMEOUT.saturating_add(Duration::from_secs(1));
/// For a connection to show that it lives.
pub const SIGN: Duration = Duration::from_millis(300);
/// Idle for that long, it has to show so before it is used.
const IDLE: Duration = Duration::from_secs(2);
/// For that long after a statement was left without an answer, connections have to show so when they are given back, too.
const WARY: Duration = Duration::from_secs(30);

/// When a statement was last left without an answer: its connection may be lost.
#[derive(Clone, Debug, Default)]
pub struct Patience(Arc<Mutex<Option<Instant>>>);

impl Patience {
    /// What comes of `work`, if it comes within `limit`.
    pub async fn wait<T>(&self, limit: Duration, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let work = pin!(work);
        // Dropped before the work, and so before the connection is given back.
        let mut unanswered = Unanswered { patience: self, is_over: false };
        let outcome = timeout(limit, work).await;
        unanswered.is_over = outcome.is_ok();
        outcome.unwrap_or_else(|_| Err(DbErr::Conn(RuntimeErr::Internal("no answer comes".into()))))
    }

    /// Has lost connections thrown away, rather than waited for: the pool itself would try to tidy them up without end, and
    /// they would keep their places in it.
    pub(super) fn look_after(&self, options: &mut ConnectOptions) {
        options.map_sqlx_postgres_before_acquire(|connection, about| {
            Box::pin(async move { if about.idle_for < IDLE { Ok(true) } else { answers(connection).await } })
        });
        let patience = self.clone();
        options.map_sqlx_postgres_pool_opts(move |pool| {
            let patience = patience.clone();
            pool.after_release(move |connection, _| {
                let is_wary = patience.is_wary();
                Box::pin(async move { if is_wary { answers(connection).await } else { Ok(true) } })
            })
        });
    }

    fn is_wary(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|last| last.elapsed() < WARY)
    }
}

/// `true`, or else an error, after which the pool does not try to say good-bye.
async fn answers(connection: &mut PgConnection) -> Result<bool, sea_orm::sqlx::Error> {
    match timeout(SIGN, connection.ping()).await {
        Ok(answer) => answer.map(|()| true),
        Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}

/// Notes that a statement was left alone: we lost patience, or who had asked went away.
struct Unanswered<'a> {
    patience: &'a Patience,
    is_over: bool,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            *self.patience.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }
}

/// Connections to the database, each statement on one that is free.
#[derive(Clone, Debug)]
pub struct Connections {
    pool: DatabaseConnection,
    patience: Patience,
}

impl Connections {
    pub(super) fn new(pool: DatabaseConnection, patience: Patience) -> Self {
        Self { pool, patience }
    }

    pub(super) fn unlimited(&self) -> &DatabaseConnection {
        &self.pool
    }

    pub(super) async fn wait<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        self.patience.wait(PATIENCE, work).await
    }

    pub(super) async fn begin(&self, options: TransactionOptions, now: clock::Instant) -> Result<Tx> {
        let begun = self.wait(self.pool.begin_with_options(options)).await?;
        Ok(Tx::new(begun, self.patience.clone(), now))
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connections {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.wait(self.pool.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.wait(self.pool.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.wait(self.pool.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.wait(self.pool.query_all_raw(statement)).await
    }
}
