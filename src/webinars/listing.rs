//! The organiser's list of who was present: CSV as meeting tools write it, with the columns name, e-mail, join time and leave
//! time. Lines are matched with registrations by address, then by name; what is in doubt is shown, and counts once it is settled by
//! hand: a name is no proof.

use std::collections::{HashMap, HashSet};

use chrono::Duration;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::{
    attendance_line::{self, Match},
    list::{self, Line},
    policy,
    registration::{self, RegistrationState},
    seeing, webinar,
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::{AttendanceLineId, RegistrationId, UserId, WebinarId},
    jobs::{Job, Run, Scheduled},
    paging::{Direction, Page, Paged, Slice},
    recordings::intervals::Intervals,
    rows::{among, grouped},
    text, transact,
    viewer::Viewer,
};

/// How long lines are kept after the webinar.
const KEPT: Duration = Duration::days(90);

/// Takes a list in place of the one before; what it says is reckoned at once. The same list again changes nothing.
pub async fn import(app: &App, viewer: &Viewer, id: WebinarId, csv: &str) -> Result<()> {
    viewer.signed_in()?;
    // Read before anything is locked, by the zone that the webinar has now.
    let seen = seeing::by_id(app.db.read(), viewer, id).await?.ok_or(Error::NotFound("webinar"))?;
    if !seen.edits {
        return Err(viewer.refused());
    }
    let lines = list::read(csv, &seen.webinar.time_zone, (seen.webinar.starts_at, seen.webinar.ends_at))?;
    transact!(app, |tx| {
        let (webinar, lines) = (policy::editable(tx, viewer, id).await?, lines.clone());
        let matched = matched(tx, id, &lines).await?;
        let before = attendance_line::Entity::delete_many().filter(attendance_line::Column::WebinarId.eq(id));
        before.exec(tx).await?;
        let count = lines.len();
        let rows = lines.into_iter().zip(matched).map(|(line, (registration, matched_by))| attendance_line::ActiveModel {
            id: Set(AttendanceLineId::new()),
            webinar_id: Set(id),
            line: Set(line.number),
            name: Set(line.name),
            email: Set(line.email),
            joined_at: Set(line.joined_at),
            left_at: Set(line.left_at),
            registration_id: Set(registration),
            matched_by: Set(matched_by),
        });
        let rows: Vec<_> = rows.collect();
        for some in rows.chunks(100) {
            attendance_line::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
        }
        reckon(tx, &webinar).await?;
        audit::record(tx, viewer, Action::new("webinar.attendance_listed").on(id).with("lines", count)).await
    })
}

/// Whose each line is: of the registrant with that address, else of the only one with that name.
async fn matched(tx: &Tx, id: WebinarId, lines: &[Line]) -> Result<Vec<(Option<RegistrationId>, Match)>> {
    let registered = registration::Entity::find()
        .filter(registration::Column::WebinarId.eq(id))
        .filter(registration::Column::State.ne(RegistrationState::Cancelled))
        .all(tx)
        .await?;
    let of_user: HashMap<UserId, RegistrationId> = registered.iter().map(|each| (each.user_id, each.id)).collect();
    let ids: Vec<UserId> = of_user.keys().copied().collect();
    let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
    let people = user::Entity::find().filter(among(backend, user::Column::Id, &ids)).all(tx).await?;
    let by_address: HashMap<&str, RegistrationId> =
        people.iter().map(|person| (person.email_key.as_str(), of_user[&person.id])).collect();
    let mut by_name: HashMap<String, HashSet<RegistrationId>> = HashMap::new();
    for person in &people {
        for name in [Some(&person.full_name), person.latin_name.as_ref()].into_iter().flatten() {
            by_name.entry(text::folded(name)).or_default().insert(of_user[&person.id]);
        }
    }
    let of_line = |line: &Line| {
        if let Some(registration) = by_address.get(text::email_key(&line.email).as_str()) {
            return (Some(*registration), Match::Address);
        }
        match by_name.get(&text::folded(&line.name)) {
            Some(registrations) if registrations.len() == 1 => (registrations.iter().next().copied(), Match::Name),
            _ => (None, Match::None),
        }
    };
    Ok(lines.iter().map(of_line).collect())
}

