//! The list of devices as a declaration, and what its side panel shows.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::device::Device;
use ief_api::operation::Call;
use ief_api::resource::{Column, Resource};
use leptos::prelude::*;

use super::{actions, show, twin};
use crate::kit::{ErrorNotice, Glyph, Skeleton, Tab, Tabs};
use crate::pages::parts::part;
use crate::router;
use crate::table::{
    BulkButton, CellLook, Create, Empty, ListPage, ListView, PanelContext, Preset, RowAction,
    TableSpec,
};
use crate::words;
use crate::words::devices as texts;

static PAGE: ListPage = ListPage {
    resource: <Device as Resource>::SPEC,
    table: TableSpec {
        kind: "device",
        columns: <Device as Resource>::SPEC.columns,
        shown: &[
            ("name", 220),
            ("state", 120),
            ("protocol", 120),
            ("properties", 120),
            ("tag", 160),
            ("seen", 140),
            ("updated", 140),
        ],
        look,
        checks: true,
        sorts: true,
    },
    address: "devices",
    title: texts::title,
    presets: &[
        Preset {
            label: texts::preset::offline,
            filter: "state:offline",
        },
        Preset {
            label: texts::preset::never,
            filter: "no:seen",
        },
        Preset {
            label: texts::preset::silent,
            filter: "seen>1d",
        },
    ],
    create: Some(Create {
        label: texts::register,
        to: "#/devices/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::edit_twin,
            glyph: Glyph::Twin,
            danger: false,
            blocked: |row| without_twin(row).then(|| texts::no_twin.get()),
            run: |row| go(&row.id, "tab", "twin"),
        },
        RowAction {
            label: texts::binding,
            glyph: Glyph::Link,
            danger: false,
            blocked: |_| None,
            run: |row| go(&row.id, "tab", "binding"),
        },
        RowAction {
            label: texts::update,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |_| None,
            run: |row| router::go(&router::Address::new(["devices", &row.id, "edit"]).to_string()),
        },
        RowAction {
            label: texts::delete,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| actions::delete(row.id, row.name),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_device".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Device,
    },
    panel,
};

/// The list.
pub(super) fn view() -> AnyView {
    view! { <ListView page=&PAGE /> }.into_any()
}

fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("protocol", CellValue::Text(protocol)) => {
            Some(CellLook::text(show::protocol_words(protocol)))
        }
        _ => None,
    }
}

fn without_twin(row: &RowView) -> bool {
    let at = PAGE.resource.column("properties");
    at.and_then(|at| row.cells.get(at))
        .is_some_and(|cell| *cell == CellValue::Integer(0))
}

fn go(id: &str, name: &str, value: &str) {
    router::go(
        &router::Address::new(["devices", id])
            .with(name, value)
            .to_string(),
    );
}

/// What the side panel shows of a device.
fn panel(context: PanelContext) -> AnyView {
    let tab = router::use_query("tab");
    let thing = context.detail.value;
    let tabs = vec![
        Tab::new("summary", texts::tab::summary),
        Tab::new("twin", texts::tab::twin),
    ];
    let body = move || {
        let Some(device) = thing.get() else {
            let error = context.detail.error.get();
            return match error {
                Some(error) => {
                    view! { <ErrorNotice error=error on_retry=move |()| context.detail.reload() /> }
                        .into_any()
                }
                None => view! { <Skeleton lines=6 /> }.into_any(),
            };
        };
        if tab.get() == "twin" {
            return twin::short(&device);
        }
        summary(&device)
    };
    view! {
        <Tabs
            label=words::table::panel::label
            tabs=tabs
            current=tab
            on_choose=|name: String| router::set_query("tab", &name)
        />
        <div class="thing-body stack" role="tabpanel">{body}</div>
    }
    .into_any()
}

/// A device in short.
fn summary(device: &serde_json::Value) -> AnyView {
    view! {
        {show::head_facts(device)}
        {part(texts::access, show::access_facts(device))}
        {part(texts::attributes, show::attributes_table(device))}
    }
    .into_any()
}
