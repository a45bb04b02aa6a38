//! GraphQL over HTTP: what is refused, what is said about it, and what must not be.

use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::{
    app::{Client, with_app, with_app_set},
    http_client::{Reply, Server},
};

fn token(client: &Client<'_>) -> String {
    client.token.clone().expect("signed in")
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_request_that_is_refused_has_a_status_a_code_and_no_data() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        for (document, refusal) in [
            ("{", "400 GRAPHQL_PARSE_FAILED"),
            ("{ nope }", "400 GRAPHQL_VALIDATION_FAILED"),
            ("{ one } query B { one }", "400 GRAPHQL_PARSE_FAILED"),
            ("query A { one } query B { one }", "400 OPERATION_RESOLUTION_FAILURE"),
            ("query($value: String!) { one echo(value: $value) }", "400 BAD_USER_INPUT"),
            ("subscription { ticks(to: 1) }", "400 GRAPHQL_VALIDATION_FAILED"),
        ] {
            assert_eq!(server.asks(document, &[]).await.refusal(), refusal, "{document}");
        }
        let old = server.posts(&[JSON, ("accept", "application/json")], br#"{"query":"{ nope }"}"#).await;
        assert_eq!(old.refusal(), "200 GRAPHQL_VALIDATION_FAILED");
    })
    .await;
}

