//! Endpoints, rules and system events.

use serde_json::json;

use super::Step;

pub(super) fn messages() -> Vec<Step> {
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
