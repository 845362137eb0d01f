//! Which rows are selected: some by their identifiers, or all that match but some.

use std::collections::BTreeSet;

use console_ipc::bulk::Selection as WireSelection;
use console_ipc::query::Query;

/// The selected rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Selection {
    /// These.
    Ids(BTreeSet<String>),
    /// All that match the filter, but these.
    AllBut(BTreeSet<String>),
}

impl Default for Selection {
    fn default() -> Self {
        Self::Ids(BTreeSet::new())
    }
}

impl Selection {
    /// Whether a row is selected.
    pub(super) fn contains(&self, id: &str) -> bool {
        match self {
            Self::Ids(ids) => ids.contains(id),
            Self::AllBut(ids) => !ids.contains(id),
        }
    }

    /// Rows selected of so many that match.
    pub(super) fn count(&self, matched: u64) -> u64 {
        match self {
            Self::Ids(ids) => ids.len() as u64,
            Self::AllBut(ids) => matched.saturating_sub(ids.len() as u64),
        }
    }

    /// Whether nothing was selected, whatever matches.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Ids(ids) if ids.is_empty())
    }

    /// Selects a row, or takes it out again.
    pub(super) fn toggle(&mut self, id: &str) {
        self.set(id, !self.contains(id));
    }

    /// Puts a row in or out.
    pub(super) fn set(&mut self, id: &str, selected: bool) {
        let (ids, listed) = match self {
            Self::Ids(ids) => (ids, selected),
            Self::AllBut(ids) => (ids, !selected),
        };
        if listed {
            ids.insert(id.to_owned());
        } else {
            ids.remove(id);
        }
    }

    /// What a bulk action is told. `query` is the one that matched when the rows were selected.
    pub(super) fn to_wire(&self, query: &Query) -> WireSelection {
        match self {
            Self::Ids(ids) => WireSelection::Ids {
                ids: ids.iter().cloned().collect(),
            },
            Self::AllBut(ids) => WireSelection::Matching {
                query: query.clone(),
                except: ids.iter().cloned().collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;

    #[test]
    fn all_that_match_can_lose_some() {
        let mut selection = Selection::AllBut(std::collections::BTreeSet::new());
        assert_eq!(selection.count(100_000), 100_000);
        selection.toggle("b");
        assert!(!selection.contains("b"));
        assert!(selection.contains("a"));
        assert_eq!(selection.count(100_000), 99_999);
        selection.toggle("b");
        assert_eq!(selection.count(100_000), 100_000);
    }

    #[test]
    fn single_rows_come_and_go() {
        let mut selection = Selection::default();
        assert!(selection.is_empty());
        selection.toggle("a");
        selection.set("a", true);
        selection.set("b", true);
        assert_eq!(selection.count(5), 2);
        selection.set("a", false);
        selection.toggle("b");
        assert!(selection.is_empty());
    }
}
