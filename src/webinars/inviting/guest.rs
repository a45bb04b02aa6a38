//! Who is invited: a contact, at all its addresses, or a person at one.

use async_graphql::InputObject;
use chrono::Datelike as _;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::{
    super::{scheduling, webinar},
    contact, contact_address,
    importing::{language, within},
    invitation, policy,
};
use crate::{
    clock::Instant,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{ContactId, InvitationId},
    language::{Language, texts::of_site},
    naming,
    sheet::{Checking, Sheet},
    text,
    viewer::Viewer,
};

/// Lines of a table of people: each is a letter.
const LINES: usize = 500;

/// A person who is invited by address.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct InvitationPersonInput {
    /// Address.
    pub email: String,
    /// How the letter calls them, at most 200 characters; their address when empty.
    #[graphql(default)]
    pub name: String,
    /// Language of the letter, one of the site's; the webinar's own when absent.
    pub language: Option<Language>,
}

/// A person who is invited.
#[derive(Clone, Debug, Default)]
pub struct Person {
    email: String,
    name: String,
    language: Option<Language>,
}

/// Who is invited.
#[derive(Clone, Debug)]
pub enum Guest {
    /// A contact.
    Contact(contact::Model),
    /// A person.
    Person(Person),
}

/// What a contact is told of its list.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How many people it may name.
    pub quota: i32,
    /// Until when.
    pub names_until: Option<Instant>,
}

impl Terms {
    /// Parses them.
    pub fn parse(problems: &mut Problems, quota: i32, names_until: Option<Instant>, now: Instant) -> Self {
        problems.check((1..=50).contains(&quota), || {
            Problem::at(UserErrorCode::OutOfRange, "input.quota").with("min", 1).with("max", 50)
        });
        problems.check(names_until.is_none_or(|until| until > now), || {
            Problem::at(UserErrorCode::TooLate, "input.namesUntil").saying("problem-in-the-past")
        });
        if let Some(until) = names_until {
            scheduling::check_year(problems, until.year(), "input.namesUntil");
        }
        Self { quota, names_until }
    }
}

impl InvitationPersonInput {
    /// Parses it; problems are noted under `path`.
    pub fn parse(&self, problems: &mut Problems, path: &str) -> Person {
        let language = self.language.as_ref().map(|language| problems.take(&format!("{path}.language"), of_site(language)));
        Person {
            email: problems.take(&format!("{path}.email"), text::email(&self.email)),
            name: problems.take(&format!("{path}.name"), naming::optional_name(&self.name)),
            language,
        }
    }
}

/// The people of a table with the columns email, name and language; what is wrong with it is noted.
pub fn people(csv: &str, problems: &mut Problems, speaks: &Language) -> Result<Vec<Person>, Problem> {
    let sheet = Sheet::read(within(csv)?, &[("email", true), ("name", false), ("language", false)], LINES)?;
    let mut checking = Checking { problems, path: "input.peopleCsv", language: speaks };
    let mut people = Vec::new();
    for line in &sheet.lines {
        if !sheet.fits(line) {
            checking.add(line, "email", &Problem::new(UserErrorCode::Invalid).saying("problem-csv-cells"));
            continue;
        }
        people.push(Person {
            email: checking.take(line, "email", text::email(sheet.at(line, "email"))),
            name: checking.take(line, "name", naming::optional_name(sheet.at(line, "name"))),
            language: checking.take(line, "language", language(sheet.at(line, "language"))),
        });
    }
    Ok(people)
}

impl Guest {
    /// A contact of the webinar's series that `viewer` may see.
    pub async fn contact(
        db: &impl ConnectionTrait,
        viewer: &Viewer,
        webinar: &webinar::Model,
        id: ContactId,
    ) -> Result<Option<Self>> {
        let contacts = policy::contacts(viewer).filter(contact::Column::SeriesId.eq(webinar.series_id));
        Ok(contacts.filter(contact::Column::Id.eq(id)).one(db).await?.map(Self::Contact))
    }

    /// Addresses that are written to.
    pub async fn emails(&self, db: &impl ConnectionTrait) -> Result<Vec<String>> {
        let contact = match self {
            Self::Person(person) => return Ok(vec![person.email.clone()]),
            Self::Contact(contact) => contact,
        };
        let addresses = contact_address::Entity::find().filter(contact_address::Column::ContactId.eq(contact.id));
        let addresses = addresses.order_by_asc(contact_address::Column::Position).all(db).await?;
        Ok(addresses.into_iter().map(|address| address.email).collect())
    }

    /// The invitation that they have.
    pub async fn invited(&self, db: &impl ConnectionTrait, webinar: &webinar::Model) -> Result<Option<invitation::Model>> {
        let invitations = invitation::Entity::find().filter(invitation::Column::WebinarId.eq(webinar.id));
        let own = match self {
            Self::Contact(contact) => invitations.filter(invitation::Column::ContactId.eq(contact.id)),
            Self::Person(person) => invitations.filter(invitation::Column::EmailKey.eq(text::email_key(&person.email))),
        };
        Ok(own.one(db).await?)
    }

    /// An invitation for them.
    #[must_use]
    pub fn invitation(&self, webinar: &webinar::Model, terms: Terms, now: Instant) -> invitation::Model {
        let (contact_id, email_key, name, language) = match self {
            Self::Contact(contact) => (Some(contact.id), None, contact.name.clone(), contact.language.clone()),
            Self::Person(person) => {
                let name = if person.name.is_empty() { &person.email } else { &person.name };
                let language = person.language.as_ref().unwrap_or(&webinar.original_language);
                (None, Some(text::email_key(&person.email)), name.clone(), language.clone())
            }
        };
        invitation::Model {
            id: InvitationId::new(),
            webinar_id: webinar.id,
            contact_id,
            email_key,
            name,
            language,
            quota: terms.quota,
            names_until: terms.names_until,
            invited_at: now,
            reminded_at: None,
            reacted_at: None,
        }
    }
}

/// The contacts and people that were asked for, in this order.
pub async fn found(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    webinar: &webinar::Model,
    contacts: &[ContactId],
    people: &[Person],
) -> Result<Vec<Guest>> {
    let (mut problems, mut guests) = (Problems::new(), Vec::new());
    for (index, id) in contacts.iter().enumerate() {
        match Guest::contact(db, viewer, webinar, *id).await? {
            Some(guest) => guests.push(guest),
            None => problems.add(Problem::at(UserErrorCode::NotFound, &format!("input.contactIds.{index}"))),
        }
    }
    problems.done()?;
    guests.extend(people.iter().cloned().map(Guest::Person));
    if guests.is_empty() {
        return Err(Error::from(Problem::at(UserErrorCode::Blank, "input")));
    }
    Ok(guests)
}
