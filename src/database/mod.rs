//! The database: connecting to either engine, and the transaction that all changes are made in.
//!
//! SQLite has one writer, whose transactions begin `IMMEDIATE`, and several readers that can't write; PostgreSQL has several
//! of both. Nothing else in the crate asks which engine it is but for raw SQL that must differ.
//!
//! Everything that is asked of it ends: getting a connection after 1 second, a statement after 5. What the database itself
//! can't end, because the connection to it carries nothing any more, `patience` does.

mod patience;
mod reading;
mod transaction;

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database as SeaDatabase, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, StatementBuilder, TransactionOptions,
    sqlx::{
        self, Connection as _,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use secrecy::ExposeSecret as _;

use self::patience::Patience;
pub use self::{
    patience::Connections,
    reading::Reader,
    transaction::{AfterCommit, Tx},
};
use crate::{
    clock::Instant,
    config::DatabaseUrl,
    error::{Error, Result},
    metrics::{self, Histogram},
};

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);
/// For the next statement of a transaction. PostgreSQL then ends it, whose locks nobody would release if this machine was gone.
const TRANSACTION_IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// Between two tries to open a file that is locked.
const WAL_PAUSE: Duration = Duration::from_millis(20);
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 12;
const POSTGRES_WRITERS: u32 = 8;

/// Connections to the database.
#[derive(Clone, Debug)]
pub struct Database {
    read: Arc<Reader>,
    write: Connections,
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
        // Whoever else has an account on this machine is not to read it; SQLite gives the files beside it the same rights.
        let private = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
        private.map_err(|err| Error::internal(anyhow::anyhow!("LYCEUM_DATA: {}: {err}", path.display())))?;
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
                })
                // On a full disk SQLite ends a transaction by itself, and its driver takes the next one for a part of it, which
                // would be acknowledged and never written. Such a connection has to go.
                .map_sqlx_sqlite_before_acquire(|connection, _| {
                    let is_free = !connection.is_in_transaction();
                    Box::pin(async move { Ok(is_free) })
                });
            options
        };
        let write = open(options(1, false)).await?;
        let read = open(options(SQLITE_READERS, true)).await?;
        Ok(Self::counting(&read, SQLITE_READERS, write, Patience::default()))
    }

    async fn postgres(url: &str) -> Result<Self> {
        let patience = Patience::default();
        let options = |connections: u32| {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect_timeout(ACQUIRE_TIMEOUT)
                .sqlx_logging(false)
                .test_before_acquire(false)
                .map_sqlx_postgres_opts(|options| {
                    let milliseconds = |limit: Duration| format!("{}ms", limit.as_millis());
                    options
                        .application_name("lyceum")
                        .options([
                            ("statement_timeout", milliseconds(STATEMENT_TIMEOUT)),
                            ("idle_in_transaction_session_timeout", milliseconds(TRANSACTION_IDLE_TIMEOUT)),
                            // Statements find rows by key or index; planning them anew for each value costs more than it spares.
                            ("plan_cache_mode", "force_generic_plan".to_owned()),
                            // Such a plan reckons with a tenth of a large table, and PostgreSQL then compiles a statement, for
                            // twenty milliseconds, that takes one.
                            ("jit", "off".to_owned()),
                            // What is asked for lies in memory or on discs that don't turn. By the usual costs, of discs that do, small
                            // tables are read whole where a few of their rows are wanted.
                            ("random_page_cost", "1.1".to_owned()),
                        ])
                        .statement_cache_capacity(500)
                });
            patience.look_after(&mut options);
            options
        };
        let write = match SeaDatabase::connect(options(POSTGRES_WRITERS)).await {
            Ok(write) => write,
            Err(err) => return Err(unreachable(url, &err).await),
        };
        let read = SeaDatabase::connect(options(POSTGRES_READERS)).await?;
        Ok(Self::counting(&read, POSTGRES_READERS, write, patience))
    }

    fn counting(read: &DatabaseConnection, readers: u32, mut write: DatabaseConnection, patience: Patience) -> Self {
        let (statements, timings) = (Arc::new(AtomicU64::new(0)), metrics::timing());
        let (written, timed) = (Arc::clone(&statements), timings.clone());
        write.set_metric_callback(move |statement| {
            written.fetch_add(1, Ordering::Relaxed);
            timed.observe(statement.elapsed.as_secs_f64());
        });
        let read = Arc::new(Reader::new(read, readers, patience.clone(), Arc::clone(&statements), timings.clone()));
        Self { read, write: Connections::new(write, patience), statements, timings }
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
                DbBackend::Sqlite => look(self.unlimited().get_sqlite_connection_pool()).await,
                _ => look(self.unlimited().get_postgres_connection_pool()).await,
            }
        };
        tokio::join!(self.read.pool(), write).into()
    }

    /// For reading.
    #[must_use]
    pub fn read(&self) -> &Reader {
        &self.read
    }

    /// For the job queue, which writes without [`crate::transact!`]; nothing else may.
    #[must_use]
    pub fn write(&self) -> &Connections {
        &self.write
    }

    /// Writes with one statement, which is a transaction of its own. PostgreSQL does it over the connections that read, since
    /// those are used again without being asked whether they still work.
    pub async fn write_at_once(&self, statement: &impl StatementBuilder) -> Result<ExecResult, DbErr> {
        // Boxed, as what is read is: the engine's future takes 9 kB; see `graphql::Schema`.
        match Box::pin(self.read.write(statement)).await {
            Some(written) => written,
            None => self.write.execute(statement).await,
        }
    }

    /// As [`Database::write_at_once`], for a statement that says which rows it wrote.
    pub async fn write_returning(&self, statement: &impl StatementBuilder) -> Result<Vec<QueryResult>, DbErr> {
        match Box::pin(self.read.write_returning(statement)).await {
            Some(written) => written,
            None => self.write.query_all(statement).await,
        }
    }

    /// For migrations and copies of whole sites, which may take as long as they need.
    #[must_use]
    pub fn unlimited(&self) -> &DatabaseConnection {
        self.write.unlimited()
    }

    /// What comes of `work`, which asks [`Database::unlimited`], if it comes in the time of a statement.
    pub async fn wait<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        self.write.wait(work).await
    }

    /// Which engine it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.unlimited().get_database_backend()
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self, now: Instant) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let options = if self.backend() == DbBackend::Sqlite { options } else { TransactionOptions::default() };
        self.write.begin(options, now).await
    }

    /// Closes all connections, once what they do is done; those that don't answer are left to the system. SQLite then tidies its
    /// file.
    pub async fn close(&self) {
        let closed = self.wait(async {
            self.read.close().await;
            self.unlimited().close_by_ref().await
        });
        if let Err(error) = closed.await {
            tracing::warn!(%error, "the database was not closed");
        }
    }
}

