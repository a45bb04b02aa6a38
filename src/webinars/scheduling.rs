//! When a webinar takes place: wall time and zone, which win when a country moves its clocks; publishing, moving, cancelling.

use std::ops::RangeInclusive;

use async_graphql::InputObject;
use chrono::{Datelike as _, Duration, LocalResult, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};

use super::{
    attending, policy,
    telling::{self, News},
    testing,
    webinar::{self, State},
};
use crate::{
    app::App,
    audit::{self, Action},
    clock::Instant,
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::WebinarId,
    jobs::{Job, Run, Scheduled},
    text, transact,
    viewer::Viewer,
};

/// How wall time is written.
pub const LOCAL: &str = "%Y-%m-%dT%H:%M";
/// The years that webinars, and what belongs to them, can be in: what is farther is a slip.
pub const YEARS: RangeInclusive<i32> = 2000..=2100;
/// The longest webinar, in minutes.
const LONGEST: i32 = 24 * 60;

/// When a webinar takes place.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarTimeInput {
    /// Start on the clocks of the zone, YYYY-MM-DDTHH:MM, from 2000 to 2100.
    pub local_start: String,
    /// IANA zone, for example Europe/Vienna.
    pub time_zone: String,
    /// Minutes from start to end, 1 to 1440.
    pub duration_minutes: i32,
}

/// When a webinar takes place, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// Start on the clocks of the zone.
    pub local_start: String,
    /// IANA zone.
    pub time_zone: String,
    /// Minutes from start to end.
    pub duration_minutes: i32,
    /// Start as an instant.
    pub starts_at: Instant,
    /// End as an instant.
    pub ends_at: Instant,
}

impl WebinarTimeInput {
    /// Parses it; problems are noted under `path`.
    pub(super) fn parse(&self, problems: &mut Problems, path: &str) -> Option<Time> {
        let at = |code, field: &str| Problem::at(code, &format!("{path}.{field}"));
        let zone = problems.take(&format!("{path}.timeZone"), text::time_zone(&self.time_zone));
        problems.check((1..=LONGEST).contains(&self.duration_minutes), || {
            at(UserErrorCode::OutOfRange, "durationMinutes").with("min", 1).with("max", LONGEST)
        });
        let local = NaiveDateTime::parse_from_str(&self.local_start, LOCAL).ok();
        let local = local.filter(|local| local.format(LOCAL).to_string() == self.local_start);
        problems.check(local.is_some(), || at(UserErrorCode::Invalid, "localStart"));
        let local = local?;
        check_year(problems, local.year(), &format!("{path}.localStart"));
        if !YEARS.contains(&local.year()) {
            return None;
        }
        // An hour that the clocks skip names no instant.
        let is_skipped = matches!(zone.from_local_datetime(&local), LocalResult::None);
        problems.check(!is_skipped, || at(UserErrorCode::Invalid, "localStart").saying("problem-hour-skipped"));
        let starts_at = instant(local, zone);
        let minutes = i64::from(self.duration_minutes.clamp(1, LONGEST));
        Some(Time {
            local_start: self.local_start.clone(),
            time_zone: self.time_zone.clone(),
            duration_minutes: self.duration_minutes,
            starts_at,
            ends_at: starts_at + Duration::minutes(minutes),
        })
    }
}

/// That a year is one of [`YEARS`].
pub(super) fn check_year(problems: &mut Problems, year: i32, path: &str) {
    problems.check(YEARS.contains(&year), || {
        Problem::at(UserErrorCode::OutOfRange, path).with("min", YEARS.start()).with("max", YEARS.end())
    });
}

/// The instant of a wall time: the first of two where clocks are set back, and where they skip it, as if they had not.
fn instant(local: NaiveDateTime, zone: Tz) -> Instant {
    let found = match zone.from_local_datetime(&local) {
        LocalResult::Single(time) => Some(time),
        LocalResult::Ambiguous(first, _) => Some(first),
        // By the offset that held before.
        LocalResult::None => {
            zone.from_local_datetime(&(local - Duration::hours(3))).earliest().map(|time| time + Duration::hours(3))
        }
    };
    found.map_or_else(|| local.and_utc(), |time| time.with_timezone(&Utc))
}

