//! A table at work: its rows, filter, order, cursor and selection.

use std::collections::BTreeSet;
use std::rc::Rc;

use console_ipc::inventory::{CellValue, LocateRow, RowView};
use console_ipc::query::{Filter, Query};
use ief_api::resource::Column;
use leptos::prelude::*;

use super::feed::{Feed, Source};
use super::layout::{Layout, ShownColumn};
use super::look::{self, CellLook};
use super::selection::Selection;
use crate::ipc;
use crate::state::{App, prefs};

/// A table as a declaration.
pub struct TableSpec {
    /// Kind of the rows: key of their words (`columns.node.state`) and of the inventory.
    pub kind: &'static str,
    /// All columns, in the order of a row's cells.
    pub columns: &'static [Column],
    /// Columns shown at first, with their widths in pixels.
    pub shown: &'static [(&'static str, u32)],
    /// How cells look that don't look like the others of their kind. `None` leaves it at that.
    pub look: fn(&Column, &CellValue, &RowView) -> Option<CellLook>,
    /// Whether rows can be selected, several at once.
    pub checks: bool,
    /// Whether a click on a header sorts. Rows from elsewhere may have an order of their own.
    pub sorts: bool,
}

impl TableSpec {
    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    fn default_layout(&self) -> Layout {
        Layout {
            columns: self
                .shown
                .iter()
                .map(|(name, width)| ShownColumn {
                    name: (*name).to_owned(),
                    width: *width,
                })
                .collect(),
            ..Layout::default()
        }
    }
}

/// The row that keys act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Its place in the list.
    pub row: u64,
    /// Its identifier, once its window is there.
    pub id: Option<String>,
}

/// A table at work. Copied freely; gone with the component that made it.
#[derive(Clone, Copy)]
pub struct Table {
    /// The declaration.
    pub spec: &'static TableSpec,
    /// Its rows.
    pub feed: Feed,
    /// Which rows it asks for.
    pub filter: RwSignal<Filter>,
    /// The row that keys act on.
    pub cursor: RwSignal<Option<Cursor>>,
    /// Whether what is typed as a filter can't be understood: the rows are those of the last one that could,
    /// and not to be acted on as a whole.
    pub held: RwSignal<bool>,
    pub(super) layout: RwSignal<Layout>,
    pub(super) selection: RwSignal<Selection>,
    /// Whether the cursor stays on its row when the order changes, because the row is shown beside.
    pub(super) follows: RwSignal<bool>,
    /// Grows when the cursor's row is to be brought into view.
    pub(super) reveal: RwSignal<u64>,
    /// Where selecting with Shift began, and where it reached last.
    extent: StoredValue<Option<(u64, u64)>>,
    /// Key of the kept layout.
    key: StoredValue<String>,
}

impl Table {
    /// A table of the inventory: the spec's kind is the resource.
    pub fn inventory(spec: &'static TableSpec, filter: Filter) -> Self {
        let kept_as = format!("columns/{}", spec.kind);
        Self::build(spec, &kept_as, filter, |query| {
            Feed::inventory(spec.kind, query)
        })
    }

    /// The same within a page of something else, laid out by itself: under this name.
    pub fn within(spec: &'static TableSpec, name: &str, filter: Filter) -> Self {
        let kept_as = format!("columns/{name}/{}", spec.kind);
        Self::build(spec, &kept_as, filter, |query| {
            Feed::inventory(spec.kind, query)
        })
    }

    /// The same in a dialog, laid out by itself.
    pub(super) fn picker(spec: &'static TableSpec) -> Self {
        let kept_as = format!("columns/picker/{}", spec.kind);
        Self::build(spec, &kept_as, Filter::default(), |query| {
            Feed::inventory(spec.kind, query)
        })
    }

    /// A table of rows from elsewhere.
    pub fn new(spec: &'static TableSpec, source: Source) -> Self {
        let kept_as = format!("columns/{}", spec.kind);
        Self::build(spec, &kept_as, Filter::default(), |query| {
            Feed::new(source, query)
        })
    }

