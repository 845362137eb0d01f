//! Instances of deployments: list, delete, start again (section 4.5.6, and two operations without a section).

use std::collections::BTreeSet;
use std::sync::Arc;

use ief_api::codes;
use ief_api::container::Env;
use ief_api::deployment::{Container, PodTemplate};
use ief_api::pod::{
    DeletePod, ListPods, Pod, PodContainer, PodList, PodState, Readiness, RestartDeploymentsPod,
};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::deployments::DeploymentRecord;
use crate::progress::Progress;
use crate::routes::{Context, Handle, Page};
use crate::seed::Stream;
use crate::seeded_nodes::stamp;
use crate::world::{World, invalid, missing};

/// What names of instances end in: no vowels, so that no words come of it.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// An instance as it is kept: what becomes of it follows from the clock.
#[derive(Debug, Clone)]
pub(crate) struct PodRecord {
    /// Its number among all that its deployment has had.
    pub(crate) serial: u64,
    /// Which of the deployment's templates it was made from.
    pub(crate) revision: u64,
    /// When it was created, in milliseconds.
    pub(crate) created: i64,
    /// The node it is on. None while none has been found.
    pub(crate) node: Option<u64>,
    /// When its node took it, in milliseconds. None while the node can't be reached.
    pub(crate) began: Option<i64>,
    /// When it was told to stop, in milliseconds.
    pub(crate) ending: Option<i64>,
    /// How often its containers were started again, beyond what follows from its fate.
    pub(crate) restarts: i64,
    pub(crate) fate: Fate,
    pub(crate) template: Arc<PodTemplate>,
}

/// What becomes of an instance once its node has taken it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It runs.
    Runs,
    /// Its image can't be had.
    NoImage,
    /// It ends with an error soon after each start.
    Crashes,
    /// It does its work and ends.
    Completes,
}

impl Fate {
    /// The fate that the images of a template tell by their names.
    pub(crate) fn of(template: &PodTemplate) -> Self {
        let tells = |word: &str| {
            let mut images = template.all_containers();
            images.any(|it| {
                it.image_url
                    .as_deref()
                    .is_some_and(|url| url.contains(word))
            })
        };
        match () {
            () if tells("no-such") => Self::NoImage,
            () if tells("crashes") => Self::Crashes,
            () if tells("completes") => Self::Completes,
            () => Self::Runs,
        }
    }
}

impl Handle<ListPods> for World {
    fn handle(
        &mut self,
        operation: ListPods,
        context: &Context,
    ) -> Result<Reply<PodList>, Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let mut found = Vec::new();
        if let Some(node) = given(&operation.node_id) {
            let node = self.find_node(&node)?;
            for index in self.deployments_on(node) {
                let pods = self.pods_of(index).into_iter();
                found.extend(pods.filter(|(pod, _)| pod.node == Some(node)));
            }
        } else if let Some(group) = given(&operation.group_id) {
            self.check_group(&group)?;
            for index in self.deployments_to_group(&group) {
                found.extend(self.pods_of(index));
            }
        } else {
            let ids = given(&operation.deployment_ids).or(given(&operation.deployment_id));
            let ids = ids.unwrap_or_default();
            let indexes = ids.split(',').map(|id| self.find_deployment(id.trim()));
            // Whoever is named twice is there once.
            let indexes: BTreeSet<u64> = indexes.collect::<Result<_, _>>()?;
            for index in indexes {
                found.extend(self.pods_of(index));
            }
        }
        // Instances of plug-ins are none of deployments: there are no plug-ins here.
        if given(&operation.plugin_instance_name).is_some() {
            found.clear();
        }
        found.sort_by_key(|(pod, index)| std::cmp::Reverse((pod.created, *index, pod.serial)));
        let Page { offset, limit } = context.page;
        let rows = found.iter().skip(offset as usize).take(limit);
        Ok(Reply::new(PodList {
            count: Some(found.len() as i64),
            pods: rows
                .map(|(pod, index)| self.pod_view(*index, pod))
                .collect(),
            ..PodList::default()
        }))
    }
}

