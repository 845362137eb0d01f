//! What is typed in the forms of devices and templates, and the body it makes.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::setting_fields::SettingsDraft;
use super::settings::{ACCESS, VISITOR};
use super::show;
use crate::pages::parts::Rows;

/// A static property as typed.
#[derive(Clone, Copy)]
pub struct AttributeDraft {
    /// Its name.
    pub name: RwSignal<String>,
    /// Its type.
    pub kind: RwSignal<String>,
    /// Its value.
    pub value: RwSignal<String>,
    /// Whether it may be missing.
    pub optional: RwSignal<bool>,
}

/// A twin property as typed: what is expected of it, and how it is read from the device.
#[derive(Clone, Copy)]
pub struct TwinDraft {
    /// Name, type, expected value.
    pub attribute: AttributeDraft,
    /// How it is read.
    pub visitor: SettingsDraft,
}

/// The parts that devices and templates have in common.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Name.
    pub name: RwSignal<String>,
    /// What it is.
    pub description: RwSignal<String>,
    /// Protocol.
    pub protocol: RwSignal<String>,
    /// Static properties.
    pub attributes: Rows<AttributeDraft>,
    /// Twin properties.
    pub twin: Rows<TwinDraft>,
}

impl AttributeDraft {
    /// An empty one, of the service's default type.
    pub fn new() -> Self {
        Self::of("", "string", "", true)
    }

    /// One with these values.
    pub fn of(name: &str, kind: &str, value: &str, optional: bool) -> Self {
        Self {
            name: RwSignal::new(name.to_owned()),
            kind: RwSignal::new(kind.to_owned()),
            value: RwSignal::new(value.to_owned()),
            optional: RwSignal::new(optional),
        }
    }
}

impl TwinDraft {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            attribute: AttributeDraft::new(),
            visitor: SettingsDraft::new(VISITOR, &BTreeMap::new()),
        }
    }
}

impl Draft {
    /// What a device or a template has now, or nothing for a new one.
    pub fn new(thing: Option<&Value>) -> Self {
        let nothing = Value::Null;
        let thing = thing.unwrap_or(&nothing);
        let draft = Self {
            name: RwSignal::new(show::text(thing, "name").to_owned()),
            description: RwSignal::new(show::text(thing, "description").to_owned()),
            protocol: RwSignal::new(show::protocol_of(thing).to_owned()),
            attributes: Rows::new(),
            twin: Rows::new(),
        };
        for (name, attribute) in show::attributes_of(thing) {
            let kind = show::type_of(attribute.metadata.as_ref()).to_owned();
            let value = attribute.value.unwrap_or_default();
            draft.attributes.add(|| {
                AttributeDraft::of(&name, &kind, &value, attribute.optional.unwrap_or(true))
            });
        }
        let visitors = show::visitors_of(thing);
        for (name, property) in show::twin_of(thing) {
            let kind = show::type_of(property.metadata.as_ref()).to_owned();
            let value = property
                .expected
                .and_then(|side| side.value)
                .unwrap_or_default();
            let visitor = visitors.get(&name).cloned().unwrap_or_default();
            draft.twin.add(|| TwinDraft {
                attribute: AttributeDraft::of(
                    &name,
                    &kind,
                    &value,
                    property.optional.unwrap_or(true),
                ),
                visitor: SettingsDraft::new(VISITOR, &visitor),
            });
        }
        draft
    }

    /// Static properties as they are sent. Tracked.
    pub fn attributes(self) -> Value {
        let rows = self.attributes.get().into_iter().map(|(_, row)| {
            let mut attribute = head(row);
            attribute.insert("value".to_owned(), json!(row.value.get()));
            (row.name.get(), Value::Object(attribute))
        });
        Value::Object(rows.collect())
    }

    /// Twin properties as they are sent. Tracked.
    pub fn twin(self) -> Value {
        let rows = self.twin.get().into_iter().map(|(_, row)| {
            let row = row.attribute;
            let mut property = head(row);
            property.insert("expected".to_owned(), json!({"value": row.value.get()}));
            (row.name.get(), Value::Object(property))
        });
        Value::Object(rows.collect())
    }

    /// How the twin properties are read, as it is sent: what fits the protocol and is set. Tracked.
    pub fn visitors(self) -> Value {
        let protocol = self.protocol.get();
        let rows = self.twin.get().into_iter().filter_map(|(_, row)| {
            let settings = row.visitor.body(VISITOR, &protocol);
            (!settings.is_empty()).then(|| (row.attribute.name.get(), Value::Object(settings)))
        });
        Value::Object(rows.collect())
    }
}

/// What static and twin properties have in common.
fn head(row: AttributeDraft) -> Map<String, Value> {
    let fields = [
        ("optional".to_owned(), json!(row.optional.get())),
        ("metadata".to_owned(), json!({"type": row.kind.get()})),
    ];
    fields.into_iter().collect()
}

/// The kind of access a protocol has; Modbus has two, of which one is chosen.
pub fn access_kind(protocol: &str, modbus: &str) -> String {
    match protocol {
        "modbus" => modbus.to_owned(),
        other => other.to_owned(),
    }
}

/// The settings of access as they are sent. `None` where there is nothing to say.
pub fn access_body(access: SettingsDraft, protocol: &str, modbus: &str) -> Option<Value> {
    let kind = access_kind(protocol, modbus);
    let mut settings = access.body(ACCESS, &kind);
    if settings.is_empty() && protocol == "userdefine" {
        return None;
    }
    settings.insert("protocol_type".to_owned(), json!({"value": kind}));
    Some(Value::Object(settings))
}

/// Only what is another one than before: what is left out stays as it is.
pub fn changed_only(before: &Value, after: Map<String, Value>) -> Map<String, Value> {
    after
        .into_iter()
        .filter(|(name, value)| before.get(name).unwrap_or(&Value::Null) != value)
        .collect()
}
