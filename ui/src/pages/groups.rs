//! Node groups: nodes that stand for one another. Platinum instances only.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::node_group::NodeGroup;
use ief_api::resource::{Column, Resource};
use leptos::prelude::*;

mod actions;
mod certificates;
mod deployments;
mod detail;
mod form;
mod nodes;
mod summary;

use crate::format;
use crate::kit::{Glyph, Sign};
use crate::pages::parts::{call_of, platinum_only};
use crate::router;
use crate::table::{
    BulkButton, CellLook, Create, Empty, ListPage, ListView, Preset, RowAction, TableSpec,
};
use crate::words;
use crate::words::groups as texts;

/// The pages below `#/groups`.
pub fn page(path: Vec<String>) -> AnyView {
    let instead = (texts::platinum, texts::platinum_text);
    platinum_only(texts::title, instead, Glyph::Group, move || inner(&path))
}

fn inner(path: &[String]) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, "edit"] => form::edit((*id).to_owned()),
        [id, ..] => detail::page((*id).to_owned()),
    }
}

static LIST: ListPage = ListPage {
    resource: NodeGroup::SPEC,
    table: TableSpec {
        kind: "node_group",
        columns: NodeGroup::SPEC.columns,
        shown: &[
            ("name", 200),
            ("running", 124),
            ("deployments", 104),
            ("cpu", 96),
            ("memory", 96),
            ("tag", 150),
            ("updated", 124),
            ("description", 260),
        ],
        look,
        checks: true,
        sorts: true,
    },
    address: "groups",
    title: texts::title,
    presets: &[
        Preset {
            label: texts::presets::empty,
            filter: "nodes:0",
        },
        Preset {
            label: texts::presets::dark,
            filter: "running:0 nodes>0",
        },
        Preset {
            label: texts::presets::recent,
            filter: "created<7d",
        },
    ],
    create: Some(Create {
        label: texts::create::verb,
        to: "#/groups/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::edit::verb,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |_| None,
            run: |row| router::go(&form::edit_address(&row.id)),
        },
        RowAction {
            label: texts::delete::verb,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| actions::delete(&row.id, &row.name),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete::many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete::each,
        call: || call_of("delete_edge_group", &[], &[]),
        // What stops with a group that runs something is told for one group at a time.
        only_when: Some(("deployments", &["0"])),
    }],
    empty: Empty {
        title: texts::empty::title,
        text: texts::empty::text,
        glyph: Glyph::Group,
    },
    panel: detail::panel,
};

fn look(column: &Column, value: &CellValue, row: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("memory", CellValue::Integer(megabytes)) => {
            Some(CellLook::text(format::megabytes(*megabytes)))
        }
        ("running", CellValue::Integer(running)) => {
            let at = NodeGroup::SPEC.column("nodes")?;
            let Some(CellValue::Integer(nodes)) = row.cells.get(at) else {
                return None;
            };
            let said = words::kit::of(format::number(*running), format::number(*nodes));
            Some(CellLook::state(running_sign(*running, *nodes), said))
        }
        _ => None,
    }
}

/// How a group is by how many of its nodes run.
fn running_sign(running: i64, nodes: i64) -> Sign {
    match running {
        _ if nodes == 0 => Sign::Off,
        0 => Sign::Bad,
        running if running < nodes => Sign::Waiting,
        _ => Sign::Good,
    }
}
