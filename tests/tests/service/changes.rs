//! Creating, changing and deleting, with the service's promises.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ief_api::device::{
    CreateDevice, CreateDeviceBody, DeleteDevice, NewDevice, ShowDeviceTwin, TwinProperty,
    TwinUpdate, TwinValue, UpdateDeviceTwin,
};
use ief_api::node::{
    CreateEdgeNode, CreateEdgeNodeBody, DeleteEdgeNode, DeviceInfos, EdgeNodeUpdate,
    EnableDisableEdgeNodes, ListEdgeNodeCerts, NewEdgeNode, NodeAction, NodeActionBody,
    NodeDevices, NodeDevicesBody, NodeState, ShowEdgeNodeDetail, UpdateEdgeNode,
    UpdateEdgeNodeBody, UpdateEdgeNodeDevice,
};
use ief_api::operation::{Call, Operation};
use ief_client::{Client, Error, ErrorKind};
use serde_json::json;

use super::stage::{Stage, never};

async fn do_it<O: Operation>(client: &Client, operation: O) -> Result<O::Response, Error> {
    client
        .send(&operation, &never())
        .await
        .map(|answer| answer.body)
}

async fn register(client: &Client, name: &str) -> String {
    let node = NewEdgeNode {
        name: Some(name.to_owned()),
        ..NewEdgeNode::default()
    };
    let body = CreateEdgeNodeBody {
        node: Some(node),
        ..CreateEdgeNodeBody::default()
    };
    do_it(client, CreateEdgeNode { body })
        .await
        .unwrap()
        .node
        .unwrap()
        .id
        .unwrap()
}

async fn new_device(client: &Client, name: &str) -> String {
    let twin = [(
        "lamp".to_owned(),
        TwinProperty {
            expected: Some(value("off")),
            ..TwinProperty::default()
        },
    )]
    .into();
    let device = NewDevice {
        name: Some(name.to_owned()),
        twin,
        ..NewDevice::default()
    };
    let body = CreateDeviceBody {
        device: Some(device),
        ..CreateDeviceBody::default()
    };
    do_it(client, CreateDevice { body })
        .await
        .unwrap()
        .device
        .unwrap()
        .id
        .unwrap()
}

fn value(text: &str) -> TwinValue {
    TwinValue {
        value: Some(text.to_owned()),
        ..TwinValue::default()
    }
}

fn binding(
    node_id: &str,
    added: Option<DeviceInfos>,
    removed: Vec<String>,
) -> UpdateEdgeNodeDevice {
    let devices = NodeDevices {
        added,
        removed,
        ..NodeDevices::default()
    };
    UpdateEdgeNodeDevice {
        node_id: node_id.to_owned(),
        body: NodeDevicesBody {
            devices: Some(devices),
            ..NodeDevicesBody::default()
        },
    }
}

#[tokio::test]
async fn a_node_lives_from_registration_to_deletion() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.token_client();
    let id = register(&client, "life-of-a-node").await;

    let update = EdgeNodeUpdate {
        description: Some("second floor".to_owned()),
        ..EdgeNodeUpdate::default()
    };
    let body = UpdateEdgeNodeBody {
        node: Some(update),
        ..UpdateEdgeNodeBody::default()
    };
    do_it(
        &client,
        UpdateEdgeNode {
            node_id: id.clone(),
            body,
        },
    )
    .await
    .unwrap();
    let shown = do_it(
        &client,
        ShowEdgeNodeDetail {
            node_id: id.clone(),
        },
    )
    .await
    .unwrap()
    .node
    .unwrap();
    assert_eq!(shown.description.as_deref(), Some("second floor"));
    assert_eq!(shown.state, Some(NodeState::Unconnected));

    let certificates = do_it(
        &client,
        ListEdgeNodeCerts {
            node_id: id.clone(),
            ..ListEdgeNodeCerts::default()
        },
    )
    .await
    .unwrap();
    assert_eq!(
        certificates.count,
        Some(1),
        "a node comes with its system certificate"
    );

    do_it(
        &client,
        DeleteEdgeNode {
            node_id: id.clone(),
        },
    )
    .await
    .unwrap();
    let gone = do_it(&client, ShowEdgeNodeDetail { node_id: id })
        .await
        .unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn the_package_of_a_node_comes_once_and_is_a_gzip() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.client();
    let call = Call {
        operation: "create_edge_node".to_owned(),
        body: Some(json!({"node": {"name": "with-package"}})),
        ..Call::default()
    };
    let created = client.call(&call, &never()).await.unwrap().body;
    let package = STANDARD
        .decode(created["node"]["package"].as_str().unwrap())
        .unwrap();
    assert_eq!(&package[..2], b"\x1f\x8b", "the package is gzip");
    let id = created["node"]["id"].as_str().unwrap().to_owned();
    let show = Call {
        operation: "show_edge_node_detail".to_owned(),
        path: [("node_id".to_owned(), id)].into(),
        ..Call::default()
    };
    let shown = client.call(&show, &never()).await.unwrap().body;
    assert!(
        shown["node"]["package"]
            .as_str()
            .unwrap_or_default()
            .is_empty()
    );
    assert!(
        shown["node"]["private_key"]
            .as_str()
            .unwrap_or_default()
            .is_empty()
    );
}

