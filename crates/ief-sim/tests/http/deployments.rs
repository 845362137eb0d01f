//! Deployments: what can be deployed, changed and deleted, and what they keep from being deleted.

use std::time::Duration;

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

pub(crate) const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A container that runs.
pub(crate) fn container() -> Value {
    json!({"name": "container-0", "image_url": "nginx:alpine"})
}

/// A deployment to a node.
pub(crate) fn to_node(name: &str, node: &str, container: &Value) -> Value {
    json!({
        "name": name,
        "node_ids": [node],
        "deployment": {"replicas": 1, "template": {
            "configs": {"host_network": true, "restart_policy": "Always"},
            "containers": [container],
        }},
    })
}

/// A deployment to a group of nodes.
pub(crate) fn to_group(name: &str, group: &str, replicas: i64) -> Value {
    json!({
        "name": name,
        "group_id": group,
        "deployment": {"replicas": replicas, "template": {
            "configs": {"host_network": true, "restart_policy": "Always", "migration": true,
                "toleration_seconds": 60},
            "containers": [container()],
        }},
    })
}

pub(crate) async fn deploy(sim: &Sim, deployment: &Value) -> String {
    let made = sim
        .post("/deployments", deployment.clone())
        .await
        .expect(200);
    text(&made["id"])
}

pub(crate) async fn show(sim: &Sim, id: &str) -> Value {
    sim.get(&format!("/deployments/{id}")).await.expect(200)
}

pub(crate) async fn pods(sim: &Sim, id: &str) -> Vec<Value> {
    let list = sim
        .get(&format!("/pods?deployment_id={id}"))
        .await
        .expect(200);
    list["pods"].as_array().unwrap().clone()
}

pub(crate) fn advance(sim: &Sim, seconds: u64) {
    sim.running.control().advance(Duration::from_secs(seconds));
}

/// A node that is online.
pub(crate) async fn running_node(sim: &Sim, name: &str) -> String {
    let node = sim.node(name).await;
    advance(sim, 60);
    assert_eq!(sim.show(&node).await["state"], "RUNNING");
    node
}

pub(crate) async fn switch(sim: &Sim, node: &str, action: &str) {
    let body = json!({"node": {"action": action}});
    sim.post(&format!("/nodes/{node}/action"), body)
        .await
        .expect(200);
}

fn professional(nodes: u64) -> Options {
    Options {
        edition: Edition::Professional,
        ..still(nodes)
    }
}

#[test]
fn deployments_are_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let mut new = to_node("app", &node, &container());
        new["description"] = json!("of gw-1");
        new["tags"] = json!([{"key": "app", "value": "test"}]);
        let made = sim.post("/deployments", new.clone()).await.expect(200);
        for (field, expected) in [
            ("name", json!("app")),
            ("replicas", json!(1)),
            ("ready_replicas", json!(0)),
            ("group_id", json!("")),
            ("node_ids", json!([node])),
            ("api_version", json!("v3")),
            ("source_id", json!("")),
            ("tags", new["tags"].clone()),
            ("description", json!("of gw-1")),
        ] {
            assert_eq!(made[field], expected, "{field}");
        }
        let template = &made["template"];
        assert_eq!(template["configs"]["migration"], false);
        assert_eq!(template["configs"]["host_pid"], false);
        assert_eq!(template["containers"][0]["privileged"], false);
        assert_eq!(template["containers"][0]["npu_type"], "");
        let again = sim.post("/deployments", new).await;
        again.refused(409, "IEF.104004");
        let path = format!("/deployments/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200), made);
        assert_eq!(sim.show(&node).await["deployment_num"], 1);

        advance(&sim, 60);
        assert_eq!(sim.get(&path).await.expect(200)["ready_replicas"], 1);
        let change = json!({"description": "changed"});
        let changed = sim.put(&path, change).await.expect(200);
        assert_eq!(changed["description"], "changed");
        assert_eq!(changed["template"], made["template"]);
        assert_eq!(
            changed["ready_replicas"], 1,
            "a description starts nothing anew"
        );
        assert_ne!(changed["updated_at"], made["updated_at"]);
        let mut template = made["template"].clone();
        template["containers"][0]["image_url"] = json!("nginx:1.27");
        let change = json!({"deployment": {"replicas": 1, "template": template}});
        let changed = sim.put(&path, change).await.expect(200);
        assert_eq!(
            changed["template"]["containers"][0]["image_url"],
            "nginx:1.27"
        );
        assert_eq!(changed["ready_replicas"], 0);
        assert_eq!(changed["description"], "changed");
        advance(&sim, 60);
        assert_eq!(sim.get(&path).await.expect(200)["ready_replicas"], 1);

        sim.delete(&path).await.expect(204);
        let change = json!({"description": "x"});
        for answer in [
            sim.get(&path).await,
            sim.delete(&path).await,
            sim.put(&path, change).await,
            sim.get(&format!("/pods?deployment_id={}", text(&made["id"])))
                .await,
        ] {
            answer.refused(404, "IEF.100404");
        }
        assert_eq!(sim.show(&node).await["deployment_num"], 0);
        // The name is free again.
        deploy(&sim, &to_node("app", &node, &container())).await;
    });
}

