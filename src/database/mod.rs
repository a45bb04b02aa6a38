//! The database: connecting to either engine, and the transaction that all changes are made in.
//!
//! SQLite has one writer, whose transactions begin `IMMEDIATE`, and several readers that can't write; PostgreSQL has several
//! of both. Nothing else in the crate asks which engine it is but for raw SQL that must differ.

mod reading;

use std::{
    path::Path,
    str::FromStr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::{
        self,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use secrecy::ExposeSecret as _;

pub use self::reading::Reader;
use crate::{
    clock::Instant,
    config::DatabaseUrl,
    error::Result,
    live,
    metrics::{self, Histogram},
};

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 12;
const POSTGRES_WRITERS: u32 = 8;

/// Connections to the database.
#[derive(Clone, Debug)]
pub struct Database {
    read: Arc<Reader>,
    write: DatabaseConnection,
    statements: Arc<AtomicU64>,
    timings: Histogram,
}

/// A pool of connections, as it is now.
#[derive(Clone, Copy, Debug)]
pub struct PoolState {
    /// `read` or `write`.
    pub name: &'static str,
    /// Connections that are open.
    pub open: usize,
    /// Those in use.
    pub used: usize,
    /// How many there may be.
    pub most: usize,
    /// How long one was waited for just now.
    pub wait: Duration,
}

impl Database {
    /// Connects, creating the file of an embedded database.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::sqlite(path).await,
            DatabaseUrl::Postgres(url) => Self::postgres(url.expose_secret()).await,
        }
    }

    async fn sqlite(path: &Path) -> Result<Self> {
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let options = |connections: u32, readers: bool| {
            let mut options = ConnectOptions::new(&url);
            options
                .max_connections(connections)
                .min_connections(1)
                // Writers queue for the one connection; a transaction takes milliseconds.
                .acquire_timeout(if readers { ACQUIRE_TIMEOUT } else { STATEMENT_TIMEOUT })
                .idle_timeout(None)
                .max_lifetime(None)
                .sqlx_logging(false)
                .test_before_acquire(false)
                .map_sqlx_sqlite_opts(move |options| {
                    let options = options
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .foreign_keys(true)
                        .busy_timeout(STATEMENT_TIMEOUT)
                        .optimize_on_close(true, None)
                        .statement_cache_capacity(500);
                    if readers { options.pragma("query_only", "ON") } else { options }
                });
            options
        };
        let write = SeaDatabase::connect(options(1, false)).await?;
        let read = SeaDatabase::connect(options(SQLITE_READERS, true)).await?;
        Ok(Self::counting(&read, SQLITE_READERS, write))
    }

    async fn postgres(url: &str) -> Result<Self> {
        let options = |connections: u32| {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect_timeout(ACQUIRE_TIMEOUT)
                .sqlx_logging(false)
                .test_before_acquire_if_idle_for(Duration::from_secs(5))
                .map_sqlx_postgres_opts(|options| {
                    options
                        .application_name("lyceum")
                        .options([("statement_timeout", format!("{}ms", STATEMENT_TIMEOUT.as_millis()))])
                        .statement_cache_capacity(500)
                });
            options
        };
        let write = SeaDatabase::connect(options(POSTGRES_WRITERS)).await?;
        let read = SeaDatabase::connect(options(POSTGRES_READERS)).await?;
        Ok(Self::counting(&read, POSTGRES_READERS, write))
    }

    fn counting(read: &DatabaseConnection, readers: u32, mut write: DatabaseConnection) -> Self {
        let (statements, timings) = (Arc::new(AtomicU64::new(0)), metrics::timing());
        let (written, timed) = (Arc::clone(&statements), timings.clone());
        write.set_metric_callback(move |statement| {
            written.fetch_add(1, Ordering::Relaxed);
            timed.observe(statement.elapsed.as_secs_f64());
        });
        let read = Arc::new(Reader::new(read, readers, Arc::clone(&statements), timings.clone()));
        Self { read, write, statements, timings }
    }

    /// How many statements were sent so far, but for those that begin and end transactions: what a request costs.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How long statements took, once they had a connection.
    #[must_use]
    pub fn timings(&self) -> &Histogram {
        &self.timings
    }

    /// How the pools are; takes a connection of each to see how long that is waited for.
    pub async fn pools(&self) -> [PoolState; 2] {
        let write = async {
            match self.backend() {
                DbBackend::Sqlite => look(self.write.get_sqlite_connection_pool()).await,
                _ => look(self.write.get_postgres_connection_pool()).await,
            }
        };
        tokio::join!(self.read.pool(), write).into()
    }

    /// For reading.
    #[must_use]
    pub fn read(&self) -> &Reader {
        &self.read
    }

    /// For the job queue, migrations and copies of whole sites, which write without [`crate::transact!`]; nothing else may.
    #[must_use]
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Closes all connections, once what they do is done. SQLite then tidies its file.
    pub async fn close(&self) {
        self.read.close().await;
        if let Err(error) = self.write.close_by_ref().await {
            tracing::warn!(%error, "the database was not closed");
        }
    }

    /// Which engine it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self, now: Instant) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let options = if self.backend() == DbBackend::Sqlite { options } else { TransactionOptions::default() };
        Ok(Tx { inner: self.write.begin_with_options(options).await?, now, after: Mutex::default() })
    }
}

async fn look<D: sqlx::Database>(pool: &sqlx::Pool<D>) -> PoolState {
    let (open, idle) = (pool.size() as usize, pool.num_idle());
    let (begun, most) = (std::time::Instant::now(), pool.options().get_max_connections() as usize);
    // One that does not come in time has been waited for all the same.
    drop(pool.acquire().await);
    PoolState { name: "write", open, used: open.saturating_sub(idle), most, wait: begun.elapsed() }
}

/// A transaction that may write. What it announces is published once it is committed.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
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
        self.inner.commit().await?;
        Ok(self.after.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.inner.rollback().await?)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(url.into())),
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.trim_start_matches("//").into())),
            _ => Err("must begin with postgres:// or sqlite://".into()),
        }
    }
}
