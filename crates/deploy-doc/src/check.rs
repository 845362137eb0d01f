//! What is wrong with a document: every documented rule, and what follows from the rest of the document and of the
//! world. A finding says what and where; the words are the window's.

use ief_api::rules::Problem;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::path::{Path, Step};
use crate::placement::Amount;
use crate::surroundings::{Arch, Surroundings};

mod parts;
mod rules;
mod world;

pub use rules::rule_at;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The service refuses it, or it can't run.
    Error,
    /// It is taken, but hardly meant.
    Warning,
    /// Worth knowing.
    Hint,
}

/// Which part of the platinum edition is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatinumPart {
    /// A node group.
    Group,
    /// More than one instance.
    Replicas,
    /// Affinity.
    Affinity,
    /// A range of ports.
    PortRange,
}

/// What is found. As data each has its name in `id`, which stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "id", rename_all = "snake_case")]
pub enum Matter {
    /// A documented rule is broken.
    Rule {
        /// Name of the rule.
        rule: String,
        /// What is wrong.
        problem: Problem,
    },
    /// A value of another kind than the model has, which would be lost.
    WrongKind {
        /// `text`, `integer`, `number`, `flag`, `list` or `object`.
        expected: String,
    },
    /// A field that the model doesn't know.
    UnknownField {
        /// The known field whose name is nearest, if one is near.
        nearest: Option<String>,
    },
    /// Two volumes of a container are mounted at one path.
    MountTwice {
        /// The path in the container.
        destination: String,
        /// The other volume.
        other: Path,
    },
    /// A volume is not mounted.
    VolumeNotMounted {
        /// Its name.
        name: String,
    },
    /// Something is to be mounted, and not said what.
    MountWithoutVolume {
        /// The path in the container.
        destination: String,
    },
    /// Two volumes of one name are different ones.
    VolumeDiffers {
        /// The name.
        name: String,
        /// The other one.
        other: Path,
    },
    /// A port of the node is mapped twice.
    HostPortTwice {
        /// The port.
        port: i64,
        /// The other mapping.
        other: Path,
    },
    /// Two containers listen on one port of the instance.
    ContainerPortTwice {
        /// The port.
        port: i64,
        /// The other mapping.
        other: Path,
    },
    /// Several instances on one node want one port of it.
    InstancesSharePort {
        /// The port.
        port: i64,
        /// Instances.
        replicas: i64,
    },
    /// A port of the node is another deployment's.
    HostPortTaken {
        /// The port.
        port: i64,
        /// Name of the other deployment.
        by: String,
        /// Name of the node.
        node: String,
    },
    /// Ports are mapped although the node's network is used.
    PortsWithHostNetwork,
    /// More is asked for than the node has.
    NodeLacks {
        /// Of what.
        amount: Amount,
        /// How much is asked for.
        needs: f64,
        /// How much there is.
        has: f64,
        /// Name of the node.
        node: String,
    },
    /// More is asked for than other deployments leave on the node.
    NodeShort {
        /// Of what.
        amount: Amount,
        /// How much is asked for.
        needs: f64,
        /// How much is left.
        left: f64,
        /// Name of the node.
        node: String,
    },
    /// An image is made for another architecture than the node's.
    WrongArch {
        /// Address of the image.
        image: String,
        /// The node's architecture.
        arch: Arch,
        /// Name of the node.
        node: String,
    },
    /// The node's NPUs are of another kind.
    WrongNpu {
        /// The kind it has.
        has: String,
        /// Name of the node.
        node: String,
    },
    /// There is no such node.
    NoSuchNode,
    /// There is no such node group.
    NoSuchGroup,
    /// The node group has no nodes.
    EmptyGroup,
    /// The node can't be reached now.
    NodeOffline {
        /// Name of the node.
        node: String,
    },
    /// No node of the group can take an instance.
    NoNodeFits {
        /// How many nodes were looked at.
        nodes: usize,
    },
    /// No node has the labels that are demanded, or the chosen one hasn't.
    AffinityUnsatisfied {
        /// How many nodes were looked at.
        nodes: usize,
    },
    /// There is no such ConfigMap.
    NoSuchConfigMap {
        /// Its name.
        name: String,
    },
    /// The ConfigMap has no such key.
    NoSuchConfigMapKey {
        /// Name of the ConfigMap.
        name: String,
        /// The key.
        key: String,
    },
    /// There is no such secret.
    NoSuchSecret {
        /// Its name.
        name: String,
    },
    /// The secret has no such key.
    NoSuchSecretKey {
        /// Name of the secret.
        name: String,
        /// The key.
        key: String,
    },
    /// A part of the platinum edition in the professional one.
    PlatinumOnly {
        /// Which.
        part: PlatinumPart,
    },
    /// A setting that has an effect on node groups only.
    OnlyForGroups,
    /// Another deployment has the name.
    NameTaken {
        /// It.
        name: String,
    },
}

/// Something that is found in a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    #[serde(flatten)]
    pub matter: Matter,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub path: Path,
}

impl Finding {
    /// Its stable name: that of the rule, or of what follows from the rest.
    #[must_use]
    pub fn id(&self) -> String {
        if let Matter::Rule { rule, .. } = &self.matter {
            return rule.clone();
        }
        let value = serde_json::to_value(&self.matter).unwrap_or_default();
        crate::document::text_in(&value, "id").unwrap_or_default()
    }
}

/// What is gathered.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, severity: Severity, path: Path, matter: Matter) {
        let finding = Finding {
            matter,
            severity,
            path,
        };
        if !self.0.contains(&finding) {
            self.0.push(finding);
        }
    }

    pub(crate) fn error(&mut self, path: Path, matter: Matter) {
        self.add(Severity::Error, path, matter);
    }

    pub(crate) fn warning(&mut self, path: Path, matter: Matter) {
        self.add(Severity::Warning, path, matter);
    }

    pub(crate) fn hint(&mut self, path: Path, matter: Matter) {
        self.add(Severity::Hint, path, matter);
    }

    /// Drops what another finding says better.
    pub(crate) fn without_missing(&mut self, path: &Path) {
        self.0.retain(|it| {
            let is_missing = matches!(
                it.matter,
                Matter::Rule {
                    problem: Problem::Missing,
                    ..
                }
            );
            !(is_missing && it.path == *path)
        });
    }
}

/// Checks a document against the rules and against what is known of the world, in the order of the document.
#[must_use]
pub fn check(document: &Document, surroundings: &Surroundings) -> Vec<Finding> {
    let mut findings = Findings::default();
    rules::check(document, &mut findings);
    parts::check(document, &mut findings);
    world::check(document, surroundings, &mut findings);
    let mut found = findings.0;
    found.sort_by_cached_key(|it| (order(document, &it.path), it.severity));
    found
}

/// Where a place stands in its document: fields in the order in which they are written, what isn't there behind.
fn order(document: &Document, path: &Path) -> Vec<usize> {
    let mut value = Some(document.value());
    let steps = path.steps().iter().map(|step| {
        let place = match step {
            Step::Index(index) => *index,
            Step::Key(key) => {
                let fields = value.and_then(|it| it.as_object());
                let place = fields.and_then(|it| it.keys().position(|name| name == key));
                place.unwrap_or(usize::MAX)
            }
        };
        value = value.and_then(|value| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(*index),
        });
        place
    });
    steps.collect()
}
