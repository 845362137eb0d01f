//! What time the service thinks it is.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from.
pub trait Now: Send + Sync + fmt::Debug {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Now for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// How far this computer's clock is from the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    /// Seconds by which the service is ahead; negative when it is behind.
    pub seconds: i64,
    /// Whether requests are already signed with the service's time.
    pub corrected: bool,
}

/// Below this many seconds a difference is nothing: the `Date` header counts whole seconds and is as old
/// as the answer took, and services accept signatures that are minutes old.
const TOLERANCE: i64 = 30;

/// No answer with a `Date` header has been seen.
const UNKNOWN: i64 = i64::MIN;

/// The local clock with what answers have told about the service's.
#[derive(Debug)]
pub(crate) struct Clock {
    source: Arc<dyn Now>,
    /// Seconds by which the service was ahead in the latest answer.
    measured: AtomicI64,
    /// Seconds added when signing.
    applied: AtomicI64,
}

impl Clock {
    pub(crate) fn new(source: Arc<dyn Now>) -> Self {
        Self {
            source,
            measured: AtomicI64::new(UNKNOWN),
            applied: AtomicI64::new(0),
        }
    }

    /// The local time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.source.now()
    }

    /// The time to sign with.
    pub(crate) fn signing_time(&self) -> DateTime<Utc> {
        let applied = TimeDelta::seconds(self.applied.load(Ordering::Relaxed));
        let now = self.source.now();
        now.checked_add_signed(applied).unwrap_or(now)
    }

    /// Takes note of the `Date` header of an answer that has just arrived.
    pub(crate) fn observe(&self, date: &str) {
        if let Some(date) = parse_http_date(date) {
            let ahead = (date - self.source.now()).num_seconds();
            self.measured.store(ahead, Ordering::Relaxed);
        }
    }

    /// Signs with the service's time from now on. False when that would change nothing that matters.
    pub(crate) fn correct(&self) -> bool {
        let measured = self.measured.load(Ordering::Relaxed);
        if measured == UNKNOWN {
            return false;
        }
        let applied = self.applied.load(Ordering::Relaxed);
        let matters = (measured - applied).abs() > TOLERANCE;
        if matters {
            self.applied.store(measured, Ordering::Relaxed);
        }
        matters
    }

    /// The difference, when it is large enough to matter.
    pub(crate) fn skew(&self) -> Option<ClockSkew> {
        let seconds = self.measured.load(Ordering::Relaxed);
        if seconds == UNKNOWN || seconds.abs() <= TOLERANCE {
            return None;
        }
        let applied = self.applied.load(Ordering::Relaxed);
        Some(ClockSkew {
            seconds,
            corrected: (seconds - applied).abs() <= TOLERANCE,
        })
    }
}

/// Reads the form of dates that HTTP uses: `Tue, 12 Feb 2019 06:52:13 GMT`.
pub(crate) fn parse_http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text.trim())
        .ok()
        .map(|date| date.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{DateTime, Utc};

    use super::{Clock, ClockSkew, Now};

    #[derive(Debug)]
    struct Fixed(DateTime<Utc>);

    impl Now for Fixed {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    fn clock() -> Clock {
        let now = super::parse_http_date("Tue, 12 Feb 2019 06:52:13 GMT").expect("a valid date");
        Clock::new(Arc::new(Fixed(now)))
    }

    #[test]
    fn a_small_difference_is_nothing() {
        let clock = clock();
        assert_eq!(clock.skew(), None);
        clock.observe("Tue, 12 Feb 2019 06:52:33 GMT");
        assert_eq!(clock.skew(), None);
        assert!(!clock.correct());
    }

    #[test]
    fn a_large_one_is_shown_and_corrected_once() {
        let clock = clock();
        clock.observe("Tue, 12 Feb 2019 07:52:13 GMT");
        let seconds = 3600;
        assert_eq!(
            clock.skew(),
            Some(ClockSkew {
                seconds,
                corrected: false
            })
        );
        assert!(clock.correct());
        assert!(!clock.correct(), "the second time changes nothing");
        assert_eq!((clock.signing_time() - clock.now()).num_seconds(), 3600);
        assert_eq!(
            clock.skew(),
            Some(ClockSkew {
                seconds,
                corrected: true
            })
        );
    }

    #[test]
    fn a_date_that_is_none_is_ignored() {
        let clock = clock();
        clock.observe("soon");
        assert_eq!(clock.skew(), None);
    }
}
