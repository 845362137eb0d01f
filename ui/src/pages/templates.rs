//! Device templates: what devices of a kind have in common, to be registered from.

use console_ipc::IpcError;
use console_ipc::error::ErrorKind;
use console_ipc::inventory::{CellValue, RowView};
use ief_api::device_template::DeviceTemplate;
use ief_api::operation::Call;
use ief_api::resource::{Column, Resource};
use leptos::prelude::*;
use serde_json::Value;

mod form;
pub mod tag_editor;

use crate::kit::facts::time_of;
use crate::kit::{
    Button, EmptyState, ErrorNotice, Glyph, Id, Item, Look, MenuButton, Skeleton, Text,
    text_or_dash,
};
use crate::pages::devices::show;
use crate::pages::parts::{Heading, call_of, fact_list, known, part, plain_table, thing_page};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::{
    BulkButton, CellLook, Create, Empty, ListPage, ListView, PanelContext, Preset, Reading,
    RowAction, TableSpec,
};
use crate::words;
use crate::words::{devices as device_texts, templates as texts};

/// The list, one template, or a form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, "edit"] => form::edit((*id).to_owned()),
        [id, ..] => detail((*id).to_owned()),
    }
}

static LIST: ListPage = ListPage {
    resource: DeviceTemplate::SPEC,
    table: TableSpec {
        kind: "device_template",
        columns: DeviceTemplate::SPEC.columns,
        shown: &[
            ("name", 240),
            ("protocol", 120),
            ("properties", 120),
            ("attributes", 100),
            ("tag", 180),
            ("updated", 140),
            ("description", 240),
        ],
        look,
        checks: true,
        sorts: true,
    },
    address: "templates",
    title: texts::title,
    presets: &[
        Preset {
            label: texts::preset::modbus,
            filter: "protocol:modbus",
        },
        Preset {
            label: texts::preset::opc_ua,
            filter: "protocol:opc-ua",
        },
    ],
    create: Some(Create {
        label: texts::create,
        to: "#/templates/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::use_it,
            glyph: Glyph::Device,
            danger: false,
            blocked: |_| None,
            run: |row| register_from(&row.id),
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
            run: |row| delete(&row.id, &row.name),
        },
    ],
    bulk: &[BulkButton {
        label: texts::delete_many,
        glyph: Glyph::Trash,
        danger: true,
        sentence: texts::delete_many_sentence,
        call: || Call {
            operation: "delete_device_template".to_owned(),
            ..Call::default()
        },
        only_when: None,
    }],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Template,
    },
    panel,
};

fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("protocol", CellValue::Text(protocol)) => {
            Some(CellLook::text(show::protocol_words(protocol)))
        }
        _ => None,
    }
}

fn edit_address(id: &str) -> String {
    Address::new(["templates", id, "edit"]).to_string()
}

fn register_from(id: &str) {
    router::go(
        &Address::new(["devices", "new"])
            .with("template", id)
            .to_string(),
    );
}

/// Deletes a template. Devices made from it keep what they have.
fn delete(id: &str, name: &str) {
    let own = Address::new(["templates", id]).path;
    let call = call_of("delete_device_template", &[("device_template_id", id)], &[]);
    let change = Change::new(
        texts::delete_title(name),
        texts::delete_sentence(name),
        call,
    )
    .target("device_template", id, name)
    .button(texts::delete)
    .done(texts::deleted(name))
    .on_done(move |_| {
        if router::Router::the().address_now().path.starts_with(&own) {
            router::go("#/templates");
        }
    });
    sheet::send(change);
}

