//! Naming people by a contact's link.

use chrono::Duration;
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::{Value, json};

use super::{
    CONTACT_CREATE, NOMINATION, NOMINEE_ADD, NOMINEE_UPDATE, NOMINEE_WITHDRAW, NOMINEES, Run, names, newest, person, token,
};
use crate::{
    app::{TestApp, key, with_app},
    recordings,
    webinars::{organiser, with_input},
};

async fn list(app: &TestApp, token: &str) -> Value {
    app.visitor().runs(NOMINATION, &json!({ "token": token })).await["nomination"].clone()
}

async fn refused(app: &TestApp, token: &str, email: &str) -> Vec<String> {
    app.visitor().problems(NOMINEE_ADD, &json!({ "input": person(token, email) })).await
}

#[tokio::test]
async fn a_contact_names_people_changes_and_withdraws_them_up_to_its_quota() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let token = run.list("Mission", "mission@example.org", 2).await;
        let empty = list(app, &token).await;
        assert_eq!((empty["name"].as_str(), empty["left"].as_i64()), (Some("Mission"), Some(2)));
        assert_eq!(empty["webinar"]["text"]["title"], "Reservations", "though it is for the invited");
        let awa = names(app, &token, "awa@example.org").await;
        assert_eq!(refused(app, &token, "AWA@example.org").await, ["TAKEN input.email"]);
        let twice = json!({ "input": person(&token, "ivan@example.org") });
        let first = app.visitor().runs(NOMINEE_ADD, &twice).await;
        assert_eq!(app.visitor().runs(NOMINEE_ADD, &twice).await["nomineeAdd"]["nominee"], first["nomineeAdd"]["nominee"]);
        assert_eq!(refused(app, &token, "third@example.org").await, ["LIMIT_REACHED input"]);
        let change = json!({ "token": token, "id": awa, "input": { "fullName": "آوا مثال", "email": "awa2@example.org" } });
        let changed = app.visitor().runs(NOMINEE_UPDATE, &change).await;
        let expected = json!({ "fullName": "آوا مثال", "email": "awa2@example.org" });
        assert_eq!(changed["nomineeUpdate"]["nominee"], expected);
        let withdrawn = app.visitor().runs(NOMINEE_WITHDRAW, &json!({ "token": token, "id": awa })).await;
        assert_eq!(withdrawn["nomineeWithdraw"]["nomination"]["left"], 1);
        names(app, &token, "third@example.org").await;
        assert_eq!(list(app, &token).await["nominees"].as_array().expect("nominees").len(), 2);
        let strange = json!({ "input": person(&format!("{token}x"), "x@example.org") });
        assert_eq!(app.visitor().problems(NOMINEE_ADD, &strange).await, ["EXPIRED input.token"]);
        assert!(list(app, "nothing").await.is_null());
    })
    .await;
}

