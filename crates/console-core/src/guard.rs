//! The write lock of a session. Asked at the moment of sending, by whatever sends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console_ipc::error::NextStep;
use console_ipc::profile::GuardState;
use console_ipc::{ErrorKind, IpcError};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Deadline};

/// The longest time for which writing can be unlocked, in minutes.
const LONGEST_MINUTES: u32 = 480;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Two clocks differ by so much only when one was set, in milliseconds.
const SET_BACK_MS: i64 = 1000;

/// The write lock.
pub(crate) struct Guard {
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
}

struct Inner {
    state: GuardState,
    /// When it locks by itself.
    deadline: Option<Deadline>,
    /// Cancelled when the lock falls, for changes that wait to be sent again.
    revoked: CancellationToken,
    /// How often it was locked. Whoever unlocks learns by it that somebody has locked meanwhile.
    locked: u64,
}

/// A state that may be taken, unless it was locked since.
#[derive(Debug)]
pub(crate) struct Unlocking {
    pub(crate) state: GuardState,
    /// When it locks by itself. `None` for the simulator.
    pub(crate) deadline: Option<Deadline>,
    locked: u64,
}

impl Guard {
    /// A profile in the cloud begins locked.
    pub(crate) fn locked(clock: Arc<dyn Clock>) -> Self {
        Self::new(clock, GuardState::Locked)
    }

    /// The simulator has nothing to protect.
    pub(crate) fn open(clock: Arc<dyn Clock>) -> Self {
        Self::new(clock, GuardState::Open)
    }

    fn new(clock: Arc<dyn Clock>, state: GuardState) -> Self {
        let inner = Mutex::new(Inner {
            state,
            deadline: None,
            revoked: CancellationToken::new(),
            locked: 0,
        });
        Self { clock, inner }
    }

    /// The state now. What has run out is locked.
    pub(crate) fn state(&self) -> GuardState {
        self.current().state.clone()
    }

    /// Lets a change pass, with what is cancelled as soon as it would no longer pass.
    ///
    /// # Errors
    /// `ReadOnly` when writing is locked or the time has run out.
    pub(crate) fn permit(&self) -> Result<CancellationToken, IpcError> {
        let inner = self.current();
        inner.pass()?;
        Ok(inner.revoked.clone())
    }

    /// Lets a change pass that began under a permit, with the reason for which writing was unlocked then.
    ///
    /// # Errors
    /// `ReadOnly` when writing has been locked since, even if it was unlocked again.
    pub(crate) fn pass_under(
        &self,
        permit: &CancellationToken,
    ) -> Result<Option<String>, IpcError> {
        let inner = self.current();
        let reason = inner.pass()?;
        match permit.is_cancelled() {
            true => Err(read_only()),
            false => Ok(reason),
        }
    }

    /// Checks what was asked for without unlocking anything, and says what the state would be.
    pub(crate) fn check_unlock(&self, minutes: u32, reason: &str) -> Result<Unlocking, IpcError> {
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
        let inner = self.current();
        let (state, deadline) = match inner.state {
            GuardState::Open => (GuardState::Open, None),
            _ => {
                let wait = Duration::from_secs(u64::from(minutes) * 60);
                let deadline = Deadline::after(&*self.clock, wait);
                let state = GuardState::Unlocked {
                    until_ms: deadline.at_ms,
                    reason: reason.to_owned(),
                };
                (state, Some(deadline))
            }
        };
        Ok(Unlocking {
            state,
            deadline,
            locked: inner.locked,
        })
    }

    /// Takes a state that [`Self::check_unlock`] has given. False when it was locked since: then it stays so.
    #[must_use]
    pub(crate) fn set(&self, unlocking: Unlocking) -> bool {
        let mut inner = self.lock();
        if inner.locked != unlocking.locked {
            return false;
        }
        if inner.revoked.is_cancelled() {
            inner.revoked = CancellationToken::new();
        }
        inner.state = unlocking.state;
        inner.deadline = unlocking.deadline;
        true
    }

    /// Locks at once. The simulator stays open.
    pub(crate) fn lock_now(&self) -> GuardState {
        let mut inner = self.lock();
        inner.locked += 1;
        if inner.state != GuardState::Open {
            inner.fall();
        }
        inner.state.clone()
    }

    /// The session has ended: nothing more is sent, nor again, and nothing is unlocked.
    pub(crate) fn end(&self) {
        let mut inner = self.lock();
        inner.locked += 1;
        inner.fall();
    }

