//! Application templates: what containers are made from, in versions.

use ief_api::app::App;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use leptos::prelude::*;

mod actions;
mod detail;
mod draft;
mod fields;
mod form;
mod parts_draft;
mod show;
mod version;
mod version_form;

use crate::kit::Glyph;
use crate::pages::parts::BULK_TAGS;
use crate::table::{BulkButton, Create, Empty, ListPage, ListView, RowAction, TableSpec};
use crate::words::apps as texts;

/// The list, one template, one of its versions, or a form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST form=&BULK_TAGS /> }.into_any(),
        ["new"] => form::create(),
        [app, "edit"] => form::edit((*app).to_owned()),
        [app, "versions", "new"] => version_form::create((*app).to_owned()),
        [app, "versions", version, "edit"] => {
            version_form::edit((*app).to_owned(), (*version).to_owned())
        }
        [app, "versions", version, ..] => version::page((*app).to_owned(), (*version).to_owned()),
        [app, ..] => detail::page((*app).to_owned()),
    }
}

static LIST: ListPage = ListPage {
    resource: App::SPEC,
    table: TableSpec {
        kind: "app",
        columns: App::SPEC.columns,
        shown: &[
            ("name", 200),
            ("alias", 160),
            ("newest", 120),
            ("versions", 88),
            ("image", 320),
            ("tag", 160),
            ("updated", 140),
            ("description", 240),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
    address: "apps",
    title: texts::title,
    presets: &[],
    create: Some(Create {
        label: texts::create,
        to: "#/apps/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::version::create,
            glyph: Glyph::Plus,
            danger: false,
            blocked: |_| None,
            run: |row| actions::add_version(&row.id, None),
        },
        RowAction {
            label: texts::update,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |_| None,
            run: |row| actions::edit(&row.id),
        },
        RowAction {
            label: texts::delete,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| actions::delete(&row.id, &row.name, None),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_app".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::App,
    },
    panel: detail::panel,
};
