//! Batch jobs.

use std::time::Duration;

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

pub(crate) const ALL: &str = "/productmgr/jobs";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) fn upgrade(name: &str, targets: &[&str]) -> Value {
    let targets = targets.iter().map(|id| json!({"target_id": id}));
    json!({
        "job_name": name,
        "job_type": "node_upgrade",
        "job_content": {"target_type": "node", "targets": targets.collect::<Vec<_>>()},
    })
}

pub(crate) fn deploy(name: &str, target_type: &str, targets: &[&str], image: &str) -> Value {
    let deployment = json!({"template": {"containers": [{"image_url": image}]}});
    let mut job = upgrade(name, targets);
    job["job_type"] = json!("deployment_deploy");
    job["job_content"]["target_type"] = json!(target_type);
    job["job_content"]["task_data"] = json!(json!({"deployment": deployment}).to_string());
    job
}

/// Creates a job and returns its path.
pub(crate) async fn make(sim: &Sim, job: Value) -> String {
    let made = sim.post(ALL, job.clone()).await.expect(201);
    assert_eq!(made["job_name"], job["job_name"]);
    format!("{ALL}/{}", text(&made["job_id"]))
}

pub(crate) fn wait(sim: &Sim, seconds: u64) {
    sim.running.control().advance(Duration::from_secs(seconds));
}

pub(crate) async fn job(sim: &Sim, path: &str) -> Value {
    sim.get(path).await.expect(200)
}

/// The status of a job and those of its tasks.
async fn statuses(sim: &Sim, path: &str) -> (String, Vec<String>) {
    let job = job(sim, path).await;
    let tasks = job["tasks"].as_array().into_iter().flatten();
    let tasks = tasks.map(|task| text(&task["status"])).collect();
    (text(&job["status"]), tasks)
}

#[track_caller]
fn same(found: &(String, Vec<String>), status: &str, tasks: &[&str]) {
    let found = (
        found.0.as_str(),
        found.1.iter().map(String::as_str).collect(),
    );
    assert_eq!(found, (status, tasks.to_vec()));
}

/// Running nodes whose software can be upgraded, and one that is up to date.
async fn nodes(sim: &Sim) -> (Vec<String>, String) {
    let nodes = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
    let nodes = nodes["nodes"].as_array().unwrap();
    let old = |node: &&Value| {
        let version = text(&node["ief_node_version"]);
        node["upgrade_flag"] == true && version != "2.1.0"
    };
    let new = nodes.iter().find(|node| node["upgrade_flag"] == false);
    let old = nodes.iter().filter(old).map(|node| text(&node["id"]));
    (old.collect(), text(&new.unwrap()["id"]))
}

#[test]
fn an_upgrade_job_upgrades_node_after_node() {
    with(still(200), |sim| async move {
        let (old, new) = nodes(&sim).await;
        let (one, two) = (old[0].as_str(), old[1].as_str());
        let path = make(&sim, upgrade("wave", &[one, two, &new])).await;
        let waiting = job(&sim, &path).await;
        assert_eq!(
            (&waiting["status"], &waiting["task_total_count"]),
            (&json!("Waiting"), &json!(3))
        );
        assert_eq!(
            waiting.get("tasks"),
            None,
            "tasks are made when the job begins"
        );

        wait(&sim, 4);
        same(
            &statuses(&sim, &path).await,
            "Running",
            &["Running", "Waiting", "Waiting"],
        );
        assert_eq!(sim.show(one).await["state"], "UPGRADING");
        assert_eq!(sim.show(two).await["state"], "RUNNING");
        wait(&sim, 4);
        // The third can't begin, because it has the newest software.
        same(
            &statuses(&sim, &path).await,
            "Running",
            &["Running", "Running", "Failed"],
        );
        wait(&sim, 60);
        let done = job(&sim, &path).await;
        same(
            &statuses(&sim, &path).await,
            "Partially_successful",
            &["Successful", "Successful", "Failed"],
        );
        assert_eq!(
            (&done["task_success_count"], &done["task_failed_count"]),
            (&json!(2), &json!(1))
        );
        assert!(text(&done["tasks"][2]["reason"]).contains("newest version"));
        assert_eq!(done["tasks"][0]["target_id"], one);
        assert!(text(&done["tasks"][0]["task_name"]).starts_with("wave-"));
        assert!(done["status_last_updated_at"].as_i64() > done["created_at"].as_i64());
        assert_eq!(sim.show(one).await["upgrade_flag"], false);
    });
}

