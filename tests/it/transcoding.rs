//! Transcoding with the real programs: what is dangerous or broken ends as failed, and a worker may die over it.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use lyceum::{
    app::App,
    clock::Clock,
    files::object,
    ids::{Id as _, RecordingId},
    jobs::{self, Job as _, Kinds, WorkerState},
    migrating,
    recordings::{
        checking::Check,
        media::fence::Tools,
        recording::{self, MediaState},
        rendition,
        resuming::Resume,
        transcoding::{self, Transcode},
    },
    worker,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, with_app, with_app_set},
    http_client,
    recordings::{CLIP, PUBLISH, created, seen, sent, uploaded},
    skipping::skipped,
};

const PLAYBACK: &str = "query($id: ID!) { recording(id: $id) { playback { hlsUrl progressiveUrl } } }";

/// Whether the programs are there; says so where they are not. ffmpeg without its fence is a fault, not a reason to skip.
pub async fn has_ffmpeg() -> bool {
    match Tools::find().await {
        Ok(_) => true,
        Err(missing) if missing.0.iter().any(|name| ["ffmpeg", "ffprobe"].contains(name)) => {
            skipped(missing);
            false
        }
        Err(missing) => panic!("ffmpeg is here, but not its fence: {missing}"),
    }
}

/// A file that ffmpeg makes up.
pub fn made_up(arguments: &str, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let words = arguments.split_whitespace().chain([name]);
    let made = Command::new("ffmpeg").args(["-nostdin", "-v", "error", "-y"]).args(words).current_dir(folder.path()).status();
    assert!(made.expect("ffmpeg runs").success(), "{arguments}");
    std::fs::read(folder.path().join(name)).expect("it was made")
}

/// What lies in the folder of running transcodings.
pub fn work_of(app: &TestApp) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(app.config.data.join("work"));
    entries.map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect()).unwrap_or_default()
}

#[tokio::test]
async fn lists_in_disguise_fail_call_nobody_and_read_no_sibling() {
    with_app(async |app| {
        if !has_ffmpeg().await {
            return;
        }
        let trainer = app.trainer().await;
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("it can be asked");
        let address = format!("http://{}/a.mp4", listener.local_addr().expect("an address"));
        let sibling = app.config.data.join("work/sibling.mp4");
        std::fs::create_dir_all(sibling.parent().expect("a folder")).expect("a folder");
        std::fs::write(&sibling, CLIP).expect("a sibling that plays");
        let description = |place: &str| {
            format!(
                "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" \
                 profiles=\"urn:mpeg:dash:profile:isoff-main:2011\" type=\"static\" mediaPresentationDuration=\"PT9S\"><Period>\
                 <AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\" bandwidth=\"9\"><BaseURL>{place}</BaseURL>\
                 </Representation></AdaptationSet></Period></MPD>"
            )
        };
        let session =
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n";
        let file = format!("file://{}", sibling.display());
        let mut disguises = vec![session.to_owned()];
        for place in [&address, &file, "../sibling.mp4"] {
            disguises.push(format!("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{place}\n#EXT-X-ENDLIST\n"));
            disguises.push(format!("ffconcat version 1.0\nfile '{place}'\n"));
            disguises.push(description(place));
        }
        let mut files: Vec<Vec<u8>> = disguises.iter().map(|text| text.clone().into_bytes()).collect();
        // Those that ffmpeg knows wherever they begin, behind the first bytes of containers that are taken.
        for start in [&b"\x1A\x45\xDF\xA3\n"[..], b"\0\0\0\x08ftyp\n"] {
            files.extend(disguises.iter().map(|text| [start, text.as_bytes()].concat()));
        }
        for bytes in files {
            let id = created(&trainer, "PUBLIC").await;
            uploaded(app, &trainer, &id, &bytes).await;
            let recording = seen(&trainer, &id).await;
            assert_eq!(recording["mediaState"], "FAILED", "{}", String::from_utf8_lossy(&bytes));
            assert!(recording["mediaProblem"].is_string(), "{recording:#}");
            assert_eq!((&recording["isPlayable"], &recording["renditions"]), (&json!(false), &json!([])));
            assert_eq!(trainer.problems(PUBLISH, &json!({ "id": id })).await.len(), 2);
        }
        assert!(listener.accept().is_err(), "somebody called");
        assert_eq!(work_of(app), [sibling]);
    })
    .await;
}

