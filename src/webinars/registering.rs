//! Registering for a webinar and cancelling that. Seats are counted in the webinar's row, which whoever takes or frees one
//! has locked, so the last goes to one person only; the others wait in the order in which they came, and move up by
//! themselves.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};

use super::{
    inviting::{choosing, nominee, placing},
    policy,
    registration::{self, RegistrationState},
    replying::{Answers, WebinarAnswerInput},
    seeing::Seen,
    telling::{self, News},
    webinar::{self, Closed, State},
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{RegistrationId, UserId, WebinarId},
    transact,
    viewer::Viewer,
};

/// Registering for a webinar.
#[derive(Clone, Debug, InputObject)]
pub struct WebinarRegisterInput {
    /// The webinar.
    pub webinar_id: WebinarId,
    /// Answers to its questions.
    #[graphql(default)]
    pub answers: Vec<WebinarAnswerInput>,
    /// That the person was told, and agrees, that the webinar is recorded or that registrants see each other's names; needed
    /// where one of them is so.
    #[graphql(default)]
    pub accepts_conditions: bool,
}

/// Registers the viewer, or puts them on the waiting list. Who is registered or waits stays so, with the answers as given now.
pub async fn register(app: &App, viewer: &Viewer, input: WebinarRegisterInput) -> Result<RegistrationId> {
    let user = viewer.signed_in()?.id;
    let mut problems = Problems::new();
    let answers = Answers::parse(&mut problems, &input.answers);
    problems.done()?;
    transact!(app, |tx| {
        let seen = policy::locked(tx, viewer, input.webinar_id).await?;
        check(tx, &seen, &input, &answers).await?;
        if !policy::admits(tx, viewer, &seen.webinar).await? {
            return Err(Error::Forbidden);
        }
        let id = match &seen.registration {
            Some(registration) if seen.is_registered() => registration.id,
            before => enter(tx, viewer, user, &seen.webinar, before.clone()).await?,
        };
        answers.write(tx, id).await?;
        Ok(id)
    })
}

/// What keeps the viewer from registering, all of it.
async fn check(tx: &Tx, seen: &Seen, input: &WebinarRegisterInput, answers: &Answers) -> Result<()> {
    let webinar = &seen.webinar;
    let mut problems = Problems::new();
    if !seen.is_registered() {
        match webinar.closed_for(tx.now()) {
            Some(Closed::Over) => problems.add(Problem::at(UserErrorCode::TooLate, "input.webinarId")),
            Some(Closed::NotYet) => {
                problems.add(Problem::at(UserErrorCode::WrongState, "input.webinarId").saying("problem-registration-not-open"));
            }
            Some(Closed::NotOffered) => problems.add(Problem::at(UserErrorCode::WrongState, "input.webinarId")),
            None => {}
        }
        let has_conditions = webinar.is_recorded || webinar.shows_registrants;
        problems.check(input.accepts_conditions || !has_conditions, || {
            Problem::at(UserErrorCode::NotAccepted, "input.acceptsConditions").saying("problem-conditions-not-accepted")
        });
    }
    answers.check(tx, webinar.id, &input.answers, !seen.is_registered(), &mut problems).await?;
    problems.done()
}

/// Takes a seat in a locked webinar, the one that is held for the person if there is one, or a place in its waiting list.
async fn enter(
    tx: &Tx,
    viewer: &Viewer,
    user: UserId,
    webinar: &webinar::Model,
    before: Option<registration::Model>,
) -> Result<RegistrationId> {
    let person = user::Entity::find_by_id(user).one(tx).await?.ok_or(Error::Unauthenticated)?;
    placing::reacted(tx, webinar.id, &person.email_key).await?;
    if person.confirmed_at.is_some()
        && let Some(nominee) = placing::held(tx, webinar.id, &person.email_key).await?
    {
        return seat_nominee(tx, viewer, webinar, person, nominee).await;
    }
    let has_seat = webinar.seats_left() != Some(0);
    let state = if has_seat { RegistrationState::Registered } else { RegistrationState::Waiting };
    let id = put(tx, viewer, webinar, person, state, before).await?;
    if has_seat {
        count(tx, webinar, 1).await?;
    }
    Ok(id)
}

