//! Passwords: setting a forgotten one anew, changing one.

use chrono::Duration;
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, JsonValue, Statement};
use serde_json::json;

use super::{CHANGE, RESET, RESET_REQUEST, START, credentials, has_session, mailed_token, mails_to, reset};
use crate::app::{PASSWORD, TestApp, with_app};

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once_and_signs_out_everywhere() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let unknown = app.visitor().sends(RESET_REQUEST, &json!({ "email": "nobody@example.org" })).await;
        assert_eq!(app.visitor().sends(RESET_REQUEST, &json!({ "email": person.email })).await, unknown);
        let first = mailed_token(app, &person.email).await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let second = mailed_token(app, &person.email).await;
        assert_eq!(app.visitor().problems(RESET, &reset(&first, "another long passphrase")).await, ["EXPIRED input.token"]);
        app.clock.advance(Duration::seconds(1));
        app.visitor().runs(RESET, &reset(&second, "another long passphrase")).await;
        app.visitor().runs(RESET, &reset(&second, "another long passphrase")).await;
        assert_eq!(app.visitor().problems(RESET, &reset(&second, "a third long passphrase")).await, ["EXPIRED input.token"]);
        assert!(!has_session(&person).await, "old sessions end");
        app.visitor().runs(START, &credentials(&person.email, "another long passphrase")).await;
    })
    .await;
}

#[tokio::test]
async fn a_used_link_does_not_tell_which_password_holds_more_often_than_signing_in_does() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let token = mailed_token(app, &person.email).await;
        app.visitor().runs(RESET, &reset(&token, "another long passphrase")).await;
        for _ in 0..5 {
            assert_eq!(app.visitor().problems(RESET, &reset(&token, "a wrong long passphrase")).await, ["EXPIRED input.token"]);
        }
        assert_eq!(app.visitor().fails(RESET, &reset(&token, "another long passphrase")).await, "RATE_LIMITED");
        assert_eq!(app.visitor().fails(START, &credentials(&person.email, "another long passphrase")).await, "RATE_LIMITED");
    })
    .await;
}

#[tokio::test]
async fn a_link_to_reset_dies_after_half_an_hour() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let token = mailed_token(app, &person.email).await;
        app.clock.advance(Duration::minutes(30));
        let input = json!({ "input": { "token": token, "newPassword": "another long passphrase" } });
        assert_eq!(app.visitor().problems(RESET, &input).await, ["EXPIRED input.token"]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let started = app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
        let other = person.with_token(&started["sessionStart"]["token"]);
        app.clock.advance(Duration::seconds(1));
        let change = |current: &str| json!({ "input": { "currentPassword": current, "newPassword": "another long passphrase" } });
        assert_eq!(person.problems(CHANGE, &change("not this one")).await, ["WRONG_CREDENTIALS input.currentPassword"]);
        person.runs(CHANGE, &change(PASSWORD)).await;
        assert!(has_session(&person).await);
        assert!(!has_session(&other).await);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_makes_links_that_were_mailed_before_void() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let token = mailed_token(app, &person.email).await;
        let change = json!({ "input": { "currentPassword": PASSWORD, "newPassword": "another long passphrase" } });
        person.runs(CHANGE, &change).await;
        assert_eq!(app.visitor().problems(RESET, &reset(&token, "a third long passphrase")).await, ["EXPIRED input.token"]);
        app.visitor().runs(START, &credentials(&person.email, "another long passphrase")).await;
    })
    .await;
}

#[tokio::test]
async fn of_two_resets_with_one_token_at_once_one_succeeds() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let token = mailed_token(app, &person.email).await;
        let visitor = app.visitor();
        let inputs = [reset(&token, "one long passphrase"), reset(&token, "another long passphrase")];
        let (one, other) = tokio::join!(visitor.sends(RESET, &inputs[0]), visitor.sends(RESET, &inputs[1]));
        let mut codes = [one, other].map(|answer| answer["data"]["passwordReset"]["userErrors"].clone());
        codes.sort_by_key(|errors| errors.as_array().map(Vec::len));
        assert_eq!(codes, [json!([]), json!([{ "code": "EXPIRED", "field": ["input", "token"] }])]);
    })
    .await;
}

/// All rows of the tables that a token could leave something in.
async fn stored(app: &TestApp) -> String {
    let mut all = String::new();
    for table in ["mailed_token", "job", "audit_entry", "idempotency_key", "sign_in_failure", "session", "device"] {
        let statement = Statement::from_string(app.db.backend(), format!("SELECT * FROM {table}"));
        for row in app.db.read().query_all_raw(statement).await.expect("rows") {
            all.push_str(&JsonValue::from_query_result(&row, "").expect("JSON").to_string());
        }
    }
    all
}

#[tokio::test]
async fn no_row_holds_a_token() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let before = stored(app).await;
        let token = mailed_token(app, &person.email).await;
        let started = app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await["sessionStart"].clone();
        let all = before + &stored(app).await;
        assert!(all.contains("password_reset"), "{all}");
        for secret in [token.as_str(), started["token"].as_str().expect("it"), started["deviceToken"].as_str().expect("it")] {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_that_only_looks_like_another_gets_no_link() {
    with_app(async |app| {
        let person = app.practitioner().await;
        for alike in
            [person.email.replace("person", "per\u{17f}on").replace('\u{17f}', "\u{455}"), person.email.replace('e', "\u{435}")]
        {
            app.visitor().runs(RESET_REQUEST, &json!({ "email": alike })).await;
        }
        app.visitor().runs(RESET_REQUEST, &json!({ "email": "m\u{131}ke@example.org" })).await;
        assert!(app.mails().await.is_empty());
        // Another way to write the same address: the mail goes to the one that is stored.
        let wide = person.email.replace('p', "\u{ff30}");
        app.visitor().runs(RESET_REQUEST, &json!({ "email": wide })).await;
        assert_eq!((mails_to(app, &person.email).await, app.mails().await.len()), (1, 1));
    })
    .await;
}
