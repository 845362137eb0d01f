//! Instances: what becomes of them by the clock, by their nodes and by their containers.

use ief_sim::{Edition, Options};
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};
use crate::deployments::{
    NOBODY, advance, container, deploy, pods, running_node, show, switch, to_group, to_node,
};

/// The only instance of a deployment.
async fn only(sim: &Sim, id: &str) -> Value {
    let mut pods = pods(sim, id).await;
    assert_eq!(pods.len(), 1);
    pods.remove(0)
}

fn image(url: &str) -> Value {
    let mut container = container();
    container["image_url"] = json!(url);
    container
}

/// A group of the seed with some of its nodes that run.
async fn group_of(sim: &Sim) -> (String, Vec<String>) {
    let nodes = sim.get("/nodes?limit=1000&state=RUNNING").await.expect(200);
    let nodes = nodes["nodes"].as_array().unwrap();
    let group = nodes
        .iter()
        .find_map(|it| it["group_ids"][0].as_str())
        .unwrap();
    let own = nodes.iter().filter(|it| it["group_ids"][0] == group);
    (group.to_owned(), own.map(|it| text(&it["id"])).collect())
}

#[test]
fn an_instance_waits_runs_and_gets_ready() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let mut container = container();
        container["readiness_probe"] = json!({
            "http_get": {"path": "/", "port": 80}, "initial_delay_seconds": 30,
        });
        container["envs"] = json!([{"name": "NODE", "field_path": "status.hostIP"}]);
        let id = deploy(&sim, &to_node("app", &node, &container)).await;
        let pod = only(&sim, &id).await;
        assert_eq!(pod["state"], "PENDING");
        assert_eq!(pod["reason"], "ContainerCreating");
        assert_eq!(
            (&pod["node_id"], &pod["deployment_id"]),
            (&json!(node), &json!(id))
        );
        assert!(text(&pod["name"]).starts_with("app-"));
        assert_eq!(pod["containers"][0]["state"], "waiting");
        assert_eq!(pod["containers"][0]["is_ready"], "UNKNOWN");
        assert!(pod["containers"][0].get("container_id").is_none());

        advance(&sim, 20);
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["state"], &pod["reason"]),
            (&json!("RUNNING"), &json!(""))
        );
        let container = &pod["containers"][0];
        assert_eq!(container["state"], "running");
        assert_eq!(
            container["is_ready"], "UNKNOWN",
            "the probe has not asked yet"
        );
        assert_eq!(container["restarts"], 0);
        let own = text(&container["container_id"]);
        assert_eq!(
            own.strip_prefix("docker://").map(str::len),
            Some(64),
            "{own}"
        );
        let host = sim.show(&node).await["host_ips"][0].clone();
        assert_eq!(container["envs"], json!([{"name": "NODE", "value": host}]));
        assert_eq!(show(&sim, &id).await["ready_replicas"], 0);
        advance(&sim, 30);
        assert_eq!(only(&sim, &id).await["containers"][0]["is_ready"], "NORMAL");
        assert_eq!(show(&sim, &id).await["ready_replicas"], 1);
        // Without a probe there is nothing to wait for.
        let plain = deploy(&sim, &to_node("plain", &node, &self::container())).await;
        advance(&sim, 20);
        assert_eq!(
            only(&sim, &plain).await["containers"][0]["is_ready"],
            "UNCONFIGURE"
        );
        assert_eq!(show(&sim, &plain).await["ready_replicas"], 1);
    });
}

