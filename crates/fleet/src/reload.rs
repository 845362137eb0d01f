//! Reading everything anew, aside, while the current version is still shown.

use std::collections::HashMap;
use std::sync::Arc;

use ief_api::resource::Cell;

use crate::inventory::{Generation, Shared, Writer};
use crate::snapshot::{Snapshot, Versions};
use crate::store::bitmap::Bitmap;
use crate::store::schema::NAME_COLUMN;
use crate::store::table::{RowError, Table, Written};
use crate::store::touched::Touched;

/// Stands for the generation that a running reload will get.
const PENDING: u32 = u32::MAX;

/// A reload under way. Pages are pushed in any order; dropping it leaves the inventory as it was.
///
/// It works on a copy of the current version that shares whatever does not change, so a refresh that
/// finds little new costs little memory, and orders and change marks carry over.
#[derive(Debug)]
pub struct Reload {
    shared: Arc<Shared>,
    number: u64,
    /// How many times single changes had been made when it began.
    began: u64,
    /// The version whose changes are part of `table` or of `touched`.
    base: Generation,
    table: Table,
    touched: Touched,
    /// What changed values are marked with: nothing in a first load.
    mark: u32,
    /// Rows that were pushed.
    seen: Bitmap,
    /// Rows that are kept because a single change brought them.
    kept: Bitmap,
    /// Rows of which a page is newer than the single change with this number.
    fresh: HashMap<Box<str>, u64>,
    /// Rows that were pushed again with other values, which may be those that are shown.
    rewritten: Vec<u32>,
    progress: Progress,
}

/// The moment at which a page was asked for. Its rows are as old as that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageMark(pub(crate) u64);

/// What has been pushed so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Different rows.
    pub rows: usize,
    /// Rows that had been pushed before; the later one counts.
    pub duplicates: usize,
    /// Rows that were left out because a single change is newer than their page.
    pub outdated: usize,
}

/// What a finished reload did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// The version that shows it.
    pub generation: Generation,
    /// How many rows there are.
    pub rows: usize,
    /// Rows that were not there before. In a first load none is counted: everything is new.
    pub added: usize,
    /// Rows with another value somewhere.
    pub changed: usize,
    /// Rows that are no longer there.
    pub removed: usize,
    /// What was pushed.
    pub progress: Progress,
}

/// A later reload has begun; this one cannot be published any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a later reload has begun")]
pub struct Superseded;

impl Reload {
    pub(crate) fn begin(shared: Arc<Shared>) -> Self {
        let mut writer = shared.writer();
        writer.reload += 1;
        writer.running = true;
        writer.changed.clear();
        let number = writer.reload;
        let current = shared.snapshot();
        let began = shared.changes();
        drop(writer);
        let table = current.table().clone();
        Self {
            number,
            began,
            base: current.generation(),
            touched: Touched::new(table.schema().stored().len()),
            mark: if current.is_complete() { PENDING } else { 0 },
            seen: Bitmap::empty(table.chunks().len()),
            kept: Bitmap::default(),
            fresh: HashMap::new(),
            rewritten: Vec::new(),
            progress: Progress::default(),
            table,
            shared,
        }
    }

