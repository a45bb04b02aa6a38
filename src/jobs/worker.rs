//! The worker: claims due jobs of the kinds that it knows and runs them, renewing their leases meanwhile.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use sea_orm::Iterable as _;
use tokio::{
    sync::{Notify, Semaphore},
    task::{JoinError, JoinHandle},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{Job, Scheduled, Urgency, entity, queue, schedule};
use crate::{
    app::App,
    clock::Instant,
    error::{Error, Result},
    ids::JobId,
    metrics, traces,
};

/// Jobs that one process runs at a time.
const CONCURRENCY: usize = 5;
/// How many may be what nobody waits for in front of a screen: a slow mail relay that has many letters keeps nobody from theirs.
const UNAWAITED: usize = 4;
/// How many may be what somebody waits for: nobody who asks for many passwords keeps all else from being done.
const AWAITED: usize = 3;
/// How many may be heavy.
const HEAVY: usize = 1;
/// How often the queue is looked at when nothing rings.
const POLL: Duration = Duration::from_secs(1);
/// For a job that is told to stop to do so by itself.
const GRACE: Duration = Duration::from_secs(15);
/// How often the next rounds of scheduled jobs are enqueued.
const SCHEDULE: Duration = Duration::from_secs(20);

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
type RunKind = fn(String, App, Run) -> Outcome<'static>;
type ScheduleKind = for<'a> fn(&'a App, Instant) -> Outcome<'a>;

struct Kind {
    run: RunKind,
    attempts: i32,
    lease: Duration,
    is_heavy: bool,
}

/// The kinds of jobs that a worker knows.
#[derive(Default)]
pub struct Kinds {
    kinds: HashMap<&'static str, Kind>,
    schedules: Vec<ScheduleKind>,
}

impl Kinds {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Also knows `J`.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        let run: RunKind = |payload, app, run| {
            Box::pin(async move {
                let job: J = serde_json::from_str(&payload).map_err(Error::internal)?;
                job.run(&app, &run).await
            })
        };
        self.kinds.insert(J::KIND, Kind { run, attempts: J::ATTEMPTS, lease: J::LEASE, is_heavy: J::HEAVY });
        self
    }

    /// Also knows `J`, which comes round by itself.
    #[must_use]
    pub fn with_scheduled<J: Scheduled>(mut self) -> Self {
        self.schedules.push(|app, now| Box::pin(schedule::<J>(app.db.write(), now)));
        self.with::<J>()
    }

    fn is_heavy(&self, kind: &str) -> bool {
        self.kinds.get(kind).is_some_and(|kind| kind.is_heavy)
    }

    /// The names of all, or of all but the heavy ones.
    fn names(&self, with_heavy: bool) -> Vec<&'static str> {
        self.kinds.iter().filter(|(_, kind)| with_heavy || !kind.is_heavy).map(|(name, _)| *name).collect()
    }
}

/// What a running job may ask of its worker.
#[derive(Clone, Debug)]
pub struct Run {
    app: App,
    id: JobId,
    lease: Uuid,
    /// How many times it was tried, this time included.
    pub attempt: i32,
    stop: CancellationToken,
}

impl Run {
    /// Resolves when the job must stop: its lease is lost or the worker is ending. What it began it must be able to begin
    /// again. A job that goes on is cut off after 15 s.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Whether the job must stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Whether this worker still has the job; ask before making results visible.
    pub async fn still_held(&self) -> Result<bool> {
        queue::renew(&self.app.db, self.id, self.lease, self.app.clock.now() + chrono::Duration::seconds(60)).await
    }
}

/// What became of one look at the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// A job was run.
    Worked,
    /// None was due.
    Idle,
}

/// Runs jobs until it is stopped.
pub struct Worker {
    app: App,
    kinds: Arc<Kinds>,
}

impl Worker {
    /// A worker that knows `kinds`.
    #[must_use]
    pub fn new(app: App, kinds: Kinds) -> Self {
        Self { app, kinds: Arc::new(kinds) }
    }

    /// Runs until `stop`; then lets what is running end or stop, and hands back what did not end: another worker may take it
    /// at once, and the try does not count.
    pub async fn run(self, stop: CancellationToken) {
        let [slots, heavy, awaited, unawaited] =
            [CONCURRENCY, HEAVY, AWAITED, UNAWAITED].map(|most| Arc::new(Semaphore::new(most)));
        let (tasks, ended) = (TaskTracker::new(), Arc::new(Notify::new()));
        let mut next_schedule = tokio::time::Instant::now();
        while let Some(Ok(slot)) = stop.run_until_cancelled(Arc::clone(&slots).acquire_owned()).await {
            if next_schedule <= tokio::time::Instant::now() {
                self.schedule().await;
                next_schedule += SCHEDULE;
            }
            let bell = self.app.job_bell.notified();
            let [heavy, awaited, unawaited] =
                [&heavy, &awaited, &unawaited].map(|slots| Arc::clone(slots).try_acquire_owned().ok());
            let is_wanted =
                |urgency: &Urgency| if *urgency == Urgency::Awaited { awaited.is_some() } else { unawaited.is_some() };
            let urgencies: Vec<_> = Urgency::iter().filter(is_wanted).collect();
            match claim(&self.app, &self.kinds.names(heavy.is_some()), &urgencies).await {
                Ok(Some(job)) => {
                    let of_urgency = if job.urgency == Urgency::Awaited { awaited } else { unawaited };
                    let held = (slot, of_urgency, heavy.filter(|_| self.kinds.is_heavy(&job.kind)));
                    let (app, kinds, stop) = (self.app.clone(), Arc::clone(&self.kinds), stop.child_token());
                    let ended = Arc::clone(&ended);
                    tasks.spawn(async move {
                        run_claimed(&app, &kinds, job, stop).await;
                        drop(held);
                        ended.notify_one();
                    });
                    continue;
                }
                Ok(None) => {}
                Err(err) => tracing::warn!(?err, "the job queue can't be read"),
            }
            tokio::select! {
                () = bell => {}
                () = ended.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                () = stop.cancelled() => {}
            }
        }
        tasks.close();
        tasks.wait().await;
    }

