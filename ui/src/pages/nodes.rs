//! Edge nodes: their list, their pages, and the forms that register and change them.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::node::EdgeNode;
use ief_api::operation::Call;
use ief_api::resource::{Column, Resource};
use leptos::prelude::*;
use serde_json::json;

mod actions;
mod attributes;
mod bind;
mod certificates;
mod detail;
mod devices;
mod edit;
mod encrypted;
mod fields;
mod logs;
mod register;
mod settings;
mod summary;
mod upgrade;

use crate::format;
use crate::kit::{Glyph, Sign};
use crate::pages::parts::{BULK_TAGS, hand};
use crate::table::{
    BulkButton, CellLook, CellStyle, Create, Empty, ForSelected, ListPage, ListView, Preset,
    RowAction, TableSpec,
};
use crate::words::nodes as texts;

/// The pages below `#/nodes`.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST for_selected=&UPGRADE form=&BULK_TAGS /> }.into_any(),
        ["new"] => view! { <register::Register /> }.into_any(),
        [id, "edit"] => view! { <edit::Edit id=(*id).to_owned() /> }.into_any(),
        [id, ..] => view! { <detail::NodePage id=(*id).to_owned() /> }.into_any(),
    }
}

static LIST: ListPage = ListPage {
    resource: EdgeNode::SPEC,
    table: TableSpec {
        kind: "node",
        columns: EdgeNode::SPEC.columns,
        shown: &[
            ("name", 160),
            ("state", 136),
            ("reason", 132),
            ("version", 76),
            ("devices", 76),
            ("instances", 84),
            ("address", 108),
            ("tag", 124),
            ("updated", 128),
        ],
        look,
        checks: true,
        sorts: true,
    },
    address: "nodes",
    title: texts::title,
    presets: &[
        Preset {
            label: texts::presets::running,
            filter: "state:RUNNING",
        },
        Preset {
            label: texts::presets::attention,
            filter: "state:FAIL,FREEZE",
        },
        Preset {
            label: texts::presets::unconnected,
            filter: "state:UNCONNECTED",
        },
        Preset {
            label: texts::presets::recent,
            filter: "created<7d",
        },
    ],
    create: Some(Create {
        label: texts::register::verb,
        to: "#/nodes/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::start::verb,
            glyph: Glyph::Play,
            danger: false,
            blocked: |row| (!is(row, &["STOPPED"])).then(|| texts::start::blocked.get()),
            run: |row| actions::start(&row.id, &row.name),
        },
        RowAction {
            label: texts::stop::verb,
            glyph: Glyph::Stop,
            danger: false,
            blocked: |row| (!is(row, CAN_STOP)).then(|| texts::stop::blocked.get()),
            run: |row| actions::stop(&row.id, &row.name),
        },
        RowAction {
            label: texts::edit::verb,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |_| None,
            run: |row| crate::router::go(&edit::address(&row.id)),
        },
        RowAction {
            label: texts::delete::verb,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| actions::delete(&row.id, &row.name),
        },
    ],
    bulk: &[
        BulkButton {
            label: texts::start::many,
            glyph: Glyph::Play,
            danger: false,
            sentence: texts::start::each,
            call: || action_call("start"),
            only_when: Some(("state", &["STOPPED"])),
        },
        BulkButton {
            label: texts::stop::many,
            glyph: Glyph::Stop,
            danger: false,
            sentence: texts::stop::each,
            call: || action_call("stop"),
            only_when: Some(("state", CAN_STOP)),
        },
        BulkButton {
            label: texts::delete::many,
            glyph: Glyph::Trash,
            danger: true,
            sentence: texts::delete::each,
            call: || Call {
                operation: "delete_edge_node".to_owned(),
                ..Call::default()
            },
            only_when: Some(("devices", &["0"])),
        },
    ],
    empty: Empty {
        title: texts::empty::title,
        text: texts::empty::text,
        glyph: Glyph::Node,
    },
    panel: detail::panel,
};

/// Many nodes are upgraded by a batch job, which does one after the other by itself.
static UPGRADE: ForSelected = ForSelected {
    label: texts::upgrade::many,
    glyph: Glyph::Upgrade,
    run: |selection| {
        hand(EdgeNode::SPEC.kind, selection);
        crate::router::go("#/batch_jobs/new?type=node_upgrade");
    },
};

/// States in which a node can be stopped.
const CAN_STOP: &[&str] = &["RUNNING", "FAIL"];

fn action_call(action: &str) -> Call {
    Call {
        operation: "enable_disable_edge_nodes".to_owned(),
        body: Some(json!({ "node": { "action": action } })),
        ..Call::default()
    }
}

/// Whether a row is in one of these states.
fn is(row: &RowView, states: &[&str]) -> bool {
    let at = EdgeNode::SPEC.column("state");
    matches!(at.and_then(|at| row.cells.get(at)), Some(CellValue::Text(state)) if states.contains(&state.as_str()))
}

fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        // A machine that has never connected has told nothing of itself; the service says zero for it.
        ("cpu" | "memory", CellValue::Integer(0)) => Some(CellLook::missing()),
        ("memory", CellValue::Integer(megabytes)) => {
            Some(CellLook::text(format::megabytes(*megabytes)))
        }
        ("address", CellValue::Text(address)) => Some(CellLook {
            style: CellStyle::Code,
            ..CellLook::text(address.clone())
        }),
        ("product", CellValue::Text(id)) => Some(CellLook::thing(id)),
        ("reason", CellValue::Text(reason)) => Some(CellLook::state(Sign::Bad, reason.clone())),
        _ => None,
    }
}
