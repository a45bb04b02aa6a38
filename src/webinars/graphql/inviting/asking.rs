//! Asking about invitations, in the API.

use async_graphql::{Context, Object};

use super::{
    invitation::InvitationPreview,
    nomination::{Nomination, Place},
};
use crate::{
    error::Result,
    graphql::context::ContextExt,
    webinars::inviting::{
        answering, nominating,
        previewing::{self, InvitationPreviewInput},
    },
};

/// Asking about invitations.
#[derive(Default)]
pub struct InvitingQuery;

#[Object]
impl InvitingQuery {
    /// The letter that a contact or person gets, or got; for those who may change the webinar.
    async fn invitation_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom.")] input: InvitationPreviewInput,
    ) -> Option<Result<InvitationPreview>> {
        Some(Box::pin(previewing::preview(ctx.app(), ctx.viewer(), &input)).await.map(Into::into))
    }

    /// The list of people whom a contact names, by the token in its link; null for any other text.
    async fn nomination(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token in the contact's link.")] token: String,
    ) -> Option<Result<Nomination>> {
        Some(Box::pin(nominating::nomination(ctx.app(), &token)).await.transpose()?.map(Nomination))
    }

    /// The place that a nominee is offered, by the token in their link; null for any other text.
    async fn place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token in the nominee's link.")] token: String,
    ) -> Option<Result<Place>> {
        let found = answering::place(ctx.app(), &token).await.transpose()?;
        Some(found.map(|(nominee, webinar)| Place { nominee, webinar }))
    }
}
