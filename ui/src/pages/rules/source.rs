//! Where the messages of a new rule come from. A topic names project, node and device; people type only what is
//! their own of it.

use std::sync::Arc;

use ief_api::node::EdgeNode;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::message_rule as rules;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use crate::kit::form::{Check, expect_form, register};
use crate::kit::{
    Button, Chip, Choice, CopyButton, ErrorNotice, Glyph, Kind, Look, Radio, Select, Skeleton,
    TextField, unique,
};
use crate::pages::messages::{endpoint_choices, endpoint_name, endpoints_of_kinds};
use crate::pages::parts::{call_of, read};
use crate::state::App;
use crate::table::reading::{list, text};
use crate::table::{Picked, Picker, Reading, TableSpec};
use crate::words::message_rules as texts;
use crate::words::messages as message_texts;

/// Types of endpoints that messages can come from (table 4-405).
const SOURCES: [&str; 2] = ["rest", "eventbus"];

/// Nodes to choose from.
static NODES: TableSpec = TableSpec {
    kind: "node",
    columns: EdgeNode::SPEC.columns,
    shown: &[("name", 220), ("state", 140), ("devices", 80), ("tag", 180)],
    look: |_, _, _| None,
    checks: false,
    sorts: true,
};

/// A source as typed.
#[derive(Clone, Copy)]
pub(super) struct SourceDraft {
    /// The endpoint's identifier.
    pub(super) endpoint: RwSignal<String>,
    endpoints: StoredValue<Vec<Value>>,
    /// Path at the REST gateway.
    path: RwSignal<String>,
    /// The node whose broker it is.
    node: RwSignal<Option<Picked>>,
    /// What the topic is of: `node`, `device` or `any`.
    of: RwSignal<String>,
    /// The device, where the topic is of one.
    device: RwSignal<String>,
    /// What is people's own of the topic, for each of the three.
    own: [RwSignal<String>; 3],
}

impl SourceDraft {
    /// Nothing typed yet, with an endpoint chosen or none.
    pub(super) fn new(endpoints: &[Value], chosen: &str) -> Self {
        let endpoints = endpoints_of_kinds(endpoints, &SOURCES);
        let known = endpoints
            .iter()
            .any(|it| text(it, "id").as_deref() == Some(chosen));
        let chosen = if known { chosen } else { "" };
        // Without the project no topic can be made.
        let of = match project().is_empty() {
            true => "any",
            false => "node",
        };
        Self {
            endpoint: RwSignal::new(chosen.to_owned()),
            endpoints: StoredValue::new(endpoints),
            path: RwSignal::new(String::new()),
            node: RwSignal::new(None),
            of: RwSignal::new(of.to_owned()),
            device: RwSignal::new(String::new()),
            own: [(); 3].map(|()| RwSignal::new(String::new())),
        }
    }

    fn found(self) -> Option<Value> {
        let id = self.endpoint.get();
        self.endpoints.with_value(|endpoints| {
            let mut endpoints = endpoints.iter();
            let found = endpoints.find(|it| text(it, "id").as_deref() == Some(id.as_str()));
            found.cloned()
        })
    }

    /// The name of the endpoint. Tracked.
    pub(super) fn name(self) -> String {
        endpoint_name(self.found().as_ref())
    }

    fn kind(self) -> String {
        self.found()
            .and_then(|it| text(&it, "type"))
            .unwrap_or_default()
    }

    fn node_id(self) -> String {
        self.node
            .with(|node| node.as_ref().map(|node| node.id.clone()))
            .unwrap_or_default()
    }

    /// The topic with `own` as what is typed. `None` while something of it is not chosen. Tracked.
    fn topic_of(self, own: &str) -> Option<String> {
        let (project, node, device) = (project(), self.node_id(), self.device.get());
        match self.of.get().as_str() {
            _ if own.is_empty() => None,
            "node" if !node.is_empty() => Some(format!("{project}/nodes/{node}/user/{own}")),
            "device" if !device.is_empty() => Some(format!("{project}/device/{device}/{own}")),
            "any" => Some(own.to_owned()),
            _ => None,
        }
    }

