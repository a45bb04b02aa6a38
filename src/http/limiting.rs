//! How many operations one person or one address may send: a token bucket each, in this process.
//!
//! Signed-in people are limited by account, so that a room full of them can share an address. Loopback is not limited:
//! it is a tool on this machine, or a proxy that nobody named in `LYCEUM_TRUSTED_PROXIES` and that all clients come by.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use moka::future::Cache;

use crate::{ids::UserId, metrics::Counter, viewer::Viewer};

/// Operations a minute of an account, also at once.
const OF_ACCOUNT: u32 = 600;
/// Operations a minute of all visitors from one network, also at once.
const OF_NETWORK: u32 = 1200;
/// Buckets that are remembered.
const REMEMBERED: u64 = 100_000;
/// After which a bucket is full again.
const WINDOW: Duration = Duration::from_mins(1);

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A person.
    Account(UserId),
    /// All visitors from one network.
    Network(IpAddr),
}

/// What is left to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Operations a minute.
    pub most: u32,
    /// Operations that may follow at once.
    pub left: u32,
    /// Seconds until the next one may follow, when none is left.
    pub wait: u64,
}

/// The buckets of this process.
pub struct Limits {
    buckets: Cache<Key, Arc<Mutex<Bucket>>>,
    refused: Counter,
}

impl Limits {
    /// All full; counts what is refused.
    pub fn new(refused: Counter) -> Self {
        Self { buckets: Cache::builder().max_capacity(REMEMBERED).time_to_idle(WINDOW).build(), refused }
    }

    /// Takes one operation from `viewer`'s allowance: `Ok` while there is one, `Err` with the wait when there is none.
    /// `None` is not limited.
    pub async fn take(&self, viewer: &Viewer) -> Result<Option<Allowance>, Allowance> {
        if viewer.address.is_loopback() {
            return Ok(None);
        }
        let (key, most) = match viewer.user_id() {
            Some(id) => (Key::Account(id), OF_ACCOUNT),
            None => (Key::Network(viewer.network()), OF_NETWORK),
        };
        let now = Instant::now();
        let bucket = self.buckets.get_with(key, async { Arc::new(Mutex::new(Bucket { left: f64::from(most), at: now })) }).await;
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.take(most, now).map(Some).inspect_err(|_| _ = self.refused.inc())
    }
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn take(&mut self, most: u32, now: Instant) -> Result<Allowance, Allowance> {
        let per_second = f64::from(most) / WINDOW.as_secs_f64();
        let earned = now.saturating_duration_since(self.at).as_secs_f64() * per_second;
        (self.left, self.at) = ((self.left + earned).min(f64::from(most)), now);
        if self.left < 1.0 {
            return Err(Allowance { most, left: 0, wait: whole((1.0 - self.left) / per_second).max(1).into() });
        }
        self.left -= 1.0;
        Ok(Allowance { most, left: whole(self.left.floor()), wait: 0 })
    }
}

/// A number of at most some thousands, rounded up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to some thousands")]
fn whole(number: f64) -> u32 {
    number.ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let begun = Instant::now();
        let mut bucket = Bucket { left: 60.0, at: begun };
        for left in (0..60).rev() {
            assert_eq!(bucket.take(60, begun).map(|allowance| allowance.left), Ok(left));
        }
        assert_eq!(bucket.take(60, begun), Err(Allowance { most: 60, left: 0, wait: 1 }));
        assert!(bucket.take(60, begun + Duration::from_secs(1)).is_ok());
        assert!(bucket.take(60, begun + Duration::from_secs(1)).is_err());
        let later = begun + Duration::from_hours(1);
        assert_eq!(bucket.take(60, later).map(|allowance| allowance.left), Ok(59));
    }
}
