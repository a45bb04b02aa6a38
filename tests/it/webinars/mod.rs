//! Webinars: series, webinars, registering and joining, calendars and letters.

mod attending;
mod calendars;
mod certifying;
pub mod letters;
mod presenting;
mod registering;
mod rights;
mod scheduling;
mod seeing;
mod testing;

use chrono::{Duration, SubsecRound as _};
use lyceum::{
    jobs::{self, Job},
    role::{Roles, SiteRole},
    transact,
};
use serde_json::{Value, json};

use crate::app::{Client, TestApp, key};

pub const SERIES_CREATE: &str = "mutation($input: WebinarSeriesCreateInput!) {
    webinarSeriesCreate(input: $input) { series { id slug } userErrors { code field } } }";
pub const CREATE: &str = "mutation($input: WebinarCreateInput!) {
    webinarCreate(input: $input) { webinar { id slug } userErrors { code field } } }";
pub const UPDATE: &str = "mutation($id: ID!, $input: WebinarUpdateInput!) {
    webinarUpdate(id: $id, input: $input) { webinar { id capacity seatsLeft } userErrors { code field } } }";
pub const MOVE: &str = "mutation($id: ID!, $input: WebinarTimeInput!) {
    webinarMove(id: $id, input: $input) { webinar { startsAt } userErrors { code field } } }";
pub const REGISTER: &str = "mutation($input: WebinarRegisterInput!) {
    webinarRegister(input: $input) { registration { id state } userErrors { code field } } }";
pub const REGISTRATION_CANCEL: &str = "mutation($id: ID!) {
    registrationCancel(id: $id) { registration { state cancelledAt } userErrors { code field } } }";
pub const JOIN: &str = "mutation($id: ID!) { webinarJoin(id: $id) { url userErrors { code field } } }";
pub const WEBINAR: &str = "query($id: ID!) { webinar(id: $id) { id state seatsLeft joinUrl viewerCanEdit
    viewerRegistration { id state joinedAt } } }";

/// A PNG of one pixel.
pub const PIXEL: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 58, 126, 155, 85, 0, 0,
    0, 10, 73, 68, 65, 84, 120, 156, 99, 104, 0, 0, 0, 130, 0, 129, 119, 205, 114, 182, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96,
    130,
];

/// A mutation of a webinar by its id alone.
pub fn by_id(field: &str) -> String {
    format!("mutation($id: ID!) {{ {field}(id: $id) {{ userErrors {{ code field }} }} }}")
}

/// A mutation with one input.
pub fn with_input(field: &str, kind: &str) -> String {
    format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ userErrors {{ code field }} }} }}")
}

/// A vetted organiser.
pub async fn organiser(app: &TestApp) -> Client<'_> {
    app.person(Roles::default().with(SiteRole::Organiser), true).await
}

/// The id of a new series.
pub async fn series(maker: &Client<'_>, visibility: &str) -> String {
    let text = json!({ "language": "en", "title": "Joining treaties", "summary": "Ten *webinars*." });
    let input = json!({ "key": key(), "visibility": visibility, "project": "CLP", "text": text });
    let made = maker.runs(SERIES_CREATE, &json!({ "input": input })).await;
    id(&made["webinarSeriesCreate"]["series"])
}

/// A time in so many minutes, in UTC.
pub fn time_in(app: &TestApp, minutes: i64) -> Value {
    let start = (app.clock.now() + Duration::minutes(minutes)).trunc_subsecs(0);
    json!({ "localStart": start.format("%Y-%m-%dT%H:%M").to_string(), "timeZone": "UTC", "durationMinutes": 60 })
}

/// The id of a new webinar that begins in two days.
pub async fn draft(maker: &Client<'_>, series: &str, visibility: &str) -> String {
    let text = json!({ "language": "en", "title": "Reservations", "summary": "What they do." });
    let input = json!({ "key": key(), "seriesId": series, "visibility": visibility, "text": text,
        "time": time_in(maker.app, 2 * 24 * 60) });
    id(&maker.runs(CREATE, &json!({ "input": input })).await["webinarCreate"]["webinar"])
}

/// The id of a new webinar that begins in two days, published in a series of its own.
pub async fn published(maker: &Client<'_>, visibility: &str) -> String {
    let series = series(maker, visibility).await;
    let webinar = draft(maker, &series, visibility).await;
    maker.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
    webinar
}

/// Changes a webinar.
pub async fn update(maker: &Client<'_>, webinar: &str, changes: Value) {
    maker.runs(UPDATE, &json!({ "id": webinar, "input": changes })).await;
}

/// Registers; the registration.
pub async fn register(person: &Client<'_>, webinar: &str) -> Value {
    let input = json!({ "input": { "webinarId": webinar } });
    person.runs(REGISTER, &input).await["webinarRegister"]["registration"].clone()
}

/// Registers; the state of the registration.
pub async fn registers(person: &Client<'_>, webinar: &str) -> String {
    register(person, webinar).await["state"].as_str().expect("a state").to_owned()
}

/// What a viewer sees of a webinar.
pub async fn seen(viewer: &Client<'_>, webinar: &str) -> Value {
    viewer.runs(WEBINAR, &json!({ "id": webinar })).await["webinar"].clone()
}

pub fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// Lets somebody in.
pub async fn lets_in(maker: &Client<'_>, subject: &str, person: &Client<'_>, role: &str) {
    let input = json!({ "key": key(), "subjectId": subject, "email": person.email, "role": role });
    maker.runs(&with_input("accessGrant", "AccessGrantInput"), &json!({ "input": input })).await;
}

/// Runs a job that comes round by itself, and what comes of it.
pub async fn comes_round<J: Job>(app: &TestApp, job: &J) {
    transact!(app, |tx| jobs::enqueue(tx, job).await).expect("it is enqueued");
    app.run_jobs().await;
}
