//! A recording and its texts.

use async_graphql::{Context, Object};

use super::{
    loading::{self, CaptionsOf, RenditionsOf, SpeakersOf, TextsOf, WatchOf},
    media::{Captions, Rendition, Speaker},
    playing::{Playback, Watch},
    uploads::Upload,
};
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::context::ContextExt,
    ids::RecordingId,
    language::{
        Language, TextDirection, messages,
        translated::{self, Mark},
    },
    learning::graphql::{AccessConnection, access_to},
    paging::Page,
    recordings::{
        playback, problem,
        recording::{self, MediaState, State},
        recording_text, rendition, uploading,
        watching::{self, seconds},
    },
    scalars::Date,
    visibility::Visibility,
};

/// Texts of a recording in one language, chosen as a whole.
pub struct RecordingText {
    row: recording_text::Model,
    mark: Mark,
}

/// Texts of a recording in one language, chosen as a whole.
#[Object]
impl RecordingText {
    /// Title.
    async fn title(&self) -> &str {
        &self.row.title
    }
    /// What it is about, plain.
    async fn summary(&self) -> &str {
        &self.row.summary
    }
    /// Language of this text.
    async fn language(&self) -> &Language {
        &self.mark.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.mark.direction
    }
    /// True when the text was written in this language first.
    async fn is_original(&self) -> bool {
        self.mark.is_original
    }
    /// True when the original changed after this translation was made.
    async fn is_outdated(&self) -> bool {
        self.mark.is_outdated
    }
    /// True when a machine made this translation and nobody has confirmed it.
    async fn is_machine(&self) -> bool {
        self.mark.is_machine
    }
}

/// A video or sound recording, for instance of a webinar.
pub struct Recording(pub recording::Model);

impl Recording {
    /// The recording `id`, if the viewer may see it.
    pub async fn load(ctx: &Context<'_>, id: Option<RecordingId>) -> Option<Result<Self>> {
        ctx.load(id?).await.map(|found| found.map(Recording)).transpose()
    }

    async fn texts(&self, ctx: &Context<'_>) -> Result<Vec<recording_text::Model>> {
        Ok(ctx.load(TextsOf(self.0.id)).await?.unwrap_or_default())
    }

    async fn chosen(&self, ctx: &Context<'_>, language: Option<&Language>) -> Result<RecordingText> {
        let texts = self.texts(ctx).await?;
        let wanted = ctx.viewer().languages(language);
        let row = translated::choose(&texts, wanted, &self.0.original_language).cloned();
        let row = row.ok_or_else(|| Error::internal(anyhow::anyhow!("{} has no text", self.0.id)))?;
        Ok(RecordingText { mark: translated::mark(&row, &texts, &self.0.original_language), row })
    }

    async fn is_staff(&self, ctx: &Context<'_>) -> Result<bool> {
        loading::edits(ctx, &self.0).await
    }

    async fn rendition_rows(&self, ctx: &Context<'_>) -> Result<Vec<rendition::Model>> {
        Ok(ctx.load(RenditionsOf(self.0.id)).await?.unwrap_or_default())
    }

    async fn caption_rows(&self, ctx: &Context<'_>) -> Result<Vec<crate::recordings::captions::Model>> {
        let mut rows = ctx.load(CaptionsOf(self.0.id)).await?.unwrap_or_default();
        rows.sort_by_key(|row| row.language != self.0.spoken_language);
        Ok(rows)
    }
}

