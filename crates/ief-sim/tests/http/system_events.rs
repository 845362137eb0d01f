//! System events.

use std::time::Duration;

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const ALL: &str = "/routemgr/exchanger/systemevents";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// The identifier of an endpoint by its name.
async fn endpoint(sim: &Sim, name: &str) -> String {
    let path = format!("/routemgr/endpoints?name={name}");
    text(&sim.get(&path).await.expect(200)["endpoints"][0]["id"])
}

async fn subscription(sim: &Sim, name: &str, events: &str) -> Value {
    json!({
        "name": name,
        "events": events,
        "target": endpoint(sim, "maintenance-api").await,
        "target_resource": {"resource": "https://maintenance.example.com"},
    })
}

async fn make(sim: &Sim, event: &Value) -> Value {
    let made = sim.post(ALL, json!({"systemevent": event})).await;
    made.expect(201)["systemevent"].take()
}

async fn counts(sim: &Sim, event: &Value) -> (Value, Value) {
    let path = format!("{ALL}/{}", text(&event["id"]));
    let event = sim.get(&path).await.expect(200)["systemevent"].take();
    (
        event["success_messages"].clone(),
        event["fail_messages"].clone(),
    )
}

async fn act(sim: &Sim, node: &str, action: &str) {
    let path = format!("/nodes/{node}/action");
    let body = json!({"node": {"action": action}});
    sim.post(&path, body).await.expect(200);
}

