//! Whole lists, also while they move.

use ief_api::device::Device;
use ief_api::device_template::DeviceTemplate;
use ief_api::node::EdgeNode;
use ief_client::ListOptions;
use ief_sim::{Fault, FaultKind};

use super::stage::{Stage, distinct, read};

#[tokio::test]
async fn every_row_arrives_once_over_many_pages() {
    let stage = Stage::with_nodes(2345).await;
    let options = ListOptions {
        page_size: Some(100),
        in_flight: 4,
    };
    let (ids, summary) = read::<EdgeNode>(&stage.client(), options).await.unwrap();
    assert_eq!(distinct(&ids).len(), 2345);
    assert_eq!(ids.len(), 2345);
    assert_eq!(summary.total, Some(2345));
    assert!(summary.agreed);
    assert_eq!(summary.bad_rows, 0);
}

#[tokio::test]
async fn devices_and_templates_are_listed_alike() {
    let stage = Stage::with_nodes(50).await;
    let (devices, summary) = read::<Device>(&stage.client(), ListOptions::default())
        .await
        .unwrap();
    assert!(!devices.is_empty());
    assert_eq!(summary.total, Some(devices.len() as u64));
    let (templates, _) = read::<DeviceTemplate>(&stage.client(), ListOptions::default())
        .await
        .unwrap();
    assert!(!templates.is_empty());
}

#[tokio::test]
async fn rows_that_shift_between_pages_are_not_lost() {
    let stage = Stage::with_nodes(1000).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::Drift).on("list_edge_nodes"));
    let options = ListOptions {
        page_size: Some(50),
        in_flight: 3,
    };
    let (ids, summary) = read::<EdgeNode>(&stage.client(), options).await.unwrap();
    assert_eq!(distinct(&ids).len(), ids.len(), "no row comes twice");
    assert!(
        summary.sweeps > 1 || !summary.agreed,
        "a list that moved is read again or said to have moved"
    );
    stage.simulator.control().clear_faults();
    let (calm, _) = read::<EdgeNode>(&stage.client(), options).await.unwrap();
    let seen = distinct(&ids);
    let lost = calm.iter().filter(|id| !seen.contains(id.as_str())).count();
    assert!(
        lost == 0 || !summary.agreed,
        "{lost} rows were lost in a list that was called complete"
    );
}
