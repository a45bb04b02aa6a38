//! Documents that would cost too much are refused before they cost anything.

use std::{fmt::Write as _, time::Duration};

use serde_json::json;
use tokio::time::Instant;

use crate::{
    app::{with_app, with_app_set},
    http_client::Server,
};

/// A chain of fragments in which each spreads the next twice: `2^levels` selections.
fn bomb(levels: usize, leaf: &str) -> String {
    let mut document = "{ ...F0 }".to_owned();
    for level in 0..levels {
        let _ = write!(document, " fragment F{level} on Query {{ ...F{next} ...F{next} }}", next = level + 1);
    }
    document + &format!(" fragment F{levels} on Query {{ {leaf} }}")
}

/// Times that a document is sent, to see what it takes a server beside which other tests run.
const TRIES: usize = 5;
/// In which what costs too much is refused.
const AT_ONCE: Duration = Duration::from_millis(100);

/// That a document is refused with `code`, and at once: from when it is sent until the answer is there.
async fn is_refused_at_once(server: &Server, what: &str, document: &str, code: &str) {
    let mut fastest = Duration::MAX;
    for attempt in 0..TRIES {
        // Never the same text again: what was parsed before is remembered.
        let body = json!({ "query": format!("{document} # {attempt}") }).to_string();
        let json = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
        let begun = Instant::now();
        let reply = server.posts(&json, body.as_bytes()).await;
        fastest = fastest.min(begun.elapsed());
        assert_eq!(reply.refusal(), format!("400 {code}"), "{what}");
        if fastest < AT_ONCE {
            return;
        }
    }
    panic!("{what}: refused after {fastest:?}");
}