    /// Adds one row, taken to be as old as the reload's beginning. A row pushed again replaces the one before.
    ///
    /// # Errors
    /// The row cannot be kept; others are not affected.
    pub fn push(&mut self, id: &str, name: &str, cells: &[Cell<'_>]) -> Result<(), RowError> {
        self.push_from(PageMark(self.began), id, name, cells)
    }

    /// Adds one row of a page that was asked for at this moment. Where a single change of the row is newer, the
    /// change stays.
    ///
    /// # Errors
    /// The row cannot be kept; others are not affected.
    pub fn push_from(
        &mut self,
        page: PageMark,
        id: &str,
        name: &str,
        cells: &[Cell<'_>],
    ) -> Result<(), RowError> {
        let row = self.table.encode(id, name, cells)?;
        if self.is_outdated(page, id) {
            self.progress.outdated += 1;
            return Ok(());
        }
        let written = self.table.write(&row, self.mark, &mut self.touched);
        if !matches!(written, Written::Added(_)) && self.seen.contains(written.row()) {
            self.progress.duplicates += 1;
            if matches!(written, Written::Changed(_)) {
                self.rewritten.push(written.row());
            }
        } else {
            self.progress.rows += 1;
        }
        self.seen.insert(written.row());
        Ok(())
    }

    /// What has been pushed so far.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Shows what has come so far, while nothing complete can be shown. Says which version shows it, if one does:
    /// rows of an earlier load stay until this one is finished.
    pub fn publish_partial(&mut self) -> Option<Generation> {
        let shared = Arc::clone(&self.shared);
        let writer = shared.writer();
        let current = shared.snapshot();
        if writer.reload != self.number || current.is_complete() {
            return None;
        }
        self.settle(&writer, &current);
        let versions = Versions {
            generation: current.generation().saturating_add(1),
            ..current.versions()
        };
        let touched = self.take_touched();
        self.base = versions.generation;
        shared.publish(self.table.clone(), touched, 0, versions);
        Some(versions.generation)
    }

    /// Shows everything that was pushed, and nothing else but newer single changes.
    ///
    /// # Errors
    /// A later reload has begun; nothing has changed.
    pub fn finish(mut self) -> Result<Finished, Superseded> {
        let shared = Arc::clone(&self.shared);
        // Held until the end, but not while dropping this reload, which takes it again.
        let writer = shared.writer();
        if writer.reload != self.number {
            return Err(Superseded);
        }
        let current = shared.snapshot();
        self.settle(&writer, &current);
        let mut kept = std::mem::take(&mut self.seen);
        kept.unite(&self.kept);
        let removed = self.table.retain(&kept, &mut self.touched);
        let generation = current.generation().saturating_add(1);
        let loaded = current.versions().loaded;
        let horizon = if loaded == 0 { generation } else { loaded };
        self.table.settle_marks(PENDING, generation, horizon);
        let mut touched = self.take_touched();
        if let Some(compact) = self.table.compacted() {
            touched = Touched::everything(touched.columns.len());
            self.table = compact;
        }
        let (added, changed) = self.table.marked_after(generation - 1);
        let finished = Finished {
            generation,
            rows: self.table.live(),
            added,
            changed,
            removed: removed.len(),
            progress: self.progress,
        };
        let versions = Versions {
            generation,
            loaded: generation,
            horizon,
        };
        shared.publish(self.table.clone(), touched, removed.len(), versions);
        Ok(finished)
    }

    /// Whether a single change of this row is newer than the page. Remembers where the page is newer.
    fn is_outdated(&mut self, page: PageMark, id: &str) -> bool {
        if self.shared.changes() == self.began {
            return false;
        }
        let writer = self.shared.writer();
        match writer.changed.get(id).copied() {
            Some(change) if change > page.0 => true,
            Some(change) => {
                self.fresh.insert(id.into(), change);
                false
            }
            None => false,
        }
    }

    /// Takes over the single changes made meanwhile, where no newer page has come.
    fn settle(&mut self, writer: &Writer, current: &Snapshot) {
        let shown = current.table();
        for row in std::mem::take(&mut self.rewritten) {
            if self.table.is_live(row) {
                let shown_row = shown.find(self.table.id(row));
                self.mark_differences(row, shown, shown_row);
            }
        }
        for (id, change) in &writer.changed {
            let shown_row = shown.find(id);
            let row = self.table.find(id);
            match (shown_row, row) {
                (_, Some(row)) if self.fresh.get(id) == Some(change) => {
                    self.mark_differences(row, shown, shown_row);
                }
                (Some(shown_row), _) => {
                    let values = self.table.adopt(shown, shown_row);
                    let row = self.table.write(&values, 0, &mut self.touched).row();
                    self.table.copy_marks(row, shown, shown_row);
                    self.kept.insert(row);
                }
                (None, Some(row)) => self.table.remove(row, &mut self.touched),
                (None, None) => {}
            }
        }
    }

    /// Marks what differs from the row that is shown now, and keeps the marks of what does not.
    fn mark_differences(&mut self, row: u32, shown: &Table, shown_row: Option<u32>) {
        let Some(shown_row) = shown_row else {
            self.table.mark_born(row, self.mark);
            return;
        };
        let before = self.table.adopt(shown, shown_row);
        let differs: Vec<_> = (NAME_COLUMN..before.len())
            .filter(|&column| self.table.get(row, column) != before[column])
            .collect();
        self.table.copy_marks(row, shown, shown_row);
        for column in differs {
            self.table.mark_changed(row, column, self.mark);
        }
    }

    /// What differs from the version that is shown now.
    fn take_touched(&mut self) -> Touched {
        let columns = self.touched.columns.len();
        let limit = self.table.touch_limit();
        let mut touched = std::mem::replace(&mut self.touched, Touched::new(columns));
        touched.absorb(
            &self
                .shared
                .history()
                .touched_since(self.base, columns, limit),
            limit,
        );
        touched
    }
}

impl Drop for Reload {
    fn drop(&mut self) {
        let mut writer = self.shared.writer();
        if writer.reload == self.number {
            writer.running = false;
            writer.changed = HashMap::new();
        }
    }
}