/// Reckons the minutes of all registrants from the lines: what overlaps counts once, and only what lies within the webinar. Who
/// is in no line was present for none of it; of whom a line only seems to be, the list says nothing.
async fn reckon(tx: &Tx, webinar: &webinar::Model) -> Result<()> {
    let lines = attendance_line::Entity::find().filter(attendance_line::Column::WebinarId.eq(webinar.id)).all(tx).await?;
    let mut present: HashMap<RegistrationId, Intervals> = HashMap::new();
    let within =
        |at: Instant| (at.clamp(webinar.starts_at, webinar.ends_at) - webinar.starts_at).num_milliseconds().unsigned_abs();
    let mut doubted: HashSet<RegistrationId> = HashSet::new();
    for line in lines {
        match line.registration_id {
            Some(id) if line.matched_by == Match::Name => _ = doubted.insert(id),
            Some(id) => present.entry(id).or_default().add(within(line.joined_at), within(line.left_at)),
            None => {}
        }
    }
    let registered = registration::Entity::find()
        .filter(registration::Column::WebinarId.eq(webinar.id))
        .filter(registration::Column::State.ne(RegistrationState::Cancelled))
        .lock_exclusive()
        .all(tx)
        .await?;
    let minutes = |id| match present.get(&id) {
        Some(intervals) => Some(i32::try_from(intervals.covered() / 60_000).unwrap_or(i32::MAX)),
        None => (!doubted.contains(&id)).then_some(0),
    };
    let changed = registered.into_iter().filter(|each| each.listed_minutes != minutes(each.id)).map(|each| each.id);
    // A statement for each number of minutes: there are fewer of those than of people.
    for (minutes, ids) in grouped(changed, |id| minutes(*id)) {
        let change = registration::ActiveModel { listed_minutes: Set(minutes), ..Default::default() };
        let those = among(sea_orm::ConnectionTrait::get_database_backend(tx), registration::Column::Id, &ids);
        registration::Entity::update_many().set(change).filter(those).exec(tx).await?;
    }
    Ok(())
}

/// Says whose a line is, or with `None` nobody's.
pub async fn settle(
    app: &App,
    viewer: &Viewer,
    id: AttendanceLineId,
    registration: Option<RegistrationId>,
) -> Result<AttendanceLineId> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let missing = || Error::NotFound("attendance");
        let find = || attendance_line::Entity::find_by_id(id).one(tx);
        let line = find().await?.ok_or_else(missing)?;
        let webinar = policy::as_secret(policy::editable(tx, viewer, line.webinar_id).await, "attendance")?;
        // Read again: another list may have come while the lock was waited for.
        let line = find().await?.ok_or_else(missing)?;
        if let Some(registration) = registration {
            let found = registration::Entity::find_by_id(registration).one(tx).await?;
            let is_cancelled = found.as_ref().is_some_and(|found| found.state == RegistrationState::Cancelled);
            if found.is_none_or(|found| found.webinar_id != webinar.id) {
                return Err(Problem::at(UserErrorCode::NotFound, "registrationId").into());
            }
            if is_cancelled {
                return Err(Problem::at(UserErrorCode::WrongState, "registrationId").into());
            }
        }
        let mut change = line.into_active_model();
        change.registration_id = Set(registration);
        change.matched_by = Set(Match::Staff);
        change.update(tx).await?;
        reckon(tx, &webinar).await?;
        audit::record(tx, viewer, Action::new("attendance.settled").on(id).with("webinar", webinar.id.to_string())).await?;
        Ok(id)
    })
}

/// The lines of a webinar in their order, or those in doubt only; ask only for those who may change it.
pub async fn lines(app: &App, webinar: WebinarId, only_doubts: bool, page: &Page) -> Result<Slice<attendance_line::Model>> {
    let mut all = attendance_line::Entity::find().filter(attendance_line::Column::WebinarId.eq(webinar));
    if only_doubts {
        all = all.filter(attendance_line::Column::MatchedBy.is_in([Match::None, Match::Name]));
    }
    let keys = [(attendance_line::Column::Line, Direction::Ascending), (attendance_line::Column::Id, Direction::Ascending)];
    all.page(app.db.read(), page, &keys).await
}

/// A line, for those who may change its webinar.
pub async fn line(app: &App, viewer: &Viewer, id: AttendanceLineId) -> Result<Option<attendance_line::Model>> {
    let db = app.db.read();
    let Some(line) = attendance_line::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let seen = super::seeing::by_id(db, viewer, line.webinar_id).await?;
    Ok(seen.filter(|seen| seen.edits).map(|_| line))
}

/// Forgets the lines of webinars that were long ago; what they said of registrants stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sweep {}

impl Scheduled for Sweep {
    const EVERY: Duration = Duration::days(1);
}

impl Job for Sweep {
    const KIND: &'static str = "webinars.sweep_lists";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        loop {
            let old = webinar::Entity::find()
                .filter(webinar::Column::EndsAt.lt(app.clock.now() - KEPT))
                .filter(sea_orm::sea_query::Expr::exists(lines_of_webinar()))
                .order_by_asc(webinar::Column::Id)
                .limit(100)
                .all(app.db.read())
                .await?;
            if old.is_empty() {
                return Ok(());
            }
            for webinar in old {
                let gone = attendance_line::Entity::delete_many().filter(attendance_line::Column::WebinarId.eq(webinar.id));
                gone.exec(app.db.write()).await?;
            }
        }
    }
}

/// For an `EXISTS`: the lines of a webinar.
fn lines_of_webinar() -> sea_orm::sea_query::SelectStatement {
    use sea_orm::{QueryTrait as _, sea_query::ExprTrait as _};
    let lines = attendance_line::Entity::find().select_only().column(attendance_line::Column::Id);
    let same = attendance_line::Column::WebinarId.into_expr().equals(webinar::Column::Id.as_column_ref());
    lines.filter(same).into_query()
}
