//! Seeds, sizes and the binary's promises.

use std::time::Duration;

use chrono::DateTime;
use ief_sim::Options;
use serde_json::{Value, json};

use crate::client::{still, with};

#[test]
fn the_same_seed_gives_the_same_answers() {
    let run = |seed: u64| {
        let mut answers: Vec<Value> = Vec::new();
        let options = Options {
            seed,
            start: DateTime::from_timestamp(1_790_000_000, 0),
            ..still(120)
        };
        with(options, |sim| {
            let answers = &mut answers;
            async move {
                for path in [
                    "/nodes?limit=1000",
                    "/devices",
                    "/device-templates",
                    "/quotas",
                ] {
                    answers.push(sim.get(path).await.expect(200));
                    sim.running.control().advance(Duration::from_secs(100));
                    answers.push(sim.get(path).await.expect(200));
                }
            }
        });
        answers
    };
    let first = run(5);
    assert_eq!(first, run(5));
    assert_ne!(first[0], run(6)[0]);
}

#[test]
fn a_million_nodes_keep_nothing_until_they_are_changed() {
    with(still(1_000_000), |sim| async move {
        let control = sim.running.control();
        for offset in [0, 499_999, 999_999] {
            let list = sim
                .get(&format!("/nodes?limit=1000&offset={offset}"))
                .await
                .expect(200);
            assert_eq!(list["count"], 1_000_000);
            assert_eq!(
                list["nodes"].as_array().unwrap().len(),
                1000.min(1_000_000 - offset)
            );
        }
        let last = sim.get("/nodes?offset=999999&limit=1").await.expect(200);
        let id = crate::client::text(&last["nodes"][0]["id"]);
        sim.show(&id).await;
        assert_eq!(
            sim.get("/devices?limit=1").await.expect(200)["count"],
            1_500_000
        );
        assert_eq!(control.kept(), 0);
        sim.node("one-more").await;
        assert_eq!(control.kept(), 1);
        assert_eq!(
            sim.get("/nodes?limit=1").await.expect(200)["count"],
            1_000_001
        );
    });
}

#[test]
fn an_empty_fleet_is_a_fleet() {
    with(still(0), |sim| async move {
        let nodes = sim.get("/nodes").await.expect(200);
        assert_eq!(nodes, json!({"count": 0, "nodes": []}));
        let devices = sim.get("/devices").await.expect(200);
        assert_eq!(devices, json!({"count": 0, "devices": []}));
        sim.running.control().advance(Duration::from_secs(3600));
    });
}
