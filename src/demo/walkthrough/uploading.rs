//! A recording: uploaded in parts with a break, checked, transcoded, captioned, agreed to, published.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use super::{Client, People, Walk, key, list, same, text};
use crate::demo::content;

/// The film is padded to this many bytes, so that it goes in several parts.
const BYTES: usize = 17 << 20;
/// How long transcoding may take.
const PATIENCE: Duration = Duration::from_mins(3);

const UPLOAD: &str = "query($id: ID!, $numbers: [Int!]!) { node(id: $id) { ... on Upload { partSize missingPartNumbers
    partAddresses(numbers: $numbers) { number address { url headers { name value } } } } } }";
const MEDIA: &str = "query($id: ID!) { recording(id: $id) { mediaState mediaProblem isPlayable durationSeconds
    renditions { kind height } } }";

/// Makes and publishes a recording; its id.
pub async fn recording(walk: &mut Walk<'_>, people: &People) -> anyhow::Result<Value> {
    let trainer = &people.trainer;
    let text = json!({ "language": "en", "title": "Five steps to a treaty" });
    let input = json!({ "key": key(), "visibility": "MEMBERS", "spokenLanguage": "en", "text": text });
    let id = trainer.create("recordingCreate", "RecordingCreateInput", input, "recording").await?;
    upload(walk, trainer, &id).await?;
    transcode(walk, trainer, &id).await?;
    caption(walk, trainer, &id).await?;
    agree_and_publish(walk, trainer, &id).await?;
    Ok(id)
}

/// The clip, and a box of free space after it (ISO/IEC 14496-12, 8.1.2).
fn film() -> anyhow::Result<Vec<u8>> {
    let mut film = content::bytes("clip/clip.mp4")?.to_vec();
    let free = u32::try_from(BYTES - film.len())?;
    film.extend(free.to_be_bytes());
    film.extend(b"free");
    film.resize(BYTES, 0);
    Ok(film)
}

async fn upload(walk: &mut Walk<'_>, trainer: &Client, recording: &Value) -> anyhow::Result<()> {
    let film = film()?;
    let input = json!({
        "key": key(), "recordingId": recording, "fileName": "five-steps.mp4", "contentType": "video/mp4",
        "size": film.len().to_string(),
    });
    let answer = "upload { id partCount }";
    let started = trainer.change("recordingUploadStart", &[("input: RecordingUploadStartInput!", input)], answer).await?;
    let (upload, count) = (started["upload"]["id"].clone(), started["upload"]["partCount"].clone());
    send_parts(trainer, &upload, &film, &json!([1])).await?;
    let early = trainer.refused("recordingUploadComplete", &[("uploadId: ID!", upload.clone())]).await?;
    walk.did("uploads 17 MiB, breaks off after part 1", &format!("{count} parts; completing it: {early}"));

    let query = "query($id: ID!) { recording(id: $id) { upload { id missingPartNumbers } } }";
    let found = trainer.ask(query, json!({ "id": recording })).await?["recording"]["upload"].clone();
    same("the upload under way", &found["id"], upload.clone())?;
    let missing = found["missingPartNumbers"].clone();
    ensure!(list(&missing).count() > 1 && !list(&missing).any(|number| *number == 1), "missing: {missing}");
    send_parts(trainer, &upload, &film, &missing).await?;
    trainer.change("recordingUploadComplete", &[("uploadId: ID!", upload)], "").await?;
    walk.did("asks which parts are missing, sends them", &format!("missing {missing}; completed"));
    Ok(())
}

async fn send_parts(trainer: &Client, upload: &Value, film: &[u8], numbers: &Value) -> anyhow::Result<()> {
    let found = trainer.ask(UPLOAD, json!({ "id": upload, "numbers": numbers })).await?["node"].clone();
    let size = usize::try_from(found["partSize"].as_u64().context("no part size")?)?;
    for part in list(&found["partAddresses"]) {
        let number = usize::try_from(part["number"].as_u64().context("no number")?)?;
        let piece = film.chunks(size).nth(number - 1).context("no such part")?;
        trainer.http.put(&part["address"], piece.to_vec()).await?;
    }
    Ok(())
}

/// Follows the recording until its renditions are made, or the server says why they are not.
async fn transcode(walk: &mut Walk<'_>, trainer: &Client, recording: &Value) -> anyhow::Result<()> {
    let document = "subscription($id: ID!) { recordingChanged(id: $id) { mediaState } }";
    let mut following = trainer.follow(document, json!({ "id": recording })).await?;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let media = trainer.ask(MEDIA, json!({ "id": recording })).await?["recording"].clone();
        match (text(&media["mediaState"]), &media["mediaProblem"]) {
            ("READY", _) => {
                let made = list(&media["renditions"]).filter(|made| made["kind"] == "VIDEO").count();
                walk.did("follows the transcoding live", &format!("{made} pictures and sound; as uploaded too"));
                return Ok(());
            }
            ("WAITING", Value::String(_)) => {
                same("playable as uploaded", &media["isPlayable"], true)?;
                walk.did("follows the transcoding live", "ffmpeg is missing, the server says; plays as uploaded");
                return Ok(());
            }
            ("FAILED", problem) => bail!("the media failed: {problem}"),
            _ => drop(following.next(Duration::from_secs(2)).await?),
        }
    }
    bail!("transcoding took too long")
}

async fn caption(walk: &mut Walk<'_>, trainer: &Client, recording: &Value) -> anyhow::Result<()> {
    let mut cues = Vec::new();
    for language in ["en", "ar"] {
        let name = format!("captions/five-steps.{language}.vtt");
        let file = trainer.upload("CAPTIONS", "five-steps.vtt", "text/vtt", content::bytes(&name)?).await?;
        let input = json!({ "recordingId": recording, "language": language, "fileId": file });
        let answer = "captions { direction transcript { text } }";
        let set = trainer.change("captionsSet", &[("input: CaptionsSetInput!", input)], answer).await?["captions"].clone();
        cues.push(format!("{language} {} {} cues", text(&set["direction"]), list(&set["transcript"]).count()));
    }
    walk.did("captions it in English and Arabic", &cues.join(", "));
    Ok(())
}

async fn agree_and_publish(walk: &mut Walk<'_>, trainer: &Client, recording: &Value) -> anyhow::Result<()> {
    let input = json!({ "key": key(), "recordingId": recording, "name": "Nadia Beispiel", "role": "Trainer" });
    let speaker = trainer.create("speakerAdd", "SpeakerAddInput", input, "speaker").await?;
    let early = trainer.refused("recordingPublish", &[("id: ID!", recording.clone())]).await?;
    let agreed = json!({ "agreedAt": "2026-01-15T09:00:00Z", "consentText": "I agree that this recording is published." });
    trainer.change("speakerConsentRecord", &[("id: ID!", speaker), ("input: SpeakerConsentInput!", agreed)], "").await?;
    let published = trainer.change("recordingPublish", &[("id: ID!", recording.clone())], "recording { state }").await?;
    same("the state", &published["recording"]["state"], "PUBLISHED")?;
    walk.did("records the speaker's consent, publishes it", &format!("without consent: {early}; with it: PUBLISHED"));
    Ok(())
}