#[tokio::test]
async fn json_that_two_readers_could_read_differently_is_refused() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let deep = "[".repeat(10_000);
        for body in [
            &b"{"[..],
            b"[]",
            br#"[{"query":"{ one }"},{"query":"{ one }"}]"#,
            br#"{"query":1}"#,
            br#"{"query":"{ one }","variables":[]}"#,
            br#"{"query":"{ one }","query":"{ list }"}"#,
            br#"{"query":"{ one }","variables":{"a":"\u0000"}}"#,
            br#"{"query":"{ one }","variables":{"a":"\ud800"}}"#,
            b"{\"query\":\"{ one }\",\"variables\":{\"a\":\"\xff\"}}",
            br#"{"query":"{ one }","variables":{"a":NaN}}"#,
            br#"{"query":"{ one }","variables":{"a":1e999}}"#,
            format!(r#"{{"query":"{{ one }}","variables":{{"a":{deep}}}}}"#).as_bytes(),
        ] {
            let reply = server.posts(&[JSON], body).await;
            assert_eq!(reply.refusal(), "400 BAD_REQUEST", "{}", String::from_utf8_lossy(body));
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_database_can_not_store_is_refused_before_it_is_asked() {
    with_app(async |app| {
        let bearer = format!("Bearer {}", token(&app.administrator().await));
        let server = Server::start(app).await;
        let headers = [("authorization", bearer.as_str())];
        for literal in [
            r#"{ course(slug: "\u0000") { id } }"#,
            r#"{ community(slug: "a\u0000b") { id } }"#,
            r#"{ users(search: "\u0000") { nodes { id } } }"#,
            r#"query($slug: String = "\u0000") { course(slug: $slug) { id } }"#,
            r#"mutation { accessRevoke(input: { subjectId: "course_00000000000000000000000000", email: "\u0000" }) { userErrors { code } } }"#,
        ] {
            assert_eq!(server.asks(literal, &headers).await.refusal(), "400 BAD_USER_INPUT", "{literal}");
        }
        for value in [json!("\0"), json!(["\0"]), json!({ "\0": 1 })] {
            let document = "query($slug: String) { course(slug: $slug) { id } }";
            let reply = server.asks_with(document, &json!({ "slug": value }), &headers).await;
            assert_eq!(reply.refusal(), "400 BAD_REQUEST", "{value}");
        }
        for query in ["query=%7Bcourse(slug:%22%00%22)%7Bid%7D%7D", "query=%FF", "query=%7Ba%7D&query=%7Bb%7D"] {
            let json = [("accept", "application/graphql-response+json")];
            assert_eq!(server.gets(&format!("/graphql?{query}"), &json).await.refusal(), "400 BAD_REQUEST", "{query}");
        }
        for file in ["x%00.m3u8", "%00", "captions-%00.vtt"] {
            assert_eq!(server.gets(&format!("/media/ticket/{file}"), &[]).await.status, 404, "{file}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_too_large_or_a_text_is_refused() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let document = "query($first: Int) { courses(first: $first) { nodes { id } } }";
        for number in ["99999999999", "18446744073709551616", "-99999999999999999999999", "1e300", "1.5", "\"1\"", "[[[1]]]"] {
            let body = format!(r#"{{"query":"{document}","variables":{{"first":{number}}}}}"#);
            let reply = server.posts(&[JSON, ("accept", "application/graphql-response+json")], body.as_bytes()).await;
            assert_eq!(reply.status, 400, "{number}: {}", String::from_utf8_lossy(&reply.body));
        }
    })
    .await;
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    with_app(async |app| {
        let admin = app.administrator().await;
        let uuid = "u00000000000000000000000000000000";
        for list in ["courses", "recordings", "communities", "users", "auditEntries"] {
            for cursor in [
                "",
                "i1",
                "b1",
                "i1\ni2",
                "sa\nsb",
                "l1\nl2",
                &format!("b1\n{uuid}"),
                &format!("i1\n{uuid}"),
                &format!("{uuid}\nt1"),
            ] {
                let cursor = data_encoding::BASE64URL_NOPAD.encode(cursor.as_bytes());
                let document = format!("query($after: String) {{ {list}(after: $after) {{ nodes {{ id }} }} }}");
                assert_eq!(admin.fails(&document, &json!({ "after": cursor })).await, "BAD_USER_INPUT", "{list} {cursor}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_fault_of_the_database_says_nothing_of_it() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let rename = async |from: &str, to: &str| {
            app.db.write().execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}")).await.expect("it is renamed")
        };
        rename("course", "elsewhere").await;
        let reply = server.asks("{ course(slug: \"a\") { id } }", &[]).await;
        let error = reply.json()["errors"][0].clone();
        assert_eq!(error["message"], "Something went wrong on our side.");
        let id = reply.header("x-request-id").expect("an id");
        assert_eq!(error["extensions"], json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": id }));
        rename("elsewhere", "course").await;
    })
    .await;
}

#[tokio::test]
async fn only_json_is_read() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let body = br#"{"query":"mutation { signsIn }"}"#;
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=a",
            "application/json; charset=latin1",
        ] {
            assert_eq!(server.posts(&[("content-type", kind)], body).await.status, 415, "{kind}");
        }
        assert_eq!(server.posts(&[], body).await.status, 415);
        assert_eq!(server.posts(&[JSON, ("content-encoding", "gzip")], body).await.status, 415);
        assert_eq!(server.posts(&[JSON, ("accept", "text/html")], body).await.status, 406);
        assert_eq!(server.posts(&[("content-type", "Application/JSON; charset=UTF-8")], body).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_however_it_is_sent() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let body = json!({ "query": "{ one }", "variables": { "a": "x".repeat(256 << 10) } }).to_string();
        assert_eq!(server.posts(&[JSON], body.as_bytes()).await.refusal(), "413 PAYLOAD_TOO_LARGE");

        let head = "POST /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n";
        let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        assert_eq!(server.sends_bytes(chunked.as_bytes()).await.expect("an answer").status, 413);
        let conflicting = format!("{head}content-length: 5\r\ncontent-length: 6\r\n\r\n{{}}    ");
        assert_eq!(server.sends_bytes(conflicting.as_bytes()).await.expect("an answer").status, 400);
    })
    .await;
}

#[tokio::test]
async fn a_refused_body_is_read_to_its_end_so_that_the_answer_arrives_and_the_connection_stays() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut stream = TcpStream::connect(server.address).await.expect("it listens");
        let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
        let large = format!("{head}content-length: {}\r\n\r\n{}", 3 << 20, " ".repeat(3 << 20));
        stream.write_all(large.as_bytes()).await.expect("all is taken");
        let small = format!("{head}connection: close\r\ncontent-length: 19\r\n\r\n{{\"query\":\"{{ one }}\"}}");
        stream.write_all(small.as_bytes()).await.expect("it is taken");
        let mut answers = String::new();
        stream.read_to_string(&mut answers).await.expect("it is answered");
        assert!(answers.starts_with("HTTP/1.1 413") && answers.contains("HTTP/1.1 200"), "{answers}");
    })
    .await;
}

#[tokio::test]
async fn a_client_that_asks_before_it_sends_too_much_is_spared_that() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n";
        for (length, answer) in [(300_000, "HTTP/1.1 413 "), (19, "HTTP/1.1 100 ")] {
            let mut stream = TcpStream::connect(server.address).await.expect("it listens");
            stream.write_all(format!("{head}content-length: {length}\r\n\r\n").as_bytes()).await.expect("it is taken");
            let mut begins = [0; 13];
            stream.read_exact(&mut begins).await.expect("it is answered");
            assert_eq!(String::from_utf8_lossy(&begins), answer, "{length}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_request_names_one_host() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let asked = async |version, host: &str| {
            let request = format!("GET /health/live HTTP/{version}\r\nconnection: close\r\n{host}\r\n");
            server.sends_bytes(request.as_bytes()).await.expect("an answer")
        };
        for (version, host) in [("1.1", ""), ("1.1", "host: a\r\nhost: b\r\n"), ("1.0", "host: a\r\nhost: b\r\n")] {
            assert_eq!(asked(version, host).await.refusal(), "400 BAD_REQUEST");
        }
        assert_eq!((asked("1.1", "host: a\r\n").await.status, asked("1.0", "").await.status), (200, 200));
    })
    .await;
}

