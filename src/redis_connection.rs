//! The connection to Redis that everything in this process shares.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use redis::{
    Client, Cmd, Pipeline, RedisError, RedisFuture, RedisResult, Value,
    aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig},
};

use crate::metrics::Counter;

/// For Redis to take a connection, and to answer.
pub const LIMIT: Duration = Duration::from_millis(250);

/// How often a start asks for the first answer: nothing is lost by waiting a little longer then.
const TRIES: u32 = 4;

/// A connection that comes back when it breaks, and that another takes the place of when it does not answer in time: its other
/// end can be gone without a word, and then it would never break.
#[derive(Clone)]
pub struct RedisConnection(Arc<Shared>);

struct Shared {
    client: Client,
    /// With the number of those before it.
    current: Mutex<(u64, ConnectionManager)>,
    failures: Counter,
}

impl std::fmt::Debug for RedisConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisConnection")
    }
}

impl RedisConnection {
    /// Connects, or says why that is not possible; counts what fails.
    pub async fn connect(url: &str, failures: Counter) -> RedisResult<Self> {
        let client = Client::open(url)?;
        let connection = Self(Arc::new(Shared { current: Mutex::new((0, begin(&client)?)), client, failures }));
        let mut tries = 1..=TRIES;
        loop {
            match redis::cmd("PING").exec_async(&mut connection.clone()).await {
                Err(_) if tries.next() < Some(TRIES) => {}
                answer => return answer.map(|()| connection),
            }
        }
    }

    /// Makes connections of another kind to the same Redis.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    fn current(&self) -> (u64, ConnectionManager) {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a failure on a connection of another kind.
    pub fn count_failure(&self) {
        self.0.failures.inc();
    }

    /// Counts a failure, and replaces the connection of this number if it did not answer in time.
    fn judge<T>(&self, number: u64, result: RedisResult<T>) -> RedisResult<T> {
        if result.is_err() {
            self.count_failure();
        }
        if result.as_ref().is_err_and(RedisError::is_timeout) {
            let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
            if current.0 == number {
                *current = (number + 1, begin(&self.0.client)?);
            }
        }
        result
    }
}

/// Connects when first used.
fn begin(client: &Client) -> RedisResult<ConnectionManager> {
    let limited = ConnectionManagerConfig::new().set_connection_timeout(Some(LIMIT)).set_response_timeout(Some(LIMIT));
    ConnectionManager::new_lazy_with_config(client.clone(), limited.set_number_of_retries(1))
}

impl ConnectionLike for RedisConnection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        Box::pin(async move {
            let (number, mut connection) = self.current();
            let result = connection.send_packed_command(command).await;
            self.judge(number, result)
        })
    }

    fn req_packed_commands<'a>(&'a mut self, commands: &'a Pipeline, offset: usize, count: usize) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(async move {
            let (number, mut connection) = self.current();
            let result = connection.send_packed_commands(commands, offset, count).await;
            self.judge(number, result)
        })
    }

    fn get_db(&self) -> i64 {
        self.current().1.get_db()
    }
}
