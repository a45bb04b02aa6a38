//! Sending invitations. Each contact and person is invited to a webinar once; a letter goes to each of their addresses once,
//! by a job that also notes where it could not be delivered.

use std::time::Duration;

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    super::{
        policy,
        webinar::{self, State as WebinarState},
    },
    admitting, contact_address,
    delivery::{self, State},
    guest::{self, Guest, InvitationPersonInput, Terms},
    invitation, policy as inviting, unwanted,
    writing::{Facts, Recipient},
};
use crate::{
    accounts,
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{ContactId, InvitationId, WebinarId, WebinarSeriesId},
    jobs::{self, Job, Run, Urgency},
    mail::Outcome,
    text, transact, transact_once,
    viewer::Viewer,
};

/// The most invitations of one series in a day, those that are sent again included.
const MOST_A_DAY: i32 = 2_000;
/// The most invitations to one address in a day, to whatever and by whomever: whoever may invite can make any number of things to
/// invite to. Reminders are counted apart, with the same limit.
const MOST_TO_ONE: i32 = 10;
/// The most of these from one series, which leaves room for those of others. Reminders do not count: one that is put off past its
/// deadline is dropped without a word. Like all of these letters they go once an hour at most.
const MOST_OF_SERIES_TO_ONE: i32 = 5;
/// A letter to an address that has had enough today is tried again so much later.
const UNTIL_AGAIN: Duration = Duration::from_hours(1);
/// The most contacts, and people besides, of one call.
const AT_ONCE: usize = 200;

/// Inviting to a webinar.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct InvitationsSendInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The webinar, which is published and to come.
    pub webinar_id: WebinarId,
    /// Contacts of its series, at most 200.
    #[graphql(default)]
    pub contact_ids: Vec<ContactId>,
    /// People, at most 200. They see the webinar as soon as they have an account of that address.
    #[graphql(default)]
    pub people: Vec<InvitationPersonInput>,
    /// More people: CSV in UTF-8, at most 100 KiB and 500 lines, with the columns email, name and language.
    pub people_csv: Option<String>,
    /// How many people each contact may name, 1 to 50.
    #[graphql(default = 5)]
    pub quota: i32,
    /// Until when; when absent, until registration closes, or to the start.
    pub names_until: Option<Instant>,
}

/// Changes of what a contact was told of its list. What is absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct InvitationUpdateInput {
    /// How many people the contact may name, 1 to 50; those named already stay.
    pub quota: Option<i32>,
    /// Until when, also where that was over; until registration closes, or to the start, when null.
    pub names_until: MaybeUndefined<Instant>,
}

/// What came of inviting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// New invitations.
    pub invited: i32,
    /// Those asked for who were invited before.
    pub already: i32,
}

/// Refuses a webinar that nobody can be invited to.
pub fn check_open(webinar: &webinar::Model, now: Instant, path: &str) -> Result<()> {
    match webinar.state {
        WebinarState::Published if webinar.ends_at <= now => Err(Problem::at(UserErrorCode::TooLate, path).into()),
        WebinarState::Published => Ok(()),
        WebinarState::Draft | WebinarState::Cancelled => Err(Problem::at(UserErrorCode::WrongState, path).into()),
    }
}

