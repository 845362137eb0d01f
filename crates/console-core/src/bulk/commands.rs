//! Commands about tasks.

use console_ipc::IpcError;
use console_ipc::bulk::{
    BulkPlan, ControlTask, ListTasks, PlanBulk, ShowTask, StartBulk, TaskDetail, TaskSummary,
};
use console_ipc::error::{ErrorKind, NextStep};

use super::plan::plan;
use super::task::Task;
use crate::calls::not_confirmed;
use crate::console::{Console, Handle};
use crate::inventory::commands::MOST_ROWS;

impl Handle<PlanBulk> for Console {
    async fn handle(&self, request: PlanBulk) -> Result<BulkPlan, IpcError> {
        let session = self.core.session()?;
        Ok(plan(&session, &request.action).await?.plan)
    }
}

impl Handle<StartBulk> for Console {
    async fn handle(&self, request: StartBulk) -> Result<TaskSummary, IpcError> {
        let session = self.core.session()?;
        session.guard.pass()?;
        // Planned anew: what has changed since the plan was shown changes what has to be typed.
        let planned = plan(&session, &request.action).await?;
        if let Some(seen) = request.will
            && seen != planned.plan.will
        {
            let error = IpcError::new(ErrorKind::Changed, NextStep::Reload)
                .with("seen", seen)
                .with("now", planned.plan.will);
            return Err(error);
        }
        if planned.rows.is_empty() {
            let error = IpcError::new(ErrorKind::Gone, NextStep::Reload)
                .with("resource", &request.action.resource);
            return Err(error);
        }
        if let Some(expected) = &planned.plan.confirmation
            && request.confirmation.as_deref().map(str::trim) != Some(expected)
        {
            return Err(not_confirmed(expected));
        }
        let task = Task::new(&session, request.action, planned);
        self.core.tasks.keep(&task);
        task.work();
        Ok(task.summary())
    }
}

impl Handle<ListTasks> for Console {
    async fn handle(&self, _: ListTasks) -> Result<Vec<TaskSummary>, IpcError> {
        Ok(self
            .core
            .tasks
            .all()
            .iter()
            .map(|task| task.summary())
            .collect())
    }
}

impl Handle<ShowTask> for Console {
    async fn handle(&self, request: ShowTask) -> Result<TaskDetail, IpcError> {
        let task = self.core.tasks.find(&request.id)?;
        Ok(task.detail(request.offset, request.limit.min(MOST_ROWS)))
    }
}

impl Handle<ControlTask> for Console {
    async fn handle(&self, request: ControlTask) -> Result<TaskSummary, IpcError> {
        let task = self.core.tasks.find(&request.id)?;
        task.control(request.control, &self.core)
    }
}
