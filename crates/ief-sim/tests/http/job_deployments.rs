//! What batch jobs deploy, change and upgrade: the same things that are made one by one.

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::batch_jobs::{ALL, deploy, job, make, upgrade, wait};
use crate::client::{Sim, still, text, with};
use crate::deployments::{container, pods, running_node, show, switch, to_group, to_node};

/// What a task has made.
fn made(job: &Value, task: usize) -> String {
    let info = &job["tasks"][task]["extension_info"][0];
    assert_eq!(info["key"], "deployment_id", "{job}");
    text(&info["value"])
}

fn reason(job: &Value, task: usize) -> String {
    assert_eq!(job["tasks"][task]["status"], "Failed", "{job}");
    text(&job["tasks"][task]["reason"])
}

/// A job that changes deployments.
fn change(name: &str, targets: &[&str], image: &str) -> Value {
    let mut job = deploy(name, "deployment", targets, image);
    job["job_type"] = json!("deployment_upgrade");
    job
}

async fn count(sim: &Sim, query: &str) -> Value {
    let list = sim.get(&format!("/deployments?{query}")).await;
    list.expect(200)["count"].take()
}

#[test]
fn what_a_job_deploys_is_a_deployment() {
    with(still(0), |sim| async move {
        let (one, two) = (
            running_node(&sim, "one").await,
            running_node(&sim, "two").await,
        );
        let mut new = deploy("roll", "node", &[&one, &two], "app:1");
        let run = json!({"name": "metrics", "description": "of the line", "replicas": 1,
            "tags": [{"key": "line", "value": "9"}],
            "template": {"containers": [container()], "configs": {"restart_policy": "Always"}}});
        new["job_content"]["task_data"] = json!(json!({"deployment": run}).to_string());
        let path = make(&sim, new).await;
        wait(&sim, 5);
        assert_eq!(
            count(&sim, "name=metrics").await,
            0,
            "not before the task ends"
        );
        wait(&sim, 60);
        let done = job(&sim, &path).await;
        assert_eq!(done["status"], "Successful");
        assert_eq!(count(&sim, "name=metrics").await, 2);
        for (place, node) in [&one, &two].into_iter().enumerate() {
            let id = made(&done, place);
            let deployment = show(&sim, &id).await;
            assert!(text(&deployment["name"]).starts_with("metrics-"));
            for (field, expected) in [
                ("description", json!("of the line")),
                ("node_ids", json!([node])),
                ("tags", run["tags"].clone()),
                ("ready_replicas", json!(1)),
            ] {
                assert_eq!(deployment[field], expected, "{field}");
            }
            let image = &deployment["template"]["containers"][0]["image_url"];
            assert_eq!(*image, "nginx:alpine");
            let pods = pods(&sim, &id).await;
            assert_eq!((pods.len(), &pods[0]["state"]), (1, &json!("RUNNING")));
            assert_eq!(pods[0]["node_id"], **node);
            assert_eq!(sim.show(node).await["deployment_num"], 1);
        }
        // The job may go, what it has deployed stays.
        sim.delete(&path).await.expect(204);
        assert_eq!(count(&sim, "name=metrics").await, 2);
    });
}

#[test]
fn a_job_changes_deployments_whoever_made_them() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "one").await;
        let group = json!({"name": "both", "node_ids": [node, running_node(&sim, "two").await]});
        let group = text(&sim.post("/groups", group).await.expect(201)["id"]);
        let by_job = make(&sim, deploy("roll", "node_group", &[&group], "app:1")).await;
        wait(&sim, 60);
        let by_job = made(&job(&sim, &by_job).await, 0);
        assert_eq!(show(&sim, &by_job).await["group_id"], group.as_str());
        let two = crate::deployments::deploy(&sim, &to_group("by-hand", &group, 2)).await;

        let path = make(&sim, change("newer", &[&by_job, &two], "app:2")).await;
        wait(&sim, 90);
        let done = job(&sim, &path).await;
        assert_eq!(done["status"], "Successful");
        for (place, (id, count)) in [(&by_job, 1), (&two, 2)].into_iter().enumerate() {
            assert_eq!(made(&done, place), *id);
            let deployment = show(&sim, id).await;
            let image = &deployment["template"]["containers"][0]["image_url"];
            assert_eq!(
                (image, &deployment["replicas"]),
                (&json!("app:2"), &json!(count))
            );
            assert_ne!(deployment["updated_at"], deployment["created_at"]);
            let pods = pods(&sim, id).await;
            assert_eq!(pods.len(), count);
            assert!(
                pods.iter()
                    .all(|pod| pod["containers"][0]["image_url"] == "app:2")
            );
        }
        // A group in use by what a job has deployed stays too.
        sim.delete(&format!("/groups/{group}"))
            .await
            .refused(409, "IEF.100100");
    });
}