#[tokio::test]
async fn large_requests_take_room_as_they_come_and_leave_some_for_small_ones() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 262144\r\n\r\n";
        let opened = async |sent: &[u8]| {
            let mut stream = TcpStream::connect(server.address).await.expect("it listens");
            stream.write_all(&[head.as_bytes(), sent].concat()).await.expect("it takes bytes");
            stream
        };
        let large = json!({ "query": "{ one }", "variables": { "a": "x".repeat(200 << 10) } }).to_string();
        let announced = join_all((0..150).map(|_| opened(b""))).await;
        assert_eq!(server.posts(&[JSON], large.as_bytes()).await.status, 200, "what is announced takes no room");
        drop(announced);

        let all_but_one = vec![b' '; (256 << 10) - 1];
        let mut slow = join_all((0..127).map(|_| opened(&all_but_one))).await;
        let there_is_none = async {
            while server.posts(&[JSON], large.as_bytes()).await.status == 200 {
                // Those that ask may have taken the last room just when one of the slow ones needed it.
                slow.push(opened(&all_but_one).await);
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(6), there_is_none).await.expect("there is an end of room");
        assert_eq!(server.posts(&[JSON], large.as_bytes()).await.refusal(), "503 UNAVAILABLE");
        assert_eq!(server.posts(&[JSON], br#"{"query":"{ one }"}"#).await.status, 200);

        drop(slow);
        let there_is_room = async { while server.posts(&[JSON], large.as_bytes()).await.status != 200 {} };
        timeout(Duration::from_secs(5), there_is_room).await.expect("room is given back");
    })
    .await;
}

