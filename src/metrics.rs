//! What a process counts of itself, in the text format of OpenMetrics. Counting costs some nanoseconds and goes on always;
//! `http` serves the counts on an address of their own, and looks at the database when they are asked for.
//!
//! No label holds what a client chose: their number is that of our fields, routes, kinds and codes.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{family::Family, info::Info},
    registry::{Registry, Unit},
};

pub use prometheus_client::metrics::{counter::Counter, gauge::Gauge, histogram::Histogram};

use crate::{database::Database, objects::Objects, password::Hasher};

/// Bounds in seconds, for what people wait for.
const SHORT: [f64; 8] = [0.001, 0.005, 0.025, 0.1, 0.3, 1.0, 3.0, 10.0];
/// Bounds in seconds, for jobs.
const LONG: [f64; 7] = [0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0];

/// How long something took, by labels.
pub type Timings<L> = Family<L, Histogram, fn() -> Histogram>;
/// A share of a second.
pub type Seconds = Gauge<f64, AtomicU64>;

/// An HTTP request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Request {
    /// `graphql`, `media`, `health` or `other`.
    pub route: &'static str,
    /// Status of the answer.
    pub status: u16,
}

/// A GraphQL operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Operation {
    /// `query` or `mutation`.
    pub kind: &'static str,
    /// The one field at its root; `several`, or `refused` when it was not executed.
    pub field: String,
}

/// An error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Code {
    /// As in `extensions.code`.
    pub code: String,
}

/// A request to object storage.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Transfer {
    /// Its name in S3, for example `PutObject`.
    pub operation: String,
    /// `ok` or `failed`.
    pub outcome: &'static str,
}

/// A run of a job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Run {
    /// Its kind.
    pub kind: String,
    /// `done`, `failed`, `dead` or `handed_back`.
    pub outcome: &'static str,
}

/// Jobs in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Queued {
    /// Their kind.
    pub kind: String,
    /// `later`, `due`, `running` or `dead`.
    pub state: String,
}

/// Jobs of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Kind {
    /// Which.
    pub kind: String,
}

/// A pool of connections to the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Pool {
    /// `read` or `write`.
    pub pool: &'static str,
}

/// Places for some that may be there at once.
#[derive(Clone, Debug, Default)]
pub struct Places {
    taken: Gauge,
    most: Gauge,
}

impl Places {
    /// Says how many there are.
    pub fn are(&self, most: usize) {
        self.most.set(i64::try_from(most).unwrap_or(i64::MAX));
    }

    /// Counts one that is taken, until it is dropped.
    #[must_use]
    pub fn take(&self) -> Taken {
        Taken::one_of(&self.taken)
    }
}

/// One of what a gauge counts, until it is dropped.
#[derive(Debug)]
pub struct Taken(Gauge);

impl Taken {
    /// One more.
    #[must_use]
    pub fn one_of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A family of timings of what people wait for.
#[must_use]
pub fn timings<L: Clone + Eq + std::hash::Hash>() -> Timings<L> {
    Family::new_with_constructor(timing)
}

/// Timings of what people wait for.
#[must_use]
pub fn timing() -> Histogram {
    Histogram::new(SHORT)
}

/// All that is counted; cheap to clone. What is not here is counted by the part of the server that it is about.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    /// HTTP requests.
    pub requests: Timings<Request>,
    /// GraphQL operations, over HTTP and sockets.
    pub operations: Timings<Operation>,
    /// Errors that were answered.
    pub errors: Family<Code, Counter>,
    /// Operations refused since their sender had sent too many.
    pub limited: Counter,
    /// Connections of clients.
    pub connections: Places,
    /// Sockets, each on a connection.
    pub sockets: Places,
    /// Queries and mutations that run.
    pub running: Places,
    /// Subscriptions that run.
    pub subscriptions: Gauge,
    /// Runs of jobs.
    pub runs: Timings<Run>,
    /// As the last look at the database found it.
    pub found: Found,
}

