//! Deployments to node groups: what ties both together, and where instances are placed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};
use crate::deployments::{NOBODY, advance, deploy, pods, running_node, show, switch, to_group};

/// A group of nodes that run.
async fn group_of(sim: &Sim, nodes: &[&str]) -> (String, Vec<String>) {
    let mut ids = Vec::new();
    for name in nodes {
        ids.push(running_node(sim, name).await);
    }
    let new = json!({"name": format!("of-{}", nodes.len()), "node_ids": ids});
    let made = sim.post("/groups", new).await.expect(201);
    (text(&made["id"]), ids)
}

/// Adds nodes to a group and takes others out of it.
async fn bind(sim: &Sim, group: &str, add: &[&String], remove: &[&String]) {
    let change = json!({"add_node_ids": add, "remove_node_ids": remove});
    let path = format!("/groups/{group}/nodes");
    sim.put(&path, change).await.expect(200);
}

/// The nodes of the instances that run, in the order of their names.
async fn places(sim: &Sim, deployment: &str) -> Vec<String> {
    let pods = pods(sim, deployment).await;
    let running = pods.iter().filter(|pod| pod["state"] == "RUNNING");
    let mut nodes: Vec<String> = running.map(|pod| text(&pod["node_id"])).collect();
    nodes.sort();
    nodes
}

fn sorted(nodes: &[&String]) -> Vec<String> {
    let mut nodes: Vec<String> = nodes.iter().map(|it| (*it).clone()).collect();
    nodes.sort();
    nodes
}

#[test]
fn a_group_shows_its_deployments_and_stays_while_it_has_some() {
    with(still(200), |sim| async move {
        let seeded = sim.get("/groups").await.expect(200);
        for group in seeded["edge_groups"].as_array().unwrap() {
            let own = format!("/deployments?group_id={}", text(&group["id"]));
            let own = sim.get(&own).await.expect(200);
            let deployments = group["deployments"].as_array().unwrap();
            assert_eq!(own["count"], deployments.len(), "{}", group["name"]);
            assert_eq!(own["deployments"][0]["id"], deployments[0]["id"]);
        }
        assert_eq!(sim.running.control().kept(), 0, "looking costs no memory");

        let (group, _) = group_of(&sim, &["one", "two"]).await;
        let path = format!("/groups/{group}");
        assert_eq!(sim.get(&path).await.expect(200).get("deployments"), None);
        let id = deploy(&sim, &to_group("app", &group, 2)).await;
        let deployment = show(&sim, &id).await;
        let shown = sim.get(&path).await.expect(200);
        let expected: serde_json::Map<String, Value> = [
            "id",
            "name",
            "description",
            "project_id",
            "created_at",
            "updated_at",
        ]
        .map(|field| (field.to_owned(), deployment[field].clone()))
        .into_iter()
        .collect();
        assert_eq!(shown["deployments"], json!([expected]));
        sim.delete(&path).await.refused(409, "IEF.100100");

        // What is only about to go still keeps the group.
        advance(&sim, 60);
        let node = text(&pods(&sim, &id).await[0]["node_id"]);
        switch(&sim, &node, "stop").await;
        sim.delete(&format!("/deployments/{id}")).await.expect(204);
        sim.delete(&path).await.refused(409, "IEF.100100");
        switch(&sim, &node, "start").await;
        sim.delete(&path).await.expect(204);
    });
}

#[test]
fn a_group_that_is_not_there_is_refused() {
    with(still(0), |sim| async move {
        let nowhere = to_group("app", NOBODY, 1);
        let answer = sim.post("/deployments", nowhere).await;
        answer.refused(404, "IEF.100404");
        for list in ["/deployments", "/pods"] {
            let path = format!("{list}?group_id={NOBODY}");
            sim.get(&path).await.refused(404, "IEF.100404");
        }
        let (group, _) = group_of(&sim, &["one"]).await;
        let id = deploy(&sim, &to_group("app", &group, 1)).await;
        sim.delete(&format!("/deployments/{id}?force_delete=true"))
            .await
            .expect(204);
        sim.delete(&format!("/groups/{group}")).await.expect(204);
        let gone = to_group("app", &group, 1);
        let answer = sim.post("/deployments", gone).await;
        answer.refused(404, "IEF.100404");
    });
}