#[tokio::test]
async fn large_requests_of_one_network_leave_room_to_others() {
    with_app_set(&[("LYCEUM_TRUSTED_PROXIES", "127.0.0.1")], async |app| {
        let server = Server::of_faults(app).await;
        let head = "POST /graphql HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 203.0.113.7\r\ncontent-length: 65536\r\n\r\n";
        let begun = [head.as_bytes(), &vec![b' '; 40 << 10]].concat();
        let opened = async || {
            let mut stream = TcpStream::connect(server.address).await.expect("it listens");
            stream.write_all(&begun).await.expect("it takes bytes");
            stream
        };
        let mut slow = join_all((0..31).map(|_| opened())).await;
        let large = json!({ "query": "{ one }", "variables": { "a": "x".repeat(20 << 10) } }).to_string();
        let from = async |address| server.posts(&[JSON, ("x-forwarded-for", address)], large.as_bytes()).await.status;
        let there_is_none = async {
            while from("203.0.113.7").await == 200 {
                slow.push(opened().await);
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(6), there_is_none).await.expect("they have a share only");
        assert_eq!((from("203.0.113.7").await, from("203.0.113.8").await), (503, 200));
        drop(slow);
    })
    .await;
}

#[tokio::test]
async fn queries_may_come_by_get_and_mutations_may_not() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let reply =
            server.gets("/graphql?query=query($v:String!){echo(value:$v)}&variables=%7B%22v%22:%22%D8%B6%22%7D", &[]).await;
        assert_eq!(reply.json(), json!({ "data": { "echo": "ض" } }));

        let mutation = server.gets("/graphql?query=mutation%7BsignsIn%7D", &[]).await;
        assert_eq!((mutation.status, mutation.header("allow")), (405, Some("POST")));
        assert!(mutation.header("set-cookie").is_none());
        let put = server.sends("PUT", "/graphql", &[JSON], b"{}").await;
        assert_eq!((put.status, put.header("allow")), (405, Some("GET, POST")));
    })
    .await;
}

#[tokio::test]
async fn faults_say_nothing_but_the_id_of_the_request() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let reply = server.asks("{ one leaks breaks }", &[]).await;
        let body = reply.json();
        assert_eq!((reply.status, &body["data"]), (200, &json!({ "one": 1, "leaks": null, "breaks": null })));
        for error in body["errors"].as_array().expect("errors") {
            assert_eq!(error["message"], "Something went wrong on our side.");
            let id = reply.header("x-request-id").expect("an id");
            assert_eq!(error["extensions"], json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": id }));
        }
        let panicked = server.asks("{ panics }", &[]).await;
        assert_eq!(panicked.refusal(), "500 INTERNAL_SERVER_ERROR");
        assert_eq!(server.asks("{ one }", &[]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn what_failed_whole_says_when_to_try_again() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let retry = |reply: &Reply| (reply.status, reply.header("retry-after").map(str::to_owned));
        assert_eq!(retry(&server.asks("{ limited }", &[]).await), (429, Some("7".into())));
        assert_eq!(retry(&server.asks("{ away }", &[]).await), (503, Some("1".into())));
        assert_eq!(retry(&server.asks("{ away one }", &[]).await), (200, None));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_input_value_is_the_clients_fault() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let wrong = server.asks_with("query($id: ID!) { user(id: $id) { fullName } }", &json!({ "id": "course_1" }), &[]).await;
        assert_eq!(wrong.code(), "BAD_USER_INPUT");
    })
    .await;
}

#[tokio::test]
async fn a_session_comes_by_cookie_or_as_a_bearer_token_which_wins() {
    with_app(async |app| {
        let (one, other) = (app.practitioner().await, app.practitioner().await);
        let (cookie, bearer) = (format!("lyceum={}", token(&one)), format!("Bearer {}", token(&other)));
        let server = Server::of_faults(app).await;
        let viewer = async |headers: &[(&str, &str)]| server.asks("{ viewer }", headers).await.json()["data"]["viewer"].clone();
        let same = ("sec-fetch-site", "same-origin");

        assert_eq!(viewer(&[("cookie", &cookie), same]).await, one.id());
        assert_eq!(viewer(&[("authorization", &bearer)]).await, other.id());
        assert_eq!(viewer(&[("cookie", &cookie), ("authorization", &bearer)]).await, other.id());
        assert_eq!(viewer(&[("cookie", &cookie), ("authorization", "Bearer nobodys")]).await, json!(null));
        assert_eq!(viewer(&[("cookie", "lyceum=planted"), same]).await, json!(null));
        assert_eq!(viewer(&[]).await, json!(null));
    })
    .await;
}

