use console_ipc::ErrorKind;
use console_ipc::bulk::{
    BulkPlan, ControlTask, ItemOutcome, ListTasks, PlanBulk, ShowTask, StartBulk, TaskState,
    TaskSummary,
};
use console_ipc::call::SendCall;
use console_ipc::error::NextStep;
use console_ipc::export::ExportTask;
use console_ipc::profile::{LockWrites, SaveProfile, SwitchProfile};
use ief_sim::{Fault, FaultKind};
use serde_json::{Value, json};

use super::support::{Desk, create_node, node_call, part, save_profile, simulator};

async fn create(desk: &Desk, name: &str) -> String {
    let sent = desk
        .ask::<SendCall>(json!({"call": create_node(name)}))
        .await
        .unwrap();
    part(&sent.answer.body, "/node/id")
}

/// Plans and starts, as the window does.
async fn start(desk: &Desk, request: Value) -> TaskSummary {
    desk.ask::<PlanBulk>(json!({"action": request["action"]}))
        .await
        .unwrap();
    desk.ask::<StartBulk>(request).await.unwrap()
}

fn forbidden_once() -> Fault {
    Fault::new(FaultKind::Forbidden)
        .on("enable_disable_edge_nodes")
        .times(1)
}

fn stop(ids: &[String]) -> Value {
    json!({
        "resource": "node",
        "selection": {"select": "ids", "ids": ids},
        "call": {"operation": "enable_disable_edge_nodes", "body": {"node": {"action": "stop"}}},
        "only_when": null,
    })
}

#[tokio::test]
async fn one_failure_among_many_is_told_and_can_be_tried_again() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let mut ids = Vec::new();
    for name in ["gw-1", "gw-2", "gw-3", "gw-4", "gw-5", "gw-6"] {
        ids.push(create(&desk, name).await);
    }
    let forbidden = forbidden_once();
    simulator.control().add_fault(forbidden.times(2));
    let started = start(&desk, json!({"action": stop(&ids)})).await;
    assert_eq!(
        (started.total, started.variant.as_deref()),
        (6, Some("stop"))
    );
    let task = desk.ended(&started.id).await;
    assert_eq!(
        (task.state, task.succeeded, task.failed, task.unknown),
        (TaskState::Done, 4, 2, 0)
    );
    let detail = desk
        .ask::<ShowTask>(json!({"id": task.id, "offset": 0, "limit": 500}))
        .await
        .unwrap();
    let first = &detail.items[0];
    assert!(
        matches!(&first.outcome, ItemOutcome::Failed { error } if error.kind == ErrorKind::Forbidden),
        "failed ones first"
    );
    assert!(detail.items.iter().all(|item| item.journal_id.is_some()));

    simulator.control().add_fault(forbidden_once());
    let again = desk
        .ask::<ControlTask>(json!({"id": task.id, "control": "retry_failed"}))
        .await
        .unwrap();
    assert_eq!(again.failed, 0);
    let task = desk.ended(&task.id).await;
    assert_eq!((task.succeeded, task.failed), (5, 1));
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 8);

    desk.ask::<ExportTask>(json!({"id": task.id, "format": "csv"}))
        .await
        .unwrap();
    let file = std::fs::read_to_string(desk.saved().join("enable_disable_edge_nodes.csv")).unwrap();
    assert_eq!(
        file.lines()
            .filter(|line| line.contains(",succeeded,"))
            .count(),
        5
    );
    assert_eq!(
        file.lines()
            .filter(|line| line.contains(",failed,forbidden,"))
            .count(),
        1
    );
    let stopped = desk
        .query(
            "node",
            json!({"filter": [{"column": "state", "op": "is", "values": ["STOPPED"]}]}),
        )
        .await;
    assert!(stopped.matched >= 5);
}

