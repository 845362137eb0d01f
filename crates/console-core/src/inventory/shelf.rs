//! One inventory: its rows, how fresh they are, and the task that keeps them so.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console_ipc::IpcError;
use console_ipc::event::Event;
use console_ipc::inventory::{Freshness, Progress};
use fleet::Inventory;
use ief_api::resource::ResourceSpec;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::load::{Loaded, Loader};
use crate::session::Session;

/// A list that takes long to read is left alone for so many times as long.
const REST: u32 = 4;

/// The rows of one kind of resource.
pub(crate) struct Shelf {
    loader: Arc<dyn Loader>,
    rows: Inventory,
    state: Mutex<State>,
    /// How often somebody asked for a reading.
    asked: watch::Sender<u64>,
    /// How many readings have ended.
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    as_of_ms: Option<i64>,
    loading: Option<Progress>,
    error: Option<IpcError>,
    uncertain: bool,
    bad_rows: u64,
    /// Whether the task that keeps the rows fresh was started.
    kept: bool,
    /// Whether somebody has looked since the last reading. What nobody looks at is not read again.
    looked_at: bool,
}

impl Shelf {
    pub(super) fn new(loader: Arc<dyn Loader>) -> Self {
        Self {
            rows: Inventory::new(loader.spec().columns),
            loader,
            state: Mutex::default(),
            asked: watch::Sender::new(0),
            ended: watch::Sender::new(0),
        }
    }

    pub(crate) fn spec(&self) -> &'static ResourceSpec {
        self.loader.spec()
    }

    /// The rows, and how fresh they are.
    pub(crate) fn rows(&self) -> &Inventory {
        &self.rows
    }

    pub(crate) fn freshness(&self) -> Freshness {
        self.described(&self.state())
    }

    /// Takes note that somebody looks at the rows, and sees to it that there are some.
    pub(crate) fn look(self: &Arc<Self>, session: &Arc<Session>) {
        let mut state = self.state();
        let was_forgotten = state.kept && !state.looked_at;
        state.looked_at = true;
        if !state.kept {
            state.kept = true;
            state.loading = Some(Progress {
                received: 0,
                total: None,
            });
            let shelf = Arc::clone(self);
            let session = Arc::clone(session);
            tokio::spawn(async move { shelf.keep(&session).await });
        } else if was_forgotten {
            // The task notices that somebody is back, and whether it is time.
            self.asked.send_modify(|_| {});
        }
    }

    /// Whether it was ever looked at.
    pub(crate) fn in_use(&self) -> bool {
        self.state().kept
    }

    /// Reads everything again as soon as possible, when it was ever read.
    pub(crate) fn refresh(&self) {
        self.asked.send_modify(|asked| *asked += 1);
    }

    /// Waits until the rows are complete.
    ///
    /// # Errors
    /// Why they can't be read.
    pub(crate) async fn complete(self: &Arc<Self>, session: &Arc<Session>) -> Result<(), IpcError> {
        let mut ended = self.ended.subscribe();
        self.look(session);
        if self.rows.snapshot().is_complete() {
            return Ok(());
        }
        if self.failed().is_some() {
            self.refresh();
        }
        loop {
            tokio::select! {
                // The sender is ours, so this ends with a reading only.
                _ = ended.changed() => {}
                () = session.ended.cancelled() => return Err(super::load::session_ended()),
            }
            if self.rows.snapshot().is_complete() {
                return Ok(());
            }
            if let Some(error) = self.failed() {
                return Err(error);
            }
        }
    }

    /// Takes over one row as a call answered it. Nothing happens while nobody has looked at the inventory.
    pub(crate) fn upsert(&self, session: &Session, body: &Value) {
        if self.in_use() && self.loader.upsert(&self.rows, body) {
            self.tell(session);
        }
    }

    /// Removes one row.
    pub(crate) fn remove(&self, session: &Session, id: &str) {
        if self.in_use() && self.rows.remove(id) {
            self.tell(session);
        }
    }

    /// What a reading has come to so far.
    pub(super) fn progress(&self, session: &Session, progress: Progress) {
        self.state().loading = Some(progress);
        self.tell(session);
    }

    fn failed(&self) -> Option<IpcError> {
        let state = self.state();
        state.error.clone().filter(|_| state.loading.is_none())
    }

    /// Reads the rows, and again from time to time, until the session ends.
    async fn keep(self: &Arc<Self>, session: &Arc<Session>) {
        let mut asked = self.asked.subscribe();
        let mut pace = session.core.refresh_seconds.subscribe();
        loop {
            asked.mark_unchanged();
            let served = *asked.borrow();
            let took = self.read(session).await;
            let done = Instant::now();
            loop {
                // Somebody asked while we were reading, perhaps because of something we had read already.
                if *asked.borrow() != served {
                    break;
                }
                let looked_at = self.state().looked_at;
                let due = match *pace.borrow_and_update() {
                    0 => None,
                    seconds => {
                        Some(done + Duration::from_secs(u64::from(seconds)).max(took * REST))
                    }
                };
                let time_is_up = async {
                    match due {
                        Some(due) if looked_at => tokio::time::sleep_until(due).await,
                        _ => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = session.ended.cancelled() => return,
                    () = time_is_up => break,
                    _ = asked.changed() => {}
                    _ = pace.changed() => {}
                }
            }
            if session.ended.is_cancelled() {
                return;
            }
        }
    }

    /// Reads the rows once, and says how long that took.
    async fn read(self: &Arc<Self>, session: &Arc<Session>) -> Duration {
        let began = Instant::now();
        {
            let mut state = self.state();
            state.loading = Some(Progress {
                received: 0,
                total: None,
            });
            state.looked_at = false;
        }
        self.tell(session);
        let result = self.loader.load(session, self).await;
        {
            let mut state = self.state();
            state.loading = None;
            match result {
                Ok(Loaded {
                    uncertain,
                    bad_rows,
                }) => {
                    state.as_of_ms = Some(session.core.clock.now_ms());
                    state.error = None;
                    state.uncertain = uncertain;
                    state.bad_rows = bad_rows;
                }
                Err(error) => state.error = Some(error),
            }
        }
        self.ended.send_modify(|ended| *ended += 1);
        self.tell(session);
        began.elapsed()
    }

    fn tell(&self, session: &Session) {
        if !session.ended.is_cancelled() {
            session.core.events.push(Event::Inventory {
                resource: self.spec().kind.to_owned(),
                freshness: self.freshness(),
            });
        }
    }

    fn described(&self, state: &State) -> Freshness {
        Freshness {
            generation: u64::from(self.rows.snapshot().generation()),
            as_of_ms: state.as_of_ms,
            loading: state.loading,
            error: state.error.clone(),
            uncertain: state.uncertain,
            bad_rows: state.bad_rows,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