    fn own(self) -> RwSignal<String> {
        let at = match self.of.get().as_str() {
            "node" => 0,
            "device" => 1,
            _ => 2,
        };
        self.own[at]
    }

    fn topic(self) -> Option<String> {
        self.topic_of(&self.own().get())
    }

    /// Writes it into a body. Tracked.
    pub(super) fn fill(self, body: &mut Map<String, Value>) {
        body.insert("source".to_owned(), json!(self.endpoint.get()));
        let resource = match self.kind().as_str() {
            "rest" => json!({ "path": self.path.get() }),
            _ => json!({ "topic": self.topic(), "node_id": self.node_id() }),
        };
        body.insert("source_resource".to_owned(), resource);
    }
}

/// The project's identifier, which topics begin with.
fn project() -> String {
    App::expect()
        .session
        .with(|session| session.project_id.clone())
}

/// What other rules take messages from: the path or topic, with the rule's name.
fn taken() -> Memo<Vec<(String, String)>> {
    let rules = read(call_of("list_rules", &[], &[("limit", "1000")]), "");
    Memo::new(move |_| {
        rules.value.with(|answer| {
            let rules = answer.as_ref().map_or(&[][..], |it| list(it, "rules"));
            let sources = rules.iter().filter_map(|rule| {
                let from = rule.get("source_resource")?;
                let from = text(from, "path").or_else(|| text(from, "topic"))?;
                Some((from, text(rule, "name").unwrap_or_default()))
            });
            sources.collect()
        })
    })
}

/// Says which other rule takes messages from there.
fn free(taken: Memo<Vec<(String, String)>>, from: &str) -> Result<(), String> {
    taken.with(|taken| {
        let other = taken.iter().find(|(known, _)| known == from);
        other.map_or(Ok(()), |(_, name)| Err(texts::taken(name)))
    })
}

