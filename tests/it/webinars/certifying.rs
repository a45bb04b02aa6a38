//! Certificates of attendance.

use chrono::Duration;
use serde_json::{Value, json};

use super::{
    JOIN, PIXEL, REGISTRATION_CANCEL, by_id, id, lets_in, letters::decoded, organiser, published, register, registers, update,
    with_input,
};
use crate::{
    app::{Client, TestApp, key, with_app},
    certificates::{RENEW, borne, fetched, is_revoked, renewing},
    forum,
    http_client::Server,
    transfer::put,
};

const IMPORT: &str = "mutation($id: ID!, $csv: String!) { webinarAttendanceImport(id: $id, csv: $csv) { userErrors { code } } }";
const RECORD: &str = "query($id: ID!, $language: Language) { registration(id: $id) { attendance { id code title durationMinutes
    revokedAt revocationReason certificate(language: $language) { language pdf { url name } badge { url } } } } }";
const CHECK: &str = "query($code: String!, $name: String) { certificateCheck(code: $code, name: $name) {
    kind title versionNumber revokedAt holderName nameMatches } }";
const REVOKE: &str = "mutation($input: AttendanceRevokeInput!) { attendanceRevoke(input: $input) {
    attendance { id revokedAt revocationReason } userErrors { code field } } }";

/// A webinar that was held, with one who was there to the end and one who left early.
struct Held<'a> {
    organiser: Client<'a>,
    attended: Client<'a>,
    left: Client<'a>,
    webinar: String,
    registration: Value,
    other: Value,
}