/// The instant at which a webinar starts by the rules of its zone as this program knows them.
fn start_of(webinar: &webinar::Model) -> Option<Instant> {
    let local = NaiveDateTime::parse_from_str(&webinar.local_start, LOCAL).ok()?;
    Some(instant(local, webinar.time_zone.parse().ok()?))
}

fn wrong_state() -> crate::error::Error {
    Problem::at(UserErrorCode::WrongState, "id").into()
}

/// Shows a webinar to its audience; one whose time is over, as one that was held, so that its recordings have a place. Twice
/// changes nothing.
pub async fn publish(app: &App, viewer: &Viewer, id: WebinarId) -> Result<()> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        match webinar.state {
            State::Published => return Ok(()),
            State::Cancelled => return Err(wrong_state()),
            State::Draft => {}
        }
        let mut change = webinar.into_active_model();
        change.state = Set(State::Published);
        change.updated_at = Set(tx.now());
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("webinar.published").on(id)).await
    })
}

/// Moves a webinar to another time. Those registered are told, and their calendars follow.
pub async fn reschedule(app: &App, viewer: &Viewer, id: WebinarId, input: WebinarTimeInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let time = input.parse(&mut problems, "input");
    problems.done()?;
    let Some(time) = time else { return Err(wrong_state()) };
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        if webinar.state == State::Cancelled || webinar.state == State::Published && webinar.ends_at <= tx.now() {
            return Err(wrong_state());
        }
        if webinar.state == State::Published && time.starts_at <= tx.now() {
            return Err(Problem::at(UserErrorCode::TooLate, "input.localStart").saying("problem-in-the-past").into());
        }
        let is_same = webinar.local_start == time.local_start
            && webinar.time_zone == time.time_zone
            && webinar.duration_minutes == time.duration_minutes;
        if is_same {
            return Ok(());
        }
        if webinar.starts_at != time.starts_at {
            attending::forget(tx, id).await?;
        }
        let moved = put(app, tx, webinar, &time).await?;
        if moved.state == State::Published {
            telling::tell_all(tx, &moved, News::Moved).await?;
        }
        audit::record(tx, viewer, Action::new("webinar.moved").on(id).with("startsAt", time.starts_at)).await
    })
}

/// Writes another time, which the tests of the webinar follow.
async fn put(app: &App, tx: &Tx, webinar: webinar::Model, time: &Time) -> Result<webinar::Model> {
    let sequence = webinar.calendar_sequence + 1;
    let mut change = webinar.into_active_model();
    change.local_start = Set(time.local_start.clone());
    change.time_zone = Set(time.time_zone.clone());
    change.duration_minutes = Set(time.duration_minutes);
    change.starts_at = Set(time.starts_at);
    change.ends_at = Set(time.ends_at);
    change.calendar_sequence = Set(sequence);
    change.updated_at = Set(tx.now());
    let moved = change.update(tx).await?;
    testing::sitting::follow(app, tx, &moved).await?;
    Ok(moved)
}

/// Says that a published webinar will not take place; those registered are told why. Twice changes nothing.
pub async fn cancel(app: &App, viewer: &Viewer, id: WebinarId, reason: &str) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let reason = problems.take("reason", text::line(reason, 500));
    problems.done()?;
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        match webinar.state {
            State::Cancelled => return Ok(()),
            State::Draft => return Err(wrong_state()),
            State::Published if webinar.ends_at <= tx.now() => return Err(wrong_state()),
            State::Published => {}
        }
        let sequence = webinar.calendar_sequence + 1;
        let mut change = webinar.into_active_model();
        change.state = Set(State::Cancelled);
        change.cancelled_because = Set(Some(reason.clone()));
        change.calendar_sequence = Set(sequence);
        change.updated_at = Set(tx.now());
        let webinar = change.update(tx).await?;
        telling::tell_all(tx, &webinar, News::Cancelled).await?;
        audit::record(tx, viewer, Action::new("webinar.cancelled").on(id)).await
    })
}

