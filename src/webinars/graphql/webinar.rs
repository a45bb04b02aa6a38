//! Webinars in the API.

use async_graphql::{Context, Enum, Object};

use super::{
    attendance::AttendanceLineConnection,
    inviting::WebinarInviting,
    loading::{FundersOf, GroundOf, MaterialsOf, QuestionsOf, RecordingsOf, SpeakersOf, TextsOf},
    parts::{WebinarFunder, WebinarQuestion, WebinarSpeaker},
    registration::{Registration, RegistrationConnection, registrations_for},
    series::WebinarSeries,
    testing::WebinarTest,
    text_object,
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    files::graphql::File,
    forum::graphql::Topic,
    graphql::{connection::connection, context::ContextExt},
    ids::{WebinarId, WebinarSeriesId},
    language::Language,
    learning::graphql::{AccessConnection, access_to},
    paging::Page,
    recordings::graphql::Recording,
    reporting::graphql::WebinarCounts,
    scalars::{Html, Markdown, Url},
    visibility::Visibility,
    webinars::{
        asking::{self, Which},
        registration::RegistrationState,
        seeing::Seen,
        testing::test::TestKind,
        webinar::State,
        webinar_text,
    },
};

/// Where a webinar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WebinarState {
    /// Only its staff and speakers see it.
    Draft,
    /// It is to come, or takes place now.
    Published,
    /// It took place.
    Held,
    /// It will not take place.
    Cancelled,
}

/// Which webinars, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WebinarWhen {
    /// Published and not over, the soonest first.
    Coming,
    /// Held, the latest first.
    Past,
    /// Those that the viewer may change, drafts and cancelled ones included, the latest start first.
    Mine,
}

text_object!(
    /// Texts of a webinar in one language, chosen as a whole.
    WebinarText of webinar_text::Model {
        /// Title.
        title(text): &str = &text.title;
        /// What it is about.
        summary(text): Markdown = text.summary.as_str().into();
        /// The summary, rendered.
        summary_html(text): Html = text.summary_html.as_str().into();
    }
);

/// One webinar, from its first draft to the recording of it.
pub struct Webinar(pub Seen);

