//! Every finding with a case that has it and one that hasn't.

use std::collections::{BTreeMap, BTreeSet};

use deploy_doc::check::{Finding, Severity, check, rule_at};
use deploy_doc::surroundings::{Arch, Edition, Group, Neighbour, Node, Surroundings};
use deploy_doc::{Document, Origin};
use ief_api::deployment::Deployment;
use proptest::prelude::{prop_assert, proptest};
use serde_json::{Value, json};

use crate::samples;

fn node(id: &str) -> Node {
    Node {
        id: id.to_owned(),
        name: format!("name of {id}"),
        arch: Some(Arch::X86),
        cpu: Some(4.0),
        memory: Some(4096.0),
        gpu: Some(0.0),
        npu: Some(0.0),
        labels: BTreeMap::from([("zone".to_owned(), "a".to_owned())]),
        is_online: Some(true),
        ..Node::default()
    }
}

fn known(name: &str, key: &str) -> Option<BTreeMap<String, Option<BTreeSet<String>>>> {
    let keys = BTreeSet::from([key.to_owned()]);
    Some(BTreeMap::from([(name.to_owned(), Some(keys))]))
}

/// Another deployment on the first node, with a port of it.
fn neighbour(limits: &Value) -> Neighbour {
    let deployment = json!({
        "id": "other", "name": "other", "node_ids": ["node-1"],
        "template": { "containers": [{ "resources": { "limits": limits }, "ports": [{ "host_port": 9000 }] }] },
    });
    Neighbour::new(serde_json::from_value::<Deployment>(deployment).unwrap())
}

/// A world in which nothing is wrong with the sample.
fn world() -> Surroundings {
    Surroundings {
        edition: Some(Edition::Platinum),
        nodes: Some(vec![node("node-1"), node("node-2")]),
        groups: Some(vec![Group {
            id: "group-1".to_owned(),
            name: "g".to_owned(),
            nodes: Some(vec!["node-1".to_owned(), "node-2".to_owned()]),
        }]),
        config_maps: known("settings", "level"),
        secrets: known("keys", "token"),
        deployments: Some(vec![neighbour(&json!({ "cpu": "1" }))]),
        images: BTreeMap::new(),
    }
}

/// Where the containers are, for short.
const C: &str = "/deployment/template/containers";

fn at<'a>(value: &'a mut Value, pointer: &str) -> &'a mut Value {
    let pointer = pointer.replace("C/", &format!("{C}/"));
    value.pointer_mut(&pointer).unwrap()
}

fn push(value: &mut Value, pointer: &str, entry: Value) {
    at(value, pointer).as_array_mut().unwrap().push(entry);
}

fn to_group(value: &mut Value) {
    value.as_object_mut().unwrap().shift_remove("node_ids");
    value["group_id"] = json!("group-1");
    value["deployment"]["template"]["configs"]["migration"] = json!(true);
}

#[track_caller]
fn known_world(change: impl FnOnce(&mut Value), world: &Surroundings, expected: &[&str]) {
    let mut value = samples::full();
    change(&mut value);
    let findings = check(&Document::new(value), world);
    let told = findings
        .iter()
        .map(|it| format!("{} {}", it.id(), it.path).replace(C, "C"));
    // The sample has a field that nobody knows.
    let told: Vec<String> = told
        .filter(|it| it != "unknown_field C/0/x_unknown")
        .collect();
    assert_eq!(told, expected);
}

/// What is found in the sample with a change, in the world.
#[track_caller]
fn finds(change: impl FnOnce(&mut Value), expected: &[&str]) {
    known_world(change, &world(), expected);
}

/// What is found in the sample with a change of the world.
#[track_caller]
fn finds_in(change: impl FnOnce(&mut Surroundings), expected: &[&str]) {
    let mut world = world();
    change(&mut world);
    known_world(|_| {}, &world, expected);
}

#[test]
fn nothing_is_wrong_with_the_sample() {
    finds(|_| {}, &[]);
    finds(to_group, &[]);
    known_world(|_| {}, &Surroundings::default(), &[]);
}

