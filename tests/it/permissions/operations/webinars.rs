//! Webinars: series, the webinars in them, and registrations.

use serde_json::json;

use super::{
    Rights, Row, SEE, SEE_AS_STAFF, SEE_OF_LEARNER, SIGNED_IN, STAFF, STAFF_IN_SECRET, World, alike, by_id, list, row, updating,
    with_input, worlds,
};
use crate::permissions::outcomes::KEY;

/// Staff of the webinar; who registered and who speaks in it see it.
pub const RUN: Rights = worlds("U U N N N N  F N F  ok ok ok", "U U F F F F  F F F  ok ok ok");
/// Staff of the webinar that was held, which no moderator speaks in.
const RUN_HELD: Rights = worlds("U U N N N N  F N N  ok ok ok", "U U F F F F  F F F  ok ok ok");
/// Staff of the webinar that was held; the learner sees their own record.
const REVOKE: Rights = alike("U U N N N N  F N N  ok ok ok");
/// Staff of a draft, which its speaker sees.
const RUN_DRAFT: Rights = alike("U U N N N N  N N F  ok ok ok");
/// Reading: who may see the webinar.
pub const SEE_WEBINAR: Rights = worlds("- - - - - -  ok - ok  ok ok ok", "ok ok ok ok ok ok  ok ok ok  ok ok ok");
/// Reading: staff and the speaker of the draft.
pub const SEE_DRAFT: Rights = alike("- - - - - -  - - ok  ok ok ok");

pub fn rows(w: &World) -> Vec<Row> {
    [reading(w), founding(w), authoring(w), presenting(w), registering(w), attending(w), testing(w)]
        .into_iter()
        .flatten()
        .collect()
}

fn reading(w: &World) -> Vec<Row> {
    let (series, webinar) = (&w["series"], &w["webinar"]);
    vec![
        by_id("webinarSeries", series, SEE),
        row("webinarSeries", json!({ "slug": "treaties" }), SEE),
        list("webinarSeriesList", json!({}), series, SEE),
        list("webinarSeriesList", json!({ "mine": true }), series, SEE_AS_STAFF),
        by_id("webinar", webinar, SEE_WEBINAR),
        row("webinar", json!({ "slug": "reservations" }), SEE_WEBINAR),
        by_id("webinar", &w["draft webinar"], SEE_DRAFT),
        list("webinars", json!({}), webinar, SEE_WEBINAR),
        list("webinars", json!({}), &w["draft webinar"], alike("- - - - - -  - - -  - - -")),
        list("webinars", json!({ "when": "MINE" }), &w["draft webinar"], SEE_AS_STAFF),
        by_id("registration", &w["registration"], SEE_OF_LEARNER),
    ]
}

fn founding(w: &World) -> Vec<Row> {
    let (series, funder) = (&w["series"], &w["funder"]);
    let text = json!({ "language": "en", "title": "Taken over" });
    let credit = json!({ "language": "en", "name": "Somebody" });
    let organisers = alike("U U F F F F  F F F  F ok ok");
    let grant = json!({ "key": KEY, "subjectId": series, "email": "somebody@example.org" });
    vec![
        with_input("webinarSeriesCreate", json!({ "key": KEY, "text": text }), organisers),
        updating("webinarSeriesUpdate", series, json!({ "project": "Another" }), STAFF),
        updating("webinarSeriesTextSet", series, text, STAFF),
        row("webinarSeriesTextRemove", json!({ "id": series, "language": "fr" }), STAFF),
        by_id("webinarSeriesArchive", series, STAFF),
        by_id("webinarSeriesRestore", series, STAFF),
        with_input("webinarFunderAdd", json!({ "key": KEY, "seriesId": series, "text": credit }), STAFF),
        updating("webinarFunderTextSet", funder, credit, STAFF),
        row("webinarFunderEmblemSet", json!({ "id": funder, "fileId": null }), STAFF),
        by_id("webinarFunderRemove", funder, STAFF),
        with_input("accessGrant", grant, STAFF),
    ]
}

fn authoring(w: &World) -> Vec<Row> {
    let (webinar, draft) = (&w["webinar"], &w["draft webinar"]);
    let text = json!({ "language": "en", "title": "Taken over" });
    let time = json!({ "localStart": "2040-07-01T14:00", "timeZone": "Europe/Vienna", "durationMinutes": 60 });
    let grant = json!({ "key": KEY, "subjectId": webinar, "email": "somebody@example.org", "role": "SPEAKER" });
    let revoke = json!({ "subjectId": webinar, "email": w.people.email("moderator") });
    vec![
        with_input("webinarCreate", json!({ "key": KEY, "seriesId": w["series"], "time": time, "text": text }), STAFF),
        updating("webinarUpdate", webinar, json!({ "activity": "Another" }), RUN),
        updating("webinarTextSet", webinar, text, RUN),
        row("webinarTextRemove", json!({ "id": webinar, "language": "fr" }), RUN),
        by_id("webinarPublish", webinar, RUN),
        by_id("webinarPublish", draft, RUN_DRAFT),
        updating("webinarMove", webinar, time, RUN),
        row("webinarTopicSet", json!({ "id": webinar, "topicId": null }), RUN),
        row("webinarCancel", json!({ "id": webinar, "reason": "The speaker is ill" }), RUN),
        by_id("webinarRemove", draft, RUN_DRAFT),
        with_input("accessGrant", grant, RUN),
        with_input("accessRevoke", revoke, RUN),
    ]
}

