//! How many operations one person or one address may send: a token bucket each, in this process, and one in Redis for all
//! processes of a site, which hears of each step and not of each operation. So whoever asks little costs Redis nothing, and
//! whoever uses several servers has a step on each of them more than the allowance. Without Redis this process counts alone.
//!
//! Signed-in people are limited by account, so that a room full of them can share an address. Loopback is not limited:
//! it is a tool on this machine, or a proxy that nobody named in `LYCEUM_TRUSTED_PROXIES` and that all clients come by.

mod bucket;
mod shared;

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use moka::future::Cache;

pub use self::bucket::Allowance;
use self::{bucket::Bucket, shared::Shared};
use crate::{ids::UserId, metrics::Counter, redis_connection::RedisConnection, viewer::Viewer};

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

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Network(address) => address.fmt(f),
        }
    }
}

/// The buckets.
pub struct Limits {
    buckets: Cache<Key, Arc<Mutex<Bucket>>>,
    shared: Option<Arc<Shared>>,
    refused: Counter,
}

impl Limits {
    /// All full; shared with the other processes that use this Redis. Counts what is refused.
    pub fn new(redis: Option<RedisConnection>, refused: Counter) -> Self {
        let buckets = Cache::builder().max_capacity(REMEMBERED).time_to_idle(WINDOW).build();
        Self { buckets, shared: redis.map(|redis| Arc::new(Shared::new(redis))), refused }
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
        let bucket = self.buckets.get_with(key, async { Arc::new(Mutex::new(Bucket::full(most, now))) }).await;
        let (mut taken, step) = {
            let mut bucket = locked(&bucket);
            (bucket.take(now), if self.shared.is_some() { bucket.step() } else { None })
        };
        if let (Some(shared), Some(step)) = (self.shared.clone(), step) {
            // In a task of its own: whoever hangs up has taken it all the same.
            let told = tokio::spawn(async move {
                let left = shared.take(key, most, step).await?;
                Some(locked(&bucket).learn(left))
            });
            if let Ok(Some(learned)) = told.await {
                taken = learned;
            }
        }
        taken.map(Some).inspect_err(|_| _ = self.refused.inc())
    }
}

fn locked(bucket: &Mutex<Bucket>) -> MutexGuard<'_, Bucket> {
    bucket.lock().unwrap_or_else(PoisonError::into_inner)
}
