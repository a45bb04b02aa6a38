//! Who was present, and the recordings.

use chrono::Duration;
use lyceum::{
    ids::AttendanceLineId,
    webinars::{listing::Sweep, replaying::TellOfRecordings},
};
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::{Value, json};

use super::{JOIN, by_id, comes_round, id, lets_in, organiser, published, register, registers, update};
use crate::{
    app::{Client, TestApp, with_app, with_app_set},
    recordings::{self, CLIP, WITHOUT_FFMPEG, agreed, created, uploaded},
};

const IMPORT: &str = "mutation($id: ID!, $csv: String!) { webinarAttendanceImport(id: $id, csv: $csv) {
    webinar { attendanceLines(first: 100) { nodes { id name matchedBy registration { id } } } } userErrors { code field message } } }";
const SETTLE: &str = "mutation($id: ID!, $to: ID) { attendanceLineSettle(id: $id, registrationId: $to) {
    line { matchedBy } userErrors { code field } } }";
const CHECK_IN: &str = "mutation($id: ID!, $code: String!) { webinarCheckIn(id: $id, code: $code) {
    registration { presence { source minutes } } userErrors { code field } } }";
const RECORDING_ADD: &str = "mutation($id: ID!, $recording: ID!) { webinarRecordingAdd(id: $id, recordingId: $recording) {
    webinar { recordings { id } } userErrors { code field } } }";

/// A webinar of an hour that begins in two days, with a registrant.
async fn webinar_of(app: &TestApp) -> (Client<'_>, Client<'_>, String, Value) {
    let (organiser, person) = (organiser(app).await, app.practitioner().await);
    let webinar = published(&organiser, "MEMBERS").await;
    let registration = register(&person, &webinar).await;
    (organiser, person, webinar, registration)
}

async fn presence(viewer: &Client<'_>, registration: &Value) -> Value {
    let document = "query($id: ID!) { registration(id: $id) { presence { minutes source hasAttended } } }";
    viewer.runs(document, &json!({ "id": registration["id"] })).await["registration"]["presence"].clone()
}

/// The begin of a webinar in two days, as [`line`] counts.
const BEGIN: i64 = (2 * 24 + 1) * 60;

/// A line of a list: so many minutes after the start, for so many.
fn line(app: &TestApp, name: &str, email: &str, after: i64, minutes: i64) -> String {
    let start = app.clock.now() - Duration::hours(1) + Duration::minutes(after);
    let end = start + Duration::minutes(minutes);
    format!("{name},{email},{},{}\n", start.to_rfc3339(), end.to_rfc3339())
}

/// The moment at which the webinar ends.
fn to_its_end(app: &TestApp) {
    app.clock.advance(Duration::days(2) + Duration::hours(1));
}

