//! What the server does while an engine that it stands on is away, slow or gone without a word, and once it is back. An engine
//! that is embedded can't be away: there, these tests say so and pass.

mod balancer;
mod busy;
mod database;
mod disk;
mod live;
mod mail;
mod nodes;
mod proxy;
mod redis;
mod storage;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use lyceum::{audit, courses::course};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use tokio::time::sleep;

use self::proxy::Proxy;
use crate::{
    app::{Client, TestApp, key},
    http_client::{Reply, Server},
    skipping::skipped,
    teaching::COURSE_CREATE,
};

/// Longest that anything takes to be well again.
const RECOVERY: Duration = Duration::from_secs(10);
/// What visitors read.
const PUBLIC: &str = "{ site { name } courses { nodes { slug } } }";
/// What only the signed-in get.
const OWN: &str = "{ viewer { user { fullName } } }";

/// A server behind a proxy before the engine that a setting names.
async fn behind(setting: &str) -> Option<(TestApp, Proxy)> {
    behind_with(setting, |_| {}).await
}

/// As [`behind`], with settings that `change` changes.
async fn behind_with(setting: &str, change: impl FnOnce(&mut BTreeMap<String, String>)) -> Option<(TestApp, Proxy)> {
    let variable = match setting {
        "AWS_ENDPOINT_URL_S3" => "LYCEUM_TEST_S3_ENDPOINT".to_owned(),
        setting => format!("LYCEUM_TEST_{setting}"),
    };
    let Ok(url) = std::env::var(&variable) else {
        skipped(format_args!("{variable} is not set"));
        return None;
    };
    let server = authority(&url);
    let proxy = Proxy::before(server).await;
    let address = proxy.address.to_string();
    let app = TestApp::start_with(|values| {
        let value = values.entry(setting.to_owned()).or_insert_with(|| url.clone());
        *value = value.replace(server, &address);
        change(values);
    });
    Some((app.await, proxy))
}

/// Host and port of an address.
fn authority(url: &str) -> &str {
    let (_, rest) = url.split_once("://").expect("an address");
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// Asks over HTTP as `client`; the answer, and how long it took.
async fn asked(server: &Server, client: &Client<'_>, document: &str, variables: &Value) -> (Reply, Duration) {
    let authorization = client.token.as_ref().map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = authorization.iter().map(|value| ("authorization", value.as_str())).collect();
    let begun = Instant::now();
    let reply = server.asks_with(document, variables, &headers).await;
    (reply, begun.elapsed())
}

/// That an answer says to come back, and when.
fn assert_away(reply: &Reply) {
    let body = String::from_utf8_lossy(&reply.body);
    assert_eq!(reply.status, 503, "{body}");
    assert_eq!(reply.code(), "UNAVAILABLE", "{body}");
    assert!(reply.header("retry-after").is_some(), "{body}");
}

/// What `/health/live` and `/health/ready` answer.
async fn health(server: &Server) -> (u16, u16) {
    (server.gets("/health/live", &[]).await.status, server.gets("/health/ready", &[]).await.status)
}

/// Waits until `client` is answered and the server is ready, but not for longer than that may take.
async fn recovered(server: &Server, client: &Client<'_>) {
    within(RECOVERY, async || asked(server, client, OWN, &json!({})).await.0.status == 200 && health(server).await == (200, 200))
        .await;
}

/// Waits until `holds`, but not for longer than `limit`.
async fn within(limit: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < limit, "it did not happen within {limit:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Variables of [`COURSE_CREATE`], with a key of their own.
fn new_course(title: &str) -> Value {
    json!({ "input": { "key": key(), "visibility": "PUBLIC", "text": { "language": "en", "title": title } } })
}

/// Creates a course over HTTP, as clients do: again and again with the same key until it is answered. Its id.
async fn created(server: &Server, trainer: &Client<'_>, variables: &Value) -> Value {
    let mut id = Value::Null;
    within(3 * RECOVERY, async || {
        let (reply, _) = asked(server, trainer, COURSE_CREATE, variables).await;
        if reply.status != 200 {
            assert_away(&reply);
            return false;
        }
        id = reply.json()["data"]["courseCreate"]["course"]["id"].clone();
        true
    })
    .await;
    assert!(id.is_string(), "{id}");
    id
}

/// How many courses there are, and how many audit entries of their creation.
async fn counted(app: &TestApp) -> (u64, u64) {
    let courses = course::Entity::find().count(app.db.read()).await.expect("courses can be counted");
    let entries = audit::entity::Entity::find().filter(audit::entity::Column::Action.eq("course.created"));
    (courses, entries.count(app.db.read()).await.expect("entries can be counted"))
}
