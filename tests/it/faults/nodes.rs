//! Several servers and workers for one site.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use lyceum::{app::App, jobs::Worker, language::Language, mail::Letter, transact, worker};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{OWN, PUBLIC, asked, balancer::Balancer, counted, created, new_course, within};
use crate::{
    accounts::{START, credentials},
    app::{Client, PASSWORD, TestApp, with_app, with_app_set},
    forum::{Place, let_in, post},
    http_client::Server,
    process::Process,
    teaching::COURSE_CREATE,
    websocket::{Socket, bearer},
};

/// Longest that a right outlives its end: the five seconds that are promised, and a slow machine.
const REVOKED: Duration = Duration::from_secs(10);

/// A second server of the same site; only a site with Redis can have one.
async fn other_node(app: &TestApp) -> Option<App> {
    if app.config.redis.is_none() || app.config.smtp.is_some() {
        eprintln!("skipped: LYCEUM_TEST_REDIS_URL is not set");
        return None;
    }
    Some(App::build(app.config.clone(), app.clock.clone()).await.expect("a second node"))
}

async fn is_signed_in(server: &Server, client: &Client<'_>) -> bool {
    let (reply, _) = asked(server, client, OWN, &json!({})).await;
    assert_eq!(reply.status, 200);
    !reply.json()["data"]["viewer"].is_null()
}

