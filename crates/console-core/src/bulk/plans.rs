//! The plans that somebody has seen: what is started is what was shown, or nothing.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use console_ipc::bulk::BulkAction;

/// So many plans are remembered. Nobody looks at more sheets at the same time.
const REMEMBERED: usize = 16;

/// The plans shown in a session that nothing was started from yet, by their action.
#[derive(Debug, Default)]
pub(crate) struct Plans(Mutex<VecDeque<Seen>>);

#[derive(Debug)]
struct Seen {
    action: u64,
    rows: RowSet,
}

/// Which rows, whatever their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowSet {
    count: u64,
    /// Sum of the hashes of their identifiers.
    digest: u64,
}

impl RowSet {
    pub(super) fn of<'a>(ids: impl Iterator<Item = &'a str>) -> Self {
        let empty = Self {
            count: 0,
            digest: 0,
        };
        ids.fold(empty, |set, id| Self {
            count: set.count + 1,
            digest: set.digest.wrapping_add(hash(id)),
        })
    }
}

impl Plans {
    /// Remembers what was shown for an action, instead of what was shown for the same one before.
    pub(super) fn show(&self, action: &BulkAction, rows: RowSet) {
        let action = key(action);
        let mut plans = self.plans();
        plans.retain(|seen| seen.action != action);
        plans.push_back(Seen { action, rows });
        if plans.len() > REMEMBERED {
            plans.pop_front();
        }
    }

    /// Whether these rows are those that were shown.
    pub(super) fn is_shown(&self, action: &BulkAction, rows: RowSet) -> bool {
        let action = key(action);
        let plans = self.plans();
        plans
            .iter()
            .any(|seen| seen.action == action && seen.rows == rows)
    }

    /// The same, and forgets the plan: nothing is started twice from what was shown once.
    pub(super) fn take(&self, action: &BulkAction, rows: RowSet) -> bool {
        let action = key(action);
        let mut plans = self.plans();
        let before = plans.len();
        plans.retain(|seen| seen.action != action || seen.rows != rows);
        plans.len() < before
    }

    fn plans(&self) -> MutexGuard<'_, VecDeque<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(action: &BulkAction) -> u64 {
    // Nothing in an action fails to become JSON; if something did, no plan would fit.
    hash(&serde_json::to_string(action).unwrap_or_default())
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use console_ipc::bulk::{BulkAction, Selection};
    use ief_api::operation::Call;

    use super::{Plans, REMEMBERED, RowSet};

    fn action(operation: &str) -> BulkAction {
        BulkAction {
            resource: "node".to_owned(),
            selection: Selection::Ids { ids: Vec::new() },
            call: Call {
                operation: operation.to_owned(),
                ..Call::default()
            },
            then: Vec::new(),
            only_when: None,
        }
    }

    fn rows(ids: &[&str]) -> RowSet {
        RowSet::of(ids.iter().copied())
    }

    #[test]
    fn the_same_rows_are_the_same_in_any_order() {
        assert_eq!(rows(&["a", "b"]), rows(&["b", "a"]));
        for other in [&["a"][..], &["a", "c"], &["a", "b", "c"], &["ab"], &[]] {
            assert_ne!(rows(&["a", "b"]), rows(other));
        }
    }

    #[test]
    fn a_plan_holds_for_its_action_and_its_rows_and_once() {
        let plans = Plans::default();
        let (delete, stop) = (action("delete"), action("stop"));
        assert!(!plans.is_shown(&delete, rows(&["a"])));
        plans.show(&delete, rows(&["a"]));
        assert!(!plans.is_shown(&stop, rows(&["a"])));
        assert!(!plans.take(&delete, rows(&["b"])));
        plans.show(&delete, rows(&["b"]));
        assert!(
            !plans.is_shown(&delete, rows(&["a"])),
            "the later one counts"
        );
        assert!(plans.is_shown(&delete, rows(&["b"])));
        assert!(plans.take(&delete, rows(&["b"])));
        assert!(!plans.take(&delete, rows(&["b"])));
    }

    #[test]
    fn the_last_plans_are_remembered() {
        let plans = Plans::default();
        for number in 0..=REMEMBERED {
            plans.show(&action(&number.to_string()), rows(&["a"]));
        }
        assert!(!plans.is_shown(&action("0"), rows(&["a"])));
        assert!(plans.is_shown(&action("1"), rows(&["a"])));
    }
}
