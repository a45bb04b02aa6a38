//! Making a recording streamable: one run of ffmpeg, one fragmented MP4 and one media playlist for each step of the ladder and
//! for the sound.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, anyhow};

use super::{
    fence::{Limits, Tools},
    ladder::{Ladder, SEGMENT_SECONDS, Step},
    mp4,
    playlist::MediaPlaylist,
    probe::{Probe, Ratio},
    refusal::{Fault, LONGEST_SECONDS, Refusal},
};

/// What a run may need, whatever the length.
const START: Duration = Duration::from_mins(2);
/// Memory of a run: pictures of the largest size, several in flight.
const MEMORY: u64 = 6 << 30;
/// A result shorter than its source's headers promise by more than this, and by a twentieth, means that something was missing.
const SLACK: Duration = Duration::from_secs(5);

/// A recording, encoded.
#[derive(Debug)]
pub struct Encoded {
    /// Its encodings: pictures best first, then the sound.
    pub renditions: Vec<Rendition>,
    /// How long it lasts.
    pub duration: Duration,
}

/// One encoding in one file.
#[derive(Debug)]
pub struct Rendition {
    /// Its name in files and addresses: `720p`, `240p`, `sound`.
    pub name: String,
    /// Where its bytes are, inside the folder of the run.
    pub file: PathBuf,
    /// Its segments.
    pub playlist: MediaPlaylist,
    /// Its codec as RFC 6381 writes it, such as `avc1.4D401F`.
    pub codec: String,
    /// What it shows or sounds like.
    pub kind: Kind,
}

/// What a rendition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A picture without sound.
    Picture {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// Frames a second.
        frame_rate: Ratio,
    },
    /// Sound without a picture.
    Sound {
        /// 1 or 2.
        channels: u32,
    },
}

/// Encodes the file `source` of `folder` into `folder`. `on_progress` gets the share that is done, 0 to 1, as it grows; it
/// is not called where the length is unknown.
pub async fn encode(
    tools: &Tools,
    folder: &Path,
    source: &str,
    probe: &Probe,
    mut on_progress: impl FnMut(f64) + Send,
) -> Result<Encoded, Fault> {
    let ladder = Ladder::of(probe);
    let done = |line: &str| {
        let micros = line.strip_prefix("out_time_us=").and_then(|micros| micros.parse().ok()).map(Duration::from_micros);
        if let (Some(micros), Some(whole)) = (micros, probe.duration) {
            on_progress((micros.as_secs_f64() / whole.as_secs_f64()).min(1.0));
        }
    };
    let finished = tools.ffmpeg(folder, source, &arguments(&ladder), limits(probe), done).await?;
    if finished.exceeded_limits() {
        return Err(Refusal::TooCostly.into());
    }
    if !finished.status.success() {
        tracing::info!(complaints = finished.complaints, status = %finished.status, "ffmpeg gave up");
        let by_signal = finished.status.code().is_none();
        return Err(if by_signal {
            anyhow!("ffmpeg was ended: {}", finished.status).into()
        } else {
            Refusal::Undecodable.into()
        });
    }
    let mut renditions = Vec::new();
    for step in &ladder.steps {
        let kind = Kind::Picture { width: step.width, height: step.height, frame_rate: ladder.frame_rate };
        renditions.push(read_back(folder, &step.name(), step.name(), kind).await?);
    }
    if let Some(channels) = ladder.channels {
        renditions.push(read_back(folder, SOUND, SOUND.to_owned(), Kind::Sound { channels }).await?);
    }
    let encoded = Encoded::of(renditions);
    judge_length(probe.duration, encoded.duration)?;
    Ok(encoded)
}

impl Encoded {
    /// A recording of these renditions.
    #[must_use]
    pub fn of(renditions: Vec<Rendition>) -> Self {
        let duration = renditions.iter().map(|rendition| rendition.playlist.duration()).max().unwrap_or_default();
        Self { renditions, duration }
    }
}

/// The name of the sound's rendition.
pub const SOUND: &str = "sound";

/// A run may take a few times as long as the recording lasts, on a slow machine.
fn limits(probe: &Probe) -> Limits {
    let length = probe.duration.unwrap_or(Duration::from_secs(LONGEST_SECONDS));
    Limits { wall: START + length * 6, processor: START + length * 12, memory: MEMORY, file: (64 + length.as_secs()) << 20 }
}

fn judge_length(promised: Option<Duration>, made: Duration) -> Result<(), Refusal> {
    let promised = promised.unwrap_or_default();
    if made.as_secs() > LONGEST_SECONDS {
        return Err(Refusal::TooLong);
    }
    if made.is_zero() || made + SLACK.max(promised / 20) < promised {
        return Err(Refusal::Truncated);
    }
    Ok(())
}