#[test]
fn a_job_tells_why_it_could_not_deploy() {
    let options = Options {
        quotas: [("deployment".to_owned(), 1)].into(),
        ..still(0)
    };
    with(options, |sim| async move {
        let node = running_node(&sim, "one").await;
        let gone = running_node(&sim, "gone").await;
        let down = running_node(&sim, "down").await;
        let late = running_node(&sim, "late").await;
        let last = running_node(&sim, "last").await;
        let targets = [&gone, &down, &late, &node, &last].map(String::as_str);
        let path = make(&sim, deploy("roll", "node", &targets, "app:1")).await;
        sim.delete(&format!("/nodes/{gone}")).await.expect(204);
        switch(&sim, &down, "stop").await;
        wait(&sim, 5);
        // The third one has begun, and goes down before it ends.
        switch(&sim, &late, "stop").await;
        wait(&sim, 60);
        let done = job(&sim, &path).await;
        assert_eq!(done["status"], "Partially_successful");
        assert_eq!(reason(&done, 0), format!("The node {gone} does not exist."));
        assert_eq!(reason(&done, 1), "The node is STOPPED, not RUNNING.");
        assert_eq!(reason(&done, 2), "The node is STOPPED, not RUNNING.");
        let id = made(&done, 3);
        assert_eq!(
            reason(&done, 4),
            "The quota of deployment is used up: 1 of 1."
        );
        assert_eq!(count(&sim, "limit=1").await, 1);

        // Nor can be changed what is gone, or whose node is down.
        let path = make(&sim, change("newer", &[&id], "app:2")).await;
        switch(&sim, &node, "stop").await;
        wait(&sim, 60);
        let failed = job(&sim, &path).await;
        assert_eq!(reason(&failed, 0), "No node of the deployment is RUNNING.");
        switch(&sim, &node, "start").await;
        sim.delete(&format!("/deployments/{id}")).await.expect(204);
        sim.post(&format!("{path}/retry"), json!({}))
            .await
            .expect(200);
        wait(&sim, 60);
        let failed = job(&sim, &path).await;
        assert_eq!(
            reason(&failed, 0),
            format!("The deployment {id} does not exist.")
        );

        // What takes from a secret that is not there is refused as if it were deployed by hand.
        let mut taking = deploy("taking", "node", &[&node], "app:1");
        let mut container = container();
        container["volumes"] = json!([{"name": "v", "type": "secret", "source": "no-such-secret",
            "destination": "/v", "read_only": true}]);
        let run = json!({"template": {"containers": [container]}}).to_string();
        taking["job_content"]["task_data"] = json!(run);
        let path = make(&sim, taking).await;
        wait(&sim, 60);
        let failed = job(&sim, &path).await;
        assert_eq!(
            reason(&failed, 0),
            "The secret no-such-secret of a volume does not exist."
        );
        for (field, value, code) in [
            ("name", json!("Not A Name"), "IEF.100012"),
            ("replicas", json!(100), "IEF.100100"),
            ("replicas", json!(0), "IEF.100100"),
        ] {
            let mut wrong = deploy("wrong", "node", &[&node], "app:1");
            let mut run = json!({"template": {"containers": [self::container()]}});
            run[field] = value;
            wrong["job_content"]["task_data"] = json!(run.to_string());
            sim.post(ALL, wrong).await.refused(400, code);
        }
    });
}

