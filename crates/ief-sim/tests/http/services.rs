//! Services.

use std::time::Duration;

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};
use crate::deployments::{NOBODY, container, deploy, running_node, to_node};

/// A service of an application.
fn service(name: &str, app: &str) -> Value {
    json!({"service": {
        "meta_data": {"name": name, "labels": {}},
        "spec": {
            "cluster_ip": "None",
            "external_ips": [],
            "external_name": "",
            "ports": [{"name": "http-0", "port": "8888", "target_port": "80", "protocol": "TCP",
                "node_port": ""}],
            "selector": {"app": app},
            "type": "",
        },
    }})
}

async fn application(sim: &Sim, name: &str) {
    let node = running_node(sim, "gw-1").await;
    deploy(sim, &to_node(name, &node, &container())).await;
}

fn with_field(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[key] = value;
    body
}

#[test]
fn services_are_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        application(&sim, "web").await;
        let new = service("web", "web");
        let made = sim.post("/services", new.clone()).await.expect(201)["service"].take();
        assert_eq!(made["meta_data"], json!({"name": "web"}));
        let expected = json!({
            "cluster_ip": "None",
            "ports": [{"name": "http-0", "port": "8888", "protocol": "TCP", "target_port": "80"}],
            "selector": {"app": "web"},
        });
        assert_eq!(made["spec"], expected);
        assert_eq!(made["project_id"], sim.account().project_id);
        let path = format!("/services/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["service"], made);
        sim.post("/services", new.clone())
            .await
            .refused(409, "IEF.101002");

        sim.running.control().advance(Duration::from_secs(60));
        let change = json!({"service": {
            "meta_data": {"name": "web", "labels": {"stage": "trial"}},
            "spec": {"type": "NodePort", "selector": {"app": "web", "tier": "front"},
                "ports": [{"name": "tcp-0", "port": "80"}]},
        }});
        let changed = sim.put(&path, change).await.expect(200)["service"].take();
        assert_eq!(changed["meta_data"]["labels"], json!({"stage": "trial"}));
        assert_eq!(
            changed["spec"]["selector"],
            json!({"app": "web", "tier": "front"})
        );
        assert_eq!(changed["spec"]["cluster_ip"], "None", "an address stays");
        let port = &changed["spec"]["ports"][0];
        assert_eq!(
            (&port["target_port"], &port["protocol"]),
            (&json!("80"), &json!("TCP"))
        );
        let at_nodes: i64 = text(&port["node_port"]).parse().unwrap();
        assert!((30_000..32_768).contains(&at_nodes), "{at_nodes}");
        assert_eq!(changed["created_at"], made["created_at"]);
        assert_ne!(changed["updated_at"], made["updated_at"]);
        assert_eq!(sim.get(&path).await.expect(200)["service"], changed);
        let renamed = with_field(&new, "/service/meta_data/name", json!("other"));
        sim.put(&path, renamed).await.refused(400, "IEF.100100");
        let elsewhere = with_field(&new, "/service/spec/selector", json!({"app": "nobody"}));
        sim.put(&path, elsewhere).await.refused(404, "IEF.101003");

        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.100404");
        sim.delete(&path).await.refused(404, "IEF.100404");
        sim.put(&format!("/services/{NOBODY}"), new)
            .await
            .refused(404, "IEF.100404");
    });
}

#[test]
fn services_get_an_address_of_their_own() {
    with(still(0), |sim| async move {
        application(&sim, "web").await;
        let blank =
            |name: &str| with_field(&service(name, "web"), "/service/spec/cluster_ip", json!(""));
        let mut addresses = std::collections::BTreeSet::new();
        for name in ["a", "b", "c"] {
            let made = sim.post("/services", blank(name)).await.expect(201);
            let address = text(&made["service"]["spec"]["cluster_ip"]);
            assert!(address.parse::<std::net::Ipv4Addr>().is_ok(), "{address}");
            assert!(addresses.insert(address));
        }
    });
}

