//! A version while it is filled in. What its form doesn't know stays as it was.

use leptos::prelude::*;
use serde_json::{Map, Number, Value, json};

use super::parts_draft::{EnvDraft, PortDraft, ProbeDraft, VolumeDraft};
use crate::pages::parts::Rows;
use crate::table::reading::{flag, list, text};

/// What can be changed on a version that is there (table 4-140), with what stands for nothing. A probe that is
/// there can't be taken away: what is left out stays.
pub(super) const CHANGEABLE: [(&str, fn() -> Value); 9] = [
    ("envs", || json!([])),
    ("volumes", || json!([])),
    ("resources", || json!({})),
    ("configs", || json!({})),
    ("liveness_probe", || Value::Null),
    ("readiness_probe", || Value::Null),
    ("command", || json!([])),
    ("args", || json!([])),
    ("npu_type", || json!("")),
];

/// Lines of a command.
pub(super) type Lines = Rows<RwSignal<String>>;

/// Fields of an object.
pub(super) type Fields = Map<String, Value>;

/// Amounts as typed.
#[derive(Clone, Copy)]
pub(super) struct Amounts {
    pub(super) cpu: RwSignal<String>,
    pub(super) memory: RwSignal<String>,
    pub(super) gpu: RwSignal<String>,
    pub(super) npu: RwSignal<String>,
}

/// A version as typed.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    base: StoredValue<Fields>,
    pub(super) version: RwSignal<String>,
    pub(super) image: RwSignal<String>,
    pub(super) arch: RwSignal<String>,
    pub(super) command: Lines,
    pub(super) args: Lines,
    pub(super) envs: Rows<EnvDraft>,
    pub(super) volumes: Rows<VolumeDraft>,
    pub(super) requests: Amounts,
    pub(super) limits: Amounts,
    pub(super) npu_type: RwSignal<String>,
    /// `true` for the node's network.
    pub(super) network: RwSignal<String>,
    pub(super) privileged: RwSignal<bool>,
    pub(super) restart: RwSignal<String>,
    pub(super) ports: Rows<PortDraft>,
    pub(super) liveness: ProbeDraft,
    pub(super) readiness: ProbeDraft,
}

impl Draft {
    /// A draft of what is there.
    pub(super) fn new(version: &Value) -> Self {
        let signal = |name: &str| RwSignal::new(text(version, name).unwrap_or_default());
        let lines = |name: &str| {
            let lines = list(version, name).iter();
            Rows::of(lines.map(|line| RwSignal::new(line.as_str().unwrap_or_default().to_owned())))
        };
        let part = |name: &str| version.get(name).unwrap_or(&Value::Null);
        let side = |name: &str| Amounts::new(part("resources").get(name).unwrap_or(&Value::Null));
        let configs = part("configs");
        let is_mapped = flag(configs, "host_network") == Some(false);
        let restart = text(configs, "restart_policy").unwrap_or_else(|| "Always".to_owned());
        Self {
            base: StoredValue::new(fields_of(version)),
            version: signal("version"),
            image: signal("image_url"),
            arch: signal("arch"),
            command: lines("command"),
            args: lines("args"),
            envs: Rows::of(list(version, "envs").iter().map(EnvDraft::new)),
            volumes: Rows::of(list(version, "volumes").iter().map(VolumeDraft::new)),
            requests: side("requests"),
            limits: side("limits"),
            npu_type: signal("npu_type"),
            network: RwSignal::new((!is_mapped).to_string()),
            privileged: RwSignal::new(flag(configs, "privileged").unwrap_or(false)),
            restart: RwSignal::new(restart),
            ports: Rows::of(list(configs, "ports").iter().map(PortDraft::new)),
            liveness: ProbeDraft::new(part("liveness_probe")),
            readiness: ProbeDraft::new(part("readiness_probe")),
        }
    }

    /// Everything that is filled in. Tracked.
    pub(super) fn value(self) -> Fields {
        let mut fields = self.base.get_value();
        put_text(&mut fields, "version", self.version.get());
        put_text(&mut fields, "image_url", self.image.get());
        put_text(&mut fields, "arch", self.arch.get());
        put_text(&mut fields, "npu_type", self.npu_type.get());
        put_list(&mut fields, "command", lines(self.command));
        put_list(&mut fields, "args", lines(self.args));
        let rows = self.envs.get().into_iter().map(|(_, env)| env.value());
        put_list(&mut fields, "envs", rows.collect());
        let rows = self.volumes.get().into_iter();
        put_list(
            &mut fields,
            "volumes",
            rows.map(|(_, volume)| volume.value()).collect(),
        );
        put_object(&mut fields, "resources", |resources| {
            put_object(resources, "limits", |side| self.limits.put(side));
            put_object(resources, "requests", |side| self.requests.put(side));
        });
        put_object(&mut fields, "configs", |configs| self.put_configs(configs));
        put(&mut fields, "liveness_probe", self.liveness.value());
        put(&mut fields, "readiness_probe", self.readiness.value());
        fields
    }