#[tokio::test]
async fn nobody_is_named_by_a_word_that_mixes_scripts() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let token = run.list("Mission", "mission@example.org", 2).await;
        let mut input = json!({ "input": person(&token, "awa@example.org") });
        input["input"]["fullName"] = json!("\u{410}wa Exemple");
        assert_eq!(app.visitor().problems(NOMINEE_ADD, &input).await, ["INVALID input.fullName"]);
        let awa = names(app, &token, "awa@example.org").await;
        let change = json!({ "token": token, "id": awa, "input": { "fullName": "Awa Exempl\u{435}" } });
        assert_eq!(app.visitor().problems(NOMINEE_UPDATE, &change).await, ["INVALID input.fullName"]);

        let mixed = "\u{410}wa Exemple";
        let contact = json!({ "key": key(), "seriesId": run.series, "name": mixed, "organisationKind": "GOVERNMENT",
            "country": "KE", "language": "en", "emails": ["awa@example.org"] });
        assert_eq!(run.organiser.problems(CONTACT_CREATE, &json!({ "input": contact })).await, ["INVALID input.name"]);
        let text = json!({ "language": "en", "role": "Judge", "biography": "" });
        let speaker = json!({ "key": key(), "webinarId": run.webinar, "name": mixed, "text": text });
        let add = with_input("webinarSpeakerAdd", "WebinarSpeakerAddInput");
        assert_eq!(run.organiser.problems(&add, &json!({ "input": speaker })).await, ["INVALID input.name"]);
        let text = json!({ "language": "en", "name": "U\u{39d}ODC", "sentence": "" });
        let funder = json!({ "key": key(), "seriesId": run.series, "text": text });
        let add = with_input("webinarFunderAdd", "WebinarFunderAddInput");
        assert_eq!(run.organiser.problems(&add, &json!({ "input": funder })).await, ["INVALID input.text.name"]);
        let trainer = app.trainer().await;
        let recording = recordings::created(&trainer, "MEMBERS").await;
        let speaker = json!({ "key": key(), "recordingId": recording, "name": mixed });
        let add = with_input("speakerAdd", "SpeakerAddInput");
        assert_eq!(trainer.problems(&add, &json!({ "input": speaker })).await, ["INVALID input.name"]);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_closed_at_its_date_and_when_something_is_decided_about_a_person() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let token = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&token, &["awa@example.org", "ivan@example.org"]).await;
        run.decides(&ids[..1], "ACCEPT").await;
        let change = json!({ "token": token, "id": ids[0], "input": { "fullName": "Other" } });
        assert_eq!(app.visitor().problems(NOMINEE_UPDATE, &change).await, ["WRONG_STATE id"]);
        let invitations = super::INVITATIONS;
        let seen = run.organiser.runs(invitations, &json!({ "id": run.webinar })).await;
        let invitation = &seen["webinar"]["inviting"]["invitations"]["nodes"][0]["id"];
        let until = (app.clock.now() + Duration::hours(1)).to_rfc3339();
        let update = "mutation($id: ID!, $input: InvitationUpdateInput!) { invitationUpdate(id: $id, input: $input) {
            invitation { quota } userErrors { code field } } }";
        run.organiser.runs(update, &json!({ "id": invitation, "input": { "namesUntil": until } })).await;
        names(app, &token, "in-time@example.org").await;
        app.clock.advance(Duration::hours(1));
        assert_eq!(refused(app, &token, "late@example.org").await, ["TOO_LATE input.token"]);
        assert_eq!(list(app, &token).await["isOpen"], false);
        let withdraw = json!({ "token": token, "id": ids[1] });
        assert_eq!(app.visitor().problems(NOMINEE_WITHDRAW, &withdraw).await, ["TOO_LATE token"]);
        app.run_jobs().await;
    })
    .await;
}

#[tokio::test]
async fn one_contact_sees_and_changes_nothing_of_another_and_other_organisers_see_nobody() {
    with_app(async |app| {
        let (run, other) = (Run::new(app).await, organiser(app).await);
        let first = run.list("First", "first@example.org", 5).await;
        let second = run.list("Second", "second@example.org", 5).await;
        let awa = names(app, &first, "awa@example.org").await;
        names(app, &second, "awa@example.org").await;
        assert_eq!(list(app, &second).await["nominees"].as_array().expect("nominees").len(), 1, "both may name her");
        let steal = json!({ "token": second, "id": awa, "input": { "fullName": "Other" } });
        assert_eq!(app.visitor().fails(NOMINEE_UPDATE, &steal).await, "NOT_FOUND");
        assert_eq!(app.visitor().fails(NOMINEE_WITHDRAW, &json!({ "token": second, "id": awa })).await, "NOT_FOUND");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert!(app.visitor().runs(node, &json!({ "id": awa })).await["node"].is_null());
        assert!(other.runs(node, &json!({ "id": awa })).await["node"].is_null());
        let visible = json!({ "id": run.webinar, "input": { "visibility": "PUBLIC" } });
        run.organiser.runs(crate::webinars::UPDATE, &visible).await;
        assert!(other.runs(NOMINEES, &json!({ "id": run.webinar })).await["webinar"]["inviting"].is_null());
        let decide = json!({ "input": { "webinarId": run.webinar, "nomineeIds": [awa], "decision": "ACCEPT" } });
        assert_eq!(other.fails(super::DECIDE, &decide).await, "FORBIDDEN");
        let of_another = Run::new(app).await;
        let decide = json!({ "input": { "webinarId": of_another.webinar, "nomineeIds": [awa], "decision": "ACCEPT" } });
        assert_eq!(of_another.organiser.problems(super::DECIDE, &decide).await, ["NOT_FOUND input.nomineeIds.0"]);
    })
    .await;
}

