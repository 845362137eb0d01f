//! What goes wrong between client and service, and what the client makes of it.

use ief_api::node::{CreateEdgeNode, CreateEdgeNodeBody, ListEdgeNodes, NewEdgeNode};
use ief_client::{Client, ClientConfig, Error, ErrorKind};
use ief_sim::{Fault, FaultKind};
use std::time::Duration;

use super::stage::{Stage, never};

/// A client that waits briefly for a silent service.
fn impatient(stage: &Stage) -> Client {
    let mut config: ClientConfig = stage.config(stage.access_key());
    config.timeouts.idle = Duration::from_millis(300);
    Client::new(config).unwrap()
}

fn new_node(name: &str) -> CreateEdgeNode {
    let node = NewEdgeNode {
        name: Some(name.to_owned()),
        ..NewEdgeNode::default()
    };
    CreateEdgeNode {
        body: CreateEdgeNodeBody {
            node: Some(node),
            ..CreateEdgeNodeBody::default()
        },
    }
}

#[track_caller]
fn expect(error: &Error, kind: ErrorKind) {
    assert_eq!(error.kind(), kind, "{error:?}");
}

#[tokio::test]
async fn a_read_is_repeated_until_it_succeeds() {
    for kind in [
        FaultKind::Internal,
        FaultKind::Unavailable(None),
        FaultKind::Throttled(Duration::from_secs(1)),
        FaultKind::Reset,
        FaultKind::Truncated,
    ] {
        let stage = Stage::with_nodes(10).await;
        stage
            .simulator
            .control()
            .add_fault(Fault::new(kind).times(1));
        let answer = stage
            .client()
            .send(&ListEdgeNodes::default(), &never())
            .await
            .unwrap();
        assert_eq!(answer.attempts, 2, "{kind:?}");
    }
}

#[tokio::test]
async fn a_service_that_keeps_failing_is_said_to() {
    let stage = Stage::with_nodes(10).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::Internal));
    let error = stage
        .client()
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap_err();
    expect(&error, ErrorKind::ServiceFailure);
    assert!(error.request_id().is_some());
}

#[tokio::test]
async fn a_missing_right_names_the_action() {
    let stage = Stage::with_nodes(10).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::Forbidden));
    let error = stage
        .client()
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap_err();
    expect(&error, ErrorKind::Forbidden);
    assert_eq!(error.action(), Some("ief:node:list"));
}

#[tokio::test]
async fn a_body_that_is_no_json_is_said_to_be_unreadable() {
    let stage = Stage::with_nodes(10).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::Malformed));
    let error = stage
        .client()
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap_err();
    expect(&error, ErrorKind::MalformedAnswer);
}

#[tokio::test]
async fn silence_ends_a_read_after_the_idle_time() {
    let stage = Stage::with_nodes(10).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::Stall(Duration::from_secs(60))));
    let error = impatient(&stage)
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap_err();
    expect(&error, ErrorKind::Interrupted);
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_never_sent_twice() {
    let stage = Stage::with_nodes(10).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::ResetAfter).on("create_edge_node"));
    let client = stage.client();
    let error = client
        .send(&new_node("lost-answer"), &never())
        .await
        .unwrap_err();
    expect(&error, ErrorKind::OutcomeUnknown);
    assert!(error.outcome_unknown());
    assert_eq!(stage.simulator.control().count("create_edge_node"), 1);
    let named = ListEdgeNodes {
        name: Some("lost-answer".to_owned()),
        ..ListEdgeNodes::default()
    };
    let answer = client.send(&named, &never()).await.unwrap();
    assert_eq!(answer.body.nodes.len(), 1, "it had been created");
}

#[tokio::test]
async fn a_throttled_creation_is_sent_again_since_it_was_refused() {
    let stage = Stage::with_nodes(10).await;
    let throttled = FaultKind::Throttled(Duration::from_secs(1));
    stage
        .simulator
        .control()
        .add_fault(Fault::new(throttled).on("create_edge_node").times(1));
    stage
        .client()
        .send(&new_node("after-a-wait"), &never())
        .await
        .unwrap();
    assert_eq!(stage.simulator.control().count("create_edge_node"), 2);
}

#[tokio::test]
async fn a_call_can_be_cancelled_while_it_waits() {
    let stage = Stage::with_nodes(10).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::Latency(Duration::from_secs(60))));
    let cancel = never();
    let client = stage.client();
    let list = ListEdgeNodes::default();
    let call = client.send(&list, &cancel);
    let stop = async {
        // The request has arrived, so the client is waiting for its answer.
        while stage.simulator.control().count("list_edge_nodes") == 0 {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    };
    let (answer, ()) = tokio::join!(call, stop);
    expect(&answer.unwrap_err(), ErrorKind::Cancelled);
}
