//! Recordings in the API.

pub mod answers;
pub mod changing;
pub mod loading;
pub mod media;
pub mod playing;
pub mod types;
pub mod uploads;

pub use self::{
    changing::RecordingMutation,
    loading::{load_captions, load_speaker, load_upload},
    media::{Captions, Rendition, Speaker, TranscriptCue},
    playing::{Playback, Watch},
    types::{Recording, RecordingQuery, RecordingSubscription, RecordingText},
    uploads::Upload,
};
