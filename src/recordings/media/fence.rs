//! Running ffmpeg and ffprobe on files from strangers, inside a fence.
//!
//! A media file can name other files and addresses, and decoders have faults. So the programs see a private folder, local files
//! only, three demuxers and a list of decoders; they have limits on memory, processor time, file size and wall-clock time, an
//! empty environment, no way to gain rights and, where the system allows it, no network. They die with us.
//!
//! The fence programs (`unshare`, `prlimit`, `setpriv`) replace themselves by the next one, so the process that we start *is*
//! ffmpeg: killing it leaves nothing behind.

use std::{
    ffi::OsStr,
    fmt::{self, Display},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::Context;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use super::refusal::{Fault, MOST_PIXELS, MOST_STREAMS, Refusal};

/// Containers that are opened; everything else (playlists, concatenations, session descriptions) is not looked into.
const FORMATS: &str = "mov,matroska,mpegts";
/// Decoders that may run. The text ones are here because ffprobe gives up on a stream that it may not open.
const DECODERS: &str = "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,mpeg2video,mpeg4,mjpeg,prores,\
    aac,aac_latm,mp2,mp2float,mp3,mp3float,ac3,eac3,opus,libopus,vorbis,flac,alac,pcm_s16le,pcm_s16be,pcm_s24le,pcm_f32le,\
    mov_text,subrip,srt,ass,ssa,text,webvtt";
/// The most that a program may print on standard output or standard error, in bytes.
const MOST_OUTPUT: u64 = 4 << 20;

/// Signals of a process that used too much processor time, or wrote too large a file (`signal(7)`).
const SIGXCPU: i32 = 24;
const SIGXFSZ: i32 = 25;

/// What ffmpeg exits with after a signal that it caught.
const FFMPEG_SIGNALLED: i32 = 255;

/// What a run may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wall-clock time, after which the program is killed.
    pub wall: Duration,
    /// Processor time over all threads.
    pub processor: Duration,
    /// Address space in bytes.
    pub memory: u64,
    /// The largest file that it may write, in bytes.
    pub file: u64,
}

/// Programs that are not installed, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub Vec<&'static str>);

impl Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} not found; install ffmpeg and util-linux", self.0.join(", "))
    }
}

/// The programs beside us, found and tried.
#[derive(Clone, Debug)]
pub struct Tools {
    ffmpeg: PathBuf,
    ffprobe: PathBuf,
    prlimit: PathBuf,
    setpriv: PathBuf,
    /// `unshare` with the arguments that work here; empty where none do.
    without_network: Vec<PathBuf>,
}

impl Display for Tools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let programs =
            [&self.ffmpeg, &self.ffprobe, &self.prlimit, &self.setpriv].into_iter().chain(self.without_network.first());
        let programs: Vec<_> = programs.map(|program| program.display().to_string()).collect();
        f.write_str(&programs.join(", "))
    }
}

/// What a program left behind.
#[derive(Debug)]
pub struct Finished {
    /// Its standard output, where it was not read line by line.
    pub output: Vec<u8>,
    /// The end of its standard error.
    pub complaints: String,
    /// How it ended.
    pub status: ExitStatus,
}

impl Finished {
    /// Whether the kernel ended it for using more than its [`Limits`]. ffmpeg catches the signal for time and leaves in order.
    #[must_use]
    pub fn exceeded_limits(&self) -> bool {
        matches!(self.status.signal(), Some(SIGXCPU | SIGXFSZ)) || self.status.code() == Some(FFMPEG_SIGNALLED)
    }
}

impl Tools {
    /// Looks for the programs and finds out which fence this system allows. Fails with the names of what is missing.
    pub async fn find() -> Result<Self, Missing> {
        let names = ["ffmpeg", "ffprobe", "prlimit", "setpriv"];
        let mut found = Vec::new();
        for name in names {
            found.push(locate(name).await);
        }
        let missing: Vec<_> = names.iter().zip(&found).filter(|(_, path)| path.is_none()).map(|(name, _)| *name).collect();
        let [Some(ffmpeg), Some(ffprobe), Some(prlimit), Some(setpriv)] = <[_; 4]>::try_from(found).unwrap_or_default() else {
            return Err(Missing(missing));
        };
        Ok(Self { ffmpeg, ffprobe, prlimit, setpriv, without_network: network_fence().await })
    }

    /// Whether the programs run without any network. Where they cannot, the lists of protocols and formats still hold.
    #[must_use]
    pub fn without_network(&self) -> bool {
        !self.without_network.is_empty()
    }

    /// Runs ffprobe in `folder` on its file `source`; `asked` says what to print.
    pub async fn ffprobe(&self, folder: &Path, source: &str, asked: &[&str], limits: Limits) -> Result<Finished, Fault> {
        let mut command = self.fenced(&self.ffprobe, folder, limits);
        command.args(["-v", "error"]).args(asked).args(input_fence()).arg("-i").arg(format!("file:{source}"));
        let mut output = Vec::new();
        let (status, complaints) =
            supervise(command, limits.wall, async |stdout| stdout.take(MOST_OUTPUT).read_to_end(&mut output).await.map(drop))
                .await?;
        Ok(Finished { output, complaints, status })
    }

