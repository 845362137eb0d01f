//! What is known of the world a deployment goes into. Whatever is unknown is `None`, and nothing is claimed of it.

use std::collections::{BTreeMap, BTreeSet};

use ief_api::config_map::ConfigMap;
use ief_api::deployment::Deployment;
use ief_api::node::{EdgeNode, NodeState};
use ief_api::node_group::NodeGroup;
use ief_api::secret::Secret;
use serde::{Deserialize, Serialize};

/// The edition of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// One instance for each deployment, on a node.
    Professional,
    /// With node groups, affinity, ranges of ports and several instances.
    Platinum,
}

/// What is known.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The edition.
    pub edition: Option<Edition>,
    /// The nodes: all of them, or nothing can be said of one that isn't among them.
    pub nodes: Option<Vec<Node>>,
    /// The node groups.
    pub groups: Option<Vec<Group>>,
    /// The ConfigMaps by name, with their keys where those are known.
    pub config_maps: Option<BTreeMap<String, Option<BTreeSet<String>>>>,
    /// The secrets by name, with their keys where those are known.
    pub secrets: Option<BTreeMap<String, Option<BTreeSet<String>>>>,
    /// The deployments there are, the edited one included.
    pub deployments: Option<Vec<Neighbour>>,
    /// Architectures that images are made for, by their address.
    pub images: BTreeMap<String, BTreeSet<Arch>>,
}

/// An architecture, under whichever name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arch {
    /// `x86_64`, `amd64`.
    X86,
    /// `arm`, `arm32`, `armv7l`.
    Arm32,
    /// `aarch64`, `arm64`.
    Arm64,
}

impl Arch {
    /// The architecture that a name stands for.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "x86_64" | "amd64" | "x86" => Some(Self::X86),
            "arm" | "arm32" | "armv7l" | "armhf" => Some(Self::Arm32),
            "aarch64" | "arm64" => Some(Self::Arm64),
            _ => None,
        }
    }

    /// The name that application templates have for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Arm32 => "arm32",
            Self::Arm64 => "arm64",
        }
    }

    /// The architecture that an image's address tells: its tag or its name ends with one.
    #[must_use]
    pub fn of_image(address: &str) -> Option<Self> {
        let last = address.rsplit('/').next().unwrap_or_default();
        let mut words = last.rsplit(['-', ':', '_']);
        match words.next()? {
            // `x86_64` has the sign that words are parted by.
            "64" if last.ends_with("x86_64") => Some(Self::X86),
            word => Self::from_name(word).filter(|_| last.contains(['-', ':', '_'])),
        }
    }
}

/// A node.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Architecture.
    pub arch: Option<Arch>,
    /// CPU cores.
    pub cpu: Option<f64>,
    /// Memory in MB.
    pub memory: Option<f64>,
    /// GPU memory in MB, of all GPUs in use together; zero where none is in use.
    pub gpu: Option<f64>,
    /// NPUs in use; zero where none is.
    pub npu: Option<f64>,
    /// Kind of the NPUs.
    pub npu_type: Option<String>,
    /// What affinity can ask: properties and tags, name and architecture.
    pub labels: BTreeMap<String, String>,
    /// Whether it can be reached.
    pub is_online: Option<bool>,
}

/// A node group.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Identifiers of its nodes, where they are known.
    pub nodes: Option<Vec<String>>,
}

/// A deployment that is there.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// It.
    pub deployment: Deployment,
    /// Nodes that have instances of it, where they are known. Those of a deployment to a node are on that node.
    pub nodes: Option<Vec<String>>,
}

impl Neighbour {
    /// A deployment with what it tells itself.
    #[must_use]
    pub fn new(deployment: Deployment) -> Self {
        let nodes = deployment.node_ids.clone();
        let nodes = (!nodes.is_empty()).then_some(nodes);
        Self { deployment, nodes }
    }

    /// Whether it has instances on a node. `None` where that isn't known.
    #[must_use]
    pub fn is_on(&self, node: &str) -> Option<bool> {
        let nodes = self.nodes.as_ref()?;
        Some(nodes.iter().any(|it| it == node))
    }
}

