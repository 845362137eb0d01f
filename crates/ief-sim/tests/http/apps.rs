//! Application templates and their versions.

use std::time::Duration;

use ief_sim::Options;
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

async fn make(sim: &Sim, name: &str) -> String {
    let body = json!({"app": {"name": name}});
    let made = sim.post("/apps", body).await.expect(201);
    format!("/apps/{}", text(&made["app"]["id"]))
}

async fn version(sim: &Sim, app: &str, version: Value) -> Value {
    let body = json!({"version": version});
    let made = sim.post(&format!("{app}/versions"), body).await;
    made.expect(201)["version"].take()
}

fn names(list: &Value, rows: &str, field: &str) -> Vec<String> {
    let rows = list[rows].as_array().unwrap();
    rows.iter().map(|row| text(&row[field])).collect()
}

#[test]
fn templates_are_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        let new = json!({"app": {
            "name": "line-4",
            "alias": "Line 4",
            "description": "of line 4",
            "icon_url": "https://example.com/icon.png",
            "tags": [{"key": "stage", "value": "trial"}],
        }});
        let made = sim.post("/apps", new.clone()).await.expect(201)["app"].take();
        assert_eq!(made["visibility"], "private");
        assert_eq!(made["app_versions"], json!([]));
        assert_eq!(made["icon_url"], "https://example.com/icon.png");
        assert_eq!(made["tags"], json!([{"key": "stage", "value": "trial"}]));
        assert_eq!(made["project_id"], sim.account().project_id);
        sim.post("/apps", new).await.refused(409, "IEF.104004");
        let path = format!("/apps/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["app"], made);

        sim.running.control().advance(Duration::from_secs(60));
        let change = json!({"app": {"description": "changed"}});
        let changed = sim.put(&path, change).await.expect(200)["app"].take();
        assert_eq!(changed["description"], "changed");
        assert_eq!(changed["alias"], "Line 4");
        assert_ne!(changed["updated_at"], changed["created_at"]);
        let change = json!({"app": {"alias": ""}});
        let changed = sim.put(&path, change).await.expect(200)["app"].take();
        assert_eq!(
            (&changed["alias"], &changed["description"]),
            (&json!(""), &json!("changed"))
        );
        assert_eq!(sim.get(&path).await.expect(200)["app"], changed);

        sim.delete(&path).await.expect(204);
        let change = json!({"app": {"alias": "x"}});
        for answer in [
            sim.get(&path).await,
            sim.delete(&path).await,
            sim.put(&path, change).await,
            sim.get(&format!("{path}/versions")).await,
        ] {
            answer.refused(404, "IEF.110074");
        }
    });
}

#[test]
fn templates_are_listed_and_filtered() {
    with(still(0), |sim| async move {
        let all = sim.get("/apps").await.expect(200);
        assert_eq!(all["count"], 12);
        // The newest first, each with its versions, the newest of them first.
        assert_eq!(names(&all, "apps", "name")[11], "vision-inspect");
        let versions = names(&all["apps"][11], "app_versions", "version");
        assert_eq!(versions, ["1.7.2", "1.7.0", "1.6.0"]);
        for (query, expected) in [
            ("name=BRIDGE", vec!["opc-bridge"]),
            ("alias=poller", vec!["modbus-poller"]),
            ("name=line&alias=metrics", vec!["line-metrics"]),
            ("name=line&alias=poller", vec![]),
            ("visibility=public", vec![]),
            ("visibility=private&name=ota", vec!["ota-agent"]),
        ] {
            let found = sim.get(&format!("/apps?{query}")).await.expect(200);
            assert_eq!(names(&found, "apps", "name"), expected, "{query}");
            assert_eq!(found["count"], expected.len());
        }
        let page = sim.get("/apps?limit=1&offset=11").await.expect(200);
        assert_eq!(names(&page, "apps", "name"), ["vision-inspect"]);
        sim.get("/apps?visibility=all")
            .await
            .refused(400, "IEF.100047");
        sim.get("/apps?limit=1001").await.refused(400, "IEF.100005");
    });
}

