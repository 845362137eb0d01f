//! The tag interface.

use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};
use crate::deployments::{NOBODY, container, deploy, to_node};

const NODES: &str = "/ief-edge_node";

async fn find(sim: &Sim, kind: &str, query: Value) -> Value {
    let path = format!("/{kind}/resource_instances/action");
    sim.post(&path, query).await.expect(200)
}

fn names(found: &Value) -> Vec<String> {
    let rows = found["resources"].as_array().unwrap().iter();
    rows.map(|it| text(&it["resource_name"])).collect()
}

#[test]
fn tags_are_put_on_and_taken_off() {
    with(still(0), |sim| async move {
        let device = sim.device(json!({"name": "press-1"})).await;
        let node = sim.node("gw-1").await;
        let deployment = deploy(&sim, &to_node("press", &node, &container())).await;
        let app = json!({"app": {"name": "press"}});
        let app = sim.post("/apps", app).await.expect(201);
        for (id, kind) in [
            (node, "ief-edge_node"),
            (device, "ief-device"),
            (deployment, "ief-deployment"),
            (text(&app["app"]["id"]), "ief-application"),
        ] {
            let path = format!("/{kind}/{id}/tags");
            let none = sim.get(&path).await.expect(200);
            assert_eq!(none, json!({"tags": [], "count": 0}));
            for (key, value) in [("site", "bj"), ("stage", "test"), ("site", "sh")] {
                let tag = json!({"tag": {"key": key, "value": value}});
                assert_eq!(sim.post(&path, tag).await.expect(201), Value::Null);
            }
            let tags = sim.get(&path).await.expect(200);
            let two = json!([{"key": "site", "value": "sh"}, {"key": "stage", "value": "test"}]);
            assert_eq!(tags, json!({"tags": two, "count": 2}));

            let batch = format!("{path}/action");
            let more = json!([{"key": "站点", "value": "北京"}, {"key": "stage", "value": ""}]);
            let body = json!({"action": "create", "tags": more});
            assert_eq!(sim.post(&batch, body).await.expect(200), Value::Null);
            // By key, by key and value, by key and another value, and one that isn't there.
            let gone = json!([
                {"key": "站点"}, {"key": "site", "value": "bj"}, {"key": "stage", "value": ""},
                {"key": "none", "value": "x"},
            ]);
            let body = json!({"action": "delete", "tags": gone});
            sim.post(&batch, body).await.expect(200);
            let tags = sim.get(&path).await.expect(200);
            assert_eq!(tags["tags"], json!([{"key": "site", "value": "sh"}]));

            sim.delete(&format!("{path}/site")).await.expect(204);
            sim.delete(&format!("{path}/site"))
                .await
                .refused(404, "IEF.100404");
            assert_eq!(sim.get(&path).await.expect(200)["count"], 0);
        }
        let encoded = format!("{NODES}/{}/tags", sim.node("gw-2").await);
        let tag = json!({"tag": {"key": "站", "value": "1"}});
        sim.post(&encoded, tag).await.expect(201);
        sim.delete(&format!("{encoded}/%E7%AB%99"))
            .await
            .expect(204);
    });
}

#[test]
fn a_tag_shows_wherever_its_thing_does() {
    with(still(30), |sim| async move {
        let id = text(&sim.get("/nodes?limit=1").await.expect(200)["nodes"][0]["id"]);
        let before = sim.show(&id).await;
        let listed = sim.get(&format!("{NODES}/{id}/tags")).await.expect(200);
        assert_eq!(listed["tags"], before["tags"], "tags of the seed");
        let tag = json!({"tag": {"key": "pilot", "value": "yes"}});
        sim.post(&format!("{NODES}/{id}/tags"), tag)
            .await
            .expect(201);
        let node = sim.show(&id).await;
        assert!(node["tags"].to_string().contains("pilot"));
        assert_eq!(
            node["name"], before["name"],
            "the rest stays as the seed made it"
        );
        let found = sim.get("/nodes?tags=pilot.yes").await.expect(200);
        assert_eq!(found["nodes"][0]["id"], json!(id));
        let found = find(
            &sim,
            "ief-edge_node",
            json!({
                "action": "filter", "tags": [{"key": "pilot", "values": []}],
            }),
        );
        let found = found.await;
        assert_eq!(
            (&found["total_count"], &found["resources"][0]["resource_id"]),
            (&json!(1), &json!(id))
        );

        let devices = sim.get("/devices?limit=1").await.expect(200);
        let device = text(&devices["devices"][0]["id"]);
        let tag = json!({"tag": {"key": "pilot", "value": "no"}});
        sim.post(&format!("/ief-device/{device}/tags"), tag)
            .await
            .expect(201);
        let shown = sim.get(&format!("/devices/{device}")).await.expect(200);
        assert_eq!(shown["device"]["tags"]["pilot"], "no");
        let found = sim.get("/devices?tags=pilot.no").await.expect(200);
        assert_eq!(found["count"], 1);
    });
}

