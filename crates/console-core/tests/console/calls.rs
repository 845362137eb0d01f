use console_ipc::call::{
    DropWithheld, PreviewCall, ReadCall, SaveWithheld, Saved, SendCall, SentAnswer,
};
use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::journal::{JournalOutcome, ListJournal, ShowJournalEntry};
use console_ipc::profile::{GuardState, LockWrites, SwitchProfile, UnlockWrites};
use console_ipc::{ErrorKind, IpcError};
use ief_sim::{Fault, FaultKind};
use serde_json::{Value, json};

use super::support::{Desk, create_node, node_call, part, simulator};

async fn create(desk: &Desk, name: &str) -> (String, SentAnswer) {
    let sent = desk
        .ask::<SendCall>(json!({"call": create_node(name)}))
        .await
        .unwrap();
    (part(&sent.answer.body, "/node/id"), sent)
}

async fn journal(desk: &Desk, search: &str) -> Vec<console_ipc::journal::JournalSummary> {
    let request = json!({"search": search, "offset": 0, "limit": 500});
    desk.ask::<ListJournal>(request).await.unwrap().entries
}

#[tokio::test]
async fn a_package_is_held_back_and_saved_for_its_owner() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    desk.rows("node", json!({})).await;
    let (id, sent) = create(&desk, "gw-new").await;
    assert_eq!(sent.answer.body["node"]["package"], Value::Null);
    let package = sent
        .answer
        .withheld
        .iter()
        .find(|withheld| withheld.path.ends_with("package"))
        .unwrap();
    let request = json!({"handle": package.handle, "suggested_name": "../gw-new.tar.gz"});
    let saved = desk.ask::<SaveWithheld>(request).await.unwrap();
    let Saved::Written { path, bytes } = saved else {
        panic!("nobody cancelled");
    };
    assert_eq!(bytes, package.bytes);
    assert!(std::path::Path::new(&path).starts_with(desk.saved()));
    let contents = std::fs::read(&path).unwrap();
    assert_eq!(contents[..2], [0x1f, 0x8b], "an archive, not base64");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    desk.ask::<DropWithheld>(json!({"handle": package.handle}))
        .await
        .unwrap();
    let request = json!({"handle": package.handle, "suggested_name": "again"});
    assert_eq!(
        desk.ask::<SaveWithheld>(request).await.unwrap_err().kind,
        ErrorKind::Gone
    );

    let rows = desk.query("node", json!({})).await;
    assert!(
        rows.rows.iter().any(|row| row.id == id),
        "the list has it without being read again"
    );
    let entry = &journal(&desk, "gw-new").await[0];
    assert_eq!(
        entry.target.as_ref().unwrap().id,
        id,
        "the journal knows the new identifier"
    );
}

#[tokio::test]
async fn what_has_nothing_around_it_in_an_answer_is_known_as_well() {
    let simulator = simulator(20).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let nodes = desk.rows("node", json!({})).await;
    let job = json!({
        "job_name": "night-wave", "job_type": "node_upgrade",
        "job_content": {"target_type": "node", "targets": [{"target_id": nodes.rows[0].id}]},
    });
    for (kind, create, body, id, delete, parameter) in [
        (
            "node_group",
            "create_edge_group",
            json!({"name": "night-wave"}),
            "/id",
            "delete_edge_group",
            "group_id",
        ),
        (
            "batch_job",
            "create_batch_job",
            job,
            "/job_id",
            "delete_batch_job",
            "job_id",
        ),
    ] {
        desk.rows(kind, json!({})).await;
        let call = json!({"operation": create, "body": body});
        let sent = desk.ask::<SendCall>(json!({"call": call})).await.unwrap();
        let id = part(&sent.answer.body, id);
        let rows = desk.query(kind, json!({})).await;
        let row = rows.rows.iter().find(|row| row.id == id);
        assert_eq!(row.unwrap().name, "night-wave", "the list of {kind} has it");
        let entry = &journal(&desk, "night-wave").await[0];
        let target = entry.target.as_ref().unwrap();
        assert_eq!((&target.id, target.name.as_str()), (&id, "night-wave"));
        // Deleting asks for the name, not for the identifier.
        let call = json!({"operation": delete, "path": {parameter: id}});
        let wrong = json!({"call": call, "confirmation": id});
        assert!(desk.ask::<SendCall>(wrong).await.is_err(), "{kind}");
        let right = json!({"call": call, "confirmation": "night-wave"});
        desk.ask::<SendCall>(right).await.unwrap();
        let rows = desk.query(kind, json!({})).await;
        assert!(rows.rows.iter().all(|row| row.id != id), "{kind}");
    }
}

