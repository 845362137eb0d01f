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