#[tokio::test]
async fn pages_of_other_sites_can_not_use_the_cookie() {
    with_app_set(&[("LYCEUM_ALLOWED_ORIGINS", "https://front.example")], async |app| {
        let cookie = format!("lyceum={}", token(&app.practitioner().await));
        let server = Server::of_faults(app).await;
        let own = format!("http://{}", server.address);
        let status = async |headers: &[(&str, &str)]| {
            let reply = server.asks("mutation { signsIn }", &[&[("cookie", cookie.as_str())], headers].concat()).await;
            assert_eq!(reply.header("set-cookie").is_some(), reply.status == 200, "what is refused has no effect");
            reply.status
        };

        assert_eq!(status(&[]).await, 403);
        assert_eq!(status(&[("origin", "https://evil.example")]).await, 403);
        assert_eq!(status(&[("origin", "null")]).await, 403);
        assert_eq!(status(&[("sec-fetch-site", "cross-site")]).await, 403);
        assert_eq!(status(&[("sec-fetch-site", "same-site")]).await, 403);
        assert_eq!(status(&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")]).await, 403);
        assert_eq!(status(&[("origin", &own)]).await, 200);
        assert_eq!(status(&[("origin", "https://front.example")]).await, 200);
        assert_eq!(status(&[("sec-fetch-site", "same-origin")]).await, 200);

        let path = "/graphql?query=%7Bviewer%7D";
        assert_eq!(server.gets(path, &[("cookie", &cookie)]).await.status, 403);
        assert_eq!(server.gets(path, &[("cookie", &cookie), ("graphql-require-preflight", "1")]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn only_allowed_origins_may_read_answers() {
    with_app_set(&[("LYCEUM_ALLOWED_ORIGINS", "https://front.example")], async |app| {
        let server = Server::of_faults(app).await;
        let opened = |reply: &Reply| reply.header("access-control-allow-origin").map(str::to_owned);
        let ask = [("access-control-request-method", "POST"), ("access-control-request-headers", "content-type")];

        let front = server.sends("OPTIONS", "/graphql", &[&ask[..], &[("origin", "https://front.example")]].concat(), b"").await;
        assert_eq!((front.status, opened(&front)), (204, Some("https://front.example".into())));
        assert_eq!(front.header("access-control-allow-credentials"), Some("true"));
        assert!(front.header("access-control-allow-headers").is_some_and(|names| names.contains("content-type")));
        assert_eq!(front.header("vary"), Some("origin"));
        let evil = server.sends("OPTIONS", "/graphql", &[&ask[..], &[("origin", "https://evil.example")]].concat(), b"").await;
        assert_eq!(opened(&evil), None);
        assert_eq!(
            opened(&server.asks("{ one }", &[("origin", "https://front.example")]).await),
            Some("https://front.example".into())
        );
        assert_eq!(opened(&server.asks("{ one }", &[("origin", "https://evil.example")]).await), None);
    })
    .await;
}

#[tokio::test]
async fn a_session_store_that_is_away_is_not_taken_for_a_sign_out() {
    with_app(async |app| {
        let bearer = format!("Bearer {}", token(&app.practitioner().await));
        let server = Server::of_faults(app).await;
        let rename = async |from: &str, to: &str| {
            app.db.write().execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}")).await.expect("it is renamed")
        };
        rename("session", "elsewhere").await;
        let refused = server.asks("{ viewer }", &[("authorization", &bearer)]).await;
        if app.config.redis.is_none() {
            assert_eq!(refused.refusal(), "503 UNAVAILABLE");
            assert_eq!(refused.header("retry-after"), Some("1"));
            assert_eq!(server.gets("/health/ready", &[]).await.json()["parts"]["sessions"], "unavailable");
        }
        assert_eq!(server.asks("{ one }", &[]).await.status, 200);
        assert_eq!(server.gets("/health/live", &[]).await.status, 200);
        rename("elsewhere", "session").await;
    })
    .await;
}

#[tokio::test]
async fn only_trusted_proxies_say_where_a_client_is() {
    let address = async |proxies: &str| {
        let mut seen = String::new();
        with_app_set(&[("LYCEUM_TRUSTED_PROXIES", proxies)], async |app| {
            let server = Server::of_faults(app).await;
            let reply = server.asks("{ address }", &[("x-forwarded-for", "192.0.2.1, 203.0.113.7")]).await;
            seen = reply.json()["data"]["address"].as_str().expect("an address").to_owned();
        })
        .await;
        seen
    };
    assert_eq!(address("").await, "127.0.0.1");
    assert_eq!(address("127.0.0.1").await, "203.0.113.7");
    assert_eq!(address("fd00::/8, 127.0.0.0/8, 203.0.0.0/16").await, "192.0.2.1");
}

#[tokio::test]
async fn every_answer_has_security_headers_and_an_id() {
    with_app_set(&[("LYCEUM_PUBLIC_URL", "https://lyceum.example")], async |app| {
        let server = Server::of_faults(app).await;
        for reply in [
            server.asks("{ one }", &[]).await,
            server.asks("{ panics }", &[]).await,
            server.gets("/nothing/here", &[]).await,
            server.gets("/health/live", &[]).await,
        ] {
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
                ("cache-control", "no-store"),
                ("strict-transport-security", "max-age=31536000"),
            ] {
                assert_eq!(reply.all(name), value);
            }
            assert!(reply.header("server").is_none());
            assert!(reply.header("x-request-id").is_some_and(|id| id.len() == 32));
        }
        assert_eq!(server.gets("/nothing/here", &[]).await.refusal(), "404 NOT_FOUND");
        assert_eq!(server.sends("DELETE", "/health/live", &[], b"").await.refusal(), "405 METHOD_NOT_ALLOWED");
    })
    .await;
}

#[tokio::test]
async fn headers_of_resolvers_go_out() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        assert_eq!(server.asks("mutation { signsIn }", &[]).await.all("set-cookie"), "a=1, b=2");
    })
    .await;
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_takes_it() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let gzip = ("accept-encoding", "br, gzip;q=0.8");
        let large = server.asks("{ text(length: 100000) }", &[gzip]).await;
        assert_eq!(large.header("content-encoding"), Some("gzip"));
        assert!(large.body.len() < 10_000);
        assert_eq!(large.all("vary"), "accept, accept-encoding");
        let plain = server.asks("{ text(length: 100000) }", &[("accept-encoding", "gzip;q=0")]).await;
        assert_eq!((plain.header("content-encoding"), plain.body.len() > 100_000), (None, true));
        assert_eq!(server.asks("{ one }", &[gzip]).await.header("content-encoding"), None);
    })
    .await;
}

