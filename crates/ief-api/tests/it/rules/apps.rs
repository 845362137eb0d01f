//! The rules of application templates, and of what containers are made of, at their edges.

use serde_json::{Value, json};

use super::{accepts, broken, check_query, refuses, text};

#[test]
fn application_templates_keep_to_the_documented_limits() {
    let op = "create_app";
    accepts(op, "/app/name", text(32));
    refuses(op, "/app/name", text(33), "app_name");
    for wrong in [
        json!("A"),
        json!("a_b"),
        json!("-a"),
        json!("a-"),
        Value::Null,
    ] {
        refuses(op, "/app/name", wrong, "app_name");
    }
    accepts(op, "/app/icon_url", text(2083));
    refuses(op, "/app/icon_url", text(2084), "app_icon");
    let tags = |count: usize| -> Value {
        (0..count)
            .map(|n| json!({"key": format!("k{n}"), "value": "v"}))
            .collect()
    };
    accepts(op, "/app/tags", tags(20));
    refuses(op, "/app/tags", tags(21), "app_tags");
    refuses(
        op,
        "/app/tags",
        json!([{"key": "k"}, {"key": "k"}]),
        "tag_key",
    );
    refuses(op, "/app/tags", json!([{"value": "v"}]), "tag_key");
    for op in ["create_app", "update_app"] {
        accepts(op, "/app/alias", text(64));
        refuses(op, "/app/alias", text(65), "app_alias");
        refuses(op, "/app/alias", json!("a.b"), "app_alias");
        accepts(op, "/app/description", text(255));
        refuses(op, "/app/description", text(256), "app_description");
        refuses(op, "/app/description", json!("a&b"), "app_description");
    }
    let op = "list_apps";
    check_query(op, &[("visibility", "public"), ("limit", "1000")], &[]);
    check_query(
        op,
        &[("visibility", "all")],
        &[("visibility", "IEF.100047")],
    );
    check_query(op, &[("limit", "1001")], &[("limit", "IEF.100005")]);
}

#[test]
fn versions_keep_to_the_documented_limits() {
    let op = "create_app_versions";
    let at = |name: &str| format!("/version/{name}");
    accepts(op, &at("version"), text(64));
    refuses(op, &at("version"), text(65), "app_version");
    for wrong in [
        json!("V1"),
        json!("-1"),
        json!(".1"),
        json!("1_0"),
        Value::Null,
    ] {
        refuses(op, &at("version"), wrong, "app_version");
    }
    accepts(op, &at("image_url"), text(2083));
    refuses(op, &at("image_url"), text(2084), "image_url");
    refuses(op, &at("image_url"), json!(""), "image_url");
    accepts(op, &at("arch"), json!("arm64"));
    refuses(op, &at("arch"), json!("aarch64"), "app_arch");
    for op in ["create_app_versions", "update_app_version"] {
        accepts(op, &at("npu_type"), json!("D310"));
        refuses(op, &at("npu_type"), json!("D910"), "container_npu_type");
        for field in ["command", "args"] {
            let lines = |last: usize| json!(["a".repeat(65_000), "b".repeat(last)]);
            accepts(op, &at(field), lines(536));
            refuses(op, &at(field), lines(537), "container_command");
        }
        let configs = "/version/configs";
        for policy in ["Always", "OnFailure", "Never"] {
            accepts(op, configs, json!({"restart_policy": policy}));
        }
        for (field, wrong, rule) in [
            ("restart_policy", json!("Onfailure"), "restart_policy"),
            ("run_as_user", json!(65535), "run_as_user"),
            ("run_as_user", json!(-1), "run_as_user"),
            ("dns_policy", json!("None"), "dns_policy"),
        ] {
            refuses(op, configs, json!({field: wrong}), rule);
        }
        accepts(
            op,
            configs,
            json!({"run_as_user": 65534, "dns_policy": "ClusterFirst"}),
        );
        // Without the node's network there is no other way to reach a container.
        refuses(op, configs, json!({"host_network": false}), "app_ports");
        let ports = |port: Value| json!({"host_network": false, "ports": [port]});
        accepts(
            op,
            configs,
            ports(json!({"container_port": 1, "host_port": 65535})),
        );
        refuses(op, configs, ports(json!({"host_port": 80})), "port");
        refuses(op, configs, ports(json!({"container_port": 0})), "port");
    }
}

