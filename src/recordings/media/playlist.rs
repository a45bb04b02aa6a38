//! Media playlists of HTTP Live Streaming (RFC 8216, section 4.3.3): the segments of one rendition, each a byte range of one
//! fragmented MP4 file.

use std::{
    fmt::{self, Write},
    time::Duration,
};

/// The segments of one rendition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaPlaylist {
    /// The start of the file that every segment needs first (`EXT-X-MAP`, 4.3.2.5).
    pub header: Range,
    /// The segments, in order.
    pub segments: Vec<Segment>,
}

/// A range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first byte.
    pub offset: u64,
    /// How many.
    pub length: u64,
}

/// One segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// How long it lasts, to the microsecond.
    pub duration: Duration,
    /// Where it lies in the file.
    pub range: Range,
}

/// Why a text is no playlist of ours; the number is its line, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not begin with `#EXTM3U`.
    NotAPlaylist,
    /// A tag's value cannot be read.
    Malformed(usize),
    /// A segment lacks its duration or its range.
    Incomplete(usize),
    /// It has no header range or no segment.
    Empty,
}

impl MediaPlaylist {
    /// Reads a playlist as ffmpeg writes it for one file. Tags that say nothing about segments are skipped; the address of the
    /// file is too, since ours is another.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end()));
        if lines.next().is_none_or(|(_, line)| line != "#EXTM3U") {
            return Err(Fault::NotAPlaylist);
        }
        let (mut header, mut segments) = (None, Vec::new());
        let (mut duration, mut range) = (None, None);
        for (at, line) in lines {
            if let Some(value) = line.strip_prefix("#EXTINF:") {
                let seconds = value.split(',').next().unwrap_or_default();
                duration = Some(parse_duration(seconds).ok_or(Fault::Malformed(at))?);
            } else if let Some(value) = line.strip_prefix("#EXT-X-BYTERANGE:") {
                range = Some(parse_range(value).ok_or(Fault::Malformed(at))?);
            } else if let Some(value) = line.strip_prefix("#EXT-X-MAP:") {
                let quoted = value.split_once("BYTERANGE=\"").and_then(|(_, rest)| rest.split_once('"'));
                header = Some(quoted.and_then(|(range, _)| parse_range(range)).ok_or(Fault::Malformed(at))?);
            } else if !line.starts_with('#') && !line.is_empty() {
                let (Some(duration), Some(range)) = (duration.take(), range.take()) else { return Err(Fault::Incomplete(at)) };
                segments.push(Segment { duration, range });
            }
        }
        match header {
            Some(header) if !segments.is_empty() => Ok(Self { header, segments }),
            _ => Err(Fault::Empty),
        }
    }

    /// The playlist with `address`, relative to the playlist's own, for the file.
    #[must_use]
    pub fn render(&self, address: &str) -> String {
        let mut text = head(self.target());
        let Range { offset, length } = self.header;
        let mut write = || -> fmt::Result {
            writeln!(text, "#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"{address}\",BYTERANGE=\"{length}@{offset}\"")?;
            for Segment { duration, range: Range { offset, length } } in &self.segments {
                let (seconds, micros) = (duration.as_secs(), duration.subsec_micros());
                writeln!(text, "#EXTINF:{seconds}.{micros:06},\n#EXT-X-BYTERANGE:{length}@{offset}\n{address}")?;
            }
            writeln!(text, "#EXT-X-ENDLIST")
        };
        write().expect("a String takes every text");
        text
    }

    /// How long all segments last together.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.segments.iter().map(|segment| segment.duration).sum()
    }

    /// The first byte after all that the playlist names.
    #[must_use]
    pub fn end(&self) -> u64 {
        let ranges = self.segments.iter().map(|segment| segment.range).chain([self.header]);
        ranges.map(|range| range.offset + range.length).max().unwrap_or_default()
    }

    /// The longest segment, rounded to whole seconds as 4.3.3.1 wants it.
    fn target(&self) -> u64 {
        let longest = self.segments.iter().map(|segment| segment.duration).max().unwrap_or_default();
        (longest + Duration::from_millis(500)).as_secs().max(1)
    }

    /// The average segment bit rate (section 4.1): all bits by all seconds.
    #[must_use]
    pub fn average_rate(&self) -> u64 {
        rate(self.segments.iter().map(|segment| segment.range.length).sum(), self.duration())
    }

    /// The peak segment bit rate (section 4.1): the largest of any run of segments that lasts between half and one and a half
    /// times the target. A last segment too short to count alone counts with the one before it.
    #[must_use]
    pub fn peak_rate(&self) -> u64 {
        let target = Duration::from_secs(self.target());
        let mut peak = if self.duration() < target / 2 { self.average_rate() } else { 0 };
        for first in 0..self.segments.len() {
            let (mut bytes, mut time) = (0, Duration::ZERO);
            for segment in &self.segments[first..] {
                bytes += segment.range.length;
                time += segment.duration;
                if time > target * 3 / 2 {
                    break;
                }
                if time >= target / 2 {
                    peak = peak.max(rate(bytes, time));
                }
            }
        }
        peak
    }
}