#[tokio::test]
async fn what_ends_on_one_server_has_ended_on_the_other_and_on_its_sockets() {
    with_app(async |app| {
        let Some(other) = other_node(app).await else { return };
        let (here, there) = (Server::start(app).await, Server::start(&other).await);
        let administrator = app.administrator().await;
        let suspend = "mutation($id: ID!) { userSuspend(id: $id, reason: \"Asked to\") { userErrors { code } } }";
        let revoke = "mutation($id: ID!) { userRoleRevoke(id: $id, role: TRAINER) { userErrors { code } } }";
        let change = "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) { userErrors { code } } }";
        let end = "mutation { sessionEnd { userErrors { code } } }";
        let passwords = json!({ "currentPassword": PASSWORD, "newPassword": "another long enough passphrase" });
        for (what, document) in [("suspension", suspend), ("role", revoke), ("password", change), ("sign-out", end)] {
            let person = app.trainer().await;
            // The session that changes the password stays; the one that is looked at is another.
            let actor = match what {
                "password" => person.again().await,
                "sign-out" => person.clone(),
                _ => administrator.clone(),
            };
            assert!(is_signed_in(&there, &person).await, "{what}");
            let mut socket = Socket::acknowledged(&there, &[], bearer(&person)).await;
            let begun = Instant::now();
            let variables = json!({ "id": person.id(), "input": passwords });
            let (done, _) = asked(&here, &actor, document, &variables).await;
            assert!(done.json()["errors"].is_null(), "{what}: {:#}", done.json());
            let may_stay = what == "role";
            assert_eq!(is_signed_in(&there, &person).await, may_stay && is_signed_in(&here, &person).await, "{what}");
            if !is_signed_in(&here, &person).await {
                let (code, _) = tokio::time::timeout(REVOKED, socket.next()).await.expect("it is closed").expect_err("it is");
                assert_eq!(code, 4403, "{what}");
                assert!(begun.elapsed() < REVOKED, "{what}: {:?}", begun.elapsed());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_happens_on_one_server_is_followed_on_the_other_by_those_who_may() {
    with_app(async |app| {
        let Some(other) = other_node(app).await else { return };
        let there = Server::start(&other).await;
        let (owner, member) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "INVITED").await;
        let_in(app, &place.community, &member, "MEMBER").await;
        let mut socket = Socket::acknowledged(&there, &[], bearer(&member)).await;
        socket.asks("a", &format!("subscription {{ postAdded(topicId: \"{}\") {{ body }} }}", place.topic)).await;
        let mut heard = None;
        within(super::RECOVERY, async || {
            post(&owner, &place.topic, "Before").await;
            heard = tokio::time::timeout(Duration::from_millis(500), socket.next()).await.ok();
            heard.is_some()
        })
        .await;
        assert_eq!(heard.expect("it is heard").expect("a message")["payload"]["data"]["postAdded"]["body"], "Before");

        let revoke = "mutation($input: AccessRevokeInput!) { accessRevoke(input: $input) { userErrors { code field } } }";
        owner.runs(revoke, &json!({ "input": { "subjectId": place.community, "email": member.email } })).await;
        post(&owner, &place.topic, "After").await;
        loop {
            let message = socket.next().await.expect("an answer");
            assert_ne!(message["payload"]["data"]["postAdded"]["body"], "After");
            if message["type"] != "next" || !message["payload"]["errors"].is_null() {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_and_a_count_of_failures_hold_on_all_servers() {
    with_app(async |app| {
        let Some(other) = other_node(app).await else { return };
        let servers = [Server::start(app).await, Server::start(&other).await];
        let trainer = app.trainer().await;
        for number in 1..=5 {
            let mut variables = new_course("At once");
            if number > 3 {
                variables["input"]["slug"] = json!(format!("wanted-{number}"));
            }
            let ids = join_all((0..6).map(|turn| created(&servers[turn % 2], &trainer, &variables))).await;
            assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
            assert_eq!(counted(app).await, (number, number));
        }
        let visitor = app.visitor();
        for turn in 0..5 {
            asked(&servers[turn % 2], &visitor, START, &credentials(&trainer.email, "not this")).await;
        }
        for server in &servers {
            let (reply, _) = asked(server, &visitor, START, &credentials(&trainer.email, PASSWORD)).await;
            assert_eq!((reply.status, reply.code()), (429, "RATE_LIMITED".to_owned()));
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_has_asked_too_much_of_two_servers_is_refused_by_both() {
    with_app_set(&[("LYCEUM_TRUSTED_PROXIES", "127.0.0.1")], async |app| {
        let Some(other) = other_node(app).await else { return };
        let servers = [Server::of_faults(app).await, Server::of_faults(&other).await];
        let token = format!("Bearer {}", app.practitioner().await.token.clone().expect("signed in"));
        let headers = [("x-forwarded-for", "203.0.113.9"), ("authorization", token.as_str())];
        let (begun, mut answered) = (Instant::now(), 0);
        for _ in 0..60 {
            let replies = join_all((0..20).map(|turn| servers[turn % 2].asks("{ one }", &headers))).await;
            for reply in &replies {
                assert!([200, 429].contains(&reply.status), "{}", reply.status);
                answered += u64::from(reply.status == 200);
            }
        }
        // A step of thirty on each, ten that were under way there, and ten a second that come back.
        let most = 680 + 10 * (begun.elapsed().as_secs() + 1);
        assert!((600..=most).contains(&answered), "{answered}, and not at most {most}");
        for server in &servers {
            let refused = join_all((0..20).map(|_| server.asks("{ one }", &headers))).await;
            let refused = refused.iter().find(|reply| reply.status == 429).expect("nothing is left here");
            assert!(refused.header("ratelimit").is_some_and(|left| left.starts_with("\"operations\";r=0;t=")));
            assert!(refused.header("retry-after").is_some_and(|seconds| seconds != "0"));
        }
    })
    .await;
}

#[tokio::test]
async fn two_workers_send_each_of_many_letters_once() {
    // Not `with_app`: workers plan rounds for later, which stay in the queue.
    let app = TestApp::start(&[]).await;
    if let Some(other) = other_node(&app).await {
        let to = |number: usize| format!("reader-{number}@example.org");
        for number in 0..40 {
            let letter = Letter::new("password-changed", &to(number), &Language::english());
            transact!(app, |tx| lyceum::jobs::enqueue(tx, &letter).await).expect("enqueued");
        }
        let stop = CancellationToken::new();
        let run = |app: &App| tokio::spawn(Worker::new(app.clone(), worker::kinds(&app.config)).run(stop.clone()));
        let workers = [run(&app), run(&other)];
        let folder = app.config.data.join("mail");
        let sent = || std::fs::read_dir(&folder).map_or(0, Iterator::count);
        within(Duration::from_secs(30), async || sent() >= 40).await;
        stop.cancel();
        for worker in workers {
            worker.await.expect("it ends");
        }
        assert_eq!(sent(), 40);
    }
    app.stop().await;
}

/// Settings of processes on the engines of the tests, and on the database of `app`.
fn settings(app: &TestApp, folder: &std::path::Path) -> BTreeMap<String, String> {
    let mut settings = app.settings().clone();
    settings.insert("LYCEUM_DATA".into(), folder.display().to_string());
    settings.insert("LYCEUM_LOG".into(), "info".into());
    settings.remove("LYCEUM_MEDIA_LISTEN");
    settings
}

#[tokio::test]
async fn servers_are_exchanged_one_by_one_without_a_request_that_fails() {
    with_app(async |app| {
        if app.config.redis.is_none() || matches!(app.config.database, lyceum::config::DatabaseUrl::Sqlite(_)) {
            eprintln!("skipped: LYCEUM_TEST_DATABASE_URL and LYCEUM_TEST_REDIS_URL are not set");
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let settings = settings(app, folder.path());
        let start = async || Process::ready(&[], &["serve", "--no-worker"], &settings, folder.path()).await;
        let mut old = [start().await, start().await];
        let balancer = Balancer::start().await;
        for process in &old {
            balancer.add(process.server().address).await;
        }
        let (person, trainer, address) = (app.practitioner().await, app.trainer().await, balancer.address);

        let (is_over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let people = (0..4).map(async |number| {
            let server = Server::at(address);
            while !is_over.load(SeqCst) {
                let (reply, took) = match number {
                    0 => asked(&server, &person, PUBLIC, &json!({})).await,
                    1 => asked(&server, &trainer, COURSE_CREATE, &new_course("While servers change")).await,
                    _ => asked(&server, &person, OWN, &json!({})).await,
                };
                let body = reply.json();
                assert!(reply.status == 200 && body["errors"] == Value::Null, "{}: {body:#}", reply.status);
                assert!(took < Duration::from_secs(5), "{took:?}");
                answered.fetch_add(1, SeqCst);
            }
        });
        let exchange = async {
            let mut new = Vec::new();
            for process in &mut old {
                let another = start().await;
                balancer.add(another.server().address).await;
                new.push(another);
                // Nobody tells the proxy, which finds out by itself.
                process.terminate();
                balancer.is_left_by(process.server().address).await;
                process.terminate(); // told again, it waits no longer
                assert!(process.ended().await.success(), "{}", process.log());
                let before = answered.load(SeqCst);
                within(Duration::from_secs(20), async || answered.load(SeqCst) > before + 20).await;
            }
            is_over.store(true, SeqCst);
            new
        };
        let (new, _) = tokio::join!(exchange, join_all(people));
        assert!(answered.load(SeqCst) > 40);
        for process in &new {
            process.interrupt();
        }
        for mut process in new {
            assert!(process.ended().await.success(), "{}", process.log());
        }
    })
    .await;
}