/// Chooses a source.
#[component]
pub(super) fn SourceFields(draft: SourceDraft) -> AnyView {
    let taken = taken();
    let choices = draft.endpoints.with_value(|it| endpoint_choices(it));
    let kind = Memo::new(move |_| draft.kind());
    let fields = move || match kind.get().as_str() {
        "rest" => rest_fields(draft, taken),
        "eventbus" => view! { <BrokerFields draft=draft taken=taken /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <Select
            label=message_texts::choose_endpoint
            choices=Signal::stored(choices)
            value=draft.endpoint
            help=texts::source_help
            required=true
            path="rule.source"
        />
        {fields}
    }
    .into_any()
}

fn rest_fields(draft: SourceDraft, taken: Memo<Vec<(String, String)>>) -> AnyView {
    let check: Check = Arc::new(move |path: &str| free(taken, path));
    view! {
        <TextField
            label=texts::rest_path
            value=draft.path
            rule=&rules::REST_PATH
            check=check
            help=texts::rest_path_help
            kind=Kind::Code
            required=true
            path="rule.source_resource.path"
        />
    }
    .into_any()
}

#[component]
fn BrokerFields(draft: SourceDraft, taken: Memo<Vec<(String, String)>>) -> AnyView {
    let mut kinds = vec![
        Choice::new("node", texts::of_node).help(texts::of_node_help),
        Choice::new("device", texts::of_device).help(texts::of_device_help),
    ];
    if untrack(project).is_empty() {
        kinds.clear();
    }
    kinds.push(Choice::new("any", texts::of_any).help(texts::of_any_help));
    let of = Memo::new(move |_| draft.of.get());
    let check: Check = Arc::new(move |own: &str| {
        if own.starts_with('/') && draft.of.with(|of| of != "any") {
            return Err(texts::slash.get().to_owned());
        }
        match draft.topic_of(own) {
            Some(topic) => free(taken, &topic),
            None if draft.of.with(|of| of == "device") => {
                Err(texts::device_missing.get().to_owned())
            }
            // The field of the node says that it is missing.
            None => Ok(()),
        }
    });
    let own = move || {
        let (label, help) = match of.get().as_str() {
            "node" => (texts::suffix_node, texts::suffix_node_help),
            "device" => (texts::suffix_device, texts::suffix_device_help),
            _ => (texts::whole_topic, texts::of_any_help),
        };
        view! {
            <TextField
                label=label
                value=untrack(|| draft.own())
                rule=&rules::EVENT_BUS_TOPIC
                check=check.clone()
                help=help
                kind=Kind::Code
                required=true
                path="rule.source_resource.topic"
            />
        }
    };
    let device = move || (of.get() == "device").then(|| device_field(draft));
    // What is typed whole is seen as it is.
    let assembled = Memo::new(move |_| draft.topic().filter(|_| draft.of.with(|of| of != "any")));
    let shown = move || {
        assembled.get().map(|topic| {
            view! {
                <div class="field" role="status">
                    <span class="field-label">{texts::topic_is}</span>
                    <span class="topic-whole">
                        <code class="selectable">{topic.clone()}</code>
                        <CopyButton text=topic />
                    </span>
                </div>
            }
        })
    };
    view! {
        {node_field(draft)}
        <Radio label=texts::topic_kind value=draft.of choices=kinds />
        {device}
        {own}
        {shown}
    }
    .into_any()
}

/// The node, chosen from all there are.
fn node_field(draft: SourceDraft) -> AnyView {
    let picking = RwSignal::new(false);
    let form = expect_form();
    let id = unique("node");
    let path = "rule.source_resource.node_id";
    let checked = register(id.clone(), path.to_owned(), move || {
        let none = draft.node.with(Option::is_none);
        none.then(|| texts::node_missing.get().to_owned())
    });
    let pick = move |picked: Vec<Picked>| {
        form.touch();
        // A device of another node is none of this one.
        draft.device.set(String::new());
        draft.node.set(picked.into_iter().next());
    };
    let chip = move || {
        draft
            .node
            .get()
            .map(|node| view! { <Chip label=node.name /> })
    };
    let label = move || match draft.node.with(Option::is_some) {
        true => texts::another_node.get(),
        false => texts::choose_node.get(),
    };
    view! {
        <div class="field" id=id tabindex="-1" role="group" aria-label=texts::node>
            <span class="field-label">{texts::node}</span>
            <div class="row row-wrap">
                {chip}
                <Button label=label glyph=Glyph::Node look=Look::Plain on_press=move || picking.set(true) />
            </div>
            <p class="field-problem" role="alert">{move || checked.shown.get()}</p>
        </div>
        <Picker spec=&NODES title=texts::choose_node open=picking on_pick=pick />
    }
    .into_any()
}

/// The device, one of those bound to the node.
fn device_field(draft: SourceDraft) -> AnyView {
    let call = Signal::derive(move || {
        let node = draft.node_id();
        let query = [("node_id", node.as_str()), ("limit", "1000")];
        (!node.is_empty()).then(|| -> Call { call_of("list_devices", &[], &query) })
    });
    let reading = Reading::of(call, "devices");
    let devices = Memo::new(move |_| reading.value.get());
    let error = Memo::new(move |_| reading.error.get());
    let asked = Memo::new(move |_| call.with(Option::is_some));
    let field = move || match (devices.get(), error.get()) {
        (Some(devices), _) => {
            let devices = devices.as_array().cloned().unwrap_or_default();
            if devices.is_empty() {
                return view! { <p class="second">{texts::no_devices}</p> }.into_any();
            }
            let choices: Vec<Choice> = devices
                .iter()
                .map(|device| {
                    let id = text(device, "id").unwrap_or_default();
                    let name = text(device, "name").unwrap_or_else(|| id.clone());
                    Choice::new(id, name)
                })
                .collect();
            view! {
                <Select
                    label=texts::device
                    choices=Signal::stored(choices)
                    value=draft.device
                    required=true
                />
            }
            .into_any()
        }
        (None, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || reading.reload() /> }.into_any()
        }
        (None, None) if asked.get() => view! { <Skeleton lines=1 /> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! { {field} }.into_any()
}