#[test]
fn what_a_deployment_names_has_to_be_there() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let nowhere = to_node("app", NOBODY, &container());
        sim.post("/deployments", nowhere)
            .await
            .refused(404, "IEF.100404");
        let volume = |kind: &str, source: &str| {
            json!([{"name": "v", "type": kind, "source": source, "destination": "/v",
                "read_only": true}])
        };
        let env = |from: &str, name: &str, key: &str| json!([{"name": "A", "value_from": {from: {"name": name, "key": key}}}]);
        for (field, value, code) in [
            ("volumes", volume("configMap", "no-such-map"), "IEF.100112"),
            ("volumes", volume("secret", "no-such-secret"), "IEF.100112"),
            (
                "envs",
                env("configmap", "no-such-map", "host"),
                "IEF.100013",
            ),
            (
                "envs",
                env("configmap", "mqtt-broker", "no-such-key"),
                "IEF.100013",
            ),
            (
                "envs",
                env("secret", "no-such-secret", "user"),
                "IEF.100013",
            ),
            (
                "envs",
                env("secret", "registry-login", "no-such-key"),
                "IEF.100013",
            ),
        ] {
            let mut container = container();
            container[field] = value;
            let deployment = to_node("app", &node, &container);
            sim.post("/deployments", deployment.clone())
                .await
                .refused(400, code);
            // What is run first is asked for the same.
            let mut first = to_node("app", &node, &self::container());
            container["name"] = json!("first");
            first["deployment"]["template"]["init_containers"] = json!([container]);
            sim.post("/deployments", first).await.refused(400, code);
        }
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        let mut run = to_node("app", &node, &container())["deployment"].take();
        run["template"]["containers"][0]["volumes"] = volume("secret", "no-such-secret");
        let change = json!({"deployment": run});
        sim.put(&format!("/deployments/{id}"), change)
            .await
            .refused(400, "IEF.100112");
    });
}

#[test]
fn what_a_deployment_takes_from_stays() {
    with(still(0), |sim| async move {
        crate::apps::delete_all(&sim).await;
        let node = running_node(&sim, "gw-1").await;
        let find = async |list: &str, rows: &str, name: &str| {
            let found = sim.get(&format!("/{list}?name={name}")).await.expect(200);
            format!("/{list}/{}", text(&found[rows][0]["id"]))
        };
        let map = find("configmaps", "configmaps", "mqtt-broker").await;
        let secret = find("secrets", "secrets", "registry-login").await;
        let free = find("secrets", "secrets", "smtp-relay").await;
        let mut by_env = container();
        by_env["envs"] = json!([
            {"name": "HOST", "value_from": {"configmap": {"name": "mqtt-broker", "key": "host"}}},
            {"name": "WORD", "value_from": {"secret": {"name": "registry-login", "key": "password"}}},
        ]);
        let mut by_volume = container();
        let volume = |kind: &str, source: &str, name: &str| {
            json!({"name": name, "type": kind, "source": source,
                "destination": format!("/{name}"), "read_only": true})
        };
        by_volume["volumes"] = json!([
            volume("configMap", "mqtt-broker", "m"),
            volume("secret", "registry-login", "s"),
        ]);
        for (name, container) in [("by-env", by_env), ("by-volume", by_volume)] {
            let id = deploy(&sim, &to_node(name, &node, &container)).await;
            sim.delete(&map).await.refused(409, "IEF.100159");
            sim.delete(&secret).await.refused(409, "IEF.100155");
            sim.delete(&format!("/deployments/{id}")).await.expect(204);
        }
        sim.delete(&free).await.expect(204);
        sim.delete(&map).await.expect(204);
        sim.delete(&secret).await.expect(204);
    });
}

