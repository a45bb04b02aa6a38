//! Who is asking.

use async_graphql::{Context, Object};

use super::User;
use crate::{
    accounts::policy,
    app::App,
    clock::Instant,
    courses::graphql::{CompletionConnection, EnrolmentConnection, completions_of_viewer, enrolments_of_viewer},
    error::Result,
    graphql::context::ContextExt,
    ids::SessionId,
    paging::Page,
    role::SiteRole,
    scalars::Url,
    sessions, viewer,
    webinars::{
        calendar::entries,
        graphql::{RegistrationConnection, registrations_of_viewer},
    },
};

/// Who is asking, and what only they see.
pub struct Viewer {
    who: viewer::Viewer,
    sessions: Vec<sessions::Session>,
}

/// The viewer with their sessions; `None` when signed out.
pub async fn session_of(app: &App, who: &viewer::Viewer) -> Result<Option<Viewer>> {
    let Some(account) = &who.account else { return Ok(None) };
    let now = app.clock.now();
    let mut sessions = app.sessions.of_user(account.id, now).await?;
    sessions.retain(|session| session.is_alive(who.is_administrator(), now));
    Ok(Some(Viewer { who: who.clone(), sessions }))
}

impl Viewer {
    fn shown(&self, session: &sessions::Session) -> Session {
        let is_current = self.who.account.as_ref().is_some_and(|account| account.session == session.id);
        Session { row: session.clone(), is_current, expires_at: session.expires_at(self.who.is_administrator()) }
    }
}

/// Who is asking, and what only they see.
#[Object]
impl Viewer {
    /// The person.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        // Not by the loaders of the request: who has just signed in was a visitor when it began.
        let id = self.who.user_id()?;
        let found = policy::load(ctx.app().db.read(), &self.who, &[id]).await;
        found.map(|mut people| people.remove(&id).map(User)).transpose()
    }
    /// The session of this request.
    async fn session(&self) -> Option<Session> {
        self.sessions.iter().map(|session| self.shown(session)).find(|session| session.is_current)
    }
    /// All of the person's sessions, newest first, at most 50.
    async fn sessions(&self) -> Vec<Session> {
        self.sessions.iter().map(|session| self.shown(session)).collect()
    }
    /// True for administrators.
    async fn is_administrator(&self) -> bool {
        self.who.is_administrator()
    }
    /// True for trainers and administrators.
    async fn is_trainer(&self) -> bool {
        self.who.holds(SiteRole::Trainer)
    }
    /// True for organisers and administrators.
    async fn is_organiser(&self) -> bool {
        self.who.holds(SiteRole::Organiser)
    }
    /// Address of the person's calendar of webinars, for calendars to follow; null until `calendarRenew` gave it one. Whoever
    /// has it can read it.
    async fn calendar_url(&self, ctx: &Context<'_>) -> Option<Result<Url>> {
        entries::address(ctx.app(), &self.who).await.transpose().map(|address| address.map(Url))
    }
    /// The person's registrations for webinars, newest first.
    async fn registrations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<RegistrationConnection> {
        registrations_of_viewer(ctx, Page::parse(first, after, last, before)?).await
    }
    /// The person's enrolments, most recently active first.
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<EnrolmentConnection> {
        enrolments_of_viewer(ctx, Page::parse(first, after, last, before)?).await
    }
    /// The person's completion records, newest first.
    async fn completions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<CompletionConnection> {
        completions_of_viewer(ctx, Page::parse(first, after, last, before)?).await
    }
}

/// A signed-in device.
pub struct Session {
    row: sessions::Session,
    is_current: bool,
    expires_at: Instant,
}

/// A signed-in device.
#[Object]
impl Session {
    /// Opaque and unique over all kinds of objects.
    async fn id(&self) -> SessionId {
        self.row.id
    }
    /// When the person signed in.
    async fn created_at(&self) -> Instant {
        self.row.created_at
    }
    /// When it was last used, to the minute.
    async fn last_seen_at(&self) -> Instant {
        self.row.last_seen_at
    }
    /// When it ends at the latest.
    async fn expires_at(&self) -> Instant {
        self.expires_at
    }
    /// True when the device was said to be shared.
    async fn is_shared(&self) -> bool {
        self.row.is_shared
    }
    /// True for the session of this request.
    async fn is_current(&self) -> bool {
        self.is_current
    }
    /// What the client called itself.
    async fn user_agent(&self) -> Option<&str> {
        Some(self.row.user_agent.as_str()).filter(|agent| !agent.is_empty())
    }
}
