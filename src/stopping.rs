//! How a process is told to stop. First it leaves: it does what it is asked to, and says at `/health/ready` that others should be
//! asked, so that a proxy that looks there has nobody fail. Then it stops.

use tokio_util::sync::CancellationToken;

/// Tells all parts of a process; cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop {
    leaving: CancellationToken,
    stopping: CancellationToken,
}

impl Default for Stop {
    fn default() -> Self {
        let stopping = CancellationToken::new();
        Self { leaving: stopping.child_token(), stopping }
    }
}

impl Stop {
    /// For a process that nobody sends requests to: it stops as soon as it is to leave.
    #[must_use]
    pub fn without_leaving(&self) -> Self {
        Self { leaving: self.leaving.clone(), stopping: self.leaving.clone() }
    }

    /// Tells it to leave.
    pub fn leave(&self) {
        self.leaving.cancel();
    }

    /// Tells it to stop, whether or not it was told to leave.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Cancelled when it is to leave, or to stop.
    #[must_use]
    pub fn leaving(&self) -> &CancellationToken {
        &self.leaving
    }

    /// Cancelled when it is to stop.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }
}
