//! Deployments to try things on.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::{option, prop_oneof};
use serde_json::{Map, Value, json};

/// A deployment with something of everything.
pub(crate) fn full() -> Value {
    json!({
        "name": "shop",
        "description": "The shop of a site",
        "node_ids": ["node-1"],
        "tags": [{ "key": "site", "value": "a" }, { "key": "tier", "value": "front" }],
        "deployment": {
            "replicas": 1,
            "template": {
                "configs": { "host_network": false, "restart_policy": "Always" },
                "init_containers": [
                    { "name": "prepare", "image_url": "busybox:1.36", "command": ["sh"], "args": ["-c", "true"] }
                ],
                "containers": [
                    {
                        "name": "web",
                        "image_url": "nginx:1.27",
                        "resources": {
                            "limits": { "cpu": "0.5", "memory": "512" },
                            "requests": { "cpu": "0.25", "memory": "256" }
                        },
                        "envs": [
                            { "name": "MODE", "value": "fast" },
                            { "name": "LEVEL", "value_from": { "configmap": { "name": "settings", "key": "level" } } },
                            { "name": "TOKEN", "value_from": { "secret": { "name": "keys", "key": "token" } } },
                            { "name": "HOST", "field_path": "status.hostIP" }
                        ],
                        "ports": [{ "container_port": 80, "host_port": 8080 }],
                        "readiness_probe": {
                            "http_get": { "path": "/", "port": 80, "scheme": "HTTP" },
                            "initial_delay_seconds": 5
                        },
                        "liveness_probe": { "exec": { "command": "true" } },
                        "volumes": [
                            { "name": "conf", "type": "configMap", "source": "settings", "destination": "/etc/shop", "read_only": true },
                            { "name": "cache", "type": "emptyDir", "source": "disk", "destination": "/var/cache", "read_only": false },
                            { "name": "logs", "type": "hostPath", "source": "/var/log/shop", "destination": "/var/log", "read_only": false }
                        ],
                        "x_unknown": { "kept": [1, 2.5, null] }
                    },
                    { "name": "agent", "image_url": "agent:2" }
                ]
            }
        }
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9-]{0,8}",
        "[ -~]{0,12}",
        "(yes|no|1\\.10|0644|true|null|~|- a|a: b|#x|x #y|\\*a|&a|'|\"|\\[|\\{|::|a:)",
        "[a-z ]{1,6}\n[a-z ]{1,6}\n?",
        "[\u{0}-\u{3ff}\u{2028}\u{feff}数据😀]{0,4}",
    ]
}

/// Any value, as unknown fields may have.
pub(crate) fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4).prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value.into());
    }
}

fn variable() -> impl Strategy<Value = Value> {
    ("[A-Z]{1,3}", text(), 0..4).prop_map(|(name, value, kind)| match kind {
        0 => json!({ "name": name, "value_from": { "configmap": { "name": value, "key": "k" } } }),
        1 => json!({ "name": name, "value_from": { "secret": { "name": "s", "key": value } } }),
        _ => json!({ "name": name, "value": value }),
    })
}

fn volume() -> impl Strategy<Value = Value> {
    ("[a-c]{1,2}", 0..4usize, text(), any::<bool>()).prop_map(|(name, kind, source, read_only)| {
        let kind = ["configMap", "secret", "emptyDir", "hostPath"][kind];
        json!({ "name": name, "type": kind, "source": source, "destination": "/d", "read_only": read_only })
    })
}

fn container() -> impl Strategy<Value = Value> {
    (
        "[a-d]{1,2}",
        text(),
        vec(variable(), 0..4),
        vec(volume(), 0..3),
        vec((1..9i64, 1..9i64), 0..3),
        option::of(anything()),
        vec(text(), 0..3),
    )
        .prop_map(|(name, image, envs, volumes, ports, unknown, args)| {
            let mut fields = Map::new();
            put(&mut fields, "name", Some(name));
            put(&mut fields, "image_url", Some(image));
            put(&mut fields, "args", (!args.is_empty()).then_some(args));
            put(&mut fields, "envs", (!envs.is_empty()).then_some(envs));
            put(&mut fields, "volumes", Some(volumes));
            let ports = ports.into_iter();
            let ports = ports.map(|(from, to)| json!({ "container_port": from, "host_port": to }));
            put(&mut fields, "ports", Some(ports.collect::<Vec<_>>()));
            put(&mut fields, "x", unknown);
            Value::Object(fields)
        })
}

/// Any deployment: right or wrong, but of the documented shape, with unknown fields.
pub(crate) fn deployment() -> impl Strategy<Value = Value> {
    let lists = (vec(container(), 0..4), vec(container(), 0..2));
    (
        text(),
        lists,
        option::of(anything()),
        vec("[a-z]{1,3}", 0..3),
    )
        .prop_map(|(name, (main, init), unknown, tags)| {
            let tags = tags
                .into_iter()
                .map(|key| json!({ "key": key, "value": "v" }));
            let mut value = json!({
                "name": name,
                "tags": tags.collect::<Vec<_>>(),
                "deployment": {
                    "replicas": 1,
                    "template": { "init_containers": init, "containers": main },
                },
            });
            if let (Some(unknown), Some(fields)) = (unknown, value.as_object_mut()) {
                fields.insert("x_more".to_owned(), unknown);
            }
            deploy_doc::shape::literal(value, Some(deploy_doc::shape::ROOT))
        })
}
