//! A machine whose clock is put right: it goes back for minutes, or leaps a year ahead and comes back. `quizzes::clocks` has what
//! that does to attempts.

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration as Pause,
};

use chrono::{DateTime, Duration, Utc};
use lyceum::{
    app::App,
    error::Result,
    jobs::{self, Job, Kinds, Run, Worker, WorkerState},
    transact, worker,
};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{START, credentials, has_session},
    app::{PASSWORD, with_app},
    jobs::{queued, until},
};

#[tokio::test]
async fn a_session_stays_when_the_clock_goes_back_and_ends_when_it_leaps_ahead() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.clock.advance(Duration::hours(-1));
        assert!(has_session(&person).await);
        app.clock.advance(Duration::hours(1));
        assert!(has_session(&person).await);
        app.clock.advance(Duration::days(365));
        assert!(!has_session(&person).await);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_used_ends_after_thirty_days_though_the_clock_goes_back_again_and_again() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let mut hours = 0;
        while has_session(&person).await {
            assert!(hours < 30 * 24, "it lives for ever");
            app.clock.advance(Duration::hours(10));
            app.clock.advance(Duration::hours(-1));
            hours += 9;
        }
        assert!(hours >= 30 * 24 - 9, "it ended after {hours} hours");
    })
    .await;
}

#[tokio::test]
async fn a_session_of_a_day_that_was_no_such_day_ends_when_the_clock_is_right_again() {
    with_app(async |app| {
        app.clock.advance(Duration::days(365));
        let person = app.practitioner().await;
        assert!(has_session(&person).await);
        app.clock.advance(Duration::days(-365));
        assert!(!has_session(&person).await);
    })
    .await;
}

#[tokio::test]
async fn failures_of_a_day_that_was_no_such_day_hold_up_nobody_when_the_clock_is_right_again() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.clock.advance(Duration::days(365));
        for _ in 0..5 {
            app.visitor().problems(START, &credentials(&person.email, "not this")).await;
        }
        assert_eq!(app.visitor().fails(START, &credentials(&person.email, PASSWORD)).await, "RATE_LIMITED");
        app.clock.advance(Duration::days(-365));
        app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
        // A leap within the day for which failures count.
        app.visitor().problems(START, &credentials(&person.email, "not this")).await;
        app.clock.advance(Duration::hours(12));
        for _ in 0..5 {
            app.visitor().problems(START, &credentials(&person.email, "not this")).await;
        }
        app.clock.advance(Duration::hours(-12));
        app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
    })
    .await;
}

#[tokio::test]
async fn failures_count_by_a_clock_that_is_a_little_behind_too() {
    with_app(async |app| {
        let person = app.practitioner().await;
        for _ in 0..5 {
            app.visitor().problems(START, &credentials(&person.email, "not this")).await;
        }
        app.clock.advance(Duration::seconds(-1));
        assert_eq!(app.visitor().fails(START, &credentials(&person.email, PASSWORD)).await, "RATE_LIMITED");
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_worker_died_runs_once_its_lease_is_over_and_not_sooner_when_the_clock_goes_back() {
    static STARTED: AtomicUsize = AtomicUsize::new(0);

    #[derive(Serialize, Deserialize)]
    struct Deadly;
    impl Job for Deadly {
        const KIND: &'static str = "test.deadly_clock";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            if STARTED.fetch_add(1, SeqCst) == 0 {
                std::future::pending::<()>().await;
            }
            Ok(())
        }
    }

    with_app(async |app| {
        transact!(app, |tx| jobs::enqueue(tx, &Deadly).await).expect("enqueued");
        let kinds = || Kinds::new().with::<Deadly>();
        let first = (**app).clone();
        let worker = tokio::spawn(async move { jobs::run_due(&first, &kinds()).await });
        until(|| STARTED.load(SeqCst) == 1).await;
        worker.abort();
        let looks = async || jobs::run_due(app, &kinds()).await.expect("the queue can be read");
        app.clock.advance(Duration::minutes(-10));
        assert_eq!(looks().await, WorkerState::Idle, "somebody may have it");
        app.clock.advance(Duration::minutes(10));
        assert_eq!(looks().await, WorkerState::Idle, "the lease is not over");
        app.clock.advance(Duration::seconds(61));
        assert_eq!(looks().await, WorkerState::Worked);
        assert_eq!((STARTED.load(SeqCst), queued(app).await.len()), (2, 0));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_is_planned_runs_once_when_the_clock_leaps_over_its_time_and_comes_back() {
    static DONE: AtomicUsize = AtomicUsize::new(0);

    #[derive(Serialize, Deserialize)]
    struct Planned;
    impl Job for Planned {
        const KIND: &'static str = "test.planned_clock";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            DONE.fetch_add(1, SeqCst);
            Ok(())
        }
    }

    with_app(async |app| {
        let kinds = Kinds::new().with::<Planned>();
        transact!(app, |tx| jobs::enqueue_at(tx, &Planned, tx.now() + Duration::days(1)).await).expect("enqueued");
        for (leap, done) in [(-1, 0), (366, 1), (-365, 1), (2, 1)] {
            app.clock.advance(Duration::days(leap));
            while jobs::run_due(app, &kinds).await.expect("the queue can be read") == WorkerState::Worked {}
            assert_eq!(DONE.load(SeqCst), done, "after {leap} days");
        }
    })
    .await;
}

#[tokio::test]
async fn all_that_comes_round_goes_well_on_a_leap_day_and_when_countries_move_their_clocks() {
    with_app(async |app| {
        app.practitioner().await;
        for day in ["2028-02-29T00:30:00Z", "2028-03-26T00:30:00Z", "2028-10-29T00:30:00Z"] {
            let then: DateTime<Utc> = day.parse().expect("an instant");
            app.clock.advance(then - app.clock.now());
            // A worker plans the next round of everything before it looks at the queue.
            let stop = CancellationToken::new();
            let working = tokio::spawn(Worker::new((**app).clone(), worker::kinds(&app.config)).run(stop.clone()));
            while queued(app).await.is_empty() {
                sleep(Pause::from_millis(10)).await;
            }
            stop.cancel();
            working.await.expect("the worker ends");
            assert!(queued(app).await.len() >= 5, "{day}: {:?}", queued(app).await);
            app.clock.advance(Duration::hours(25));
            app.run_jobs().await;
            let left = queued(app).await;
            assert!(left.is_empty(), "{day}: {left:?}");
        }
    })
    .await;
}