/// The playlist of captions: one `WebVTT` file, `address`, for the whole of a recording (RFC 8216, 3.5). Without
/// `X-TIMESTAMP-MAP` its times count from the start, as those of our segments do.
#[must_use]
pub fn captions(address: &str, duration: Duration) -> String {
    let (seconds, micros) = (duration.as_secs(), duration.subsec_micros());
    let target = (duration + Duration::from_millis(500)).as_secs().max(1);
    format!("{}#EXTINF:{seconds}.{micros:06},\n{address}\n#EXT-X-ENDLIST\n", head(target))
}

/// Version 7 is the first in which audio and captions may be listed as we do, and above 6, which `EXT-X-MAP` needs (section 7).
fn head(target: u64) -> String {
    format!("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n")
}

/// Bits a second, rounded up.
fn rate(bytes: u64, time: Duration) -> u64 {
    let bits = u128::from(bytes) * 8 * 1_000_000;
    u64::try_from(bits.div_ceil(time.as_micros().max(1))).unwrap_or(u64::MAX)
}

/// A decimal number of seconds, to the microsecond.
fn parse_duration(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let micros = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    Some(Duration::from_secs(whole.parse().ok()?) + Duration::from_micros(micros))
}

/// `length@offset`.
fn parse_range(text: &str) -> Option<Range> {
    let (length, offset) = text.split_once('@')?;
    let range = Range { offset: offset.parse().ok()?, length: length.parse().ok()? };
    range.offset.checked_add(range.length).map(|_| range)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As ffmpeg 5.1 writes it.
    const WRITTEN: &str = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n\
        #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"240p.mp4\",BYTERANGE=\"821@0\"\n\
        #EXTINF:4.000000,\n#EXT-X-BYTERANGE:17080@821\n240p.mp4\n\
        #EXTINF:2.000000,\n#EXT-X-BYTERANGE:9586@17901\n240p.mp4\n#EXT-X-ENDLIST\n";

    #[test]
    fn what_ffmpeg_writes_comes_back_with_our_address() {
        let playlist = MediaPlaylist::parse(WRITTEN).unwrap();
        assert_eq!(playlist.duration(), Duration::from_secs(6));
        assert_eq!(playlist.end(), 27_487);
        assert_eq!(playlist.render("240p.mp4"), WRITTEN);
    }

    #[test]
    fn rates_are_those_of_the_real_bytes() {
        let playlist = MediaPlaylist::parse(WRITTEN).unwrap();
        assert_eq!(playlist.average_rate(), 35_555);
        // The second segment alone: 9,586 bytes in two seconds, half the target.
        assert_eq!(playlist.peak_rate(), 38_344);
    }

    #[test]
    fn a_recording_shorter_than_half_a_segment_has_a_peak() {
        let range = Range { offset: 10, length: 1000 };
        let short = MediaPlaylist { header: range, segments: vec![Segment { duration: Duration::from_millis(400), range }] };
        assert_eq!(short.peak_rate(), 20_000);
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(MediaPlaylist::parse("WEBVTT"), Err(Fault::NotAPlaylist));
        assert_eq!(MediaPlaylist::parse("#EXTM3U\n#EXTINF:x,\n"), Err(Fault::Malformed(2)));
        assert_eq!(MediaPlaylist::parse("#EXTM3U\n#EXTINF:4.0,\nfile.mp4\n"), Err(Fault::Incomplete(3)));
        assert_eq!(MediaPlaylist::parse("#EXTM3U\n#EXT-X-MAP:URI=\"a\"\n"), Err(Fault::Malformed(2)));
        assert_eq!(MediaPlaylist::parse("#EXTM3U\n#EXT-X-ENDLIST\n"), Err(Fault::Empty));
    }

    #[test]
    fn captions_are_one_segment_of_the_whole_length() {
        let text = captions("captions-ar.vtt", Duration::from_millis(3_600_600));
        assert!(text.contains("#EXT-X-TARGETDURATION:3601\n") && text.contains("#EXTINF:3600.600000,\ncaptions-ar.vtt\n"));
    }

    proptest! {
        #[test]
        fn any_playlist_survives_writing_and_reading(
            header in 1..2000_u64,
            parts in prop::collection::vec((1..10_000_000_u64, 1..9_000_000_u64), 1..40),
        ) {
            let mut offset = header;
            let segments = parts.iter().map(|(micros, length)| {
                let range = Range { offset, length: *length };
                offset += length;
                Segment { duration: Duration::from_micros(*micros), range }
            }).collect();
            let playlist = MediaPlaylist { header: Range { offset: 0, length: header }, segments };
            prop_assert_eq!(MediaPlaylist::parse(&playlist.render("x.mp4")), Ok(playlist.clone()));
            prop_assert!(playlist.peak_rate() >= 1);
        }
    }
}