#[test]
fn names_of_images_tell_what_becomes_of_them() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let with_policy = |name: &str, url: &str, policy: &str| {
            let mut deployment = to_node(name, &node, &image(url));
            deployment["deployment"]["template"]["configs"]["restart_policy"] = json!(policy);
            deployment
        };
        let missing = deploy(&sim, &with_policy("a", "no-such-image:v1", "Always")).await;
        let crashes = deploy(&sim, &with_policy("b", "crashes:v1", "Always")).await;
        let fails = deploy(&sim, &with_policy("c", "crashes:v1", "Never")).await;
        let done = deploy(&sim, &with_policy("d", "completes:v1", "OnFailure")).await;
        let again = deploy(&sim, &with_policy("e", "completes:v1", "Always")).await;
        let mut unready = image("nginx:alpine");
        unready["readiness_probe"] = json!({"exec": {"command": "never-ready"}});
        let unready = deploy(&sim, &to_node("f", &node, &unready)).await;
        advance(&sim, 3600);
        let check = async |id: &str, state: &str, reason: &str| {
            let pod = only(&sim, id).await;
            assert_eq!(
                (&pod["state"], &pod["reason"]),
                (&json!(state), &json!(reason))
            );
            assert_eq!(pod["containers"][0]["reason"], reason);
            pod["containers"][0]["restarts"].as_i64().unwrap()
        };
        assert_eq!(check(&missing, "PENDING", "ImagePullBackOff").await, 0);
        assert_eq!(check(&fails, "FAILED", "Error").await, 0);
        assert_eq!(check(&done, "SUCCEEDED", "Completed").await, 0);
        let pod = only(&sim, &crashes).await;
        let before = pod["containers"][0]["restarts"].as_i64().unwrap();
        // 10, 20, 40, 80 and 160 seconds, then 300 each time.
        assert!((14..=16).contains(&before), "{before}");
        advance(&sim, 3040);
        let later = only(&sim, &crashes).await["containers"][0]["restarts"].as_i64();
        assert_eq!(later, Some(before + 10));
        assert!(only(&sim, &again).await["containers"][0]["restarts"].as_i64() > Some(5));
        let pod = only(&sim, &unready).await;
        assert_eq!(pod["containers"][0]["is_ready"], "ABNORMAL");
        for id in [missing, fails, done, unready] {
            assert_eq!(show(&sim, &id).await["ready_replicas"], 0);
        }
    });
}

#[test]
fn an_instance_hangs_on_its_node() {
    with(still(0), |sim| async move {
        let node = sim.node("gw-stays-offline").await;
        let id = deploy(&sim, &to_node("early", &node, &container())).await;
        advance(&sim, 600);
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["state"], &pod["reason"]),
            (&json!("PENDING"), &json!("NodeNotReady"))
        );

        let node = sim.node("gw-2").await;
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        assert_eq!(only(&sim, &id).await["reason"], "NodeNotReady");
        // The node connects within half a minute and pulls the image then.
        advance(&sim, 60);
        assert_eq!(only(&sim, &id).await["state"], "RUNNING");
        switch(&sim, &node, "stop").await;
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["state"], &pod["reason"]),
            (&json!("UNKNOWN"), &json!("NodeLost"))
        );
        assert_eq!(show(&sim, &id).await["ready_replicas"], 0);
        switch(&sim, &node, "start").await;
        assert_eq!(only(&sim, &id).await["state"], "RUNNING");
        assert_eq!(show(&sim, &id).await["ready_replicas"], 1);
    });
}

#[test]
fn a_node_takes_no_more_than_it_has() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let facts = sim.show(&node).await;
        let (cpu, memory) = (
            facts["cpu"].as_i64().unwrap(),
            facts["memory"].as_i64().unwrap(),
        );
        for (name, amounts, right) in [
            ("a", json!({"cpu": cpu.to_string()}), true),
            ("b", json!({"cpu": format!("{cpu}.01")}), false),
            ("c", json!({"memory": memory.to_string()}), true),
            ("d", json!({"memory": format!("{memory}.5")}), false),
            ("e", json!({"gpu": "1"}), false),
            ("f", json!({"npu": "1"}), false),
        ] {
            let mut container = container();
            container["resources"] = json!({"limits": amounts, "requests": amounts});
            let id = deploy(&sim, &to_node(name, &node, &container)).await;
            advance(&sim, 20);
            let pod = only(&sim, &id).await;
            let expected = if right {
                ("RUNNING", "")
            } else {
                ("PENDING", "Unschedulable")
            };
            assert_eq!(
                (&pod["state"], &pod["reason"]),
                (&json!(expected.0), &json!(expected.1)),
                "{name}"
            );
        }
        let mut container = container();
        container["ports"] = json!([{"container_port": 80, "host_port": 8080}]);
        let first = deploy(&sim, &to_node("first", &node, &container)).await;
        let second = deploy(&sim, &to_node("second", &node, &container)).await;
        advance(&sim, 20);
        assert_eq!(only(&sim, &first).await["state"], "RUNNING");
        let pod = only(&sim, &second).await;
        assert_eq!(pod["reason"], "Unschedulable");
        assert!(text(&pod["message"]).contains("8080"), "{pod}");
        sim.delete(&format!("/deployments/{first}"))
            .await
            .expect(204);
        assert_eq!(
            only(&sim, &second).await["state"],
            "RUNNING",
            "the port is free now"
        );
    });
}

