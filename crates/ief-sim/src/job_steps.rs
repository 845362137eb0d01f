//! How batch jobs advance by the simulator's clock: one task begins after the other, each ends by itself, and what
//! has not ended after ten minutes has failed.

use std::time::Duration;

use ief_api::batch_job::{BatchJobType, BatchStatus, BatchTask};
use ief_api::node::KeyValue;

use crate::answer::Refusal;
use crate::batch_jobs::JobRecord;
use crate::lifecycle::UPGRADE_TIME;
use crate::seed::Stream;
use crate::seeded_nodes::{NEWEST_VERSION, is_older};
use crate::store::Named;
use crate::world::World;

/// How long it takes from one task's beginning to the next one's.
const STAGGER: i64 = 2_000;
/// How long an application takes to start on a node.
const DEPLOY_TIME: Duration = Duration::from_secs(8);
/// How long a job may take, waiting and running.
const TIME_LIMIT: i64 = 10 * 60 * 1000;

impl World {
    /// Lets a job advance to now, unless it is gone or was steered in the meantime.
    pub(crate) fn step_job(&mut self, number: u64, turn: u64) {
        let id = self.seed.id(Stream::Extra, number).to_string();
        let Some(mut record) = self.stock.jobs.get(&id).cloned() else {
            return;
        };
        let at_work = [
            BatchStatus::Waiting,
            BatchStatus::Running,
            BatchStatus::Stopping,
        ];
        if record.turn != turn
            || record
                .job
                .status
                .as_ref()
                .is_none_or(|it| !at_work.contains(it))
        {
            return;
        }
        let now = self.millis();
        if record.job.status == Some(BatchStatus::Waiting) {
            record.job.status = Some(BatchStatus::Running);
            record.job.status_last_updated_at = Some(self.seconds());
        }
        if record.job.tasks.is_empty() {
            record.job.tasks = self.make_tasks(&record);
        }
        self.end_tasks(&mut record, now);
        if record.job.status == Some(BatchStatus::Running) {
            self.begin_task(&mut record, now);
            if now - record.began >= TIME_LIMIT {
                record.run_out_of_time();
            }
        }
        record.conclude(now);
        let next = record.next_step(now);
        if let Some(kept) = self.stock.jobs.get_mut(&id) {
            *kept = record;
        }
        if let Some(at) = next {
            let after = Duration::from_millis(at.saturating_sub(now).max(1).unsigned_abs());
            self.expect_step(&id, turn, after);
        }
    }

    fn make_tasks(&mut self, record: &JobRecord) -> Vec<BatchTask> {
        let now = self.seconds();
        let tasks = record.planned.iter().map(|target| {
            let task_id = self.new_id();
            BatchTask {
                task_name: Some(format!("{}-{}", record.name(), &task_id[..5])),
                task_id: Some(task_id),
                status: Some(BatchStatus::Waiting),
                reason: Some(String::new()),
                created_at: Some(now),
                target_id: Some(target.clone()),
                ..BatchTask::default()
            }
        });
        tasks.collect()
    }

    /// Ends the tasks whose time has come.
    fn end_tasks(&mut self, record: &mut JobRecord, now: i64) {
        let later = record.due.clone().into_iter().filter(|(_, due)| *due > now);
        let over = std::mem::replace(&mut record.due, later.collect());
        for (place, _) in over.into_iter().filter(|(_, due)| *due <= now) {
            let outcome = self.outcome(record, place);
            let task = &mut record.job.tasks[place];
            match outcome {
                Ok(info) => {
                    task.status = Some(BatchStatus::Successful);
                    task.extension_info = info;
                }
                Err(reason) => task.fail(reason),
            }
        }
    }

    /// Begins the next task. Those that can't even begin have failed, and the one after them is tried.
    fn begin_task(&mut self, record: &mut JobRecord, now: i64) {
        let waits = |task: &BatchTask| task.status == Some(BatchStatus::Waiting);
        while let Some(place) = record.job.tasks.iter().position(waits) {
            match self.open_task(record, place) {
                Ok(takes) => {
                    record.job.tasks[place].status = Some(BatchStatus::Running);
                    let takes = i64::try_from(takes.as_millis()).unwrap_or(i64::MAX);
                    record.due.insert(place, now.saturating_add(takes));
                    return;
                }
                Err(refusal) => record.job.tasks[place].fail(refusal.message),
            }
        }
    }