impl Node {
    /// A node as the service tells it.
    #[must_use]
    pub fn new(node: &EdgeNode) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let name = text(&node.name);
        let mut labels = BTreeMap::new();
        for pair in node.tags.iter().chain(&node.attributes) {
            if let Some(key) = &pair.key {
                labels.insert(key.clone(), text(&pair.value));
            }
        }
        labels.insert("kubernetes.io/hostname".to_owned(), name.clone());
        if let Some(arch) = &node.arch {
            labels.insert("kubernetes.io/arch".to_owned(), arch.clone());
        }
        // A node that never came online hasn't said what it has.
        let amount = |number: Option<i64>| number.filter(|it| *it > 0).map(|it| it as f64);
        let memory = node
            .gpu_info
            .iter()
            .filter_map(|it| it.capacity)
            .sum::<i64>() as f64;
        let gpu = match (node.enable_gpu, memory > 0.0) {
            (Some(false), _) => Some(0.0),
            (_, true) => Some(memory),
            _ => None,
        };
        let npu = match (node.enable_npu, node.npu_num) {
            (Some(false), _) => Some(0.0),
            (_, number) => amount(number),
        };
        Self {
            id: text(&node.id),
            name,
            arch: node.arch.as_deref().and_then(Arch::from_name),
            cpu: amount(node.cpu),
            memory: amount(node.memory),
            gpu,
            npu,
            npu_type: node.npu_type.clone().filter(|it| !it.is_empty()),
            labels,
            is_online: node.state.as_ref().map(|it| *it == NodeState::Running),
        }
    }
}

impl Group {
    /// A node group as the service tells it, without its nodes, which are listed elsewhere.
    #[must_use]
    pub fn new(group: &NodeGroup) -> Self {
        Self {
            id: group.id.clone().unwrap_or_default(),
            name: group.name.clone().unwrap_or_default(),
            nodes: None,
        }
    }
}

impl Surroundings {
    /// A node by its identifier. `None` also where the nodes aren't known.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.as_ref()?.iter().find(|it| it.id == id)
    }

    /// A node group by its identifier.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.as_ref()?.iter().find(|it| it.id == id)
    }

    /// The nodes of a group. `None` where they aren't known.
    #[must_use]
    pub fn members(&self, group: &str) -> Option<Vec<&Node>> {
        let ids = self.group(group)?.nodes.as_ref()?;
        let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let nodes = self.nodes.as_ref()?.iter();
        Some(nodes.filter(|it| ids.contains(it.id.as_str())).collect())
    }

    /// Adds a ConfigMap as the service tells it.
    pub fn add_config_map(&mut self, config_map: &ConfigMap) {
        // A list may leave the entries out: none at all says nothing.
        let keys = &config_map.configs;
        let keys = (!keys.is_empty()).then(|| keys.keys().cloned().collect());
        let name = config_map.name.clone().unwrap_or_default();
        let known = self.config_maps.get_or_insert_default();
        known.insert(name, keys);
    }

    /// Adds a secret as the service tells it: its keys, never a value.
    pub fn add_secret(&mut self, secret: &Secret) {
        let keys = secret.extra.get("secrets").and_then(|it| it.as_object());
        let keys = keys.map(|it| it.keys().cloned().collect());
        let name = secret.name.clone().unwrap_or_default();
        let known = self.secrets.get_or_insert_default();
        known.insert(name, keys);
    }

    /// Which architectures an image is made for: as it is known, or as its address tells.
    #[must_use]
    pub fn archs_of(&self, image: &str) -> Option<BTreeSet<Arch>> {
        let known = self.images.get(image).filter(|it| !it.is_empty()).cloned();
        known.or_else(|| Arch::of_image(image).map(|it| BTreeSet::from([it])))
    }
}

#[cfg(test)]
mod tests {
    use super::Arch;

    #[test]
    fn architectures_are_told_by_images() {
        for (image, expected) in [
            ("nginx:1.2", None),
            ("arm64", None),
            ("a/b/nginx-arm64:1", None),
            ("a/b/nginx:1-arm64", Some(Arch::Arm64)),
            ("nginx:amd64", Some(Arch::X86)),
            ("x/y-x86_64", Some(Arch::X86)),
            ("y:2_armv7l", Some(Arch::Arm32)),
        ] {
            assert_eq!(Arch::of_image(image), expected, "{image}");
        }
    }
}
