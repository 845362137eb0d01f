//! The batch jobs that are there at the start: what has been done to the fleet lately, and how it went.

use std::collections::BTreeMap;

use ief_api::batch_job::{
    BatchJob, BatchJobType, BatchStatus, BatchTarget, BatchTargetType, BatchTask,
};
use ief_api::node::{KeyValue, NodeState};
use ief_api::time::Timestamp;

use crate::batch_jobs::JobRecord;
use crate::options::Edition;
use crate::seed::Stream;
use crate::seeded_nodes::{DAY, LAST, NEWEST_VERSION, is_older};
use crate::world::World;

/// Only the first are looked at: a scan of a million would be felt at the start.
const LOOKED_AT: u64 = 400;

/// How many groups got their proxy by a job.
const ROLLED_OUT: u64 = 4;
/// The name of that job.
const ROLLOUT: &str = "edge-proxy-rollout";

/// A job before it has an identifier.
struct Story {
    name: &'static str,
    description: &'static str,
    kind: BatchJobType,
    status: BatchStatus,
    /// When it was created and for how long it ran, in milliseconds.
    time: (i64, i64),
    tasks: Vec<Told>,
}

/// A task before it has an identifier.
struct Told {
    target: String,
    /// The name of the target.
    name: String,
    status: BatchStatus,
    /// Why it failed.
    reason: String,
    /// What has come of it: a deployment.
    made: Option<String>,
}

/// Nodes by what jobs make of them.
#[derive(Default)]
struct Fleet {
    /// They run, with the newest software.
    current: Vec<u64>,
    /// They run, with software that can be upgraded.
    outdated: Vec<u64>,
    /// They don't run.
    down: Vec<u64>,
}

impl World {
    /// The jobs of the seed, the oldest first. Each is there when nodes are that it could have been for.
    pub(crate) fn jobs_of_seed(&mut self) -> Vec<JobRecord> {
        let mut stories = self.stories();
        stories.retain(|story| !story.tasks.is_empty());
        let records = stories.into_iter().map(|story| self.job_of_seed(story));
        records.collect()
    }

    fn fleet(&self) -> Fleet {
        let mut fleet = Fleet::default();
        for node in 0..self.seed.nodes.min(LOOKED_AT) {
            let version = self.seed.node(node).ief_node_version.unwrap_or_default();
            match self.seed.node_state(node) {
                NodeState::Running if version == NEWEST_VERSION => fleet.current.push(node),
                // Older ones can't be upgraded at all.
                NodeState::Running if !is_older(&version, "2.1.5") => fleet.outdated.push(node),
                NodeState::Fail | NodeState::Stopped => fleet.down.push(node),
                _ => {}
            }
        }
        fleet
    }

    fn stories(&self) -> Vec<Story> {
        let fleet = self.fleet();
        let told = |node: u64, status: BatchStatus, reason: String| Told {
            target: self.seed.id(Stream::Node, node).to_string(),
            name: self.seed.node_name(node),
            status,
            reason,
            made: None,
        };
        let done = |nodes: &[u64], from: usize, count: usize| -> Vec<_> {
            let nodes = nodes.iter().skip(from).take(count);
            let done = nodes.map(|node| told(*node, BatchStatus::Successful, String::new()));
            done.collect()
        };
        let back = |node: &u64| {
            let version = self.seed.node(*node).ief_node_version.unwrap_or_default();
            let reason = format!("The upgrade failed, and the node is back at {version}.");
            told(*node, BatchStatus::Failed, reason)
        };
        let down = |node: &u64| {
            let reason = format!("The node is {}, not RUNNING.", self.seed.node_state(*node));
            told(*node, BatchStatus::Failed, reason)
        };
        let waits = |node: &u64| told(*node, BatchStatus::Waiting, String::new());
        let week = |week: i64| (LAST + week * 7 * DAY, 60_000);
        let partly = done(&fleet.current, 5, 4).into_iter();
        let stopped = done(&fleet.current, 9, 2).into_iter();
        vec![
            self.rollout(),
            Story {
                name: "upgrade-first-wave",
                description: "The gateways of line 1",
                kind: BatchJobType::NodeUpgrade,
                status: BatchStatus::Successful,
                time: week(1),
                tasks: done(&fleet.current, 0, 5),
            },
            Story {
                name: "upgrade-second-wave",
                description: "What the first wave has left",
                kind: BatchJobType::NodeUpgrade,
                status: BatchStatus::PartiallySuccessful,
                time: week(3),
                tasks: partly
                    .chain(fleet.outdated.iter().take(1).map(back))
                    .collect(),
            },
            Story {
                name: "log-shipper-trial",
                description: "A trial on nodes that turned out to be down",
                kind: BatchJobType::DeploymentDeploy,
                status: BatchStatus::Failed,
                time: week(4),
                tasks: fleet.down.iter().take(2).map(down).collect(),
            },
            Story {
                name: "upgrade-third-wave",
                description: "Stopped for the end of the shift",
                kind: BatchJobType::NodeUpgrade,
                status: BatchStatus::Stopped,
                time: week(5),
                tasks: stopped
                    .chain(fleet.outdated.iter().skip(1).take(3).map(waits))
                    .collect(),
            },
        ]
    }

