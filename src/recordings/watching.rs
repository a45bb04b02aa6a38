//! What people have watched: reported by players, judged here.

use std::collections::HashMap;

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel as _, QueryFilter, QuerySelect, Set};

use super::{
    intervals::{self, Intervals},
    policy, recording,
    ticket::Ticket,
    watch,
    watches::{Replacing, WatchOf},
};
use crate::{
    app::App,
    clock::Instant,
    courses::{lesson_progress::CompletionReason, progress},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    gathering,
    ids::{RecordingId, UserId},
    rows::{among, keyed},
    transact,
    viewer::Viewer,
};

/// The most stretches in one report.
const MOST: usize = 100;
/// How much of a recording must be watched for it to count as watched.
pub const ENOUGH: f64 = 0.9;
/// Players round; the end of a stretch may lie this far beyond the length, in seconds.
const SLACK: f64 = 1.0;

/// A stretch that was watched.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct WatchedIntervalInput {
    /// From 0.
    pub start_seconds: f64,
    /// More than the start, at most the length.
    pub end_seconds: f64,
}

/// What was watched since the last report.
#[derive(Clone, Debug, InputObject)]
pub struct WatchReportInput {
    /// The recording.
    pub recording_id: RecordingId,
    /// Of the playback.
    pub ticket: String,
    /// At most 100.
    pub intervals: Vec<WatchedIntervalInput>,
    /// Where the player stands.
    pub position_seconds: f64,
}

/// What a person has watched of a recording.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The stretches, in milliseconds.
    pub intervals: Intervals,
    /// Where they stopped, in milliseconds.
    pub position_ms: u64,
    /// Length of the recording, in milliseconds.
    pub length_ms: u64,
}

impl Watched {
    fn of(row: Option<&watch::Model>, recording: &recording::Model) -> Self {
        Self {
            intervals: row.and_then(|row| serde_json::from_str(&row.intervals).ok()).unwrap_or_default(),
            position_ms: row.map_or(0, |row| row.position_ms.unsigned_abs()),
            length_ms: recording.duration_ms.unwrap_or_default().unsigned_abs(),
        }
    }

    /// How much of the recording it is, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        share(self.intervals.covered(), self.length_ms)
    }
}

/// How much of a length is covered, from 0 to 1.
#[must_use]
pub fn share(covered_ms: u64, length_ms: u64) -> f64 {
    if length_ms == 0 { 0.0 } else { (seconds(covered_ms) / seconds(length_ms)).min(1.0) }
}

/// Milliseconds as seconds.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "ten hours in milliseconds are far below 2^52")]
pub fn seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}

/// Seconds as milliseconds, for numbers that were checked.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie within the recording")]
fn millis(seconds: f64) -> u64 {
    (seconds * 1000.0).round() as u64
}

/// Adds what a person reports to what they have watched. Reports may come late, twice or in any order.
///
/// As a rule one statement writes it with other people's, unless another report has come between; a transaction does it
/// otherwise.
pub async fn report(app: &App, viewer: &Viewer, input: WatchReportInput) -> Result<Watched> {
    let user = viewer.signed_in()?.id;
    if let Some(watched) = add_at_once(app, viewer, user, &input).await? {
        return Ok(watched);
    }
    transact!(app, |tx| {
        let recording = policy::find(tx, viewer, input.recording_id).await?;
        let ticket = check(app, user, &input, &recording)?;
        let row = load_or_begin(tx, recording.id, user, &ticket).await?;
        let (watched, by) = add(&input, &recording, &ticket, &row, tx.now())?;
        by.into_active_model().reset_all().update(tx).await?;
        if watched.share() >= ENOUGH {
            progress::complete_recording(tx, viewer, user, recording.id, CompletionReason::Watched).await?;
        }
        Ok(watched)
    })
}