#[test]
fn the_documented_rules_are_asked() {
    finds(|it| it["name"] = json!("Shop"), &["deployment_name /name"]);
    finds(
        |it| *at(it, "C/0/image_url") = json!(""),
        &["image_url C/0/image_url"],
    );
    finds(
        |it| *at(it, "C/0/resources/limits/cpu") = json!("0"),
        &[
            "cpu C/0/resources/limits/cpu",
            "cpu C/0/resources/requests/cpu",
        ],
    );
    finds(
        |it| *at(it, "C/0/resources/requests/memory") = json!("513"),
        &["memory C/0/resources/requests/memory"],
    );
    finds(
        |it| *at(it, "/deployment/replicas") = json!(100),
        &[
            "replicas /deployment/replicas",
            "instances_share_port C/0/ports/0/host_port",
        ],
    );
    // What stands twice is shown at the second.
    finds(
        |it| *at(it, "C/1/name") = json!("web"),
        &["container_name C/1/name"],
    );
    finds(
        |it| *at(it, "C/1/name") = json!("prepare"),
        &["container_name C/1/name"],
    );
    finds(
        |it| *at(it, "C/0/envs/2/name") = json!("MODE"),
        &["env_name C/0/envs/2/name"],
    );
    finds(
        |it| *at(it, "/tags/1/key") = json!("site"),
        &["deployment_tag_key /tags/1/key"],
    );
    finds(
        |it| *at(it, "C/0/liveness_probe") = json!({}),
        &["probe_way C/0/liveness_probe"],
    );
}

#[test]
fn an_update_is_checked_as_one() {
    let mut value = samples::full();
    value.as_object_mut().unwrap().shift_remove("node_ids");
    let mut document = Document::new(value);
    let has = |document: &Document| check(document, &Surroundings::default());
    assert!(
        has(&document)
            .iter()
            .any(|it| it.id() == "deployment_target")
    );
    document.set_origin(Some(Origin {
        id: "1".to_owned(),
        updated_at: None,
    }));
    assert!(
        has(&document)
            .iter()
            .all(|it| it.severity == Severity::Hint)
    );
}

#[test]
fn values_of_another_kind_and_unknown_fields_are_told() {
    finds(
        |it| *at(it, "C/0/envs") = json!("A=1"),
        &["wrong_kind C/0/envs"],
    );
    finds(
        |it| *at(it, "/deployment/replicas") = json!("many"),
        &[
            "wrong_kind /deployment/replicas",
            "replicas /deployment/replicas",
        ],
    );
    finds(|it| *at(it, "/deployment/replicas") = json!("1"), &[]);
    finds(
        |it| *at(it, "C/0/ports/0/host_port") = json!(80.5),
        &["wrong_kind C/0/ports/0/host_port"],
    );
    finds(
        |it| it["deployment"]["template"]["configs"]["host_network"] = json!("false"),
        &[],
    );
    finds(|it| it["label"] = json!(1), &["unknown_field /label"]);
    // A probe's command may stand for the object it is in; a list of demands may not be a text.
    finds(|it| *at(it, "C/0/liveness_probe/exec") = json!("true"), &[]);
    finds(
        |it| it["deployment"]["template"]["affinity"] = json!({ "nodeAffinity": "a" }),
        &["wrong_kind /deployment/template/affinity/nodeAffinity"],
    );
    let found = check(
        &Document::new(json!({ "desciption": "" })),
        &Surroundings::default(),
    );
    let nearest = serde_json::to_value(found.iter().find(|it| it.id() == "unknown_field")).unwrap();
    assert_eq!(nearest["nearest"], "description");
}

