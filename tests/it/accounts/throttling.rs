//! Slowing down those who guess, and those who make the server hash or mail.

use std::time::Duration as Pause;

use chrono::Duration;
use futures_util::future::join_all;
use lyceum::{
    accounts::signing_in::{self, SessionStartInput, SessionTransport},
    app::App,
    config::Config,
    error::Error,
};
use serde_json::{Value, json};

use super::{RESEND, RESET, RESET_REQUEST, SIGN_UP, START, credentials, mails_to, reset, sign_up};
use crate::{
    app::{Client, PASSWORD, with_app, with_app_set},
    http_client::Server,
};

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_password_forgets_it() {
    with_app(async |app| {
        let known = app.practitioner().await;
        for _ in 0..5 {
            app.visitor().problems(START, &credentials(&known.email, "not this")).await;
        }
        assert_eq!(app.visitor().fails(START, &credentials(&known.email, PASSWORD)).await, "RATE_LIMITED");
        app.clock.advance(Duration::minutes(1));
        app.visitor().runs(START, &credentials(&known.email, PASSWORD)).await;
        app.visitor().problems(START, &credentials(&known.email, "not this")).await;
    })
    .await;
}

#[tokio::test]
async fn failures_stay_counted_when_the_server_starts_anew_and_redis_has_forgotten_all() {
    with_app(async |app| {
        let known = app.practitioner().await;
        for _ in 0..5 {
            app.visitor().problems(START, &credentials(&known.email, "not this")).await;
        }
        // The same database; another store of sessions, which knows nothing.
        let config = Config { redis: None, ..app.config.clone() };
        let anew = App::build(config, app.clock.clone()).await.expect("another server");
        let input = SessionStartInput {
            email: known.email.clone(),
            password: PASSWORD.into(),
            shared_device: false,
            transport: SessionTransport::Bearer,
            device_token: None,
        };
        let refused = signing_in::start(&anew, &app.visitor().viewer().await, input).await;
        assert!(matches!(refused, Err(Error::RateLimited(_))), "{refused:?}");
        anew.objects.close(Pause::from_secs(5)).await;
    })
    .await;
}