    /// `kept_as` is the name of the kept layout among those of the profile.
    fn build(
        spec: &'static TableSpec,
        kept_as: &str,
        filter: Filter,
        feed: impl FnOnce(Query) -> Feed,
    ) -> Self {
        let key = prefs::of_profile(kept_as);
        let kept = prefs::get::<serde_json::Value>(&key);
        let known = |name: &str| spec.column(name).is_some();
        let layout = Layout::read(kept.as_ref(), &spec.default_layout(), known);
        let query = Query {
            filter: filter.clone(),
            sort: layout.sort.clone(),
            group_by: None,
        };
        let table = Self {
            spec,
            feed: feed(query),
            filter: RwSignal::new(filter),
            cursor: RwSignal::new(None),
            held: RwSignal::new(false),
            layout: RwSignal::new(layout),
            selection: RwSignal::new(Selection::default()),
            follows: RwSignal::new(false),
            reveal: RwSignal::new(0),
            extent: StoredValue::new(None),
            key: StoredValue::new(key),
        };
        table.follow();
        table
    }

    /// Keeps query, layout and cursor in step.
    fn follow(self) {
        let query = Memo::new(move |_| Query {
            filter: self.filter.get(),
            sort: self.layout.with(|layout| layout.sort.clone()),
            group_by: None,
        });
        Effect::new(move |before: Option<Query>| {
            let query = query.get();
            if let Some(before) = before {
                if before.filter != query.filter {
                    // What is not seen must not be acted on.
                    self.selection.set(Selection::default());
                }
                self.extent.set_value(None);
                self.feed.set_query(query.clone());
                if self.follows.get_untracked() {
                    self.relocate();
                } else {
                    self.cursor.set(None);
                }
            }
            query
        });
        Effect::new(move |_| {
            self.feed.arrivals.track();
            self.settle();
        });
    }

    /// Gives the cursor the identifier of its row, or the row of its identifier.
    fn settle(self) {
        let Some(cursor) = self.cursor.get_untracked() else {
            return;
        };
        let settled = self.feed.with_rows(|cache| match &cursor.id {
            Some(id) => cache.find(id).map(|row| Cursor {
                row,
                id: Some(id.clone()),
            }),
            None => cache.get(cursor.row).map(|row| Cursor {
                row: cursor.row,
                id: Some(row.id.clone()),
            }),
        });
        if let Some(settled) = settled.flatten().filter(|settled| *settled != cursor) {
            self.cursor.set(Some(settled));
        }
    }

    /// Asks where the cursor's row stands in the query as it is now.
    fn relocate(self) {
        if let Some(id) = self.cursor.get_untracked().and_then(|cursor| cursor.id) {
            self.locate(id, false);
        }
    }

    /// Puts the cursor onto a row by its identifier, wherever it stands.
    pub fn locate(self, id: String, reveal: bool) {
        let request = LocateRow {
            resource: self.spec.kind.to_owned(),
            query: self.feed.query(),
            id: id.clone(),
        };
        wasm_bindgen_futures::spawn_local(async move {
            // A row that can't be found keeps its panel and has no place.
            if let Ok(Some(row)) = ipc::call(request).await {
                let wanted = self.cursor.try_get_untracked().flatten();
                let same = wanted
                    .as_ref()
                    .and_then(|cursor| cursor.id.as_ref())
                    .is_none_or(|now| *now == id);
                if same {
                    self.cursor.set(Some(Cursor { row, id: Some(id) }));
                    if reveal {
                        self.reveal.update(|count| *count += 1);
                    }
                }
            }
        });
    }

    /// Keeps the layout as it is now.
    pub(super) fn keep_layout(self) {
        let key = self.key.get_value();
        self.layout
            .with_untracked(|layout| prefs::set(&key, layout));
    }

    /// Lays the columns out as the page has them at first.
    pub(super) fn reset_layout(self) {
        let columns = self.spec.default_layout().columns;
        self.layout.update(|layout| layout.columns = columns);
        self.keep_layout();
    }

    /// Puts the cursor onto the row at a place, and shows it.
    pub fn go_to(self, row: u64) {
        self.move_to(row, false);
    }