    /// The job that has deployed what runs on the first groups.
    fn rollout(&self) -> Story {
        let seed = self.seed;
        let groups = match self.edition {
            Edition::Platinum => seed.deployments_to_groups().min(ROLLED_OUT),
            Edition::Professional => 0,
        };
        let index = |site: u64| seed.deployments_to_nodes() + site;
        let groups = (0..groups).filter(|site| !seed.nodes_of_deployment(index(*site)).is_empty());
        let tasks = groups.map(|site| Told {
            target: seed.id(Stream::Group, site).to_string(),
            name: format!("plant-{}", seed.site(site).0),
            status: BatchStatus::Successful,
            reason: String::new(),
            made: Some(seed.id(Stream::Deployment, index(site)).to_string()),
        });
        Story {
            name: ROLLOUT,
            description: "The proxy of the plants, the first ones before the others",
            kind: BatchJobType::DeploymentDeploy,
            status: BatchStatus::Successful,
            // They are created a minute after each other.
            time: (LAST + DAY - 10_000, ROLLED_OUT as i64 * 60_000),
            tasks: tasks.collect(),
        }
    }

    fn job_of_seed(&mut self, story: Story) -> JobRecord {
        let deploys = story.kind == BatchJobType::DeploymentDeploy;
        let grouped = story.name == ROLLOUT;
        let (created, took) = story.time;
        let key = if grouped { "group_name" } else { "node_name" };
        let targets = story.tasks.iter().map(|told| BatchTarget {
            target_id: Some(told.target.clone()),
            extension_info: vec![KeyValue::new(key, told.name.clone())],
            ..BatchTarget::default()
        });
        let targets = targets.collect();
        let planned = story.tasks.iter().map(|told| told.target.clone());
        let planned = planned.collect();
        let begun = Timestamp(created / 1000 + 3);
        let task_data = match (deploys, grouped) {
            (true, true) => Some(self.rolled_out()),
            (true, false) => Some(task_data(story.name)),
            (false, _) => None,
        };
        let mut tasks = Vec::new();
        for told in story.tasks {
            let task_id = self.new_id();
            let made = told.made.into_iter();
            tasks.push(BatchTask {
                task_name: Some(format!("{}-{}", story.name, &task_id[..5])),
                task_id: Some(task_id),
                status: Some(told.status),
                reason: Some(told.reason),
                created_at: Some(begun),
                target_id: Some(told.target),
                extension_info: made
                    .map(|deployment| KeyValue::new("deployment_id", deployment))
                    .collect(),
                ..BatchTask::default()
            });
        }
        let job = BatchJob {
            job_id: Some(self.new_id()),
            job_name: Some(story.name.to_owned()),
            job_type: Some(story.kind),
            description: Some(story.description.to_owned()),
            created_at: Some(Timestamp(created / 1000)),
            status: Some(story.status.clone()),
            task_total_count: Some(tasks.len() as i64),
            target_type: Some(match grouped {
                true => BatchTargetType::NodeGroup,
                false => BatchTargetType::Node,
            }),
            targets,
            task_data,
            tasks,
            ..BatchJob::default()
        };
        let mut record = JobRecord {
            job,
            planned,
            began: created,
            turn: 0,
            due: BTreeMap::new(),
        };
        record.conclude(created + took);
        record.job.status = Some(story.status);
        record.job.status_last_updated_at = Some(Timestamp((created + took) / 1000));
        record
    }

    /// What the rollout has deployed: that which the first of its deployments runs.
    fn rolled_out(&self) -> String {
        let first = self.seed.deployments_to_nodes();
        let deployment = self.seed.deployment(first).deployment;
        let name = ROLLOUT.trim_end_matches("-rollout");
        let deployment = serde_json::json!({
            "name": name,
            "replicas": deployment.replicas,
            "template": deployment.template,
        });
        serde_json::json!({"deployment": deployment}).to_string()
    }
}

/// What a job deploys.
fn task_data(name: &str) -> String {
    let container = serde_json::json!({
        "name": format!("{name}-container"),
        "image_url": format!("swr.cn-north-4.myhuaweicloud.com/plant/{name}:1.4.0"),
        "version": "1.4.0",
        "resources": {
            "limits": {"cpu": "0.5", "memory": "512"},
            "requests": {"cpu": "0.25", "memory": "256"},
        },
    });
    let deployment = serde_json::json!({
        "name": name,
        "replicas": 1,
        "template": {"containers": [container], "configs": {"restart_policy": "Always"}},
    });
    serde_json::json!({"deployment": deployment}).to_string()
}
