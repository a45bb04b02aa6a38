//! Publish and subscribe, for subscriptions: within the process, or over Redis between nodes. Events are hints: they name
//! what changed, and each subscriber loads it again with its own rights. None is kept; who was away catches up by query.

mod redis;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit, broadcast, watch};

pub use self::redis::RedisLive;

/// Events that a slow subscriber may lag behind before it is cut off.
const BUFFER: usize = 256;
/// Subscribers that look at the same time at what happened.
const LOOKS: usize = 8;

/// Something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Who is told, for example `topic:topic_01k…`.
    pub channel: String,
    /// What, for example the id of a post.
    pub payload: String,
}

impl Event {
    /// An event on `channel`.
    pub fn new(channel: impl Into<String>, payload: impl ToString) -> Self {
        Self { channel: channel.into(), payload: payload.to_string() }
    }
}

/// Publish and subscribe.
#[derive(Clone, Debug)]
pub enum Live {
    /// Within this process.
    Memory(Channels),
    /// Between nodes.
    Redis(RedisLive),
}

impl Live {
    /// Tells all subscribers. A failure is logged: what happened is committed already, and clients catch up by query.
    pub async fn publish(&self, events: Vec<Event>) {
        match self {
            Self::Memory(channels) => events.iter().for_each(|event| channels.send(event)),
            Self::Redis(redis) => redis.publish(&events).await,
        }
    }

    /// Payloads published on `channel` from now on. The stream ends when the subscriber lags too far behind, or when
    /// events may have been lost: clients then ask again for what they missed.
    pub fn subscribe(&self, channel: &str) -> impl Stream<Item = String> + Send + use<> {
        stream::unfold(self.channels().receiver(channel), |mut receiver| async move {
            let payload = receiver.recv().await.ok()?;
            Some((payload, receiver))
        })
        .fuse()
    }
}

impl Live {
    fn channels(&self) -> &Channels {
        match self {
            Self::Memory(channels) => channels,
            Self::Redis(redis) => redis.channels(),
        }
    }

    /// A turn to look at what happened. Thousands may follow the same thing, and must leave the database to others.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.channels().0.looks.acquire().await.ok()
    }

    /// Changes whenever events may have been lost: whoever follows any has to ask for what was missed.
    #[must_use]
    pub fn losses(&self) -> watch::Receiver<()> {
        self.channels().0.losses.subscribe()
    }

    /// Ends all streams, as when Redis was away.
    pub fn interrupt(&self) {
        self.channels().clear();
    }
}

/// Channels of this process.
#[derive(Clone, Debug, Default)]
pub struct Channels(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    senders: Mutex<HashMap<String, broadcast::Sender<String>>>,
    losses: watch::Sender<()>,
    looks: Semaphore,
}

impl Default for Inner {
    fn default() -> Self {
        Self { senders: Mutex::default(), losses: watch::Sender::default(), looks: Semaphore::new(LOOKS) }
    }
}

impl Channels {
    fn receiver(&self, channel: &str) -> broadcast::Receiver<String> {
        let mut channels = self.0.senders.lock().unwrap_or_else(PoisonError::into_inner);
        // Channels that nobody listens to any more are dropped when somebody new comes.
        channels.retain(|_, sender| sender.receiver_count() > 0);
        channels.entry(channel.to_owned()).or_insert_with(|| broadcast::channel(BUFFER).0).subscribe()
    }

    fn send(&self, event: &Event) {
        let channels = self.0.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = channels.get(&event.channel) {
            // Without receivers there is nobody to tell.
            let _ = sender.send(event.payload.clone());
        }
    }

    /// Ends all streams: events may have been lost. That is said before they end.
    fn clear(&self) {
        self.0.losses.send_replace(());
        self.0.senders.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