    async fn schedule(&self) {
        let now = self.app.clock.now();
        for schedule in &self.kinds.schedules {
            if let Err(err) = schedule(&self.app, now).await {
                tracing::warn!(?err, "a scheduled job was not enqueued");
            }
        }
    }
}

async fn claim(app: &App, kinds: &[&str], urgencies: &[Urgency]) -> Result<Option<entity::Model>> {
    queue::claim(&app.db, kinds, urgencies, chrono::Duration::seconds(60), app.clock.now()).await
}

/// Runs one due job, if there is one: what tests do instead of a worker.
pub async fn run_due(app: &App, kinds: &Kinds) -> Result<WorkerState> {
    let all: Vec<_> = Urgency::iter().collect();
    let Some(job) = claim(app, &kinds.names(true), &all).await? else { return Ok(WorkerState::Idle) };
    run_claimed(app, kinds, job, CancellationToken::new()).await;
    Ok(WorkerState::Worked)
}

async fn run_claimed(app: &App, kinds: &Kinds, job: entity::Model, stop: CancellationToken) {
    let (Some(kind), Some(lease)) = (kinds.kinds.get(job.kind.as_str()), job.lease) else { return };
    let begun = std::time::Instant::now();
    let span = traces::job(job.id, &job.kind, job.attempts);
    let outcome = run(app, kind, &job, lease, stop).instrument(span.clone()).await;
    span.record("job.outcome", outcome);
    let labels = metrics::Run { kind: job.kind, outcome };
    app.metrics.runs.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
}

/// Runs a job and writes down what came of it, which it also tells in a word.
async fn run(app: &App, kind: &Kind, job: &entity::Model, lease: Uuid, stop: CancellationToken) -> &'static str {
    if job.attempts > kind.attempts {
        // Its worker died on it each time.
        let why = job.last_error.clone().unwrap_or_else(|| "its worker died".into());
        settle(queue::release(&app.db, job, lease, Some(why), None).await);
        return "dead";
    }
    let run = Run { app: app.clone(), id: job.id, lease, attempt: job.attempts, stop: stop.clone() };
    let mut work = tokio::spawn((kind.run)(job.payload.clone(), app.clone(), run));
    let renewal = keep(app, job, lease, kind.lease, &stop);
    let outcome = tokio::select! {
        outcome = &mut work => outcome,
        () = renewal => {
            stop.cancel();
            ended(work).await
        }
    };
    let failed = match outcome {
        Ok(Ok(())) => {
            settle(queue::finish(&app.db, job.id, lease).await);
            return "done";
        }
        Ok(Err(_)) if stop.is_cancelled() => return hand_back(app, job, lease).await,
        Err(cut) if cut.is_cancelled() => return hand_back(app, job, lease).await,
        Ok(Err(err)) => format!("{err:?}"),
        Err(panic) => format!("panicked: {panic}"),
    };
    tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, error = failed, "a job failed");
    let retry = (job.attempts < kind.attempts).then(|| app.clock.now() + backoff(job.attempts));
    settle(queue::release(&app.db, job, lease, Some(failed), retry).await);
    if retry.is_some() { "failed" } else { "dead" }
}

/// What comes of a job that was told to stop. One that goes on is cut off, as a crash would: it can be run again.
async fn ended(mut work: JoinHandle<Result<()>>) -> Result<Result<()>, JoinError> {
    if let Ok(outcome) = tokio::time::timeout(GRACE, &mut work).await {
        return outcome;
    }
    work.abort();
    work.await
}

/// Gives a job that did not end back to the queue, as if it had not been taken.
async fn hand_back(app: &App, job: &entity::Model, lease: Uuid) -> &'static str {
    tracing::info!(job = %job.id, kind = job.kind, "a job is handed back");
    settle(queue::release(&app.db, job, lease, None, Some(app.clock.now())).await);
    "handed_back"
}

/// Renews the lease; resolves when it is lost or the worker is ending.
async fn keep(app: &App, job: &entity::Model, lease: Uuid, lease_for: Duration, stop: &CancellationToken) {
    let mut held_until = job.lease_until;
    loop {
        tokio::select! {
            () = tokio::time::sleep(lease_for / 3) => {}
            () = stop.cancelled() => return,
        }
        let until = app.clock.now() + chrono::Duration::from_std(lease_for).unwrap_or_default();
        match queue::renew(&app.db, job.id, lease, until).await {
            Ok(true) => held_until = Some(until),
            // Nobody else can take it yet, and the database may be back before anybody can.
            Err(_) if held_until > Some(app.clock.now()) => {}
            _ => return,
        }
    }
}

/// 10 s, 40 s, 90 s, …: the square of the attempts, ten times.
fn backoff(attempts: i32) -> chrono::Duration {
    chrono::Duration::seconds(10 * i64::from(attempts) * i64::from(attempts))
}

fn settle(result: Result<()>) {
    if let Err(err) = result {
        // The lease runs out and another worker takes the job over.
        tracing::warn!(?err, "the outcome of a job was not written");
    }
}