#[test]
fn system_events_are_created_switched_and_deleted() {
    with(still(0), |sim| async move {
        let new = subscription(&sim, "lost-nodes", "edgeNode/offline,instance/all").await;
        let made = make(&sim, &new).await;
        assert_eq!(made["in_using"], true);
        assert_eq!(made["events"], "edgeNode/offline,instance/all");
        assert_eq!(made["target"]["type"], "apigw");
        assert_eq!(made["delete_at"], 0);
        let path = format!("{ALL}/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["systemevent"], made);
        let listed = sim.get(&format!("{ALL}?name=LOST")).await.expect(200);
        assert_eq!(listed, json!({"count": 1, "systemevents": [made]}));

        let (start, stop) = (format!("{path}/start"), format!("{path}/stop"));
        let again = sim.call("POST", &start, None).await;
        again.refused(409, "IEF.300112");
        sim.running.control().advance(Duration::from_secs(60));
        assert_eq!(sim.call("POST", &stop, None).await.expect(200), Value::Null);
        sim.call("POST", &stop, None)
            .await
            .refused(409, "IEF.300112");
        let stopped = sim.get(&path).await.expect(200)["systemevent"].take();
        assert_eq!(stopped["in_using"], false);
        assert_ne!(stopped["updated_at"], made["updated_at"]);
        sim.call("POST", &start, None).await.expect(200);

        sim.delete(&path).await.expect(204);
        for answer in [
            sim.get(&path).await,
            sim.delete(&path).await,
            sim.call("POST", &start, None).await,
            sim.call("POST", &stop, None).await,
        ] {
            answer.refused(404, "IEF.300109");
        }
    });
}

#[test]
fn what_happens_to_nodes_is_counted() {
    with(still(20), |sim| async move {
        let node = text(&sim.node_in("RUNNING").await["id"]);
        let subscribe = async |name: &str, events: &str| {
            make(&sim, &subscription(&sim, name, events).await).await
        };
        let down = subscribe("down", "edgeNode/offline").await;
        let up = subscribe("up", "instance/created,edgeNode/online").await;
        let both = subscribe("both", "edgeNode/all").await;
        let hopeless = subscribe("fails-to-forward", "edgeNode/all").await;
        let other = subscribe("other", "deployment/all,instance/all").await;
        let check = async |event: &Value, sent: i64, failed: i64| {
            let found = counts(&sim, event).await;
            assert_eq!(found, (json!(sent), json!(failed)), "{}", event["name"]);
        };
        act(&sim, &node, "stop").await;
        check(&down, 1, 0).await;
        check(&up, 0, 0).await;
        // A node that is stopped already does not stop.
        act(&sim, &node, "stop").await;
        check(&down, 1, 0).await;
        let off = format!("{ALL}/{}/stop", text(&down["id"]));
        sim.call("POST", &off, None).await.expect(200);
        act(&sim, &node, "start").await;
        act(&sim, &node, "stop").await;
        check(&down, 1, 0).await;
        check(&up, 1, 0).await;
        check(&both, 3, 0).await;
        check(&hopeless, 0, 3).await;
        check(&other, 0, 0).await;
    });
}

#[test]
fn the_fleet_sends_events_by_itself() {
    with(still(40), |sim| async move {
        let all = subscription(&sim, "all", "edgeNode/all").await;
        let all = make(&sim, &all).await;
        sim.running.control().advance(Duration::from_secs(3600));
        let (sent, failed) = counts(&sim, &all).await;
        assert!(sent.as_i64() > Some(10), "{sent} {failed}");
    });
}

#[test]
fn names_are_shared_with_rules() {
    with(still(0), |sim| async move {
        let rules = sim.get("/routemgr/rules").await.expect(200);
        let rule = text(&rules["rules"][0]["name"]);
        let new = subscription(&sim, &rule, "edgeNode/all").await;
        let answer = sim.post(ALL, json!({"systemevent": new})).await;
        answer.refused(409, "IEF.300108");
        let rule = json!({"rule": {
            "name": "nodes-down",
            "source": endpoint(&sim, "SystemREST").await,
            "source_resource": {"path": "/a"},
            "target": endpoint(&sim, "line-controller").await,
            "target_resource": {"path": "/a"},
        }});
        let answer = sim.post("/routemgr/rules", rule).await;
        answer.refused(409, "IEF.300108");
    });
}

#[test]
fn an_endpoint_in_use_stays() {
    with(still(0), |sim| async move {
        let reports = endpoint(&sim, "shift-reports").await;
        let path = format!("/routemgr/endpoints/{reports}");
        let mut new = subscription(&sim, "a-report", "edgeNode/all").await;
        new["target"] = json!(reports);
        let made = make(&sim, &new).await;
        sim.delete(&path).await.refused(409, "IEF.300008");
        let own = format!("{ALL}/{}", text(&made["id"]));
        sim.delete(&own).await.expect(204);
        sim.delete(&path).await.expect(204);
    });
}

#[test]
fn system_events_keep_to_their_limits() {
    let options = Options {
        quotas: [("system_event".to_owned(), 4)].into(),
        edition: Edition::Professional,
        ..still(0)
    };
    with(options, |sim| async move {
        let right = subscription(&sim, "right", "edgeNode/all").await;
        let stream = endpoint(&sim, "plant-stream").await;
        for (field, value, code) in [
            ("name", json!("Upper"), "IEF.300102"),
            ("description", json!("<"), "IEF.300103"),
            ("events", json!("edgeNode/gone"), "IEF.300101"),
            ("target", json!(NOBODY), "IEF.300106"),
            ("target_resource", json!({}), "IEF.300107"),
            ("target_resource", json!({"resource": "ftp"}), "IEF.300119"),
            ("target_resource", json!({"channel": "A"}), "IEF.300119"),
            ("name", json!("a-fail-create"), "IEF.120001"),
        ] {
            let mut wrong = right.clone();
            wrong[field] = value;
            let answer = sim.post(ALL, json!({"systemevent": wrong})).await;
            answer.refused(ief_api::codes::find(code).unwrap().status, code);
        }
        // Either field names the stream: the reference has both.
        let mut to_stream = right.clone();
        to_stream["target"] = json!(stream);
        for resource in [
            json!({"channel": "no-such"}),
            json!({"resource": "no-such"}),
        ] {
            to_stream["target_resource"] = resource;
            let answer = sim.post(ALL, json!({"systemevent": to_stream})).await;
            answer.refused(404, "IEF.300114");
        }
        to_stream["target_resource"] = json!({"resource": "events"});
        let made = make(&sim, &to_stream).await;
        assert_eq!(made["target"]["ief_instance_id"], "");
        let mut over = right.clone();
        over["name"] = json!("one-too-many");
        let answer = sim.post(ALL, json!({"systemevent": over})).await;
        answer.refused(403, "IEF.300113");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(0), |sim| async move {
        let all = sim.get(ALL).await.expect(200);
        let events = all["systemevents"].as_array().unwrap();
        assert_eq!(events.len(), 3);
        for event in events {
            let path = format!("{ALL}/{}", text(&event["id"]));
            sim.delete(&path).await.expect(204);
            let mut copy = event.clone();
            copy["target"] = event["target"]["id"].clone();
            make(&sim, &copy).await;
        }
    });
}
