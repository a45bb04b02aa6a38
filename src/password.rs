//! Hashing passwords with Argon2id (RFC 9106): 19 MiB, two passes, one lane. As many at once as there are cores but one;
//! few may wait, and not for long, so that a flood of sign-ins leaves the rest of the server alone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};

use crate::{
    error::{Error, Result},
    metrics::{self, Counter, Histogram},
    turns::{Place, Turns},
};

/// How many may wait.
const WAITING: usize = 16;

/// Hashes and verifies passwords.
#[derive(Clone, Debug)]
pub struct Hasher {
    turns: Turns,
    taken: Arc<AtomicU64>,
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
        Self {
            turns: Turns::new(cores.saturating_sub(1).max(1), WAITING),
            taken: Arc::default(),
            waits: metrics::timing(),
            refused: Counter::default(),
        }
    }

    /// How many hashes may be computed at once.
    #[must_use]
    pub fn most(&self) -> usize {
        self.turns.most()
    }

    /// How many are computed now.
    #[must_use]
    pub fn running(&self) -> usize {
        self.turns.running()
    }

    /// How many hashes were computed so far.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
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

    /// A place among those whose password is looked at: to be taken before anything else is done for them.
    pub fn place(&self) -> Result<Place> {
        self.turns.place().ok_or_else(|| self.refuse())
    }

    /// The hash of `password`, in PHC form with its own salt.
    pub async fn hash(&self, password: &str) -> Result<String> {
        self.hash_at(&self.place()?, password).await
    }

    /// The hash of `password` as it is made today, if `hash`, which it has, was made with other parameters.
    pub async fn renew(&self, place: &Place, password: &str, hash: &str) -> Result<Option<String>> {
        if is_of_today(hash) {
            return Ok(None);
        }
        self.hash_at(place, password).await.map(Some)
    }

    /// Whether `password` has the hash. Without one as much work is done, so that time tells nothing.
    pub async fn verify(&self, place: &Place, password: &str, hash: Option<String>) -> Result<bool> {
        let Some(hash) = hash else {
            self.hash_at(place, password).await?;
            return Ok(false);
        };
        let password = password.to_owned();
        let verified = self.compute(place, move || {
            let hash = PasswordHash::new(&hash)?;
            Argon2::default().verify_password(password.as_bytes(), &hash)
        });
        Ok(verified.await?.is_ok())
    }

    async fn hash_at(&self, place: &Place, password: &str) -> Result<String> {
        let password = password.to_owned();
        let hashed =
            self.compute(place, move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
        hashed.await?.map_err(|err| Error::internal(anyhow::anyhow!("argon2: {err}")))
    }

    /// Computes something when it is its turn, which lasts as long as that does: also when nobody waits for it any more, as
    /// when a client hangs up.
    async fn compute<T: Send + 'static>(&self, place: &Place, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let begun = Instant::now();
        let turn = place.turn().await.ok_or_else(|| self.refuse())?;
        self.waits.observe(begun.elapsed().as_secs_f64());
        self.taken.fetch_add(1, Ordering::Relaxed);
        let computed = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        computed.await.map_err(Error::internal)
    }

    fn refuse(&self) -> Error {
        self.refused.inc();
        Error::Unavailable("sign-in")
    }
}

fn is_of_today(hash: &str) -> bool {
    let work = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    PasswordHash::new(hash).is_ok_and(|hash| {
        hash.algorithm == Algorithm::default().ident()
            && Params::try_from(&hash).is_ok_and(|params| work(&params) == work(&Params::default()))
    })
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn those_who_hang_up_do_not_make_room_for_more_hashes_at_once() {
        let hasher = Hasher::new();
        for _ in 0..hasher.most() {
            assert!(hasher.hash("a passphrase").now_or_never().is_none());
        }
        assert_eq!(hasher.running(), hasher.most());
        hasher.hash("another passphrase").await.expect("after those");
        assert_eq!(hasher.turns(), 1 + hasher.most() as u64);
    }
}