#[test]
fn variables_keep_to_the_documented_limits() {
    let op = "create_app_versions";
    let one = |env: Value| json!([env]);
    let at = "/version/envs";
    accepts(
        op,
        at,
        one(json!({"name": format!("_{}", "a".repeat(2047)), "value": ""})),
    );
    refuses(op, at, one(json!({"name": "a".repeat(2049)})), "env_name");
    for wrong in [json!("9a"), json!("a-b"), Value::Null] {
        refuses(
            op,
            at,
            one(json!({"name": wrong, "value": "v"})),
            "env_name",
        );
    }
    let twice = json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]);
    refuses(op, at, twice, "env_name");
    accepts(
        op,
        at,
        one(json!({"name": "A", "value": "v".repeat(20_480)})),
    );
    refuses(
        op,
        at,
        one(json!({"name": "A", "value": "v".repeat(20_481)})),
        "env_value",
    );
    accepts(
        op,
        at,
        one(json!({"name": "A", "field_path": "status.hostIP"})),
    );
    refuses(
        op,
        at,
        one(json!({"name": "A", "field_path": "status.podIP"})),
        "env_field",
    );
    let key = json!({"name": "some-secret", "key": "k"});
    for from in [json!({"secret": key}), json!({"configmap": key})] {
        accepts(op, at, one(json!({"name": "A", "value_from": from})));
    }
    for from in [json!({}), json!({"secret": key, "configmap": key})] {
        refuses(
            op,
            at,
            one(json!({"name": "A", "value_from": from})),
            "env_source",
        );
    }
    for from in [json!({"name": "some-secret"}), json!({"key": "k"})] {
        let env = json!({"name": "A", "value_from": {"secret": from}});
        refuses(op, at, one(env), "env_reference");
    }
    for both in [
        json!({"name": "A", "value": "v", "field_path": "status.hostIP"}),
        json!({"name": "A", "value": "v", "value_from": {"secret": key}}),
    ] {
        refuses(op, at, one(both), "env_source");
    }
}

#[test]
fn volumes_keep_to_the_documented_limits() {
    let op = "create_app_versions";
    let at = "/version/volumes";
    let volume = |kind: &str, source: &str| json!({"name": "v", "type": kind, "source": source, "destination": "/data", "read_only": true});
    let with = |field: &str, value: Value| {
        let mut volume = volume("hostPath", "/var/IEF");
        volume[field] = value;
        json!([volume])
    };
    for (kind, source) in [
        ("configMap", "gateway-settings"),
        ("secret", "registry-login"),
        ("emptyDir", "disk"),
        ("emptyDir", "memory"),
        ("hostPath", "/dev/ttyUSB0"),
    ] {
        accepts(op, at, json!([volume(kind, source)]));
    }
    for (kind, source, rule) in [
        ("configMap", "Gateway", "volume_reference"),
        ("secret", "", "volume_reference"),
        ("emptyDir", "tape", "volume_medium"),
        ("hostPath", "var", "volume_host_path"),
        ("hostPath", "/a b", "volume_host_path"),
        ("nfs", "/a", "volume_type"),
    ] {
        refuses(op, at, json!([volume(kind, source)]), rule);
    }
    accepts(op, at, with("name", text(63)));
    refuses(op, at, with("name", text(64)), "volume_name");
    refuses(op, at, with("name", json!("a_b")), "volume_name");
    refuses(
        op,
        at,
        with("destination", json!("data")),
        "volume_destination",
    );
    refuses(op, at, with("destination", json!("")), "volume_destination");
    refuses(op, at, with("read_only", Value::Null), "volume_access");
    accepts(op, at, with("read_only", json!(false)));
    for kind in ["configMap", "secret"] {
        let mut writable = volume(kind, "some-name");
        writable["read_only"] = json!(false);
        refuses(op, at, json!([writable]), "volume_access");
    }
    accepts(op, at, with("default_mode", json!(511)));
    refuses(op, at, with("default_mode", json!(512)), "volume_mode");
    let twice = json!([volume("hostPath", "/a"), volume("hostPath", "/b")]);
    refuses(op, at, twice, "volume_name");
}