/// What a look at the database finds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Whether it answered.
    pub database_up: Gauge,
    /// Connections that are open.
    pub open: Family<Pool, Gauge>,
    /// Those in use.
    pub used: Family<Pool, Gauge>,
    /// How many there may be.
    pub most: Family<Pool, Gauge>,
    /// How long the look waited for one.
    pub wait: Family<Pool, Seconds>,
    /// Jobs.
    pub jobs: Family<Queued, Gauge>,
    /// How long the job that is due first has waited.
    pub oldest_due: Family<Kind, Seconds>,
}

impl Metrics {
    /// Nothing counted yet. `objects`, `db`, `hasher` and `redis_failures` count by themselves.
    #[must_use]
    pub fn new(objects: &Objects, db: &Database, hasher: &Hasher, redis_failures: &Counter) -> Self {
        let mut metrics = Self {
            registry: Arc::default(),
            requests: timings(),
            operations: timings(),
            errors: Family::default(),
            limited: Counter::default(),
            connections: Places::default(),
            sockets: Places::default(),
            running: Places::default(),
            subscriptions: Gauge::default(),
            runs: Family::new_with_constructor(|| Histogram::new(LONG)),
            found: Found::default(),
        };
        let mut all = Registry::with_prefix("lyceum");
        metrics.register(&mut all);
        metrics.found.register(&mut all);
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        all.register("build", "What runs", version);
        all.register_with_unit("storage", "Requests to object storage", Unit::Seconds, objects.timings().clone());
        all.register_with_unit("database_statement", "Statements", Unit::Seconds, db.timings().clone());
        all.register_with_unit("password_wait", "Waits for a turn to hash", Unit::Seconds, hasher.waits().clone());
        all.register("password_refused", "Hashes refused since too many waited", hasher.refused().clone());
        all.register("redis_failures", "Requests to Redis that failed", redis_failures.clone());
        metrics.registry = Arc::new(all);
        metrics
    }

    fn register(&self, all: &mut Registry) {
        all.register_with_unit("http_request", "HTTP requests", Unit::Seconds, self.requests.clone());
        all.register_with_unit("operation", "GraphQL operations", Unit::Seconds, self.operations.clone());
        all.register("errors", "Errors answered, by code", self.errors.clone());
        all.register("rate_limited", "Operations refused to who sent too many", self.limited.clone());
        let places = [("connections", &self.connections), ("sockets", &self.sockets), ("operations_running", &self.running)];
        for (name, places) in places {
            all.register(name, "Places taken", places.taken.clone());
            all.register(format!("{name}_most"), "Places", places.most.clone());
        }
        all.register("subscriptions", "Subscriptions that run", self.subscriptions.clone());
        all.register_with_unit("job_run", "Runs of jobs", Unit::Seconds, self.runs.clone());
    }

    /// Counts an operation of which so much is known.
    pub fn operation(&self, kind: &'static str, field: &str, took: Duration) {
        let labels = Operation { kind, field: field.to_owned() };
        self.operations.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Counts an error that is answered.
    pub fn error(&self, code: &str) {
        self.errors.get_or_create(&Code { code: code.to_owned() }).inc();
    }

    /// All counts as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut written = String::new();
        // Writing to memory does not fail.
        let _ = text::encode(&mut written, &self.registry);
        written
    }
}

impl Found {
    fn register(&self, all: &mut Registry) {
        all.register("database_up", "Whether the database answered", self.database_up.clone());
        all.register("database_connections", "Open connections", self.open.clone());
        all.register("database_connections_used", "Connections in use", self.used.clone());
        all.register("database_connections_most", "At most", self.most.clone());
        all.register_with_unit("database_wait", "Wait of this look for a connection", Unit::Seconds, self.wait.clone());
        all.register("jobs", "Jobs by kind and state", self.jobs.clone());
        all.register_with_unit("job_oldest_due", "Age of the job that is due first", Unit::Seconds, self.oldest_due.clone());
    }

    /// Forgets what was found before.
    pub fn clear(&self) {
        self.jobs.clear();
        self.oldest_due.clear();
    }
}