/// Invites contacts and people, all or none. Who was invited to this webinar before is not written to again.
pub async fn send(app: &App, viewer: &Viewer, input: InvitationsSendInput) -> Result<Invited> {
    viewer.vetted()?;
    let mut problems = Problems::new();
    for (count, path) in [(input.contact_ids.len(), "input.contactIds"), (input.people.len(), "input.people")] {
        problems.check(count <= AT_ONCE, || Problem::at(UserErrorCode::LimitReached, path));
    }
    let terms = Terms::parse(&mut problems, input.quota, input.names_until, app.clock.now());
    let given = input.people.iter().take(AT_ONCE).enumerate();
    let mut people: Vec<_> = given.map(|(index, person)| person.parse(&mut problems, &format!("input.people.{index}"))).collect();
    if let Some(csv) = &input.people_csv {
        let read = guest::people(csv, &mut problems, &viewer.speaks());
        people.extend(problems.take("input.peopleCsv", read));
    }
    problems.done()?;
    transact_once!(app, viewer, input.key, "invitationsSend", &input, |tx| {
        let webinar = policy::editable(tx, viewer, input.webinar_id).await?;
        check_open(&webinar, tx.now(), "input.webinarId")?;
        let mut outcome = Invited::default();
        for guest in guest::found(tx, viewer, &webinar, &input.contact_ids, &people).await? {
            if guest.invited(tx, &webinar).await?.is_some() {
                outcome.already += 1;
            } else {
                invite(app, tx, viewer, &webinar, &guest, terms).await?;
                outcome.invited += 1;
            }
        }
        count_today(tx, webinar.series_id, outcome.invited, "input.webinarId").await?;
        Ok(outcome)
    })
}

/// Counts invitations of a series that are sent, and refuses too many in a day.
pub(super) async fn count_today(tx: &Tx, series: WebinarSeriesId, sent: i32, path: &str) -> Result<()> {
    if sent == 0 || accounts::may_today(tx, &format!("invitations {series}"), sent, MOST_A_DAY).await? {
        return Ok(());
    }
    Err(Problem::at(UserErrorCode::LimitReached, path).saying("problem-invitations-a-day").into())
}

/// Counts an invitation to an address; `false` when it has had enough of them today.
pub async fn may_invite(tx: &Tx, email_key: &str) -> Result<bool> {
    accounts::may_today(tx, &format!("invitations to {email_key}"), 1, MOST_TO_ONE).await
}

async fn invite(app: &App, tx: &Tx, viewer: &Viewer, webinar: &webinar::Model, guest: &Guest, terms: Terms) -> Result<()> {
    let invitation = guest.invitation(webinar, terms, tx.now());
    let (id, contact) = (invitation.id, invitation.contact_id.map(|contact| contact.to_string()));
    if invitation.is_closed(webinar, tx.now()) {
        return Err(Problem::at(UserErrorCode::TooLate, "input.namesUntil").saying("problem-naming-over").into());
    }
    invitation.into_active_model().reset_all().insert(tx).await.map_err(Error::collided)?;
    for (position, email) in (0..).zip(guest.emails(tx).await?) {
        if matches!(guest, Guest::Person(_)) {
            admitting::admit(tx, viewer, webinar, &email, viewer.user_id()).await?;
        }
        write_to(app, tx, id, position, email).await?;
    }
    let action = Action::new("invitation.sent").on(id).with("webinar", webinar.id.to_string());
    audit::record(tx, viewer, action.with("contact", contact)).await
}

/// Writes a letter to one address, which goes out unless none is wanted there.
pub(super) async fn write_to(app: &App, tx: &Tx, invitation: InvitationId, position: i32, email: String) -> Result<()> {
    let is_unwanted = unwanted::is_unwanted(app, tx, &email).await?;
    let row = delivery::Model {
        id: Uuid::now_v7(),
        invitation_id: invitation,
        position,
        email,
        state: if is_unwanted { State::Unwanted } else { State::Waiting },
        sent_at: None,
        reminded_at: None,
        bounced_at: None,
    };
    if !is_unwanted {
        deliver(tx, &row).await?;
    }
    row.into_active_model().reset_all().insert(tx).await?;
    Ok(())
}

/// Sends a letter that waits, unless it is about to be sent.
pub(super) async fn deliver(tx: &Tx, letter: &delivery::Model) -> Result<()> {
    jobs::enqueue(tx, &Deliver { delivery: letter.id, reminder: None }).await
}

