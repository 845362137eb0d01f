//! A deployment while it is filled in. Whatever of the body has no field here is kept as it was.

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::container_draft::ContainerDraft;
use crate::kit::Choice;
use crate::pages::parts::Rows;
use crate::table::reading::{flag, integer, list, text};

/// A key and a value, as typed.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) key: RwSignal<String>,
    pub(super) value: RwSignal<String>,
}

impl Pair {
    pub(super) fn new(key: &str, value: &str) -> Self {
        Self {
            key: RwSignal::new(key.to_owned()),
            value: RwSignal::new(value.to_owned()),
        }
    }
}

/// What is typed.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) name: RwSignal<String>,
    pub(super) description: RwSignal<String>,
    /// `node` or `group`.
    pub(super) place: RwSignal<String>,
    pub(super) node: RwSignal<String>,
    pub(super) group: RwSignal<String>,
    pub(super) replicas: RwSignal<Option<i64>>,
    pub(super) policy: RwSignal<String>,
    /// `ports` or `host`.
    pub(super) network: RwSignal<String>,
    pub(super) moves: RwSignal<bool>,
    pub(super) tags: Rows<Pair>,
    pub(super) containers: Rows<ContainerDraft>,
    /// The body it was made of.
    base: StoredValue<Value>,
    /// Whether it is a new one: what is there keeps its name, its place and its tags.
    pub(super) is_new: bool,
}

/// Fields of a template and of its settings that the form has.
const TEMPLATE: &[&str] = &["configs", "containers"];
const CONFIGS: &[&str] = &["host_network", "migration", "restart_policy"];

impl Draft {
    /// A draft of a body, or of nothing for a new deployment.
    pub(super) fn new(body: Option<&Value>, is_new: bool) -> Self {
        let body = body.map(trimmed).unwrap_or_default();
        let run = body.get("deployment").unwrap_or(&Value::Null);
        let template = run.get("template").unwrap_or(&Value::Null);
        let configs = template.get("configs").unwrap_or(&Value::Null);
        let field = |name: &str| RwSignal::new(text(&body, name).unwrap_or_default());
        let node = list(&body, "node_ids").first().and_then(Value::as_str);
        let group = text(&body, "group_id");
        let place = if group.is_some() { "group" } else { "node" };
        let network = match flag(configs, "host_network") {
            Some(true) => "host",
            _ => "ports",
        };
        let tags = list(&body, "tags").iter().map(|tag| {
            let part = |name: &str| text(tag, name).unwrap_or_default();
            Pair::new(&part("key"), &part("value"))
        });
        let containers = list(template, "containers").iter();
        let containers: Vec<ContainerDraft> = match containers.len() {
            0 => vec![ContainerDraft::new(None)],
            _ => containers.map(|it| ContainerDraft::new(Some(it))).collect(),
        };
        Self {
            name: field("name"),
            description: field("description"),
            place: RwSignal::new(place.to_owned()),
            node: RwSignal::new(node.unwrap_or_default().to_owned()),
            group: RwSignal::new(group.unwrap_or_default()),
            replicas: RwSignal::new(integer(run, "replicas").or(Some(1))),
            policy: RwSignal::new(
                text(configs, "restart_policy").unwrap_or_else(|| "Always".to_owned()),
            ),
            network: RwSignal::new(network.to_owned()),
            moves: RwSignal::new(flag(configs, "migration").unwrap_or(is_new)),
            tags: Rows::of(tags),
            containers: Rows::of(containers),
            base: StoredValue::new(body),
            is_new,
        }
    }

    /// The body as it is sent. Tracked.
    pub(super) fn body(self) -> Value {
        let base = self.base.get_value();
        let mut body = object(base.clone());
        if self.is_new {
            put(&mut body, "name", filled(self.name.get()));
            let tags: Vec<Value> = self
                .tags
                .get()
                .into_iter()
                .map(|(_, tag)| json!({ "key": tag.key.get(), "value": tag.value.get() }))
                .collect();
            put(&mut body, "tags", some(tags));
            let (node, group) = match self.place.get().as_str() {
                "group" => (None, filled(self.group.get())),
                _ => (filled(self.node.get()), None),
            };
            put(&mut body, "node_ids", node.map(|node| json!([node])));
            put(&mut body, "group_id", group);
            put(&mut body, "description", filled(self.description.get()));
        } else {
            // An empty one takes away what is there.
            put(
                &mut body,
                "description",
                Some(self.description.get().into()),
            );
        }
        let mut run = object(base.get("deployment").cloned().unwrap_or_default());
        put(&mut run, "replicas", self.replicas.get().map(Value::from));
        let mut template = object(run.get("template").cloned().unwrap_or_default());
        let mut configs = object(template.get("configs").cloned().unwrap_or_default());
        let host = self.network.get() == "host";
        put(&mut configs, "host_network", Some(host.into()));
        put(&mut configs, "restart_policy", filled(self.policy.get()));
        let moves = self.place.get() == "group";
        if moves || configs.contains_key("migration") {
            let moves = moves && self.moves.get();
            put(&mut configs, "migration", Some(moves.into()));
        }
        put(&mut template, "configs", Some(configs.into()));
        let containers = self.containers.get().into_iter();
        let containers = containers.map(|(_, it)| it.body()).collect();
        put(&mut template, "containers", some(containers));
        put(&mut run, "template", Some(template.into()));
        put(&mut body, "deployment", Some(run.into()));
        Value::Object(body)
    }

    /// What is set that has no field here, by its names in the body.
    pub(super) fn kept(self) -> Vec<String> {
        self.base.with_value(|base| {
            let template = base.pointer("/deployment/template");
            let mut kept = others(template, TEMPLATE);
            kept.extend(others(template.and_then(|it| it.get("configs")), CONFIGS));
            kept
        })
    }
}

/// Names of the fields of an object beside those that are known.
pub(super) fn others(object: Option<&Value>, known: &[&str]) -> Vec<String> {
    let fields = object.and_then(Value::as_object).into_iter().flatten();
    let names = fields.map(|(name, _)| name.clone());
    names
        .filter(|name| !known.contains(&name.as_str()))
        .collect()
}

/// A value without what is empty: the service answers every field, and takes an absent one for an empty one.
pub(super) fn trimmed(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, it)| (name.clone(), trimmed(it)));
            Value::Object(fields.filter(|(_, it)| !is_empty(it)).collect())
        }
        Value::Array(entries) => Value::Array(entries.iter().map(trimmed).collect()),
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The fields of a value; none of what is no object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Sets a field, or takes it away.
pub(super) fn put(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            object.insert(name.to_owned(), value);
        }
        None => {
            object.remove(name);
        }
    }
}

/// A text that isn't empty.
pub(super) fn filled(text: String) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

/// A list that isn't empty.
pub(super) fn some(entries: Vec<Value>) -> Option<Value> {
    (!entries.is_empty()).then(|| entries.into())
}

/// The values a rule allows, with their words.
pub(super) fn choices(
    values: &'static [&'static str],
    word: fn(&str) -> String,
) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let values = values.iter();
        values
            .map(|value| Choice::new(*value, word(value)))
            .collect()
    })
}
