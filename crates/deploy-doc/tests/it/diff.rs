//! Differences, what they mean, and what two people made of one document.

use deploy_doc::diff::{Difference, Effect, diff, effects};
use deploy_doc::edit::Edit;
use deploy_doc::merge::merge;
use deploy_doc::{Document, Origin, Path};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::edit::wishes;
use crate::samples;

const C: &str = "/deployment/template/containers";

fn path(pointer: &str) -> Path {
    pointer.replace("C/", &format!("{C}/")).parse().unwrap()
}

fn sample() -> Document {
    Document::new(samples::full())
}

/// The sample with commands carried out.
fn with(edits: Vec<Edit>) -> Document {
    let mut document = sample();
    document.edit(Edit::Many(edits)).unwrap();
    document
}

fn set(pointer: &str, value: Value) -> Edit {
    let path = path(pointer);
    Edit::Set { path, value }
}

fn remove(pointer: &str) -> Edit {
    let path = path(pointer);
    Edit::Remove { path }
}

/// The sample as the service answers it: every field, the empty ones too.
fn answer() -> Value {
    let mut body = samples::full();
    let run = body
        .as_object_mut()
        .unwrap()
        .shift_remove("deployment")
        .unwrap();
    let mut answer = json!({
        "id": "1", "created_at": "then", "updated_at": "now", "ready_replicas": 1, "state": "", "group_id": "",
        "api_version": "v3", "source_id": "", "project_id": "p", "source": "userdefine",
        "replicas": run["replicas"], "template": run["template"],
    });
    answer
        .as_object_mut()
        .unwrap()
        .extend(body.as_object().unwrap().clone());
    for container in answer
        .pointer_mut("/template/containers")
        .unwrap()
        .as_array_mut()
        .unwrap()
    {
        let fields = container.as_object_mut().unwrap();
        for (field, value) in [
            ("privileged", json!(false)),
            ("npu_type", json!("")),
            ("version", json!("")),
            ("args", Value::Null),
        ] {
            fields.entry(field).or_insert(value);
        }
    }
    answer
}

#[test]
fn answers_are_read_and_bodies_written() {
    let document = Document::from_answer(&answer());
    let origin = Origin {
        id: "1".to_owned(),
        updated_at: Some("now".to_owned()),
    };
    assert_eq!(document.origin(), Some(&origin));
    assert_eq!(diff(&sample(), &document), []);
    let update = document.to_update();
    assert_eq!(update["description"], "The shop of a site");
    assert_eq!(update.as_object().unwrap().len(), 2);
    assert_eq!(
        update.pointer("/deployment/template/containers/0/x_unknown"),
        Some(&json!({ "kept": [1, 2.5, null] }))
    );
    let create = document.as_new().to_create();
    assert_eq!(create["node_ids"], json!(["node-1"]));
    assert!(create.get("id").is_none() && create.get("ready_replicas").is_none());
    // Numbers are sent as the texts that the service takes.
    let document = Document::new(json!({ "deployment": { "template": { "containers": [
        { "resources": { "limits": { "cpu": 0.25 } }, "ports": [{ "container_port": "80", "host_port": 0, "host_port_range": { "min_port": 1 } }] }
    ] } } }));
    let create = document.to_create();
    assert_eq!(
        create.pointer(&format!("{C}/0/resources/limits/cpu")),
        Some(&json!("0.25"))
    );
    assert_eq!(
        create.pointer(&format!("{C}/0/ports/0/container_port")),
        Some(&json!(80))
    );
    let either = Document::from_either(answer());
    assert_eq!(either, Document::from_answer(&answer()));
}

#[test]
fn a_version_of_a_template_becomes_a_deployment() {
    let version = json!({
        "id": "v", "version": "1.0", "image_url": "app:1", "arch": "arm64", "npu_type": "",
        "resources": { "limits": { "cpu": 0.5, "memory": 512 } },
        "envs": [{ "name": "A", "value": "b" }],
        "liveness_probe": { "exec_command": "true", "timeout_seconds": 2 },
        "configs": { "host_network": false, "restart_policy": "OnFailure", "privileged": true,
            "ports": [{ "container_port": 80, "host_port": 80 }] },
    });
    let version = serde_json::from_value(version).unwrap();
    let document = Document::from_version("app", &version);
    assert_eq!(
        document.to_create(),
        json!({
            "name": "app",
            "deployment": { "replicas": 1, "template": {
                "configs": { "host_network": false, "restart_policy": "OnFailure" },
                "containers": [{
                    "name": "app", "image_url": "app:1", "version": "1.0", "privileged": true,
                    "resources": { "limits": { "cpu": "0.5", "memory": "512" } },
                    "envs": [{ "name": "A", "value": "b" }],
                    "ports": [{ "container_port": 80, "host_port": 80 }],
                    "liveness_probe": { "exec": { "command": "true" }, "timeout_seconds": 2 },
                }],
            } },
        })
    );
}

