//! Batch registration of nodes.

use std::time::Duration;

use ief_sim::Options;
use serde_json::{Value, json};

use crate::client::{Sim, still, text, unpack, with};

const ALL: &str = "/productmgr/products";
const NOBODY: &str = "/productmgr/products/00000000-0000-4000-8000-000000000000";

async fn make(sim: &Sim, name: &str) -> Value {
    let product = json!({
        "name": name,
        "attributes": {"model": {"value": "K-1", "metadata": {"type": "string"}}},
        "tags": [{"key": "fleet", "value": "kit"}],
    });
    let made = sim.post(ALL, json!({"product": product})).await;
    made.expect(201)["product"].take()
}

async fn wait(sim: &Sim, seconds: u64) {
    sim.running.control().advance(Duration::from_secs(seconds));
}

#[test]
fn a_registration_has_a_package_that_is_given_out_once() {
    with(still(0), |sim| async move {
        let made = make(&sim, "kits-a").await;
        let files = unpack(&made["package"]);
        for (name, field) in [
            ("rootCA.crt", "ca"),
            ("private_cert.crt", "certificate"),
            ("private_cert.key", "private_key"),
        ] {
            let (_, content) = files.iter().find(|file| file.0 == name).unwrap();
            assert_eq!(made[field], *content, "{name}");
        }
        let (_, config) = files.iter().find(|file| file.0 == "user_config").unwrap();
        let config: Value = serde_json::from_str(config).unwrap();
        assert_eq!(config["PRODUCT_ID"], made["id"]);
        assert!(!text(&made["identifier"]).is_empty());
        assert_eq!(made["created_at"], sim.running.control().now().timestamp());

        let path = format!("{ALL}/{}", text(&made["id"]));
        let shown = sim.get(&path).await.expect(200)["product"].take();
        for field in [
            "id",
            "name",
            "attributes",
            "tags",
            "created_at",
            "project_id",
        ] {
            assert_eq!(shown[field], made[field], "{field}");
        }
        let listed = sim.get(ALL).await.expect(200);
        assert_eq!(listed["products"][0], shown);
        for field in ["package", "private_key", "identifier", "certificate", "ca"] {
            assert_eq!(shown.get(field), None, "{field}");
        }
        let again = json!({"product": {"name": "kits-a"}});
        sim.post(ALL, again).await.refused(409, "IEF.104004");
        sim.delete(&path).await.expect(204);
        for path in [path.as_str(), NOBODY] {
            sim.get(path).await.refused(404, "IEF.100404");
            sim.delete(path).await.refused(404, "IEF.100404");
        }
    });
}

#[test]
fn registrations_are_listed_in_order() {
    with(still(0), |sim| async move {
        assert_eq!(sim.get(ALL).await.expect(200)["count"], 3);
        for name in ["b", "c", "a"] {
            make(&sim, name).await;
            wait(&sim, 5).await;
        }
        for (sort, expected) in [
            ("", ["a", "c", "b"]),
            ("created_at%3Adesc", ["a", "c", "b"]),
            ("name%3Aasc", ["a", "agv-controllers", "b"]),
        ] {
            let found = sim
                .get(&format!("{ALL}?limit=3&sort={sort}"))
                .await
                .expect(200);
            let names = found["products"].as_array().unwrap().iter();
            let names: Vec<String> = names.map(|it| text(&it["name"])).collect();
            assert_eq!(
                (names, &found["count"]),
                (expected.map(str::to_owned).to_vec(), &json!(6))
            );
        }
        sim.get(&format!("{ALL}?sort=size"))
            .await
            .refused(400, "IEF.100100");
        let oldest = sim
            .get(&format!("{ALL}?sort=created_at%3Aasc&limit=1"))
            .await
            .expect(200);
        assert_eq!(oldest["products"][0]["name"], "inspection-cameras");
    });
}

#[test]
fn machines_register_until_the_registration_is_deleted() {
    with(still(0), |sim| async move {
        let made = make(&sim, "enrols").await;
        let names = async || {
            let nodes = sim.get("/nodes?sort=name").await.expect(200);
            let nodes = nodes["nodes"].as_array().unwrap().clone();
            nodes
                .iter()
                .map(|node| text(&node["name"]))
                .collect::<Vec<_>>()
        };
        assert_eq!(names().await, [""; 0]);
        wait(&sim, 21).await;
        assert_eq!(names().await, ["enrols-01"]);
        let node = sim.get("/nodes").await.expect(200)["nodes"][0].take();
        assert_eq!(node["product_id"], made["id"]);
        assert_eq!(
            node["attributes"],
            json!([{"key": "model", "value": "K-1"}])
        );
        assert_eq!(node["tags"], json!([{"key": "fleet", "value": "kit"}]));
        assert_eq!(node["state"], "UNCONNECTED");
        wait(&sim, 30).await;
        assert_eq!(sim.show(&text(&node["id"])).await["state"], "RUNNING");
        assert_eq!(names().await, ["enrols-01", "enrols-02"]);
        let path = format!("{ALL}/{}", text(&made["id"]));
        sim.delete(&path).await.expect(204);
        wait(&sim, 300).await;
        assert_eq!(names().await, ["enrols-01", "enrols-02"]);
    });
    let full = Options {
        quotas: [("edge_node".to_owned(), 2)].into(),
        ..still(0)
    };
    with(full, |sim| async move {
        make(&sim, "enrols").await;
        wait(&sim, 300).await;
        assert_eq!(sim.get("/nodes").await.expect(200)["count"], 2);
    });
}

#[test]
fn nodes_of_the_seed_came_with_registrations_of_the_seed() {
    with(still(200), |sim| async move {
        let products = sim.get(ALL).await.expect(200);
        let id_of = |name: &str| {
            let all = products["products"].as_array().unwrap();
            let found = all.iter().find(|product| product["name"] == name);
            text(&found.unwrap()["id"])
        };
        let nodes = sim.get("/nodes?limit=1000").await.expect(200);
        let nodes = nodes["nodes"].as_array().unwrap();
        let from = |name: &str| {
            let id = id_of(name);
            nodes
                .iter()
                .filter(move |node| node["product_id"] == id.as_str())
        };
        for (name, prefix) in [("inspection-cameras", "cam-"), ("agv-controllers", "agv-")] {
            assert!(from(name).count() > 3, "{name}");
            assert!(from(name).all(|node| text(&node["name"]).starts_with(prefix)));
        }
        assert_eq!(from("trial-kits").count(), 0);
    });
}

#[test]
fn registrations_keep_to_their_limits() {
    let options = Options {
        quotas: [("product".to_owned(), 4)].into(),
        ..still(0)
    };
    with(options, |sim| async move {
        let create = async |product: Value| sim.post(ALL, json!({"product": product})).await;
        for (product, code) in [
            (json!({}), "IEF.100012"),
            (json!({"name": "a_b"}), "IEF.100012"),
            (json!({"name": "a", "tags": [{"key": "a b"}]}), "IEF.100100"),
        ] {
            create(product).await.refused(400, code);
        }
        create(json!({"name": "fail-create"}))
            .await
            .refused(500, "IEF.120001");
        let made = make(&sim, "fail-delete").await;
        let path = format!("{ALL}/{}", text(&made["id"]));
        sim.delete(&path).await.refused(500, "IEF.120001");
        create(json!({"name": "over"}))
            .await
            .refused(403, "IEF.100126");
    });
}