#[test]
fn what_failed_is_tried_again() {
    with(still(200), |sim| async move {
        let stubborn = sim.node("upgrade-fails-here").await;
        let (_, new) = nodes(&sim).await;
        wait(&sim, 30);
        let path = make(&sim, upgrade("again", &[&stubborn])).await;
        for _ in 0..2 {
            wait(&sim, 60);
            let failed = job(&sim, &path).await;
            assert_eq!(
                (&failed["status"], &failed["task_failed_count"]),
                (&json!("Failed"), &json!(1))
            );
            let reason = "The upgrade failed, and the node is back at 2.43.0.";
            assert_eq!(failed["tasks"][0]["reason"], reason);
            sim.post(&format!("{path}/retry"), json!({}))
                .await
                .expect(200);
        }
        // Deploying needs no upgrade: it fails while the node is stopped, and succeeds afterwards.
        let stop = json!({"node": {"action": "stop"}});
        sim.post(&format!("/nodes/{new}/action"), stop)
            .await
            .expect(200);
        let path = make(&sim, deploy("app", "node", &[&new], "app:1")).await;
        wait(&sim, 30);
        let failed = job(&sim, &path).await;
        assert_eq!(failed["status"], "Failed");
        assert_eq!(
            failed["tasks"][0]["reason"],
            "The node is STOPPED, not RUNNING."
        );
        let start = json!({"node": {"action": "start"}});
        sim.post(&format!("/nodes/{new}/action"), start)
            .await
            .expect(200);
        sim.post(&format!("{path}/retry"), json!({}))
            .await
            .expect(200);
        same(&statuses(&sim, &path).await, "Running", &["Waiting"]);
        sim.post(&format!("{path}/retry"), json!({}))
            .await
            .refused(400, "IEF.100100");
        wait(&sim, 30);
        let done = job(&sim, &path).await;
        assert_eq!(
            (&done["status"], &done["tasks"][0]["reason"]),
            (&json!("Successful"), &json!(""))
        );
        assert_eq!(
            done["tasks"][0]["extension_info"][0]["key"],
            "deployment_id"
        );
        sim.post(&format!("{path}/retry"), json!({}))
            .await
            .refused(400, "IEF.100100");
    });
}

#[test]
fn a_node_that_goes_takes_its_task_with_it() {
    with(still(200), |sim| async move {
        let nodes = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
        let old = nodes["nodes"].as_array().unwrap().iter();
        let mut old = old.filter(|node| node["upgrade_flag"] == true);
        let node = old
            .find(|node| text(&node["ief_node_version"]) != "2.1.0")
            .unwrap();
        let path = make(&sim, upgrade("lost", &[node["id"].as_str().unwrap()])).await;
        wait(&sim, 5);
        assert_eq!(job(&sim, &path).await["status"], "Running");
        // Whoever deletes the node while it is upgraded finds that in the job.
        let bound = sim
            .get(&format!("/devices?node_id={}", text(&node["id"])))
            .await
            .expect(200);
        let bound = bound["devices"].as_array().unwrap().iter();
        let bound: Vec<&Value> = bound.map(|device| &device["id"]).collect();
        let change = json!({"devices": {"removed": bound}});
        sim.put(&format!("/nodes/{}/devices", text(&node["id"])), change)
            .await
            .expect(200);
        sim.delete(&format!("/nodes/{}", text(&node["id"])))
            .await
            .expect(204);
        wait(&sim, 60);
        let failed = job(&sim, &path).await;
        assert_eq!(failed["status"], "Failed");
        assert!(text(&failed["tasks"][0]["reason"]).contains("does not exist"));
    });
}

#[test]
fn a_job_is_stopped_and_goes_on() {
    with(still(200), |sim| async move {
        let (old, _) = nodes(&sim).await;
        let targets: Vec<&str> = old.iter().take(3).map(String::as_str).collect();
        let path = make(&sim, upgrade("paused", &targets)).await;
        let (pause, restore) = (format!("{path}/pause"), format!("{path}/restore"));
        sim.post(&restore, json!({}))
            .await
            .refused(400, "IEF.100100");
        wait(&sim, 4);
        sim.post(&pause, json!({})).await.expect(200);
        same(
            &statuses(&sim, &path).await,
            "Stopping",
            &["Running", "Waiting", "Waiting"],
        );
        sim.post(&pause, json!({})).await.refused(400, "IEF.100100");
        wait(&sim, 120);
        same(
            &statuses(&sim, &path).await,
            "Stopped",
            &["Successful", "Waiting", "Waiting"],
        );
        wait(&sim, 3600);
        same(
            &statuses(&sim, &path).await,
            "Stopped",
            &["Successful", "Waiting", "Waiting"],
        );
        sim.post(&restore, json!({})).await.expect(200);
        wait(&sim, 60);
        let (status, _) = statuses(&sim, &path).await;
        assert_eq!(status, "Successful");

        // One that is stopped before it has begun has no tasks yet.
        let (old, _) = nodes(&sim).await;
        let path = make(&sim, upgrade("early", &[&old[0]])).await;
        sim.post(&format!("{path}/pause"), json!({}))
            .await
            .expect(200);
        wait(&sim, 60);
        same(&statuses(&sim, &path).await, "Stopped", &[]);
        sim.post(&format!("{path}/restore"), json!({}))
            .await
            .expect(200);
        wait(&sim, 60);
        same(&statuses(&sim, &path).await, "Successful", &["Successful"]);
    });
}

