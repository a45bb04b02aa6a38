//! Reading who did what in the webinars of a series: one statement for each kind of thing, however many people there are.

use std::collections::{HashMap, HashSet};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, IntoCondition as _},
};

use super::{
    dimension::Told,
    stage::{STAGES, Stage},
    tallying::{Fact, Who},
};
use crate::{
    clock::Instant,
    error::Result,
    ids::{RegistrationId, WebinarId},
    recordings::{recording, watch, watching},
    rows::{among, grouped, keyed},
    webinars::{
        attending::Presence,
        inviting::{contact, invitation, nominee},
        recording as shown,
        registration::{self, RegistrationState},
        series,
        testing::{
            counting::{self, TestResult},
            test::TestKind,
        },
        webinar::{self, State},
    },
};

/// What there is to count.
pub struct Gathered {
    /// The webinars that are over, in the order in which they took place.
    pub webinars: Vec<WebinarId>,
    /// What is known of people in them.
    pub facts: Vec<Fact>,
    /// Only those who were named registered.
    pub closed: bool,
}

/// Reads a series.
pub async fn gather(db: &impl ConnectionTrait, series: &series::Model, now: Instant) -> Result<Gathered> {
    let webinars = webinar::Entity::find()
        .filter(webinar::Column::SeriesId.eq(series.id))
        .filter(webinar::Column::State.eq(State::Published))
        .filter(webinar::Column::EndsAt.lte(now))
        .order_by_asc(webinar::Column::StartsAt)
        .order_by_asc(webinar::Column::Id)
        .all(db)
        .await?;
    let ids: Vec<_> = webinars.iter().map(|webinar| webinar.id).collect();
    let places: HashMap<_, _> = ids.iter().copied().enumerate().map(|(place, id)| (id, place)).collect();
    let mut facts = invited(db, series, &ids, &places).await?;
    let nominees = nominee::Entity::find().filter(among(db.get_database_backend(), nominee::Column::WebinarId, &ids));
    let nominees = nominees.all(db).await?;
    let seated: HashSet<_> = nominees.iter().filter_map(|nominee| nominee.registration_id).collect();
    let registered = registered(db, &webinars, series.attendance_percent, now).await?;
    let closed = !registered.is_empty() && registered.iter().all(|(id, _)| seated.contains(id));
    facts.extend(nominees.into_iter().map(|nominee| nominated(nominee, &places)));
    facts.extend(registered.into_iter().map(|(_, fact)| fact));
    Ok(Gathered { webinars: ids, facts, closed })
}

fn reached(stage: Stage) -> [bool; STAGES] {
    Stage::ALL.map(|each| each == stage)
}

/// Whom letters went to. Of an office it is known what the list of contacts says, of a person their language only.
async fn invited(
    db: &impl ConnectionTrait,
    series: &series::Model,
    ids: &[WebinarId],
    places: &HashMap<WebinarId, usize>,
) -> Result<Vec<Fact>> {
    let contacts = contact::Entity::find().filter(contact::Column::SeriesId.eq(series.id)).all(db).await?;
    let contacts = keyed(contacts, |contact| contact.id);
    let invitations = invitation::Entity::find().filter(among(db.get_database_backend(), invitation::Column::WebinarId, ids));
    let fact = |invitation: invitation::Model| {
        let office = invitation.contact_id.and_then(|id| contacts.get(&id));
        let told = Told {
            gender: None,
            country: office.and_then(|office| office.country.clone()),
            organisation_kind: office.map(|office| office.organisation_kind),
            language: invitation.language,
        };
        let who = match invitation.contact_id {
            Some(id) => Who::Office(id),
            None => Who::Address(invitation.email_key.unwrap_or_default()),
        };
        let webinar = places[&invitation.webinar_id];
        Fact { webinar, who, at: invitation.invited_at, stages: reached(Stage::Invited), told, gain: None }
    };
    Ok(invitations.all(db).await?.into_iter().map(fact).collect())
}

fn nominated(nominee: nominee::Model, places: &HashMap<WebinarId, usize>) -> Fact {
    let told = Told {
        gender: nominee.gender,
        country: nominee.country,
        organisation_kind: Some(nominee.organisation_kind),
        language: nominee.language,
    };
    let (webinar, who) = (places[&nominee.webinar_id], Who::Nominee(nominee.email_key));
    Fact { webinar, who, at: nominee.named_at, stages: reached(Stage::Nominated), told, gain: None }
}

