//! GraphQL over WebSocket, as `graphql-transport-ws` has it, and who may hold a socket open.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use lyceum::{
    ids::{Id as _, UserId},
    live::Event,
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _, http::HeaderName},
};

use crate::{
    app::{Client, TestApp, with_app, with_app_set},
    http_client::{Server, Wire},
};

const TICKS: &str = "subscription { ticks(to: 100000) }";

/// A client's end of a socket.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Shakes hands, with `headers` besides the subprotocol; or the status of the refusal.
    async fn open(server: &Wire, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{}/graphql", server.address).into_client_request().expect("an address");
        for (name, value) in [&[("sec-websocket-protocol", "graphql-transport-ws")], headers].concat() {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            request.headers_mut().insert(name, value.parse().expect("a value"));
        }
        let stream = TcpStream::connect(server.address).await.expect("the server listens");
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(err) => panic!("{err}"),
        }
    }

    /// Opens one and is acknowledged.
    pub async fn acknowledged(server: &Wire, headers: &[(&str, &str)], payload: Value) -> Self {
        let mut socket = Self::open(server, headers).await.expect("it opens");
        socket.says(&json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
        socket
    }

    async fn sends(&mut self, message: Message) {
        self.0.send(message).await.expect("it is sent");
    }

    async fn says(&mut self, message: &Value) {
        self.sends(Message::text(message.to_string())).await;
    }

    pub async fn asks(&mut self, id: &str, document: &str) {
        self.says(&json!({ "id": id, "type": "subscribe", "payload": { "query": document } })).await;
    }

    /// The next message, or the close code and reason in place of it.
    pub async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            let message = timeout(Duration::from_secs(20), self.0.next()).await.expect("something comes");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(Some(frame)))) => return Err((frame.code.into(), frame.reason.to_string())),
                Some(Ok(_)) => {}
                other => return Err((0, format!("{other:?}"))),
            }
        }
    }

    async fn hears(&mut self) -> Value {
        self.next().await.expect("a message")
    }

    /// The close code, whatever comes before it.
    pub async fn closed(mut self) -> u16 {
        loop {
            if let Err((code, reason)) = self.next().await {
                assert!(reason.len() <= 123, "{reason}");
                return code;
            }
        }
    }
}

pub fn bearer(client: &Client<'_>) -> Value {
    json!({ "authorization": format!("Bearer {}", client.token.as_deref().expect("signed in")) })
}

async fn end_sessions(app: &TestApp, client: &Client<'_>) {
    let id = UserId::parse(&client.id()).expect("an id");
    app.sessions.end_all(id, None, app.clock.now()).await.expect("they end");
}

#[tokio::test]
async fn only_our_protocol_and_pages_of_ours_get_a_socket() {
    with_app_set(&[("LYCEUM_ALLOWED_ORIGINS", "https://front.example")], async |app| {
        let server = Server::of_faults(app).await;
        let own = format!("http://{}", server.address);
        for (headers, refused) in [
            ([("origin", "https://evil.example")], Some(403)),
            ([("origin", "null")], Some(403)),
            ([("origin", "https://front.example")], None),
            ([("origin", own.as_str())], None),
            ([("sec-websocket-protocol", "graphql-ws")], Some(400)),
            ([("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")], None),
            ([("sec-websocket-version", "12")], Some(426)),
        ] {
            assert_eq!(Socket::open(&server, &headers).await.err(), refused, "{headers:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn all_kinds_of_operations_run_on_a_socket() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        for (document, data) in [
            ("{ one }", vec![json!({ "one": 1 })]),
            ("mutation { signsIn }", vec![json!({ "signsIn": true })]),
            ("subscription { ticks(to: 2) }", vec![json!({ "ticks": 1 }), json!({ "ticks": 2 })]),
        ] {
            socket.asks("a", document).await;
            for data in data {
                assert_eq!(socket.hears().await, json!({ "id": "a", "type": "next", "payload": { "data": data } }));
            }
            assert_eq!(socket.hears().await, json!({ "id": "a", "type": "complete" }));
        }
        socket.says(&json!({ "type": "ping" })).await;
        assert_eq!(socket.hears().await, json!({ "type": "pong" }));
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_is_the_operations_error_and_not_the_sockets() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!({})).await;
        for (document, code) in [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
            ("query($a: Int!) { one }", "BAD_USER_INPUT"),
            ("subscription { a: ticks(to: 1) b: ticks(to: 1) }", "QUERY_TOO_COMPLEX"),
            ("{ panics }", "INTERNAL_SERVER_ERROR"),
        ] {
            socket.asks("a", document).await;
            let message = socket.hears().await;
            assert_eq!(
                (&message["type"], &message["payload"][0]["extensions"]["code"]),
                (&json!("error"), &json!(code)),
                "{message}"
            );
        }
        socket.asks("a", "{ leaks }").await;
        let masked = socket.hears().await;
        assert_eq!(masked["payload"]["errors"][0]["message"], "Something went wrong on our side.");
        assert_eq!(socket.hears().await["type"], "complete");
        socket.says(&json!({ "id": "b", "type": "subscribe", "payload": { "query": 1 } })).await;
        assert_eq!(socket.hears().await["payload"][0]["extensions"]["code"], "BAD_REQUEST");
    })
    .await;
}

