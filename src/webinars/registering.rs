//! Registering for a webinar and cancelling that. Seats are counted in the webinar's row, which whoever takes or frees one
//! has locked, so the last goes to one person only; the others wait in the order in which they came, and move up by
//! themselves.

use std::collections::HashMap;

use async_graphql::InputObject;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::OnConflict,
};

use super::{
    answer, policy, question,
    registration::{self, RegistrationState},
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
    ids::{RegistrationId, UserId, WebinarId, WebinarQuestionId},
    text, transact,
    viewer::Viewer,
};

/// An answer to a question of the webinar.
#[derive(Clone, Debug, InputObject)]
pub struct WebinarAnswerInput {
    /// The question.
    pub question_id: WebinarQuestionId,
    /// At most 1,000 characters.
    pub answer: String,
}

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
    let mut answers = HashMap::new();
    for (index, given) in input.answers.iter().enumerate() {
        let path = format!("input.answers.{index}.answer");
        answers.insert(given.question_id, problems.take(&path, text::optional_body(&given.answer, 1_000)));
    }
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
        write(tx, id, &answers).await?;
        Ok(id)
    })
}

/// What keeps the viewer from registering, all of it.
async fn check(tx: &Tx, seen: &Seen, input: &WebinarRegisterInput, answers: &HashMap<WebinarQuestionId, String>) -> Result<()> {
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
    let questions = question::Entity::find().filter(question::Column::WebinarId.eq(webinar.id)).all(tx).await?;
    for (index, given) in input.answers.iter().enumerate() {
        let is_asked = questions.iter().any(|question| question.id == given.question_id);
        problems.check(is_asked, || Problem::at(UserErrorCode::NotFound, &format!("input.answers.{index}.questionId")));
    }
    if !seen.is_registered() {
        let is_answered = |question: &question::Model| answers.get(&question.id).is_some_and(|answer| !answer.is_empty());
        let lacks = questions.iter().any(|question| question.is_required && !is_answered(question));
        problems.check(!lacks, || Problem::at(UserErrorCode::Incomplete, "input.answers"));
    }
    problems.done()
}

/// Takes a seat in a locked webinar, or a place in its waiting list.
async fn enter(
    tx: &Tx,
    viewer: &Viewer,
    user: UserId,
    webinar: &webinar::Model,
    before: Option<registration::Model>,
) -> Result<RegistrationId> {
    let person = user::Entity::find_by_id(user).one(tx).await?.ok_or(Error::Unauthenticated)?;
    let has_seat = webinar.seats_left() != Some(0);
    let id = before.as_ref().map_or_else(RegistrationId::new, |before| before.id);
    let row = registration::ActiveModel {
        id: Set(id),
        webinar_id: Set(webinar.id),
        user_id: Set(user),
        state: Set(if has_seat { RegistrationState::Registered } else { RegistrationState::Waiting }),
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
    if has_seat {
        count(tx, webinar, 1).await?;
    }
    let news = if has_seat { News::Registered } else { News::Waiting };
    telling::tell(tx, id, news).await?;
    let action = if has_seat { "registration.made" } else { "registration.waits" };
    audit::record(tx, viewer, Action::new(action).on(id).with("webinar", webinar.id.to_string())).await?;
    Ok(id)
}

async fn count(tx: &Tx, webinar: &webinar::Model, by: i32) -> Result<webinar::Model> {
    let mut change = webinar.clone().into_active_model();
    change.seats_taken = Set(webinar.seats_taken + by);
    Ok(change.update(tx).await?)
}

/// Keeps answers; an empty one takes back what was answered.
async fn write(tx: &Tx, id: RegistrationId, answers: &HashMap<WebinarQuestionId, String>) -> Result<()> {
    for (question, text) in answers {
        if text.is_empty() {
            answer::Entity::delete_by_id((id, *question)).exec(tx).await?;
            continue;
        }
        let row = answer::ActiveModel { registration_id: Set(id), question_id: Set(*question), answer: Set(text.clone()) };
        let instead = OnConflict::columns([answer::Column::RegistrationId, answer::Column::QuestionId])
            .update_column(answer::Column::Answer)
            .to_owned();
        answer::Entity::insert(row).on_conflict(instead).exec_without_returning(tx).await?;
    }
    Ok(())
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
        let had_seat = registration.state == RegistrationState::Registered;
        let sequence = registration.calendar_sequence + 1;
        let mut change = registration.into_active_model();
        change.state = Set(RegistrationState::Cancelled);
        change.cancelled_at = Set(Some(tx.now()));
        change.calendar_sequence = Set(sequence);
        change.update(tx).await?;
        telling::tell(tx, id, News::RegistrationCancelled).await?;
        audit::record(tx, viewer, Action::new("registration.cancelled").on(id).with("webinar", webinar.id.to_string())).await?;
        if had_seat {
            let webinar = count(tx, &webinar, -1).await?;
            move_up(tx, webinar).await?;
        }
        Ok(())
    })
}

/// Gives the free seats of a locked webinar to those who wait, in their order.
pub async fn move_up(tx: &Tx, webinar: webinar::Model) -> Result<()> {
    if webinar.state != State::Published || webinar.ends_at <= tx.now() || webinar.seats_left() == Some(0) {
        return Ok(());
    }
    let mut waiting = registration::Entity::find()
        .filter(registration::Column::WebinarId.eq(webinar.id))
        .filter(registration::Column::State.eq(RegistrationState::Waiting))
        .order_by_asc(registration::Column::WaitingSince)
        .order_by_asc(registration::Column::Id)
        .lock_exclusive();
    if let Some(left) = webinar.seats_left() {
        waiting = waiting.limit(u64::from(left.unsigned_abs()));
    }
    let next = waiting.all(tx).await?;
    let seats = i32::try_from(next.len()).unwrap_or(i32::MAX);
    for registration in next {
        seat(tx, registration, tx.now()).await?;
    }
    if seats > 0 {
        count(tx, &webinar, seats).await?;
    }
    Ok(())
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