#[test]
fn what_the_seed_takes_from_stays() {
    with(still(16), |sim| async move {
        let secrets = sim.get("/secrets?name=opcua-client").await.expect(200);
        let secret = format!("/secrets/{}", text(&secrets["secrets"][0]["id"]));
        sim.delete(&secret).await.refused(409, "IEF.100155");
        let maps = sim.get("/configmaps?name=opcua-bridge").await.expect(200);
        let map = format!("/configmaps/{}", text(&maps["configmaps"][0]["id"]));
        let found = sim
            .get("/deployments?name=opc-bridge&limit=100")
            .await
            .expect(200);
        let found = found["deployments"].as_array().unwrap();
        assert_eq!(found.len(), 4, "one in each row of four nodes");
        for deployment in found {
            sim.delete(&map).await.refused(409, "IEF.100159");
            let path = format!("/deployments/{}?force_delete=true", text(&deployment["id"]));
            sim.delete(&path).await.expect(204);
        }
        // The versions of the template that they were made from still do.
        sim.delete(&map).await.refused(409, "IEF.100159");
        sim.delete(&secret).await.refused(409, "IEF.100155");
        crate::apps::delete_all(&sim).await;
        sim.delete(&map).await.expect(204);
        sim.delete(&secret).await.expect(204);
    });
}

#[test]
fn deployments_are_listed_and_filtered() {
    with(still(40), |sim| async move {
        let all = sim.get("/deployments?limit=100").await.expect(200);
        assert_eq!(all["count"], 60 + 16);
        let all = all["deployments"].as_array().unwrap().clone();
        assert_eq!(all.len(), 76);
        let times: Vec<_> = all.iter().map(|it| text(&it["created_at"])).collect();
        assert!(times.is_sorted_by(|a, b| a >= b), "the newest first");
        let ids = |list: &Value| -> Vec<String> {
            let rows = list["deployments"].as_array().unwrap();
            rows.iter().map(|row| text(&row["id"])).collect()
        };
        let page = sim.get("/deployments").await.expect(200);
        assert_eq!(ids(&page).len(), 10, "ten are a page when nothing is said");
        let upwards = sim
            .get("/deployments?sort=created_at:asc&limit=100")
            .await
            .expect(200);
        let mut reversed = ids(&upwards);
        reversed.reverse();
        assert_eq!(reversed, ids(&json!({"deployments": all})));
        let second = sim
            .get("/deployments?limit=10&offset=10&sort=created_at:desc")
            .await;
        assert_eq!(
            ids(&second.expect(200)),
            ids(&json!({"deployments": all[10..20]}))
        );

        let check = async |query: &str, keep: &dyn Fn(&Value) -> bool| {
            let found = sim
                .get(&format!("/deployments?limit=100&{query}"))
                .await
                .expect(200);
            let expected: Vec<_> = all.iter().filter(|it| keep(it)).cloned().collect();
            assert!(!expected.is_empty(), "{query}");
            assert_eq!(
                ids(&found),
                ids(&json!({"deployments": expected})),
                "{query}"
            );
            assert_eq!(found["count"], expected.len());
        };
        check("name=VIDEO-", &|it| text(&it["name"]).contains("video-")).await;
        let node = text(&all[40]["node_ids"][0]);
        let own = sim
            .get(&format!("/deployments?limit=100&node_id={node}"))
            .await
            .expect(200);
        let number = sim.show(&node).await["deployment_num"].clone();
        assert_eq!(own["count"], number);
        for deployment in own["deployments"].as_array().unwrap() {
            let pods = pods(&sim, &text(&deployment["id"])).await;
            assert!(pods.iter().any(|pod| pod["node_id"] == node));
        }
        let group = text(&all[0]["group_id"]);
        check(&format!("group_id={group}"), &|it| it["group_id"] == group).await;
        let both = format!("/deployments?node_id={node}&group_id={group}");
        sim.get(&both).await.refused(400, "IEF.100100");
        sim.get("/deployments?limit=101")
            .await
            .refused(400, "IEF.100005");
        sim.get(&format!("/deployments?node_id={NOBODY}"))
            .await
            .refused(404, "IEF.100404");
        let nodes = sim.get("/nodes?limit=1000").await.expect(200);
        let nodes = nodes["nodes"].as_array().unwrap();
        let numbers = nodes
            .iter()
            .map(|it| it["deployment_num"].as_i64().unwrap());
        let mut instances = 0;
        for deployment in &all {
            instances += pods(&sim, &text(&deployment["id"])).await.len() as i64;
        }
        assert_eq!(
            numbers.sum::<i64>(),
            instances,
            "nodes count what runs on them"
        );
    });
}