#[tokio::test]
async fn what_failed_is_tried_again_with_its_own_profile_only() {
    let simulator = simulator(1).await;
    let mut desk = Desk::new().await;
    let profile = desk.open_cloud(&simulator).await;
    let ids = [create(&desk, "gw-1").await, create(&desk, "gw-2").await];
    simulator.control().add_fault(forbidden_once());
    let started = start(&desk, json!({"action": stop(&ids)})).await;
    assert_eq!(desk.ended(&started.id).await.failed, 1);
    let retry = json!({"id": started.id, "control": "retry_failed"});

    desk.ask::<SwitchProfile>(json!({"id": "simulator"}))
        .await
        .unwrap();
    let error = desk.ask::<ControlTask>(retry.clone()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotConnected);
    assert_eq!(error.values["profile"], profile.name);

    desk.ask::<SwitchProfile>(json!({"id": profile.id}))
        .await
        .unwrap();
    let error = desk.ask::<ControlTask>(retry.clone()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ReadOnly);
    assert_eq!(desk.ended(&started.id).await.failed, 1, "nothing is lost");

    desk.unlock().await;
    desk.ask::<ControlTask>(retry.clone()).await.unwrap();
    let task = desk.ended(&started.id).await;
    assert_eq!((task.succeeded, task.failed), (2, 0));

    // Nothing has failed any more, so that it does not matter which profile is in use.
    desk.ask::<SwitchProfile>(json!({"id": "simulator"}))
        .await
        .unwrap();
    desk.ask::<ControlTask>(retry.clone()).await.unwrap();
    desk.restart().await;
    let error = desk.ask::<ControlTask>(retry).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Gone);
}

#[tokio::test]
async fn the_same_profile_led_elsewhere_does_not_try_again_what_failed() {
    let (one, other) = (simulator(1).await, simulator(1).await);
    let desk = Desk::new().await;
    let profile = desk.open_cloud(&one).await;
    let ids = [create(&desk, "gw-1").await];
    one.control().add_fault(forbidden_once());
    let started = start(&desk, json!({"action": stop(&ids)})).await;
    assert_eq!(desk.ended(&started.id).await.failed, 1);
    let mut moved = save_profile(other.account(), "password");
    moved["profile"]["id"] = json!(profile.id);
    desk.ask::<SaveProfile>(moved).await.unwrap();
    desk.unlock().await;
    let retry = json!({"id": started.id, "control": "retry_failed"});
    let error = desk.ask::<ControlTask>(retry).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotConnected);
}

#[tokio::test]
async fn the_last_fifty_tasks_are_kept() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let ids = [create(&desk, "gw-1").await];
    let mut started = Vec::new();
    for _ in 0..52 {
        let task = start(&desk, json!({"action": stop(&ids)})).await;
        desk.ended(&task.id).await;
        desk.clock.advance(1);
        if started.len() % 5 == 0 {
            desk.unlock().await;
        }
        started.push(task.id);
    }
    let kept = desk.ask::<ListTasks>(json!({})).await.unwrap();
    let kept: Vec<_> = kept.into_iter().rev().map(|task| task.id).collect();
    assert_eq!(kept, started[2..]);
}

#[tokio::test]
async fn a_plan_says_what_can_be_done_and_what_has_to_be_typed() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    for name in ["gw-1", "gw-2", "gw-3"] {
        create(&desk, name).await;
    }
    let delete = json!({
        "resource": "node",
        "selection": {
            "select": "matching",
            "query": {"filter": [{"column": "name", "op": "contains", "values": ["gw-"]}]},
            "except": [],
        },
        "call": {"operation": "delete_edge_node"},
        "only_when": ["state", ["UNCONNECTED"]],
    });
    let plan: BulkPlan = desk
        .ask::<PlanBulk>(json!({"action": delete}))
        .await
        .unwrap();
    let asked = plan.confirmation.clone().unwrap();
    assert_eq!(asked, format!("delete {}", plan.will));
    assert!(plan.will >= 3);
    for typed in [json!(null), json!("delete"), json!("delete 2")] {
        let error = desk
            .ask::<StartBulk>(json!({"action": delete, "confirmation": typed}))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotConfirmed);
    }
    assert_eq!(simulator.control().count("delete_edge_node"), 0);
    let started = desk
        .ask::<StartBulk>(json!({"action": delete, "confirmation": asked}))
        .await
        .unwrap();
    let task = desk.ended(&started.id).await;
    assert_eq!(task.succeeded, plan.will);
    let left = desk.query("node", json!({"filter": [{"column": "name", "op": "contains", "values": ["gw-"]}, {"column": "state", "op": "is", "values": ["UNCONNECTED"]}]})).await;
    assert_eq!(left.matched, 0, "they are gone from the list too");

    let nothing = desk
        .ask::<StartBulk>(json!({"action": delete}))
        .await
        .unwrap_err();
    assert_eq!(nothing.kind, ErrorKind::Gone);
}

