//! A container while it is filled in.

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::draft::{filled, object, others, put, some};
use crate::pages::parts::Rows;
use crate::table::reading::{flag, integer, list, text};

/// A container, as typed.
#[derive(Clone, Copy)]
pub(super) struct ContainerDraft {
    pub(super) name: RwSignal<String>,
    pub(super) image: RwSignal<String>,
    pub(super) version: RwSignal<String>,
    /// One part of the command in each line.
    pub(super) command: RwSignal<String>,
    /// One argument in each line.
    pub(super) args: RwSignal<String>,
    pub(super) privileged: RwSignal<bool>,
    /// What is set aside: CPU, memory.
    pub(super) requests: [RwSignal<String>; 2],
    /// What it may use at most: CPU, memory, GPU memory, NPUs.
    pub(super) limits: [RwSignal<String>; 4],
    pub(super) variables: Rows<VariableDraft>,
    pub(super) ports: Rows<PortDraft>,
    pub(super) volumes: Rows<VolumeDraft>,
    /// What it was made of.
    base: StoredValue<Value>,
}

/// Fields of a container that the form has.
const KNOWN: &[&str] = &[
    "args",
    "command",
    "envs",
    "image_url",
    "name",
    "ports",
    "privileged",
    "resources",
    "version",
    "volumes",
];

/// Amounts, as the service names them.
const AMOUNTS: [&str; 4] = ["cpu", "memory", "gpu", "npu"];

impl ContainerDraft {
    /// A draft of a container, or of a new one.
    pub(super) fn new(container: Option<&Value>) -> Self {
        let base = container.cloned().unwrap_or_default();
        let field = |name: &str| RwSignal::new(text(&base, name).unwrap_or_default());
        let lines = |name: &str| {
            let lines: Vec<&str> = list(&base, name).iter().filter_map(Value::as_str).collect();
            RwSignal::new(lines.join("\n"))
        };
        let amount = |side: &str, name: &str| {
            let amounts = base.get("resources").and_then(|it| it.get(side));
            RwSignal::new(amounts.and_then(|it| text(it, name)).unwrap_or_default())
        };
        Self {
            name: field("name"),
            image: field("image_url"),
            version: field("version"),
            command: lines("command"),
            args: lines("args"),
            privileged: RwSignal::new(flag(&base, "privileged").unwrap_or(false)),
            requests: ["cpu", "memory"].map(|name| amount("requests", name)),
            limits: AMOUNTS.map(|name| amount("limits", name)),
            variables: Rows::of(list(&base, "envs").iter().map(VariableDraft::new)),
            ports: Rows::of(list(&base, "ports").iter().map(PortDraft::new)),
            volumes: Rows::of(list(&base, "volumes").iter().map(VolumeDraft::new)),
            base: StoredValue::new(base),
        }
    }

    /// It as it is sent. Tracked.
    pub(super) fn body(self) -> Value {
        let base = self.base.get_value();
        let mut body = object(base.clone());
        let lines = |text: String| {
            let lines = text.lines().filter(|line| !line.is_empty());
            some(lines.map(Value::from).collect())
        };
        put(&mut body, "name", filled(self.name.get()));
        put(&mut body, "image_url", filled(self.image.get()));
        put(&mut body, "version", filled(self.version.get()));
        put(&mut body, "command", lines(self.command.get()));
        put(&mut body, "args", lines(self.args.get()));
        let privileged = self.privileged.get();
        if privileged || body.contains_key("privileged") {
            put(&mut body, "privileged", Some(privileged.into()));
        }
        let mut resources = object(base.get("resources").cloned().unwrap_or_default());
        let sides = [
            ("requests", self.requests.as_slice()),
            ("limits", self.limits.as_slice()),
        ];
        for (side, typed) in sides {
            let mut amounts = object(resources.get(side).cloned().unwrap_or_default());
            for (name, amount) in AMOUNTS.into_iter().zip(typed) {
                put(&mut amounts, name, filled(amount.get()));
            }
            let amounts = (!amounts.is_empty()).then(|| amounts.into());
            put(&mut resources, side, amounts);
        }
        let resources = (!resources.is_empty()).then(|| resources.into());
        put(&mut body, "resources", resources);
        let variables = self.variables.get().into_iter();
        let variables = variables.map(|(_, it)| it.body()).collect();
        put(&mut body, "envs", some(variables));
        let ports = self.ports.get().into_iter();
        put(
            &mut body,
            "ports",
            some(ports.map(|(_, it)| it.body()).collect()),
        );
        let volumes = self.volumes.get().into_iter();
        let volumes = volumes.map(|(_, it)| it.body()).collect();
        put(&mut body, "volumes", some(volumes));
        Value::Object(body)
    }

    /// What is set that has no field here, by its names in the body.
    pub(super) fn kept(self) -> Vec<String> {
        self.base.with_value(|base| others(Some(base), KNOWN))
    }
}

