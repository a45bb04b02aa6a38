//! Why a recording's media failed or wait, as stored: the codes of [`Refusal`] and two of our own.

use super::media::refusal::Refusal;

/// No worker with ffmpeg has taken it yet.
pub const NO_FFMPEG: &str = "NO_FFMPEG";
/// Something went wrong on our side, several times.
pub const TROUBLE: &str = "TROUBLE";

/// The message for people that stands for a stored code.
#[must_use]
pub fn message(code: &str) -> &'static str {
    const MESSAGES: [(&str, &str); 10] = [
        (Refusal::Empty.code(), "media-empty"),
        (Refusal::NotMedia.code(), "media-not-media"),
        (Refusal::Truncated.code(), "media-truncated"),
        (Refusal::NothingToPlay.code(), "media-nothing-to-play"),
        (Refusal::TooLong.code(), "media-too-long"),
        (Refusal::TooManyPixels.code(), "media-too-many-pixels"),
        (Refusal::TooManyStreams.code(), "media-too-many-streams"),
        (Refusal::TooCostly.code(), "media-too-costly"),
        (Refusal::Undecodable.code(), "media-undecodable"),
        (NO_FFMPEG, "media-no-ffmpeg"),
    ];
    MESSAGES.iter().find(|(known, _)| *known == code).map_or("media-trouble", |(_, message)| message)
}
