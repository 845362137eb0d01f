//! The inventory: all rows of one resource in memory, asked by query, answered by window.
//!
//! Pure: no I/O, no clock, no runtime; builds for the host and for wasm. The window uses [`query`] and the types
//! of rows and answers, the host the rest.
//!
//! # Writing
//! An [`Inventory`] belongs to one resource, whose columns and cells are those of [`ief_api::resource`]. Identifier
//! and name stand beside the cells and can be queried as `id` and `name`; a text column declared under one of
//! these names is the same thing and takes its value from there.
//!
//! ```
//! use fleet::{Filter, Inventory, Query};
//! use ief_api::resource::{Cell, Column, ColumnKind};
//!
//! const COLUMNS: &[Column] = &[Column { name: "state", kind: ColumnKind::Enum }];
//! let inventory = Inventory::new(COLUMNS);
//!
//! // Pages come in any order. The first load shows what has come so far; later ones replace all at once.
//! let mut reload = inventory.reload();
//! let asked = inventory.page_mark();
//! reload.push_from(asked, "1", "gw-1", &[Cell::text(Some("running"))])?;
//! reload.publish_partial();
//! reload.push_from(asked, "2", "gw-2", &[Cell::text(None)])?;
//! let finished = reload.finish()?;
//! assert_eq!(finished.rows, 2);
//!
//! // The answer of a mutation shows at once, and outlives a reload whose pages were asked for before it.
//! inventory.upsert("2", "gw-2", &[Cell::text(Some("failed"))])?;
//!
//! let filter = Filter::parse("state:failed gw", COLUMNS)?;
//! let view = inventory.snapshot().query(&Query { filter, ..Query::default() }, 0)?;
//! assert_eq!(view.answer().matched, 1);
//! assert_eq!(view.window(0, 100, Some(finished.generation))[0].name, "gw-2");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Reading
//! A [`Snapshot`] is one version and never changes. A [`View`] is the answer to a query on it: counts at once, rows
//! as they are looked at. Asking the same again is free, so a host may keep no views and ask anew for each
//! window; it must then keep `now_ms` as it was, for a filter on age is another question at another time.
//!
//! Every publication is a [`Generation`]. Rows tell what has changed in them since one, exactly as far back as the
//! reload before the latest ([`Snapshot::horizon`]).
//!
//! # Invariants
//! - A published version is never written to. Writers copy the column of the chunk they change.
//! - A row keeps its place from version to version, so orders are mended instead of sorted anew. Only when
//!   more than half of the places are empty do rows move.
//! - Dictionaries only grow: a code means the same in every version that shares them.
//! - Equal rows stand by name, then by identifier, so an order never depends on which page came first.
//!
//! Missing values stand last in both directions. Texts compare in lower case, byte by byte.

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
