//! Playing a recording. Players get stable addresses on our host, `/media/<ticket>/…`; each request judges session and
//! right anew. Playlists and captions are answered by us; media by a redirect to a presigned address that lives shortly.

use std::time::Duration;

use bytes::Bytes;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    captioning, captions,
    media::{
        master::{Captions, Master, Sound, Variant},
        playlist,
    },
    playing::{self, Playable},
    recording,
    rendition::{self, Kind},
    ticket::{self, Ticket},
};
use crate::{
    app::App,
    clock::Instant,
    error::{Error, Result},
    files::storing,
    language::Language,
    objects::ResponseHeaders,
    viewer::Viewer,
};

/// Addresses to play a recording.
#[derive(Clone, Debug)]
pub struct Playback {
    /// What they are made of.
    pub ticket: String,
    /// The master playlist, once there are renditions.
    pub hls: Option<String>,
    /// The file as uploaded, where browsers can play it.
    pub progressive: Option<String>,
    /// WebVTT files, by language.
    pub captions: Vec<(Language, String)>,
    /// When to ask again.
    pub expires_at: Instant,
}

/// Addresses for `viewer`, who may see `recording`; none when nothing can be played.
pub async fn grant(app: &App, viewer: &Viewer, recording: &recording::Model) -> Result<Option<Playback>> {
    let db = app.db.read();
    let renditions = rendition::Entity::find().filter(rendition::Column::RecordingId.eq(recording.id)).one(db).await?;
    if renditions.is_none() && !recording.is_source_playable {
        return Ok(None);
    }
    let now = app.clock.now();
    let ticket = Ticket::new(viewer, recording.id, now).seal(app);
    let address = |file: &str| address(app, &ticket, file);
    let captions = of_recording(app, recording).await?;
    Ok(Some(Playback {
        hls: renditions.map(|_| address("master.m3u8")),
        progressive: recording.is_source_playable.then(|| address("source.mp4")),
        captions: captions
            .into_iter()
            .map(|captions| (captions.language.clone(), address(&captions_name(&captions.language))))
            .collect(),
        expires_at: now + ticket::LIFE,
        ticket,
    }))
}

/// Where `viewer`, who may see its recording, fetches captions.
pub fn captions_address(app: &App, viewer: &Viewer, captions: &captions::Model) -> String {
    let ticket = Ticket::new(viewer, captions.recording_id, app.clock.now()).seal(app);
    address(app, &ticket, &captions_name(&captions.language))
}

fn address(app: &App, ticket: &str, file: &str) -> String {
    format!("{}/media/{ticket}/{file}", app.config.public_url)
}

fn captions_name(language: &Language) -> String {
    format!("captions-{}.vtt", language.tag())
}

/// Captions, those in the language spoken first.
async fn of_recording(app: &App, recording: &recording::Model) -> Result<Vec<captions::Model>> {
    let found = captions::Entity::find().filter(captions::Column::RecordingId.eq(recording.id));
    let mut found = found.order_by_asc(captions::Column::Language).all(app.db.read()).await?;
    found.sort_by_key(|captions| captions.language != recording.spoken_language);
    Ok(found)
}

/// What a request below `/media/<ticket>/` is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A text of ours.
    Text {
        /// Its media type.
        content_type: &'static str,
        /// The text.
        body: Bytes,
    },
    /// Another address, which lives shortly.
    Redirect(String),
}

const PLAYLIST: &str = "application/vnd.apple.mpegurl";

/// Answers the request of `viewer` for `file`.
pub async fn serve(app: &App, viewer: &Viewer, ticket: &str, file: &str) -> Result<Answer> {
    let missing = Error::NotFound("media");
    let Some(ticket) = Ticket::open(app, ticket) else { return Err(missing) };
    let recording = ticket.admit(app, viewer).await?;
    let Some((name, kind)) = file.rsplit_once('.') else { return Err(missing) };
    match (name, kind, name.strip_prefix("captions-")) {
        ("master", "m3u8", _) => master(app, &recording).await,
        ("source", "mp4", _) => source(app, &recording).await,
        (_, "m3u8", Some(language)) => {
            find_captions(app, &recording, language).await?;
            let length = Duration::from_millis(recording.duration_ms.unwrap_or_default().unsigned_abs());
            Ok(Answer::Text { content_type: PLAYLIST, body: playlist::captions(&format!("{name}.vtt"), length).into() })
        }
        (_, "vtt", Some(language)) => {
            let captions = find_captions(app, &recording, language).await?;
            let body = captioning::body(app, captions.id).await?.into();
            Ok(Answer::Text { content_type: "text/vtt; charset=utf-8", body })
        }
        (_, "m3u8" | "mp4", None) => {
            let renditions = playing::of(app, &recording).await?;
            let rendition = renditions.iter().find(|rendition| rendition.row.name == name).ok_or(missing)?;
            if kind == "mp4" {
                return Ok(Answer::Redirect(rendition.address(app).await?));
            }
            Ok(Answer::Text { content_type: PLAYLIST, body: rendition.playlist(app).await? })
        }
        _ => Err(missing),
    }
}