/// A video or sound recording, for instance of a webinar.
#[Object]
impl Recording {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> RecordingId {
        self.0.id
    }
    /// Who may see it. Those enrolled in a course that shows it may too.
    async fn visibility(&self) -> Visibility {
        self.0.visibility
    }
    /// Whether the audience can watch it.
    async fn state(&self) -> State {
        self.0.state
    }
    /// Language that its texts are written in first.
    async fn original_language(&self) -> &Language {
        &self.0.original_language
    }
    /// Language mostly spoken in it.
    async fn spoken_language(&self) -> &Language {
        &self.0.spoken_language
    }
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred language.")] language: Option<Language>,
    ) -> Result<RecordingText> {
        self.chosen(ctx, language.as_ref()).await
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.chosen(ctx, None).await?.row.title)
    }
    /// Summary in the viewer's language.
    async fn summary(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.chosen(ctx, None).await?.row.summary)
    }
    /// All its texts; empty for all but staff.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<RecordingText>> {
        if !self.is_staff(ctx).await? {
            return Ok(Vec::new());
        }
        let texts = self.texts(ctx).await?;
        let marks: Vec<_> = texts.iter().map(|row| translated::mark(row, &texts, &self.0.original_language)).collect();
        Ok(texts.into_iter().zip(marks).map(|(row, mark)| RecordingText { row, mark }).collect())
    }
    /// Languages that its texts exist in.
    async fn languages(&self, ctx: &Context<'_>) -> Result<Vec<Language>> {
        Ok(self.texts(ctx).await?.into_iter().map(|row| row.language).collect())
    }
    /// Day it was recorded, YYYY-MM-DD.
    async fn recorded_on(&self) -> Option<Date> {
        self.0.recorded_on.as_deref().map(Date::from)
    }
    /// Length; null until it was checked.
    async fn duration_seconds(&self) -> Option<f64> {
        self.0.duration_ms.map(|millis| seconds(millis.unsigned_abs()))
    }
    /// Where picture and sound stand.
    async fn media_state(&self) -> MediaState {
        self.0.media_state
    }
    /// Why it failed or waits, for people, in the viewer's language; null otherwise and for all but staff.
    async fn media_problem(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let code = self.0.media_problem.as_deref()?;
        match self.is_staff(ctx).await {
            Ok(true) => Some(Ok(messages::text(&ctx.viewer().speaks(), problem::message(code), &[]))),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
    /// From 0 to 1 while TRANSCODING; null otherwise and for all but staff.
    async fn transcode_progress(&self, ctx: &Context<'_>) -> Option<Result<f64>> {
        if self.0.media_state != MediaState::Transcoding {
            return None;
        }
        let share = f64::from(self.0.transcode_permille) / 1000.0;
        self.is_staff(ctx).await.map(|staff| staff.then_some(share)).transpose()
    }
    /// What has been made of it.
    async fn renditions(&self, ctx: &Context<'_>) -> Result<Vec<Rendition>> {
        let mut renditions: Vec<_> = self.rendition_rows(ctx).await?.into_iter().map(Rendition::from).collect();
        if let Some(object) = self.0.source_object_id.filter(|_| self.0.is_source_playable) {
            let object = crate::files::storing::row(ctx.app().db.read(), object).await?;
            renditions.push(Rendition::as_uploaded(object.size.unwrap_or_default(), self.0.duration_ms.unwrap_or_default()));
        }
        Ok(renditions)
    }
    /// True when `playback` gives something to play.
    async fn is_playable(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.0.is_source_playable || !self.rendition_rows(ctx).await?.is_empty())
    }
    /// One for each language, spoken language first.
    async fn captions(&self, ctx: &Context<'_>) -> Result<Vec<Captions>> {
        Ok(self.caption_rows(ctx).await?.into_iter().map(Captions).collect())
    }
    /// Who speaks in it, in order; only staff see who has not agreed.
    async fn speakers(&self, ctx: &Context<'_>) -> Result<Vec<Speaker>> {
        let staff = self.is_staff(ctx).await?;
        let rows = ctx.load(SpeakersOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().filter(|row| staff || row.agrees()).map(|row| Speaker { row, staff }).collect())
    }
    /// The upload under way; null for all but staff.
    async fn upload(&self, ctx: &Context<'_>) -> Option<Result<Upload>> {
        match self.is_staff(ctx).await {
            Ok(true) => {
                let open = uploading::open(ctx.app().db.read(), self.0.id).await;
                open.map(|uploads| uploads.into_iter().next_back().map(Upload)).transpose()
            }
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
    /// Addresses to play it now, for this session; null when the viewer may not, or nothing is playable.
    async fn playback(&self, ctx: &Context<'_>) -> Option<Result<Playback>> {
        playback::grant(ctx.app(), ctx.viewer(), &self.0).await.transpose().map(|granted| granted.map(Playback))
    }
    /// What the viewer has watched; null when signed out.
    async fn viewer_watch(&self, ctx: &Context<'_>) -> Option<Result<Watch>> {
        ctx.viewer().user_id()?;
        let row = ctx.load(WatchOf(self.0.id)).await;
        Some(row.map(|row| Watch(watching::from_row(row.as_ref(), &self.0))))
    }
    /// True when the viewer may change it.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> Result<bool> {
        self.is_staff(ctx).await
    }
    /// Who was let in, newest first; null for all but staff.
    async fn access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<AccessConnection>> {
        match self.is_staff(ctx).await {
            Ok(true) => Some(access_to(ctx, self.0.id.0, Page::parse(first, after, last, before)).await),
            Ok(false) => None,
            Err(err) => Some(Err(err)),
        }
    }
    /// schema.org accessMode.
    async fn access_modes(&self, ctx: &Context<'_>) -> Result<Vec<&'static str>> {
        let renditions = self.rendition_rows(ctx).await?;
        let has = |kind| renditions.iter().any(|rendition| rendition.kind == kind);
        let mut modes = Vec::new();
        if has(rendition::Kind::Video) || (renditions.is_empty() && self.0.is_source_playable) {
            modes.push("visual");
        }
        if has(rendition::Kind::Audio) || (renditions.is_empty() && self.0.is_source_playable) {
            modes.push("auditory");
        }
        if !self.caption_rows(ctx).await?.is_empty() {
            modes.push("textual");
        }
        Ok(modes)
    }
    /// schema.org accessibilityFeature, for example captions, transcript; what is lacking is absent.
    async fn accessibility_features(&self, ctx: &Context<'_>) -> Result<Vec<&'static str>> {
        let captions = self.caption_rows(ctx).await?;
        let spoken = captions.iter().any(|row| row.language.primary() == self.0.spoken_language.primary());
        Ok(if spoken { vec!["captions", "transcript"] } else { Vec::new() })
    }
    /// schema.org accessibilityHazard.
    async fn accessibility_hazards(&self) -> Vec<&'static str> {
        vec!["unknown"]
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
    /// When it was last published.
    async fn published_at(&self) -> Option<Instant> {
        self.0.published_at
    }
}
