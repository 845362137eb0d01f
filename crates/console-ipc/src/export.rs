//! Lists as files.

use fleet::query::Query;
use serde::{Deserialize, Serialize};

use crate::call::Saved;
use crate::command;

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated, RFC 4180, safe to open in a spreadsheet.
    Csv,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// Saves all rows that match to a file of the user's choice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportRows {
    /// Kind of the resource.
    pub resource: String,
    /// Filter and order.
    pub query: Query,
    /// Columns, by name; all when empty.
    pub columns: Vec<String>,
    /// Form.
    pub format: ExportFormat,
}
command!(ExportRows = "export_rows" -> Saved);

/// Saves the results of a task to a file of the user's choice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportTask {
    /// The task.
    pub id: String,
    /// Form.
    pub format: ExportFormat,
}
command!(ExportTask = "export_task" -> Saved);

/// Saves the journal to a file of the user's choice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportJournal {
    /// Form.
    pub format: ExportFormat,
}
command!(ExportJournal = "export_journal" -> Saved);
