//! Playing the recording, and what counts as watched.

use anyhow::{Context as _, ensure};
use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{Client, People, Walk, client::path_of, list, same, teaching::Course, text};

const PLAYBACK: &str = "query($id: ID!) { recording(id: $id) { durationSeconds
    playback { ticket hlsUrl progressiveUrl captions { language url } } } }";

/// How the practitioner plays the recording.
pub struct Playback {
    pub ticket: String,
    pub seconds: f64,
    /// Path of the master playlist, or of the file as uploaded.
    pub path: String,
}

/// Plays it as players do: playlists from us, media by a redirect.
pub async fn play(walk: &mut Walk<'_>, people: &People, recording: &Value) -> anyhow::Result<Playback> {
    let viewer = &people.practitioner;
    let found = viewer.ask(PLAYBACK, json!({ "id": recording })).await?["recording"].clone();
    let playback = &found["playback"];
    let captions = path_of(&playback["captions"][1]["url"]).or_else(|_| path_of(&playback["captions"][0]["url"]))?;
    let captions = fetch(viewer, &captions).await?;
    ensure!(captions.starts_with("WEBVTT"), "captions: {captions}");
    let path = if playback["hlsUrl"].is_string() {
        let path = path_of(&playback["hlsUrl"])?;
        play_hls(walk, viewer, &path).await?;
        path
    } else {
        let path = path_of(&playback["progressiveUrl"])?;
        let size = follow_redirect(viewer, &path, "bytes=0-65535").await?;
        walk.did("a member plays it: the file as uploaded", &format!("302 to object storage, 206, {size} bytes"));
        path
    };
    let seconds = found["durationSeconds"].as_f64().context("no length")?;
    Ok(Playback { ticket: text(&playback["ticket"]).to_owned(), seconds, path })
}

async fn play_hls(walk: &mut Walk<'_>, viewer: &Client, path: &str) -> anyhow::Result<()> {
    let master = fetch(viewer, path).await?;
    let of_kind = |kind: &str| master.lines().filter(|line| line.contains(kind)).count();
    let (sounds, captions) = (of_kind("TYPE=AUDIO"), of_kind("TYPE=SUBTITLES"));
    let variants: Vec<_> = master.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let variant = variants.first().context("no variant")?;
    ensure!(!variant.contains('/'), "{variant} is not relative");
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let playlist = fetch(viewer, &format!("{folder}/{variant}")).await?;
    let (mut lines, mut segments) = (playlist.lines(), Vec::new());
    while let Some(line) = lines.next() {
        if let Some(range) = line.strip_prefix("#EXT-X-BYTERANGE:") {
            segments.push((range, lines.next().context("no file")?));
        }
    }
    let (range, file) = segments.first().context("no segment")?;
    let (length, start) = range.split_once('@').context("no offset")?;
    let (length, start): (u64, u64) = (length.parse()?, start.parse()?);
    let got = follow_redirect(viewer, &format!("{folder}/{file}"), &format!("bytes={start}-{}", start + length - 1)).await?;
    ensure!(got as u64 == length, "{got} bytes of a segment of {length}");
    walk.did(
        "a member plays it: master, variant, segment",
        &format!("{} pictures, {sounds} sound, {captions} captions; 302 to object storage, 206, the exact bytes", variants.len()),
    );
    Ok(())
}

/// A text of ours.
async fn fetch(viewer: &Client, path: &str) -> anyhow::Result<String> {
    let answer = viewer.get(path).await?;
    ensure!(answer.status == StatusCode::OK, "{path}: {}", answer.status);
    Ok(answer.text())
}

/// Fetches a range of a file by the redirect to object storage; how many bytes came.
async fn follow_redirect(viewer: &Client, path: &str, range: &str) -> anyhow::Result<usize> {
    let answer = viewer.get(path).await?;
    ensure!(answer.status == StatusCode::FOUND, "{path}: {}", answer.status);
    let address = answer.header(header::LOCATION).context("no address")?;
    let media = viewer.http.send(Method::GET, address, &[("range", range)], "").await?;
    ensure!(media.status == StatusCode::PARTIAL_CONTENT, "object storage answered {}", media.status);
    Ok(media.body.len())
}

/// Reports what was watched, honestly and not; then reads the transcript instead.
pub async fn watch(
    walk: &mut Walk<'_>,
    people: &People,
    course: &Course,
    recording: &Value,
    playback: &Playback,
) -> anyhow::Result<()> {
    let viewer = &people.practitioner;
    let report = async |intervals: Value| {
        let input = json!({
            "recordingId": recording, "ticket": playback.ticket, "intervals": intervals, "positionSeconds": 0.4,
        });
        let answer = "watch { seconds share intervals { startSeconds endSeconds } }";
        anyhow::Ok(viewer.change("watchReport", &[("input: WatchReportInput!", input)], answer).await?["watch"].clone())
    };
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let stretch = |start: f64, end: f64| json!({ "startSeconds": start, "endSeconds": end });
    let honest = report(json!([stretch(0.0, 0.3), stretch(0.2, 0.4)])).await?;
    same("the stretches", &honest["intervals"], json!([stretch(0.0, 0.4)]))?;
    let claimed = report(json!([stretch(0.0, playback.seconds)])).await?;
    let lesson = course.lesson("RECORDING")?;
    let query = "query($id: ID!) { lesson(id: $id) { viewerProgress { state } } }";
    let progress = viewer.ask(query, json!({ "id": lesson })).await?["lesson"]["viewerProgress"]["state"].clone();
    let share = claimed["share"].as_f64().context("no share")?;
    ensure!(share < 0.9 && progress != "COMPLETED", "a claim was believed: {claimed}, {progress}");
    walk.did(
        "reports two stretches, then claims all of it",
        &format!("0 to 0.4 s merged; {} s at once are not believed", playback.seconds),
    );

    let query = "query($id: ID!) { lesson(id: $id) { recording { captions { transcript { text } } } } }";
    let captions = viewer.ask(query, json!({ "id": lesson })).await?["lesson"]["recording"]["captions"].clone();
    ensure!(list(&captions[0]["transcript"]).count() > 0, "no transcript");
    let arguments = [("id: ID!", lesson.clone()), ("reason: LessonCompleteReason!", json!("TRANSCRIPT_READ"))];
    let done = viewer.change("lessonComplete", &arguments, "lesson { viewerProgress { state reason } }").await?;
    let progress = &done["lesson"]["viewerProgress"];
    walk.did("reads the transcript instead", &format!("{}, {}", text(&progress["state"]), text(&progress["reason"])));
    Ok(())
}
