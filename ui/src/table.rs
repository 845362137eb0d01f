//! Lists: a virtual table with its filter, and the list page that comes with it.
//!
//! A page of the inventory is a declaration: see [`ListPage`]. A table of anything else (the rows of a task,
//! the journal, a picker in a form) is a [`TableSpec`] with a [`Table`] over a [`Source`], shown by [`Grid`].
//! Rows are 32 px high, and only those in view are in the page.

#[cfg(target_arch = "wasm32")]
mod asked;
mod cache;
mod geometry;
mod known;
mod layout;
mod selection;

#[cfg(target_arch = "wasm32")]
mod body;
#[cfg(target_arch = "wasm32")]
mod bulk_form;
#[cfg(target_arch = "wasm32")]
mod columns;
#[cfg(target_arch = "wasm32")]
mod feed;
#[cfg(target_arch = "wasm32")]
mod filter_bar;
#[cfg(target_arch = "wasm32")]
mod filter_build;
#[cfg(target_arch = "wasm32")]
mod filter_values;
#[cfg(target_arch = "wasm32")]
mod filter_words;
#[cfg(target_arch = "wasm32")]
mod gather;
#[cfg(target_arch = "wasm32")]
mod grid;
#[cfg(target_arch = "wasm32")]
mod header;
#[cfg(target_arch = "wasm32")]
mod help;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod list;
#[cfg(target_arch = "wasm32")]
mod list_bars;
#[cfg(target_arch = "wasm32")]
mod lock;
#[cfg(target_arch = "wasm32")]
mod look;
#[cfg(target_arch = "wasm32")]
mod memory;
#[cfg(target_arch = "wasm32")]
mod model;
#[cfg(target_arch = "wasm32")]
mod painter;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod picker;
#[cfg(target_arch = "wasm32")]
mod picture;
#[cfg(target_arch = "wasm32")]
pub mod reading;
#[cfg(target_arch = "wasm32")]
mod rows;
#[cfg(target_arch = "wasm32")]
mod views;

#[cfg(target_arch = "wasm32")]
pub use asked::Asked;
#[cfg(target_arch = "wasm32")]
pub use bulk_form::{BulkContext, BulkForm};
#[cfg(target_arch = "wasm32")]
pub use feed::Source;
#[cfg(target_arch = "wasm32")]
pub use filter_bar::{FilterField, FilterText};
#[cfg(target_arch = "wasm32")]
pub use gather::{NotGathered, find, gather, matching, one_of};
#[cfg(target_arch = "wasm32")]
pub use grid::Grid;
#[cfg(target_arch = "wasm32")]
pub use grid::focus;
#[cfg(target_arch = "wasm32")]
pub use list::follow_inventory;
#[cfg(target_arch = "wasm32")]
pub use list::{BulkButton, Create, Empty, ForSelected, ListPage, ListView, RowAction};
#[cfg(target_arch = "wasm32")]
pub use look::{CellLook, CellStyle};
#[cfg(target_arch = "wasm32")]
pub use model::{Table, TableSpec};
#[cfg(target_arch = "wasm32")]
pub use panel::PanelContext;
#[cfg(target_arch = "wasm32")]
pub use picker::{Picked, Picker};
#[cfg(target_arch = "wasm32")]
pub use picture::{Picture, PictureContext};
#[cfg(target_arch = "wasm32")]
pub use reading::Reading;
#[cfg(target_arch = "wasm32")]
pub use rows::rows_of;
#[cfg(target_arch = "wasm32")]
pub use views::Preset;
