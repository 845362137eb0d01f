//! Subscriptions of system events: what happens to nodes and applications, sent to an endpoint.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::operation::Call;
use ief_api::resource::{Column, Resource};
use ief_api::system_event::SystemEvent;
use leptos::prelude::*;
use serde_json::Value;

mod form;

use crate::kit::{Chip, Glyph, Item, MenuButton, Text, text_or_dash};
use crate::pages::messages::{
    self, Switch, counts, enabled_sign, enabled_state, endpoint_link, endpoint_name,
    resource_facts, stamps, switch_button,
};
use crate::pages::parts::fact_list;
use crate::pages::things::{self, Kind, Thing};
use crate::sheet;
use crate::table::reading::{flag, text};
use crate::table::{
    BulkButton, CellLook, Create, Empty, ListPage, ListView, Preset, RowAction, TableSpec,
};
use crate::words;
use crate::words::messages as message_texts;
use crate::words::system_events as texts;

/// The list, one subscription, or the form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, ..] => things::detail(&KIND, (*id).to_owned()),
    }
}

static KIND: Kind = Kind {
    resource: SystemEvent::SPEC,
    address: "system_events",
    list: "#/system_events",
    glyph: Glyph::Bell,
    title: texts::title,
    delete: texts::delete,
    delete_operation: "delete_system_event",
    named: "name",
    identified: "id",
    state: enabled_state,
    buttons,
    body,
};

static SWITCH: Switch = Switch {
    resource: SystemEvent::SPEC,
    start: "start_system_event",
    stop: "stop_system_event",
    start_sentence: |name| texts::enable_sentence(name),
    stop_sentence: |name| texts::disable_sentence(name),
};

static LIST: ListPage = ListPage {
    resource: SystemEvent::SPEC,
    table: TableSpec {
        kind: "system_event",
        columns: SystemEvent::SPEC.columns,
        shown: &[
            ("name", 160),
            ("enabled", 96),
            ("topic", 200),
            ("target", 132),
            ("target_resource", 160),
            ("succeeded", 80),
            ("failed", 80),
            ("updated", 120),
        ],
        look,
        checks: true,
        sorts: true,
    },
    address: "system_events",
    title: texts::title,
    presets: &[
        Preset {
            label: message_texts::presets::enabled,
            filter: "enabled:yes",
        },
        Preset {
            label: message_texts::presets::failing,
            filter: "failed>0",
        },
        Preset {
            label: texts::presets::nodes_lost,
            filter: "topic:edgeNode/offline,edgeNode/all",
        },
    ],
    create: Some(Create {
        label: texts::create,
        to: "#/system_events/new",
    }),
    row_actions: &[
        RowAction {
            label: message_texts::enable,
            glyph: Glyph::Play,
            danger: false,
            blocked: |row| is_enabled(row).then(|| message_texts::already_enabled.get()),
            run: |row| messages::switch(&SWITCH, &row.id, &row.name, true),
        },
        RowAction {
            label: message_texts::disable,
            glyph: Glyph::Stop,
            danger: false,
            blocked: |row| (!is_enabled(row)).then(|| message_texts::already_disabled.get()),
            run: |row| messages::switch(&SWITCH, &row.id, &row.name, false),
        },
        RowAction {
            label: texts::delete,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| {
                let target = match cell(&row, "target") {
                    Some(CellValue::Text(target)) => target.clone(),
                    _ => String::new(),
                };
                let topics = match cell(&row, "topic") {
                    Some(CellValue::Set(topics)) => topics.clone(),
                    _ => Vec::new(),
                };
                delete(&row.id, &row.name, &target, &topics);
            },
        },
    ],
    bulk: &[
        BulkButton {
            label: texts::enable_many,
            glyph: Glyph::Play,
            danger: false,
            sentence: texts::enable_many_sentence,
            call: || call("start_system_event"),
            only_when: Some(("enabled", &["false"])),
        },
        BulkButton {
            label: texts::disable_many,
            glyph: Glyph::Stop,
            danger: false,
            sentence: texts::disable_many_sentence,
            call: || call("stop_system_event"),
            only_when: Some(("enabled", &["true"])),
        },
        BulkButton {
            label: texts::delete_many,
            glyph: Glyph::Trash,
            danger: true,
            sentence: texts::delete_many_sentence,
            call: || call("delete_system_event"),
            only_when: None,
        },
    ],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Bell,
    },
    panel: |context| things::panel(&KIND, context),
};

fn call(operation: &str) -> Call {
    Call {
        operation: operation.to_owned(),
        ..Call::default()
    }
}

fn look(column: &Column, value: &CellValue, row: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("topic", CellValue::Set(topics)) if !topics.is_empty() => {
            Some(CellLook::text(in_words(topics)))
        }
        _ => messages::look(column, value, row),
    }
}

/// A cell of a row, by the column's name.
fn cell<'a>(row: &'a RowView, column: &str) -> Option<&'a CellValue> {
    SystemEvent::SPEC
        .column(column)
        .and_then(|at| row.cells.get(at))
}

fn is_enabled(row: &RowView) -> bool {
    matches!(cell(row, "enabled"), Some(CellValue::Flag(true)))
}

/// A topic in words: "Node offline".
fn topic_words(topic: &str) -> String {
    words::value("system_event", "topic", topic)
}

/// Topics in words, one after the other.
fn in_words(topics: &[String]) -> String {
    let words: Vec<String> = topics.iter().map(|topic| topic_words(topic)).collect();
    words.join(", ")
}

/// The topics of a subscription, which the service has as one text.
fn topics(event: &Value) -> Vec<String> {
    let events = text(event, "events").unwrap_or_default();
    let topics = events.split(',').map(str::trim);
    topics
        .filter(|topic| !topic.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Deletes a subscription, whose end and topics are named where they are known.
fn delete(id: &str, name: &str, target: &str, topics: &[String]) {
    let change = things::deletion(&KIND, id, name, texts::delete_sentence(name));
    sheet::send(match target.is_empty() || topics.is_empty() {
        true => change,
        false => change.breaks(texts::delete_breaks(in_words(topics), target)),
    });
}

fn buttons(thing: Thing) -> AnyView {
    let more = Signal::derive(move || {
        let delete_it = move || {
            let (id, name) = thing.named_now();
            let known = untrack(|| {
                thing.with(|event| Some((endpoint_name(event.get("target")), topics(event))))
            });
            let (target, topics) = known.unwrap_or_default();
            delete(&id, &name, &target, &topics);
        };
        vec![
            Item::new(texts::delete, delete_it)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    view! {
        {switch_button(&SWITCH, thing)}
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

fn body(thing: Thing) -> AnyView {
    view! { <div class="thing-body stack">{thing.view(facts)}</div> }.into_any()
}

fn facts(event: &Value) -> AnyView {
    let target = event.get("target");
    let chips = topics(event)
        .into_iter()
        .map(|topic| view! { <Chip label=move || topic_words(&topic) /> })
        .collect_view();
    let mut lines: Vec<(Text, AnyView)> = vec![
        (
            message_texts::state.into(),
            flag(event, "in_using").map_or_else(|| text_or_dash(None), enabled_sign),
        ),
        (
            texts::events.into(),
            view! { <span class="row row-wrap">{chips}</span> }.into_any(),
        ),
        (message_texts::target.into(), endpoint_link(target)),
    ];
    lines.push(resource_facts(target, event.get("target_resource")));
    lines.extend(counts(event, texts::sent, texts::failed));
    lines.extend(stamps(event));
    fact_list(lines)
}
