use console_ipc::ErrorKind;
use console_ipc::event::Event;
use console_ipc::export::ExportRows;
use console_ipc::inventory::{
    CellValue, CompleteFilter, CountValues, LocateRow, QueryRows, RefreshResource,
};
use console_ipc::profile::SwitchProfile;
use console_ipc::settings::SaveSettings;
use ief_api::deployment::Deployment;
use ief_api::resource::Resource;
use ief_sim::{Fault, FaultKind};
use serde_json::json;

use super::support::{Desk, create_node, simulator};

#[tokio::test]
async fn things_that_rows_name_by_identifier_come_with_their_names_once_those_are_there() {
    let simulator = simulator(60).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "password").await;
    let alone = desk.rows("deployment", json!({})).await;
    assert!(alone.matched > 0);
    assert!(alone.names.is_empty(), "no list of nodes was read");
    let nodes = desk.rows("node", json!({})).await;
    let answer = desk.rows("deployment", json!({})).await;
    let at = Deployment::SPEC.column("node").unwrap();
    let mut named = 0;
    for row in &answer.rows {
        if let CellValue::Text(id) = &row.cells[at] {
            let node = nodes.rows.iter().find(|node| node.id == *id).unwrap();
            assert_eq!(answer.names[id], node.name);
            named += 1;
        }
    }
    assert!(named > 0);
}

#[tokio::test]
async fn rows_are_filtered_sorted_counted_and_found() {
    let simulator = simulator(300).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "password").await;
    desk.rows("node", json!({})).await;
    let running = json!({"filter": [{"column": "state", "op": "is", "values": ["RUNNING"]}],
        "sort": [{"column": "name", "descending": true}]});
    let answer = desk.query("node", running.clone()).await;
    assert!(answer.matched > 0 && answer.matched < 300);
    assert!(
        answer
            .rows
            .windows(2)
            .all(|pair| pair[0].name >= pair[1].name)
    );
    let counts = desk
        .ask::<CountValues>(json!({"resource": "node", "columns": ["state"], "query": {}}))
        .await
        .unwrap();
    let counted = counts.counts[0]
        .iter()
        .find(|(value, _)| value == "RUNNING")
        .unwrap()
        .1;
    assert_eq!(counted, answer.matched);
    assert_eq!(
        counts.counts[0].iter().map(|(_, count)| count).sum::<u64>(),
        300
    );
    let third = &answer.rows[2];
    let place = desk
        .ask::<LocateRow>(json!({"resource": "node", "query": running, "id": third.id}))
        .await
        .unwrap();
    assert_eq!(place, Some(2));
    let completions = desk
        .ask::<CompleteFilter>(json!({"resource": "node", "text": "state:RUN", "cursor": 9}))
        .await
        .unwrap();
    assert_eq!(completions[0].text, "state:RUNNING");
    assert_eq!(completions[0].count, Some(counted));
}

