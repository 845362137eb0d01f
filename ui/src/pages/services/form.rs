//! The forms that create and change a service.

use std::sync::Arc;

use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::service as rules;
use ief_api::service::{self, Service};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use crate::kit::form::Check;
use crate::kit::{Button, Choice, Form, FormFrame, Kind, Look, Radio, Section, Select, TextField};
use crate::pages::parts::{Rows, call_of, first_of, form_of, form_page, row_list};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::table::reading::{list, text};
use crate::words;
use crate::words::services as texts;

/// The form of a new service.
pub(super) fn create() -> AnyView {
    form_page(("#/services", texts::title), texts::create, form(None))
}

/// The form of a service that is there.
pub(super) fn edit(id: String) -> AnyView {
    let reading = Reading::detail(Service::SPEC, Signal::stored(id));
    let first = first_of(reading);
    let body = form_of(first, reading, |service| form(Some(service)));
    let title = move || {
        first.with(|service| match service {
            Some(service) => texts::update_title(name_of(service)),
            None => texts::update.get().to_owned(),
        })
    };
    form_page(("#/services", texts::title), title, body)
}

fn part<'a>(service: &'a Value, name: &str) -> &'a Value {
    service.get(name).unwrap_or(&Value::Null)
}

fn name_of(service: &Value) -> String {
    text(part(service, "meta_data"), "name").unwrap_or_default()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// A label as typed.
#[derive(Clone, Copy)]
struct Label {
    key: RwSignal<String>,
    value: RwSignal<String>,
}

impl Label {
    fn new(key: &str, value: &str) -> Self {
        Self {
            key: RwSignal::new(key.to_owned()),
            value: RwSignal::new(value.to_owned()),
        }
    }

    fn all(labels: &Value) -> Vec<Self> {
        let labels = labels.as_object().into_iter().flatten();
        labels
            .map(|(key, value)| Self::new(key, value.as_str().unwrap_or_default()))
            .collect()
    }
}

/// Labels as they are sent. Tracked.
fn sent(rows: Rows<Label>) -> Value {
    let labels = rows.get().into_iter();
    let labels: Map<String, Value> = labels
        .map(|(_, label)| (label.key.get(), json!(label.value.get())))
        .collect();
    labels.into()
}

/// A port as typed. Its numbers are texts on the wire.
#[derive(Clone, Copy)]
struct Port {
    base: StoredValue<Map<String, Value>>,
    name: RwSignal<String>,
    protocol: RwSignal<String>,
    port: RwSignal<String>,
    target: RwSignal<String>,
    node: RwSignal<String>,
}

impl Port {
    fn new(port: &Value) -> Self {
        let signal = |name: &str| RwSignal::new(text(port, name).unwrap_or_default());
        let protocol = text(port, "protocol").unwrap_or_else(|| "TCP".to_owned());
        Self {
            base: StoredValue::new(object(port)),
            name: signal("name"),
            protocol: RwSignal::new(protocol),
            port: signal("port"),
            target: signal("target_port"),
            node: signal("node_port"),
        }
    }

    /// As it is sent. Tracked.
    fn value(self, at_nodes: bool) -> Value {
        let mut port = self.base.get_value();
        let node = if at_nodes {
            self.node.get()
        } else {
            String::new()
        };
        for (name, value) in [
            ("name", self.name.get()),
            ("protocol", self.protocol.get()),
            ("port", self.port.get()),
            ("target_port", self.target.get()),
            ("node_port", node),
        ] {
            match value.trim() {
                "" => port.remove(name),
                value => port.insert(name.to_owned(), json!(value)),
            };
        }
        port.into()
    }
}

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    /// Name and labels as they were, with what the form doesn't know.
    metadata: StoredValue<Map<String, Value>>,
    /// The rest as it was.
    spec: StoredValue<Map<String, Value>>,
    name: RwSignal<String>,
    labels: Rows<Label>,
    kind: RwSignal<String>,
    address: RwSignal<String>,
    ports: Rows<Port>,
    selector: Rows<Label>,
}