#[test]
fn services_are_listed_and_filtered() {
    with(still(40), |sim| async move {
        let all = sim.get("/services?limit=100").await.expect(200);
        assert_eq!(all["count"], 4);
        let names = |list: &Value| -> Vec<String> {
            let rows = list["services"].as_array().unwrap();
            rows.iter()
                .map(|row| text(&row["meta_data"]["name"]))
                .collect()
        };
        let newest_first = names(&all);
        assert_eq!(newest_first[3], "edge-proxy-bj");
        let mut sorted = newest_first.clone();
        sorted.sort();
        for (query, expected) in [
            ("sorted=name", sorted.clone()),
            ("sorted=name:desc", sorted.iter().rev().cloned().collect()),
            (
                "sorted=created_at",
                newest_first.iter().rev().cloned().collect(),
            ),
            ("name=PROXY-BJ", vec!["edge-proxy-bj".to_owned()]),
            ("app=edge-proxy-bj", vec!["edge-proxy-bj".to_owned()]),
            ("app=edge-proxy", vec![]),
            ("limit=2&offset=3", vec!["edge-proxy-bj".to_owned()]),
        ] {
            let found = sim.get(&format!("/services?{query}")).await.expect(200);
            assert_eq!(names(&found), expected, "{query}");
        }
        for app in &newest_first {
            let found = sim
                .get(&format!("/deployments?name={app}"))
                .await
                .expect(200);
            assert_eq!(found["count"], 1, "each has an application behind it");
        }
        sim.get("/services?limit=101")
            .await
            .refused(400, "IEF.100005");
        sim.get("/services?sorted=size")
            .await
            .refused(400, "IEF.100100");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(40), |sim| async move {
        let all = sim.get("/services?limit=100").await.expect(200);
        for old in all["services"].as_array().unwrap() {
            let path = format!("/services/{}", text(&old["id"]));
            sim.delete(&path).await.expect(204);
            let copy = json!({"service": {"meta_data": old["meta_data"], "spec": old["spec"]}});
            let made = sim.post("/services", copy).await.expect(201);
            assert_eq!(made["service"]["meta_data"], old["meta_data"]);
            assert_eq!(made["service"]["spec"], old["spec"]);
        }
    });
}

#[test]
fn services_are_for_platinum_instances() {
    let options = Options {
        edition: Edition::Professional,
        ..still(20)
    };
    with(options, |sim| async move {
        let path = format!("/services/{NOBODY}");
        let body = service("web", "web");
        for answer in [
            sim.get("/services").await,
            sim.post("/services", body.clone()).await,
            sim.get(&path).await,
            sim.put(&path, body).await,
            sim.delete(&path).await,
        ] {
            answer.refused(404, "IEF.011002");
        }
    });
}

#[test]
fn services_keep_to_their_limits() {
    let options = Options {
        quotas: [("service".to_owned(), 1)].into(),
        ..still(0)
    };
    with(options, |sim| async move {
        application(&sim, "web").await;
        let new = service("fail-update-fail-delete", "web");
        for (pointer, value, status, code) in [
            ("/service/meta_data/name", json!("Upper"), 400, "IEF.100012"),
            ("/service/spec/selector", json!({}), 400, "IEF.101001"),
            (
                "/service/spec/selector",
                json!({"app": "nobody"}),
                404,
                "IEF.101003",
            ),
            ("/service/spec/external_name", json!("a"), 400, "IEF.101001"),
            (
                "/service/spec/type",
                json!("ExternalName"),
                400,
                "IEF.101001",
            ),
            (
                "/service/spec/ports",
                json!([{"name": "x", "port": "1"}]),
                400,
                "IEF.101001",
            ),
            (
                "/service/meta_data/name",
                json!("fail-create"),
                500,
                "IEF.120001",
            ),
        ] {
            let wrong = with_field(&new, pointer, value);
            sim.post("/services", wrong).await.refused(status, code);
        }
        let made = sim.post("/services", new.clone()).await.expect(201);
        let path = format!("/services/{}", text(&made["service"]["id"]));
        sim.put(&path, new).await.refused(500, "IEF.120001");
        sim.delete(&path).await.refused(500, "IEF.120001");
        let more = sim.post("/services", service("more", "web")).await;
        more.refused(403, "IEF.100126");
    });
}