#[tokio::test]
async fn drawings_pages_and_nothing_at_all_fail_with_a_reason_and_are_served_to_nobody() {
    with_app(async |app| {
        if !has_ffmpeg().await {
            return;
        }
        let trainer = app.trainer().await;
        let drawing = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script>\
                       <image href=\"http://127.0.0.1/a.png\"/></svg>";
        let page = "<!doctype html><script>alert(document.domain)</script><video src=\"http://127.0.0.1/a.mp4\">";
        let polyglot = [b"\0\0\0\x18ftypisom\0\0\0\0isommp42".as_slice(), page.as_bytes()].concat();
        let (zero, zeros) = (vec![0], vec![0; 3 << 20]);
        for bytes in [drawing.as_bytes(), page.as_bytes(), &polyglot, &zero, &zeros, b"GIF89a<script>", b"%PDF-1.7"] {
            let (id, begun) = (created(&trainer, "PUBLIC").await, Instant::now());
            uploaded(app, &trainer, &id, bytes).await;
            let recording = seen(&trainer, &id).await;
            let start = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]);
            assert_eq!((&recording["mediaState"], &recording["isPlayable"]), (&json!("FAILED"), &json!(false)), "{start}");
            assert!(recording["mediaProblem"].as_str().is_some_and(|said| !said.is_empty()), "{start}: {recording:#}");
            assert!(begun.elapsed() < Duration::from_mins(1), "{start} took {:?}", begun.elapsed());
            let playback = trainer.sends(PLAYBACK, &json!({ "id": id })).await["data"]["recording"]["playback"].clone();
            assert!(playback["progressiveUrl"].is_null() && playback["hlsUrl"].is_null(), "{start}: {playback}");
        }
        assert_eq!(work_of(app), Vec::<PathBuf>::new());
    })
    .await;
}

#[tokio::test]
async fn broken_and_boundless_films_fail_with_a_reason_and_within_bounds() {
    with_app(async |app| {
        if !has_ffmpeg().await {
            return;
        }
        let trainer = app.trainer().await;
        let maps = "-map 0 ".repeat(40);
        let ten_hours = "-f lavfi -i color=s=64x48:r=1/10:d=36200 -c:v mpeg4 -b:v 1k";
        let large = made_up("-f lavfi -i color=s=8000x8000:r=1:d=1 -c:v mpeg4", "large.mp4");
        for (name, bytes, reason) in [
            ("cut off", CLIP[..CLIP.len() / 2].to_vec(), "ends too early"),
            ("the start of a Matroska file", b"\x1A\x45\xDF\xA3 no more".to_vec(), "not a video"),
            ("40 streams", made_up(&format!("-f lavfi -i sine=d=1 {maps} -c:a flac"), "many.mkv"), "more than 16 streams"),
            ("40 streams, MP4", made_up(&format!("-f lavfi -i sine=d=1 {maps} -c:a aac"), "many.mp4"), "more than 16 streams"),
            ("8K by 8K", large, "35 million pixels"),
            ("ten hours", made_up(ten_hours, "long.mkv"), "longer than ten hours"),
            ("ten hours, MP4", made_up(ten_hours, "long.mp4"), "longer than ten hours"),
        ] {
            assert!(bytes.len() < 4 << 20, "{name}: {}", bytes.len());
            let (id, begun) = (created(&trainer, "PUBLIC").await, Instant::now());
            uploaded(app, &trainer, &id, &bytes).await;
            let recording = seen(&trainer, &id).await;
            assert_eq!(recording["mediaState"], "FAILED", "{name}");
            assert!(recording["mediaProblem"].as_str().is_some_and(|said| said.contains(reason)), "{name}: {recording:#}");
            assert!(begun.elapsed() < Duration::from_mins(1), "{name} took {:?}", begun.elapsed());
        }
        assert_eq!(work_of(app), Vec::<PathBuf>::new());
    })
    .await;
}

/// A recording's row, the names of its renditions, and how many objects there are in all.
async fn stock(app: &App, id: &str) -> (recording::Model, Vec<String>, u64) {
    let id = RecordingId::parse(id).expect("an id");
    let row = recording::Entity::find_by_id(id).one(app.db.read()).await.expect("read").expect("a recording");
    let renditions = rendition::Entity::find().filter(rendition::Column::RecordingId.eq(id)).all(app.db.read()).await;
    let mut names: Vec<_> = renditions.expect("read").into_iter().map(|rendition| rendition.name).collect();
    names.sort();
    (row, names, object::Entity::find().count(app.db.read()).await.expect("counted"))
}