#[track_caller]
fn differs(edits: Vec<Edit>, expected: &[&str]) {
    let found = diff(&sample(), &with(edits));
    let told = found.iter().map(|it| {
        let (kind, place) = match it {
            Difference::Added { path, .. } => ("+", path.to_string()),
            Difference::Removed { path, .. } => ("-", path.to_string()),
            Difference::Changed {
                path,
                before,
                after,
            } => {
                assert_ne!(before, after);
                ("~", path.to_string())
            }
            Difference::Moved { from, to } => (">", format!("{from} {to}")),
        };
        format!("{kind} {place}").replace(C, "C")
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn differences_are_told_field_by_field() {
    differs(vec![], &[]);
    differs(vec![set("/name", json!("x"))], &["~ /name"]);
    differs(vec![set("C/0/privileged", json!(false))], &[]);
    differs(
        vec![set("C/0/privileged", json!(true))],
        &["+ C/0/privileged"],
    );
    differs(
        vec![set("C/0/readiness_probe/initial_delay_seconds", json!(10))],
        &["- C/0/readiness_probe/initial_delay_seconds"],
    );
    differs(vec![remove("C/0/envs/0")], &["- C/0/envs/0"]);
    differs(
        vec![Edit::Move {
            path: path("C/0"),
            to: 1,
        }],
        &["> C/1 C/0"],
    );
    differs(
        vec![
            remove("C/0/envs/1"),
            set("C/0/envs/0/value", json!("slow")),
            Edit::AddTag,
        ],
        &["+ /tags/2", "~ C/0/envs/0/value", "- C/0/envs/1"],
    );
    differs(
        vec![set(
            "/deployment/template/init_containers/0/args",
            json!(["-c"]),
        )],
        &["~ /deployment/template/init_containers/0/args"],
    );
}

#[track_caller]
fn means(edits: Vec<Edit>, expected: Vec<Effect>) {
    assert_eq!(effects(Some(&sample()), &with(edits)), expected);
}

#[test]
fn changes_have_plain_effects() {
    let restarts = |containers: &[&str]| Effect::Restarts {
        instances: 1,
        containers: containers.iter().map(|it| (*it).to_owned()).collect(),
    };
    let loses = Effect::LosesData {
        volume: "cache".to_owned(),
        container: "web".to_owned(),
    };
    let leaves = Effect::LeavesData {
        volume: "logs".to_owned(),
        source: "/var/log/shop".to_owned(),
    };
    assert_eq!(
        effects(None, &sample()),
        [
            Effect::Starts { instances: 1 },
            Effect::OpensPort { port: 8080 }
        ]
    );
    means(vec![], vec![]);
    means(vec![set("/description", json!("x"))], vec![]);
    means(vec![set("C/1/version", json!(""))], vec![]);
    means(
        vec![set("/deployment/replicas", json!(3))],
        vec![Effect::Starts { instances: 2 }],
    );
    means(
        vec![set("C/1/image_url", json!("agent:3"))],
        vec![restarts(&["agent"]), loses.clone()],
    );
    means(
        vec![
            set("C/0/ports/0/host_port", json!(9090)),
            remove("C/0/volumes/2"),
        ],
        vec![
            restarts(&["web"]),
            loses.clone(),
            leaves,
            Effect::OpensPort { port: 9090 },
            Effect::ClosesPort { port: 8080 },
        ],
    );
    means(
        vec![set(
            "/deployment/template/configs/restart_policy",
            json!("Never"),
        )],
        vec![restarts(&[]), loses.clone()],
    );
    means(
        vec![
            Edit::PlaceInGroup {
                group: "g".to_owned(),
            },
            set("/name", json!("x")),
        ],
        vec![
            restarts(&[]),
            loses.clone(),
            Effect::NotSent {
                path: path("/name"),
            },
            Effect::NotSent {
                path: path("/group_id"),
            },
        ],
    );
    let three = with(vec![set("/deployment/replicas", json!(3))]);
    assert_eq!(
        effects(Some(&three), &sample()),
        [Effect::Stops { instances: 2 }, loses]
    );
}

#[test]
fn what_two_changed_apart_goes_together() {
    let mine = with(vec![
        set("C/0/envs/0/value", json!("mine")),
        Edit::AddContainer {
            list: deploy_doc::ContainerList::Main,
        },
        remove("/tags/0"),
    ]);
    let theirs = with(vec![
        set("C/0/envs/1/value_from/configmap/key", json!("theirs")),
        set("/description", json!("theirs")),
        Edit::AddTag,
        remove("C/1"),
    ]);
    let merged = merge(&sample(), &mine, &theirs);
    assert_eq!(merged.conflicts, []);
    let value = merged.document.value();
    let web = value.pointer(&format!("{C}/0")).unwrap();
    assert_eq!(web["envs"][0]["value"], "mine");
    assert_eq!(web["envs"][1]["value_from"]["configmap"]["key"], "theirs");
    assert_eq!(value["description"], "theirs");
    assert_eq!(
        value["tags"],
        json!([{ "key": "tier", "value": "front" }, { "key": "tag-1", "value": "" }])
    );
    let names = value
        .pointer(C)
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        [Some("web"), Some("container-0")]
    );
}

#[test]
fn what_both_changed_is_named_and_can_be_decided() {
    let mine = with(vec![
        set("C/0/image_url", json!("nginx:mine")),
        remove("C/1"),
        set("C/0/resources/limits/cpu", json!("1")),
    ]);
    let theirs = with(vec![
        set("C/0/image_url", json!("nginx:theirs")),
        set("C/1/image_url", json!("agent:theirs")),
        remove("C/0/resources"),
    ]);
    let merged = merge(&sample(), &mine, &theirs);
    let places: Vec<_> = merged
        .conflicts
        .iter()
        .map(|it| it.path.to_string().replace(C, "C"))
        .collect();
    assert_eq!(places, ["C/0/image_url", "C/0/resources", "C"]);
    let mut document = merged.document;
    assert_eq!(
        document.get(&path("C/0/image_url")),
        Some(&json!("nginx:mine"))
    );
    for conflict in merged.conflicts.into_iter().rev() {
        document.edit(conflict.take_theirs).unwrap();
    }
    assert_eq!(diff(&theirs, &document), []);
    // The same change by both is none.
    let same = with(vec![set("C/0/image_url", json!("x"))]);
    assert_eq!(merge(&sample(), &same, &same.clone()).conflicts, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_side_alone_is_never_in_conflict(value in samples::deployment(), wishes in wishes()) {
        let base = Document::new(value);
        let mut other = base.clone();
        for wish in wishes {
            let edit = wish.about(&other);
            let _ = other.edit(edit);
        }
        for (mine, theirs) in [(&base, &other), (&other, &base)] {
            let merged = merge(&base, mine, theirs);
            prop_assert_eq!(&merged.conflicts, &[]);
            prop_assert_eq!(diff(&merged.document, &other), []);
        }
        let both = merge(&base, &other, &other);
        prop_assert_eq!(&both.conflicts, &[]);
    }

    #[test]
    fn any_three_can_be_put_together(base in samples::deployment(), mine in samples::deployment(), theirs in samples::deployment()) {
        let (base, mine, theirs) = (Document::new(base), Document::new(mine), Document::new(theirs));
        let merged = merge(&base, &mine, &theirs);
        for conflict in merged.conflicts {
            let mut document = merged.document.clone();
            prop_assert!(document.edit(conflict.take_theirs).is_ok());
        }
        // What differs is there to be seen, and effects can be told of anything.
        for found in diff(&base, &mine) {
            if let Difference::Removed { path, .. } = &found {
                prop_assert!(base.get(path).is_some());
            } else {
                prop_assert!(mine.get(found.path()).is_some());
            }
        }
        let _ = effects(Some(&base), &mine);
        prop_assert_eq!(diff(&mine, &mine), []);
    }
}
