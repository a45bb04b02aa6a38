//! Tests of the fence, the probe and the encoding with the real programs, on clips that ffmpeg makes up. Where ffmpeg is not
//! installed they say so and pass.

use std::{
    net::TcpListener,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use super::{
    encode::{Encoded, Kind, encode},
    fence::{Limits, Tools},
    job_folder::JobFolder,
    ladder::LOW_PEAK,
    mp4,
    probe::{Probe, probe},
    refusal::{Fault, Refusal},
};

const PICTURE: &str = "testsrc2=s=1280x720:r=30000/1001:d=9,noise=alls=30:allf=t";
const SOUND: &str = "anoisesrc=d=9:c=pink:r=44100";

struct Bench {
    tools: Tools,
    folder: JobFolder,
    _parent: tempfile::TempDir,
}

impl Bench {
    /// Nothing where the programs are missing.
    async fn new() -> Option<Self> {
        let parent = tempfile::tempdir().unwrap();
        match Tools::find().await {
            Ok(tools) => Some(Self { tools, folder: JobFolder::create(parent.path()).unwrap(), _parent: parent }),
            Err(missing) => {
                eprintln!("skipped: {missing}");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the clip `source` with an unfenced ffmpeg.
    fn clip(&self, arguments: &[&str]) -> &'static str {
        let made =
            Command::new("ffmpeg").args(["-nostdin", "-v", "error", "-y"]).args(arguments).current_dir(self.path()).status();
        assert!(made.unwrap().success(), "{arguments:?}");
        std::fs::rename(self.path().join(arguments.last().unwrap()), self.path().join("source")).unwrap();
        "source"
    }

    fn write(&self, bytes: impl AsRef<[u8]>) -> &'static str {
        std::fs::write(self.path().join("source"), bytes).unwrap();
        "source"
    }

    async fn probe(&self) -> Result<Probe, Fault> {
        probe(&self.tools, self.path(), "source").await
    }

    async fn refusal(&self) -> Refusal {
        match self.probe().await {
            Err(Fault::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    async fn encode(&self) -> Result<Encoded, Fault> {
        encode(&self.tools, self.path(), "source", &self.probe().await?, |_| {}).await
    }
}

fn film(name: &str) -> Vec<&str> {
    let made =
        "-f lavfi -i PICTURE -f lavfi -i SOUND -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2 -shortest NAME";
    made.split(' ')
        .map(|word| match word {
            "PICTURE" => PICTURE,
            "SOUND" => SOUND,
            "NAME" => name,
            word => word,
        })
        .collect()
}

#[tokio::test]
async fn a_film_becomes_two_pictures_and_a_sound_that_a_weak_link_carries() {
    let Some(bench) = Bench::new().await else { return };
    bench.clip(&film("film.mkv"));
    let mut shares = Vec::new();
    let probed = bench.probe().await.unwrap();
    let encoded = encode(&bench.tools, bench.path(), "source", &probed, |share| shares.push(share)).await.unwrap();
    let names: Vec<_> = encoded.renditions.iter().map(|rendition| rendition.name.as_str()).collect();
    assert_eq!(names, ["720p", "240p", "sound"]);
    assert!(encoded.duration.abs_diff(Duration::from_secs(9)) < Duration::from_millis(200), "{:?}", encoded.duration);
    assert!(shares.is_sorted() && shares.last().is_some_and(|share| *share > 0.9), "{shares:?}");
    let [high, low, sound] = &encoded.renditions[..] else { panic!() };
    assert!(matches!(high.kind, Kind::Picture { width: 1280, height: 720, .. }) && high.codec.starts_with("avc1.4D"));
    assert_eq!((sound.codec.as_str(), sound.kind), ("mp4a.40.2", Kind::Sound { channels: 2 }));
    for picture in [high, low] {
        let lengths: Vec<_> = picture.playlist.segments.iter().map(|segment| segment.duration.as_micros()).collect();
        assert_eq!(lengths[..2], [4_004_000, 4_004_000], "segments are groups of pictures");
    }
    let together = low.playlist.peak_rate() + sound.playlist.peak_rate();
    assert!(together <= LOW_PEAK, "{together}");
}

#[tokio::test]
async fn pictures_and_sound_start_together() {
    let Some(bench) = Bench::new().await else { return };
    bench.clip(&film("film.mkv"));
    for rendition in bench.encode().await.unwrap().renditions {
        let asked = ["-v", "error", "-show_entries", "format=start_time", "-of", "csv=p=0"];
        let said = Command::new("ffprobe").args(asked).arg(&rendition.file).output().unwrap().stdout;
        assert_eq!(String::from_utf8(said).unwrap().trim(), "0.000000", "{}", rendition.name);
    }
}

#[tokio::test]
async fn a_silent_film_and_a_talk_without_picture_are_encoded_too() {
    let Some(bench) = Bench::new().await else { return };
    bench.clip(&["-f", "lavfi", "-i", "testsrc=s=320x180:r=5:d=5", "-c:v", "mpeg4", "silent.mp4"]);
    let silent = bench.encode().await.unwrap();
    assert_eq!(silent.renditions.iter().map(|rendition| rendition.name.as_str()).collect::<Vec<_>>(), ["180p"]);
    bench.clip(&["-f", "lavfi", "-i", "sine=d=5", "-c:a", "aac", "talk.m4a"]);
    let talk = bench.encode().await.unwrap();
    assert_eq!(talk.renditions.len(), 1);
    assert_eq!(talk.renditions[0].kind, Kind::Sound { channels: 1 });
}

#[tokio::test]
async fn a_playlist_in_disguise_reaches_nobody() {
    let Some(bench) = Bench::new().await else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/a.ts", listener.local_addr().unwrap());
    std::fs::write(bench.path().join("sibling.txt"), "secret").unwrap();
    let disguises = [
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{address}\n#EXT-X-ENDLIST\n"),
        format!(
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet><Representation id=\"1\"><BaseURL>{address}</BaseURL></Representation></AdaptationSet></Period></MPD>"
        ),
        format!("ffconcat version 1.0\nfile '{address}'\nfile sibling.txt\n"),
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
            .to_owned(),
    ];
    for disguise in disguises {
        bench.write(&disguise);
        assert_eq!(bench.refusal().await, Refusal::NotMedia, "{disguise}");
        let forced = Probe { container: String::new(), duration: None, picture: None, sound: None };
        assert!(encode(&bench.tools, bench.path(), "source", &forced, |_| {}).await.is_err());
    }
    assert!(listener.accept().is_err(), "somebody called");
}

#[tokio::test]
async fn files_that_are_empty_cut_off_or_nothing_are_refused() {
    let Some(bench) = Bench::new().await else { return };
    bench.write(b"");
    assert_eq!(bench.refusal().await, Refusal::Empty);
    bench.write([7; 4000]);
    assert_eq!(bench.refusal().await, Refusal::NotMedia);
    bench.clip(&film("film.mp4"));
    let whole = std::fs::read(bench.path().join("source")).unwrap();
    bench.write(&whole[..whole.len() / 2]);
    assert_eq!(bench.refusal().await, Refusal::Truncated);
    bench.clip(&film("film.mkv"));
    let whole = std::fs::read(bench.path().join("source")).unwrap();
    bench.write(&whole[..whole.len() / 5]);
    assert!(matches!(bench.encode().await, Err(Fault::Refused(Refusal::Truncated))), "its headers still promise nine seconds");
}

#[tokio::test]
async fn a_picture_too_large_and_too_many_streams_are_refused() {
    let Some(bench) = Bench::new().await else { return };
    bench.clip(&["-f", "lavfi", "-i", "color=s=8000x5000:r=1:d=1", "-c:v", "mpeg4", "large.mkv"]);
    assert_eq!(bench.refusal().await, Refusal::TooManyPixels);
    let maps = ["-map", "0"].repeat(20);
    let mut many = vec!["-f", "lavfi", "-i", "sine=d=1"];
    many.extend(maps);
    many.extend(["-c:a", "flac", "many.mkv"]);
    bench.clip(&many);
    assert_eq!(bench.refusal().await, Refusal::TooManyStreams);
}

#[tokio::test]
async fn what_phones_and_old_programs_add_does_not_matter() {
    let Some(bench) = Bench::new().await else { return };
    std::fs::write(bench.path().join("words.srt"), "1\n00:00:00,000 --> 00:00:02,000\nwords\n").unwrap();
    let subtitled = "-f lavfi -i testsrc=s=640x360:r=25:d=3 -i words.srt -c:v libx264 -c:s mov_text told.mp4";
    bench.clip(&subtitled.split(' ').collect::<Vec<_>>());
    let mut bytes = std::fs::read(bench.path().join("source")).unwrap();
    let header = bytes.windows(4).position(|four| four == b"tkhd").unwrap() + 4;
    // A quarter turn as a matrix (ISO/IEC 14496-12, 8.3.2.3).
    let turned = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x4000_0000_i32].map(i32::to_be_bytes).concat();
    bytes[header + 40..header + 76].copy_from_slice(&turned);
    bench.write(bytes);
    let picture = bench.probe().await.unwrap().picture.unwrap();
    assert_eq!((picture.width, picture.height), (360, 640), "it is shown upright");
    let encoded = bench.encode().await.unwrap();
    assert!(matches!(encoded.renditions[0].kind, Kind::Picture { width: 360, height: 640, .. }));
}

#[tokio::test]
async fn what_ffmpeg_calls_common_we_call_playable() {
    let Some(bench) = Bench::new().await else { return };
    for (clip, playable) in [("film.mp4", true), ("film.mov", false), ("film.mkv", false)] {
        bench.clip(&film(clip));
        let bytes = bytes::Bytes::from(std::fs::read(bench.path().join("source")).unwrap());
        let movie = mp4::read(&bytes).await;
        assert_eq!(movie.as_ref().is_ok_and(mp4::Movie::browser_playable), playable, "{clip}: {movie:?}");
    }
}

#[tokio::test]
async fn a_run_ends_at_its_limits() {
    let Some(bench) = Bench::new().await else { return };
    bench.clip(&["-f", "lavfi", "-i", "sine=d=5", "-c:a", "aac", "talk.m4a"]);
    let endless: Vec<String> = "-filter_complex testsrc=s=1920x1080 -f null -".split(' ').map(str::to_owned).collect();
    let limits = Limits { wall: Duration::from_secs(1), processor: Duration::from_secs(100), memory: 4 << 30, file: 1 << 20 };
    let begun = Instant::now();
    let late = bench.tools.ffmpeg(bench.path(), "source", &endless, limits, |_| {}).await;
    assert!(matches!(late, Err(Fault::Refused(Refusal::TooCostly))), "{late:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
    let limits = Limits { wall: Duration::from_mins(1), processor: Duration::from_secs(1), ..limits };
    let busy = bench.tools.ffmpeg(bench.path(), "source", &endless, limits, |_| {}).await.unwrap();
    assert!(busy.exceeded_limits(), "{busy:?}");
}

#[tokio::test]
async fn the_programs_see_no_network_and_no_secret() {
    let Some(bench) = Bench::new().await else { return };
    if bench.tools.without_network() {
        let devices = bench.tools.look_around(bench.path(), &["cat", "/proc/net/dev"]).await;
        assert!(!devices.contains("eth") && devices.contains("lo:"), "{devices}");
    } else {
        eprintln!("this system allows no empty network namespace");
    }
    assert_eq!(bench.tools.look_around(bench.path(), &["env"]).await, "");
}
