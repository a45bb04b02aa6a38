//! Hashing passwords with Argon2id (RFC 9106): 19 MiB, two passes, one lane. As many at once as there are cores but one;
//! few may wait, and not for long, so that a flood of sign-ins leaves the rest of the server alone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    error::{Error, Result},
    metrics::{self, Counter, Histogram},
};

const WAITING: usize = 16;
const WAIT: Duration = Duration::from_secs(1);

/// Hashes and verifies passwords.
#[derive(Clone, Debug)]
pub struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    turns: Arc<AtomicU64>,
    most: usize,
    waits: Histogram,
    refused: Counter,
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher {
    /// One for the whole process.
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let permits = cores.saturating_sub(1).max(1);
        Self {
            running: Arc::new(Semaphore::new(permits)),
            waiting: Arc::new(Semaphore::new(WAITING + permits)),
            turns: Arc::default(),
            most: permits,
            waits: metrics::timing(),
            refused: Counter::default(),
        }
    }

    async fn turn(&self) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>)> {
        let busy = || {
            self.refused.inc();
            Error::Unavailable("sign-in")
        };
        let begun = Instant::now();
        let waiting = self.waiting.try_acquire().map_err(|_| busy())?;
        let running = tokio::time::timeout(WAIT, self.running.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
        self.turns.fetch_add(1, Ordering::Relaxed);
        self.waits.observe(begun.elapsed().as_secs_f64());
        Ok((waiting, running))
    }

    /// How many hashes may be computed at once.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most
    }

    /// How many are computed now.
    #[must_use]
    pub fn running(&self) -> usize {
        self.most - self.running.available_permits()
    }

    /// How many hashes were computed so far.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    /// How long hashes waited for their turn.
    #[must_use]
    pub fn waits(&self) -> &Histogram {
        &self.waits
    }

    /// How many hashes were refused since too many waited, or waited for too long.
    #[must_use]
    pub fn refused(&self) -> &Counter {
        &self.refused
    }

    /// The hash of `password`, in PHC form with its own salt.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let _turn = self.turn().await?;
        let password = password.to_owned();
        let hashed = tokio::task::spawn_blocking(move || {
            Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
        });
        hashed.await.map_err(Error::internal)?.map_err(|err| Error::internal(anyhow::anyhow!("argon2: {err}")))
    }

    /// Whether `password` has the hash. Without one as much work is done, so that time tells nothing.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let Some(hash) = hash else {
            self.hash(password).await?;
            return Ok(false);
        };
        let _turn = self.turn().await?;
        let password = password.to_owned();
        let verified = tokio::task::spawn_blocking(move || {
            let hash = PasswordHash::new(&hash)?;
            Argon2::default().verify_password(password.as_bytes(), &hash)
        });
        Ok(verified.await.map_err(Error::internal)?.is_ok())
    }
}
