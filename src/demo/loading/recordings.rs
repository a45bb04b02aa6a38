//! The recordings: the clip with renditions that were made before, so that it streams where ffmpeg is missing.

use std::{collections::HashMap, path::Path};

use anyhow::{Context as _, anyhow};
use serde_json::{Value, json};

use super::{Loader, key, original};
use crate::{
    demo::content::{self, Clip, Recording},
    ids::{Id as _, RecordingId},
    recordings::{
        importing,
        media::{
            encode::{Encoded, Kind, Rendition, SOUND},
            job_folder::JobFolder,
            playlist::MediaPlaylist,
            probe::Ratio,
        },
    },
    running::explain,
};

/// Ids by name.
pub type Recordings = HashMap<String, Value>;

/// Loads and publishes all recordings.
pub async fn load(loader: &Loader<'_>) -> anyhow::Result<Recordings> {
    let folder = JobFolder::create(&loader.app.config.data.join("work"))?;
    let clip = unpack(folder.path())?;
    let mut made = Recordings::new();
    for recording in content::read::<content::Recordings>("recordings.toml")?.recording {
        let id = load_one(loader, &recording, &folder.path().join("clip.mp4"), &clip).await?;
        made.insert(recording.name, id);
    }
    Ok(made)
}

/// Writes the clip and its renditions into `folder`.
fn unpack(folder: &Path) -> anyhow::Result<Encoded> {
    let clip: Clip = content::read("clip/clip.toml")?;
    std::fs::write(folder.join("clip.mp4"), content::bytes("clip/clip.mp4")?)?;
    let rendition = |name: String, file: &str, playlist: &str, codec: &str, kind: Kind| -> anyhow::Result<Rendition> {
        let path = folder.join(file);
        std::fs::write(&path, content::bytes(&format!("clip/{file}"))?)?;
        let playlist = MediaPlaylist::parse(content::text(&format!("clip/{playlist}"))?);
        let playlist = playlist.map_err(|fault| anyhow!("the playlist of {file}: {fault:?}"))?;
        Ok(Rendition { name, file: path, playlist, codec: codec.to_owned(), kind })
    };
    let mut renditions = Vec::new();
    for picture in &clip.video {
        let frame_rate = Ratio { over: thousandths(clip.frame_rate), under: 1000 };
        let kind = Kind::Picture { width: picture.width, height: picture.height, frame_rate };
        renditions.push(rendition(format!("{}p", picture.height), &picture.file, &picture.playlist, &picture.codecs, kind)?);
    }
    let kind = Kind::Sound { channels: clip.audio.channels };
    renditions.push(rendition(SOUND.to_owned(), &clip.audio.file, &clip.audio.playlist, &clip.audio.codecs, kind)?);
    Ok(Encoded::of(renditions))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a frame rate is small and positive")]
fn thousandths(rate: f64) -> u32 {
    (rate * 1000.0).round() as u32
}

async fn load_one(loader: &Loader<'_>, recording: &Recording, film: &Path, clip: &Encoded) -> anyhow::Result<Value> {
    let author = &recording.author;
    let input = json!({
        "key": key(&recording.name), "visibility": recording.visibility, "spokenLanguage": recording.spoken_language,
        "recordedOn": recording.recorded_on, "text": original(&recording.text, &recording.original_language)?,
    });
    let id = loader.create(author, "recordingCreate", "RecordingCreateInput", input, "recording").await?;
    let (texts, language) = (&recording.text, &recording.original_language);
    loader.translate(author, "recordingTextSet", "RecordingTextInput", &id, texts, language).await?;
    let typed = id.as_str().and_then(RecordingId::parse).context("an id")?;
    let (viewer, _) = loader.person(author)?;
    importing::import(loader.app, viewer, typed, film, clip).await.map_err(|err| explain(&err))?;
    add_speakers(loader, recording, &id).await?;
    add_captions(loader, recording, &id).await?;
    loader.change(author, "recordingPublish", &[("id: ID!", id.clone())], "").await?;
    Ok(id)
}

async fn add_speakers(loader: &Loader<'_>, recording: &Recording, id: &Value) -> anyhow::Result<()> {
    for speaker in &recording.speaker {
        let key = key(&format!("{} {}", recording.name, speaker.name));
        let input = json!({ "key": key, "recordingId": id, "name": speaker.name, "role": speaker.role });
        let added = loader.create(&recording.author, "speakerAdd", "SpeakerAddInput", input, "speaker").await?;
        let agreed = json!({ "agreedAt": format!("{}T12:00:00Z", speaker.agreed_on), "consentText": speaker.consent });
        let arguments = [("id: ID!", added), ("input: SpeakerConsentInput!", agreed)];
        loader.change(&recording.author, "speakerConsentRecord", &arguments, "").await?;
    }
    Ok(())
}

async fn add_captions(loader: &Loader<'_>, recording: &Recording, id: &Value) -> anyhow::Result<()> {
    for captions in &recording.captions {
        let name = captions.file.rsplit('/').next().unwrap_or_default();
        let file = json!({ "purpose": "CAPTIONS", "name": name, "contentType": "text/vtt" });
        let file = loader.upload(&recording.author, &captions.file, file, content::bytes(&captions.file)?).await?;
        let input = json!({ "recordingId": id, "language": captions.language, "fileId": file });
        loader.change(&recording.author, "captionsSet", &[("input: CaptionsSetInput!", input)], "").await?;
    }
    Ok(())
}
