//! Accounts in the API.

pub mod changing;
pub mod site;
pub mod viewer;

use std::collections::HashMap;

use async_graphql::{Context, Object, dataloader::Loader};

pub use self::{changing::AccountMutation, viewer::Viewer};
use self::{site::Site, viewer::session_of};
use super::{
    managing,
    policy::{self, Seen},
    user::{Gender, OrganisationKind},
};
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::{at_hand::AtHand, batch::Batch, connection::connection, context::ContextExt, together::Together},
    ids::UserId,
    language::Language,
    paging::Page,
    role::SiteRole,
};

impl Loader<UserId> for Batch {
    type Value = Seen;
    type Error = Error;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, Seen>> {
        policy::load(self.app.db.read(), &self.viewer, ids).await
    }
}

/// A person with an account.
pub struct User(pub Seen);

impl User {
    /// The person `id`, if the viewer sees anything of them.
    pub async fn load(ctx: &Context<'_>, id: Option<UserId>) -> Option<Result<Self>> {
        ctx.load(id?).await.map(|seen| seen.map(User)).transpose()
    }

    /// The person `id`, likewise, who is named together with others.
    pub async fn among(ctx: &Context<'_>, people: &Together<UserId>, id: Option<UserId>) -> Option<Result<AtHand<Self>>> {
        people.load(ctx, id?).await.map(|seen| seen.map(|seen| AtHand(User(seen)))).transpose()
    }
}

/// A person with an account.
#[Object]
impl User {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> UserId {
        self.0.id
    }
    /// Name in the person's own script; null where they do not show it to the viewer.
    async fn full_name(&self) -> Option<&str> {
        self.0.full_name.as_deref()
    }
    /// The name in Latin letters, when given and shown.
    async fn latin_name(&self) -> Option<&str> {
        self.0.latin_name.as_deref()
    }
    /// For the person and administrators.
    async fn email(&self) -> Option<&str> {
        Some(&self.0.whole.as_ref()?.email)
    }
    /// Preferred language; for the person and administrators.
    async fn language(&self) -> Option<&Language> {
        Some(&self.0.whole.as_ref()?.language)
    }
    /// IANA zone; for the person and administrators.
    async fn time_zone(&self) -> Option<&str> {
        Some(&self.0.whole.as_ref()?.time_zone)
    }
    /// ISO 3166-1 alpha-2; for the person and administrators.
    async fn country(&self) -> Option<&str> {
        self.0.whole.as_ref()?.country.as_deref()
    }
    /// For the person and administrators.
    async fn organisation(&self) -> Option<&str> {
        self.0.whole.as_ref()?.organisation.as_deref()
    }
    /// For the person and administrators.
    async fn organisation_kind(&self) -> Option<OrganisationKind> {
        self.0.whole.as_ref()?.organisation_kind
    }
    /// For the person and administrators.
    async fn gender(&self) -> Option<Gender> {
        self.0.whole.as_ref()?.gender
    }
    /// For the person and administrators.
    async fn is_vetted(&self) -> Option<bool> {
        Some(self.0.whole.as_ref()?.vetted_at.is_some())
    }
    /// For the person and administrators.
    async fn is_suspended(&self) -> Option<bool> {
        Some(self.0.whole.as_ref()?.suspended_at.is_some())
    }
    /// For the person and administrators.
    async fn is_name_shown_to_visitors(&self) -> Option<bool> {
        Some(self.0.whole.as_ref()?.is_name_shown)
    }
    /// Site roles; for the person and administrators.
    async fn roles(&self) -> Option<Vec<SiteRole>> {
        Some(self.0.whole.as_ref()?.roles.list().collect())
    }
    /// When the account was made; for the person and administrators.
    async fn created_at(&self) -> Option<Instant> {
        Some(self.0.whole.as_ref()?.created_at)
    }
}

connection!(
    /// A page of people.
    UserConnection,
    /// One of a page of people.
    UserEdge,
    User
);

/// Asking about accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// What clients must know of this deployment.
    async fn site(&self) -> Site {
        Site
    }

    /// Who is asking; null when signed out.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        session_of(ctx.app(), ctx.viewer()).await.transpose()
    }

    /// A person; null when the viewer sees nothing of them.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "The person.")] id: UserId) -> Option<Result<User>> {
        User::load(ctx, Some(id)).await
    }

    /// All accounts, newest first; for administrators.
    #[allow(clippy::too_many_arguments)]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Part of the name or address.")] search: Option<String>,
        #[graphql(desc = "Only those vetted, or only those not.")] is_vetted: Option<bool>,
    ) -> Result<UserConnection> {
        let page = Page::parse(first, after, last, before)?;
        let slice = managing::list(ctx.app(), ctx.viewer(), &page, search.as_deref(), is_vetted).await?;
        Ok(UserConnection::new(slice, |user| User(Seen::whole(user))))
    }
}