#[tokio::test]
async fn many_rows_are_not_acted_on_without_a_text_that_is_typed() {
    let simulator = simulator(30).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let rows = desk.rows("node", json!({})).await.rows;
    let ids: Vec<_> = rows.into_iter().take(21).map(|row| row.id).collect();
    let few: BulkPlan = desk
        .ask::<PlanBulk>(json!({"action": stop(&ids[..20])}))
        .await
        .unwrap();
    assert_eq!((few.will, few.confirmation), (20, None));
    let many: BulkPlan = desk
        .ask::<PlanBulk>(json!({"action": stop(&ids)}))
        .await
        .unwrap();
    assert_eq!(many.confirmation.as_deref(), Some("stop 21"));
    for typed in [json!(null), json!("stop"), json!("stop 20")] {
        let error = desk
            .ask::<StartBulk>(json!({"action": stop(&ids), "confirmation": typed}))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotConfirmed);
    }
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 0);
    let request = json!({"action": stop(&ids), "confirmation": "stop 21"});
    let started = desk.ask::<StartBulk>(request).await.unwrap();
    assert_eq!(desk.ended(&started.id).await.total, 21);
    assert!(simulator.control().count("enable_disable_edge_nodes") > 0);
}

#[tokio::test]
async fn the_lock_stops_a_task_in_the_middle() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let mut ids = Vec::new();
    for number in 0..12 {
        ids.push(create(&desk, &format!("gw-{number}")).await);
    }
    // The reading before each request is held, so that the lock falls in between.
    let slow = FaultKind::Latency(std::time::Duration::from_millis(1500));
    simulator
        .control()
        .add_fault(Fault::new(slow).on("show_edge_node_detail"));
    let started = start(&desk, json!({"action": stop(&ids)})).await;
    desk.ask::<LockWrites>(json!({})).await.unwrap();
    let task = desk.ended(&started.id).await;
    assert_eq!(task.state, TaskState::Stopped);
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 0);
    let detail = desk
        .ask::<ShowTask>(json!({"id": task.id, "offset": 0, "limit": 500}))
        .await
        .unwrap();
    assert!(
        detail
            .items
            .iter()
            .all(|item| item.outcome == ItemOutcome::Skipped)
    );
}

#[tokio::test]
async fn a_task_does_not_go_on_under_another_unlocking() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(create(&desk, &format!("gw-{number}")).await);
    }
    let slow = FaultKind::Latency(std::time::Duration::from_millis(300));
    simulator
        .control()
        .add_fault(Fault::new(slow).on("show_edge_node_detail"));
    for paused in [false, true] {
        let started = start(&desk, json!({"action": stop(&ids)})).await;
        if paused {
            desk.ask::<ControlTask>(json!({"id": started.id, "control": "pause"}))
                .await
                .unwrap();
        }
        desk.ask::<LockWrites>(json!({})).await.unwrap();
        desk.unlock().await;
        let task = desk.ended(&started.id).await;
        assert_eq!(task.state, TaskState::Stopped);
        assert_eq!((task.succeeded, task.failed), (0, 0));
        for control in ["resume", "retry_failed"] {
            let request = json!({"id": task.id, "control": control});
            let told = desk.ask::<ControlTask>(request).await.unwrap();
            assert_eq!(told.state, TaskState::Stopped);
        }
    }
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 0);
}