#[test]
fn instances_are_replaced_deleted_and_restarted() {
    with(still(0), |sim| async move {
        let node = running_node(&sim, "gw-1").await;
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        advance(&sim, 60);
        let first = only(&sim, &id).await;
        let path = |pod: &Value| format!("/deployments/{id}/pods/{}", text(&pod["name"]));
        let restart = format!("{}/restart", path(&first));
        sim.call("POST", &restart, None).await.expect(200);
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["name"], &pod["state"]),
            (&first["name"], &json!("PENDING"))
        );
        sim.call("POST", &restart, None)
            .await
            .refused(400, "IEF.100100");
        advance(&sim, 60);
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["state"], &pod["containers"][0]["restarts"]),
            (&json!("RUNNING"), &json!(1))
        );
        assert_ne!(
            pod["containers"][0]["container_id"],
            first["containers"][0]["container_id"]
        );

        sim.delete(&path(&first)).await.expect(204);
        let both = pods(&sim, &id).await;
        assert_eq!(both.len(), 2);
        assert_eq!(
            (&both[1]["name"], &both[1]["state"]),
            (&first["name"], &json!("TERMINATING"))
        );
        let second = both[0].clone();
        assert_eq!(second["state"], "PENDING");
        advance(&sim, 60);
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["name"], &pod["state"]),
            (&second["name"], &json!("RUNNING"))
        );
        sim.delete(&path(&first)).await.refused(404, "IEF.100404");
        sim.call("POST", &restart, None)
            .await
            .refused(404, "IEF.100404");
        let elsewhere = format!("/deployments/{NOBODY}/pods/{}", text(&pod["name"]));
        sim.delete(&elsewhere).await.refused(404, "IEF.100404");

        // Another template has another name in the middle.
        let middle = |pod: &Value| text(&pod["name"]).split('-').nth(1).unwrap().to_owned();
        assert_eq!(middle(&first), middle(&second));
        let run = to_node("app", &node, &image("nginx:1.27"))["deployment"].take();
        sim.put(&format!("/deployments/{id}"), json!({"deployment": run}))
            .await
            .expect(200);
        advance(&sim, 60);
        let third = only(&sim, &id).await;
        assert_ne!(middle(&second), middle(&third));
        assert_eq!(third["containers"][0]["image_url"], "nginx:1.27");

        let failing = to_node("fail-delete-fail-restart", &node, &container());
        let failing = deploy(&sim, &failing).await;
        advance(&sim, 60);
        let pod = only(&sim, &failing).await;
        let path = format!("/deployments/{failing}/pods/{}", text(&pod["name"]));
        sim.delete(&path).await.refused(500, "IEF.120001");
        let restart = format!("{path}/restart");
        sim.call("POST", &restart, None)
            .await
            .refused(500, "IEF.120001");
    });
}

#[test]
fn a_group_gets_as_many_instances_as_it_is_asked_for() {
    with(still(200), |sim| async move {
        let (group, nodes) = group_of(&sim).await;
        assert!(nodes.len() > 4, "{nodes:?}");
        let id = deploy(&sim, &to_group("app", &group, 3)).await;
        advance(&sim, 20);
        let there = pods(&sim, &id).await;
        let mut on: Vec<_> = there.iter().map(|pod| text(&pod["node_id"])).collect();
        on.sort();
        on.dedup();
        assert_eq!(on.len(), 3, "each on a node of its own");
        assert!(on.iter().all(|node| nodes.contains(node)));
        let shown = show(&sim, &id).await;
        assert_eq!(
            (&shown["ready_replicas"], &shown["group_id"]),
            (&json!(3), &json!(group))
        );
        let found = sim
            .get(&format!("/pods?group_id={group}"))
            .await
            .expect(200);
        let found = found["pods"].as_array().unwrap().iter();
        assert_eq!(found.filter(|pod| pod["deployment_id"] == id).count(), 3);

        // More of the same leaves those alone that are there, fewer takes the newest.
        let change =
            |replicas: i64| json!({"deployment": to_group("app", &group, replicas)["deployment"]});
        let path = format!("/deployments/{id}");
        sim.put(&path, change(4)).await.expect(200);
        advance(&sim, 20);
        let more = pods(&sim, &id).await;
        assert_eq!(more.len(), 4);
        let names = |pods: &[Value]| {
            pods.iter()
                .map(|pod| text(&pod["name"]))
                .collect::<Vec<_>>()
        };
        assert!(names(&there).iter().all(|name| names(&more).contains(name)));
        sim.put(&path, change(1)).await.expect(200);
        advance(&sim, 20);
        let fewer = pods(&sim, &id).await;
        assert_eq!(fewer.len(), 1);
        assert!(names(&there).contains(&names(&fewer)[0]));
    });
}