impl Draft {
    fn new(service: Option<&Value>) -> Self {
        let service = service.unwrap_or(&Value::Null);
        let (metadata, spec) = (part(service, "meta_data"), part(service, "spec"));
        let kind = text(spec, "type").unwrap_or_else(|| "ClusterIP".to_owned());
        let (mut ports, mut selector): (Vec<Port>, Vec<Label>) = (
            list(spec, "ports").iter().map(Port::new).collect(),
            Label::all(part(spec, "selector")),
        );
        // A service without either is none.
        if ports.is_empty() {
            ports.push(Port::new(&Value::Null));
        }
        if selector.is_empty() {
            selector.push(Label::new(service::APPLICATION, ""));
        }
        Self {
            metadata: StoredValue::new(object(metadata)),
            spec: StoredValue::new(object(spec)),
            name: RwSignal::new(name_of(service)),
            labels: Rows::of(Label::all(part(metadata, "labels"))),
            kind: RwSignal::new(kind),
            address: RwSignal::new(text(spec, "cluster_ip").unwrap_or_default()),
            ports: Rows::of(ports),
            selector: Rows::of(selector),
        }
    }

    /// The service as it is sent: an update replaces all of it. Tracked.
    fn value(self) -> Value {
        let mut metadata = self.metadata.get_value();
        metadata.insert("name".to_owned(), json!(self.name.get()));
        metadata.insert("labels".to_owned(), sent(self.labels));
        let kind = self.kind.get();
        let at_nodes = kind == "NodePort";
        let ports = self.ports.get().into_iter();
        let ports: Vec<Value> = ports.map(|(_, port)| port.value(at_nodes)).collect();
        let mut spec = self.spec.get_value();
        spec.insert("type".to_owned(), json!(kind));
        spec.insert("ports".to_owned(), ports.into());
        spec.insert("selector".to_owned(), sent(self.selector));
        match self.address.get().trim() {
            "" => spec.remove("cluster_ip"),
            address => spec.insert("cluster_ip".to_owned(), json!(address)),
        };
        json!({ "service": { "meta_data": metadata, "spec": spec } })
    }
}

