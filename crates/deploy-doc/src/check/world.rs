//! What follows from the world that a document goes into. Of what isn't known nothing is claimed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Findings, Matter, PlatinumPart};
use crate::document::{Document, integer_in, template_path, text_in};
use crate::path::Path;
use crate::placement::{Amount, Fit, Obstacle, Wanted};
use crate::surroundings::{Edition, Node, Surroundings};

pub(super) fn check(document: &Document, surroundings: &Surroundings, findings: &mut Findings) {
    if surroundings.edition == Some(Edition::Professional) {
        edition(document, findings);
    }
    references(document, surroundings, findings);
    name(document, surroundings, findings);
    target(document, surroundings, findings);
}

fn edition(document: &Document, findings: &mut Findings) {
    let mut add =
        |path: Path, part: PlatinumPart| findings.error(path, Matter::PlatinumOnly { part });
    if text_in(document.value(), "group_id").is_some() {
        add(Path::root().then("group_id"), PlatinumPart::Group);
    }
    let replicas = Path::from_dotted("deployment.replicas");
    let run = document.get(&Path::root().then("deployment"));
    if run
        .and_then(|it| integer_in(it, "replicas"))
        .is_some_and(|it| it > 1)
    {
        add(replicas, PlatinumPart::Replicas);
    }
    let affinity = template_path().then("affinity");
    let fields = document.get(&affinity).and_then(Value::as_object);
    if fields.is_some_and(|it| it.values().any(|it| !it.is_null())) {
        add(affinity, PlatinumPart::Affinity);
    }
    for (path, _) in document.containers() {
        let list = path.then("ports");
        for (index, port) in document.list(&list).iter().enumerate() {
            if port.get("host_port_range").is_some_and(|it| !it.is_null()) {
                let path = list.then(index).then("host_port_range");
                add(path, PlatinumPart::PortRange);
            }
        }
    }
}

type Known<'a> = Option<&'a BTreeMap<String, Option<BTreeSet<String>>>>;

fn references(document: &Document, surroundings: &Surroundings, findings: &mut Findings) {
    let config_maps = surroundings.config_maps.as_ref();
    let secrets = surroundings.secrets.as_ref();
    for (path, _) in document.containers() {
        let list = path.then("volumes");
        for (index, volume) in document.list(&list).iter().enumerate() {
            let place = list.then(index).then("source");
            let Some(name) = text_in(volume, "source") else {
                continue;
            };
            match text_in(volume, "type").as_deref() {
                Some("configMap") if is_missing(config_maps, &name) => {
                    findings.error(place, Matter::NoSuchConfigMap { name });
                }
                Some("secret") if is_missing(secrets, &name) => {
                    findings.error(place, Matter::NoSuchSecret { name });
                }
                _ => {}
            }
        }
        let list = path.then("envs");
        for (index, variable) in document.list(&list).iter().enumerate() {
            let from = variable.get("value_from");
            for (field, known) in [("configmap", config_maps), ("secret", secrets)] {
                if let Some(reference) = from.and_then(|it| it.get(field)) {
                    let place = list.then(index).then("value_from").then(field);
                    key(reference, &place, field == "secret", known, findings);
                }
            }
        }
    }
}

fn is_missing(known: Known<'_>, name: &str) -> bool {
    known.is_some_and(|it| !it.contains_key(name))
}

fn key(
    reference: &Value,
    place: &Path,
    is_secret: bool,
    known: Known<'_>,
    findings: &mut Findings,
) {
    let (Some(known), Some(name)) = (known, text_in(reference, "name")) else {
        return;
    };
    let Some(keys) = known.get(&name) else {
        let matter = match is_secret {
            true => Matter::NoSuchSecret { name },
            false => Matter::NoSuchConfigMap { name },
        };
        findings.error(place.then("name"), matter);
        return;
    };
    if let (Some(keys), Some(key)) = (keys, text_in(reference, "key"))
        && !keys.contains(&key)
    {
        let matter = match is_secret {
            true => Matter::NoSuchSecretKey { name, key },
            false => Matter::NoSuchConfigMapKey { name, key },
        };
        findings.error(place.then("key"), matter);
    }
}

fn name(document: &Document, surroundings: &Surroundings, findings: &mut Findings) {
    let Some(name) = text_in(document.value(), "name").filter(|_| document.origin().is_none())
    else {
        return;
    };
    let mut others = surroundings.deployments.iter().flatten();
    if others.any(|it| it.deployment.name.as_deref() == Some(name.as_str())) {
        findings.error(Path::root().then("name"), Matter::NameTaken { name });
    }
}