    fn current(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.lock();
        let Some(mut deadline) = inner.deadline else {
            return inner;
        };
        let Some(left) = deadline.left(&*self.clock) else {
            inner.fall();
            return inner;
        };
        let now = Deadline::after(&*self.clock, left);
        if deadline.at_ms - now.at_ms > SET_BACK_MS {
            // The clock was set back. The end is told as that clock will show it.
            deadline.at_ms = now.at_ms;
            inner.deadline = Some(deadline);
            if let GuardState::Unlocked { until_ms, .. } = &mut inner.state {
                *until_ms = now.at_ms;
            }
        }
        inner
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn pass(&self) -> Result<Option<String>, IpcError> {
        match &self.state {
            GuardState::Open => Ok(None),
            GuardState::Unlocked { reason, .. } => Ok(Some(reason.clone())),
            GuardState::Locked => Err(read_only()),
        }
    }

    fn fall(&mut self) {
        self.state = GuardState::Locked;
        self.deadline = None;
        self.revoked.cancel();
    }
}

fn read_only() -> IpcError {
    IpcError::new(ErrorKind::ReadOnly, NextStep::Unlock)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
    use std::time::Duration;

    use console_ipc::profile::GuardState;
    use console_ipc::{ErrorKind, IpcError};
    use futures_util::future::BoxFuture;

    use super::Guard;
    use crate::clock::{Clock, Deadline};

    /// Two clocks: one that can be set, and one that can't.
    #[derive(Default)]
    struct Hand {
        set: AtomicI64,
        elapsed: AtomicU64,
    }

    impl Hand {
        /// Time passes on both.
        fn pass(&self, ms: u32) {
            self.set.fetch_add(i64::from(ms), Ordering::Relaxed);
            self.elapsed.fetch_add(u64::from(ms), Ordering::Relaxed);
        }

        /// Somebody sets the one that can be set.
        fn set_by(&self, ms: i64) {
            self.set.fetch_add(ms, Ordering::Relaxed);
        }
    }

    impl Clock for Hand {
        fn now_ms(&self) -> i64 {
            self.set.load(Ordering::Relaxed)
        }
        fn elapsed(&self) -> Duration {
            Duration::from_millis(self.elapsed.load(Ordering::Relaxed))
        }
        fn until(&self, _: Deadline) -> BoxFuture<'static, ()> {
            Box::pin(std::future::pending())
        }
    }

    fn pass(guard: &Guard) -> Result<Option<String>, IpcError> {
        guard.pass_under(&guard.permit()?)
    }

    #[test]
    fn a_clock_that_is_set_back_gives_no_more_time() {
        let clock = Arc::new(Hand::default());
        let guard = Guard::locked(clock.clone());
        assert!(guard.set(guard.check_unlock(5, "ticket 7").unwrap()));
        clock.pass(60_000);
        clock.set_by(-3_600_000);
        let GuardState::Unlocked { until_ms, .. } = guard.state() else {
            panic!("it is still open");
        };
        assert_eq!(until_ms, clock.now_ms() + 4 * 60_000);
        clock.pass(4 * 60_000 - 1);
        assert!(pass(&guard).is_ok());
        clock.pass(1);
        assert_eq!(guard.state(), GuardState::Locked);
        assert!(guard.permit().is_err());
    }

    #[test]
    fn time_that_the_computer_slept_counts() {
        let clock = Arc::new(Hand::default());
        let guard = Guard::locked(clock.clone());
        assert!(guard.set(guard.check_unlock(5, "ticket 7").unwrap()));
        clock.set_by(5 * 60_000);
        assert!(pass(&guard).is_err());
        clock.set_by(-5 * 60_000);
        assert!(pass(&guard).is_err(), "what has fallen stays so");
    }

    #[test]
    fn it_opens_for_a_while_and_for_a_reason() {
        let clock = Arc::new(Hand::default());
        let guard = Guard::locked(clock.clone());
        assert_eq!(pass(&guard).unwrap_err().kind, ErrorKind::ReadOnly);
        let state = guard.check_unlock(5, " ticket 7 ").unwrap();
        assert!(pass(&guard).is_err(), "checking unlocks nothing");
        assert!(guard.set(state));
        assert_eq!(pass(&guard).unwrap().as_deref(), Some("ticket 7"));
        clock.pass(5 * 60_000 - 1);
        assert!(pass(&guard).is_ok());
        clock.pass(1);
        assert!(pass(&guard).is_err());
        assert_eq!(guard.state(), GuardState::Locked);
    }

    #[test]
    fn it_can_be_locked_early() {
        let guard = Guard::locked(Arc::new(Hand::default()));
        assert!(guard.set(guard.check_unlock(5, "ticket 7").unwrap()));
        assert_eq!(guard.lock_now(), GuardState::Locked);
        assert!(pass(&guard).is_err());
    }

    #[test]
    fn who_locks_while_somebody_unlocks_has_the_last_word() {
        let guard = Guard::locked(Arc::new(Hand::default()));
        let unlocking = guard.check_unlock(5, "ticket 7").unwrap();
        guard.lock_now();
        assert!(!guard.set(unlocking));
        assert!(pass(&guard).is_err());
        let unlocking = guard.check_unlock(5, "ticket 7").unwrap();
        guard.end();
        assert!(!guard.set(unlocking));
        assert!(pass(&guard).is_err());
    }

    #[test]
    fn a_permit_ends_with_the_lock_and_with_the_time() {
        let clock = Arc::new(Hand::default());
        let guard = Guard::locked(clock.clone());
        let unlock = || assert!(guard.set(guard.check_unlock(5, "ticket 7").unwrap()));
        assert!(guard.permit().is_err());
        unlock();
        let permit = guard.permit().unwrap();
        unlock();
        assert!(!permit.is_cancelled(), "a longer time takes nothing back");
        guard.lock_now();
        assert!(permit.is_cancelled());
        unlock();
        assert!(permit.is_cancelled(), "it is not given back");
        assert_eq!(
            guard.pass_under(&permit).unwrap_err().kind,
            ErrorKind::ReadOnly
        );
        let permit = guard.permit().unwrap();
        clock.pass(5 * 60_000);
        assert_eq!(guard.state(), GuardState::Locked);
        assert!(permit.is_cancelled());
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
        assert!(pass(&guard).unwrap().is_none());
    }
}
