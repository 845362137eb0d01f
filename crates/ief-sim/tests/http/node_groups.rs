//! Node groups and their certificates.

use std::time::Duration;

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, unpack, with};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

async fn make(sim: &Sim, name: &str, nodes: &[&str]) -> Value {
    let body = json!({"name": name, "node_ids": nodes});
    sim.post("/groups", body).await.expect(201)
}

/// Deletes what is deployed to a group.
async fn undeploy(sim: &Sim, group: &Value) {
    for deployment in group["deployments"].as_array().into_iter().flatten() {
        let path = format!("/deployments/{}?force_delete=true", text(&deployment["id"]));
        sim.delete(&path).await.expect(204);
    }
}

fn names(list: &Value) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|it| text(&it["name"])).collect()
}

#[test]
fn groups_are_created_changed_and_deleted() {
    with(still(20), |sim| async move {
        let (one, two) = (sim.node("one").await, sim.node("two").await);
        let made = make(&sim, "line-甲", &[&one, NOBODY]).await;
        assert_eq!(made["success_node_add"], json!([one]));
        assert_eq!(made["failed_node_add"], json!([NOBODY]));
        assert_eq!(names(&made["nodes"]), ["one"]);
        let path = format!("/groups/{}", text(&made["id"]));
        let shown = sim.get(&path).await.expect(200);
        assert!(shown.get("success_node_add").is_none(), "{shown}");
        assert_eq!(shown["nodes"], made["nodes"]);
        assert_eq!(sim.show(&one).await["group_ids"], json!([made["id"]]));
        let again = json!({"name": "line-甲"});
        sim.post("/groups", again).await.refused(409, "IEF.104004");
        let device = json!({"name": "line-b", "device_ids": [NOBODY]});
        sim.post("/groups", device).await.refused(404, "IEF.110080");

        sim.running.control().advance(Duration::from_secs(60));
        let change = json!({"description": "of ^line^"});
        let changed = sim.put(&path, change).await.expect(200);
        assert_eq!(changed["description"], "of ^line^");
        assert_ne!(changed["updated_at"], made["updated_at"]);
        let kept = sim.put(&path, json!({})).await.expect(200);
        assert_eq!(kept["description"], "of ^line^");

        let nodes = format!("{path}/nodes");
        let change = json!({"add_node_ids": [two, NOBODY], "remove_node_ids": [one, two]});
        let bound = sim.put(&nodes, change).await.expect(200);
        assert_eq!(bound["success_node_add"], json!([two]));
        assert_eq!(bound["failed_node_add"], json!([NOBODY]));
        assert_eq!(bound["success_node_del"], json!([one]));
        assert_eq!(bound["failed_node_del"], json!([two]));
        assert_eq!(names(&bound["nodes"]), ["two"]);
        assert_eq!(sim.show(&one).await.get("group_ids"), None);
        sim.put(&nodes, json!({})).await.refused(400, "IEF.100100");

        sim.delete(&format!("/nodes/{two}")).await.expect(204);
        assert_eq!(sim.get(&path).await.expect(200).get("nodes"), None);
        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.100404");
        sim.delete(&path).await.refused(404, "IEF.100404");
        sim.put(&path, json!({})).await.refused(404, "IEF.100404");
        let change = json!({"add_node_ids": [one]});
        sim.put(&nodes, change).await.refused(404, "IEF.100404");
    });
}

