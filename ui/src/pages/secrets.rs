//! Secrets: values that applications at the edge read and nobody sees here.

use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::secret::Secret;
use leptos::prelude::*;
use serde_json::Value;

mod form;

use crate::kit::{Glyph, text_or_dash};
use crate::pages::entry_things::{self, Kind, text};
use crate::pages::parts::{fact_list, part, plain_table};
use crate::sheet;
use crate::table::{BulkButton, Create, Empty, ListPage, ListView, RowAction, TableSpec};
use crate::words::secrets as texts;

/// The list, one secret, or a form.
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
    resource: Secret::SPEC,
    address: "secrets",
    list: "#/secrets",
    glyph: Glyph::Secret,
    title: texts::title,
    update: texts::update,
    delete: texts::delete,
    delete_operation: "delete_secret",
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
    resource: Secret::SPEC,
    table: TableSpec {
        kind: "secret",
        columns: Secret::SPEC.columns,
        shown: &[
            ("name", 260),
            ("type", 112),
            ("keys", 88),
            ("updated", 140),
            ("created", 140),
            ("description", 260),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
    address: "secrets",
    title: texts::title,
    presets: &[],
    create: Some(Create {
        label: texts::create,
        to: "#/secrets/new",
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
            operation: "delete_secret".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Secret,
    },
    panel: |context| entry_things::panel(&KIND, context),
};

/// The keys of a secret's values. The host takes the values out of answers.
fn keys(secret: &Value) -> Vec<String> {
    let values = secret.get("secrets").and_then(Value::as_object);
    values
        .into_iter()
        .flat_map(|values| values.keys().cloned())
        .collect()
}

/// What is known of a secret: its keys.
fn content(secret: &Value) -> AnyView {
    let mut head = entry_things::head(secret);
    head.push((
        texts::kind.into(),
        text_or_dash(text(secret, "type").as_deref()),
    ));
    let rows = keys(secret)
        .into_iter()
        .map(|key| {
            vec![
                view! { <span class="selectable">{key}</span> }.into_any(),
                view! { <span class="second">{texts::hidden}</span> }.into_any(),
            ]
        })
        .collect();
    let values = plain_table(
        texts::values,
        &[(texts::key, false), (texts::value, false)],
        rows,
    );
    view! { {fact_list(head)} {part(texts::values, values)} }.into_any()
}
