//! Work done later and surely: jobs are rows written in the transaction of the change that wants them.
//!
//! A job is a struct that serialises to JSON. It may be run twice (a worker can die after the work and before saying so),
//! so running it again must change nothing. Its kind and its fields are read by older and newer servers alike: add fields
//! with `#[serde(default)]`, and give changed meanings a new kind.

pub mod entity;
mod queue;
mod standing;
mod worker;

use std::{future::Future, time::Duration};

use sea_orm::ConnectionTrait;
use serde::{Serialize, de::DeserializeOwned};

pub use self::{
    entity::Urgency,
    queue::{cancel, enqueue, enqueue_at, sweep},
    standing::{Standing, standing},
    worker::{Kinds, Run, Worker, WorkerState, run_due},
};
use crate::{app::App, error::Result};

/// Work done later.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name, for example `mail.send`; never changes.
    const KIND: &'static str;
    /// Tries before it is given up as dead, crashes of a worker included.
    const ATTEMPTS: i32 = 5;
    /// Whether it takes minutes and most of a machine. A process runs one such job at a time, so that the others go on.
    const HEAVY: bool = false;
    /// How long a worker has it before another may take it over; renewed while it runs.
    const LEASE: Duration = Duration::from_mins(1);

    /// Of jobs with the same key only one waits at a time.
    fn dedupe_key(&self) -> Option<String> {
        None
    }

    /// How soon it is wanted.
    fn urgency(&self) -> Urgency {
        Urgency::Usual
    }

    /// Does the work. An error means another try later.
    fn run(self, app: &App, run: &Run) -> impl Future<Output = Result<()>> + Send;
}

/// Work that comes round by itself.
pub trait Scheduled: Job + Default {
    /// How often.
    const EVERY: chrono::Duration;
}

/// Enqueues the next round of a scheduled job, unless it waits already.
pub(crate) async fn schedule<J: Scheduled>(db: &impl ConnectionTrait, now: crate::clock::Instant) -> Result<()> {
    let period = J::EVERY.num_seconds().max(1);
    let next = (now.timestamp() / period + 1) * period;
    let at = chrono::DateTime::from_timestamp(next, 0).unwrap_or(now);
    queue::insert(db, &J::default(), at, Some(format!("{}@{next}", J::KIND)), now).await
}
