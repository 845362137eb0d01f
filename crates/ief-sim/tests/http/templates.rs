//! Device templates and quotas.

use ief_sim::Options;
use serde_json::json;

use crate::client::{still, text, with};

#[test]
fn templates_are_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        let seeded = sim.get("/device-templates").await.expect(200);
        assert!(seeded["count"].as_i64() > Some(3));
        let body = json!({"device_template": {
            "name": "Camera",
            "twin": {"run": {"expected": {"value": "on"}}},
            "property_visitors": {"run": {"access_mode": {"value": "r"}}},
            "tags": {"dev": "dev1"},
        }});
        let made = sim
            .post("/device-templates", body.clone())
            .await
            .expect(201);
        let made = &made["device_template"];
        assert_eq!(
            (&made["access_protocol"], &made["tags"]["dev"]),
            (&json!("userdefine"), &json!("dev1"))
        );
        sim.post("/device-templates", body)
            .await
            .refused(409, "IEF.104004");
        let path = format!("/device-templates/{}", text(&made["id"]));
        let change =
            json!({"device_template": {"description": "x", "attributes": {"a": {"value": "1"}}}});
        let changed = sim.put(&path, change).await.expect(200)["device_template"].take();
        assert_eq!(
            (&changed["description"], &changed["twin"]),
            (&json!("x"), &made["twin"])
        );
        assert_ne!(changed.get("updated_at"), None);
        let change = json!({"device_template": {"twin": {}}});
        sim.put(&path, change).await.refused(400, "IEF.100100");
        assert_eq!(sim.get(&path).await.expect(200)["device_template"], changed);
        let found = sim
            .get("/device-templates?name=cam&limit=1")
            .await
            .expect(200);
        assert_eq!(found["device_templates"][0]["name"], "Camera");
        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.110081");
        sim.delete(&path).await.refused(404, "IEF.110081");
    });
}

#[test]
fn quotas_count_and_refuse() {
    let options = Options {
        quotas: [
            ("edge_node", 11),
            ("device", 15),
            ("device_template", 0),
            ("node_cert", 0),
        ]
        .map(|(kind, quota)| (kind.to_owned(), quota))
        .into(),
        ..still(10)
    };
    with(options, |sim| async move {
        let used = async |kind: &str| {
            let quotas = sim.get(&format!("/quotas?types={kind}")).await.expect(200);
            let quota = &quotas["quotas"]["resources"][0];
            (
                quota["used"].as_i64().unwrap(),
                quota["quota"].as_i64().unwrap(),
            )
        };
        assert_eq!(used("edge_node").await, (10, 11));
        let id = sim.node("n").await;
        assert_eq!(used("edge_node").await, (11, 11));
        let node = |name: &str| json!({"node": {"name": name}});
        sim.post("/nodes", node("m"))
            .await
            .refused(403, "IEF.100126");
        sim.delete(&format!("/nodes/{id}")).await.expect(204);
        let id = text(&sim.post("/nodes", node("m")).await.expect(201)["node"]["id"]);
        let device = json!({"device": {"name": "d"}});
        sim.post("/devices", device)
            .await
            .refused(403, "IEF.100126");
        let template = json!({"device_template": {"name": "t"}});
        sim.post("/device-templates", template)
            .await
            .refused(403, "IEF.100126");
        let certificate = json!({"name": "c", "type": "device"});
        let answer = sim.post(&format!("/nodes/{id}/certs"), certificate).await;
        answer.refused(403, "IEF.100126");
        let all = sim.get("/quotas").await.expect(200);
        assert_eq!(all["quotas"]["resources"].as_array().unwrap().len(), 15);
        sim.get("/quotas?types=moon")
            .await
            .refused(400, "IEF.300201");
    });
}