#[test]
fn applications_are_tagged_where_they_stand_and_where_they_run() {
    with(still(40), |sim| async move {
        let all = sim.get("/ief-deployment/tags").await.expect(200);
        assert_eq!(
            (&all["count"], &all["tags"][0]["key"]),
            (&json!(1), &json!("app"))
        );
        let named = json!({"action": "filter", "tags": [{"key": "app", "values": ["opc-bridge"]}]});
        let found = find(&sim, "ief-deployment", named).await;
        assert_eq!(found["total_count"], 10, "one in each row of four nodes");
        assert_eq!(sim.running.control().kept(), 0, "looking costs no memory");

        let (one, name) = (
            &found["resources"][3],
            text(&found["resources"][3]["resource_name"]),
        );
        let path = format!("/deployments/{}", text(&one["resource_id"]));
        let before = sim.get(&path).await.expect(200);
        assert_eq!(
            (&before["name"], &before["tags"]),
            (&json!(name), &one["tags"])
        );
        let tags = format!("/ief-deployment/{}/tags", text(&one["resource_id"]));
        let pilot = json!({"tag": {"key": "pilot", "value": "yes"}});
        sim.post(&tags, pilot.clone()).await.expect(201);
        let mut after = sim.get(&path).await.expect(200);
        assert_eq!(after["tags"][1]["key"], "pilot");
        after["tags"] = before["tags"].clone();
        assert_eq!(after, before, "the rest stays as the seed made it");
        let node = text(&before["node_ids"][0]);
        let there = sim
            .get(&format!("/deployments?limit=100&node_id={node}"))
            .await
            .expect(200);
        let there = there["deployments"].as_array().unwrap();
        assert_eq!(
            there
                .iter()
                .filter(|it| it["name"] == before["name"])
                .count(),
            1
        );

        let apps = sim.get("/apps?name=opc-bridge").await.expect(200);
        let app = text(&apps["apps"][0]["id"]);
        sim.post(&format!("/ief-application/{app}/tags"), pilot)
            .await
            .expect(201);
        let shown = sim.get(&format!("/apps/{app}")).await.expect(200);
        assert!(shown["app"]["tags"].to_string().contains("pilot"));
        let pilots = json!({"action": "filter", "tags": [{"key": "pilot", "values": []}]});
        for (kind, id) in [
            ("ief-deployment", &one["resource_id"]),
            ("ief-application", &json!(app)),
        ] {
            let found = find(&sim, kind, pilots.clone()).await;
            assert_eq!(found["total_count"], 1);
            assert_eq!(&found["resources"][0]["resource_id"], id);
        }
        let trials = json!({"action": "count", "tags": [{"key": "stage", "values": ["trial"]}]});
        let trials = find(&sim, "ief-application", trials).await;
        assert!(trials["total_count"].as_i64() > Some(0));
    });
}

#[test]
fn things_are_found_by_conditions_of_all_kinds() {
    with(still(0), |sim| async move {
        for (name, tags) in [
            ("a", json!([])),
            ("b", json!([{"key": "site", "value": "bj"}])),
            (
                "c",
                json!([{"key": "site", "value": "bj"}, {"key": "stage", "value": "prod"}]),
            ),
            (
                "d",
                json!([{"key": "site", "value": "sh"}, {"key": "stage", "value": ""}]),
            ),
        ] {
            let node = json!({"node": {"name": name, "tags": tags}});
            sim.post("/nodes", node).await.expect(201);
        }
        let site = |values: Value| json!([{"key": "site", "values": values}]);
        let stage = json!([{"key": "stage", "values": []}]);
        for (mut query, expected) in [
            (json!({}), vec!["d", "c", "b", "a"]),
            (json!({"tags": site(json!(["bj"]))}), vec!["c", "b"]),
            (
                json!({"tags": site(json!(["bj", "*H"]))}),
                vec!["d", "c", "b"],
            ),
            (
                json!({"tags_any": stage, "tags": site(json!(["bj"]))}),
                vec!["d", "c", "b"],
            ),
            (json!({"not_tags": stage}), vec!["b", "a"]),
            (
                json!({"not_tags_any": [stage[0], site(json!([]))[0]]}),
                vec!["b", "a"],
            ),
            (
                json!({"matches": [{"key": "resource_name", "value": "C"}]}),
                vec!["c"],
            ),
            (
                json!({"matches": [{"key": "resource_name", "value": ""}]}),
                vec![],
            ),
            (json!({"limit": "2", "offset": "1"}), vec!["c", "b"]),
            (json!({"offset": "9"}), vec![]),
            (
                json!({"sorted": {"key": "resource_name"}, "limit": "3"}),
                vec!["a", "b", "c"],
            ),
            (
                json!({"sorted": {"key": "resource_name", "reverse": true}, "offset": "3"}),
                vec!["a"],
            ),
        ] {
            let pages = query.get("limit").or(query.get("offset")).is_some();
            query["action"] = json!("filter");
            let found = find(&sim, "ief-edge_node", query.clone()).await;
            assert_eq!(names(&found), expected, "{query}");
            if !pages {
                query["action"] = json!("count");
                let counted = find(&sim, "ief-edge_node", query).await;
                assert_eq!(counted, json!({"total_count": expected.len()}));
            }
        }
        let all = sim.get(&format!("{NODES}/tags")).await.expect(200);
        let expected = json!([
            {"key": "site", "values": ["bj", "sh"]}, {"key": "stage", "values": ["", "prod"]},
        ]);
        assert_eq!(all, json!({"tags": expected, "count": 2}));
    });
}

