//! How endpoints, states, counts and topics look, in tables and in facts.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::resource::Column;
use leptos::prelude::*;
use serde_json::Value;

use crate::kit::facts::time_of;
use crate::kit::{Id, Sign, StateSign, Text, dash, text_or_dash};
use crate::router::Address;
use crate::table::reading::{flag, integer, text};
use crate::table::{CellLook, CellStyle};
use crate::words::messages as texts;
use crate::words::{Word, entries};
use crate::{format, words};

/// How cells of rules and subscriptions look.
pub fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("enabled", CellValue::Flag(on)) => {
            let (sign, word) = state(*on);
            Some(CellLook::state(sign, word.get()))
        }
        ("failed", CellValue::Integer(count)) if *count > 0 => {
            Some(CellLook::state(Sign::Bad, format::number(*count)))
        }
        ("node", CellValue::Text(id)) => Some(CellLook::thing(id)),
        ("source_resource" | "target_resource", CellValue::Text(named)) => {
            let short = short_topic(named);
            Some(CellLook {
                whole: (short != named).then(|| named.clone()),
                style: CellStyle::Code,
                ..CellLook::text(short)
            })
        }
        _ => None,
    }
}

fn state(on: bool) -> (Sign, Word) {
    match on {
        true => (Sign::Good, texts::enabled),
        false => (Sign::Stopped, texts::disabled),
    }
}

/// Whether something is on or off, beside its title.
pub fn enabled_state(thing: &Value) -> Option<AnyView> {
    flag(thing, "in_using").map(enabled_sign)
}

/// On or off, as sign and word.
pub fn enabled_sign(on: bool) -> AnyView {
    let (sign, word) = state(on);
    view! { <StateSign sign=sign word=word /> }.into_any()
}

/// The parts of a topic that names a project and a node or a device: which of both, its identifier, and what
/// follows. `None` for any other topic.
pub fn topic_parts(topic: &str) -> Option<(&str, &str, &str)> {
    let (_, rest) = topic.split_once('/')?;
    let (what, rest) = rest.split_once('/')?;
    let (id, rest) = rest.split_once('/')?;
    match what {
        "nodes" => Some((what, id, rest.strip_prefix("user/")?)),
        "device" => Some((what, id, rest)),
        _ => None,
    }
}

/// What tells a topic from others of the same node or device; all of anything else.
pub fn short_topic(topic: &str) -> &str {
    match topic_parts(topic) {
        Some((_, _, own)) if !own.is_empty() => own,
        _ => topic,
    }
}

/// What a source or a destination names, whatever its field is called.
pub fn named(resource: &Value) -> Option<String> {
    let fields = ["path", "topic", "channel", "resource"];
    fields.into_iter().find_map(|field| text(resource, field))
}

/// The name of an endpoint in a rule or subscription; its identifier without one.
pub fn endpoint_name(endpoint: Option<&Value>) -> String {
    let of = |field| endpoint.and_then(|endpoint| text(endpoint, field));
    of("name").or_else(|| of("id")).unwrap_or_default()
}

/// The type of an endpoint in words. Follows the language.
pub fn endpoint_kind(kind: &str) -> String {
    words::value("endpoint", "type", kind)
}

/// An endpoint as a link to its page, with its type.
pub fn endpoint_link(endpoint: Option<&Value>) -> AnyView {
    let Some(endpoint) = endpoint.filter(|it| it.is_object()) else {
        return dash();
    };
    let name = endpoint_name(Some(endpoint));
    let kind = text(endpoint, "type");
    let kind = kind.map(|kind| {
        view! { <span class="second">{move || endpoint_kind(&kind)}</span> }
    });
    let name = match text(endpoint, "id") {
        Some(id) => {
            let href = Address::new(["endpoints", &id]).to_string();
            view! { <a href=href>{name}</a> }.into_any()
        }
        None => text_or_dash(Some(&name)),
    };
    view! { <span class="row row-wrap">{name} {kind}</span> }.into_any()
}

/// Messages that went and messages that didn't.
pub fn counts(thing: &Value, went: Word, failed: Word) -> Vec<(Text, AnyView)> {
    let count = |field| integer(thing, field);
    let number = |count: i64| view! { <span class="selectable">{format::number(count)}</span> };
    let went_count = match count("success_messages") {
        Some(count) => number(count).into_any(),
        None => dash(),
    };
    let failed_count = match count("fail_messages") {
        Some(count) if count > 0 => {
            view! { <StateSign sign=Sign::Bad word=format::number(count) /> }.into_any()
        }
        Some(count) => number(count).into_any(),
        None => dash(),
    };
    vec![(went.into(), went_count), (failed.into(), failed_count)]
}

/// What every thing has: identifier, description, times.
pub fn stamps(thing: &Value) -> Vec<(Text, AnyView)> {
    let at = |name: &str| time_of(text(thing, name).as_deref());
    vec![
        (
            texts::description.into(),
            text_or_dash(text(thing, "description").as_deref()),
        ),
        (
            entries::id.into(),
            view! { <Id id=text(thing, "id").unwrap_or_default() whole=true /> }.into_any(),
        ),
        (entries::created.into(), at("created_at")),
        (entries::changed.into(), at("updated_at")),
    ]
}
