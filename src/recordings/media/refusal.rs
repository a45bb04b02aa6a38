//! Why a file cannot become a recording.

use std::fmt::{self, Display};

/// The longest recording that is taken, in seconds: ten hours.
pub const LONGEST_SECONDS: u64 = 10 * 60 * 60;
/// The largest picture that is decoded, in pixels: a little over 7680 × 4320.
pub const MOST_PIXELS: u64 = 35_000_000;
/// The most streams (picture, sound, captions …) that one file may hold.
pub const MOST_STREAMS: u32 = 16;

/// What is wrong with a file that someone uploaded. Final: trying again gives the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no bytes.
    Empty,
    /// It is none of the containers that are taken (MP4 or `QuickTime`, Matroska or `WebM`, MPEG transport stream).
    NotMedia,
    /// It ends before its own table of contents says it does.
    Truncated,
    /// It holds neither picture nor sound that can be decoded.
    NothingToPlay,
    /// It lasts longer than [`LONGEST_SECONDS`].
    TooLong,
    /// Its picture is larger than [`MOST_PIXELS`].
    TooManyPixels,
    /// It holds more than [`MOST_STREAMS`] streams.
    TooManyStreams,
    /// Decoding took more time or memory than a file of its length may.
    TooCostly,
    /// Its picture or sound is damaged or of a kind that is not decoded.
    Undecodable,
}

impl Refusal {
    /// The stable code that is stored and sent to clients.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::NotMedia => "NOT_MEDIA",
            Self::Truncated => "TRUNCATED",
            Self::NothingToPlay => "NOTHING_TO_PLAY",
            Self::TooLong => "TOO_LONG",
            Self::TooManyPixels => "TOO_MANY_PIXELS",
            Self::TooManyStreams => "TOO_MANY_STREAMS",
            Self::TooCostly => "TOO_COSTLY",
            Self::Undecodable => "UNDECODABLE",
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty",
            Self::NotMedia => "the file is not an MP4, QuickTime, Matroska, WebM or MPEG transport stream",
            Self::Truncated => "the file ends too early: part of it is missing",
            Self::NothingToPlay => "the file holds neither picture nor sound that can be played",
            Self::TooLong => "the recording is longer than ten hours",
            Self::TooManyPixels => "the picture is larger than 35 million pixels",
            Self::TooManyStreams => "the file holds more than 16 streams",
            Self::TooCostly => "the file takes too much time or memory to decode",
            Self::Undecodable => "the picture or sound is damaged or of a kind that is not supported",
        })
    }
}

/// Why media work stopped.
#[derive(Debug)]
pub enum Fault {
    /// The file is at fault, for good.
    Refused(Refusal),
    /// We are: a program could not be started, a disk is full … Trying again may help.
    Broken(anyhow::Error),
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}