#[tokio::test]
async fn a_tag_changes_the_row_of_its_thing_and_nothing_else() {
    let simulator = simulator(20).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let nodes = desk.rows("node", json!({})).await;
    desk.rows("device", json!({})).await;
    let node = &nodes.rows[0];
    let tagged_query = json!({"filter": [{"column": "tag", "op": "is", "values": ["pilot=yes"]}]});
    let listed = ["list_edge_nodes", "list_devices"].map(|name| simulator.control().count(name));
    let path = json!({"resource_type": "ief-edge_node", "resource_id": node.id});
    let body = json!({"tag": {"key": "pilot", "value": "yes"}});
    let call = json!({"operation": "create_tag", "path": path, "body": body});
    desk.ask::<SendCall>(json!({"call": call})).await.unwrap();
    let entry = &journal(&desk, &node.name).await[0];
    assert_eq!(entry.target.as_ref().unwrap().id, node.id);
    let tagged = desk.query("node", tagged_query.clone()).await;
    assert_eq!(tagged.rows.len(), 1);
    let now = ["list_edge_nodes", "list_devices"].map(|name| simulator.control().count(name));
    assert_eq!(now, listed, "no list is read again for one row");

    let mut path = path;
    path["key"] = json!("pilot");
    let call = json!({"operation": "delete_resource_tag", "path": path});
    let right = json!({"call": call, "confirmation": node.name});
    desk.ask::<SendCall>(right).await.unwrap();
    let tagged = desk.query("node", tagged_query.clone()).await;
    assert_eq!(tagged.rows.len(), 0);
}

#[tokio::test]
async fn what_is_held_back_ends_with_the_session() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let (_, sent) = create(&desk, "gw-new").await;
    desk.ask::<SwitchProfile>(json!({"id": "simulator"}))
        .await
        .unwrap();
    let request = json!({"handle": sent.answer.withheld[0].handle, "suggested_name": "x"});
    assert_eq!(
        desk.ask::<SaveWithheld>(request).await.unwrap_err().kind,
        ErrorKind::Gone
    );
}

