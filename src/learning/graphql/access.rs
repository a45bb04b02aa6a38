//! Letting people in, in the API.

use std::collections::HashMap;

use async_graphql::{Context, Object, dataloader::Loader};
use uuid::Uuid;

use crate::{
    accounts::{
        access::{self, AccessRole},
        graphql::User,
    },
    clock::Instant,
    error::{Error, Result},
    graphql::{batch::Batch, connection::connection, context::ContextExt, payload::payload},
    ids::{AccessId, UserId},
    learning::{
        granting::{self, AccessGrantInput, AccessRevokeInput},
        policy,
    },
    paging::Page,
};

/// Whose a right is, as far as the viewer may know.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct HolderOf(AccessId);

impl Loader<HolderOf> for Batch {
    type Value = UserId;
    type Error = Error;

    async fn load(&self, keys: &[HolderOf]) -> Result<HashMap<HolderOf, UserId>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let holders = policy::holders(self.app.db.read(), &self.viewer, &ids).await?;
        Ok(holders.into_iter().map(|(id, person)| (HolderOf(id), person)).collect())
    }
}

/// A right that somebody was given to one course, recording, community, series or webinar.
pub struct Access(pub access::Model);

/// A right that somebody was given to one course, recording, community, series or webinar.
#[Object]
impl Access {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> AccessId {
        self.0.id
    }
    /// Address it was given to.
    async fn email(&self) -> &str {
        &self.0.email
    }
    /// Who has joined with that address; null where nobody has. The person and administrators see it at once. To all others it is
    /// null until, after the right was given, the person first enrols in the course, registers for the webinar or for one of the
    /// series, or writes in the community or course: it stays null of who does none of that, as staff, moderators and speakers
    /// seldom do, and of all who were let in to a recording.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        match ctx.load(HolderOf(self.0.id)).await {
            Ok(holder) => User::load(ctx, holder).await,
            Err(err) => Some(Err(err)),
        }
    }
    /// As what.
    async fn role(&self) -> AccessRole {
        self.0.role
    }
    /// When.
    async fn granted_at(&self) -> Instant {
        self.0.granted_at
    }
    /// By whom.
    async fn granted_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, self.0.granted_by).await
    }
}

connection!(
    /// A page of rights.
    AccessConnection,
    /// One of a page of rights.
    AccessEdge,
    Access
);

/// Who was let in to the thing `subject`; ask only for those who may change it.
pub async fn access_to(ctx: &Context<'_>, subject: Uuid, page: Result<Page>) -> Result<AccessConnection> {
    Ok(AccessConnection::new(granting::list(ctx.app(), subject, &page?).await?, Access))
}

payload!(
    /// Answer of `accessGrant`.
    AccessGrantPayload {
        /// The right given.
        access: Access,
        /// Whether the person is told by mail: not who has the right already, nor who got a letter of it within the hour or
        /// enough of them today, nor a stranger who asked for no more invitations.
        is_told: bool,
    }
);
payload!(
    /// Answer of `accessRevoke`.
    AccessRevokePayload {}
);

/// Letting people in.
#[derive(Default)]
pub struct AccessMutation;

#[Object]
impl AccessMutation {
    /// Lets a person in by address. Codes: INVALID, UNSUPPORTED, KEY_REUSED.
    async fn access_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, to what.")] input: AccessGrantInput,
    ) -> Option<Result<AccessGrantPayload>> {
        let given = async {
            let granted = granting::grant(ctx.app(), ctx.viewer(), &input).await?;
            let row = granting::by_id(ctx.app(), ctx.viewer(), granted.id).await?.ok_or(Error::NotFound("access"))?;
            Ok((Access(row), granted.is_told))
        };
        AccessGrantPayload::of(given.await)
    }

    /// Takes a right back; takes effect at once. Codes: NOT_FOUND.
    async fn access_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, from what.")] input: AccessRevokeInput,
    ) -> Option<Result<AccessRevokePayload>> {
        AccessRevokePayload::of(granting::revoke(ctx.app(), ctx.viewer(), &input).await)
    }
}
