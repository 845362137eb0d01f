//! The form of a new endpoint.

use ief_api::operation::Call;
use ief_api::rules::endpoint as rules;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::KIND;
use crate::kit::{
    Button, Choice, Form, FormFrame, Kind as FieldKind, Look, NumberField, Radio, Section,
    TextField,
};
use crate::pages::messages::endpoint_kind;
use crate::pages::parts::{call_of, form_page, read};
use crate::pages::things;
use crate::router;
use crate::sheet::Change;
use crate::table::reading::{list, text};
use crate::words;
use crate::words::endpoints as texts;
use crate::words::messages as message_texts;

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    description: RwSignal<String>,
    kind: RwSignal<String>,
    domain: RwSignal<String>,
    port: RwSignal<Option<i64>>,
}

impl Draft {
    fn body(self) -> Value {
        let properties = match self.kind.get().as_str() {
            "servicebus" => json!({ "service_port": self.port.get() }),
            _ => json!({ "domain_id": self.domain.get() }),
        };
        let mut endpoint = Map::from_iter([
            ("name".to_owned(), json!(self.name.get())),
            ("type".to_owned(), json!(self.kind.get())),
            ("properties".to_owned(), properties),
        ]);
        let description = self.description.get();
        if !description.is_empty() {
            endpoint.insert("description".to_owned(), json!(description));
        }
        json!({ "endpoint": endpoint })
    }
}

/// The account that the endpoints there are belong to, when it is one and the same.
fn known_domain(endpoints: &Value) -> Option<String> {
    let mut domains = endpoints.as_array()?.iter().filter_map(|endpoint| {
        let properties = endpoint.get("properties")?;
        text(properties, "domain_id")
    });
    let first = domains.next()?;
    domains.all(|other| other == first).then_some(first)
}

pub(super) fn create() -> AnyView {
    form_page((KIND.list, KIND.title), texts::create, form())
}

fn form() -> AnyView {
    let form = Form::new();
    let draft = Draft {
        name: RwSignal::new(String::new()),
        description: RwSignal::new(String::new()),
        kind: RwSignal::new("servicebus".to_owned()),
        domain: RwSignal::new(String::new()),
        port: RwSignal::new(None),
    };
    // The identifier of an account is known by heart to nobody.
    let others = read(call_of("list_endpoints", &[], &[("limit", "1000")]), "");
    let filled = RwSignal::new(false);
    Effect::new(move |_| {
        let known = others.value.with(|answer| {
            let endpoints = list(answer.as_ref()?, "endpoints");
            known_domain(&Value::Array(endpoints.to_vec()))
        });
        if let Some(known) = known
            && draft.domain.with_untracked(String::is_empty)
            && !filled.get_untracked()
        {
            draft.domain.set(known);
            filled.set(true);
        }
    });
    let submit = move || {
        let name = draft.name.get_untracked();
        let call = Call {
            body: Some(untrack(|| draft.body())),
            ..call_of("create_endpoint", &[], &[])
        };
        let change = Change::new(
            texts::create_title(&name),
            texts::create_sentence(&name),
            call,
        )
        .button(texts::create)
        .done(texts::created(&name));
        things::create(&KIND, form, change);
    };
    let kinds = ["servicebus", "dis", "apigw"].map(|kind| {
        let help = move || words::find_or(&format!("endpoints.types.{kind}"), "");
        Choice::new(kind, move || endpoint_kind(kind)).help(help)
    });
    let is_service = Memo::new(move |_| draft.kind.with(|kind| kind == "servicebus"));
    let domain_help = move || {
        let help = texts::domain_help.get();
        match filled.get() {
            true => format!("{help} {}", texts::domain_known.get()),
            false => help.to_owned(),
        }
    };
    // Made inside the form, or the fields wouldn't know that they belong to it.
    let properties = move || match is_service.get() {
        true => view! {
            <NumberField
                label=texts::port
                value=draft.port
                rule=&rules::ENDPOINT_PORT
                help=texts::port_help
                required=true
                path="endpoint.properties.service_port"
            />
        }
        .into_any(),
        false => view! {
            <TextField
                label=texts::domain
                value=draft.domain
                rule=&rules::ENDPOINT_DOMAIN
                help=domain_help
                kind=FieldKind::Code
                required=true
                path="endpoint.properties.domain_id"
            />
        }
        .into_any(),
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <p class="second">{texts::fixed}</p>
            <Section title=texts::section>
                <TextField
                    label=message_texts::name
                    value=draft.name
                    rule=&rules::ENDPOINT_NAME
                    path="endpoint.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
                <TextField
                    label=message_texts::description
                    value=draft.description
                    rule=&rules::ENDPOINT_DESCRIPTION
                    path="endpoint.description"
                />
                <Radio label=message_texts::r#type value=draft.kind choices=kinds.to_vec() />
            </Section>
            <Section title=texts::properties>{properties}</Section>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=|| router::go(KIND.list) />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}
