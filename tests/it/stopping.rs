//! The program told to stop: what it was asked is answered, nothing new is taken, jobs go back to the queue, and it ends
//! well and in time.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use lyceum::{
    jobs::{Job as _, Kinds, entity},
    recordings::{checking::Check, transcoding::Transcode},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

use crate::{
    app::{Client, TestApp, with_app},
    http_client::{Process, Server, Wire},
    recordings::{ADDRESSES, CLIP, RECORDING, UPLOAD_COMPLETE, UPLOAD_START, WITHOUT_FFMPEG, announced, created, numbers, sent},
    transcoding::{has_ffmpeg, made_up, run_all, running_ffmpeg, until, work_of},
    transfer::put,
    websocket::Socket,
};

/// A connection on which a request has begun.
async fn begun(wire: &Wire, start: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(wire.address).await.expect("it listens");
    stream.write_all(start).await.expect("it is sent");
    stream
}

/// Sends the rest of a request; the answer up to the end of the connection.
async fn ended(mut stream: TcpStream, rest: &[u8]) -> String {
    let mut answer = Vec::new();
    stream.write_all(rest).await.expect("it is sent");
    stream.read_to_end(&mut answer).await.expect("it is answered");
    String::from_utf8(answer).expect("text")
}

/// Waits until it says that it is not ready, and takes connections all the same.
async fn leaves(wire: &Wire) {
    for _ in 0..200 {
        let ready = wire.gets("/health/ready", &[]).await;
        if ready.status == 503 {
            assert_eq!(ready.json(), json!({ "status": "stopping" }));
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("it says that it is ready");
}

async fn refuses_connections(wire: &Wire) {
    for _ in 0..200 {
        if TcpStream::connect(wire.address).await.is_err() {
            return;
        }
        sleep(Duration::from_millis(25)).await;
    }
    panic!("it still takes connections");
}

#[tokio::test]
async fn a_server_is_not_ready_then_takes_nobody_answers_what_it_was_asked_and_ends_well() {
    let app = TestApp::start(&[]).await;
    app.objects.close(Duration::from_secs(5)).await;
    let mut server = Process::start(&app, &["serve"], &[]);
    server.is_ready().await;
    let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
    let ready = begun(&server, b"GET /health/ready HTTP/1.1\r\nhost: a\r\n").await;
    let body = br#"{"query":"{ site { version } }"}"#;
    let head = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let query = begun(&server, format!("POST /graphql HTTP/1.1\r\nhost: a\r\n{head}").as_bytes()).await;

    // Connections that say nothing, or were not accepted yet, are closed: those two must have been met by then.
    for _ in 0..20 {
        assert_eq!(server.gets("/health/live", &[]).await.status, 200);
    }
    let told = Instant::now();
    server.terminates();
    leaves(&server).await;
    let reply = server.asks("{ site { version } }", &[]).await;
    assert_eq!(reply.status, 200, "whoever comes before a proxy knows is served");
    assert_eq!(socket.next().await, Err((1001, "The server is going away".to_owned())));
    drop(socket);
    refuses_connections(&server).await;
    let ready = ended(ready, b"\r\n").await;
    assert!(ready.starts_with("HTTP/1.1 503") && ready.ends_with(r#"{"status":"stopping"}"#), "{ready}");
    let answer = ended(query, body).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#"{"data":{"site":{"version":""#), "{answer}");
    assert_eq!(server.ends().await.code(), Some(0), "{}", server.log());
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    app.stop().await;
}

#[tokio::test]
async fn a_server_that_leaves_keeps_no_connection_for_the_next_request() {
    with_app(async |app| {
        let mut server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        let request = b"GET /graphql?query=%7Bone%7D HTTP/1.1\r\nhost: a\r\n\r\n";
        let mut kept = begun(&server, request).await;
        let mut start = [0; 12];
        kept.read_exact(&mut start).await.expect("it is answered");
        assert_eq!(&start, b"HTTP/1.1 200");
        server.leaves();
        for connection in [kept, begun(&server, b"").await] {
            let answer = ended(connection, request).await;
            assert!(answer.contains("\r\nconnection: close\r\n") && answer.ends_with(r#"{"data":{"one":1}}"#), "{answer}");
        }
        socket.asks("a", "{ one }").await;
        assert!(socket.next().await.is_ok_and(|message| message["payload"]["data"]["one"] == 1), "sockets stay until the end");
        drop(socket);
        assert!(server.stops_within(Duration::from_secs(5)).await);
    })
    .await;
}

#[tokio::test]
async fn who_presses_ctrl_c_waits_for_no_proxy() {
    let app = TestApp::start(&[]).await;
    app.objects.close(Duration::from_secs(5)).await;
    let mut server = Process::start(&app, &["serve"], &[]);
    server.is_ready().await;
    let told = Instant::now();
    server.is_interrupted();
    assert_eq!(server.ends().await.code(), Some(0), "{}", server.log());
    assert!(told.elapsed() < Duration::from_secs(3), "{:?}", told.elapsed());
    app.stop().await;
}

#[tokio::test]
async fn what_runs_on_a_socket_is_answered_before_it_is_closed() {
    with_app(async |app| {
        let mut server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        socket.asks("events", "subscription { events(channel: \"test\") }").await;
        socket.asks("slow", "{ sleeps(milliseconds: 600) }").await;
        socket.asks("quick", "{ one }").await;
        let answered = |id: &str, data: Value| Ok(json!({ "id": id, "type": "next", "payload": { "data": data } }));
        assert_eq!(socket.next().await, answered("quick", json!({ "one": 1 })));
        assert_eq!(socket.next().await, Ok(json!({ "id": "quick", "type": "complete" })));
        let rest = tokio::spawn(async move { (socket.next().await, socket.next().await, socket.next().await) });
        assert!(server.stops_within(Duration::from_secs(5)).await);
        let (next, complete, closed) = rest.await.expect("it is heard");
        assert_eq!(next, answered("slow", json!({ "sleeps": 1 })));
        assert_eq!(complete, Ok(json!({ "id": "slow", "type": "complete" })));
        assert_eq!(closed, Err((1001, "The server is going away".to_owned())));
    })
    .await;
}

/// The job that transcodes.
async fn transcoding(app: &TestApp) -> entity::Model {
    let found = entity::Entity::find().filter(entity::Column::Kind.eq(Transcode::KIND)).one(app.db.read()).await;
    found.expect("jobs can be read").expect("it is there")
}

#[tokio::test]
async fn a_worker_ends_ffmpeg_and_hands_its_job_to_the_next() {
    if !has_ffmpeg().await {
        return;
    }
    let app = TestApp::start(&[]).await;
    let trainer = app.trainer().await;
    let id = created(&trainer, "PUBLIC").await;
    let film = "-f lavfi -i testsrc2=s=1280x720:r=30:d=20 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    sent(&trainer, &id, &made_up(film, "film.mp4")).await;
    run_all(&app, &Kinds::new().with::<Check>()).await;
    app.objects.close(Duration::from_secs(5)).await;

    let work = app.config.data.join("work");
    let mut first = Process::start(&app, &["work"], &[]);
    until("the transcoding", || running_ffmpeg(&work)).await;
    let told = Instant::now();
    first.terminates();
    assert_eq!(first.ends().await.code(), Some(0), "{}", first.log());
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    assert_eq!(running_ffmpeg(&work), None);
    assert_eq!(work_of(&app), Vec::<std::path::PathBuf>::new());
    let job = transcoding(&app).await;
    assert_eq!((job.state, job.attempts, job.lease), (entity::State::Waiting, 0, None), "{job:?}");

    let second = Process::start(&app, &["work"], &[]);
    until("the transcoding by another worker", || running_ffmpeg(&work)).await;
    assert!(told.elapsed() < Duration::from_secs(50), "it waited for the lease of the first: {:?}", told.elapsed());
    let job = transcoding(&app).await;
    assert_eq!((job.state, job.attempts), (entity::State::Running, 1), "{job:?}");
    drop(second);
    app.stop().await;
}

/// Bytes of a part of an upload, but for the last.
const PART: usize = 5 << 20;

/// Asks the program as `client`; the data of its answer.
async fn answered(wire: &Wire, client: &Client<'_>, document: &str, variables: &Value) -> Value {
    let authorization = format!("Bearer {}", client.token.as_deref().expect("signed in"));
    let reply = wire.asks_with(document, variables, &[("authorization", &authorization)]).await;
    let answer = reply.json();
    assert!(reply.status == 200 && answer["errors"].is_null(), "{}: {answer:#}", reply.status);
    answer["data"].clone()
}

/// A connection on which half of `bytes` is on its way to where a `FileAddress` says.
async fn half_sent(address: &Value, bytes: &[u8]) -> TcpStream {
    let url: http::Uri = address["url"].as_str().expect("an address").parse().expect("an address");
    let (authority, path) = (url.authority().expect("a host"), url.path_and_query().expect("a path"));
    let length = bytes.len();
    let mut head = format!("PUT {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-length: {length}\r\n");
    for header in address["headers"].as_array().expect("headers") {
        let (name, value) = (header["name"].as_str().expect("a name"), header["value"].as_str().expect("a value"));
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let storage = (authority.host(), authority.port_u16().unwrap_or(80));
    let mut stream = TcpStream::connect(storage).await.expect("storage listens");
    stream.write_all(&[head.as_bytes(), b"\r\n", &bytes[..length / 2]].concat()).await.expect("it is taken");
    stream
}

/// Sends the other half of `bytes`; whether all is acknowledged.
async fn is_acknowledged(mut stream: TcpStream, bytes: &[u8]) -> bool {
    let mut answer = Vec::new();
    // A connection that breaks acknowledges nothing.
    let _ = stream.write_all(&bytes[bytes.len() / 2..]).await;
    let _ = stream.read_to_end(&mut answer).await;
    answer.starts_with(b"HTTP/1.1 200 ")
}

/// The addresses of parts, by their numbers.
async fn part_addresses(wire: &Wire, client: &Client<'_>, upload: &Value, wanted: &[i64]) -> Vec<(usize, Value)> {
    let answer = answered(wire, client, ADDRESSES, &json!({ "id": upload, "numbers": wanted })).await;
    let parts = answer["node"]["partAddresses"].as_array().expect("addresses").iter();
    let number = |part: &Value| part["number"].as_u64().and_then(|number| usize::try_from(number).ok()).expect("a number");
    parts.map(|part| (number(part), part["address"].clone())).collect()
}

#[tokio::test]
async fn a_part_under_way_when_the_server_stops_is_acknowledged_and_there_or_is_sent_to_the_next() {
    let app = TestApp::start(&[]).await;
    let trainer = app.trainer().await;
    let recording = created(&trainer, "PUBLIC").await;
    app.objects.close(Duration::from_secs(5)).await;
    let mut film = CLIP.to_vec();
    // A box of free space makes the film three parts long.
    film.extend(u32::try_from(2 * PART).expect("it fits").to_be_bytes());
    film.extend(b"free");
    film.resize(CLIP.len() + 2 * PART, 0);
    let parts: Vec<&[u8]> = film.chunks(PART).collect();

    let mut first = Process::start(&app, &["serve"], &WITHOUT_FFMPEG);
    first.is_ready().await;
    let started = answered(&first, &trainer, UPLOAD_START, &announced(&recording, film.len())).await;
    let upload = started["recordingUploadStart"]["upload"]["id"].clone();
    let mut under_way = Vec::new();
    for (number, address) in part_addresses(&first, &trainer, &upload, &[1, 2, 3]).await {
        under_way.push((number, half_sent(&address, parts[number - 1]).await));
    }
    under_way.sort_by_key(|(number, _)| *number);
    let [(_, one), (_, two), (_, three)]: [(usize, TcpStream); 3] = under_way.try_into().expect("three parts");

    let stopped = Instant::now();
    first.terminates();
    leaves(&first).await;
    assert!(is_acknowledged(one, parts[0]).await, "what comes while it leaves is taken");
    // What comes while it closes is taken or not, and what never comes is not waited for.
    refuses_connections(&first).await;
    let is_second_there = is_acknowledged(two, parts[1]).await;
    assert_eq!(first.ends().await.code(), Some(0), "{}", first.log());
    assert!(stopped.elapsed() < Duration::from_secs(25), "{:?}", stopped.elapsed());
    drop(three);

    let mut next = Process::start(&app, &["serve"], &WITHOUT_FFMPEG);
    next.is_ready().await;
    let state = answered(&next, &trainer, ADDRESSES, &json!({ "id": upload, "numbers": [] })).await;
    let missing = numbers(&state["node"]["missingPartNumbers"]);
    assert!(!missing.contains(&1) && missing.contains(&3), "{missing:?}");
    assert!(!is_second_there || !missing.contains(&2), "what was acknowledged is there: {missing:?}");
    for (number, address) in part_addresses(&next, &trainer, &upload, &missing).await {
        assert_eq!(put(&address, parts[number - 1].to_vec()).await, 200);
    }
    answered(&next, &trainer, UPLOAD_COMPLETE, &json!({ "id": upload })).await;
    for _ in 0..600 {
        let film = answered(&next, &trainer, RECORDING, &json!({ "id": recording })).await["recording"].clone();
        if film["isPlayable"] == true {
            drop(next);
            app.stop().await;
            return;
        }
        assert!(["UPLOADING", "CHECKING"].contains(&film["mediaState"].as_str().unwrap_or("?")), "{film:#}");
        sleep(Duration::from_millis(50)).await;
    }
    panic!("the film is not checked within half a minute: {}", next.log());
}
