//! Deployments: applications as they run on nodes. Their list, their pages with their instances, and the forms
//! that create and change them.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::deployment::Deployment;
use ief_api::resource::{Column, Resource};
use leptos::prelude::*;

mod actions;
mod container;
mod detail;
mod form;
mod instances;
mod summary;

pub use self::form::Run;
use crate::kit::{Glyph, Sign};
use crate::pages::parts::{BULK_TAGS, call_of};
use crate::router;
use crate::state::now_ms;
use crate::table::{
    BulkButton, CellLook, Create, Empty, ListPage, ListView, Preset, RowAction, TableSpec,
};
use crate::words::{self, deployments as texts};

/// The pages below `#/deployments`.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST form=&BULK_TAGS /> }.into_any(),
        ["new"] => form::create(),
        [id, "edit"] => form::edit((*id).to_owned()),
        [id, ..] => detail::page((*id).to_owned()),
    }
}

static LIST: ListPage = ListPage {
    resource: Deployment::SPEC,
    table: TableSpec {
        kind: "deployment",
        columns: Deployment::SPEC.columns,
        shown: &[
            ("name", 190),
            ("state", 160),
            ("node", 130),
            ("group", 110),
            ("images", 260),
            ("replicas", 84),
            ("created", 120),
            ("tag", 150),
        ],
        look,
        checks: true,
        sorts: true,
    },
    address: "deployments",
    title: texts::title,
    presets: &[
        Preset {
            label: texts::presets::none_ready,
            filter: "ready:0",
        },
        Preset {
            label: texts::presets::stuck,
            filter: "state:PENDING_DELETE,DELETE_FAILED",
        },
        Preset {
            label: texts::presets::frozen,
            filter: "state:FREEZE",
        },
        Preset {
            label: texts::presets::recent,
            filter: "created<7d",
        },
    ],
    create: Some(Create {
        label: texts::create::verb,
        to: "#/deployments/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::update::verb,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |row| is(row, STUCK).then(|| texts::update::blocked.get()),
            run: |row| router::go(&form::edit_address(&row.id)),
        },
        RowAction {
            label: texts::delete::verb,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| actions::delete(&row.id, &row.name),
        },
        RowAction {
            label: texts::force::verb,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |row| (!is(row, STUCK)).then(|| texts::force::blocked.get()),
            run: |row| actions::force_delete(&row.id, &row.name),
        },
    ],
    bulk: &[
        BulkButton {
            label: texts::delete::many,
            glyph: Glyph::Trash,
            danger: true,
            sentence: texts::delete::each,
            call: || call_of("delete_deployment", &[], &[]),
            only_when: None,
        },
        BulkButton {
            label: texts::force::many,
            glyph: Glyph::Trash,
            danger: true,
            sentence: texts::force::each,
            call: || call_of("delete_deployment", &[], &[("force_delete", "true")]),
            only_when: Some(("state", STUCK)),
        },
    ],
    empty: Empty {
        title: texts::empty::title,
        text: texts::empty::text,
        glyph: Glyph::Deployment,
    },
    panel: detail::panel,
};

/// States in which a deletion has begun and not ended.
const STUCK: &[&str] = &["PENDING_DELETE", "DELETE_FAILED"];

fn cell<'a>(row: &'a RowView, column: &str) -> Option<&'a CellValue> {
    let at = Deployment::SPEC.column(column)?;
    row.cells.get(at)
}

/// Whether a row is in one of these states.
fn is(row: &RowView, states: &[&str]) -> bool {
    matches!(cell(row, "state"), Some(CellValue::Text(state)) if states.contains(&state.as_str()))
}

fn look(column: &Column, value: &CellValue, row: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("state", value) => {
            let state = match value {
                CellValue::Text(state) => Some(state.as_str()),
                _ => None,
            };
            let number = |name: &str| match cell(row, name) {
                Some(CellValue::Integer(number)) => Some(*number),
                _ => None,
            };
            let (ready, replicas) = (number("ready"), number("replicas"));
            let (sign, word) = state_words(state, ready, replicas, number("created"));
            Some(CellLook::state(sign, word))
        }
        ("node" | "group", CellValue::Text(id)) => Some(CellLook::thing(id)),
        _ => None,
    }
}

/// How long a deployment without an instance that is ready counts as starting: images are loaded meanwhile.
const STARTING_MS: i64 = 3 * 60_000;

/// How a deployment is: what the service says of it as a whole, else how many of its instances are ready.
pub(super) fn state_words(
    state: Option<&str>,
    ready: Option<i64>,
    replicas: Option<i64>,
    created_ms: Option<i64>,
) -> (Sign, String) {
    if let Some(state) = state.filter(|state| !state.is_empty()) {
        let sign = match state {
            "PENDING_DELETE" => Sign::Busy,
            "DELETE_FAILED" => Sign::Bad,
            other => Sign::of_state(other).unwrap_or(Sign::Unknown),
        };
        return (sign, words::value("deployment", "state", state));
    }
    let (Some(ready), Some(replicas)) = (ready, replicas) else {
        return (Sign::Unknown, texts::state::unknown.get().to_owned());
    };
    match ready {
        ready if ready >= replicas => (Sign::Good, texts::state::ready(ready, replicas)),
        0 if created_ms.is_some_and(|at| now_ms() - at < STARTING_MS) => {
            (Sign::Waiting, texts::state::starting(replicas))
        }
        0 => (Sign::Bad, texts::state::none(replicas)),
        ready => (Sign::Waiting, texts::state::partly(ready, replicas)),
    }
}
