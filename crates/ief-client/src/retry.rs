//! What may be sent again, and when.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ief_api::operation::Repeat;

use crate::clock::parse_http_date;

/// How often and how soon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// Most times that one request is sent.
    pub(crate) attempts: u32,
    /// The longest first pause.
    pub(crate) base: Duration,
    /// The longest pause of our own choosing.
    pub(crate) longest: Duration,
    /// The longest pause that is granted when the service asks for one; beyond it, the caller is told.
    pub(crate) longest_asked: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(250),
            longest: Duration::from_secs(8),
            longest_asked: Duration::from_secs(60),
        }
    }
}

/// What is known about a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It never left: no name, no connection, no proxy.
    NotSent,
    /// The other side is not to be trusted or not understood; that doesn't change in a second.
    NoTrust,
    /// It was turned away before anything was done: 429.
    TurnedAway,
    /// The service says it can't serve now and did nothing: 503. What must never be done twice isn't
    /// sent again even so, because a gateway before the service may not know.
    Unavailable,
    /// It may or may not have been done: the connection ended, 500, 502, 504.
    Unknown,
    /// The same, after so long that whoever asked is told instead of waiting as long once more.
    Slow,
    /// The answer is final.
    Final,
}

impl Failure {
    /// What a status says.
    pub(crate) const fn of_status(status: u16) -> Self {
        match status {
            429 => Self::TurnedAway,
            503 => Self::Unavailable,
            408 | 500 | 502 | 504 => Self::Unknown,
            _ => Self::Final,
        }
    }

    /// Whether an operation of this class may be sent again after it.
    pub(crate) const fn allows(self, repeat: Repeat) -> bool {
        match self {
            Self::NotSent | Self::TurnedAway => true,
            Self::Unavailable => matches!(repeat, Repeat::Safe | Repeat::Idempotent),
            Self::Unknown => matches!(repeat, Repeat::Safe),
            Self::NoTrust | Self::Slow | Self::Final => false,
        }
    }

    /// Whether what was asked for may have been done.
    pub(crate) const fn may_be_done(self) -> bool {
        matches!(self, Self::Unknown | Self::Slow)
    }
}

impl Policy {
    /// How long to wait before the next attempt: full jitter, and no less than the service asks for.
    /// `jitter` lies in 0..1. None when the service asks for more than is granted.
    pub(crate) fn pause(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        jitter: f64,
    ) -> Option<Duration> {
        let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let ceiling = self.base.saturating_mul(factor).min(self.longest);
        let own = ceiling.mul_f64(jitter.clamp(0.0, 1.0));
        match asked {
            Some(asked) if asked > self.longest_asked => None,
            Some(asked) => Some(asked + own),
            None => Some(own),
        }
    }
}

/// Reads `Retry-After`: seconds or a date.
pub(crate) fn retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = parse_http_date(text)?;
    Some((until - now).to_std().unwrap_or_default())
}

/// Repeats are paid for, so that a service that is down isn't kept down by all its clients' repeats.
#[derive(Debug)]
pub(crate) struct Bucket {
    tokens: AtomicU32,
}

impl Bucket {
    const FULL: u32 = 100;
    const REPEAT_COSTS: u32 = 10;
    const SUCCESS_PAYS: u32 = 1;

    pub(crate) const fn new() -> Self {
        Self {
            tokens: AtomicU32::new(Self::FULL),
        }
    }

    /// Pays for one repeat. False when there isn't enough.
    pub(crate) fn take(&self) -> bool {
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                tokens.checked_sub(Self::REPEAT_COSTS)
            })
            .is_ok()
    }

    /// A request succeeded at the first attempt.
    pub(crate) fn put(&self) {
        // The closure always returns a value, so this can't fail.
        let _ = self
            .tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                Some((tokens + Self::SUCCESS_PAYS).min(Self::FULL))
            });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ief_api::operation::Repeat;

    use super::{Bucket, Failure, Policy, retry_after};

    #[test]
    fn each_class_repeats_what_it_may() {
        use Failure::{Final, NoTrust, NotSent, TurnedAway, Unavailable, Unknown};
        // failure, safe, idempotent, never
        let table = [
            (NotSent, true, true, true),
            (TurnedAway, true, true, true),
            (Unavailable, true, true, false),
            (Unknown, true, false, false),
            (NoTrust, false, false, false),
            (Final, false, false, false),
        ];
        for (failure, safe, idempotent, never) in table {
            assert_eq!(failure.allows(Repeat::Safe), safe, "{failure:?}");
            assert_eq!(
                failure.allows(Repeat::Idempotent),
                idempotent,
                "{failure:?}"
            );
            assert_eq!(failure.allows(Repeat::Never), never, "{failure:?}");
        }
    }

    #[test]
    fn pauses_grow_to_a_limit_and_respect_the_service() {
        let policy = Policy::default();
        assert_eq!(policy.pause(1, None, 1.0), Some(policy.base));
        assert_eq!(policy.pause(2, None, 1.0), Some(policy.base * 2));
        assert_eq!(policy.pause(30, None, 1.0), Some(policy.longest));
        assert_eq!(policy.pause(1, None, 0.0), Some(Duration::ZERO));
        let asked = Duration::from_secs(3);
        assert_eq!(policy.pause(1, Some(asked), 0.0), Some(asked));
        assert_eq!(policy.pause(1, Some(Duration::from_secs(61)), 0.0), None);
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = super::parse_http_date("Tue, 12 Feb 2019 06:52:13 GMT").expect("a date");
        let read = |text| retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(read("7"), Some(7));
        assert_eq!(read("Tue, 12 Feb 2019 06:52:43 GMT"), Some(30));
        assert_eq!(read("Tue, 12 Feb 2019 06:00:00 GMT"), Some(0));
        assert_eq!(read("later"), None);
        assert_eq!(read("-1"), None);
    }

    #[test]
    fn the_bucket_runs_dry_and_fills_again() {
        let bucket = Bucket::new();
        let repeats = std::iter::repeat_with(|| bucket.take())
            .take_while(|paid| *paid)
            .count();
        assert_eq!(repeats, 10);
        for _ in 0..10 {
            bucket.put();
        }
        assert!(bucket.take());
        assert!(!bucket.take());
    }
}