/// An environment variable, as typed.
#[derive(Clone, Copy)]
pub(super) struct VariableDraft {
    pub(super) name: RwSignal<String>,
    /// `value`, `config_map`, `secret` or `node`.
    pub(super) kind: RwSignal<String>,
    pub(super) value: RwSignal<String>,
    /// The ConfigMap or secret.
    pub(super) of: RwSignal<String>,
    pub(super) key: RwSignal<String>,
}

/// Where a variable can come from.
pub(super) const VARIABLE_KINDS: &[&str] = &["value", "config_map", "secret", "node"];

/// The only fact about an instance that a variable can hold.
const NODE_ADDRESS: &str = "status.hostIP";

impl VariableDraft {
    pub(super) fn new(variable: &Value) -> Self {
        let from = |field: &str| variable.get("value_from").and_then(|it| it.get(field));
        let (kind, source) = match (from("configmap"), from("secret")) {
            (Some(source), _) => ("config_map", Some(source)),
            (None, Some(source)) => ("secret", Some(source)),
            (None, None) if text(variable, "field_path").is_some() => ("node", None),
            (None, None) => ("value", None),
        };
        let part = |name: &str| {
            let part = source.and_then(|source| text(source, name));
            RwSignal::new(part.unwrap_or_default())
        };
        Self {
            name: RwSignal::new(text(variable, "name").unwrap_or_default()),
            kind: RwSignal::new(kind.to_owned()),
            value: RwSignal::new(text(variable, "value").unwrap_or_default()),
            of: part("name"),
            key: part("key"),
        }
    }

    fn body(self) -> Value {
        let mut body = Map::new();
        put(&mut body, "name", filled(self.name.get()));
        let source = || json!({ "name": self.of.get(), "key": self.key.get() });
        match self.kind.get().as_str() {
            "config_map" => {
                body.insert("value_from".to_owned(), json!({ "configmap": source() }));
            }
            "secret" => {
                body.insert("value_from".to_owned(), json!({ "secret": source() }));
            }
            "node" => {
                body.insert("field_path".to_owned(), NODE_ADDRESS.into());
            }
            _ => {
                body.insert("value".to_owned(), self.value.get().into());
            }
        }
        Value::Object(body)
    }
}

/// A port, as typed.
#[derive(Clone, Copy)]
pub(super) struct PortDraft {
    pub(super) container: RwSignal<Option<i64>>,
    pub(super) host: RwSignal<Option<i64>>,
    pub(super) address: RwSignal<String>,
    base: StoredValue<Value>,
}

impl PortDraft {
    pub(super) fn new(port: &Value) -> Self {
        // The service says zero where a range is meant instead.
        let number = |name: &str| RwSignal::new(integer(port, name).filter(|it| *it > 0));
        Self {
            container: number("container_port"),
            host: number("host_port"),
            address: RwSignal::new(text(port, "host_ip").unwrap_or_default()),
            base: StoredValue::new(port.clone()),
        }
    }

    /// Whether the service takes a port of a range, which the form keeps as it is.
    pub(super) fn has_range(self) -> bool {
        self.base
            .with_value(|base| base.get("host_port_range").is_some())
    }

    fn body(self) -> Value {
        let mut body = object(self.base.get_value());
        let container = self.container.get().map(Value::from);
        put(&mut body, "container_port", container);
        put(&mut body, "host_port", self.host.get().map(Value::from));
        put(&mut body, "host_ip", filled(self.address.get()));
        Value::Object(body)
    }
}

/// A volume, as typed.
#[derive(Clone, Copy)]
pub(super) struct VolumeDraft {
    pub(super) name: RwSignal<String>,
    /// One of [`VOLUME_KINDS`], as the service names them.
    pub(super) kind: RwSignal<String>,
    pub(super) source: RwSignal<String>,
    pub(super) destination: RwSignal<String>,
    pub(super) read_only: RwSignal<bool>,
    base: StoredValue<Value>,
}

/// Where a volume can come from.
pub(super) const VOLUME_KINDS: &[&str] = &["hostPath", "configMap", "secret", "emptyDir"];

impl VolumeDraft {
    pub(super) fn new(volume: &Value) -> Self {
        let field = |name: &str| RwSignal::new(text(volume, name).unwrap_or_default());
        let kind = text(volume, "type").unwrap_or_else(|| "hostPath".to_owned());
        Self {
            name: field("name"),
            kind: RwSignal::new(kind),
            source: field("source"),
            destination: field("destination"),
            read_only: RwSignal::new(flag(volume, "read_only").unwrap_or(false)),
            base: StoredValue::new(volume.clone()),
        }
    }

    fn body(self) -> Value {
        let mut body = object(self.base.get_value());
        let kind = self.kind.get();
        // What comes from a ConfigMap or secret can't be written.
        let fixed = matches!(kind.as_str(), "configMap" | "secret");
        if !fixed {
            body.remove("default_mode");
        }
        put(&mut body, "name", filled(self.name.get()));
        put(&mut body, "type", filled(kind));
        put(&mut body, "source", filled(self.source.get()));
        put(&mut body, "destination", filled(self.destination.get()));
        let read_only = fixed || self.read_only.get();
        put(&mut body, "read_only", Some(read_only.into()));
        Value::Object(body)
    }
}
