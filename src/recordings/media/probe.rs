//! What ffprobe says a file holds, as far as it decides what is made of it.

use std::{path::Path, time::Duration};

use anyhow::Context;
use serde::Deserialize;

use super::{
    fence::{Finished, Limits, Tools},
    refusal::{Fault, LONGEST_SECONDS, MOST_PIXELS, Refusal},
};

/// A look at the headers: seconds, not minutes.
const LIMITS: Limits =
    Limits { wall: Duration::from_mins(1), processor: Duration::from_secs(30), memory: 2 << 30, file: 1 << 20 };
const ASKED: [&str; 5] = ["-print_format", "json", "-show_format", "-show_streams", "-show_error"];

/// A file that can be made into a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The container's name as ffprobe has it, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub container: String,
    /// How long it lasts, where its headers tell: what browsers record themselves does not say.
    pub duration: Option<Duration>,
    /// Its first moving picture.
    pub picture: Option<Picture>,
    /// Its first sound track.
    pub sound: Option<Sound>,
}

/// A moving picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its codec's name as ffprobe has it, such as `h264`.
    pub codec: String,
    /// Width in pixels as it is shown: turned the right way up and with square pixels.
    pub width: u32,
    /// Height in pixels as it is shown.
    pub height: u32,
    /// Frames a second.
    pub frame_rate: Ratio,
}

/// A sound track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Its codec's name as ffprobe has it, such as `aac`.
    pub codec: String,
    /// How many channels it has.
    pub channels: u32,
}

/// A positive fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// What is divided.
    pub over: u32,
    /// What it is divided by.
    pub under: u32,
}

impl Ratio {
    /// `over / under`, or nothing where one of them is zero.
    #[must_use]
    pub const fn new(over: u32, under: u32) -> Option<Self> {
        if over == 0 || under == 0 { None } else { Some(Self { over, under }) }
    }

    /// Reads `30000/1001` or `16:9`.
    fn parse(text: &str) -> Option<Self> {
        let (over, under) = text.split_once(['/', ':'])?;
        Self::new(over.parse().ok()?, under.parse().ok()?)
    }

    /// Its value.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.over) / f64::from(self.under)
    }
}

/// Looks into the file `source` of `folder`.
pub async fn probe(tools: &Tools, folder: &Path, source: &str) -> Result<Probe, Fault> {
    if tokio::fs::metadata(folder.join(source)).await?.len() == 0 {
        return Err(Refusal::Empty.into());
    }
    let finished = tools.ffprobe(folder, source, &ASKED, LIMITS).await?;
    if finished.exceeded_limits() {
        return Err(Refusal::TooCostly.into());
    }
    let report: Report = serde_json::from_slice(&finished.output).with_context(|| format!("ffprobe said {finished:?}"))?;
    judge(report, &finished)
}

fn judge(report: Report, finished: &Finished) -> Result<Probe, Fault> {
    let known = [
        ("max_streams", Refusal::TooManyStreams),
        ("max pixel count", Refusal::TooManyPixels),
        ("moov atom not found", Refusal::Truncated),
    ];
    if let Some((_, refusal)) = known.iter().find(|(words, _)| finished.complaints.contains(words)) {
        return Err((*refusal).into());
    }
    let Some(format) = report.format else {
        tracing::info!(complaints = finished.complaints, "a file was refused");
        return Err(Refusal::NotMedia.into());
    };
    let duration = format.duration.as_deref().and_then(parse_seconds);
    if duration.is_some_and(|duration| duration.as_secs() > LONGEST_SECONDS) {
        return Err(Refusal::TooLong.into());
    }
    let moving =
        report.streams.iter().find(|stream| stream.kind.as_deref() == Some("video") && stream.disposition.attached_pic == 0);
    if moving.is_some_and(|stream| u64::from(stream.width) * u64::from(stream.height) > MOST_PIXELS) {
        return Err(Refusal::TooManyPixels.into());
    }
    let picture = moving.and_then(StreamReport::picture);
    let sound = report.streams.iter().find(|stream| stream.kind.as_deref() == Some("audio")).and_then(StreamReport::sound);
    if picture.is_none() && sound.is_none() {
        return Err(Refusal::NothingToPlay.into());
    }
    Ok(Probe { container: format.name, duration, picture, sound })
}

fn parse_seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?).ok().filter(|duration| !duration.is_zero())
}

/// ffprobe's JSON, as far as it is read.
#[derive(Debug, Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<StreamReport>,
    format: Option<FormatReport>,
}

#[derive(Debug, Deserialize)]
struct FormatReport {
    #[serde(rename = "format_name")]
    name: String,
    duration: Option<String>,
}

#[derive(Debug, Deserialize)]
struct StreamReport {
    #[serde(rename = "codec_type")]
    kind: Option<String>,
    #[serde(rename = "codec_name")]
    codec: Option<String>,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    sample_aspect_ratio: Option<String>,
    avg_frame_rate: Option<String>,
    r_frame_rate: Option<String>,
    #[serde(default)]
    channels: u32,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Debug, Default, Deserialize)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Debug, Deserialize)]
struct SideData {
    #[serde(default)]
    rotation: f64,
}

impl StreamReport {
    fn picture(&self) -> Option<Picture> {
        let codec = self.codec.clone()?;
        if self.width == 0 || self.height == 0 {
            return None;
        }
        let pixel = self.sample_aspect_ratio.as_deref().and_then(Ratio::parse).map_or(1.0, Ratio::value);
        let width = rounded(f64::from(self.width) * pixel.clamp(0.25, 4.0));
        let on_its_side = self.side_data_list.iter().any(|data| (data.rotation.abs() - 90.0).abs() < 1.0);
        let (width, height) = if on_its_side { (self.height, width) } else { (width, self.height) };
        let mut rates = [&self.avg_frame_rate, &self.r_frame_rate].into_iter().flatten();
        let frame_rate = rates.find_map(|rate| Ratio::parse(rate)).unwrap_or(Ratio { over: 25, under: 1 });
        Some(Picture { codec, width, height, frame_rate })
    }

    fn sound(&self) -> Option<Sound> {
        let codec = self.codec.clone()?;
        (self.channels > 0).then_some(Sound { codec, channels: self.channels })
    }
}

/// `pixels` to the nearest whole number.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and callers pass small positive numbers"
)]
fn rounded(pixels: f64) -> u32 {
    pixels.round() as u32
}