fn target(document: &Document, surroundings: &Surroundings, findings: &mut Findings) {
    let typed = document.typed();
    for (index, id) in typed.node_ids.iter().enumerate() {
        let path = Path::root().then("node_ids").then(index);
        match surroundings.node(id) {
            Some(node) => {
                let wanted = Wanted::new(&typed, document.origin(), surroundings, &[node]);
                if let Some(wanted) = wanted {
                    at_node(document, &path, node, &wanted.fit(node), findings);
                }
            }
            None if surroundings.nodes.is_some() && !id.is_empty() => {
                findings.error(path, Matter::NoSuchNode);
            }
            None => {}
        }
    }
    let Some(id) = typed.group_id.as_deref().filter(|it| !it.is_empty()) else {
        return;
    };
    let path = Path::root().then("group_id");
    let Some(group) = surroundings.group(id) else {
        if surroundings.groups.is_some() {
            findings.error(path, Matter::NoSuchGroup);
        }
        return;
    };
    // A node that isn't known could be the one that fits.
    let members = surroundings.members(id);
    let all = group.nodes.as_ref().map(Vec::len);
    let Some(members) = members.filter(|it| Some(it.len()) == all) else {
        return;
    };
    if members.is_empty() {
        findings.warning(path, Matter::EmptyGroup);
        return;
    }
    let nodes = members.len();
    let wanted = Wanted::new(&typed, document.origin(), surroundings, &members);
    let Some(wanted) = wanted else {
        return;
    };
    if !members.iter().any(|it| wanted.labels_hold(it)) {
        let path = template_path().then("affinity");
        findings.error(path, Matter::AffinityUnsatisfied { nodes });
        return;
    }
    let is_out = |it: &&Node| wanted.fit(it).obstacles.iter().any(Obstacle::is_final);
    if members.iter().all(is_out) {
        findings.error(path, Matter::NoNodeFits { nodes });
    }
}

/// What is against the node that is chosen, each at the part that it is about.
fn at_node(document: &Document, path: &Path, node: &Node, fit: &Fit, findings: &mut Findings) {
    let name = || node.name.clone();
    for obstacle in fit.obstacles.clone() {
        match obstacle {
            Obstacle::Lacks { amount, needs, has } => {
                let place = asking(document, amount).unwrap_or_else(|| path.clone());
                let node = name();
                let matter = Matter::NodeLacks {
                    amount,
                    needs,
                    has,
                    node,
                };
                findings.error(place, matter);
            }
            Obstacle::Short {
                amount,
                needs,
                left,
            } => {
                let place = asking(document, amount).unwrap_or_else(|| path.clone());
                let node = name();
                let matter = Matter::NodeShort {
                    amount,
                    needs,
                    left,
                    node,
                };
                findings.warning(place, matter);
            }
            Obstacle::WrongArch { image, arch } => {
                let place = part(document, |it| {
                    text_in(it, "image_url").as_ref() == Some(&image)
                });
                let place = place.map_or_else(|| path.clone(), |it| it.then("image_url"));
                let node = name();
                findings.error(place, Matter::WrongArch { image, arch, node });
            }
            Obstacle::WrongNpu { wanted, has } => {
                let place = part(document, |it| {
                    text_in(it, "npu_type").as_ref() == Some(&wanted)
                });
                let place = place.map_or_else(|| path.clone(), |it| it.then("npu_type"));
                findings.error(place, Matter::WrongNpu { has, node: name() });
            }
            Obstacle::PortTaken { port, by } => {
                let place = port_place(document, port).unwrap_or_else(|| path.clone());
                let node = name();
                findings.error(place, Matter::HostPortTaken { port, by, node });
            }
            Obstacle::Labels => {
                let place = template_path().then("affinity");
                findings.warning(place, Matter::AffinityUnsatisfied { nodes: 1 });
            }
            Obstacle::Offline => findings.hint(path.clone(), Matter::NodeOffline { node: name() }),
            // Instances of a deployment to a node are where they are.
            Obstacle::NotNear | Obstacle::NotAway { .. } => {}
        }
    }
}

/// The first container that something holds for.
fn part(document: &Document, holds: impl Fn(&Value) -> bool) -> Option<Path> {
    let mut containers = document.containers();
    containers.find(|(_, it)| holds(it)).map(|(path, _)| path)
}

/// Where most of an amount is asked for.
fn asking(document: &Document, amount: Amount) -> Option<Path> {
    let places = document.containers().filter_map(|(path, container)| {
        let resources = container.get("resources")?;
        let side = |name: &'static str| {
            let text = text_in(resources.get(name)?, amount.field())?;
            let number: f64 = text.trim().parse().ok()?;
            Some((
                number,
                path.then("resources").then(name).then(amount.field()),
            ))
        };
        side("requests").or_else(|| side("limits"))
    });
    let most = places.max_by(|left, right| left.0.total_cmp(&right.0));
    most.map(|(_, path)| path)
}

/// Where a port of the node is asked for.
fn port_place(document: &Document, port: i64) -> Option<Path> {
    let mut places = document.containers().flat_map(|(path, container)| {
        let ports = container.get("ports").and_then(Value::as_array);
        let ports = ports.map_or(&[][..], Vec::as_slice).iter().enumerate();
        let ports = ports.flat_map(move |(index, mapping)| {
            let place = path.then("ports").then(index);
            let fields = ["host_port", "container_port"].into_iter();
            fields
                .filter(|it| integer_in(mapping, it) == Some(port))
                .map(move |it| place.then(it))
                .collect::<Vec<_>>()
        });
        ports.collect::<Vec<_>>()
    });
    places.next()
}