#[tokio::test]
async fn what_has_failed_stays_failed_when_the_lock_falls() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let ids = [create(&desk, "gw-1").await, create(&desk, "gw-2").await];
    simulator.control().add_fault(forbidden_once());
    let slow = FaultKind::Latency(std::time::Duration::from_millis(1500));
    simulator
        .control()
        .add_fault(Fault::new(slow).on("show_edge_node_detail").after(1));
    let started = start(&desk, json!({"action": stop(&ids)})).await;
    let retry = json!({"id": started.id, "control": "retry_failed"});
    let failed = async || {
        let tasks = desk.ask::<ListTasks>(json!({})).await.unwrap();
        tasks[0].failed == 1
    };
    while !failed().await {
        tokio::task::yield_now().await;
    }
    // One has failed, the other is on its way.
    desk.ask::<LockWrites>(json!({})).await.unwrap();
    let error = desk.ask::<ControlTask>(retry.clone()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::ReadOnly);
    desk.unlock().await;
    let again = desk.ask::<ControlTask>(retry.clone()).await.unwrap();
    assert_eq!((again.failed, again.state), (0, TaskState::Running));
    // It gets no other turn, so that it has failed still.
    desk.ask::<LockWrites>(json!({})).await.unwrap();
    let task = desk.ended(&started.id).await;
    assert_eq!((task.failed, task.state), (1, TaskState::Stopped));
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 1);

    desk.unlock().await;
    desk.ask::<ControlTask>(retry).await.unwrap();
    let task = desk.ended(&started.id).await;
    assert_eq!((task.succeeded, task.failed), (1, 0));
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 2);
}

#[tokio::test]
async fn a_task_is_held_and_ended_by_its_user() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let mut ids = Vec::new();
    for number in 0..10 {
        ids.push(create(&desk, &format!("gw-{number}")).await);
    }
    let slow = FaultKind::Latency(std::time::Duration::from_millis(700));
    simulator
        .control()
        .add_fault(Fault::new(slow).on("show_edge_node_detail"));
    let started = start(&desk, json!({"action": stop(&ids)})).await;
    let control = |what: &str| json!({"id": started.id, "control": what});
    let paused = desk.ask::<ControlTask>(control("pause")).await.unwrap();
    assert_eq!(paused.state, TaskState::Paused);
    let resumed = desk.ask::<ControlTask>(control("resume")).await.unwrap();
    assert_eq!(resumed.state, TaskState::Running);
    desk.ask::<ControlTask>(control("cancel")).await.unwrap();
    let task = desk.ended(&started.id).await;
    assert_eq!(task.state, TaskState::Cancelled);
    assert!(task.succeeded < 10);
    assert_eq!(
        simulator.control().count("enable_disable_edge_nodes"),
        task.succeeded
    );
}

#[tokio::test]
async fn rows_of_which_nobody_knows_are_not_sent_again() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let mut ids = Vec::new();
    for name in ["gw-1", "gw-2"] {
        ids.push(create(&desk, name).await);
    }
    let upgrade = json!({
        "resource": "node",
        "selection": {"select": "ids", "ids": ids},
        "call": {"operation": "upgrade_edge_node"},
        "only_when": null,
    });
    simulator
        .control()
        .add_fault(Fault::new(FaultKind::ResetAfter).on("upgrade_edge_node"));
    let request = json!({"action": upgrade, "confirmation": "upgrade 2"});
    let started = start(&desk, request).await;
    let task = desk.ended(&started.id).await;
    assert_eq!((task.unknown, task.failed), (2, 0));
    desk.ask::<ControlTask>(json!({"id": task.id, "control": "retry_failed"}))
        .await
        .unwrap();
    desk.ended(&task.id).await;
    assert_eq!(simulator.control().count("upgrade_edge_node"), 2);
}

