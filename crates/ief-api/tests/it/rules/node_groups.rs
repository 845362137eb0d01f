//! The rules of node groups and their certificates at their edges.

use serde_json::{Value, json};

use super::{accepts, check_query, refuses, refuses_whole, text};

/// So many tags, each with a key of its own.
fn tags(count: usize) -> Value {
    let tags = (0..count).map(|n| json!({"key": format!("k{n}"), "value": "v"}));
    Value::Array(tags.collect())
}

#[test]
fn node_groups_keep_to_the_documented_limits() {
    let op = "create_edge_group";
    accepts(op, "/name", text(64));
    accepts(op, "/name", json!("北京-plant_1"));
    refuses(op, "/name", text(65), "node_group_name");
    refuses(op, "/name", json!("plant.bj"), "node_group_name");
    refuses(op, "/name", Value::Null, "node_group_name");
    for op in [op, "update_edge_group", "create_edge_group_cert"] {
        accepts(op, "/description", json!("^~#$%&*".repeat(36)));
        accepts(op, "/description", text(255));
        refuses(op, "/description", text(256), "node_group_description");
    }
    accepts(op, "/node_ids", json!([]));
    accepts(op, "/node_ids/0", text(64));
    refuses(op, "/node_ids/0", text(65), "node_id");
    refuses(op, "/node_ids/0", json!(""), "node_id");
    refuses(op, "/device_ids/0", text(65), "device_ids");
    accepts(op, "/tags", tags(20));
    refuses(op, "/tags", tags(21), "node_tags");
    accepts(op, "/tags/0/key", text(128));
    refuses(op, "/tags/0/key", text(129), "label_key");
    refuses(op, "/tags/0/key", json!("a b"), "label_key");
    accepts(op, "/tags/0/value", text(256));
    refuses(op, "/tags/0/value", text(257), "label_value");
    let twice = json!([{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]);
    refuses(op, "/tags", twice, "label_key");

    let op = "update_edge_group_node_binding";
    for pointer in ["/add_node_ids", "/remove_node_ids"] {
        accepts(op, pointer, json!([]));
        refuses(op, &format!("{pointer}/0"), json!("a/b"), "node_id");
    }
    refuses_whole(op, json!({}), "add_node_ids", "node_id");
    check_query("list_edge_groups", &[("limit", "1000")], &[]);
    let wrong = [("limit", "1001"), ("offset", "-1")];
    let codes = [("limit", "IEF.100005"), ("offset", "IEF.100004")];
    check_query("list_edge_groups", &wrong, &codes);
}

#[test]
fn certificates_of_groups_keep_to_the_documented_limits() {
    let op = "create_edge_group_cert";
    accepts(op, "/name", text(64));
    accepts(op, "/name", json!("证书"));
    refuses(op, "/name", text(65), "group_certificate_name");
    refuses(op, "/name", json!("a b"), "group_certificate_name");
    refuses(op, "/name", Value::Null, "group_certificate_name");
    for kind in ["system", "application", "device"] {
        accepts(op, "/type", json!(kind));
    }
    for kind in [json!("server"), Value::Null] {
        refuses(op, "/type", kind, "group_certificate_type");
    }
    check_query(
        "list_edge_group_certs",
        &[("limit", "0")],
        &[("limit", "IEF.100005")],
    );
}