#[test]
fn groups_of_the_seed_hold_what_their_nodes_say() {
    with(still(200), |sim| async move {
        let all = sim.get("/groups").await.expect(200);
        assert_eq!(all["count"], 16);
        let mut grouped = 0;
        for group in all["edge_groups"].as_array().unwrap() {
            let id = text(&group["id"]);
            let listed = sim.get(&format!("/nodes?group_id={id}")).await.expect(200);
            let nodes = group["nodes"].as_array().unwrap();
            assert_eq!(listed["count"], nodes.len());
            assert!(nodes.iter().all(|node| node["group_ids"] == json!([id])));
            for (sum, part) in [("cpu", "cpu"), ("memory", "memory"), ("gpu_num", "gpu_num")] {
                let parts = nodes.iter().map(|node| node[part].as_i64().unwrap());
                assert_eq!(group[sum], parts.sum::<i64>(), "{sum}");
            }
            grouped += nodes.len();
        }
        assert!((150..200).contains(&grouped), "{grouped}");
        assert_eq!(sim.running.control().kept(), 0, "looking costs no memory");

        let group = &all["edge_groups"][0];
        let (id, node) = (text(&group["id"]), text(&group["nodes"][0]["id"]));
        undeploy(&sim, group).await;
        sim.delete(&format!("/groups/{id}")).await.expect(204);
        assert_eq!(sim.show(&node).await.get("group_ids"), None);
        let listed = sim.get(&format!("/nodes?group_id={id}")).await.expect(200);
        assert_eq!(listed["count"], 0);
    });
}

#[test]
fn a_large_fleet_has_groups_of_bounded_size() {
    with(still(100_000), |sim| async move {
        let all = sim.get("/groups?limit=3").await.expect(200);
        assert_eq!(all["count"], 16);
        for group in all["edge_groups"].as_array().unwrap() {
            assert!(group["nodes"].as_array().unwrap().len() <= 40);
        }
    });
}

#[test]
fn groups_are_listed_by_name_and_in_order() {
    with(still(0), |sim| async move {
        for name in ["order-b", "order-c", "order-a"] {
            make(&sim, name, &[]).await;
            sim.running.control().advance(Duration::from_secs(60));
        }
        for (sort, expected) in [
            ("", ["a", "c", "b"]),
            ("name", ["a", "b", "c"]),
            ("name%3Adesc", ["c", "b", "a"]),
            ("created_at%3Aasc", ["b", "c", "a"]),
            ("created_at%3Adesc", ["a", "c", "b"]),
        ] {
            let path = format!("/groups?name=ORDER&sort={sort}");
            let found = names(&sim.get(&path).await.expect(200)["edge_groups"]);
            assert_eq!(found, expected.map(|it| format!("order-{it}")), "{sort}");
        }
        sim.get("/groups?sort=size")
            .await
            .refused(400, "IEF.100100");
        let page = sim
            .get("/groups?limit=1&offset=1&sort=name")
            .await
            .expect(200);
        assert_eq!(
            (page["count"].clone(), names(&page["edge_groups"])),
            (json!(3), vec!["order-b".to_owned()])
        );
        let empty = sim.get("/groups?name=none").await.expect(200);
        assert_eq!(empty, json!({"count": 0, "edge_groups": []}));
    });
}

#[test]
fn certificates_of_a_group_are_real_and_given_out_once() {
    with(still(0), |sim| async move {
        let group = make(&sim, "line", &[]).await;
        let path = format!("/groups/{}/certs", text(&group["id"]));
        let new = json!({"name": "mqtt", "type": "application", "description": "for <apps>"});
        let made = sim.post(&path, new.clone()).await.expect(201);
        let files = unpack(&made["package"]);
        for (name, field) in [
            ("rootCA.crt", "ca"),
            ("private_cert.crt", "certificate"),
            ("private_cert.key", "private_key"),
        ] {
            let (_, content) = files.iter().find(|file| file.0 == name).unwrap();
            assert_eq!(made[field], *content, "{name}");
        }
        assert_eq!(made["cert_remaining_valid_time"], 5 * 365);
        sim.post(&path, new).await.refused(409, "IEF.104004");

        let one = format!("{path}/{}", text(&made["id"]));
        sim.running
            .control()
            .advance(Duration::from_secs(20 * 3600));
        let shown = sim.get(&one).await.expect(200);
        assert_eq!(shown["certificate"], made["certificate"]);
        assert_eq!(shown["cert_remaining_valid_time"], 5 * 365 - 1);
        let listed = sim.get(&path).await.expect(200);
        assert_eq!(
            (&listed["count"], &listed["groupcerts"][0]["id"]),
            (&json!(1), &made["id"])
        );
        for answer in [&shown, &listed["groupcerts"][0]] {
            assert!(answer.get("private_key").is_none() && answer.get("package").is_none());
        }
        let quota = sim.get("/quotas?types=group_cert").await.expect(200);
        assert_eq!(quota["quotas"]["resources"][0]["used"], 1);

        sim.delete(&one).await.expect(204);
        sim.get(&one).await.refused(404, "IEF.100404");
        sim.delete(&one).await.refused(404, "IEF.100404");
        let empty = sim.get(&path).await.expect(200);
        assert_eq!(empty, json!({"count": 0, "groupcerts": []}));
        let nobody = format!("/groups/{NOBODY}/certs");
        sim.get(&nobody).await.refused(404, "IEF.100404");
        let new = json!({"name": "mqtt", "type": "device"});
        sim.post(&nobody, new).await.refused(404, "IEF.100404");
        for (name, kind, code) in [("a.b", "device", "IEF.100012"), ("a", "x", "IEF.100100")] {
            let wrong = json!({"name": name, "type": kind});
            sim.post(&path, wrong).await.refused(400, code);
        }
        let told = json!({"name": "a-fail-create", "type": "device"});
        sim.post(&path, told).await.refused(500, "IEF.120001");
    });
}