#[tokio::test]
async fn rows_at_which_the_service_failed_half_way_are_not_sent_again() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let ids = [create(&desk, "gw-1").await, create(&desk, "gw-2").await];
    simulator
        .control()
        .add_fault(Fault::new(FaultKind::Internal).on("enable_disable_edge_nodes"));
    let started = start(&desk, json!({"action": stop(&ids)})).await;
    let task = desk.ended(&started.id).await;
    assert_eq!((task.unknown, task.failed), (2, 0));
    let detail = desk
        .ask::<ShowTask>(json!({"id": task.id, "offset": 0, "limit": 500}))
        .await
        .unwrap();
    for item in &detail.items {
        let ItemOutcome::Failed { error } = &item.outcome else {
            panic!("{item:?}");
        };
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
        assert_eq!(error.next, NextStep::Verify);
        assert!(error.service_code.is_some());
        assert_eq!(error.values["answered"], "500");
        assert!(!error.values.contains_key("cut"), "nothing was cut");
    }
    desk.ask::<ControlTask>(json!({"id": task.id, "control": "retry_failed"}))
        .await
        .unwrap();
    desk.ended(&task.id).await;
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 2);
}

#[tokio::test]
async fn a_task_of_other_rows_than_planned_is_not_started() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let stop_all = json!({
        "resource": "node",
        "selection": {
            "select": "matching",
            "query": {"filter": [{"column": "name", "op": "contains", "values": ["gw-"]}]},
            "except": [],
        },
        "call": {"operation": "enable_disable_edge_nodes", "body": {"node": {"action": "stop"}}},
        "only_when": null,
    });
    let request = |will: u64| json!({"action": stop_all, "will": will});
    let refused = async |will: u64| {
        let error = desk.ask::<StartBulk>(request(will)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.next),
            (ErrorKind::Changed, NextStep::Reload)
        );
        error.values
    };
    let planned = async || {
        let plan = desk.ask::<PlanBulk>(json!({"action": stop_all})).await;
        plan.unwrap().will
    };
    let (first, _) = (create(&desk, "gw-1").await, create(&desk, "gw-2").await);
    refused(2).await;
    assert_eq!(planned().await, 2);
    let values = refused(1).await;
    assert_eq!((&*values["seen"], &*values["now"]), ("1", "2"));

    // Somebody deletes one and registers another: as many as before, but not those that were shown.
    let delete = json!({"call": node_call("delete_edge_node", &first), "confirmation": "gw-1"});
    desk.ask::<SendCall>(delete).await.unwrap();
    create(&desk, "gw-3").await;
    let values = refused(2).await;
    assert_eq!(values["rows"], "2");
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 0);

    assert_eq!(planned().await, 2);
    let started = desk.ask::<StartBulk>(request(2)).await.unwrap();
    assert_eq!(desk.ended(&started.id).await.succeeded, 2);
    // Once from each plan: a second click starts nothing.
    refused(2).await;
    assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 2);
}

#[tokio::test]
async fn a_plan_of_another_profile_starts_nothing() {
    let (first, second) = (simulator(1).await, simulator(1).await);
    let desk = Desk::new().await;
    desk.open_cloud(&first).await;
    // Whichever nodes there are: both services have some.
    let mut action = stop(&[]);
    action["selection"] = json!({"select": "matching", "query": {"filter": []}, "except": []});
    let plan = async || {
        let plan = desk.ask::<PlanBulk>(json!({"action": action})).await;
        plan.unwrap()
    };
    let shown = plan().await;
    desk.cloud(&second, "access_key").await;
    desk.unlock().await;
    // The same action was shown there too, and is not what this sheet has shown.
    let there = plan().await;
    assert!(there.will > 0 && there.session > shown.session);
    let request = json!({"action": action, "session": shown.session});
    let error = desk.ask::<StartBulk>(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Changed);
    assert!(desk.ask::<ListTasks>(json!({})).await.unwrap().is_empty());
    for simulator in [&first, &second] {
        assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 0);
    }
}

#[tokio::test]
async fn a_plan_holds_in_its_own_session_only() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    let profile = desk.open_cloud(&simulator).await;
    let ids = [create(&desk, "gw-1").await];
    let request = json!({"action": stop(&ids), "will": 1});
    desk.ask::<PlanBulk>(json!({"action": stop(&ids)}))
        .await
        .unwrap();
    desk.ask::<SwitchProfile>(json!({"id": profile.id}))
        .await
        .unwrap();
    desk.unlock().await;
    let error = desk.ask::<StartBulk>(request.clone()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Changed);
    let started = start(&desk, request).await;
    assert_eq!(desk.ended(&started.id).await.succeeded, 1);
}