/// Changes how many people a contact may name, and until when.
pub async fn update(app: &App, viewer: &Viewer, id: InvitationId, input: InvitationUpdateInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let Terms { names_until, .. } =
        Terms::parse(&mut problems, input.quota.unwrap_or(1), input.names_until.take(), app.clock.now());
    problems.done()?;
    transact!(app, |tx| {
        let (invitation, _) = inviting::editable_invitation(tx, viewer, id).await?;
        let (mut change, mut fields) = (invitation.clone().into_active_model(), Vec::new());
        if let Some(quota) = input.quota.filter(|quota| *quota != invitation.quota) {
            change.quota = Set(quota);
            fields.push("quota");
        }
        if !input.names_until.is_undefined() && names_until != invitation.names_until {
            change.names_until = Set(names_until);
            fields.push("namesUntil");
        }
        if fields.is_empty() {
            return Ok(());
        }
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("invitation.updated").on(id).fields(fields)).await
    })
}

/// Notes that the letter to one address came back: those who run the webinar saw that in their mailbox. Twice changes nothing.
pub async fn note_bounce(app: &App, viewer: &Viewer, id: InvitationId, email: &str) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let (invitation, _) = inviting::editable_invitation(tx, viewer, id).await?;
        let letters = of_invitation(tx, invitation.id).await?;
        let wanted = text::email_key(email.trim());
        let letter = letters.into_iter().find(|letter| text::email_key(&letter.email) == wanted);
        let letter = letter.ok_or_else(|| Problem::at(UserErrorCode::NotFound, "email"))?;
        if letter.state != State::Sent {
            return Ok(());
        }
        settle(tx, letter, None, Outcome::Refused).await?;
        audit::record(tx, viewer, Action::new("invitation.bounced").on(id)).await
    })
}

/// The letters of an invitation.
pub(super) async fn of_invitation(tx: &Tx, id: InvitationId) -> Result<Vec<delivery::Model>> {
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
    let letters = delivery::Entity::find().filter(delivery::Column::InvitationId.eq(id));
    Ok(letters.order_by_asc(delivery::Column::Position).all(tx).await?)
}

async fn settle(tx: &Tx, letter: delivery::Model, reminder: Option<Instant>, outcome: Outcome) -> Result<()> {
    let mut change = letter.into_active_model();
    match outcome {
        Outcome::Refused => {
            change.state = Set(State::Bounced);
            change.bounced_at = Set(Some(tx.now()));
        }
        Outcome::Taken if reminder.is_some() => change.reminded_at = Set(reminder),
        Outcome::Taken => {
            change.state = Set(State::Sent);
            change.sent_at = Set(Some(tx.now()));
        }
    }
    change.update(tx).await?;
    Ok(())
}

/// Sends an invitation, or reminds of it, at one address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deliver {
    /// The letter.
    pub delivery: Uuid,
    /// When the reminder was asked for; none the first time.
    pub reminder: Option<Instant>,
}

/// Whether a letter's address is still that of who was invited; a contact may have another in its place by now.
async fn is_theirs(db: &impl ConnectionTrait, letter: &delivery::Model, invitation: &invitation::Model) -> Result<bool> {
    let Some(contact) = invitation.contact_id else { return Ok(true) };
    let addresses = contact_address::Entity::find().filter(contact_address::Column::ContactId.eq(contact));
    let own = addresses.filter(contact_address::Column::EmailKey.eq(text::email_key(&letter.email)));
    Ok(own.one(db).await?.is_some())
}

impl Deliver {
    /// Counts the letter: an address gets one of a webinar within the hour, however often it was taken away and put back, and
    /// some a day of one series and of all webinars. One that is too many waits for that; whether this one does.
    async fn is_put_off(&self, app: &App, letter: &delivery::Model, webinar: &webinar::Model) -> Result<bool> {
        transact!(app, |tx| {
            let address = text::email_key(&letter.email);
            let wait = accounts::wait_to_write(tx, &address, &format!("invitation {}", webinar.id)).await?;
            if wait.is_none() && self.may_go(tx, &address, webinar.series_id).await? {
                return Ok(false);
            }
            let again = Self { delivery: self.delivery, reminder: self.reminder };
            jobs::enqueue_at(tx, &again, tx.now() + wait.unwrap_or(UNTIL_AGAIN)).await?;
            Ok(true)
        })
    }