#[test]
fn a_large_fleet_is_searched_without_being_kept() {
    with(still(50_000), |sim| async move {
        let query =
            json!({"action": "filter", "limit": "5", "tags": [{"key": "site", "values": ["bj"]}]});
        let found = find(&sim, "ief-edge_node", query).await;
        let direct = sim.get("/nodes?limit=5&tags=site.bj").await.expect(200);
        assert_eq!(found["total_count"], direct["count"]);
        for (one, other) in (0..5).map(|row| (&found["resources"][row], &direct["nodes"][row])) {
            assert_eq!(
                (&one["resource_id"], &one["tags"]),
                (&other["id"], &other["tags"])
            );
        }
        let all = sim.get(&format!("{NODES}/tags")).await.expect(200);
        assert_eq!(all["count"], 3);
        assert_eq!(all["tags"][1]["values"].as_array().unwrap().len(), 16);
        assert_eq!(sim.running.control().kept(), 0);
    });
}

#[test]
fn wrong_tags_and_wrong_places_are_refused() {
    with(still(0), |sim| async move {
        let path = format!("{NODES}/{}/tags", sim.node("gw-1").await);
        let tag = json!({"tag": {"key": "k", "value": "v"}});
        for (kind, code) in [
            ("ief-edge_node", "IEF.100404"),
            ("ief-deployment", "IEF.100404"),
            ("ief-application", "IEF.110074"),
        ] {
            let nobody = format!("/{kind}/{NOBODY}/tags");
            sim.get(&nobody).await.refused(404, code);
            sim.post(&nobody, tag.clone()).await.refused(404, code);
            sim.delete(&format!("{nobody}/k")).await.refused(404, code);
            let nothing = find(
                &sim,
                kind,
                json!({
                    "action": "filter", "tags": [{"key": "k", "values": []}],
                }),
            );
            assert_eq!(nothing.await, json!({"resources": [], "total_count": 0}));
        }
        let nobody = format!("/ief-device/{NOBODY}/tags");
        sim.get(&nobody).await.refused(404, "IEF.110080");
        sim.get(&format!("/ief-group/{NOBODY}/tags"))
            .await
            .refused(400, "IEF.100100");
        for wrong in [
            json!({}),
            json!({"tag": {"key": "a b"}}),
            json!({"tag": {"value": "v"}}),
        ] {
            sim.post(&path, wrong).await.refused(400, "IEF.100100");
        }
        let query = json!({"action": "filter", "sorted": {"key": "colour"}});
        let answer = sim
            .post(&format!("{NODES}/resource_instances/action"), query)
            .await;
        answer.refused(400, "IEF.100100");

        let tags = (0..20).map(|n| json!({"key": format!("k{n}"), "value": "v"}));
        let batch = json!({"action": "create", "tags": tags.collect::<Vec<_>>()});
        let action = format!("{path}/action");
        sim.post(&action, batch.clone()).await.expect(200);
        // The same twenty again are still twenty, one more is too many, and then none is put on.
        sim.post(&action, batch).await.expect(200);
        let one_more = json!({"tag": {"key": "more", "value": "v"}});
        sim.post(&path, one_more).await.refused(403, "IEF.100126");
        assert_eq!(sim.get(&path).await.expect(200)["count"], 20);
        let quota = sim.get("/quotas?types=tag").await.expect(200);
        assert_eq!(quota["quotas"]["resources"][0]["quota"], 20);
    });
}
