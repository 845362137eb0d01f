//! What follows from the parts of a document themselves.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Findings, Matter};
use crate::document::{Document, configs_path, flag_in, integer_in, text_in};
use crate::path::Path;

pub(super) fn check(document: &Document, findings: &mut Findings) {
    volumes(document, findings);
    ports(document, findings);
    let configs = configs_path();
    let in_group = text_in(document.value(), "group_id").is_some();
    // What is there already doesn't say in which kind of place: an answer always has both.
    if !in_group && document.origin().is_none() {
        for field in ["toleration_seconds", "migration"] {
            let path = configs.then(field);
            let is_set = document
                .get(&path)
                .is_some_and(|it| !it.is_null() && *it != Value::Bool(false));
            if is_set {
                findings.hint(path, Matter::OnlyForGroups);
            }
        }
    }
}

fn volumes(document: &Document, findings: &mut Findings) {
    let mut known: BTreeMap<String, (Path, String, String)> = BTreeMap::new();
    for (path, _) in document.containers() {
        let list = path.then("volumes");
        let mut mounts: BTreeMap<String, Path> = BTreeMap::new();
        for (index, volume) in document.list(&list).iter().enumerate() {
            let place = list.then(index);
            let text = |field: &str| text_in(volume, field);
            let (name, kind, source) = (text("name"), text("type"), text("source"));
            match text("destination") {
                Some(destination) => {
                    // `/data` and `/data/` are one folder.
                    let folder = normal(&destination);
                    if let Some(other) = mounts.get(&folder) {
                        let other = other.clone();
                        let matter = Matter::MountTwice { destination, other };
                        findings.error(place.then("destination"), matter);
                    } else {
                        mounts.insert(folder, place.then("destination"));
                        if kind.is_none() && source.is_none() {
                            for field in ["type", "source"] {
                                findings.without_missing(&place.then(field));
                            }
                            let matter = Matter::MountWithoutVolume { destination };
                            findings.error(place.clone(), matter);
                        }
                    }
                }
                None if name.is_some() || source.is_some() => {
                    let path = place.then("destination");
                    findings.without_missing(&path);
                    let name = name.clone().unwrap_or_default();
                    findings.error(path, Matter::VolumeNotMounted { name });
                }
                None => {}
            }
            if let (Some(name), Some(kind), Some(source)) = (name, kind, source) {
                match known.get(&name) {
                    Some((other, its_kind, its_source))
                        if !other.is_in(&list) && (*its_kind != kind || *its_source != source) =>
                    {
                        let other = other.clone();
                        findings.error(place.then("name"), Matter::VolumeDiffers { name, other });
                    }
                    Some(_) => {}
                    None => {
                        known.insert(name, (place.then("name"), kind, source));
                    }
                }
            }
        }
    }
}

/// A path without what makes no difference.
fn normal(path: &str) -> String {
    let parts = path.split('/').filter(|it| !it.is_empty() && *it != ".");
    parts.fold(String::new(), |path, part| path + "/" + part)
}

fn ports(document: &Document, findings: &mut Findings) {
    let configs = document.get(&configs_path());
    let on_host = configs.and_then(|it| flag_in(it, "host_network")) == Some(true);
    let replicas_path = Path::from_dotted("deployment.replicas");
    let replicas = document
        .get(&replicas_path)
        .and_then(Value::as_i64)
        .unwrap_or(1);
    let in_group = text_in(document.value(), "group_id").is_some();
    let mut hosts: BTreeMap<(i64, String), Path> = BTreeMap::new();
    let mut own: BTreeMap<i64, (Path, Path)> = BTreeMap::new();
    for (path, _) in document.containers() {
        let is_init = path.is_in(&crate::document::ContainerList::Init.path());
        let list = path.then("ports");
        let ports = document.list(&list);
        if on_host && !ports.is_empty() {
            findings.warning(list.clone(), Matter::PortsWithHostNetwork);
        }
        for (index, port) in ports.iter().enumerate() {
            let place = list.then(index);
            if let Some(number) = integer_in(port, "host_port").filter(|it| *it > 0) {
                let address = text_in(port, "host_ip").unwrap_or_default();
                let place = place.then("host_port");
                let taken = hosts.iter().find(|((other, at), _)| {
                    // Without an address it is taken at all of them.
                    *other == number && (*at == address || at.is_empty() || address.is_empty())
                });
                if let Some((_, other)) = taken {
                    let (port, other) = (number, other.clone());
                    findings.error(place.clone(), Matter::HostPortTwice { port, other });
                }
                if replicas > 1 && !in_group && document.origin().is_none() && !on_host {
                    let port = number;
                    findings.error(place.clone(), Matter::InstancesSharePort { port, replicas });
                }
                hosts.entry((number, address)).or_insert(place);
            }
            if let Some(number) = integer_in(port, "container_port").filter(|_| !is_init) {
                let place = place.then("container_port");
                match own.get(&number) {
                    Some((other, container)) if *container != path => {
                        let (port, other) = (number, other.clone());
                        findings.warning(place, Matter::ContainerPortTwice { port, other });
                    }
                    Some(_) => {}
                    None => {
                        own.insert(number, (place, path.clone()));
                    }
                }
            }
        }
    }
}
