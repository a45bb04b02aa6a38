//! Recordings: lectures and webinars to watch again. Uploaded in parts, checked, made streamable, captioned, published with
//! the consent of those who speak, played through tickets, and what was watched of them.

pub mod authoring;
pub mod captioning;
pub mod captions;
pub mod checking;
pub mod consenting;
pub mod discarding;
pub mod following;
pub mod graphql;
pub mod importing;
pub mod installing;
pub mod intervals;
pub mod media;
pub mod playback;
pub mod playing;
pub mod policy;
pub mod problem;
pub mod publishing;
pub mod recording;
pub mod recording_text;
pub mod rendition;
pub mod resuming;
pub mod speaker;
pub mod ticket;
pub mod transcoder;
pub mod transcoding;
pub mod upload;
pub mod uploading;
pub mod watch;
mod watches;
pub mod watching;

use crate::{database::Tx, ids::RecordingId, live::Event};

/// Where changes of a recording are told.
#[must_use]
pub fn channel(id: RecordingId) -> String {
    format!("recording:{id}")
}

/// Tells those who follow a recording that it changed.
fn announce(tx: &Tx, id: RecordingId) {
    tx.announce(Event::new(channel(id), id));
}
