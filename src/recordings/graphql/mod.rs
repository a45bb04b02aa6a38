//! Recordings in the API.

pub mod answers;
pub mod asking;
pub mod changing;
pub mod loading;
pub mod media;
pub mod playing;
pub mod types;
pub mod uploads;

pub use self::{
    asking::{RecordingQuery, RecordingSubscription},
    changing::RecordingMutation,
    loading::{load_captions, load_speaker, load_upload},
    media::{Captions, Rendition, Speaker, TranscriptCue},
    playing::{Playback, Watch},
    types::{Recording, RecordingText},
    uploads::Upload,
};
