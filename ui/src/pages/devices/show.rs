//! What is shown of devices and of their templates: attributes, access, visitors.

use std::collections::BTreeMap;

use ief_api::device::{Attribute, TwinProperty};
use ief_api::wire::Lenient;
use leptos::prelude::*;
use serde_json::Value;

use super::actions::Bound;
use super::settings::{ACCESS, Control, Setting, VISITOR};
use crate::kit::facts::time_of;
use crate::kit::{Chip, Glyph, Id, Text, dash, icon, text_or_dash};
use crate::pages::parts::{fact_list, part as part_of, plain_table};
use crate::router::Address;
use crate::words;
use crate::words::Word;
use crate::words::devices as texts;

/// A text of a thing; empty when there is none.
pub fn text<'a>(thing: &'a Value, name: &str) -> &'a str {
    thing.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A part of a thing, read as leniently as the service writes.
pub fn part<T: Lenient>(thing: &Value, name: &str) -> T {
    thing
        .get(name)
        .and_then(|value| T::lenient(value).ok())
        .unwrap_or_default()
}

/// The static properties of a device or a template.
pub fn attributes_of(thing: &Value) -> BTreeMap<String, Attribute> {
    part(thing, "attributes")
}

/// The twin properties of a device or a template.
pub fn twin_of(thing: &Value) -> BTreeMap<String, TwinProperty> {
    part(thing, "twin")
}

/// The settings of each visitor by the name of its property.
pub fn visitors_of(thing: &Value) -> BTreeMap<String, BTreeMap<String, String>> {
    let visitors = thing.get("property_visitors").and_then(Value::as_object);
    visitors
        .into_iter()
        .flatten()
        .map(|(name, visitor)| (name.clone(), settings_of(Some(visitor))))
        .collect()
}

/// The values of settings by their names. Old names are read as the new ones.
pub fn settings_of(settings: Option<&Value>) -> BTreeMap<String, String> {
    let settings = settings.and_then(Value::as_object);
    let values = settings
        .into_iter()
        .flatten()
        .filter_map(|(name, setting)| {
            let name = if name == "expected_data_type" {
                "expected_datatype"
            } else {
                name
            };
            let value = Option::<Attribute>::lenient(setting)
                .ok()
                .flatten()?
                .value?;
            Some((name.to_owned(), value))
        });
    values.collect()
}

/// The protocol, with the service's default where it says nothing.
pub fn protocol_of(thing: &Value) -> &str {
    match text(thing, "access_protocol") {
        "" => "userdefine",
        protocol => protocol,
    }
}

/// The protocol in words.
pub fn protocol_words(protocol: &str) -> String {
    words::value("device", "protocol", protocol)
}

/// The type of a property; the service's default is text.
pub fn type_of(metadata: Option<&ief_api::device::Metadata>) -> &str {
    metadata
        .and_then(|metadata| metadata.kind.as_ref())
        .map_or("string", |kind| kind.as_str())
}

/// A type in words.
pub fn type_words(kind: &str) -> String {
    words::find_or(&format!("devices.types.{kind}"), kind)
}

/// A setting's name in words.
pub fn setting_words(name: &str) -> String {
    words::find_or(&format!("devices.setting.{name}"), name)
}

/// A setting's value in words, where it is one of a few.
pub fn choice_words(setting: &Setting, value: &str) -> String {
    match setting.choices().contains(&value) {
        true => words::find_or(&format!("devices.choice.{}.{value}", setting.name), value),
        false => value.to_owned(),
    }
}

/// What a device is: its identifier, what it is called and since when.
pub(super) fn head_facts(device: &Value, nodes: Memo<Option<Vec<Bound>>>) -> Vec<(Text, AnyView)> {
    let bound = move || match nodes.get() {
        None => dash(),
        Some(nodes) if nodes.is_empty() => {
            view! { <span class="second">{texts::unbound}</span> }.into_any()
        }
        Some(nodes) => {
            let link = |node: Bound| {
                let href = Address::new(["nodes", &node.id]).to_string();
                view! { <p><a href=href>{node.name}</a></p> }
            };
            nodes.into_iter().map(link).collect_view().into_any()
        }
    };
    let at = |name: &str| time_of(Some(text(device, name)));
    vec![
        (
            texts::id.into(),
            view! { <Id id=text(device, "id") whole=true /> }.into_any(),
        ),
        (
            texts::description.into(),
            text_or_dash(Some(text(device, "description"))),
        ),
        (
            texts::connection.into(),
            text_or_dash(Some(text(device, "connection_type"))),
        ),
        (texts::node.into(), view! { {bound} }.into_any()),
        (texts::seen.into(), at("last_online")),
        (texts::registered.into(), at("created_at")),
        (texts::changed.into(), at("updated_at")),
    ]
}