/// What ffmpeg is told after its input.
///
/// Pictures and sound all start at zero and keep the same time: `fps` and `aresample` fill what is missing at the start or in
/// between. No B-frames: their reordering would move the first picture two frames behind the sound (ffmpeg's fragments cannot
/// begin before zero), and cheap phones decode the rest more easily.
fn arguments(ladder: &Ladder) -> Vec<String> {
    let mut made = vec!["-progress".to_owned(), "pipe:1".to_owned(), "-sn".to_owned(), "-dn".to_owned()];
    made.extend(["-map_metadata", "-1", "-map_chapters", "-1", "-filter_complex"].map(str::to_owned));
    made.push(graph(ladder));
    for (at, step) in ladder.steps.iter().enumerate() {
        made.extend(["-map".to_owned(), format!("[picture{at}]")]);
        made.extend(picture(step, ladder.group()));
        made.extend(stream(&step.name()));
    }
    if let Some(channels) = ladder.channels {
        let [rate, channels] = [ladder.sound_rate(), channels].map(|number| number.to_string());
        made.extend(["-map", "[sound]", "-c:a", "aac", "-b:a", &rate, "-ac", &channels].map(str::to_owned));
        made.extend(stream(SOUND));
    }
    made
}

/// The filters: one decoding, thinned to one frame rate, scaled for each step.
fn graph(ladder: &Ladder) -> String {
    let mut parts = Vec::new();
    if !ladder.steps.is_empty() {
        let Ratio { over, under } = ladder.frame_rate;
        let outputs: Vec<_> = (0..ladder.steps.len()).map(|at| format!("[split{at}]")).collect();
        parts.push(format!("[0:V:0]fps={over}/{under}:start_time=0,split={}{}", outputs.len(), outputs.concat()));
    }
    for (at, Step { width, height, .. }) in ladder.steps.iter().enumerate() {
        parts.push(format!("[split{at}]scale={width}:{height},setsar=1,format=yuv420p[picture{at}]"));
    }
    if ladder.channels.is_some() {
        parts.push("[0:a:0]aresample=48000:async=1:first_pts=0[sound]".to_owned());
    }
    parts.join(";")
}

fn picture(step: &Step, group: u32) -> Vec<String> {
    let [quality, ceiling, buffer, group] = [step.quality, step.ceiling, step.buffer, group].map(|number| number.to_string());
    let fixed = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-bf", "0", "-sc_threshold", "0"];
    let rates = ["-crf", &quality, "-maxrate", &ceiling, "-bufsize", &buffer, "-g", &group, "-keyint_min", &group];
    fixed.into_iter().chain(rates).map(str::to_owned).collect()
}

/// One output: a single fragmented MP4 whose segments are byte ranges of it, and their list.
fn stream(name: &str) -> Vec<String> {
    // A source that does not say how long it is must not run for ever.
    let [seconds, longest] = [SEGMENT_SECONDS.to_string(), (LONGEST_SECONDS + 1).to_string()];
    let hls = ["-t", &longest, "-f", "hls", "-hls_time", &seconds, "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"];
    let one_file = ["-hls_flags", "single_file+independent_segments", "-hls_segment_filename"];
    let names = [file_name(name), playlist_name(name)];
    hls.into_iter().chain(one_file).map(str::to_owned).chain(names).collect()
}

fn file_name(name: &str) -> String {
    format!("{name}.mp4")
}

fn playlist_name(name: &str) -> String {
    format!("{name}.m3u8")
}

/// Reads one rendition that lies in `folder` as `<stem>.mp4` and `<stem>.m3u8`: the list of segments, and the codec from the
/// file's own header.
pub async fn read_back(folder: &Path, stem: &str, name: String, kind: Kind) -> Result<Rendition, Fault> {
    let file = folder.join(file_name(stem));
    let list = tokio::fs::read_to_string(folder.join(playlist_name(stem))).await.context("reading a playlist")?;
    let playlist = MediaPlaylist::parse(&list).map_err(|fault| anyhow!("a playlist: {fault:?}"))?;
    let bytes = tokio::fs::metadata(&file).await?.len();
    if playlist.end() > bytes {
        return Err(anyhow!("a playlist reaches beyond its file").into());
    }
    let codec = codec_of(&file, &playlist).await?;
    Ok(Rendition { name, file, playlist, codec, kind })
}

async fn codec_of(file: &Path, playlist: &MediaPlaylist) -> Result<String, Fault> {
    use tokio::io::AsyncReadExt;
    let mut header = Vec::new();
    tokio::fs::File::open(file).await?.take(playlist.header.length).read_to_end(&mut header).await?;
    let movie = mp4::read(&bytes::Bytes::from(header)).await.map_err(|refusal| anyhow!("ffmpeg's file: {refusal:?}"))?;
    let codec = movie.tracks.iter().find_map(mp4::Track::codec_name);
    codec.ok_or_else(|| anyhow!("ffmpeg's file names no codec").into())
}