#[test]
fn versions_are_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        let app = make(&sim, "line-4").await;
        let new = json!({
            "version": "v2",
            "image_url": "edge-demo-app:latest",
            "resources": {"limits": {"cpu": 0.1, "memory": 1024, "gpu": 3.9}},
            "envs": [{"name": "key", "value": "name"}],
            "volumes": [{"name": "test", "type": "hostPath", "source": "/tmp",
                "destination": "/tmp0", "read_only": true}],
            "configs": {"privileged": true},
            "arch": "arm64",
        });
        let made = version(&sim, &app, new.clone()).await;
        for field in [
            "version",
            "image_url",
            "resources",
            "envs",
            "volumes",
            "arch",
        ] {
            assert_eq!(made[field], new[field], "{field}");
        }
        let defaults =
            json!({"privileged": true, "host_network": true, "restart_policy": "Always"});
        assert_eq!(made["configs"], defaults);
        assert_eq!(made["npu_type"], "");
        assert!(made.get("updated_at").is_none());
        let versions = format!("{app}/versions");
        let again = sim.post(&versions, json!({"version": new})).await;
        again.refused(409, "IEF.104004");
        let path = format!("{app}/versions/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["version"], made);
        let shown = sim.get(&app).await.expect(200)["app"].take();
        assert_eq!(shown["app_versions"], json!([made]));

        sim.running.control().advance(Duration::from_secs(60));
        let change = json!({"version": {
            "envs": [],
            "resources": {"limits": {"npu": 1}},
            "args": ["-v"],
            "readiness_probe": {"http_get": {"path": "/", "port": 80}},
        }});
        let changed = sim.put(&path, change).await.expect(200)["version"].take();
        assert!(changed.get("envs").is_none());
        assert_eq!(changed["args"], json!(["-v"]));
        assert_eq!(changed["volumes"], made["volumes"]);
        assert_eq!(changed["configs"], made["configs"]);
        assert_eq!(changed["npu_type"], "D310");
        assert_eq!(changed["readiness_probe"]["http_get"]["port"], 80);
        assert_ne!(changed["updated_at"], Value::Null);

        let other = json!({"version": "v3", "image_url": "edge-demo-app:v3"});
        let other = version(&sim, &app, other).await;
        let listed = sim.get(&format!("{app}/versions")).await.expect(200);
        assert_eq!(listed, json!({"count": 2, "versions": [other, changed]}));
        let page = sim
            .get(&format!("{app}/versions?limit=1&offset=1"))
            .await
            .expect(200);
        assert_eq!(page, json!({"count": 2, "versions": [changed]}));
        // A version is found below its own template only.
        let elsewhere = make(&sim, "elsewhere").await;
        let wrong = format!("{elsewhere}/versions/{}", text(&made["id"]));
        sim.get(&wrong).await.refused(404, "IEF.110076");
        sim.delete(&wrong).await.refused(404, "IEF.110076");

        sim.delete(&path).await.expect(204);
        let change = json!({"version": {"args": []}});
        for answer in [
            sim.get(&path).await,
            sim.delete(&path).await,
            sim.put(&path, change).await,
        ] {
            answer.refused(404, "IEF.110076");
        }
        let used = async || {
            let quotas = sim.get("/quotas?types=app_version").await.expect(200);
            quotas["quotas"]["resources"][0]["used"].as_i64().unwrap()
        };
        let before = used().await;
        sim.delete(&app).await.expect(204);
        assert_eq!(used().await, before - 1, "its last version goes with it");
        let nowhere = format!("/apps/{NOBODY}/versions");
        let new = json!({"version": {"version": "v1", "image_url": "a"}});
        sim.post(&nowhere, new).await.refused(404, "IEF.110074");
        sim.get(&nowhere).await.refused(404, "IEF.110074");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(0), |sim| async move {
        let all = sim.get("/apps").await.expect(200);
        for app in all["apps"].as_array().unwrap() {
            sim.delete(&format!("/apps/{}", text(&app["id"])))
                .await
                .expect(204);
            let mut copy = json!({});
            for field in ["name", "alias", "description", "icon_url", "tags"] {
                copy[field] = app[field].clone();
            }
            let made = sim.post("/apps", json!({"app": copy})).await.expect(201);
            let path = format!("/apps/{}", text(&made["app"]["id"]));
            for old in app["app_versions"].as_array().unwrap() {
                let mut copy = old.clone();
                for field in ["id", "project_id", "created_at"] {
                    copy.as_object_mut().unwrap().remove(field);
                }
                let made = version(&sim, &path, copy).await;
                for field in ["envs", "volumes", "resources", "configs", "liveness_probe"] {
                    assert_eq!(made[field], old[field], "{field}");
                }
            }
        }
    });
}

