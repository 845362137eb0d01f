//! What becomes of instances and their data when a document is sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::same_at;
use crate::align::name_of;
use crate::document::{Document, integer_in, template_path, text_in};
use crate::normal::same;
use crate::path::Path;
use crate::placement::host_ports;
use crate::shape;

/// A plain fact of what a change means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Instances start.
    Starts {
        /// How many.
        instances: i64,
    },
    /// Instances stop.
    Stops {
        /// How many.
        instances: i64,
    },
    /// Instances are replaced by new ones: all containers of each stop and start.
    Restarts {
        /// How many.
        instances: i64,
        /// Names of the containers that change; none when only settings of the instance do.
        containers: Vec<String>,
    },
    /// What is in an empty folder is lost with each instance that is replaced or stops.
    LosesData {
        /// Name of the volume.
        volume: String,
        /// Name of the first container that has it.
        container: String,
    },
    /// What a folder of the node holds stays there, but no container has it any more.
    LeavesData {
        /// Name of the volume.
        volume: String,
        /// The path of the node.
        source: String,
    },
    /// A port of the node is taken.
    OpensPort {
        /// It.
        port: i64,
    },
    /// A port of the node is free again.
    ClosesPort {
        /// It.
        port: i64,
    },
    /// An update doesn't change it: only a new deployment would have it.
    NotSent {
        /// What.
        path: Path,
    },
}

/// What an update can't change.
const FIXED: &[&str] = &[
    "name",
    "source",
    "group_id",
    "node_ids",
    "tags",
    "deployment.annotations",
];

/// What sending a document does, compared with what runs; nothing runs where there is none.
#[must_use]
pub fn effects(running: Option<&Document>, document: &Document) -> Vec<Effect> {
    let instances = replicas(document);
    let Some(running) = running else {
        let mut effects = vec![Effect::Starts { instances }];
        effects.extend(
            ports(document)
                .into_iter()
                .map(|port| Effect::OpensPort { port }),
        );
        return effects;
    };
    let mut effects = Vec::new();
    let before = replicas(running);
    let is_other = !same_at(running, document, &template_path());
    if is_other {
        effects.push(Effect::Restarts {
            instances: before.min(instances),
            containers: changed_containers(running, document),
        });
    }
    if instances > before {
        let instances = instances - before;
        effects.push(Effect::Starts { instances });
    }
    if instances < before {
        let instances = before - instances;
        effects.push(Effect::Stops { instances });
    }
    if is_other || instances < before {
        effects.extend(lost(running));
    }
    effects.extend(left(running, document));
    let (old, new) = (ports(running), ports(document));
    let opened = new.iter().filter(|it| !old.contains(it));
    effects.extend(opened.map(|port| Effect::OpensPort { port: *port }));
    let closed = old.iter().filter(|it| !new.contains(it));
    effects.extend(closed.map(|port| Effect::ClosesPort { port: *port }));
    for path in FIXED.iter().map(|it| Path::from_dotted(it)) {
        // A draft may leave out what it doesn't send.
        let is_said = document.get(&path).is_some_and(|it| !it.is_null());
        if is_said && !same_at(running, document, &path) {
            effects.push(Effect::NotSent { path });
        }
    }
    effects
}

fn replicas(document: &Document) -> i64 {
    let run = document.get(&Path::root().then("deployment"));
    run.and_then(|it| integer_in(it, "replicas"))
        .unwrap_or(1)
        .max(0)
}

/// Ports of the node, each once, in their order.
fn ports(document: &Document) -> Vec<i64> {
    let typed = document.typed();
    let template = typed.deployment.and_then(|it| it.template);
    let mut ports: Vec<i64> = template.iter().flat_map(host_ports).collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

fn name(container: &Value) -> String {
    name_of(container).unwrap_or_default()
}

/// Containers that are new or not what they were.
fn changed_containers(running: &Document, document: &Document) -> Vec<String> {
    let before: BTreeMap<String, &Value> =
        running.containers().map(|(_, it)| (name(it), it)).collect();
    let changed = document.containers().filter(|(path, it)| {
        let old = before.get(&name(it)).copied();
        !same(old, Some(it), shape::at(path))
    });
    changed.map(|(_, it)| name(it)).collect()
}

/// All volumes with the names of the first containers that have them.
fn volumes(document: &Document) -> Vec<(String, &Value, String)> {
    let mut found: Vec<(String, &Value, String)> = Vec::new();
    for (path, container) in document.containers() {
        for volume in document.list(&path.then("volumes")) {
            let own = text_in(volume, "name").unwrap_or_default();
            if !found.iter().any(|it| it.0 == own) {
                found.push((own, volume, name(container)));
            }
        }
    }
    found
}

fn lost(running: &Document) -> impl Iterator<Item = Effect> {
    let volumes = volumes(running).into_iter();
    let empty = volumes.filter(|(_, it, _)| text_in(it, "type").as_deref() == Some("emptyDir"));
    empty.map(|(volume, _, container)| Effect::LosesData { volume, container })
}

fn left(running: &Document, document: &Document) -> Vec<Effect> {
    let sources = |document: &Document| {
        let volumes = volumes(document).into_iter();
        let of_node =
            volumes.filter(|(_, it, _)| text_in(it, "type").as_deref() == Some("hostPath"));
        let sources = of_node.filter_map(|(name, it, _)| Some((name, text_in(it, "source")?)));
        sources.collect::<Vec<_>>()
    };
    let now = sources(document);
    let left = sources(running).into_iter();
    let left = left.filter(|(_, source)| !now.iter().any(|it| it.1 == *source));
    left.map(|(volume, source)| Effect::LeavesData { volume, source })
        .collect()
}
