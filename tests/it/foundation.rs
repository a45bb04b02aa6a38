//! What everything stands on.

use std::{
    os::unix::fs::PermissionsExt as _,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use lyceum::{
    audit::{self, Action},
    config::DatabaseUrl,
    error::Error,
    ids::UserId,
    jobs, transact, transact_once,
    viewer::Viewer,
    worker::Sweep,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use crate::app::with_app;

const ENTRIES: &str = "query($first: Int, $after: String, $last: Int, $before: String) {
    auditEntries(first: $first, after: $after, last: $last, before: $before) {
        nodes { action } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }";

#[tokio::test]
async fn a_person_is_seen_whole_by_themselves_and_by_name_only_by_others() {
    with_app(async |app| {
        let (one, other) = (app.practitioner().await, app.practitioner().await);
        let user = "query($id: ID!) { user(id: $id) { fullName email } }";

        let own = one.runs(user, &json!({ "id": one.id() })).await;
        assert_eq!(own["user"]["email"], one.email);
        let seen = other.runs(user, &json!({ "id": one.id() })).await;
        assert_eq!(seen["user"], json!({ "fullName": "Person 1", "email": null }));
        let visited = app.visitor().runs(user, &json!({ "id": one.id() })).await;
        assert_eq!(visited["user"]["fullName"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn a_key_makes_a_write_happen_once() {
    with_app(async |app| {
        let (key, runs) = (Uuid::new_v4(), AtomicU32::new(0));
        let write = async |input: &str| {
            transact_once!(app, &Viewer::visitor(), key, "test", &input, |tx| {
                runs.fetch_add(1, Ordering::SeqCst);
                audit::record(tx, &Viewer::visitor(), Action::new("test")).await?;
                Ok(UserId::new())
            })
        };
        let first = write("a").await.expect("it is written");
        assert_eq!(write("a").await.expect("it is answered"), first);
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert!(matches!(write("b").await, Err(Error::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn pages_go_forwards_and_backwards_without_gaps() {
    with_app(async |app| {
        let admin = app.administrator().await;
        for n in 0..4 {
            let name = ["a", "b", "c", "d"][n];
            transact!(app, |tx| audit::record(tx, &Viewer::visitor(), Action::new(name)).await).expect("recorded");
        }
        let page = async |variables| admin.runs(ENTRIES, &variables).await["auditEntries"].clone();
        let names = |page: &serde_json::Value| {
            page["nodes"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|node| node["action"].as_str().unwrap_or("?").to_owned())
                .collect::<Vec<_>>()
        };
        let first = page(json!({ "first": 2 })).await;
        assert_eq!(names(&first), ["d", "c"]);
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let second = page(json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
        assert_eq!(names(&second), ["b", "a"]);
        let back = page(json!({ "last": 1, "before": second["pageInfo"]["startCursor"] })).await;
        assert_eq!(names(&back), ["c"]);
        assert_eq!(names(&page(json!({ "last": 1 })).await), ["user.created"]);
        assert_eq!(admin.fails(ENTRIES, &json!({ "first": 101 })).await, "BAD_USER_INPUT");
        assert_eq!(admin.fails(ENTRIES, &json!({ "after": "forged" })).await, "BAD_USER_INPUT");
    })
    .await;
}

#[tokio::test]
async fn only_administrators_read_the_audit() {
    with_app(async |app| {
        assert_eq!(app.practitioner().await.fails(ENTRIES, &json!({})).await, "FORBIDDEN");
        assert_eq!(app.visitor().fails(ENTRIES, &json!({})).await, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn the_worker_is_woken_by_what_it_has_to_do_and_by_nothing_else() {
    with_app(async |app| {
        let patience = Duration::from_millis(50);
        let bell = app.job_bell.notified();
        transact!(app, |tx| audit::record(tx, &Viewer::visitor(), Action::new("test")).await).expect("recorded");
        transact!(app, |tx| jobs::enqueue_at(tx, &Sweep {}, tx.now() + chrono::Duration::milliseconds(1)).await)
            .expect("enqueued");
        assert!(timeout(patience, bell).await.is_err());
        let bell = app.job_bell.notified();
        transact!(app, |tx| jobs::enqueue(tx, &Sweep {}).await).expect("enqueued");
        assert!(timeout(patience, bell).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_read_that_was_given_up_spoils_no_other() {
    with_app(async |app| {
        let read = async |sql: String| -> Result<i32, DbErr> {
            let row = app.db.read().query_one_raw(Statement::from_string(app.db.backend(), sql)).await?;
            row.ok_or(DbErr::RecordNotFound(String::new()))?.try_get("", "n")
        };
        let slow = match app.db.backend() {
            DbBackend::Postgres => "SELECT -1 AS n FROM pg_sleep(0.2)",
            _ => "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300000) SELECT -max(n) AS n FROM c",
        };
        for _ in 0..3 {
            assert!(timeout(Duration::from_millis(5), read(slow.to_owned())).await.is_err(), "it is slow");
        }
        // More at once than there are connections: each finds one, and the answer to its own question.
        let numbers: Vec<i32> = (0..60).collect();
        let reads = futures_util::future::join_all(numbers.iter().map(|n| read(format!("SELECT {n} AS n")))).await;
        let answers: Vec<_> = reads.into_iter().map(|answer| answer.expect("it is answered")).collect();
        assert_eq!(answers, numbers);
        assert!(app.db.read().execute_unprepared("DELETE FROM job").await.is_err(), "who reads does not write");
    })
    .await;
}

#[tokio::test]
async fn the_file_of_the_database_is_its_owners_alone() {
    with_app(async |app| {
        let DatabaseUrl::Sqlite(file) = &app.config.database else { return };
        let wal = file.with_extension("sqlite-wal");
        for file in [file, &wal] {
            let mode = std::fs::metadata(file).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        }
    })
    .await;
}
