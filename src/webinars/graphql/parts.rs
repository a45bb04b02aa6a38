//! What belongs to series and webinars, in the API: who is credited, who speaks, what registrants are asked.

use async_graphql::{Context, Object};

use super::{loading::TextsOf, text_object};
use crate::{
    error::{Error, Result},
    files::graphql::File,
    graphql::context::ContextExt,
    ids::{WebinarFunderId, WebinarQuestionId, WebinarSpeakerId},
    language::Language,
    scalars::{Html, Markdown},
    webinars::{funder, funder_text, question, question_text, speaker, speaker_text},
};

text_object!(
    /// The credit of a funder in one language, chosen as a whole.
    WebinarFunderText of funder_text::Model {
        /// Name as credited.
        name(text): &str = &text.name;
        /// The sentence of credit; may be empty.
        sentence(text): &str = &text.sentence;
    }
);

text_object!(
    /// What is said of a speaker in one language, chosen as a whole.
    WebinarSpeakerText of speaker_text::Model {
        /// Function; may be empty.
        role(text): &str = &text.role;
        /// Biography; may be empty.
        biography(text): Markdown = text.biography.as_str().into();
        /// The biography, rendered.
        biography_html(text): Html = text.biography_html.as_str().into();
    }
);

text_object!(
    /// A question to registrants in one language, chosen as a whole.
    WebinarQuestionText of question_text::Model {
        /// The question.
        prompt(text): &str = &text.prompt;
    }
);

/// Who pays for a series, and is credited for it.
pub struct WebinarFunder {
    /// The funder.
    pub row: funder::Model,
    /// Original language of the series.
    pub original: Language,
}

/// Who pays for a series, and is credited for it.
#[Object]
impl WebinarFunder {
    /// Opaque and unique over all kinds of objects.
    async fn id(&self) -> WebinarFunderId {
        self.row.id
    }
    /// Their emblem, a picture in PNG; its alternative text is the name.
    async fn emblem(&self, ctx: &Context<'_>) -> Result<Option<File>> {
        let Some(id) = self.row.emblem_id else { return Ok(None) };
        Ok(ctx.load(id).await?.map(File))
    }
    /// The credit in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<WebinarFunderText> {
        let texts = ctx.load(TextsOf(self.row.id)).await?.unwrap_or_default();
        WebinarFunderText::chosen(ctx, &texts, &self.original, language.as_ref()).ok_or(Error::NotFound("text"))
    }
    /// All its texts.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<WebinarFunderText>> {
        let texts = ctx.load(TextsOf(self.row.id)).await?.unwrap_or_default();
        Ok(WebinarFunderText::all(&texts, &self.original))
    }
}

/// Who speaks in a webinar.
pub struct WebinarSpeaker {
    /// The speaker.
    pub row: speaker::Model,
    /// Original language of the webinar.
    pub original: Language,
}

/// Who speaks in a webinar.
#[Object]
impl WebinarSpeaker {
    /// Opaque and unique over all kinds of objects.
    async fn id(&self) -> WebinarSpeakerId {
        self.row.id
    }
    /// Name as shown.
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// What is said of them in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<WebinarSpeakerText> {
        let texts = ctx.load(TextsOf(self.row.id)).await?.unwrap_or_default();
        WebinarSpeakerText::chosen(ctx, &texts, &self.original, language.as_ref()).ok_or(Error::NotFound("text"))
    }
    /// All its texts.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<WebinarSpeakerText>> {
        let texts = ctx.load(TextsOf(self.row.id)).await?.unwrap_or_default();
        Ok(WebinarSpeakerText::all(&texts, &self.original))
    }
}

/// What those who register are asked.
pub struct WebinarQuestion {
    /// The question.
    pub row: question::Model,
    /// Original language of the webinar.
    pub original: Language,
}

/// What those who register are asked.
#[Object]
impl WebinarQuestion {
    /// Opaque and unique over all kinds of objects.
    async fn id(&self) -> WebinarQuestionId {
        self.row.id
    }
    /// True when nobody registers without an answer.
    async fn is_required(&self) -> bool {
        self.row.is_required
    }
    /// The question in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<WebinarQuestionText> {
        let texts = ctx.load(TextsOf(self.row.id)).await?.unwrap_or_default();
        WebinarQuestionText::chosen(ctx, &texts, &self.original, language.as_ref()).ok_or(Error::NotFound("text"))
    }
    /// All its texts.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<WebinarQuestionText>> {
        let texts = ctx.load(TextsOf(self.row.id)).await?.unwrap_or_default();
        Ok(WebinarQuestionText::all(&texts, &self.original))
    }
}
