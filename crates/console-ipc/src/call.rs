//! Calls of the service: reading, previewing, sending.

use ief_api::operation::{Call, Effect};
use ief_api::rules::Violation;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command;
use crate::profile::GuardState;

/// Calls an operation that changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadCall {
    /// The call.
    pub call: Call,
}
command!(ReadCall = "read_call" -> CallAnswer);

/// The answer to a call, without its secrets.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallAnswer {
    /// The body; null where there is none. Secrets in it are null.
    pub body: Value,
    /// HTTP status.
    pub status: u16,
    /// The service's request id.
    pub request_id: Option<String>,
    /// Milliseconds from sending to the whole answer.
    pub elapsed_ms: u32,
    /// Times it was sent.
    pub attempts: u32,
    /// What was held back in the host, to be saved or dropped.
    pub withheld: Vec<Withheld>,
}

/// A secret the service answered, held back in the host's memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Its handle.
    pub handle: String,
    /// Where it stood in the body.
    pub path: String,
    /// Its size in bytes, decoded.
    pub bytes: u64,
}

/// Asks what a call would send and what it asks of the user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreviewCall {
    /// The call.
    pub call: Call,
    /// The thing it acts on, as the window shows it. A call that acts on another one is refused.
    #[serde(default)]
    pub target: Option<CallTarget>,
}
command!(PreviewCall = "preview_call" -> Preview);

/// The thing a call acts on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallTarget {
    /// Kind of the resource.
    pub resource: String,
    /// Its identifier.
    pub id: String,
    /// Its name as the window shows it.
    pub name: String,
}

/// What a call would send and what it asks of the user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// HTTP method.
    pub method: String,
    /// Path with query.
    pub path: String,
    /// Body, secrets masked.
    pub body: Option<Value>,
    /// What it does.
    pub effect: Effect,
    /// The IAM action it needs.
    pub action: Option<String>,
    /// When the service last refused that action to the credential in use, in milliseconds since the epoch, unless
    /// it was granted since.
    #[serde(default)]
    pub refused_at_ms: Option<i64>,
    /// When the same was sent without an answer, in milliseconds since the epoch, unless it was answered since.
    #[serde(default)]
    pub lost_at_ms: Option<i64>,
    /// Whether the edition in use lacks the operation: it is there on platinum instances only.
    #[serde(default)]
    pub needs_platinum: bool,
    /// Documented rules it breaks.
    pub violations: Vec<Violation>,
    /// What has to be typed before it is sent, if anything.
    pub confirmation: Option<String>,
    /// The write lock.
    pub guard: GuardState,
    /// The session it was made in, to give back with [`SendCall`]. Each has a higher number than those before.
    pub session: u64,
}

/// Sends a call that changes something: past the guard, with confirmation, into the journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendCall {
    /// The call.
    pub call: Call,
    /// The thing it acts on, as the window shows it. A call that acts on another one is refused.
    #[serde(default)]
    pub target: Option<CallTarget>,
    /// What was typed to confirm.
    #[serde(default)]
    pub confirmation: Option<String>,
    /// `updated_at` of the target as shown; when the service has another by now, nothing is sent.
    #[serde(default)]
    pub seen_version: Option<String>,
    /// The session its preview was made in. When another is in use by now, nothing is sent
    /// ([`ErrorKind::Changed`](crate::ErrorKind::Changed)).
    pub session: u64,
}
command!(SendCall = "send_call" -> SentAnswer);

/// What became of a call that changes something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SentAnswer {
    /// The answer.
    pub answer: CallAnswer,
    /// Its entry in the journal.
    pub journal_id: String,
}

/// Saves a secret that was held back to a file of the user's choice, decoded from base64 where it is
/// a package, readable by its owner only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveWithheld {
    /// Its handle.
    pub handle: String,
    /// File name to offer.
    pub suggested_name: String,
}
command!(SaveWithheld = "save_withheld" -> Saved);

/// Forgets a secret that was held back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropWithheld {
    /// Its handle.
    pub handle: String,
}
command!(DropWithheld = "drop_withheld" -> ());

/// What became of a file to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "saved", rename_all = "snake_case")]
pub enum Saved {
    /// It is there, whole.
    Written {
        /// Where.
        path: String,
        /// Bytes.
        bytes: u64,
    },
    /// The user changed their mind.
    Cancelled,
}
