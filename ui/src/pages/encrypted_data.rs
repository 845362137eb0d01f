//! Encrypted data: items that applications ask for on the nodes it is bound to, and whose values nobody sees here.

use ief_api::encrypted_data::EncryptedData;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

pub mod binding;
mod form;
mod nodes;

use crate::kit::Glyph;
use crate::pages::entry_things::{self, Kind, text};
use crate::pages::parts::{fact_list, part, plain_table};
use crate::table::reading::{flag, list};
use crate::table::{BulkButton, Create, Empty, ListPage, ListView, RowAction, TableSpec};
use crate::words::encrypted_data as texts;

/// The list, one of it, or a form.
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
    resource: EncryptedData::SPEC,
    address: "encrypted_data",
    list: "#/encrypted_data",
    glyph: Glyph::Encrypted,
    title: texts::title,
    update: texts::update,
    delete: texts::delete,
    delete_operation: "delete_encryptdatas",
    remove: nodes::delete,
    content,
    more: Some(nodes::view),
};

static LIST: ListPage = ListPage {
    resource: EncryptedData::SPEC,
    table: TableSpec {
        kind: "encrypted_data",
        columns: EncryptedData::SPEC.columns,
        shown: &[
            ("name", 220),
            ("keys", 96),
            ("key", 220),
            ("updated", 132),
            ("created", 132),
            ("description", 280),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
    address: "encrypted_data",
    title: texts::title,
    presets: &[],
    create: Some(Create {
        label: texts::create,
        to: "#/encrypted_data/new",
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
            run: |row| nodes::delete(&row.id, &row.name),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_encryptdatas".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Encrypted,
    },
    panel: |context| entry_things::panel(&KIND, context),
};

/// The items by their names, each with whether it is kept encrypted. The host takes the values out of answers.
fn items(data: &Value) -> Vec<(String, bool)> {
    let items = list(data, "config").iter();
    items
        .map(|item| {
            let encrypted = flag(item, "is_encrypted").unwrap_or(true);
            (text(item, "name").unwrap_or_default(), encrypted)
        })
        .collect()
}

/// What is known of it: its items, without their values.
fn content(data: &Value) -> AnyView {
    let head = fact_list(entry_things::head(data));
    let rows: Vec<_> = items(data)
        .into_iter()
        .map(|(name, encrypted)| {
            let kept_as = if encrypted {
                texts::is_encrypted
            } else {
                texts::is_plain
            };
            vec![
                view! { <span class="selectable">{name}</span> }.into_any(),
                view! { <span class="second">{texts::hidden}</span> }.into_any(),
                view! { {kept_as} }.into_any(),
            ]
        })
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="second">{texts::no_items}</p> }.into_any()
    } else {
        let headings = [
            (texts::key, false),
            (texts::value, false),
            (texts::kept_as, false),
        ];
        plain_table(texts::items, &headings, rows)
    };
    let body = view! { <p class="second">{texts::items_note}</p> {table} }.into_any();
    view! { {head} {part(texts::items, body)} }.into_any()
}
