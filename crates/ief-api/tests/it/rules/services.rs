//! The rules of services at their edges.

use serde_json::{Value, json};

use super::{accepts, broken, check_query, refuses, text};

#[test]
fn services_keep_to_the_documented_limits() {
    for op in ["create_service", "update_service"] {
        let name = "/service/meta_data/name";
        accepts(op, name, text(64));
        refuses(op, name, text(65), "service_name");
        for wrong in [
            json!("A"),
            json!("9a"),
            json!("-a"),
            json!("a-"),
            json!("a_b"),
            Value::Null,
        ] {
            refuses(op, name, wrong, "service_name");
        }
        for pointer in ["/service/meta_data/labels", "/service/spec/selector"] {
            accepts(op, pointer, json!({"example.com/app": "v".repeat(63)}));
            accepts(op, pointer, json!({"k".repeat(317): ""}));
            refuses(
                op,
                pointer,
                json!({"k".repeat(318): ""}),
                "service_label_key",
            );
            refuses(op, pointer, json!({"a b": ""}), "service_label_key");
            refuses(
                op,
                pointer,
                json!({"a": "v".repeat(64)}),
                "service_label_value",
            );
        }
        for none in [Value::Null, json!({})] {
            refuses(
                op,
                "/service/spec/selector",
                none.clone(),
                "service_selector",
            );
            refuses(op, "/service/spec", none, "service_selector");
        }
        let spec = |name: &str| format!("/service/spec/{name}");
        for right in ["", "None", "10.247.3.4"] {
            accepts(op, &spec("cluster_ip"), json!(right));
        }
        refuses(op, &spec("cluster_ip"), json!("none"), "service_address");
        refuses(
            op,
            &spec("external_ips"),
            json!(["10.0.0.1"]),
            "service_external",
        );
        refuses(
            op,
            &spec("external_name"),
            json!("example.com"),
            "service_external",
        );
        for kind in ["", "ClusterIP", "NodePort"] {
            accepts(op, &spec("type"), json!(kind));
        }
        refuses(op, &spec("type"), json!("LoadBalancer"), "service_type");
    }
    // Without a body there is no name either.
    let found = broken("create_service", "/service", Value::Null);
    assert!(
        found
            .iter()
            .any(|(place, _)| place == "service.meta_data.name"),
        "{found:?}"
    );
}

#[test]
fn ports_of_services_keep_to_the_documented_limits() {
    let op = "create_service";
    let at = |name: &str| format!("/service/spec/ports/0/{name}");
    for right in ["http-0", "tcp-0", "http-a-b"] {
        accepts(op, &at("name"), json!(right));
    }
    accepts(op, &at("name"), json!(format!("tcp-{}", "a".repeat(59))));
    refuses(
        op,
        &at("name"),
        json!(format!("tcp-{}", "a".repeat(60))),
        "service_port_name",
    );
    for wrong in [
        json!("http2forecast"),
        json!("http-"),
        json!("grpc-0"),
        json!("http"),
        Value::Null,
    ] {
        refuses(op, &at("name"), wrong, "service_port_name");
    }
    for field in ["port", "target_port"] {
        for right in [json!("1"), json!("65535"), json!(80)] {
            accepts(op, &at(field), right);
        }
        for wrong in ["0", "65536", "http"] {
            refuses(op, &at(field), json!(wrong), "service_port");
        }
    }
    refuses(op, &at("port"), json!(""), "service_port");
    accepts(op, &at("target_port"), json!(""));
    accepts(op, &at("protocol"), json!("UDP"));
    refuses(op, &at("protocol"), json!("tcp"), "service_protocol");
    // A port of the nodes belongs to one type only.
    refuses(op, &at("node_port"), json!("30080"), "service_node_port");
    let spec = |node_port: &str| {
        json!({"type": "NodePort", "selector": {"app": "a"},
            "ports": [{"name": "tcp-0", "port": "80", "node_port": node_port}]})
    };
    for right in ["", "1", "65535"] {
        accepts(op, "/service/spec", spec(right));
    }
    refuses(op, "/service/spec", spec("65536"), "service_node_port");
    let twice = json!([{"name": "tcp-0", "port": "1"}, {"name": "tcp-0", "port": "2"}]);
    refuses(op, "/service/spec/ports", twice, "service_port_name");
    let op = "list_services";
    check_query(
        op,
        &[("limit", "100"), ("sorted", "name:desc"), ("app", "a")],
        &[],
    );
    check_query(op, &[("limit", "101")], &[("limit", "IEF.100005")]);
    check_query(op, &[("sorted", "size")], &[("sorted", "IEF.100100")]);
}