#[test]
fn amounts_keep_to_the_documented_ranges() {
    let op = "create_app_versions";
    let at = "/version/resources";
    let limits = |name: &str, amount: Value| json!({"limits": {name: amount}});
    let requests = |name: &str, amount: Value| json!({"requests": {name: amount}});
    for (name, rule, limit_rule, least, most, above) in [
        ("cpu", "cpu", "cpu", 0.01, 1000.0, 1000.01),
        (
            "memory",
            "memory",
            "memory_limit",
            4.0,
            1_024_000.0,
            1_024_000.01,
        ),
        ("gpu", "gpu", "gpu", 0.01, 1_024_000.0, 1_024_000.01),
    ] {
        for amount in [least, most] {
            accepts(op, at, limits(name, json!(amount)));
        }
        accepts(op, at, requests(name, json!(0.01)));
        for amount in [0.0, above] {
            refuses(op, at, limits(name, json!(amount)), limit_rule);
            refuses(op, at, requests(name, json!(amount)), rule);
        }
    }
    refuses(op, at, limits("memory", json!(3.99)), "memory_limit");
    for (npu, right) in [(1, true), (1000, true), (0, false), (1001, false)] {
        let found = broken(op, at, limits("npu", json!(npu)));
        assert_eq!(found.is_empty(), right, "{npu}: {found:?}");
    }
    let more = json!({"limits": {"cpu": 0.5}, "requests": {"cpu": 0.6}});
    refuses(op, at, more, "cpu");
    accepts(
        op,
        at,
        json!({"limits": {"cpu": 0.5}, "requests": {"cpu": 0.5}}),
    );
}

#[test]
fn probes_keep_to_the_documented_limits() {
    let op = "create_app_versions";
    for at in ["/version/liveness_probe", "/version/readiness_probe"] {
        let request = json!({"path": "/", "port": 80});
        let asking = |name: &str, value: Value| {
            let mut request = request.clone();
            request[name] = value;
            json!({"http_get": request})
        };
        accepts(op, at, asking("port", json!(65535)));
        accepts(op, at, asking("scheme", json!("HTTPS")));
        for (name, wrong, rule) in [
            ("path", json!("health"), "probe_path"),
            ("path", Value::Null, "probe_path"),
            ("port", json!(0), "probe_port"),
            ("port", json!(65536), "probe_port"),
            ("port", Value::Null, "probe_port"),
            ("scheme", json!("ftp"), "probe_scheme"),
            ("host", text(254), "probe_host"),
        ] {
            refuses(op, at, asking(name, wrong), rule);
        }
        accepts(op, at, json!({"exec_command": "c".repeat(10_240)}));
        refuses(
            op,
            at,
            json!({"exec_command": "c".repeat(10_241)}),
            "probe_command",
        );
        refuses(op, at, json!({}), "probe_way");
        refuses(
            op,
            at,
            json!({"exec_command": "c", "http_get": request}),
            "probe_way",
        );
        for field in ["initial_delay_seconds", "timeout_seconds"] {
            for seconds in [1, 3600] {
                accepts(op, at, json!({"exec_command": "c", field: seconds}));
            }
            for seconds in [0, 3601] {
                refuses(
                    op,
                    at,
                    json!({"exec_command": "c", field: seconds}),
                    "probe_seconds",
                );
            }
        }
    }
}
