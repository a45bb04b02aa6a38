//! What registrants are told by mail.

use chrono::Duration;
use lyceum::webinars::telling::Remind;
use serde_json::json;

use super::{MOVE, REGISTRATION_CANCEL, comes_round, organiser, published, register, time_in, update, with_input};
use crate::app::{Client, TestApp, key, with_app};

/// Letters to a person since `before` were sent: their decoded texts, attachments included. Embedded mail only.
async fn letters(app: &TestApp, person: &Client<'_>) -> Vec<String> {
    let mails = app.mails().await;
    mails.iter().filter(|mail| mail.contains(&format!("To: {}", person.email))).map(|mail| decoded(mail)).collect()
}

/// A mail as its reader sees it, as far as the tests look: quoted-printable and base64 parts decoded (RFC 2045).
pub fn decoded(mail: &str) -> String {
    let boundary = mail.split_once("boundary=\"").and_then(|(_, rest)| rest.split_once('"'));
    let Some((boundary, _)) = boundary else { return decoded_part(mail) };
    let parts: Vec<_> = mail.split(&format!("\r\n--{boundary}")).map(decoded_part).collect();
    parts.join("\n")
}

fn decoded_part(part: &str) -> String {
    let Some((head, body)) = part.split_once("\r\n\r\n") else { return part.to_owned() };
    let text = if head.contains("Content-Transfer-Encoding: base64") {
        let joined: String = body.lines().collect();
        let bytes = data_encoding::BASE64.decode(joined.as_bytes()).expect("base64");
        String::from_utf8_lossy(&bytes).into_owned()
    } else if head.contains("Content-Transfer-Encoding: quoted-printable") {
        unquoted(body)
    } else {
        body.to_owned()
    };
    format!("{head}\n\n{text}")
}

