//! Nodes, devices and their templates.

use serde_json::{Value, json};

use super::Step;

pub(super) fn nodes() -> Vec<Step> {
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

pub(super) fn devices() -> Vec<Step> {
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

pub(super) fn templates() -> Vec<Step> {
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

pub(super) fn groups() -> Vec<Step> {
    let group = json!({"name": "group-play"});
    let change = json!({"description": "played"});
    let bind = json!({"add_node_ids": ["$node"], "remove_node_ids": []});
    let cert = json!({"name": "cert-play", "type": "application"});
    let one = json!({"group_id": "$group", "group_cert_id": "$group_cert"});
    let kept = Some(("/id", "group_cert"));
    vec![
        Step(
            "create_edge_group",
            json!({"body": group}),
            Some(("/id", "group")),
        ),
        Step("list_edge_groups", json!({}), None),
        Step(
            "show_edge_group_detail",
            json!({"group_id": "$group"}),
            None,
        ),
        Step(
            "update_edge_group",
            json!({"group_id": "$group", "body": change}),
            None,
        ),
        Step(
            "update_edge_group_node_binding",
            json!({"group_id": "$group", "body": bind}),
            None,
        ),
        Step(
            "create_edge_group_cert",
            json!({"group_id": "$group", "body": cert}),
            kept,
        ),
        Step("list_edge_group_certs", json!({"group_id": "$group"}), None),
        Step("show_edge_group_cert_detail", one.clone(), None),
        Step("delete_edge_group_cert", one, None),
        Step("delete_edge_group", json!({"group_id": "$group"}), None),
    ]
}

pub(super) fn tags() -> Vec<Step> {
    let of_node = json!({"resource_type": "ief-edge_node", "resource_id": "$node"});
    let with = |name: &str, value: Value| {
        let mut arguments = of_node.clone();
        arguments[name] = value;
        arguments
    };
    let tag = json!({"tag": {"key": "site", "value": "play"}});
    let several = json!({"action": "create", "tags": [{"key": "line", "value": "l1"}]});
    let query = json!({"action": "filter", "limit": "10", "offset": "0", "tags": [{"key": "site", "values": ["play"]}]});
    let kind = json!({"resource_type": "ief-edge_node"});
    vec![
        Step("create_tag", with("body", tag), None),
        Step("batch_add_delete_tags", with("body", several), None),
        Step("list_tags", of_node.clone(), None),
        Step("list_tags_by_resource_type", kind, None),
        Step(
            "list_resource_by_tags",
            json!({"resource_type": "ief-edge_node", "body": query}),
            None,
        ),
        Step("delete_resource_tag", with("key", json!("site")), None),
    ]
}
