//! Commands about the parts of a deployment: what a new one has, and what changes along with another.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::work::{Work, entry};
use super::{ProbeKind, ProbeWay, VariableSource, VolumeSource, names};
use crate::document::{ContainerList, PatchError, configs_path, integer_in, text_in};
use crate::path::Path;

/// Names of containers have so many characters at most.
const LONGEST_CONTAINER: usize = 32;
/// Names of volumes have so many characters at most.
const LONGEST_VOLUME: usize = 63;

impl Work<'_> {
    pub(super) fn add_container(&mut self, list: ContainerList) -> Result<Path, PatchError> {
        let name = names::numbered("container-", 0, &names::containers(self.document));
        let container = json!({ "name": name, "image_url": "" });
        self.add(&list.path(), None, container)
    }

    pub(super) fn add_volume(
        &mut self,
        container: &Path,
        source: VolumeSource,
    ) -> Result<Path, PatchError> {
        self.object(container)?;
        let name = names::numbered("volume-", 0, &names::volumes(self.document));
        let volume = json!({
            "name": name,
            "type": source.name(),
            "source": usual_source(source),
            "destination": "",
            "read_only": is_read_only(source),
        });
        self.add(&container.then("volumes"), None, volume)
    }

    pub(super) fn mount(
        &mut self,
        volume: &Path,
        container: &Path,
        destination: Option<String>,
    ) -> Result<Path, PatchError> {
        let mut mounted = self.object(volume)?;
        self.object(container)?;
        if let Some(destination) = destination {
            mounted.insert("destination".to_owned(), destination.into());
        }
        self.add(&container.then("volumes"), None, Value::Object(mounted))
    }

    pub(super) fn add_port(&mut self, container: &Path) -> Result<Path, PatchError> {
        self.object(container)?;
        let list = container.then("ports");
        let own = self.document.list(&list).iter();
        let own: BTreeSet<i64> = own
            .filter_map(|it| integer_in(it, "container_port"))
            .collect();
        let port = names::free_port(80, &own);
        let host = names::free_port(8080, &names::host_ports(self.document));
        let mapping = json!({ "container_port": port, "host_port": host });
        self.add(&list, None, mapping)
    }

    pub(super) fn add_variable(
        &mut self,
        container: &Path,
        source: &VariableSource,
    ) -> Result<Path, PatchError> {
        self.object(container)?;
        let list = container.then("envs");
        let taken = names::texts(self.document.list(&list), "name");
        let name = names::numbered("VARIABLE_", 1, &taken);
        let mut variable = Map::from_iter([("name".to_owned(), name.into())]);
        set_source(&mut variable, source);
        self.add(&list, None, Value::Object(variable))
    }

    pub(super) fn add_tag(&mut self) -> Result<Path, PatchError> {
        let list = Path::root().then("tags");
        let taken = names::texts(self.document.list(&list), "key");
        let key = names::numbered("tag-", 1, &taken);
        self.add(&list, None, json!({ "key": key, "value": "" }))
    }

    pub(super) fn set_probe(
        &mut self,
        container: &Path,
        probe: ProbeKind,
        way: ProbeWay,
    ) -> Result<Path, PatchError> {
        let owner = self.object(container)?;
        let path = container.then(probe.field());
        let ports = self.document.list(&container.then("ports"));
        let port = ports.iter().find_map(|it| integer_in(it, "container_port"));
        let (field, value) = match way {
            ProbeWay::Http => (
                "http_get",
                json!({ "path": "/", "port": port.unwrap_or(80), "scheme": "HTTP" }),
            ),
            ProbeWay::Command => ("exec", json!({ "command": "" })),
        };
        let Some(Value::Object(mut there)) = owner.get(probe.field()).cloned() else {
            let value = json!({ field: value, "initial_delay_seconds": 10, "timeout_seconds": 1 });
            return self.put(path, value);
        };
        if there.get(field).is_none_or(Value::is_null) {
            there.shift_insert(0, field.to_owned(), value);
        }
        for other in ["http_get", "exec", "exec_command"] {
            if other != field {
                there.shift_remove(other);
            }
        }
        self.put(path, Value::Object(there))
    }

    pub(super) fn set_volume_source(
        &mut self,
        volume: Path,
        source: VolumeSource,
    ) -> Result<Path, PatchError> {
        let mut fields = self.object(&volume)?;
        let before = text_in(&Value::Object(fields.clone()), "type");
        if before.as_deref() == Some(source.name()) {
            return Ok(volume);
        }
        let was_fixed = matches!(before.as_deref(), Some("configMap" | "secret"));
        fields.insert("type".to_owned(), source.name().into());
        fields.insert("source".to_owned(), usual_source(source).into());
        match is_read_only(source) {
            true => {
                fields.insert("read_only".to_owned(), true.into());
            }
            false => {
                // It was read only because it had to be.
                if was_fixed {
                    fields.insert("read_only".to_owned(), false.into());
                }
                fields.shift_remove("default_mode");
            }
        }
        self.put(volume, Value::Object(fields))
    }

    pub(super) fn rename_volume(&mut self, volume: &Path, to: &str) -> Result<Path, PatchError> {
        let own = text_in(self.get(volume)?, "name");
        let mut places = vec![volume.clone()];
        for (path, _) in self.document.containers().filter(|_| own.is_some()) {
            let list = path.then("volumes");
            let same = self.document.list(&list).iter().enumerate();
            let same = same.filter(|(_, it)| text_in(it, "name") == own);
            places.extend(same.map(|(index, _)| list.then(index)));
        }
        for place in places {
            self.put(place.then("name"), to.into())?;
        }
        Ok(volume.then("name"))
    }

    pub(super) fn set_variable_source(
        &mut self,
        variable: Path,
        source: &VariableSource,
    ) -> Result<Path, PatchError> {
        let mut fields = self.object(&variable)?;
        set_source(&mut fields, source);
        self.put(variable, Value::Object(fields))
    }

    pub(super) fn set_host_network(&mut self, on: bool) -> Result<Path, PatchError> {
        let configs = configs_path();
        let policy = configs.then("dns_policy");
        // Each of the two belongs to one kind of network only.
        let other = match (on, self.document.text(&policy).as_deref()) {
            (true, Some("ClusterFirst")) => Some("ClusterFirstWithHostNet"),
            (false, Some("ClusterFirstWithHostNet")) => Some("ClusterFirst"),
            _ => None,
        };
        if let Some(other) = other {
            self.put(policy, other.into())?;
        }
        self.put(configs.then("host_network"), on.into())
    }

    pub(super) fn place_on_node(&mut self, node: &str) -> Result<Path, PatchError> {
        self.clear(Path::root().then("group_id"))?;
        let list = Path::root().then("node_ids");
        self.put(list.clone(), json!([node]))?;
        Ok(list.then(0))
    }

    pub(super) fn place_in_group(&mut self, group: String) -> Result<Path, PatchError> {
        self.clear(Path::root().then("node_ids"))?;
        // It has to be said for groups.
        let migration = configs_path().then("migration");
        if self.document.get(&migration).is_none_or(Value::is_null) {
            self.put(migration, true.into())?;
        }
        self.put(Path::root().then("group_id"), group.into())
    }

    pub(super) fn duplicate(&mut self, path: &Path) -> Result<Path, PatchError> {
        let (list, index) = entry(path)?;
        let mut copy = self.get(path)?.clone();
        let entries = self.document.list(&list);
        match list.last_key() {
            Some("containers" | "init_containers") => {
                let taken = names::containers(self.document);
                rename(&mut copy, "name", |it| {
                    names::copied(it, '-', LONGEST_CONTAINER, &taken)
                });
                let mut ports = names::host_ports(self.document);
                for mapping in copy
                    .get_mut("ports")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    free_host_port(mapping, &mut ports);
                }
            }
            Some("volumes") => {
                let taken = names::volumes(self.document);
                rename(&mut copy, "name", |it| {
                    names::copied(it, '-', LONGEST_VOLUME, &taken)
                });
                let taken = names::texts(entries, "destination");
                rename(&mut copy, "destination", |it| {
                    names::copied(it, '-', 4096, &taken)
                });
            }
            Some("envs") => {
                let taken = names::texts(entries, "name");
                rename(&mut copy, "name", |it| names::copied(it, '_', 2048, &taken));
            }
            Some("tags") => {
                let taken = names::texts(entries, "key");
                rename(&mut copy, "key", |it| names::copied(it, '-', 36, &taken));
            }
            Some("ports") => {
                let mut ports = names::host_ports(self.document);
                free_host_port(&mut copy, &mut ports);
            }
            _ => {}
        }
        self.add(&list, Some(index + 1), copy)
    }
}

