//! Batch registrations: machines that carry the package of one register themselves as nodes.

use ief_api::operation::Call;
use ief_api::product::Product;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

mod form;
mod nodes;

use crate::kit::facts::time_of;
use crate::kit::{Button, Glyph, Id, text_or_dash};
use crate::pages::parts::{fact_list, part, plain_table};
use crate::pages::things::{self, Kind, Thing};
use crate::sheet;
use crate::table::reading::{list, text};
use crate::table::{BulkButton, Create, Empty, ListPage, ListView, RowAction, TableSpec};
use crate::words;
use crate::words::registrations as texts;

/// The list, one registration, or the form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, ..] => things::detail(&KIND, (*id).to_owned()),
    }
}

static KIND: Kind = Kind {
    resource: Product::SPEC,
    address: "registrations",
    list: "#/registrations",
    glyph: Glyph::Enrol,
    title: texts::title,
    delete: texts::delete,
    delete_operation: "delete_product",
    named: "name",
    identified: "id",
    state: |_| None,
    buttons,
    body,
};

static LIST: ListPage = ListPage {
    resource: Product::SPEC,
    table: TableSpec {
        kind: "product",
        columns: Product::SPEC.columns,
        shown: &[
            ("name", 220),
            ("tag", 200),
            ("attributes", 96),
            ("created", 132),
            ("description", 340),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
    address: "registrations",
    title: texts::title,
    presets: &[],
    create: Some(Create {
        label: texts::create,
        to: "#/registrations/new",
    }),
    row_actions: &[RowAction {
        label: texts::delete,
        glyph: Glyph::Trash,
        danger: true,
        blocked: |_| None,
        run: |row| delete(&row.id, &row.name),
    }],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_product".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Enrol,
    },
    panel: |context| things::panel(&KIND, context),
};

/// Deletes a registration, whose credential goes with it.
fn delete(id: &str, name: &str) {
    let change = things::deletion(&KIND, id, name, texts::delete_sentence(name));
    sheet::send(
        change
            .breaks(texts::delete_breaks)
            .breaks(texts::delete_stay),
    );
}

fn buttons(thing: Thing) -> AnyView {
    let press = move || {
        let (id, name) = thing.named_now();
        delete(&id, &name);
    };
    view! { <Button label=texts::delete glyph=Glyph::Trash on_press=press /> }.into_any()
}

fn body(thing: Thing) -> AnyView {
    let there = Memo::new(move |_| thing.with(|_| Some(())).is_some());
    // Stays while the facts are drawn anew.
    let nodes = move || {
        there
            .get()
            .then(|| part(texts::nodes, nodes::view(thing.id)))
    };
    view! {
        <div class="thing-body stack thing-parts">
            {thing.view(facts)}
            {nodes}
        </div>
    }
    .into_any()
}

fn facts(product: &Value) -> AnyView {
    let head = fact_list(vec![
        (
            texts::id.into(),
            view! { <Id id=text(product, "id").unwrap_or_default() whole=true /> }.into_any(),
        ),
        (
            texts::description.into(),
            text_or_dash(text(product, "description").as_deref()),
        ),
        (
            texts::created_at.into(),
            time_of(text(product, "created_at").as_deref()),
        ),
    ]);
    view! {
        {head}
        {part(texts::properties, properties(product))}
        {part(texts::tags, tags(product))}
    }
    .into_any()
}

fn properties(product: &Value) -> AnyView {
    let properties = product.get("attributes").and_then(Value::as_object);
    let properties = properties.filter(|properties| !properties.is_empty());
    let Some(properties) = properties else {
        return view! { <p class="second">{texts::no_properties}</p> }.into_any();
    };
    let rows = properties
        .iter()
        .map(|(name, property)| {
            let kind = property.get("metadata").and_then(|it| text(it, "type"));
            vec![
                view! { <span class="selectable">{name.clone()}</span> }.into_any(),
                text_or_dash(text(property, "value").as_deref()),
                text_or_dash(kind.as_deref()),
            ]
        })
        .collect();
    let headings = [
        (texts::property, false),
        (texts::value, false),
        (texts::r#type, false),
    ];
    plain_table(texts::properties, &headings, rows)
}

fn tags(product: &Value) -> AnyView {
    let tags = list(product, "tags");
    if tags.is_empty() {
        return view! { <p class="second">{texts::no_tags}</p> }.into_any();
    }
    let rows = tags
        .iter()
        .map(|tag| {
            let key = text(tag, "key").unwrap_or_default();
            vec![
                view! { <span class="selectable">{key}</span> }.into_any(),
                text_or_dash(text(tag, "value").as_deref()),
            ]
        })
        .collect();
    let headings = [(words::kit::key, false), (words::kit::value, false)];
    plain_table(texts::tags, &headings, rows)
}
