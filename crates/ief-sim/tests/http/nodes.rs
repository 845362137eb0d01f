//! Nodes: register, change, list, stop, upgrade, certificates.

use serde_json::{Value, json};

use crate::client::{still, text, with};

#[test]
fn a_registered_node_is_there_at_once_and_its_package_only_once() {
    with(still(5), |sim| async move {
        let body = json!({"node": {
            "name": "gw-new",
            "description": "At the gate",
            "enable_npu": true,
            "attributes": [{"key": "rack", "value": "r7"}],
            "tags": [{"key": "site", "value": "bj"}],
            "log_configs": [{"component": "app", "type": "local", "size": 120}],
            "mqtt_config": {"enable_mqtt": true, "mqtts": [
                {"bind_addr": "eth0", "port": 8884, "type": "nic"},
            ]},
        }});
        let made = sim.post("/nodes", body).await.expect(201)["node"].take();
        for field in ["package", "private_key", "certificate", "ca"] {
            assert!(text(&made[field]).len() > 200, "{field}");
        }
        let id = text(&made["id"]);
        let shown = sim.show(&id).await;
        for field in ["package", "private_key", "certificate", "ca"] {
            assert_eq!(shown.get(field), None, "{field}");
        }
        assert_eq!(shown["state"], "UNCONNECTED");
        assert_eq!(shown["npu_type"], "D310");
        assert_eq!(shown["mqtt_internal"], "tls://eth0:8884");
        assert_eq!(shown["attributes"][0]["value"], "r7");
        let logs = shown["log_configs"].as_array().unwrap();
        assert_eq!(logs.len(), 4);
        let app = logs
            .iter()
            .find(|l| l["component"] == "app" && l["type"] == "local");
        assert_eq!(app.unwrap()["size"], 120);
        let list = sim.get("/nodes?name=GW-NEW").await.expect(200);
        assert_eq!(
            (&list["count"], &list["nodes"][0]["id"]),
            (&json!(1), &json!(id))
        );
        let list = sim.get("/nodes?limit=1").await.expect(200);
        assert_eq!(
            (&list["count"], &list["nodes"][0]["id"]),
            (&json!(6), &json!(id))
        );
        let again = sim
            .post("/nodes", json!({"node": {"name": "gw-new"}}))
            .await;
        again.refused(409, "IEF.104004");
        let seeded =
            text(&sim.get("/nodes?limit=1&offset=1").await.expect(200)["nodes"][0]["name"]);
        let again = sim.post("/nodes", json!({"node": {"name": seeded}})).await;
        again.refused(409, "IEF.104004");
    });
}

#[test]
fn an_external_broker_takes_the_place_of_the_built_in_one() {
    with(still(0), |sim| async move {
        let body =
            json!({"node": {"name": "n", "mqtt_config": {"enable_mqtt": false, "mqtts": []}}});
        let node = sim.post("/nodes", body).await.expect(201)["node"].take();
        assert_eq!(
            (&node["mqtt_mode"], &node["mqtt_internal"]),
            (&json!("external"), &json!(""))
        );
    });
}

#[test]
fn what_an_update_leaves_out_stays() {
    with(still(0), |sim| async move {
        let id = sim.node("n").await;
        let path = format!("/nodes/{id}");
        let change = json!({"node": {"description": "one", "ntp_servers": ["10.0.0.1"],
            "attributes": [{"key": "a", "value": "b"}]}});
        sim.put(&path, change).await.expect(200);
        let node = sim
            .put(&path, json!({"node": {"description": "two"}}))
            .await
            .expect(200);
        let node = &node["node"];
        assert_eq!(node["description"], "two");
        assert_eq!(node["ntp_configs"]["ntp_servers"], json!(["10.0.0.1"]));
        assert_eq!(node["attributes"][0]["key"], "a");
        assert_ne!(node["updated_at"], "");
        assert_eq!(sim.show(&id).await["description"], "two");
        let node = sim
            .put(
                &path,
                json!({"node": {"ntp_servers": [], "attributes": []}}),
            )
            .await;
        let node = node.expect(200)["node"].take();
        assert_eq!(node["ntp_configs"]["ntp_enabled"], false);
        assert_eq!(node.get("attributes").unwrap_or(&json!([])), &json!([]));
    });
}

