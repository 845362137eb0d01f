//! Endpoints of messages: where rules and subscriptions take them from and send them to.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::endpoint::Endpoint;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

mod form;
mod users;

use crate::kit::{Button, Glyph, Item, MenuButton, text_or_dash};
use crate::pages::messages::{endpoint_kind, stamps};
use crate::pages::parts::{fact_list, part};
use crate::pages::things::{self, Kind, Thing};
use crate::router::{self, Address};
use crate::table::reading::{flag, integer, text};
use crate::table::{
    BulkButton, CellLook, Create, Empty, ListPage, ListView, Preset, RowAction, TableSpec,
};
use crate::words;
use crate::words::endpoints as texts;
use crate::words::messages as message_texts;

/// The list, one endpoint, or the form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, ..] => things::detail(&KIND, (*id).to_owned()),
    }
}

static KIND: Kind = Kind {
    resource: Endpoint::SPEC,
    address: "endpoints",
    list: "#/endpoints",
    glyph: Glyph::Endpoint,
    title: texts::title,
    delete: texts::delete,
    delete_operation: "delete_end_point",
    named: "name",
    identified: "id",
    state: |_| None,
    buttons,
    body,
};

static LIST: ListPage = ListPage {
    resource: Endpoint::SPEC,
    table: TableSpec {
        kind: "endpoint",
        columns: Endpoint::SPEC.columns,
        shown: &[
            ("name", 220),
            ("type", 120),
            ("port", 72),
            ("shared", 168),
            ("created", 132),
            ("description", 300),
        ],
        // A port is no count, so its digits stand without groups; 0 is none.
        look: |column, value, _| match (column.name, value) {
            ("port", CellValue::Integer(0)) => Some(CellLook::missing()),
            ("port", CellValue::Integer(port)) => Some(CellLook::text(port.to_string())),
            _ => None,
        },
        checks: true,
        sorts: true,
    },
    address: "endpoints",
    title: texts::title,
    presets: &[
        Preset {
            label: texts::presets::own,
            filter: "shared:no",
        },
        Preset {
            label: texts::presets::shared,
            filter: "shared:yes",
        },
    ],
    create: Some(Create {
        label: texts::create,
        to: "#/endpoints/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::create_rule,
            glyph: Glyph::Route,
            danger: false,
            blocked: |_| None,
            run: |row| router::go(&rule_address(&row.id)),
        },
        RowAction {
            label: texts::delete,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |row| is_shared(row).then(|| texts::shared_blocked.get()),
            run: |row| users::delete(&KIND, &row.id, &row.name),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_end_point".to_owned(),
            ..Call::default()
        },
        only_when: Some(("shared", &["false"])),
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Endpoint,
    },
    panel: |context| things::panel(&KIND, context),
};

/// Whether an endpoint belongs to the system.
fn is_shared(row: &RowView) -> bool {
    let at = Endpoint::SPEC.column("shared");
    matches!(
        at.and_then(|at| row.cells.get(at)),
        Some(CellValue::Flag(true))
    )
}

/// The form of a rule with this endpoint: as its source or its destination, whichever it can be.
fn rule_address(id: &str) -> String {
    Address::new(["rules", "new"])
        .with("endpoint", id)
        .to_string()
}

fn buttons(thing: Thing) -> AnyView {
    let shared = Memo::new(move |_| thing.with(|it| flag(it, "is_shared")) == Some(true));
    let more = Signal::derive(move || {
        let delete = move || {
            let (id, name) = thing.named_now();
            users::delete(&KIND, &id, &name);
        };
        let item = Item::new(texts::delete, delete)
            .glyph(Glyph::Trash)
            .danger();
        vec![match shared.get() {
            true => item.disabled(texts::shared_blocked.get()),
            false => item,
        }]
    });
    view! {
        <Button
            label=texts::create_rule
            glyph=Glyph::Route
            on_press=move || router::go(&rule_address(&thing.id.get_untracked()))
        />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

fn body(thing: Thing) -> AnyView {
    let there = Memo::new(move |_| thing.with(|_| Some(())).is_some());
    // Stays while the facts are drawn anew.
    let users = move || {
        there
            .get()
            .then(|| part(texts::used_by, users::view(thing.id)))
    };
    view! {
        <div class="thing-body stack thing-parts">
            {thing.view(facts)}
            {users}
        </div>
    }
    .into_any()
}

fn facts(endpoint: &Value) -> AnyView {
    let kind = text(endpoint, "type").unwrap_or_default();
    let shared = flag(endpoint, "is_shared") == Some(true);
    let mut lines = vec![(
        message_texts::r#type.into(),
        view! { {move || endpoint_kind(&kind)} }.into_any(),
    )];
    let properties = endpoint.get("properties");
    let port = properties
        .and_then(|it| integer(it, "service_port"))
        .filter(|port| *port != 0);
    if let Some(port) = port {
        lines.push((texts::port.into(), text_or_dash(Some(&port.to_string()))));
    }
    if let Some(domain) = properties.and_then(|it| text(it, "domain_id")) {
        let domain = view! { <code class="selectable">{domain}</code> };
        lines.push((texts::domain.into(), domain.into_any()));
    }
    let yes_no = move || {
        if shared {
            words::table::yes.get()
        } else {
            words::table::no.get()
        }
    };
    lines.push((texts::shared.into(), view! { {yes_no} }.into_any()));
    lines.extend(stamps(endpoint));
    fact_list(lines)
}
