//! The buckets of all processes of a site, in Redis: `limit:<account or network>` holds what is left, and since when.

use redis::{RedisResult, Script};

use super::{Key, WINDOW};
use crate::redis_connection::RedisConnection;

/// Fills the bucket by the time that went by on the clock of Redis, the only one that all share; takes from it, below zero if
/// need be, but no further than as much as there is; answers what is left. After two minutes it is full, whatever was taken, and is
/// forgotten.
const TAKE: &str = "
    local most, window, taken = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
    local clock = redis.call('TIME')
    local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
    local held = redis.call('HMGET', KEYS[1], 'left', 'at')
    local left = most
    if held[1] then
        left = math.min(most, held[1] + math.max(0, now - held[2]) * most / window)
    end
    left = math.max(left - taken, -most)
    redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', string.format('%.0f', now))
    redis.call('PEXPIRE', KEYS[1], 2 * window)
    return tostring(left)";

/// The buckets that all processes share.
pub struct Shared {
    connection: RedisConnection,
    take: Script,
}

impl Shared {
    /// In this Redis.
    pub fn new(connection: RedisConnection) -> Self {
        Self { connection, take: Script::new(TAKE) }
    }

    /// Takes `taken` operations of the `most` that there are in a minute; what is left, unless Redis is away.
    pub async fn take(&self, key: Key, most: u32, taken: u32) -> Option<f64> {
        let mut call = self.take.key(format!("limit:{key}"));
        let window = u64::try_from(WINDOW.as_millis()).unwrap_or(u64::MAX);
        let left: RedisResult<f64> = call.arg(most).arg(window).arg(taken).invoke_async(&mut self.connection.clone()).await;
        left.inspect_err(|err| tracing::warn!(error = %err, "operations are counted by this process alone")).ok()
    }
}
