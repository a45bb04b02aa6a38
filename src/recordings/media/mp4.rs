//! A look into an MP4 file (ISO/IEC 14496-12) without ffmpeg: whether browsers can play it as it is.
//!
//! Only box headers and a few small boxes are read, by ranges, so that a film of many gigabytes in object storage costs some
//! kilobytes. Every number comes from a stranger: sizes are checked against the box around them, and counts are bounded.

use std::{future::Future, io, time::Duration};

use bytes::Bytes;

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
/// How many boxes beside each other are looked at.
const MOST_BOXES: usize = 4096;
/// How many tracks are looked at.
const MOST_TRACKS: usize = 64;
/// The largest small box that is read whole.
const SMALL: u64 = 64 << 10;
/// How much is read at once, since one range is one request.
const WINDOW: usize = 32 << 10;

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
    let mut reader = Reader { source, at: 0, window: Bytes::new() };
    if !looks_like(&reader.bytes(0, 8.min(source.size())).await?) {
        return Err(Refusal::NotMedia.into());
    }
    let whole = Part { kind: *b"file", start: 0, end: source.size() };
    let mut movie = None;
    for part in reader.parts(&whole, 0, Refusal::Truncated).await? {
        if part.kind == *b"moov" {
            movie = Some(reader.movie(&part).await?);
        }
    }
    movie.ok_or_else(|| Refusal::Truncated.into())
}

/// A box: its kind and where its content lies.
#[derive(Clone, Copy, Debug)]
struct Part {
    kind: [u8; 4],
    start: u64,
    end: u64,
}

impl Part {
    const fn len(&self) -> u64 {
        self.end - self.start
    }
}

struct Reader<'a, S> {
    source: &'a S,
    at: u64,
    window: Bytes,
}

