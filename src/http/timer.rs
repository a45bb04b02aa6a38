//! The time limits of a connection, on one timer: hyper sets a limit for the headers of each request and drops it once they
//! are read, and to set a timer each time costs a tenth of what it takes to refuse the request.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};
use tokio::time;

/// Times one limit after another of a connection. What is set for a limit that was met is left to run, and set again for the
/// limit of that time when it is over.
#[derive(Clone, Default)]
pub struct ConnectionTimer(Arc<Mutex<Option<Pin<Box<time::Sleep>>>>>);

/// Is over at its deadline.
struct Limit {
    deadline: time::Instant,
    timer: ConnectionTimer,
}

impl Timer for ConnectionTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Limit { deadline: deadline.into(), timer: self.clone() })
    }
}

impl Sleep for Limit {}

impl Future for Limit {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut timer = self.timer.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sleep = timer.get_or_insert_with(|| Box::pin(time::sleep_until(self.deadline)));
        if sleep.deadline() > self.deadline {
            sleep.as_mut().reset(self.deadline);
        }
        loop {
            ready!(sleep.as_mut().poll(context));
            if sleep.deadline() >= self.deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(self.deadline);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const SOON: Duration = Duration::from_millis(30);
    const LATE: Duration = Duration::from_hours(1);

    /// Polls once, as hyper does before it waits for headers.
    async fn is_over(limit: &mut Pin<Box<dyn Sleep>>) -> bool {
        poll_fn(|context| Poll::Ready(limit.as_mut().poll(context).is_ready())).await
    }

    #[tokio::test]
    async fn each_limit_is_over_at_its_own_time_whatever_was_set_before() {
        let timer = ConnectionTimer::default();
        for before in [Duration::ZERO, SOON / 2, SOON, LATE] {
            let begun = Instant::now();
            is_over(&mut timer.sleep(before)).await;
            timer.sleep_until(begun + SOON).await;
            assert!(begun.elapsed() >= SOON, "after {before:?}");
            assert!(!is_over(&mut timer.sleep(LATE)).await, "after {before:?}");
        }
    }

    #[tokio::test]
    async fn of_two_limits_each_is_over_at_its_own_time() {
        let (timer, begun) = (ConnectionTimer::default(), Instant::now());
        let (mut sooner, mut later) = (timer.sleep_until(begun + SOON), timer.sleep_until(begun + 2 * SOON));
        tokio::select! {
            biased;
            () = later.as_mut() => panic!("the later one was over first"),
            () = sooner.as_mut() => assert!(begun.elapsed() >= SOON),
        }
        later.await;
        assert!(begun.elapsed() >= 2 * SOON);
    }
}
