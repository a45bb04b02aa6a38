//! Nominees in the API.

use async_graphql::{
    Context, Object, SimpleObject, Value,
    resolver_utils::{EnumType, enum_value},
};

use super::{super::registration::Registration, invitation::Invitation};
use crate::{
    accounts::user::{Gender, OrganisationKind},
    clock::Instant,
    error::Result,
    graphql::{connection::connection, context::ContextExt},
    ids::{NomineeId, WebinarId},
    language::Language,
    paging::Page,
    webinars::inviting::{
        asking::{self, Balance, Counts},
        nominee::{self, State},
    },
};

/// Somebody whom a contact named for a webinar; for those who may change the webinar, and for the contact by its link.
pub struct Nominee(pub nominee::Model);

impl Nominee {
    /// The nominee `id`, for those who may change the webinar.
    pub async fn load(ctx: &Context<'_>, id: NomineeId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }
}

/// Somebody whom a contact named for a webinar; for those who may change the webinar, and for the contact by its link.
#[Object]
impl Nominee {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> NomineeId {
        self.0.id
    }
    /// Full name.
    async fn full_name(&self) -> &str {
        &self.0.full_name
    }
    /// What they do there; may be empty.
    async fn function(&self) -> &str {
        &self.0.function
    }
    /// Their address.
    async fn email(&self) -> &str {
        &self.0.email
    }
    /// As told.
    async fn gender(&self) -> Option<Gender> {
        self.0.gender
    }
    /// ISO 3166-1 alpha-2, as told.
    async fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }
    /// The contact's name when they were named.
    async fn organisation(&self) -> &str {
        &self.0.organisation
    }
    /// What kind of organisation the contact was then.
    async fn organisation_kind(&self) -> OrganisationKind {
        self.0.organisation_kind
    }
    /// Language that they are written to in.
    async fn language(&self) -> &Language {
        &self.0.language
    }
    /// Where it stands.
    async fn state(&self) -> State {
        self.0.state
    }
    /// When they were named.
    async fn named_at(&self) -> Instant {
        self.0.named_at
    }
    /// When the organiser last decided.
    async fn decided_at(&self) -> Option<Instant> {
        self.0.decided_at
    }
    /// When the person last answered.
    async fn answered_at(&self) -> Option<Instant> {
        self.0.answered_at
    }
    /// When a letter to them came back, or could not be sent because their address wants none.
    async fn bounced_at(&self) -> Option<Instant> {
        self.0.bounced_at
    }
    /// The invitation of who named them, for those who may change the webinar.
    async fn invitation(&self, ctx: &Context<'_>) -> Option<Result<Invitation>> {
        Invitation::load(ctx, self.0.invitation_id).await.transpose()
    }
    /// The registration that it became, for those who may change the webinar.
    async fn registration(&self, ctx: &Context<'_>) -> Option<Result<Registration>> {
        Registration::load(ctx, self.0.registration_id?).await.transpose()
    }
}

connection!(
    /// A page of nominees.
    NomineeConnection,
    /// One of a page of nominees.
    NomineeEdge,
    Nominee
);

/// Nominees for a webinar; ask only for those who may change it.
pub async fn nominees_for(ctx: &Context<'_>, webinar: WebinarId, state: Option<State>, page: Page) -> Result<NomineeConnection> {
    Ok(NomineeConnection::new(asking::nominees(ctx.app(), webinar, state, &page).await?, Nominee))
}

/// The nominees of a webinar by what was told of them.
#[derive(SimpleObject)]
pub struct NomineeBalance {
    /// All of them.
    pub all: NomineeCounts,
    /// Those accepted who have not said that they don't come.
    pub accepted: NomineeCounts,
}

/// How many nominees there are.
#[derive(SimpleObject)]
pub struct NomineeCounts {
    /// In all.
    pub count: i32,
    /// By gender.
    pub by_gender: Vec<NomineeCount>,
    /// By country.
    pub by_country: Vec<NomineeCount>,
    /// By kind of organisation.
    pub by_organisation_kind: Vec<NomineeCount>,
    /// By language.
    pub by_language: Vec<NomineeCount>,
}

/// How many nominees are alike.
#[derive(SimpleObject)]
pub struct NomineeCount {
    /// The gender, country, kind of organisation or language; null where it was not told.
    pub value: Option<String>,
    /// How many.
    pub count: i32,
}

fn word(value: impl EnumType) -> String {
    match enum_value(value) {
        Value::Enum(name) => name.to_string(),
        other => other.to_string(),
    }
}

fn cells<T>(counts: Vec<(T, i32)>, write: impl Fn(T) -> Option<String>) -> Vec<NomineeCount> {
    counts.into_iter().map(|(value, count)| NomineeCount { value: write(value), count }).collect()
}

impl From<Counts> for NomineeCounts {
    fn from(counts: Counts) -> Self {
        Self {
            count: counts.count,
            by_gender: cells(counts.by_gender, |gender| gender.map(word)),
            by_country: cells(counts.by_country, |country| country),
            by_organisation_kind: cells(counts.by_organisation_kind, |kind| Some(word(kind))),
            by_language: cells(counts.by_language, |language| Some(language.tag().to_owned())),
        }
    }
}

impl From<Balance> for NomineeBalance {
    fn from(balance: Balance) -> Self {
        Self { all: balance.all.into(), accepted: balance.accepted.into() }
    }
}