fn unquoted(body: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = body.replace("=\r\n", "").into_bytes().into_iter();
    while let Some(byte) = rest.next() {
        let digits = rest.as_slice().get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| byte == b'=') {
            Some(quoted) => {
                bytes.push(quoted);
                rest.nth(1);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_embedded(app: &TestApp) -> bool {
    app.config.smtp.is_none()
}

#[tokio::test]
async fn registrants_are_told_of_everything_that_concerns_them() {
    with_app(async |app| {
        let (organiser, first, second) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        update(&organiser, &webinar, json!({ "capacity": 1 })).await;
        let registration = register(&first, &webinar).await;
        register(&second, &webinar).await;
        organiser.runs(MOVE, &json!({ "id": webinar, "input": time_in(app, 3 * 24 * 60) })).await;
        app.run_jobs().await;
        first.runs(REGISTRATION_CANCEL, &json!({ "id": registration["id"] })).await;
        app.run_jobs().await;
        let cancel = "mutation($id: ID!) { webinarCancel(id: $id, reason: \"The speaker is ill\") { userErrors { code } } }";
        organiser.runs(cancel, &json!({ "id": webinar })).await;
        app.run_jobs().await;
        if !is_embedded(app) {
            return;
        }
        let subjects = async |person: &Client<'_>| {
            let letters = letters(app, person).await;
            let subject = |letter: &String| letter.lines().find_map(|line| line.strip_prefix("Subject: ")).map(str::to_owned);
            letters.iter().filter_map(subject).collect::<Vec<_>>()
        };
        assert_eq!(
            subjects(&first).await,
            ["You are registered: Reservations", "New time: Reservations", "Your registration was cancelled: Reservations"]
        );
        assert_eq!(
            subjects(&second).await,
            [
                "You are on the waiting list: Reservations",
                "New time: Reservations",
                "A seat has become free: Reservations",
                "Cancelled: Reservations"
            ]
        );
        let told = letters(app, &second).await;
        assert!(told[3].contains("The speaker is ill"), "{}", told[3]);
        assert!(told[3].contains("METHOD:CANCEL") && told[3].contains("STATUS:CANCELLED"), "{}", told[3]);
        let sequence = |letter: &str| {
            let line = letter.lines().find_map(|line| line.trim_end().strip_prefix("SEQUENCE:"));
            line.and_then(|number| number.parse::<i32>().ok()).unwrap_or_else(|| panic!("no SEQUENCE in {letter}"))
        };
        assert!(sequence(&told[2]) < sequence(&told[3]), "calendars take the later one");
    })
    .await;
}

#[tokio::test]
async fn reminders_come_once_a_day_and_an_hour_before() {
    with_app(async |app| {
        let (organiser, early, late) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        register(&early, &webinar).await;
        let reminds = async || {
            comes_round(app, &Remind {}).await;
        };
        reminds().await;
        app.clock.advance(Duration::hours(25));
        register(&late.again().await, &webinar).await;
        reminds().await;
        reminds().await;
        app.clock.advance(Duration::hours(22));
        reminds().await;
        reminds().await;
        if !is_embedded(app) {
            return;
        }
        let count = async |person: &Client<'_>, subject: &str| {
            letters(app, person).await.iter().filter(|letter| letter.contains(&format!("Subject: {subject}"))).count()
        };
        assert_eq!(count(&early, "In a day").await, 1);
        assert_eq!(count(&early, "In an hour").await, 1);
        assert_eq!(count(&late, "In a day").await, 0, "who registered within the day was told then");
        assert_eq!(count(&late, "In an hour").await, 1);
    })
    .await;
}

#[tokio::test]
async fn letters_that_are_held_up_until_the_webinar_is_over_say_nothing_of_it_as_if_it_were_to_come() {
    with_app(async |app| {
        let (organiser, first, second) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        update(&organiser, &webinar, json!({ "capacity": 1 })).await;
        register(&first, &webinar).await;
        register(&second, &webinar).await;
        organiser.runs(MOVE, &json!({ "id": webinar, "input": time_in(app, 3 * 24 * 60) })).await;
        app.clock.advance(Duration::days(4));
        app.run_jobs().await;
        assert_eq!(app.mails().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn of_two_moves_in_quick_succession_all_are_told_once_also_those_who_registered_in_between() {
    with_app(async |app| {
        let (organiser, first, second) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let moves = async |days: i64| {
            app.clock.advance(Duration::minutes(1));
            let time = time_in(app, days * 24 * 60);
            organiser.runs(MOVE, &json!({ "id": webinar, "input": time })).await;
            time["localStart"].as_str().expect("a time").replace('T', " ")
        };
        register(&first, &webinar).await;
        moves(3).await;
        register(&second, &webinar).await;
        let newest = moves(4).await;
        app.run_jobs().await;
        if is_embedded(app) {
            for person in [&first, &second] {
                let letters = letters(app, person).await;
                let told: Vec<_> = letters.iter().filter(|letter| letter.contains("Subject: New time")).collect();
                assert!(told.len() == 1 && told[0].contains(&newest), "{newest}: {letters:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn letters_give_the_time_of_the_reader_and_utc_in_their_language() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let time = json!({ "localStart": "2030-07-01T14:00", "timeZone": "Europe/Vienna", "durationMinutes": 60 });
        organiser.runs(MOVE, &json!({ "id": webinar, "input": time })).await;
        let profile = json!({ "language": "fr", "timeZone": "Africa/Nairobi" });
        person.runs(&with_input("profileUpdate", "ProfileUpdateInput"), &json!({ "input": profile })).await;
        register(&person, &webinar).await;
        app.run_jobs().await;
        if is_embedded(app) {
            let letters = letters(app, &person).await;
            assert!(letters[0].contains("2030-07-01 15:00 (Africa/Nairobi), 2030-07-01 12:00 UTC"), "{}", letters[0]);
            assert!(letters[0].contains("Début"), "{}", letters[0]);
        }
    })
    .await;
}

#[tokio::test]
async fn funders_are_credited_in_letters_and_closed_webinars_name_nothing() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let credited = async |visibility: &str| {
            let webinar = published(&organiser, visibility).await;
            let of = "query($id: ID!) { webinar(id: $id) { series { id } } }";
            let series = organiser.runs(of, &json!({ "id": webinar })).await["webinar"]["series"]["id"].clone();
            let text = json!({ "language": "en", "name": "The Fund", "sentence": "Paid for by the Fund" });
            let input = json!({ "key": key(), "seriesId": series, "text": text });
            organiser.runs(&with_input("webinarFunderAdd", "WebinarFunderAddInput"), &json!({ "input": input })).await;
            super::lets_in(&organiser, &webinar, &person, "MEMBER").await;
            register(&person, &webinar).await;
            app.run_jobs().await;
            if is_embedded(app) { letters(app, &person).await.pop().expect("a letter") } else { String::new() }
        };
        let (open, closed) = (credited("MEMBERS").await, credited("INVITED").await);
        if is_embedded(app) {
            assert!(open.contains("Reservations") && open.contains("Paid for by the Fund"), "{open}");
            assert!(!closed.contains("Reservations") && !closed.contains("the Fund"), "{closed}");
            assert!(closed.contains("a webinar"), "{closed}");
        }
    })
    .await;
}