#[test]
fn jobs_of_the_professional_edition_deploy_what_it_offers() {
    let options = Options {
        edition: Edition::Professional,
        ..still(0)
    };
    with(options, |sim| async move {
        let node = running_node(&sim, "one").await;
        let mut several = deploy("several", "node", &[&node], "app:1");
        let run = json!({"replicas": 2, "template": {"containers": [container()]}});
        several["job_content"]["task_data"] = json!(run.to_string());
        let several = make(&sim, several).await;
        let one = make(&sim, deploy("one", "node", &[&node], "app:1")).await;
        wait(&sim, 60);
        assert_eq!(
            reason(&job(&sim, &several).await, 0),
            "More than one instance is for platinum instances only."
        );
        let id = made(&job(&sim, &one).await, 0);
        assert_eq!(show(&sim, &id).await["ready_replicas"], 1);
    });
}

#[test]
fn a_job_upgrades_a_node_as_one_by_one() {
    with(still(200), |sim| async move {
        let nodes = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
        let nodes = nodes["nodes"].as_array().unwrap().iter();
        let old =
            nodes.filter(|it| it["upgrade_flag"] == true && it["ief_node_version"] != "2.1.0");
        let old: Vec<String> = old.map(|it| text(&it["id"])).collect();
        let (single, batch) = (&old[0], &old[1]);
        let before = sim.show(batch).await;
        sim.call("POST", &format!("/nodes/{single}/upgrade"), None)
            .await
            .expect(200);
        let path = make(&sim, upgrade("wave", &[batch])).await;
        wait(&sim, 60);
        assert_eq!(job(&sim, &path).await["status"], "Successful");
        let (single, batch) = (sim.show(single).await, sim.show(batch).await);
        assert_ne!(batch["ief_node_version"], before["ief_node_version"]);
        for field in ["ief_node_version", "edged_version", "upgrade_flag"] {
            assert_eq!(batch[field], single[field], "{field}");
        }
        let last = |node: &Value| {
            node["upgrade_history"]
                .as_array()
                .unwrap()
                .last()
                .unwrap()
                .clone()
        };
        let (single, last) = (last(&single), last(&batch));
        assert_eq!(last["from_version"], before["ief_node_version"]);
        for field in ["to_version", "result", "dur_time"] {
            assert_eq!(last[field], single[field], "{field}");
        }
        // It has an entry more than before.
        let entries = |node: &Value| node["upgrade_history"].as_array().map_or(0, Vec::len);
        assert_eq!(entries(&batch), entries(&before) + 1);
    });
}

#[test]
fn what_jobs_of_the_seed_have_deployed_is_there() {
    with(still(200), |sim| async move {
        let jobs = sim
            .get(&format!("{ALL}?job_type=deployment_deploy"))
            .await
            .expect(200);
        let jobs = jobs["jobs"].as_array().unwrap().iter();
        let mut tasks = 0;
        for found in jobs.filter(|it| it["status"] == "Successful") {
            let found = job(&sim, &format!("{ALL}/{}", text(&found["job_id"]))).await;
            for (place, task) in found["tasks"].as_array().unwrap().iter().enumerate() {
                let deployment = show(&sim, &made(&found, place)).await;
                assert_eq!(deployment["group_id"], task["target_id"]);
                let data: Value = serde_json::from_str(&text(&found["task_data"])).unwrap();
                let (run, shown) = (&data["deployment"]["template"], &deployment["template"]);
                let name = &shown["containers"][0]["name"];
                assert_eq!(*name, run["containers"][0]["name"]);
                tasks += 1;
            }
        }
        assert_eq!(tasks, 4);
        assert_eq!(sim.running.control().kept(), 0);
    });
    // By hand it can be changed as one of the seed.
    with(still(16), |sim| async move {
        let node = running_node(&sim, "one").await;
        let id = crate::deployments::deploy(&sim, &to_node("app", &node, &container())).await;
        let seeded = sim.get("/deployments?name=edge-proxy").await.expect(200);
        let seeded = text(&seeded["deployments"][0]["id"]);
        let path = make(&sim, change("newer", &[&id, &seeded], "app:2")).await;
        wait(&sim, 90);
        assert_eq!(job(&sim, &path).await["status"], "Successful");
        for id in [id, seeded] {
            let image = show(&sim, &id).await["template"]["containers"][0]["image_url"].take();
            assert_eq!(image, "app:2");
        }
    });
}
