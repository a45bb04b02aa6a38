//! Series in the API.

use async_graphql::{Context, Object};

use super::{
    inviting::contact::{ContactConnection, contacts_of},
    loading::{FundersOf, SeenSeries, TextsOf},
    parts::WebinarFunder,
    text_object,
    webinar::{WebinarConnection, WebinarWhen, webinars},
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    graphql::{connection::connection, context::ContextExt},
    ids::WebinarSeriesId,
    language::Language,
    learning::graphql::{AccessConnection, access_to},
    paging::Page,
    reporting::graphql::WebinarCounts,
    scalars::{Html, Markdown},
    visibility::Visibility,
    webinars::{inviting::importing, series_text},
};

text_object!(
    /// Texts of a series in one language, chosen as a whole.
    WebinarSeriesText of series_text::Model {
        /// Title.
        title(text): &str = &text.title;
        /// What it is about.
        summary(text): Markdown = text.summary.as_str().into();
        /// The summary, rendered.
        summary_html(text): Html = text.summary_html.as_str().into();
    }
);

/// Webinars that belong together.
pub struct WebinarSeries(pub SeenSeries);

impl WebinarSeries {
    /// The series `id`, if the viewer sees it.
    pub async fn load(ctx: &Context<'_>, id: WebinarSeriesId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }

    /// The series as it stands after a change that gave `done`.
    pub async fn after(ctx: &Context<'_>, done: Result<WebinarSeriesId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("series"))
    }

    async fn chosen(&self, ctx: &Context<'_>, asked: Option<&Language>) -> Result<WebinarSeriesText> {
        let series = &self.0.series;
        let texts = ctx.load(TextsOf(series.id)).await?.unwrap_or_default();
        WebinarSeriesText::chosen(ctx, &texts, &series.original_language, asked).ok_or(Error::NotFound("text"))
    }
}

/// Webinars that belong together.
#[Object]
impl WebinarSeries {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> WebinarSeriesId {
        self.0.series.id
    }
    /// Address part.
    async fn slug(&self) -> &str {
        &self.0.series.slug
    }
    /// Who may see it. Its webinars carry marks of their own.
    async fn visibility(&self) -> Visibility {
        self.0.series.visibility
    }
    /// Who made it; their name where they show it to the viewer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, Some(self.0.series.owner_id)).await
    }
    /// Language that it is written in first.
    async fn original_language(&self) -> &Language {
        &self.0.series.original_language
    }
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<WebinarSeriesText> {
        self.chosen(ctx, language.as_ref()).await
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.chosen(ctx, None).await?.row.title)
    }
    /// All its texts; empty for all but those who may change it.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<WebinarSeriesText>> {
        if !self.0.edits {
            return Ok(Vec::new());
        }
        let texts = ctx.load(TextsOf(self.0.series.id)).await?.unwrap_or_default();
        Ok(WebinarSeriesText::all(&texts, &self.0.series.original_language))
    }
    /// The project that it belongs to; may be empty.
    async fn project(&self) -> &str {
        &self.0.series.project
    }
    /// Of a webinar's minutes, how many of a hundred one must be present for to have attended.
    async fn attendance_percent(&self) -> i32 {
        self.0.series.attendance_percent
    }
    /// True when it takes no new webinars.
    async fn is_archived(&self) -> bool {
        self.0.series.archived_at.is_some()
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.0.series.created_at
    }
    /// Who is credited, in order, at most 20.
    async fn funders(&self, ctx: &Context<'_>) -> Result<Vec<WebinarFunder>> {
        let funders = ctx.load(FundersOf(self.0.series.id)).await?.unwrap_or_default();
        let original = &self.0.series.original_language;
        Ok(funders.into_iter().map(|row| WebinarFunder { row, original: original.clone() }).collect())
    }
    /// Its webinars.
    #[allow(clippy::too_many_arguments)]
    async fn webinars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Which, and their order.", default_with = "WebinarWhen::Coming")] when: WebinarWhen,
    ) -> Result<WebinarConnection> {
        webinars(ctx, when, Some(self.0.series.id), Page::parse(first, after, last, before)?).await
    }
    /// True when the viewer may change it.
    async fn viewer_can_edit(&self) -> bool {
        self.0.edits
    }
    /// Whom its organisers write to, in the order in which they were made; null for all but those who may change it.
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<ContactConnection>> {
        if !self.0.edits {
            return None;
        }
        Some(contacts_of(ctx, self.0.series.id, Page::parse(first, after, last, before)).await)
    }
    /// All its contacts, at most 2,000, as the table that `contactsImport` reads; null for all but those who may change it.
    async fn contacts_csv(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if !self.0.edits {
            return None;
        }
        Some(importing::export(ctx.app().db.read(), self.0.series.id).await)
    }
    /// How many were invited to its webinars that are over, registered, came and learnt; null for all but those who may change it,
    /// and until it is counted, in the night after a webinar.
    async fn counts(&self, ctx: &Context<'_>) -> Option<Result<WebinarCounts>> {
        if !self.0.edits {
            return None;
        }
        WebinarCounts::load(ctx, self.0.series.id, None).await.transpose()
    }
    /// Who was let in, newest first; null for all but those who may change it.
    async fn access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<AccessConnection>> {
        if !self.0.edits {
            return None;
        }
        Some(access_to(ctx, self.0.series.id.0, Page::parse(first, after, last, before)).await)
    }
}

connection!(
    /// A page of series.
    WebinarSeriesConnection,
    /// One of a page of series.
    WebinarSeriesEdge,
    WebinarSeries
);
