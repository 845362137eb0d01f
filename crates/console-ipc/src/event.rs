//! What the host tells the window without being asked.
//!
//! The window asks for the next events and waits; the host answers as soon as there are any. A window
//! that was reloaded begins again with what is there, and loses nothing.

use serde::{Deserialize, Serialize};

use crate::bulk::TaskSummary;
use crate::command;
use crate::error::IpcError;
use crate::inspect::Inspected;
use crate::inventory::Freshness;
use crate::profile::{GuardState, SessionState};

/// Waits for events with a number above `after`, at most some twenty seconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NextEvents {
    /// The last number the window has seen; 0 at first.
    pub after: u64,
}
command!(NextEvents = "next_events" -> EventBatch);

/// Events in their order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EventBatch {
    /// The number to ask after next.
    pub last: u64,
    /// Whether older events were dropped, so that the window has to read everything again.
    pub missed: bool,
    /// The events. Empty when nothing happened for a while.
    pub events: Vec<Event>,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Rows of a resource came, went or changed, or its loading moved on.
    Inventory {
        /// Kind of the resource.
        resource: String,
        /// How fresh it is now.
        freshness: Freshness,
    },
    /// The session changed.
    Session {
        /// Its state now.
        session: SessionState,
    },
    /// Writing was locked or unlocked.
    Guard {
        /// Its state now.
        guard: GuardState,
    },
    /// Profiles or settings changed.
    State,
    /// A task moved on.
    Task {
        /// The task now.
        task: TaskSummary,
    },
    /// The journal has a new or finished entry.
    Journal {
        /// The entry.
        id: String,
    },
    /// A request ended.
    Traffic {
        /// Time from sending to the whole answer, in milliseconds.
        latency_ms: u32,
        /// Errors since the session began.
        errors: u32,
        /// What went wrong, when something did.
        error: Option<IpcError>,
    },
    /// Files are held over the window, or no longer.
    Hover {
        /// How many; 0 when they are gone or were dropped.
        files: u32,
    },
    /// Files were dropped on the window and inspected: it shows the first that was opened.
    Dropped {
        /// What came of them.
        inspected: Inspected,
    },
    /// Something was learned of an inspection, or it is gone.
    Inspection {
        /// The inspection.
        id: String,
    },
    /// The calendar of certificates has changed.
    Calendar,
}