#[tokio::test]
async fn a_locked_profile_refuses_every_change_wherever_it_comes_from() {
    let simulator = simulator(3).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "password").await;
    let rows = desk.rows("node", json!({})).await;
    let stop =
        json!({"operation": "enable_disable_edge_nodes", "body": {"node": {"action": "stop"}}});
    let bulk = json!({"action": {"resource": "node", "selection": {"select": "ids", "ids": [rows.rows[0].id]}, "call": stop, "only_when": null}});
    let session = desk.state().await.session.number;
    for (name, mut request) in [
        ("send_call", json!({"call": create_node("gw-new")})),
        (
            "send_call",
            json!({"call": node_call("delete_edge_node", &rows.rows[0].id), "confirmation": rows.rows[0].name}),
        ),
        ("start_bulk", bulk),
    ] {
        request["session"] = json!(session);
        let error = desk.console.dispatch(name, request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::ReadOnly, "{name}");
    }
    // Reading commands send nothing that changes anything either.
    let error = desk
        .ask::<ReadCall>(json!({"call": create_node("gw-new")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidCall);
    for operation in [
        "create_edge_node",
        "delete_edge_node",
        "enable_disable_edge_nodes",
    ] {
        assert_eq!(simulator.control().count(operation), 0);
    }
    assert!(journal(&desk, "").await.is_empty());
}

#[tokio::test]
async fn the_lock_opens_for_a_reason_and_closes_on_time() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "password").await;
    let error = desk
        .ask::<UnlockWrites>(json!({"minutes": 5, "reason": " "}))
        .await
        .unwrap_err();
    assert_eq!(error.values["field"], "reason");
    desk.ask::<UnlockWrites>(json!({"minutes": 5, "reason": "ticket 7"}))
        .await
        .unwrap();
    let (_, sent) = create(&desk, "gw-1").await;
    let entry = desk
        .ask::<ShowJournalEntry>(json!({"id": sent.journal_id}))
        .await
        .unwrap();
    assert_eq!(entry.reason.as_deref(), Some("ticket 7"));
    let unlocked = journal(&desk, "unlock_writes").await;
    assert_eq!(unlocked.len(), 1);
    assert_eq!(unlocked[0].outcome, JournalOutcome::Succeeded { status: 0 });

    // Whoever sets the clock back has no more time by it.
    desk.clock.set_back(600);
    desk.clock.advance(5);
    desk.event(|event| match event {
        Event::Guard { guard } => (guard == GuardState::Locked).then_some(()),
        _ => None,
    })
    .await;
    let error = desk
        .ask::<SendCall>(json!({"call": create_node("gw-2")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::ReadOnly);

    desk.unlock().await;
    desk.ask::<LockWrites>(json!({})).await.unwrap();
    let error = desk
        .ask::<SendCall>(json!({"call": create_node("gw-2")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::ReadOnly);
}

#[tokio::test]
async fn deleting_asks_for_the_name_that_the_service_has() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let (id, _) = create(&desk, "gw-real").await;
    let call = node_call("delete_edge_node", &id);
    let preview = desk
        .ask::<PreviewCall>(json!({"call": call, "target": null}))
        .await
        .unwrap();
    assert_eq!(preview.confirmation.as_deref(), Some("gw-real"));
    assert_eq!(preview.method, "DELETE");
    assert!(preview.path.ends_with(&format!("/edgemgr/nodes/{id}")));

    let claimed = json!({"resource": "node", "id": id, "name": "x"});
    for confirmation in [json!(null), json!(""), json!("gw-rea"), json!("x")] {
        let request = json!({"call": call, "target": claimed, "confirmation": confirmation});
        let error = desk.ask::<SendCall>(request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotConfirmed);
        assert_eq!(error.values["name"], "gw-real");
    }
    let another = json!({"resource": "node", "id": "another", "name": "gw-real"});
    let request = json!({"call": call, "target": another, "confirmation": "gw-real"});
    assert_eq!(
        desk.ask::<SendCall>(request).await.unwrap_err().kind,
        ErrorKind::InvalidCall
    );
    let request = json!({"call": call, "target": another});
    assert_eq!(
        desk.ask::<PreviewCall>(request).await.unwrap_err().kind,
        ErrorKind::InvalidCall,
        "what would not be sent is not shown as if it would"
    );
    assert_eq!(simulator.control().count("delete_edge_node"), 0);

    let request = json!({"call": call, "target": claimed, "confirmation": "gw-real"});
    let sent = desk.ask::<SendCall>(request).await.unwrap();
    let entry = desk
        .ask::<ShowJournalEntry>(json!({"id": sent.journal_id}))
        .await
        .unwrap();
    assert_eq!(entry.summary.operation, "delete_edge_node");
    assert_eq!(entry.summary.profile, "Berlin password");
    assert_eq!(
        entry.summary.target.as_ref().unwrap().name,
        "gw-real",
        "not what the window said"
    );
    assert!(matches!(
        entry.summary.outcome,
        JournalOutcome::Succeeded { status: 200..300 }
    ));
    assert!(entry.summary.request_id.is_some());
    assert_eq!(entry.before.as_ref().unwrap()["node"]["name"], "gw-real");
    assert!(entry.http.unwrap().starts_with("DELETE /v2/"));
}

#[tokio::test]
async fn a_certificate_is_confirmed_by_its_name_too() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let (node, _) = create(&desk, "gw-1").await;
    let mut call = node_call("create_edge_node_certs", &node);
    call["body"] = json!({"name": "cert-1", "type": "application"});
    let sent = desk.ask::<SendCall>(json!({"call": call})).await.unwrap();
    assert_eq!(sent.answer.withheld.len(), 2, "its key and its package");
    let cert: String = part(&sent.answer.body, "/id");
    let mut call = node_call("delete_edge_node_certs", &node);
    call["path"]["cert_id"] = json!(cert);
    let error = desk
        .ask::<SendCall>(json!({"call": call, "confirmation": "cert"}))
        .await
        .unwrap_err();
    assert_eq!(error.values["name"], "cert-1");
    desk.ask::<SendCall>(json!({"call": call, "confirmation": "cert-1"}))
        .await
        .unwrap();
}

#[tokio::test]
async fn whatever_is_deleted_is_confirmed_by_what_it_is_called() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let (node, _) = create(&desk, "gw-1").await;
    let send = async |call: &Value| desk.ask::<SendCall>(json!({"call": call})).await;
    let template = json!({
        "configs": {"host_network": true, "restart_policy": "Always"},
        "containers": [{"name": "c", "image_url": "nginx:alpine"}],
    });
    let run = json!({"replicas": 1, "template": template});
    let body = json!({"name": "web", "node_ids": [node], "deployment": run});
    let made = send(&json!({"operation": "create_deployments", "body": body}))
        .await
        .unwrap();
    let deployment: String = part(&made.answer.body, "/id");
    let query = json!([["deployment_id", deployment]]);
    let call = json!({"operation": "list_pods", "query": query});
    let listed = desk.ask::<ReadCall>(json!({"call": call})).await.unwrap();
    let pod: String = part(&listed.body, "/pods/0/name");

    let metadata = json!({"name": "front"});
    let spec = json!({"selector": {"app": "web"}});
    let body = json!({"service": {"meta_data": metadata, "spec": spec}});
    let made = send(&json!({"operation": "create_service", "body": body}))
        .await
        .unwrap();
    let service: String = part(&made.answer.body, "/service/id");
    let body = json!({"app": {"name": "web"}});
    let made = send(&json!({"operation": "create_app", "body": body}))
        .await
        .unwrap();
    let app: String = part(&made.answer.body, "/app/id");
    let path = json!({"app_id": app});
    let body = json!({"version": {"version": "v1.2", "image_url": "nginx:alpine"}});
    let call = json!({"operation": "create_app_versions", "path": path, "body": body});
    let version: String = part(&send(&call).await.unwrap().answer.body, "/version/id");

    for (operation, path, called) in [
        (
            "delete_pod",
            json!({"deployment_id": deployment, "pod_name": pod}),
            pod.as_str(),
        ),
        ("delete_service", json!({"service_id": service}), "front"),
        (
            "delete_app_version",
            json!({"app_id": app, "version_id": version}),
            "v1.2",
        ),
        (
            "delete_deployment",
            json!({"deployment_id": deployment}),
            "web",
        ),
    ] {
        let call = json!({"operation": operation, "path": path});
        let error = send(&call).await.unwrap_err();
        assert_eq!(error.values["name"], called, "{operation}");
        let request = json!({"call": call, "confirmation": called});
        desk.ask::<SendCall>(request).await.unwrap();
    }
}

