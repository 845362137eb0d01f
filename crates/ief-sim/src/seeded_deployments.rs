//! The deployments of the seed: each is a pure function of its index.
//!
//! In each row of four nodes every deployed application runs on one of them, so that both directions can be
//! computed without an index. After them come the deployments to the node groups of the sites.

use ief_api::container::{Amounts, Probe, Resources, RestartPolicy};
use ief_api::deployment::{Container, Deployment, PodConfigs, PodTemplate};
use ief_api::node::{KeyValue, NodeState};

use crate::deployments::DeploymentRecord;
use crate::options::Edition;
use crate::pods::{Fate, PodRecord};
use crate::seed::{Seed, Stream};
use crate::seeded_apps::{RECIPES, Recipe};
use crate::seeded_nodes::{DAY, FIRST, LAST, SITES, stamp};

/// Nodes that share their applications.
const ROW: u64 = 4;
/// How many applications run in each row: the first of the recipes.
const DEPLOYED: u64 = 6;
/// What runs on the groups of the sites.
const GROUPED: &Recipe = &RECIPES[8];
/// Instances of each deployment to a group.
const GROUP_INSTANCES: usize = 2;

impl Seed {
    /// Deployments at the start.
    pub(crate) fn deployments(self, edition: Edition) -> u64 {
        let to_groups = match edition {
            Edition::Platinum => self.deployments_to_groups(),
            Edition::Professional => 0,
        };
        self.deployments_to_nodes() + to_groups
    }

    /// Deployments to nodes at the start.
    pub(crate) fn deployments_to_nodes(self) -> u64 {
        self.nodes.div_ceil(ROW) * DEPLOYED
    }

    /// Deployments to groups at the start, which platinum instances have only.
    pub(crate) fn deployments_to_groups(self) -> u64 {
        self.nodes.min(SITES.len() as u64)
    }

    /// The node of a deployment to a node.
    fn deployed_to(self, index: u64) -> Option<u64> {
        if index >= self.deployments_to_nodes() {
            return None;
        }
        let first = index / DEPLOYED * ROW;
        let row = ROW.min(self.nodes - first);
        Some(first + self.number(Stream::Deployment, index) % row)
    }

    /// The site of a deployment to a group.
    fn deployed_at(self, index: u64) -> Option<u64> {
        let site = index.checked_sub(self.deployments_to_nodes())?;
        (site < self.deployments_to_groups()).then_some(site)
    }

    /// The nodes on which a deployment has instances.
    pub(crate) fn nodes_of_deployment(self, index: u64) -> Vec<u64> {
        match (self.deployed_to(index), self.deployed_at(index)) {
            (Some(node), _) => vec![node],
            (None, Some(site)) => self.group_nodes(site).take(GROUP_INSTANCES).collect(),
            (None, None) => Vec::new(),
        }
    }

    /// The deployments that have instances on a node, in ascending order.
    pub(crate) fn deployments_of(self, node: u64) -> impl Iterator<Item = u64> {
        let row = match node < self.nodes {
            true => node / ROW * DEPLOYED..(node / ROW + 1) * DEPLOYED,
            false => 0..0,
        };
        let own = row.filter(move |index| self.deployed_to(*index) == Some(node));
        let site = node % SITES.len() as u64;
        let grouped = self.deployments_to_nodes() + site;
        // Only the first nodes of a site can be among those of its deployment.
        let near = node < self.nodes && node / (SITES.len() as u64) < 64;
        let grouped =
            (near && self.nodes_of_deployment(grouped).contains(&node)).then_some(grouped);
        own.chain(grouped)
    }