#[tokio::test]
async fn all_addresses_of_an_office_have_its_list_and_one_that_was_replaced_has_none() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let contact = run.contact("Mission", &["wrong@example.org", "here@example.org"]).await;
        run.invites(&[&contact], 5).await;
        let mailed = async |email: &str| token(&newest(app, email).await, "nomination");
        let (wrong, here) = (mailed("wrong@example.org").await, mailed("here@example.org").await);
        let awa = names(app, &wrong, "awa@example.org").await;
        assert_eq!(list(app, &here).await["nominees"][0]["id"], awa.as_str());
        run.moves(&contact, &["HERE@example.org", "right@example.org"]).await;
        assert!(list(app, &wrong).await.is_null());
        assert_eq!(refused(app, &wrong, "olu@example.org").await, ["EXPIRED input.token"]);
        let change = json!({ "token": wrong, "id": awa, "input": { "fullName": "Other" } });
        assert_eq!(app.visitor().problems(NOMINEE_UPDATE, &change).await, ["EXPIRED token"]);
        let withdraw = json!({ "token": wrong, "id": awa });
        assert_eq!(app.visitor().problems(NOMINEE_WITHDRAW, &withdraw).await, ["EXPIRED token"]);
        let sent = run.organiser.runs(super::INVITATIONS, &json!({ "id": run.webinar })).await;
        let invitation = &sent["webinar"]["inviting"]["invitations"]["nodes"][0]["id"];
        run.organiser.runs(super::RESEND, &json!({ "id": invitation })).await;
        let right = mailed("right@example.org").await;
        names(app, &right, "olu@example.org").await;
        let seen = list(app, &here).await;
        assert_eq!(seen["nominees"].as_array().map(Vec::len), Some(2), "the link of an address that stays works on");
        assert_eq!(list(app, &right).await, seen);
    })
    .await;
}

#[tokio::test]
async fn lists_are_changed_twenty_times_a_minute_and_not_after_the_webinar_was_cancelled() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let token = run.list("Mission", "mission@example.org", 50).await;
        for number in 0..20 {
            names(app, &token, &format!("person{number}@example.net")).await;
        }
        let more = json!({ "input": person(&token, "more@example.net") });
        assert_eq!(app.visitor().fails(NOMINEE_ADD, &more).await, "RATE_LIMITED");
        app.clock.advance(Duration::minutes(1));
        names(app, &token, "more@example.net").await;
        let cancel = "mutation($id: ID!) { webinarCancel(id: $id, reason: \"Ill\") { userErrors { code } } }";
        run.organiser.runs(cancel, &json!({ "id": run.webinar })).await;
        assert_eq!(refused(app, &token, "late@example.net").await, ["WRONG_STATE input.token"]);
    })
    .await;
}

#[tokio::test]
async fn who_names_and_who_changes_people_take_their_locks_in_one_order() {
    with_app(async |app| {
        if app.db.backend() == DbBackend::Sqlite {
            return; // which has one writer at a time
        }
        let run = Run::new(app).await;
        let token = run.list("Mission", "mission@example.org", 2).await;
        let tx = app.begin().await.expect("a transaction");
        tx.execute_unprepared("SELECT id FROM webinar FOR UPDATE").await.expect("as one who changes a nominee does first");
        let meanwhile = async {
            app.until_one_waits_for_a_lock().await;
            let then = tx.execute_unprepared("SELECT id FROM invitation FOR UPDATE NOWAIT").await;
            tx.rollback().await.expect("it is given up");
            then.expect("who waits for the webinar has no lock that others want after it");
        };
        tokio::join!(names(app, &token, "awa@example.org"), meanwhile);
    })
    .await;
}
