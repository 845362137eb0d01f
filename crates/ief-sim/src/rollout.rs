//! How deployments come to run where they do: instances are placed, replaced, moved and taken away.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ief_api::deployment::{DeploymentState, PodTemplate};

use crate::deployments::DeploymentRecord;
use crate::lifecycle::Event;
use crate::pods::{Fate, PodRecord};
use crate::progress::STOPPING;
use crate::traffic::is_online;
use crate::world::World;

/// Seconds until an instance moves when nothing is said.
const TOLERATION: i64 = 300;

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
        let pods = self.deployment(index).pods.clone();
        let name = self.deployment_name(index).into_owned();
        self.lift_deployment(index);
        self.deployments.remove(index, &name);
        for _ in &pods {
            self.announce("instance", "deleted");
        }
        self.announce("deployment", "deleted");
        let nodes: Vec<u64> = pods.iter().filter_map(|pod| pod.node).collect();
        self.make_room(&nodes);
    }

    /// A node can be reached again: it takes what waited for it, and lets go what was deleted meanwhile.
    pub(crate) fn node_came_online(&mut self, node: u64) {
        self.outages.remove(&node);
        let mut waiting = self.deployments_on(node);
        let homeless = self.deployments.records().filter(|(_, record)| {
            let mut pods = record.pods.iter();
            pods.any(|pod| pod.node.is_none() && pod.ending.is_none())
        });
        waiting.extend(homeless.map(|(index, _)| index));
        for index in waiting {
            self.take_up(index);
        }
    }

    /// Lets go of a deployment that was to go when its nodes could be told, and otherwise lets nodes take the
    /// instances that waited for one.
    fn take_up(&mut self, index: u64) {
        let record = self.deployment(index);
        if record.deployment.state == Some(DeploymentState::PendingDelete) {
            if self.can_go(&record) {
                self.remove_deployment(index);
            }
            return;
        }
        if !record.pods.iter().any(waits) {
            return;
        }
        let mut record = record.into_owned();
        self.place_waiting(&mut record);
        self.keep_deployment(index, record);
    }

    /// Finds nodes for instances that have none, and starts those whose node has come online.
    fn place_waiting(&self, record: &mut DeploymentRecord) {
        let template = record.deployment.template.clone().unwrap_or_default();
        let now = self.millis();
        for place in 0..record.pods.len() {
            if !waits(&record.pods[place]) {
                continue;
            }
            if record.pods[place].node.is_none() {
                let found = self.find_place(record, &template);
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
    }

    /// Nodes have come to a group or left it, or have room again: instances leave with their nodes, and those
    /// that lack one are placed.
    pub(crate) fn group_changed(&mut self, group: &str) {
        let members = self.members(group);
        let is_stray = |pod: &PodRecord| {
            let node = pod.node.filter(|_| pod.ending.is_none());
            node.is_some_and(|node| members.binary_search(&node).is_err())
        };
        for index in self.deployments_to_group(group) {
            let record = self.deployment(index);
            if record.deployment.state.is_some() {
                continue;
            }
            let wanted = record.deployment.replicas.unwrap_or(1).max(0) as usize;
            let live = record.pods.iter().filter(|pod| pod.ending.is_none());
            let lacking = wanted.saturating_sub(live.count());
            let strays = record.pods.iter().filter(|pod| is_stray(pod)).count();
            if lacking + strays == 0 && !record.pods.iter().any(waits) {
                continue;
            }
            let mut record = record.into_owned();
            let now = self.millis();
            for pod in record.pods.iter_mut().filter(|pod| is_stray(pod)) {
                pod.ending = Some(now);
            }
            for _ in 0..strays {
                self.announce("instance", "deleted");
            }
            self.place_waiting(&mut record);
            self.start_pods(&mut record, lacking + strays);
            self.keep_deployment(index, record);
        }
    }

    /// Nodes have room again: what waits in their groups may find a place.
    pub(crate) fn make_room(&mut self, nodes: &[u64]) {
        let there = nodes.iter().filter(|node| self.nodes.contains(**node));
        let groups = there.flat_map(|node| self.node_facts(*node).group_ids.clone());
        let groups: BTreeSet<String> = groups.collect();
        for group in groups {
            self.group_changed(&group);
        }
    }

    /// A node can't be reached any more: what may move does so after a while.
    pub(crate) fn node_went_offline(&mut self, node: u64) {
        let since = self.millis();
        for index in self.deployments_on(node) {
            let record = self.deployment(index);
            let template = record.deployment.template.as_ref();
            let configs = template.and_then(|it| it.configs.as_ref());
            let moves = configs.is_some_and(|it| it.migration == Some(true));
            let is_grouped = record.deployment.node_ids.is_empty();
            let seconds = configs.and_then(|it| it.toleration_seconds);
            if moves && is_grouped {
                let after = seconds.unwrap_or(TOLERATION).max(0).unsigned_abs();
                self.outages.insert(node, since);
                self.schedule(
                    Duration::from_secs(after),
                    Event::Migrate(index, node, since),
                );
            }
        }
    }

    /// Moves the instances of a deployment away from a node that could not be reached since then. What was out of
    /// reach for a shorter time is tolerated, however often.
    pub(crate) fn migrate(&mut self, index: u64, node: u64, since: i64) {
        if !self.deployments.contains(index) || self.outages.get(&node) != Some(&since) {
            return;
        }
        let mut record = self.deployment(index).into_owned();
        let lost = |pod: &PodRecord| pod.ending.is_none() && pod.node == Some(node);
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
        self.outages.remove(&node);
        for index in self.deployments_on(node) {
            let mut record = self.deployment(index).into_owned();
            if !record.deployment.node_ids.is_empty() {
                self.remove_deployment(index);
                continue;
            }
            // Those that were ending have been replaced already.
            let live = |pod: &&PodRecord| pod.node == Some(node) && pod.ending.is_none();
            let gone = record.pods.iter().filter(live).count();
            record.pods.retain(|pod| pod.node != Some(node));
            let (ends, can_go) = (record.deployment.state.is_some(), self.can_go(&record));
            if !ends {
                self.start_pods(&mut record, gone);
            }
            self.keep_deployment(index, record);
            // What waited for this node alone need not wait any more.
            if ends && can_go {
                self.remove_deployment(index);
            }
        }
    }
}

/// Whether an instance waits for a node, or for its node to take it.
fn waits(pod: &PodRecord) -> bool {
    pod.ending.is_none() && (pod.node.is_none() || pod.began.is_none())
}