    fn recipe(self, index: u64) -> &'static Recipe {
        match self.deployed_at(index) {
            Some(_) => GROUPED,
            None => &RECIPES[(index % DEPLOYED) as usize],
        }
    }

    pub(crate) fn deployment_name(self, index: u64) -> String {
        let recipe = self.recipe(index).name;
        match (self.deployed_to(index), self.deployed_at(index)) {
            (Some(node), _) => format!("{recipe}-{}", self.node_name(node)),
            (None, Some(site)) => format!("{recipe}-{}", SITES[site as usize]),
            (None, None) => String::new(),
        }
    }

    /// The deployment of the seed with this name.
    pub(crate) fn deployment_named(self, name: &str) -> Option<u64> {
        let site = name
            .strip_prefix(GROUPED.name)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| SITES.iter().position(|site| *site == rest));
        if let Some(site) = site.filter(|site| (*site as u64) < self.deployments_to_groups()) {
            return Some(self.deployments_to_nodes() + site as u64);
        }
        RECIPES.iter().zip(0..DEPLOYED).find_map(|(recipe, place)| {
            let rest = name.strip_prefix(recipe.name)?.strip_prefix('-')?;
            let node = self.node_named(rest)?;
            let index = node / ROW * DEPLOYED + place;
            (self.deployed_to(index) == Some(node)).then_some(index)
        })
    }

    /// The tag of a deployment, which all of the seed have.
    pub(crate) fn deployment_tag(self, index: u64) -> (&'static str, &'static str) {
        ("app", self.recipe(index).name)
    }

    /// The group a deployment runs on.
    pub(crate) fn group_of_deployment(self, index: u64) -> Option<String> {
        let site = self.deployed_at(index)?;
        Some(self.id(Stream::Group, site).to_string())
    }

    /// Whether a deployment takes anything from this ConfigMap or this secret.
    pub(crate) fn deployment_uses(
        self,
        index: u64,
        config_map: Option<&str>,
        secret: Option<&str>,
    ) -> bool {
        let recipe = self.recipe(index);
        config_map.is_some() && recipe.config_map == config_map
            || secret.is_some() && recipe.secret.map(|(name, _)| name) == secret
    }

    /// When the deployment was created, in milliseconds: later for a higher index, and after all nodes of its
    /// row were registered.
    fn deployed(self, index: u64) -> i64 {
        if self.deployed_at(index).is_some() {
            return LAST + DAY + (index - self.deployments_to_nodes()) as i64 * 60_000;
        }
        let (row, place) = (index / DEPLOYED, index % DEPLOYED);
        let nodes = ((row + 1) * ROW).min(self.nodes);
        let part = i128::from(LAST - FIRST) * i128::from(nodes) / i128::from(self.nodes.max(1));
        // The row after this one begins minutes later at the least, also in a fleet of a million.
        FIRST + part as i64 + place as i64 * 10_000
    }

    /// A deployment as the seed made it.
    pub(crate) fn deployment(self, index: u64) -> DeploymentRecord {
        let recipe = self.recipe(index);
        let number = self.number(Stream::Deployment, index ^ (1 << 53));
        let created = self.deployed(index);
        // Most run the newest version.
        let versions = recipe.versions;
        let behind = (number % 4 / 3) as usize;
        let version = versions[versions.len() - 1 - behind.min(versions.len() - 1)];
        let nodes = self.nodes_of_deployment(index);
        let group = self.group_of_deployment(index);
        let tag = self.deployment_tag(index);
        let template = recipe.template(version, group.is_some());
        let fate = match number >> 8 & 127 {
            0..3 => Fate::NoImage,
            3..5 => Fate::Crashes,
            _ => Fate::Runs,
        };
        let pods = nodes.iter().zip(0..).map(|(node, serial)| PodRecord {
            serial,
            revision: 0,
            created,
            node: Some(*node),
            // What was deployed to a node that never connected has never begun.
            began: (self.node_state(*node) != NodeState::Unconnected).then_some(created + 2_000),
            ending: None,
            restarts: (number >> (20 + serial) & 7).saturating_sub(4) as i64,
            fate: if group.is_some() { Fate::Runs } else { fate },
            template: template.clone().into(),
        });
        let pods: Vec<_> = pods.collect();
        DeploymentRecord {
            revision: 0,
            serial: pods.len() as u64,
            deployment: Deployment {
                id: Some(self.id(Stream::Deployment, index).to_string()),
                name: Some(self.deployment_name(index)),
                replicas: Some(nodes.len().max(1) as i64),
                description: Some(recipe.description.to_owned()),
                node_ids: match group {
                    Some(_) => Vec::new(),
                    None => nodes
                        .iter()
                        .map(|node| self.id(Stream::Node, *node).to_string())
                        .collect(),
                },
                group_id: Some(group.unwrap_or_default()),
                tags: vec![KeyValue::new(tag.0, tag.1)],
                created_at: Some(stamp(created)),
                updated_at: Some(stamp(created)),
                template: Some(template),
                ..Deployment::default()
            },
            pods,
        }
    }
}