/// Gives a person the seat of a locked webinar that is held for them. What they have not told themselves stands as it was told
/// of them.
pub(super) async fn seat_nominee(
    tx: &Tx,
    viewer: &Viewer,
    webinar: &webinar::Model,
    mut person: user::Model,
    nominee: nominee::Model,
) -> Result<RegistrationId> {
    person.gender = person.gender.or(nominee.gender);
    person.country = person.country.or(nominee.country.clone());
    person.organisation = person.organisation.or(Some(nominee.organisation.clone()));
    person.organisation_kind = person.organisation_kind.or(Some(nominee.organisation_kind));
    let before = of_person(tx, webinar.id, person.id).await?;
    let id = put(tx, viewer, webinar, person, RegistrationState::Registered, before).await?;
    if let Some(answers) = &nominee.answers {
        answers.write(tx, id).await?;
    }
    placing::link(tx, nominee, id).await?;
    Ok(id)
}

/// A person's registration for a webinar, cancelled ones included.
async fn of_person(tx: &Tx, webinar: WebinarId, user: UserId) -> Result<Option<registration::Model>> {
    let registrations = registration::Entity::find().filter(registration::Column::WebinarId.eq(webinar));
    Ok(registrations.filter(registration::Column::UserId.eq(user)).one(tx).await?)
}

/// A person's registration for a webinar, if it has a seat.
pub(super) async fn seat_of(tx: &Tx, webinar: WebinarId, user: UserId) -> Result<Option<registration::Model>> {
    let registration = of_person(tx, webinar, user).await?;
    Ok(registration.filter(|registration| registration.state == RegistrationState::Registered))
}

/// Writes a registration, and tells the person.
async fn put(
    tx: &Tx,
    viewer: &Viewer,
    webinar: &webinar::Model,
    person: user::Model,
    state: RegistrationState,
    before: Option<registration::Model>,
) -> Result<RegistrationId> {
    let id = before.as_ref().map_or_else(RegistrationId::new, |before| before.id);
    let row = registration::ActiveModel {
        id: Set(id),
        webinar_id: Set(webinar.id),
        user_id: Set(person.id),
        state: Set(state),
        registered_at: Set(tx.now()),
        waiting_since: Set(tx.now()),
        cancelled_at: Set(None),
        joined_at: Set(before.as_ref().and_then(|before| before.joined_at)),
        checked_in_at: Set(before.as_ref().and_then(|before| before.checked_in_at)),
        wrong_codes: Set(before.as_ref().map_or(0, |before| before.wrong_codes)),
        listed_minutes: Set(before.as_ref().and_then(|before| before.listed_minutes)),
        calendar_sequence: Set(before.as_ref().map_or(0, |before| before.calendar_sequence + 1)),
        gender: Set(person.gender),
        country: Set(person.country),
        organisation: Set(person.organisation),
        organisation_kind: Set(person.organisation_kind),
        language: Set(person.language),
    };
    match before {
        Some(_) => row.update(tx).await?,
        None => row.insert(tx).await?,
    };
    let has_seat = state == RegistrationState::Registered;
    let news = if has_seat { News::Registered } else { News::Waiting };
    telling::tell(tx, id, news).await?;
    let action = if has_seat { "registration.made" } else { "registration.waits" };
    audit::record(tx, viewer, Action::new(action).on(id).with("webinar", webinar.id.to_string())).await?;
    Ok(id)
}

/// Counts seats of a locked webinar as taken, or as free again.
pub(super) async fn count(tx: &Tx, webinar: &webinar::Model, by: i32) -> Result<webinar::Model> {
    let mut change = webinar.clone().into_active_model();
    change.seats_taken = Set(webinar.seats_taken + by);
    Ok(change.update(tx).await?)
}

