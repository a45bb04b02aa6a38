//! Choosing among nominees. Whom the organiser accepts has a seat held for them from then on, so that no more are accepted
//! than there are seats; all that are decided about in one call are, or none.

use std::collections::HashSet;

use async_graphql::{Enum, InputObject};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _, Set,
};

use super::{
    super::{
        policy, registering,
        registration::{self, RegistrationState},
        webinar,
    },
    admitting,
    nominee::{self, State},
    placing, sending,
    telling::{self, News},
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{NomineeId, WebinarId},
    transact,
    viewer::Viewer,
};

/// The most nominees of one call.
const AT_ONCE: usize = 100;

/// What is decided about nominees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NomineeDecision {
    /// They are offered a seat, which is held for them.
    Accept,
    /// They get a seat when one becomes free, in the order in which they were put on the list.
    WaitList,
    /// They get none.
    Decline,
}

/// A decision about nominees for one webinar.
#[derive(Clone, Debug, InputObject)]
pub struct NomineesDecideInput {
    /// The webinar.
    pub webinar_id: WebinarId,
    /// Whom, 1 to 100.
    pub nominee_ids: Vec<NomineeId>,
    /// What.
    pub decision: NomineeDecision,
}

impl NomineeDecision {
    const fn state(self) -> State {
        match self {
            Self::Accept => State::Accepted,
            Self::WaitList => State::Waiting,
            Self::Decline => State::Declined,
        }
    }
}

/// Decides about nominees. They are told by mail; about whom it was decided so already, nothing changes.
pub async fn decide(app: &App, viewer: &Viewer, input: &NomineesDecideInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    problems.check(!input.nominee_ids.is_empty(), || Problem::at(UserErrorCode::Blank, "input.nomineeIds"));
    problems.check(input.nominee_ids.len() <= AT_ONCE, || Problem::at(UserErrorCode::LimitReached, "input.nomineeIds"));
    problems.done()?;
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, input.webinar_id).await?;
        let undecided = undecided(tx, &webinar, input).await?;
        if undecided.is_empty() {
            return Ok(());
        }
        if input.decision == NomineeDecision::Accept {
            return accept(tx, viewer, webinar, undecided).await;
        }
        let freed = undecided.iter().filter(|(_, nominee)| nominee.holds_seat()).count();
        let freed = i32::try_from(freed).unwrap_or(0);
        // Those who are put on the waiting list now do not get back the seats that they leave.
        let is_freed_first = input.decision == NomineeDecision::WaitList;
        if is_freed_first {
            free(tx, webinar.clone(), freed).await?;
        }
        for (_, nominee) in undecided {
            admitting::shut_out(tx, viewer, webinar.id, &nominee.email_key, &[nominee.id]).await?;
            put(tx, viewer, nominee, input.decision.state()).await?;
        }
        if is_freed_first { Ok(()) } else { free(tx, webinar, freed).await }
    })
}

/// Those about whom the decision changes something, with their place in the input.
async fn undecided(tx: &Tx, webinar: &webinar::Model, input: &NomineesDecideInput) -> Result<Vec<(usize, nominee::Model)>> {
    let (mut problems, mut found, mut seen) = (Problems::new(), Vec::new(), HashSet::new());
    for (index, id) in input.nominee_ids.iter().enumerate() {
        let path = format!("input.nomineeIds.{index}");
        let row = nominee::Entity::find_by_id(*id).lock_exclusive().one(tx).await?;
        let Some(nominee) = row.filter(|nominee| nominee.webinar_id == webinar.id) else {
            problems.add(Problem::at(UserErrorCode::NotFound, &path));
            continue;
        };
        let is_so = nominee.state == input.decision.state()
            || input.decision == NomineeDecision::Accept && nominee.state == State::Confirmed;
        // A registration is cancelled as such.
        let is_registered = nominee.state == State::Confirmed && nominee.registration_id.is_some();
        problems.check(is_so || !is_registered, || {
            Problem::at(UserErrorCode::WrongState, &path).saying("problem-nominee-registered")
        });
        if !is_so && seen.insert(*id) {
            found.push((index, nominee));
        }
    }
    problems.done()?;
    Ok(found)
}

