//! Which parts of the code may name which.

use std::path::Path;

use super::code::{Source, names_in, sources};

/// The domains by their layer: each may name those of lower layers. All else lies below them, or above (see [`ABOVE`]).
const LAYERS: [(&str, u8); 10] = [
    ("accounts", 1),
    ("certificates", 1),
    ("courses", 2),
    ("files", 3),
    ("recordings", 4),
    ("quizzes", 4),
    ("forum", 4),
    ("webinars", 5),
    ("learning", 6),
    ("reporting", 7),
];

/// What may name everything.
const ABOVE: [&str; 10] = ["main", "commands", "lib", "graphql", "http", "worker", "running", "demo", "migrating", "moving"];

/// Files that name a domain above them all the same, and why.
const EXCEPTIONS: [(&str, &str); 5] = [
    ("src/files/policy.rs", "recordings"), // whoever may make a recording may send its captions
    ("src/files/policy.rs", "webinars"),   // whoever may make a webinar may send its materials, which those with a seat see
    ("src/recordings/policy.rs", "webinars"), // who has a seat in a webinar sees the recordings of it
    ("src/quizzes/policy/webinars.rs", "webinars"), // staff and takers of a test are those of its webinar
    ("src/files/uploading.rs", "recordings"), // captions are read by the one reader of WebVTT, which is pure
];

/// What inputs, enumerations and small objects of domains are made with; they save a copy of each.
const DERIVES: [&str; 5] = ["InputObject", "Enum", "SimpleObject", "ID", "MaybeUndefined"];

/// Files outside the API that use async-graphql at run time, and why.
const AT_RUN_TIME: [&str; 6] = [
    "src/ids.rs",              // ids are scalars
    "src/scalars.rs",          // so are these
    "src/language/mod.rs",     // and languages
    "src/error.rs",            // errors become those of GraphQL here
    "src/demo/loading/mod.rs", // the demo is made through the schema
    "src/http/",               // runs documents
];

/// The part of the code that a file belongs to: its folder in `src`, or its own name.
fn part(source: &Source) -> &str {
    let name = source.path.trim_start_matches("src/").split('/').next().unwrap_or_default();
    name.trim_end_matches(".rs")
}

fn is_graphql(source: &Source) -> bool {
    source.path.contains("/graphql/") || source.path.ends_with("/graphql.rs")
}

fn layer(part: &str) -> u8 {
    LAYERS.iter().find(|(domain, _)| *domain == part).map_or(0, |(_, layer)| *layer)
}

/// Parts that a file names, by `crate::` or by enough `super::`.
fn named(source: &Source) -> impl Iterator<Item = String> {
    let path = Path::new(source.path.trim_start_matches("src/"));
    let is_root = path.file_name().is_some_and(|name| name == "mod.rs");
    let depth = path.components().count() - usize::from(is_root);
    let upwards = vec!["super"; depth].join("::");
    names_in(&source.code, "crate").into_iter().chain(names_in(&source.code, &upwards))
}

#[test]
fn domains_name_only_those_below_them() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !is_graphql(source) && !ABOVE.contains(&part(source))) {
        let own = part(source);
        let upwards = named(source).filter(|name| name != own && layer(name) > 0 && layer(name) >= layer(own));
        let upwards = upwards.filter(|name| !EXCEPTIONS.contains(&(&source.path, name)));
        wrong.extend(upwards.map(|name| format!("{} names {name}", source.path)));
    }
    assert!(wrong.is_empty(), "move what is shared down, or what needs both into `learning`:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_below_the_api_names_its_assembly_or_what_serves_it() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !ABOVE.contains(&part(source)) && !is_graphql(source)) {
        let upwards =
            named(source).filter(|name| ["commands", "graphql", "http", "worker", "running", "demo"].contains(&name.as_str()));
        wrong.extend(upwards.map(|name| format!("{} names {name}", source.path)));
    }
    assert!(
        wrong.is_empty(),
        "data flows http → graphql → operation → policy → rows; pass what is needed down:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn only_http_sessions_and_errors_name_poem() {
    let may = |source: &Source| ["http", "sessions", "error"].contains(&part(source));
    let wrong: Vec<_> =
        sources().into_iter().filter(|source| !may(source) && !names_in(&source.code, "poem").is_empty()).collect();
    let wrong: Vec<_> = wrong.iter().map(|source| source.path.as_str()).collect();
    assert!(wrong.is_empty(), "only src/http, src/sessions and src/error.rs may know of poem: {wrong:?}");
}

#[test]
fn only_the_api_uses_async_graphql_at_run_time() {
    let mut wrong = Vec::new();
    for source in sources() {
        let may =
            is_graphql(&source) || part(&source) == "graphql" || AT_RUN_TIME.iter().any(|path| source.path.starts_with(path));
        let used = names_in(&source.code, "async_graphql");
        let further: Vec<_> = used.into_iter().filter(|name| !may && !DERIVES.contains(&name.as_str())).collect();
        if !further.is_empty() {
            wrong.push(format!("{} uses {}", source.path, further.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "outside the API only {DERIVES:?} may be used, for derives:\n{}", wrong.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    let sources = sources();
    let is_needed =
        |path: &str, name: &str| sources.iter().any(|source| source.path == path && named(source).any(|named| named == name));
    for (path, name) in EXCEPTIONS {
        assert!(is_needed(path, name), "{path} no longer names {name}: remove the exception");
    }
}

/// Parts that can call any address over HTTP: those of object storage and of the collector of traces, which are set by whoever
/// runs the server; and the demo's clients, which are not part of it.
const CALLERS: [&str; 3] = ["objects", "traces", "demo"];

#[test]
fn nothing_can_fetch_an_address_that_a_user_gives() {
    let calls = ["TcpStream::connect", "connect_async", "client::legacy", "aws_smithy_http_client", "lookup_host", "UdpSocket"];
    for source in sources() {
        let called = calls.iter().find(|call| source.code.contains(*call));
        assert!(called.is_none() || CALLERS.contains(&part(&source)), "{}: {called:?}", source.path);
    }
}
