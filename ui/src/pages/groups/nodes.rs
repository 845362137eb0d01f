//! The nodes of a group: how they are, adding more of them, removing some.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::node::EdgeNode;
use ief_api::resource::{Column, ColumnKind, Resource};
use leptos::prelude::*;
use serde_json::Value;

use super::actions;
use super::detail::Group;
use crate::kit::{Button, EmptyState, Glyph, Notice, Sign, Tone};
use crate::router::{self, Address};
use crate::table::reading::{integer, list, text};
use crate::table::{CellLook, CellStyle, Grid, Picked, Picker, Table, TableSpec, rows_of};
use crate::words::groups::nodes as texts;
use crate::{format, words};

/// Nodes to choose from.
pub(super) static NODES: TableSpec = TableSpec {
    kind: "node",
    columns: EdgeNode::SPEC.columns,
    shown: &[("name", 220), ("state", 140), ("arch", 90), ("tag", 180)],
    look: |_, _, _| None,
    checks: true,
    sorts: true,
};

static ROWS: TableSpec = TableSpec {
    kind: "group_node",
    columns: &[
        Column::new("name", ColumnKind::Text),
        Column::new("state", ColumnKind::Enum),
        Column::new("reason", ColumnKind::Text),
        Column::new("version", ColumnKind::Text),
        Column::new("address", ColumnKind::Text),
        Column::new("instances", ColumnKind::Integer),
        Column::new("devices", ColumnKind::Integer),
    ],
    shown: &[
        ("name", 170),
        ("state", 140),
        ("version", 84),
        ("address", 120),
        ("instances", 88),
        ("devices", 80),
        ("reason", 180),
    ],
    look: |column, value, _| match (column.name, value) {
        // They are nodes, whose words are known.
        ("state", CellValue::Text(state)) => Some(CellLook::state(
            Sign::of_state(state).unwrap_or(Sign::Unknown),
            words::value("node", "state", state),
        )),
        ("reason", CellValue::Text(reason)) => Some(CellLook::state(Sign::Bad, reason.clone())),
        ("address", CellValue::Text(address)) => Some(CellLook {
            style: CellStyle::Code,
            ..CellLook::text(address.clone())
        }),
        _ => None,
    },
    checks: true,
    sorts: false,
};

/// The nodes.
#[component]
pub(super) fn Nodes(group: Group) -> AnyView {
    let rows = Memo::new(move |_| {
        let rows = group.with(|it| Some(list(it, "nodes").iter().map(row).collect::<Vec<_>>()));
        rows.unwrap_or_default()
    });
    let table = Table::new(&ROWS, rows_of(rows.into()));
    Effect::new(move |before: Option<()>| {
        rows.track();
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let choosing = RwSignal::new(false);
    let all_there = RwSignal::new(false);
    let choose = move || {
        all_there.set(false);
        choosing.set(true);
    };
    let add = move |picked: Vec<Picked>| {
        // Those in the group already would change nothing.
        let news: Vec<Picked> = rows.with_untracked(|rows| {
            let is_new = |node: &Picked| rows.iter().all(|row| row.id != node.id);
            picked.into_iter().filter(is_new).collect()
        });
        match news.is_empty() {
            true => all_there.set(true),
            false => actions::add(group, news),
        }
    };
    let remove = move || {
        let chosen: Vec<Picked> = rows.with_untracked(|rows| {
            let rows = rows.iter().filter(|row| table.is_selected(&row.id));
            rows.map(|row| Picked {
                id: row.id.clone(),
                name: row.name.clone(),
            })
            .collect()
        });
        if !chosen.is_empty() {
            actions::remove(group, chosen);
        }
    };
    let open = move |node: String| router::go(&Address::new(["nodes", &node]).to_string());
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    let count = move || texts::count(format::count(rows.with(Vec::len) as u64));
    view! {
        <div class="row row-wrap thing-actions">
            <span class="second number" role="status">{count}</span>
            <span class="spacer"></span>
            {move || (table.selected() > 0).then(|| view! {
                <Button
                    label=move || texts::remove_some(format::count(table.selected()))
                    glyph=Glyph::Unlink
                    on_press=remove
                />
            })}
            <Button label=texts::add glyph=Glyph::Plus on_press=choose />
        </div>
        {move || all_there.get().then(|| view! { <Notice tone=Tone::Info text=texts::there_already /> })}
        {move || group.left.get().map(|left| view! {
            <Notice tone=Tone::Attention text=move || texts::failed(&left) />
        })}
        {move || match none.get() {
            true => view! {
                <EmptyState
                    title=texts::none
                    text=texts::none_text
                    glyph=Glyph::Node
                    action=(texts::add.into(), Callback::new(move |()| choose()))
                />
            }
            .into_any(),
            false => view! {
                <div class="thing-rows"><Grid table=table label=texts::label on_open=open /></div>
            }
            .into_any(),
        }}
        <Picker spec=&NODES title=texts::add open=choosing on_pick=add />
    }
    .into_any()
}

fn row(node: &Value) -> RowView {
    let cell = |text: Option<String>| text.map_or(CellValue::Missing, CellValue::Text);
    let number = |name: &str| integer(node, name).map_or(CellValue::Missing, CellValue::Integer);
    let address = list(node, "host_ips").first().and_then(Value::as_str);
    RowView {
        id: text(node, "id").unwrap_or_default(),
        name: text(node, "name").unwrap_or_default(),
        cells: vec![
            cell(text(node, "name")),
            cell(text(node, "state")),
            cell(text(node, "error_reason")),
            cell(text(node, "ief_node_version")),
            cell(address.map(str::to_owned)),
            number("deployment_num"),
            number("device_num"),
        ],
        change: None,
    }
}