#[test]
fn instances_follow_the_nodes_of_their_group() {
    with(still(0), |sim| async move {
        let (group, nodes) = group_of(&sim, &["a", "b", "c"]).await;
        let spare = running_node(&sim, "d").await;
        let [a, b, c] = [&nodes[0], &nodes[1], &nodes[2]];
        let id = deploy(&sim, &to_group("app", &group, 3)).await;
        advance(&sim, 60);
        assert_eq!(places(&sim, &id).await, sorted(&[a, b, c]));

        // The instance of a node that leaves goes to the one that comes.
        bind(&sim, &group, &[&spare], &[b]).await;
        let states = pods(&sim, &id).await;
        let left = states.iter().find(|pod| pod["node_id"] == *b).unwrap();
        assert_eq!(left["state"], "TERMINATING");
        advance(&sim, 60);
        assert_eq!(pods(&sim, &id).await.len(), 3);
        assert_eq!(places(&sim, &id).await, sorted(&[a, c, &spare]));
        assert_eq!(sim.show(b).await["deployment_num"], 0);
        assert_eq!(sim.show(&spare).await["deployment_num"], 1);

        // A node that is deleted leaves its instance to the others, and all wait when nobody is left.
        sim.delete(&format!("/nodes/{c}")).await.expect(204);
        advance(&sim, 60);
        assert_eq!(places(&sim, &id).await.len(), 3);
        bind(&sim, &group, &[], &[a, &spare]).await;
        advance(&sim, 60);
        let waiting = pods(&sim, &id).await;
        assert_eq!(waiting.len(), 3);
        for pod in &waiting {
            assert_eq!(
                (&pod["state"], &pod["node_id"]),
                (&json!("PENDING"), &json!(""))
            );
            assert_eq!(pod["reason"], "Unschedulable");
        }
        // They take up the first nodes that come, as evenly as they can.
        bind(&sim, &group, &[a, b], &[]).await;
        advance(&sim, 60);
        let on: BTreeSet<String> = places(&sim, &id).await.into_iter().collect();
        assert_eq!(on.len(), 2);
        assert_eq!(show(&sim, &id).await["ready_replicas"], 3);
    });
}

#[test]
fn a_deployment_of_the_seed_follows_its_group_too() {
    with(still(200), |sim| async move {
        let groups = sim.get("/groups?name=plant-bj").await.expect(200);
        let group = &groups["edge_groups"][0];
        let id = text(&group["deployments"][0]["id"]);
        let before = pods(&sim, &id).await;
        let node = text(&before[0]["node_id"]);
        bind(&sim, group["id"].as_str().unwrap(), &[], &[&node]).await;
        advance(&sim, 60);
        let after = pods(&sim, &id).await;
        let live = after.iter().filter(|pod| pod["state"] != "TERMINATING");
        let on: Vec<&Value> = live.map(|pod| &pod["node_id"]).collect();
        assert_eq!(on.len(), before.len());
        assert!(on.iter().all(|it| **it != json!(node)), "{on:?}");
        assert_eq!(
            sim.get(&format!("/groups/{}", text(&group["id"])))
                .await
                .expect(200)["deployments"],
            group["deployments"]
        );
    });
}
/// A deployment with demands or wishes about other instances.
fn near(name: &str, group: &str, replicas: i64, kind: &str, terms: &Value) -> Value {
    let mut deployment = to_group(name, group, replicas);
    deployment["deployment"]["template"]["affinity"] = json!({kind: terms});
    deployment
}

/// The demand to be with, or not to be with, the instances of an application.
fn demand(app: &str, topology: &str) -> Value {
    let selector = json!({"matchLabels": {"app": app}});
    json!({"requiredDuringSchedulingIgnoredDuringExecution":
        [{"labelSelector": selector, "topologyKey": topology}]})
}

const HOST: &str = "kubernetes.io/hostname";

#[test]
fn instances_keep_away_from_those_they_must_not_be_with() {
    with(still(0), |sim| async move {
        let (group, nodes) = group_of(&sim, &["a", "b", "c"]).await;
        // Never two of its own on a node: the fourth of four finds none.
        let own = demand("alone", HOST);
        let alone = near("alone", &group, 4, "podAntiAffinity", &own);
        let id = deploy(&sim, &alone).await;
        advance(&sim, 60);
        assert_eq!(
            places(&sim, &id).await,
            sorted(&nodes.iter().collect::<Vec<_>>())
        );
        let all = pods(&sim, &id).await;
        let waits = all.iter().find(|pod| pod["state"] == "PENDING").unwrap();
        assert_eq!(waits["reason"], "Unschedulable");
        let spare = running_node(&sim, "d").await;
        bind(&sim, &group, &[&spare], &[]).await;
        advance(&sim, 60);
        assert_eq!(places(&sim, &id).await.len(), 4);

        // Nor beside others, whoever of both has said so, until they go.
        let away = demand("alone", HOST);
        let other = near("other", &group, 1, "podAntiAffinity", &away);
        let other = deploy(&sim, &other).await;
        assert_eq!(pods(&sim, &other).await[0]["state"], "PENDING");
        sim.delete(&format!("/deployments/{id}")).await.expect(204);
        advance(&sim, 60);
        let place = places(&sim, &other).await;
        assert_eq!(place.len(), 1, "there is room again");
        let id = deploy(&sim, &to_group("alone", &group, 4)).await;
        advance(&sim, 60);
        let on = places(&sim, &id).await;
        assert_eq!(on.len(), 4);
        assert!(!on.contains(&place[0]), "{on:?}");
    });
}

