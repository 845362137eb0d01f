//! The write lock of a session. Asked at the moment of sending, by whatever sends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_ipc::error::NextStep;
use console_ipc::profile::GuardState;
use console_ipc::{ErrorKind, IpcError};

use crate::clock::Clock;

/// The longest time for which writing can be unlocked, in minutes.
const LONGEST_MINUTES: u32 = 480;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// The write lock.
pub(crate) struct Guard {
    clock: Arc<dyn Clock>,
    state: Mutex<GuardState>,
}

impl Guard {
    /// A profile in the cloud begins locked.
    pub(crate) fn locked(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::new(GuardState::Locked),
        }
    }

    /// The simulator has nothing to protect.
    pub(crate) fn open(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::new(GuardState::Open),
        }
    }

    /// The state now. What has run out is locked.
    pub(crate) fn state(&self) -> GuardState {
        self.current().clone()
    }

    /// Lets a change pass, with the reason for which writing was unlocked.
    ///
    /// # Errors
    /// `ReadOnly` when writing is locked or the time has run out.
    pub(crate) fn pass(&self) -> Result<Option<String>, IpcError> {
        match &*self.current() {
            GuardState::Open => Ok(None),
            GuardState::Unlocked { reason, .. } => Ok(Some(reason.clone())),
            GuardState::Locked => Err(IpcError::new(ErrorKind::ReadOnly, NextStep::Unlock)),
        }
    }

    /// Checks what was asked for without unlocking anything, and says what the state would be.
    pub(crate) fn check_unlock(&self, minutes: u32, reason: &str) -> Result<GuardState, IpcError> {
        let refused = |field: &str| {
            IpcError::new(ErrorKind::InvalidCall, NextStep::Correct).with("field", field)
        };
        if !(1..=LONGEST_MINUTES).contains(&minutes) {
            return Err(refused("minutes")
                .with("min", 1)
                .with("max", LONGEST_MINUTES));
        }
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(refused("reason").with("max", LONGEST_REASON));
        }
        if *self.current() == GuardState::Open {
            return Ok(GuardState::Open);
        }
        Ok(GuardState::Unlocked {
            until_ms: self
                .clock
                .now_ms()
                .saturating_add(i64::from(minutes) * 60_000),
            reason: reason.to_owned(),
        })
    }

    /// Takes a state that [`Self::check_unlock`] has given.
    pub(crate) fn set(&self, state: GuardState) {
        *self.lock() = state;
    }

    /// Locks at once. The simulator stays open.
    pub(crate) fn lock_now(&self) -> GuardState {
        let mut state = self.lock();
        if *state != GuardState::Open {
            *state = GuardState::Locked;
        }
        state.clone()
    }

    fn current(&self) -> MutexGuard<'_, GuardState> {
        let mut state = self.lock();
        if matches!(&*state, GuardState::Unlocked { until_ms, .. } if self.clock.now_ms() >= *until_ms)
        {
            *state = GuardState::Locked;
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, GuardState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use console_ipc::ErrorKind;
    use console_ipc::profile::GuardState;
    use futures_util::future::BoxFuture;

    use super::Guard;
    use crate::clock::Clock;

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now_ms(&self) -> i64 {
            self.0.load(Ordering::Relaxed)
        }
        fn until(&self, _: i64) -> BoxFuture<'static, ()> {
            Box::pin(std::future::pending())
        }
    }

    #[test]
    fn it_opens_for_a_while_and_for_a_reason() {
        let clock = Arc::new(Hand::default());
        let guard = Guard::locked(clock.clone());
        assert_eq!(guard.pass().unwrap_err().kind, ErrorKind::ReadOnly);
        let state = guard.check_unlock(5, " ticket 7 ").unwrap();
        assert!(guard.pass().is_err(), "checking unlocks nothing");
        guard.set(state);
        assert_eq!(guard.pass().unwrap().as_deref(), Some("ticket 7"));
        clock.0.store(5 * 60_000 - 1, Ordering::Relaxed);
        assert!(guard.pass().is_ok());
        clock.0.store(5 * 60_000, Ordering::Relaxed);
        assert!(guard.pass().is_err());
        assert_eq!(guard.state(), GuardState::Locked);
    }

    #[test]
    fn it_can_be_locked_early() {
        let guard = Guard::locked(Arc::new(Hand::default()));
        guard.set(guard.check_unlock(5, "ticket 7").unwrap());
        assert_eq!(guard.lock_now(), GuardState::Locked);
        assert!(guard.pass().is_err());
    }

    #[test]
    fn a_reason_and_a_sensible_time_are_asked_for() {
        let guard = Guard::locked(Arc::new(Hand::default()));
        for (minutes, reason) in [(0, "r"), (481, "r"), (5, " "), (5, &"x".repeat(501))] {
            assert!(
                guard.check_unlock(minutes, reason).is_err(),
                "{minutes} {reason}"
            );
        }
    }

    #[test]
    fn the_simulator_is_always_open() {
        let guard = Guard::open(Arc::new(Hand::default()));
        assert_eq!(guard.lock_now(), GuardState::Open);
        assert!(guard.pass().unwrap().is_none());
    }
}