#[tokio::test]
async fn names_are_unique() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.client();
    register(&client, "only-one").await;
    let node = NewEdgeNode {
        name: Some("only-one".to_owned()),
        ..NewEdgeNode::default()
    };
    let body = CreateEdgeNodeBody {
        node: Some(node),
        ..CreateEdgeNodeBody::default()
    };
    let error = do_it(&client, CreateEdgeNode { body }).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.code(), Some("IEF.104004"));
}

#[tokio::test]
async fn what_is_bound_can_not_be_deleted() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.client();
    let node = register(&client, "with-a-device").await;
    let device = new_device(&client, "bound-device").await;
    let infos = DeviceInfos {
        relation: Some("camera".to_owned()),
        device_ids: vec![device.clone()],
        ..DeviceInfos::default()
    };
    do_it(&client, binding(&node, Some(infos), Vec::new()))
        .await
        .unwrap();

    let error = do_it(
        &client,
        DeleteEdgeNode {
            node_id: node.clone(),
        },
    )
    .await
    .unwrap_err();
    assert_eq!(error.code(), Some("IEF.100067"));
    let error = do_it(
        &client,
        DeleteDevice {
            device_id: device.clone(),
        },
    )
    .await
    .unwrap_err();
    assert_eq!(error.code(), Some("IEF.100058"));

    do_it(&client, binding(&node, None, vec![device.clone()]))
        .await
        .unwrap();
    do_it(&client, DeleteDevice { device_id: device })
        .await
        .unwrap();
    do_it(&client, DeleteEdgeNode { node_id: node })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_twin_keeps_what_is_expected_of_it() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.client();
    let device = new_device(&client, "twin-device").await;
    let twin = [(
        "lamp".to_owned(),
        TwinProperty {
            expected: Some(value("on")),
            ..TwinProperty::default()
        },
    )]
    .into();
    let body = TwinUpdate {
        twin,
        ..TwinUpdate::default()
    };
    do_it(
        &client,
        UpdateDeviceTwin {
            device_id: device.clone(),
            body,
        },
    )
    .await
    .unwrap();
    let twin = do_it(&client, ShowDeviceTwin { device_id: device })
        .await
        .unwrap()
        .twin;
    assert_eq!(
        twin["lamp"].expected.as_ref().unwrap().value.as_deref(),
        Some("on")
    );
}

#[tokio::test]
async fn a_node_can_be_stopped_and_started() {
    let stage = Stage::with_nodes(50).await;
    let client = stage.client();
    let running = ief_api::node::ListEdgeNodes {
        state: Some("RUNNING".to_owned()),
        ..Default::default()
    };
    let node_id = do_it(&client, running).await.unwrap().nodes[0]
        .id
        .clone()
        .unwrap();
    for (action, state) in [("stop", NodeState::Stopped), ("start", NodeState::Running)] {
        let node = NodeAction {
            action: Some(action.to_owned()),
            ..NodeAction::default()
        };
        let body = NodeActionBody {
            node: Some(node),
            ..NodeActionBody::default()
        };
        do_it(
            &client,
            EnableDisableEdgeNodes {
                node_id: node_id.clone(),
                body,
            },
        )
        .await
        .unwrap();
        // Starting takes a moment of simulated time.
        stage
            .simulator
            .control()
            .advance(std::time::Duration::from_secs(120));
        let shown = do_it(
            &client,
            ShowEdgeNodeDetail {
                node_id: node_id.clone(),
            },
        )
        .await
        .unwrap()
        .node
        .unwrap();
        assert_eq!(shown.state, Some(state), "{action}");
    }
}

#[tokio::test]
async fn a_broken_rule_is_not_sent_and_the_service_would_refuse_it() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.client();
    let node = NewEdgeNode {
        name: Some("n".repeat(65)),
        ..NewEdgeNode::default()
    };
    let create = CreateEdgeNode {
        body: CreateEdgeNodeBody {
            node: Some(node),
            ..CreateEdgeNodeBody::default()
        },
    };
    let error = client.send(&create, &never()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Violations);
    assert_eq!(stage.simulator.control().count("create_edge_node"), 0);
    let error = client.call(&create.to_call(), &never()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.code(), Some("IEF.100012"));
}
