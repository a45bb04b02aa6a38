//! Devices that are known to an account, which others can't lock.

use chrono::Duration;
use serde_json::{Value, json};

use super::{RESET, RESET_REQUEST, START, credentials, mailed_token, reset};
use crate::{
    app::{PASSWORD, TestApp, with_app},
    http_client::Server,
};

fn on_device(email: &str, password: &str, token: &Value) -> Value {
    let mut input = credentials(email, password);
    input["input"]["deviceToken"] = token.clone();
    input
}

/// Guesses at an account from everywhere until strangers are refused.
async fn hammer(app: &TestApp, email: &str) {
    for n in 0..100 {
        let guesser = app.visitor().at(&format!("2001:db8:0:{:x}::1", n / 5));
        assert_eq!(guesser.problems(START, &credentials(email, &format!("guess {n}"))).await, ["WRONG_CREDENTIALS"]);
    }
    assert_eq!(app.visitor().at("192.0.2.1").fails(START, &credentials(email, PASSWORD)).await, "RATE_LIMITED");
}

#[tokio::test]
async fn a_device_that_signed_in_before_is_let_in_while_others_guess() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let started = app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
        let token = started["sessionStart"]["deviceToken"].clone();
        let foreign = app.practitioner().await;
        let theirs =
            app.visitor().runs(START, &credentials(&foreign.email, PASSWORD)).await["sessionStart"]["deviceToken"].clone();
        hammer(app, &person.email).await;

        let visitor = app.visitor().at("192.0.2.1");
        assert_eq!(visitor.fails(START, &on_device(&person.email, PASSWORD, &theirs)).await, "RATE_LIMITED");
        let again = visitor.runs(START, &on_device(&person.email, PASSWORD, &token)).await["sessionStart"].clone();
        assert!(again["token"].is_string() && again["deviceToken"].is_null(), "{again}");
        for _ in 0..5 {
            visitor.problems(START, &on_device(&person.email, "not this", &token)).await;
        }
        assert_eq!(visitor.fails(START, &on_device(&person.email, PASSWORD, &token)).await, "RATE_LIMITED", "its own counter");
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_known_by_a_cookie_of_its_own() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let server = Server::start(app).await;
        let start = async |shared: bool, headers: &[(&str, &str)]| {
            let mut input = credentials(&person.email, PASSWORD);
            (input["input"]["transport"], input["input"]["sharedDevice"]) = ("COOKIE".into(), shared.into());
            server.asks_with(START, &input, headers).await
        };
        assert!(!start(true, &[]).await.all("set-cookie").contains("lyceum-device"), "a shared device is not remembered");
        let reply = start(false, &[]).await;
        assert!(reply.json()["data"]["sessionStart"]["deviceToken"].is_null());
        let cookies = reply.all("set-cookie");
        let (_, device) = cookies.split_once("lyceum-device=").expect("a cookie");
        assert!(
            device.contains("Max-Age=31536000") && device.contains("HttpOnly") && device.contains("SameSite=Lax"),
            "{device}"
        );
        let cookie = format!("lyceum-device={}", device.split(';').next().expect("its value"));

        hammer(app, &person.email).await;
        let known = start(false, &[("cookie", &cookie)]).await;
        assert_eq!(known.status, 200);
        assert!(!known.all("set-cookie").contains("lyceum-device"), "it is known already");
    })
    .await;
}

#[tokio::test]
async fn a_device_is_forgotten_after_a_year_and_when_the_password_is_reset() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let device = async |password: &str, token: &Value| {
            app.visitor().runs(START, &on_device(&person.email, password, token)).await["sessionStart"]["deviceToken"].clone()
        };
        let first = device(PASSWORD, &json!(null)).await;
        app.clock.advance(Duration::days(364));
        assert!(device(PASSWORD, &first).await.is_null());
        app.clock.advance(Duration::days(1));
        let second = device(PASSWORD, &first).await;
        assert!(second.is_string());

        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let token = mailed_token(app, &person.email).await;
        app.visitor().runs(RESET, &reset(&token, "another long passphrase")).await;
        assert!(device("another long passphrase", &second).await.is_string());
    })
    .await;
}

#[tokio::test]
async fn twenty_devices_are_remembered_and_the_oldest_is_forgotten() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let mut devices = Vec::new();
        for _ in 0..21 {
            let started = app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
            devices.push(started["sessionStart"]["deviceToken"].clone());
            app.clock.advance(Duration::minutes(1));
        }
        let known = app.visitor().runs(START, &on_device(&person.email, PASSWORD, &devices[1])).await;
        assert!(known["sessionStart"]["deviceToken"].is_null());
        let forgotten = app.visitor().runs(START, &on_device(&person.email, PASSWORD, &devices[0])).await;
        assert!(forgotten["sessionStart"]["deviceToken"].is_string());
    })
    .await;
}
