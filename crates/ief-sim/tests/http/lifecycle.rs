//! What happens by itself when time passes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_registered_node_comes_online_unless_its_name_says_otherwise() {
    with(still(0), |sim| async move {
        let comes = sim.node("gw-1").await;
        let stays = sim.node("gw-stays-offline").await;
        sim.running.control().advance(Duration::from_secs(11));
        assert_eq!(sim.show(&comes).await["state"], "UNCONNECTED");
        sim.running.control().advance(Duration::from_secs(20));
        let node = sim.show(&comes).await;
        assert_eq!(node["state"], "RUNNING");
        assert_ne!(node["ief_node_version"], "");
        assert_eq!(node["upgrade_history"][0]["result"], "install_success");
        assert_eq!(node["host_ips"].as_array().unwrap().len(), 1);
        sim.running.control().advance(20 * 60 * MINUTE);
        assert_eq!(sim.show(&stays).await["state"], "UNCONNECTED");
    });
}

#[test]
fn an_upgrade_ends_with_a_record() {
    with(still(500), |sim| async move {
        let list = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
        let nodes = list["nodes"].as_array().unwrap();
        let old = nodes
            .iter()
            .find(|n| n["ief_node_version"] == "2.36.0")
            .unwrap();
        let before = old["upgrade_history"].as_array().unwrap().len();
        assert_eq!(old["upgrade_flag"], true);
        let id = text(&old["id"]);
        sim.call("POST", &format!("/nodes/{id}/upgrade"), None)
            .await
            .expect(200);
        sim.running.control().advance(MINUTE);
        let node = sim.show(&id).await;
        assert_eq!(
            (&node["state"], &node["ief_node_version"]),
            (&json!("RUNNING"), &json!("2.52.1"))
        );
        assert_eq!(node["upgrade_flag"], false);
        let history = node["upgrade_history"].as_array().unwrap();
        assert_eq!(history.len(), before + 1);
        assert_eq!(history[before]["from_version"], "2.36.0");
        assert_eq!(history[before]["result"], "upgrade_success");
    });
}

#[test]
fn the_fleet_lives_within_bounds() {
    with(still(200), |sim| async move {
        let mut flips = 0;
        let mut before = states(&sim).await;
        for _ in 0..10 {
            sim.running.control().advance(MINUTE);
            let now = states(&sim).await;
            flips += now
                .iter()
                .filter(|(id, state)| before[*id] != **state)
                .count();
            before = now;
        }
        assert!((5..80).contains(&flips), "{flips} in ten minutes");
        sim.running.control().advance(30 * 24 * 60 * MINUTE);
        assert!(
            sim.running.control().kept() < 60,
            "{}",
            sim.running.control().kept()
        );
        let running = before.values().filter(|state| **state == "RUNNING").count();
        assert!(running > 150, "{running}");
    });
}

#[test]
fn what_somebody_stopped_stays_stopped() {
    with(still(20), |sim| async move {
        let list = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
        for node in list["nodes"].as_array().unwrap() {
            let path = format!("/nodes/{}/action", text(&node["id"]));
            sim.post(&path, json!({"node": {"action": "stop"}}))
                .await
                .expect(200);
        }
        let stopped = sim.get("/nodes?state=STOPPED").await.expect(200)["count"].clone();
        sim.running.control().advance(60 * MINUTE);
        assert_eq!(
            sim.get("/nodes?state=STOPPED").await.expect(200)["count"],
            stopped
        );
    });
}

async fn states(sim: &Sim) -> BTreeMap<String, Value> {
    let list = sim.get("/nodes?limit=1000").await.expect(200);
    let nodes = list["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|n| (text(&n["id"]), n["state"].clone()))
        .collect()
}
