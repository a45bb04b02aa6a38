//! Contacts in the API.

use async_graphql::{Context, Object};

use super::loading::AddressesOf;
use crate::{
    accounts::user::OrganisationKind,
    clock::Instant,
    error::{Error, Result},
    graphql::{connection::connection, context::ContextExt},
    ids::{ContactId, WebinarSeriesId},
    language::Language,
    paging::Page,
    webinars::inviting::{asking, contact},
};

/// An office without an account that the organisers of a series write to; for those who may change the series only.
pub struct Contact(pub contact::Model);

impl Contact {
    /// The contact `id`, if the viewer may see it.
    pub async fn load(ctx: &Context<'_>, id: ContactId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }

    /// The contact as it stands after a change that gave `done`.
    pub async fn after(ctx: &Context<'_>, done: Result<ContactId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("contact"))
    }
}

/// An office without an account that the organisers of a series write to; for those who may change the series only.
#[Object]
impl Contact {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> ContactId {
        self.0.id
    }
    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// What kind of organisation it is.
    async fn organisation_kind(&self) -> OrganisationKind {
        self.0.organisation_kind
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }
    /// Language that it is written to in.
    async fn language(&self) -> &Language {
        &self.0.language
    }
    /// Addresses, 1 to 5.
    async fn emails(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let addresses = ctx.load(AddressesOf(self.0.id)).await?.unwrap_or_default();
        Ok(addresses.into_iter().map(|address| address.email).collect())
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
}

connection!(
    /// A page of contacts.
    ContactConnection,
    /// One of a page of contacts.
    ContactEdge,
    Contact
);

/// Contacts of a series; ask only for those who may change it.
pub async fn contacts_of(ctx: &Context<'_>, series: WebinarSeriesId, page: Result<Page>) -> Result<ContactConnection> {
    Ok(ContactConnection::new(asking::contacts(ctx.app(), series, &page?).await?, Contact))
}
