//! The form that registers a node (section 4.1.1), ending with its package saved to a file.

use ief_api::operation::Call;
use ief_api::rules::{common, node as node_rules};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::bind::{Binding, BindingFields};
use super::fields::{ATTRIBUTES, Listeners, TAGS, listeners_body};
use super::logs::{Logs, logs_body, read_logs};
use crate::kit::{
    Button, Checkbox, Choice, Fold, Form, FormFrame, Glyph, Kind, Look, Section, Select, TextField,
    icon,
};
use crate::pages::parts::{Pairs, Rows, pairs_body};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::reading::text;
use crate::words;
use crate::words::nodes::register as texts;
use crate::words::nodes::{attributes, logs};

/// The page.
#[component]
pub(super) fn Register() -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let docker = RwSignal::new(true);
    let gpu = RwSignal::new(false);
    let npu = RwSignal::new(false);
    let npu_type = RwSignal::new("D310".to_owned());
    let tags = Rows::new();
    let pairs = Rows::new();
    let log_fields = read_logs(None);
    let mqtt = RwSignal::new(String::new());
    let listeners = Rows::new();
    let binding = Binding::new();

    let body = move || {
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| {
            node.insert(name.to_owned(), value);
        };
        put("name", name.get().into());
        let said = description.get();
        if !said.is_empty() {
            put("description", said.into());
        }
        put("enable_docker", docker.get().into());
        put("enable_gpu", gpu.get().into());
        put("enable_npu", npu.get().into());
        if npu.get() {
            put("npu_type", npu_type.get().into());
        }
        let lists = [
            ("tags", pairs_body(tags)),
            ("attributes", pairs_body(pairs)),
            ("log_configs", logs_body(log_fields)),
        ];
        for (name, list) in lists {
            if list.as_array().is_some_and(|list| !list.is_empty()) {
                put(name, list);
            }
        }
        match mqtt.get().as_str() {
            "on" => put(
                "mqtt_config",
                json!({ "enable_mqtt": true, "mqtts": listeners_body(listeners) }),
            ),
            // Without a broker the list must be there, and empty (table 5-38).
            "off" => put("mqtt_config", json!({ "enable_mqtt": false, "mqtts": [] })),
            _ => {}
        }
        if binding.devices.with(|devices| !devices.is_empty()) {
            put("device_infos", json!([binding.body()]));
        }
        json!({ "node": node })
    };
    let submit = move || {
        let named = name.get_untracked();
        let call = Call {
            operation: "create_edge_node".to_owned(),
            body: Some(untrack(body)),
            ..Call::default()
        };
        let (of_sentence, of_done) = (named.clone(), named.clone());
        let change = Change::new(texts::verb, move || texts::sentence(&of_sentence), call)
            .target("node", "", &named)
            .done(move || texts::done(&of_done))
            .package(format!("{named}.tar.gz"))
            .on_done(move |sent| {
                form.saved();
                let id = sent
                    .answer
                    .body
                    .get("node")
                    .and_then(|node| text(node, "id"));
                router::go(&id.map_or_else(
                    || "#/nodes".to_owned(),
                    |id| Address::new(["nodes", &id]).to_string(),
                ));
            });
        sheet::check_and_send(form, change);
    };
    let modes = Signal::derive(|| {
        vec![
            Choice::new("", texts::mqtt_default),
            Choice::new("on", texts::mqtt_on),
            Choice::new("off", texts::mqtt_off),
        ]
    });
    // After the page itself had the focus, which tells its title.
    set_timeout(
        || crate::table::focus("#page form input"),
        std::time::Duration::from_millis(50),
    );
    let mqtt_said = move || match mqtt.get().as_str() {
        "on" => texts::mqtt_on.get().to_owned(),
        "off" => texts::mqtt_off.get().to_owned(),
        _ => texts::mqtt_default.get().to_owned(),
    };
    let npu_types = Signal::derive(|| vec![Choice::new("D310", "D310")]);
    view! {
        <div class="page-body">
            <a class="page-crumb" href="#/nodes">{icon(Glyph::ArrowLeft)} {words::nodes::title}</a>
            <div class="page-head"><h1>{texts::verb}</h1></div>
            <FormFrame form=form on_submit=submit>
                <TextField
                    label=texts::name
                    value=name
                    rule=&node_rules::NODE_NAME
                    help=words::rules::node_name
                    path="node.name"
                    required=true
                    autofocus=true
                />
                <TextField
                    label=texts::description
                    value=description
                    rule=&common::DESCRIPTION_TEXT
                    help=words::rules::description
                    kind=Kind::Lines
                    path="node.description"
                />
                <Section title=texts::machine>
                    <Checkbox label=texts::docker value=docker help=texts::docker_help />
                    <Checkbox label=texts::gpu value=gpu help=texts::gpu_help />
                    <Checkbox label=texts::npu value=npu help=texts::npu_help />
                    {move || npu.get().then(|| view! {
                        <Select
                            label=texts::npu_type
                            choices=npu_types
                            value=npu_type
                            required=true
                            path="node.npu_type"
                        />
                    })}
                </Section>
                <Section title=attributes::tags>
                    <Pairs rows=tags limits=TAGS add=attributes::add_tag />
                </Section>
                <Section title=attributes::attributes>
                    <Pairs rows=pairs limits=ATTRIBUTES add=attributes::add />
                </Section>
                <Section title=words::nodes::devices::bound>
                    <BindingFields binding=binding path="node.device_infos.0" />
                </Section>
                <Section title=logs::title><Logs logs=log_fields /></Section>
                <Section title=texts::broker>
                    <Fold title=texts::mqtt set=mqtt_said>
                        <Select label=texts::mqtt choices=modes value=mqtt help=texts::mqtt_help />
                        {move || (mqtt.get() == "on").then(|| view! { <Listeners rows=listeners /> })}
                    </Fold>
                </Section>
                <div class="form-actions">
                    <Button label=words::kit::cancel on_press=|| router::go("#/nodes") />
                    <Button label=texts::verb look=Look::Primary submit=true />
                </div>
            </FormFrame>
        </div>
    }
    .into_any()
}
