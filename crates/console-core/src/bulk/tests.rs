use std::sync::Arc;
use std::time::Duration;

use console_ipc::Command;
use console_ipc::bulk::{ListTasks, PlanBulk, StartBulk, TaskSummary};
use console_ipc::call::SendCall;
use console_ipc::profile::SwitchProfile;
use serde_json::{Value, json};

use crate::{Console, Options, SaveFolder};

async fn ask<C: Command>(console: &Console, request: Value) -> C::Response {
    let answer = console.dispatch(C::NAME, request).await.unwrap();
    serde_json::from_value(answer).unwrap()
}

#[tokio::test]
async fn a_task_that_has_ended_lets_go_of_its_session() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let console = Console::start(Options {
        keyring: None,
        lock_patience: Duration::ZERO,
        ..Options::new(
            path("config"),
            path("data"),
            Arc::new(SaveFolder::new(path("saved"))),
        )
    });
    let console = console.await.unwrap();
    let session = ask::<SwitchProfile>(&console, json!({"id": "simulator"})).await;
    let session = session.number;
    let create = json!({"operation": "create_edge_node", "body": {"node": {"name": "gw-1"}}});
    let sent = ask::<SendCall>(&console, json!({"call": create, "session": session})).await;
    let action = json!({
        "resource": "node",
        "selection": {"select": "ids", "ids": [sent.answer.body["node"]["id"]]},
        "call": {"operation": "enable_disable_edge_nodes", "body": {"node": {"action": "stop"}}},
        "only_when": null,
    });
    ask::<PlanBulk>(&console, json!({"action": action})).await;
    ask::<StartBulk>(&console, json!({"action": action, "session": session})).await;
    let ended = async || {
        let tasks: Vec<TaskSummary> = ask::<ListTasks>(&console, json!({})).await;
        tasks[0].ended_ms.is_some()
    };
    while !ended().await {
        tokio::task::yield_now().await;
    }
    let session = Arc::downgrade(&console.core.session().unwrap());
    console.close().await;
    // What else works in the session ends with it. Something that kept it would keep this waiting for good.
    while session.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(console.core.tasks.all().len(), 1, "the task is still shown");
}