#[tokio::test]
async fn a_client_that_breaks_the_protocol_is_closed_with_its_code() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let long = "x".repeat(128);
        let subscribe = json!({ "id": long, "type": "subscribe", "payload": { "query": TICKS } });
        for (code, message) in [
            (4400, Message::text("not JSON")),
            (4400, Message::text(r#"{"type":"surprise"}"#)),
            (4400, Message::text(r#"{"type":"ping","type":"pong"}"#)),
            (4400, Message::text(json!({ "id": "", "type": "complete" }).to_string())),
            (4400, Message::binary(b"{}".as_slice())),
            (4429, Message::text(r#"{"type":"connection_init"}"#)),
            (4409, Message::text(subscribe.to_string())),
            (1009, Message::text(json!({ "type": "ping", "payload": { "a": "x".repeat(64 << 10) } }).to_string())),
        ] {
            let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
            socket.says(&subscribe).await;
            socket.sends(message).await;
            assert_eq!(socket.closed().await, code);
        }
        let mut early = Socket::open(&server, &[]).await.expect("it opens");
        early.asks("a", "{ one }").await;
        assert_eq!(early.closed().await, 4401);
    })
    .await;
}

#[tokio::test]
async fn a_socket_that_stays_silent_is_closed() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let begun = Instant::now();
        assert_eq!(Socket::open(&server, &[]).await.expect("it opens").closed().await, 4408);
        assert!(begun.elapsed() >= Duration::from_secs(9) && begun.elapsed() < Duration::from_secs(17));
    })
    .await;
}

#[tokio::test]
async fn a_completed_operation_sends_no_more_and_frees_its_id() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        socket.asks("a", TICKS).await;
        assert_eq!(socket.hears().await["payload"]["data"]["ticks"], 1);
        socket.says(&json!({ "id": "a", "type": "complete" })).await;
        socket.says(&json!({ "type": "ping" })).await;
        while socket.hears().await["type"] != "pong" {}
        socket.asks("a", "subscription { ticks(to: 1) }").await;
        assert_eq!(socket.hears().await["payload"]["data"]["ticks"], 1);
        assert_eq!(socket.hears().await, json!({ "id": "a", "type": "complete" }));
    })
    .await;
}

#[tokio::test]
async fn a_socket_runs_twenty_operations_at_most() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        for n in 0..300 {
            socket.asks(&format!("n{n}"), "{ sleeps(milliseconds: 5000) }").await;
        }
        for _ in 0..280 {
            assert_eq!(socket.hears().await["payload"][0]["extensions"]["code"], "RATE_LIMITED");
        }
        assert_eq!(socket.hears().await["type"], "next");
    })
    .await;
}

#[tokio::test]
async fn a_socket_knows_its_viewer_by_token_or_cookie() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let cookie = format!("lyceum={}", person.token.as_deref().expect("signed in"));
        let server = Server::of_faults(app).await;
        for (headers, payload, viewer) in [
            (vec![], bearer(&person), json!(person.id())),
            (vec![("cookie", cookie.as_str())], json!(null), json!(person.id())),
            (vec![], json!({}), json!(null)),
        ] {
            let mut socket = Socket::acknowledged(&server, &headers, payload).await;
            socket.asks("a", "{ viewer }").await;
            assert_eq!(socket.hears().await["payload"]["data"]["viewer"], viewer);
        }
        for payload in [json!({ "authorization": "Bearer nobodys" }), json!({ "authorization": "Basic a" })] {
            let mut socket = Socket::open(&server, &[]).await.expect("it opens");
            socket.says(&json!({ "type": "connection_init", "payload": payload })).await;
            assert_eq!(socket.closed().await, 4403);
        }
    })
    .await;
}

