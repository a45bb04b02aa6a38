//! A look into an MP4 file (ISO/IEC 14496-12) without ffmpeg: whether browsers can play it as it is.
//!
//! Only box headers and a few small boxes are read, by ranges, so that a film of many gigabytes in object storage costs some
//! kilobytes. Every number comes from a stranger: sizes are checked against the box around them, and counts are bounded.

mod reader;
#[cfg(test)]
mod tests;

use std::{future::Future, io, time::Duration};

use bytes::Bytes;

use self::reader::{Part, Reader};
use super::refusal::{Fault, Refusal};

/// Bytes that can be read in any order.
pub trait Source: Sync {
    /// How many there are.
    fn size(&self) -> u64;
    /// Those from `offset`, at most `length`, all of them where there are that many.
    fn read_at(&self, offset: u64, length: usize) -> impl Future<Output = io::Result<Bytes>> + Send;
}

impl Source for Bytes {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    async fn read_at(&self, offset: u64, length: usize) -> io::Result<Bytes> {
        let start = usize::try_from(offset).map_or(self.len(), |offset| offset.min(self.len()));
        Ok(self.slice(start..self.len().min(start.saturating_add(length))))
    }
}

/// What an MP4 says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movie {
    /// How long it lasts.
    pub duration: Duration,
    /// Whether its samples are in fragments (`mvex`); browsers play those only through a script.
    pub fragmented: bool,
    /// Its tracks.
    pub tracks: Vec<Track>,
}

/// One track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Track {
    /// A picture.
    Picture {
        /// The four letters of its codec.
        codec: [u8; 4],
        /// In pixels, as it is stored.
        width: u32,
        /// In pixels, as it is stored.
        height: u32,
        /// Profile, constraints and level where it is H.264.
        avc: Option<[u8; 3]>,
    },
    /// Sound.
    Sound {
        /// The four letters of its codec.
        codec: [u8; 4],
        /// How many channels it has.
        channels: u16,
        /// Its MPEG-4 object type where it is AAC.
        aac: Option<u8>,
    },
    /// Anything else: times, texts, hints.
    Other,
}

/// H.264 profiles that are 8-bit with 4:2:0 colour (ITU-T H.264, A.2): Baseline, Main and High.
const AVC_PROFILES: [u8; 3] = [66, 77, 100];
/// AAC object types that browsers decode (ISO/IEC 14496-3, 1.5.1.1): low complexity, SBR, parametric stereo.
const AAC_TYPES: [u8; 3] = [2, 5, 29];

impl Movie {
    /// Whether the browsers of today play it by themselves: H.264 of the common kind, AAC or silence, at least one of them.
    #[must_use]
    pub fn browser_playable(&self) -> bool {
        let mut heard_or_seen = false;
        let fine = self.tracks.iter().all(|track| {
            heard_or_seen |= *track != Track::Other;
            match track {
                Track::Picture { codec, avc, .. } => codec == b"avc1" && avc.is_some_and(|avc| AVC_PROFILES.contains(&avc[0])),
                Track::Sound { codec, aac, .. } => codec == b"mp4a" && aac.is_some_and(|kind| AAC_TYPES.contains(&kind)),
                Track::Other => true,
            }
        });
        fine && heard_or_seen && !self.fragmented && !self.duration.is_zero()
    }
}

impl Track {
    /// Its codec as RFC 6381 writes it, such as `avc1.4D401F` or `mp4a.40.2`.
    #[must_use]
    pub fn codec_name(&self) -> Option<String> {
        match self {
            Self::Picture { avc: Some([profile, constraints, level]), .. } => {
                Some(format!("avc1.{profile:02X}{constraints:02X}{level:02X}"))
            }
            Self::Sound { aac: Some(kind), .. } => Some(format!("mp4a.40.{kind}")),
            _ => None,
        }
    }
}

/// Whether `start`, the first bytes of a file, are those of an MP4 or `QuickTime` file.
#[must_use]
pub fn looks_like(start: &[u8]) -> bool {
    start.get(4..8).is_some_and(|kind| [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|known| kind == *known))
}

/// Reads what `source` says about itself. Refuses what is no MP4 and what ends too early.
pub async fn read(source: &impl Source) -> Result<Movie, Fault> {
    if source.size() == 0 {
        return Err(Refusal::Empty.into());
    }
    let mut reader = Reader::new(source);
    if !looks_like(&reader.bytes(0, 8.min(source.size())).await?) {
        return Err(Refusal::NotMedia.into());
    }
    let whole = Part::file(source.size());
    let mut movie = None;
    for part in reader.parts(&whole, 0, Refusal::Truncated).await? {
        if part.kind == *b"moov" {
            movie = Some(reader.movie(&part).await?);
        }
    }
    movie.ok_or_else(|| Refusal::Truncated.into())
}
