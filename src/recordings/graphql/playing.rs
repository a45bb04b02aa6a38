//! Playing and what was watched.

use async_graphql::{Object, SimpleObject};

use crate::{
    clock::Instant,
    language::Language,
    recordings::{
        playback,
        watching::{ENOUGH, Watched, seconds},
    },
    scalars::Url,
};

/// Addresses to play a recording. They are good while the session and the right last.
pub struct Playback(pub playback::Playback);

/// Addresses to play a recording. They are good while the session and the right last.
#[Object]
impl Playback {
    /// What the addresses are made of; `watchReport` wants it.
    async fn ticket(&self) -> &str {
        &self.0.ticket
    }
    /// HLS master playlist; null until there are renditions.
    async fn hls_url(&self) -> Option<Url> {
        self.0.hls.clone().map(Url)
    }
    /// MP4 as uploaded, where browsers can play it. It redirects to an address that ends within five minutes, to which browsers
    /// keep: when playing fails, set this as the source once more and go on from where it stopped.
    async fn progressive_url(&self) -> Option<Url> {
        self.0.progressive.clone().map(Url)
    }
    /// WebVTT for players without HLS.
    async fn captions(&self) -> Vec<PlaybackCaptions> {
        let captions = self.0.captions.iter().cloned();
        captions
            .map(|(language, url)| PlaybackCaptions { label: language.own_name().into_owned(), language, url: Url(url) })
            .collect()
    }
    /// When to ask for new addresses.
    async fn expires_at(&self) -> Instant {
        self.0.expires_at
    }
}

/// Captions for a player.
#[derive(SimpleObject)]
pub struct PlaybackCaptions {
    /// Its language.
    pub language: Language,
    /// Name of the language in itself.
    pub label: String,
    /// WebVTT file.
    pub url: Url,
}

/// What a person has watched of a recording.
pub struct Watch(pub Watched);

/// What a person has watched of a recording.
#[Object]
impl Watch {
    /// Merged, in order.
    async fn intervals(&self) -> Vec<WatchedInterval> {
        let stretches = self.0.intervals.as_slice().iter();
        stretches.map(|(start, end)| WatchedInterval { start_seconds: seconds(*start), end_seconds: seconds(*end) }).collect()
    }
    /// How much of it, in seconds.
    async fn seconds(&self) -> f64 {
        seconds(self.0.intervals.covered())
    }
    /// From 0 to 1.
    async fn share(&self) -> f64 {
        self.0.share()
    }
    /// The share from which a recording counts as watched.
    async fn share_needed(&self) -> f64 {
        ENOUGH
    }
    /// Where they stopped.
    async fn position_seconds(&self) -> f64 {
        seconds(self.0.position_ms)
    }
}

/// A stretch that was watched.
#[derive(SimpleObject)]
pub struct WatchedInterval {
    /// Where it begins.
    pub start_seconds: f64,
    /// Where it ends.
    pub end_seconds: f64,
}
