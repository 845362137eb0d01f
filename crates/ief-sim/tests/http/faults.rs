//! What goes wrong on request, and the control endpoints.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ief_sim::Fault;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::client::{Answer, Signing, Sim, exchange, send, still, text, with};

fn add(sim: &Sim, fault: &str) {
    sim.running
        .control()
        .add_fault(fault.parse::<Fault>().unwrap());
}

#[test]
fn refusals_are_written_as_the_service_writes_them() {
    with(still(3), |sim| async move {
        for (fault, status, code) in [
            ("unauthorized,count=1", 401, "IEF.310002"),
            ("forbidden,count=1", 403, "APIGW.0302"),
            ("throttled=7,count=1", 429, "APIGW.0308"),
            ("internal,count=1", 500, "IEF.120001"),
        ] {
            add(&sim, fault);
            let answer = sim.get("/nodes").await;
            assert_eq!(answer.header("retry-after"), (status == 429).then_some("7"));
            answer.refused(status, code);
            sim.get("/nodes").await.expect(200);
        }
        add(&sim, "unavailable=3,count=1");
        let answer = sim.get("/nodes").await;
        assert_eq!(answer.header("retry-after"), Some("3"));
        assert_eq!(answer.header("content-type"), Some("text/html"));
        assert!(text(&answer.expect(503)).contains("503 Service Unavailable"));
        add(&sim, "internal,op=show_quota");
        sim.get("/nodes").await.expect(200);
        sim.get("/quotas").await.expect(500);
        sim.get("/quotas").await.expect(500);
        sim.running.control().clear_faults();
        sim.get("/quotas").await.expect(200);
    });
}

#[test]
fn a_reset_tells_nothing_about_what_was_done() {
    with(still(0), |sim| async move {
        let node = |name: &str| Some(json!({"node": {"name": name}}));
        add(&sim, "reset,count=1");
        assert!(
            sim.try_call("POST", "/nodes", node("before"))
                .await
                .is_err()
        );
        add(&sim, "reset-after,count=1");
        assert!(sim.try_call("POST", "/nodes", node("after")).await.is_err());
        let list = sim.get("/nodes").await.expect(200);
        assert_eq!(
            (&list["count"], &list["nodes"][0]["name"]),
            (&json!(1), &json!("after"))
        );
        let seen = sim.running.control().requests();
        let statuses: Vec<_> = seen
            .iter()
            .filter(|request| request.operation == Some("create_edge_node"))
            .map(|request| request.status)
            .collect();
        assert_eq!(statuses, [None, None]);
    });
}

#[test]
fn bodies_break_in_different_ways() {
    with(still(5), |sim| async move {
        add(&sim, "truncated,count=1");
        assert!(sim.try_call("GET", "/nodes", None).await.is_err());
        add(&sim, "malformed,count=1");
        let answer = sim.get("/nodes").await;
        assert!(matches!(answer.expect(200), Value::String(_)));
        add(&sim, "stall=1,count=1");
        assert_eq!(sim.get("/nodes").await.expect(200)["count"], 5);
        add(&sim, "latency=1,count=1");
        sim.get("/nodes").await.expect(200);
    });
}

