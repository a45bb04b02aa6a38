//! Naming people for a webinar, by the link in a contact's letter. Whoever has the link is taken for the contact, for as long as
//! it has the address that the letter went to; they see and change their own list only, up to its quota and until it is closed.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::Duration;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder, Set,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    super::webinar::{self, State as WebinarState},
    choosing, contact, contact_address, invitation,
    nominee::{self, State},
    policy, unwanted,
};
use crate::{
    accounts::{
        self, profile,
        user::{Gender, OrganisationKind},
    },
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    idempotency::Call,
    ids::{InvitationId, NomineeId},
    language::{Language, texts::of_site},
    naming, text, transact, transact_once,
    viewer::Viewer,
};

/// A person to be named.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct NomineeAddInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The token in the contact's link.
    pub token: String,
    /// In any script, each word in one, 1 to 200 characters.
    pub full_name: String,
    /// What they do there, at most 200 characters.
    #[graphql(default)]
    pub function: String,
    /// Their own address, which they are written to at.
    pub email: String,
    /// As told.
    pub gender: Option<Gender>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Language that they are written to in, one of the site's.
    pub language: Language,
}

/// Changes of what was told of a person. What is absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct NomineeUpdateInput {
    /// 1 to 200 characters.
    pub full_name: Option<String>,
    /// At most 200 characters.
    pub function: Option<String>,
    /// Their own address.
    pub email: Option<String>,
    /// As told; null clears.
    pub gender: MaybeUndefined<Gender>,
    /// ISO 3166-1 alpha-2; null clears.
    pub country: MaybeUndefined<String>,
    /// Language that they are written to in, one of the site's.
    pub language: Option<Language>,
}

/// A contact's list for a webinar.
#[derive(Clone, Debug)]
pub struct Nomination {
    /// The invitation.
    pub invitation: invitation::Model,
    /// The webinar.
    pub webinar: webinar::Model,
    /// What kind of organisation the contact is.
    pub organisation_kind: OrganisationKind,
    /// Whom it named, in this order.
    pub nominees: Vec<nominee::Model>,
}

impl Nomination {
    /// How many more may be named: who was declined or does not come, leaves room.
    #[must_use]
    pub fn left(&self) -> i32 {
        let named = self.nominees.iter().filter(|nominee| counts(nominee.state)).count();
        (self.invitation.quota - i32::try_from(named).unwrap_or(i32::MAX)).max(0)
    }

    /// Whether the list can still be changed.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        self.webinar.state == WebinarState::Published && now < self.invitation.closes_at(&self.webinar)
    }
}

const fn counts(state: State) -> bool {
    !matches!(state, State::Declined | State::Refused)
}

fn expired(path: &str) -> Error {
    Problem::at(UserErrorCode::Expired, path).into()
}

/// How long a list is shown when the webinar is over.
const SHOWN: Duration = Duration::days(30);

/// The list of the contact whose token it is, until a month after the webinar; `None` for any other text.
pub async fn nomination(app: &App, token: &str) -> Result<Option<Nomination>> {
    let Some((id, address)) = policy::of_nomination(app, token) else { return Ok(None) };
    let db = app.db.read();
    let list = list(app, db, policy::invited(db, id).await?, address).await?;
    Ok(list.filter(|list| app.clock.now() < list.webinar.ends_at + SHOWN))
}

async fn list(
    app: &App,
    db: &impl ConnectionTrait,
    invited: Option<(invitation::Model, webinar::Model)>,
    address: unwanted::Hash,
) -> Result<Option<Nomination>> {
    let Some((invitation, webinar)) = invited else { return Ok(None) };
    let Some(contact) = invitation.contact_id else { return Ok(None) };
    let Some(contact) = contact::Entity::find_by_id(contact).one(db).await? else { return Ok(None) };
    let addresses = contact_address::Entity::find().filter(contact_address::Column::ContactId.eq(contact.id));
    if !addresses.all(db).await?.iter().any(|own| unwanted::hashed(app, &own.email) == address) {
        return Ok(None);
    }
    let named = nominee::Entity::find().filter(nominee::Column::InvitationId.eq(invitation.id));
    let nominees = named.order_by_asc(nominee::Column::Id).all(db).await?;
    Ok(Some(Nomination { invitation, webinar, organisation_kind: contact.organisation_kind, nominees }))
}

/// The invitation and the address of a token, after its changes were counted: each list may be changed 20 times a minute from one
/// network.
async fn counted(app: &App, viewer: &Viewer, token: &str, path: &str) -> Result<(InvitationId, unwanted::Hash)> {
    let (id, address) = policy::of_nomination(app, token).ok_or_else(|| expired(path))?;
    accounts::visit(app, viewer, &format!("nomination {id}")).await?;
    Ok((id, address))
}

/// A list that is open, with its webinar and its invitation locked: a decision holds the webinar's lock, so none is made about who
/// is being changed.
async fn open(app: &App, tx: &Tx, (id, address): (InvitationId, unwanted::Hash), path: &str) -> Result<Nomination> {
    let invited = policy::locked_invitation(tx, id).await?;
    let list = list(app, tx, invited, address).await?.ok_or_else(|| expired(path))?;
    if list.webinar.state != WebinarState::Published {
        return Err(Problem::at(UserErrorCode::WrongState, path).saying("problem-webinar-cancelled").into());
    }
    let closed = || Problem::at(UserErrorCode::TooLate, path).saying("problem-list-closed");
    if list.is_open(tx.now()) { Ok(list) } else { Err(closed().into()) }
}

