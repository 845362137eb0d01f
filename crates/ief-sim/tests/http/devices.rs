//! Devices, bindings and twins.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{still, text, with};

#[test]
fn a_registered_device_has_the_defaults() {
    with(still(0), |sim| async move {
        let device = json!({"name": "d", "twin": {"mode": {"expected": {"value": "on"}}},
            "attributes": {"a": {"value": "1"}}});
        let id = sim.device(device).await;
        let device = sim.get(&format!("/devices/{id}")).await.expect(200)["device"].take();
        assert_eq!(device["access_protocol"], "userdefine");
        assert_eq!(device["connection_type"], "edge");
        assert_eq!(device["state"], "unknown");
        assert_eq!(device["attributes"]["a"]["metadata"]["type"], "string");
        assert_eq!(device["twin"]["mode"]["expected"]["value"], "on");
        assert_eq!(device["twin"]["mode"].get("actual"), None);
        let body = json!({"device": {"name": "d"}});
        sim.post("/devices", body).await.refused(409, "IEF.104004");
    });
}

#[test]
fn an_identifier_can_be_chosen_once() {
    with(still(0), |sim| async move {
        let own = "device-0001-of-the-east-wing";
        let id = sim.device(json!({"name": "d", "id": own})).await;
        assert_eq!(id, own);
        let path = format!("/devices/{own}");
        sim.get(&path).await.expect(200);
        let body = json!({"device": {"name": "e", "id": own}});
        sim.post("/devices", body).await.refused(409, "IEF.104004");
        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.110080");
        sim.device(json!({"name": "e", "id": own})).await;
    });
}

#[test]
fn an_update_replaces_what_it_names() {
    with(still(0), |sim| async move {
        let id = sim
            .device(json!({"name": "d", "attributes": {"a": {"value": "1"}}}))
            .await;
        let path = format!("/devices/{id}");
        let change = json!({"device": {"description": "x"}});
        let device = sim.put(&path, change).await.expect(200)["device"].take();
        assert_eq!(device["attributes"]["a"]["value"], "1");
        let change = json!({"device": {"attributes": {"b": {"value": "2"}}}});
        let device = sim.put(&path, change).await.expect(200)["device"].take();
        assert_eq!(
            (&device["description"], device["attributes"].get("a")),
            (&json!("x"), None)
        );
    });
}

#[test]
fn filters_agree_with_the_rows() {
    with(still(60), |sim| async move {
        let list = sim.get("/devices").await.expect(200);
        let all = list["devices"].as_array().unwrap().clone();
        assert_eq!((&list["count"], all.len()), (&json!(90), 90));
        let count = async |query: &str| {
            let list = sim.get(&format!("/devices?{query}")).await.expect(200);
            list["count"].as_i64().unwrap()
        };
        let expect = |keep: &dyn Fn(&Value) -> bool| all.iter().filter(|d| keep(d)).count() as i64;
        assert_eq!(
            count("name=METER").await,
            expect(&|d| text(&d["name"]).starts_with("meter"))
        );
        assert_eq!(
            count("tags=kind.robot").await,
            expect(&|d| d["tags"]["kind"] == "robot")
        );
        let bound = count("is_binding=true").await;
        assert_eq!(bound, expect(&|d| d["state"] != "unknown"));
        assert_eq!(bound + count("is_binding=false").await, 90);
        let nodes = sim.get("/nodes").await.expect(200);
        let nodes = nodes["nodes"].as_array().unwrap();
        let sum: i64 = nodes
            .iter()
            .map(|n| n["device_num"].as_i64().unwrap())
            .sum();
        assert_eq!(sum, bound);
        for node in nodes.iter().take(10) {
            let query = format!("node_id={}", text(&node["id"]));
            assert_eq!(count(&query).await, node["device_num"].as_i64().unwrap());
        }
        sim.get("/devices?is_binding=true&tags=a.b")
            .await
            .refused(400, "IEF.100100");
        sim.get("/devices?is_binding=maybe")
            .await
            .refused(400, "IEF.100100");
    });
}

#[test]
fn a_device_is_bound_to_one_node_only_from_either_side() {
    with(still(0), |sim| async move {
        let (one, two) = (sim.node("one").await, sim.node("two").await);
        let device = sim.device(json!({"name": "d"})).await;
        let add = json!({"devices": {"added": {"relation": "r", "comment": "c", "device_ids": [device]}}});
        let answer = sim
            .put(&format!("/nodes/{one}/devices"), add.clone())
            .await
            .expect(200);
        assert_eq!(
            answer["update_devices"]["added"]["device_ids"][0],
            device.as_str()
        );
        sim.put(&format!("/nodes/{two}/devices"), add)
            .await
            .refused(409, "IEF.100058");
        let node = sim.show(&one).await;
        assert_eq!(node["device_num"], 1);
        assert_eq!(node["device_infos"][0]["comment"], "c");
        sim.delete(&format!("/nodes/{one}"))
            .await
            .refused(409, "IEF.100067");
        sim.delete(&format!("/devices/{device}"))
            .await
            .refused(409, "IEF.100058");

        let path = format!("/devices/{device}/nodes");
        let move_to_two = json!({"nodes": {"added": {"node_ids": [two], "relation": "m"}}});
        sim.put(&path, move_to_two).await.refused(409, "IEF.100058");
        let body =
            json!({"nodes": {"added": {"node_ids": [two], "relation": "m"}, "removed": [one]}});
        sim.put(&path, body).await.expect(200);
        assert_eq!(sim.show(&one).await["device_num"], 0);
        assert_eq!(sim.show(&two).await["device_infos"][0]["relation"], "m");
        sim.delete(&format!("/nodes/{one}")).await.expect(204);

        let remove = json!({"devices": {"removed": [device]}});
        sim.put(&format!("/nodes/{two}/devices"), remove.clone())
            .await
            .expect(200);
        let again = sim.put(&format!("/nodes/{two}/devices"), remove).await;
        again.refused(400, "IEF.100100");
        sim.delete(&format!("/devices/{device}")).await.expect(204);
    });
}

