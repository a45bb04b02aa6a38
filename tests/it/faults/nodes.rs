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
use lyceum::{
    accounts::{admin, managing},
    app::App,
    jobs::Worker,
    language::Language,
    mail::Letter,
    role::SiteRole,
    transact, worker,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{OWN, PUBLIC, asked, assert_away, balancer::Balancer, behind, counted, created, new_course, proxy::Mode, within};
use crate::{
    accounts::{RESET, RESET_REQUEST, START, credentials, mailed_token, reset},
    app::{Client, PASSWORD, TestApp, with_app, with_app_set},
    forum::{Place, let_in, post},
    http_client::Server,
    process::Process,
    recordings::{UPLOAD_START, WITHOUT_FFMPEG, announced, published},
    skipping::skipped,
    teaching::{COURSE_CREATE, ENROL, Taught, WITHDRAW},
    websocket::{Socket, bearer},
};

/// Longest that a right outlives its end, counted from the answer that says so: the five seconds that are promised, and one for
/// what is ready to run and waits for its turn on a machine that runs other tests too.
pub const REVOKED: Duration = Duration::from_secs(6);

/// A second server of the same site; only a site with Redis can have one.
async fn other_node(app: &TestApp) -> Option<App> {
    if app.config.redis.is_none() || app.config.smtp.is_some() {
        skipped("LYCEUM_TEST_REDIS_URL is not set");
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
            let variables = json!({ "id": person.id(), "input": passwords });
            let (done, _) = asked(&here, &actor, document, &variables).await;
            let ended = Instant::now();
            assert!(done.json()["errors"].is_null(), "{what}: {:#}", done.json());
            assert!(!is_signed_in(&there, &person).await, "{what}");
            assert!(!is_signed_in(&here, &person).await, "{what}");
            let (code, _) = socket.next().await.expect_err("it is closed");
            assert_eq!(code, 4403, "{what}");
            assert!(ended.elapsed() < REVOKED, "{what}: {:?}", ended.elapsed());
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
        let revoked = Instant::now();
        post(&owner, &place.topic, "After").await;
        loop {
            let message = socket.next().await.expect("an answer");
            assert_ne!(message["payload"]["data"]["postAdded"]["body"], "After");
            if message["type"] != "next" || !message["payload"]["errors"].is_null() {
                break;
            }
        }
        assert!(revoked.elapsed() < REVOKED, "{:?}", revoked.elapsed());
    })
    .await;
}

/// What a server gives somebody to learn from: the title of a film, and the text of the first lesson of a course.
async fn lessons(server: &Server, client: &Client<'_>, ids: &Value) -> [Value; 2] {
    let document = "query($film: ID!, $course: ID!) { recording(id: $film) { title }
        course(id: $course) { publishedVersion { modules { lessons { text { body } } } } } }";
    let (reply, _) = asked(server, client, document, ids).await;
    let data = reply.json()["data"].clone();
    let first = &data["course"]["publishedVersion"]["modules"][0]["lessons"][0];
    [data["recording"]["title"].clone(), first["text"]["body"].clone()]
}

/// What somebody hears next of what they follow.
async fn heard(socket: &mut Socket) -> Value {
    tokio::time::timeout(REVOKED, socket.next()).await.expect("something is heard in time").expect("the socket stays open")
}

#[tokio::test]
async fn who_leaves_a_course_on_one_server_gets_and_hears_nothing_more_of_it_on_the_other() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let Some(other) = other_node(app).await else { return };
        let (here, there) = (Server::start(app).await, Server::start(&other).await);
        let (trainer, leaver, stayer) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        // Nobody sees the film but those who are enrolled.
        let film = published(app, &trainer, "INVITED").await;
        let course = Taught::course(&trainer, "Course", "MEMBERS").await;
        course.with_article("Article 9", "Extradite or prosecute.").await;
        let module = course.with_module("Films").await;
        course.with_lesson(&module, "Film", "RECORDING", &json!({ "recordingId": film })).await;
        course.publishes().await;
        let (ids, given) =
            (json!({ "film": film, "course": course.id }), [json!("Extradition"), json!("Extradite or prosecute.")]);
        let follow = format!("subscription {{ recordingChanged(id: \"{film}\") {{ title }} }}");
        let film_changes = async || trainer.runs(UPLOAD_START, &announced(&film, 9)).await;
        let mut sockets = Vec::new();
        for person in [&leaver, &stayer] {
            person.runs(ENROL, &json!({ "id": course.id })).await;
            assert_eq!(lessons(&there, person, &ids).await, given);
            let mut socket = Socket::acknowledged(&there, &[], bearer(person)).await;
            socket.asks("a", &follow).await;
            within(super::RECOVERY, async || {
                film_changes().await;
                tokio::time::timeout(Duration::from_millis(500), socket.next()).await.is_ok()
            })
            .await;
            sockets.push(socket);
        }
        for socket in &mut sockets {
            // Until all is heard that happened before.
            while let Ok(message) = tokio::time::timeout(Duration::from_millis(500), socket.next()).await {
                assert_eq!(message.expect("a message")["payload"]["data"]["recordingChanged"]["title"], "Extradition");
            }
        }

        let (answer, _) = asked(&here, &leaver, WITHDRAW, &json!({ "id": course.id })).await;
        let left = Instant::now();
        assert_eq!(answer.json()["data"]["courseWithdraw"]["enrolment"]["state"], "WITHDRAWN");
        assert_eq!(lessons(&there, &leaver, &ids).await, [Value::Null, json!("")]);
        assert_eq!(lessons(&there, &stayer, &ids).await, given);
        film_changes().await;
        assert_eq!(heard(&mut sockets[0]).await, json!({ "id": "a", "type": "complete" }));
        assert_eq!(heard(&mut sockets[1]).await["type"], "next", "others hear of it");
        assert!(left.elapsed() < REVOKED, "{:?}", left.elapsed());
    })
    .await;
}