fn presenting(w: &World) -> Vec<Row> {
    let webinar = &w["webinar"];
    let text = json!({ "language": "en", "role": "Judge" });
    let prompt = json!({ "language": "en", "prompt": "Why?" });
    let material = json!({ "id": webinar, "fileId": w["webinar document"] });
    vec![
        with_input("webinarSpeakerAdd", json!({ "key": KEY, "webinarId": webinar, "name": "Awa", "text": text }), RUN),
        updating("webinarSpeakerTextSet", &w["webinar speaker"], text, RUN),
        by_id("webinarSpeakerRemove", &w["webinar speaker"], RUN),
        row("webinarMaterialAdd", material.clone(), RUN),
        row("webinarMaterialRemove", material, RUN),
        with_input("webinarQuestionAdd", json!({ "key": KEY, "webinarId": webinar, "text": prompt }), RUN),
        updating("webinarQuestionTextSet", &w["webinar question"], prompt, RUN),
        by_id("webinarQuestionRemove", &w["webinar question"], RUN.all("WRONG_STATE")),
    ]
}

fn registering(w: &World) -> Vec<Row> {
    let webinar = &w["webinar"];
    let register = json!({ "webinarId": webinar, "acceptsConditions": true });
    let members = worlds("U U N N N N  ok N ok  ok ok ok", "U U F ok ok ok  ok ok ok  ok ok ok");
    let joining = worlds("U U N N N N  ok N ok  ok ok ok", "U U F F F F  ok F ok  ok ok ok");
    vec![
        with_input("webinarRegister", register, members),
        by_id("registrationCancel", &w["registration"], alike("U U N N N N  ok N N  ok ok ok")),
        by_id("webinarJoin", webinar, joining.but("learner", "WRONG_STATE")),
        row("calendarRenew", json!({}), SIGNED_IN),
    ]
}

fn attending(w: &World) -> Vec<Row> {
    let webinar = &w["webinar"];
    let csv = "name,join time,leave time\nAwa,2001-01-01 10:00,2099-01-01 11:00\n";
    let recording = json!({ "id": webinar, "recordingId": w["recording"] });
    let checking = worlds("U U N N N N  ok N F  F F F", "U U F F F F  ok F F  F F F");
    vec![
        by_id("webinarCodeRenew", webinar, RUN),
        row("webinarCheckIn", json!({ "id": webinar, "code": "000000" }), checking.but("learner", "WRONG_STATE")),
        row("webinarAttendanceImport", json!({ "id": webinar, "csv": csv }), RUN),
        row("attendanceLineSettle", json!({ "id": w["attendance line"], "registrationId": null }), STAFF_IN_SECRET),
        row("webinarRecordingAdd", recording.clone(), RUN),
        row("webinarRecordingRemove", recording, RUN),
        by_id("webinarCertificatesIssue", &w["held webinar"], RUN_HELD),
        with_input("attendanceRevoke", json!({ "id": w["attendance"], "reason": "Somebody else was there" }), REVOKE),
        by_id("attendanceRestore", &w["attendance"], REVOKE),
    ]
}

/// A test of the webinar exists for its staff and, once it is published, for the learner, who has a seat.
fn testing(w: &World) -> Vec<Row> {
    let webinar = &w["webinar"];
    let of = |kind: &str| json!({ "webinarId": webinar, "kind": kind });
    let starting = json!({ "webinarId": webinar, "kind": "PRE", "key": KEY });
    let seated = worlds("U U N N N N  ok N F  F F F", "U U F F F F  ok F F  F F F");
    let copy = json!({ "key": KEY, "webinarId": webinar, "kind": "POST", "copyOf": w["pre-test"] });
    vec![
        with_input("webinarTestCreate", json!({ "key": KEY, "webinarId": webinar, "kind": "POST" }), RUN),
        with_input("webinarTestCreate", copy, RUN),
        row("webinarTestPublish", of("PRE"), RUN),
        row("webinarTestPublish", of("POST"), RUN.all("NOT_FOUND")),
        row("webinarTestRemove", of("PRE"), RUN.all("WRONG_STATE")),
        row("webinarTestRemove", json!({ "webinarId": w["draft webinar"], "kind": "PRE" }), RUN_DRAFT),
        row("webinarTestStart", starting, seated.but("learner", "LIMIT_REACHED")),
        by_id("quiz", &w["pre-test"], SEE_OF_LEARNER),
        by_id("quiz", &w["draft pre-test"], SEE_AS_STAFF),
        updating("quizUpdate", &w["pre-test"], json!({ "passMarkPercent": 1 }), alike("U U N N N N  F N N  ok ok ok")),
        updating("questionUpdate", &w["pre-test's question"], json!({ "points": 2 }), STAFF_IN_SECRET),
        by_id("quizAttempt", &w["pre-test attempt"], SEE_OF_LEARNER),
    ]
}
