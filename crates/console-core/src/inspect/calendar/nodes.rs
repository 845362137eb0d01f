//! The certificates that nodes were registered with. There may be a million, so they are asked of the inventory in its
//! own order, and only as many as are looked at.

use std::collections::BTreeSet;

use console_ipc::calendar::Thing;
use fleet::query::{Filter, Op, Query, SortKey, Term};
use fleet::{CellValue, RowView, Snapshot, View};
use ief_api::node::EdgeNode;
use ief_api::resource::Resource;

use super::DAY;
use super::carried::Fleet;
use crate::inspect::listed::{begin_of_day, ends};

/// The column of the days that a node's certificate has left.
const DAYS: &str = "certificate";

/// Rows are looked at in windows of this many.
const WINDOW: usize = 500;

/// The list of nodes, as far as it tells days.
pub(super) struct Nodes<'a> {
    list: Option<(&'a Snapshot, i64)>,
    place: usize,
}

/// A node with the end of its certificate.
pub(super) struct Node {
    pub(super) thing: Thing,
    /// In seconds since 1970.
    pub(super) not_after: i64,
}

impl<'a> Nodes<'a> {
    pub(super) fn of(fleet: &'a Fleet) -> Self {
        Self {
            list: fleet.node_list(),
            place: EdgeNode::SPEC.column(DAYS).unwrap_or(usize::MAX),
        }
    }

    /// When the list was read, in milliseconds since the epoch.
    pub(super) fn as_of_ms(&self) -> Option<i64> {
        self.list.map(|(_, as_of_ms)| as_of_ms)
    }

    /// Whether the list tells when a node's certificate ends.
    pub(super) fn has(&self, id: &str) -> bool {
        self.end_of(id).is_some()
    }

    /// Whether a node's certificate ends at this time. The list counts days, so one more or less is the same.
    pub(super) fn is_end_of(&self, id: &str, not_after: i64) -> bool {
        self.end_of(id)
            .is_some_and(|end| (end - not_after).abs() <= 2 * DAY)
    }

    /// How many there are, without those known otherwise.
    pub(super) fn count(&self, known: &BTreeSet<String>) -> u64 {
        let all = self
            .view(Vec::new(), Vec::new())
            .map_or(0, |view| view.answer().matched);
        all.saturating_sub(known.len()) as u64
    }

    /// How many end by then, in seconds since 1970, without those known otherwise.
    pub(super) fn ending_by(&self, time: i64, known: &BTreeSet<String>) -> u64 {
        let Some((_, as_of_ms)) = self.list else {
            return 0;
        };
        let days = (time.saturating_add(1) - begin_of_day(as_of_ms)).div_euclid(DAY) - 1;
        let ending = Term {
            column: Some(DAYS.to_owned()),
            op: Op::LessOrEqual,
            values: vec![days.to_string()],
        };
        let all = self.view(vec![ending], Vec::new());
        let all = all.map_or(0, |view| view.answer().matched);
        let known = known
            .iter()
            .filter(|id| self.end_of(id).is_some_and(|end| end <= time));
        all.saturating_sub(known.count()) as u64
    }

    /// The first in order of their ends, without those known otherwise, and how many match in all.
    pub(super) fn first(
        &self,
        search: &str,
        most: usize,
        known: &BTreeSet<String>,
    ) -> (Vec<Node>, u64) {
        let named = (!search.is_empty()).then(|| Term {
            column: Some(fleet::query::NAME.to_owned()),
            op: Op::Contains,
            values: vec![search.to_owned()],
        });
        let by_end = SortKey {
            column: DAYS.to_owned(),
            descending: false,
        };
        let Some(view) = self.view(named.into_iter().collect(), vec![by_end]) else {
            return (Vec::new(), 0);
        };
        let matches = |id: &&String| match self.row(id) {
            Some(row) => row.name.to_lowercase().contains(search),
            None => false,
        };
        let known_matching = known.iter().filter(matches).count();
        let matched = view.answer().matched;
        // In small windows: a row has far more than what is kept of it.
        let windows = (0..matched).step_by(WINDOW);
        let rows = windows.flat_map(|offset| view.window(offset, WINDOW, None));
        let rows = rows.filter(|row| !known.contains(&row.id));
        let nodes = rows.filter_map(|row| {
            Some(Node {
                not_after: self.end(&row)?,
                thing: Thing {
                    id: row.id,
                    name: row.name,
                },
            })
        });
        let nodes = nodes.take(most).collect();
        (nodes, matched.saturating_sub(known_matching) as u64)
    }

    /// Nodes that have a certificate.
    fn view(&self, mut terms: Vec<Term>, sort: Vec<SortKey>) -> Option<View> {
        let (snapshot, as_of_ms) = self.list?;
        terms.push(Term {
            column: Some(DAYS.to_owned()),
            op: Op::Present,
            values: Vec::new(),
        });
        let query = Query {
            filter: Filter { terms },
            sort,
            group_by: None,
        };
        // Only a list without this column could refuse it.
        snapshot.query(&query, as_of_ms).ok()
    }

    fn row(&self, id: &str) -> Option<RowView> {
        self.list?.0.row(id, None)
    }

    fn end_of(&self, id: &str) -> Option<i64> {
        self.end(&self.row(id)?)
    }

    fn end(&self, row: &RowView) -> Option<i64> {
        let (_, as_of_ms) = self.list?;
        match row.cells.get(self.place) {
            Some(CellValue::Integer(days)) => Some(ends(as_of_ms, *days)),
            _ => None,
        }
    }
}
