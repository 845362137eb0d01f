//! Batch registrations and batch jobs.

use serde_json::json;

use super::Step;

pub(super) fn registrations() -> Vec<Step> {
    let product = json!({"product": {"name": "kits-play"}});
    vec![
        Step(
            "create_product",
            json!({"body": product}),
            Some(("/product/id", "product")),
        ),
        Step("list_products", json!({}), None),
        Step(
            "show_product_detail",
            json!({"product_id": "$product"}),
            None,
        ),
        Step("delete_product", json!({"product_id": "$product"}), None),
    ]
}

pub(super) fn jobs() -> Vec<Step> {
    let job = |name: &str, kind: &str, node: &str, data: &str| {
        json!({
            "job_name": name,
            "job_type": kind,
            "job_content": {
                "target_type": "node",
                "targets": [{"target_id": node}],
                "task_data": data,
            },
        })
    };
    let data = json!({"deployment": {
        "replicas": 1,
        "template": {"containers": [{"name": "container-1", "image_url": "sample:latest"}]},
    }});
    let deploys = job(
        "deploys-play",
        "deployment_deploy",
        "$running",
        &data.to_string(),
    );
    // One that fails, as the node has not connected yet.
    let upgrades = job("upgrades-play", "node_upgrade", "$node", "");
    vec![
        Step(
            "create_batch_job",
            json!({"body": deploys}),
            Some(("/job_id", "job")),
        ),
        Step(
            "create_batch_job",
            json!({"body": upgrades}),
            Some(("/job_id", "failing")),
        ),
        Step("list_batch_job", json!({}), None),
        Step("show_batch_job", json!({"job_id": "$job"}), None),
        Step("stop_batch_job", json!({"job_id": "$job"}), None),
        Step("restore_batch_job", json!({"job_id": "$job"}), None),
    ]
}

/// Once the jobs have come to their ends.
pub(super) fn ended_jobs() -> Vec<Step> {
    vec![
        Step("retry_batch_job", json!({"job_id": "$failing"}), None),
        Step("delete_batch_job", json!({"job_id": "$job"}), None),
    ]
}