async fn source(app: &App, recording: &recording::Model) -> Result<Answer> {
    let object = recording.source_object_id.filter(|_| recording.is_source_playable).ok_or(Error::NotFound("media"))?;
    let object = storing::row(app.db.read(), object).await?;
    let answer = ResponseHeaders { content_type: Some("video/mp4".to_owned()), disposition: None };
    Ok(Answer::Redirect(app.objects.presign_get(&object.key, app.config.media_address_life, &answer).await?))
}

async fn find_captions(app: &App, recording: &recording::Model, language: &str) -> Result<captions::Model> {
    let language = Language::parse(language).ok_or(Error::NotFound("media"))?;
    let found = captions::Entity::find()
        .filter(captions::Column::RecordingId.eq(recording.id))
        .filter(captions::Column::Language.eq(language));
    found.one(app.db.read()).await?.ok_or(Error::NotFound("media"))
}

async fn master(app: &App, recording: &recording::Model) -> Result<Answer> {
    let renditions = playing::of(app, recording).await?;
    if renditions.is_empty() {
        return Err(Error::NotFound("media"));
    }
    let captions = of_recording(app, recording).await?;
    let body = describe(recording, &renditions, captions).render();
    Ok(Answer::Text { content_type: PLAYLIST, body: body.into() })
}

fn describe(recording: &recording::Model, renditions: &[Playable], captions: Vec<captions::Model>) -> Master {
    let of_kind = |kind: Kind| renditions.iter().map(|rendition| &rendition.row).filter(move |row| row.kind == kind);
    let mut master = Master {
        variants: of_kind(Kind::Video).map(variant).collect(),
        sounds: of_kind(Kind::Audio).map(|rendition| sound(recording, rendition)).collect(),
        captions: captions.into_iter().map(|captions| describe_captions(recording, &captions)).collect(),
    };
    if master.variants.is_empty() {
        // A recording that is only heard: its sound is what there is to choose from.
        master.variants = of_kind(Kind::Audio).map(variant).collect();
        master.sounds.clear();
    }
    master
}

fn variant(rendition: &rendition::Model) -> Variant {
    let size = rendition.width.zip(rendition.height).map(|(width, height)| (width.unsigned_abs(), height.unsigned_abs()));
    let frames = f64::from(rendition.frames_per_1000_s.unwrap_or_default()) / 1000.0;
    Variant {
        address: format!("{}.m3u8", rendition.name),
        peak: rendition.peak_rate.unsigned_abs().into(),
        average: rendition.average_rate.unsigned_abs().into(),
        codec: rendition.codec.clone(),
        picture: size.map(|(width, height)| (width, height, frames)),
    }
}

fn sound(recording: &recording::Model, rendition: &rendition::Model) -> Sound {
    Sound {
        address: format!("{}.m3u8", rendition.name),
        name: recording.spoken_language.own_name().into_owned(),
        language: Some(recording.spoken_language.tag().to_owned()),
        channels: rendition.channels.unwrap_or(1).unsigned_abs(),
        peak: rendition.peak_rate.unsigned_abs().into(),
        average: rendition.average_rate.unsigned_abs().into(),
        codec: rendition.codec.clone(),
    }
}

fn describe_captions(recording: &recording::Model, captions: &captions::Model) -> Captions {
    Captions {
        address: format!("captions-{}.m3u8", captions.language.tag()),
        name: captions.language.own_name().into_owned(),
        language: captions.language.tag().to_owned(),
        spoken: captions.language == recording.spoken_language,
    }
}