#[test]
fn filters_agree_with_the_rows() {
    with(still(400), |sim| async move {
        let all = rows(&sim.get("/nodes?limit=1000").await.expect(200));
        assert_eq!(all.len(), 400);
        let check = async |query: &str, keep: &dyn Fn(&Value) -> bool| {
            let answer = sim
                .get(&format!("/nodes?limit=1000&{query}"))
                .await
                .expect(200);
            let expected: Vec<&Value> = all.iter().filter(|node| keep(node)).collect();
            assert!(!expected.is_empty(), "{query} is no test");
            assert_eq!(answer["count"], expected.len(), "{query}");
            let found = rows(&answer);
            let same = expected.iter().zip(&found).all(|(e, f)| e["id"] == f["id"]);
            assert!(same && found.len() == expected.len(), "{query}");
        };
        let tag = |node: &Value, key: &str, value: &str| {
            let tags = node["tags"].as_array().into_iter().flatten();
            tags.into_iter()
                .any(|t| t["key"] == key && t["value"] == value)
        };
        check("name=-BJ-", &|n| text(&n["name"]).contains("-bj-")).await;
        check("state=FAIL", &|n| n["state"] == "FAIL").await;
        check("tags=site.sh,stage.prod", &|n| {
            tag(n, "site", "sh") && tag(n, "stage", "prod")
        })
        .await;
        let group = all.iter().find_map(|n| n["group_ids"][0].as_str()).unwrap();
        check(&format!("group_id={group}"), &|n| {
            n["group_ids"][0] == group
        })
        .await;
        check("state=RUNNING&name=gw-", &|n| {
            n["state"] == "RUNNING" && text(&n["name"]).starts_with("gw-")
        })
        .await;
        let with_app = sim
            .get("/nodes?limit=1000&app_name=opc-bridge")
            .await
            .expect(200);
        assert!(
            rows(&with_app)
                .iter()
                .all(|n| n["deployment_num"].as_i64() > Some(0))
        );
        let both = sim
            .get("/nodes?app_name=nothing&tags=site.sh")
            .await
            .expect(200);
        assert_ne!(
            both["count"], 0,
            "with tags given, the application doesn't count"
        );
    });
}

#[test]
fn pages_cover_the_list_once_in_every_order() {
    with(still(95), |sim| async move {
        for sort in [
            "",
            "name",
            "name:desc",
            "created_at:asc",
            "state:desc",
            "updated_at",
        ] {
            let whole = ids(&sim
                .get(&format!("/nodes?limit=1000&sort={sort}"))
                .await
                .expect(200));
            let mut pages = Vec::new();
            for offset in (0..110).step_by(20) {
                let path = format!("/nodes?limit=20&offset={offset}&sort={sort}");
                pages.extend(ids(&sim.get(&path).await.expect(200)));
            }
            assert_eq!(whole.len(), 95);
            assert_eq!(pages, whole, "{sort}");
        }
        let by = async |sort: &str, field: &str| -> Vec<String> {
            let list = sim
                .get(&format!("/nodes?limit=1000&sort={sort}"))
                .await
                .expect(200);
            rows(&list).iter().map(|node| text(&node[field])).collect()
        };
        assert!(by("name", "name").await.is_sorted());
        assert!(by("created_at:asc", "created_at").await.is_sorted());
        assert!(by("", "created_at").await.iter().rev().is_sorted());
    });
}

#[test]
fn a_node_is_found_by_its_device() {
    with(still(30), |sim| async move {
        let list = sim.get("/nodes?limit=1000").await.expect(200);
        let nodes = rows(&list);
        let node = nodes
            .iter()
            .find(|n| n["device_num"].as_i64() > Some(0))
            .unwrap();
        let device = text(&node["device_infos"][0]["device_ids"][0]);
        let found = sim
            .get(&format!("/nodes?device_id={device}"))
            .await
            .expect(200);
        assert_eq!(ids(&found), [text(&node["id"])]);
        assert_eq!(
            found["nodes"][0]["relation"],
            node["device_infos"][0]["relation"]
        );
        let name = sim.get(&format!("/devices/{device}")).await.expect(200);
        let name = text(&name["device"]["name"]);
        let found = sim
            .get(&format!("/nodes?device_name={name}"))
            .await
            .expect(200);
        assert_eq!(ids(&found), [text(&node["id"])]);
        let none = sim.get("/nodes?device_id=nothing").await.expect(200);
        assert_eq!(none["count"], 0);
    });
}

