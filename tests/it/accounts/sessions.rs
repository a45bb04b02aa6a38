//! Sessions: how they end.

use std::time::{Duration as Pause, Instant};

use chrono::Duration;
use serde_json::{Value, json};

use super::{
    CHANGE, GRANT_ROLE, RESET, RESET_REQUEST, REVOKE, START, SUSPEND, VIEWER, credentials, has_session, mailed_token, reset,
};
use crate::{
    app::{Client, PASSWORD, TestApp, with_app},
    http_client::Server,
    websocket::{Socket, bearer},
};

const END: &str = "mutation { sessionEnd { userErrors { code } } }";

#[tokio::test]
async fn a_session_ends_when_told_when_idle_and_on_a_shared_device_soon() {
    with_app(async |app| {
        let person = app.practitioner().await;
        person.runs(END, &json!({})).await;
        assert!(!has_session(&person).await);

        let person = app.practitioner().await;
        let mut input = credentials(&person.email, PASSWORD);
        input["input"]["sharedDevice"] = true.into();
        let started = app.visitor().runs(START, &input).await;
        let shared = person.with_token(&started["sessionStart"]["token"]);
        app.clock.advance(Duration::minutes(15));
        assert!(!has_session(&shared).await);
        assert!(has_session(&person).await);
        app.clock.advance(Duration::hours(12));
        assert!(!has_session(&person).await);
    })
    .await;
}

#[tokio::test]
async fn other_devices_are_signed_out_together() {
    with_app(async |app| {
        let person = app.practitioner().await;
        for _ in 0..2 {
            app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
        }
        let ended = person.runs("mutation { sessionEndOthers { endedCount userErrors { code } } }", &json!({})).await;
        assert_eq!(ended["sessionEndOthers"]["endedCount"], 2);
        let sessions = person.runs(VIEWER, &json!({})).await["viewer"]["sessions"].clone();
        assert_eq!(sessions, json!([{ "isCurrent": true }]));
    })
    .await;
}

#[tokio::test]
async fn an_administrators_session_ends_after_half_an_hour_idle_or_twelve_hours() {
    with_app(async |app| {
        let idle = app.administrator().await;
        app.clock.advance(Duration::minutes(29));
        assert!(has_session(&idle).await);
        app.clock.advance(Duration::minutes(29));
        assert!(has_session(&idle).await, "it was used meanwhile");
        app.clock.advance(Duration::minutes(30));
        assert!(!has_session(&idle).await);

        let busy = app.administrator().await;
        for _ in 0..36 {
            assert!(has_session(&busy).await);
            app.clock.advance(Duration::minutes(20));
        }
        assert!(!has_session(&busy).await);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_never_rests_ends_after_thirty_days() {
    with_app(async |app| {
        let person = app.practitioner().await;
        // 715 hours, never twelve of them idle.
        for _ in 0..65 {
            assert!(has_session(&person).await);
            app.clock.advance(Duration::hours(11));
        }
        assert!(has_session(&person).await);
        app.clock.advance(Duration::minutes(5 * 60 - 10));
        assert!(has_session(&person).await, "ten minutes before the end");
        app.clock.advance(Duration::minutes(10));
        assert!(!has_session(&person).await, "thirty days");
        assert!(has_session(&person.again().await).await, "and whoever signs in again goes on");
    })
    .await;
}

#[tokio::test]
async fn a_session_is_judged_by_the_rights_that_its_person_has_now() {
    with_app(async |app| {
        let (admin, person) = (app.administrator().await, app.practitioner().await);
        let role = json!({ "id": person.id(), "role": "ADMINISTRATOR" });
        app.clock.advance(Duration::minutes(25));
        admin.runs(GRANT_ROLE, &role).await;
        app.clock.advance(Duration::minutes(10));
        assert!(!has_session(&person).await, "idle for too long for an administrator");
        let longest = person.again().await.runs("{ viewer { session { createdAt expiresAt } } }", &json!({})).await;
        let at =
            |field: &str| longest["viewer"]["session"][field].as_str().expect("a time").parse::<chrono::DateTime<chrono::Utc>>();
        assert_eq!(at("expiresAt").expect("a time") - at("createdAt").expect("a time"), Duration::hours(12));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_used_stays_dead() {
    with_app(async |app| {
        let person = app.practitioner().await;
        for _ in 0..20 {
            let session = app.signed_in(person.user(), person.email.clone()).await;
            // Its use has to be noted, which must not bring it back.
            app.clock.advance(Duration::minutes(1));
            let nothing = json!({});
            let (_, _, ended, _) = tokio::join!(
                session.sends(VIEWER, &nothing),
                session.sends(VIEWER, &nothing),
                session.sends(END, &nothing),
                session.sends(VIEWER, &nothing)
            );
            assert!(ended["errors"].is_null(), "{ended}");
            assert!(!has_session(&session).await);
        }
    })
    .await;
}

/// A way to end all sessions of a person.
async fn end_by(app: &TestApp, way: &str, person: &Client<'_>, admin: &Client<'_>) {
    match way {
        "change" => {
            let other = person.again().await;
            let input = json!({ "input": { "currentPassword": PASSWORD, "newPassword": "another long passphrase" } });
            other.runs(CHANGE, &input).await;
        }
        "reset" => {
            app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
            let token = mailed_token(app, &person.email).await;
            app.visitor().runs(RESET, &reset(&token, "another long passphrase")).await;
        }
        "suspension" => {
            admin.runs(SUSPEND, &json!({ "id": person.id() })).await;
        }
        _ => {
            admin.runs(REVOKE, &json!({ "id": person.id(), "role": "TRAINER" })).await;
        }
    }
}

#[tokio::test]
async fn a_new_password_a_suspension_and_a_lost_role_end_sessions_and_sockets_within_five_seconds() {
    with_app(async |app| {
        let (server, admin) = (Server::start(app).await, app.administrator().await);
        for way in ["change", "reset", "suspension", "role"] {
            let person = app.trainer().await;
            let socket = Socket::acknowledged(&server, &[], bearer(&person)).await;
            end_by(app, way, &person, &admin).await;
            let ended = Instant::now();
            assert!(!has_session(&person).await, "{way}");
            assert_eq!(socket.closed().await, 4403, "{way}");
            assert!(ended.elapsed() < Pause::from_secs(5), "{way}: {:?}", ended.elapsed());
        }
    })
    .await;
}

#[tokio::test]
async fn another_key_of_the_store_is_no_session() {
    with_app(async |app| {
        let Some(address) = &app.config.redis else { return };
        let person = app.practitioner().await;
        let session = app.sessions.of_user(person.user(), app.clock.now()).await.expect("sessions").remove(0);
        let mut store = redis_at(secrecy::ExposeSecret::expose_secret(address)).await;
        let name = format!("other-{}", uuid::Uuid::new_v4());
        let text = serde_json::to_string(&session).expect("JSON");
        let _: () = redis::AsyncCommands::set_ex(&mut store, &name, text, 60).await.expect("it is kept");
        let server = Server::start(app).await;
        for planted in [name.clone(), format!("sess:{name}"), session.token_hash.clone(), format!("sess:{}", session.token_hash)]
        {
            let headers = [("cookie", &*format!("lyceum={planted}")), ("sec-fetch-site", "same-origin")];
            assert_eq!(server.asks(VIEWER, &headers).await.json()["data"]["viewer"], Value::Null, "{planted}");
        }
        assert!(has_session(&person).await);
    })
    .await;
}

async fn redis_at(address: &str) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(address).expect("an address");
    client.get_multiplexed_async_connection().await.expect("the store is there")
}