#[test]
fn volumes_are_mounted_each_at_its_path() {
    finds(
        |it| *at(it, "C/0/volumes/1/destination") = json!("/etc/shop/"),
        &["mount_twice C/0/volumes/1/destination"],
    );
    finds(
        |it| *at(it, "C/0/volumes/1/destination") = json!("/etc/shop/x"),
        &[],
    );
    finds(
        |it| *at(it, "C/0/volumes/1/destination") = json!(""),
        &["volume_not_mounted C/0/volumes/1/destination"],
    );
    finds(
        |it| {
            let volume = json!({ "name": "v", "destination": "/x", "read_only": false });
            push(it, "C/0/volumes", volume);
        },
        &["mount_without_volume C/0/volumes/3"],
    );
    let same = |source: &str| json!([{ "name": "cache", "type": "emptyDir", "source": source, "destination": "/c", "read_only": false }]);
    finds(
        |it| it["deployment"]["template"]["containers"][1]["volumes"] = same("disk"),
        &[],
    );
    finds(
        |it| it["deployment"]["template"]["containers"][1]["volumes"] = same("memory"),
        &["volume_differs C/1/volumes/0/name"],
    );
}

#[test]
fn ports_are_had_by_one() {
    let port =
        |container: i64, host: i64| json!({ "container_port": container, "host_port": host });
    finds(|it| push(it, "C/0/ports", port(81, 8081)), &[]);
    finds(
        |it| push(it, "C/0/ports", port(81, 8080)),
        &["host_port_twice C/0/ports/1/host_port"],
    );
    finds(
        |it| {
            at(it, "C/0/ports/0")["host_ip"] = json!("10.0.0.1");
            let mut second = port(81, 8080);
            second["host_ip"] = json!("10.0.0.2");
            push(it, "C/0/ports", second);
        },
        &[],
    );
    finds(
        |it| it["deployment"]["template"]["containers"][1]["ports"] = json!([port(80, 1)]),
        &["container_port_twice C/1/ports/0/container_port"],
    );
    finds(
        |it| *at(it, "C/0/ports/0/host_port") = json!(9000),
        &["host_port_taken C/0/ports/0/host_port"],
    );
    finds(
        |it| *at(it, "/deployment/replicas") = json!(2),
        &["instances_share_port C/0/ports/0/host_port"],
    );
    finds(
        |it| *at(it, "/deployment/template/configs/host_network") = json!(true),
        &["ports_with_host_network C/0/ports"],
    );
    finds_in(|it| it.deployments = None, &[]);
}

#[test]
fn a_node_has_enough_or_too_little() {
    finds(|it| *at(it, "C/0/resources/limits/cpu") = json!("5"), &[]);
    finds(
        |it| *at(it, "C/0/resources") = json!({ "limits": { "cpu": "4.5" } }),
        &["node_lacks C/0/resources/limits/cpu"],
    );
    finds(
        |it| *at(it, "C/0/resources") = json!({ "limits": { "cpu": "3.5" } }),
        &["node_short C/0/resources/limits/cpu"],
    );
    finds(
        |it| *at(it, "C/0/resources") = json!({ "limits": { "cpu": "3" } }),
        &[],
    );
    for (amount, much) in [("memory", "5000"), ("gpu", "1"), ("npu", "1")] {
        let limits = json!({ "limits": { amount: much } });
        let finding = format!("node_lacks C/0/resources/limits/{amount}");
        finds(|it| *at(it, "C/0/resources") = limits.clone(), &[&finding]);
        let mut world = world();
        world.nodes = Some(vec![Node {
            cpu: None,
            memory: None,
            gpu: None,
            npu: None,
            ..node("node-1")
        }]);
        known_world(|it| *at(it, "C/0/resources") = limits.clone(), &world, &[]);
    }
    // Those that run before the others ask one after the other.
    finds(
        |it| {
            at(it, "/deployment/template/init_containers/0")["resources"] =
                json!({ "limits": { "cpu": "3" } });
        },
        &[],
    );
}

