//! The encrypted data bound to a node, binding more of it and taking it off.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::encrypted_data::EncryptedData;
use ief_api::resource::{Column, ColumnKind, Resource};
use leptos::prelude::*;
use serde_json::Value;

use super::detail::Node;
use crate::format;
use crate::kit::{Button, EmptyState, ErrorNotice, Glyph, Look, Skeleton};
use crate::pages::encrypted_data::binding;
use crate::pages::parts::call_of;
use crate::router::{self, Address};
use crate::table::reading::{list, text};
use crate::table::{Grid, Picked, Picker, Reading, Table, TableSpec, rows_of};
use crate::words::encrypted_data as data_texts;
use crate::words::encrypted_data::on_node as texts;

static ROWS: TableSpec = TableSpec {
    kind: "bound_data",
    columns: &[
        Column::new("name", ColumnKind::Text),
        Column::new("key", ColumnKind::Set),
        Column::new("updated", ColumnKind::Time),
        Column::new("description", ColumnKind::Text),
    ],
    shown: &[
        ("name", 160),
        ("key", 180),
        ("updated", 128),
        ("description", 240),
    ],
    look: |_, _, _| None,
    checks: true,
    sorts: false,
};

/// Encrypted data to choose from.
static DATA: TableSpec = TableSpec {
    kind: "encrypted_data",
    columns: EncryptedData::SPEC.columns,
    shown: &[("name", 180), ("key", 200), ("description", 250)],
    look: |_, _, _| None,
    checks: true,
    sorts: true,
};

/// The encrypted data bound to a node.
#[component]
pub(super) fn Encrypted(node: Node) -> AnyView {
    let id = node.id;
    let call = Signal::derive(move || {
        let id = id.get();
        let path = [("node_id", id.as_str())];
        (!id.is_empty()).then(|| call_of("list_node_encryptdatas", &path, &[("limit", "1000")]))
    });
    let reading = Reading::of(call, "encrypt_datas");
    let rows = Memo::new(move |_| {
        reading.value.with(|data| {
            let data = data.as_ref().and_then(Value::as_array);
            data.into_iter().flatten().map(row).collect::<Vec<_>>()
        })
    });
    let table = Table::new(&ROWS, rows_of(rows.into()));
    Effect::new(move |before: Option<()>| {
        rows.with(|_| ());
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let itself = move || Picked {
        id: id.get_untracked(),
        name: node.name_now(),
    };
    let picking = RwSignal::new(false);
    let bind = move |data: Vec<Picked>| binding::bind(&itself(), &data);
    let release = move || {
        let chosen: Vec<Picked> = rows.with_untracked(|rows| {
            let rows = rows.iter().filter(|row| table.is_selected(&row.id));
            rows.map(|row| Picked {
                id: row.id.clone(),
                name: row.name.clone(),
            })
            .collect()
        });
        if !chosen.is_empty() {
            binding::unbind(&itself(), &chosen);
        }
    };
    let open = move |data: String| router::go(&Address::new(["encrypted_data", &data]).to_string());
    let read = Memo::new(move |_| reading.value.with(Option::is_some));
    let failed = Memo::new(move |_| reading.error.with(Option::is_some));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <div class="row row-wrap thing-actions">
            <span class="second number" role="status">
                {move || read.get().then(|| texts::count(format::count(rows.with(Vec::len) as u64)))}
            </span>
            <span class="spacer"></span>
            {move || (table.selected() > 0).then(|| view! {
                <Button
                    label=move || data_texts::nodes::unbind_some(format::count(table.selected()))
                    glyph=Glyph::Unlink
                    look=Look::Plain
                    on_press=release
                />
            })}
            <Button label=texts::bind glyph=Glyph::Link on_press=move || picking.set(true) />
        </div>
        {move || reading.error.get().map(|error| view! {
            <ErrorNotice error=error on_retry=move || reading.reload() />
        })}
        {move || match (read.get(), none.get()) {
            (false, _) => (!failed.get()).then(|| view! { <Skeleton lines=4 /> }).into_any(),
            (true, true) => view! {
                <EmptyState
                    title=texts::none
                    text=texts::none_text
                    glyph=Glyph::Encrypted
                    action=(texts::bind.into(), Callback::new(move |()| picking.set(true)))
                />
            }
            .into_any(),
            (true, false) => view! {
                <div class="thing-rows"><Grid table=table label=texts::label on_open=open /></div>
            }
            .into_any(),
        }}
        <Picker spec=&DATA title=texts::choose open=picking on_pick=bind />
    }
    .into_any()
}

fn row(data: &Value) -> RowView {
    let cell = |text: Option<String>| text.map_or(CellValue::Missing, CellValue::Text);
    let items = list(data, "config").iter();
    let names = items.filter_map(|item| text(item, "name")).collect();
    let updated = text(data, "updated_time").and_then(|at| format::parse_time(&at));
    RowView {
        id: text(data, "id").unwrap_or_default(),
        name: text(data, "name").unwrap_or_default(),
        cells: vec![
            cell(text(data, "name")),
            CellValue::Set(names),
            updated.map_or(CellValue::Missing, CellValue::Integer),
            cell(text(data, "description")),
        ],
        change: None,
    }
}
