//! The inventory of one resource: one writer at a time, any number of readers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use ief_api::resource::{Cell, Column};

use crate::answer::order;
use crate::history::{History, lock};
use crate::reload::{PageMark, Reload};
use crate::snapshot::{Snapshot, Versions};
use crate::store::schema::Schema;
use crate::store::table::{RowError, Table};
use crate::store::touched::Touched;

/// Counts the published versions of an inventory, from 1. The empty one before has 0.
pub type Generation = u32;

/// All rows of one resource. Cloning gives another handle on the same inventory.
#[derive(Debug, Clone)]
pub struct Inventory {
    shared: Arc<Shared>,
}

/// A single change, as a mutation's answer or an event brings it.
#[derive(Debug, Clone)]
pub enum RowChange<'a> {
    /// The row is there and looks like this.
    Upsert {
        /// The service's identifier.
        id: &'a str,
        /// The name; empty when the service sent none.
        name: &'a str,
        /// One cell for each column.
        cells: &'a [Cell<'a>],
    },
    /// The row is gone.
    Remove {
        /// The service's identifier.
        id: &'a str,
    },
}

impl Inventory {
    /// An empty inventory.
    #[must_use]
    pub fn new(columns: &'static [Column]) -> Self {
        let schema = Arc::new(Schema::new(columns));
        Self {
            shared: Shared::new(Table::new(schema)),
        }
    }

    /// The columns it was made for.
    #[must_use]
    pub fn columns(&self) -> &'static [Column] {
        self.snapshot().columns()
    }

    /// The latest published version. It stays as it is however long it is kept.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.shared.snapshot()
    }

    /// Begins to read everything anew. An earlier reload that still runs is superseded.
    #[must_use]
    pub fn reload(&self) -> Reload {
        Reload::begin(Arc::clone(&self.shared))
    }

    /// Marks the moment at which a page is asked for, to be handed to [`Reload::push_from`] with its rows.
    #[must_use]
    pub fn page_mark(&self) -> PageMark {
        PageMark(self.shared.changes())
    }

    /// Adds or replaces one row and publishes that.
    ///
    /// # Errors
    /// The row cannot be kept; nothing has changed.
    pub fn upsert(&self, id: &str, name: &str, cells: &[Cell<'_>]) -> Result<Generation, RowError> {
        self.apply(&[RowChange::Upsert { id, name, cells }])
    }

    /// Removes one row and publishes that. Says whether it was there.
    pub fn remove(&self, id: &str) -> bool {
        let known = self.snapshot().table().find(id).is_some();
        let removed = self.apply(&[RowChange::Remove { id }]);
        debug_assert!(removed.is_ok(), "only rows to be written can be refused");
        known
    }

    /// Makes several changes and publishes them as one version.
    ///
    /// While a reload runs, these changes outlive it: pages that were asked for before them do not undo them.
    ///
    /// # Errors
    /// A row cannot be kept; nothing has changed.
    pub fn apply(&self, changes: &[RowChange<'_>]) -> Result<Generation, RowError> {
        let mut writer = self.shared.writer();
        let before = self.shared.snapshot();
        let generation = before.generation().saturating_add(1);
        let mut table = before.table().clone();
        let mut touched = Touched::new(table.schema().stored().len());
        let mut removed = 0;
        // Rows of a first load are no news, whichever way they came.
        let mark = if before.is_complete() { generation } else { 0 };
        for change in changes {
            match change {
                RowChange::Upsert { id, name, cells } => {
                    let row = table.encode(id, name, cells)?;
                    table.write(&row, mark, &mut touched);
                }
                RowChange::Remove { id } => {
                    if let Some(row) = table.find(id) {
                        table.remove(row, &mut touched);
                        removed += 1;
                    }
                }
            }
        }
        let number = self.shared.changes.fetch_add(1, Ordering::AcqRel) + 1;
        if writer.running {
            for change in changes {
                let (RowChange::Upsert { id, .. } | RowChange::Remove { id }) = change;
                writer.changed.insert((*id).into(), number);
            }
        }
        let versions = Versions {
            generation,
            ..before.versions()
        };
        self.shared.publish(table, touched, removed, versions);
        Ok(generation)
    }
}

/// What the inventory and its reload share.
#[derive(Debug)]
pub(crate) struct Shared {
    current: RwLock<Snapshot>,
    writer: Mutex<Writer>,
    /// How many times single changes were made so far.
    changes: AtomicU64,
    history: Arc<History>,
}

/// What belongs to whoever writes.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    /// The number of the latest reload.
    pub(crate) reload: u64,
    /// Whether the latest reload still runs.
    pub(crate) running: bool,
    /// The rows that single changes have touched since the reload began, with the number of the last change.
    pub(crate) changed: HashMap<Box<str>, u64>,
}

impl Shared {
    fn new(table: Table) -> Arc<Self> {
        let history = Arc::<History>::default();
        let empty = Snapshot::new(table, Versions::default(), Arc::clone(&history));
        Arc::new(Self {
            current: RwLock::new(empty),
            writer: Mutex::default(),
            changes: AtomicU64::new(0),
            history,
        })
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Locks out other writers.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        lock(&self.writer)
    }

    /// How many times single changes were made so far.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Makes a version the current one. The caller holds the writer's lock since it read the one before.
    pub(crate) fn publish(
        &self,
        table: Table,
        touched: Touched,
        removed: usize,
        versions: Versions,
    ) {
        self.history.push(versions, touched, removed);
        let snapshot = Snapshot::new(table, versions, Arc::clone(&self.history));
        // A reload can change so much that orders are sorted anew. That is done before readers see it.
        let reloaded = versions.loaded == versions.generation;
        let orders = reloaded.then(|| order::renewed(&snapshot));
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *current, snapshot);
        drop(current);
        let mut cache = self.history.cache();
        cache.keep_from(versions.generation);
        if let Some(orders) = orders {
            cache.renew_orders(orders);
        }
        drop(cache);
        // What only the old version held is freed after the readers were let in again.
        drop(before);
    }
}