/// Cancels a registration; the person does, or whoever may change the webinar. A seat that becomes free goes to whoever
/// waits first. Twice changes nothing.
pub async fn cancel(app: &App, viewer: &Viewer, id: RegistrationId) -> Result<()> {
    transact!(app, |tx| {
        let (registration, webinar) = policy::changed_registration(tx, viewer, id).await?;
        if registration.state == RegistrationState::Cancelled {
            return Ok(());
        }
        if webinar.ends_at <= tx.now() {
            return Err(Problem::at(UserErrorCode::TooLate, "id").into());
        }
        end(tx, viewer, registration, webinar).await
    })
}

/// Ends a registration for a locked webinar.
pub(super) async fn end(tx: &Tx, viewer: &Viewer, registration: registration::Model, webinar: webinar::Model) -> Result<()> {
    let had_seat = registration.state == RegistrationState::Registered;
    let (id, sequence) = (registration.id, registration.calendar_sequence + 1);
    let mut change = registration.into_active_model();
    change.state = Set(RegistrationState::Cancelled);
    change.cancelled_at = Set(Some(tx.now()));
    change.calendar_sequence = Set(sequence);
    change.update(tx).await?;
    placing::cancelled(tx, viewer, id).await?;
    telling::tell(tx, id, News::RegistrationCancelled).await?;
    audit::record(tx, viewer, Action::new("registration.cancelled").on(id).with("webinar", webinar.id.to_string())).await?;
    if had_seat { choosing::free(tx, webinar, 1).await } else { Ok(()) }
}

/// Whether people wait for a seat of a webinar, and were told what holds for it.
pub(super) async fn are_awaited(tx: &Tx, webinar: WebinarId) -> Result<bool> {
    let waiting = registration::Entity::find()
        .filter(registration::Column::WebinarId.eq(webinar))
        .filter(registration::Column::State.eq(RegistrationState::Waiting));
    Ok(waiting.one(tx).await?.is_some())
}

/// Gives the free seats of a locked webinar to those who wait, in their order: registrants have them, nominees are offered
/// them.
pub async fn move_up(tx: &Tx, webinar: webinar::Model) -> Result<()> {
    if webinar.state != State::Published || webinar.ends_at <= tx.now() {
        return Ok(());
    }
    let mut seats = 0;
    // Asked anew for each seat: whoever got one may wait in other rows, too.
    while webinar.seats_left().is_none_or(|left| seats < left) {
        let registration = first_waiting(tx, webinar.id).await?;
        let nominee = choosing::first_waiting(tx, webinar.id).await?;
        match (registration, nominee) {
            (Some(first), nominee) if nominee.as_ref().is_none_or(|nominee| first.waiting_since <= nominee.waiting_since) => {
                seat(tx, first, tx.now()).await?;
            }
            (_, Some(nominee)) => choosing::offer(tx, &Viewer::visitor(), nominee).await?,
            (_, None) => break,
        }
        seats += 1;
    }
    if seats > 0 {
        count(tx, &webinar, seats).await?;
    }
    Ok(())
}

/// The registration for a webinar that waits first.
async fn first_waiting(tx: &Tx, webinar: WebinarId) -> Result<Option<registration::Model>> {
    let waiting = registration::Entity::find()
        .filter(registration::Column::WebinarId.eq(webinar))
        .filter(registration::Column::State.eq(RegistrationState::Waiting))
        .order_by_asc(registration::Column::WaitingSince)
        .order_by_asc(registration::Column::Id);
    Ok(waiting.lock_exclusive().one(tx).await?)
}

async fn seat(tx: &Tx, registration: registration::Model, now: Instant) -> Result<()> {
    let (id, webinar, sequence) = (registration.id, registration.webinar_id, registration.calendar_sequence + 1);
    let mut change = registration.into_active_model();
    change.state = Set(RegistrationState::Registered);
    change.registered_at = Set(now);
    change.calendar_sequence = Set(sequence);
    change.update(tx).await?;
    telling::tell(tx, id, News::MovedUp).await?;
    let action = Action::new("registration.moved_up").on(id).with("webinar", webinar.to_string());
    audit::record(tx, &Viewer::visitor(), action).await
}