/// Asks on all servers as people whose sessions have `ended`, until that is long enough ago: nobody is signed in, and each server
/// says so in the end.
async fn stay_signed_out(servers: &[Server], people: &[Client<'_>], ended: Instant) {
    let mut answered = vec![0; servers.len()];
    while ended.elapsed() < REVOKED {
        for (server, answered) in servers.iter().zip(&mut answered) {
            for person in people {
                let (reply, _) = asked(server, person, OWN, &json!({})).await;
                if reply.status == 200 {
                    assert_eq!(reply.json()["data"]["viewer"], Value::Null, "{}", person.email);
                    *answered += 1;
                } else {
                    assert_away(&reply);
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(answered.iter().all(|times| *times > 0), "{answered:?}");
}

#[tokio::test]
async fn what_ends_while_redis_is_away_has_ended_on_all_servers_and_sockets_and_stays_so() {
    let Some((app, proxy)) = behind("REDIS_URL").await else { return };
    let Some(other) = other_node(&app).await else { return };
    let servers = [Server::start(&app).await, Server::start(&other).await];
    // By a new password, a suspension and a role that is taken from the command line.
    let people = [app.trainer().await, app.trainer().await, app.trainer().await];
    let [forgetful, suspended, demoted] = &people;
    let administrator = app.administrator().await.viewer().await;
    app.visitor().runs(RESET_REQUEST, &json!({ "email": forgetful.email })).await;
    let token = mailed_token(&app, &forgetful.email).await;
    let topic = Place::new(forgetful, "PUBLIC").await.topic;
    let mut sockets = Vec::new();
    for server in &servers {
        for person in &people {
            assert!(is_signed_in(server, person).await, "{}", person.email);
            sockets.push(Socket::acknowledged(server, &[], bearer(person)).await);
        }
        let mut follows = Socket::acknowledged(server, &[], bearer(forgetful)).await;
        follows.asks("a", &format!("subscription {{ postAdded(topicId: \"{topic}\") {{ body }} }}")).await;
        sockets.push(follows);
    }

    proxy.set(Mode::Refuse).await;
    let input = reset(&token, "another long enough passphrase");
    let (done, _) = asked(&servers[0], &app.visitor(), RESET, &input).await;
    assert_eq!(done.json(), json!({ "data": { "passwordReset": { "userErrors": [] } } }));
    managing::suspend(&app, &administrator, suspended.user(), "Asked to").await.expect("suspended");
    admin::set_role(&app, &demoted.email, SiteRole::Trainer, false).await.expect("the role is taken");
    let ended = Instant::now();
    for server in &servers {
        for person in &people {
            assert_away(&asked(server, person, OWN, &json!({})).await.0);
        }
    }
    proxy.set(Mode::Pass).await;

    // A look at the session finds that it has ended, or, while Redis is away, that nobody can tell.
    let closing = join_all(sockets.into_iter().map(async |socket| {
        let code = socket.closed().await;
        assert!([4403, 1013].contains(&code) && ended.elapsed() < REVOKED, "{code} after {:?}", ended.elapsed());
    }));
    tokio::join!(closing, stay_signed_out(&servers, &people, ended));
    for server in &servers {
        assert!(is_signed_in(server, &forgetful.again().await).await, "a new session is one");
    }
    app.stop().await;
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
            skipped("LYCEUM_TEST_DATABASE_URL or LYCEUM_TEST_REDIS_URL is not set");
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
