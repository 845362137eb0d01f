//! Batch jobs (section 4.13): what can be asked of them. How they advance stands in [`crate::job_steps`].

use std::collections::BTreeMap;
use std::time::Duration;

use ief_api::batch_job::{
    BatchJob, BatchJobContent, BatchJobList, BatchJobType, BatchStatus, BatchTarget,
    BatchTargetType, CreateBatchJob, CreatedBatchJob, DeleteBatchJob, ListBatchJob,
    RestoreBatchJob, RetryBatchJob, ShowBatchJob, StopBatchJob,
};
use ief_api::codes;
use ief_api::resource::Resource;
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::job_deployments::described;
use crate::lifecycle::Event;
use crate::options::Edition;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::stock::Stocked;
use crate::store::Named;
use crate::world::{Sort, World, invalid, missing, taken};

/// How long it takes until a new job makes its tasks.
const QUEUED: Duration = Duration::from_secs(3);

/// A job with what its answers don't show.
#[derive(Debug, Clone)]
pub(crate) struct JobRecord {
    pub(crate) job: BatchJob,
    /// What a task will be made for, by its identifier.
    pub(crate) planned: Vec<String>,
    /// When it began to run, or was let go on, in milliseconds.
    pub(crate) began: i64,
    /// Grows whenever somebody steers the job, so that steps from before are told apart.
    pub(crate) turn: u64,
    /// When tasks that have begun end, in milliseconds, by their place.
    pub(crate) due: BTreeMap<usize, i64>,
}

impl Named for JobRecord {
    fn id(&self) -> &str {
        Resource::id(&self.job)
    }
    fn name(&self) -> &str {
        Resource::name(&self.job)
    }
}

impl Handle<CreateBatchJob> for World {
    fn handle(
        &mut self,
        operation: CreateBatchJob,
        _: &Context,
    ) -> Result<Reply<CreatedBatchJob>, Refusal> {
        let new = operation.body;
        let name = new.job_name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.jobs.named(&name).is_some() {
            return Err(taken("batch job", &name));
        }
        let used = self.stock.jobs.iter().count();
        self.check_room::<JobRecord>(used, &codes::QUOTA)?;
        let content = new.job_content.unwrap_or_default();
        let kind = new.job_type.unwrap_or(BatchJobType::NodeUpgrade);
        let planned = self.plan(&kind, &content)?;
        let id = self.new_id();
        let now = self.seconds();
        let job = BatchJob {
            job_id: Some(id.clone()),
            job_name: Some(name.clone()),
            job_type: Some(kind),
            description: Some(new.description.unwrap_or_default()),
            created_at: Some(now),
            status: Some(BatchStatus::Waiting),
            task_total_count: Some(planned.len() as i64),
            task_success_count: Some(0),
            task_failed_count: Some(0),
            status_last_updated_at: Some(now),
            target_type: content.target_type,
            targets: content.targets,
            task_data: content.task_data,
            ..BatchJob::default()
        };
        let began = self.millis();
        self.stock.jobs.add(JobRecord {
            job,
            planned,
            began,
            turn: 0,
            due: BTreeMap::new(),
        });
        self.expect_step(&id, 0, QUEUED);
        Ok(Reply::new(CreatedBatchJob {
            job_id: Some(id),
            job_name: Some(name),
            created_at: Some(now),
            ..CreatedBatchJob::default()
        }))
    }
}

impl Handle<ListBatchJob> for World {
    fn handle(
        &mut self,
        operation: ListBatchJob,
        context: &Context,
    ) -> Result<Reply<BatchJobList>, Refusal> {
        let sort = Sort::read(operation.sort.as_deref(), &["created_at"])?;
        let kind = operation.job_type.filter(|kind| !kind.is_empty());
        let kind = kind.as_deref().map(BatchJobType::from);
        let (count, rows) = self.stock.jobs.select(
            context.page,
            |it| kind.is_none() || it.job.job_type == kind,
            |a, b| Sort::order(sort, |_| a.job.created_at.cmp(&b.job.created_at)),
        );
        let jobs = rows.into_iter().map(|record| BatchJob {
            target_type: None,
            targets: Vec::new(),
            task_data: None,
            tasks: Vec::new(),
            ..record.job
        });
        Ok(Reply::new(BatchJobList {
            job_count: Some(count),
            jobs: jobs.collect(),
            ..BatchJobList::default()
        }))
    }
}

impl Handle<ShowBatchJob> for World {
    fn handle(&mut self, operation: ShowBatchJob, _: &Context) -> Result<Reply<BatchJob>, Refusal> {
        Ok(Reply::new(self.find_job(&operation.job_id)?.job.clone()))
    }
}

