//! ConfigMaps.

use std::collections::BTreeMap;

use ief_sim::Options;
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const NOBODY: &str = "/configmaps/00000000-0000-4000-8000-000000000000";

async fn make(sim: &Sim, name: &str, configs: Value) -> Value {
    let body = json!({"configmap": {"name": name, "configs": configs}});
    sim.post("/configmaps", body).await.expect(201)["configmap"].take()
}

#[test]
fn config_maps_are_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        let made = make(&sim, "line-settings", json!({"a": "1", "b": "2", "c": "3"})).await;
        assert_eq!(made["created_at"], made["updated_at"]);
        assert_eq!(made["project_id"], sim.account().project_id.as_str());
        let path = format!("/configmaps/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["configmap"], made);
        let again = json!({"configmap": {"name": "line-settings"}});
        sim.post("/configmaps", again)
            .await
            .refused(409, "IEF.104004");

        sim.running
            .control()
            .advance(std::time::Duration::from_secs(60));
        let change = json!({"configmap": {"configs": {"a": "9", "b": null, "d": "4"}}});
        let changed = sim.put(&path, change).await.expect(200)["configmap"].take();
        assert_eq!(changed["configs"], json!({"a": "9", "c": "3", "d": "4"}));
        assert_eq!(changed["description"], "");
        assert_ne!(changed["updated_at"], made["updated_at"]);
        let change = json!({"configmap": {"description": "of line A"}});
        let changed = sim.put(&path, change).await.expect(200)["configmap"].take();
        assert_eq!(changed["configs"], json!({"a": "9", "c": "3", "d": "4"}));
        assert_eq!(sim.get(&path).await.expect(200)["configmap"], changed);

        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.100404");
        sim.delete(&path).await.refused(404, "IEF.100404");
        let change = json!({"configmap": {"description": "x"}});
        sim.put(NOBODY, change).await.refused(404, "IEF.100404");
    });
}

#[test]
fn config_maps_are_found_by_a_part_of_their_name() {
    with(still(0), |sim| async move {
        let all = sim.get("/configmaps").await.expect(200);
        assert!(all["count"].as_i64() >= Some(12), "{all}");
        let mut names = BTreeMap::new();
        for config_map in all["configmaps"].as_array().unwrap() {
            *names.entry(text(&config_map["name"])).or_insert(0) += 1;
        }
        assert!(names.values().all(|times| *times == 1), "{names:?}");
        make(&sim, "line-b-limits", json!({})).await;
        make(&sim, "line-a-limits", json!({})).await;
        let found = sim.get("/configmaps?name=limits&limit=2").await.expect(200);
        assert_eq!(found["configmaps"][0]["name"], "line-a-limits");
        assert_eq!(found["count"], 3);
        assert_eq!(found["configmaps"].as_array().unwrap().len(), 2);
        let rest = sim.get("/configmaps?name=limits&offset=2").await;
        assert_eq!(rest.expect(200)["configmaps"][0]["name"], "alarm-limits");
        let none = sim.get("/configmaps?name=nowhere").await.expect(200);
        assert_eq!(none, json!({"count": 0, "configmaps": []}));
        sim.get("/configmaps?limit=1001")
            .await
            .refused(400, "IEF.100005");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(0), |sim| async move {
        crate::apps::delete_all(&sim).await;
        let all = sim.get("/configmaps").await.expect(200);
        for config_map in all["configmaps"].as_array().unwrap() {
            let path = format!("/configmaps/{}", text(&config_map["id"]));
            sim.delete(&path).await.expect(204);
            let copy = json!({"configmap": {
                "name": config_map["name"],
                "description": config_map["description"],
                "configs": config_map["configs"],
            }});
            sim.post("/configmaps", copy).await.expect(201);
        }
    });
}

#[test]
fn config_maps_keep_to_their_limits() {
    let options = Options {
        quotas: [("configmap".to_owned(), 13)].into(),
        ..still(0)
    };
    with(options, |sim| async move {
        let create = async |config_map: Value| {
            sim.post("/configmaps", json!({"configmap": config_map}))
                .await
        };
        let long = "v".repeat(1_048_576);
        for (config_map, code) in [
            (json!({}), "IEF.100119"),
            (json!({"name": "abc"}), "IEF.100119"),
            (json!({"name": "Abcd"}), "IEF.100119"),
            (json!({"name": "abcd", "configs": {"9": ""}}), "IEF.100120"),
            (
                json!({"name": "abcd", "configs": {"k": long}}),
                "IEF.100122",
            ),
        ] {
            create(config_map).await.refused(400, code);
        }
        create(json!({"name": "a-fail-create"}))
            .await
            .refused(500, "IEF.120001");
        let half = "v".repeat(600_000);
        let made = make(&sim, "large", json!({"one": half})).await;
        let path = format!("/configmaps/{}", text(&made["id"]));
        let more = json!({"configmap": {"configs": {"two": half}}});
        sim.put(&path, more).await.refused(400, "IEF.100122");
        assert_eq!(sim.get(&path).await.expect(200)["configmap"], made);
        let instead = json!({"configmap": {"configs": {"one": null, "two": half}}});
        sim.put(&path, instead).await.expect(200);
        create(json!({"name": "one-too-many"}))
            .await
            .refused(403, "IEF.100126");
        let quotas = sim.get("/quotas?types=configmap").await.expect(200);
        assert_eq!(quotas["quotas"]["resources"][0]["used"], 13);
    });
}
