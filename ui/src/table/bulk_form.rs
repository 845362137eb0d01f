//! What is done with many rows once something was asked: which tags to put on them.

use console_ipc::bulk::Selection;
use leptos::prelude::*;

use super::model::Table;
use crate::kit::Glyph;
use crate::words::Word;

/// Something done with the selected rows of a list that needs to be told more first.
pub struct BulkForm {
    /// A verb, with dots: "Edit tags…".
    pub label: Word,
    /// Its icon.
    pub glyph: Glyph,
    /// A dialog that asks, and opens the sheet of the bulk action.
    pub view: fn(BulkContext) -> AnyView,
}

/// What such a dialog knows of its list.
#[derive(Clone, Copy)]
pub struct BulkContext {
    /// Whether it is shown.
    pub open: RwSignal<bool>,
    /// Kind of the rows.
    pub kind: &'static str,
    pub(super) table: Table,
}

impl BulkContext {
    /// How many rows are selected. Tracked.
    pub fn count(self) -> u64 {
        self.table.selected()
    }

    /// The rows.
    pub fn rows(self) -> Selection {
        self.table.selection_for_bulk()
    }

    /// Says that it has begun: what runs is no longer selected.
    pub fn begun(self) {
        self.open.set(false);
        self.table.select_none();
    }
}
