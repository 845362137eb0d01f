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
        let planned = plan(&session, &request.action).await?;
        session.plans.show(&request.action, planned.row_set);
        Ok(planned.plan)
    }
}

impl Handle<StartBulk> for Console {
    async fn handle(&self, request: StartBulk) -> Result<TaskSummary, IpcError> {
        let session = self.core.session()?;
        session.same_as(request.session)?;
        // Whatever is sent is sent under the unlocking that was there when somebody said so.
        let permit = session.guard.permit()?;
        // Planned anew: what has changed since the plan was shown is not what somebody agreed to.
        let planned = plan(&session, &request.action).await?;
        let now = planned.plan.will;
        let changed = || IpcError::new(ErrorKind::Changed, NextStep::Reload).with("rows", now);
        if let Some(seen) = request.will
            && seen != now
        {
            return Err(changed().with("seen", seen).with("now", now));
        }
        if planned.rows.is_empty() {
            let error = IpcError::new(ErrorKind::Gone, NextStep::Reload)
                .with("resource", &request.action.resource);
            return Err(error);
        }
        if !session.plans.is_shown(&request.action, planned.row_set) {
            return Err(changed());
        }
        if let Some(expected) = &planned.plan.confirmation
            && request.confirmation.as_deref().map(str::trim) != Some(expected)
        {
            return Err(not_confirmed(expected));
        }
        if !session.plans.take(&request.action, planned.row_set) {
            // Somebody else has started it in the meantime.
            return Err(changed());
        }
        let task = Task::new(&session, permit, request.action, planned);
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
