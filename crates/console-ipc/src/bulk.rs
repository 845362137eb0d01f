//! The same call for many rows: planned first, then done one by one with a result for each.

use fleet::query::Query;
use ief_api::operation::Call;
use serde::{Deserialize, Serialize};

use crate::command;
use crate::error::IpcError;

/// Which rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "select", rename_all = "snake_case")]
pub enum Selection {
    /// These.
    Ids {
        /// Identifiers.
        ids: Vec<String>,
    },
    /// All that match, but these.
    Matching {
        /// Filter.
        query: Query,
        /// Identifiers to leave out.
        except: Vec<String>,
    },
}

/// What to do with each row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkAction {
    /// Kind of the resource.
    pub resource: String,
    /// Which rows.
    pub selection: Selection,
    /// The call, without the row's identifier, which is filled in.
    pub call: Call,
    /// Further calls of the same operation for each row, one after the other once that one is done: what takes more
    /// than one, as putting tags on and taking others off does. A row whose second call fails has failed, and a retry
    /// begins with its first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Call>,
    /// Column and values a row must have for the call to make sense: a running node can't be started.
    pub only_when: Option<(String, Vec<String>)>,
}

/// Asks what a bulk action would do. Whoever starts it agrees to what the latest answer has told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanBulk {
    /// The action.
    pub action: BulkAction,
}
command!(PlanBulk = "plan_bulk" -> BulkPlan);

/// What a bulk action would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPlan {
    /// Rows it will call for.
    pub will: u64,
    /// Some of their names.
    pub examples: Vec<String>,
    /// Rows it can't call for.
    pub cannot: u64,
    /// Some of them, with the value that stands in the way.
    pub cannot_examples: Vec<(String, String)>,
    /// What has to be typed before it starts, if anything.
    pub confirmation: Option<String>,
    /// The session it was made in, to give back with [`StartBulk`]. Each has a higher number than those before.
    pub session: u64,
}

/// Starts a bulk action that was planned before. When it would call for other rows than the plan did, even
/// as many, nothing is started ([`ErrorKind::Changed`](crate::ErrorKind::Changed)): plan and ask again. A plan
/// holds for one start.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartBulk {
    /// The action.
    pub action: BulkAction,
    /// What was typed to confirm.
    #[serde(default)]
    pub confirmation: Option<String>,
    /// Rows that the plan told. When there are more or fewer by now, nothing is started.
    #[serde(default)]
    pub will: Option<u64>,
    /// The session its plan was made in. When another is in use by now, nothing is started.
    pub session: u64,
}
command!(StartBulk = "start_bulk" -> TaskSummary);

/// A task: a bulk action on its way or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSummary {
    /// Identifier.
    pub id: String,
    /// Operation it calls.
    pub operation: String,
    /// What its body said, in short: `stop`.
    pub variant: Option<String>,
    /// Kind of the resource.
    pub resource: String,
    /// State.
    pub state: TaskState,
    /// Rows in all.
    pub total: u64,
    /// Done well.
    pub succeeded: u64,
    /// Failed.
    pub failed: u64,
    /// Nobody knows: sent, but the answer was lost.
    pub unknown: u64,
    /// Begun, in milliseconds since the epoch.
    pub started_ms: i64,
    /// Ended, in milliseconds since the epoch.
    pub ended_ms: Option<i64>,
}

/// State of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// At work.
    Running,
    /// Held by the user.
    Paused,
    /// All rows have a result.
    Done,
    /// Ended early by the user.
    Cancelled,
    /// Ended early because writing was locked or the profile was switched.
    Stopped,
}

/// Lists tasks of this run of the application, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListTasks {}
command!(ListTasks = "list_tasks" -> Vec<TaskSummary>);

/// Reads a task with a window of its rows, failed ones first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowTask {
    /// The task.
    pub id: String,
    /// First row.
    pub offset: u64,
    /// Rows, 500 at most.
    pub limit: u32,
}
command!(ShowTask = "show_task" -> TaskDetail);

/// A task with a window of its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskDetail {
    /// The task.
    pub task: TaskSummary,
    /// Position of the first row below.
    pub offset: u64,
    /// The rows.
    pub items: Vec<TaskItem>,
}

/// One row of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskItem {
    /// Identifier of the row.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: ItemOutcome,
    /// Its entry in the journal.
    pub journal_id: Option<String>,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ItemOutcome {
    /// Not yet.
    Waiting,
    /// On its way.
    Running,
    /// Done.
    Succeeded {
        /// The service's request id.
        request_id: Option<String>,
    },
    /// Failed.
    Failed {
        /// Why.
        error: IpcError,
    },
    /// Not called.
    Skipped,
}

/// Tells a task what to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlTask {
    /// The task.
    pub id: String,
    /// What.
    pub control: TaskControl,
}
command!(ControlTask = "control_task" -> TaskSummary);

/// What a task can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskControl {
    /// Begin no further row.
    Pause,
    /// Go on.
    Resume,
    /// Begin no further row, ever.
    Cancel,
    /// Try the failed rows again.
    RetryFailed,
}
