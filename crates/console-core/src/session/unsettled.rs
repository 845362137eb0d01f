//! Changes of which nobody knows whether they took place.
//!
//! Whoever wants the same again is told beforehand: a second one might find the first one done.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use ief_api::catalogue::{operation, resource};
use ief_api::operation::Call;

/// What makes two calls the same change: the operation, what it acts on, and the name of what it makes.
type Same = (String, BTreeMap<String, String>, String);

/// Changes whose answer was lost, each with the time it was last sent, in milliseconds since the epoch.
#[derive(Debug, Default)]
pub(crate) struct Unsettled {
    lost: Mutex<HashMap<Same, i64>>,
}

impl Unsettled {
    /// The answer to a change was lost.
    pub(crate) fn lost(&self, call: &Call, now_ms: i64) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.insert(same(call), now_ms);
    }

    /// The service has answered a change.
    pub(crate) fn answered(&self, call: &Call) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.remove(&same(call));
    }

    /// When the same change was sent without an answer, unless one was answered since.
    pub(crate) fn lost_at(&self, call: &Call) -> Option<i64> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.get(&same(call)).copied()
    }
}

fn same(call: &Call) -> Same {
    let name = operation(&call.operation)
        .and_then(|spec| resource(spec.touches.first()?))
        .zip(call.body.as_ref())
        .and_then(|(kind, body)| kind.name_of(kind.thing(body)));
    (
        call.operation.clone(),
        call.path.clone(),
        name.unwrap_or_default().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use ief_api::operation::Call;
    use serde_json::json;

    use super::Unsettled;

    fn create(name: &str, note: &str) -> Call {
        Call {
            operation: "create_edge_node".to_owned(),
            body: Some(json!({"node": {"name": name, "description": note}})),
            ..Call::default()
        }
    }

    #[test]
    fn a_lost_change_is_kept_until_the_same_is_answered() {
        let unsettled = Unsettled::default();
        unsettled.lost(&create("gw-1", "a"), 7);
        assert_eq!(unsettled.lost_at(&create("gw-1", "b")), Some(7));
        assert_eq!(unsettled.lost_at(&create("gw-2", "a")), None);
        unsettled.answered(&create("gw-2", "a"));
        assert_eq!(unsettled.lost_at(&create("gw-1", "a")), Some(7));
        unsettled.answered(&create("gw-1", "c"));
        assert_eq!(unsettled.lost_at(&create("gw-1", "a")), None);
    }

    #[test]
    fn changes_of_different_things_are_different() {
        let delete = |id: &str| Call {
            operation: "delete_edge_node".to_owned(),
            path: [("edge_node_id".to_owned(), id.to_owned())].into(),
            ..Call::default()
        };
        let unsettled = Unsettled::default();
        unsettled.lost(&delete("a"), 1);
        assert_eq!(unsettled.lost_at(&delete("b")), None);
        assert_eq!(unsettled.lost_at(&delete("a")), Some(1));
    }
}