#[tokio::test]
async fn broken_rules_and_newer_versions_stop_a_change() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let error = desk
        .ask::<SendCall>(json!({"call": create_node("b%d name")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Violations);
    assert!(!error.violations.is_empty());
    assert_eq!(simulator.control().count("create_edge_node"), 0);

    let (id, sent) = create(&desk, "gw-1").await;
    let version: String = part(&sent.answer.body, "/node/updated_at");
    let mut call = node_call("update_edge_node", &id);
    call["body"] = json!({"node": {"description": "first"}});
    let request = json!({"call": call, "seen_version": "2001-01-01T00:00:00Z"});
    let error = desk.ask::<SendCall>(request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Changed);
    assert_eq!(simulator.control().count("update_edge_node"), 0);
    let request = json!({"call": call, "seen_version": version});
    desk.ask::<SendCall>(request).await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_in_the_journal_too() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    create(&desk, "gw-1").await;
    let error = desk
        .ask::<SendCall>(json!({"call": create_node("gw-1")}))
        .await
        .unwrap_err();
    assert!(
        error.service_code.is_some() && error.request_id.is_some(),
        "{error:?}"
    );
    let entries = journal(&desk, "create_edge_node").await;
    assert_eq!(entries.len(), 2);
    let JournalOutcome::Failed { error: kept } = &entries[0].outcome else {
        panic!("{:?}", entries[0]);
    };
    assert_eq!(kept, &error);
}

#[tokio::test]
async fn a_right_that_was_refused_is_told_before_it_is_needed_again() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let preview = json!({"call": create_node("gw-1")});
    let before = desk.ask::<PreviewCall>(preview.clone()).await.unwrap();
    assert_eq!(before.refused_at_ms, None);
    let refusal = Fault::new(FaultKind::Forbidden).on("create_edge_node");
    simulator.control().add_fault(refusal.times(1));
    let error = desk
        .ask::<SendCall>(json!({"call": create_node("gw-1")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Forbidden);
    let after = desk.ask::<PreviewCall>(preview.clone()).await.unwrap();
    assert!(after.refused_at_ms.is_some());
    create(&desk, "gw-1").await;
    let granted = desk.ask::<PreviewCall>(preview).await.unwrap();
    assert_eq!(granted.refused_at_ms, None);
}

/// The values by which the sentence tells why nobody knows.
fn why_unknown(error: &IpcError) -> Vec<&str> {
    ["cut", "silent", "answered", "unreadable"]
        .into_iter()
        .filter(|name| error.values.contains_key(*name))
        .collect()
}

#[tokio::test]
async fn why_nobody_knows_is_told_apart() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    for (number, (fault, kind, value, told)) in [
        (
            FaultKind::Internal,
            ErrorKind::ServiceFailure,
            "answered",
            "500",
        ),
        (
            FaultKind::Truncated,
            ErrorKind::OutcomeUnknown,
            "cut",
            "127.0.0.1",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let fault = Fault::new(fault).on("create_edge_node").times(1);
        simulator.control().add_fault(fault);
        let call = create_node(&format!("gw-{number}"));
        let error = desk
            .ask::<SendCall>(json!({"call": call}))
            .await
            .unwrap_err();
        assert_eq!((error.kind, error.next), (kind, NextStep::Verify));
        assert_eq!(why_unknown(&error), [value], "{error:?}");
        assert!(error.values[value].starts_with(told));
    }
    let malformed = Fault::new(FaultKind::Malformed).on("create_edge_node");
    simulator.control().add_fault(malformed.times(1));
    let error = desk
        .ask::<SendCall>(json!({"call": create_node("gw-9")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert_eq!(why_unknown(&error), ["unreadable"]);
}

#[tokio::test]
async fn a_lost_answer_is_told_and_nothing_is_sent_twice() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let lost = Fault::new(FaultKind::ResetAfter)
        .on("create_edge_node")
        .times(1);
    simulator.control().add_fault(lost);
    let error = desk
        .ask::<SendCall>(json!({"call": create_node("gw-1")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert_eq!(why_unknown(&error), ["cut"]);
    // Whoever wants the same again is told; of another one there is nothing to tell.
    let told = async |name: &str| {
        let preview = json!({"call": create_node(name)});
        desk.ask::<PreviewCall>(preview).await.unwrap().lost_at_ms
    };
    assert!(told("gw-1").await.is_some());
    assert!(told("gw-2").await.is_none());
    assert!(error.values["cut"].starts_with("127.0.0.1:"));
    assert_eq!(simulator.control().count("create_edge_node"), 1);
    assert!(matches!(
        journal(&desk, "").await[0].outcome,
        JournalOutcome::Unknown { .. }
    ));
}

#[tokio::test]
async fn reading_is_possible_while_locked_and_refreshes_the_row() {
    let simulator = simulator(2).await;
    let desk = Desk::new().await;
    desk.cloud(&simulator, "access_key").await;
    let rows = desk.rows("node", json!({})).await;
    let call = node_call("show_edge_node_detail", &rows.rows[0].id);
    let answer = desk.ask::<ReadCall>(json!({"call": call})).await.unwrap();
    assert_eq!(answer.body["node"]["name"], json!(rows.rows[0].name));
    assert!(answer.request_id.is_some());
    let error = desk
        .ask::<ReadCall>(json!({"call": node_call("show_edge_node_detail", "nobody")}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
}

/// Ways in which a change loses its right to be sent.
enum Fall {
    Lock,
    Expiry,
    Switch,
}

#[tokio::test]
async fn a_change_that_waits_for_another_try_is_not_sent_once_writing_is_locked() {
    for (fall, told) in [
        (Fall::Lock, ErrorKind::ReadOnly),
        (Fall::Expiry, ErrorKind::ReadOnly),
        (Fall::Switch, ErrorKind::Cancelled),
    ] {
        let simulator = simulator(1).await;
        let desk = Desk::new().await;
        desk.open_cloud(&simulator).await;
        let busy = FaultKind::Throttled(std::time::Duration::from_secs(5));
        let busy = Fault::new(busy).on("create_edge_node").times(1);
        simulator.control().add_fault(busy);
        let sending = desk.ask::<SendCall>(json!({"call": create_node("gw-1")}));
        let falling = async {
            while simulator.control().count("create_edge_node") == 0 {
                tokio::task::yield_now().await;
            }
            match fall {
                Fall::Lock => {
                    desk.ask::<LockWrites>(json!({})).await.unwrap();
                }
                Fall::Expiry => desk.clock.advance(10),
                Fall::Switch => {
                    desk.ask::<SwitchProfile>(json!({"id": "simulator"}))
                        .await
                        .unwrap();
                }
            }
        };
        let (sent, ()) = tokio::join!(sending, falling);
        assert_eq!(sent.unwrap_err().kind, told);
        assert_eq!(simulator.control().count("create_edge_node"), 1);
        let entries = journal(&desk, "create_edge_node").await;
        let JournalOutcome::Failed { error } = &entries[0].outcome else {
            panic!("{:?}", entries[0]);
        };
        assert_eq!(error.kind, told);
    }
}

#[tokio::test]
async fn after_a_lost_answer_only_what_was_wanted_tells_whether_it_was_done() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let (id, _) = create(&desk, "gw-1").await;
    for (operation, body, told) in [
        (
            "update_edge_node",
            json!({"node": {"description": "first"}}),
            "changed",
        ),
        (
            "enable_disable_edge_nodes",
            json!({"node": {"action": "stop"}}),
            "unknown",
        ),
    ] {
        let lost = Fault::new(FaultKind::ResetAfter).on(operation).times(1);
        simulator.control().add_fault(lost);
        let mut call = node_call(operation, &id);
        call["body"] = body;
        let error = desk
            .ask::<SendCall>(json!({"call": call}))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
        assert_eq!(error.values["target"], told, "{operation}");
    }
}

#[tokio::test]
async fn what_could_not_be_written_down_is_not_sent() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let mut call = create_node("gw-1");
    call["body"]["note"] = json!("x".repeat(16 * 1024 * 1024));
    let error = desk
        .ask::<SendCall>(json!({"call": call}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::File);
    assert_eq!(simulator.control().count("create_edge_node"), 0);
}

#[tokio::test]
async fn parameters_nobody_knows_and_repeated_ones_are_refused() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.open_cloud(&simulator).await;
    let (id, _) = create(&desk, "gw-1").await;
    let mut hidden = node_call("delete_edge_node", &id);
    hidden["query"] = json!([["force", "true"]]);
    let mut elsewhere = node_call("delete_edge_node", &id);
    elsewhere["path"]["project_id"] = json!("p");
    for call in [hidden, elsewhere] {
        let request = json!({"call": call, "confirmation": "gw-1"});
        let error = desk.ask::<SendCall>(request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidCall);
    }
    assert_eq!(simulator.control().count("delete_edge_node"), 0);
    let twice =
        json!({"operation": "list_edge_nodes", "query": [["limit", "1"], ["limit", "1000"]]});
    let error = desk
        .ask::<ReadCall>(json!({"call": twice}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidCall);
}

#[tokio::test]
async fn what_was_previewed_in_one_session_is_not_sent_in_another() {
    let (first, second) = (simulator(1).await, simulator(1).await);
    let desk = Desk::new().await;
    let profile = desk.open_cloud(&first).await;
    let ask = json!({"call": create_node("gw-1"), "target": null});
    let shown = desk.ask::<PreviewCall>(ask.clone()).await.unwrap();
    let request = |session: u64| json!({"call": create_node("gw-1"), "session": session});
    let refused = async || {
        desk.unlock().await;
        let error = desk.ask::<SendCall>(request(shown.session)).await;
        let error = error.unwrap_err();
        assert_eq!(
            (error.kind, error.next),
            (ErrorKind::Changed, NextStep::Reload)
        );
        for simulator in [&first, &second] {
            assert_eq!(simulator.control().count("create_edge_node"), 0);
        }
        assert!(journal(&desk, "create_edge_node").await.is_empty());
        error
    };
    desk.cloud(&second, "access_key").await;
    assert!(refused().await.values.contains_key("profile"));
    // Back in the same profile it is another session all the same.
    desk.ask::<SwitchProfile>(json!({"id": profile.id}))
        .await
        .unwrap();
    refused().await;

    // And what names no session is not sent in any.
    let nowhere = json!({"call": create_node("gw-1")});
    assert!(desk.console.dispatch("send_call", nowhere).await.is_err());
    assert_eq!(first.control().count("create_edge_node"), 0);

    let again = desk.ask::<PreviewCall>(ask).await.unwrap();
    assert!(again.session > shown.session);
    desk.ask::<SendCall>(request(again.session)).await.unwrap();
    assert_eq!(first.control().count("create_edge_node"), 1);
    assert_eq!(second.control().count("create_edge_node"), 0);
}