    /// Moves the cursor, as far as there are rows. With `extend` the rows passed are selected.
    pub(super) fn move_to(self, row: u64, extend: bool) {
        let last = self
            .feed
            .status
            .with_untracked(|status| status.matched)
            .checked_sub(1);
        let Some(last) = last else { return };
        let row = row.min(last);
        let from = self.cursor.get_untracked().map_or(row, |cursor| cursor.row);
        let id = self.feed.row(row).map(|row| row.id.clone());
        self.cursor.set(Some(Cursor { row, id }));
        self.reveal.update(|count| *count += 1);
        if extend && self.spec.checks {
            self.extend(from, row);
        } else {
            self.extent.set_value(None);
        }
    }

    /// Selects the rows between where selecting began and here, and none of those it reached before.
    fn extend(self, from: u64, to: u64) {
        let (anchor, reached) = self.extent.get_value().unwrap_or((from, from));
        self.extent.set_value(Some((anchor, to)));
        let old = (anchor.min(reached), anchor.max(reached));
        let new = (anchor.min(to), anchor.max(to));
        wasm_bindgen_futures::spawn_local(async move {
            let (Some(before), Some(after)) = (self.ids(old).await, self.ids(new).await) else {
                return;
            };
            self.selection.update(|selection| {
                for id in before.difference(&after) {
                    selection.set(id, false);
                }
                for id in &after {
                    selection.set(id, true);
                }
            });
        });
    }

    /// Identifiers of the rows from one place to another, both included.
    async fn ids(self, (first, last): (u64, u64)) -> Option<BTreeSet<String>> {
        let mut ids = BTreeSet::new();
        let mut at = first;
        while at <= last {
            if let Some(row) = self.feed.row(at) {
                ids.insert(row.id.clone());
                at += 1;
                continue;
            }
            let limit = u32::try_from(last - at + 1).unwrap_or(500).min(500);
            let answer = self.feed.fetch(at, limit)?.await.ok()?;
            if answer.rows.is_empty() {
                break;
            }
            at += answer.rows.len() as u64;
            ids.extend(answer.rows.into_iter().map(|row| row.id));
        }
        Some(ids)
    }

    /// Selects the cursor's row, or takes it out again.
    pub(super) fn toggle_row(self, row: u64) {
        if let Some(row) = self.feed.row(row).filter(|_| self.spec.checks) {
            self.selection.update(|selection| selection.toggle(&row.id));
        }
    }

    /// Selects all rows that match, unless what is typed asks for others.
    pub fn select_all(self) {
        if self.spec.checks && !self.held.get_untracked() {
            self.selection.set(Selection::AllBut(BTreeSet::new()));
        }
    }

    /// Selects nothing.
    pub fn select_none(self) {
        self.selection.set(Selection::default());
    }

    /// Rows selected. Tracked.
    pub fn selected(self) -> u64 {
        let matched = self.feed.status.with(|status| status.matched);
        self.selection.with(|selection| selection.count(matched))
    }

    /// Identifiers of the selected rows, when they were selected one by one. Tracked.
    pub fn selected_ids(self) -> Vec<String> {
        self.selection.with(|selection| match selection {
            Selection::Ids(ids) => ids.iter().cloned().collect(),
            Selection::AllBut(_) => Vec::new(),
        })
    }

    /// Whether a row is selected now.
    pub fn is_selected(self, id: &str) -> bool {
        self.selection
            .with_untracked(|selection| selection.contains(id))
    }

    /// What a bulk action is told of the selection.
    pub fn selection_for_bulk(self) -> console_ipc::bulk::Selection {
        let query = self.feed.query();
        self.selection
            .with_untracked(|selection| selection.to_wire(&query))
    }

    /// The cursor's row, while its window is at hand. Tracked.
    pub fn current(self) -> Option<Rc<RowView>> {
        self.feed.arrivals.track();
        let cursor = self.cursor.get()?;
        let row = self.feed.row(cursor.row)?;
        cursor.id.is_none_or(|id| id == row.id).then_some(row)
    }

    /// How a cell of a row looks, by the column's name.
    pub fn look_of(self, row: &RowView, column: &str) -> Option<CellLook> {
        let at = self
            .spec
            .columns
            .iter()
            .position(|known| known.name == column)?;
        let value = row.cells.get(at)?;
        let column = &self.spec.columns[at];
        let now = App::expect().now.get_untracked();
        Some(
            (self.spec.look)(column, value, row)
                .unwrap_or_else(|| look::by_kind(self.spec.kind, column, value, row, now)),
        )
    }
}