/// Names a person.
pub async fn add(app: &App, viewer: &Viewer, input: NomineeAddInput) -> Result<NomineeId> {
    let mut problems = Problems::new();
    let full_name = problems.take("input.fullName", naming::name(&input.full_name));
    let function = problems.take("input.function", text::optional_line(&input.function, 200));
    let email = problems.take("input.email", text::email(&input.email));
    let country = input.country.as_ref().map(|code| problems.take("input.country", profile::country(code)));
    let language = problems.take("input.language", of_site(&input.language));
    problems.done()?;
    let of = counted(app, viewer, &input.token, "input.token").await?;
    transact_once!(app, Call::new(viewer, input.key, "nomineeAdd", &input), |tx| {
        let list = open(app, tx, of, "input.token").await?;
        let id = list.invitation.id;
        if list.left() == 0 {
            let problem = Problem::at(UserErrorCode::LimitReached, "input").saying("problem-quota-reached");
            return Err(problem.with("max", list.invitation.quota).into());
        }
        check_free(&list, None, &email)?;
        let row = nominee::Model {
            id: NomineeId::new(),
            webinar_id: list.webinar.id,
            invitation_id: id,
            full_name: full_name.clone(),
            function: function.clone(),
            email: email.clone(),
            email_key: text::email_key(&email),
            gender: input.gender,
            country: country.clone(),
            organisation: list.invitation.name.clone(),
            organisation_kind: list.organisation_kind,
            language: language.clone(),
            state: State::Named,
            named_at: tx.now(),
            waiting_since: tx.now(),
            decided_at: None,
            answered_at: None,
            bounced_at: None,
            registration_id: None,
            answers: None,
        };
        let row = row.into_active_model().reset_all().insert(tx).await?;
        if list.invitation.reacted_at.is_none() {
            let mut change = list.invitation.into_active_model();
            change.reacted_at = Set(Some(tx.now()));
            change.update(tx).await?;
        }
        audit::record(tx, viewer, Action::new("nominee.named").on(row.id).with("invitation", id.to_string())).await?;
        Ok(row.id)
    })
}

/// Refuses an address that another person of the list has.
fn check_free(list: &Nomination, own: Option<NomineeId>, email: &str) -> Result<()> {
    let key = text::email_key(email);
    let is_taken = list.nominees.iter().any(|nominee| nominee.email_key == key && Some(nominee.id) != own);
    if is_taken { Err(Problem::at(UserErrorCode::Taken, "input.email").into()) } else { Ok(()) }
}

/// A person of an open list.
fn named(list: &Nomination, id: NomineeId) -> Result<nominee::Model> {
    list.nominees.iter().find(|nominee| nominee.id == id).cloned().ok_or(Error::NotFound("nominee"))
}

/// Changes what was told of a person about whom nothing is decided.
pub async fn update(app: &App, viewer: &Viewer, token: &str, id: NomineeId, input: NomineeUpdateInput) -> Result<()> {
    let mut problems = Problems::new();
    let full_name = input.full_name.as_ref().map(|name| problems.take("input.fullName", naming::name(name)));
    let function = input.function.as_ref().map(|line| problems.take("input.function", text::optional_line(line, 200)));
    let email = input.email.as_ref().map(|email| problems.take("input.email", text::email(email)));
    let country = match &input.country {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(code) => Some(Some(problems.take("input.country", profile::country(code)))),
    };
    let gender = if input.gender.is_undefined() { None } else { Some(input.gender.take()) };
    let language = input.language.as_ref().map(|language| problems.take("input.language", of_site(language)));
    problems.done()?;
    let of = counted(app, viewer, token, "token").await?;
    transact!(app, |tx| {
        let list = open(app, tx, of, "token").await?;
        let before = named(&list, id)?;
        if before.state != State::Named {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-nominee-decided").into());
        }
        let (mut after, mut fields) = (before.clone(), Vec::new());
        macro_rules! set {
            ($($field:ident as $name:literal;)*) => { $(
                if let Some(value) = $field.as_ref().filter(|value| **value != before.$field) {
                    after.$field = value.clone();
                    fields.push($name);
                }
            )* };
        }
        set! { full_name as "fullName"; function as "function"; email as "email"; gender as "gender"; country as "country"; language as "language"; }
        if fields.is_empty() {
            return Ok(());
        }
        check_free(&list, Some(id), &after.email)?;
        after.email_key = text::email_key(&after.email);
        after.bounced_at = after.bounced_at.filter(|_| after.email == before.email);
        after.into_active_model().reset_all().update(tx).await?;
        audit::record(tx, viewer, Action::new("nominee.updated").on(id).fields(fields)).await
    })
}

/// Takes a person off the list, with what was told of them; not one who has said that they come.
pub async fn withdraw(app: &App, viewer: &Viewer, token: &str, id: NomineeId) -> Result<()> {
    let of = counted(app, viewer, token, "token").await?;
    transact!(app, |tx| {
        let list = open(app, tx, of, "token").await?;
        let nominee = named(&list, id)?;
        if nominee.state == State::Confirmed {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-nominee-confirmed").into());
        }
        let held = nominee.holds_seat();
        nominee.delete(tx).await?;
        audit::record(tx, viewer, Action::new("nominee.withdrawn").on(id).with("invitation", list.invitation.id.to_string()))
            .await?;
        if held { choosing::free(tx, list.webinar, 1).await } else { Ok(()) }
    })
}