#[test]
fn a_job_that_takes_too_long_runs_out_of_time() {
    let options = Options {
        quotas: [("deployment".to_owned(), 10_000)].into(),
        ..still(400)
    };
    with(options, |sim| async move {
        let nodes = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
        let ids = nodes["nodes"].as_array().unwrap().iter();
        let ids: Vec<String> = ids.map(|node| text(&node["id"])).collect();
        let targets: Vec<&str> = ids.iter().map(String::as_str).collect();
        let path = make(&sim, deploy("all", "node", &targets, "app:1")).await;
        wait(&sim, 599);
        assert_eq!(job(&sim, &path).await["status"], "Running");
        wait(&sim, 10);
        let late = job(&sim, &path).await;
        assert_eq!(late["status"], "Timed_out");
        let total = late["task_total_count"].as_i64().unwrap();
        let done = late["task_success_count"].as_i64().unwrap();
        assert_eq!(late["task_failed_count"], total - done);
        assert!((250..300).contains(&done), "{done}");
        sim.post(&format!("{path}/retry"), json!({}))
            .await
            .expect(200);
        wait(&sim, 300);
        assert_eq!(job(&sim, &path).await["status"], "Successful");
    });
}

#[test]
fn applications_are_deployed_to_groups_and_upgraded_where_they_are() {
    with(still(200), |sim| async move {
        let groups = sim.get("/groups?limit=1").await.expect(200);
        let group = text(&groups["edge_groups"][0]["id"]);
        let path = make(&sim, deploy("app", "node_group", &[&group], "app:1")).await;
        wait(&sim, 30);
        let done = job(&sim, &path).await;
        assert_eq!(
            (&done["status"], &done["task_total_count"]),
            (&json!("Successful"), &json!(1))
        );
        let deployment = text(&done["tasks"][0]["extension_info"][0]["value"]);

        let mut change = deploy("newer", "deployment", &[&deployment], "app:2");
        change["job_type"] = json!("deployment_upgrade");
        let path = make(&sim, change.clone()).await;
        wait(&sim, 30);
        let done = job(&sim, &path).await;
        assert_eq!(done["status"], "Successful");
        assert_eq!(
            done["tasks"][0]["extension_info"][0]["value"],
            deployment.as_str()
        );

        change["job_name"] = json!("nowhere");
        change["job_content"]["targets"][0]["target_id"] = json!(NOBODY);
        sim.post(ALL, change).await.refused(404, "IEF.100404");
        let broken = make(&sim, deploy("broken", "node_group", &[&group], "no-such:1")).await;
        wait(&sim, 30);
        let failed = job(&sim, &broken).await;
        assert_eq!(
            failed["tasks"][0]["reason"],
            "The image no-such:1 could not be pulled."
        );

        // An upgrade of a group is one of each of its nodes.
        let mut all = upgrade("group", &[&group]);
        all["job_content"]["target_type"] = json!("node_group");
        let path = make(&sim, all).await;
        let nodes = groups["edge_groups"][0]["nodes"].as_array().unwrap().len();
        assert_eq!(job(&sim, &path).await["task_total_count"], nodes);
    });
}

#[test]
fn jobs_are_listed_by_type_and_in_order() {
    with(still(200), |sim| async move {
        let seeded = sim.get(ALL).await.expect(200);
        assert_eq!(seeded["job_count"], 5);
        let (_, new) = nodes(&sim).await;
        for name in ["b", "a"] {
            make(&sim, deploy(name, "node", &[&new], "app:1")).await;
            wait(&sim, 2);
        }
        let names = async |query: &str| {
            let found = sim.get(&format!("{ALL}?{query}")).await.expect(200);
            let rows = found["jobs"].as_array().unwrap().clone();
            assert!(
                rows.iter()
                    .all(|row| row.get("tasks").is_none() && row.get("targets").is_none())
            );
            rows.iter()
                .map(|row| text(&row["job_name"]))
                .collect::<Vec<_>>()
        };
        assert_eq!(names("limit=2").await, ["a", "b"]);
        assert_eq!(names("limit=2&sort=created_at%3Adesc").await, ["a", "b"]);
        let oldest = names("sort=created_at%3Aasc").await;
        assert_eq!(
            (oldest[0].as_str(), oldest[6].as_str()),
            ("edge-proxy-rollout", "a")
        );
        assert_eq!(
            names("job_type=deployment_deploy&limit=3").await,
            ["a", "b", "log-shipper-trial"]
        );
        assert_eq!(names("job_type=deployment_upgrade").await, [""; 0]);
        sim.get(&format!("{ALL}?job_type=x"))
            .await
            .refused(400, "IEF.100100");
        sim.get(&format!("{ALL}?sort=job_name"))
            .await
            .refused(400, "IEF.100100");
    });
}

