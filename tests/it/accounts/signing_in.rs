//! Signing in.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use futures_util::future::join_all;
use lyceum::accounts::user;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, EntityTrait as _, Set, Statement, Unchanged};
use serde_json::{Value, json};

use super::{CHANGE, RESET, RESET_REQUEST, START, VIEWER, credentials, has_session, mailed_token, reset, sign_up};
use crate::{
    app::{PASSWORD, TestApp, with_app},
    http_client::Server,
};

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    with_app(async |app| {
        let known = app.practitioner().await;
        let wrong = app.visitor().sends(START, &credentials(&known.email, "not this")).await;
        let unknown = app.visitor().sends(START, &credentials("nobody@example.org", "not this")).await;
        assert_eq!(wrong, unknown);
        assert_eq!(wrong["data"]["sessionStart"]["userErrors"][0]["code"], "WRONG_CREDENTIALS");
    })
    .await;
}

#[tokio::test]
async fn a_hash_is_computed_whether_or_not_there_is_an_account() {
    with_app(async |app| {
        let known = app.practitioner().await;
        for email in [known.email.as_str(), "nobody@example.org"] {
            let before = app.hasher.turns();
            app.visitor().problems(START, &credentials(email, "not this")).await;
            assert_eq!(app.hasher.turns() - before, 1, "{email}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_password_of_a_megabyte_is_refused_unhashed() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let (before, endless) = (app.hasher.turns(), "x".repeat(1 << 20));
        assert_eq!(app.visitor().problems(START, &credentials(&person.email, &endless)).await, ["WRONG_CREDENTIALS"]);
        let mut input = sign_up("amina@example.org");
        input["input"]["password"] = endless.clone().into();
        assert_eq!(app.visitor().problems(super::SIGN_UP, &input).await, ["TOO_LONG input.password"]);
        let change = json!({ "input": { "currentPassword": endless, "newPassword": "another long passphrase" } });
        assert_eq!(person.problems(CHANGE, &change).await, ["WRONG_CREDENTIALS input.currentPassword"]);
        assert_eq!(app.visitor().problems(RESET, &reset("nothing", &endless)).await, ["TOO_LONG input.newPassword"]);
        assert_eq!(app.hasher.turns(), before);
    })
    .await;
}

#[tokio::test]
async fn a_password_hashed_with_less_work_than_today_is_hashed_anew_at_the_next_sign_in() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let hash = async || {
            let row = user::Entity::find_by_id(person.user()).one(app.db.read()).await;
            row.expect("the database").expect("the account").password_hash
        };
        let little = Params::new(8 * 1024, 1, 1, None).expect("parameters");
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, little).hash_password(PASSWORD.as_bytes());
        let old = old.expect("a hash").to_string();
        let change = user::ActiveModel { id: Unchanged(person.user()), password_hash: Set(old.clone()), ..Default::default() };
        change.update(app.db.write()).await.expect("an old hash");

        let wrong = credentials(&person.email, "not this");
        assert_eq!(app.visitor().problems(START, &wrong).await, ["WRONG_CREDENTIALS"]);
        assert_eq!(hash().await, old);
        let right = credentials(&person.email, PASSWORD);
        app.visitor().runs(START, &right).await;
        let new = hash().await;
        assert!(new.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{new}");
        app.visitor().runs(START, &right).await;
        assert_eq!(hash().await, new, "once");
        person.runs(VIEWER, &json!({})).await;
    })
    .await;
}

/// Waits until a password is being hashed that was not `before`.
async fn hashing(app: &TestApp, before: u64) {
    while app.hasher.turns() == before {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_sign_in_with_the_old_password_does_not_survive_a_reset_meanwhile() {
    with_app(async |app| {
        let mut old = PASSWORD.to_owned();
        let person = app.practitioner().await;
        for round in 0..4 {
            app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
            let token = mailed_token(app, &person.email).await;
            let (new, before) = (format!("long passphrase number {round}"), app.hasher.turns());
            let (input, credentials) = (reset(&token, &new), credentials(&person.email, &old));
            let visitor = app.visitor();
            let resetting = visitor.runs(RESET, &input);
            let signing_in = async {
                hashing(app, before).await;
                app.visitor().sends(START, &credentials).await
            };
            let (_, started) = tokio::join!(resetting, signing_in);
            let token = &started["data"]["sessionStart"]["token"];
            assert!(token.is_null() || !has_session(&person.with_token(token)).await, "{started}");
            old = new;
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_by_the_old_password_does_not_undo_a_reset_meanwhile() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let (token, before) = (mailed_token(app, &person.email).await, app.hasher.turns());
        let input = json!({ "input": { "currentPassword": PASSWORD, "newPassword": "the thief's long passphrase" } });
        let changing = person.sends(CHANGE, &input);
        let resetting = async {
            hashing(app, before).await;
            app.visitor().runs(RESET, &reset(&token, "the owner's long passphrase")).await
        };
        tokio::join!(changing, resetting);
        app.visitor().runs(START, &credentials(&person.email, "the owner's long passphrase")).await;
    })
    .await;
}

#[tokio::test]
async fn a_planted_cookie_is_not_taken_over() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let server = Server::start(app).await;
        let mut input = credentials(&person.email, PASSWORD);
        input["input"]["transport"] = "COOKIE".into();
        let headers = [("cookie", "lyceum=planted"), ("sec-fetch-site", "same-origin")];
        let reply = server.asks_with(START, &input, &headers).await;
        let cookie = reply.all("set-cookie");
        assert!(cookie.starts_with("lyceum=") && !cookie.contains("planted"), "{cookie}");
        let own = cookie.split(';').next().expect("a cookie");
        let viewer = async |cookie: &str| {
            let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
            server.asks(VIEWER, &headers).await.json()["data"]["viewer"].clone()
        };
        assert_eq!(viewer("lyceum=planted").await, Value::Null);
        assert_eq!(viewer(own).await["user"]["email"], person.email);
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_sign_ins_leaves_the_rest_of_the_server_alone() {
    with_app(async |app| {
        let before = app.hasher.turns();
        let sign_ins = join_all((0..200).map(async |n: u32| {
            let visitor = app.visitor().at(&format!("2001:db8:0:{n:x}::1"));
            visitor.sends(START, &credentials(&format!("nobody{n}@example.org"), "not this")).await
        }));
        let others = async {
            loop {
                let begun = Instant::now();
                app.visitor().runs("{ courses(first: 1) { nodes { id } } }", &json!({})).await;
                assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
                assert!(app.hasher.running() <= app.hasher.most(), "{} hash at once", app.hasher.running());
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let answers = tokio::select! {
            answers = sign_ins => answers,
            () = others => unreachable!("it does not end"),
        };
        let judged =
            answers.iter().filter(|answer| answer["data"]["sessionStart"]["userErrors"][0]["code"] == "WRONG_CREDENTIALS");
        let away = answers.iter().filter(|answer| answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE");
        let judged = judged.count();
        assert_eq!((judged + away.count(), judged as u64), (200, app.hasher.turns() - before));
        let counters = Statement::from_string(app.db.backend(), "SELECT key FROM sign_in_failure");
        let counted = app.db.read().query_all_raw(counters).await.expect("rows").len();
        assert!(counted < 200, "{counted} counters: who is sent away costs the database nothing");
    })
    .await;
}
