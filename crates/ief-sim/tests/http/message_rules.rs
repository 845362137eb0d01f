//! Rules by which messages are forwarded.

use std::time::Duration;

use ief_sim::Options;
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const ALL: &str = "/routemgr/rules";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// The identifier of an endpoint by its name.
async fn endpoint(sim: &Sim, name: &str) -> String {
    let path = format!("/routemgr/endpoints?name={name}");
    text(&sim.get(&path).await.expect(200)["endpoints"][0]["id"])
}

/// A rule from the REST gateway to a service on nodes.
async fn orders(sim: &Sim, name: &str, path: &str) -> Value {
    json!({
        "name": name,
        "source": endpoint(sim, "SystemREST").await,
        "source_resource": {"path": path},
        "target": endpoint(sim, "line-controller").await,
        "target_resource": {"path": "/v1"},
    })
}

/// A rule from a node's broker into a stream.
async fn telemetry(sim: &Sim, name: &str, node: &str) -> Value {
    let project = &sim.account().project_id;
    json!({
        "name": name,
        "source": endpoint(sim, "SystemEventBus").await,
        "source_resource": {
            "topic": format!("{project}/nodes/{node}/user/{name}"),
            "node_id": node,
        },
        "target": endpoint(sim, "plant-stream").await,
        "target_resource": {"channel": "AAA"},
    })
}

async fn make(sim: &Sim, rule: &Value) -> Value {
    let made = sim.post(ALL, json!({"rule": rule})).await;
    made.expect(201)["rule"].take()
}

fn with_field(rule: &Value, pointer: &str, value: Value) -> Value {
    let mut rule = rule.clone();
    *rule.pointer_mut(pointer).unwrap() = value;
    rule
}

async fn counts(sim: &Sim, path: &str) -> (i64, i64) {
    let rule = sim.get(path).await.expect(200)["rule"].take();
    let count = |name: &str| rule[name].as_i64().unwrap();
    (count("success_messages"), count("fail_messages"))
}

fn advance(sim: &Sim, seconds: u64) {
    sim.running.control().advance(Duration::from_secs(seconds));
}

