//! What contacts and nominees see by their links, without accounts.

use async_graphql::{Context, Object};

use super::{
    super::{
        loading::{FundersOf, GroundOf, QuestionsOf, SpeakersOf, TextsOf},
        parts::{WebinarFunder, WebinarQuestion, WebinarSpeaker},
        webinar::{WebinarText, languages},
    },
    nominee::Nominee,
};
use crate::{
    accounts::user::OrganisationKind,
    clock::Instant,
    error::{Error, Result},
    graphql::context::ContextExt,
    ids::NomineeId,
    language::Language,
    webinars::{
        inviting::{
            nominating,
            nominee::{self, State},
            sending,
        },
        webinar,
    },
};

/// A webinar as those see it who were invited to it or named for it, by their link.
pub struct InvitedWebinar(pub webinar::Model);

/// A webinar as those see it who were invited to it or named for it, by their link.
#[Object]
impl InvitedWebinar {
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<WebinarText> {
        let texts = ctx.load(TextsOf(self.0.id)).await?.unwrap_or_default();
        WebinarText::chosen(ctx, &texts, &self.0.original_language, language.as_ref()).ok_or(Error::NotFound("text"))
    }
    /// The start as an instant.
    async fn starts_at(&self) -> Instant {
        self.0.starts_at
    }
    /// Start on the clocks of its zone, YYYY-MM-DDTHH:MM.
    async fn local_start(&self) -> &str {
        &self.0.local_start
    }
    /// IANA zone.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }
    /// Minutes from start to end.
    async fn duration_minutes(&self) -> i32 {
        self.0.duration_minutes
    }
    /// Languages spoken.
    async fn spoken_languages(&self) -> Vec<Language> {
        languages(&self.0.spoken_languages)
    }
    /// Languages interpreted into.
    async fn interpretation_languages(&self) -> Vec<Language> {
        languages(&self.0.interpretation_languages)
    }
    /// True when it is recorded; who takes a seat agrees to that.
    async fn is_recorded(&self) -> bool {
        self.0.is_recorded
    }
    /// True when registrants see each other's names; who takes a seat agrees to that.
    async fn shows_registrants(&self) -> bool {
        self.0.shows_registrants
    }
    /// True when it will not take place.
    async fn is_cancelled(&self) -> bool {
        self.0.state == webinar::State::Cancelled
    }
    /// Who speaks, in order, at most 50.
    async fn speakers(&self, ctx: &Context<'_>) -> Result<Vec<WebinarSpeaker>> {
        let speakers = ctx.load(SpeakersOf(self.0.id)).await?.unwrap_or_default();
        let original = &self.0.original_language;
        Ok(speakers.into_iter().map(|row| WebinarSpeaker { row, original: original.clone() }).collect())
    }
    /// What those who come are asked, in order, at most 5.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<WebinarQuestion>> {
        let questions = ctx.load(QuestionsOf(self.0.id)).await?.unwrap_or_default();
        let original = &self.0.original_language;
        Ok(questions.into_iter().map(|row| WebinarQuestion { row, original: original.clone() }).collect())
    }
    /// Who is credited, in order, at most 20.
    async fn funders(&self, ctx: &Context<'_>) -> Result<Vec<WebinarFunder>> {
        let series = self.0.series_id;
        let funders = ctx.load(FundersOf(series)).await?.unwrap_or_default();
        let ground = ctx.load(GroundOf(series)).await?.ok_or(Error::NotFound("series"))?;
        Ok(funders.into_iter().map(|row| WebinarFunder { row, original: ground.original.clone() }).collect())
    }
}

/// The list of people whom a contact names for a webinar, as it sees it by its link.
pub struct Nomination(pub nominating::Nomination);

impl Nomination {
    /// The list of a token as it stands after a change that gave `done`.
    pub async fn after<T>(ctx: &Context<'_>, token: &str, done: Result<T>) -> Result<(Self, T)> {
        let done = done?;
        let list = Box::pin(nominating::nomination(ctx.app(), token)).await?;
        Ok((Self(list.ok_or(Error::NotFound("nomination"))?), done))
    }

    /// One of its people.
    pub fn nominee(&self, id: NomineeId) -> Result<Nominee> {
        let found = self.0.nominees.iter().find(|nominee| nominee.id == id).cloned();
        found.map(Nominee).ok_or(Error::NotFound("nominee"))
    }
}

/// The list of people whom a contact names for a webinar, as it sees it by its link.
#[Object]
impl Nomination {
    /// The webinar.
    async fn webinar(&self) -> InvitedWebinar {
        InvitedWebinar(self.0.webinar.clone())
    }
    /// The contact's name.
    async fn name(&self) -> &str {
        &self.0.invitation.name
    }
    /// What kind of organisation it is.
    async fn organisation_kind(&self) -> OrganisationKind {
        self.0.organisation_kind
    }
    /// Language that the contact is written to in.
    async fn language(&self) -> &Language {
        &self.0.invitation.language
    }
    /// How many people it may name.
    async fn quota(&self) -> i32 {
        self.0.invitation.quota
    }
    /// How many more; who was declined or does not come, leaves room for another.
    async fn left(&self) -> i32 {
        self.0.left()
    }
    /// When the list is closed.
    async fn closes_at(&self) -> Instant {
        self.0.invitation.closes_at(&self.0.webinar)
    }
    /// True while it can be changed.
    async fn is_open(&self, ctx: &Context<'_>) -> bool {
        self.0.is_open(ctx.app().clock.now())
    }
    /// Whom it named, in this order.
    async fn nominees(&self) -> Vec<Nominee> {
        self.0.nominees.iter().cloned().map(Nominee).collect()
    }
}

/// A place in a webinar as it is offered to a nominee, who sees it by their link.
pub struct Place {
    /// The nominee.
    pub nominee: nominee::Model,
    /// The webinar.
    pub webinar: webinar::Model,
}

/// A place in a webinar as it is offered to a nominee, who sees it by their link.
#[Object]
impl Place {
    /// The webinar; null unless a seat is held for the nominee, or theirs.
    async fn webinar(&self) -> Option<InvitedWebinar> {
        let is_theirs = matches!(self.nominee.state, State::Accepted | State::Confirmed);
        is_theirs.then(|| InvitedWebinar(self.webinar.clone()))
    }
    /// The nominee's full name.
    async fn full_name(&self) -> &str {
        &self.nominee.full_name
    }
    /// Who named them.
    async fn organisation(&self) -> &str {
        &self.nominee.organisation
    }
    /// Language that they are written to in.
    async fn language(&self) -> &Language {
        &self.nominee.language
    }
    /// Where it stands.
    async fn state(&self) -> State {
        self.nominee.state
    }
    /// True while the nominee can answer, also differently.
    async fn is_open(&self, ctx: &Context<'_>) -> bool {
        let is_asked = matches!(self.nominee.state, State::Accepted | State::Confirmed);
        is_asked && sending::check_open(&self.webinar, ctx.app().clock.now(), "").is_ok()
    }
}