#[tokio::test]
async fn the_list_of_the_meeting_tool_says_how_long_people_were_there() {
    with_app(async |app| {
        let (organiser, person, webinar, registration) = webinar_of(app).await;
        to_its_end(app);
        let (organiser, person) = (organiser.again().await, person.again().await);
        // Twice at once for ten minutes, and before the start: that counts once, and not.
        let csv = format!(
            "name,email,join time,leave time\n{}{}{}",
            line(app, "Nobody", &person.email.to_uppercase(), -10, 40),
            line(app, "Nobody", &person.email, 20, 20),
            line(app, "A Stranger", "stranger@example.org", 0, 60)
        );
        let answer = organiser.runs(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
        let lines = answer["webinarAttendanceImport"]["webinar"]["attendanceLines"]["nodes"].clone();
        assert_eq!(lines[0]["registration"]["id"], registration["id"]);
        assert_eq!((&lines[0]["matchedBy"], &lines[2]["matchedBy"]), (&json!("ADDRESS"), &json!("NONE")));
        let wanted = json!({ "minutes": 40, "source": "LIST", "hasAttended": false });
        assert_eq!(presence(&person, &registration).await, wanted, "40 of 60 minutes are less than 75 of 100");
        let more = format!("name,email,join time,leave time\n{}", line(app, "Nobody", &person.email, 0, 45));
        organiser.runs(IMPORT, &json!({ "id": webinar, "csv": more })).await;
        let wanted = json!({ "minutes": 45, "source": "LIST", "hasAttended": true });
        assert_eq!(presence(&person, &registration).await, wanted, "a list takes the place of the one before");
        let other = super::organiser(app).await;
        assert_eq!(other.fails(IMPORT, &json!({ "id": webinar, "csv": more })).await, "FORBIDDEN");
        assert!(presence_of_stranger(&other, &registration).await);
    })
    .await;
}

async fn presence_of_stranger(viewer: &Client<'_>, registration: &Value) -> bool {
    let document = "query($id: ID!) { registration(id: $id) { id } }";
    viewer.runs(document, &json!({ "id": registration["id"] })).await["registration"].is_null()
}

#[tokio::test]
async fn what_a_list_costs_does_not_grow_with_those_who_were_there_for_as_long() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "MEMBERS").await;
        let mut csv = "name,email,join time,leave time\n".to_owned();
        for _ in 0..24 {
            let person = app.practitioner().await;
            register(&person, &webinar).await;
            csv.push_str(&line(app, "Somebody", &person.email, BEGIN, 60));
        }
        to_its_end(app);
        let organiser = organiser.again().await;
        let imported = async || {
            let before = app.db.statements();
            organiser.runs(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
            app.db.statements() - before
        };
        let (first, unchanged) = (imported().await, imported().await);
        assert!(first <= unchanged + 2, "{first} statements, {unchanged} where nothing changes");
    })
    .await;
}