impl<S: Source> Reader<'_, S> {
    /// `length` bytes from `offset`; fewer is [`Refusal::Truncated`].
    async fn bytes(&mut self, offset: u64, length: u64) -> Result<Bytes, Fault> {
        let wanted = usize::try_from(length).ok().filter(|_| length <= SMALL).ok_or(Refusal::NotMedia)?;
        let held = offset >= self.at && offset - self.at + length <= self.window.len() as u64;
        if !held {
            self.window = self.source.read_at(offset, wanted.max(WINDOW)).await?;
            self.at = offset;
        }
        let skip = usize::try_from(offset - self.at).map_err(|_| Refusal::NotMedia)?;
        match self.window.get(skip..skip + wanted) {
            Some(_) => Ok(self.window.slice(skip..skip + wanted)),
            None => Err(Refusal::Truncated.into()),
        }
    }

    /// The boxes inside `outer`, from `skip` bytes after its start. One that reaches beyond its surroundings is `overrun`.
    async fn parts(&mut self, outer: &Part, skip: u64, overrun: Refusal) -> Result<Vec<Part>, Fault> {
        let (mut found, mut at) = (Vec::new(), outer.start.saturating_add(skip));
        while outer.end.saturating_sub(at) >= 8 && found.len() < MOST_BOXES {
            let head = self.bytes(at, 8).await?;
            let (mut size, mut header) = (u64::from(number(&head, 0)), 8);
            if size == 1 && outer.end - at >= 16 {
                let long = self.bytes(at + 8, 8).await?;
                (size, header) = (u64::from(number(&long, 0)) << 32 | u64::from(number(&long, 4)), 16);
            } else if size == 0 {
                size = outer.end - at; // to the end (4.2.2)
            }
            let end = at.checked_add(size).filter(|end| size >= header && *end <= outer.end).ok_or(overrun)?;
            let kind = [head[4], head[5], head[6], head[7]];
            found.push(Part { kind, start: at + header, end });
            at = end;
        }
        Ok(found)
    }

    /// The first box at the end of `path` below `outer`.
    async fn find(&mut self, outer: &Part, path: &[&[u8; 4]]) -> Result<Option<Part>, Fault> {
        let mut part = *outer;
        for kind in path {
            let inside = self.parts(&part, 0, Refusal::NotMedia).await?;
            match inside.into_iter().find(|inner| inner.kind == **kind) {
                Some(inner) => part = inner,
                None => return Ok(None),
            }
        }
        Ok(Some(part))
    }

    /// `moov` (8.2.1).
    async fn movie(&mut self, moov: &Part) -> Result<Movie, Fault> {
        let (mut duration, mut fragmented, mut tracks) = (Duration::ZERO, false, Vec::new());
        for part in self.parts(moov, 0, Refusal::NotMedia).await? {
            match &part.kind {
                b"mvhd" => duration = self.movie_header(&part).await?,
                b"mvex" => fragmented = true,
                b"trak" if tracks.len() < MOST_TRACKS => tracks.push(self.track(&part).await?),
                b"trak" => return Err(Refusal::TooManyStreams.into()),
                _ => {}
            }
        }
        Ok(Movie { duration, fragmented, tracks })
    }

    /// `mvhd` (8.2.2): version 0 has 32-bit times, version 1 has 64-bit ones.
    async fn movie_header(&mut self, part: &Part) -> Result<Duration, Fault> {
        let body = self.bytes(part.start, part.len().min(32)).await?;
        let (scale, length) = match body.first() {
            Some(1) if body.len() >= 32 => (number(&body, 20), u64::from(number(&body, 24)) << 32 | u64::from(number(&body, 28))),
            Some(0) if body.len() >= 20 => (number(&body, 12), u64::from(number(&body, 16))),
            _ => return Err(Refusal::NotMedia.into()),
        };
        if scale == 0 {
            return Err(Refusal::NotMedia.into());
        }
        let whole = Duration::from_secs(length / u64::from(scale));
        Ok(whole + Duration::from_secs(length % u64::from(scale)) / scale)
    }

    /// `trak` (8.3.1): the kind from `hdlr`, the codec from the first entry of `stsd`.
    async fn track(&mut self, trak: &Part) -> Result<Track, Fault> {
        let Some(media) = self.find(trak, &[b"mdia"]).await? else { return Ok(Track::Other) };
        let Some(handler) = self.find(&media, &[b"hdlr"]).await? else { return Ok(Track::Other) };
        let handler = self.bytes(handler.start, handler.len().min(12)).await?;
        let Some(kind) = handler.get(8..12) else { return Ok(Track::Other) };
        let Some(table) = self.find(&media, &[b"minf", b"stbl", b"stsd"]).await? else { return Ok(Track::Other) };
        let Some(entry) = self.parts(&table, 8, Refusal::NotMedia).await?.into_iter().next() else { return Ok(Track::Other) };
        match kind {
            b"vide" => self.picture(&entry).await,
            b"soun" => self.sound(&entry).await,
            _ => Ok(Track::Other),
        }
    }

    /// A `VisualSampleEntry` (12.1.3): 78 bytes, then boxes, of which `avcC` (ISO/IEC 14496-15, 5.3.3.1) names the profile.
    async fn picture(&mut self, entry: &Part) -> Result<Track, Fault> {
        let fixed = self.bytes(entry.start, entry.len().min(78)).await?;
        if fixed.len() < 78 {
            return Err(Refusal::NotMedia.into());
        }
        let mut avc = None;
        for part in self.parts(entry, 78, Refusal::NotMedia).await? {
            if part.kind == *b"avcC" {
                let record = self.bytes(part.start, part.len().min(4)).await?;
                avc = record.get(1..4).map(|bytes| [bytes[0], bytes[1], bytes[2]]);
            }
        }
        let size = number(&fixed, 24);
        Ok(Track::Picture { codec: entry.kind, width: size >> 16, height: size & 0xFFFF, avc })
    }

    /// An `AudioSampleEntry` (12.2.3): 28 bytes (`QuickTime`'s versions 1 and 2 have 16 and 36 more), then boxes with `esds`.
    async fn sound(&mut self, entry: &Part) -> Result<Track, Fault> {
        let fixed = self.bytes(entry.start, entry.len().min(28)).await?;
        if fixed.len() < 28 {
            return Err(Refusal::NotMedia.into());
        }
        let skip = match number(&fixed, 8) >> 16 {
            1 => 44,
            2 => 64,
            _ => 28,
        };
        let mut aac = None;
        for part in self.parts(entry, skip, Refusal::NotMedia).await? {
            if part.kind == *b"esds" {
                let descriptor = self.bytes(part.start, part.len().min(SMALL)).await?;
                aac = aac_object_type(&descriptor);
            }
        }
        Ok(Track::Sound { codec: entry.kind, channels: u16::from_be_bytes([fixed[16], fixed[17]]), aac })
    }
}

/// The audio object type in an `esds` box, where it describes AAC (ISO/IEC 14496-1, 7.2.6).
fn aac_object_type(esds: &[u8]) -> Option<u8> {
    let stream = descriptor(esds.get(4..)?, 3)?;
    let flags = *stream.get(2)?;
    let mut skip = 3 + if flags & 0x80 == 0 { 0 } else { 2 };
    if flags & 0x40 != 0 {
        skip += 1 + usize::from(*stream.get(skip)?);
    }
    skip += if flags & 0x20 == 0 { 0 } else { 2 };
    let config = descriptor(stream.get(skip..)?, 4)?;
    // 0x40 is "Audio ISO/IEC 14496-3" (7.2.6.6.2, table 5).
    let specific = if config.first() == Some(&0x40) { descriptor(config.get(13..)?, 5)? } else { return None };
    Some(specific.first()? >> 3)
}

/// The content of the descriptor at the start of `bytes`, if its tag is `tag`. Its size is in up to four groups of seven bits.
fn descriptor(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (first, rest) = bytes.split_first()?;
    if *first != tag {
        return None;
    }
    let (mut size, mut used) = (0_usize, 0);
    loop {
        let byte = *rest.get(used)?;
        size = size << 7 | usize::from(byte & 0x7F);
        used += 1;
        if byte & 0x80 == 0 {
            return rest.get(used..used + size);
        }
        if used == 4 {
            return None;
        }
    }
}

/// The big-endian number at `at`. Callers have checked the length.
fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests;