    /// Runs ffmpeg in `folder` on its file `source`; `made` are the arguments after the input. `on_line` gets each line that it
    /// prints on standard output.
    pub async fn ffmpeg(
        &self,
        folder: &Path,
        source: &str,
        made: &[String],
        limits: Limits,
        mut on_line: impl FnMut(&str) + Send,
    ) -> Result<Finished, Fault> {
        let mut command = self.fenced(&self.ffmpeg, folder, limits);
        command.args(["-nostdin", "-v", "error", "-y"]).args(input_fence());
        command.arg("-i").arg(format!("file:{source}")).args(made);
        let (status, complaints) = supervise(command, limits.wall, async |stdout| {
            let mut lines = BufReader::new(stdout).lines();
            while let Some(line) = lines.next_line().await? {
                on_line(&line);
            }
            Ok(())
        })
        .await?;
        Ok(Finished { output: Vec::new(), complaints, status })
    }

    /// `program` behind the fence. `setpriv` comes last, because a change of rights would clear its order to die with us.
    fn fenced(&self, program: &Path, folder: &Path, limits: Limits) -> Command {
        let mut words: Vec<&OsStr> = self.without_network.iter().map(|word| word.as_os_str()).collect();
        let [memory, processor, file] =
            [format!("--as={}", limits.memory), processor_limit(limits.processor), format!("--fsize={}", limits.file)];
        words.extend([self.prlimit.as_os_str(), OsStr::new(&memory), OsStr::new(&processor), OsStr::new(&file)]);
        words.extend(["--nofile=64", "--core=0", "--"].map(OsStr::new));
        words.push(self.setpriv.as_os_str());
        words.extend(["--pdeathsig", "KILL", "--no-new-privs", "--"].map(OsStr::new));
        words.push(program.as_os_str());
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(folder).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
        command
    }
}

/// The soft limit comes first, because its signal (`SIGXCPU`) tells what happened; the hard one only kills.
fn processor_limit(limit: Duration) -> String {
    let seconds = limit.as_secs().max(1);
    format!("--cpu={seconds}:{}", seconds + 5)
}

/// The options before an input that keep a media file from reaching for anything but itself.
fn input_fence() -> Vec<String> {
    let [pixels, streams] = [MOST_PIXELS.to_string(), MOST_STREAMS.to_string()];
    let options = [
        ("-protocol_whitelist", "file"),
        ("-format_whitelist", FORMATS),
        ("-codec_whitelist", DECODERS),
        ("-max_pixels", &pixels),
        ("-max_streams", &streams),
    ];
    options.iter().flat_map(|(name, value)| [(*name).to_owned(), (*value).to_owned()]).collect()
}

/// Starts `command`, hands its standard output to `read`, and waits; kills it after `wall`.
///
/// The program is told to die with the *thread* that starts it, which must therefore be one of the runtime's own: never call
/// this from `spawn_blocking`.
async fn supervise<'a>(
    mut command: Command,
    wall: Duration,
    read: impl AsyncFnOnce(tokio::process::ChildStdout) -> std::io::Result<()> + 'a,
) -> Result<(ExitStatus, String), Fault> {
    let mut child = command.spawn().context("starting a media program")?;
    let stdout = child.stdout.take().context("a piped standard output")?;
    let stderr = child.stderr.take().context("a piped standard error")?;
    let work = async {
        let (read, complaints) = tokio::join!(read(stdout), last_words(stderr));
        read?;
        Ok::<_, std::io::Error>((child.wait().await?, complaints))
    };
    let Ok(finished) = timeout(wall, work).await else {
        end(&mut child).await;
        return Err(Refusal::TooCostly.into());
    };
    Ok(finished?)
}

async fn end(child: &mut Child) {
    if let Err(error) = child.kill().await {
        tracing::warn!(%error, "a media program could not be killed");
    }
}

/// The last kilobytes of what a program complains about; the rest is read and dropped, so that it never blocks.
async fn last_words(mut stderr: impl AsyncRead + Unpin) -> String {
    let (mut kept, mut chunk) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stderr.read(&mut chunk).await {
        kept.extend_from_slice(&chunk[..read]);
        kept.drain(..kept.len().saturating_sub(4096));
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Where the shell finds a program, as an absolute path: the fence runs it with an empty environment.
async fn locate(name: &str) -> Option<PathBuf> {
    let found = Command::new("sh").args(["-c", r#"command -v "$0""#, name]).stdin(Stdio::null()).output().await.ok()?;
    let path = PathBuf::from(String::from_utf8(found.stdout).ok()?.trim());
    (found.status.success() && path.is_absolute()).then_some(path)
}

/// The first way that works here to run something in an empty network namespace: as root, or through a user namespace.
async fn network_fence() -> Vec<PathBuf> {
    let Some(unshare) = locate("unshare").await else { return Vec::new() };
    for flags in [&["--net", "--"][..], &["--user", "--map-current-user", "--net", "--"]] {
        let tried = Command::new(&unshare).args(flags).arg("true").stdin(Stdio::null()).stderr(Stdio::null()).status().await;
        if tried.is_ok_and(|status| status.success()) {
            return std::iter::once(unshare).chain(flags.iter().map(PathBuf::from)).collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
impl Tools {
    /// What another program prints behind the same fence.
    pub async fn look_around(&self, folder: &Path, words: &[&str]) -> String {
        let limits = Limits { wall: Duration::from_secs(9), processor: Duration::from_secs(9), memory: 1 << 30, file: 1 << 20 };
        let mut command = self.fenced(&locate(words[0]).await.unwrap(), folder, limits);
        let output = command.args(&words[1..]).output().await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}
