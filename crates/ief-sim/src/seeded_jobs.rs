//! The batch jobs that are there at the start: what has been done to the fleet lately, and how it went.

use std::collections::BTreeMap;

use ief_api::batch_job::{
    BatchJob, BatchJobType, BatchStatus, BatchTarget, BatchTargetType, BatchTask,
};
use ief_api::node::{KeyValue, NodeState};
use ief_api::time::Timestamp;

use crate::batch_jobs::JobRecord;
use crate::seed::Stream;
use crate::seeded_nodes::{DAY, LAST, NEWEST_VERSION, is_older};
use crate::world::World;

/// Only the first are looked at: a scan of a million would be felt at the start.
const LOOKED_AT: u64 = 400;

/// A job before it has an identifier.
struct Story {
    name: &'static str,
    description: &'static str,
    kind: BatchJobType,
    status: BatchStatus,
    /// Its tasks: the node, how it went, and why it failed.
    tasks: Vec<(u64, BatchStatus, String)>,
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
        let stories = self.stories();
        let stories = stories.into_iter().filter(|story| !story.tasks.is_empty());
        let stories: Vec<Story> = stories.collect();
        stories
            .into_iter()
            .zip(1..)
            .map(|(story, week)| self.job_of_seed(story, LAST + week * 7 * DAY))
            .collect()
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
        let done = |nodes: &[u64], from: usize, count: usize| -> Vec<_> {
            let nodes = nodes.iter().skip(from).take(count);
            let done = nodes.map(|node| (*node, BatchStatus::Successful, String::new()));
            done.collect()
        };
        let back = |node: &u64| {
            let version = self.seed.node(*node).ief_node_version.unwrap_or_default();
            let reason = format!("The upgrade failed, and the node is back at {version}.");
            (*node, BatchStatus::Failed, reason)
        };
        let down = |node: &u64| {
            let reason = format!("The node is {}, not RUNNING.", self.seed.node_state(*node));
            (*node, BatchStatus::Failed, reason)
        };
        let waits = |node: &u64| (*node, BatchStatus::Waiting, String::new());
        let partly = done(&fleet.current, 5, 4).into_iter();
        let stopped = done(&fleet.current, 9, 2).into_iter();
        vec![
            Story {
                name: "upgrade-first-wave",
                description: "The gateways of line 1",
                kind: BatchJobType::NodeUpgrade,
                status: BatchStatus::Successful,
                tasks: done(&fleet.current, 0, 5),
            },
            Story {
                name: "line-metrics-rollout",
                description: "The metrics of the lines on the first nodes",
                kind: BatchJobType::DeploymentDeploy,
                status: BatchStatus::Successful,
                tasks: done(&fleet.current, 2, 3),
            },
            Story {
                name: "upgrade-second-wave",
                description: "What the first wave has left",
                kind: BatchJobType::NodeUpgrade,
                status: BatchStatus::PartiallySuccessful,
                tasks: partly
                    .chain(fleet.outdated.iter().take(1).map(back))
                    .collect(),
            },
            Story {
                name: "log-shipper-trial",
                description: "A trial on nodes that turned out to be down",
                kind: BatchJobType::DeploymentDeploy,
                status: BatchStatus::Failed,
                tasks: fleet.down.iter().take(2).map(down).collect(),
            },
            Story {
                name: "upgrade-third-wave",
                description: "Stopped for the end of the shift",
                kind: BatchJobType::NodeUpgrade,
                status: BatchStatus::Stopped,
                tasks: stopped
                    .chain(fleet.outdated.iter().skip(1).take(3).map(waits))
                    .collect(),
            },
        ]
    }

    fn job_of_seed(&mut self, story: Story, created: i64) -> JobRecord {
        let deploys = story.kind == BatchJobType::DeploymentDeploy;
        let id = |world: &Self, node: u64| world.seed.id(Stream::Node, node).to_string();
        let targets = story.tasks.iter().map(|(node, ..)| BatchTarget {
            target_id: Some(id(self, *node)),
            extension_info: vec![KeyValue::new("node_name", self.seed.node_name(*node))],
            ..BatchTarget::default()
        });
        let targets = targets.collect();
        let planned = story
            .tasks
            .iter()
            .map(|(node, ..)| id(self, *node))
            .collect();
        let begun = Timestamp(created / 1000 + 3);
        let mut tasks = Vec::new();
        for (node, status, reason) in &story.tasks {
            let task_id = self.new_id();
            let made = (deploys && *status == BatchStatus::Successful).then(|| self.new_id());
            tasks.push(BatchTask {
                task_name: Some(format!("{}-{}", story.name, &task_id[..5])),
                task_id: Some(task_id),
                status: Some(status.clone()),
                reason: Some(reason.clone()),
                created_at: Some(begun),
                target_id: Some(id(self, *node)),
                extension_info: made
                    .into_iter()
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
            target_type: Some(BatchTargetType::Node),
            targets,
            task_data: deploys.then(|| task_data(story.name)),
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
        record.conclude(created + 60_000);
        record.job.status = Some(story.status);
        record.job.status_last_updated_at = Some(Timestamp(created / 1000 + 60));
        record
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