impl Handle<DeleteBatchJob> for World {
    fn handle(
        &mut self,
        operation: DeleteBatchJob,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.job_id.as_str();
        Self::told_to_fail(self.find_job(id)?.name(), "delete")?;
        self.stock.jobs.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<StopBatchJob> for World {
    fn handle(&mut self, operation: StopBatchJob, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.job_id.as_str();
        let from = [BatchStatus::Waiting, BatchStatus::Running];
        let record = self.steer(id, "stop", &from)?;
        // What has begun can't be called back, and is waited for.
        let status = match record.due.is_empty() {
            true => BatchStatus::Stopped,
            false => BatchStatus::Stopping,
        };
        self.set_status(id, status);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<RestoreBatchJob> for World {
    fn handle(
        &mut self,
        operation: RestoreBatchJob,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.job_id.as_str();
        let record = self.steer(id, "start", &[BatchStatus::Stopped])?;
        self.begin_again(id, record.turn + 1);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<RetryBatchJob> for World {
    fn handle(&mut self, operation: RetryBatchJob, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.job_id.as_str();
        let from = [
            BatchStatus::Failed,
            BatchStatus::PartiallySuccessful,
            BatchStatus::TimedOut,
        ];
        let record = self.steer(id, "start", &from)?;
        if let Some(record) = self.stock.jobs.get_mut(id) {
            for task in &mut record.job.tasks {
                if task.status != Some(BatchStatus::Successful) {
                    task.status = Some(BatchStatus::Waiting);
                    task.reason = Some(String::new());
                }
            }
        }
        self.begin_again(id, record.turn + 1);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    pub(crate) fn find_job(&self, id: &str) -> Result<&JobRecord, Refusal> {
        let found = self.stock.jobs.get(id);
        found.ok_or_else(|| missing(&codes::NOT_FOUND, "batch job", id))
    }

    /// A job that can be steered now: its status is one of those in which that takes effect.
    fn steer(&self, id: &str, action: &str, from: &[BatchStatus]) -> Result<JobRecord, Refusal> {
        let record = self.find_job(id)?;
        Self::told_to_fail(record.name(), action)?;
        let status = record.job.status.clone().unwrap_or(BatchStatus::Waiting);
        if !from.contains(&status) {
            let message = format!("The batch job is {status}, which this does not apply to.");
            return Err(invalid(message));
        }
        Ok(record.clone())
    }

    fn set_status(&mut self, id: &str, status: BatchStatus) {
        let now = self.seconds();
        if let Some(record) = self.stock.jobs.get_mut(id) {
            record.job.status = Some(status);
            record.job.status_last_updated_at = Some(now);
        }
    }

    fn begin_again(&mut self, id: &str, turn: u64) {
        let now = self.millis();
        self.set_status(id, BatchStatus::Running);
        if let Some(record) = self.stock.jobs.get_mut(id) {
            record.turn = turn;
            record.began = now;
            record.due.clear();
        }
        self.expect_step(id, turn, Duration::from_secs(1));
    }

    /// Lets a job advance after a while, unless somebody steers it before.
    pub(crate) fn expect_step(&mut self, id: &str, turn: u64, after: Duration) {
        if let Some(number) = self.seed.index(Stream::Extra, id) {
            self.schedule(after, Event::Job(number, turn));
        }
    }

    /// What the tasks of a new job will be for, when all of it is there and fits the job.
    fn plan(&self, kind: &BatchJobType, content: &BatchJobContent) -> Result<Vec<String>, Refusal> {
        let target_type = content.target_type.as_ref();
        let fits = match kind {
            BatchJobType::DeploymentUpgrade => target_type == Some(&BatchTargetType::Deployment),
            _ => target_type != Some(&BatchTargetType::Deployment),
        };
        if !fits {
            return Err(invalid(
                "The targets are of a type that the job is not for.",
            ));
        }
        if *kind != BatchJobType::NodeUpgrade {
            described(content.task_data.as_deref())?;
        }
        let mut planned = Vec::new();
        let ids = content
            .targets
            .iter()
            .filter_map(|target: &BatchTarget| target.target_id.as_deref());
        for id in ids {
            match target_type {
                Some(BatchTargetType::NodeGroup) if self.edition == Edition::Professional => {
                    return Err(invalid("Node groups are for platinum instances only."));
                }
                Some(BatchTargetType::NodeGroup) => {
                    self.find_group(id)?;
                    if *kind == BatchJobType::NodeUpgrade {
                        // Each node of a group is upgraded by itself.
                        let nodes = self.members(id).into_iter();
                        planned.extend(nodes.map(|it| self.seed.id(Stream::Node, it).to_string()));
                        continue;
                    }
                }
                Some(BatchTargetType::Deployment) => {
                    self.find_deployment(id)?;
                }
                _ => {
                    self.find_node(id)?;
                }
            }
            planned.push(id.to_owned());
        }
        match planned.is_empty() {
            true => Err(invalid("The node groups have no nodes.")),
            false => Ok(planned),
        }
    }
}

impl Stocked for JobRecord {
    type Thing = BatchJob;

    const ROOM: i64 = 20;

    fn seeded(world: &mut World) -> Vec<Self> {
        world.jobs_of_seed()
    }
}
