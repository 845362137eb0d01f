//! Batch jobs (section 4.13): upgrades of nodes, deployments and upgrades of applications, one task for each target.

use crate::node::KeyValue;
use crate::node_group::check_labels;
use crate::operation::{Call, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, batch as rules};
use crate::time::Timestamp;
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

/// What looks different while a job runs.
const TOUCHED: &[&str] = &["batch_job", "node"];

operation! {
    /// POST /v2/{project_id}/productmgr/jobs
    ///
    /// Creates a job, which begins at once. Section 4.13.1.
    CreateBatchJob = "create_batch_job", Post "/v2/{project_id}/productmgr/jobs" {
        path: {},
        query: {},
        body: NewBatchJob,
        response: CreatedBatchJob,
        spec: {
            section: Some("4.13.1"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: TOUCHED,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/productmgr/jobs
    ///
    /// Lists jobs, without their tasks. Section 4.13.2.
    ListBatchJob = "list_batch_job", Get "/v2/{project_id}/productmgr/jobs" {
        path: {},
        query: { job_type: String, limit: i64, offset: i64, sort: String },
        response: BatchJobList,
        spec: {
            section: Some("4.13.2"),
            // The reference names neither; those of other lists are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "jobs" }),
            check_query: Some(check_list),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/productmgr/jobs/{job_id}
    ///
    /// Reads one job with its tasks. Section 4.13.3.
    ShowBatchJob = "show_batch_job", Get "/v2/{project_id}/productmgr/jobs/{job_id}" {
        path: { job_id },
        query: {},
        response: BatchJob,
        spec: {
            section: Some("4.13.3"),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/productmgr/jobs/{job_id}
    ///
    /// Deletes a job. Section 4.13.4.
    DeleteBatchJob = "delete_batch_job", Delete "/v2/{project_id}/productmgr/jobs/{job_id}" {
        path: { job_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.13.4"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["batch_job"],
        }
    }
}

operation! {
    /// POST /v2/{project_id}/productmgr/jobs/{job_id}/pause
    ///
    /// Stops a job that runs: tasks that have begun end, the others wait. Section 4.13.5.
    StopBatchJob = "stop_batch_job", Post "/v2/{project_id}/productmgr/jobs/{job_id}/pause" {
        path: { job_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.13.5"),
            effect: Effect::Act,
            repeat: Repeat::Idempotent,
            touches: &["batch_job"],
        }
    }
}

operation! {
    /// POST /v2/{project_id}/productmgr/jobs/{job_id}/restore
    ///
    /// Lets a job go on that was stopped. Section 4.13.6.
    RestoreBatchJob = "restore_batch_job", Post "/v2/{project_id}/productmgr/jobs/{job_id}/restore" {
        path: { job_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.13.6"),
            effect: Effect::Act,
            repeat: Repeat::Idempotent,
            touches: TOUCHED,
        }
    }
}

operation! {
    /// POST /v2/{project_id}/productmgr/jobs/{job_id}/retry
    ///
    /// Does the tasks of a job again that did not succeed. Section 4.13.7.
    RetryBatchJob = "retry_batch_job", Post "/v2/{project_id}/productmgr/jobs/{job_id}/retry" {
        path: { job_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.13.7"),
            effect: Effect::Act,
            // What fails again at once would be tried a third time.
            repeat: Repeat::Never,
            touches: TOUCHED,
        }
    }
}

open_enum! {
    /// What a job does (table 4-498).
    pub enum BatchJobType {
        /// Upgrades the software of nodes.
        NodeUpgrade = "node_upgrade",
        /// Deploys an application to nodes or node groups.
        DeploymentDeploy = "deployment_deploy",
        /// Upgrades deployed applications.
        DeploymentUpgrade = "deployment_upgrade",
    }
}

open_enum! {
    /// What a job does it to (table 4-499).
    pub enum BatchTargetType {
        /// Edge nodes.
        Node = "node",
        /// Node groups.
        NodeGroup = "node_group",
        /// Containerized applications.
        Deployment = "deployment",
    }
}

open_enum! {
    /// How far a job or a task is. The reference has one value, in its examples; the service's public pages have
    /// all of them.
    pub enum BatchStatus {
        /// It has not begun.
        Waiting = "Waiting",
        /// It is at work.
        Running = "Running",
        /// It ends what has begun, and then stops.
        Stopping = "Stopping",
        /// It was stopped.
        Stopped = "Stopped",
        /// It is done.
        Successful = "Successful",
        /// Some of its tasks are done, the others failed.
        PartiallySuccessful = "Partially_successful",
        /// It failed.
        Failed = "Failed",
        /// It was not done in time.
        TimedOut = "Timed_out",
    }
}

wire! {
    /// Body of [`CreateBatchJob`] (table 4-498).
    pub struct NewBatchJob {
        /// Name.
        pub job_name: Option<String>,
        /// What it does.
        pub job_type: Option<BatchJobType>,
        /// What it does it to.
        pub job_content: Option<BatchJobContent>,
        /// What it is.
        pub description: Option<String>,
        /// Tags.
        pub tags: Vec<KeyValue>,
    }

    /// What a job does it to (table 4-499).
    pub struct BatchJobContent {
        /// Type of the targets.
        pub target_type: Option<BatchTargetType>,
        /// Targets.
        pub targets: Vec<BatchTarget>,
        /// What is deployed: the body of creating a deployment, as JSON in a text.
        pub task_data: Option<String>,
    }

    /// A target of a job (table 4-500).
    pub struct BatchTarget {
        /// Identifier.
        pub target_id: Option<String>,
        /// What else is known of it: `node_name`.
        pub extension_info: Vec<KeyValue>,
    }

    /// Answer of [`CreateBatchJob`] (table 4-503).
    pub struct CreatedBatchJob {
        /// Identifier.
        pub job_id: Option<String>,
        /// Name.
        pub job_name: Option<String>,
        /// When it was created, in seconds.
        pub created_at: Option<Timestamp>,
    }

    /// Answer of [`ListBatchJob`].
    pub struct BatchJobList {
        /// How many there are, on all pages.
        pub job_count: Option<i64>,
        /// The jobs of this page.
        pub jobs: Vec<BatchJob>,
    }

    /// A job (tables 4-508 and 4-511). Lists leave out what it does and its tasks.
    pub struct BatchJob {
        /// Identifier.
        pub job_id: Option<String>,
        /// Name.
        pub job_name: Option<String>,
        /// What it does.
        pub job_type: Option<BatchJobType>,
        /// What it is.
        pub description: Option<String>,
        /// When it was created, in seconds.
        pub created_at: Option<Timestamp>,
        /// How far it is.
        pub status: Option<BatchStatus>,
        /// Tasks.
        pub task_total_count: Option<i64>,
        /// Tasks that are done.
        pub task_success_count: Option<i64>,
        /// Tasks that failed.
        pub task_failed_count: Option<i64>,
        /// When the status last changed, in seconds.
        pub status_last_updated_at: Option<Timestamp>,
        /// Type of the targets.
        pub target_type: Option<BatchTargetType>,
        /// Targets.
        pub targets: Vec<BatchTarget>,
        /// What is deployed, as JSON in a text.
        pub task_data: Option<String>,
        /// Tasks, one for each target.
        pub tasks: Vec<BatchTask>,
    }

    /// A task of a job (table 4-512).
    pub struct BatchTask {
        /// Identifier.
        pub task_id: Option<String>,
        /// Name.
        pub task_name: Option<String>,
        /// How far it is.
        pub status: Option<BatchStatus>,
        /// Why it failed.
        pub reason: Option<String>,
        /// When it was created, in seconds.
        pub created_at: Option<Timestamp>,
        /// Its target.
        pub target_id: Option<String>,
        /// What has come of it: `deployment_id`.
        pub extension_info: Vec<KeyValue>,
    }
}

impl Resource for BatchJob {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "batch_job",
        list: ListBatchJob::SPEC,
        show: Some(ShowBatchJob::SPEC),
        id_parameter: "job_id",
        envelope: ResourceSpec::BARE,
        // The service has one, but no type to ask for it (table 4-524).
        quota: None,
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("type", ColumnKind::Enum),
            Column::new("status", ColumnKind::Enum),
            Column::new("tasks", ColumnKind::Integer),
            Column::new("succeeded", ColumnKind::Integer),
            Column::new("failed", ColumnKind::Integer),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.job_id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.job_name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        cells.extend([
            Cell::text(self.job_name.as_deref()),
            Cell::text(self.job_type.as_ref().map(BatchJobType::as_str)),
            Cell::text(self.status.as_ref().map(BatchStatus::as_str)),
            Cell::integer(self.task_total_count),
            Cell::integer(self.task_success_count),
            Cell::integer(self.task_failed_count),
            Cell::timestamp(self.created_at),
            Cell::timestamp(self.status_last_updated_at),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

/// The query of the list of jobs.
fn check_list(call: &Call, violations: &mut Violations) {
    let kind = call.query_value("job_type");
    violations.optional("job_type", &rules::BATCH_JOB_TYPE, kind);
    violations.optional("sort", &rules::BATCH_JOB_SORT, call.query_value("sort"));
}

impl Check for NewBatchJob {
    fn check(&self, violations: &mut Violations) {
        violations.required("job_name", &rules::BATCH_NAME, self.job_name.as_deref());
        let kind = self.job_type.as_ref().map(BatchJobType::as_str);
        violations.required("job_type", &rules::BATCH_JOB_TYPE, kind);
        let description = self.description.as_deref();
        violations.optional("description", &rules::BATCH_DESCRIPTION, description);
        check_labels(&self.tags, violations);
        let nothing = BatchJobContent::default();
        let content = self.job_content.as_ref().unwrap_or(&nothing);
        violations.at("job_content", |violations| {
            let kind = content.target_type.as_ref().map(BatchTargetType::as_str);
            violations.required("target_type", &rules::BATCH_TARGET_TYPE, kind);
            if content.targets.is_empty() {
                violations.add("targets", &rules::BATCH_TARGETS, Problem::Missing);
            }
            let ids = || content.targets.iter().map(|it| it.target_id.as_deref());
            violations.unique("targets", &rules::BATCH_TARGET, ids().flatten());
            for (index, id) in ids().enumerate() {
                let place = format!("targets.{index}.target_id");
                violations.required(&place, &rules::BATCH_TARGET, id);
            }
            // The reference: needed for applications only.
            let data = content.task_data.as_deref();
            match self.job_type {
                Some(BatchJobType::DeploymentDeploy | BatchJobType::DeploymentUpgrade) => {
                    violations.required("task_data", &rules::BATCH_TASK_DATA, data);
                }
                _ => violations.optional("task_data", &rules::BATCH_TASK_DATA, data),
            }
        });
    }
}
