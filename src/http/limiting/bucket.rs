//! A token bucket: what is left of an allowance, which fills again as time goes by.

use std::time::Instant;

use super::WINDOW;

/// Parts of an allowance of which each is told to the other processes once it is used.
const STEPS: u32 = 20;

/// What is left to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Operations a minute.
    pub most: u32,
    /// Operations that may follow at once.
    pub left: u32,
    /// Seconds until the next one may follow, when none is left.
    pub wait: u64,
}

/// A bucket of this process.
pub struct Bucket {
    most: u32,
    /// Below zero when more was taken in all processes than there was.
    left: f64,
    at: Instant,
    /// What was taken here and other processes have not heard of.
    untold: u32,
}

impl Bucket {
    /// With `most` in it, as many as it gets in a minute.
    pub fn full(most: u32, at: Instant) -> Self {
        Self { most, left: f64::from(most), at, untold: 0 }
    }

    /// Takes one, if there is one.
    pub fn take(&mut self, now: Instant) -> Result<Allowance, Allowance> {
        let earned = now.saturating_duration_since(self.at).as_secs_f64() * self.per_second();
        (self.left, self.at) = ((self.left + earned).min(f64::from(self.most)), now);
        if self.left < 1.0 {
            return Err(self.allowance());
        }
        self.left -= 1.0;
        self.untold += 1;
        Ok(self.allowance())
    }

    /// What other processes are to hear of now: nothing until it is a step.
    pub fn step(&mut self) -> Option<u32> {
        (self.untold >= self.most / STEPS).then(|| std::mem::take(&mut self.untold))
    }

    /// Learns what is left after all that every process has told of. `Err` when what was taken last was too much.
    pub fn learn(&mut self, left: f64) -> Result<Allowance, Allowance> {
        // Never more than is known here: a Redis that comes back empty gives nobody a second allowance.
        self.left = self.left.min(left - f64::from(self.untold));
        if left < 0.0 { Err(self.allowance()) } else { Ok(self.allowance()) }
    }

    fn allowance(&self) -> Allowance {
        let wait = if self.left < 1.0 { whole(((1.0 - self.left) / self.per_second()).ceil()).max(1).into() } else { 0 };
        Allowance { most: self.most, left: whole(self.left.floor()), wait }
    }

    fn per_second(&self) -> f64 {
        f64::from(self.most) / WINDOW.as_secs_f64()
    }
}

/// A whole number from zero to some thousands.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to some thousands")]
fn whole(number: f64) -> u32 {
    number.max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Takes until there is none; how many there were.
    fn emptied(bucket: &mut Bucket, now: Instant) -> u32 {
        (0..1000).take_while(|_| bucket.take(now).is_ok()).count().try_into().expect("few")
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let begun = Instant::now();
        let mut bucket = Bucket::full(60, begun);
        for left in (0..60).rev() {
            assert_eq!(bucket.take(begun).map(|allowance| allowance.left), Ok(left));
        }
        assert_eq!(bucket.take(begun), Err(Allowance { most: 60, left: 0, wait: 1 }));
        assert!(bucket.take(begun + Duration::from_secs(1)).is_ok());
        assert!(bucket.take(begun + Duration::from_secs(1)).is_err());
        let later = begun + Duration::from_hours(1);
        assert_eq!(bucket.take(later).map(|allowance| allowance.left), Ok(59));
    }

    #[test]
    fn a_twentieth_is_told_at_once_and_nothing_twice() {
        let begun = Instant::now();
        let mut bucket = Bucket::full(600, begun);
        let mut told = Vec::new();
        for taken in 1..=75 {
            assert!(bucket.take(begun).is_ok());
            told.extend(bucket.step().map(|step| (taken, step)));
        }
        assert_eq!(told, [(30, 30), (60, 30)]);
    }

    #[test]
    fn what_others_took_is_missing_here_and_comes_back_with_time() {
        let begun = Instant::now();
        let mut bucket = Bucket::full(600, begun);
        (0..30).for_each(|_| assert!(bucket.take(begun).is_ok()));
        assert_eq!(bucket.step(), Some(30));
        // Two more while Redis was asked, which it does not know of.
        (0..2).for_each(|_| assert!(bucket.take(begun).is_ok()));
        assert_eq!(bucket.learn(100.0).map(|allowance| allowance.left), Ok(98));
        assert_eq!(bucket.learn(600.0).map(|allowance| allowance.left), Ok(98), "a Redis that forgot gives nothing");
        assert_eq!(emptied(&mut bucket, begun), 98);
        assert_eq!(bucket.learn(-20.5), Err(Allowance { most: 600, left: 0, wait: 13 }), "20.5, the hundred untold and one");
        assert!(bucket.take(begun + Duration::from_secs(12)).is_err());
        assert!(bucket.take(begun + Duration::from_secs(13)).is_ok());
    }

    #[test]
    fn two_processes_give_a_step_each_more_than_the_allowance_at_most() {
        let begun = Instant::now();
        let mut buckets = [Bucket::full(600, begun), Bucket::full(600, begun)];
        let (mut all, mut given) = (600.0, 0);
        for turn in 0..2000 {
            let bucket = &mut buckets[turn % 2];
            let mut taken = bucket.take(begun);
            if let Some(step) = bucket.step() {
                all -= f64::from(step);
                taken = bucket.learn(all);
            }
            given += u32::from(taken.is_ok());
        }
        assert!((600..=660).contains(&given), "{given}");
    }
}