#[test]
fn a_call_that_fails_in_part_changes_nothing() {
    with(still(0), |sim| async move {
        let node = sim.node("n").await;
        let device = sim.device(json!({"name": "d"})).await;
        let unknown = "00000000-0000-0000-0000-000000000000";
        let add = json!({"devices": {"added": {"device_ids": [device, unknown]}}});
        sim.put(&format!("/nodes/{node}/devices"), add)
            .await
            .refused(404, "IEF.110080");
        assert_eq!(sim.show(&node).await["device_num"], 0);
    });
}

#[test]
fn a_twin_is_merged_and_the_device_follows() {
    with(still(0), |sim| async move {
        let control = sim.running.control();
        let node = sim.node("n").await;
        let device = sim
            .device(json!({"name": "d", "twin": {
                "mode": {"expected": {"value": "on"}},
                "stuck_valve": {"expected": {"value": "open"}},
            }}))
            .await;
        let path = format!("/devices/{device}/twin");
        let add = json!({"devices": {"added": {"device_ids": [device]}}});
        sim.put(&format!("/nodes/{node}/devices"), add)
            .await
            .expect(200);
        control.advance(Duration::from_secs(8));
        let twin = sim.get(&path).await.expect(200);
        assert_eq!(
            twin["twin"]["mode"].get("actual"),
            None,
            "its node is not connected yet"
        );
        control.advance(Duration::from_secs(60));
        assert_eq!(sim.show(&node).await["state"], "RUNNING");
        let twin = sim.get(&path).await.expect(200);
        assert_eq!(twin["twin"]["mode"]["actual"]["value"], "on");
        assert_eq!(twin["twin"]["stuck_valve"].get("actual"), None);

        let change = json!({"twin": {
            "mode": {"expected": {"value": "off"}},
            "speed": {"expected": {"value": "3"}, "metadata": {"type": "int"}},
        }});
        let twin = sim.put(&path, change).await.expect(200);
        assert_eq!(twin["twin"]["mode"]["expected"]["value"], "off");
        assert_eq!(twin["twin"]["mode"]["actual"]["value"], "on", "not yet");
        assert_eq!(twin["twin"]["stuck_valve"]["expected"]["value"], "open");
        control.advance(Duration::from_secs(10));
        let twin = sim.get(&path).await.expect(200);
        assert_eq!(twin["twin"]["mode"]["actual"]["value"], "off");
        assert_eq!(twin["twin"]["speed"]["actual"]["value"], "3");
        let device = sim.get(&format!("/devices/{device}")).await.expect(200);
        assert_eq!(device["device"]["state"], "online");
    });
}

#[test]
fn a_twin_keeps_its_types_and_its_limit() {
    with(still(0), |sim| async move {
        let twin = json!({"n": {"expected": {"value": "1"}, "metadata": {"type": "int"}}});
        let device = sim.device(json!({"name": "d", "twin": twin})).await;
        let path = format!("/devices/{device}/twin");
        let set = |value: &str| json!({"twin": {"n": {"expected": {"value": value}}}});
        sim.put(&path, set("x")).await.refused(400, "IEF.100100");
        sim.put(&path, set("2")).await.expect(200);
        let many: serde_json::Map<_, _> = (0..64)
            .map(|i| (format!("p{i}"), json!({"expected": {"value": "1"}})))
            .collect();
        sim.put(&path, json!({"twin": many}))
            .await
            .refused(400, "IEF.100100");
        let visit = json!({"property_visitors": {"other": {"access_mode": {"value": "r"}}}});
        sim.put(&path, visit).await.refused(400, "IEF.100100");
        let visit = json!({"property_visitors": {"n": {"access_mode": {"value": "r"}}}});
        let twin = sim.put(&path, visit).await.expect(200);
        assert_eq!(twin["property_visitors"]["n"]["access_mode"]["value"], "r");
    });
}

#[test]
fn the_fleet_has_drift_and_devices_of_every_protocol() {
    with(still(200), |sim| async move {
        let list = sim.get("/devices?limit=1000").await.expect(200);
        let devices = list["devices"].as_array().unwrap();
        for protocol in ["userdefine", "modbus", "opc-ua"] {
            assert!(
                devices.iter().any(|d| d["access_protocol"] == protocol),
                "{protocol}"
            );
        }
        let differs = |property: &Value| {
            let value = |side: &str| property[side]["value"].as_str().map(str::to_owned);
            matches!((value("expected"), value("actual")), (Some(e), Some(a)) if e != a)
        };
        let drifting = devices
            .iter()
            .filter(|d| {
                d["twin"]
                    .as_object()
                    .is_some_and(|twin| twin.values().any(differs))
            })
            .count();
        assert!((3..100).contains(&drifting), "{drifting}");
    });
}
