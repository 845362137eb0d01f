//! The one clock that drives the simulated world, real or stepped by hand.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// How simulated time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// With the wall clock.
    #[default]
    Real,
    /// Only when it is advanced.
    Manual,
}

/// Simulated time: a start, and how much has passed since.
#[derive(Debug)]
pub(crate) struct Clock {
    start: DateTime<Utc>,
    began: Instant,
    pace: Pace,
    advanced: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn new(start: DateTime<Utc>, pace: Pace) -> Self {
        Self {
            start,
            began: Instant::now(),
            pace,
            advanced: Mutex::new(Duration::ZERO),
        }
    }

    /// The simulated time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let advanced = *self
            .advanced
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let passed = match self.pace {
            Pace::Real => advanced.saturating_add(self.began.elapsed()),
            Pace::Manual => advanced,
        };
        TimeDelta::from_std(passed)
            .ok()
            .and_then(|passed| self.start.checked_add_signed(passed))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Lets time pass at once, whatever the pace.
    pub(crate) fn advance(&self, by: Duration) {
        let mut advanced = self
            .advanced
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *advanced = advanced.saturating_add(by);
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Pace};
    use chrono::{DateTime, TimeDelta};
    use std::time::Duration;

    #[test]
    fn a_manual_clock_moves_only_when_advanced() {
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let clock = Clock::new(start, Pace::Manual);
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), start + TimeDelta::seconds(90));
    }
}
