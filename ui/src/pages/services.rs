//! Services: one address for the instances of an application. Platinum instances only.

use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::service::Service;
use leptos::prelude::*;

mod detail;
mod form;

use crate::kit::Glyph;
use crate::pages::parts::platinum_only;
use crate::router::{self, Address};
use crate::table::{BulkButton, Create, Empty, ListPage, ListView, RowAction, TableSpec};
use crate::words::services as texts;

/// The list, one service, or a form.
pub fn page(path: Vec<String>) -> AnyView {
    let instead = (texts::platinum, texts::platinum_text);
    platinum_only(texts::title, instead, Glyph::Service, move || inner(&path))
}

fn inner(path: &[String]) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, "edit"] => form::edit((*id).to_owned()),
        [id, ..] => detail::page((*id).to_owned()),
    }
}

/// Goes to the form of a service.
fn edit(id: &str) {
    router::go(&Address::new(["services", id, "edit"]).to_string());
}

static LIST: ListPage = ListPage {
    resource: Service::SPEC,
    table: TableSpec {
        kind: "service",
        columns: Service::SPEC.columns,
        shown: &[
            ("name", 240),
            ("type", 110),
            ("address", 130),
            ("ports", 220),
            ("selector", 240),
            ("updated", 140),
            ("labels", 200),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
    address: "services",
    title: texts::title,
    presets: &[],
    create: Some(Create {
        label: texts::create,
        to: "#/services/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::update,
            glyph: Glyph::Edit,
            danger: false,
            blocked: |_| None,
            run: |row| edit(&row.id),
        },
        RowAction {
            label: texts::delete,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| detail::delete(&row.id, &row.name),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_service".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Service,
    },
    panel: detail::panel,
};
