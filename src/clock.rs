//! The only source of the time. Deadlines, lives of tokens and orders of events are judged by it, never by clients.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, SubsecRound, Utc};

/// An instant in UTC, cut to microseconds, which is what both databases keep.
pub type Instant = DateTime<Utc>;

/// Tells the time; a test moves it by hand.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock, shifted by so many microseconds.
    Shifted(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that a test can move.
    #[must_use]
    pub fn shifted() -> Self {
        Self::Shifted(Arc::default())
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Instant {
        let now = Utc::now().trunc_subsecs(6);
        match self {
            Self::System => now,
            Self::Shifted(shift) => now + chrono::Duration::microseconds(shift.load(Ordering::SeqCst)),
        }
    }

    /// Moves a shifted clock forward; the system's clock stays.
    pub fn advance(&self, by: chrono::Duration) {
        if let Self::Shifted(shift) = self {
            shift.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}
