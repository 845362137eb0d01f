//! Rules of messages: what is forwarded from one endpoint to another.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::message_rule::MessageRule;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use leptos::prelude::*;

mod detail;
mod drawing;
mod form;
mod routes;
mod source;

use crate::kit::Glyph;
use crate::pages::messages::{self, Switch, enabled_state};
use crate::pages::things::{self, Kind};
use crate::table::{
    BulkButton, Create, Empty, ListPage, ListView, Picture, Preset, RowAction, TableSpec,
};
use crate::words::message_rules as texts;
use crate::words::messages as message_texts;

/// The list, one rule, or the form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST picture=&ROUTES /> }.into_any(),
        ["new"] => form::create(),
        [id, ..] => things::detail(&KIND, (*id).to_owned()),
    }
}

static KIND: Kind = Kind {
    resource: MessageRule::SPEC,
    address: "rules",
    list: "#/rules",
    glyph: Glyph::Route,
    title: texts::title,
    delete: texts::delete,
    delete_operation: "delete_rule",
    named: "name",
    identified: "id",
    state: enabled_state,
    buttons: detail::buttons,
    body: detail::body,
};

static SWITCH: Switch = Switch {
    resource: MessageRule::SPEC,
    start: "start_rule",
    stop: "stop_rule",
    start_sentence: |name| texts::enable_sentence(name),
    stop_sentence: |name| texts::disable_sentence(name),
};

static ROUTES: Picture = Picture {
    name: "routes",
    label: texts::routes::title,
    view: routes::view,
};

static LIST: ListPage = ListPage {
    resource: MessageRule::SPEC,
    table: TableSpec {
        kind: "rule",
        columns: MessageRule::SPEC.columns,
        shown: &[
            ("name", 168),
            ("enabled", 96),
            ("source", 128),
            ("source_resource", 116),
            ("target", 128),
            ("target_resource", 116),
            ("succeeded", 88),
            ("failed", 84),
            ("updated", 104),
        ],
        look: messages::look,
        checks: true,
        sorts: true,
    },
    address: "rules",
    title: texts::title,
    presets: &[
        Preset {
            label: message_texts::presets::enabled,
            filter: "enabled:yes",
        },
        Preset {
            label: message_texts::presets::disabled,
            filter: "enabled:no",
        },
        Preset {
            label: message_texts::presets::failing,
            filter: "failed>0",
        },
    ],
    create: Some(Create {
        label: texts::create,
        to: "#/rules/new",
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
                let (source, target) = (text_of(&row, "source"), text_of(&row, "target"));
                detail::delete(&row.id, &row.name, &source, &target);
            },
        },
    ],
    bulk: &[
        BulkButton {
            label: texts::enable_many,
            glyph: Glyph::Play,
            danger: false,
            sentence: texts::enable_many_sentence,
            call: || call("start_rule"),
            only_when: Some(("enabled", &["false"])),
        },
        BulkButton {
            label: texts::disable_many,
            glyph: Glyph::Stop,
            danger: false,
            sentence: texts::disable_many_sentence,
            call: || call("stop_rule"),
            only_when: Some(("enabled", &["true"])),
        },
        BulkButton {
            label: texts::delete_many,
            glyph: Glyph::Trash,
            danger: true,
            sentence: texts::delete_many_sentence,
            call: || call("delete_rule"),
            only_when: None,
        },
    ],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Route,
    },
    panel: |context| things::panel(&KIND, context),
};

fn call(operation: &str) -> Call {
    Call {
        operation: operation.to_owned(),
        ..Call::default()
    }
}

/// A cell of a row, by the column's name.
fn cell<'a>(row: &'a RowView, column: &str) -> Option<&'a CellValue> {
    MessageRule::SPEC
        .column(column)
        .and_then(|at| row.cells.get(at))
}

fn is_enabled(row: &RowView) -> bool {
    matches!(cell(row, "enabled"), Some(CellValue::Flag(true)))
}

/// A text of a row; empty where there is none.
fn text_of(row: &RowView, column: &str) -> String {
    match cell(row, column) {
        Some(CellValue::Text(text)) => text.clone(),
        _ => String::new(),
    }
}