#[test]
fn jobs_of_the_seed_can_be_steered() {
    with(still(200), |sim| async move {
        let jobs = sim.get(ALL).await.expect(200);
        for (name, status, action) in [
            ("upgrade-third-wave", "Stopped", "restore"),
            ("upgrade-second-wave", "Partially_successful", "retry"),
            ("log-shipper-trial", "Failed", "retry"),
        ] {
            let all = jobs["jobs"].as_array().unwrap().iter();
            let mut all = all.filter(|job| job["job_name"] == name);
            let found = all.next().unwrap();
            assert_eq!(found["status"], status);
            let path = format!("{ALL}/{}", text(&found["job_id"]));
            sim.post(&format!("{path}/{action}"), json!({}))
                .await
                .expect(200);
            wait(&sim, 90);
            let job = job(&sim, &path).await;
            let total = job["task_total_count"].as_i64().unwrap();
            let ended =
                ["task_success_count", "task_failed_count"].map(|it| job[it].as_i64().unwrap());
            assert_eq!(ended[0] + ended[1], total, "{job}");
        }
    });
}

#[test]
fn wrong_jobs_are_refused() {
    let options = Options {
        quotas: [("batch_job".to_owned(), 6)].into(),
        ..still(200)
    };
    with(options, |sim| async move {
        let (old, new) = nodes(&sim).await;
        let mut group = upgrade("a", &[NOBODY]);
        group["job_content"]["target_type"] = json!("node_group");
        let mut misfit = deploy("a", "deployment", &[&new], "app:1");
        let mut shapeless = deploy("a", "node", &[&new], "app:1");
        shapeless["job_content"]["task_data"] = json!("{\"deployment\": {}}");
        for (job, status, code) in [
            (upgrade("a", &[NOBODY]), 404, "IEF.100404"),
            (group, 404, "IEF.100404"),
            (misfit.clone(), 400, "IEF.100100"),
            (shapeless, 400, "IEF.100100"),
            (upgrade("A", &[&new]), 400, "IEF.100012"),
            (upgrade("a", &[]), 400, "IEF.100100"),
            (upgrade("fail-create", &[&new]), 500, "IEF.120001"),
        ] {
            sim.post(ALL, job).await.refused(status, code);
        }
        misfit["job_type"] = json!("deployment_upgrade");
        sim.post(ALL, misfit).await.refused(404, "IEF.100404");
        let path = make(&sim, upgrade("fail-stop-fail-delete", &[&old[0]])).await;
        sim.post(&format!("{path}/pause"), json!({}))
            .await
            .refused(500, "IEF.120001");
        sim.delete(&path).await.refused(500, "IEF.120001");
        let same_name = upgrade("fail-stop-fail-delete", &[&new]);
        sim.post(ALL, same_name).await.refused(409, "IEF.104004");
        sim.post(ALL, upgrade("over", &[&new]))
            .await
            .refused(403, "IEF.100126");
        let seeded = sim
            .get(&format!("{ALL}?limit=1&offset=1"))
            .await
            .expect(200);
        let path = format!("{ALL}/{}", text(&seeded["jobs"][0]["job_id"]));
        sim.delete(&path).await.expect(204);
        for action in ["", "/pause", "/restore", "/retry"] {
            let method = if action.is_empty() { "GET" } else { "POST" };
            let answer = sim.call(method, &format!("{path}{action}"), None).await;
            answer.refused(404, "IEF.100404");
        }
        sim.delete(&path).await.refused(404, "IEF.100404");
    });
    let options = Options {
        edition: Edition::Professional,
        ..still(20)
    };
    with(options, |sim| async move {
        let mut group = upgrade("a", &[NOBODY]);
        group["job_content"]["target_type"] = json!("node_group");
        sim.post(ALL, group).await.refused(400, "IEF.100100");
        assert!(sim.get(ALL).await.expect(200)["job_count"].as_i64() > Some(0));
    });
}