#[test]
fn rules_are_created_and_deleted() {
    with(still(0), |sim| async move {
        let new = orders(&sim, "line-4", "/line-4").await;
        let made = make(&sim, &new).await;
        assert_eq!(made["in_using"], true);
        assert_eq!(made["source"]["type"], "rest");
        assert_eq!(made["target"]["name"], "line-controller");
        assert_eq!(made["target_resource"], json!({"path": "/v1"}));
        assert_eq!(
            (&made["success_messages"], &made["fail_messages"]),
            (&json!(0), &json!(0))
        );
        let path = format!("{ALL}/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["rule"], made);
        let listed = sim.get(&format!("{ALL}?name=LINE-4")).await.expect(200);
        assert_eq!(listed, json!({"count": 1, "rules": [made]}));
        let again = sim.post(ALL, json!({"rule": new})).await;
        again.refused(409, "IEF.300108");

        sim.delete(&path).await.expect(204);
        for answer in [
            sim.get(&path).await,
            sim.delete(&path).await,
            sim.get(&format!("{path}/errors")).await,
            sim.call("POST", &format!("{path}/start"), None).await,
            sim.call("POST", &format!("{path}/stop"), None).await,
        ] {
            answer.refused(404, "IEF.300109");
        }
    });
}

#[test]
fn rules_are_enabled_and_disabled() {
    with(still(0), |sim| async move {
        let new = orders(&sim, "line-4", "/line-4").await;
        let made = make(&sim, &new).await;
        let path = format!("{ALL}/{}", text(&made["id"]));
        let (start, stop) = (format!("{path}/start"), format!("{path}/stop"));
        let again = sim.call("POST", &start, None).await;
        again.refused(409, "IEF.300112");
        advance(&sim, 3600);
        let forwarded = counts(&sim, &path).await;
        assert!(forwarded.0 >= 150, "{forwarded:?}");

        assert_eq!(sim.call("POST", &stop, None).await.expect(201), Value::Null);
        sim.call("POST", &stop, None)
            .await
            .refused(409, "IEF.300112");
        let stopped = sim.get(&path).await.expect(200)["rule"].take();
        assert_eq!(stopped["in_using"], false);
        assert_ne!(stopped["updated_at"], made["updated_at"]);
        advance(&sim, 3600);
        assert_eq!(counts(&sim, &path).await, forwarded);

        sim.call("POST", &start, None).await.expect(201);
        assert_eq!(counts(&sim, &path).await, forwarded);
        advance(&sim, 3600);
        assert!(counts(&sim, &path).await.0 > forwarded.0);

        let off = orders(&sim, "kept-off", "/off").await;
        let mut off = off.as_object().unwrap().clone();
        off.insert("in_using".to_owned(), json!(false));
        let off = make(&sim, &off.into()).await;
        assert_eq!(off["in_using"], false);
    });
}

#[test]
fn counts_do_not_depend_on_who_looks() {
    let count = |looks: u64| {
        let (sender, receiver) = std::sync::mpsc::channel();
        let options = Options {
            start: chrono::DateTime::from_timestamp(1_800_000_000, 0),
            ..still(0)
        };
        with(options, |sim| async move {
            let made = make(&sim, &orders(&sim, "line-4", "/line-4").await).await;
            let path = format!("{ALL}/{}", text(&made["id"]));
            for _ in 0..looks {
                advance(&sim, 43_200 / looks);
                counts(&sim, &path).await;
            }
            let errors = sim.get(&format!("{path}/errors")).await.expect(200);
            sender.send((counts(&sim, &path).await, errors)).unwrap();
        });
        receiver.recv().unwrap()
    };
    let once = count(1);
    assert_eq!(once, count(48));
    assert!(once.0.0 > 1000 && once.0.1 > 0);
}

#[test]
fn nothing_comes_from_a_node_that_does_not_run() {
    with(still(20), |sim| async move {
        let node = text(&sim.node_in("RUNNING").await["id"]);
        let made = make(&sim, &telemetry(&sim, "line-4", &node).await).await;
        let path = format!("{ALL}/{}", text(&made["id"]));
        advance(&sim, 600);
        // The node may have failed by itself, but not all the time.
        assert!(counts(&sim, &path).await.0 > 0);
        let action = format!("/nodes/{node}/action");
        let stop = json!({"node": {"action": "stop"}});
        sim.post(&action, stop).await.expect(200);
        let before = counts(&sim, &path).await;
        advance(&sim, 600);
        assert_eq!(counts(&sim, &path).await, before);
        let start = json!({"node": {"action": "start"}});
        sim.post(&action, start).await.expect(200);
        assert_eq!(counts(&sim, &path).await, before);
        advance(&sim, 600);
        assert!(counts(&sim, &path).await.0 > before.0);
    });
}

#[test]
fn errors_tell_what_failed_and_when() {
    with(still(0), |sim| async move {
        let new = orders(&sim, "fails-to-forward", "/void").await;
        let path = format!("{ALL}/{}", text(&make(&sim, &new).await["id"]));
        let errors = format!("{path}/errors");
        let none = sim.get(&errors).await.expect(200);
        assert_eq!(none, json!({"count": 0, "errors": []}));
        advance(&sim, 60);
        let (forwarded, failed) = counts(&sim, &path).await;
        assert!(forwarded == 0 && failed > 0);
        let found = sim.get(&errors).await.expect(200);
        assert_eq!(found["count"], failed);
        let rows = found["errors"].as_array().unwrap();
        let times: Vec<String> = rows.iter().map(|it| text(&it["time"])).collect();
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "{times:?}");
        for row in rows {
            assert!(text(&row["detail"]).contains("port 8080"));
            assert!(path.ends_with(&text(&row["rule_id"])));
            assert_eq!(row["project_id"], sim.account().project_id.as_str());
        }
        let second = sim.get(&format!("{errors}?limit=1&offset=1")).await;
        let second = second.expect(200);
        assert_eq!(second["errors"], json!([rows[1]]));
        assert_eq!(second["count"], found["count"]);
        // Only the newest are kept, but all are counted.
        advance(&sim, 43_200);
        let found = sim.get(&errors).await.expect(200);
        assert_eq!(found["count"], 100);
        assert!(counts(&sim, &path).await.1 > 1000);
        let far = sim.get(&format!("{errors}?offset=100")).await.expect(200);
        assert_eq!(far, json!({"count": 100, "errors": []}));
        let wrong = sim.get(&format!("{errors}?limit=0")).await;
        wrong.refused(400, "IEF.100005");
    });
}

#[test]
fn an_endpoint_in_use_stays() {
    with(still(0), |sim| async move {
        let body = json!({"endpoint": {"name": "line-4", "type": "servicebus", "properties": {"service_port": 1}}});
        let made = sim.post("/routemgr/endpoints", body).await.expect(201);
        let id = text(&made["endpoint"]["id"]);
        let own = format!("/routemgr/endpoints/{id}");
        let rule = with_field(
            &orders(&sim, "line-4", "/line-4").await,
            "/target",
            json!(id),
        );
        let rule = make(&sim, &rule).await;
        sim.delete(&own).await.refused(409, "IEF.300008");
        let path = format!("{ALL}/{}", text(&rule["id"]));
        sim.delete(&path).await.expect(204);
        sim.delete(&own).await.expect(204);
    });
}

