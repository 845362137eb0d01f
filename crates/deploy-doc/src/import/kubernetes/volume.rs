//! Volumes of an instance of Kubernetes, and where containers mount them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::container::World;
use crate::import::fields::Fields;
use crate::import::report::{Report, Why};
use crate::import::units;

/// A volume of an instance.
pub(super) struct Volume {
    fields: Map<String, Value>,
    is_used: bool,
    place: usize,
}

/// The volumes of an instance by name.
pub(super) fn volumes(pod: &mut Fields<'_>, report: &mut Report) -> BTreeMap<String, Volume> {
    let mut volumes = BTreeMap::new();
    for (place, mut fields) in pod.each("volumes").into_iter().enumerate() {
        let Some(name) = fields.text("name") else {
            continue;
        };
        if let Some(found) = volume(&mut fields, report) {
            let is_used = false;
            let fields = found;
            let volume = Volume {
                fields,
                is_used,
                place,
            };
            volumes.insert(name, volume);
        }
        fields.rest(report);
    }
    volumes
}

fn volume(fields: &mut Fields<'_>, report: &mut Report) -> Option<Map<String, Value>> {
    let made = |kind: &str, source: &str, read_only: bool| {
        let volume = json!({ "type": kind, "source": source, "read_only": read_only });
        volume.as_object().cloned()
    };
    for (from, kind, name) in [
        ("configMap", "configMap", "name"),
        ("secret", "secret", "secretName"),
    ] {
        if let Some(mut source) = fields.inside(from) {
            let mut volume = made(kind, &source.text(name).unwrap_or_default(), true)?;
            if let Some(mode) = source.take("defaultMode") {
                // What is read as YAML 1.1 has octal digits here.
                volume.insert("default_mode".to_owned(), mode.clone());
            }
            if source.take("items").is_some() {
                source.changed(report, "items", Why::WholeVolume);
            }
            source.rest(report);
            fields.carried(report, from);
            return Some(volume);
        }
    }
    if fields.take("emptyDir").is_some() {
        let medium = fields.inside("emptyDir").and_then(|mut it| {
            let medium = it.text("medium");
            it.rest(report);
            medium
        });
        let is_memory = medium.as_deref() == Some("Memory");
        fields.carried(report, "emptyDir");
        return made("emptyDir", if is_memory { "memory" } else { "disk" }, false);
    }
    if let Some(mut source) = fields.inside("hostPath") {
        source.not_needed(report, &["type"]);
        let path = source.text("path").unwrap_or_default();
        source.rest(report);
        fields.carried(report, "hostPath");
        return made("hostPath", &path, false);
    }
    if fields.take("persistentVolumeClaim").is_some() {
        fields.changed(report, "persistentVolumeClaim", Why::NotKept);
        return made("emptyDir", "disk", false);
    }
    None
}

/// Says of volumes that no container mounts that they are left out.
pub(super) fn unused(volumes: &BTreeMap<String, Volume>, pod: &Fields<'_>, report: &mut Report) {
    let list = pod.field("volumes");
    for volume in volumes.values().filter(|it| !it.is_used) {
        pod.left_out_at(report, &list.then(volume.place), Why::NotNeeded);
    }
}

pub(super) fn mounts(
    fields: &mut Fields<'_>,
    made: &mut Map<String, Value>,
    world: &mut World<'_>,
    report: &mut Report,
) {
    let mut mounted: Vec<Value> = Vec::new();
    for mut mount in fields.each("volumeMounts") {
        let name = mount.text("name").unwrap_or_default();
        let Some(volume) = world.volumes.get_mut(&name) else {
            mount.left_out(report, "name", Why::NotFound { name });
            continue;
        };
        volume.is_used = true;
        // One container has each name once; a volume that is mounted twice gets a second one.
        let mut own = units::name(&name, 63);
        let mut number = 2;
        while mounted.iter().any(|it| it["name"] == own) {
            own = format!("{}-{number}", units::name(&name, 60));
            number += 1;
        }
        let mut fields = Map::from_iter([("name".to_owned(), json!(own))]);
        fields.extend(volume.fields.clone());
        if mount.take("readOnly") == Some(&json!(true)) {
            fields.insert("read_only".to_owned(), json!(true));
        }
        let path = mount.text("mountPath").unwrap_or_default();
        fields.insert("destination".to_owned(), json!(path));
        if mount.take("subPath").is_some() {
            let is_path = fields["type"] == "hostPath";
            let inner = mount.text("subPath").unwrap_or_default();
            if is_path {
                let source = fields["source"].as_str().unwrap_or_default();
                let source = format!("{}/{inner}", source.trim_end_matches('/'));
                fields.insert("source".to_owned(), json!(source));
                mount.changed(report, "subPath", Why::Form);
            } else {
                mount.changed(report, "subPath", Why::WholeVolume);
            }
        }
        match own == name {
            true => mount.carried(report, "name"),
            false => {
                let (from, to) = (name, own);
                mount.changed(report, "name", Why::Name { from, to });
            }
        }
        mount.rest(report);
        mounted.push(Value::Object(fields));
    }
    if !mounted.is_empty() {
        made.insert("volumes".to_owned(), mounted.into());
    }
}
