//! Taking turns at what there is little of: so many have one at once, few others wait, and not for long. Who comes on top
//! of those is sent away at once, which costs next to nothing: a flood leaves alone what is under way.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// For a turn.
const WAIT: Duration = Duration::from_secs(1);

/// Turns, and places for those who wait for one; cheap to clone.
#[derive(Clone, Debug)]
pub struct Turns {
    most: usize,
    places: Arc<Semaphore>,
    free: Arc<Semaphore>,
}

/// A place among those who have a turn or may wait for one; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
    free: Arc<Semaphore>,
}

/// A turn, which ends when it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Turns {
    /// `most` at once, while so many others wait.
    #[must_use]
    pub fn new(most: usize, waiting: usize) -> Self {
        Self { most, places: Arc::new(Semaphore::new(most + waiting)), free: Arc::new(Semaphore::new(most)) }
    }

    /// A place, if one is free.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let place = self.places.clone().try_acquire_owned().ok()?;
        Some(Place { _permit: place, free: self.free.clone() })
    }

    /// Whether no place is free.
    #[must_use]
    pub fn are_full(&self) -> bool {
        self.places.available_permits() == 0
    }

    /// How many turns there can be at once.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most
    }

    /// How many there are now.
    #[must_use]
    pub fn running(&self) -> usize {
        self.most - self.free.available_permits()
    }
}

impl Place {
    /// Waits for a turn; `None` when it does not come in time.
    pub async fn turn(&self) -> Option<Turn> {
        let turn = timeout(WAIT, self.free.clone().acquire_owned()).await.ok()?.ok()?;
        Some(Turn { _permit: turn })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn some_run_few_wait_and_the_rest_are_sent_away() {
        let turns = Turns::new(2, 1);
        let places: Vec<_> = (0..3).map(|_| turns.place().expect("a place")).collect();
        assert!(turns.are_full() && turns.place().is_none());
        let (first, second) = (places[0].turn().await.expect("a turn"), places[1].turn().await.expect("a turn"));
        assert_eq!((turns.running(), turns.most()), (2, 2));
        let (third, ()) = tokio::join!(places[2].turn(), async { drop(first) });
        assert!(third.is_some());
        drop(second);
        drop(third);
        drop(places);
        assert!(!turns.are_full() && turns.place().is_some() && turns.running() == 0);
    }
}
