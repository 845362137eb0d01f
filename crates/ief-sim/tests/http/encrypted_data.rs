//! Encrypted data and the nodes it is bound to.

use std::time::Duration;

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const ALL: &str = "/edm/encryptdatas";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
const CANARY: &str = "canary-of-a-value";

async fn make(sim: &Sim, name: &str, config: Value) -> Value {
    let body = json!({"encrypt_data": {"name": name, "config": config}});
    sim.post(ALL, body).await.expect(201)["encrypt_data"].take()
}

async fn names(sim: &Sim, path: &str) -> Vec<String> {
    let found = sim.get(path).await.expect(200);
    let field = if found.get("nodes").is_some() {
        "nodes"
    } else {
        "encrypt_datas"
    };
    let rows = found[field].as_array().unwrap().iter();
    rows.map(|it| text(&it["name"])).collect()
}

#[test]
fn encrypted_data_is_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        let config = json!([
            {"name": "user", "value": CANARY},
            {"name": "unit", "value": "7", "is_encrypted": false},
        ]);
        let made = make(&sim, "plc", config).await;
        let path = format!("{ALL}/{}", text(&made["id"]));
        assert_eq!(made["ief_instance_id"], json!(sim.account().instance_id));
        assert_eq!(made["domain_id"], json!(sim.account().domain_id));
        assert_eq!(made["config"][0]["is_encrypted"], true);
        assert_eq!(
            made["config"][1],
            json!({"name": "unit", "value": "7", "is_encrypted": false})
        );
        let shown = sim.get(&path).await.expect(200);
        assert_eq!(shown["encrypt_data"], made);
        let listed = sim.get(ALL).await.expect(200);
        for answer in [&made, &shown, &listed] {
            assert!(!answer.to_string().contains(CANARY), "a value comes back");
        }
        let again = json!({"encrypt_data": {"name": "plc"}});
        sim.post(ALL, again).await.refused(409, "IEF.104004");

        // What was read can be written, and an item without a value keeps the one it has.
        sim.running.control().advance(Duration::from_secs(60));
        let user = &made["config"][0];
        for user_again in [user.clone(), json!({"name": "user"})] {
            let change = json!({"name": "plc-1", "description": "d", "config": [user_again]});
            let body = json!({"encrypt_data": change});
            let changed = sim.put(&path, body).await.expect(200)["encrypt_data"].take();
            assert_eq!(changed["config"], json!([user]));
            assert_eq!(
                (&changed["name"], &changed["description"]),
                (&json!("plc-1"), &json!("d"))
            );
            assert!(changed["updated_time"].as_i64() > made["updated_time"].as_i64());
            assert_eq!(changed["created_time"], made["created_time"]);
        }
        let other = json!({"name": "plc-1", "config": [{"name": "user", "value": "other"}]});
        let changed = sim
            .put(&path, json!({"encrypt_data": other}))
            .await
            .expect(200);
        assert_ne!(changed["encrypt_data"]["config"][0]["value"], user["value"]);
        assert_eq!(changed["encrypt_data"]["description"], "d");

        sim.delete(&path).await.expect(204);
        let change = json!({"encrypt_data": {"name": "x"}});
        for path in [path, format!("{ALL}/{NOBODY}")] {
            sim.get(&path).await.refused(404, "IEF.100404");
            sim.delete(&path).await.refused(404, "IEF.100404");
            sim.put(&path, change.clone())
                .await
                .refused(404, "IEF.100404");
            sim.get(&format!("{path}/nodes"))
                .await
                .refused(404, "IEF.100404");
        }
    });
}

