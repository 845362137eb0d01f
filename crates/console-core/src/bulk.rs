//! The same call for many rows: planned first, then a few at a time, each through the one place where
//! changes are sent.

mod commands;
mod plan;
mod task;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_ipc::IpcError;
use console_ipc::error::{ErrorKind, NextStep};

pub(crate) use task::Task;

/// The tasks of this run.
#[derive(Default)]
pub(crate) struct Tasks(Mutex<Vec<Arc<Task>>>);

impl Tasks {
    /// A task by its identifier.
    pub(crate) fn find(&self, id: &str) -> Result<Arc<Task>, IpcError> {
        let found = self.tasks().iter().find(|task| task.id() == id).cloned();
        found.ok_or_else(|| IpcError::new(ErrorKind::Gone, NextStep::Reload).with("task", id))
    }

    fn add(&self, task: Arc<Task>) {
        self.tasks().push(task);
    }

    /// All tasks, newest first.
    fn all(&self) -> Vec<Arc<Task>> {
        self.tasks().iter().rev().cloned().collect()
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<Arc<Task>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
