//! How deployments come to run where they do: instances are placed, replaced, moved and taken away.

use std::sync::Arc;
use std::time::Duration;

use ief_api::affinity::{Affinity, Expression};
use ief_api::container::VolumeKind;
use ief_api::deployment::{DeploymentState, PodTemplate};
use ief_api::node::EdgeNode;

use crate::deployments::DeploymentRecord;
use crate::lifecycle::Event;
use crate::pods::{Fate, PodRecord};
use crate::progress::STOPPING;
use crate::seed::Stream;
use crate::traffic::is_online;
use crate::world::World;

/// Seconds until an instance moves when nothing is said.
const TOLERATION: i64 = 300;
/// So many nodes of a group are looked at for an instance.
const CANDIDATES: usize = 256;

impl World {
    /// Starts more instances of a deployment.
    pub(crate) fn start_pods(&mut self, record: &mut DeploymentRecord, count: usize) {
        let template = Arc::new(record.deployment.template.clone().unwrap_or_default());
        let fate = Fate::of(&template);
        let now = self.millis();
        for _ in 0..count {
            let node = self.find_place(record, &template);
            // What takes the place of another one waits until that has stopped.
            let waits = record
                .pods
                .iter()
                .any(|pod| pod.node == node && pod.ending.is_some());
            let start = if waits { now + STOPPING } else { now };
            let online = node.is_some_and(|node| is_online(&self.node_state(node)));
            record.pods.push(PodRecord {
                serial: record.serial,
                revision: record.revision,
                created: now,
                node,
                began: online.then_some(start),
                ending: None,
                restarts: 0,
                fate,
                template: Arc::clone(&template),
            });
            record.serial += 1;
            self.announce("instance", "created");
        }
    }

    /// Makes a deployment run something else, or more or less of the same.
    pub(crate) fn roll_out(
        &mut self,
        record: &mut DeploymentRecord,
        replicas: i64,
        template: PodTemplate,
    ) {
        let now = self.millis();
        record.deployment.replicas = Some(replicas);
        let is_other = record.deployment.template.as_ref() != Some(&template);
        if is_other {
            record.deployment.template = Some(template);
            record.revision += 1;
        }
        let running = record.pods.iter_mut().filter(|pod| pod.ending.is_none());
        // The oldest stay when there are to be fewer.
        let kept = if is_other { 0 } else { replicas as usize };
        let mut stopped = 0;
        let mut there = 0;
        for pod in running {
            if there < kept {
                there += 1;
            } else {
                pod.ending = Some(now);
                stopped += 1;
            }
        }
        for _ in 0..stopped {
            self.announce("instance", "deleted");
        }
        self.start_pods(record, (replicas as usize).saturating_sub(there));
    }

    /// Keeps a deployment as it is now, without the instances that have gone.
    pub(crate) fn keep_deployment(&mut self, index: u64, mut record: DeploymentRecord) {
        record.pods.retain(|pod| self.is_there(pod));
        self.lift_deployment(index);
        for pod in &record.pods {
            if let Some(node) = pod.node {
                self.placed.entry(node).or_default().insert(index);
            }
        }
        // It may be one of the seed that had no record yet.
        let place = self.deployments.record_mut(index, || record.clone());
        *place = record;
    }

    /// Takes a deployment out of the index of nodes.
    fn lift_deployment(&mut self, index: u64) {
        let Some(record) = self.deployments.record(index) else {
            return;
        };
        for node in record.pods.iter().filter_map(|pod| pod.node) {
            if let Some(there) = self.placed.get_mut(&node) {
                there.remove(&index);
                if there.is_empty() {
                    self.placed.remove(&node);
                }
            }
        }
    }

    /// Whether all nodes of a deployment can be told that it goes, or never knew of it.
    pub(crate) fn can_go(&self, record: &DeploymentRecord) -> bool {
        let knows = |pod: &&PodRecord| pod.began.is_some();
        let mut nodes = record.pods.iter().filter(knows).filter_map(|pod| pod.node);
        nodes.all(|node| !self.nodes.contains(node) || is_online(&self.node_state(node)))
    }

    /// Removes a deployment with its instances.
    pub(crate) fn remove_deployment(&mut self, index: u64) {
        let pods = self.deployment(index).pods.len();
        let name = self.deployment_name(index).into_owned();
        self.lift_deployment(index);
        self.deployments.remove(index, &name);
        for _ in 0..pods {
            self.announce("instance", "deleted");
        }
        self.announce("deployment", "deleted");
    }

