//! What every operation works with, and the one way to write.

use std::sync::Arc;

use chrono::Duration;
use sea_orm::{QueryResult, StatementBuilder};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    clock::Clock,
    config::{Config, Storage},
    database::{Database, Tx},
    error::{Error, Result},
    gathering::Questions,
    kept::Kept,
    live::{Live, RedisLive},
    mail::Mailer,
    metrics::{Counter, Metrics},
    objects::{EmbeddedSettings, Objects, Settings},
    password::Hasher,
    redis_connection::RedisConnection,
    sessions::{RedisSessions, Sessions},
};

/// Times that a transaction is tried when another was in its way.
const ATTEMPTS: u32 = 5;

/// What every operation works with; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// Database.
    pub db: Database,
    /// Object storage.
    pub objects: Objects,
    /// Sessions.
    pub sessions: Sessions,
    /// Live events.
    pub live: Live,
    /// The Redis of the processes that are one site; `None` where this process is all of it.
    pub redis: Option<RedisConnection>,
    /// Mail.
    pub mailer: Mailer,
    /// Passwords.
    pub hasher: Hasher,
    /// What was read of published things.
    pub kept: Kept,
    /// What requests ask together.
    pub questions: Questions,
    /// The time.
    pub clock: Clock,
    /// Signs tickets.
    pub secret: SecretString,
    /// What is counted.
    pub metrics: Metrics,
    /// Rung when a job was enqueued in this process.
    pub job_bell: Notify,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Connects to everything that `config` names, and serves the embedded object storage. The database may still have to
    /// be migrated.
    pub async fn build(config: Config, clock: Clock) -> Result<Self> {
        let secret = secret(&config)?;
        let objects = objects(&config, &secret).await?;
        let settings = match &config.storage {
            Storage::Embedded { .. } => "LYCEUM_DATA, LYCEUM_MEDIA_LISTEN",
            Storage::S3 { .. } => "S3_BUCKET, AWS_ENDPOINT_URL_S3",
        };
        let has_bucket = objects.ensure_bucket().await;
        has_bucket.map_err(|err| Error::internal(anyhow::Error::new(err).context(settings)))?;
        Self::with_objects(config, clock, secret, objects).await
    }

    /// As [`App::build`], for commands that may run beside a server: the address of the embedded object storage stays with the
    /// server.
    pub async fn beside(config: Config, clock: Clock) -> Result<Self> {
        let secret = secret(&config)?;
        let objects = match &config.storage {
            Storage::Embedded { .. } => {
                let objects = Objects::beside(config.data.join("objects"), secret.clone()).await.map_err(Error::internal)?;
                objects.ensure_bucket().await?;
                objects
            }
            Storage::S3 { .. } => objects(&config, &secret).await?,
        };
        Self::with_objects(config, clock, secret, objects).await
    }

    async fn with_objects(config: Config, clock: Clock, secret: SecretString, objects: Objects) -> Result<Self> {
        let db = Database::connect(&config.database).await?;
        let redis_failures = Counter::default();
        let (redis, sessions, live) = match &config.redis {
            None => (None, Sessions::Database(db.clone()), Live::Memory(crate::live::Channels::default())),
            Some(url) => redis_parts(url, &redis_failures).await?,
        };
        let hasher = Hasher::new();
        Ok(Self(Arc::new(Parts {
            mailer: Mailer::build(&config)?,
            metrics: Metrics::new(&objects, &db, &hasher, &redis_failures),
            hasher,
            kept: Kept::default(),
            questions: Questions::default(),
            job_bell: Notify::new(),
            config,
            db,
            objects,
            sessions,
            live,
            redis,
            clock,
            secret,
        })))
    }

    /// Ends what the app holds open: the embedded object storage, once its running requests end, and the database's
    /// connections. Each has half of `within`.
    pub async fn close(&self, within: std::time::Duration) {
        self.objects.close(within / 2).await;
        if tokio::time::timeout(within / 2, self.db.close()).await.is_err() {
            tracing::warn!("connections to the database are cut off");
        }
    }

    /// Writes with one statement, which is a transaction of its own; how many rows it wrote.
    pub async fn write(&self, statement: &impl StatementBuilder) -> Result<u64> {
        Ok(self.db.write_at_once(statement).await?.rows_affected())
    }

    /// As [`App::write`], for a statement that says which rows it wrote.
    pub async fn write_returning(&self, statement: &impl StatementBuilder) -> Result<Vec<QueryResult>> {
        Ok(self.db.write_returning(statement).await?)
    }

    /// Begins a transaction: what [`crate::transact!`] does first.
    pub async fn begin(&self) -> Result<Tx> {
        self.db.begin(self.clock.now()).await
    }

    /// Ends a transaction with what came of its work: what [`crate::transact!`] does last. `None` means to do it again, because
    /// another transaction was in its way.
    pub async fn settle<T>(&self, tx: Tx, outcome: Result<T>, attempt: &mut u32) -> Option<Result<T>> {
        let outcome = match outcome {
            Ok(value) => tx.commit().await.map(|after| (value, after)),
            Err(err) => {
                // A rollback that fails leaves the connection to the pool, which closes it: nothing is half done.
                let _ = tx.rollback().await;
                Err(err)
            }
        };
        *attempt += 1;
        match outcome {
            Ok((value, after)) => {
                self.live.publish(after.events).await;
                if after.rings {
                    self.job_bell.notify_waiters();
                }
                Some(Ok(value))
            }
            Err(Error::Collision(_)) if *attempt < ATTEMPTS => {
                tracing::debug!(attempt, "a transaction is tried again");
                tokio::time::sleep(pause(*attempt)).await;
                None
            }
            Err(err) => Some(Err(err)),
        }
    }
}