/// A device in short: what it is, how it is reached, its attributes.
pub(super) fn summary(device: &Value, nodes: Memo<Option<Vec<Bound>>>) -> AnyView {
    let mut lines = head_facts(device, nodes);
    lines.push((texts::tags.into(), tag_chips(device)));
    view! { {fact_list(lines)} {access_and_attributes(device)} }.into_any()
}

/// How a device is reached, and its attributes.
pub(super) fn access_and_attributes(device: &Value) -> AnyView {
    view! {
        {part_of(texts::access, access_facts(device))}
        {part_of(texts::attributes, attributes_table(device))}
    }
    .into_any()
}

/// Static properties as a table.
pub fn attributes_table(thing: &Value) -> AnyView {
    let attributes = attributes_of(thing);
    if attributes.is_empty() {
        return view! { <p class="second">{texts::no_attributes}</p> }.into_any();
    }
    let rows = attributes
        .into_iter()
        .map(|(name, attribute)| {
            let kind = type_of(attribute.metadata.as_ref()).to_owned();
            let required = attribute.optional == Some(false);
            vec![
                view! { <span class="selectable">{name}</span> }.into_any(),
                view! { <span class="second">{move || type_words(&kind)}</span> }.into_any(),
                text_or_dash(attribute.value.as_deref()),
                view! { <span class="second">{move || if required { texts::required.get() } else { texts::optional.get() }}</span> }
                    .into_any(),
            ]
        })
        .collect();
    let headings: [(Word, bool); 4] = [
        (texts::attribute, false),
        (texts::kind, false),
        (texts::value, false),
        (texts::presence, false),
    ];
    plain_table(texts::attributes, &headings, rows)
}

/// The settings of access. Secrets are told to be there, never shown.
pub fn access_facts(thing: &Value) -> AnyView {
    let access = thing.get("access_config");
    let values = settings_of(access);
    let kind = values.get("protocol_type").cloned().unwrap_or_default();
    let protocol = protocol_of(thing).to_owned();
    if values.is_empty() {
        return view! { <p class="second">{texts::no_access}</p> }.into_any();
    }
    // The host takes secrets out of answers and leaves null in their place.
    let held = |name: &str| {
        let secret = access.and_then(|access| access.get(name));
        secret.is_some_and(|secret| !secret.is_null())
    };
    let lines = ACCESS
        .iter()
        .filter(|setting| match setting.control {
            Control::Secret => held(setting.name),
            _ => values.contains_key(setting.name),
        })
        .map(|setting| {
            let name = setting.name;
            let value = match setting.control {
                Control::Secret => view! { <span class="second">{texts::secret_hidden}</span> }.into_any(),
                Control::Base64 => {
                    let value = values.get(name).cloned().unwrap_or_default();
                    view! { <code class="device-certificate selectable">{value}</code> }.into_any()
                }
                _ => {
                    let value = values.get(name).cloned().unwrap_or_default();
                    view! { <span class="selectable">{move || choice_words(setting, &value)}</span> }.into_any()
                }
            };
            (Text::from(move || setting_words(name)), value)
        });
    let spoken = move || {
        let protocol = protocol_words(&protocol);
        if matches!(kind.as_str(), "TCP" | "RTU") {
            format!("{protocol} {kind}")
        } else {
            protocol
        }
    };
    let first = (Text::from(texts::protocol), view! { {spoken} }.into_any());
    fact_list(std::iter::once(first).chain(lines).collect())
}

/// How one property is read from the device.
fn visitor_facts(values: &BTreeMap<String, String>) -> AnyView {
    let known = VISITOR
        .iter()
        .filter_map(|setting| Some((setting, values.get(setting.name)?.clone())));
    let lines = known
        .filter(|(_, value)| !value.is_empty())
        .map(|(setting, value)| {
            let name = setting.name;
            let value =
                view! { <span class="selectable">{move || choice_words(setting, &value)}</span> };
            (Text::from(move || setting_words(name)), value.into_any())
        });
    fact_list(lines.collect())
}

/// A property's name and type, and how it is read from the device.
pub fn property_name(
    name: String,
    kind: String,
    visitor: Option<BTreeMap<String, String>>,
) -> AnyView {
    let read = visitor.map(|visitor| {
        view! {
            <details class="twin-visitor">
                <summary>{icon(Glyph::ChevronRight)} {texts::twin::visitor}</summary>
                {visitor_facts(&visitor)}
            </details>
        }
    });
    view! {
        <span class="twin-name selectable">{name}</span>
        " "
        <span class="second small">{move || type_words(&kind)}</span>
        {read}
    }
    .into_any()
}

/// Tags as chips, or a dash.
pub fn tag_chips(thing: &Value) -> AnyView {
    let tags: ief_api::tags::Tags = part(thing, "tags");
    if tags.0.is_empty() {
        return dash();
    }
    let chips = tags
        .joined()
        .map(|tag| view! { <Chip label=tag /> })
        .collect_view();
    view! { <span class="row row-wrap">{chips}</span> }.into_any()
}
