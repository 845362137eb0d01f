//! Which rights the credential in use turned out to lack.
//!
//! The service has no operation that tells: only a refusal does. It is kept, so that the next one is told before
//! it happens.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use console_ipc::ErrorKind;
use ief_api::catalogue::operation;

/// IAM actions that were refused, each with the time of the last refusal in milliseconds since the epoch.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    refused: Mutex<BTreeMap<&'static str, i64>>,
}

impl Rights {
    /// Takes note of how a call of an operation went. `failed` is `None` when it was done.
    pub(crate) fn note(&self, called: &str, failed: Option<ErrorKind>, now_ms: i64) {
        let Some(action) = operation(called).and_then(|spec| spec.action) else {
            return;
        };
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match failed {
            None => {
                refused.remove(action);
            }
            Some(ErrorKind::Forbidden) => {
                refused.insert(action, now_ms);
            }
            // Any other failure tells nothing of rights.
            Some(_) => {}
        }
    }

    /// When an action was last refused, unless it was granted since.
    pub(crate) fn refused_at(&self, action: &str) -> Option<i64> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.get(action).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_kept_until_the_right_is_there() {
        let rights = Rights::default();
        let action = "ief:node:list";
        rights.note("list_edge_nodes", Some(ErrorKind::Unreachable), 1);
        assert_eq!(rights.refused_at(action), None);
        rights.note("list_edge_nodes", Some(ErrorKind::Forbidden), 2);
        assert_eq!(rights.refused_at(action), Some(2));
        rights.note("list_edge_nodes", Some(ErrorKind::Unreachable), 3);
        assert_eq!(rights.refused_at(action), Some(2));
        rights.note("list_edge_nodes", None, 4);
        assert_eq!(rights.refused_at(action), None);
    }
}