#[test]
fn the_professional_edition_offers_less() {
    with(professional(20), |sim| async move {
        let seeded = sim.get("/deployments").await.expect(200);
        assert_eq!(seeded["count"], 30, "there are none to groups");
        let node = running_node(&sim, "gw-1").await;
        let node_with = |change: &dyn Fn(&mut Value)| {
            let mut deployment = to_node("app", &node, &container());
            change(&mut deployment["deployment"]);
            deployment
        };
        let affinity = json!({"nodeAffinity": {}});
        let range =
            json!([{"container_port": 80, "host_port_range": {"min_port": 1, "max_port": 9}}]);
        for wrong in [
            to_group("app", NOBODY, 1),
            node_with(&|run| run["replicas"] = json!(2)),
            node_with(&|run| run["template"]["affinity"] = affinity.clone()),
            node_with(&|run| run["template"]["containers"][0]["ports"] = range.clone()),
        ] {
            sim.post("/deployments", wrong)
                .await
                .refused(400, "IEF.100100");
        }
        // An empty affinity asks for nothing, as the console of the service sends it.
        let id = deploy(
            &sim,
            &node_with(&|run| run["template"]["affinity"] = json!({})),
        )
        .await;
        let path = format!("/deployments/{id}");
        let two = json!({"deployment": node_with(&|run| run["replicas"] = json!(2))["deployment"]});
        sim.put(&path, two).await.refused(400, "IEF.100100");
        for list in ["/deployments", "/pods"] {
            let path = format!("{list}?group_id={NOBODY}");
            sim.get(&path).await.refused(400, "IEF.100100");
        }
    });
}

#[test]
fn a_deployment_goes_when_its_node_can_be_told() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        let path = format!("/deployments/{id}");
        advance(&sim, 60);
        switch(&sim, &node, "stop").await;
        sim.delete(&path).await.expect(204);
        assert_eq!(show(&sim, &id).await["state"], "PENDING_DELETE");
        assert_eq!(pods(&sim, &id).await[0]["state"], "TERMINATING");
        let change = json!({"description": "x"});
        sim.put(&path, change).await.refused(400, "IEF.100100");
        sim.delete(&path).await.expect(204);
        advance(&sim, 3600);
        assert_eq!(show(&sim, &id).await["state"], "PENDING_DELETE");
        switch(&sim, &node, "start").await;
        sim.get(&path).await.refused(404, "IEF.100404");

        // By force it goes at once.
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        advance(&sim, 60);
        switch(&sim, &node, "stop").await;
        let path = format!("/deployments/{id}");
        sim.delete(&path).await.expect(204);
        sim.delete(&format!("{path}?force_delete=true"))
            .await
            .expect(204);
        sim.get(&path).await.refused(404, "IEF.100404");
        // What its node has never heard of goes at once too.
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        sim.delete(&format!("/deployments/{id}")).await.expect(204);
        sim.get(&format!("/deployments/{id}"))
            .await
            .refused(404, "IEF.100404");
    });
}

#[test]
fn a_node_that_is_updated_keeps_its_deployments() {
    with(still(500), |sim| async move {
        let list = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
        let mut nodes = list["nodes"].as_array().unwrap().iter();
        let old = nodes.find(|it| it["upgrade_flag"] == true && it["ief_node_version"] != "2.1.0");
        let node = text(&old.unwrap()["id"]);
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        sim.call("POST", &format!("/nodes/{node}/upgrade"), None)
            .await
            .expect(200);
        let path = format!("/deployments/{id}");
        sim.delete(&path).await.refused(409, "IEF.100161");
        advance(&sim, 60);
        sim.delete(&path).await.expect(204);
    });
}