#[tokio::test]
async fn a_fragment_bomb_is_defused_at_once() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        for leaf in ["one", "__typename", "...Unknown ...Unknown", "...F0"] {
            for levels in [20, 30, 80] {
                let code = if leaf == "...F0" { "GRAPHQL_VALIDATION_FAILED" } else { "QUERY_TOO_COMPLEX" };
                is_refused_at_once(&server, &format!("{levels} {leaf}"), &bomb(levels, leaf), code).await;
            }
        }
        assert_eq!(server.gets("/health/live", &[]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn each_bomb_alone_is_refused_at_once() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let levels = |count: usize| "{ deeper ".repeat(count) + "{ one }" + &"}".repeat(count);
        let aliases = |count: usize| format!("{{ {} }}", (0..count).map(|n| format!("a{n}:one")).collect::<Vec<_>>().join(" "));
        let directives = |count: usize| format!("{{ one {} }}", "@include(if: true) ".repeat(count));
        let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned();
        // The smaller of two is small enough to be parsed; the larger is refused before.
        for (what, document, code) in [
            ("a cycle", cycle, "GRAPHQL_VALIDATION_FAILED"),
            ("sixty levels", levels(60), "QUERY_TOO_DEEP"),
            ("a thousand levels", levels(1_000), "QUERY_TOO_DEEP"),
            ("a thousand aliases", aliases(1_000), "QUERY_TOO_COMPLEX"),
            ("ten thousand aliases", aliases(10_000), "QUERY_TOO_COMPLEX"),
            ("five hundred directives", directives(500), "QUERY_TOO_COMPLEX"),
            ("ten thousand directives", directives(10_000), "QUERY_TOO_COMPLEX"),
        ] {
            is_refused_at_once(&server, what, &document, code).await;
        }
        assert_eq!(server.gets("/health/live", &[]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn documents_have_limits() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let many = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<Vec<_>>().join(" ");
        let nested = |open: &str, middle: &str, close: &str, times: usize| open.repeat(times) + middle + &close.repeat(times);
        for (what, code, document) in [
            ("depth", "QUERY_TOO_DEEP", nested("{ deeper ", "{ one }", "}", 20)),
            ("great depth", "QUERY_TOO_DEEP", nested("{ deeper ", "{ one }", "}", 1_000)),
            ("deep values", "QUERY_TOO_DEEP", format!("{{ echo(value: {}) }}", nested("[", "", "]", 1_500))),
            ("deep types", "QUERY_TOO_DEEP", format!("query($a: {}) {{ one }}", nested("[", "Int", "]", 1_500))),
            ("aliases", "QUERY_TOO_COMPLEX", format!("{{ deeper {{ {} }} }}", many(101, &|n| format!("a{n}: one")))),
            ("many aliases", "QUERY_TOO_COMPLEX", format!("{{ {} }}", many(10_000, &|n| format!("a{n}:one")))),
            ("directives", "QUERY_TOO_COMPLEX", format!("{{ {} }}", many(201, &|_| "... @include(if: true) { one }".into()))),
            ("root fields", "QUERY_TOO_COMPLEX", format!("{{ {} }}", many(31, &|n| format!("a{n}: one")))),
            ("changes", "QUERY_TOO_COMPLEX", format!("mutation {{ {} }}", many(11, &|n| format!("a{n}: signsIn")))),
            (
                "fragments",
                "QUERY_TOO_COMPLEX",
                format!("{{ one }} {}", many(101, &|n| format!("fragment F{n} on Query {{ one }}"))),
            ),
            ("operations", "QUERY_TOO_COMPLEX", many(200, &|n| format!("query Q{n} {{ deeper {{ {} }} }}", "one ".repeat(12)))),
        ] {
            assert_eq!(server.asks(&document, &[]).await.refusal(), format!("400 {code}"), "{what}");
        }
        for (what, document) in [
            ("depth", nested("{ deeper ", "{ one }", "}", 19)),
            ("aliases", format!("{{ deeper {{ {} }} }}", many(100, &|n| format!("a{n}: one")))),
            ("root fields", format!("{{ {} }}", many(30, &|n| format!("a{n}: one")))),
            ("brackets in a text", format!("{{ echo(value: \"{}\") }}", "[".repeat(1_000))),
            ("words in a text", format!("{{ echo(value: \"\"\"{}\\\"\"\" \"\"\") }}", "{ a ".repeat(5_000))),
            ("a comment", format!("{{ one }} # {}", "{ a ".repeat(5_000))),
        ] {
            let reply = server.asks(&document, &[]).await;
            assert_eq!((reply.status, reply.json().get("errors")), (200, None), "{what}");
        }
    })
    .await;
}

/// Fragments that each hold `nested` and, within it, spread the next.
fn chain(fragments: usize, open: &str, close: &str, nested: usize) -> String {
    let mut document = "{ ...F0 }".to_owned();
    for n in 0..fragments {
        let (open, close, next) = (open.repeat(nested), close.repeat(nested), n + 1);
        let inner = if next == fragments { "one".to_owned() } else { format!("...F{next}") };
        let _ = write!(document, "fragment F{n} on Query{{{open}{inner}{close}}}");
    }
    document
}

#[tokio::test]
async fn a_chain_of_nested_fragments_overflows_no_stack() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        for (what, document) in [
            ("fields", chain(21, "a{", "}", 60)),
            ("inline fragments", chain(100, "...{", "}", 5)),
            ("few levels in many fragments", chain(100, "a{", "}", 1)),
        ] {
            let mut fastest = Duration::MAX;
            for _ in 0..3 {
                let begun = Instant::now();
                let (reply, health) = tokio::join!(server.asks(&document, &[]), server.gets("/health/live", &[]));
                fastest = fastest.min(begun.elapsed());
                assert_eq!((reply.refusal().as_str(), health.status), ("400 QUERY_TOO_DEEP", 200), "{what}");
            }
            assert!(fastest < Duration::from_millis(100), "{what}: {fastest:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn lists_that_take_no_size_count_for_what_they_hold() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let id = |kind: &str| format!("{kind}_00000000000000000000000000");
        let variables = json!({
            "ids": vec![id("recording"); 100], "slug": "a",
            "recording": id("recording"), "quiz": id("quiz"), "topic": id("topic"),
        });
        let codes = async |document: &str| {
            let reply = server.asks_with(document, &variables, &[]).await;
            if reply.status == 200 { "fine".to_owned() } else { reply.code() }
        };
        for large in [
            "{ courses(first: 100) { nodes { publishedVersion { modules { lessons { text { bodyHtml } } } } } } }",
            "{ courses(first: 100) { nodes { publishedVersion { modules { lessons { text { body } } } } } } }",
            "{ courses(first: 100) { nodes { draft { modules { lessons { quiz { questions { translations { promptHtml } } } } } } } } }",
            "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Recording { captions { transcript { text } } } } }",
            "{ communities(first: 100) { nodes { topics(first: 100) { nodes { postsSince(number: 1) { body } } } } } }",
            "{ communities { nodes { topics { nodes { posts { nodes { revisions { body } } } } } } } }",
        ] {
            assert_eq!(codes(large).await, "QUERY_TOO_COMPLEX", "{large}");
            let message = server.asks_with(large, &variables, &[]).await.json()["errors"][0]["message"].to_string();
            assert!(message.contains("50000 fields") && message.contains("`first`"), "{message}");
        }
        for usual in [
            include_str!("../../benches/course-page.graphql"),
            "query($recording: ID!) { recording(id: $recording) { captions { language direction label transcript { startSeconds endSeconds text } } } }",
            "query($slug: String!) { course(slug: $slug) { publishedVersion { modules { lessons { text { title body bodyHtml } } } } } }",
            "query($quiz: ID!) { quiz(id: $quiz) { questions { id translations { language promptHtml choices { text } } } } }",
            "query($topic: ID!) { topic(id: $topic) { posts(first: 100) { nodes { bodyHtml author { fullName } inReplyTo { bodyHtml } } } } }",
        ] {
            assert_eq!(codes(usual).await, "fine", "{usual}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_cost_what_they_have_however_their_size_is_said() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let codes = async |document: &str, variables| {
            let reply = server.asks_with(document, &variables, &[]).await;
            if reply.status == 200 { "fine".to_owned() } else { reply.code() }
        };
        let three = |size: &str| {
            format!("pages({size}) {{ nodes {{ pages({size}) {{ nodes {{ pages({size}) {{ nodes {{ one }} }} }} }} }} }}")
        };
        for size in ["first: null, last: 100", "last: 100, first: 1", "first: 100, last: null"] {
            assert_eq!(codes(&format!("{{ {} }}", three(size)), json!({})).await, "QUERY_TOO_COMPLEX", "{size}");
        }
        let sized = format!("query($n: Int) {{ {} }}", three("first: $n, last: 1"));
        for (n, code) in [(json!(1), "fine"), (json!(100), "QUERY_TOO_COMPLEX"), (json!(1), "fine"), (json!(null), "fine")] {
            assert_eq!(codes(&sized, json!({ "n": n })).await, code, "{n}");
        }
        assert_eq!(codes(&sized, json!({})).await, "fine");

        // Each operation has its own defaults, also for fragments that it shares.
        let shared = format!("fragment F on Query {{ {} }}", three("first: $n"));
        for (a, b) in [(1, 100), (100, 1)] {
            let two = format!("query A($n: Int = {a}) {{ ...F }} query B($n: Int = {b}) {{ ...F }} {shared}");
            let body = json!({ "query": two, "operationName": "A" }).to_string();
            let json = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
            assert_eq!(server.posts(&json, body.as_bytes()).await.refusal(), "400 QUERY_TOO_COMPLEX", "{a} {b}");
        }
        let list = "query($id: Int) { things(ids: [".to_owned()
            + &"$id ".repeat(100)
            + "]) { pages { nodes { pages { nodes { pages { nodes { one } } } } } } } }";
        assert_eq!(codes(&list, json!({})).await, "QUERY_TOO_COMPLEX");
    })
    .await;
}

#[tokio::test]
async fn a_page_out_of_range_is_refused_over_http() {
    with_app(async |app| {
        let server = Server::start(app).await;
        for size in ["first: -1", "first: 0", "last: -100", "first: 101", "first: 1000000000", "first: 1, last: 1"] {
            let reply = server.asks(&format!("{{ courses({size}) {{ nodes {{ id }} }} }}"), &[]).await;
            assert_eq!(reply.code(), "BAD_USER_INPUT", "{size}");
        }
        for (wrong, code) in [("99999999999", "BAD_USER_INPUT"), ("1e3", "GRAPHQL_VALIDATION_FAILED")] {
            let reply = server.asks(&format!("{{ courses(first: {wrong}) {{ nodes {{ id }} }} }}"), &[]).await;
            assert_eq!(reply.refusal(), format!("400 {code}"), "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_sizes_of_pages_multiply() {
    with_app(async |app| {
        let server = Server::of_faults(app).await;
        let codes = async |document: &str, variables| {
            let reply = server.asks_with(document, &variables, &[]).await;
            if reply.status == 200 { "fine".to_owned() } else { reply.code() }
        };
        let nested = |outer: &str, inner: &str| {
            format!("query($n: Int = 100, $ids: [Int!]) {{ pages{outer} {{ nodes {{ pages{inner} {{ nodes {{ things(ids: $ids) {{ one two: one }} }} }} }} }} used: pages(first: $n) {{ nodes {{ one }} }} }}")
        };
        let ids = |count: usize| json!({ "ids": vec![1; count] });

        assert_eq!(codes(&nested("(first: 100)", "(first: 20)"), ids(5)).await, "fine");
        assert_eq!(codes(&nested("(first: 100)", "(last: 100)"), ids(5)).await, "QUERY_TOO_COMPLEX");
        assert_eq!(codes(&nested("(first: 100)", "(first: 20)"), ids(100)).await, "QUERY_TOO_COMPLEX");
        assert_eq!(codes(&nested("", ""), ids(50)).await, "fine");
        assert_eq!(codes(&nested("", ""), ids(100)).await, "QUERY_TOO_COMPLEX");
        assert_eq!(codes(&nested("(first: $n)", "(first: $n)"), ids(5)).await, "QUERY_TOO_COMPLEX");
        assert_eq!(codes(&nested("(first: $n)", "(first: $n)"), json!({ "n": 5, "ids": [1] })).await, "fine");
        assert_eq!(codes("{ pages(first: 1000000000) { nodes { one } } }", json!({})).await, "fine");
    })
    .await;
}

#[tokio::test]
async fn tools_can_introspect_and_nobody_can_do_so_within_itself() {
    with_app(async |app| {
        let server = Server::start(app).await;
        let introspection = "query { __schema { queryType { name } mutationType { name } subscriptionType { name }
            types { ...FullType } directives { name description isRepeatable locations args { ...InputValue } } } }
            fragment FullType on __Type { kind name description specifiedByURL isOneOf
                fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue }
                    type { ...TypeRef } isDeprecated deprecationReason }
                inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
                enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
                possibleTypes { ...TypeRef } }
            fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
            fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
                ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";
        let whole = server.asks(introspection, &[]).await;
        assert_eq!((whole.status, whole.json().get("errors")), (200, None));

        let within = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
        assert_eq!(server.asks(within, &[]).await.refusal(), "400 QUERY_TOO_COMPLEX");
        let again = (0..12).map(|n| format!("a{n}: __schema {{ types {{ fields {{ name }} }} }}")).collect::<Vec<_>>().join(" ");
        assert_eq!(server.asks(&format!("{{ {again} }}"), &[]).await.refusal(), "400 QUERY_TOO_COMPLEX");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_asks_too_much_has_to_wait() {
    with_app_set(&[("LYCEUM_TRUSTED_PROXIES", "127.0.0.1")], async |app| {
        let server = Server::of_faults(app).await;
        let one = [("x-forwarded-for", "203.0.113.7")];
        let mut last = server.asks("{ one }", &one).await;
        assert_eq!(last.header("ratelimit-policy"), Some("\"operations\";q=1200;w=60"));
        let left = |reply: &str| reply.split(['=', ';']).nth(2).and_then(|left| left.parse::<u32>().ok());
        assert_eq!(last.header("ratelimit").and_then(left), Some(1199));
        for _ in 0..1_600 {
            if last.status != 200 {
                break;
            }
            last = server.asks("{ one }", &one).await;
        }
        assert_eq!(last.refusal(), "429 RATE_LIMITED");
        assert!(last.header("retry-after").is_some_and(|seconds| seconds != "0"));
        assert_eq!(server.asks("{ one }", &[("x-forwarded-for", "203.0.113.8")]).await.status, 200);
        let token = format!("Bearer {}", app.practitioner().await.token.clone().expect("signed in"));
        assert_eq!(server.asks("{ one }", &[one[0], ("authorization", &token)]).await.status, 200);
    })
    .await;
}