#[test]
fn templates_and_versions_keep_to_their_limits() {
    let options = Options {
        quotas: [
            ("application".to_owned(), 13),
            ("app_version".to_owned(), 23),
        ]
        .into(),
        ..still(0)
    };
    with(options, |sim| async move {
        let create = async |app: Value| sim.post("/apps", json!({"app": app})).await;
        for (app, code) in [
            (json!({"name": "Upper"}), "IEF.100011"),
            (json!({}), "IEF.100011"),
            (json!({"name": "a", "icon_url": "a b"}), "IEF.100020"),
            (json!({"name": "a", "description": "<"}), "IEF.100100"),
        ] {
            create(app).await.refused(400, code);
        }
        create(json!({"name": "a-fail-create"}))
            .await
            .refused(500, "IEF.120001");
        let app = make(&sim, "a-fail-update-fail-delete").await;
        let change = json!({"app": {"alias": "x"}});
        sim.put(&app, change).await.refused(500, "IEF.120001");
        sim.delete(&app).await.refused(500, "IEF.120001");
        create(json!({"name": "one-too-many"}))
            .await
            .refused(403, "IEF.100126");

        let versions = format!("{app}/versions");
        let create = async |field: &str, value: Value| {
            let mut version = json!({"version": "v1", "image_url": "nginx:alpine"});
            version[field] = value;
            sim.post(&versions, json!({"version": version})).await
        };
        let volume = |kind: &str, source: &str| {
            json!([{"name": "v", "type": kind, "source": source, "destination": "/v",
                "read_only": true}])
        };
        let env = |from: &str, name: &str, key: &str| json!([{"name": "A", "value_from": {from: {"name": name, "key": key}}}]);
        for (field, value, code) in [
            ("version", json!("V1"), "IEF.100010"),
            ("image_url", json!(""), "IEF.100040"),
            ("envs", json!([{"name": "9"}]), "IEF.100013"),
            ("volumes", volume("nfs", "/a"), "IEF.100009"),
            ("volumes", volume("configMap", "no-such-map"), "IEF.100112"),
            ("volumes", volume("secret", "no-such-secret"), "IEF.100112"),
            ("envs", env("configmap", "no-such-map", "k"), "IEF.100013"),
            (
                "envs",
                env("configmap", "mqtt-broker", "no-such-key"),
                "IEF.100013",
            ),
            (
                "envs",
                env("secret", "registry-login", "no-such-key"),
                "IEF.100013",
            ),
            ("resources", json!({"limits": {"cpu": 0}}), "IEF.100113"),
            (
                "configs",
                json!({"restart_policy": "Sometimes"}),
                "IEF.100162",
            ),
            ("liveness_probe", json!({}), "IEF.100133"),
            ("arch", json!("riscv"), "IEF.100167"),
        ] {
            create(field, value).await.refused(400, code);
        }
        create("version", json!("fail-create"))
            .await
            .refused(500, "IEF.120001");
        let made = version(
            &sim,
            &app,
            json!({
                "version": "fail-update-fail-delete",
                "image_url": "nginx:alpine",
                "envs": env("configmap", "mqtt-broker", "host"),
                "volumes": volume("secret", "registry-login"),
            }),
        );
        let path = format!("{versions}/{}", text(&made.await["id"]));
        let change = json!({"version": {"volumes": volume("secret", "no-such-secret")}});
        sim.put(&path, change).await.refused(500, "IEF.120001");
        sim.delete(&path).await.refused(500, "IEF.120001");
        let other = version(&sim, &app, json!({"version": "v8", "image_url": "a"})).await;
        let path = format!("{versions}/{}", text(&other["id"]));
        let change = json!({"version": {"volumes": volume("secret", "no-such-secret")}});
        sim.put(&path, change).await.refused(400, "IEF.100112");
        let last = create("version", json!("v9")).await;
        last.refused(403, "IEF.100126");
    });
}

/// Deletes all application templates with their versions, which take from ConfigMaps and secrets.
pub(crate) async fn delete_all(sim: &Sim) {
    let all = sim.get("/apps?limit=1000").await.expect(200);
    for app in all["apps"].as_array().unwrap() {
        let path = format!("/apps/{}", text(&app["id"]));
        sim.delete(&path).await.expect(204);
    }
}

#[test]
fn what_versions_take_from_stays() {
    with(still(0), |sim| async move {
        delete_all(&sim).await;
        let find = async |list: &str, name: &str| {
            let found = sim.get(&format!("/{list}?name={name}")).await.expect(200);
            format!("/{list}/{}", text(&found[list][0]["id"]))
        };
        let map = find("configmaps", "mqtt-broker").await;
        let secret = find("secrets", "registry-login").await;
        let app = sim.post("/apps", json!({"app": {"name": "taker"}})).await;
        let app = format!("/apps/{}", text(&app.expect(201)["app"]["id"]));
        let volume = |kind: &str, source: &str| {
            json!([{"name": "v", "type": kind, "source": source, "destination": "/v",
                "read_only": true}])
        };
        let env = |from: &str, name: &str, key: &str| json!([{"name": "A", "value_from": {from: {"name": name, "key": key}}}]);
        for (field, value, used, code) in [
            (
                "volumes",
                volume("configMap", "mqtt-broker"),
                &map,
                "IEF.100159",
            ),
            (
                "volumes",
                volume("secret", "registry-login"),
                &secret,
                "IEF.100155",
            ),
            (
                "envs",
                env("configmap", "mqtt-broker", "host"),
                &map,
                "IEF.100159",
            ),
            (
                "envs",
                env("secret", "registry-login", "username"),
                &secret,
                "IEF.100155",
            ),
        ] {
            let mut new = json!({"version": {"version": "1", "image_url": "nginx"}});
            new["version"][field] = value;
            let made = sim.post(&format!("{app}/versions"), new).await.expect(201);
            let path = format!("{app}/versions/{}", text(&made["version"]["id"]));
            let refused = sim.delete(used).await;
            let message = text(&refused.body["error_msg"]);
            assert!(
                message.contains("version 1 of the application template taker"),
                "{message}"
            );
            refused.refused(409, code);
            sim.delete(&path).await.expect(204);
        }
        sim.delete(&map).await.expect(204);
        sim.delete(&secret).await.expect(204);
    });
}