/// A document with so many sign-ins with wrong passwords, to the accounts of the addresses that `email` gives by number.
fn guesses(count: usize, email: impl Fn(usize) -> String) -> String {
    let guess = |n: usize| {
        let email = email(n);
        format!("a{n}: sessionStart(input: {{ email: \"{email}\", password: \"guess{n}\" }}) {{ userErrors {{ code }} }}")
    };
    format!("mutation {{ {} }}", (0..count).map(guess).collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_hundred_sign_ins_in_one_request_are_refused_unhashed_and_each_of_ten_counts() {
    with_app_set(&[("LYCEUM_TRUSTED_PROXIES", "127.0.0.1")], async |app| {
        let (known, neighbour) = (app.practitioner().await, app.practitioner().await);
        let (server, before) = (Server::start(app).await, app.hasher.turns());
        let from = |address: &'static str| [("x-forwarded-for", address)];
        for too_many in [100, 11] {
            let refused = server.asks(&guesses(too_many, |_| known.email.clone()), &from("203.0.113.7")).await;
            assert_eq!(refused.refusal(), "400 QUERY_TOO_COMPLEX", "{too_many}");
            assert_eq!(refused.json()["errors"][0]["message"], "The operation has too many root fields.");
        }
        assert_eq!(app.hasher.turns(), before, "no password was looked at");

        // Of one account: five fail, and from then on none is looked at.
        let ten = server.asks(&guesses(10, |_| known.email.clone()), &from("203.0.113.7")).await.json();
        let limited = ten["errors"].as_array().into_iter().flatten().filter(|it| it["extensions"]["code"] == "RATE_LIMITED");
        assert_eq!(limited.count(), 5, "{ten:#}");
        assert_eq!(app.hasher.turns() - before, 5);
        // Of ten accounts: ten failures of one network, which has to wait then.
        let ten = server.asks(&guesses(10, |n| format!("nobody{n}@example.org")), &from("203.0.113.8")).await.json();
        assert!(ten["errors"].is_null(), "{ten:#}");
        assert_eq!(app.hasher.turns() - before, 15);
        let right = credentials(&neighbour.email, PASSWORD);
        assert_eq!(server.asks_with(START, &right, &from("203.0.113.8")).await.code(), "RATE_LIMITED");
        let elsewhere = server.asks_with(START, &right, &from("203.0.113.9")).await.json();
        assert!(elsewhere["data"]["sessionStart"]["token"].is_string(), "{elsewhere:#}");
    })
    .await;
}

#[tokio::test]
async fn many_guesses_at_once_count_as_many() {
    with_app(async |app| {
        let known = app.practitioner().await;
        let guesses =
            join_all((0..12).map(async |n| app.visitor().sends(START, &credentials(&known.email, &format!("guess {n}"))).await));
        let limited = guesses.await.iter().filter(|answer| code(answer) == "RATE_LIMITED").count();
        assert_eq!(limited, 7);
    })
    .await;
}

fn code(answer: &Value) -> String {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

/// Signs in as a client does that waits as long as a busy server asks it to.
async fn signs_in(person: &Client<'_>) {
    let visitor = person.app.visitor().at("198.51.100.7");
    loop {
        let answer = visitor.sends(START, &credentials(&person.email, PASSWORD)).await;
        if answer["data"]["sessionStart"]["token"].is_string() {
            return;
        }
        assert_eq!(code(&answer), "UNAVAILABLE", "{answer}");
        let wait = answer["errors"][0]["extensions"]["retryAfterSeconds"].as_u64().expect("how long to wait");
        tokio::time::sleep(Pause::from_secs(wait)).await;
    }
}

#[tokio::test]
async fn forty_people_behind_one_address_sign_in_at_once_within_a_minute() {
    with_app(async |app| {
        let mut people = Vec::new();
        for _ in 0..40 {
            people.push(app.practitioner().await);
        }
        let begun = std::time::Instant::now();
        join_all(people.iter().map(signs_in)).await;
        assert!(begun.elapsed() < Pause::from_mins(1), "{:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test]
async fn ten_failures_a_minute_stop_a_network_and_nobody_else() {
    with_app(async |app| {
        let people = [app.practitioner().await, app.practitioner().await, app.practitioner().await];
        for (n, address) in ["2001:db8::1", "2001:db8::2"].into_iter().enumerate() {
            for _ in 0..5 {
                app.visitor().at(address).problems(START, &credentials(&people[n].email, "not this")).await;
            }
        }
        let right = credentials(&people[2].email, PASSWORD);
        assert_eq!(app.visitor().at("2001:db8::ffff").fails(START, &right).await, "RATE_LIMITED");
        app.visitor().at("2001:db8:0:1::1").runs(START, &right).await;
        app.clock.advance(Duration::minutes(1));
        app.visitor().at("2001:db8::ffff").runs(START, &right).await;
    })
    .await;
}

#[tokio::test]
async fn a_network_makes_the_server_hash_or_mail_twenty_times_a_minute() {
    with_app(async |app| {
        let unknown = json!({ "email": "nobody@example.org" });
        for (document, input) in [(RESEND, &unknown), (RESET_REQUEST, &unknown), (RESET, &reset("nothing", "a long passphrase"))]
        {
            for _ in 0..20 {
                assert!(app.visitor().at("192.0.2.1").sends(document, input).await["errors"].is_null());
            }
            assert_eq!(app.visitor().at("192.0.2.1").fails(document, input).await, "RATE_LIMITED", "{document}");
            assert!(app.visitor().at("192.0.2.2").sends(document, input).await["errors"].is_null());
        }
        assert_eq!(app.hasher.turns(), 0, "a token that nobody mailed costs no hash");

        // To judge a password is work, too.
        let mut weak = sign_up("amina@example.org");
        weak["input"]["password"] = "password123".into();
        for _ in 0..20 {
            assert_eq!(app.visitor().at("192.0.2.3").problems(SIGN_UP, &weak).await, ["WEAK_PASSWORD input.password"]);
        }
        assert_eq!(app.visitor().at("192.0.2.3").fails(SIGN_UP, &weak).await, "RATE_LIMITED");

        for _ in 0..20 {
            app.visitor().at("192.0.2.1").runs(SIGN_UP, &sign_up("amina@example.org")).await;
        }
        assert_eq!(app.visitor().at("192.0.2.1").fails(SIGN_UP, &sign_up("amina@example.org")).await, "RATE_LIMITED");
        assert_eq!(app.hasher.turns(), 20);
        assert_eq!(mails_to(app, "amina@example.org").await, 5, "and an address gets five mails an hour");
        app.clock.advance(Duration::minutes(1));
        app.visitor().at("192.0.2.1").runs(SIGN_UP, &sign_up("tomas@example.org")).await;
    })
    .await;
}

#[tokio::test]
async fn the_owner_of_an_account_is_told_of_sign_ups_five_times_an_hour() {
    with_app(async |app| {
        let known = app.practitioner().await;
        for _ in 0..7 {
            app.visitor().runs(SIGN_UP, &sign_up(&known.email)).await;
        }
        assert_eq!(mails_to(app, &known.email).await, 5);
        app.clock.advance(Duration::hours(1));
        app.visitor().runs(SIGN_UP, &sign_up(&known.email)).await;
        assert_eq!(mails_to(app, &known.email).await, 6);
    })
    .await;
}

#[tokio::test]
async fn forged_headers_change_neither_limits_nor_links() {
    with_app_set(&[("LYCEUM_PUBLIC_URL", "https://lyceum.example")], async |app| {
        let known = app.practitioner().await;
        let server = Server::start(app).await;
        for n in 0..10 {
            let forged = [("x-forwarded-for", &*format!("192.0.2.{n}")), ("host", "evil.example")];
            let guess = credentials(&format!("nobody{n}@example.org"), "not this");
            assert_eq!(server.asks_with(START, &guess, &forged).await.status, 200);
        }
        let forged = [("x-forwarded-for", "192.0.2.99"), ("host", "evil.example"), ("x-forwarded-host", "evil.example")];
        let refused = server.asks_with(START, &credentials(&known.email, PASSWORD), &forged).await;
        assert_eq!(refused.code(), "RATE_LIMITED");
        server.asks_with(RESET_REQUEST, &json!({ "email": known.email }), &forged).await;
        let text = super::newest_mail(app, &known.email).await;
        assert!(text.contains("https://lyceum.example/demo/#/reset?token=") && !text.contains("evil"), "{text}");
    })
    .await;
}
