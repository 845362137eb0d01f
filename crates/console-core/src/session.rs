//! The session of the profile in use: one client, its state, its write lock, its inventories.

mod commands;
mod connect;
mod report;
mod rights;
mod simulators;
mod unsettled;

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::profile::{Connection, Profile, SessionState};
use console_ipc::{ErrorKind, IpcError};
use ief_api::operation::Call;
use ief_client::{Answer, Client};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::bulk::Plans;
use crate::calls::Vault;
use crate::console::Core;
use crate::error::from_client;
use crate::guard::Guard;
use crate::inspect::listed::Listings;
use crate::inventory::Inventories;

pub(crate) use rights::Rights;
pub(crate) use simulators::Simulators;
pub(crate) use unsettled::Unsettled;

/// The session of a profile. Whatever was begun in it ends in it, whichever profile is in use by then.
pub(crate) struct Session {
    /// Higher than that of each session before, so that nothing shown in one is done in another.
    pub(crate) number: u64,
    pub(crate) core: Arc<Core>,
    pub(crate) client: Client,
    pub(crate) guard: Guard,
    pub(crate) vault: Vault,
    pub(crate) inventories: Inventories,
    /// Plans of bulk actions that were shown.
    pub(crate) plans: Plans,
    pub(crate) rights: Rights,
    /// Certificates the service has listed.
    pub(crate) listed: Listings,
    pub(crate) unsettled: Unsettled,
    /// Cancelled when the session ends.
    pub(crate) ended: CancellationToken,
    profile: RwLock<Profile>,
    state: Mutex<SessionState>,
    errors: AtomicU32,
    /// Milliseconds that the latest answer took.
    latency_ms: AtomicU32,
    /// Serves the session's requests, when it is simulated.
    _simulator: Option<Arc<ief_sim::Running>>,
}

impl Session {
    /// The number of a session that begins.
    fn next_number() -> u64 {
        static LATEST: AtomicU64 = AtomicU64::new(0);
        LATEST.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn state(&self) -> SessionState {
        self.state_mut().clone()
    }

    pub(crate) fn profile(&self) -> Profile {
        self.profile
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Refuses what was shown in another session: it may lead to another place by now.
    ///
    /// # Errors
    /// `Changed` with the `profile` in use now.
    pub(crate) fn same_as(&self, shown_in: u64) -> Result<(), IpcError> {
        if shown_in == self.number {
            return Ok(());
        }
        let error = IpcError::new(ErrorKind::Changed, NextStep::Reload);
        Err(error.with("profile", self.profile().name))
    }

    /// Takes over another name or colour.
    pub(crate) fn rename(&self, profile: Profile) {
        *self.profile.write().unwrap_or_else(PoisonError::into_inner) = profile;
    }

    /// Sends a call as it is and takes note of how that went. Ends early with the session.
    pub(crate) async fn read(&self, call: &Call) -> Result<Answer<Value>, ief_client::Error> {
        let result = self.client.call(call, &self.ended).await;
        self.noted(call, result)
    }

    /// Sends a change as it is and takes note of how that went. It does not end with the session: what is
    /// on its way arrives, and its answer is worth having. Once `revoked`, it is not sent (again).
    pub(crate) async fn change(
        &self,
        call: &Call,
        revoked: &CancellationToken,
    ) -> Result<Answer<Value>, ief_client::Error> {
        let never = CancellationToken::new();
        let result = self.client.call_while(call, &never, revoked).await;
        self.noted(call, result)
    }

    fn noted(
        &self,
        call: &Call,
        result: Result<Answer<Value>, ief_client::Error>,
    ) -> Result<Answer<Value>, ief_client::Error> {
        match &result {
            Ok(answer) => {
                self.rights.note(&call.operation, None, self.now_ms());
                self.unsettled.answered(call);
                self.succeeded(answer.elapsed);
            }
            Err(error) => {
                let error = from_client(error);
                let kind = Some(error.kind);
                self.rights.note(&call.operation, kind, self.now_ms());
                if error.next == NextStep::Verify {
                    self.unsettled.lost(call, self.now_ms());
                }
                self.failed(&error);
            }
        }
        result
    }

    fn now_ms(&self) -> i64 {
        self.core.clock.now_ms()
    }

    /// Takes note of an answer.
    pub(crate) fn succeeded(&self, elapsed: Duration) {
        self.connection(Connection::Connected);
        let latency_ms = millis(elapsed);
        self.latency_ms.store(latency_ms, Ordering::Relaxed);
        self.core.events.push(Event::Traffic {
            latency_ms,
            errors: self.errors.load(Ordering::Relaxed),
            error: None,
        });
    }

    /// Takes note of a failure.
    pub(crate) fn failed(&self, error: &IpcError) {
        if error.kind == ErrorKind::Cancelled {
            return;
        }
        let errors = self.errors.fetch_add(1, Ordering::Relaxed) + 1;
        self.core.events.push(Event::Traffic {
            // A failure says nothing about it: the last one known stays.
            latency_ms: self.latency_ms.load(Ordering::Relaxed),
            errors,
            error: Some(error.clone()),
        });
        if breaks_connection(error.kind) {
            self.connection(Connection::Failed {
                error: error.clone(),
            });
        } else if error.status.is_some() {
            // The service answered, even if it refused.
            self.connection(Connection::Connected);
        }
    }

    /// Changes the state and tells the window, when that changes anything.
    pub(crate) fn update(&self, change: impl FnOnce(&mut SessionState)) {
        let mut state = self.state_mut();
        let before = state.clone();
        change(&mut state);
        state.clock_skew_seconds = self.client.clock_skew().map(|skew| -skew.seconds);
        if *state != before && !self.ended.is_cancelled() {
            self.core.events.push(Event::Session {
                session: state.clone(),
            });
        }
    }

    fn connection(&self, connection: Connection) {
        self.update(|state| state.connection = connection);
    }

    fn state_mut(&self) -> MutexGuard<'_, SessionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends what belongs to the session.
    pub(crate) fn end(self: Arc<Self>) {
        self.ended.cancel();
        self.guard.end();
        self.vault.clear();
        // Letting go of a million rows takes a moment.
        tokio::task::spawn_blocking(move || self.inventories.clear());
    }
}

/// The state without a session.
pub(crate) fn no_session() -> SessionState {
    SessionState {
        number: 0,
        profile_id: None,
        connection: Connection::None,
        project: String::new(),
        project_id: String::new(),
        region: String::new(),
        account: String::new(),
        instance_id: String::new(),
        simulator: false,
        clock_skew_seconds: None,
    }
}

/// Whether the failure is one of the connection rather than of the one call.
fn breaks_connection(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidProfile
            | ErrorKind::UnknownHost
            | ErrorKind::Unreachable
            | ErrorKind::Refused
            | ErrorKind::UntrustedCertificate
            | ErrorKind::Tls
            | ErrorKind::Proxy
            | ErrorKind::SignIn
            | ErrorKind::Unauthorized
            | ErrorKind::Interrupted
            | ErrorKind::ServiceFailure
            | ErrorKind::MalformedAnswer
    )
}

/// A duration in milliseconds, as the border has it.
pub(crate) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
