//! Answering queries: which rows match, in which order, in which groups.

pub(crate) mod cache;
pub(crate) mod count;
pub(crate) mod order;
pub(crate) mod plan;
pub(crate) mod scan;

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::cell::{CellValue, RowView};
use crate::inventory::Generation;
use crate::query::{Query, QueryError};
use crate::snapshot::Snapshot;
use crate::store::bitmap::Bitmap;
use order::Key;
use plan::Condition;

/// So many groups are listed; further ones are counted.
pub const MAX_GROUPS: usize = 1000;

/// How many rows match, and in which groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The version that was asked.
    pub generation: Generation,
    /// How many rows there are.
    pub total: usize,
    /// How many of them match.
    pub matched: usize,
    /// The groups in the order in which their rows stand, so that each begins where the one before ends. Without
    /// grouping there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// How many groups stand after those listed ([`MAX_GROUPS`]).
    #[serde(default)]
    pub more_groups: usize,
}

/// Rows with the same value in the column that is grouped by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The value; of a set column the whole set.
    pub value: CellValue,
    /// How many matching rows have it.
    pub count: usize,
}

/// An answer whose rows can be looked at. Cheap to clone; keeps its version alive.
#[derive(Debug, Clone)]
pub struct View {
    snapshot: Snapshot,
    matches: Arc<Matches>,
}

/// What is known about an answer, apart from the version it belongs to.
#[derive(Debug)]
pub(crate) struct Matches {
    answer: Answer,
    rows: Arc<Bitmap>,
    keys: Vec<Key>,
    /// The rows in order, found when the first window is asked for.
    ordered: OnceLock<Arc<Vec<u32>>>,
}

/// What makes two queries of a version the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) keys: Vec<Key>,
    pub(crate) group: Option<usize>,
}

pub(crate) fn answer(snapshot: &Snapshot, query: &Query, now_ms: i64) -> Result<View, QueryError> {
    let conditions = snapshot.plan(&query.filter, now_ms)?;
    let group = query
        .group_by
        .as_deref()
        .map(|column| snapshot.countable(column))
        .transpose()?;
    let mut keys = Vec::with_capacity(query.sort.len() + 1);
    for key in &query.sort {
        keys.push(Key {
            place: snapshot.place(&key.column)?,
            descending: key.descending,
        });
    }
    let question = Question {
        conditions,
        keys: order::normal(group, keys),
        group,
    };
    let generation = snapshot.generation();
    if let Some(matches) = snapshot.history().cache().matches(generation, &question) {
        return Ok(View {
            snapshot: snapshot.clone(),
            matches,
        });
    }
    let rows = scan::matching(snapshot, &question.conditions);
    let (groups, more_groups) = match group {
        Some(place) => count::groups(snapshot.table(), place, &rows, question.keys.first()),
        None => (Vec::new(), 0),
    };
    let answer = Answer {
        generation,
        total: snapshot.len(),
        matched: rows.count(),
        groups,
        more_groups,
    };
    let keys = question.keys.clone();
    let matches = Arc::new(Matches {
        answer,
        rows,
        keys,
        ordered: OnceLock::new(),
    });
    snapshot
        .history()
        .cache()
        .keep_matches(generation, question, &matches);
    Ok(View {
        snapshot: snapshot.clone(),
        matches,
    })
}

impl View {
    /// The counts.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        &self.matches.answer
    }

    /// The version that was asked.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The rows from `offset` on, at most `limit`, each with what has changed in it since a version.
    #[must_use]
    pub fn window(&self, offset: usize, limit: usize, since: Option<Generation>) -> Vec<RowView> {
        let rows = self.ordered();
        let start = offset.min(rows.len());
        let end = start.saturating_add(limit).min(rows.len());
        rows[start..end]
            .iter()
            .map(|&row| self.snapshot.view_row(row, since))
            .collect()
    }

    /// Where the row of an identifier stands, if it matches.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        let row = self.snapshot.table().find(id)?;
        if !self.matches.rows.contains(row) {
            return None;
        }
        self.ordered().iter().position(|&known| known == row)
    }

    /// Whether the row of an identifier matches.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.snapshot
            .table()
            .find(id)
            .is_some_and(|row| self.matches.rows.contains(row))
    }

    /// The identifiers of all rows that match, in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ordered()
            .iter()
            .map(|&row| self.snapshot.table().id(row))
    }

    fn ordered(&self) -> &Arc<Vec<u32>> {
        self.matches.ordered.get_or_init(|| {
            let all = order::rows_in_order(&self.snapshot, &self.matches.keys);
            if self.matches.answer.matched == self.matches.answer.total {
                return all;
            }
            // Written without a branch: which rows match is as good as random here.
            let mut rows = vec![0; self.matches.answer.matched + 1];
            let mut next = 0;
            for &row in all.iter() {
                rows[next] = row;
                next += usize::from(self.matches.rows.contains(row));
            }
            rows.truncate(next);
            Arc::new(rows)
        })
    }
}
