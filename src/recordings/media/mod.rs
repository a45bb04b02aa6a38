//! Media itself: what a file is, making it streamable, and the texts players read about it. Knows nothing of rows, viewers or
//! HTTP, so every rule here is tested on bytes alone.

pub mod encode;
pub mod fence;
pub mod job_folder;
pub mod ladder;
pub mod master;
pub mod mp4;
pub mod playlist;
pub mod probe;
pub mod refusal;
pub mod webvtt;

#[cfg(test)]
mod with_ffmpeg;