fn rename(value: &mut Value, field: &str, name: impl FnOnce(&str) -> String) {
    if let Some(old) = text_in(value, field) {
        value[field] = name(&old).into();
    }
}

/// Gives a mapping a port of the node that nothing else has.
fn free_host_port(mapping: &mut Value, taken: &mut BTreeSet<i64>) {
    let old = integer_in(mapping, "host_port").filter(|it| *it > 0);
    if let Some(port) = old.and_then(|it| names::free_port(it, taken)) {
        mapping["host_port"] = port.into();
        taken.insert(port);
    }
}

const fn usual_source(source: VolumeSource) -> &'static str {
    match source {
        VolumeSource::EmptyDir => "disk",
        _ => "",
    }
}

const fn is_read_only(source: VolumeSource) -> bool {
    matches!(source, VolumeSource::ConfigMap | VolumeSource::Secret)
}

fn set_source(variable: &mut Map<String, Value>, source: &VariableSource) {
    for field in ["value", "value_from", "field_path"] {
        variable.shift_remove(field);
    }
    let (field, value) = match source {
        VariableSource::Value(text) => ("value", json!(text)),
        VariableSource::ConfigMap { name, key } => (
            "value_from",
            json!({ "configmap": { "name": name, "key": key } }),
        ),
        VariableSource::Secret { name, key } => (
            "value_from",
            json!({ "secret": { "name": name, "key": key } }),
        ),
        VariableSource::NodeAddress => ("field_path", json!("status.hostIP")),
    };
    variable.insert(field.to_owned(), value);
}