/// What can be done with a template.
fn buttons(id: Signal<String>, reading: Reading) -> AnyView {
    let more = Signal::derive(move || {
        let delete = move || {
            let name = reading
                .value
                .with_untracked(|it| it.as_ref().map(|it| show::text(it, "name").to_owned()));
            let id = id.get_untracked();
            // Until it is read, its identifier names it.
            delete(&id, &name.unwrap_or_else(|| id.clone()));
        };
        vec![
            Item::new(texts::delete, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    view! {
        <Button
            label=texts::use_it
            glyph=Glyph::Plus
            look=Look::Primary
            on_press=move || register_from(&id.get_untracked())
        />
        <Button
            label=texts::update
            glyph=Glyph::Edit
            on_press=move || router::go(&edit_address(&id.get_untracked()))
        />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

fn panel(context: PanelContext) -> AnyView {
    let known = known(context.detail);
    let body = move || content(context.detail, known.get());
    view! {
        <div class="thing-body stack">
            <div class="row row-wrap">{buttons(context.id, context.detail)}</div>
            {body}
        </div>
    }
    .into_any()
}

fn detail(id: String) -> AnyView {
    let id = Signal::stored(id);
    let reading = Reading::detail(DeviceTemplate::SPEC, id);
    let name = Memo::new(move |_| {
        reading
            .value
            .with(|it| it.as_ref().map(|it| show::text(it, "name").to_owned()))
    });
    let actions = move || {
        name.get().map(|_| {
            view! {
                <span class="spacer"></span>
                {buttons(id, reading)}
            }
        })
    };
    let known = known(reading);
    let body = move || content(reading, known.get());
    thing_page(
        ("#/templates", texts::title),
        move || name.get().unwrap_or_else(|| id.get()),
        view! { {actions} }.into_any(),
        view! { <div class="thing-body stack thing-parts">{body}</div> }.into_any(),
    )
}

/// What is known of a template, or why nothing is.
fn content(reading: Reading, known: (Option<Value>, Option<IpcError>)) -> AnyView {
    let retry = move |()| reading.reload();
    match known {
        (Some(template), None) => facts(&template),
        (Some(template), Some(error)) => {
            view! { <ErrorNotice error=error on_retry=retry /> {facts(&template)} }.into_any()
        }
        (None, None) => view! { <Skeleton lines=8 /> }.into_any(),
        (None, Some(error)) if error.kind == ErrorKind::NotFound => view! {
            <EmptyState
                title=texts::gone
                text=texts::gone_text
                glyph=Glyph::Template
                action=(Text::from(texts::back_to_list), Callback::new(|()| router::go("#/templates")))
            />
        }
        .into_any(),
        (None, Some(error)) => view! { <ErrorNotice error=error on_retry=retry /> }.into_any(),
    }
}

fn facts(template: &Value) -> AnyView {
    let protocol = show::protocol_of(template).to_owned();
    let at = |name: &str| time_of(Some(show::text(template, name)));
    let protocol = move || show::protocol_words(&protocol);
    let head = fact_list(vec![
        (
            device_texts::id.into(),
            view! { <Id id=show::text(template, "id") whole=true /> }.into_any(),
        ),
        (
            device_texts::description.into(),
            text_or_dash(Some(show::text(template, "description"))),
        ),
        (
            device_texts::protocol.into(),
            view! { {protocol} }.into_any(),
        ),
        (texts::created.into(), at("created_at")),
        (device_texts::changed.into(), at("updated_at")),
        (device_texts::tags.into(), show::tag_chips(template)),
    ]);
    let (attributes, twin) = (show::attributes_table(template), twin_table(template));
    view! {
        {head}
        {part(device_texts::attributes, attributes)}
        {part(device_texts::twin::title, twin)}
    }
    .into_any()
}

/// The twin properties a device gets: type, first expected value, how it is read.
fn twin_table(template: &Value) -> AnyView {
    let twin = show::twin_of(template);
    if twin.is_empty() {
        return view! { <p class="second">{texts::no_twin}</p> }.into_any();
    }
    let mut visitors = show::visitors_of(template);
    let rows = twin
        .into_iter()
        .map(|(name, property)| {
            let kind = show::type_of(property.metadata.as_ref()).to_owned();
            let expected = property.expected.and_then(|side| side.value);
            let visitor = visitors.remove(&name).filter(|visitor| !visitor.is_empty());
            vec![
                show::property_name(name, kind, visitor),
                text_or_dash(expected.as_deref()),
            ]
        })
        .collect();
    let headings: [Heading; 2] = [
        (device_texts::twin::property, false),
        (texts::first_value, false),
    ];
    plain_table(device_texts::twin::title, &headings, rows)
}