#[test]
fn an_instance_moves_away_from_a_node_that_is_lost() {
    with(still(200), |sim| async move {
        let (group, nodes) = group_of(&sim).await;
        let id = deploy(&sim, &to_group("app", &group, 1)).await;
        advance(&sim, 20);
        let node = text(&only(&sim, &id).await["node_id"]);
        switch(&sim, &node, "stop").await;
        advance(&sim, 59);
        assert_eq!(only(&sim, &id).await["state"], "UNKNOWN");
        advance(&sim, 30);
        let both = pods(&sim, &id).await;
        assert_eq!(both.len(), 2, "the lost one can't be stopped");
        assert_eq!(
            (&both[0]["state"], &both[1]["state"]),
            (&json!("RUNNING"), &json!("TERMINATING"))
        );
        assert_ne!(both[0]["node_id"], node);
        assert!(nodes.contains(&text(&both[0]["node_id"])));
        switch(&sim, &node, "start").await;
        advance(&sim, 10);
        assert_eq!(only(&sim, &id).await["name"], both[0]["name"]);
    });
}

#[test]
fn demands_and_wishes_choose_the_node() {
    with(still(200), |sim| async move {
        let (group, nodes) = group_of(&sim).await;
        let wanted = sim.show(nodes.last().unwrap()).await;
        let name = text(&wanted["name"]);
        let expression =
            json!({"key": "kubernetes.io/hostname", "operator": "In", "values": [name]});
        let terms = json!({"matchExpressions": [expression]});
        let required = json!({"requiredDuringSchedulingIgnoredDuringExecution":
            {"nodeSelectorTerms": [terms]}});
        let preferred = json!({"preferredDuringSchedulingIgnoredDuringExecution":
            [{"weight": 50, "preference": terms}]});
        for (place, affinity) in [required.clone(), preferred].into_iter().enumerate() {
            let mut deployment = to_group(&format!("app-{place}"), &group, 1);
            deployment["deployment"]["template"]["affinity"] = json!({"nodeAffinity": affinity});
            let id = deploy(&sim, &deployment).await;
            let pod = only(&sim, &id).await;
            assert_eq!(pod["node_id"], wanted["id"], "{affinity}");
            assert_eq!(pod["affinity"], json!({"nodeAffinity": affinity}));
        }
        // What no node has leaves the instance without one, until there is one.
        let node = sim.node("late").await;
        let nowhere = json!({"matchExpressions": [{"key": "hall", "operator": "Exists"}]});
        let mut deployment = to_group("app-9", &group, 1);
        deployment["deployment"]["template"]["affinity"] = json!({"nodeAffinity":
            {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [nowhere]}}});
        let id = deploy(&sim, &deployment).await;
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["reason"], &pod["node_id"]),
            (&json!("Unschedulable"), &json!(""))
        );
        let attributes = json!({"node": {"attributes": [{"key": "hall", "value": "4"}]}});
        sim.put(&format!("/nodes/{}", nodes[0]), attributes)
            .await
            .expect(200);
        switch(&sim, &nodes[0], "stop").await;
        switch(&sim, &nodes[0], "start").await;
        advance(&sim, 20);
        let pod = only(&sim, &id).await;
        assert_eq!(
            (&pod["state"], &pod["node_id"]),
            (&json!("RUNNING"), &json!(nodes[0]))
        );
        sim.delete(&format!("/nodes/{node}")).await.expect(204);
    });
}

#[test]
fn a_range_of_ports_gives_each_instance_one() {
    with(still(200), |sim| async move {
        let (group, _) = group_of(&sim).await;
        let mut deployment = to_group("app", &group, 3);
        deployment["deployment"]["template"]["containers"][0]["ports"] = json!([{"container_port": 80, "host_port_range": {"min_port": 30000, "max_port": 30009}}]);
        let id = deploy(&sim, &deployment).await;
        let there = pods(&sim, &id).await;
        let mut ports: Vec<_> = there
            .iter()
            .map(|pod| {
                pod["containers"][0]["ports"][0]["host_port"]
                    .as_i64()
                    .unwrap()
            })
            .collect();
        ports.sort_unstable();
        assert_eq!(ports, [30000, 30001, 30002]);
        let template = show(&sim, &id).await["template"].take();
        assert_eq!(
            template["containers"][0]["ports"][0]["host_port_range"]["max_port"],
            30009
        );
    });
}

