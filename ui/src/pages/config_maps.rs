//! ConfigMaps: settings and small files that applications at the edge read.

use ief_api::config_map::ConfigMap;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

mod form;

use crate::format;
use crate::kit::{CopyButton, Fold, Glyph};
use crate::pages::entry_things::{self, Kind, text};
use crate::pages::parts::{fact_list, part};
use crate::sheet;
use crate::table::{BulkButton, Create, Empty, ListPage, ListView, RowAction, TableSpec};
use crate::words::config_maps as texts;

/// The list, one ConfigMap, or a form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, "edit"] => form::edit((*id).to_owned()),
        [id, ..] => entry_things::detail(&KIND, (*id).to_owned()),
    }
}

static KIND: Kind = Kind {
    resource: ConfigMap::SPEC,
    address: "config_maps",
    list: "#/config_maps",
    glyph: Glyph::Config,
    title: texts::title,
    update: texts::update,
    delete: texts::delete,
    delete_operation: "delete_config_map",
    remove,
    content,
    more: None,
};

/// Deletes one after its name was typed.
fn remove(id: &str, name: &str) {
    let sentence = texts::delete_sentence(name);
    sheet::send(entry_things::deletion(&KIND, id, name, sentence));
}

static LIST: ListPage = ListPage {
    resource: ConfigMap::SPEC,
    table: TableSpec {
        kind: "config_map",
        columns: ConfigMap::SPEC.columns,
        shown: &[
            ("name", 260),
            ("keys", 88),
            ("updated", 140),
            ("created", 140),
            ("description", 300),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
    address: "config_maps",
    title: texts::title,
    presets: &[],
    create: Some(Create {
        label: texts::create,
        to: "#/config_maps/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::update,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |_| None,
            run: |row| entry_things::edit(&KIND, &row.id),
        },
        RowAction {
            label: texts::delete,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| remove(&row.id, &row.name),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_config_map".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Config,
    },
    panel: |context| entry_things::panel(&KIND, context),
};

/// What is known of a ConfigMap: its entries with their contents.
fn content(config_map: &Value) -> AnyView {
    let entries = config_map.get("configs").and_then(Value::as_object);
    let count = entries.map_or(0, serde_json::Map::len);
    let folds = entries
        .into_iter()
        .flatten()
        .map(|(key, value)| {
            let value = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let (copied, size) = (value.clone(), format::bytes(value.len() as u64));
            view! {
                <Fold title=key.clone() set=size open=count <= 3>
                    <div class="request">
                        <CopyButton text=copied />
                        <pre class="code selectable" tabindex="0">{value}</pre>
                    </div>
                </Fold>
            }
        })
        .collect_view();
    let entries = match count {
        0 => view! { <p class="second">{texts::no_entries}</p> }.into_any(),
        _ => view! { <div class="stack">{folds}</div> }.into_any(),
    };
    view! { {fact_list(entry_things::head(config_map))} {part(texts::entries, entries)} }.into_any()
}

/// A text of a ConfigMap.
fn field(config_map: &Value, name: &str) -> String {
    text(config_map, name).unwrap_or_default()
}