/// Does work in one transaction: all of it is there afterwards, or nothing. `transact!(app, |tx| { … Ok(value) })` gives a
/// `Result`; within, `tx` is a [`Tx`], and `?` and `return` leave the work, not the function.
///
/// The work runs again from its start when another transaction was in its way, so it must have no effect but on the
/// database. What it announces is published after the commit.
///
/// A macro, since the compiler can't prove yet that a future made from an async closure that borrows is `Send`
/// (rust-lang/rust#110338).
#[macro_export]
macro_rules! transact {
    ($app:expr, |$tx:ident| $work:expr) => {{
        let mut attempt = 0;
        loop {
            let whole = match $app.begin().await {
                Ok(tx) => tx,
                Err(err) => break Err(err),
            };
            let outcome = {
                let $tx = &whole;
                // Boxed, so that its size and its being `Send` are settled here, and not anew in all that calls this.
                let work: std::pin::Pin<Box<dyn std::future::Future<Output = $crate::error::Result<_>> + Send + '_>> =
                    Box::pin(async { $work });
                work.await
            };
            if let Some(settled) = $app.settle(whole, outcome, &mut attempt).await {
                break settled;
            }
        }
    }};
}

/// As [`crate::transact!`], at most once for each key of a person: the same key with the same input answers what the first call
/// did, with other input it is refused. `transact_once!(app, viewer, key, "courseCreate", &input, |tx| { … Ok(id) })`; what
/// the work gives is remembered, as a rule an id.
#[macro_export]
macro_rules! transact_once {
    ($app:expr, $viewer:expr, $key:expr, $operation:expr, $input:expr, |$tx:ident| $work:expr) => {
        $crate::transact_once!($app, $crate::idempotency::Call::new($viewer, $key, $operation, $input), |$tx| $work)
    };
    ($app:expr, $call:expr, |$tx:ident| $work:expr) => {
        match $call {
            Err(err) => Err(err),
            Ok(call) => $crate::transact!($app, |$tx| {
                if let Some(answer) = call.answered($tx).await? {
                    return Ok(answer);
                }
                let outcome: $crate::error::Result<_> = async { $work }.await;
                let answer = match outcome {
                    // What is in the way may be what another call with this key has done meanwhile.
                    Err($crate::error::Error::Invalid(problems)) => match call.answered($tx).await? {
                        Some(answer) => return Ok(answer),
                        None => return Err($crate::error::Error::Invalid(problems)),
                    },
                    outcome => outcome?,
                };
                call.remember($tx, &answer).await?;
                Ok(answer)
            }),
        }
    };
}

