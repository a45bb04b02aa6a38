//! Webinars in calendars.

use serde_json::{Value, json};

use super::{MOVE, REGISTRATION_CANCEL, organiser, published, register};
use crate::{
    app::{Client, TestApp, with_app},
    http_client::Server,
};

/// What is at an address of the site; its status, type and text.
async fn fetched(server: &Server, app: &TestApp, address: &Value) -> (u16, String) {
    let path = address.as_str().and_then(|address| address.strip_prefix(&app.config.public_url)).expect("an address of the site");
    let answer = server.gets(path, &[]).await;
    (answer.status, String::from_utf8_lossy(&answer.body).replace("\r\n ", ""))
}

async fn calendar_of(person: &Client<'_>) -> Value {
    person.runs("{ viewer { calendarUrl } }", &json!({})).await["viewer"]["calendarUrl"].clone()
}

#[tokio::test]
async fn a_registration_is_an_entry_that_follows_what_changes() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let time = json!({ "localStart": "2030-07-01T14:00", "timeZone": "Europe/Vienna", "durationMinutes": 60 });
        organiser.runs(MOVE, &json!({ "id": webinar, "input": time })).await;
        let registration = register(&person, &webinar).await;
        let of = "query($id: ID!) { registration(id: $id) { calendarUrl } }";
        let address = person.runs(of, &json!({ "id": registration["id"] })).await["registration"]["calendarUrl"].clone();
        let others = organiser.runs(of, &json!({ "id": registration["id"] })).await["registration"]["calendarUrl"].clone();
        assert!(others.is_null(), "an address is its owner's alone");
        let (status, before) = fetched(&server, app, &address).await;
        assert_eq!(status, 200);
        for line in ["DTSTART;TZID=Europe/Vienna:20300701T140000", "STATUS:CONFIRMED", "SUMMARY:Reservations"] {
            assert!(before.contains(line), "{line} is missing in {before}");
        }
        let later = json!({ "localStart": "2030-07-02T10:00", "timeZone": "Europe/Vienna", "durationMinutes": 60 });
        organiser.runs(MOVE, &json!({ "id": webinar, "input": later })).await;
        let (_, moved) = fetched(&server, app, &address).await;
        assert!(moved.contains("DTSTART;TZID=Europe/Vienna:20300702T100000"), "{moved}");
        person.runs(REGISTRATION_CANCEL, &json!({ "id": registration["id"] })).await;
        let (_, cancelled) = fetched(&server, app, &address).await;
        let line = |text: &str, name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        assert!(cancelled.contains("STATUS:CANCELLED"), "{cancelled}");
        assert_eq!(line(&before, "UID:"), line(&cancelled, "UID:"));
        let sequences: Vec<i32> = [&before, &moved, &cancelled]
            .map(|text| line(text, "SEQUENCE:").and_then(|n| n.trim().parse().ok()).expect("a number"))
            .into();
        assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
    })
    .await;
}

#[tokio::test]
async fn a_persons_calendar_is_private_and_moves_when_they_wish() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        for _ in 0..2 {
            register(&person, &published(&organiser, "MEMBERS").await).await;
        }
        assert!(calendar_of(&person).await.is_null());
        let renew = "mutation { calendarRenew { url userErrors { code } } }";
        let old = person.runs(renew, &json!({})).await["calendarRenew"]["url"].clone();
        assert_eq!(calendar_of(&person).await, old);
        let (status, text) = fetched(&server, app, &old).await;
        assert_eq!((status, text.matches("BEGIN:VEVENT").count()), (200, 2));
        let new = person.runs(renew, &json!({})).await["calendarRenew"]["url"].clone();
        assert_eq!(fetched(&server, app, &old).await.0, 404);
        assert_eq!(fetched(&server, app, &new).await.0, 200);
        let tampered = json!(new.as_str().expect("an address").replace(".ics", "A.ics"));
        assert_eq!(fetched(&server, app, &tampered).await.0, 404);
        assert_eq!(app.visitor().fails(renew, &json!({})).await, "UNAUTHENTICATED");
    })
    .await;
}