#[tokio::test]
async fn a_socket_ends_with_its_session() {
    with_app(async |app| {
        let (idle, busy) = (app.practitioner().await, app.practitioner().await);
        let server = Server::of_faults(app).await;
        let idle_socket = Socket::acknowledged(&server, &[], bearer(&idle)).await;
        let mut busy_socket = Socket::acknowledged(&server, &[], bearer(&busy)).await;
        busy_socket.asks("a", TICKS).await;
        busy_socket.hears().await;

        let begun = Instant::now();
        end_sessions(app, &busy).await;
        end_sessions(app, &idle).await;
        assert_eq!(busy_socket.closed().await, 4403);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        assert_eq!(idle_socket.closed().await, 4403);
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test]
async fn a_session_that_can_not_be_looked_up_is_not_over() {
    with_app(async |app| {
        if app.config.redis.is_some() {
            return;
        }
        let person = app.practitioner().await;
        let server = Server::of_faults(app).await;
        let mut socket = Socket::open(&server, &[]).await.expect("it opens");
        let rename = async |from: &str, to: &str| {
            app.db.write().execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}")).await.expect("it is renamed")
        };
        rename("session", "elsewhere").await;
        socket.says(&json!({ "type": "connection_init", "payload": bearer(&person) })).await;
        assert_eq!(socket.closed().await, 1013);
        rename("elsewhere", "session").await;
    })
    .await;
}

#[tokio::test]
async fn a_stopping_server_closes_its_sockets() {
    with_app(async |app| {
        let mut server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        socket.asks("a", TICKS).await;
        let closed = tokio::spawn(socket.closed());
        assert!(server.stops_within(Duration::from_secs(5)).await);
        assert_eq!(closed.await.expect("it ends"), 1001);
    })
    .await;
}

#[tokio::test]
async fn a_thousand_subscriptions_or_a_large_frame_end_at_the_limits() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        for n in 0..1_000 {
            socket.asks(&format!("n{n}"), "subscription { events(channel: \"test\") }").await;
        }
        for _ in 0..980 {
            assert_eq!(socket.hears().await["payload"][0]["extensions"]["code"], "RATE_LIMITED");
        }
        // More than lies in the buffers between: a reset of the connection would fail who still sends.
        for _ in 0..8 {
            let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
            socket.sends(Message::text("x".repeat(16 << 20))).await;
            assert_eq!(socket.closed().await, 1009);
        }
        assert_eq!(server.gets("/health/live", &[]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_query_over_a_socket_has_as_long_as_one_over_http() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        let begun = Instant::now();
        socket.asks("a", "{ sleeps(milliseconds: 60000) }").await;
        let message = socket.hears().await;
        assert_eq!(message["payload"][0]["extensions"]["code"], "UNAVAILABLE", "{message}");
        assert!(begun.elapsed() >= Duration::from_secs(9) && begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test]
async fn a_network_leaves_sockets_to_others_and_its_members_have_their_own() {
    with_app_set(&[("LYCEUM_TRUSTED_PROXIES", "127.0.0.1")], async |app| {
        let server = Server::of_faults(app).await;
        let (one, other) = ([("x-forwarded-for", "2001:db8::1")], [("x-forwarded-for", "203.0.113.8")]);
        let member = Socket::acknowledged(&server, &one, bearer(&app.practitioner().await)).await;
        let mut held = Vec::new();
        while let Ok(socket) = Socket::open(&server, &one).await {
            held.push(socket);
            assert!(held.len() <= 1024, "one network takes all sockets");
        }
        assert_eq!(Socket::open(&server, &[("x-forwarded-for", "2001:db8::2")]).await.err(), Some(503));
        assert!(Socket::open(&server, &other).await.is_ok());
        drop(held);
        drop(member);
    })
    .await;
}

#[tokio::test]
async fn an_account_holds_twenty_sockets_at_most() {
    with_app(async |app| {
        let (person, other) = (app.practitioner().await, app.practitioner().await);
        let server = Server::of_faults(app).await;
        let mut held = Vec::new();
        for _ in 0..20 {
            held.push(Socket::acknowledged(&server, &[], bearer(&person)).await);
        }
        let mut refused = Socket::open(&server, &[]).await.expect("it opens");
        refused.says(&json!({ "type": "connection_init", "payload": bearer(&person) })).await;
        assert_eq!(refused.closed().await, 1013);
        Socket::acknowledged(&server, &[], bearer(&other)).await;
    })
    .await;
}

#[tokio::test]
async fn a_socket_that_may_have_missed_events_is_closed_and_says_why() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut idle = Socket::acknowledged(&server, &[], json!(null)).await;
        let mut socket = Socket::acknowledged(&server, &[], json!(null)).await;
        socket.asks("a", "subscription { events(channel: \"test\") }").await;
        socket.says(&json!({ "type": "ping" })).await;
        assert_eq!(socket.hears().await, json!({ "type": "pong" }));
        app.live.publish(vec![Event::new("test", "one")]).await;
        assert_eq!(socket.hears().await["payload"]["data"]["events"], "one");
        app.live.interrupt();
        let (code, reason) = socket.next().await.expect_err("it is closed");
        assert_eq!((code, reason.starts_with("Live events may have been lost")), (1013, true), "{reason}");
        idle.says(&json!({ "type": "ping" })).await;
        assert_eq!(idle.hears().await, json!({ "type": "pong" }));
    })
    .await;
}
