//! Live events between nodes: one Redis channel for all of them, one subscription per process.

use std::{io, time::Duration};

use futures_util::StreamExt;
use redis::{
    RedisResult, Value,
    aio::{PubSubSink, PubSubStream},
};
use tokio::time::{interval, sleep, timeout};

use super::{Channels, Event};
use crate::redis_connection::{LIMIT, RedisConnection};

const CHANNEL: &str = "lyceum:live";
const RETRY: Duration = Duration::from_millis(500);
/// Between two looks whether the subscription still lives.
const LOOK: Duration = Duration::from_secs(1);

/// Live events over Redis.
#[derive(Clone, Debug)]
pub struct RedisLive {
    connection: RedisConnection,
    channels: Channels,
}

impl RedisLive {
    /// Listens on a connection of its own until the process ends; publishes on `connection`.
    pub async fn start(connection: RedisConnection) -> RedisResult<Self> {
        let channels = Channels::default();
        let subscription = subscribe(&connection).await?;
        tokio::spawn(listen(connection.clone(), channels.clone(), subscription));
        Ok(Self { connection, channels })
    }

    pub(super) fn channels(&self) -> &Channels {
        &self.channels
    }

    pub(super) async fn publish(&self, events: &[Event]) {
        let texts: Vec<_> = events.iter().filter_map(|event| serde_json::to_string(event).ok()).collect();
        if texts.is_empty() {
            return;
        }
        let mut all = redis::pipe();
        for text in texts {
            all.publish(CHANNEL, text).ignore();
        }
        if let Err(err) = all.exec_async(&mut self.connection.clone()).await {
            tracing::warn!(error = %err, events = events.len(), "live events were not published");
        }
    }
}

type Subscription = (PubSubSink, PubSubStream);

async fn subscribe(connection: &RedisConnection) -> RedisResult<Subscription> {
    let (mut sink, messages) = within(4 * LIMIT, connection.client().get_async_pubsub()).await?.split();
    within(4 * LIMIT, sink.subscribe(CHANNEL)).await?;
    Ok((sink, messages))
}

async fn within<T>(limit: Duration, work: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
}

/// Passes on what comes, and subscribes again when the subscription has ended. Whoever listens meanwhile is cut off, both when
/// it ends and when there is one again: who came in between has missed events, too.
async fn listen(connection: RedisConnection, channels: Channels, mut subscription: Subscription) {
    loop {
        let end = pass_on(subscription, &channels).await;
        connection.count_failure();
        tracing::warn!(error = end.err().map(|err| err.to_string()), "Redis ended the live subscription");
        channels.clear();
        subscription = loop {
            sleep(RETRY).await;
            match subscribe(&connection).await {
                Ok(subscription) => break subscription,
                Err(err) => {
                    connection.count_failure();
                    tracing::warn!(error = %err, "Redis can't be reached for live events");
                }
            }
        };
        channels.clear();
    }
}

/// Passes on what comes until the subscription ends, or does not answer any more: nothing else would tell that it is lost.
async fn pass_on((mut sink, mut messages): Subscription, channels: &Channels) -> RedisResult<()> {
    let mut looks = interval(LOOK);
    loop {
        tokio::select! {
            message = messages.next() => {
                let Some(message) = message else { return Ok(()) };
                if let Ok(event) = serde_json::from_slice::<Event>(message.get_payload_bytes()) {
                    channels.send(&event);
                }
            }
            _ = looks.tick() => {
                within(4 * LIMIT, sink.ping::<Value>()).await?;
            }
        }
    }
}
