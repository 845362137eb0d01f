//! Every operation of the catalogue, called through the client: each resource is made, listed, read, changed and
//! taken away again, in that order.

use std::collections::BTreeMap;

use ief_api::catalogue::{self, OPERATIONS};
use ief_api::node::ListEdgeNodes;
use ief_api::operation::{Call, Service};
use ief_client::Client;
use ief_sim::Options;
use serde_json::{Value, json};

use super::stage::{Stage, never};

/// An operation with its arguments, and which part of the answer is known by which name afterwards. In the arguments
/// `$name` stands for what is known.
struct Step(&'static str, Value, Option<(&'static str, &'static str)>);

/// A client with what earlier calls answered, by the names given to it.
struct Play {
    client: Client,
    known: BTreeMap<&'static str, String>,
}

impl Play {
    /// Calls an operation and keeps what the step says of its answer.
    async fn take(&mut self, step: Step) {
        let Step(operation, mut arguments, keep) = step;
        self.fill(&mut arguments);
        let spec = catalogue::operation(operation).unwrap();
        let call = Call::from_arguments(spec, arguments.as_object().unwrap()).unwrap();
        let answer = self.client.call(&call, &never()).await;
        let answer = answer.unwrap_or_else(|error| panic!("{operation}: {error:?}"));
        if let Some((pointer, name)) = keep {
            let part = answer.body.pointer(pointer).and_then(Value::as_str);
            let part = part.unwrap_or_else(|| panic!("{operation} has no {pointer}"));
            self.known.insert(name, part.to_owned());
        }
    }

    /// Takes note of two nodes that run and can be upgraded: one that was just registered can't.
    async fn find_running(&mut self) {
        let operation = ListEdgeNodes {
            state: Some("RUNNING".to_owned()),
            ..ListEdgeNodes::default()
        };
        let answer = self.client.send(&operation, &never()).await.unwrap();
        let nodes = answer.body.nodes.into_iter();
        let mut nodes = nodes.filter(|node| node.upgrade_flag == Some(true));
        for name in ["old", "running"] {
            let id = nodes.next().and_then(|node| node.id);
            self.known.insert(name, id.unwrap());
        }
    }

    fn fill(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                for (name, known) in &self.known {
                    *text = text.replace(&format!("${name}"), known);
                }
            }
            Value::Array(entries) => entries.iter_mut().for_each(|entry| self.fill(entry)),
            Value::Object(object) => object.values_mut().for_each(|value| self.fill(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[tokio::test]
async fn every_operation_is_called_through_the_client() {
    let stage = Stage::open(Options {
        nodes: 200,
        ..Options::default()
    })
    .await;
    let mut play = Play {
        client: stage.client(),
        known: BTreeMap::from([("project", stage.account().project_id.clone())]),
    };
    play.find_running().await;
    for steps in [
        nodes(),
        devices(),
        templates(),
        dictionaries(),
        messages(),
        ends(),
    ] {
        for step in steps {
            play.take(step).await;
        }
    }

    let control = stage.simulator.control();
    let missed: Vec<&str> = OPERATIONS
        .iter()
        .filter(|spec| spec.service == Service::Ief && control.count(spec.name) == 0)
        .map(|spec| spec.name)
        .collect();
    assert!(missed.is_empty(), "never called: {missed:?}");
}

fn nodes() -> Vec<Step> {
    let node = json!({"node": {"name": "gw-play"}});
    let change = json!({"node": {"description": "played"}});
    let stop = json!({"node": {"action": "stop"}});
    let cert = json!({"name": "cert-play", "type": "application"});
    vec![
        Step(
            "create_edge_node",
            json!({"body": node}),
            Some(("/node/id", "node")),
        ),
        Step(
            "list_edge_nodes",
            json!({"name": "gw-play"}),
            Some(("/nodes/0/id", "node")),
        ),
        Step("show_edge_node_detail", json!({"node_id": "$node"}), None),
        Step(
            "update_edge_node",
            json!({"node_id": "$node", "body": change}),
            None,
        ),
        Step("show_node_upgrade_check", json!({"node_id": "$old"}), None),
        Step("upgrade_edge_node", json!({"node_id": "$old"}), None),
        Step(
            "enable_disable_edge_nodes",
            json!({"node_id": "$running", "body": stop}),
            None,
        ),
        Step(
            "create_edge_node_certs",
            json!({"node_id": "$node", "body": cert}),
            Some(("/id", "cert")),
        ),
        Step("list_edge_node_certs", json!({"node_id": "$node"}), None),
        Step(
            "delete_edge_node_certs",
            json!({"node_id": "$node", "cert_id": "$cert"}),
            None,
        ),
    ]
}

fn devices() -> Vec<Step> {
    let twin = |value: &str| json!({"lamp": {"expected": {"value": value}}});
    let device = json!({"device": {"name": "lamp-play", "twin": twin("off")}});
    let change = json!({"device": {"description": "played"}});
    let bind = json!({"devices": {"added": {"relation": "reads", "device_ids": ["$device"]}, "removed": []}});
    let free = json!({"nodes": {"removed": ["$node"]}});
    vec![
        Step(
            "create_device",
            json!({"body": device}),
            Some(("/device/id", "device")),
        ),
        Step(
            "list_devices",
            json!({"name": "lamp-play"}),
            Some(("/devices/0/id", "device")),
        ),
        Step("show_device", json!({"device_id": "$device"}), None),
        Step(
            "update_device",
            json!({"device_id": "$device", "body": change}),
            None,
        ),
        Step("show_device_twin", json!({"device_id": "$device"}), None),
        Step(
            "update_device_twin",
            json!({"device_id": "$device", "body": {"twin": twin("on")}}),
            None,
        ),
        Step(
            "update_edge_node_device",
            json!({"node_id": "$node", "body": bind}),
            None,
        ),
        Step(
            "update_node_by_device_id",
            json!({"device_id": "$device", "body": free}),
            None,
        ),
    ]
}

fn templates() -> Vec<Step> {
    let template = json!({"device_template": {"name": "template-play"}});
    let change = json!({"device_template": {"description": "played"}});
    let kept = Some(("/device_template/id", "template"));
    vec![
        Step("create_device_template", json!({"body": template}), kept),
        Step("list_device_templates", json!({}), None),
        Step(
            "show_device_template",
            json!({"device_template_id": "$template"}),
            None,
        ),
        Step(
            "update_device_template_by_id",
            json!({"device_template_id": "$template", "body": change}),
            None,
        ),
    ]
}

fn dictionaries() -> Vec<Step> {
    let config_map = json!({"configmap": {"name": "config-play", "configs": {"mode": "auto"}}});
    let change = json!({"configmap": {"configs": {"mode": "manual"}}});
    let secret = json!({"secret": {"name": "secret-play", "type": "Opaque", "secrets": {"user": "cmVhZGVy"}}});
    let secret_change = json!({"secret": {"secrets": {"user": "d3JpdGVy"}}});
    vec![
        Step(
            "create_config_map",
            json!({"body": config_map}),
            Some(("/configmap/id", "config_map")),
        ),
        Step("list_config_maps", json!({}), None),
        Step(
            "show_config_map",
            json!({"configmap_id": "$config_map"}),
            None,
        ),
        Step(
            "update_config_map",
            json!({"configmap_id": "$config_map", "body": change}),
            None,
        ),
        Step(
            "create_secret",
            json!({"body": secret}),
            Some(("/secret/id", "secret")),
        ),
        Step("list_secrets", json!({}), None),
        Step("show_secret", json!({"secret_id": "$secret"}), None),
        Step(
            "update_secret",
            json!({"secret_id": "$secret", "body": secret_change}),
            None,
        ),
    ]
}

fn messages() -> Vec<Step> {
    let bus = json!({"endpoint": {"name": "bus-play", "type": "servicebus", "properties": {"service_port": 8080}}});
    let rule = json!({"rule": {
        "name": "rule-play",
        "source": "$rest",
        "source_resource": {"path": "/play"},
        "target": "$bus",
        "target_resource": {"path": "/v1"},
    }});
    let event = json!({"systemevent": {
        "name": "event-play",
        "events": "edgeNode/online",
        "target": "$gateway",
        "target_resource": {"resource": "https://play.example.com"},
    }});
    vec![
        Step(
            "list_endpoints",
            json!({"name": "SystemREST"}),
            Some(("/endpoints/0/id", "rest")),
        ),
        Step(
            "list_endpoints",
            json!({"type": "apigw"}),
            Some(("/endpoints/0/id", "gateway")),
        ),
        Step(
            "create_endpoint",
            json!({"body": bus}),
            Some(("/endpoint/id", "bus")),
        ),
        Step(
            "show_end_point_detail",
            json!({"endpoint_id": "$bus"}),
            None,
        ),
        Step(
            "create_rule",
            json!({"body": rule}),
            Some(("/rule/id", "rule")),
        ),
        Step("list_rules", json!({}), None),
        Step("show_rule_detail", json!({"rule_id": "$rule"}), None),
        Step("list_rule_errors", json!({"rule_id": "$rule"}), None),
        Step("stop_rule", json!({"rule_id": "$rule"}), None),
        Step("start_rule", json!({"rule_id": "$rule"}), None),
        Step(
            "create_system_event",
            json!({"body": event}),
            Some(("/systemevent/id", "event")),
        ),
        Step("list_system_events", json!({}), None),
        Step(
            "show_system_event_detail",
            json!({"event_id": "$event"}),
            None,
        ),
        Step("stop_system_event", json!({"event_id": "$event"}), None),
        Step("start_system_event", json!({"event_id": "$event"}), None),
    ]
}

/// What was made is taken away again: what uses first, then what is used.
fn ends() -> Vec<Step> {
    vec![
        Step("show_quota", json!({}), None),
        Step("delete_system_event", json!({"event_id": "$event"}), None),
        Step("delete_rule", json!({"rule_id": "$rule"}), None),
        Step("delete_end_point", json!({"endpoint_id": "$bus"}), None),
        Step("delete_secret", json!({"secret_id": "$secret"}), None),
        Step(
            "delete_config_map",
            json!({"configmap_id": "$config_map"}),
            None,
        ),
        Step(
            "delete_device_template",
            json!({"device_template_id": "$template"}),
            None,
        ),
        Step("delete_device", json!({"device_id": "$device"}), None),
        Step("delete_edge_node", json!({"node_id": "$node"}), None),
    ]
}