#[test]
fn instances_are_listed_by_what_they_belong_to() {
    with(still(40), |sim| async move {
        let all = sim.get("/deployments?limit=100").await.expect(200);
        let all = all["deployments"].as_array().unwrap();
        let ids: Vec<_> = all.iter().take(5).map(|it| text(&it["id"])).collect();
        let several = sim
            .get(&format!("/pods?deployment_ids={}", ids.join(",")))
            .await
            .expect(200);
        let mut expected = 0;
        for id in &ids {
            expected += pods(&sim, id).await.len();
        }
        assert_eq!(several["count"], expected);
        let twice = format!("/pods?deployment_ids={0},{0}", ids.join(","));
        assert_eq!(sim.get(&twice).await.expect(200), several);
        let path = format!("/pods?deployment_ids={}&limit=2&offset=1", ids.join(","));
        let page = sim.get(&path).await.expect(200);
        assert_eq!(
            page["pods"],
            json!(several["pods"].as_array().unwrap()[1..3])
        );
        assert_eq!(page["count"], expected);
        for (query, status, code) in [
            ("", 400, "IEF.100100"),
            ("?limit=10", 400, "IEF.100100"),
            ("?node_id=a&deployment_id=b", 400, "IEF.100100"),
            (&format!("?deployment_id={NOBODY}"), 404, "IEF.100404"),
            (
                &format!("?deployment_ids={},{NOBODY}", ids[0]),
                404,
                "IEF.100404",
            ),
            (&format!("?node_id={NOBODY}"), 404, "IEF.100404"),
            (
                &format!("?deployment_id={}&limit=1001", ids[0]),
                400,
                "IEF.100005",
            ),
        ] {
            sim.get(&format!("/pods{query}"))
                .await
                .refused(status, code);
        }
        let none = format!("/pods?deployment_id={}&plugin_instance_name=x", ids[0]);
        assert_eq!(
            sim.get(&none).await.expect(200),
            json!({"count": 0, "pods": []})
        );
    });
}

#[test]
fn the_fleet_of_the_seed_is_mostly_well() {
    let states = |edition: Edition| {
        let (sender, receiver) = std::sync::mpsc::channel();
        with(
            Options {
                edition,
                ..still(200)
            },
            |sim| async move {
                let mut states = std::collections::BTreeMap::<String, usize>::new();
                let nodes = sim.get("/nodes?limit=1000").await.expect(200);
                for node in nodes["nodes"].as_array().unwrap() {
                    let path = format!("/pods?node_id={}", text(&node["id"]));
                    let list = sim.get(&path).await.expect(200);
                    for pod in list["pods"].as_array().unwrap() {
                        *states.entry(text(&pod["state"])).or_default() += 1;
                    }
                }
                assert_eq!(sim.running.control().kept(), 0, "looking changes nothing");
                sender.send(states).unwrap();
            },
        );
        receiver.recv().unwrap()
    };
    let states = [states(Edition::Platinum), states(Edition::Professional)];
    for states in states {
        let all: usize = states.values().sum();
        assert!(all >= 300, "{states:?}");
        assert!(states["RUNNING"] * 10 > all * 8, "{states:?}");
        for state in ["PENDING", "UNKNOWN"] {
            assert!(states.contains_key(state), "{states:?}");
        }
    }
}

#[test]
fn applications_are_among_the_system_events() {
    with(still(0), |sim| async move {
        let events = sim
            .get("/routemgr/exchanger/systemevents?name=application-log")
            .await;
        let path = format!(
            "/routemgr/exchanger/systemevents/{}",
            text(&events.expect(200)["systemevents"][0]["id"])
        );
        let count = async || {
            let event = sim.get(&path).await.expect(200)["systemevent"].take();
            let count = |name: &str| event[name].as_i64().unwrap();
            count("success_messages") + count("fail_messages")
        };
        let node = running_node(&sim, "gw-1").await;
        let start = count().await;
        let id = deploy(&sim, &to_node("app", &node, &container())).await;
        assert_eq!(count().await, start + 2, "the deployment and its instance");
        let path = format!("/deployments/{id}");
        sim.put(&path, json!({"description": "x"}))
            .await
            .expect(200);
        assert_eq!(count().await, start + 3);
        advance(&sim, 30);
        sim.delete(&path).await.expect(204);
        assert_eq!(count().await, start + 5);
    });
}