impl<'a> Held<'a> {
    async fn of(app: &'a TestApp, visibility: &str) -> Self {
        let (organiser, attended, left) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, visibility).await;
        for person in [&attended, &left] {
            lets_in(&organiser, &webinar, person, "MEMBER").await;
        }
        let (registration, other) = (register(&attended, &webinar).await, register(&left, &webinar).await);
        app.clock.advance(Duration::days(2) + Duration::hours(1));
        let (organiser, attended, left) = (organiser.again().await, attended.again().await, left.again().await);
        let held = Self { organiser, attended, left, webinar, registration, other };
        held.lists(app, &[(&held.attended, 60), (&held.left, 10)]).await;
        held
    }

    /// Sends the list of who was present, for so many minutes.
    async fn lists(&self, app: &TestApp, present: &[(&Client<'_>, i64)]) {
        let start = app.clock.now() - Duration::hours(1) - Duration::minutes(1);
        let line = |(person, minutes): &(&Client<'_>, i64)| {
            format!(
                "Somebody,{},{},{}\n",
                person.email,
                start.to_rfc3339(),
                (start + Duration::minutes(minutes + 1)).to_rfc3339()
            )
        };
        let csv = format!("name,email,join time,leave time\n{}", present.iter().map(line).collect::<String>());
        self.organiser.runs(IMPORT, &json!({ "id": self.webinar, "csv": csv })).await;
    }

    async fn issues(&self) {
        self.organiser.runs(&by_id("webinarCertificatesIssue"), &json!({ "id": self.webinar })).await;
    }

    async fn record(&self, viewer: &Client<'_>, registration: &Value) -> Value {
        let seen = viewer.runs(RECORD, &json!({ "id": registration["id"], "language": "fr" })).await;
        seen["registration"]["attendance"].clone()
    }
}

#[tokio::test]
async fn those_who_attended_get_a_certificate_once_the_organiser_issues_them() {
    with_app(async |app| {
        let held = Held::of(app, "MEMBERS").await;
        assert_eq!(held.record(&held.attended, &held.registration).await, json!(null));
        held.issues().await;
        held.issues().await;
        let record = held.record(&held.attended, &held.registration).await;
        assert_eq!((&record["title"], &record["durationMinutes"]), (&json!("Reservations"), &json!(60)));
        assert_eq!(held.record(&held.left, &held.other).await, json!(null), "10 of 60 minutes are not enough");

        let server = Server::start(app).await;
        let certificate = &record["certificate"];
        assert_eq!(certificate["language"], "fr");
        let pdf = fetched(app, &server, &certificate["pdf"]["url"]).await;
        assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
        let said = String::from_utf8_lossy(&pdf.body).into_owned();
        assert!(said.contains("Attestation de participation"), "what it says for those who listen");
        let badge = fetched(app, &server, &certificate["badge"]["url"]).await.json();
        let achievement = &badge["credentialSubject"]["achievement"];
        assert_eq!((&achievement["achievementType"], &achievement["name"]), (&json!("ext:Attendance"), &json!("Reservations")));

        // Who turns out to have stayed gets one later, and nobody a second.
        held.lists(app, &[(&held.attended, 60), (&held.left, 50)]).await;
        held.issues().await;
        assert_eq!(held.record(&held.attended, &held.registration).await["code"], record["code"]);
        assert_ne!(held.record(&held.left, &held.other).await["code"], record["code"]);
        if app.config.smtp.is_none() {
            let mails = app.mails().await;
            let told = mails.iter().filter(|mail| mail.contains("Subject: Your certificate: Reservations"));
            assert_eq!(told.count(), 2);
        }
    })
    .await;
}

#[tokio::test]
async fn who_joined_gave_up_their_seat_and_waits_for_another_gets_no_certificate() {
    with_app(async |app| {
        let (organiser, person, other) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        update(&organiser, &webinar, json!({ "capacity": 1, "joinUrl": "https://meet.example.org/1" })).await;
        let registration = register(&person, &webinar).await;
        assert_eq!(registers(&other, &webinar).await, "WAITING");
        app.clock.advance(Duration::days(2));
        let person = person.again().await;
        person.runs(JOIN, &json!({ "id": webinar })).await;
        person.runs(REGISTRATION_CANCEL, &json!({ "id": registration["id"] })).await;
        assert_eq!(registers(&person, &webinar).await, "WAITING");
        app.clock.advance(Duration::hours(1));
        let (organiser, person) = (organiser.again().await, person.again().await);
        organiser.runs(&by_id("webinarCertificatesIssue"), &json!({ "id": webinar })).await;
        let standing = "query($id: ID!) { registration(id: $id) { joinedAt presence { minutes } attendance { id } } }";
        let standing = person.runs(standing, &json!({ "id": registration["id"] })).await["registration"].clone();
        assert!(standing["joinedAt"].is_string());
        assert_eq!((&standing["presence"], &standing["attendance"]), (&json!(null), &json!(null)));
    })
    .await;
}

#[tokio::test]
async fn certificates_are_issued_once_a_webinar_is_over_and_by_those_who_run_it() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = json!({ "id": published(&organiser, "MEMBERS").await });
        let issue = by_id("webinarCertificatesIssue");
        assert_eq!(organiser.problems(&issue, &webinar).await, ["WRONG_STATE id"]);
        app.clock.advance(Duration::days(2) + Duration::hours(1));
        organiser.again().await.runs(&issue, &webinar).await;
        assert_eq!(super::organiser(app).await.fails(&issue, &webinar).await, "FORBIDDEN");
        assert_eq!(app.practitioner().await.fails(&issue, &webinar).await, "FORBIDDEN");
        assert_eq!(app.visitor().fails(&issue, &webinar).await, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn the_code_of_a_certificate_of_attendance_is_checked_like_any_other() {
    with_app(async |app| {
        let held = Held::of(app, "INVITED").await;
        held.issues().await;
        let code = held.record(&held.attended, &held.registration).await["code"].clone();
        let checked = app.visitor().runs(CHECK, &json!({ "code": code, "name": "Somebody Else" })).await;
        let wanted = json!({ "kind": "WEBINAR", "title": "Reservations", "versionNumber": null, "revokedAt": null,
            "holderName": null, "nameMatches": false });
        assert_eq!(checked["certificateCheck"], wanted);
        for stranger in [app.practitioner().await, app.visitor()] {
            let seen = stranger.runs(RECORD, &json!({ "id": held.registration["id"], "language": "en" })).await;
            assert!(seen["registration"].is_null());
        }
        let staff = held.record(&held.organiser, &held.registration).await;
        assert_eq!((&staff["code"], &staff["certificate"]), (&code, &json!(null)), "who sees the record only");
    })
    .await;
}

#[tokio::test]
async fn a_certificate_of_attendance_bears_the_name_of_the_day_it_was_issued_until_an_administrator_renews_it() {
    with_app(async |app| {
        let held = Held::of(app, "MEMBERS").await;
        held.lists(app, &[(&held.attended, 60), (&held.left, 60)]).await;
        held.issues().await;
        let server = Server::start(app).await;
        let badge_of = async |person: &Client<'_>, registration: &Value| {
            let record = held.record(person, registration).await;
            fetched(app, &server, &record["certificate"]["badge"]["url"]).await.json()
        };
        let badge = async || badge_of(&held.attended, &held.registration).await;
        let (old, of_other) = (badge().await, badge_of(&held.left, &held.other).await);
        let profile = "mutation { profileUpdate(input: { fullName: \"Somebody Else\", latinName: \"Latin Else\" }) {
            userErrors { code } } }";
        held.attended.runs(profile, &json!({})).await;
        held.left.runs(profile, &json!({})).await;
        assert_eq!(borne(&badge().await), borne(&old));
        let code = held.record(&held.attended, &held.registration).await["code"].clone();
        let matches = async |name: &str| {
            let found = app.visitor().runs(CHECK, &json!({ "code": code, "name": name })).await;
            found["certificateCheck"]["nameMatches"] == true
        };
        let names = [borne(&old).as_str().expect("a name"), "Somebody Else", "Latin Else"];
        assert_eq!([matches(names[0]).await, matches(names[1]).await, matches(names[2]).await], [true, false, false]);

        let administrator = app.administrator().await;
        let renewal = renewing(&held.attended, "Somebody Else", Some("Latin Else"), "Misspelt");
        let renewed = administrator.runs(RENEW, &renewal).await;
        assert_eq!(renewed["certificateNamesRenew"]["renewedCount"], 1, "of this person alone");
        assert_eq!(borne(&badge_of(&held.left, &held.other).await), borne(&of_other));
        let new = badge().await;
        assert_eq!((borne(&new), is_revoked(app, &server, &new).await), (&json!("Somebody Else"), false));
        assert!(is_revoked(app, &server, &old).await);
        assert_eq!([matches(names[0]).await, matches(names[1]).await, matches(names[2]).await], [false, true, true]);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_certificate_of_attendance_proves_nothing_until_it_is_restored() {
    with_app(async |app| {
        let held = Held::of(app, "INVITED").await;
        held.issues().await;
        let server = Server::start(app).await;
        let record = held.record(&held.attended, &held.registration).await;
        let badge = fetched(app, &server, &record["certificate"]["badge"]["url"]).await.json();
        let revoking = json!({ "input": { "id": record["id"], "reason": "Somebody else was there" } });
        assert_eq!(held.attended.fails(REVOKE, &revoking).await, "FORBIDDEN");
        assert_eq!(super::organiser(app).await.fails(REVOKE, &revoking).await, "NOT_FOUND");
        let blank = json!({ "input": { "id": record["id"], "reason": " " } });
        assert_eq!(held.organiser.problems(REVOKE, &blank).await, ["BLANK input.reason"]);
        held.organiser.runs(REVOKE, &revoking).await;
        let revoked = held.record(&held.attended, &held.registration).await;
        assert_eq!((&revoked["revocationReason"], &revoked["certificate"]), (&json!("Somebody else was there"), &json!(null)));
        assert_eq!(fetched(app, &server, &record["certificate"]["pdf"]["url"]).await.refusal(), "410 GONE");
        assert!(is_revoked(app, &server, &badge).await);
        held.issues().await;
        assert_eq!(held.record(&held.attended, &held.registration).await["revokedAt"], revoked["revokedAt"], "no new one");
        held.organiser.runs(&by_id("attendanceRestore"), &json!({ "id": record["id"] })).await;
        assert_eq!(fetched(app, &server, &record["certificate"]["pdf"]["url"]).await.status, 200);
        if app.config.smtp.is_none() {
            let mails = app.mails().await;
            let mails: Vec<String> =
                mails.iter().filter(|mail| mail.contains(&held.attended.email)).map(|mail| decoded(mail)).collect();
            let [.., revoked, restored] = mails.as_slice() else { panic!("two mails: {mails:?}") };
            assert!(revoked.contains("no longer valid") && restored.contains("valid again"));
            assert!(mails.iter().all(|mail| !mail.contains("Reservations")), "of a webinar for the invited they name nothing");
        }
    })
    .await;
}

#[tokio::test]
async fn funders_stand_on_webinars_and_certificates_with_their_emblem() {
    with_app(async |app| {
        let held = Held::of(app, "MEMBERS").await;
        let page = "query($id: ID!) { webinar(id: $id) { series { id funders { id } } funders { emblem { id url } } } }";
        let series = held.organiser.runs(page, &json!({ "id": held.webinar })).await["webinar"]["series"]["id"].clone();
        held.issues().await;
        let server = Server::start(app).await;
        let url = held.record(&held.attended, &held.registration).await["certificate"]["pdf"]["url"].clone();
        let without = fetched(app, &server, &url).await.body.len();
        let text = json!({ "language": "en", "name": "The Fund", "sentence": "Funded by the Fund." });
        let input = json!({ "input": { "key": key(), "seriesId": series, "text": text } });
        held.organiser.runs(&with_input("webinarFunderAdd", "WebinarFunderAddInput"), &input).await;
        let seen = held.organiser.runs(page, &json!({ "id": held.webinar })).await;
        let funder = seen["webinar"]["series"]["funders"][0]["id"].clone();
        let credited = fetched(app, &server, &url).await.body.len();
        assert!(credited > without, "the sentence stands on it");

        let set =
            "mutation($id: ID!, $file: ID) { webinarFunderEmblemSet(id: $id, fileId: $file) { userErrors { code field } } }";
        let disguised = sent(&held.organiser, b"<svg onload='alert(1)'/>").await;
        assert_eq!(held.organiser.problems(set, &json!({ "id": funder, "file": disguised })).await, ["INCOMPLETE fileId"]);
        let cut = sent(&held.organiser, &PIXEL[..PIXEL.len() - 16]).await;
        assert_eq!(
            held.organiser.problems(set, &json!({ "id": funder, "file": cut })).await,
            ["INCOMPLETE fileId"],
            "broken off"
        );
        let emblem = sent(&held.organiser, PIXEL).await;
        held.organiser.runs(set, &json!({ "id": funder, "file": emblem })).await;
        let seen = held.left.runs(page, &json!({ "id": held.webinar })).await;
        assert_eq!(id(&seen["webinar"]["funders"][0]["emblem"]), emblem);
        assert!(seen["webinar"]["funders"][0]["emblem"]["url"].is_string());
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert!(app.visitor().runs(node, &json!({ "id": emblem })).await["node"].is_null(), "the webinar is for members");
        assert!(fetched(app, &server, &url).await.body.len() > credited, "and the emblem");
        let other = super::organiser(app).await;
        assert_eq!(other.fails(set, &json!({ "id": funder, "file": null })).await, "FORBIDDEN");
        held.organiser.runs(set, &json!({ "id": funder, "file": null })).await;
        assert!(held.left.runs(node, &json!({ "id": emblem })).await["node"].is_null());
    })
    .await;
}

async fn sent(owner: &Client<'_>, bytes: &'static [u8]) -> String {
    let start = "mutation($input: FileUploadStartInput!) { fileUploadStart(input: $input) {
        file { id } address { url headers { name value } } userErrors { code } } }";
    let input = json!({ "key": key(), "purpose": "EMBLEM", "name": "emblem.png", "contentType": "image/png",
        "size": bytes.len().to_string() });
    let started = owner.runs(start, &json!({ "input": input })).await["fileUploadStart"].clone();
    assert_eq!(put(&started["address"], bytes).await, 200);
    owner.runs(&by_id("fileUploadComplete"), &json!({ "id": started["file"]["id"] })).await;
    id(&started["file"])
}