    /// Does what a task begins with. Returns how long the rest takes.
    fn open_task(&mut self, record: &JobRecord, place: usize) -> Result<Duration, Refusal> {
        let target = record.target(place);
        match &record.job.job_type {
            Some(BatchJobType::NodeUpgrade) => {
                let node = self.find_node(target)?;
                Self::told_to_fail(&self.node_name(node), "upgrade")?;
                self.upgrade_obstacle(node)?;
                self.start_upgrade(node);
                Ok(UPGRADE_TIME + Duration::from_secs(1))
            }
            _ => {
                self.deploy_obstacle(record, place)?;
                Ok(DEPLOY_TIME)
            }
        }
    }

    /// How a task has ended: with what has come of it, or why it failed.
    fn outcome(&mut self, record: &JobRecord, place: usize) -> Result<Vec<KeyValue>, String> {
        let target = record.target(place);
        if record.job.job_type == Some(BatchJobType::NodeUpgrade) {
            let node = self.find_node(target).map_err(|refusal| refusal.message)?;
            let version = self.node_version(node).unwrap_or_default();
            return match is_older(&version, NEWEST_VERSION) {
                true => Err(format!(
                    "The upgrade failed, and the node is back at {version}."
                )),
                false => Ok(Vec::new()),
            };
        }
        let deployment = self.finish_deploying(record, place);
        let deployment = deployment.map_err(|refusal| refusal.message)?;
        Ok(vec![KeyValue::new("deployment_id", deployment)])
    }
}

impl JobRecord {
    /// What a task is for.
    pub(crate) fn target(&self, place: usize) -> &str {
        let task = self.job.tasks.get(place);
        task.and_then(|task| task.target_id.as_deref())
            .unwrap_or_default()
    }

    fn run_out_of_time(&mut self) {
        self.due.clear();
        for task in self.job.tasks.iter_mut().filter(|task| !task.has_ended()) {
            task.status = Some(BatchStatus::TimedOut);
            task.reason = Some("The task did not end within 10 minutes.".to_owned());
        }
    }

    /// Counts, and ends the job when all of its tasks have ended or what was stopped has come to rest.
    pub(crate) fn conclude(&mut self, now: i64) {
        let tasks = &self.job.tasks;
        let count = |is: &BatchStatus| {
            tasks
                .iter()
                .filter(|task| task.status.as_ref() == Some(is))
                .count()
        };
        let succeeded = count(&BatchStatus::Successful);
        let late = count(&BatchStatus::TimedOut);
        let failed = count(&BatchStatus::Failed) + late;
        // Tasks are left that have not ended.
        let rests = succeeded + failed < tasks.len();
        let ended = match self.job.status {
            Some(BatchStatus::Stopping) if rests && self.due.is_empty() => {
                Some(BatchStatus::Stopped)
            }
            _ if rests => None,
            _ if late > 0 => Some(BatchStatus::TimedOut),
            _ if failed == 0 => Some(BatchStatus::Successful),
            _ if succeeded == 0 => Some(BatchStatus::Failed),
            _ => Some(BatchStatus::PartiallySuccessful),
        };
        self.job.task_success_count = Some(succeeded as i64);
        self.job.task_failed_count = Some(failed as i64);
        if let Some(status) = ended {
            self.job.status = Some(status);
            self.job.status_last_updated_at = Some(ief_api::time::Timestamp(now / 1000));
        }
    }

    /// When something is to happen next. `None` when the job rests.
    fn next_step(&self, now: i64) -> Option<i64> {
        let waits = self
            .job
            .tasks
            .iter()
            .any(|task| task.status == Some(BatchStatus::Waiting));
        let due = self.due.values().min().copied();
        match self.job.status {
            Some(BatchStatus::Running) => {
                let next = waits.then_some(now + STAGGER);
                let end = self.began + TIME_LIMIT;
                due.into_iter().chain(next).chain([end]).min()
            }
            Some(BatchStatus::Stopping) => due,
            _ => None,
        }
    }
}

/// What of a task follows from its status.
trait Ending {
    fn has_ended(&self) -> bool;
    fn fail(&mut self, reason: String);
}

impl Ending for BatchTask {
    fn has_ended(&self) -> bool {
        matches!(
            self.status,
            Some(BatchStatus::Successful | BatchStatus::Failed | BatchStatus::TimedOut)
        )
    }

    fn fail(&mut self, reason: String) {
        self.status = Some(BatchStatus::Failed);
        self.reason = Some(reason);
    }
}
