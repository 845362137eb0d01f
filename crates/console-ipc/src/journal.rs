//! The journal: everything that was changed, by whom, with what outcome.

use ief_api::operation::Call;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::CallTarget;
use crate::command;
use crate::error::IpcError;

/// Lists entries, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListJournal {
    /// Text that must appear in profile, operation, target or request id; empty for all.
    pub search: String,
    /// Only this thing.
    #[serde(default)]
    pub target: Option<CallTarget>,
    /// Only what was changed under the profile of this name.
    #[serde(default)]
    pub profile: Option<String>,
    /// First entry.
    pub offset: u64,
    /// Entries, 500 at most.
    pub limit: u32,
}
command!(ListJournal = "list_journal" -> JournalPage);

/// A window of the journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JournalPage {
    /// Entries that match.
    pub matched: u64,
    /// The entries.
    pub entries: Vec<JournalSummary>,
    /// Lines of the file that could not be understood, as after a crash.
    #[serde(default)]
    pub damaged_lines: u64,
}

/// An entry in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalSummary {
    /// Identifier.
    pub id: String,
    /// When it was sent, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Name of the profile.
    pub profile: String,
    /// Operation; `unlock_writes` for the lock itself.
    pub operation: String,
    /// What the operation was told to do where it can do several things: `start`, `stop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// What it acted on.
    pub target: Option<CallTarget>,
    /// What became of it.
    pub outcome: JournalOutcome,
    /// The service's request id.
    pub request_id: Option<String>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum JournalOutcome {
    /// On its way, or the application ended before the answer came.
    Pending,
    /// Done.
    Succeeded {
        /// HTTP status; 0 where nothing had to be sent, as for the lock.
        status: u16,
    },
    /// Refused or failed: nothing was changed.
    Failed {
        /// Why.
        error: IpcError,
    },
    /// Sent, but nobody knows.
    Unknown {
        /// Why.
        error: IpcError,
    },
}

/// Reads an entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowJournalEntry {
    /// The entry.
    pub id: String,
}
command!(ShowJournalEntry = "show_journal_entry" -> JournalEntry);

/// An entry with everything that was kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// In short.
    #[serde(flatten)]
    pub summary: JournalSummary,
    /// The request as sent, secrets masked.
    pub call: Option<Call>,
    /// HTTP line.
    pub http: Option<String>,
    /// The target before, where it was read. Of one that is too large to keep only `left_out` with its
    /// size in `bytes`.
    pub before: Option<Value>,
    /// Why writing was unlocked.
    pub reason: Option<String>,
    /// Milliseconds from sending to the answer.
    pub elapsed_ms: Option<u32>,
}
