//! The organiser's list of who was present: CSV as meeting tools write it, with the columns name, e-mail, join time and leave
//! time. Lines are matched with registrations by address, then by name; what is in doubt is shown, and counts once it is settled by
//! hand: a name is no proof.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike as _, Duration, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::{
    attendance_line::{self, Match},
    policy,
    registration::{self, RegistrationState},
    scheduling::YEARS,
    seeing, webinar,
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{AttendanceLineId, RegistrationId, UserId, WebinarId},
    jobs::{Job, Run, Scheduled},
    paging::{Direction, Page, Paged, Slice},
    recordings::intervals::Intervals,
    rows::{among, grouped},
    sheet::Sheet,
    text, transact,
    viewer::Viewer,
};

/// The most lines of a list.
const MOST: usize = 2_000;
/// Problems that one answer tells of.
const MOST_PROBLEMS: usize = 50;
/// How long lines are kept after the webinar.
const KEPT: Duration = Duration::days(90);

/// What the columns are called, in lower case.
const NAME: [&str; 5] = ["name", "full name", "participant", "name (original name)", "participant name"];
const EMAIL: [&str; 6] = ["email", "e-mail", "user email", "email address", "e-mail address", "address"];
const JOINED: [&str; 5] = ["join time", "joined", "join", "first join", "joined at"];
const LEFT: [&str; 5] = ["leave time", "left", "leave", "last leave", "left at"];

/// A line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    number: i32,
    name: String,
    email: String,
    joined_at: Instant,
    left_at: Instant,
}

/// Reads a list; every line that can't be read is a problem. Times without an offset are on the clocks of `zone`.
fn read(csv: &str, zone: Tz) -> Result<Vec<Line>> {
    let sheet = Sheet::of_any(csv, MOST).map_err(|problem| problem.under("csv"))?;
    let (Some(name), Some(joined), Some(left)) = (sheet.named(&NAME), sheet.named(&JOINED), sheet.named(&LEFT)) else {
        return Err(Problem::at(UserErrorCode::Incomplete, "csv").saying("problem-list-columns").into());
    };
    let email = sheet.named(&EMAIL);
    let (mut lines, mut problems, mut wrong) = (Vec::new(), Problems::new(), 0);
    for line in &sheet.lines {
        let at = |column| time(sheet.at(line, column), zone);
        let presence = at(joined).zip(at(left)).filter(|(joined, left)| joined <= left);
        let (Ok(name), Some((joined_at, left_at))) = (text::line(sheet.at(line, name), 200), presence) else {
            wrong += 1;
            if wrong <= MOST_PROBLEMS {
                let number = line.number;
                problems.add(Problem::at(UserErrorCode::Invalid, "csv").saying("problem-list-line").with("line", number));
            }
            continue;
        };
        // What is no address names nobody.
        let email = email.and_then(|column| text::email(sheet.at(line, column)).ok()).unwrap_or_default();
        lines.push(Line { number: i32::try_from(line.number).unwrap_or(i32::MAX), name, email, joined_at, left_at });
    }
    problems.done()?;
    if lines.is_empty() { Err(Problem::at(UserErrorCode::Blank, "csv").into()) } else { Ok(lines) }
}

/// A time as meeting tools write it.
fn time(text: &str, zone: Tz) -> Option<Instant> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc)).filter(|time| YEARS.contains(&time.year()));
    }
    let forms = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%m/%d/%Y %I:%M:%S %p",
        "%d.%m.%Y %H:%M:%S",
    ];
    let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    let local = Some(local).filter(|local| YEARS.contains(&local.year()))?;
    zone.from_local_datetime(&local).earliest().map(|time| time.with_timezone(&Utc))
}

/// Takes a list in place of the one before; what it says is reckoned at once. The same list again changes nothing.
pub async fn import(app: &App, viewer: &Viewer, id: WebinarId, csv: &str) -> Result<()> {
    viewer.signed_in()?;
    // Read before anything is locked, by the zone that the webinar has now.
    let seen = seeing::by_id(app.db.read(), viewer, id).await?.ok_or(Error::NotFound("webinar"))?;
    if !seen.edits {
        return Err(viewer.refused());
    }
    let lines = read(csv, seen.webinar.time_zone.parse().unwrap_or(Tz::UTC))?;
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
        let line = attendance_line::Entity::find_by_id(id).one(tx).await?.ok_or_else(missing)?;
        let webinar = policy::editable(tx, viewer, line.webinar_id).await;
        let webinar = webinar.map_err(|error| if matches!(error, Error::NotFound(_)) { missing() } else { error })?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_meeting_tools_are_read() {
        let csv = "\u{feff}Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\r\n\
                   \"Exemple, Awa\",awa@example.org,12/01/2026 02:00:00 PM,12/01/2026 03:30:00 PM,90\r\n\
                   王示例,,2026-12-01T12:00:00Z,2026-12-01T13:00:00Z,60\r\n";
        let lines = read(csv, chrono_tz::Europe::Vienna).expect("it is read");
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].name.as_str(), lines[0].number), ("Exemple, Awa", 2));
        assert_eq!(lines[0].joined_at.to_rfc3339(), "2026-12-01T13:00:00+00:00");
        assert_eq!(lines[1].left_at.to_rfc3339(), "2026-12-01T13:00:00+00:00");
    }

    #[test]
    fn every_bad_line_is_named_and_columns_are_asked_for() {
        let csv = "name,join,leave\nAwa,yesterday,today\nWang,2026-12-01 10:00,2026-12-01 11:00\n,2026-12-01 10:00,2026-12-01 11:00\nOlga,2026-12-01 11:00,2026-12-01 10:00\n";
        let Err(Error::Invalid(problems)) = read(csv, Tz::UTC) else { panic!("it is refused") };
        assert_eq!(problems.len(), 3);
        assert!(problems[1].text(&crate::language::Language::english()).contains('4'));
        let Err(Error::Invalid(problems)) = read("name,email\nAwa,awa@example.org\n", Tz::UTC) else { panic!("it is refused") };
        assert_eq!(problems[0].code, UserErrorCode::Incomplete);
    }
}