#[test]
fn a_node_is_of_the_right_kind() {
    finds(
        |it| *at(it, "C/1/image_url") = json!("agent:2-arm64"),
        &["wrong_arch C/1/image_url"],
    );
    finds(|it| *at(it, "C/1/image_url") = json!("agent:2-amd64"), &[]);
    finds_in(
        |it| {
            it.images
                .insert("agent:2".to_owned(), BTreeSet::from([Arch::Arm64]));
        },
        &["wrong_arch C/1/image_url"],
    );
    let mut world = world();
    world.nodes = Some(vec![Node {
        npu: Some(2.0),
        npu_type: Some("D310B".to_owned()),
        ..node("node-1")
    }]);
    let asks = |kind: &'static str| {
        move |it: &mut Value| {
            *at(it, "C/0/resources") = json!({ "limits": { "npu": "1" } });
            at(it, "C/0")["npu_type"] = json!(kind);
        }
    };
    known_world(asks("D310"), &world, &["wrong_npu C/0/npu_type"]);
    known_world(asks("D310B"), &world, &[]);
    finds_in(
        |it| {
            let nodes = it.nodes.as_mut().unwrap();
            nodes[0].is_online = Some(false);
        },
        &["node_offline /node_ids/0"],
    );
}

#[test]
fn targets_are_there() {
    finds(
        |it| it["node_ids"] = json!(["nobody"]),
        &["no_such_node /node_ids/0"],
    );
    finds_in(|it| it.nodes = None, &[]);
    finds_in(
        |it| it.nodes = Some(Vec::new()),
        &["no_such_node /node_ids/0"],
    );
    let group = |id: &'static str| {
        move |it: &mut Value| {
            to_group(it);
            it["group_id"] = json!(id);
        }
    };
    finds(group("nobody"), &["no_such_group /group_id"]);
    let mut world = world();
    world.groups.as_mut().unwrap()[0].nodes = Some(Vec::new());
    known_world(to_group, &world, &["empty_group /group_id"]);
    world.groups.as_mut().unwrap()[0].nodes = None;
    known_world(to_group, &world, &[]);
    finds(
        |it| {
            to_group(it);
            *at(it, "C/0/resources") = json!({ "limits": { "cpu": "5" } });
        },
        &["no_node_fits /group_id"],
    );
    // The first node has no port left, the second has.
    finds(
        |it| {
            to_group(it);
            *at(it, "C/0/ports/0/host_port") = json!(9000);
        },
        &[],
    );
}

fn demand(value: &mut Value, operator: &str, values: &Value) {
    let expression = json!({ "key": "zone", "operator": operator, "values": values });
    value["deployment"]["template"]["affinity"] = json!({ "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [{ "matchExpressions": [expression] }],
        },
    } });
}

#[test]
fn affinity_can_be_met() {
    let demanding = |values: Value| {
        move |it: &mut Value| {
            to_group(it);
            demand(it, "In", &values);
        }
    };
    finds(demanding(json!(["a", "b"])), &[]);
    finds(
        demanding(json!(["b"])),
        &["affinity_unsatisfied /deployment/template/affinity"],
    );
    finds(|it| demand(it, "Exists", &json!([])), &[]);
    finds(
        |it| demand(it, "NotIn", &json!(["a"])),
        &["affinity_unsatisfied /deployment/template/affinity"],
    );
    let near = |key: &'static str, name: &'static str| {
        move |it: &mut Value| {
            to_group(it);
            it["deployment"]["template"]["affinity"] = json!({ key: {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    { "topologyKey": "zone", "labelSelector": { "matchLabels": { "app": name } } }
                ],
            } });
        }
    };
    finds(near("podAffinity", "other"), &[]);
    finds(near("podAffinity", "nobody"), &["no_node_fits /group_id"]);
    finds(near("podAffinity", "shop"), &[]);
    finds(near("podAntiAffinity", "nobody"), &[]);
    finds(
        near("podAntiAffinity", "other"),
        &["no_node_fits /group_id"],
    );
}