pub async fn run_all(app: &App, kinds: &Kinds) {
    while jobs::run_due(app, kinds).await.expect("the queue can be read") == WorkerState::Worked {}
}

#[tokio::test]
async fn a_recording_that_two_workers_transcode_has_one_set_of_renditions() {
    with_app(async |app| {
        if !has_ffmpeg().await {
            return;
        }
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        sent(&trainer, &id, CLIP).await;
        run_all(app, &Kinds::new().with::<Check>()).await;
        let source = stock(app, &id).await.0.source_object_id.expect("a source");
        let job = Transcode { recording: RecordingId::parse(&id).expect("an id"), object: source };
        let kinds = worker::kinds(&app.config);
        let second = async {
            // Once the first is on its way, the same is asked for again.
            while stock(app, &id).await.0.media_state != MediaState::Transcoding {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            lyceum::transact!(app, |tx| jobs::enqueue(tx, &job).await).expect("enqueued");
            jobs::run_due(app, &kinds).await
        };
        let (first, second) = tokio::join!(jobs::run_due(app, &kinds), second);
        assert_eq!((first.expect("read"), second.expect("read")), (WorkerState::Worked, WorkerState::Worked));
        run_all(app, &kinds).await;
        let (row, names, objects) = stock(app, &id).await;
        assert_eq!((row.media_state, names.join(" ")), (MediaState::Ready, "240p 360p sound".to_owned()));
        assert_eq!(objects, 4, "the source and one set");
    })
    .await;
}

/// A worker of its own process on the embedded site in `data`.
fn start_worker(data: &Path) -> Child {
    let path = std::env::var_os("PATH").expect("a PATH");
    Command::new(env!("CARGO_BIN_EXE_lyceum"))
        .arg("work")
        .env_clear()
        .env("PATH", path)
        .env("LYCEUM_DATA", data)
        .env("LYCEUM_MEDIA_LISTEN", "127.0.0.1:0")
        .env("LYCEUM_SECRET", "a secret of the tests, long enough to sign")
        .stderr(Stdio::null())
        .spawn()
        .expect("the worker starts")
}

/// The ffmpeg that works in a folder below `work`.
pub fn running_ffmpeg(work: &Path) -> Option<PathBuf> {
    std::fs::read_dir("/proc").expect("processes").filter_map(|entry| Some(entry.ok()?.path())).find(|process| {
        let is_ffmpeg = std::fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim() == "ffmpeg");
        is_ffmpeg && std::fs::read_link(process.join("cwd")).is_ok_and(|folder| folder.starts_with(work))
    })
}

pub async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..3000 {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what} did not happen within a minute");
}

#[tokio::test]
async fn a_worker_killed_while_it_transcodes_leaves_no_ffmpeg_and_another_finishes_once() {
    // The worker is another process, so this is about the embedded site whatever else is under test.
    let embedded = [("DATABASE_URL", ""), ("REDIS_URL", ""), ("S3_BUCKET", "")];
    with_app_set(&embedded, async |app| {
        if !has_ffmpeg().await {
            return;
        }
        migrating::migrate(&app.db).await.expect("the database is migrated");
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let film = "-f lavfi -i testsrc2=s=1280x720:r=30:d=20 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
        sent(&trainer, &id, &made_up(film, "film.mp4")).await;
        run_all(app, &Kinds::new().with::<Check>()).await;
        app.objects.close(Duration::from_secs(5)).await;

        let work = app.config.data.join("work");
        let mut worker = start_worker(&app.config.data);
        let ffmpeg = until("the transcoding", || running_ffmpeg(&work)).await;
        worker.kill().expect("kill -9");
        worker.wait().expect("it is dead");
        let killed = Instant::now();
        until("the end of ffmpeg", || running_ffmpeg(&work).is_none().then_some(())).await;
        assert!(killed.elapsed() < Duration::from_secs(5), "{} outlived its worker", ffmpeg.display());
        assert_eq!(stock(app, &id).await.1, Vec::<String>::new(), "nothing is half there");
        let left = work_of(app);
        assert_eq!(left.len(), 2, "a folder and its lock: {left:?}");
        let lock = left.iter().find(|path| path.extension().is_some()).expect("a lock");
        let old = SystemTime::now() - Duration::from_mins(5);
        std::fs::File::options().append(true).open(lock).expect("it opens").set_modified(old).expect("it is old");

        let clock = Clock::shifted();
        let again = App::build(app.config.clone(), clock.clone()).await.expect("another worker");
        let kinds = worker::kinds(&again.config);
        assert_eq!(jobs::run_due(&again, &kinds).await.expect("read"), WorkerState::Idle, "the lease of the dead still holds");
        clock.advance(chrono::Duration::minutes(2));
        lyceum::transact!(again, |tx| jobs::enqueue(tx, &Resume::default()).await).expect("enqueued");
        run_all(&again, &kinds).await;
        let (row, names, objects) = stock(&again, &id).await;
        assert_eq!((row.media_state, names.join(" ")), (MediaState::Ready, "240p 720p".to_owned()));
        assert_eq!(objects, 3, "the source and one set");
        assert_eq!(work_of(app), Vec::<PathBuf>::new());
        // What the dead worker had planned for later.
        clock.advance(chrono::Duration::hours(25));
        run_all(&again, &kinds).await;
        again.objects.close(Duration::from_secs(5)).await;
    })
    .await;
}