impl Webinar {
    /// The webinar `id`, if the viewer sees it.
    pub async fn load(ctx: &Context<'_>, id: WebinarId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }

    /// The webinar as it stands after a change that gave `done`.
    pub async fn after(ctx: &Context<'_>, done: Result<WebinarId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("webinar"))
    }

    async fn chosen(&self, ctx: &Context<'_>, asked: Option<&Language>) -> Result<WebinarText> {
        let webinar = &self.0.webinar;
        let texts = ctx.load(TextsOf(webinar.id)).await?.unwrap_or_default();
        WebinarText::chosen(ctx, &texts, &webinar.original_language, asked).ok_or(Error::NotFound("text"))
    }

    fn sees_registrants(&self) -> bool {
        self.0.edits || self.0.webinar.shows_registrants && self.0.has_seat()
    }
}

/// Tags as they are kept, with commas between.
pub(super) fn languages(tags: &str) -> Vec<Language> {
    tags.split(',').filter_map(Language::parse).collect()
}

/// One webinar, from its first draft to the recording of it.
#[Object]
impl Webinar {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> WebinarId {
        self.0.webinar.id
    }
    /// Address part.
    async fn slug(&self) -> &str {
        &self.0.webinar.slug
    }
    /// Its series; null when the viewer does not see that.
    async fn series(&self, ctx: &Context<'_>) -> Option<Result<WebinarSeries>> {
        WebinarSeries::load(ctx, self.0.webinar.series_id).await.transpose()
    }
    /// Who may see it once it is published.
    async fn visibility(&self) -> Visibility {
        self.0.webinar.visibility
    }
    /// Where it stands.
    async fn state(&self, ctx: &Context<'_>) -> WebinarState {
        match self.0.webinar.state {
            State::Draft => WebinarState::Draft,
            State::Cancelled => WebinarState::Cancelled,
            State::Published if self.0.webinar.ends_at <= ctx.app().clock.now() => WebinarState::Held,
            State::Published => WebinarState::Published,
        }
    }
    /// Why it was cancelled; null unless it was.
    async fn cancelled_because(&self) -> Option<&str> {
        self.0.webinar.cancelled_because.as_deref()
    }
    /// Who made it; their name where they show it to the viewer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, Some(self.0.webinar.owner_id)).await
    }
    /// Language that it is written in first.
    async fn original_language(&self) -> &Language {
        &self.0.webinar.original_language
    }
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<WebinarText> {
        self.chosen(ctx, language.as_ref()).await
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.chosen(ctx, None).await?.row.title)
    }
    /// All its texts; empty for all but those who may change it.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<WebinarText>> {
        if !self.0.edits {
            return Ok(Vec::new());
        }
        let texts = ctx.load(TextsOf(self.0.webinar.id)).await?.unwrap_or_default();
        Ok(WebinarText::all(&texts, &self.0.webinar.original_language))
    }
    /// The activity of the project that it belongs to; may be empty.
    async fn activity(&self) -> &str {
        &self.0.webinar.activity
    }
    /// Start on the clocks of its zone, YYYY-MM-DDTHH:MM; it holds when a country moves its clocks.
    async fn local_start(&self) -> &str {
        &self.0.webinar.local_start
    }
    /// IANA zone.
    async fn time_zone(&self) -> &str {
        &self.0.webinar.time_zone
    }
    /// Minutes from start to end.
    async fn duration_minutes(&self) -> i32 {
        self.0.webinar.duration_minutes
    }
    /// The start as an instant.
    async fn starts_at(&self) -> Instant {
        self.0.webinar.starts_at
    }
    /// The end as an instant.
    async fn ends_at(&self) -> Instant {
        self.0.webinar.ends_at
    }
    /// Languages spoken.
    async fn spoken_languages(&self) -> Vec<Language> {
        languages(&self.0.webinar.spoken_languages)
    }
    /// Languages interpreted into.
    async fn interpretation_languages(&self) -> Vec<Language> {
        languages(&self.0.webinar.interpretation_languages)
    }
    /// True when it is recorded; who registers agrees to that.
    async fn is_recorded(&self) -> bool {
        self.0.webinar.is_recorded
    }
    /// True when registrants see each other's names; who registers agrees to that.
    async fn shows_registrants(&self) -> bool {
        self.0.webinar.shows_registrants
    }
    /// Seats; null when there is no end of them.
    async fn capacity(&self) -> Option<i32> {
        self.0.webinar.capacity
    }
    /// Seats left; null when there is no end of them. Exact for those who may change it; for all others seats taken count in
    /// fives, so that up to four fewer may be left; 0 is exact.
    async fn seats_left(&self) -> Option<i32> {
        let webinar = &self.0.webinar;
        if self.0.edits { webinar.seats_left() } else { webinar.about_seats_left() }
    }
    /// When registration opens; null when it did with publication.
    async fn registration_opens_at(&self) -> Option<Instant> {
        self.0.webinar.registration_opens_at
    }
    /// When registration closes; null when that is at the end.
    async fn registration_closes_at(&self) -> Option<Instant> {
        self.0.webinar.registration_closes_at
    }
    /// True while people can register, be it for the waiting list.
    async fn is_registration_open(&self, ctx: &Context<'_>) -> bool {
        self.0.webinar.closed_for(ctx.app().clock.now()).is_none()
    }
    /// Who speaks, in order, at most 50.
    async fn speakers(&self, ctx: &Context<'_>) -> Result<Vec<WebinarSpeaker>> {
        let speakers = ctx.load(SpeakersOf(self.0.webinar.id)).await?.unwrap_or_default();
        let original = &self.0.webinar.original_language;
        Ok(speakers.into_iter().map(|row| WebinarSpeaker { row, original: original.clone() }).collect())
    }
    /// What those who register are asked, in order, at most 5.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<WebinarQuestion>> {
        let questions = ctx.load(QuestionsOf(self.0.webinar.id)).await?.unwrap_or_default();
        let original = &self.0.webinar.original_language;
        Ok(questions.into_iter().map(|row| WebinarQuestion { row, original: original.clone() }).collect())
    }
    /// Who is credited for its series, in order, at most 20.
    async fn funders(&self, ctx: &Context<'_>) -> Result<Vec<WebinarFunder>> {
        let series = self.0.webinar.series_id;
        let funders = ctx.load(FundersOf(series)).await?.unwrap_or_default();
        let ground = ctx.load(GroundOf(series)).await?.ok_or(Error::NotFound("series"))?;
        Ok(funders.into_iter().map(|row| WebinarFunder { row, original: ground.original.clone() }).collect())
    }
    /// Its files, in order, at most 50; empty for all but those who have a seat, speakers and those who may change it.
    async fn materials(&self, ctx: &Context<'_>) -> Result<Vec<File>> {
        if !self.0.is_of_staff() && !self.0.has_seat() {
            return Ok(Vec::new());
        }
        let given = ctx.load(MaterialsOf(self.0.webinar.id)).await?.unwrap_or_default();
        let mut files = ctx.batch().load_many(given.iter().map(|material| material.file_id)).await?;
        Ok(given.iter().filter_map(|material| files.remove(&material.file_id)).map(File).collect())
    }
    /// Its recordings that the viewer may see, in order, at most 20. Who has a seat sees those published.
    async fn recordings(&self, ctx: &Context<'_>) -> Result<Vec<Recording>> {
        let ids = ctx.load(RecordingsOf(self.0.webinar.id)).await?.unwrap_or_default();
        let mut seen = ctx.batch().load_many(ids.iter().copied()).await?;
        Ok(ids.iter().filter_map(|id| seen.remove(id)).map(Recording).collect())
    }
    /// Where it is discussed; null when there is no such place, or the viewer does not see it.
    async fn topic(&self, ctx: &Context<'_>) -> Option<Result<Topic>> {
        Topic::load(ctx, self.0.webinar.topic_id?).await.transpose()
    }
    /// The code that registrants type to say that they are there; for those who may change it, null until `webinarCodeRenew`
    /// made one.
    async fn check_in_code(&self) -> Option<&str> {
        self.0.webinar.check_in_code.as_deref().filter(|_| self.0.edits)
    }
    /// The list of who was present, as it was sent; null for all but those who may change it.
    #[allow(clippy::too_many_arguments)]
    async fn attendance_lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Only those that were matched by name alone, or not at all.", default)] only_doubts: bool,
    ) -> Option<Result<AttendanceLineConnection>> {
        if !self.0.edits {
            return None;
        }
        let page = Page::parse(first, after, last, before);
        Some(AttendanceLineConnection::of(ctx, self.0.webinar.id, only_doubts, page).await)
    }
    /// When registrants can join.
    async fn join_opens_at(&self) -> Instant {
        self.0.webinar.joinable_from()
    }
    /// Where the live picture is; for speakers and those who may change it. Registrants get it from `webinarJoin`.
    async fn join_url(&self) -> Option<Url> {
        self.0.webinar.join_url.as_deref().filter(|_| self.0.is_of_staff()).map(Into::into)
    }
    /// The viewer's registration, also a cancelled one.
    async fn viewer_registration(&self) -> Option<Registration> {
        Some(Registration { row: self.0.registration.clone()? })
    }
    /// What registrants are asked before it begins; for those who may change it, once it is published for those with a seat, and
    /// for those who have attempted it.
    async fn pre_test(&self, ctx: &Context<'_>) -> Option<Result<WebinarTest>> {
        WebinarTest::of(ctx, &self.0, TestKind::Pre).await
    }
    /// What they are asked from ten minutes before its end on; for the same people.
    async fn post_test(&self, ctx: &Context<'_>) -> Option<Result<WebinarTest>> {
        WebinarTest::of(ctx, &self.0, TestKind::Post).await
    }
    /// True when the viewer may change it.
    async fn viewer_can_edit(&self) -> bool {
        self.0.edits
    }
    /// Who registered, in the order in which they came; null for all but those who may change it, and, of seats only, for
    /// registrants who see each other.
    #[allow(clippy::too_many_arguments)]
    async fn registrations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Only those that stand so.")] state: Option<RegistrationState>,
    ) -> Option<Result<RegistrationConnection>> {
        if !self.sees_registrants() {
            return None;
        }
        let state = if self.0.edits { state } else { Some(RegistrationState::Registered) };
        Some(registrations_for(ctx, self.0.webinar.id, state, Page::parse(first, after, last, before)).await)
    }
    /// Inviting to it; null for all but those who may change it.
    async fn inviting(&self) -> Option<WebinarInviting> {
        let webinar = &self.0.webinar;
        self.0.edits.then(|| WebinarInviting { webinar: webinar.id, original: webinar.original_language.clone() })
    }
    /// How many were invited to it, registered, came and learnt; null for all but those who may change it, and until it is counted, in
    /// the night after it.
    async fn counts(&self, ctx: &Context<'_>) -> Option<Result<WebinarCounts>> {
        let webinar = &self.0.webinar;
        if !self.0.edits {
            return None;
        }
        WebinarCounts::load(ctx, webinar.series_id, Some(webinar.id)).await.transpose()
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
        Some(access_to(ctx, self.0.webinar.id.0, Page::parse(first, after, last, before)).await)
    }
}

connection!(
    /// A page of webinars.
    WebinarConnection,
    /// One of a page of webinars.
    WebinarEdge,
    Webinar
);

/// Webinars of one series or of all.
pub async fn webinars(
    ctx: &Context<'_>,
    when: WebinarWhen,
    of: Option<WebinarSeriesId>,
    page: Page,
) -> Result<WebinarConnection> {
    let which = match when {
        WebinarWhen::Coming => Which::Coming,
        WebinarWhen::Past => Which::Past,
        WebinarWhen::Mine => Which::Mine,
    };
    Ok(WebinarConnection::new(asking::webinars(ctx.app(), ctx.viewer(), &page, which, of).await?, Webinar))
}
