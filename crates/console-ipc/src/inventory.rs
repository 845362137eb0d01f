//! Questions to the inventory: rows cross in windows, never in bulk.

use std::collections::BTreeMap;

use fleet::query::Query;
pub use fleet::{CellValue, Change, RowView};
use serde::{Deserialize, Serialize};

use crate::command;
use crate::error::IpcError;

/// Asks for a window of the rows that match. Starts loading when nothing was loaded yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueryRows {
    /// Kind of the resource.
    pub resource: String,
    /// Filter, order, group.
    pub query: Query,
    /// First row.
    pub offset: u64,
    /// Rows, 500 at most.
    pub limit: u32,
}
command!(QueryRows = "query_rows" -> RowsAnswer);

/// A window of rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowsAnswer {
    /// Rows there are.
    pub total: u64,
    /// Rows that match.
    pub matched: u64,
    /// Position of the first row below.
    pub offset: u64,
    /// The rows.
    pub rows: Vec<RowView>,
    /// Counts by value, when the query groups.
    pub groups: Vec<(String, u64)>,
    /// Names of other things that the rows name by their identifiers, as far as they are at hand.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// How fresh this is.
    pub freshness: Freshness,
}

/// How fresh the inventory of a resource is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freshness {
    /// Grows with each change of the rows.
    pub generation: u64,
    /// When the rows were complete, in milliseconds since the epoch.
    pub as_of_ms: Option<i64>,
    /// Progress of the loading that goes on.
    pub loading: Option<Progress>,
    /// Why the last loading failed; the rows are older then.
    pub error: Option<IpcError>,
    /// Whether the list moved so much while it was read that two sweeps disagree.
    pub uncertain: bool,
    /// Rows the service sent that could not be used.
    pub bad_rows: u64,
}

/// Progress of a loading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Rows received.
    pub received: u64,
    /// Rows the service announced.
    pub total: Option<u64>,
}

/// Counts rows by the values of some columns, among those that match.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountValues {
    /// Kind of the resource.
    pub resource: String,
    /// Columns, by name.
    pub columns: Vec<String>,
    /// Which rows.
    pub query: Query,
}
command!(CountValues = "count_values" -> CountsAnswer);

/// Counts by value.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountsAnswer {
    /// Rows there are.
    pub total: u64,
    /// Rows that match.
    pub matched: u64,
    /// For each column asked for, values with their counts, most first.
    pub counts: Vec<Vec<(String, u64)>>,
    /// How fresh this is.
    pub freshness: Freshness,
}

/// Asks where a row stands in a query's answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LocateRow {
    /// Kind of the resource.
    pub resource: String,
    /// Filter, order.
    pub query: Query,
    /// The row.
    pub id: String,
}
command!(LocateRow = "locate_row" -> Option<u64>);

/// Asks what may follow in a typed filter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompleteFilter {
    /// Kind of the resource.
    pub resource: String,
    /// What was typed.
    pub text: String,
    /// Position of the cursor in bytes.
    pub cursor: u32,
}
command!(CompleteFilter = "complete_filter" -> Vec<Completion>);

/// Something that may follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The whole filter with it.
    pub text: String,
    /// Position of the cursor after it, in bytes.
    pub cursor: u32,
    /// What to show.
    pub label: String,
    /// Rows that have this value, where it is a value.
    pub count: Option<u64>,
}

/// Reads a resource again now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefreshResource {
    /// Kind of the resource.
    pub resource: String,
    /// One row only, when given.
    #[serde(default)]
    pub id: Option<String>,
}
command!(RefreshResource = "refresh_resource" -> ());
