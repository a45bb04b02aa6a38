//! Counts of webinars: what is counted, who sees it, and the files.

mod counting;
mod files;
mod rights;
mod taking;

use chrono::Duration;
use lyceum::reporting::taking::TakeCounts;
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, key},
    webinars::{CREATE, by_id, comes_round, id, organiser, register, series, time_in},
};

pub const IMPORT: &str = "mutation($id: ID!, $csv: String!) {
    webinarAttendanceImport(id: $id, csv: $csv) { userErrors { code field message } } }";
const NUMBERS: &str =
    "invited nominated registered attended watchedRecording passedPreTest passedPostTest tookBothTests learningGain";

/// A series of two webinars of an hour: women of ministries in Kenya, and men of courts in France.
pub struct Run<'a> {
    pub organiser: Client<'a>,
    pub series: String,
    pub webinars: [String; 2],
    pub people: Vec<Client<'a>>,
}

impl<'a> Run<'a> {
    /// So many of each; all of them register for the first webinar.
    pub async fn of(app: &'a TestApp, each: usize) -> Self {
        let organiser = organiser(app).await;
        let series = series(&organiser, "MEMBERS").await;
        let webinars =
            [webinar(&organiser, &series, "=2+5 objections").await, webinar(&organiser, &series, "Reservations").await];
        let mut people = Vec::new();
        for number in 0..2 * each {
            let person = app.practitioner().await;
            let is_first = number < each;
            let profile = json!({ "gender": if is_first { "FEMALE" } else { "MALE" }, "country": if is_first { "KE" } else { "FR" },
                "organisationKind": if is_first { "GOVERNMENT" } else { "JUDICIARY" } });
            tells(&person, profile).await;
            register(&person, &webinars[0]).await;
            people.push(person);
        }
        Self { organiser, series, webinars, people }
    }

    /// Goes on until both webinars are over; the organiser signs in again.
    pub async fn ends(&mut self) {
        self.organiser.app.clock.advance(Duration::days(2) + Duration::hours(2));
        self.organiser = self.organiser.again().await;
    }

    /// Sends the list of who was there, from the start to the end.
    pub async fn lists(&self, webinar: &str, present: &[&Client<'_>]) {
        let time = "query($id: ID!) { webinar(id: $id) { startsAt endsAt } }";
        let time = self.organiser.runs(time, &json!({ "id": webinar })).await["webinar"].clone();
        let (start, end) = (time["startsAt"].as_str().expect("a time"), time["endsAt"].as_str().expect("a time"));
        let lines = present.iter().map(|person| format!("Somebody,{},{start},{end}", person.email));
        let csv = format!("name,email,join time,leave time\n{}\n", lines.collect::<Vec<_>>().join("\n"));
        self.organiser.runs(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
    }

    /// What a viewer sees of the count of the series.
    pub async fn counts(&self, viewer: &Client<'_>, fields: &str) -> Value {
        let document = format!("query($id: ID!) {{ webinarSeries(id: $id) {{ counts {{ {fields} }} }} }}");
        viewer.runs(&document, &json!({ "id": self.series })).await["webinarSeries"]["counts"].clone()
    }

    /// What they see of the count of one of its webinars.
    pub async fn counts_of(&self, viewer: &Client<'_>, webinar: &str, fields: &str) -> Value {
        let document = format!("query($id: ID!) {{ webinar(id: $id) {{ counts {{ {fields} }} }} }}");
        viewer.runs(&document, &json!({ "id": webinar })).await["webinar"]["counts"].clone()
    }
}

/// Tells of themselves.
pub async fn tells(person: &Client<'_>, profile: Value) {
    let update = "mutation($input: ProfileUpdateInput!) { profileUpdate(input: $input) { userErrors { code field } } }";
    person.runs(update, &json!({ "input": profile })).await;
}

/// The id of a webinar of a series, published, that begins in two days.
pub async fn webinar(organiser: &Client<'_>, series: &str, title: &str) -> String {
    let text = json!({ "language": "en", "title": title });
    let input = json!({ "key": key(), "seriesId": series, "visibility": "MEMBERS", "text": text,
        "time": time_in(organiser.app, 2 * 24 * 60) });
    let webinar = id(&organiser.runs(CREATE, &json!({ "input": input })).await["webinarCreate"]["webinar"]);
    organiser.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
    webinar
}

/// Counts all series.
pub async fn takes_counts(app: &TestApp) {
    comes_round(app, &TakeCounts {}).await;
}

/// Some numbers of stages.
pub fn some(line: &Value, stages: &[&str]) -> Vec<Value> {
    stages.iter().map(|stage| line[stage].clone()).collect()
}

/// By what, and the numbers of everybody and of each category by its code.
pub fn breakdown(by: &str) -> String {
    format!("breakdown(by: {by}) {{ categories {{ code label counts {{ {NUMBERS} }} }} others {{ {NUMBERS} }} }}")
}

/// The categories of a breakdown with how many registered and attended, in their order, and all others.
pub fn seen(counts: &Value) -> Vec<(String, Value, Value)> {
    let breakdown = &counts["breakdown"];
    let line = |code: &str, line: &Value| (code.to_owned(), line["registered"].clone(), line["attended"].clone());
    let categories = breakdown["categories"].as_array().expect("categories");
    let categories = categories.iter().map(|each| line(each["code"].as_str().expect("a code"), &each["counts"]));
    categories.chain(Some(&breakdown["others"]).filter(|others| !others.is_null()).map(|others| line("", others))).collect()
}

/// A line as [`seen`] gives it.
pub fn line(code: &str, registered: impl Into<Value>, attended: impl Into<Value>) -> (String, Value, Value) {
    (code.to_owned(), registered.into(), attended.into())
}
