//! Registrations in the API.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    certifying::{Attendance, AttendanceOf},
    loading::{AnswersOf, GroundOf, TextsOf},
    webinar::Webinar,
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    graphql::{connection::connection, context::ContextExt},
    ids::{RegistrationId, WebinarId, WebinarQuestionId},
    language::translated::choose,
    paging::Page,
    scalars::Url,
    webinars::{
        asking,
        attending::{AttendanceSource, Presence},
        calendar::entries,
        registration::{self, RegistrationState},
        seeing::Seen,
    },
};

/// Somebody's registration for a webinar.
pub struct Registration {
    /// The registration.
    pub row: registration::Model,
}

/// What a registrant answered.
#[derive(SimpleObject)]
pub struct RegistrationAnswer {
    /// The question.
    pub question_id: WebinarQuestionId,
    /// The question as it is put to the viewer.
    pub prompt: String,
    /// The answer.
    pub answer: String,
}

impl Registration {
    /// The registration `id`, for the person and those who may change the webinar.
    pub async fn load(ctx: &Context<'_>, id: RegistrationId) -> Result<Option<Self>> {
        Ok(asking::registration(ctx.app(), ctx.viewer(), id).await?.map(|row| Self { row }))
    }

    /// The registration as it stands after a change that gave `done`.
    pub async fn after(ctx: &Context<'_>, done: Result<RegistrationId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("registration"))
    }

    async fn seen(&self, ctx: &Context<'_>) -> Result<Option<Seen>> {
        ctx.load(self.row.webinar_id).await
    }

    /// What is between the person and those who run the webinar; other registrants see names only.
    async fn is_shown(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.viewer().is(self.row.user_id) || self.seen(ctx).await?.is_some_and(|seen| seen.edits))
    }
}

/// How long somebody was present at a webinar.
#[derive(SimpleObject)]
pub struct RegistrationPresence {
    /// Minutes within the webinar.
    pub minutes: i32,
    /// How that is known.
    pub source: AttendanceSource,
    /// Whether that is the share of the webinar that its series asks for; null until the webinar is over.
    pub has_attended: Option<bool>,
}

impl Registration {
    async fn present(&self, ctx: &Context<'_>) -> Result<Option<RegistrationPresence>> {
        let Some(seen) = self.seen(ctx).await? else { return Ok(None) };
        if !self.is_shown(ctx).await? {
            return Ok(None);
        }
        let now = ctx.app().clock.now();
        let Some(presence) = Presence::of(&self.row, &seen.webinar, now) else { return Ok(None) };
        let ground = ctx.load(GroundOf(seen.webinar.series_id)).await?.ok_or(Error::NotFound("series"))?;
        let has_attended = (now >= seen.webinar.ends_at).then(|| presence.is_enough(&seen.webinar, ground.attendance_percent));
        Ok(Some(RegistrationPresence { minutes: presence.minutes, source: presence.source, has_attended }))
    }
}

/// Somebody's registration for a webinar.
#[Object]
impl Registration {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> RegistrationId {
        self.row.id
    }
    /// Who.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, Some(self.row.user_id)).await
    }
    /// For which webinar; null when it is no longer visible to the viewer.
    async fn webinar(&self, ctx: &Context<'_>) -> Option<Result<Webinar>> {
        Webinar::load(ctx, self.row.webinar_id).await.transpose()
    }
    /// Where it stands.
    async fn state(&self) -> RegistrationState {
        self.row.state
    }
    /// When the person last registered, or moved up.
    async fn registered_at(&self) -> Instant {
        self.row.registered_at
    }
    /// When it was cancelled; for the person and those who may change the webinar.
    async fn cancelled_at(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        Ok(if self.is_shown(ctx).await? { self.row.cancelled_at } else { None })
    }
    /// When the person first joined through our link; for the person and those who may change the webinar.
    async fn joined_at(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        Ok(if self.is_shown(ctx).await? { self.row.joined_at } else { None })
    }
    /// How long the person was present; for them and those who may change the webinar, null when nothing says that they were.
    async fn presence(&self, ctx: &Context<'_>) -> Option<Result<RegistrationPresence>> {
        self.present(ctx).await.transpose()
    }
    /// The record that they attended, with the certificate; for them and those who may change the webinar, null until it is
    /// issued.
    async fn attendance(&self, ctx: &Context<'_>) -> Option<Result<Attendance>> {
        let record = async {
            let record = if self.is_shown(ctx).await? { ctx.load(AttendanceOf(self.row.id)).await? } else { None };
            Ok(record.map(Attendance))
        };
        record.await.transpose()
    }
    /// What the person answered; empty for all but the person and those who may change the webinar.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<RegistrationAnswer>> {
        if !self.is_shown(ctx).await? {
            return Ok(Vec::new());
        }
        let Some(seen) = self.seen(ctx).await? else { return Ok(Vec::new()) };
        let mut answers = Vec::new();
        for row in ctx.load(AnswersOf(self.row.id)).await?.unwrap_or_default() {
            let texts = ctx.load(TextsOf(row.question_id)).await?.unwrap_or_default();
            let text = choose(&texts, ctx.viewer().languages(None), &seen.webinar.original_language);
            let prompt = text.map(|text| text.prompt.clone()).unwrap_or_default();
            answers.push(RegistrationAnswer { question_id: row.question_id, prompt, answer: row.answer });
        }
        Ok(answers)
    }
    /// Address of the webinar as a file for calendars, which whoever has it can read; for the person only.
    async fn calendar_url(&self, ctx: &Context<'_>) -> Option<Url> {
        ctx.viewer().is(self.row.user_id).then(|| Url(entries::address_of_entry(ctx.app(), self.row.id)))
    }
}

connection!(
    /// A page of registrations.
    RegistrationConnection,
    /// One of a page of registrations.
    RegistrationEdge,
    Registration
);

/// Registrations for a webinar; ask only for those who may see them.
pub async fn registrations_for(
    ctx: &Context<'_>,
    webinar: WebinarId,
    state: Option<RegistrationState>,
    page: Result<Page>,
) -> Result<RegistrationConnection> {
    let slice = asking::registrations_for(ctx.app(), webinar, state, &page?).await?;
    Ok(RegistrationConnection::new(slice, |row| Registration { row }))
}

/// The viewer's registrations, newest first.
pub async fn registrations_of_viewer(ctx: &Context<'_>, page: Page) -> Result<RegistrationConnection> {
    let slice = asking::registrations_of_viewer(ctx.app(), ctx.viewer(), &page).await?;
    Ok(RegistrationConnection::new(slice, |row| Registration { row }))
}
