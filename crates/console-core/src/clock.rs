//! Time and chance, passed in so that tests decide about both.

use std::time::Duration;

use futures_util::future::BoxFuture;
use uuid::Uuid;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;

    /// Ends when the clock shows this time, in milliseconds since the epoch, or later.
    fn until(&self, at_ms: i64) -> BoxFuture<'static, ()>;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        chrono::Utc::now().timestamp_millis()
    }

    fn until(&self, at_ms: i64) -> BoxFuture<'static, ()> {
        let clock = *self;
        Box::pin(async move {
            // A timer does not notice that the computer slept or that its clock was set: look again
            // at least every half minute.
            loop {
                let left = at_ms.saturating_sub(clock.now_ms());
                let Ok(left @ 1..) = u64::try_from(left) else {
                    return;
                };
                tokio::time::sleep(Duration::from_millis(left.min(30_000))).await;
            }
        })
    }
}

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