#[tokio::test]
async fn the_schema_is_readable_unless_it_is_closed() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let schema = server.gets("/schema.graphql", &[]).await;
        assert_eq!(String::from_utf8_lossy(&schema.body), lyceum::graphql::sdl());
        assert_eq!(
            server.asks("{ __schema { queryType { name } } }", &[]).await.json()["data"]["__schema"]["queryType"]["name"],
            "Query"
        );
    })
    .await;
    with_app_set(&[("LYCEUM_INTROSPECTION", "off")], async |app| {
        let server = Server::start(app).await;
        assert_eq!(server.gets("/schema.graphql", &[]).await.status, 404);
        let reply = server.asks("{ __schema { queryType { name } } }", &[]).await;
        assert!(reply.json()["data"]["__schema"].is_null());
        let page = server.gets("/graphql", &[("accept", "text/html")]).await;
        assert_eq!(page.refusal(), "406 NOT_ACCEPTABLE", "there is no GraphiQL");
        let traced = server.posts(&[JSON], br#"{"query":"{ __typename }","extensions":{"tracing":true}}"#).await;
        assert_eq!(traced.json(), json!({ "data": { "__typename": "Query" } }), "no traces go out");
        let misspelt = server.asks("{ nod }", &[]).await.json().to_string();
        assert!(!misspelt.contains("node"), "{misspelt}");
    })
    .await;
}

