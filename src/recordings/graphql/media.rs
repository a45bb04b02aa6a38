//! Renditions, captions and speakers.

use async_graphql::{Context, Object, SimpleObject};

use super::loading::CuesOf;
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::{at_hand::AtHand, context::ContextExt},
    ids::{CaptionsId, SpeakerId},
    language::{Language, TextDirection},
    recordings::{captions, media::webvtt, playback, rendition, speaker, watching::seconds},
    scalars::{ByteCount, Url},
};

/// One encoding of a recording.
#[derive(SimpleObject)]
pub struct Rendition {
    /// What it holds.
    pub kind: rendition::Kind,
    /// Lines of the picture; null for sound.
    pub height: Option<i32>,
    /// Peak bit rate.
    pub peak_bits_per_second: i32,
    /// Average bit rate.
    pub average_bits_per_second: i32,
    /// Size.
    pub size: ByteCount,
}

impl From<rendition::Model> for Rendition {
    fn from(row: rendition::Model) -> Self {
        Self {
            kind: row.kind,
            height: row.height,
            peak_bits_per_second: row.peak_rate,
            average_bits_per_second: row.average_rate,
            size: ByteCount(row.size),
        }
    }
}

impl Rendition {
    /// The file as uploaded, of `size` bytes and `millis` of length. Its peak is not known; the average stands for it.
    pub fn as_uploaded(size: i64, millis: i64) -> Self {
        let rate = i32::try_from(size.saturating_mul(8000) / millis.max(1)).unwrap_or(i32::MAX);
        Self {
            kind: rendition::Kind::Progressive,
            height: None,
            peak_bits_per_second: rate,
            average_bits_per_second: rate,
            size: ByteCount(size),
        }
    }
}

/// What is said, as text over time, in one language.
pub struct Captions(pub captions::Model);

/// What is said, as text over time, in one language.
#[Object]
impl Captions {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> CaptionsId {
        self.0.id
    }
    /// Its language.
    async fn language(&self) -> &Language {
        &self.0.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.0.language.direction()
    }
    /// Name of the language in itself.
    async fn label(&self) -> String {
        self.0.language.own_name().into_owned()
    }
    /// Its cues, in order, at most 10,000.
    async fn transcript(&self, ctx: &Context<'_>) -> Result<Vec<AtHand<TranscriptCue>>> {
        let cues = ctx.load(CuesOf(self.0.id)).await?;
        Ok(cues.ok_or(Error::NotFound("captions"))?.iter().map(|cue| AtHand(cue.into())).collect())
    }
    /// WebVTT file, for this session, whether the recording is playable or not.
    async fn url(&self, ctx: &Context<'_>) -> Url {
        Url(playback::captions_address(ctx.app(), ctx.viewer(), &self.0))
    }
    /// When it was last replaced.
    async fn updated_at(&self) -> Instant {
        self.0.updated_at
    }
}

/// A stretch of a transcript.
#[derive(SimpleObject)]
pub struct TranscriptCue {
    /// Where it begins.
    pub start_seconds: f64,
    /// Where it ends.
    pub end_seconds: f64,
    /// What is said; may hold line breaks.
    pub text: String,
}

impl From<&webvtt::Cue> for TranscriptCue {
    fn from(cue: &webvtt::Cue) -> Self {
        Self { start_seconds: seconds(cue.start), end_seconds: seconds(cue.end), text: cue.plain() }
    }
}

/// A person who speaks in a recording.
pub struct Speaker {
    /// The row.
    pub row: speaker::Model,
    /// Whether the viewer is staff of the recording.
    pub staff: bool,
}

/// A person who speaks in a recording.
#[Object]
impl Speaker {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> SpeakerId {
        self.row.id
    }
    /// Name as shown.
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// Function as shown; may be empty.
    async fn role(&self) -> &str {
        &self.row.role
    }
    /// Whether they agreed to publication; null for all but staff.
    async fn has_agreed(&self) -> Option<bool> {
        self.staff.then(|| self.row.agrees())
    }
    /// When; null for all but staff.
    async fn agreed_at(&self) -> Option<Instant> {
        self.row.agreed_at.filter(|_| self.staff)
    }
    /// Text that they agreed to; null for all but staff.
    async fn consent_text(&self) -> Option<&str> {
        self.row.consent_text.as_deref().filter(|_| self.staff)
    }
    /// When they withdrew; null for all but staff.
    async fn withdrawn_at(&self) -> Option<Instant> {
        self.row.withdrawn_at.filter(|_| self.staff)
    }
}