#[test]
fn what_is_near_follows_the_label_of_nodes() {
    with(still(0), |sim| async move {
        let (group, nodes) = group_of(&sim, &["a", "b", "c"]).await;
        for (node, hall) in nodes.iter().zip(["h1", "h1", "h2"]) {
            let hall = json!({"node": {"attributes": [{"key": "hall", "value": hall}]}});
            sim.put(&format!("/nodes/{node}"), hall).await.expect(200);
        }
        // Two in the same hall are too many, on whatever nodes.
        let own = demand("each", "hall");
        let id = deploy(&sim, &near("each", &group, 3, "podAntiAffinity", &own)).await;
        advance(&sim, 60);
        let on = places(&sim, &id).await;
        assert_eq!(on.len(), 2);
        assert!(on.contains(&nodes[2]), "{on:?}");

        // Beside one of them in the hall of the first, which a tag of its deployment tells.
        let mut base = to_group("base", &group, 1);
        base["tags"] = json!([{"key": "tier", "value": "base"}]);
        base["deployment"]["template"]["affinity"] = json!({"nodeAffinity":
            {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
                [{"matchExpressions": [{"key": HOST, "operator": "In", "values": ["c"]}]}]}}});
        let tier = json!({"matchExpressions":
            [{"key": "tier", "operator": "In", "values": ["base"]}]});
        let term = json!({"labelSelector": tier, "topologyKey": "hall"});
        let beside = json!({"requiredDuringSchedulingIgnoredDuringExecution": [term]});
        let beside = near("beside", &group, 2, "podAffinity", &beside);
        let early = deploy(&sim, &beside).await;
        assert_eq!(
            pods(&sim, &early).await[0]["state"],
            "PENDING",
            "there is none yet"
        );
        sim.delete(&format!("/deployments/{early}"))
            .await
            .expect(204);
        deploy(&sim, &base).await;
        let id = deploy(&sim, &beside).await;
        advance(&sim, 60);
        assert_eq!(
            places(&sim, &id).await,
            [nodes[2].clone(), nodes[2].clone()]
        );

        // The first of those that want to be with their own has nobody to be with.
        let own = demand("flock", "hall");
        let id = deploy(&sim, &near("flock", &group, 2, "podAffinity", &own)).await;
        advance(&sim, 60);
        let on = places(&sim, &id).await;
        assert_eq!(
            on,
            sorted(&[&nodes[0], &nodes[1]]),
            "as evenly as the hall lets them"
        );

        // A wish decides only between nodes that are as good.
        let wish = json!({"preferredDuringSchedulingIgnoredDuringExecution":
            [{"weight": 9, "podAffinityTerm": term}]});
        for (place, (kind, expected)) in [("podAffinity", true), ("podAntiAffinity", false)]
            .into_iter()
            .enumerate()
        {
            let wish = near(&format!("wish-{place}"), &group, 1, kind, &wish);
            let id = deploy(&sim, &wish).await;
            advance(&sim, 60);
            assert_eq!(places(&sim, &id).await[0] == nodes[2], expected, "{kind}");
        }
    });
}

#[test]
fn a_lost_node_that_is_deleted_costs_no_more_instances() {
    with(still(0), |sim| async move {
        let (group, _) = group_of(&sim, &["a", "b"]).await;
        let id = deploy(&sim, &to_group("app", &group, 1)).await;
        advance(&sim, 60);
        let on = places(&sim, &id).await;
        assert_eq!(on.len(), 1);
        let lost = on[0].clone();
        switch(&sim, &lost, "stop").await;
        advance(&sim, 120);
        sim.delete(&format!("/nodes/{lost}")).await.expect(204);
        advance(&sim, 120);
        let all = pods(&sim, &id).await;
        assert_eq!(all.len(), 1);
    });
}

#[test]
fn a_deployment_that_waits_to_go_goes_with_its_last_node() {
    with(still(0), |sim| async move {
        let (group, _) = group_of(&sim, &["a"]).await;
        let id = deploy(&sim, &to_group("app", &group, 1)).await;
        advance(&sim, 60);
        let node = places(&sim, &id).await[0].clone();
        switch(&sim, &node, "stop").await;
        sim.delete(&format!("/deployments/{id}")).await.expect(204);
        sim.delete(&format!("/nodes/{node}")).await.expect(204);
        advance(&sim, 3600);
        let all = sim.get("/deployments").await.expect(200);
        assert_eq!(all["count"], 0);
    });
}

#[test]
fn toleration_begins_anew_with_each_outage() {
    with(still(0), |sim| async move {
        let (group, _) = group_of(&sim, &["a", "b"]).await;
        let id = deploy(&sim, &to_group("app", &group, 1)).await;
        advance(&sim, 60);
        let node = places(&sim, &id).await[0].clone();
        switch(&sim, &node, "stop").await;
        advance(&sim, 10);
        switch(&sim, &node, "start").await;
        advance(&sim, 30);
        switch(&sim, &node, "stop").await;
        advance(&sim, 25);
        // 25 seconds into an outage of which 60 are tolerated.
        let all = pods(&sim, &id).await;
        assert_eq!(all.len(), 1);
    });
}