#[test]
fn rows_drift_between_pages() {
    with(still(200), |sim| async move {
        add(&sim, "drift,op=list_edge_nodes,after=1");
        let mut seen = Vec::new();
        let mut counts = Vec::new();
        for offset in (0..200).step_by(20) {
            let list = sim
                .get(&format!("/nodes?limit=20&offset={offset}"))
                .await
                .expect(200);
            counts.push(list["count"].as_i64().unwrap());
            seen.extend(
                list["nodes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|n| text(&n["id"])),
            );
        }
        counts.dedup();
        assert!(counts.len() > 3, "{counts:?}");
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert!(seen.len() < all, "a row was seen twice");
        add(&sim, "drift,op=list_devices");
        let first = sim.get("/devices?limit=1").await.expect(200)["count"].clone();
        assert_ne!(
            sim.get("/devices?limit=1").await.expect(200)["count"],
            first
        );
    });
}

#[test]
fn a_skewed_clock_shows_and_decides() {
    with(still(1), |sim| async move {
        let account = sim.account();
        let off = |answer: &Answer| {
            let date = DateTime::parse_from_rfc2822(answer.header("date").unwrap()).unwrap();
            (date.to_utc() - Utc::now()).num_seconds()
        };
        let path = format!("/v2/{}/edgemgr/nodes", account.project_id);
        let answer = Signing::of(account)
            .send(account, "GET", &path, None, &[])
            .await;
        assert!(off(&answer).abs() < 30);
        answer.expect(200);
        add(&sim, "skew=3600");
        let answer = Signing::of(account)
            .send(account, "GET", &path, None, &[])
            .await;
        assert!((off(&answer) - 3600).abs() < 30);
        answer.refused(401, "APIGW.0301");
        let corrected = Signing {
            date: (Utc::now() + TimeDelta::hours(1))
                .format("%Y%m%dT%H%M%SZ")
                .to_string(),
            ..Signing::of(account)
        };
        let answer = corrected.send(account, "GET", &path, None, &[]).await;
        answer.expect(200);
    });
}

#[test]
fn faults_reach_iam_too() {
    with(still(0), |sim| async move {
        let account = sim.account();
        let body = crate::client::password_body(account);
        add(&sim, "unauthorized,op=create_token,count=1");
        let answer = send(account, "POST", "/v3/auth/tokens", &[], Some(&body))
            .await
            .unwrap();
        assert_eq!(answer.expect(401)["error"]["code"], 401);
        let answer = send(account, "POST", "/v3/auth/tokens", &[], Some(&body))
            .await
            .unwrap();
        answer.expect(201);
    });
}

#[test]
fn telling_names_fail_what_they_name() {
    with(still(0), |sim| async move {
        let node = json!({"node": {"name": "n-fail-create"}});
        sim.post("/nodes", node).await.refused(500, "IEF.120001");
        let id = sim.node("n-fail-stop-fail-delete").await;
        let action = |action: &str| json!({"node": {"action": action}});
        let path = format!("/nodes/{id}/action");
        sim.post(&path, action("stop"))
            .await
            .refused(500, "IEF.120001");
        sim.post(&path, action("start")).await.expect(200);
        sim.delete(&format!("/nodes/{id}"))
            .await
            .refused(500, "IEF.120001");
        let device = sim
            .device(json!({"name": "d-never-reports", "twin": {"a": {"expected": {"value": "1"}}}}))
            .await;
        let node = sim.node("host").await;
        let add = json!({"devices": {"added": {"device_ids": [device]}}});
        sim.put(&format!("/nodes/{node}/devices"), add)
            .await
            .expect(200);
        sim.running.control().advance(Duration::from_secs(600));
        let twin = sim
            .get(&format!("/devices/{device}/twin"))
            .await
            .expect(200);
        assert_eq!(twin["twin"]["a"].get("actual"), None);
    });
}

#[test]
fn the_control_endpoints_steer_from_outside() {
    with(still(2), |sim| async move {
        let account = sim.account();
        let control = async |method: &str, path: &str, body: Value| {
            let body = body.to_string();
            send(account, method, path, &[], Some(&body)).await.unwrap()
        };
        let fault = json!({"add": ["internal,op=show_quota,count=1"]});
        let list = control("POST", "/_sim/faults", fault).await.expect(200);
        assert_eq!(list["faults"][0]["fault"], "internal,op=show_quota,count=1");
        sim.get("/quotas").await.expect(500);
        let list = control("GET", "/_sim/faults", json!({})).await.expect(200);
        assert_eq!(list["faults"][0]["happened"], 1);
        let list = control("POST", "/_sim/faults", json!({"clear": true}))
            .await
            .expect(200);
        assert_eq!(list["faults"], json!([]));
        control("POST", "/_sim/faults", json!({"add": "flood"}))
            .await
            .refused(400, "SIM.0400");

        let seen = control("GET", "/_sim/requests", json!({}))
            .await
            .expect(200);
        assert_eq!(seen["counts"]["show_quota"], 1);
        let text = seen.to_string();
        assert!(text.contains("x-auth-token") && !text.contains(&sim.token));
        control("DELETE", "/_sim/requests", json!({}))
            .await
            .expect(200);
        let seen = control("GET", "/_sim/requests", json!({}))
            .await
            .expect(200);
        assert_eq!(seen["total"], 0);

        let before = sim.running.control().now();
        control("POST", "/_sim/advance", json!({"seconds": 90}))
            .await
            .expect(200);
        assert_eq!(sim.running.control().now() - before, TimeDelta::seconds(90));
        for seconds in [json!(-1), json!(315_360_001), json!(1e300), json!("1")] {
            control("POST", "/_sim/advance", json!({"seconds": seconds}))
                .await
                .refused(400, "SIM.0400");
        }
        assert_eq!(
            control("GET", "/_sim/state", json!({})).await.expect(200)["nodes"],
            2
        );
        control("GET", "/_sim/nothing", json!({}))
            .await
            .refused(404, "SIM.0404");
        let page = [("origin", "https://example.com")];
        let answer = send(account, "GET", "/_sim/requests", &page, None)
            .await
            .unwrap();
        answer.refused(403, "SIM.0403");
        // A page whose own name leads to this machine sends no origin with a plain read.
        let address = account.endpoint.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        exchange(stream, "example.com", "GET", "/_sim/requests", &[], None)
            .await
            .unwrap()
            .refused(403, "SIM.0403");
        control("POST", "/_sim/revoke", json!({})).await.expect(200);
        sim.get("/nodes").await.refused(401, "IEF.310001");
    });
}
