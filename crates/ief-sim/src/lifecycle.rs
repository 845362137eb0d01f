//! What happens by itself: nodes come online, fail, recover and finish upgrades, twins report, batch jobs advance.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ief_api::node::{EdgeNode, NodeState, UpgradeRecord};

use crate::seed::Stream;
use crate::seeded_nodes::{NEWEST_VERSION, is_older, stamp};
use crate::traffic::is_online;
use crate::world::World;

/// How many nodes change their state by themselves. A fixed set, so that memory stays bounded.
const RESTLESS: u64 = 24;
/// How long it takes between two such changes.
const RESTLESS_EVERY: Duration = Duration::from_secs(18);
/// How many of the seed's running upgrades are watched to their end.
const WATCHED_UPGRADES: usize = 8;

/// Something that happens at its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// A registered node connects for the first time.
    Connect(u64),
    /// The upgrade of a node ends.
    FinishUpgrade(u64),
    /// A node that failed by itself recovers.
    Recover(u64),
    /// Instances of a deployment leave a node that can't be reached: the deployment, the node, and since when.
    Migrate(u64, u64, i64),
    /// A device reports its twin.
    Report(u64),
    /// One of the restless nodes changes its state.
    Restless(u64),
    /// A machine registers itself with a product: the product's number, and which machine it is.
    Enrol(u64, u64),
    /// A batch job advances: the job's number, and its turn.
    Job(u64, u64),
}

impl World {
    /// Schedules what is under way at the start.
    pub(crate) fn begin(&mut self) {
        if self.seed.nodes > 0 {
            self.schedule(RESTLESS_EVERY, Event::Restless(0));
        }
        // Only the newest are looked at: a scan of a million would be felt at the start.
        let upgrading: Vec<u64> = (self.seed.nodes.saturating_sub(2000)..self.seed.nodes)
            .filter(|node| self.seed.node_state(*node) == NodeState::Upgrading)
            .take(WATCHED_UPGRADES)
            .collect();
        for (place, node) in upgrading.into_iter().enumerate() {
            let after = Duration::from_secs(60 + 45 * place as u64);
            self.schedule(after, Event::FinishUpgrade(node));
        }
    }

    /// Lets something happen now. `until` is the time to which the world is being advanced.
    pub(crate) fn happen(&mut self, event: Event, until: DateTime<Utc>) {
        match event {
            Event::Connect(node) => self.connect(node),
            Event::FinishUpgrade(node) => self.finish_upgrade(node),
            Event::Recover(node) => self.recover(node),
            Event::Migrate(deployment, node, since) => self.migrate(deployment, node, since),
            Event::Report(device) => self.report(device),
            Event::Restless(turn) => self.be_restless(turn, until),
            Event::Enrol(product, turn) => self.enrol(product, turn),
            Event::Job(job, turn) => self.step_job(job, turn),
        }
    }

    fn connect(&mut self, node: u64) {
        let (seed, millis) = (self.seed, self.millis());
        self.change_node(node, |node_now| {
            if node_now.state == Some(NodeState::Unconnected) {
                seed.connect(node, millis, node_now);
            }
        });
    }

    fn finish_upgrade(&mut self, node: u64) {
        let millis = self.millis();
        self.change_node(node, |node| {
            if node.state != Some(NodeState::Upgrading) {
                return;
            }
            let from = node.ief_node_version.take();
            let fails = node
                .name
                .as_deref()
                .is_some_and(|n| n.contains("upgrade-fails"));
            let result = if fails {
                "upgrade_failed_rollback_success"
            } else {
                "upgrade_success"
            };
            node.upgrade_history.push(UpgradeRecord {
                id: Some(node.upgrade_history.len() as i64),
                from_version: from.clone(),
                to_version: Some(NEWEST_VERSION.to_owned()),
                upgrade_time: Some(millis / 1000),
                result: Some(result.to_owned()),
                dur_time: Some(UPGRADE_TIME.as_millis() as i64),
                ..UpgradeRecord::default()
            });
            let reached = if fails {
                from
            } else {
                Some(NEWEST_VERSION.to_owned())
            };
            node.edged_version.clone_from(&reached);
            node.ief_node_version = reached;
            node.state = Some(NodeState::Running);
        });
    }

    fn recover(&mut self, node: u64) {
        let failed_by_itself = self.nodes.record(node).is_some_and(|record| record.failing);
        if failed_by_itself {
            self.change_node(node, |node| {
                if node.state == Some(NodeState::Fail) {
                    node.state = Some(NodeState::Running);
                    node.error_reason = Some(String::new());
                }
            });
            if let Some(record) = self.nodes.existing_mut(node) {
                record.failing = false;
            }
        }
    }

    fn be_restless(&mut self, turn: u64, until: DateTime<Utc>) {
        let number = self.seed.number(Stream::Lifecycle, turn);
        let place = number % RESTLESS.min(self.seed.nodes);
        let node = self.seed.number(Stream::Lifecycle, place | 1 << 40) % self.seed.nodes;
        if self.nodes.contains(node) && self.node_state(node) == NodeState::Running {
            let outdated = self
                .node_version(node)
                .is_some_and(|v| is_older(&v, NEWEST_VERSION));
            if outdated && number >> 32 & 1 == 0 {
                self.start_upgrade(node);
            } else {
                let reason = self.seed.node_failure(turn);
                self.change_node(node, |node| {
                    node.state = Some(NodeState::Fail);
                    node.error_reason = Some(reason.to_owned());
                });
                if let Some(record) = self.nodes.existing_mut(node) {
                    record.failing = true;
                }
                let after = Duration::from_secs(40 + (number >> 8) % 50);
                self.schedule(after, Event::Recover(node));
            }
        }
        // After a long pause only the last hour is lived through: the rest would leave no trace.
        let behind = (until - self.now() - TimeDelta::hours(1))
            .to_std()
            .unwrap_or_default();
        self.schedule(behind + RESTLESS_EVERY, Event::Restless(turn + 1));
    }

    /// Lets a node begin its upgrade.
    pub(crate) fn start_upgrade(&mut self, node: u64) {
        self.change_node(node, |node| node.state = Some(NodeState::Upgrading));
        self.schedule(UPGRADE_TIME, Event::FinishUpgrade(node));
    }

    /// Changes a node that is still there and notes when.
    pub(crate) fn change_node(&mut self, node: u64, change: impl FnOnce(&mut EdgeNode)) {
        if !self.nodes.contains(node) {
            return;
        }
        // What came until now came from the node as it was.
        self.forward_messages();
        let now = stamp(self.millis());
        let was_online = is_online(&self.node_state(node));
        let record = self.node_record_mut(node);
        change(&mut record.node);
        record.node.updated_at = Some(now);
        match (was_online, is_online(&self.node_state(node))) {
            (false, true) => {
                self.announce("edgeNode", "online");
                self.node_came_online(node);
            }
            (true, false) => {
                self.announce("edgeNode", "offline");
                self.node_went_offline(node);
            }
            _ => {}
        }
    }
}

/// How long an upgrade takes.
pub(crate) const UPGRADE_TIME: Duration = Duration::from_secs(25);