#[test]
fn what_is_taken_from_is_there() {
    finds(
        |it| *at(it, "C/0/volumes/0/source") = json!("other"),
        &["no_such_config_map C/0/volumes/0/source"],
    );
    finds(
        |it| {
            *at(it, "C/0/volumes/0/type") = json!("secret");
            *at(it, "C/0/volumes/0/source") = json!("other");
        },
        &["no_such_secret C/0/volumes/0/source"],
    );
    finds(
        |it| *at(it, "C/0/envs/1/value_from/configmap/name") = json!("other"),
        &["no_such_config_map C/0/envs/1/value_from/configmap/name"],
    );
    finds(
        |it| *at(it, "C/0/envs/1/value_from/configmap/key") = json!("other"),
        &["no_such_config_map_key C/0/envs/1/value_from/configmap/key"],
    );
    finds(
        |it| *at(it, "C/0/envs/2/value_from/secret/name") = json!("other"),
        &["no_such_secret C/0/envs/2/value_from/secret/name"],
    );
    finds(
        |it| *at(it, "C/0/envs/2/value_from/secret/key") = json!("other"),
        &["no_such_secret_key C/0/envs/2/value_from/secret/key"],
    );
    finds_in(
        |it| {
            it.config_maps = None;
            it.secrets.as_mut().unwrap().insert("keys".to_owned(), None);
        },
        &[],
    );
}

#[test]
fn the_professional_edition_has_less() {
    let mut world = world();
    world.edition = Some(Edition::Professional);
    known_world(|_| {}, &world, &[]);
    known_world(to_group, &world, &["platinum_only /group_id"]);
    known_world(
        |it| {
            *at(it, "/deployment/replicas") = json!(2);
            at(it, "C/0").as_object_mut().unwrap().shift_remove("ports");
        },
        &world,
        &["platinum_only /deployment/replicas"],
    );
    known_world(
        |it| demand(it, "Exists", &json!([])),
        &world,
        &["platinum_only /deployment/template/affinity"],
    );
    known_world(
        |it| {
            *at(it, "C/0/ports/0") = json!({ "container_port": 80, "host_port_range": { "min_port": 1, "max_port": 9 } });
        },
        &world,
        &["platinum_only C/0/ports/0/host_port_range"],
    );
}

#[test]
fn names_are_free_and_settings_have_an_effect() {
    finds(|it| it["name"] = json!("other"), &["name_taken /name"]);
    let configs = "/deployment/template/configs";
    finds(
        |it| at(it, configs)["toleration_seconds"] = json!(300),
        &["only_for_groups /deployment/template/configs/toleration_seconds"],
    );
    finds(|it| at(it, configs)["migration"] = json!(false), &[]);
    finds(
        |it| {
            to_group(it);
            at(it, configs)["toleration_seconds"] = json!(300);
        },
        &[],
    );
}

#[test]
fn the_rule_of_a_place_is_known() {
    let document = Document::new(samples::full());
    for (place, rule) in [
        ("/name", Some("deployment_name")),
        ("/deployment/replicas", Some("replicas")),
        ("/tags", Some("deployment_tags")),
        ("C/0/image_url", Some("image_url")),
        ("C/0/resources/limits/cpu", Some("cpu")),
        ("C/0/volumes/0/source", Some("volume_reference")),
        ("C/0/volumes/1/source", Some("volume_medium")),
        ("C/0/volumes/2/source", Some("volume_host_path")),
        ("C/0/readiness_probe/http_get/port", Some("probe_port")),
        ("C/1/liveness_probe/exec/command", Some("probe_command")),
        ("C/0/envs/0/name", Some("env_name")),
        ("C/0/privileged", None),
        ("/nowhere", None),
    ] {
        let path = place.replace("C/", &format!("{C}/")).parse().unwrap();
        assert_eq!(rule_at(&document, &path).map(|it| it.name), rule, "{place}");
    }
}

proptest! {
    #[test]
    fn any_document_can_be_checked(value in samples::deployment(), other in samples::anything()) {
        for value in [value, other] {
            let document = Document::new(value);
            for finding in check(&document, &world()) {
                // As data each has a name, and comes back as it was.
                prop_assert!(!finding.id().is_empty());
                let text = serde_json::to_string(&finding).unwrap();
                let read: Finding = serde_json::from_str(&text).unwrap();
                prop_assert!(serde_json::to_string(&read).unwrap() == text, "{}", text);
            }
        }
    }
}
