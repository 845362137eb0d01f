//! Every operation of the catalogue, called through the client: each resource is made, listed, read, changed and
//! taken away again, in that order.

use std::collections::BTreeMap;
use std::time::Duration;

use ief_api::catalogue::{self, OPERATIONS};
use ief_api::node::ListEdgeNodes;
use ief_api::operation::{Call, Service};
use ief_client::Client;
use ief_sim::{Options, Pace};
use serde_json::{Value, json};

use super::stage::{Stage, never};

mod batches;
mod fleet;
mod messages;
mod workloads;

/// An operation with its arguments, and which part of the answer is known by which name afterwards. In the arguments
/// the text `$name` stands for what is known.
struct Step(&'static str, Value, Option<(&'static str, &'static str)>);

/// How long what was begun takes at most.
const A_WHILE: Duration = Duration::from_secs(120);

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
                if let Some(known) = text.strip_prefix('$').and_then(|name| self.known.get(name)) {
                    text.clone_from(known);
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
        pace: Pace::Manual,
        ..Options::default()
    })
    .await;
    let mut play = Play {
        client: stage.client(),
        known: BTreeMap::from([("project", stage.account().project_id.clone())]),
    };
    play.find_running().await;
    for steps in [
        fleet::nodes(),
        fleet::devices(),
        fleet::templates(),
        workloads::dictionaries(),
        messages::messages(),
        workloads::apps(),
        workloads::deployments(),
        workloads::instances(),
        workloads::services(),
        fleet::tags(),
        fleet::groups(),
        workloads::encrypted_data(),
        batches::registrations(),
        batches::jobs(),
        batches::ended_jobs(),
        ends(),
    ] {
        for step in steps {
            play.take(step).await;
        }
        // What was begun comes to its end: nodes start again, instances run.
        stage.simulator.control().advance(A_WHILE);
    }

    let control = stage.simulator.control();
    let missed: Vec<&str> = OPERATIONS
        .iter()
        .filter(|spec| spec.service == Service::Ief && control.count(spec.name) == 0)
        .map(|spec| spec.name)
        .collect();
    assert!(missed.is_empty(), "never called: {missed:?}");
}

fn ends() -> Vec<Step> {
    let deployment = json!({"deployment_id": "$deployment", "force_delete": "true"});
    vec![
        Step("show_quota", json!({}), None),
        Step("delete_deployment", deployment, None),
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
