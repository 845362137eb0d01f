//! The rules of endpoints, rules of messages and system events at their edges.

use serde_json::{Value, json};

use super::{accepts, broken, check_query, refuses, text};

#[test]
fn endpoints_keep_to_the_documented_limits() {
    let op = "create_endpoint";
    accepts(op, "/endpoint/name", text(64));
    refuses(op, "/endpoint/name", text(65), "endpoint_name");
    refuses(op, "/endpoint/name", json!("a.b"), "endpoint_name");
    refuses(op, "/endpoint/name", Value::Null, "endpoint_name");
    accepts(op, "/endpoint/description", text(255));
    refuses(
        op,
        "/endpoint/description",
        text(256),
        "endpoint_description",
    );
    refuses(
        op,
        "/endpoint/description",
        json!("a&b"),
        "endpoint_description",
    );
    for wrong in [json!("rest"), json!("DIS"), Value::Null] {
        refuses(op, "/endpoint/type", wrong, "endpoint_type");
    }
    refuses(op, "/endpoint/properties", Value::Null, "endpoint_domain");
    refuses(op, "/endpoint/properties", json!({}), "endpoint_domain");
    accepts(op, "/endpoint/properties/domain_id", text(64));
    refuses(
        op,
        "/endpoint/properties/domain_id",
        text(65),
        "endpoint_domain",
    );
    let service =
        |properties: Value| json!({"name": "bus", "type": "servicebus", "properties": properties});
    accepts(op, "/endpoint", service(json!({"service_port": 8080})));
    let found = broken(op, "/endpoint", service(json!({"domain_id": "d"})));
    let place = "endpoint.properties.service_port".to_owned();
    assert_eq!(found, [(place, "endpoint_port".to_owned())]);
    for port in [json!(1), json!(65535), json!("8080")] {
        accepts(op, "/endpoint/properties/service_port", port);
    }
    for port in [json!(0), json!(65536)] {
        refuses(
            op,
            "/endpoint/properties/service_port",
            port,
            "endpoint_port",
        );
    }
    let op = "list_endpoints";
    check_query(op, &[("type", "apigw"), ("is_shared", "false")], &[]);
    check_query(op, &[("type", "mqtt")], &[("type", "IEF.300004")]);
    check_query(op, &[("is_shared", "no")], &[("is_shared", "IEF.300000")]);
    check_query(op, &[("limit", "1001")], &[("limit", "IEF.100005")]);
}

#[test]
fn message_rules_keep_to_the_documented_limits() {
    let op = "create_rule";
    accepts(op, "/rule/name", text(64));
    refuses(op, "/rule/name", text(65), "rule_name");
    refuses(op, "/rule/name", json!("a/b"), "rule_name");
    accepts(op, "/rule/description", text(255));
    refuses(op, "/rule/description", text(256), "rule_description");
    for (field, rule) in [("source", "rule_source"), ("target", "rule_target")] {
        let pointer = format!("/rule/{field}");
        accepts(op, &pointer, text(64));
        refuses(op, &pointer, text(65), rule);
        refuses(op, &pointer, Value::Null, rule);
    }
    for none in [
        Value::Null,
        json!({}),
        json!({"node_id": "n"}),
        json!({"topic": ""}),
    ] {
        refuses(
            op,
            "/rule/source_resource",
            none.clone(),
            "rule_source_resource",
        );
        refuses(op, "/rule/target_resource", none, "rule_target_resource");
    }
    for (side, field, longest, rule) in [
        (
            "source",
            "path",
            format!("/{}", "a".repeat(511)),
            "rest_path",
        ),
        (
            "target",
            "path",
            format!("/{}", "a".repeat(511)),
            "service_bus_path",
        ),
        ("target", "channel", "a".repeat(64), "dis_channel"),
        ("target", "resource", "a".repeat(512), "apigw_resource"),
        ("target", "topic", "a".repeat(512), "event_bus_topic"),
    ] {
        let pointer = format!("/rule/{side}_resource");
        accepts(op, &pointer, json!({field: longest}));
        refuses(op, &pointer, json!({field: format!("{longest}a")}), rule);
        refuses(op, &pointer, json!({field: "/a b"}), rule);
    }
    for (side, rule) in [("source", "rest_path"), ("target", "service_bus_path")] {
        let pointer = format!("/rule/{side}_resource");
        refuses(op, &pointer, json!({"path": "a/b"}), rule);
    }
    let topic = |topic: &str, node: &str| json!({"topic": topic, "node_id": node});
    let pointer = "/rule/source_resource";
    accepts(op, pointer, topic(&"t".repeat(512), &"n".repeat(64)));
    refuses(op, pointer, topic(&"t".repeat(513), "n"), "event_bus_topic");
    refuses(op, pointer, topic("t", &"n".repeat(65)), "message_node");
    // A topic is one of a node's broker.
    refuses(op, pointer, json!({"topic": "t"}), "message_node");
    accepts(
        op,
        "/rule/target_resource",
        json!({"resource": "https://api.example.com:8443/a?b=[c]#d"}),
    );
    check_query("list_rules", &[("limit", "1000"), ("offset", "0")], &[]);
    for op in ["list_rules", "list_rule_errors"] {
        check_query(op, &[("limit", "1001")], &[("limit", "IEF.100005")]);
    }
}

#[test]
fn system_events_keep_to_the_documented_limits() {
    let op = "create_system_event";
    accepts(op, "/systemevent/name", text(64));
    refuses(op, "/systemevent/name", text(65), "system_event_name");
    for wrong in [json!("Upper"), json!("a.b"), json!(""), Value::Null] {
        refuses(op, "/systemevent/name", wrong, "system_event_name");
    }
    accepts(op, "/systemevent/description", text(255));
    refuses(
        op,
        "/systemevent/description",
        text(256),
        "rule_description",
    );
    let events = "/systemevent/events";
    for right in ["edgeNode/all", "deployment/created,instance/deleted"] {
        accepts(op, events, json!(right));
    }
    for wrong in [
        "edgeNode/gone",
        "edgenode/all",
        "edgeNode/all,",
        "edgeNode/all, instance/all",
        "",
    ] {
        refuses(op, events, json!(wrong), "system_event_topic");
    }
    refuses(op, events, Value::Null, "system_event_topic");
    accepts(op, "/systemevent/target", text(64));
    refuses(op, "/systemevent/target", text(65), "rule_target");
    refuses(op, "/systemevent/target", Value::Null, "rule_target");
    let resource = "/systemevent/target_resource";
    refuses(op, resource, json!({}), "rule_target_resource");
    accepts(op, resource, json!({"resource": "a".repeat(512)}));
    refuses(
        op,
        resource,
        json!({"resource": "a".repeat(513)}),
        "apigw_resource",
    );
    accepts(op, resource, json!({"channel": "AAA"}));
    refuses(op, resource, json!({"channel": "A A"}), "dis_channel");
    check_query(
        "list_system_events",
        &[("limit", "0")],
        &[("limit", "IEF.100005")],
    );
}