/// Writes a report together with others; `None` when it is the first one, when nothing more is missing, or when what it adds
/// to has changed meanwhile.
async fn add_at_once(app: &App, viewer: &Viewer, user: UserId, input: &WatchReportInput) -> Result<Option<Watched>> {
    let id = input.recording_id;
    let (recording, row) = gathering::ask(app, WatchOf(id, user)).await?.unzip();
    let recording = policy::if_seen(app.db.read(), viewer, recording).await?;
    let ticket = check(app, user, input, &recording)?;
    let Some(row) = row.flatten() else { return Ok(None) };
    let (watched, by) = add(input, &recording, &ticket, &row, app.clock.now())?;
    if watched.share() >= ENOUGH {
        return Ok(None);
    }
    match gathering::ask(app, Replacing { row, by }).await {
        Ok(written) => Ok(written.map(|()| watched)),
        Err(Error::Collision(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What has been watched with a report, and the row that says so.
fn add(
    input: &WatchReportInput,
    recording: &recording::Model,
    ticket: &Ticket,
    row: &watch::Model,
    now: Instant,
) -> Result<(Watched, watch::Model)> {
    let mut watched = Watched::of(Some(row), recording);
    let granted_at = row.granted_at.min(ticket.issued_at);
    let granted = (now - granted_at).num_milliseconds().max(0).unsigned_abs();
    let reported: Vec<_> = input.intervals.iter().map(|i| (millis(i.start_seconds), millis(i.end_seconds))).collect();
    watched.intervals.credit(&reported, watched.length_ms, intervals::limit(granted));
    watched.position_ms = millis(input.position_seconds).min(watched.length_ms);
    let by = watch::Model {
        granted_at,
        intervals: serde_json::to_string(&watched.intervals).map_err(Error::internal)?,
        covered_ms: i64::try_from(watched.intervals.covered()).map_err(Error::internal)?,
        position_ms: i64::try_from(watched.position_ms).map_err(Error::internal)?,
        updated_at: now,
        ..*row
    };
    Ok((watched, by))
}

/// The ticket of a report, if all of the report is right.
fn check(app: &App, user: UserId, input: &WatchReportInput, recording: &recording::Model) -> Result<Ticket> {
    let is_theirs = |ticket: &Ticket| ticket.holder.as_ref().is_some_and(|holder| holder.user == user);
    let ticket = Ticket::open(app, &input.ticket).filter(|ticket| ticket.recording == recording.id && is_theirs(ticket));
    let mut problems = Problems::new();
    problems.check(ticket.is_some(), || Problem::at(UserErrorCode::Expired, "input.ticket"));
    problems.check(input.intervals.len() <= MOST, || Problem::at(UserErrorCode::LimitReached, "input.intervals"));
    let length = seconds(recording.duration_ms.unwrap_or_default().unsigned_abs());
    check_times(input, length, &mut problems);
    problems.done()?;
    ticket.ok_or(Error::NotFound("ticket"))
}

fn check_times(input: &WatchReportInput, length: f64, problems: &mut Problems) {
    let outside = |path: &str| Problem::at(UserErrorCode::OutOfRange, path).with("min", 0).with("max", length);
    for (at, stretch) in input.intervals.iter().enumerate() {
        let fine = stretch.start_seconds >= 0.0 && stretch.start_seconds < stretch.end_seconds;
        problems.check(fine && stretch.end_seconds <= length + SLACK, || outside(&format!("input.intervals.{at}")));
    }
    problems.check((0.0..=length + SLACK).contains(&input.position_seconds), || outside("input.positionSeconds"));
}

async fn load_or_begin(tx: &Tx, recording: RecordingId, user: UserId, ticket: &Ticket) -> Result<watch::Model> {
    if let Some(row) = watch::Entity::find_by_id((recording, user)).lock_exclusive().one(tx).await? {
        return Ok(row);
    }
    let row = watch::ActiveModel {
        recording_id: Set(recording),
        user_id: Set(user),
        granted_at: Set(ticket.issued_at),
        intervals: Set("[]".to_owned()),
        covered_ms: Set(0),
        position_ms: Set(0),
        updated_at: Set(tx.now()),
    };
    // Of two first reports at once one collides here and is tried again.
    row.insert(tx).await.map_err(Error::collided)
}

/// Whether `user` has watched enough of a recording for it to count as watched, whenever that was.
pub async fn has_enough(db: &impl ConnectionTrait, user: UserId, recording: RecordingId) -> Result<bool> {
    let Some(row) = watch::Entity::find_by_id((recording, user)).one(db).await? else { return Ok(false) };
    let recording = recording::Entity::find_by_id(recording).one(db).await?;
    Ok(recording.is_some_and(|recording| Watched::of(Some(&row), &recording).share() >= ENOUGH))
}

/// What `viewer` has watched of recordings.
pub async fn of_viewer(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    recordings: &[RecordingId],
) -> Result<HashMap<RecordingId, watch::Model>> {
    let Some(user) = viewer.user_id() else { return Ok(HashMap::new()) };
    let rows = watch::Entity::find().filter(watch::Column::UserId.eq(user)).filter(among(
        db.get_database_backend(),
        watch::Column::RecordingId,
        recordings,
    ));
    Ok(keyed(rows.all(db).await?, |row| row.recording_id))
}

/// What a person has watched of a recording, from their row if there is one.
#[must_use]
pub fn from_row(row: Option<&watch::Model>, recording: &recording::Model) -> Watched {
    Watched::of(row, recording)
}