    /// Counts the letter among those that its address gets today; `false`, and not counted, when it has had enough of them.
    async fn may_go(&self, tx: &Tx, email_key: &str, series: WebinarSeriesId) -> Result<bool> {
        if self.reminder.is_some() {
            return accounts::may_today(tx, &format!("reminders to {email_key}"), 1, MOST_TO_ONE).await;
        }
        let of_series = format!("invitations of {series} to {email_key}");
        if !accounts::may_today(tx, &of_series, 1, MOST_OF_SERIES_TO_ONE).await? {
            return Ok(false);
        }
        let may_go = may_invite(tx, email_key).await?;
        if !may_go {
            // It did not go; each time that it is tried again would else count.
            accounts::may_today(tx, &of_series, -1, MOST_OF_SERIES_TO_ONE).await?;
        }
        Ok(may_go)
    }

    /// Whether the letter is still to go out.
    fn is_due(&self, letter: &delivery::Model, invitation: &invitation::Model) -> bool {
        match self.reminder {
            None => letter.state == State::Waiting,
            asked => letter.state == State::Sent && letter.reminded_at != asked && invitation.reacted_at.is_none(),
        }
    }

    /// The same each time that it is tried, and another for each reminder.
    fn message_id(&self) -> String {
        match self.reminder {
            None => self.delivery.to_string(),
            Some(asked) => format!("{}-{}", self.delivery, asked.timestamp()),
        }
    }
}

impl Job for Deliver {
    const KIND: &'static str = "webinars.invite";
    /// About a day: relays are down for hours.
    const ATTEMPTS: i32 = 30;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{} {}", Self::KIND, self.message_id()))
    }

    fn urgency(&self) -> Urgency {
        Urgency::Bulk
    }

    async fn run(self, app: &App, run: &Run) -> Result<()> {
        let db = app.db.read();
        let Some(letter) = delivery::Entity::find_by_id(self.delivery).one(db).await? else { return Ok(()) };
        let Some(invitation) = invitation::Entity::find_by_id(letter.invitation_id).one(db).await? else { return Ok(()) };
        let Some(facts) = Facts::of(app, invitation.webinar_id).await? else { return Ok(()) };
        let now = app.clock.now();
        let is_open = check_open(&facts.webinar, now, "").is_ok() && !invitation.is_closed(&facts.webinar, now);
        if !is_open || !self.is_due(&letter, &invitation) || !is_theirs(db, &letter, &invitation).await? {
            return Ok(());
        }
        let outcome = if unwanted::is_unwanted(app, db, &letter.email).await? {
            None
        } else {
            // Counted once: a try that failed has brought nobody a letter.
            if run.attempt == 1 && self.is_put_off(app, &letter, &facts.webinar).await? {
                return Ok(());
            }
            let recipient = Recipient {
                invitation: &invitation,
                secret: inviting::nomination_token(app, invitation.id, &letter.email),
                stop: inviting::stop_token(app, &letter),
                is_reminder: self.reminder.is_some(),
            };
            let written = facts.write(app, &recipient).await?;
            Some(app.mailer.try_send(&self.message_id(), &letter.email, &written.subject, written.body, None).await?)
        };
        transact!(app, |tx| {
            let Some(letter) = delivery::Entity::find_by_id(self.delivery).one(tx).await? else { return Ok(()) };
            match outcome {
                Some(outcome) => settle(tx, letter, self.reminder, outcome).await,
                None => super::stopping::stopped(tx, letter).await,
            }
        })
    }
}
