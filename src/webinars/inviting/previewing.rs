//! Reading an invitation before it goes out.

use async_graphql::InputObject;

use super::{
    super::seeing,
    guest::{Guest, InvitationPersonInput, Terms},
    unwanted,
    writing::{Facts, Recipient, Written},
};
use crate::{
    app::App,
    clock::Instant,
    error::{Error, Problems, Result},
    ids::{ContactId, WebinarId},
    viewer::Viewer,
};

/// What stands in a preview for what makes a link secret.
const SECRET: &str = "…";

/// A letter to read before it goes out: to a contact or to a person.
#[derive(Clone, Debug, InputObject)]
pub struct InvitationPreviewInput {
    /// The webinar.
    pub webinar_id: WebinarId,
    /// A contact of its series.
    pub contact_id: Option<ContactId>,
    /// A person.
    pub person: Option<InvitationPersonInput>,
    /// How many people the contact may name, 1 to 50.
    #[graphql(default = 5)]
    pub quota: i32,
    /// Until when; when absent, with the registration or at the start.
    pub names_until: Option<Instant>,
}

/// A letter as it goes out, but for what makes its links secret.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The addresses that it goes to: those that want invitations.
    pub to: Vec<String>,
    /// The letter.
    pub letter: Written,
}

/// The letter that a contact or person gets.
pub async fn preview(app: &App, viewer: &Viewer, input: &InvitationPreviewInput) -> Result<Preview> {
    viewer.signed_in()?;
    let db = app.db.read();
    let seen = seeing::by_id(db, viewer, input.webinar_id).await?.ok_or(Error::NotFound("webinar"))?;
    if !seen.edits {
        return Err(viewer.refused());
    }
    let webinar = &seen.webinar;
    let mut problems = Problems::new();
    let terms = Terms::parse(&mut problems, input.quota, input.names_until, app.clock.now());
    let person = input.person.as_ref().map(|person| person.parse(&mut problems, "input.person"));
    problems.done()?;
    let guest = match (input.contact_id, person) {
        (Some(id), None) => Guest::contact(db, viewer, webinar, id).await?.ok_or(Error::NotFound("contact"))?,
        (None, Some(person)) => Guest::Person(person),
        _ => return Err(Error::BadInput("Give `contactId` or `person`.".into())),
    };
    let invited = guest.invited(db, webinar).await?;
    let invitation = invited.unwrap_or_else(|| guest.invitation(webinar, terms, app.clock.now()));
    let mut to = Vec::new();
    for email in guest.emails(db).await? {
        if !unwanted::is_unwanted(app, db, &email).await? {
            to.push(email);
        }
    }
    let facts = Facts::of(app, webinar.id).await?.ok_or(Error::NotFound("webinar"))?;
    let recipient = Recipient { invitation: &invitation, secret: SECRET.into(), stop: SECRET.into(), is_reminder: false };
    Ok(Preview { to, letter: facts.write(app, &recipient).await? })
}