/// Opens an embedded database. When several processes open a new file together, one of them switches it to WAL, and SQLite tells
/// the others at once that it is locked, whatever their patience.
async fn open(options: ConnectOptions) -> Result<DatabaseConnection> {
    let begun = std::time::Instant::now();
    loop {
        match SeaDatabase::connect(options.clone()).await.map_err(Error::from) {
            Err(Error::Collision(_)) if begun.elapsed() < STATEMENT_TIMEOUT => tokio::time::sleep(WAL_PAUSE).await,
            opened => return opened,
        }
    }
}

/// What to tell whoever starts the program when a server's database does not let it in. While connections are refused, the pool
/// only says that it has waited, and of an address that it can't read it shows the password: so it is asked once more without it.
async fn unreachable(url: &str, err: &DbErr) -> Error {
    let again = Box::pin(sqlx::PgConnection::connect(url));
    let cause = match tokio::time::timeout(ACQUIRE_TIMEOUT, again).await {
        Ok(Ok(_)) => err.to_string(),
        Ok(Err(cause)) => cause.to_string(),
        Err(_) => "no answer comes".to_owned(),
    };
    Error::internal(anyhow::anyhow!("DATABASE_URL: the database can't be reached: {cause}"))
}

async fn look<D: sqlx::Database>(pool: &sqlx::Pool<D>) -> PoolState {
    let (open, idle) = (pool.size() as usize, pool.num_idle());
    let (begun, most) = (std::time::Instant::now(), pool.options().get_max_connections() as usize);
    // One that does not come in time has been waited for all the same.
    drop(pool.acquire().await);
    PoolState { name: "write", open, used: open.saturating_sub(idle), most, wait: begun.elapsed() }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(url.into())),
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.trim_start_matches("//").into())),
            _ => Err("must begin with postgres://".into()),
        }
    }
}