#[tokio::test]
async fn names_match_only_one_registrant_and_doubts_are_settled_by_hand() {
    with_app(async |app| {
        let (organiser, _, webinar, registration) = webinar_of(app).await;
        let other = app.practitioner().await;
        let second = register(&other, &webinar).await;
        to_its_end(app);
        let (organiser, other) = (organiser.again().await, other.again().await);
        let csv = format!(
            "name,join time,leave time\n{}{}",
            line(app, "person 3", "", -5, 70).replace(",,", ","),
            line(app, "Layla's iPad", "", -5, 70).replace(",,", ",")
        );
        let answer = organiser.runs(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
        let lines = answer["webinarAttendanceImport"]["webinar"]["attendanceLines"]["nodes"].clone();
        assert_eq!((&lines[0]["matchedBy"], &lines[0]["registration"]["id"]), (&json!("NAME"), &second["id"]));
        assert_eq!(presence(&organiser, &registration).await["minutes"], 0);
        let doubts = "query($id: ID!) { webinar(id: $id) { attendanceLines(onlyDoubts: true) { nodes { name } } } }";
        let doubts = organiser.runs(doubts, &json!({ "id": webinar })).await["webinar"]["attendanceLines"]["nodes"].clone();
        assert_eq!(doubts.as_array().map(Vec::len), Some(2), "what was matched by name alone is in doubt too");
        assert!(presence(&organiser, &second).await.is_null(), "and counts for nobody");
        let is_certified = async || {
            organiser.runs(&by_id("webinarCertificatesIssue"), &json!({ "id": webinar })).await;
            let record = "query($id: ID!) { registration(id: $id) { attendance { id } } }";
            !organiser.runs(record, &json!({ "id": second["id"] })).await["registration"]["attendance"].is_null()
        };
        assert!(!is_certified().await);
        organiser.runs(SETTLE, &json!({ "id": lines[0]["id"], "to": second["id"] })).await;
        let wanted = json!({ "minutes": 60, "source": "LIST", "hasAttended": true });
        assert_eq!(presence(&organiser, &second).await, wanted);
        assert!(is_certified().await);
        organiser.runs(SETTLE, &json!({ "id": lines[1]["id"], "to": registration["id"] })).await;
        assert_eq!(presence(&organiser, &registration).await["minutes"], 60);
        assert_eq!(other.fails(SETTLE, &json!({ "id": lines[1]["id"], "to": null })).await, "NOT_FOUND");
        let elsewhere = published(&organiser, "MEMBERS").await;
        let foreign = register(&other, &elsewhere).await;
        let problems = organiser.problems(SETTLE, &json!({ "id": lines[1]["id"], "to": foreign["id"] })).await;
        assert_eq!(problems, ["NOT_FOUND registrationId"]);
        app.clock.advance(Duration::days(91));
        comes_round(app, &Sweep {}).await;
        let organiser = organiser.again().await;
        let left = "query($id: ID!) { webinar(id: $id) { attendanceLines { nodes { id } } } }";
        assert_eq!(organiser.runs(left, &json!({ "id": webinar })).await["webinar"]["attendanceLines"]["nodes"], json!([]));
        assert_eq!(presence(&organiser, &registration).await["minutes"], 60, "what the list said stays");
    })
    .await;
}

#[tokio::test]
async fn a_line_of_a_list_exists_for_those_who_run_the_webinar_only() {
    with_app(async |app| {
        let (organiser, person, webinar, registration) = webinar_of(app).await;
        let (speaker, other) = (app.practitioner().await, super::organiser(app).await);
        lets_in(&organiser, &webinar, &speaker, "SPEAKER").await;
        let csv = format!("name,email,join time,leave time\n{}", line(app, "Nobody", "nobody@example.org", BEGIN, 60));
        let listed = organiser.runs(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
        let line = listed["webinarAttendanceImport"]["webinar"]["attendanceLines"]["nodes"][0]["id"].clone();
        let unknown = json!(AttendanceLineId::new().to_string());
        for stranger in [&person, &speaker, &other] {
            for id in [&line, &unknown] {
                assert_eq!(stranger.fails(SETTLE, &json!({ "id": id, "to": registration["id"] })).await, "NOT_FOUND");
            }
        }
        assert_eq!(app.visitor().fails(SETTLE, &json!({ "id": line, "to": null })).await, "UNAUTHENTICATED");
        organiser.runs(SETTLE, &json!({ "id": line, "to": registration["id"] })).await;
    })
    .await;
}

#[tokio::test]
async fn a_line_of_a_list_in_whose_place_another_comes_meanwhile_is_not_found() {
    with_app(async |app| {
        if app.db.backend() == DbBackend::Sqlite {
            return; // which has one writer at a time
        }
        let (organiser, _, webinar, registration) = webinar_of(app).await;
        to_its_end(app);
        let organiser = organiser.again().await;
        let csv = format!("name,email,join time,leave time\n{}", line(app, "Nobody", "nobody@example.org", 0, 60));
        let listed = organiser.runs(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
        let line = &listed["webinarAttendanceImport"]["webinar"]["attendanceLines"]["nodes"][0]["id"];
        let tx = app.begin().await.expect("a transaction");
        tx.execute_unprepared("SELECT id FROM webinar FOR UPDATE").await.expect("as one who takes a list does first");
        let meanwhile = async {
            app.until_one_waits_for_a_lock().await;
            tx.execute_unprepared("DELETE FROM attendance_line").await.expect("they go");
            tx.commit().await.expect("it is done");
        };
        let settled = json!({ "id": line, "to": registration["id"] });
        let (code, ()) = tokio::join!(organiser.fails(SETTLE, &settled), meanwhile);
        assert_eq!(code, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_list_with_a_bad_line_is_refused_whole_and_names_it() {
    with_app(async |app| {
        let (organiser, _, webinar, registration) = webinar_of(app).await;
        let csv = "name,join time,leave time\nAwa,yesterday,today\nWang,2026-12-01 10:00,2026-12-01 09:00\n";
        let answer = organiser.sends(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
        let problems = answer["data"]["webinarAttendanceImport"]["userErrors"].as_array().cloned().expect("problems");
        assert_eq!(problems.len(), 2);
        assert!(problems[1]["message"].as_str().is_some_and(|message| message.contains('3')), "{problems:?}");
        assert!(presence(&organiser, &registration).await.is_null());
        let columns = json!({ "id": webinar, "csv": "name\nAwa\n" });
        assert_eq!(organiser.problems(IMPORT, &columns).await, ["INCOMPLETE csv"]);
    })
    .await;
}

#[tokio::test]
async fn the_code_that_is_shown_says_that_one_is_there() {
    with_app(async |app| {
        let (organiser, person, webinar, _) = webinar_of(app).await;
        organiser.runs(&by_id("webinarCodeRenew"), &json!({ "id": webinar })).await;
        let code = "query($id: ID!) { webinar(id: $id) { checkInCode } }";
        let shown = organiser.runs(code, &json!({ "id": webinar })).await["webinar"]["checkInCode"].clone();
        assert!(person.runs(code, &json!({ "id": webinar })).await["webinar"]["checkInCode"].is_null());
        let typed = |code: &str| json!({ "id": webinar, "code": code });
        let shown = shown.as_str().expect("a code").to_owned();
        assert_eq!(person.problems(CHECK_IN, &typed(&shown)).await, ["WRONG_STATE id"]);
        app.clock.advance(Duration::days(2) + Duration::minutes(30));
        let person = person.again().await;
        let wrong = if shown == "123456" { "654321" } else { "123456" };
        assert_eq!(person.problems(CHECK_IN, &typed(wrong)).await, ["INVALID code"]);
        let persian = |digit: char| digit.to_digit(10).and_then(|digit| char::from_u32(0x6f0 + digit)).unwrap_or(digit);
        let spaced = format!("{} {}", &shown[..3], &shown[3..]).chars().map(persian).collect::<String>();
        let checked = person.runs(CHECK_IN, &typed(&spaced)).await["webinarCheckIn"]["registration"]["presence"].clone();
        assert_eq!(checked, json!({ "source": "CODE", "minutes": 60 }));
        person.runs(CHECK_IN, &typed(wrong)).await;
        assert_eq!(app.practitioner().await.fails(CHECK_IN, &typed(&shown)).await, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_present_who_gave_up_their_seat_or_where_nothing_takes_place() {
    with_app(async |app| {
        let (organiser, person, webinar, _) = webinar_of(app).await;
        let other = app.practitioner().await;
        let given_up = register(&other, &webinar).await;
        other.runs(super::REGISTRATION_CANCEL, &json!({ "id": given_up["id"] })).await;
        organiser.runs(&by_id("webinarCodeRenew"), &json!({ "id": webinar })).await;
        let csv = format!("name,join time,leave time\n{}", line(app, "Somebody", "", BEGIN, 60).replace(",,", ","));
        let answer = organiser.runs(IMPORT, &json!({ "id": webinar, "csv": csv })).await;
        let listed = answer["webinarAttendanceImport"]["webinar"]["attendanceLines"]["nodes"][0]["id"].clone();
        let cancel = "mutation($id: ID!) { webinarCancel(id: $id, reason: \"Ill\") { userErrors { code } } }";
        organiser.runs(cancel, &json!({ "id": webinar })).await;
        let typed = json!({ "id": webinar, "code": "123456" });
        app.clock.advance(Duration::days(2));
        let (organiser, person) = (organiser.again().await, person.again().await);
        assert_eq!(person.problems(CHECK_IN, &typed).await, ["WRONG_STATE id"]);
        let settled = json!({ "id": listed, "to": given_up["id"] });
        assert_eq!(organiser.problems(SETTLE, &settled).await, ["WRONG_STATE registrationId"]);
    })
    .await;
}

#[tokio::test]
async fn codes_can_not_be_guessed() {
    with_app(async |app| {
        let (organiser, person, webinar, _) = webinar_of(app).await;
        organiser.runs(&by_id("webinarCodeRenew"), &json!({ "id": webinar })).await;
        let code = "query($id: ID!) { webinar(id: $id) { checkInCode } }";
        let shown = organiser.runs(code, &json!({ "id": webinar })).await["webinar"]["checkInCode"].clone();
        app.clock.advance(Duration::days(2) + Duration::minutes(30));
        let person = person.again().await;
        let right: u32 = shown.as_str().and_then(|code| code.parse().ok()).expect("a code");
        for unfinished in ["", "12345", "1234567"] {
            let slip = json!({ "id": webinar, "code": unfinished });
            assert_eq!(person.problems(CHECK_IN, &slip).await, ["INVALID code"], "which costs no try");
        }
        for guess in 1..11 {
            let guess = json!({ "id": webinar, "code": format!("{:06}", (right + guess) % 1_000_000) });
            assert_eq!(person.problems(CHECK_IN, &guess).await, ["INVALID code"]);
        }
        assert_eq!(person.problems(CHECK_IN, &json!({ "id": webinar, "code": shown })).await, ["LIMIT_REACHED code"]);
    })
    .await;
}

#[tokio::test]
async fn who_joined_through_our_link_counts_as_present_until_a_list_says_otherwise() {
    with_app(async |app| {
        let (organiser, person, webinar, registration) = webinar_of(app).await;
        update(&organiser, &webinar, json!({ "joinUrl": "https://meet.example.org/1" })).await;
        app.clock.advance(Duration::days(2) + Duration::minutes(10));
        let person = person.again().await;
        person.runs(JOIN, &json!({ "id": webinar })).await;
        app.clock.advance(Duration::minutes(51));
        let person = person.again().await;
        let present = presence(&person, &registration).await;
        assert_eq!((&present["source"], &present["hasAttended"]), (&json!("LINK"), &json!(true)));
        assert!((48..=50).contains(&present["minutes"].as_i64().expect("minutes")), "{present}");
    })
    .await;
}

#[tokio::test]
async fn registrants_are_told_once_when_a_recording_is_published() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (organiser, person, webinar, _) = webinar_of(app).await;
        let administrator = app.administrator().await;
        let recording = created(&administrator, "MEMBERS").await;
        let both = json!({ "id": webinar, "recording": recording });
        assert_eq!(organiser.problems(RECORDING_ADD, &both).await, ["NOT_FOUND recordingId"]);
        administrator.runs(RECORDING_ADD, &both).await;
        administrator.runs(RECORDING_ADD, &both).await;
        comes_round(app, &TellOfRecordings {}).await;
        uploaded(app, &administrator, &recording, CLIP).await;
        agreed(&administrator, &recording).await;
        let shown = "query($id: ID!) { webinar(id: $id) { recordings { id } } }";
        assert_eq!(person.runs(shown, &json!({ "id": webinar })).await["webinar"]["recordings"], json!([]));
        administrator.runs(&by_id("recordingPublish"), &json!({ "id": recording })).await;
        for _ in 0..2 {
            comes_round(app, &TellOfRecordings {}).await;
        }
        assert_eq!(id(&person.runs(shown, &json!({ "id": webinar })).await["webinar"]["recordings"][0]), recording);
        if app.config.smtp.is_none() {
            let mails = app.mails().await;
            let told = mails.iter().filter(|mail| mail.contains("Subject: Watch the recording: Reservations"));
            assert_eq!(told.count(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_a_seat_neither_sees_a_recording_for_the_invited_nor_is_told_of_it() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (organiser, person, webinar, _) = webinar_of(app).await;
        let (late, administrator) = (app.practitioner().await, app.administrator().await);
        update(&organiser, &webinar, json!({ "capacity": 1 })).await;
        assert_eq!(registers(&late, &webinar).await, "WAITING");
        let recording = recordings::published(app, &administrator, "INVITED").await;
        administrator.runs(RECORDING_ADD, &json!({ "id": webinar, "recording": recording })).await;
        comes_round(app, &TellOfRecordings {}).await;
        let shown =
            "query($id: ID!, $recording: ID!) { webinar(id: $id) { recordings { id } } recording(id: $recording) { id } }";
        let sees = async |viewer: &Client<'_>| {
            let seen = viewer.runs(shown, &json!({ "id": webinar, "recording": recording })).await;
            let (listed, found) = (seen["webinar"]["recordings"][0]["id"].clone(), seen["recording"]["id"].clone());
            assert_eq!(listed, found);
            listed == recording.as_str()
        };
        assert!(sees(&person).await && !sees(&late).await);
        if app.config.smtp.is_none() {
            let mails = app.mails().await;
            let told = mails.iter().filter(|mail| mail.contains("Subject: Watch the recording: Reservations"));
            let told: Vec<_> = told.map(|mail| mail.contains(&person.email)).collect();
            assert_eq!(told, [true]);
        }
    })
    .await;
}
