//! Where messages go: an endpoint, and what its type asks for.

use ief_api::rules::Rule;
use ief_api::rules::message_rule as rules;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::looks::{endpoint_kind, endpoint_name};
use crate::kit::{Choice, Kind, Select, Text, TextField, text_or_dash};
use crate::table::reading::text;
use crate::words::Word;
use crate::words::messages as texts;

/// What a type of endpoint asks for as a destination.
struct Asked {
    /// The type.
    kind: &'static str,
    /// The field of `target_resource`.
    field: &'static str,
    /// Its name.
    label: Word,
    /// What it is.
    help: Word,
    /// What it has to keep.
    rule: &'static Rule,
}

/// Table 4-405; what is asked of a subscription (table 4-452) is the same.
static ASKED: [Asked; 4] = [
    Asked {
        kind: "dis",
        field: "channel",
        label: texts::stream,
        help: texts::stream_help,
        rule: &rules::DIS_CHANNEL,
    },
    Asked {
        kind: "servicebus",
        field: "path",
        label: texts::path,
        help: texts::path_help,
        rule: &rules::SERVICE_BUS_PATH,
    },
    Asked {
        kind: "apigw",
        field: "resource",
        label: texts::address,
        help: texts::address_help,
        rule: &rules::APIGW_RESOURCE,
    },
    Asked {
        kind: "eventbus",
        field: "topic",
        label: texts::topic,
        help: texts::topic_help,
        rule: &rules::EVENT_BUS_TOPIC,
    },
];

/// Types of endpoints that messages can go to.
const TARGETS: [&str; 4] = ["dis", "servicebus", "apigw", "eventbus"];

/// A destination as typed.
#[derive(Clone, Copy)]
pub struct TargetDraft {
    /// The endpoint's identifier.
    pub endpoint: RwSignal<String>,
    /// The endpoints there are.
    endpoints: StoredValue<Vec<Value>>,
    /// What is typed for each of [`ASKED`]: another endpoint forgets nothing.
    values: [RwSignal<String>; 4],
}

impl TargetDraft {
    /// Nothing typed yet, with an endpoint chosen or none.
    pub fn new(endpoints: &[Value], chosen: &str) -> Self {
        let endpoints = endpoints_of_kinds(endpoints, &TARGETS);
        let known = endpoints
            .iter()
            .any(|it| text(it, "id").as_deref() == Some(chosen));
        let chosen = if known { chosen } else { "" };
        Self {
            endpoint: RwSignal::new(chosen.to_owned()),
            endpoints: StoredValue::new(endpoints),
            values: [(); 4].map(|()| RwSignal::new(String::new())),
        }
    }

    /// What the endpoint asks for, as a place in [`ASKED`]. Tracked.
    fn asked(self) -> Option<usize> {
        let id = self.endpoint.get();
        let kind = self.find(&id).and_then(|it| text(&it, "type"))?;
        ASKED.iter().position(|asked| asked.kind == kind)
    }

    fn find(self, id: &str) -> Option<Value> {
        self.endpoints.with_value(|endpoints| {
            let mut endpoints = endpoints.iter();
            let found = endpoints.find(|it| text(it, "id").as_deref() == Some(id));
            found.cloned()
        })
    }

    /// The name of the endpoint. Tracked.
    pub fn name(self) -> String {
        endpoint_name(self.find(&self.endpoint.get()).as_ref())
    }

    /// Writes it into a body. Tracked.
    pub fn fill(self, body: &mut Map<String, Value>) {
        body.insert("target".to_owned(), json!(self.endpoint.get()));
        if let Some(at) = self.asked() {
            let resource = json!({ ASKED[at].field: self.values[at].get() });
            body.insert("target_resource".to_owned(), resource);
        }
    }
}

/// The endpoints of some types.
pub fn endpoints_of_kinds(endpoints: &[Value], kinds: &[&str]) -> Vec<Value> {
    let endpoints = endpoints.iter().filter(|it| {
        let kind = text(it, "type").unwrap_or_default();
        kinds.contains(&kind.as_str())
    });
    endpoints.cloned().collect()
}

/// Endpoints as choices: name and type.
pub fn endpoint_choices(endpoints: &[Value]) -> Vec<Choice> {
    let choices = endpoints.iter().map(|it| {
        let kind = text(it, "type").unwrap_or_default();
        let name = endpoint_name(Some(it));
        let label = Text::from(move || format!("{name} ({})", endpoint_kind(&kind)));
        Choice::new(text(it, "id").unwrap_or_default(), label)
    });
    choices.collect()
}

/// Chooses a destination.
#[component]
pub fn TargetFields(
    /// What is typed.
    draft: TargetDraft,
    /// Where it stands in the body: `rule`.
    path: &'static str,
) -> AnyView {
    let choices = draft.endpoints.with_value(|it| endpoint_choices(it));
    let asked = Memo::new(move |_| draft.asked());
    let field = move || {
        asked.get().map(|at| {
            let asked = &ASKED[at];
            view! {
                <TextField
                    label=asked.label
                    value=draft.values[at]
                    rule=asked.rule
                    help=asked.help
                    kind=Kind::Code
                    required=true
                    path=format!("{path}.target_resource.{}", asked.field)
                />
            }
        })
    };
    view! {
        <Select
            label=texts::choose_endpoint
            choices=Signal::stored(choices)
            value=draft.endpoint
            help=texts::target_help
            required=true
            path=format!("{path}.target")
        />
        {field}
        <a class="field-link" href="#/endpoints/new">{texts::create_endpoint}</a>
    }
    .into_any()
}

/// What a destination names, below the name of its field.
pub fn resource_facts(endpoint: Option<&Value>, resource: Option<&Value>) -> (Text, AnyView) {
    let kind = endpoint.and_then(|it| text(it, "type")).unwrap_or_default();
    let label = ASKED.iter().find(|asked| asked.kind == kind);
    let label = label.map_or(texts::target as Word, |asked| asked.label);
    let named = resource.and_then(super::named);
    let value = match named {
        Some(named) => view! { <code class="selectable">{named}</code> }.into_any(),
        None => text_or_dash(None),
    };
    (label.into(), value)
}