#[test]
fn what_does_not_fit_the_endpoints_is_refused() {
    with(still(40), |sim| async move {
        let project = sim.account().project_id.clone();
        let node = sim.node("line-4").await;
        let device = sim.device(json!({"name": "sensor-4"})).await;
        let bus = telemetry(&sim, "bus", &node).await;
        let rest = orders(&sim, "rest", "/rest").await;
        make(&sim, &telemetry(&sim, "first", &node).await).await;
        make(&sim, &orders(&sim, "orders", "/first").await).await;
        let topic = |topic: String| json!({"topic": topic, "node_id": node});
        let from = "/source_resource";
        let of_device = topic(format!("{project}/device/{device}/messages/#"));
        let to = async |name: &str, resource: Value| {
            let target = json!(endpoint(&sim, name).await);
            with_field(
                &with_field(&rest, "/target", target),
                "/target_resource",
                resource,
            )
        };
        let dis = endpoint(&sim, "plant-stream").await;
        for (code, rule) in [
            ("IEF.300102", with_field(&rest, "/name", json!("a b"))),
            ("IEF.300104", with_field(&rest, "/source", json!(NOBODY))),
            ("IEF.300104", with_field(&rest, "/source", json!(dis))),
            ("IEF.300105", with_field(&rest, from, json!({}))),
            ("IEF.300106", with_field(&rest, "/target", json!(NOBODY))),
            ("IEF.300106", to("SystemREST", json!({"path": "/a"})).await),
            (
                "IEF.300107",
                with_field(&rest, "/target_resource", json!({})),
            ),
            (
                "IEF.300114",
                to("plant-stream", json!({"channel": "no-such-stream"})).await,
            ),
            (
                "IEF.300115",
                to("plant-stream", json!({"channel": "a/b"})).await,
            ),
            (
                "IEF.300115",
                to("plant-stream", json!({"path": "/a"})).await,
            ),
            (
                "IEF.300116",
                to("line-controller", json!({"path": "a"})).await,
            ),
            (
                "IEF.300116",
                to("line-controller", json!({"topic": "/a"})).await,
            ),
            (
                "IEF.300117",
                to("SystemEventBus", json!({"path": "/a"})).await,
            ),
            (
                "IEF.300117",
                with_field(&bus, from, topic("/anything".to_owned())),
            ),
            (
                "IEF.300117",
                with_field(
                    &bus,
                    from,
                    topic(format!("{project}/nodes/{NOBODY}/user/a")),
                ),
            ),
            (
                "IEF.300117",
                with_field(&bus, from, topic(format!("{project}/nodes/{node}/user/"))),
            ),
            (
                "IEF.300118",
                with_field(
                    &bus,
                    from,
                    topic(format!("{project}/nodes/{node}/user/first")),
                ),
            ),
            (
                "IEF.300119",
                to("maintenance-api", json!({"resource": "ftp://a"})).await,
            ),
            (
                "IEF.300119",
                to("maintenance-api", json!({"path": "/a"})).await,
            ),
            (
                "IEF.300120",
                with_field(&bus, from, topic(format!("other/device/{device}/a"))),
            ),
            (
                "IEF.300122",
                with_field(&rest, from, json!({"path": "first"})),
            ),
            (
                "IEF.300123",
                with_field(&rest, from, json!({"path": "/first"})),
            ),
            ("IEF.300124", with_field(&bus, from, of_device.clone())),
            (
                "IEF.300125",
                with_field(&bus, from, topic(format!("{project}/device/nobody/a"))),
            ),
            (
                "IEF.300126",
                with_field(&bus, "/source_resource/node_id", json!(NOBODY)),
            ),
            (
                "IEF.300135",
                with_field(&bus, "/source_resource/node_id", json!("")),
            ),
            (
                "IEF.120001",
                with_field(&rest, "/name", json!("a-fail-create")),
            ),
        ] {
            let status = ief_api::codes::find(code).unwrap().status;
            let answer = sim.post(ALL, json!({"rule": rule})).await;
            answer.refused(status, code);
        }
        let bind = json!({"devices": {"added": {"device_ids": [device], "relation": "r"}}});
        let bound = sim.put(&format!("/nodes/{node}/devices"), bind).await;
        bound.expect(200);
        let of_device = with_field(&bus, from, of_device);
        make(&sim, &of_device).await;
        let other = with_field(&of_device, "/name", json!("other"));
        let twice = sim.post(ALL, json!({"rule": other})).await;
        twice.refused(409, "IEF.300121");
        make(
            &sim,
            &to("maintenance-api", json!({"resource": "https://a"})).await,
        )
        .await;
    });
}

#[test]
fn there_are_no_more_rules_than_the_quota() {
    let options = Options {
        quotas: [("rule".to_owned(), 4)].into(),
        ..still(0)
    };
    with(options, |sim| async move {
        make(&sim, &orders(&sim, "the-last", "/last").await).await;
        let over = orders(&sim, "one-too-many", "/over").await;
        let over = sim.post(ALL, json!({"rule": over})).await;
        over.refused(403, "IEF.300113");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(200), |sim| async move {
        let all = sim.get(ALL).await.expect(200);
        let rules = all["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 8);
        let enabled = rules.iter().filter(|rule| rule["in_using"] == true);
        assert_eq!(enabled.count(), 7);
        for rule in rules {
            let path = format!("{ALL}/{}", text(&rule["id"]));
            let failed = sim.get(&format!("{path}/errors")).await.expect(200);
            assert!(rule["in_using"] == false || failed["count"].as_i64() > Some(0));
            sim.delete(&path).await.expect(204);
            let mut copy = rule.clone();
            copy["source"] = rule["source"]["id"].clone();
            copy["target"] = rule["target"]["id"].clone();
            make(&sim, &copy).await;
        }
    });
}
