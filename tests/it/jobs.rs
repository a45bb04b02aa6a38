//! The queue and its workers: heavy work leaves room, what is delivered twice happens once, what always fails ends.

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration,
};

use lyceum::{
    app::App,
    error::{Error, Result},
    jobs::{self, Job, Kinds, Run, Urgency, Worker, WorkerState, entity},
    transact, worker,
};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Notify, Semaphore},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{TestApp, with_app},
    teaching::Taught,
};

async fn enqueue<J: Job>(app: &TestApp, job: &J) {
    transact!(app, |tx| jobs::enqueue(tx, job).await).expect("enqueued");
}

/// All jobs that are in the queue.
pub async fn queued(app: &TestApp) -> Vec<entity::Model> {
    entity::Entity::find().all(app.db.read()).await.expect("jobs can be read")
}

/// Runs what is due, again and again while time goes by, as after `tries` failures.
async fn run_through(app: &TestApp, kinds: &Kinds, tries: usize) {
    for _ in 0..tries {
        while jobs::run_due(app, kinds).await.expect("the queue can be read") == WorkerState::Worked {}
        app.clock.advance(chrono::Duration::minutes(10));
    }
}

/// Waits until `holds`, but not for ever.
pub async fn until(holds: impl Fn() -> bool) {
    for _ in 0..400 {
        if holds() {
            return;
        }
        sleep(Duration::from_millis(25)).await;
    }
    panic!("it did not happen in time");
}

#[tokio::test]
async fn heavy_jobs_run_one_at_a_time_and_leave_room_for_the_others() {
    static HEAVY_NOW: AtomicUsize = AtomicUsize::new(0);
    static HEAVY_MOST: AtomicUsize = AtomicUsize::new(0);
    static LIGHT_DONE: AtomicUsize = AtomicUsize::new(0);
    static HEAVY_DONE: AtomicUsize = AtomicUsize::new(0);
    static GATE: Notify = Notify::const_new();

    #[derive(Serialize, Deserialize)]
    struct Film;
    impl Job for Film {
        const KIND: &'static str = "test.film";
        const HEAVY: bool = true;
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            HEAVY_MOST.fetch_max(HEAVY_NOW.fetch_add(1, SeqCst) + 1, SeqCst);
            GATE.notified().await;
            HEAVY_NOW.fetch_sub(1, SeqCst);
            HEAVY_DONE.fetch_add(1, SeqCst);
            Ok(())
        }
    }
    #[derive(Serialize, Deserialize)]
    struct Note;
    impl Job for Note {
        const KIND: &'static str = "test.note";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            LIGHT_DONE.fetch_add(1, SeqCst);
            Ok(())
        }
    }

    with_app(async |app| {
        for _ in 0..5 {
            enqueue(app, &Film).await;
        }
        for _ in 0..5 {
            enqueue(app, &Note).await;
        }
        let (kinds, stop) = (Kinds::new().with::<Film>().with::<Note>(), CancellationToken::new());
        let working = tokio::spawn(Worker::new((**app).clone(), kinds).run(stop.clone()));
        until(|| LIGHT_DONE.load(SeqCst) == 5).await;
        assert_eq!(HEAVY_DONE.load(SeqCst), 0, "the notes did not wait for the films");
        for done in 1..=5 {
            until(|| HEAVY_NOW.load(SeqCst) == 1).await;
            GATE.notify_one();
            until(|| HEAVY_DONE.load(SeqCst) == done).await;
        }
        assert_eq!(HEAVY_MOST.load(SeqCst), 1);
        stop.cancel();
        working.await.expect("the worker ends");
    })
    .await;
}

