//! Redis, where sessions are.

use std::time::Duration;

use futures_util::future::join_all;
use redis::AsyncCommands as _;
use serde_json::{Value, json};

use super::{OWN, PUBLIC, asked, assert_away, behind, behind_with, health, proxy::Mode, recovered, within};
use crate::{
    accounts::{START, credentials},
    app::{PASSWORD, TestApp},
    http_client::Server,
};

/// A second, on a machine that does other things too.
const SOON: Duration = Duration::from_millis(1500);

async fn signs_in(app: &TestApp, email: &str, password: &str) -> Value {
    app.visitor().sends(START, &credentials(email, password)).await
}

#[tokio::test]
async fn while_redis_is_away_visitors_read_and_the_signed_in_are_told_to_come_back() {
    let Some((app, proxy)) = behind("REDIS_URL").await else { return };
    let (server, person, visitor) = (Server::start(&app).await, app.practitioner().await, app.visitor());
    for fault in [Mode::Refuse, Mode::Hang, Mode::Delay(2 * SOON), Mode::Truncate(0)] {
        recovered(&server, &person).await;
        proxy.set(fault).await;
        for _ in 0..5 {
            let (own, took) = asked(&server, &person, OWN, &json!({})).await;
            assert_away(&own);
            assert!(took < SOON, "{fault:?}: {took:?}");
            let (public, took) = asked(&server, &visitor, PUBLIC, &json!({})).await;
            assert_eq!((public.status, public.json()["errors"].is_null()), (200, true), "{fault:?}");
            assert!(took < SOON, "{fault:?}: {took:?}");
        }
        // Nobody gets in, and the attempt is not held against them: more would lock the account.
        for _ in 0..6 {
            let refused = signs_in(&app, &person.email, PASSWORD).await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{fault:?}: {refused}");
        }
        assert_eq!(health(&server).await, (200, 503), "{fault:?}");
        proxy.set(Mode::Pass).await;
    }
    recovered(&server, &person).await;
    assert!(signs_in(&app, &person.email, PASSWORD).await["data"]["sessionStart"]["token"].is_string());
    app.stop().await;
}

#[tokio::test]
async fn a_connection_to_redis_that_is_lost_without_a_word_is_replaced() {
    let Some((app, proxy)) = behind("REDIS_URL").await else { return };
    let (server, person) = (Server::start(&app).await, app.practitioner().await);
    recovered(&server, &person).await;
    proxy.lose_connections().await;
    assert_away(&asked(&server, &person, OWN, &json!({})).await.0);
    recovered(&server, &person).await;
    app.stop().await;
}

#[tokio::test]
async fn a_redis_that_comes_back_empty_costs_the_sessions_and_nothing_else() {
    // A database of its own there, which no other test empties.
    let own = |values: &mut std::collections::BTreeMap<String, String>| {
        values.entry("REDIS_URL".into()).and_modify(|url| *url = format!("{}/9", url.trim_end_matches('/')));
    };
    let Some((app, proxy)) = behind_with("REDIS_URL", own).await else { return };
    let (server, person, other) = (Server::start(&app).await, app.practitioner().await, app.practitioner().await);
    for _ in 0..5 {
        signs_in(&app, &other.email, "not this").await;
    }
    proxy.set(Mode::Refuse).await;
    assert_away(&asked(&server, &person, OWN, &json!({})).await.0);
    let url = format!("{}/9", std::env::var("LYCEUM_TEST_REDIS_URL").expect("set").trim_end_matches('/'));
    let client = redis::Client::open(url).expect("an address");
    let mut direct = client.get_multiplexed_async_connection().await.expect("it is there");
    let _: () = direct.flushdb().await.expect("it is emptied");
    proxy.set(Mode::Pass).await;

    within(super::RECOVERY, async || health(&server).await == (200, 200)).await;
    let (own, _) = asked(&server, &person, OWN, &json!({})).await;
    assert_eq!((own.status, &own.json()["data"]["viewer"]), (200, &Value::Null), "the session is gone, and that is said");
    assert!(signs_in(&app, &person.email, PASSWORD).await["data"]["sessionStart"]["token"].is_string());
    let locked = signs_in(&app, &other.email, PASSWORD).await;
    assert_eq!(locked["errors"][0]["extensions"]["code"], "RATE_LIMITED", "what was guessed before still counts: {locked}");
    app.stop().await;
}

#[tokio::test]
async fn while_redis_is_away_a_server_limits_by_what_it_has_counted_itself() {
    let trusting = |values: &mut std::collections::BTreeMap<String, String>| {
        values.insert("LYCEUM_TRUSTED_PROXIES".into(), "127.0.0.1".into());
    };
    let Some((app, proxy)) = behind_with("REDIS_URL", trusting).await else { return };
    let server = Server::of_faults(&app).await;
    let (here, mut statuses) = ([("x-forwarded-for", "203.0.113.10")], Vec::new());
    for fault in [Mode::Hang, Mode::Refuse] {
        proxy.set(fault).await;
        // More than a step, of which each is to be told to Redis.
        for _ in 0..70 {
            let begun = std::time::Instant::now();
            statuses.push(server.asks("{ one }", &here).await.status);
            assert!(begun.elapsed() < SOON, "{fault:?}: {:?}", begun.elapsed());
        }
    }
    while statuses.iter().all(|status| *status == 200) && statuses.len() < 2_000 {
        let replies = join_all((0..20).map(|_| server.asks("{ one }", &here))).await;
        statuses.extend(replies.iter().map(|reply| reply.status));
    }
    let answered = statuses.iter().filter(|status| **status == 200).count();
    assert!(answered >= 1_200 && statuses.contains(&429), "{answered} of {}", statuses.len());
    app.stop().await;
}
