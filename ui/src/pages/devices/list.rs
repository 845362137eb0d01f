//! The list of devices as a declaration, and what its side panel shows.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::device::Device;
use ief_api::operation::Call;
use ief_api::resource::{Column, Resource};
use leptos::prelude::*;

use super::{actions, binding, show, twin};
use crate::kit::{Button, ErrorNotice, Glyph, Item, MenuButton, Skeleton, Tab, Tabs};
use crate::pages::parts::BULK_TAGS;
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
            ("properties", 136),
            ("tag", 160),
            ("seen", 128),
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
            run: |row| go(&row.id, "twin"),
        },
        RowAction {
            label: texts::binding,
            glyph: Glyph::Link,
            danger: false,
            blocked: |_| None,
            run: |row| go(&row.id, "binding"),
        },
        RowAction {
            label: texts::update,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |_| None,
            run: |row| router::go(&edit_address(&row.id)),
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
    view! { <ListView page=&PAGE form=&BULK_TAGS /> }.into_any()
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

fn edit_address(id: &str) -> String {
    router::Address::new(["devices", id, "edit"]).to_string()
}

fn go(id: &str, tab: &str) {
    router::go(
        &router::Address::new(["devices", id])
            .with(router::TAB, tab)
            .to_string(),
    );
}

/// What the side panel shows of a device.
fn panel(context: PanelContext) -> AnyView {
    let (tab, choose) = router::use_tab();
    let thing = context.detail.value;
    let nodes = binding::follow(context.id);
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
        show::summary(&device, nodes)
    };
    let more = Signal::derive(move || {
        let id = context.id.get_untracked();
        let (twin, binding) = (id.clone(), id.clone());
        let name = move || {
            thing.with_untracked(|device| {
                device.as_ref().map(|it| show::text(it, "name").to_owned())
            })
        };
        vec![
            Item::new(texts::edit_twin, move || go(&twin, "twin")).glyph(Glyph::Twin),
            Item::new(texts::binding, move || go(&binding, "binding")).glyph(Glyph::Link),
            Item::new(texts::delete, move || {
                actions::delete(id.clone(), name().unwrap_or_else(|| id.clone()));
            })
            .glyph(Glyph::Trash)
            .danger()
            .apart(),
        ]
    });
    let edit = move || router::go(&edit_address(&context.id.get_untracked()));
    view! {
        <Tabs label=words::table::panel::label tabs=tabs current=tab on_choose=choose />
        <div class="thing-body stack" role="tabpanel">
            <div class="row row-wrap">
                <Button label=texts::update glyph=Glyph::Edit on_press=edit />
                <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
            </div>
            {body}
        </div>
    }
    .into_any()
}
