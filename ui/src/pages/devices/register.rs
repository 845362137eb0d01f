//! The form that registers a device, empty or from a template.

use std::collections::BTreeMap;

use console_ipc::inventory::CellValue;
use ief_api::device_template::DeviceTemplate;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::{common, device as rules};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::draft::{Draft, access_body, access_kind};
use super::setting_fields::{SettingsDraft, setting_fields};
use super::settings::{ACCESS, PROTOCOLS};
use super::{AttributeEditor, TwinEditor, show};
use crate::kit::{
    Button, Choice, Fold, Form, FormFrame, Glyph, Kind, Look, Notice, Radio, Section, TextField,
};
use crate::pages::parts::{call_of, first_of, form_of, form_page, read};
use crate::router;
use crate::sheet::{self, Change};
use crate::table::{CellLook, Picked, Picker, TableSpec};
use crate::words;
use crate::words::devices as texts;

/// Templates to choose from.
static TEMPLATES: TableSpec = TableSpec {
    kind: "device_template",
    columns: DeviceTemplate::SPEC.columns,
    shown: &[
        ("name", 220),
        ("protocol", 120),
        ("properties", 100),
        ("description", 220),
    ],
    look: |column, value, _| match value {
        CellValue::Text(protocol) if column.name == "protocol" => {
            Some(CellLook::text(show::protocol_words(protocol)))
        }
        _ => None,
    },
    checks: false,
    sorts: true,
};

/// The form. A template in the address fills it.
pub(super) fn view() -> AnyView {
    let router = router::Router::the();
    let own = router.address_now().path;
    let template = Memo::new(move |known: Option<&String>| {
        let address = router.address();
        // Leaving for another page is no choice of another template.
        match known.filter(|_| address.path != own) {
            Some(known) => known.clone(),
            None => address.get("template").unwrap_or_default().to_owned(),
        }
    });
    let form = move || match template.get() {
        none if none.is_empty() => form(None),
        template => from_template(&template),
    };
    let choosing = RwSignal::new(false);
    let typed = Signal::derive(move || router.unsaved.get() > 0);
    let choose = move |picked: Vec<Picked>| {
        if let Some(template) = picked.first() {
            router::set_query("template", &template.id);
        }
    };
    let body = view! {
        <div class="row">
            <Button
                label=texts::choose_template
                glyph=Glyph::Template
                disabled=typed
                hint=move || if typed.get() { texts::typed_already.get() } else { "" }
                on_press=move || choosing.set(true)
            />
        </div>
        {form}
        <Picker spec=&TEMPLATES title=texts::template_to_use open=choosing on_pick=choose />
    };
    form_page(
        ("#/devices", texts::title),
        texts::register,
        body.into_any(),
    )
}

/// Reads the template once; what is typed then is not overwritten by reading it again.
fn from_template(id: &str) -> AnyView {
    let call = call_of("show_device_template", &[("device_template_id", id)], &[]);
    let reading = read(call, "device_template");
    form_of(first_of(reading), reading, |template| form(Some(template)))
}

fn form(template: Option<&Value>) -> AnyView {
    let form = Form::new();
    let draft = Draft::new(template);
    let from = template.map(|template| show::text(template, "name").to_owned());
    // A device made from a template has a name of its own.
    draft.name.set(String::new());
    let id = RwSignal::new(String::new());
    let connection = RwSignal::new(String::new());
    let modbus = RwSignal::new("TCP".to_owned());
    let access = SettingsDraft::new(ACCESS, &BTreeMap::new());
    let submit = move || {
        let body = untrack(|| body(draft, id, connection, access, modbus));
        let name = draft.name.get_untracked();
        let call = Call {
            body: Some(body),
            ..call_of("create_device", &[], &[])
        };
        let change = Change::new(
            texts::register_title(&name),
            texts::register_sentence(&name),
            call,
        )
        .button(texts::register)
        .done(texts::registered_done(&name))
        .on_done(move |answer| {
            form.saved();
            access.forget_secrets(ACCESS);
            let id = show::text(
                answer.answer.body.get("device").unwrap_or(&Value::Null),
                "id",
            )
            .to_owned();
            router::go(&router::Address::new(["devices", &id]).to_string());
        });
        sheet::check_and_send(form, change);
    };
    view! {
        <FormFrame form=form on_submit=submit>
            {from.map(|name| view! { <Notice text=texts::from_template(name) /> })}
            <Section title=texts::section::device>
                <TextField
                    label=texts::name
                    value=draft.name
                    rule=&rules::DEVICE_NAME
                    path="device.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
                <TextField
                    label=texts::description
                    value=draft.description
                    rule=&common::DESCRIPTION_TEXT
                    path="device.description"
                />
                <Fold title=texts::advanced set=move || id.get()>
                    <TextField
                        label=texts::id
                        value=id
                        rule=&rules::DEVICE_ID
                        path="device.id"
                        help=texts::id_help
                        kind=Kind::Code
                    />
                    <TextField
                        label=texts::connection
                        value=connection
                        path="device.connection_type"
                        help=texts::connection_help
                        placeholder="edge"
                    />
                </Fold>
            </Section>
            <Section title=texts::access>
                {protocol_radio(draft.protocol)}
                {move || (draft.protocol.get() == "modbus").then(|| view! {
                    <Radio
                        label=texts::modbus_kind
                        value=modbus
                        choices=vec![Choice::new("TCP", "TCP"), Choice::new("RTU", "RTU")]
                        inline=true
                    />
                })}
                {move || {
                    let kind = access_kind(&draft.protocol.get(), &modbus.get());
                    setting_fields(access, ACCESS, &kind, "device.access_config")
                }}
            </Section>
            {property_sections(draft)}
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=|| router::go("#/devices") />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// The protocol, with what each means.
pub fn protocol_radio(protocol: RwSignal<String>) -> AnyView {
    let choices = PROTOCOLS
        .map(|name| {
            let help = move || words::find_or(&format!("devices.protocols.{name}"), "");
            Choice::new(name, move || show::protocol_words(name)).help(help)
        })
        .to_vec();
    view! { <Radio label=texts::protocol value=protocol choices=choices /> }.into_any()
}

/// Static and twin properties.
pub fn property_sections(draft: Draft) -> AnyView {
    view! {
        <Section title=texts::attributes>
            <p class="second">{texts::attributes_help}</p>
            <AttributeEditor rows=draft.attributes />
        </Section>
        <Section title=texts::twin::title>
            <p class="second">{texts::twin::help}</p>
            <TwinEditor rows=draft.twin protocol=draft.protocol />
        </Section>
    }
    .into_any()
}

fn body(
    draft: Draft,
    id: RwSignal<String>,
    connection: RwSignal<String>,
    access: SettingsDraft,
    modbus: RwSignal<String>,
) -> Value {
    let mut device = Map::new();
    let texts = [
        ("id", id),
        ("name", draft.name),
        ("description", draft.description),
        ("connection_type", connection),
    ];
    for (name, value) in texts {
        let value = value.get();
        if !value.is_empty() {
            device.insert(name.to_owned(), json!(value));
        }
    }
    let protocol = draft.protocol.get();
    if let Some(access) = access_body(access, &protocol, &modbus.get()) {
        device.insert("access_config".to_owned(), access);
    }
    device.insert("access_protocol".to_owned(), json!(protocol));
    let parts = [
        ("attributes", draft.attributes()),
        ("twin", draft.twin()),
        ("property_visitors", draft.visitors()),
    ];
    for (name, part) in parts {
        if part.as_object().is_some_and(|part| !part.is_empty()) {
            device.insert(name.to_owned(), part);
        }
    }
    json!({"device": device})
}
