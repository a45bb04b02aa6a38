//! PostgreSQL, where everything else is.

use std::{
    sync::atomic::{AtomicU32, Ordering::SeqCst},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use lyceum::{
    error::{Error, Result},
    transact,
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::json;
use tokio::sync::Barrier;

use super::{
    OWN, PUBLIC, RECOVERY, asked, assert_away, behind, counted, created, health, new_course, proxy::Mode, recovered, within,
};
use crate::{
    app::{TestApp, with_app},
    http_client::Server,
    skipping::skipped,
    teaching::COURSE_CREATE,
};

/// For a connection to be had, and for the answer to be written.
const ACQUIRED: Duration = Duration::from_millis(2500);
/// For a statement that was under way, whose answer never comes.
const STATEMENT: Duration = Duration::from_millis(8500);

#[tokio::test]
async fn while_the_database_is_away_everything_is_told_to_come_back_and_soon_is_well_again() {
    let Some((app, proxy)) = behind("DATABASE_URL").await else { return };
    let (server, person, visitor) = (Server::start(&app).await, app.practitioner().await, app.visitor());
    for fault in [Mode::Refuse, Mode::Hang, Mode::Truncate(0)] {
        recovered(&server, &person).await;
        proxy.set(fault).await;
        // Those under way when it went wait for their statement; whoever comes later does not.
        for (number, limit) in [STATEMENT, ACQUIRED, ACQUIRED, ACQUIRED].into_iter().enumerate() {
            let people = [(&visitor, PUBLIC), (&person, OWN)].into_iter().cycle().take(20);
            let answers = join_all(people.map(|(client, document)| async {
                let client = client.clone();
                asked(&server, &client, document, &json!({})).await
            }));
            for (reply, took) in answers.await {
                assert_away(&reply);
                assert!(took < limit, "{fault:?}, {number}: {took:?}");
            }
        }
        assert_eq!(health(&server).await, (200, 503), "{fault:?}");
        proxy.set(Mode::Pass).await;
    }
    recovered(&server, &person).await;
    app.stop().await;
}

#[tokio::test]
async fn connections_to_the_database_that_are_lost_without_a_word_are_replaced() {
    let Some((app, proxy)) = behind("DATABASE_URL").await else { return };
    let (server, person) = (Server::start(&app).await, app.practitioner().await);
    let none = json!({});
    let all_at_once = async || join_all((0..40).map(|_| asked(&server, &person, OWN, &none))).await;
    all_at_once().await;
    assert!(proxy.connections() > 5, "many are open");
    proxy.lose_connections().await;
    // Half of those who ask also go away before they are answered.
    let impatient = (0..20).map(|_| tokio::time::timeout(Duration::from_millis(200), asked(&server, &person, OWN, &none)));
    join_all(impatient).await;
    for (reply, took) in all_at_once().await {
        assert!(reply.status == 200 || reply.status == 503, "{}", reply.status);
        assert!(took < STATEMENT, "{took:?}");
    }
    within(RECOVERY, async || {
        let mut well = true;
        for _ in 0..10 {
            well &= asked(&server, &person, OWN, &none).await.0.status == 200;
        }
        well
    })
    .await;
    app.stop().await;
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_applied_once() {
    let Some((app, proxy)) = behind("DATABASE_URL").await else { return };
    let (server, trainer) = (Server::start(&app).await, app.trainer().await);
    let variables = new_course("Answer lost");
    proxy.set(Mode::LoseAnswerTo("COMMIT")).await;
    let (lost, _) = asked(&server, &trainer, COURSE_CREATE, &variables).await;
    assert_away(&lost);
    assert_eq!(counted(&app).await, (1, 1), "it was done all the same");
    let id = created(&server, &trainer, &variables).await;
    assert_eq!(created(&server, &trainer, &variables).await, id);
    assert_eq!(counted(&app).await, (1, 1));
    app.stop().await;
}

#[tokio::test]
async fn a_transaction_that_is_broken_off_leaves_nothing_and_is_done_once_when_it_is_sent_again() {
    let Some((app, proxy)) = behind("DATABASE_URL").await else { return };
    let (server, trainer) = (Server::start(&app).await, app.trainer().await);
    for (done, step) in ["INSERT INTO \"course\"", "INSERT INTO \"audit_entry\"", "COMMIT"].into_iter().enumerate() {
        let variables = new_course(step);
        let done = done as u64;
        proxy.set(Mode::LoseRequest(step)).await;
        assert_away(&asked(&server, &trainer, COURSE_CREATE, &variables).await.0);
        assert_eq!(counted(&app).await, (done, done), "{step}");
        created(&server, &trainer, &variables).await;
        assert_eq!(counted(&app).await, (done + 1, done + 1), "{step}");
        // Statements that are known are sent by number: the next round has to name them.
        proxy.set(Mode::Refuse).await;
        proxy.set(Mode::Pass).await;
        recovered(&server, &trainer).await;
    }
    app.stop().await;
}

#[tokio::test]
async fn what_is_written_through_a_database_that_keeps_breaking_is_written_once() {
    let Some((app, proxy)) = behind("DATABASE_URL").await else { return };
    let (server, trainer) = (Server::start(&app).await, app.trainer().await);
    let all: Vec<_> = (0..12).map(|number| new_course(&format!("Course {number}"))).collect();
    let breaking = async {
        let faults = [Mode::Refuse, Mode::LoseAnswerTo("COMMIT"), Mode::LoseRequest("INSERT")];
        for (turn, fault) in (1..).zip(faults.into_iter().cycle()) {
            proxy.set(fault).await;
            tokio::time::sleep(Duration::from_millis(40)).await;
            proxy.set(Mode::Pass).await;
            // Longer each time, so that a slow machine gets something done, too.
            tokio::time::sleep(Duration::from_millis(60 + 20 * turn)).await;
        }
    };
    let writing = join_all(all.iter().map(|variables| created(&server, &trainer, variables)));
    tokio::select! {
        () = breaking => unreachable!("it does not end"),
        ids = writing => assert_eq!(ids.len(), 12),
    }
    proxy.set(Mode::Pass).await;
    recovered(&server, &trainer).await;
    assert_eq!(counted(&app).await, (12, 12));
    app.stop().await;
}

/// Runs on PostgreSQL only; says so elsewhere.
async fn on_postgres(test: impl AsyncFnOnce(&TestApp)) {
    if std::env::var("LYCEUM_TEST_DATABASE_URL").is_err() {
        skipped("LYCEUM_TEST_DATABASE_URL is not set");
        return;
    }
    with_app(test).await;
}

#[tokio::test]
async fn a_statement_ends_after_five_seconds_and_those_who_wait_for_a_connection_are_sent_away_before() {
    on_postgres(async |app| {
        let (server, visitor) = (Server::start(app).await, app.visitor());
        let begun = Instant::now();
        let sleep = || Statement::from_string(app.db.backend(), "SELECT 1 FROM pg_sleep(30)");
        let slow = join_all((0..20).map(|_| app.db.read().query_one_raw(sleep())));
        let others = async {
            within(RECOVERY, async || {
                let (reply, took) = asked(&server, &visitor, PUBLIC, &json!({})).await;
                assert!(took < ACQUIRED, "{took:?}");
                if reply.status == 503 {
                    assert_away(&reply);
                }
                reply.status == 503
            })
            .await;
            assert_eq!(server.gets("/health/live", &[]).await.status, 200);
        };
        let (slow, ()) = tokio::join!(slow, others);
        assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
        for ended in slow {
            let err = Error::from(ended.expect_err("it is ended"));
            assert!(matches!(err, Error::Unavailable("database")), "{err:?}");
        }
        let (reply, _) = asked(&server, &visitor, PUBLIC, &json!({})).await;
        assert_eq!(reply.status, 200);
    })
    .await;
}

#[tokio::test]
async fn two_transactions_in_each_others_way_are_both_done() {
    on_postgres(async |app| {
        let people = [app.practitioner().await.user(), app.practitioner().await.user()];
        let (meeting, tries) = (Barrier::new(2), [AtomicU32::new(0), AtomicU32::new(0)]);
        let rename = async |order: [usize; 2]| {
            transact!(app, |tx| {
                for (step, person) in order.into_iter().enumerate() {
                    let sql = format!("UPDATE \"user\" SET full_name = full_name || '.' WHERE id = '{}'", people[person].0);
                    tx.execute_unprepared(&sql).await?;
                    if step == 0 && tries[order[0]].fetch_add(1, SeqCst) == 0 {
                        meeting.wait().await;
                    }
                }
                Ok(())
            })
        };
        let (one, other): (Result<()>, Result<()>) = tokio::join!(rename([0, 1]), rename([1, 0]));
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
        assert_eq!(tries.iter().map(|tries| tries.load(SeqCst)).sum::<u32>(), 3, "one of them was tried again");
    })
    .await;
}

#[tokio::test]
async fn transactions_that_could_not_have_been_one_after_another_are_both_done() {
    on_postgres(async |app| {
        let people = [app.practitioner().await.user(), app.practitioner().await.user()];
        // One fails at its statement, where both write a row; or at its end, where each reads what the other writes.
        for (level, written) in [("REPEATABLE READ", [0, 0]), ("SERIALIZABLE", [0, 1])] {
            let (meeting, tries) = (Barrier::new(2), [AtomicU32::new(0), AtomicU32::new(0)]);
            let rename = async |number: usize| {
                transact!(app, |tx| {
                    tx.execute_unprepared(&format!("SET TRANSACTION ISOLATION LEVEL {level}")).await?;
                    let read = Statement::from_string(tx.get_database_backend(), "SELECT full_name FROM \"user\"");
                    tx.query_all_raw(read).await?;
                    if tries[number].fetch_add(1, SeqCst) == 0 {
                        meeting.wait().await;
                    }
                    let person = people[written[number]].0;
                    let sql = format!("UPDATE \"user\" SET full_name = full_name || '{number}' WHERE id = '{person}'");
                    tx.execute_unprepared(&sql).await?;
                    Ok(())
                })
            };
            let (one, other): (Result<()>, Result<()>) = tokio::join!(rename(0), rename(1));
            assert!(one.is_ok() && other.is_ok(), "{level}: {one:?} {other:?}");
            let tries: u32 = tries.iter().map(|tries| tries.load(SeqCst)).sum();
            assert!((3..=4).contains(&tries), "{level}: one of them was tried again: {tries}");
        }
        let sql = "SELECT full_name FROM \"user\" ORDER BY id";
        let rows = app.db.read().query_all_raw(Statement::from_string(app.db.backend(), sql)).await.expect("rows");
        let names: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
        let marks: usize = names.iter().map(|name| name.len() - "Person 1".len()).sum();
        assert_eq!(marks, 4, "each is done once: {names:?}");
    })
    .await;
}