/// Holds seats for nominees and asks them whether they come. Who has a seat already keeps it and needs no other.
async fn accept(tx: &Tx, viewer: &Viewer, webinar: webinar::Model, nominees: Vec<(usize, nominee::Model)>) -> Result<()> {
    sending::check_open(&webinar, tx.now(), "input.webinarId")?;
    let (mut problems, mut keys) = (Problems::new(), HashSet::new());
    let (mut offered, mut seated) = (Vec::new(), Vec::new());
    for (index, nominee) in nominees {
        // Two contacts may have named one person.
        let is_held = placing::held(tx, webinar.id, &nominee.email_key).await?.is_some();
        problems.check(!is_held && keys.insert(nominee.email_key.clone()), || {
            Problem::at(UserErrorCode::Taken, &format!("input.nomineeIds.{index}")).saying("problem-nominee-has-seat")
        });
        match seat_of(tx, &webinar, &nominee).await? {
            Some(registration) => seated.push((nominee, registration)),
            None => offered.push(nominee),
        }
    }
    let wanted = i32::try_from(offered.len()).unwrap_or(i32::MAX);
    problems.check(webinar.seats_left().is_none_or(|left| wanted <= left), || {
        let left = webinar.seats_left().unwrap_or_default();
        Problem::at(UserErrorCode::LimitReached, "input.nomineeIds").saying("problem-seats-left").with("left", left)
    });
    problems.done()?;
    for (nominee, registration) in seated {
        let nominee = put_quietly(tx, viewer, nominee, State::Confirmed).await?;
        placing::link(tx, nominee, registration.id).await?;
    }
    for nominee in offered {
        offer(tx, viewer, nominee).await?;
    }
    registering::count(tx, &webinar, wanted).await?;
    Ok(())
}

/// The registration with a seat that the person has who is named.
async fn seat_of(tx: &Tx, webinar: &webinar::Model, nominee: &nominee::Model) -> Result<Option<registration::Model>> {
    let Some(person) = admitting::person_of(tx, &nominee.email_key).await? else { return Ok(None) };
    registering::seat_of(tx, webinar.id, person.id).await
}

/// Offers a nominee a seat that was counted.
pub async fn offer(tx: &Tx, viewer: &Viewer, nominee: nominee::Model) -> Result<()> {
    put(tx, viewer, nominee, State::Accepted).await
}

async fn put(tx: &Tx, viewer: &Viewer, nominee: nominee::Model, state: State) -> Result<()> {
    let nominee = put_quietly(tx, viewer, nominee, state).await?;
    let news = match state {
        State::Accepted => News::Offered,
        State::Waiting => News::Waiting,
        _ => News::Declined,
    };
    telling::tell(tx, nominee.id, news).await
}

async fn put_quietly(tx: &Tx, viewer: &Viewer, nominee: nominee::Model, state: State) -> Result<nominee::Model> {
    let (id, webinar) = (nominee.id, nominee.webinar_id);
    let mut change = nominee.into_active_model();
    change.state = Set(state);
    change.decided_at = Set(Some(tx.now()));
    if state == State::Waiting {
        change.waiting_since = Set(tx.now());
    }
    let nominee = change.update(tx).await?;
    let action = match state {
        State::Waiting => "nominee.wait_listed",
        State::Declined => "nominee.declined",
        _ => "nominee.accepted",
    };
    audit::record(tx, viewer, Action::new(action).on(id).with("webinar", webinar.to_string())).await?;
    Ok(nominee)
}

/// Frees seats of a locked webinar that were held; whoever waits moves up.
pub async fn free(tx: &Tx, webinar: webinar::Model, seats: i32) -> Result<()> {
    if seats == 0 {
        return Ok(());
    }
    let webinar = registering::count(tx, &webinar, -seats).await?;
    registering::move_up(tx, webinar).await
}

/// The nominee for a locked webinar who waits first and has no seat: another contact may have named them too, or they registered
/// themselves.
pub async fn first_waiting(tx: &Tx, webinar: WebinarId) -> Result<Option<nominee::Model>> {
    use nominee::Column;
    let of_webinar = || nominee::Entity::find().filter(Column::WebinarId.eq(webinar));
    let held = of_webinar()
        .select_only()
        .column(Column::EmailKey)
        .filter(Column::State.is_in([State::Accepted, State::Confirmed]))
        .filter(Column::RegistrationId.is_null());
    let registered = registration::Entity::find()
        .select_only()
        .column(registration::Column::UserId)
        .filter(registration::Column::WebinarId.eq(webinar))
        .filter(registration::Column::State.eq(RegistrationState::Registered));
    let seated = user::Entity::find()
        .select_only()
        .column(user::Column::EmailKey)
        .filter(user::Column::ConfirmedAt.is_not_null())
        .filter(user::Column::Id.in_subquery(registered.into_query()));
    let waiting = of_webinar()
        .filter(Column::State.eq(State::Waiting))
        .filter(Column::EmailKey.not_in_subquery(held.into_query()))
        .filter(Column::EmailKey.not_in_subquery(seated.into_query()))
        .order_by_asc(Column::WaitingSince)
        .order_by_asc(Column::Id);
    Ok(waiting.lock_exclusive().one(tx).await?)
}
