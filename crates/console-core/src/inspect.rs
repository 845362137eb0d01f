//! Offline inspection of packages: what was opened in this run, what the service says of it, and what is remembered.
//!
//! Files are read, the clipboard is read and packages just created are looked at here; the window gets reports. No
//! secret outlives the opening: an inspection holds what may be known, and what is locked as it came.

mod calendar;
mod commands;
mod line;
pub(crate) mod listed;
mod lookup;
mod reading;
mod remembered;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_ipc::error::NextStep;
use console_ipc::inspect::report::{Certificate, Identity, Kind, Report, Role};
use console_ipc::inspect::{InspectionSummary, Lookup, MOST_INSPECTIONS, ReportLanguage};
use console_ipc::notice::Notice;
use console_ipc::{ErrorKind, IpcError};
use edge_package::inspect::{self, Context, Known, Language, Opened, judge};
use tokio::sync::Semaphore;

use crate::console::{Core, Current};
pub use line::{Ending, Terminal, inspect_line};
use remembered::Remembered;

/// The inspections of this run, and what is remembered of others.
pub(crate) struct Inspector {
    /// The oldest first.
    held: Mutex<VecDeque<Arc<Inspection>>>,
    pub(crate) remembered: Remembered,
    /// Turns at asking the service.
    asking: Semaphore,
}

/// So many are asked about at once.
const ASKED_AT_ONCE: usize = 4;

impl Inspector {
    /// Reads what is remembered.
    pub(crate) fn open(
        folder: &Path,
        now_ms: i64,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, IpcError> {
        Ok(Self {
            held: Mutex::default(),
            remembered: Remembered::open(folder, now_ms, notices)?,
            asking: Semaphore::new(ASKED_AT_ONCE),
        })
    }

    /// Holds an inspection. The oldest goes when there are too many; says which.
    fn hold(&self, inspection: Arc<Inspection>) -> Option<String> {
        let mut held = self.held();
        held.push_back(inspection);
        let oldest = held.len() > MOST_INSPECTIONS;
        let gone = oldest.then(|| held.pop_front()).flatten();
        gone.map(|gone| gone.id.clone())
    }

    fn find(&self, id: &str) -> Result<Arc<Inspection>, IpcError> {
        let held = self.held();
        let found = held.iter().find(|inspection| inspection.id == id);
        found.cloned().ok_or_else(gone)
    }

    fn newest_first(&self) -> Vec<Arc<Inspection>> {
        self.held().iter().rev().cloned().collect()
    }

    fn forget(&self, id: &str) {
        self.held().retain(|inspection| inspection.id != id);
    }

    fn held(&self) -> MutexGuard<'_, VecDeque<Arc<Inspection>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The inspection is not held any more.
fn gone() -> IpcError {
    IpcError::new(ErrorKind::Gone, NextStep::Nothing)
}

/// One input that was opened.
struct Inspection {
    id: String,
    name: String,
    opened_ms: i64,
    state: Mutex<State>,
}

/// What is known of an input.
#[derive(Clone)]
struct State {
    opened: Arc<Opened>,
    kind: Kind,
    identity: Identity,
    /// From when on its own certificate holds, in seconds since 1970.
    since: Option<i64>,
    /// What the service was asked, and in which session.
    asked: Option<Asked>,
}

/// A question to the service.
#[derive(Clone)]
struct Asked {
    /// Number of the session. What it said means nothing in another one.
    session: u64,
    lookup: Lookup,
    known: Option<Known>,
}

impl Inspection {
    fn new(id: String, opened_ms: i64, name: String, opened: Opened) -> Self {
        Self {
            id,
            name,
            opened_ms,
            state: Mutex::new(State::of(opened)),
        }
    }

    fn state(&self) -> State {
        self.state_mut().clone()
    }

    fn state_mut(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what a passphrase has opened. Whose it is may be known only now, so the service is asked anew.
    fn replace(&self, opened: Opened) {
        let opened = State::of(opened);
        let mut state = self.state_mut();
        let is_same = state.identity == opened.identity && state.kind == opened.kind;
        let asked = state.asked.take().filter(|_| is_same);
        *state = State { asked, ..opened };
    }

    /// Judges it, with what the session in use knows of it.
    fn report(&self, core: &Core, at: Option<i64>, language: ReportLanguage) -> Report {
        let state = self.state();
        let known = state
            .asked_in(&core.current())
            .and_then(|it| it.known.as_ref());
        let context = Context {
            at: at.unwrap_or_else(|| now(core)),
            lead_days: core.settings.current().certificate_lead_days,
            language: spoken(language),
            known,
        };
        judge(&state.opened, &context)
    }

    /// The inspection in short.
    fn summary(&self, core: &Core) -> InspectionSummary {
        self.summary_at(core, None)
    }

    /// In short, judged for a time in seconds since 1970, or for now.
    fn summary_at(&self, core: &Core, at: Option<i64>) -> InspectionSummary {
        let report = self.report(core, at, ReportLanguage::En);
        let remembered = core.inspector.remembered.has(&inspect::id(&report));
        let current = core.current();
        let state = self.state();
        let lookup = match (&current, state.asked_in(&current)) {
            (_, Some(asked)) => asked.lookup.clone(),
            (Current::Live(_), None) => Lookup::NotAsked,
            (Current::Failed(_) | Current::None, None) => Lookup::NoProfile,
        };
        InspectionSummary {
            id: self.id.clone(),
            name: self.name.clone(),
            opened_ms: self.opened_ms,
            kind: report.kind,
            verdict: report.verdict,
            good_until: report.good_until,
            identity: report.identity,
            locked: !report.locked.is_empty(),
            remembered,
            lookup,
        }
    }
}

impl State {
    /// What an input says whatever the time: what it is and for whom.
    fn of(opened: Opened) -> Self {
        let context = Context {
            at: 0,
            lead_days: 0,
            language: Language::En,
            known: None,
        };
        let report = judge(&opened, &context);
        let own = |certificate: &&Certificate| certificate.role == Role::Own;
        let own = report.certificates.iter().find(own);
        Self {
            since: own.map(|certificate| certificate.not_before),
            opened: Arc::new(opened),
            kind: report.kind,
            identity: report.identity,
            asked: None,
        }
    }

    /// What was asked in the session in use.
    fn asked_in(&self, current: &Current) -> Option<&Asked> {
        let Current::Live(session) = current else {
            return None;
        };
        let asked = self.asked.as_ref();
        asked.filter(|asked| asked.session == session.number)
    }
}

/// The console's time in seconds since 1970.
fn now(core: &Core) -> i64 {
    core.clock.now_ms().div_euclid(1000)
}

fn spoken(language: ReportLanguage) -> Language {
    match language {
        ReportLanguage::En => Language::En,
        ReportLanguage::Zh => Language::Zh,
    }
}
