//! The same call for many rows: planned first, then a few at a time, each through the one place where
//! changes are sent. What is started is what the plan has shown, or nothing.

mod commands;
mod plan;
mod plans;
mod task;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_ipc::IpcError;
use console_ipc::error::{ErrorKind, NextStep};

pub(crate) use plans::Plans;
pub(crate) use task::Task;

/// So many tasks that have ended are kept.
const ENDED_KEPT: usize = 50;

/// The tasks of this run: all that are at work, and the last ones that have ended.
#[derive(Default)]
pub(crate) struct Tasks(Mutex<Vec<Arc<Task>>>);

impl Tasks {
    /// A task by its identifier.
    pub(crate) fn find(&self, id: &str) -> Result<Arc<Task>, IpcError> {
        let found = self.tasks().iter().find(|task| task.id() == id).cloned();
        found.ok_or_else(|| IpcError::new(ErrorKind::Gone, NextStep::Reload).with("task", id))
    }

    /// Keeps a task, unless it is kept already.
    fn keep(&self, task: &Arc<Task>) {
        let mut tasks = self.tasks();
        if !tasks.iter().any(|known| Arc::ptr_eq(known, task)) {
            tasks.push(Arc::clone(task));
        }
    }

    /// Forgets tasks that ended before the last ones did.
    fn forget_old(&self) {
        let mut tasks = self.tasks();
        let mut ended: Vec<_> = tasks.iter().filter_map(|task| task.ended_ms()).collect();
        let Some(surplus) = ended.len().checked_sub(ENDED_KEPT) else {
            return;
        };
        ended.sort_unstable();
        // Among those that ended at the same time, the ones that began first go.
        let mut left = surplus;
        let last_to_go = ended[..surplus].last().copied();
        tasks.retain(|task| {
            let goes = left > 0
                && task
                    .ended_ms()
                    .is_some_and(|ended| Some(ended) <= last_to_go);
            left -= usize::from(goes);
            !goes
        });
    }

    /// All tasks, newest first.
    fn all(&self) -> Vec<Arc<Task>> {
        self.tasks().iter().rev().cloned().collect()
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<Arc<Task>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