/// How many jobs of this kind there are that are due.
async fn due(app: &TestApp, kind: &str) -> u64 {
    let due = jobs::entity::Entity::find().filter(jobs::entity::Column::RunAt.lte(app.clock.now()));
    due.filter(jobs::entity::Column::Kind.eq(kind)).count(app.db.read()).await.expect("counted")
}

/// Has the workers take up what waits, as they do every minute.
async fn resume(app: &TestApp) {
    lyceum::transact!(app, |tx| jobs::enqueue(tx, &Resume::default()).await).expect("enqueued");
}

/// What the API says of a recording, once that `holds` and a worker has nothing to do with it any more.
async fn settled(
    app: &TestApp,
    worker: &http_client::Process,
    (trainer, id): (&Client<'_>, &str),
    holds: impl Fn(&Value) -> bool,
) -> Value {
    let begun = Instant::now();
    loop {
        let recording = seen(trainer, id).await;
        if holds(&recording) && due(app, Resume::KIND).await + due(app, Transcode::KIND).await == 0 {
            return recording;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{recording:#}\n{}", worker.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_recording_waits_for_ffmpeg_where_the_worker_has_none_and_is_finished_once_one_has_it() {
    let app = TestApp::start(&[]).await;
    let trainer = app.trainer().await;
    let id = created(&trainer, "PUBLIC").await;
    sent(&trainer, &id, CLIP).await;
    run_all(&app, &Kinds::new().with::<Check>()).await;
    app.objects.close(Duration::from_secs(5)).await;

    // A system that has a shell and nothing else.
    let bare = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/bin/sh", bare.path().join("sh")).expect("a shell");
    let mut without = http_client::Process::start(&app, &["work"], &[("PATH", bare.path().to_str().expect("text"))]);
    let waits = |recording: &Value| {
        let says_why = recording["mediaProblem"].as_str().is_some_and(|said| said.contains("ffmpeg"));
        recording["mediaState"] == "WAITING" && says_why
    };
    let recording = settled(&app, &without, (&trainer, &id), waits).await;
    assert_eq!(recording["isPlayable"], true, "as it was uploaded");
    // The rounds of a worker that can't do it leave it where it is, and nobody counts on that worker.
    resume(&app).await;
    settled(&app, &without, (&trainer, &id), waits).await;
    assert!(!transcoding::is_possible(&app).await.expect("read"));
    for said in ["recordings play as they were uploaded until a worker has ffmpeg", "a recording waits for ffmpeg"] {
        assert!(without.log().contains(said), "{}", without.log());
    }
    without.terminates();
    assert_eq!(without.ends().await.code(), Some(0), "{}", without.log());

    if has_ffmpeg().await {
        let with = http_client::Process::start(&app, &["work"], &[]);
        resume(&app).await;
        settled(&app, &with, (&trainer, &id), |recording| recording["mediaState"] == "READY").await;
        let (row, names, _) = stock(&app, &id).await;
        assert_eq!((row.media_problem, names.join(" ")), (None, "240p 360p sound".to_owned()));
        assert!(transcoding::is_possible(&app).await.expect("read"));
    }
    app.stop().await;
}