#[tokio::test]
async fn a_wrong_question_is_told() {
    let desk = Desk::new().await;
    let ask = |resource: &str, column: &str| json!({"resource": resource, "query": {"sort": [{"column": column}]}, "offset": 0, "limit": 1});
    let error = desk
        .ask::<QueryRows>(ask("node", "name"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotConnected);
    desk.ask::<SwitchProfile>(json!({"id": "simulator"}))
        .await
        .unwrap();
    let error = desk
        .ask::<QueryRows>(ask("node", "no such column"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidCall);
    let error = desk
        .ask::<QueryRows>(ask("no such resource", "name"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Protocol);
}

#[tokio::test]
async fn what_was_seen_stays_when_a_reading_fails() {
    let simulator = simulator(50).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "password").await;
    let before = desk.rows("node", json!({})).await;
    simulator
        .control()
        .add_fault(Fault::new(FaultKind::Malformed).on("list_edge_nodes"));
    desk.ask::<RefreshResource>(json!({"resource": "node"}))
        .await
        .unwrap();
    let error = desk
        .event(|event| match event {
            Event::Inventory { freshness, .. } if freshness.loading.is_none() => freshness.error,
            _ => None,
        })
        .await;
    assert_eq!(error.kind, ErrorKind::MalformedAnswer);
    let after = desk.query("node", json!({})).await;
    assert_eq!(after.rows.len(), 50);
    assert_eq!(after.freshness.as_of_ms, before.freshness.as_of_ms);

    simulator.control().clear_faults();
    desk.clock.advance(1);
    desk.ask::<RefreshResource>(json!({"resource": "node"}))
        .await
        .unwrap();
    desk.event(|event| match event {
        Event::Inventory { freshness, .. } => {
            (freshness.as_of_ms > before.freshness.as_of_ms).then_some(())
        }
        _ => None,
    })
    .await;
    assert_eq!(desk.query("node", json!({})).await.freshness.error, None);
}

#[tokio::test]
async fn a_revoked_session_is_renewed_and_nobody_notices() {
    let simulator = simulator(20).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "password").await;
    let before = desk.rows("node", json!({})).await;
    simulator.control().revoke_tokens();
    desk.clock.advance(1);
    desk.ask::<RefreshResource>(json!({"resource": "node"}))
        .await
        .unwrap();
    desk.event(|event| match event {
        Event::Inventory { freshness, .. } => {
            assert_eq!(freshness.error, None);
            (freshness.as_of_ms > before.freshness.as_of_ms).then_some(())
        }
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_list_is_read_again_on_time_while_somebody_looks() {
    let simulator = simulator(5).await;
    let desk = Desk::new().await;
    let settings = json!({"settings": {"refresh_seconds": 1}});
    desk.ask::<SaveSettings>(settings).await.unwrap();
    desk.cloud(&simulator, "password").await;
    desk.rows("node", json!({})).await;
    desk.clock.advance(1);
    let as_of = desk.query("node", json!({})).await.freshness.as_of_ms;
    desk.event(|event| match event {
        Event::Inventory { freshness, .. } => (freshness.as_of_ms > as_of).then_some(()),
        _ => None,
    })
    .await;
    assert!(simulator.control().count("list_edge_nodes") >= 2);
}

#[tokio::test]
async fn a_switch_leaves_the_other_inventory_behind() {
    let simulator = simulator(7).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "password").await;
    assert_eq!(desk.rows("node", json!({})).await.total, 7);
    desk.ask::<SwitchProfile>(json!({"id": "simulator"}))
        .await
        .unwrap();
    assert_eq!(desk.rows("node", json!({})).await.total, 1200);
}

#[tokio::test]
async fn rows_are_exported_whole() {
    let simulator = simulator(600).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let send = json!({"call": create_node("zz-last")});
    desk.ask::<console_ipc::call::SendCall>(send).await.unwrap();
    for format in ["csv", "json", "yaml"] {
        let request = json!({
            "resource": "node",
            "query": {"sort": [{"column": "name"}]},
            "columns": ["name", "state", "tag", "created", "devices"],
            "format": format,
        });
        desk.ask::<ExportRows>(request).await.unwrap();
    }
    let read = |name: &str| std::fs::read_to_string(desk.saved().join(name)).unwrap();
    let lines = read("nodes.csv");
    assert!(lines.starts_with("name,state,tag,created,devices\r\n"));
    assert_eq!(lines.lines().count(), 602);
    assert!(
        lines
            .lines()
            .last()
            .unwrap()
            .starts_with("zz-last,UNCONNECTED,,20")
    );
    let rows: Vec<serde_json::Value> = serde_json::from_str(&read("nodes.json")).unwrap();
    assert_eq!(rows.len(), 601);
    assert_eq!(rows[600]["name"], "zz-last");
    assert!(read("nodes.yaml").contains("- name: zz-last\n"));
}
