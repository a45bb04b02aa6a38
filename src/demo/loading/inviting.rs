//! The contacts of the series: inviting them, and whom they name.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{Loader, key};
use crate::{
    demo::content::{Contact, Person},
    ids::{Id as _, InvitationId},
    viewer::Viewer,
    webinars::inviting::policy,
};

/// The contacts, with their ids.
pub struct Contacts<'a>(Vec<(Value, &'a Contact)>);

/// The list of a contact for a webinar.
pub struct List<'a> {
    pub contact: &'a Contact,
    /// What makes the link in its letter secret.
    token: String,
    /// The webinar, by its slug.
    webinar: &'a str,
}

impl<'a> Contacts<'a> {
    /// Makes the contacts of the series.
    pub async fn load(loader: &Loader<'_>, author: &str, series: &Value, contacts: &'a [Contact]) -> anyhow::Result<Self> {
        let mut made = Vec::new();
        for contact in contacts {
            let input = json!({
                "key": key(&format!("contact {}", contact.email)), "seriesId": series, "name": contact.name,
                "organisationKind": contact.kind, "country": contact.country, "language": contact.language,
                "emails": [contact.email],
            });
            made.push((loader.create(author, "contactCreate", "ContactCreateInput", input, "contact").await?, contact));
        }
        Ok(Self(made))
    }

    /// Invites all of them to a webinar; their lists.
    pub async fn invite(
        &self,
        loader: &Loader<'_>,
        author: &str,
        (webinar, id): (&'a str, &Value),
    ) -> anyhow::Result<Vec<List<'a>>> {
        let contacts: Vec<_> = self.0.iter().map(|(id, _)| id).collect();
        let input = json!({ "key": key(&format!("invitations {webinar}")), "webinarId": id, "contactIds": contacts });
        loader.change(author, "invitationsSend", &[("input: InvitationsSendInput!", input)], "").await?;
        let sent = "query($id: ID!) { webinar(id: $id) { inviting { invitations(first: 50) { nodes { id contact { id } } } } } }";
        let sent = loader.ask(&loader.person(author)?.0, sent, json!({ "id": id })).await?;
        let sent = sent["webinar"]["inviting"]["invitations"]["nodes"].as_array().cloned().unwrap_or_default();
        let list = |(id, contact): &(Value, &'a Contact)| {
            let invitation = sent.iter().find(|invitation| invitation["contact"]["id"] == *id)?;
            let invitation = InvitationId::parse(invitation["id"].as_str()?)?;
            Some(List { contact, token: policy::nomination_token(loader.app, invitation, &contact.email), webinar })
        };
        self.0.iter().map(|contact| list(contact).with_context(|| format!("{} is not invited", contact.1.name))).collect()
    }
}

impl List<'_> {
    /// The contact names a person by the link in its letter; the id of the nominee.
    pub async fn name(&self, loader: &Loader<'_>, person: &Person) -> anyhow::Result<Value> {
        let input = json!({
            "key": key(&format!("nominee {} {}", self.webinar, person.email)), "token": self.token, "fullName": person.full_name,
            "function": self.contact.function, "email": person.email, "gender": person.gender, "country": person.country,
            "language": person.language,
        });
        let argument = [("input: NomineeAddInput!", input)];
        let named = loader.change_as(&Viewer::visitor(), "nomineeAdd", &argument, "nominee { id }").await?;
        Ok(named["nominee"]["id"].clone())
    }
}

/// The person of a number whom a contact may name.
pub fn guest(contact: &Contact, number: usize) -> Person {
    let name = format!("participant-{}-{number}", contact.language);
    Person {
        email: format!("{name}@example.net"),
        full_name: format!("{} {number}", contact.person),
        latin_name: Some(format!("Participant {number}")),
        language: contact.language.clone(),
        time_zone: contact.time_zone.clone(),
        roles: Vec::new(),
        vetted: true,
        shown_to_visitors: false,
        gender: Some(if number.is_multiple_of(2) { "MALE" } else { "FEMALE" }.to_owned()),
        country: Some(contact.country.clone()),
        organisation_kind: Some(contact.kind.clone()),
        name,
    }
}
