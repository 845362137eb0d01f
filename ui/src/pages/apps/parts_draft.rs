//! Parts of a version while they are filled in: variables, volumes, ports, probes.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::draft::{Fields, fields_of, put, put_object, put_text, put_unless};
use crate::table::reading::{flag, integer, text};

/// The one fact about an instance that a variable can hold (table 4-163).
const NODE_ADDRESS: &str = "status.hostIP";

fn signal(value: &Value, name: &str) -> RwSignal<String> {
    RwSignal::new(text(value, name).unwrap_or_default())
}

/// An environment variable as typed.
#[derive(Clone, Copy)]
pub(super) struct EnvDraft {
    base: StoredValue<Fields>,
    pub(super) name: RwSignal<String>,
    /// `value`, `secret`, `configmap` or `node`.
    pub(super) kind: RwSignal<String>,
    pub(super) value: RwSignal<String>,
    /// Name of the ConfigMap or secret.
    pub(super) source: RwSignal<String>,
    /// Its key.
    pub(super) key: RwSignal<String>,
}

impl EnvDraft {
    pub(super) fn new(env: &Value) -> Self {
        let from = env.get("value_from").filter(|from| from.is_object());
        let of = |name: &str| from?.get(name).filter(|key| key.is_object());
        let (kind, key) = match (of("secret"), of("configmap")) {
            (Some(key), _) => ("secret", Some(key)),
            (None, Some(key)) => ("configmap", Some(key)),
            (None, None) if text(env, "field_path").is_some() => ("node", None),
            (None, None) => ("value", None),
        };
        let none = Value::Null;
        let key = key.unwrap_or(&none);
        Self {
            base: StoredValue::new(fields_of(env)),
            name: signal(env, "name"),
            kind: RwSignal::new(kind.to_owned()),
            value: signal(env, "value"),
            source: signal(key, "name"),
            key: signal(key, "key"),
        }
    }

    /// As it is sent. Tracked.
    pub(super) fn value(self) -> Value {
        let mut env = self.base.get_value();
        for name in ["value", "value_from", "field_path"] {
            env.remove(name);
        }
        put_text(&mut env, "name", self.name.get());
        match self.kind.get().as_str() {
            "node" => put(&mut env, "field_path", Some(json!(NODE_ADDRESS))),
            "value" => put(&mut env, "value", Some(json!(self.value.get()))),
            kind => {
                let key = json!({ "name": self.source.get(), "key": self.key.get() });
                put(&mut env, "value_from", Some(json!({ kind: key })));
            }
        }
        env.into()
    }
}

/// A volume as typed.
#[derive(Clone, Copy)]
pub(super) struct VolumeDraft {
    base: StoredValue<Fields>,
    pub(super) name: RwSignal<String>,
    pub(super) kind: RwSignal<String>,
    /// Path of the node, or name of the ConfigMap or secret.
    pub(super) source: RwSignal<String>,
    /// What an empty folder is kept in.
    pub(super) medium: RwSignal<String>,
    pub(super) destination: RwSignal<String>,
    pub(super) read_only: RwSignal<bool>,
}

impl VolumeDraft {
    pub(super) fn new(volume: &Value) -> Self {
        let kind = text(volume, "type").unwrap_or_else(|| "configMap".to_owned());
        let source = text(volume, "source").unwrap_or_default();
        let (source, medium) = match kind.as_str() {
            "emptyDir" => (String::new(), source),
            _ => (source, "disk".to_owned()),
        };
        Self {
            base: StoredValue::new(fields_of(volume)),
            name: signal(volume, "name"),
            kind: RwSignal::new(kind),
            source: RwSignal::new(source),
            medium: RwSignal::new(medium),
            destination: signal(volume, "destination"),
            read_only: RwSignal::new(flag(volume, "read_only").unwrap_or(false)),
        }
    }

    /// Whether it can be read only, whatever is said. Tracked.
    pub(super) fn is_read_only_kind(self) -> bool {
        let kind = self.kind.get();
        matches!(kind.as_str(), "configMap" | "secret")
    }

