//! What all connections share.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::account::Account;
use crate::clock::Clock;
use crate::faults::{Fault, Faults};
use crate::requests::{RequestLog, SeenRequest};
use crate::world::World;

/// The simulator behind its sockets.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) account: Arc<Account>,
    pub(crate) clock: Clock,
    world: Mutex<World>,
    faults: Mutex<Faults>,
    requests: Mutex<RequestLog>,
}

impl State {
    pub(crate) fn new(
        account: Arc<Account>,
        clock: Clock,
        world: World,
        faults: Vec<Fault>,
    ) -> Self {
        let mut active = Faults::default();
        for fault in faults {
            active.add(fault);
        }
        Self {
            account,
            clock,
            world: Mutex::new(world),
            faults: Mutex::new(active),
            requests: Mutex::new(RequestLog::default()),
        }
    }

    /// The world, with everything done that is due by now.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = lock(&self.world);
        world.advance_to(self.clock.now());
        world
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn requests(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.requests)
    }

    /// The service's clock as it shows in the `Date` header: the wall clock, off by `skew` seconds.
    pub(crate) fn wall(skew: i64) -> DateTime<Utc> {
        TimeDelta::try_seconds(skew)
            .and_then(|skew| Utc::now().checked_add_signed(skew))
            .unwrap_or_else(Utc::now)
    }
}

/// A handler that panicked leaves the others able to work: what it left behind is consistent, because
/// handlers check before they change.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Steers a running simulator from its own process.
#[derive(Debug, Clone)]
pub struct Control {
    state: Arc<State>,
}

impl Control {
    pub(crate) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// Lets simulated time pass at once.
    pub fn advance(&self, by: Duration) {
        self.state.clock.advance(by);
        drop(self.state.world());
    }

    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.state.clock.now()
    }

    /// Puts a fault in force.
    pub fn add_fault(&self, fault: Fault) {
        self.state.faults().add(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.state.faults().clear();
    }

    /// The faults in force, with how often each has happened.
    #[must_use]
    pub fn faults(&self) -> Vec<(Fault, u64)> {
        let faults = self.state.faults();
        faults
            .list()
            .map(|(fault, count)| (fault.clone(), count))
            .collect()
    }

    /// Forgets all tokens, as if they had been revoked.
    pub fn revoke_tokens(&self) {
        self.state.world().tokens.revoke();
    }

    /// The requests that came lately, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.state.requests().lately().cloned().collect()
    }

    /// How many requests of an operation came.
    #[must_use]
    pub fn count(&self, operation: &str) -> u64 {
        let requests = self.state.requests();
        requests.counts().get(operation).copied().unwrap_or(0)
    }

    /// Forgets the requests that came.
    pub fn clear_requests(&self) {
        self.state.requests().clear();
    }

    /// How many things are kept in memory because they differ from what the seed made.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.state.world().kept()
    }
}