    /// A node can be reached again: it takes what waited for it, and lets go what was deleted meanwhile.
    pub(crate) fn node_came_online(&mut self, node: u64) {
        let now = self.millis();
        let mut waiting = self.deployments_on(node);
        let homeless = self.deployments.records().filter(|(_, record)| {
            let mut pods = record.pods.iter();
            pods.any(|pod| pod.node.is_none() && pod.ending.is_none())
        });
        waiting.extend(homeless.map(|(index, _)| index));
        for index in waiting {
            let waits = |pod: &PodRecord| {
                pod.node.is_none() || pod.node == Some(node) && pod.began.is_none()
            };
            let record = self.deployment(index);
            let is_going = record.deployment.state == Some(DeploymentState::PendingDelete);
            if is_going {
                if self.can_go(&record) {
                    self.remove_deployment(index);
                }
                continue;
            }
            if !record.pods.iter().any(waits) {
                continue;
            }
            let mut record = record.into_owned();
            let template = record.deployment.template.clone().unwrap_or_default();
            for place in 0..record.pods.len() {
                if record.pods[place].ending.is_some() {
                    continue;
                }
                if record.pods[place].node.is_none() {
                    let found = self.find_place(&record, &template);
                    record.pods[place].node = found;
                }
                let pod = &mut record.pods[place];
                let online = pod
                    .node
                    .is_some_and(|node| is_online(&self.node_state(node)));
                if online {
                    pod.began = pod.began.or(Some(now));
                }
            }
            self.keep_deployment(index, record);
        }
    }

    /// A node can't be reached any more: what may move does so after a while.
    pub(crate) fn node_went_offline(&mut self, node: u64) {
        for index in self.deployments_on(node) {
            let record = self.deployment(index);
            let template = record.deployment.template.as_ref();
            let configs = template.and_then(|it| it.configs.as_ref());
            let moves = configs.is_some_and(|it| it.migration == Some(true));
            let is_grouped = record.deployment.node_ids.is_empty();
            let seconds = configs.and_then(|it| it.toleration_seconds);
            if moves && is_grouped {
                let after = seconds.unwrap_or(TOLERATION).max(0).unsigned_abs();
                self.schedule(Duration::from_secs(after), Event::Migrate(index));
            }
        }
    }

    /// Moves the instances of a deployment away from nodes that still can't be reached.
    pub(crate) fn migrate(&mut self, index: u64) {
        if !self.deployments.contains(index) {
            return;
        }
        let mut record = self.deployment(index).into_owned();
        let lost = |pod: &PodRecord| {
            let node = pod.node.filter(|node| self.nodes.contains(*node));
            pod.ending.is_none() && node.is_some_and(|node| !is_online(&self.node_state(node)))
        };
        let lost: Vec<usize> = (0..record.pods.len())
            .filter(|place| lost(&record.pods[*place]))
            .collect();
        if lost.is_empty() || record.deployment.state.is_some() {
            return;
        }
        let now = self.millis();
        for place in &lost {
            record.pods[*place].ending = Some(now);
            self.announce("instance", "deleted");
        }
        self.start_pods(&mut record, lost.len());
        self.keep_deployment(index, record);
    }

    /// A node is deleted: what was deployed to it goes with it, instances of groups go elsewhere.
    pub(crate) fn node_is_deleted(&mut self, node: u64) {
        for index in self.deployments_on(node) {
            let mut record = self.deployment(index).into_owned();
            if !record.deployment.node_ids.is_empty() {
                self.remove_deployment(index);
                continue;
            }
            let before = record.pods.len();
            record.pods.retain(|pod| pod.node != Some(node));
            let gone = before - record.pods.len();
            if record.deployment.state.is_none() {
                self.start_pods(&mut record, gone);
            }
            self.keep_deployment(index, record);
        }
    }

    /// The node for the next instance of a deployment: its own, or the one of its group that fits best.
    fn find_place(&self, record: &DeploymentRecord, template: &PodTemplate) -> Option<u64> {
        if let Some(id) = record.deployment.node_ids.first() {
            return self.find_node(id).ok();
        }
        let group = record.deployment.group_id.as_deref()?;
        let affinity = template.affinity.as_ref();
        let fits = |node: &u64| {
            is_online(&self.node_state(*node))
                && self.could_take(*node, template)
                && affinity.is_none_or(|it| demands_hold(it, &self.node_facts(*node)))
        };
        let nodes = self.nodes_of_group(group).take(CANDIDATES).filter(fits);
        let busy = |node: u64| {
            let pods = record.pods.iter().filter(|pod| pod.ending.is_none());
            pods.filter(|pod| pod.node == Some(node)).count()
        };
        // The least busy one, and among those the one that is wished for most.
        nodes.min_by_key(|node| {
            let wished = affinity.map_or(0, |it| wishes(it, &self.node_facts(*node)));
            (busy(*node), std::cmp::Reverse(wished))
        })
    }