    /// As it is sent. Tracked.
    pub(super) fn value(self) -> Value {
        let mut volume = self.base.get_value();
        let source = match self.kind.get().as_str() {
            "emptyDir" => self.medium.get(),
            _ => self.source.get(),
        };
        let read_only = self.is_read_only_kind() || self.read_only.get();
        put_text(&mut volume, "name", self.name.get());
        put_text(&mut volume, "type", self.kind.get());
        put_text(&mut volume, "source", source);
        put_text(&mut volume, "destination", self.destination.get());
        put(&mut volume, "read_only", Some(json!(read_only)));
        volume.into()
    }
}

/// A mapped port as typed.
#[derive(Clone, Copy)]
pub(super) struct PortDraft {
    base: StoredValue<Fields>,
    pub(super) container: RwSignal<Option<i64>>,
    pub(super) host: RwSignal<Option<i64>>,
    pub(super) address: RwSignal<String>,
}

impl PortDraft {
    pub(super) fn new(port: &Value) -> Self {
        Self {
            base: StoredValue::new(fields_of(port)),
            container: RwSignal::new(integer(port, "container_port")),
            host: RwSignal::new(integer(port, "host_port")),
            address: signal(port, "host_ip"),
        }
    }

    /// As it is sent. Tracked.
    pub(super) fn value(self) -> Value {
        let mut port = self.base.get_value();
        let container = self.container.get().map(Value::from);
        put(&mut port, "container_port", container);
        put(&mut port, "host_port", self.host.get().map(Value::from));
        put_text(&mut port, "host_ip", self.address.get());
        port.into()
    }
}

/// A probe as typed.
#[derive(Clone, Copy)]
pub(super) struct ProbeDraft {
    base: StoredValue<Fields>,
    /// `http`, `command`, or empty for none.
    pub(super) way: RwSignal<String>,
    pub(super) path: RwSignal<String>,
    pub(super) port: RwSignal<Option<i64>>,
    pub(super) scheme: RwSignal<String>,
    pub(super) host: RwSignal<String>,
    pub(super) command: RwSignal<String>,
    pub(super) delay: RwSignal<Option<i64>>,
    pub(super) timeout: RwSignal<Option<i64>>,
}

impl ProbeDraft {
    pub(super) fn new(probe: &Value) -> Self {
        let request = probe.get("http_get").filter(|request| request.is_object());
        let command = text(probe, "exec_command");
        let way = match (&command, request) {
            (Some(_), _) => "command",
            (None, Some(_)) => "http",
            (None, None) => "",
        };
        let none = Value::Null;
        let request = request.unwrap_or(&none);
        let scheme = text(request, "scheme").unwrap_or_else(|| "HTTP".to_owned());
        Self {
            base: StoredValue::new(fields_of(probe)),
            way: RwSignal::new(way.to_owned()),
            path: signal(request, "path"),
            port: RwSignal::new(integer(request, "port")),
            scheme: RwSignal::new(scheme),
            host: signal(request, "host"),
            command: RwSignal::new(command.unwrap_or_default()),
            delay: RwSignal::new(integer(probe, "initial_delay_seconds")),
            timeout: RwSignal::new(integer(probe, "timeout_seconds")),
        }
    }

    /// As it is sent, if there is one. Tracked.
    pub(super) fn value(self) -> Option<Value> {
        let way = self.way.get();
        if way.is_empty() {
            return None;
        }
        let mut probe = self.base.get_value();
        if way == "http" {
            probe.remove("exec_command");
            put_object(&mut probe, "http_get", |request| {
                put_text(request, "path", self.path.get());
                put(request, "port", self.port.get().map(Value::from));
                put_text(request, "host", self.host.get());
                put_unless(request, "scheme", json!(self.scheme.get()), &json!("HTTP"));
            });
        } else {
            probe.remove("http_get");
            put_text(&mut probe, "exec_command", self.command.get());
        }
        let (delay, timeout) = (self.delay.get(), self.timeout.get());
        put(&mut probe, "initial_delay_seconds", delay.map(Value::from));
        put(&mut probe, "timeout_seconds", timeout.map(Value::from));
        Some(probe.into())
    }
}
