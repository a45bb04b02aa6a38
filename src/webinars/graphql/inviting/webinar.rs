//! What those who run a webinar see of its inviting.

use async_graphql::{Context, Object};

use super::{
    invitation::{InvitationConnection, InvitationText, invitations_to},
    nominee::{NomineeBalance, NomineeConnection, nominees_for},
};
use crate::{
    error::Result,
    graphql::context::ContextExt,
    ids::WebinarId,
    language::Language,
    paging::Page,
    webinars::inviting::{asking, delivery, letter::Audience, lettering, nominee::State, templating},
};

/// Inviting to a webinar; for those who may change it only.
pub struct WebinarInviting {
    /// The webinar.
    pub webinar: WebinarId,
    /// Its original language.
    pub original: Language,
}

/// Inviting to a webinar; for those who may change it only.
#[Object]
impl WebinarInviting {
    /// What the organisers wrote for an audience, by language; when empty, the site's own letter is sent.
    async fn letter_texts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom it is for.", default_with = "Audience::Contacts")] audience: Audience,
    ) -> Result<Vec<InvitationText>> {
        let texts = lettering::texts_of(ctx.app().db.read(), self.webinar, audience).await?;
        Ok(InvitationText::all(&texts, &self.original))
    }
    /// The fields that such a letter may have, without their braces.
    async fn letter_fields(
        &self,
        #[graphql(desc = "Whom it is for.", default_with = "Audience::Contacts")] audience: Audience,
    ) -> &[&str] {
        templating::fields(audience)
    }
    /// Who was invited, in the order in which they were.
    #[allow(clippy::too_many_arguments)]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Only those with a letter that stands so.")] delivery: Option<delivery::State>,
    ) -> Result<InvitationConnection> {
        invitations_to(ctx, self.webinar, delivery, Page::parse(first, after, last, before)?).await
    }
    /// Whom contacts named, in the order in which they were.
    #[allow(clippy::too_many_arguments)]
    async fn nominees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Only those that stand so.")] state: Option<State>,
    ) -> Result<NomineeConnection> {
        nominees_for(ctx, self.webinar, state, Page::parse(first, after, last, before)?).await
    }
    /// The nominees by gender, country, kind of organisation and language: of all, and of those accepted so far.
    async fn nominee_balance(&self, ctx: &Context<'_>) -> Result<NomineeBalance> {
        Ok(asking::balance(ctx.app().db.read(), self.webinar).await?.into())
    }
}