#[test]
fn encrypted_data_is_bound_and_unbound() {
    with(still(0), |sim| async move {
        let (one, two) = (sim.node("one").await, sim.node("two").await);
        let a = text(&make(&sim, "a", json!([])).await["id"]);
        let b = text(&make(&sim, "b", json!([])).await["id"]);
        let of_one = format!("/edm/nodes/{one}/encryptdatas");
        let of_two = format!("/edm/nodes/{two}/encryptdatas");
        let (to_a, to_b) = (format!("{ALL}/{a}/nodes"), format!("{ALL}/{b}/nodes"));
        let nothing = sim.get(&of_one).await.expect(200);
        assert_eq!(nothing, json!({"encrypt_datas": [], "count": 0}));
        assert_eq!(
            sim.get(&to_a).await.expect(200),
            json!({"nodes": [], "count": 0})
        );

        for _ in 0..2 {
            // Bound twice is bound once.
            let body = json!({"encrypt_datas": [a, b]});
            assert_eq!(sim.post(&of_one, body).await.expect(201), Value::Null);
        }
        sim.post(&of_two, json!({"encrypt_datas": [a]}))
            .await
            .expect(201);
        assert_eq!(names(&sim, &of_one).await, ["b", "a"]);
        assert_eq!(names(&sim, &of_two).await, ["a"]);
        assert_eq!(names(&sim, &to_a).await, ["two", "one"]);
        assert_eq!(
            names(&sim, &format!("{to_a}?limit=1&offset=1")).await,
            ["one"]
        );
        assert_eq!(
            names(&sim, &format!("{of_one}?limit=1&offset=1")).await,
            ["a"]
        );
        let node = sim.get(&to_b).await.expect(200)["nodes"][0].take();
        assert_eq!(
            (&node["id"], &node["state"]),
            (&json!(one), &json!("UNCONNECTED"))
        );

        // Whole or not at all.
        let body = json!({"encrypt_datas": [b, NOBODY]});
        sim.post(&of_two, body).await.refused(404, "IEF.100404");
        assert_eq!(names(&sim, &of_two).await, ["a"]);
        sim.post(&of_two, json!({}))
            .await
            .refused(400, "IEF.100100");

        sim.delete(&format!("{ALL}/{a}"))
            .await
            .refused(409, "IEF.100100");
        let binding = format!("{of_two}/{a}");
        sim.delete(&binding).await.expect(204);
        sim.delete(&binding).await.refused(404, "IEF.100404");
        assert_eq!(names(&sim, &to_a).await, ["one"]);
        // A node that goes takes its bindings with it.
        sim.delete(&format!("/nodes/{one}")).await.expect(204);
        assert_eq!(sim.get(&to_a).await.expect(200)["count"], 0);
        sim.delete(&format!("{ALL}/{a}")).await.expect(204);

        let nobody = format!("/edm/nodes/{NOBODY}/encryptdatas");
        sim.get(&nobody).await.refused(404, "IEF.100404");
        let body = json!({"encrypt_datas": [b]});
        sim.post(&nobody, body.clone())
            .await
            .refused(404, "IEF.100404");
        sim.delete(&format!("{nobody}/{b}"))
            .await
            .refused(404, "IEF.100404");
        let stubborn = sim.node("a-fail-bind").await;
        let answer = sim
            .post(&format!("/edm/nodes/{stubborn}/encryptdatas"), body)
            .await;
        answer.refused(500, "IEF.120001");
    });
}

#[test]
fn the_seed_has_some_bound_to_nodes_that_run() {
    with(still(200), |sim| async move {
        let all = sim.get(ALL).await.expect(200);
        assert_eq!(all["count"], 5);
        let mut bound = 0;
        for data in all["encrypt_datas"].as_array().unwrap() {
            let path = format!("{ALL}/{}/nodes", text(&data["id"]));
            let nodes = sim.get(&path).await.expect(200);
            for node in nodes["nodes"].as_array().unwrap() {
                assert_eq!(node["state"], "RUNNING");
                let of_node = format!("/edm/nodes/{}/encryptdatas", text(&node["id"]));
                assert!(names(&sim, &of_node).await.contains(&text(&data["name"])));
                bound += 1;
            }
        }
        assert!(bound > 20, "{bound}");
        let found = names(&sim, &format!("{ALL}?name=SPARE")).await;
        assert_eq!(found, ["spare-credentials"]);
    });
}

#[test]
fn encrypted_data_keeps_to_its_limits() {
    let options = Options {
        quotas: [("encrypted_data".to_owned(), 6)].into(),
        edition: Edition::Professional,
        ..still(0)
    };
    with(options, |sim| async move {
        let create = async |data: Value| sim.post(ALL, json!({"encrypt_data": data})).await;
        for (data, code) in [
            (json!({"name": "A"}), "IEF.100012"),
            (
                json!({"name": "a", "config": [{"name": "A", "value": CANARY}]}),
                "IEF.100100",
            ),
            (
                json!({"name": "a", "config": [{"name": "k", "value": [CANARY]}]}),
                "IEF.100100",
            ),
            (
                json!({"name": "a", "config": [{"name": "k"}]}),
                "IEF.100100",
            ),
        ] {
            let answer = create(data).await;
            assert!(!answer.body.to_string().contains(CANARY));
            answer.refused(400, code);
        }
        create(json!({"name": "fail-create"}))
            .await
            .refused(500, "IEF.120001");
        let made = make(&sim, "fail-update-fail-delete", json!([])).await;
        assert_eq!(made["ief_instance_id"], "default");
        let path = format!("{ALL}/{}", text(&made["id"]));
        let change = json!({"encrypt_data": {"name": "x"}});
        sim.put(&path, change).await.refused(500, "IEF.120001");
        sim.delete(&path).await.refused(500, "IEF.120001");
        create(json!({"name": "over"}))
            .await
            .refused(403, "IEF.100126");
        let seeded = sim.get(&format!("{ALL}?name=plc")).await.expect(200);
        let path = format!("{ALL}/{}", text(&seeded["encrypt_datas"][0]["id"]));
        let taken = json!({"encrypt_data": {"name": "recipe-key"}});
        sim.put(&path, taken).await.refused(409, "IEF.104004");
    });
}