#[test]
fn groups_keep_to_their_quotas_and_telling_names() {
    let options = Options {
        quotas: [("edge_group".to_owned(), 17), ("group_cert".to_owned(), 0)].into(),
        ..still(20)
    };
    with(options, |sim| async move {
        let telling = json!({"name": "a-fail-create"});
        sim.post("/groups", telling)
            .await
            .refused(500, "IEF.120001");
        let stubborn = sim.node("a-fail-bind").await;
        let made = make(&sim, "a-fail-delete", &[&stubborn]).await;
        assert_eq!(made["failed_node_add"], json!([stubborn]));
        let path = format!("/groups/{}", text(&made["id"]));
        sim.delete(&path).await.refused(500, "IEF.120001");
        let over = json!({"name": "over"});
        sim.post("/groups", over).await.refused(403, "IEF.100126");
        let certificate = json!({"name": "c", "type": "device"});
        let answer = sim.post(&format!("{path}/certs"), certificate).await;
        answer.refused(403, "IEF.100126");
        let quota = sim.get("/quotas?types=edge_group").await.expect(200);
        assert_eq!(quota["quotas"]["resources"][0]["used"], 17);
        sim.post("/groups", json!({"name": "a b"}))
            .await
            .refused(400, "IEF.100012");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(20), |sim| async move {
        for group in sim.get("/groups").await.expect(200)["edge_groups"]
            .as_array()
            .unwrap()
        {
            let path = format!("/groups/{}", text(&group["id"]));
            let certificates = sim.get(&format!("{path}/certs")).await.expect(200);
            undeploy(&sim, group).await;
            sim.delete(&path).await.expect(204);
            let ids = group["nodes"].as_array();
            let ids: Vec<_> = ids.into_iter().flatten().map(|node| &node["id"]).collect();
            let copy = json!({
                "name": group["name"],
                "description": group["description"],
                "tags": group["tags"],
                "node_ids": ids,
            });
            let made = sim.post("/groups", copy).await.expect(201);
            assert_eq!(made.get("failed_node_add"), None);
            let path = format!("/groups/{}/certs", text(&made["id"]));
            for certificate in certificates["groupcerts"].as_array().unwrap() {
                let fields = ["name", "type", "description"];
                let copy = fields.map(|field| (field.to_owned(), certificate[field].clone()));
                let copy = Value::Object(copy.into_iter().collect());
                sim.post(&path, copy).await.expect(201);
            }
        }
    });
}

#[test]
fn the_professional_edition_has_no_groups() {
    let options = Options {
        edition: Edition::Professional,
        ..still(20)
    };
    with(options, |sim| async move {
        for path in ["/groups", &format!("/groups/{NOBODY}/certs")] {
            sim.get(path).await.refused(404, "IEF.011002");
        }
        sim.post("/groups", json!({"name": "a"}))
            .await
            .refused(404, "IEF.011002");
        let nodes = sim.get("/nodes").await.expect(200);
        let nodes = nodes["nodes"].as_array().unwrap();
        assert!(nodes.iter().all(|node| node.get("group_ids").is_none()));
    });
}