fn form(service: Option<&Value>) -> AnyView {
    let form = Form::new();
    let draft = Draft::new(service);
    let is_new = service.is_none();
    let before = untrack(|| draft.value());
    let compared = before.clone();
    let body = Memo::new(move |_| draft.value());
    let unchanged = Signal::derive(move || !is_new && body.with(|body| *body == compared));
    let target = service.map(|service| {
        let id = text(service, "id").unwrap_or_default();
        (id, name_of(service), text(service, "updated_at"))
    });
    let back = match &target {
        Some((id, ..)) => Address::new(["services", id]).to_string(),
        None => "#/services".to_owned(),
    };
    let submit = move || {
        if unchanged.get_untracked() {
            return;
        }
        let sent = Some(body.get_untracked());
        let change = match &target {
            Some((id, name, seen)) => {
                let call = Call {
                    body: sent,
                    ..call_of("update_service", &[("service_id", id)], &[])
                };
                Change::new(
                    texts::update_title(name),
                    texts::update_sentence(name),
                    call,
                )
                .target("service", id, name)
                .before(before.clone())
                .seen(seen.clone())
                .button(texts::update)
                .done(texts::updated(name))
            }
            None => {
                let name = draft.name.get_untracked();
                let call = Call {
                    body: sent,
                    ..call_of("create_service", &[], &[])
                };
                Change::new(
                    texts::create_title(&name),
                    texts::create_sentence(&name),
                    call,
                )
                .button(texts::create)
                .done(texts::created_done(&name))
            }
        };
        sheet::check_and_send(
            form,
            change.on_done(move |sent| {
                form.saved();
                let service = part(&sent.answer.body, "service");
                let id = text(service, "id").unwrap_or_default();
                router::go(&Address::new(["services", &id]).to_string());
            }),
        );
    };
    view! {
        <FormFrame form=form on_submit=submit>
            {fields(draft, is_new)}
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=move || router::go(&back) />
                <Button
                    label=words::kit::review
                    look=Look::Primary
                    submit=true
                    disabled=unchanged
                    hint=move || if unchanged.get() { words::kit::nothing_changed.get() } else { "" }
                />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// Made as a component, so that it is drawn inside the form and its fields find that.
fn fields(draft: Draft, is_new: bool) -> AnyView {
    view! { <Fields draft=draft is_new=is_new /> }.into_any()
}

#[component]
fn Fields(draft: Draft, is_new: bool) -> AnyView {
    let name = is_new.then(|| {
        view! {
            <TextField
                label=texts::name
                value=draft.name
                rule=&rules::SERVICE_NAME
                help=texts::name_help
                required=true
                autofocus=true
                path="service.meta_data.name"
            />
        }
    });
    let kinds = vec![
        Choice::new("ClusterIP", texts::kinds::cluster_ip).help(texts::kinds::cluster_ip_help),
        Choice::new("NodePort", texts::kinds::node_port).help(texts::kinds::node_port_help),
    ];
    view! {
        {name}
        <Section title=texts::selects>
            <p class="second">{texts::selects_help}</p>
            {labels(draft.selector, texts::add_label)}
        </Section>
        <Section title=texts::ports>{ports(draft)}</Section>
        <Section title=texts::reached>
            <Radio label=texts::kind choices=kinds value=draft.kind />
            <TextField
                label=texts::address
                value=draft.address
                help=texts::address_help
                placeholder=texts::address_default
                kind=Kind::Code
                path="service.spec.cluster_ip"
            />
        </Section>
        <Section title=texts::labels>{labels(draft.labels, texts::add_label)}</Section>
    }
    .into_any()
}

fn labels(rows: Rows<Label>, add: words::Word) -> AnyView {
    let line = move |_: usize, label: Label| {
        // Of two with the same key only one would be sent.
        let unique: Check = Arc::new(move |key: &str| {
            let same = |(_, label): &(u32, Label)| label.key.with(|known| known == key);
            match rows.get().iter().filter(|row| same(row)).count() {
                0 | 1 => Ok(()),
                _ => Err(words::kit::name_twice.get().to_owned()),
            }
        });
        view! {
            <TextField
                label=words::kit::key
                value=label.key
                check=unique
                rule=&rules::SERVICE_LABEL_KEY
                kind=Kind::Code
                required=true
            />
            <TextField
                label=words::kit::value
                value=label.value
                rule=&rules::SERVICE_LABEL_VALUE
                kind=Kind::Code
            />
        }
        .into_any()
    };
    row_list(rows, add, None, || Label::new("", ""), "pair", line)
}

fn ports(draft: Draft) -> AnyView {
    let at_nodes = Memo::new(move |_| draft.kind.with(|kind| kind == "NodePort"));
    let protocols = Signal::derive(|| ["TCP", "UDP"].map(|it| Choice::new(it, it)).to_vec());
    let line = move |at: usize, port: Port| {
        let path = move |name: &str| format!("service.spec.ports.{at}.{name}");
        let node = move || {
            at_nodes.get().then(|| {
                view! {
                    <TextField
                        label=texts::node_port
                        value=port.node
                        rule=&rules::SERVICE_NODE_PORT
                        placeholder=texts::node_port_default
                        path=path("node_port")
                    />
                }
            })
        };
        view! {
            <TextField
                label=texts::port_name
                value=port.name
                rule=&rules::SERVICE_PORT_NAME
                placeholder="http-0"
                required=true
                path=path("name")
            />
            <Select
                label=texts::protocol
                choices=protocols
                value=port.protocol
                required=true
                path=path("protocol")
            />
            <div class="field-row">
                <TextField
                    label=texts::port
                    value=port.port
                    rule=&rules::SERVICE_PORT
                    required=true
                    path=path("port")
                />
                <TextField
                    label=texts::target_port
                    value=port.target
                    rule=&rules::SERVICE_PORT
                    placeholder=texts::target_default
                    path=path("target_port")
                />
                {node}
            </div>
        }
        .into_any()
    };
    let make = || Port::new(&Value::Null);
    row_list(
        draft.ports,
        texts::add_port,
        None,
        make,
        "service-port",
        line,
    )
}