    fn put_configs(self, configs: &mut Fields) {
        let on_node = self.network.with(|network| network == "true");
        put_unless(configs, "host_network", json!(on_node), &json!(true));
        let privileged = json!(self.privileged.get());
        put_unless(configs, "privileged", privileged, &json!(false));
        let restart = json!(self.restart.get());
        put_unless(configs, "restart_policy", restart, &json!("Always"));
        let ports = self.ports.get().into_iter().map(|(_, port)| port.value());
        // The node's network needs no mapping, and the service takes none with it.
        let ports = if on_node { Vec::new() } else { ports.collect() };
        put_list(configs, "ports", ports);
    }
}

impl Amounts {
    fn new(side: &Value) -> Self {
        let signal = |name: &str| RwSignal::new(text(side, name).unwrap_or_default());
        Self {
            cpu: signal("cpu"),
            memory: signal("memory"),
            gpu: signal("gpu"),
            npu: signal("npu"),
        }
    }

    /// With the names they have in the body.
    fn named(self) -> [(&'static str, RwSignal<String>); 4] {
        [
            ("cpu", self.cpu),
            ("memory", self.memory),
            ("gpu", self.gpu),
            ("npu", self.npu),
        ]
    }

    fn put(self, side: &mut Fields) {
        for (name, amount) in self.named() {
            let amount = amount.get();
            put(side, name, (!amount.is_empty()).then(|| number(&amount)));
        }
    }
}

fn lines(rows: Lines) -> Vec<Value> {
    let lines = rows.get().into_iter().map(|(_, line)| line.get());
    lines
        .filter(|line| !line.is_empty())
        .map(Value::String)
        .collect()
}

/// A number as typed. What is none is sent as it is: the host says what is wrong with it.
fn number(text: &str) -> Value {
    let text = text.trim();
    let whole = text.parse::<i64>().ok().map(Value::from);
    let decimal = || {
        let number = text.parse::<f64>().ok()?;
        Number::from_f64(number).map(Value::Number)
    };
    whole.or_else(decimal).unwrap_or_else(|| text.into())
}

pub(super) fn fields_of(value: &Value) -> Fields {
    value.as_object().cloned().unwrap_or_default()
}

pub(super) fn put(fields: &mut Fields, name: &str, value: Option<Value>) {
    match value {
        Some(value) => fields.insert(name.to_owned(), value),
        None => fields.remove(name),
    };
}

pub(super) fn put_text(fields: &mut Fields, name: &str, text: String) {
    put(fields, name, (!text.is_empty()).then(|| text.into()));
}

/// What is as the service does it anyway is said only where it was said before.
pub(super) fn put_unless(fields: &mut Fields, name: &str, value: Value, default: &Value) {
    if fields.contains_key(name) || value != *default {
        fields.insert(name.to_owned(), value);
    }
}

fn put_list(fields: &mut Fields, name: &str, list: Vec<Value>) {
    put(fields, name, (!list.is_empty()).then_some(list.into()));
}

pub(super) fn put_object(fields: &mut Fields, name: &str, fill: impl FnOnce(&mut Fields)) {
    let mut inner = fields.get(name).map(fields_of).unwrap_or_default();
    fill(&mut inner);
    put(fields, name, (!inner.is_empty()).then_some(inner.into()));
}

/// A value without what says nothing: what is null, empty text, an empty list or an empty object.
pub(super) fn bare(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter_map(|(name, value)| {
                let value = bare(value);
                let says_nothing = match &value {
                    Value::Null => true,
                    Value::String(text) => text.is_empty(),
                    Value::Array(list) => list.is_empty(),
                    Value::Object(fields) => fields.is_empty(),
                    Value::Bool(_) | Value::Number(_) => false,
                };
                (!says_nothing).then(|| (name.clone(), value))
            });
            Value::Object(kept.collect())
        }
        Value::Array(list) => list.iter().map(bare).collect(),
        plain => plain.clone(),
    }
}

/// Everything that can be changed, what is empty too: an update empties what is there but empty.
pub(super) fn changeable(version: &Value) -> Fields {
    let mut fields = Fields::new();
    for (name, nothing) in CHANGEABLE {
        let value = version.get(name).filter(|value| !value.is_null());
        let value = value.cloned().unwrap_or_else(nothing);
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    }
    fields
}