#[test]
fn stopping_and_starting_follow_the_state() {
    with(still(1000), |sim| async move {
        let act = async |node: &Value, action: &str| {
            let path = format!("/nodes/{}/action", text(&node["id"]));
            sim.post(&path, json!({"node": {"action": action}})).await
        };
        let running = sim.node_in("RUNNING").await;
        assert_eq!(
            act(&running, "stop").await.expect(200)["node"]["action"],
            "stop"
        );
        assert_eq!(sim.show(&text(&running["id"])).await["state"], "STOPPED");
        act(&running, "stop").await.expect(200);
        act(&running, "start").await.expect(200);
        assert_eq!(sim.show(&text(&running["id"])).await["state"], "RUNNING");
        let fresh = sim.node("fresh").await;
        let fresh = sim.show(&fresh).await;
        act(&fresh, "stop").await.expect(200);
        act(&fresh, "start").await.expect(200);
        assert_eq!(sim.show(&text(&fresh["id"])).await["state"], "UNCONNECTED");
        for state in ["UPGRADING", "FREEZE"] {
            let node = sim.node_in(state).await;
            act(&node, "stop").await.refused(400, "IEF.100163");
        }
        act(&running, "restart").await.refused(400, "IEF.100163");
    });
}

#[test]
fn upgrades_are_checked_before_they_start() {
    with(still(1000), |sim| async move {
        let list = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
        let with_version = |keep: &dyn Fn(&str) -> bool| {
            let nodes = rows(&list).into_iter();
            let mut nodes = nodes.filter(|n| keep(&text(&n["ief_node_version"])));
            text(&nodes.next().unwrap()["id"])
        };
        let newest = with_version(&|v| v == "2.52.1");
        let older = with_version(&|v| v == "2.36.0");
        let ancient = with_version(&|v| v == "2.1.0");
        let stopped = text(&sim.node_in("STOPPED").await["id"]);
        for (id, enabled, code) in [
            (&older, true, ""),
            (&newest, false, "IEF.100163"),
            (&stopped, false, "IEF.100163"),
            (&ancient, false, "IEF.100166"),
        ] {
            let path = format!("/nodes/{id}/upgrade");
            let check = sim.get(&path).await.expect(200);
            assert_eq!(check["upgrade_enable"], enabled);
            assert_eq!(text(&check["reason"]).is_empty(), enabled);
            let answer = sim.call("POST", &path, None).await;
            if enabled {
                answer.expect(200);
                assert_eq!(sim.show(id).await["state"], "UPGRADING");
            } else {
                answer.refused(400, code);
            }
        }
        let path = format!("/nodes/{ancient}");
        let answer = sim.put(&path, json!({"node": {"description": "x"}})).await;
        answer.refused(400, "IEF.100166");
    });
}

#[test]
fn certificates_come_and_go_but_the_systems_own_stays() {
    with(still(0), |sim| async move {
        let id = sim.node("n").await;
        let path = format!("/nodes/{id}/certs");
        let list = sim.get(&path).await.expect(200);
        assert_eq!(
            (&list["count"], &list["node_certs"][0]["type"]),
            (&json!(1), &json!("system"))
        );
        let system = text(&list["node_certs"][0]["id"]);
        sim.delete(&format!("{path}/{system}"))
            .await
            .refused(400, "IEF.100100");
        let body = json!({"name": "app", "type": "application"});
        let made = sim.post(&path, body.clone()).await.expect(201);
        for field in ["package", "private_key", "certificate", "ca"] {
            assert!(text(&made[field]).len() > 200, "{field}");
        }
        sim.post(&path, body).await.refused(409, "IEF.104004");
        let list = sim
            .get(&format!("{path}?limit=1&offset=1"))
            .await
            .expect(200);
        assert_eq!(
            (&list["count"], &list["node_certs"][0]["name"]),
            (&json!(2), &json!("app"))
        );
        assert_eq!(list["node_certs"][0].get("private_key"), None);
        let path = format!("{path}/{}", text(&made["id"]));
        sim.delete(&path).await.expect(204);
        sim.delete(&path).await.refused(404, "IEF.100404");
    });
}

#[test]
fn a_deleted_node_is_gone_and_its_name_free() {
    with(still(40), |sim| async move {
        let list = sim.get("/nodes?limit=1000").await.expect(200);
        let nodes = rows(&list);
        let lonely = nodes.iter().find(|n| n["device_num"] == 0).unwrap();
        let path = format!("/nodes/{}", text(&lonely["id"]));
        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.100404");
        assert_eq!(sim.get("/nodes").await.expect(200)["count"], 39);
        sim.node(&text(&lonely["name"])).await;
        let bound = nodes.iter().find(|n| n["device_num"] != 0).unwrap();
        let path = format!("/nodes/{}", text(&bound["id"]));
        sim.delete(&path).await.refused(409, "IEF.100067");
    });
}

fn rows(list: &Value) -> Vec<Value> {
    list["nodes"].as_array().cloned().unwrap_or_default()
}

fn ids(list: &Value) -> Vec<String> {
    rows(list).iter().map(|node| text(&node["id"])).collect()
}