#[tokio::test]
async fn what_goes_to_many_leaves_room_for_what_somebody_waits_for() {
    static BULK_NOW: AtomicUsize = AtomicUsize::new(0);
    static BULK_DONE: AtomicUsize = AtomicUsize::new(0);
    static AWAITED_DONE: AtomicUsize = AtomicUsize::new(0);
    static RELAY: Semaphore = Semaphore::const_new(0);

    #[derive(Serialize, Deserialize)]
    struct Invitation;
    impl Job for Invitation {
        const KIND: &'static str = "test.invitation";
        fn urgency(&self) -> Urgency {
            Urgency::Bulk
        }
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            BULK_NOW.fetch_add(1, SeqCst);
            RELAY.acquire().await.expect("it is never closed").forget();
            BULK_NOW.fetch_sub(1, SeqCst);
            BULK_DONE.fetch_add(1, SeqCst);
            Ok(())
        }
    }
    #[derive(Serialize, Deserialize)]
    struct Password;
    impl Job for Password {
        const KIND: &'static str = "test.password";
        fn urgency(&self) -> Urgency {
            Urgency::Awaited
        }
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            AWAITED_DONE.fetch_add(1, SeqCst);
            Ok(())
        }
    }

    with_app(async |app| {
        for _ in 0..12 {
            enqueue(app, &Invitation).await;
        }
        let (kinds, stop) = (Kinds::new().with::<Invitation>().with::<Password>(), CancellationToken::new());
        let working = tokio::spawn(Worker::new((**app).clone(), kinds).run(stop.clone()));
        until(|| BULK_NOW.load(SeqCst) == 4).await;
        enqueue(app, &Password).await;
        until(|| AWAITED_DONE.load(SeqCst) == 1).await;
        assert_eq!((BULK_NOW.load(SeqCst), BULK_DONE.load(SeqCst)), (4, 0));
        RELAY.add_permits(12);
        until(|| BULK_DONE.load(SeqCst) == 12).await;
        stop.cancel();
        working.await.expect("the worker ends");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_two_workers_have_takes_effect_once() {
    static STARTED: AtomicUsize = AtomicUsize::new(0);
    static EFFECTS: AtomicUsize = AtomicUsize::new(0);
    static GATE: Notify = Notify::const_new();

    #[derive(Serialize, Deserialize)]
    struct Slow;
    impl Job for Slow {
        const KIND: &'static str = "test.slow";
        async fn run(self, _: &App, run: &Run) -> Result<()> {
            if STARTED.fetch_add(1, SeqCst) == 0 {
                GATE.notified().await; // the first worker hangs until its lease is over and another is done
            }
            if run.still_held().await? {
                EFFECTS.fetch_add(1, SeqCst);
            }
            Ok(())
        }
    }

    with_app(async |app| {
        enqueue(app, &Slow).await;
        let kinds = || Kinds::new().with::<Slow>();
        let first = (**app).clone();
        let hanging = tokio::spawn(async move { jobs::run_due(&first, &kinds()).await });
        until(|| STARTED.load(SeqCst) == 1).await;
        assert_eq!(jobs::run_due(app, &kinds()).await.expect("read"), WorkerState::Idle, "somebody has it");
        app.clock.advance(chrono::Duration::minutes(2));
        assert_eq!(jobs::run_due(app, &kinds()).await.expect("read"), WorkerState::Worked);
        GATE.notify_one();
        hanging.await.expect("it ends").expect("the queue can be read");
        assert_eq!((STARTED.load(SeqCst), EFFECTS.load(SeqCst)), (2, 1));
    })
    .await;
}

#[tokio::test]
async fn two_workers_that_look_at_once_send_one_mail() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "Course", "MEMBERS").await;
        course.grants("stranger@example.org", "MEMBER").await;
        let kinds = worker::kinds(&app.config);
        let (one, other) = tokio::join!(jobs::run_due(app, &kinds), jobs::run_due(app, &kinds));
        let worked = [one.expect("read"), other.expect("read")].into_iter().filter(|state| *state == WorkerState::Worked);
        assert_eq!(worked.count(), 1);
        assert_eq!(app.mails().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_many_wait_for_leaves_room_for_all_else() {
    static HANGING: AtomicUsize = AtomicUsize::new(0);
    static DONE: AtomicUsize = AtomicUsize::new(0);
    static RELAY: Semaphore = Semaphore::const_new(0);

    #[derive(Serialize, Deserialize)]
    struct Password;
    impl Job for Password {
        const KIND: &'static str = "test.passwords";
        fn urgency(&self) -> Urgency {
            Urgency::Awaited
        }
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            HANGING.fetch_add(1, SeqCst);
            RELAY.acquire().await.expect("it is never closed").forget();
            Ok(())
        }
    }
    #[derive(Serialize, Deserialize)]
    struct Usual;
    impl Job for Usual {
        const KIND: &'static str = "test.usual";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            DONE.fetch_add(1, SeqCst);
            Ok(())
        }
    }

    with_app(async |app| {
        for _ in 0..12 {
            enqueue(app, &Password).await;
        }
        let (kinds, stop) = (Kinds::new().with::<Password>().with::<Usual>(), CancellationToken::new());
        let working = tokio::spawn(Worker::new((**app).clone(), kinds).run(stop.clone()));
        until(|| HANGING.load(SeqCst) == 3).await;
        enqueue(app, &Usual).await;
        until(|| DONE.load(SeqCst) == 1).await;
        assert_eq!(HANGING.load(SeqCst), 3);
        RELAY.add_permits(12);
        until(|| HANGING.load(SeqCst) == 12).await;
        stop.cancel();
        working.await.expect("the worker ends");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_always_fails_is_given_up_after_five_tries_and_holds_up_nothing() {
    static FAILED: AtomicUsize = AtomicUsize::new(0);
    static PANICKED: AtomicUsize = AtomicUsize::new(0);
    static FINE: AtomicUsize = AtomicUsize::new(0);

    #[derive(Serialize, Deserialize)]
    struct Failing;
    impl Job for Failing {
        const KIND: &'static str = "test.failing";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            FAILED.fetch_add(1, SeqCst);
            Err(Error::internal(anyhow::anyhow!("poison")))
        }
    }
    #[derive(Serialize, Deserialize)]
    struct Panicking;
    impl Job for Panicking {
        const KIND: &'static str = "test.panicking";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            PANICKED.fetch_add(1, SeqCst);
            panic!("poison");
        }
    }
    #[derive(Serialize, Deserialize)]
    struct Fine;
    impl Job for Fine {
        const KIND: &'static str = "test.fine";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            FINE.fetch_add(1, SeqCst);
            Ok(())
        }
    }

    with_app(async |app| {
        enqueue(app, &Failing).await;
        enqueue(app, &Panicking).await;
        enqueue(app, &Fine).await;
        let kinds = Kinds::new().with::<Failing>().with::<Panicking>().with::<Fine>();
        run_through(app, &kinds, 1).await;
        assert_eq!(FINE.load(SeqCst), 1, "it did not wait for the others' tries");
        run_through(app, &kinds, 8).await;
        assert_eq!((FAILED.load(SeqCst), PANICKED.load(SeqCst)), (5, 5));
        let dead = queued(app).await;
        assert_eq!(dead.len(), 2);
        assert!(dead.iter().all(|job| job.state == entity::State::Dead && job.last_error.is_some()), "{dead:?}");
        app.clock.advance(chrono::Duration::days(91));
        jobs::sweep(&app.db, app.clock.now()).await.expect("swept");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_goes_on_when_its_worker_stops_is_cut_off_and_not_blamed() {
    static RUNNING: AtomicUsize = AtomicUsize::new(0);
    struct Running;
    impl Drop for Running {
        fn drop(&mut self) {
            RUNNING.fetch_sub(1, SeqCst);
        }
    }

    #[derive(Serialize, Deserialize)]
    struct Deaf;
    impl Job for Deaf {
        const KIND: &'static str = "test.deaf";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            RUNNING.fetch_add(1, SeqCst);
            let _running = Running;
            std::future::pending().await
        }
    }

    with_app(async |app| {
        // More than a worker takes at a time: it takes no other once it is to stop.
        for _ in 0..5 {
            enqueue(app, &Deaf).await;
        }
        let stop = CancellationToken::new();
        let working = tokio::spawn(Worker::new((**app).clone(), Kinds::new().with::<Deaf>()).run(stop.clone()));
        until(|| RUNNING.load(SeqCst) == 4).await;
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(20), working).await.expect("in time").expect("the worker ends");
        assert_eq!(RUNNING.load(SeqCst), 0);
        let jobs = queued(app).await;
        assert!(jobs.iter().all(|job| (job.state, job.attempts) == (entity::State::Waiting, 0)), "{jobs:?}");
        entity::Entity::delete_many().exec(app.db.write()).await.expect("they are gone");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_given_up_after_five_of_them() {
    static STARTED: AtomicUsize = AtomicUsize::new(0);

    #[derive(Serialize, Deserialize)]
    struct Deadly;
    impl Job for Deadly {
        const KIND: &'static str = "test.deadly";
        async fn run(self, _: &App, _: &Run) -> Result<()> {
            STARTED.fetch_add(1, SeqCst);
            std::future::pending().await
        }
    }

    with_app(async |app| {
        enqueue(app, &Deadly).await;
        let kinds = Kinds::new().with::<Deadly>();
        for died in 1..=5 {
            let worker = jobs::run_due(app, &kinds);
            tokio::select! {
                _ = worker => panic!("it never ends"),
                () = until(|| STARTED.load(SeqCst) == died) => {}
            }
            app.clock.advance(chrono::Duration::minutes(2));
        }
        run_through(app, &kinds, 2).await;
        assert_eq!(STARTED.load(SeqCst), 5);
        assert_eq!(queued(app).await[0].state, entity::State::Dead);
        app.clock.advance(chrono::Duration::days(91));
        jobs::sweep(&app.db, app.clock.now()).await.expect("swept");
    })
    .await;
}