/// A pause that grows and differs between processes.
fn pause(attempt: u32) -> std::time::Duration {
    let jitter = Uuid::new_v4().as_bytes()[0];
    std::time::Duration::from_millis(u64::from(attempt) * 10 + u64::from(jitter) / 16)
}

async fn redis_parts(url: &SecretString, failures: &Counter) -> Result<(Option<RedisConnection>, Sessions, Live)> {
    let refused = |err: redis::RedisError| {
        Error::internal(anyhow::anyhow!("REDIS_URL: expected is a Redis, as in redis://user:password@host:6379: {err}"))
    };
    let connection = RedisConnection::connect(url.expose_secret(), failures.clone()).await.map_err(refused)?;
    let live = RedisLive::start(connection.clone()).await.map_err(refused)?;
    Ok((Some(connection.clone()), Sessions::Redis(RedisSessions::new(connection)), Live::Redis(live)))
}

/// Object storage, with its bucket.
async fn objects(config: &Config, secret: &SecretString) -> Result<Objects> {
    Ok(match &config.storage {
        Storage::Embedded { listen, public } => Objects::embedded(EmbeddedSettings {
            dir: config.data.join("objects"),
            listen: *listen,
            public_endpoint: public.clone(),
            secret: secret.clone(),
        })
        .await
        .map_err(|err| Error::internal(anyhow::anyhow!("LYCEUM_MEDIA_LISTEN: {listen}: {err}")))?,
        Storage::S3 { bucket, endpoint, public_endpoint, region, access_key_id, secret_access_key } => {
            Objects::connect(Settings {
                endpoint: endpoint.clone(),
                public_endpoint: public_endpoint.clone(),
                region: region.clone(),
                bucket: bucket.clone(),
                access_key: access_key_id.clone(),
                secret_key: secret_access_key.clone(),
                create_bucket: true,
                origins: config.origins(),
            })
        }
    })
}

/// The secret that signs tickets, and the folder that it may have to be kept in.
fn secret(config: &Config) -> Result<SecretString> {
    let made = config.make_folder();
    made.map_err(|err| Error::internal(anyhow::anyhow!("LYCEUM_DATA: {} can't be made: {err}", config.data.display())))?;
    match &config.secret {
        Some(secret) => Ok(secret.clone()),
        None => generated_secret(config),
    }
}

/// The secret of an embedded site: made once, kept in its folder, readable by its owner only. It gets its name when it is
/// written, and only the first one does: processes that start together have the same, and a crash leaves no part of one.
fn generated_secret(config: &Config) -> Result<SecretString> {
    use std::io::Write as _;
    let path = config.secret_file();
    let failed = |err: std::io::Error| Error::internal(anyhow::anyhow!("LYCEUM_DATA: {}: {err}", path.display()));
    if !path.exists() {
        let mut file = tempfile::NamedTempFile::new_in(&config.data).map_err(failed)?;
        let secret = crate::sessions::random_token()?;
        file.write_all(secret.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
        match file.persist_noclobber(&path) {
            Err(err) if err.error.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(err.error)),
            _ => {}
        }
    }
    Ok(SecretString::from(std::fs::read_to_string(&path).map_err(failed)?))
}

/// How long idempotency keys are kept.
pub const KEYS_KEPT: Duration = Duration::days(7);