/// Who has a seat, and what they did.
async fn registered(
    db: &impl ConnectionTrait,
    webinars: &[webinar::Model],
    attendance_percent: i32,
    now: Instant,
) -> Result<Vec<(RegistrationId, Fact)>> {
    let ids: Vec<_> = webinars.iter().map(|webinar| webinar.id).collect();
    let places: HashMap<_, _> = webinars.iter().enumerate().map(|(place, webinar)| (webinar.id, (place, webinar))).collect();
    let registrations = registration::Entity::find()
        .filter(among(db.get_database_backend(), registration::Column::WebinarId, &ids))
        .filter(registration::Column::State.eq(RegistrationState::Registered))
        .all(db)
        .await?;
    let watched = watched(db, &ids).await?;
    let results = grouped(counting::results(db, &ids).await?, |result| (result.webinar, result.user));
    let fact = |registration: registration::Model| {
        let (place, webinar) = places[&registration.webinar_id];
        let presence = Presence::of(&registration, webinar, now);
        let results = results.get(&(registration.webinar_id, registration.user_id)).map_or(&[][..], Vec::as_slice);
        let mut stages = reached(Stage::Registered);
        stages[Stage::Attended.at()] = presence.is_some_and(|presence| presence.is_enough(webinar, attendance_percent));
        stages[Stage::Watched.at()] = watched.contains(&registration.id);
        let gain = tested(results, &mut stages);
        let told = Told {
            gender: registration.gender,
            country: registration.country,
            organisation_kind: registration.organisation_kind,
            language: registration.language,
        };
        let who = Who::Registrant(registration.user_id);
        (registration.id, Fact { webinar: place, who, at: registration.registered_at, stages, told, gain })
    };
    Ok(registrations.into_iter().map(fact).collect())
}

/// What the tests of one webinar say of somebody; by how much they gained, where they took both.
fn tested(results: &[TestResult], stages: &mut [bool; STAGES]) -> Option<f64> {
    let result = |which| results.iter().find(|result| result.which == which);
    let (before, after) = (result(TestKind::Pre), result(TestKind::Post));
    stages[Stage::PassedPreTest.at()] = before.is_some_and(|result| result.is_passed);
    stages[Stage::PassedPostTest.at()] = after.is_some_and(|result| result.is_passed);
    let gain = before.zip(after).map(|(before, after)| after.share_percent - before.share_percent);
    stages[Stage::TookBothTests.at()] = gain.is_some();
    gain
}

/// The registrations of those who have watched enough of a recording of their webinar.
async fn watched(db: &impl ConnectionTrait, ids: &[WebinarId]) -> Result<HashSet<RegistrationId>> {
    let is_theirs = |_, right| Expr::col((right, watch::Column::UserId)).equals(registration::Column::UserId.as_column_ref());
    let of_webinar =
        registration::Entity::belongs_to(shown::Entity).from(registration::Column::WebinarId).to(shown::Column::WebinarId);
    let watches = shown::Entity::belongs_to(watch::Entity)
        .from(shown::Column::RecordingId)
        .to(watch::Column::RecordingId)
        .on_condition(move |left, right| is_theirs(left, right).into_condition());
    let recordings = watch::Entity::belongs_to(recording::Entity).from(watch::Column::RecordingId).to(recording::Column::Id);
    let rows: Vec<(RegistrationId, i64, Option<i64>)> = registration::Entity::find()
        .select_only()
        .column(registration::Column::Id)
        .column(watch::Column::CoveredMs)
        .column(recording::Column::DurationMs)
        .join(JoinType::InnerJoin, of_webinar.into())
        .join(JoinType::InnerJoin, watches.into())
        .join(JoinType::InnerJoin, recordings.into())
        .filter(among(db.get_database_backend(), registration::Column::WebinarId, ids))
        .filter(registration::Column::State.eq(RegistrationState::Registered))
        .into_tuple()
        .all(db)
        .await?;
    let has_enough = |covered: i64, length: Option<i64>| {
        watching::share(covered.unsigned_abs(), length.unwrap_or_default().unsigned_abs()) >= watching::ENOUGH
    };
    Ok(rows.into_iter().filter(|(_, covered, length)| has_enough(*covered, *length)).map(|(id, _, _)| id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;

    #[test]
    fn only_who_took_both_tests_has_a_gain() {
        let result = |which, share_percent, is_passed| TestResult {
            webinar: WebinarId::new(),
            user: UserId::new(),
            which,
            share_percent,
            is_passed,
        };
        let said = |results: &[TestResult]| {
            let mut stages = [false; STAGES];
            let gain = tested(results, &mut stages);
            (gain, [Stage::PassedPreTest, Stage::PassedPostTest, Stage::TookBothTests].map(|stage| stages[stage.at()]))
        };
        let (before, after) = (result(TestKind::Pre, 40.0, false), result(TestKind::Post, 72.5, true));
        assert_eq!(said(&[]), (None, [false, false, false]));
        assert_eq!(said(&[before]), (None, [false, false, false]));
        assert_eq!(said(&[after]), (None, [false, true, false]));
        assert_eq!(said(&[after, before]), (Some(32.5), [false, true, true]));
        assert_eq!(said(&[result(TestKind::Pre, 90.0, true), after]).0, Some(-17.5), "also less than nothing");
    }
}
