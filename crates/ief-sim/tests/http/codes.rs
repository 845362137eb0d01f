//! Every documented code that the simulator can answer, with its documented status.

use ief_sim::Options;
use serde_json::{Value, json};

use crate::client::{send, still, text, with};

#[test]
fn documented_codes_are_answered() {
    let options = Options {
        quotas: [("device".to_owned(), 0)].into(),
        ..still(1000)
    };
    with(options, |sim| async move {
        let some = sim.node("some").await;
        let node = |node: Value| Some(json!({"node": node}));
        let device = |device: Value| Some(json!({"device": device}));
        let nobody = "00000000-0000-4000-8000-000000000000";
        let none = format!("/nodes/{nobody}");
        let bind = format!("/nodes/{some}/devices");
        let action = format!("/nodes/{some}/action");
        let relation = json!({"devices": {"added": {"relation": "?", "device_ids": [nobody]}}});
        let list = sim.get("/nodes?limit=1000").await.expect(200);
        let bound = list["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|n| n["device_num"] != 0);
        let bound = bound.unwrap();
        let its_device = text(&bound["device_infos"][0]["device_ids"][0]);
        let ancient = list["nodes"].as_array().unwrap().iter();
        let ancient = ancient
            .clone()
            .find(|n| n["ief_node_version"] == "2.1.0")
            .unwrap();
        let ancient = format!("/nodes/{}", text(&ancient["id"]));
        let bound = format!("/nodes/{}", text(&bound["id"]));
        let long = "x".repeat(65);
        let cases = [
            ("IEF.011002", "GET", "/nowhere", None),
            ("IEF.100004", "GET", "/nodes?offset=-1", None),
            ("IEF.100004", "GET", "/nodes/x/certs?offset=a", None),
            ("IEF.100005", "GET", "/nodes?limit=0", None),
            ("IEF.100005", "GET", "/devices?limit=1001", None),
            ("IEF.100005", "GET", "/device-templates?limit=x", None),
            ("IEF.100012", "POST", "/nodes", node(json!({"name": "a b"}))),
            ("IEF.100012", "POST", "/nodes", node(json!({"name": long}))),
            ("IEF.100021", "PUT", &bind, Some(relation)),
            (
                "IEF.100058",
                "DELETE",
                &format!("/devices/{its_device}"),
                None,
            ),
            ("IEF.100067", "DELETE", &bound, None),
            ("IEF.100100", "POST", "/nodes", Some(json!([]))),
            (
                "IEF.100126",
                "POST",
                "/devices",
                device(json!({"name": "d"})),
            ),
            (
                "IEF.100163",
                "POST",
                &action,
                node(json!({"action": "jump"})),
            ),
            (
                "IEF.100166",
                "PUT",
                &ancient,
                node(json!({"description": "x"})),
            ),
            ("IEF.100404", "GET", &none, None),
            (
                "IEF.100404",
                "PUT",
                &none,
                node(json!({"description": "x"})),
            ),
            ("IEF.100404", "DELETE", &none, None),
            (
                "IEF.104004",
                "POST",
                "/nodes",
                node(json!({"name": "some"})),
            ),
            ("IEF.110080", "GET", &format!("/devices/{nobody}"), None),
            (
                "IEF.110080",
                "GET",
                &format!("/devices/{nobody}/twin"),
                None,
            ),
            (
                "IEF.110081",
                "GET",
                &format!("/device-templates/{nobody}"),
                None,
            ),
            (
                "IEF.120001",
                "POST",
                "/nodes",
                node(json!({"name": "fail-create"})),
            ),
            ("IEF.300201", "GET", "/quotas?types=moon", None),
        ];
        for (code, method, path, body) in cases {
            let answer = sim.call(method, path, body).await;
            let request_id = answer.header("x-request-id").map(str::to_owned);
            assert_eq!(answer.body["request_id"].as_str(), request_id.as_deref());
            let status = ief_api::codes::find(code).unwrap().status;
            answer.refused(status, code);
        }
    });
}

#[test]
fn other_methods_and_broken_bodies_are_refused() {
    with(still(1), |sim| async move {
        let answer = sim.call("PATCH", "/nodes", None).await;
        assert_eq!(answer.header("allow"), Some("POST, GET"));
        answer.expect(405);
        let account = sim.account();
        let path = format!("/v2/{}/edgemgr/nodes", account.project_id);
        let instance = account.instance_id.as_deref().unwrap();
        let headers = [
            ("x-auth-token", sim.token.as_str()),
            ("ief-instance-id", instance),
        ];
        for body in [None, Some("{"), Some("\u{0}")] {
            let answer = send(account, "POST", &path, &headers, body).await.unwrap();
            answer.refused(400, "IEF.100100");
        }
        let large = " ".repeat(12 * 1024 * 1024 + 1);
        let answer = send(account, "POST", &path, &headers, Some(&large)).await;
        // The refusal may come while the body is still being sent, which cuts the connection.
        if let Ok(answer) = answer {
            answer.expect(413);
        }
        sim.get("/nodes").await.expect(200);
    });
}
