//! One published version of an inventory, and what can be asked of it.

use std::sync::{Arc, OnceLock};

use ief_api::resource::{Column, ColumnKind};
use serde::{Deserialize, Serialize};

use crate::answer::plan::{self, Condition};
use crate::answer::{self, View};
use crate::cell::{Change, RowView};
use crate::history::History;
use crate::inventory::Generation;
use crate::query::{Filter, Query, QueryError};
use crate::store::bitmap::Bitmap;
use crate::store::chunk::ROWS;
use crate::store::schema::NAME_COLUMN;
use crate::store::table::Table;
use crate::store::text::fold_to_string;

/// One version of the rows. Cheap to clone, never changes.
#[derive(Debug, Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    table: Table,
    versions: Versions,
    live: OnceLock<Arc<Bitmap>>,
    history: Arc<History>,
}

/// Where a version stands among the others.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Versions {
    pub(crate) generation: Generation,
    /// The latest finished reload; 0 before the first.
    pub(crate) loaded: Generation,
    /// Changes are known after this version.
    pub(crate) horizon: Generation,
}

/// What has changed between two versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// Rows that were not there.
    pub added: usize,
    /// Rows with another value somewhere.
    pub changed: usize,
    /// Rows that are no longer there.
    pub removed: usize,
}

/// How often each value of a column occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The values that occur, the most frequent first, equally frequent ones in their order. Flags are `true`
    /// and `false`. A row counts for each member of a set.
    pub values: Vec<ValueCount>,
    /// Rows without a value.
    pub missing: usize,
}

/// One value and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueCount {
    /// The value.
    pub value: String,
    /// In how many rows.
    pub count: usize,
}

impl Snapshot {
    pub(crate) fn new(table: Table, versions: Versions, history: Arc<History>) -> Self {
        Self {
            inner: Arc::new(Inner {
                table,
                versions,
                live: OnceLock::new(),
                history,
            }),
        }
    }

    pub(crate) fn table(&self) -> &Table {
        &self.inner.table
    }

    pub(crate) fn versions(&self) -> Versions {
        self.inner.versions
    }

    pub(crate) fn history(&self) -> &History {
        &self.inner.history
    }

    /// Which rows are there.
    pub(crate) fn live_rows(&self) -> &Arc<Bitmap> {
        self.inner
            .live
            .get_or_init(|| Arc::new(self.table().live_rows()))
    }

    /// The columns of the resource.
    #[must_use]
    pub fn columns(&self) -> &'static [Column] {
        self.table().schema().declared()
    }

    /// The number of this version.
    #[must_use]
    pub fn generation(&self) -> Generation {
        self.versions().generation
    }

    /// The version of the latest finished reload; 0 before the first.
    #[must_use]
    pub fn loaded(&self) -> Generation {
        self.versions().loaded
    }

    /// The version after which changes are known: that of the reload before the latest. Asking what has changed
    /// since an earlier one answers for this one.
    #[must_use]
    pub fn horizon(&self) -> Generation {
        self.versions().horizon
    }

    /// Whether a reload was ever finished, so that this is everything there is.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.versions().loaded > 0
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table().live()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Answers a query. `now_ms` is the time that ages are measured from, in milliseconds since the epoch.
    ///
    /// # Errors
    /// The query names columns that do not exist, or compares them with what they do not hold.
    pub fn query(&self, query: &Query, now_ms: i64) -> Result<View, QueryError> {
        answer::answer(self, query, now_ms)
    }

    /// The row of an identifier, with what has changed in it since a version.
    #[must_use]
    pub fn row(&self, id: &str, since: Option<Generation>) -> Option<RowView> {
        self.table().find(id).map(|row| self.view_row(row, since))
    }

    /// What has changed since a version.
    #[must_use]
    pub fn changes_since(&self, since: Generation) -> ChangeSummary {
        let since = since.max(self.horizon());
        let (added, changed) = self.table().marked_after(since);
        let removed = self.history().removed_between(since, self.generation());
        ChangeSummary {
            added,
            changed,
            removed,
        }
    }

    /// How often each value of an enum, set or flag column occurs in the rows that match.
    ///
    /// # Errors
    /// The column does not exist or holds too many different values, or the filter is wrong.
    pub fn counts(&self, column: &str, filter: &Filter, now_ms: i64) -> Result<Counts, QueryError> {
        let conditions = self.plan(filter, now_ms)?;
        let place = self.countable(column)?;
        let rows = answer::scan::matching(self, &conditions);
        Ok(answer::count::by_value(self.table(), place, &rows))
    }

    /// The values of an enum, set or flag column for completion: those that begin with what is typed, then those
    /// that contain it, the most frequent first, at most `limit`. Empty for other columns.
    #[must_use]
    pub fn values(&self, column: &str, typed: &str, limit: usize) -> Vec<ValueCount> {
        let Ok(place) = self.countable(column) else {
            return Vec::new();
        };
        let typed = fold_to_string(typed);
        let all = answer::count::by_value(self.table(), place, self.live_rows()).values;
        let (mut first, mut then) = (Vec::new(), Vec::new());
        for value in all {
            let folded = fold_to_string(&value.value);
            if folded.starts_with(&typed) {
                first.push(value);
            } else if folded.contains(&typed) {
                then.push(value);
            }
        }
        first.append(&mut then);
        first.truncate(limit);
        first
    }

    /// The filter brought to this table's columns.
    pub(crate) fn plan(&self, filter: &Filter, now_ms: i64) -> Result<Vec<Condition>, QueryError> {
        filter.check(self.columns())?;
        Ok(plan::conditions(self.table().schema(), filter, now_ms))
    }

    pub(crate) fn place(&self, column: &str) -> Result<usize, QueryError> {
        let place = self.table().schema().place(column);
        place.ok_or_else(|| QueryError::UnknownColumn {
            name: column.to_owned(),
        })
    }

    pub(crate) fn countable(&self, column: &str) -> Result<usize, QueryError> {
        let place = self.place(column)?;
        match self.table().schema().stored()[place].kind {
            ColumnKind::Enum | ColumnKind::Set | ColumnKind::Flag => Ok(place),
            _ => Err(QueryError::NotCountable {
                name: column.to_owned(),
            }),
        }
    }

    pub(crate) fn view_row(&self, row: u32, since: Option<Generation>) -> RowView {
        let table = self.table();
        let places = table.schema().places();
        RowView {
            id: table.id(row).to_owned(),
            name: table.name(row).to_owned(),
            cells: places
                .iter()
                .map(|&place| table.value(row, place))
                .collect(),
            change: since.and_then(|since| self.change(row, since.max(self.horizon()))),
        }
    }

    fn change(&self, row: u32, since: Generation) -> Option<Change> {
        let chunk = &self.table().chunks()[row as usize / ROWS];
        let offset = row as usize % ROWS;
        if chunk.marked_after(offset, since)? {
            return Some(Change::New);
        }
        let stored = self.table().schema().stored();
        let changed = (NAME_COLUMN..stored.len())
            .filter(|&place| chunk.changed[place].get(offset) > since)
            .map(|place| stored[place].name.to_owned());
        Some(Change::Changed(changed.collect()))
    }
}