impl Handle<DeletePod> for World {
    fn handle(&mut self, operation: DeletePod, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let (index, mut record, place) =
            self.find_pod(&operation.deployment_id, &operation.pod_name)?;
        Self::told_to_fail(&self.deployment_name(index), "delete")?;
        let now = self.millis();
        if record.pods[place].ending.is_none() {
            record.pods[place].ending = Some(now);
            self.announce("instance", "deleted");
            self.start_pods(&mut record, 1);
            self.keep_deployment(index, record);
        }
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<RestartDeploymentsPod> for World {
    fn handle(
        &mut self,
        operation: RestartDeploymentsPod,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let (index, mut record, place) =
            self.find_pod(&operation.deployment_id, &operation.pod_name)?;
        Self::told_to_fail(&self.deployment_name(index), "restart")?;
        let progress = self.progress(index, &record.pods[place]);
        if !matches!(progress.state, PodState::Running | PodState::Failed) {
            let state = progress.state;
            return Err(invalid(format!(
                "The instance is {state}: only one that runs can be restarted."
            )));
        }
        let pod = &mut record.pods[place];
        // What was counted until now is kept; the count begins anew with the start.
        pod.restarts = progress.restarts + 1;
        pod.began = Some(self.millis());
        self.announce("instance", "updated");
        self.keep_deployment(index, record);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// The instances of a deployment that are still there, with its index.
    fn pods_of(&self, index: u64) -> Vec<(PodRecord, u64)> {
        let record = self.deployment(index);
        let there = record.pods.iter().filter(|pod| self.is_there(pod));
        there.map(|pod| (pod.clone(), index)).collect()
    }

    /// How many instances there are on a node.
    pub(crate) fn instances_on(&self, node: u64) -> usize {
        let here = |record: &DeploymentRecord| {
            let pods = record.pods.iter().filter(|pod| pod.node == Some(node));
            pods.filter(|pod| self.is_there(pod)).count()
        };
        let deployments = self.deployments_on(node).into_iter();
        // What nobody has touched has one on each of its nodes.
        deployments
            .map(|index| self.deployments.record(index).map_or(1, here))
            .sum()
    }

    /// A deployment with the place of the instance of this name.
    fn find_pod(&self, id: &str, name: &str) -> Result<(u64, DeploymentRecord, usize), Refusal> {
        let index = self.find_deployment(id)?;
        let record = self.deployment(index).into_owned();
        let is_it = |pod: &PodRecord| self.is_there(pod) && self.pod_name(index, pod) == name;
        let place = record.pods.iter().position(is_it);
        let place = place.ok_or_else(|| missing(&codes::NOT_FOUND, "instance", name))?;
        Ok((index, record, place))
    }

    /// The name of an instance, as Kubernetes makes them.
    fn pod_name(&self, index: u64, pod: &PodRecord) -> String {
        let of = |number: u64, length: usize| -> String {
            let letters = (0..length).map(|place| {
                let letter = number >> (6 * place) & 63;
                char::from(LETTERS[letter as usize % LETTERS.len()])
            });
            letters.collect()
        };
        let revision = self
            .seed
            .number(Stream::Pod, index << 24 | pod.revision | 1 << 54);
        let own = self.seed.number(Stream::Pod, index << 24 | pod.serial);
        let name = self.deployment_name(index);
        format!("{name}-{}-{}", of(revision, 10), of(own, 5))
    }

    /// An instance as the service answers it.
    fn pod_view(&self, index: u64, pod: &PodRecord) -> Pod {
        let progress = self.progress(index, pod);
        let own = index << 24 | pod.serial;
        let node = pod.node.filter(|node| self.nodes.contains(*node));
        let node_id = node.map(|node| self.seed.id(Stream::Node, node).to_string());
        let host = node.and_then(|node| self.node_facts(node).host_ips.first().cloned());
        let containers = |list: &[Container], progress: &Progress| -> Vec<PodContainer> {
            let list = list.iter().zip(0..);
            list.map(|(container, place)| {
                let mut shown = container_view(container, pod, progress, host.as_deref());
                if progress.started.is_some() {
                    // Each start of a container makes another one.
                    let start = own | place << 48 | progress.restarts.unsigned_abs() << 52;
                    let parts = (0..4).map(|part| {
                        let number = self
                            .seed
                            .number(Stream::Pod, start.rotate_left(part * 7 + 1));
                        format!("{number:016x}")
                    });
                    shown.container_id = Some(format!("docker://{}", parts.collect::<String>()));
                }
                shown
            })
            .collect()
        };
        let template = &pod.template;
        Pod {
            id: Some(self.seed.id(Stream::Pod, own).to_string()),
            name: Some(self.pod_name(index, pod)),
            configs: template.configs.clone(),
            affinity: template.affinity.clone(),
            init_containers: containers(&template.init_containers, &progress.of_init()),
            containers: containers(&template.containers, &progress),
            node_id: Some(node_id.unwrap_or_default()),
            deployment_id: Some(self.seed.id(Stream::Deployment, index).to_string()),
            project_id: Some(self.account.project_id.clone()),
            reason: Some(progress.reason.to_owned()),
            message: Some(progress.message.clone()),
            created_at: Some(stamp(pod.created)),
            updated_at: Some(stamp(progress.changed)),
            state: Some(progress.state),
            ..Pod::default()
        }
    }
}

/// A container as the answer of an instance shows it.
fn container_view(
    container: &Container,
    pod: &PodRecord,
    progress: &Progress,
    host: Option<&str>,
) -> PodContainer {
    let container = container.clone();
    let ready = match &container.readiness_probe {
        None => Readiness::Unconfigured,
        Some(probe) => progress.readiness(probe),
    };
    let ports = container.ports.into_iter().map(|mut port| {
        // Each instance takes one port of the range.
        if let Some(range) = port.host_port_range.take() {
            let first = range.min_port.unwrap_or(1);
            let count = (range.max_port.unwrap_or(first) - first + 1).max(1);
            port.host_port = Some(first + (pod.serial as i64).rem_euclid(count));
        }
        port
    });
    let envs = container
        .envs
        .into_iter()
        .map(|env| match (&env.field_path, host) {
            (Some(path), Some(host)) if path == "status.hostIP" => Env {
                value: Some(host.to_owned()),
                field_path: None,
                ..env
            },
            _ => env,
        });
    PodContainer {
        name: container.name,
        image_url: container.image_url,
        args: container.args,
        command: container.command,
        resources: container.resources,
        envs: envs.collect(),
        ports: ports.collect(),
        privileged: Some(container.privileged.unwrap_or(false)),
        readiness_probe: container.readiness_probe,
        liveness_probe: container.liveness_probe,
        version: container.version,
        volumes: container.volumes,
        npu_type: container.npu_type,
        restarts: Some(progress.restarts),
        reason: Some(progress.reason.to_owned()),
        message: Some(progress.message.clone()),
        is_ready: Some(ready),
        state: Some(progress.container.to_owned()),
        ..PodContainer::default()
    }
}
