//! A database that somebody else keeps busy: SQLite has one writer, and a command beside the server may be it for long.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use lyceum::{
    audit::{self, Action},
    config::DatabaseUrl,
    error::{Error, Result},
    transact,
    viewer::Viewer,
};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use serde_json::json;
use tokio::time::sleep;

use super::{OWN, PUBLIC, RECOVERY, asked, assert_away, counted, created, new_course};
use crate::{
    app::{TestApp, with_app},
    http_client::Server,
    teaching::COURSE_CREATE,
};

/// Longest for a write that finds the lock taken: 5 s of waiting for it, and what a slow machine adds.
const GIVEN_UP: Duration = Duration::from_millis(8500);
/// Longest for what is read meanwhile.
const READ: Duration = Duration::from_secs(2);

/// The write lock of the embedded database, over a connection that is not the server's. `None` on PostgreSQL.
async fn write_lock(app: &TestApp) -> Option<DatabaseTransaction> {
    let DatabaseUrl::Sqlite(file) = &app.config.database else { return None };
    let other = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.expect("a second connection");
    let mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
    Some(other.begin_with_options(options).await.expect("nobody else has it"))
}

#[tokio::test]
async fn a_write_waits_while_another_process_writes() {
    with_app(async |app| {
        let (server, trainer) = (Server::start(app).await, app.trainer().await);
        let Some(lock) = write_lock(app).await else { return };
        let held = async {
            sleep(Duration::from_millis(1500)).await;
            lock.rollback().await.expect("it is given back");
        };
        let variables = new_course("Patience");
        let ((reply, took), ()) = tokio::join!(asked(&server, &trainer, COURSE_CREATE, &variables), held);
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        assert!(took > Duration::from_secs(1), "{took:?}");
        assert_eq!(counted(app).await, (1, 1));
    })
    .await;
}

#[tokio::test]
async fn writes_are_sent_away_while_another_process_keeps_writing_reads_go_on_and_each_is_done_once_after_it() {
    with_app(async |app| {
        let (server, trainer, visitor) = (Server::start(app).await, app.trainer().await, app.visitor());
        let Some(lock) = write_lock(app).await else { return };
        let all: Vec<_> = (0..4).map(|number| new_course(&format!("Course {number}"))).collect();
        let writing = join_all(all.iter().map(|variables| asked(&server, &trainer, COURSE_CREATE, variables)));
        let reading = async {
            for (client, document) in [(&visitor, PUBLIC), (&trainer, OWN)].into_iter().cycle().take(20) {
                let (reply, took) = asked(&server, client, document, &json!({})).await;
                assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
                assert!(took < READ, "{took:?}");
                sleep(Duration::from_millis(150)).await;
            }
            assert_eq!(server.gets("/health/live", &[]).await.status, 200);
        };
        let (written, ()) = tokio::join!(writing, reading);
        for (reply, took) in written {
            assert_away(&reply);
            assert!(took < GIVEN_UP, "{took:?}");
        }
        assert_eq!(counted(app).await, (0, 0), "nothing is half done");

        lock.rollback().await.expect("it is given back");
        let begun = Instant::now();
        let ids = join_all(all.iter().map(|variables| created(&server, &trainer, variables))).await;
        assert!(begun.elapsed() < RECOVERY, "{:?}", begun.elapsed());
        assert_eq!((ids.len(), counted(app).await), (4, (4, 4)));
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_always_finds_another_in_its_way_is_given_up_after_five_tries_and_leaves_nothing() {
    with_app(async |app| {
        let tries = AtomicU32::new(0);
        let done: Result<()> = transact!(app, |tx| {
            tries.fetch_add(1, SeqCst);
            audit::record(tx, &Viewer::visitor(), Action::new("test.collision")).await?;
            Err(Error::Collision(Arc::new(DbErr::Custom("another is in the way".into()))))
        });
        let err = done.expect_err("it is given up");
        assert!(matches!(err, Error::Collision(_)), "{err:?}");
        assert_eq!((err.code(), tries.load(SeqCst)), ("UNAVAILABLE", 5));
        let left = audit::entity::Entity::find().filter(audit::entity::Column::Action.eq("test.collision"));
        assert_eq!(left.count(app.db.read()).await.expect("counted"), 0);
    })
    .await;
}
