//! The devices bound to a node, and binding more of them.

use std::collections::BTreeMap;

use console_ipc::inventory::{CellValue, RowView};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;
use serde_json::Value;

use super::actions::devices_call;
use super::bind::{BindDialog, unbind};
use super::detail::Node;
use crate::kit::{Button, EmptyState, ErrorNotice, Glyph, Look, Sign, Skeleton};
use crate::router::{self, Address};
use crate::table::reading::{list, text};
use crate::table::{CellLook, Grid, Picked, Reading, Table, TableSpec, rows_of};
use crate::words::nodes::devices as texts;
use crate::{format, words};

static ROWS: TableSpec = TableSpec {
    kind: "bound_device",
    columns: &[
        Column::new("name", ColumnKind::Text),
        Column::new("state", ColumnKind::Enum),
        Column::new("relation", ColumnKind::Text),
        Column::new("comment", ColumnKind::Text),
        Column::new("protocol", ColumnKind::Enum),
        Column::new("seen", ColumnKind::Time),
    ],
    shown: &[
        ("name", 150),
        ("state", 100),
        ("relation", 100),
        ("protocol", 96),
        ("seen", 128),
    ],
    look: |column, value, _| match value {
        // They are devices, whose words are known.
        CellValue::Text(text) if matches!(column.name, "state" | "protocol") => Some(CellLook {
            sign: (column.name == "state").then(|| Sign::of_state(text).unwrap_or(Sign::Unknown)),
            ..CellLook::text(words::value("device", column.name, text))
        }),
        _ => None,
    },
    checks: true,
    sorts: false,
};

/// The devices bound to a node.
#[component]
pub(super) fn Devices(node: Node) -> AnyView {
    let id = node.id;
    let call = Signal::derive(move || {
        let id = id.get();
        (!id.is_empty()).then(|| devices_call(&id))
    });
    let reading = Reading::of(call, "devices");
    let rows = Memo::new(move |_| {
        let bindings = node.with(|node| Some(bindings(node))).unwrap_or_default();
        reading.value.with(|devices| {
            let devices = devices.as_ref().and_then(Value::as_array);
            devices
                .into_iter()
                .flatten()
                .map(|device| row(device, &bindings))
                .collect::<Vec<_>>()
        })
    });
    let table = Table::new(&ROWS, rows_of(rows.into()));
    Effect::new(move |before: Option<()>| {
        rows.with(|_| ());
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let binding = RwSignal::new(false);
    let open = move |device: String| router::go(&Address::new(["devices", &device]).to_string());
    let release = move || {
        let chosen = rows.with_untracked(|rows| {
            let rows = rows.iter().filter(|row| table.is_selected(&row.id));
            rows.map(|row| Picked {
                id: row.id.clone(),
                name: row.name.clone(),
            })
            .collect::<Vec<_>>()
        });
        unbind(node, chosen);
    };
    let read = Memo::new(move |_| reading.value.with(Option::is_some));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <div class="row row-wrap thing-actions">
            <span class="second number" role="status">
                {move || read.get().then(|| texts::count(format::count(rows.with(Vec::len) as u64)))}
            </span>
            <span class="spacer"></span>
            {move || (table.selected() > 0).then(|| view! {
                <Button
                    label=move || texts::unbind_some(format::count(table.selected()))
                    glyph=Glyph::Unlink
                    look=Look::Plain
                    on_press=release
                />
            })}
            <Button label=texts::bind glyph=Glyph::Link on_press=move || binding.set(true) />
        </div>
        {move || reading.error.get().map(|error| view! {
            <ErrorNotice error=error on_retry=move || reading.reload() />
        })}
        {move || match (read.get(), none.get()) {
            (false, _) => view! { <Skeleton lines=4 /> }.into_any(),
            (true, true) => view! {
                <EmptyState
                    title=texts::none
                    text=texts::none_text
                    glyph=Glyph::Device
                    action=(texts::bind.into(), Callback::new(move |()| binding.set(true)))
                />
            }
            .into_any(),
            (true, false) => view! {
                <div class="thing-rows"><Grid table=table label=texts::label on_open=open /></div>
            }
            .into_any(),
        }}
        <BindDialog node=node open=binding />
    }
    .into_any()
}

/// Relation and remark of each bound device, by its identifier.
fn bindings(node: &Value) -> BTreeMap<String, (Option<String>, Option<String>)> {
    let mut all = BTreeMap::new();
    for infos in list(node, "device_infos") {
        for id in list(infos, "device_ids").iter().filter_map(Value::as_str) {
            all.insert(
                id.to_owned(),
                (text(infos, "relation"), text(infos, "comment")),
            );
        }
    }
    all
}

fn row(device: &Value, bindings: &BTreeMap<String, (Option<String>, Option<String>)>) -> RowView {
    let cell = |text: Option<String>| text.map_or(CellValue::Missing, CellValue::Text);
    let id = text(device, "id").unwrap_or_default();
    let (relation, comment) = bindings.get(&id).cloned().unwrap_or_default();
    let seen = text(device, "last_online").and_then(|at| format::parse_time(&at));
    RowView {
        name: text(device, "name").unwrap_or_default(),
        cells: vec![
            cell(text(device, "name")),
            cell(text(device, "state")),
            cell(relation),
            cell(comment),
            cell(text(device, "access_protocol")),
            seen.map_or(CellValue::Missing, CellValue::Integer),
        ],
        id,
        change: None,
    }
}