/// A topic in a new community.
async fn topic(trainer: &Client<'_>, visibility: &str) -> String {
    let community = forum::community(trainer, visibility).await;
    let category = forum::category(trainer, &community).await;
    forum::topic(trainer, &category, "Questions about reservations").await
}

#[tokio::test]
async fn a_webinar_is_discussed_in_a_topic_that_keeps_its_own_rules() {
    with_app(async |app| {
        let (organiser, trainer, person) = (organiser(app).await, app.trainer().await, app.practitioner().await);
        let webinar = published(&organiser, "PUBLIC").await;
        let topic = topic(&trainer, "MEMBERS").await;
        let set = "mutation($id: ID!, $topic: ID) { webinarTopicSet(id: $id, topicId: $topic) { userErrors { code field } } }";
        let both = json!({ "id": webinar, "topic": topic });
        organiser.runs(set, &both).await;
        organiser.runs(set, &both).await;
        let page = "query($id: ID!) { webinar(id: $id) { topic { id } } }";
        assert_eq!(person.runs(page, &json!({ "id": webinar })).await["webinar"]["topic"]["id"], json!(topic));
        assert!(app.visitor().runs(page, &json!({ "id": webinar })).await["webinar"]["topic"].is_null());
        assert_eq!(person.fails(set, &both).await, "FORBIDDEN");
        let closed = self::topic(&trainer, "INVITED").await;
        assert_eq!(organiser.problems(set, &json!({ "id": webinar, "topic": closed })).await, ["NOT_FOUND topicId"]);
        organiser.runs(set, &json!({ "id": webinar, "topic": null })).await;
        assert!(person.runs(page, &json!({ "id": webinar })).await["webinar"]["topic"].is_null());
        update(&organiser, &webinar, json!({ "activity": "Still there" })).await;
    })
    .await;
}
