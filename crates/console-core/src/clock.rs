//! Time and chance, passed in so that tests decide about both.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use uuid::Uuid;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970-01-01T00:00:00Z. Can be set, back as well.
    fn now_ms(&self) -> i64;

    /// Time since some moment, the same one for the whole run. Nobody can set it.
    fn elapsed(&self) -> Duration;

    /// Ends when this moment has come, or later.
    fn until(&self, deadline: Deadline) -> BoxFuture<'static, ()>;
}

/// A moment that has come as soon as either clock says so. That which can be set goes on while the computer
/// sleeps; the other one can't be set back to have more time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// On the clock that can be set, in milliseconds since the epoch.
    pub at_ms: i64,
    /// On the one that can't.
    pub elapsed: Duration,
}

impl Deadline {
    /// So long from now.
    #[must_use]
    pub fn after(clock: &dyn Clock, wait: Duration) -> Self {
        let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        Self {
            at_ms: clock.now_ms().saturating_add(millis),
            elapsed: clock.elapsed().saturating_add(wait),
        }
    }

    /// The time left. `None` when it has come.
    #[must_use]
    pub fn left(&self, clock: &dyn Clock) -> Option<Duration> {
        let by_date = self.at_ms.saturating_sub(clock.now_ms());
        let by_date = Duration::from_millis(u64::try_from(by_date).ok()?);
        let left = by_date.min(self.elapsed.checked_sub(clock.elapsed())?);
        (!left.is_zero()).then_some(left)
    }
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        chrono::Utc::now().timestamp_millis()
    }

    fn elapsed(&self) -> Duration {
        static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGIN.elapsed()
    }

    fn until(&self, deadline: Deadline) -> BoxFuture<'static, ()> {
        let clock = *self;
        Box::pin(async move {
            // A timer does not notice that the computer slept or that its clock was set: look again
            // at least every half minute.
            while let Some(left) = deadline.left(&clock) {
                tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
            }
        })
    }
}

/// How long a wait does not look at the clock.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Where identifiers come from.
pub trait Random: Send + Sync + 'static {
    /// One that nobody has seen before and nobody can guess.
    fn uuid(&self) -> Uuid;
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }
}