impl Recipe {
    /// What an instance of it is made of.
    fn template(&self, version: &str, is_grouped: bool) -> PodTemplate {
        let (cpu, memory) = self.limits;
        let amounts = |part: f64| Amounts {
            cpu: Some((cpu * part).to_string()),
            memory: Some((memory * part).to_string()),
            ..Amounts::default()
        };
        let container = Container {
            name: Some("container-0".to_owned()),
            image_url: Some(self.image(version)),
            resources: Some(Resources {
                limits: Some(amounts(1.0)),
                requests: Some(amounts(0.5)),
                ..Resources::default()
            }),
            envs: self.envs(),
            privileged: Some(false),
            readiness_probe: self.probe(),
            liveness_probe: self.probe().map(|probe| Probe {
                initial_delay_seconds: Some(30),
                ..probe
            }),
            version: Some(version.to_owned()),
            volumes: self.volumes(),
            npu_type: Some(String::new()),
            ..Container::default()
        };
        PodTemplate {
            configs: Some(PodConfigs {
                host_network: Some(true),
                host_pid: Some(false),
                migration: Some(is_grouped),
                restart_policy: Some(RestartPolicy::Always),
                toleration_seconds: is_grouped.then_some(300),
                ..PodConfigs::default()
            }),
            containers: vec![container],
            ..PodTemplate::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::seed::Seed;
    use std::collections::BTreeSet;

    #[test]
    fn both_directions_agree_and_names_lead_back() {
        for nodes in [0, 1, 3, 4, 17, 200] {
            let seed = Seed::new(3, nodes, 0);
            let count = seed.deployments_to_nodes() + seed.deployments_to_groups();
            let mut forth = BTreeSet::new();
            let mut names = BTreeSet::new();
            for index in 0..count {
                let name = seed.deployment_name(index);
                assert_eq!(seed.deployment_named(&name), Some(index), "{name}");
                assert!(name.len() <= 32, "{name}");
                assert!(names.insert(name));
                forth.extend(
                    seed.nodes_of_deployment(index)
                        .iter()
                        .map(|node| (index, *node)),
                );
            }
            let back: BTreeSet<_> = (0..nodes)
                .flat_map(|node| seed.deployments_of(node).map(move |index| (index, node)))
                .collect();
            assert_eq!(forth, back, "{nodes} nodes");
        }
    }

    #[test]
    fn names_of_others_lead_nowhere() {
        let seed = Seed::new(1, 40, 0);
        for name in [
            "",
            "vision-inspect",
            "vision-inspect-",
            "edge-proxy-xx",
            "opc-bridge-gw-bj-9999",
        ] {
            assert_eq!(seed.deployment_named(name), None, "{name}");
        }
    }

    #[test]
    fn deployments_are_created_one_after_the_other() {
        for nodes in [10, 1000, 1_000_000] {
            let seed = Seed::new(1, nodes, 0);
            let count = seed.deployments_to_nodes() + seed.deployments_to_groups();
            let looked_at = (0..count).filter(|index| *index < 200 || index + 200 >= count);
            let times = looked_at.map(|index| seed.deployed(index));
            assert!(times.is_sorted(), "{nodes} nodes");
        }
    }
}