#[tokio::test]
async fn readiness_tells_which_part_is_missing() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let ready = server.gets("/health/ready", &[]).await;
        assert_eq!(ready.json(), json!({ "status": "ok", "parts": { "database": "ok", "sessions": "ok" } }));
    })
    .await;
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let mut stream = TcpStream::connect(server.address).await.expect("it listens");
        for _ in 0..3 {
            let body = r#"{"query":"{ one }"}"#;
            let request = format!(
                "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(request.as_bytes()).await.expect("it is sent");
            let mut answer = Vec::new();
            while !answer.ends_with(br#"{"data":{"one":1}}"#) {
                assert_ne!(stream.read_buf(&mut answer).await.expect("it is read"), 0);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn slow_clients_are_cut_off_and_others_are_served() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let begun = Instant::now();
        let mut silent = TcpStream::connect(server.address).await.expect("it listens");
        let mut slow = TcpStream::connect(server.address).await.expect("it listens");
        slow.write_all(b"POST /graphql HTTP/1.1\r\nhost: ").await.expect("it is sent");
        let mut slow_body = TcpStream::connect(server.address).await.expect("it listens");
        let head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
        slow_body.write_all(head).await.expect("it is sent");
        assert_eq!(server.asks("{ one }", &[]).await.status, 200);

        let mut answer = Vec::new();
        let _ = silent.read_to_end(&mut answer).await;
        assert!(answer.is_empty() && begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        let _ = slow.read_to_end(&mut answer).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
        answer.clear();
        let _ = slow_body.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_given_up() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let body = r#"{"query":"{ sleeps(milliseconds: 9000) }"}"#;
        let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
        let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        let begun = Instant::now();
        join_all((0..128).map(async |_| {
            let mut stream = TcpStream::connect(server.address).await.expect("it listens");
            stream.write_all(request.as_bytes()).await.expect("it is sent");
            stream.shutdown().await.expect("it is closed");
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }))
        .await;
        assert_eq!(server.asks("{ one }", &[]).await.status, 200, "all turns are free again");
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test]
async fn a_stopping_server_ends_what_it_began() {
    with_app(async |app| {
        let mut server = Server::of_faults(app).await;
        let address = server.address;
        let idle = TcpStream::connect(address).await.expect("it listens");
        let body = r#"{"query":"{ sleeps(milliseconds: 600) }"}"#;
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut busy = TcpStream::connect(address).await.expect("it listens");
        busy.write_all(request.as_bytes()).await.expect("it is sent");
        sleep(Duration::from_millis(200)).await;

        assert!(server.stops_within(Duration::from_secs(5)).await);
        let mut answer = Vec::new();
        busy.read_to_end(&mut answer).await.expect("it is answered");
        assert!(answer.ends_with(br#"{"data":{"sleeps":1}}"#), "{}", String::from_utf8_lossy(&answer));
        assert!(TcpStream::connect(address).await.is_err());
        drop(idle);
    })
    .await;
}

#[tokio::test]
async fn the_demo_page_is_served_with_a_strict_policy() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        for path in ["/", "/demo"] {
            let reply = server.gets(path, &[]).await;
            assert_eq!((reply.status, reply.header("location")), (303, Some("/demo/")), "{path}");
        }
        let page = server.gets("/demo/", &[]).await;
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.all("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(server.gets("/demo/app.js", &[]).await.header("content-type"), Some("text/javascript; charset=utf-8"));
        for path in ["/demo/nothing.js", "/demo/../Cargo.toml", "/demo/%2e%2e/page/app.js"] {
            assert_eq!(server.gets(path, &[]).await.status, 404, "{path}");
        }
    })
    .await;
}