    /// The nodes of a node group: those of the seed, then those that were changed or registered since.
    pub(crate) fn nodes_of_group(&self, group: &str) -> impl Iterator<Item = u64> {
        let site = self.seed.index(Stream::Group, group);
        let site = site.filter(|site| *site < 16).unwrap_or(self.seed.nodes);
        let untouched = (site..self.seed.nodes).step_by(16).filter(|node| {
            self.nodes.contains(*node)
                && self.nodes.record(*node).is_none()
                && self.seed.node_group(*node).is_some()
        });
        let touched = self.nodes.records();
        let touched = touched.filter(move |(_, record)| {
            let groups = &record.node.group_ids;
            groups.iter().any(|id| id == group)
        });
        untouched.chain(touched.map(|(node, _)| node))
    }

    /// A deployment that takes something from this ConfigMap or this secret, by its name.
    pub(crate) fn user_of(&self, config_map: Option<&str>, secret: Option<&str>) -> Option<String> {
        let uses = |record: &DeploymentRecord| {
            let mut templates = record.pods.iter().map(|pod| pod.template.as_ref());
            let own = record.deployment.template.as_ref();
            own.is_some_and(|it| takes(it, config_map, secret))
                || templates.any(|it| takes(it, config_map, secret))
        };
        let mut touched = self.deployments.records();
        if let Some((index, _)) = touched.find(|(_, record)| uses(record)) {
            return Some(self.deployment_name(index).into_owned());
        }
        // Each application of the seed runs in each row, so that the first ones tell nearly always.
        let untouched = self.deployments.oldest_from(0).find(|index| {
            self.deployments.is_seeded(*index)
                && self.seed.deployment_uses(*index, config_map, secret)
                && self.deployments.record(*index).is_none()
        });
        untouched.map(|index| self.seed.deployment_name(index))
    }
}

/// Whether a template takes anything from this ConfigMap or this secret.
fn takes(template: &PodTemplate, config_map: Option<&str>, secret: Option<&str>) -> bool {
    template.all_containers().any(|container| {
        let volumes = container.volumes.iter().any(|volume| {
            let named = match volume.kind {
                Some(VolumeKind::ConfigMap) => config_map,
                Some(VolumeKind::Secret) => secret,
                _ => None,
            };
            named.is_some() && named == volume.source.as_deref()
        });
        let envs = container.envs.iter().any(|env| {
            let entry = env.config_map().and_then(|it| it.name.as_deref());
            let value = env.secret().and_then(|it| it.name.as_deref());
            entry.is_some() && entry == config_map || value.is_some() && value == secret
        });
        volumes || envs
    })
}

/// What an expression can ask of a node: its properties and tags, its name and its architecture.
fn label<'a>(node: &'a EdgeNode, key: &str) -> Option<&'a str> {
    let mut pairs = node.attributes.iter().chain(&node.tags);
    match key {
        "kubernetes.io/hostname" => node.name.as_deref(),
        "kubernetes.io/arch" => node.arch.as_deref(),
        key => {
            let pair = pairs.find(|it| it.key.as_deref() == Some(key))?;
            Some(pair.value.as_deref().unwrap_or_default())
        }
    }
}

fn all_hold(expressions: &[Expression], node: &EdgeNode) -> bool {
    let holds = |it: &Expression| it.holds(label(node, it.key.as_deref().unwrap_or_default()));
    expressions.iter().all(holds)
}

/// Whether a node has what a deployment demands of it: one of the terms holds.
fn demands_hold(affinity: &Affinity, node: &EdgeNode) -> bool {
    let nodes = affinity.nodes.as_ref();
    match nodes.and_then(|it| it.required.as_ref()) {
        Some(required) if !required.terms.is_empty() => {
            let mut terms = required.terms.iter();
            terms.any(|term| all_hold(&term.expressions, node))
        }
        _ => true,
    }
}

/// How much a deployment wishes for a node.
fn wishes(affinity: &Affinity, node: &EdgeNode) -> i64 {
    let wishes = affinity.nodes.iter().flat_map(|it| &it.preferred);
    let held = wishes.filter(|wish| {
        let term = wish.preference.as_ref();
        term.is_some_and(|it| all_hold(&it.expressions, node))
    });
    held.filter_map(|wish| wish.weight).sum()
}
