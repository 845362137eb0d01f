//! The rules of batch registrations and batch jobs at their edges.

use serde_json::{Value, json};

use super::{accepts, broken, check_query, refuses, text};

#[test]
fn batch_registrations_keep_to_the_documented_limits() {
    let op = "create_product";
    accepts(op, "/product/name", text(26));
    accepts(op, "/product/name", json!("a"));
    accepts(op, "/product/name", json!("9-a"));
    refuses(op, "/product/name", text(27), "batch_name");
    for wrong in [
        json!("-a"),
        json!("a-"),
        json!("A"),
        json!("a_b"),
        Value::Null,
    ] {
        refuses(op, "/product/name", wrong, "batch_name");
    }
    accepts(op, "/product/description", text(255));
    refuses(op, "/product/description", text(256), "batch_description");
    accepts(op, "/product/attributes/model/value", text(512));
    let value = "product_attribute_value";
    refuses(op, "/product/attributes/model/value", text(513), value);
    let with_key = |length: usize| json!({"a".repeat(length): {"value": "v"}});
    accepts(op, "/product/attributes", with_key(128));
    refuses(
        op,
        "/product/attributes",
        with_key(129),
        "product_attribute_key",
    );
    accepts(op, "/product/tags/0/key", text(128));
    refuses(op, "/product/tags/0/key", text(129), "label_key");
    accepts(op, "/product/tags/0/value", text(256));
    refuses(op, "/product/tags/0/value", text(257), "label_value");
    refuses(op, "/product", Value::Null, "batch_name");
    check_query(
        "list_products",
        &[("limit", "1000"), ("sort", "created_at:desc")],
        &[],
    );
    check_query(
        "list_products",
        &[("limit", "1001")],
        &[("limit", "IEF.100005")],
    );
}

#[test]
fn batch_jobs_keep_to_the_documented_limits() {
    let op = "create_batch_job";
    accepts(op, "/job_name", text(26));
    refuses(op, "/job_name", text(27), "batch_name");
    refuses(op, "/job_name", json!("a-"), "batch_name");
    for kind in ["node_upgrade", "deployment_deploy", "deployment_upgrade"] {
        accepts(op, "/job_type", json!(kind));
    }
    for kind in [json!("node_delete"), Value::Null] {
        refuses(op, "/job_type", kind, "batch_job_type");
    }
    accepts(op, "/description", text(255));
    refuses(op, "/description", text(256), "batch_description");
    for kind in ["node", "node_group", "deployment"] {
        accepts(op, "/job_content/target_type", json!(kind));
    }
    for kind in [json!("device"), Value::Null] {
        refuses(op, "/job_content/target_type", kind, "batch_target_type");
    }
    refuses(op, "/job_content/targets", json!([]), "batch_targets");
    let id = "/job_content/targets/0/target_id";
    accepts(op, id, text(64));
    refuses(op, id, text(65), "batch_target");
    refuses(op, id, Value::Null, "batch_target");
    let twice = json!([{"target_id": "a"}, {"target_id": "a"}]);
    refuses(op, "/job_content/targets", twice, "batch_target");
    let data = "/job_content/task_data";
    accepts(op, data, text(1_048_576));
    refuses(op, data, text(1_048_577), "batch_task_data");
    refuses(op, data, Value::Null, "batch_task_data");
    let upgrade = json!({"target_type": "node", "targets": [{"target_id": "a"}]});
    let found = broken(op, "/job_content", upgrade);
    let data = (
        "job_content.task_data".to_owned(),
        "batch_task_data".to_owned(),
    );
    assert_eq!(found, [data], "what is deployed has to be said");
    let found = broken(op, "/job_content", Value::Null);
    let rules: Vec<_> = found.iter().map(|(_, rule)| rule.as_str()).collect();
    assert_eq!(
        rules,
        ["batch_target_type", "batch_targets", "batch_task_data"]
    );

    let op = "list_batch_job";
    check_query(
        op,
        &[("job_type", "node_upgrade"), ("sort", "created_at:asc")],
        &[],
    );
    check_query(op, &[("job_type", "x")], &[("job_type", "IEF.100100")]);
    check_query(op, &[("sort", "job_name")], &[("sort", "IEF.100100")]);
    check_query(op, &[("offset", "-1")], &[("offset", "IEF.100004")]);
}

#[test]
fn an_upgrade_of_nodes_needs_nothing_to_deploy() {
    let mut body = crate::support::fixture("create_batch_job.request").expect("it is there");
    body["job_type"] = json!("node_upgrade");
    body["job_content"]["task_data"] = Value::Null;
    let operation = crate::support::operation("create_batch_job");
    let call = crate::support::call(operation.spec, Some(body));
    assert_eq!((operation.violations)(&call), Ok(vec![]));
}