/// Removes a draft for good.
pub async fn remove(app: &App, viewer: &Viewer, id: WebinarId) -> Result<crate::ids::WebinarSeriesId> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        if webinar.state != State::Draft {
            return Err(wrong_state());
        }
        let series = webinar.series_id;
        webinar.delete(tx).await?;
        audit::record(tx, viewer, Action::new("webinar.removed").on(id).with("series", series.to_string())).await?;
        Ok(series)
    })
}

/// Keeps webinars to come at their wall time, where the rules of a zone have changed since they were set: the program brings
/// the rules, so a newer one may know others.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KeepWallTime {}

impl Scheduled for KeepWallTime {
    const EVERY: Duration = Duration::days(1);
}

impl Job for KeepWallTime {
    const KIND: &'static str = "webinars.keep_wall_time";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let mut after: Option<WebinarId> = None;
        loop {
            let mut coming = webinar::Entity::find().filter(webinar::Column::StartsAt.gt(app.clock.now()));
            if let Some(id) = after {
                coming = coming.filter(webinar::Column::Id.gt(id));
            }
            let coming = coming.order_by_asc(webinar::Column::Id).limit(500).all(app.db.read()).await?;
            let Some(last) = coming.last() else { return Ok(()) };
            after = Some(last.id);
            for webinar in coming.iter().filter(|webinar| start_of(webinar).is_some_and(|start| start != webinar.starts_at)) {
                keep(app, webinar.id).await?;
            }
        }
    }
}

async fn keep(app: &App, id: WebinarId) -> Result<()> {
    transact!(app, |tx| {
        let found = webinar::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        let Some((webinar, starts_at)) = found.and_then(|webinar| start_of(&webinar).map(|start| (webinar, start))) else {
            return Ok(());
        };
        if starts_at == webinar.starts_at {
            return Ok(());
        }
        let time = Time {
            local_start: webinar.local_start.clone(),
            time_zone: webinar.time_zone.clone(),
            duration_minutes: webinar.duration_minutes,
            starts_at,
            ends_at: starts_at + Duration::minutes(i64::from(webinar.duration_minutes)),
        };
        put(app, tx, webinar, &time).await?;
        audit::record(tx, &Viewer::visitor(), Action::new("webinar.kept_at_wall_time").on(id)).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(local: &str, zone: &str) -> Instant {
        instant(NaiveDateTime::parse_from_str(local, LOCAL).expect("a time"), zone.parse().expect("a zone"))
    }

    #[test]
    fn a_wall_time_is_the_instant_that_the_zone_says() {
        assert_eq!(at("2026-12-01T14:00", "Asia/Dubai").to_rfc3339(), "2026-12-01T10:00:00+00:00");
        assert_eq!(at("2026-07-01T14:00", "Europe/Vienna").to_rfc3339(), "2026-07-01T12:00:00+00:00");
        assert_eq!(at("2026-12-01T14:00", "Europe/Vienna").to_rfc3339(), "2026-12-01T13:00:00+00:00");
    }

    #[test]
    fn where_clocks_are_set_back_the_first_time_counts_and_a_skipped_one_is_not_taken() {
        assert_eq!(at("2026-10-25T02:30", "Europe/Vienna").to_rfc3339(), "2026-10-25T00:30:00+00:00");
        let mut problems = Problems::new();
        let input =
            WebinarTimeInput { local_start: "2026-03-29T02:30".into(), time_zone: "Europe/Vienna".into(), duration_minutes: 60 };
        input.parse(&mut problems, "input");
        assert!(problems.done().is_err());
        assert_eq!(at("2026-03-29T02:30", "Europe/Vienna").to_rfc3339(), "2026-03-29T01:30:00+00:00");
    }
}
