//! Endpoints of messages.

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const ALL: &str = "/routemgr/endpoints";
const NOBODY: &str = "/routemgr/endpoints/00000000-0000-4000-8000-000000000000";

fn stream(name: &str) -> Value {
    json!({"endpoint": {"name": name, "type": "dis", "properties": {"domain_id": "d1"}}})
}

async fn names(sim: &Sim, query: &str) -> Vec<String> {
    let found = sim.get(&format!("{ALL}?{query}")).await.expect(200);
    let rows = found["endpoints"].as_array().unwrap();
    assert_eq!(found["count"], rows.len());
    rows.iter().map(|it| text(&it["name"])).collect()
}

#[test]
fn endpoints_are_created_and_deleted() {
    with(still(0), |sim| async move {
        let made = sim.post(ALL, stream("line-4")).await.expect(201)["endpoint"].take();
        assert_eq!(made["is_shared"], false);
        assert_eq!(made["project_id"], sim.account().project_id.as_str());
        assert_eq!(
            made["ief_instance_id"].as_str(),
            sim.account().instance_id.as_deref()
        );
        assert_eq!(made["created_at"], made["updated_at"]);
        let path = format!("{ALL}/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["endpoint"], made);
        let again = sim.post(ALL, stream("line-4")).await;
        again.refused(409, "IEF.300006");

        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.300007");
        sim.delete(&path).await.refused(404, "IEF.300007");
        sim.get(NOBODY).await.refused(404, "IEF.300007");
        sim.call("PUT", &path, Some(json!({}))).await.expect(405);
    });
}

#[test]
fn properties_keep_their_types() {
    with(still(0), |sim| async move {
        for port in [json!(8080), json!("8080")] {
            let name = format!("port-{}", port.is_string());
            let body = json!({"endpoint": {"name": name, "type": "servicebus", "properties": {"service_port": port, "other": [1]}}});
            let made = sim.post(ALL, body).await.expect(201)["endpoint"].take();
            let expected = json!({"service_port": 8080, "other": [1]});
            assert_eq!(made["properties"], expected);
        }
    });
}

#[test]
fn endpoints_are_listed_by_all_their_filters() {
    with(still(0), |sim| async move {
        let all = names(&sim, "").await;
        assert!(all.contains(&"SystemREST".to_owned()) && all.len() >= 8);
        let shared = names(&sim, "is_shared=true").await;
        assert_eq!(shared, ["SystemEventBus", "SystemREST"]);
        let own = names(&sim, "is_shared=false").await;
        assert_eq!(own.len() + shared.len(), all.len());
        let streams = names(&sim, "type=dis").await;
        assert_eq!(streams, ["inspection-stream", "plant-stream"]);
        assert_eq!(names(&sim, "type=dis&name=PLANT").await, ["plant-stream"]);
        assert_eq!(names(&sim, "type=apigw&name=plant").await, [""; 0]);
        assert_eq!(names(&sim, "type=dis&is_shared=true").await, [""; 0]);
        let page = format!("{ALL}?type=dis&limit=1&offset=1");
        let page = sim.get(&page).await.expect(200);
        assert_eq!(page["count"], 2);
        assert_eq!(page["endpoints"][0]["name"], "plant-stream");
        for (query, code) in [
            ("type=mqtt", "IEF.300004"),
            ("is_shared=maybe", "IEF.300000"),
            ("limit=0", "IEF.100005"),
            ("limit=many", "IEF.100005"),
            ("offset=-1", "IEF.100004"),
        ] {
            let answer = sim.get(&format!("{ALL}?{query}")).await;
            answer.refused(400, code);
        }
    });
}

#[test]
fn what_the_system_shares_stays() {
    with(still(0), |sim| async move {
        let shared = sim.get(&format!("{ALL}?is_shared=true")).await.expect(200);
        for endpoint in shared["endpoints"].as_array().unwrap() {
            assert_eq!(endpoint["project_id"], "");
            let path = format!("{ALL}/{}", text(&endpoint["id"]));
            sim.delete(&path).await.refused(400, "IEF.300001");
            sim.get(&path).await.expect(200);
        }
    });
}

#[test]
fn endpoints_keep_to_their_limits() {
    let options = Options {
        quotas: [("endpoint".to_owned(), 7)].into(),
        edition: Edition::Professional,
        ..still(0)
    };
    with(options, |sim| async move {
        let domain = json!({"domain_id": "d1"});
        for (endpoint, code) in [
            (
                json!({"name": "a b", "type": "dis", "properties": domain}),
                "IEF.300002",
            ),
            (
                json!({"name": "a", "description": "<", "type": "dis", "properties": domain}),
                "IEF.300003",
            ),
            (
                json!({"name": "a", "type": "rest", "properties": domain}),
                "IEF.300004",
            ),
            (json!({"name": "a", "type": "dis"}), "IEF.300005"),
            (
                json!({"name": "a", "type": "servicebus", "properties": domain}),
                "IEF.300005",
            ),
        ] {
            let answer = sim.post(ALL, json!({"endpoint": endpoint})).await;
            answer.refused(400, code);
        }
        let told = sim.post(ALL, stream("a-fail-create")).await;
        told.refused(500, "IEF.120001");
        // What the system shares does not count.
        let made = sim.post(ALL, stream("the-last")).await.expect(201);
        assert_eq!(made["endpoint"]["ief_instance_id"], "");
        let over = sim.post(ALL, stream("one-too-many")).await;
        over.refused(403, "IEF.300009");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(0), |sim| async move {
        let own = sim.get(&format!("{ALL}?is_shared=false")).await.expect(200);
        for endpoint in own["endpoints"].as_array().unwrap() {
            let copy = json!({"endpoint": {
                "name": format!("copy-of-{}", text(&endpoint["name"])),
                "type": endpoint["type"],
                "description": endpoint["description"],
                "properties": endpoint["properties"],
            }});
            sim.post(ALL, copy).await.expect(201);
        }
    });
}
