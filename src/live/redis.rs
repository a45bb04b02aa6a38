//! Live events between nodes: one Redis channel for all of them, one subscription per process.

use std::time::Duration;

use futures_util::StreamExt;
use redis::{AsyncCommands, Client, aio::ConnectionManager};

use super::{Channels, Event};
use crate::metrics::Counter;

const CHANNEL: &str = "lyceum:live";
const RETRY: Duration = Duration::from_millis(500);

/// Live events over Redis.
#[derive(Clone)]
pub struct RedisLive {
    connection: ConnectionManager,
    channels: Channels,
    failures: Counter,
}

impl std::fmt::Debug for RedisLive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisLive")
    }
}

impl RedisLive {
    /// Listens on its own connection until the process ends; publishes on `connection`. Counts what fails.
    #[must_use]
    pub fn start(client: Client, connection: ConnectionManager, failures: Counter) -> Self {
        let channels = Channels::default();
        tokio::spawn(listen(client, channels.clone(), failures.clone()));
        Self { connection, channels, failures }
    }

    pub(super) fn channels(&self) -> &Channels {
        &self.channels
    }

    pub(super) async fn publish(&self, event: &Event) {
        let Ok(text) = serde_json::to_string(event) else { return };
        let mut connection = self.connection.clone();
        if let Err(err) = connection.publish::<_, _, ()>(CHANNEL, text).await {
            self.failures.inc();
            tracing::warn!(error = %err, channel = event.channel, "a live event was not published");
        }
    }
}

async fn listen(client: Client, channels: Channels, failures: Counter) {
    loop {
        match client.get_async_pubsub().await {
            Ok(mut subscription) => {
                if let Err(err) = subscription.subscribe(CHANNEL).await {
                    tracing::warn!(error = %err, "Redis refused the live subscription");
                }
                let mut messages = subscription.into_on_message();
                while let Some(message) = messages.next().await {
                    if let Ok(event) = serde_json::from_slice::<Event>(message.get_payload_bytes()) {
                        channels.send(&event);
                    }
                }
                tracing::warn!("Redis ended the live subscription");
            }
            Err(err) => tracing::warn!(error = %err, "Redis can't be reached for live events"),
        }
        failures.inc();
        channels.clear();
        tokio::time::sleep(RETRY).await;
    }
}
