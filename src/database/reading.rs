//! Reading. When a connection goes back to a pool of sqlx, the pool asks the server over it whether it still works: one more
//! round trip for each statement. So connections that just answered are kept here and used again without asking; only one
//! that failed, that was left in the middle of an answer or that lay idle goes back to the pool, to be tried there.

use std::{
    fmt,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    StatementBuilder,
    sea_query::Values,
    sqlx::{self, Executor, IntoArguments, Pool, Postgres, Sqlite, pool::PoolConnection},
};
use sea_query_sqlx::SqlxValues;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    ACQUIRE_TIMEOUT, PoolState,
    patience::{PATIENCE, Patience},
};
use crate::metrics::Histogram;

/// After which an idle connection is tried before it is used: the server may have gone meanwhile.
const FRESH: Duration = Duration::from_secs(2);

/// Reads with connections of a pool of its own. To the rest of the crate it never writes.
#[derive(Debug)]
pub struct Reader {
    readers: Readers,
    statements: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Readers {
    Sqlite(Kept<Sqlite>),
    Postgres(Kept<Postgres>),
}

impl Reader {
    /// Reads over `pool`, whose at most `connections` nobody else uses; counts in `statements`, and how long they took in
    /// `timings`.
    pub(super) fn new(
        pool: &DatabaseConnection,
        connections: u32,
        patience: Patience,
        statements: Arc<AtomicU64>,
        timings: Histogram,
    ) -> Self {
        let readers = match pool.get_database_backend() {
            DbBackend::Sqlite => Readers::Sqlite(Kept::new(pool.get_sqlite_connection_pool(), connections, patience, timings)),
            _ => Readers::Postgres(Kept::new(pool.get_postgres_connection_pool(), connections, patience, timings)),
        };
        Self { readers, statements }
    }

    /// Writes with one statement; `None` where these connections can't.
    pub(super) async fn write(&self, statement: &impl StatementBuilder) -> Option<Result<ExecResult, DbErr>> {
        match &self.readers {
            Readers::Sqlite(_) => None,
            Readers::Postgres(kept) => {
                self.statements.fetch_add(1, Ordering::Relaxed);
                Some(kept.execute(DbBackend::Postgres.build(statement)).await)
            }
        }
    }

    /// As [`Reader::write`]; the rows that the statement returns.
    pub(super) async fn write_returning(&self, statement: &impl StatementBuilder) -> Option<Result<Vec<QueryResult>, DbErr>> {
        match &self.readers {
            Readers::Sqlite(_) => None,
            Readers::Postgres(kept) => {
                self.statements.fetch_add(1, Ordering::Relaxed);
                Some(kept.all(DbBackend::Postgres.build(statement)).await)
            }
        }
    }

    /// How the pool is; takes a place in it to see how long that is waited for.
    pub(super) async fn pool(&self) -> PoolState {
        match &self.readers {
            Readers::Sqlite(kept) => kept.state().await,
            Readers::Postgres(kept) => kept.state().await,
        }
    }

    /// Closes all connections, once what they do is done.
    pub(super) async fn close(&self) {
        match &self.readers {
            Readers::Sqlite(kept) => kept.close().await,
            Readers::Postgres(kept) => kept.close().await,
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match self.readers {
            Readers::Sqlite(_) => DbBackend::Sqlite,
            Readers::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(only_reads())
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(only_reads())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &self.readers {
            Readers::Sqlite(kept) => kept.one(statement).await,
            Readers::Postgres(kept) => kept.one(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &self.readers {
            Readers::Sqlite(kept) => kept.all(statement).await,
            Readers::Postgres(kept) => kept.all(statement).await,
        }
    }
}

fn only_reads() -> DbErr {
    DbErr::Custom("this connection only reads".into())
}

/// A pool, and those of its connections that wait for the next statement.
struct Kept<DB: sqlx::Database> {
    pool: Pool<DB>,
    idle: Mutex<Vec<Idle<DB>>>,
    /// As many as the pool has connections: who holds a permit finds one in `idle` or in the pool.
    places: Semaphore,
    patience: Patience,
    timings: Histogram,
}

struct Idle<DB: sqlx::Database> {
    connection: PoolConnection<DB>,
    since: Instant,
}

impl<DB: sqlx::Database> fmt::Debug for Kept<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl<DB> Kept<DB>
where
    DB: sqlx::Database,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    SqlxValues: IntoArguments<DB>,
    QueryResult: From<DB::Row>,
    ExecResult: From<DB::QueryResult>,
{
    fn new(pool: &Pool<DB>, connections: u32, patience: Patience, timings: Histogram) -> Self {
        let places = Semaphore::new(usize::try_from(connections).unwrap_or(1));
        Self { pool: pool.clone(), idle: Mutex::default(), places, patience, timings }
    }

    async fn state(&self) -> PoolState {
        let most = self.pool.options().get_max_connections() as usize;
        let used = most.saturating_sub(self.places.available_permits());
        let begun = Instant::now();
        // One that does not come in time has been waited for all the same.
        drop(timeout(ACQUIRE_TIMEOUT, self.places.acquire()).await);
        PoolState { name: "read", open: self.pool.size() as usize, used, most, wait: begun.elapsed() }
    }

    async fn close(&self) {
        self.idle().clear();
        self.pool.close().await;
    }

    async fn one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.with(async |connection| query(statement).fetch_optional(connection).await).await.map(|row| row.map(Into::into))
    }

    async fn all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let rows = self.with(async |connection| query(statement).fetch_all(connection).await).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn execute(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.with(async |connection| query(statement).execute(connection).await).await.map(Into::into)
    }

    /// Runs `read` with a connection, and keeps that for the next if all went well. When this is dropped before its end, so
    /// is the connection: the pool tries it, and closes it if it is stuck.
    async fn with<T>(&self, read: impl AsyncFnOnce(&mut DB::Connection) -> Result<T, sqlx::Error>) -> Result<T, DbErr> {
        let place = timeout(ACQUIRE_TIMEOUT, self.places.acquire()).await;
        let _place = place.ok().and_then(Result::ok).ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        // In its place from the beginning, and without room to connect, which is rare: each statement has this in memory.
        let answered = pin!(async {
            let mut connection = match self.fresh() {
                Some(connection) => connection,
                None => Box::pin(self.pool.acquire()).await.map_err(unacquired)?,
            };
            let begun = Instant::now();
            let read = read(&mut connection).await;
            self.timings.observe(begun.elapsed().as_secs_f64());
            let read = read.map_err(|err| DbErr::Query(RuntimeErr::SqlxError(err.into())))?;
            self.idle().push(Idle { connection, since: Instant::now() });
            Ok(read)
        });
        self.patience.wait(PATIENCE, answered).await
    }

    /// The connection used last, if that is not long ago. The others go back to the pool then.
    fn fresh(&self) -> Option<PoolConnection<DB>> {
        let mut idle = self.idle();
        let last = idle.pop()?;
        if last.since.elapsed() < FRESH {
            return Some(last.connection);
        }
        idle.clear();
        None
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle<DB>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn query<DB>(statement: Statement) -> sqlx::query::Query<'static, DB, SqlxValues>
where
    DB: sqlx::Database,
    SqlxValues: IntoArguments<DB>,
{
    let Statement { sql, values, .. } = statement;
    sqlx::query_with(sqlx::AssertSqlSafe(sql), SqlxValues(values.unwrap_or(Values(Vec::new()))))
}

fn unacquired(err: sqlx::Error) -> DbErr {
    match err {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        err => DbErr::Conn(RuntimeErr::SqlxError(err.into())),
    }
}
