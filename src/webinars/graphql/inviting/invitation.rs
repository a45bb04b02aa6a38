//! Invitations in the API.

use async_graphql::{Context, Object, SimpleObject};

use super::{super::webinar::Webinar, contact::Contact, loading::LettersOf};
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::{connection::connection, context::ContextExt},
    ids::{InvitationId, WebinarId},
    language::{
        Language, TextDirection,
        translated::{Mark, mark},
    },
    paging::Page,
    webinars::inviting::{
        asking,
        delivery::{self, State},
        invitation, letter_text,
        previewing::Preview,
    },
};

/// What the organisers wrote of an invitation in one language.
pub struct InvitationText {
    row: letter_text::Model,
    mark: Mark,
}

impl InvitationText {
    /// All of `texts`, of a webinar with this original language.
    pub fn all(texts: &[letter_text::Model], original: &Language) -> Vec<Self> {
        texts.iter().map(|row| Self { mark: mark(row, texts, original), row: row.clone() }).collect()
    }
}

/// What the organisers wrote of an invitation in one language.
#[Object]
impl InvitationText {
    /// Subject, with fields in braces.
    async fn subject(&self) -> &str {
        &self.row.subject
    }
    /// Plain text, with fields in braces.
    async fn body(&self) -> &str {
        &self.row.body
    }
    /// Language of this text.
    async fn language(&self) -> &Language {
        &self.mark.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.mark.direction
    }
    /// True when the letter of the original language changed after this one was made.
    async fn is_outdated(&self) -> bool {
        self.mark.is_outdated
    }
    /// True when a machine made it and nobody has confirmed it.
    async fn is_machine(&self) -> bool {
        self.mark.is_machine
    }
}

/// Somebody's invitation to a webinar; for those who may change the webinar only.
pub struct Invitation(pub invitation::Model);

/// A letter to one address.
pub struct InvitationDelivery(pub delivery::Model);

/// A letter as it goes out, but for what makes its links secret, in whose place stands …
#[derive(SimpleObject)]
pub struct InvitationPreview {
    /// The addresses that it goes to: those that want invitations.
    pub to: Vec<String>,
    /// Its language.
    pub language: Language,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

impl From<Preview> for InvitationPreview {
    fn from(Preview { to, letter }: Preview) -> Self {
        Self { to, language: letter.language, subject: letter.subject, body: letter.body }
    }
}

impl Invitation {
    /// The invitation `id`, if the viewer may see it.
    pub async fn load(ctx: &Context<'_>, id: InvitationId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }

    /// The invitation as it stands after a change that gave `done`.
    pub async fn after(ctx: &Context<'_>, done: Result<InvitationId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("invitation"))
    }
}

/// Somebody's invitation to a webinar; for those who may change the webinar only.
#[Object]
impl Invitation {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> InvitationId {
        self.0.id
    }
    /// To which webinar; null when it is no longer visible to the viewer.
    async fn webinar(&self, ctx: &Context<'_>) -> Option<Result<Webinar>> {
        Webinar::load(ctx, self.0.webinar_id).await.transpose()
    }
    /// The contact, for those who may change the series; null where a person was invited.
    async fn contact(&self, ctx: &Context<'_>) -> Option<Result<Contact>> {
        Contact::load(ctx, self.0.contact_id?).await.transpose()
    }
    /// How the letter calls them.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Language of the letter, where there is one.
    async fn language(&self) -> &Language {
        &self.0.language
    }
    /// How many people the contact may name; null where a person was invited.
    async fn quota(&self) -> Option<i32> {
        self.0.contact_id.map(|_| self.0.quota)
    }
    /// Until when, as was said; null when that is until registration closes, or to the start.
    async fn names_until(&self) -> Option<Instant> {
        self.0.names_until
    }
    /// When it was made.
    async fn invited_at(&self) -> Instant {
        self.0.invited_at
    }
    /// When they were last reminded.
    async fn reminded_at(&self) -> Option<Instant> {
        self.0.reminded_at
    }
    /// When the contact first named somebody, or the person registered.
    async fn reacted_at(&self) -> Option<Instant> {
        self.0.reacted_at
    }
    /// Its letters, one for each address, at most 5.
    async fn deliveries(&self, ctx: &Context<'_>) -> Result<Vec<InvitationDelivery>> {
        let letters = ctx.load(LettersOf(self.0.id)).await?.unwrap_or_default();
        Ok(letters.into_iter().map(InvitationDelivery).collect())
    }
}

/// A letter to one address.
#[Object]
impl InvitationDelivery {
    /// Address.
    async fn email(&self) -> &str {
        &self.0.email
    }
    /// What became of it.
    async fn state(&self) -> State {
        self.0.state
    }
    /// When the mail relay took it.
    async fn sent_at(&self) -> Option<Instant> {
        self.0.sent_at
    }
    /// When it came back.
    async fn bounced_at(&self) -> Option<Instant> {
        self.0.bounced_at
    }
}

connection!(
    /// A page of invitations.
    InvitationConnection,
    /// One of a page of invitations.
    InvitationEdge,
    Invitation
);

/// Invitations to a webinar; ask only for those who may change it.
pub async fn invitations_to(
    ctx: &Context<'_>,
    webinar: WebinarId,
    delivery: Option<State>,
    page: Page,
) -> Result<InvitationConnection> {
    Ok(InvitationConnection::new(asking::invitations(ctx.app(), webinar, delivery, &page).await?, Invitation))
}
