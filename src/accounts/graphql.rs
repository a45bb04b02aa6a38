//! Accounts in the API.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, dataloader::Loader};

use super::{
    policy::{self, Seen},
    user::Gender,
};
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::{batch::Batch, context::ContextExt},
    ids::UserId,
    language::Language,
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
        ctx.batch().load_one(id?).await.map(|seen| seen.map(User)).transpose()
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

/// Who is asking, and what only they see.
pub struct Viewer(pub Arc<Seen>);

/// Asking about accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// A person; null when the viewer sees nothing of them.
    async fn user(&self, ctx: &Context<'_>, #[graphql(desc = "The person.")] id: UserId) -> Option<Result<User>> {
        User::load(ctx, Some(id)).await
    }
}
