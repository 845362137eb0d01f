//! What runs on nodes, and what it is given.

use serde_json::json;

use super::Step;

pub(super) fn dictionaries() -> Vec<Step> {
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

pub(super) fn apps() -> Vec<Step> {
    let app = json!({"app": {"name": "app-play"}});
    let change = json!({"app": {"description": "played"}});
    let version = json!({"version": {"version": "v1", "image_url": "nginx:alpine"}});
    let version_change = json!({"version": {"args": ["-v"]}});
    let one = json!({"app_id": "$app", "version_id": "$version"});
    let mut changed = one.clone();
    changed["body"] = version_change;
    vec![
        Step("create_app", json!({"body": app}), Some(("/app/id", "app"))),
        Step("list_apps", json!({}), None),
        Step("show_app_detail", json!({"app_id": "$app"}), None),
        Step(
            "update_app",
            json!({"app_id": "$app", "body": change}),
            None,
        ),
        Step(
            "create_app_versions",
            json!({"app_id": "$app", "body": version}),
            Some(("/version/id", "version")),
        ),
        Step("list_app_versions", json!({"app_id": "$app"}), None),
        Step("show_app_version_detail", one.clone(), None),
        Step("update_app_version", changed, None),
        Step("delete_app_version", one, None),
        Step("delete_app", json!({"app_id": "$app"}), None),
    ]
}

pub(super) fn deployments() -> Vec<Step> {
    let runs = |image: &str| {
        json!({
            "replicas": 1,
            "template": {
                "configs": {"host_network": true, "restart_policy": "Always"},
                "containers": [{"name": "container-0", "image_url": image}],
            },
        })
    };
    let new = json!({"name": "deployment-play", "node_ids": ["$running"], "deployment": runs("nginx:alpine")});
    let change = json!({"description": "played", "deployment": runs("nginx:1.27")});
    let one = "$deployment";
    vec![
        Step(
            "enable_disable_edge_nodes",
            json!({"node_id": "$running", "body": {"node": {"action": "start"}}}),
            None,
        ),
        Step(
            "create_deployments",
            json!({"body": new}),
            Some(("/id", "deployment")),
        ),
        Step("list_deployments", json!({"name": "deployment-play"}), None),
        Step("show_deployment", json!({"deployment_id": one}), None),
        Step(
            "update_deployment",
            json!({"deployment_id": one, "body": change}),
            None,
        ),
    ]
}

pub(super) fn instances() -> Vec<Step> {
    let one = json!({"deployment_id": "$deployment", "pod_name": "$pod"});
    vec![
        Step(
            "list_pods",
            json!({"deployment_id": "$deployment"}),
            Some(("/pods/0/name", "pod")),
        ),
        Step("restart_deployments_pod", one.clone(), None),
        Step("delete_pod", one, None),
    ]
}

pub(super) fn services() -> Vec<Step> {
    let service = |port: &str| {
        json!({"service": {
            "meta_data": {"name": "service-play"},
            "spec": {
                "ports": [{"name": "http-0", "port": port, "target_port": "80", "protocol": "TCP"}],
                "selector": {"app": "deployment-play"},
            },
        }})
    };
    let change = json!({"service_id": "$service", "body": service("8081")});
    vec![
        Step(
            "create_service",
            json!({"body": service("8080")}),
            Some(("/service/id", "service")),
        ),
        Step("list_services", json!({}), None),
        Step(
            "show_service_detail",
            json!({"service_id": "$service"}),
            None,
        ),
        Step("update_service", change, None),
        Step("delete_service", json!({"service_id": "$service"}), None),
    ]
}

pub(super) fn encrypted_data() -> Vec<Step> {
    let data = |description: &str| {
        json!({"encrypt_data": {
            "name": "logins-play",
            "description": description,
            "config": [{"name": "user", "value": "operator", "is_encrypted": true}],
        }})
    };
    let change = json!({"encryptdata_id": "$data", "body": data("played")});
    let bind = json!({"node_id": "$node", "body": {"encrypt_datas": ["$data"]}});
    let free = json!({"node_id": "$node", "encryptdata_id": "$data"});
    let kept = Some(("/encrypt_data/id", "data"));
    vec![
        Step("create_encryptdatas", json!({"body": data("")}), kept),
        Step("list_encryptdatas", json!({}), None),
        Step(
            "show_encryptdatas",
            json!({"encryptdata_id": "$data"}),
            None,
        ),
        Step("update_encryptdatas", change, None),
        Step("create_node_encryptdatas", bind, None),
        Step("list_node_encryptdatas", json!({"node_id": "$node"}), None),
        Step(
            "list_encryptdata_nodes",
            json!({"encryptdata_id": "$data"}),
            None,
        ),
        Step("delete_node_encryptdatas", free, None),
        Step(
            "delete_encryptdatas",
            json!({"encryptdata_id": "$data"}),
            None,
        ),
    ]
}
