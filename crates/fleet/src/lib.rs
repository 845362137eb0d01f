//! The inventory: all rows of one resource in memory, asked by query, answered by window.

mod answer;
mod cell;
mod history;
mod inventory;
pub mod query;
mod reload;
mod snapshot;
mod store;

pub use answer::{Answer, Group, MAX_GROUPS, View};
pub use cell::{CellValue, Change, RowView};
pub use inventory::{Generation, Inventory, RowChange};
pub use query::{Filter, Op, Query, QueryError, SortKey, Term};
pub use reload::{Finished, PageMark, Progress, Reload, Superseded};
pub use snapshot::{ChangeSummary, Counts, Snapshot, ValueCount};
pub use store::table::{MAX_TEXT, RowError};

#[cfg(test)]
mod tests;