#[tokio::test]
async fn tags_are_put_on_and_taken_off_many_in_one_task() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let ids = [create(&desk, "gw-1").await, create(&desk, "gw-2").await];
    let call = |action: &str, tags: Value| {
        json!({
            "operation": "batch_add_delete_tags",
            "path": {"resource_type": "ief-edge_node"},
            "body": {"action": action, "tags": tags},
        })
    };
    let put = |tags: Value| call("create", tags);
    let action = |first: Value, then: Value| {
        json!({
            "resource": "node",
            "selection": {"select": "ids", "ids": ids},
            "call": first,
            "then": then,
            "only_when": null,
        })
    };
    let both = json!([{"key": "crew", "value": "bj"}, {"key": "bay", "value": "1"}]);
    let off = call("delete", json!([{"key": "bay"}]));
    let mixed = action(put(both), json!([off]));
    simulator.control().add_fault(
        Fault::new(FaultKind::Forbidden)
            .on("batch_add_delete_tags")
            .times(1)
            .after(3),
    );
    let started = start(&desk, json!({"action": mixed})).await;
    let task = desk.ended(&started.id).await;
    assert_eq!((task.succeeded, task.failed), (1, 1));
    desk.ask::<ControlTask>(json!({"id": task.id, "control": "retry_failed"}))
        .await
        .unwrap();
    let task = desk.ended(&task.id).await;
    assert_eq!((task.succeeded, task.failed), (2, 0));
    assert_eq!(simulator.control().count("batch_add_delete_tags"), 6);
    for (tag, rows) in [("crew=bj", 2), ("bay=1", 0)] {
        let term = json!({"column": "tag", "op": "is", "values": [tag]});
        let found = desk.query("node", json!({"filter": [term]})).await;
        assert_eq!(found.matched, rows, "{tag}");
    }

    let other = json!({"operation": "delete_edge_node"});
    let mixed = action(put(json!([{"key": "crew"}])), json!([other]));
    let refused = desk.ask::<PlanBulk>(json!({"action": mixed})).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::InvalidCall);
    let mut device = action(put(json!([{"key": "crew"}])), json!([]));
    device["resource"] = json!("device");
    let refused = desk.ask::<PlanBulk>(json!({"action": device})).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::InvalidCall);
}

#[tokio::test]
async fn one_thing_is_taken_off_many_rows() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let mut ids = Vec::new();
    for name in ["gw-1", "gw-2", "gw-3"] {
        ids.push(create(&desk, name).await);
    }
    let item = json!({"name": "key", "value": "canary"});
    let body = json!({"encrypt_data": {"name": "login", "config": [item]}});
    let call = json!({"operation": "create_encryptdatas", "body": body});
    let made = desk.ask::<SendCall>(json!({"call": call})).await.unwrap();
    let data: String = part(&made.answer.body, "/encrypt_data/id");
    let each = |call: Value| {
        json!({
            "resource": "node",
            "selection": {"select": "ids", "ids": ids},
            "call": call,
            "only_when": null,
        })
    };
    let bind = each(json!({
        "operation": "create_node_encryptdatas",
        "body": {"encrypt_datas": [data]},
    }));
    let started = start(&desk, json!({"action": bind})).await;
    assert_eq!(desk.ended(&started.id).await.succeeded, 3);

    let unnamed = each(json!({"operation": "delete_node_encryptdatas"}));
    let error = desk
        .ask::<PlanBulk>(json!({"action": unnamed}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidCall);
    let unbind = each(json!({
        "operation": "delete_node_encryptdatas",
        "path": {"encryptdata_id": data},
    }));
    let request = json!({"action": unbind, "confirmation": "delete 3"});
    let started = start(&desk, request).await;
    assert_eq!(desk.ended(&started.id).await.succeeded, 3);
    assert_eq!(simulator.control().count("delete_node_encryptdatas"), 3);
}