#[test]
fn a_deleted_node_takes_its_deployments_along() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        sim.delete(&format!("/nodes/{node}")).await.expect(204);
        sim.get(&format!("/deployments/{id}"))
            .await
            .refused(404, "IEF.100404");
    });
}

#[test]
fn deployments_keep_to_their_limits() {
    let options = Options {
        quotas: [("deployment".to_owned(), 2)].into(),
        ..still(0)
    };
    with(options, |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let named = |name: &str| to_node(name, &node, &container());
        for (pointer, value, code) in [
            ("/name", json!("Upper"), "IEF.100012"),
            ("/deployment/replicas", json!(100), "IEF.100100"),
            (
                "/deployment/template/configs",
                json!({"host_network": true}),
                "IEF.100162",
            ),
            (
                "/deployment/template/containers/0/image_url",
                json!(""),
                "IEF.100040",
            ),
            (
                "/deployment/template/containers/0/name",
                json!("A"),
                "IEF.100012",
            ),
        ] {
            let mut wrong = named("app");
            *wrong.pointer_mut(pointer).unwrap() = value;
            sim.post("/deployments", wrong).await.refused(400, code);
        }
        for (field, value, code) in [
            ("envs", json!([{"name": "9"}]), "IEF.100013"),
            ("volumes", json!([{"name": "v"}]), "IEF.100009"),
            ("resources", json!({"limits": {"cpu": "0"}}), "IEF.100113"),
            ("liveness_probe", json!({}), "IEF.100133"),
        ] {
            let mut container = container();
            container[field] = value;
            let wrong = to_node("app", &node, &container);
            sim.post("/deployments", wrong).await.refused(400, code);
        }
        let failing = named("a-fail-create");
        sim.post("/deployments", failing)
            .await
            .refused(500, "IEF.120001");
        let id = deploy(&sim, &named("fail-update-fail-delete")).await;
        let path = format!("/deployments/{id}");
        let change = json!({"description": "x"});
        sim.put(&path, change).await.refused(500, "IEF.120001");
        sim.delete(&path).await.refused(500, "IEF.120001");
        deploy(&sim, &named("second")).await;
        sim.post("/deployments", named("third"))
            .await
            .refused(403, "IEF.100126");
        let quotas = sim.get("/quotas?types=deployment").await.expect(200);
        assert_eq!(quotas["quotas"]["resources"][0]["used"], 2);
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(8), |sim| async move {
        let all = sim.get("/deployments?limit=100").await.expect(200);
        for old in all["deployments"].as_array().unwrap() {
            let path = format!("/deployments/{}", text(&old["id"]));
            sim.delete(&format!("{path}?force_delete=true"))
                .await
                .expect(204);
            let mut copy = json!({"deployment": {
                "replicas": old["replicas"],
                "template": old["template"],
            }});
            for field in [
                "name",
                "description",
                "group_id",
                "node_ids",
                "tags",
                "source",
            ] {
                copy[field] = old[field].clone();
            }
            let made = sim.post("/deployments", copy).await.expect(200);
            for field in [
                "name", "replicas", "group_id", "node_ids", "tags", "template", "source",
            ] {
                assert_eq!(made[field], old[field], "{field}");
            }
        }
    });
}

#[test]
fn a_million_nodes_keep_no_deployments() {
    with(still(1_000_000), |sim| async move {
        let list = sim
            .get("/deployments?limit=100&offset=1400000")
            .await
            .expect(200);
        assert_eq!(list["count"], 1_500_016);
        assert_eq!(list["deployments"].as_array().unwrap().len(), 100);
        let one = &list["deployments"][0];
        let id = text(&one["id"]);
        assert_eq!(show(&sim, &id).await, *one);
        let node = text(&one["node_ids"][0]);
        let pods = sim.get(&format!("/pods?node_id={node}")).await.expect(200);
        assert!(pods["count"].as_i64() > Some(0));
        assert_eq!(sim.running.control().kept(), 0);
        let path = format!("/deployments/{id}?force_delete=true");
        sim.delete(&path).await.expect(204);
        assert_eq!(sim.running.control().kept(), 1);
        let list = sim.get("/deployments").await.expect(200);
        assert_eq!(list["count"], 1_500_015);
    });
}
