//! Commands on documents: what they do, and that each can be taken back.

use deploy_doc::edit::{Edit, ProbeKind, ProbeWay, VariableSource, VolumeSource};
use deploy_doc::{ContainerList, Document, Patch, Path};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::samples;

const WEB: &str = "/deployment/template/containers/0";
const AGENT: &str = "/deployment/template/containers/1";

fn path(pointer: &str) -> Path {
    pointer.parse().unwrap()
}

/// Carries a command out on the sample and wants one value at one place; taken back all is as it was.
#[track_caller]
fn does(edit: Edit, pointer: &str, expected: Value) -> Document {
    let before = Document::new(samples::full());
    let mut document = before.clone();
    let done = document.edit(edit).unwrap();
    let found = document
        .value()
        .pointer(pointer)
        .cloned()
        .unwrap_or_default();
    assert_eq!(found, expected);
    let after = document.clone();
    let redo = document.patch(done.undo).unwrap();
    assert_eq!(document.value().to_string(), before.value().to_string());
    document.patch(redo).unwrap();
    assert_eq!(document.value().to_string(), after.value().to_string());
    after
}

#[test]
fn fields_are_set_and_cleared() {
    let limit = format!("{WEB}/resources/limits/cpu");
    does(
        Edit::Set {
            path: path(&limit),
            value: json!(2),
        },
        &limit,
        json!("2"),
    );
    let gpu = format!("{AGENT}/resources/limits/gpu");
    does(
        Edit::Set {
            path: path(&gpu),
            value: json!("1"),
        },
        AGENT,
        json!({
            "name": "agent", "image_url": "agent:2", "resources": { "limits": { "gpu": "1" } }
        }),
    );
    // With the last amount the empty objects around it go, but not the container.
    let mut document = does(Edit::Clear { path: path(&limit) }, &limit, Value::Null);
    for rest in ["limits/memory", "requests/cpu", "requests/memory"] {
        let path = path(&format!("{WEB}/resources/{rest}"));
        document.edit(Edit::Clear { path }).unwrap();
    }
    assert_eq!(document.get(&path(&format!("{WEB}/resources"))), None);
    assert!(document.get(&path(WEB)).is_some());
    does(
        Edit::Clear {
            path: path("/nothing/there"),
        },
        "/nothing",
        Value::Null,
    );
}

#[test]
fn parts_are_added_under_free_names() {
    let list = ContainerList::Init;
    does(
        Edit::AddContainer { list },
        "/deployment/template/init_containers/1",
        json!({
            "name": "container-0", "image_url": ""
        }),
    );
    let container = path(AGENT);
    let source = VolumeSource::EmptyDir;
    does(
        Edit::AddVolume {
            container: container.clone(),
            source,
        },
        &format!("{AGENT}/volumes"),
        json!([
            { "name": "volume-0", "type": "emptyDir", "source": "disk", "destination": "", "read_only": false }
        ]),
    );
    does(
        Edit::AddPort {
            container: container.clone(),
        },
        &format!("{AGENT}/ports/0"),
        json!({
            "container_port": 80, "host_port": 8081
        }),
    );
    let source = VariableSource::Secret {
        name: "keys".to_owned(),
        key: "k".to_owned(),
    };
    does(
        Edit::AddVariable {
            container: path(WEB),
            source,
        },
        &format!("{WEB}/envs/4"),
        json!({
            "name": "VARIABLE_1", "value_from": { "secret": { "name": "keys", "key": "k" } }
        }),
    );
    does(
        Edit::AddTag,
        "/tags/2",
        json!({ "key": "tag-1", "value": "" }),
    );
    let volume = path(&format!("{WEB}/volumes/1"));
    let destination = Some("/c".to_owned());
    does(
        Edit::Mount {
            volume,
            container,
            destination,
        },
        &format!("{AGENT}/volumes/0"),
        json!({
            "name": "cache", "type": "emptyDir", "source": "disk", "destination": "/c", "read_only": false
        }),
    );
}

#[test]
fn what_a_part_is_can_change() {
    let variable = path(&format!("{WEB}/envs/1"));
    let source = VariableSource::Value("5".to_owned());
    does(
        Edit::SetVariableSource { variable, source },
        &format!("{WEB}/envs/1"),
        json!({
            "name": "LEVEL", "value": "5"
        }),
    );
    let (probe, container) = (ProbeKind::Readiness, path(WEB));
    let way = ProbeWay::Command;
    does(
        Edit::SetProbe {
            container: container.clone(),
            probe,
            way,
        },
        &format!("{WEB}/readiness_probe"),
        json!({
            "exec": { "command": "" }, "initial_delay_seconds": 5
        }),
    );
    let (probe, way) = (ProbeKind::Liveness, ProbeWay::Http);
    does(
        Edit::SetProbe {
            container,
            probe,
            way,
        },
        &format!("{WEB}/liveness_probe"),
        json!({
            "http_get": { "path": "/", "port": 80, "scheme": "HTTP" }
        }),
    );
    let volume = path(&format!("{WEB}/volumes/0"));
    let source = VolumeSource::HostPath;
    does(
        Edit::SetVolumeSource { volume, source },
        &format!("{WEB}/volumes/0"),
        json!({
            "name": "conf", "type": "hostPath", "source": "", "destination": "/etc/shop", "read_only": false
        }),
    );
    does(
        Edit::SetHostNetwork { on: true },
        "/deployment/template/configs/host_network",
        json!(true),
    );
    let group = "g".to_owned();
    let document = does(Edit::PlaceInGroup { group }, "/group_id", json!("g"));
    assert_eq!(document.get(&path("/node_ids")), None);
    assert_eq!(
        document.get(&path("/deployment/template/configs/migration")),
        Some(&json!(true))
    );
    does(
        Edit::PlaceOnNode {
            node: "n".to_owned(),
        },
        "/node_ids",
        json!(["n"]),
    );
    let volume = path(&format!("{WEB}/volumes/1"));
    let to = "store".to_owned();
    does(
        Edit::RenameVolume { volume, to },
        &format!("{WEB}/volumes/1/name"),
        json!("store"),
    );
}

#[test]
fn copies_have_names_and_ports_of_their_own() {
    let document = does(
        Edit::Duplicate { path: path(WEB) },
        &format!("{AGENT}/name"),
        json!("web-2"),
    );
    let copy = document.get(&path(AGENT)).unwrap();
    assert_eq!(copy["ports"][0]["host_port"], 8081);
    assert_eq!(copy["x_unknown"], json!({ "kept": [1, 2.5, null] }));
    let volume = path(&format!("{WEB}/volumes/2"));
    does(
        Edit::Duplicate { path: volume },
        &format!("{WEB}/volumes/3/destination"),
        json!("/var/log-2"),
    );
    let variable = path(&format!("{WEB}/envs/0"));
    does(
        Edit::Duplicate { path: variable },
        &format!("{WEB}/envs/1/name"),
        json!("MODE_2"),
    );
}

#[test]
fn parts_keep_their_identity_wherever_they_go() {
    let mut document = Document::new(samples::full());
    let id = |document: &Document, pointer: &str| document.id_at(&path(pointer)).unwrap();
    let web = id(&document, WEB);
    let port = id(&document, &format!("{WEB}/ports/0"));
    let anchor = document.anchor(&path(&format!("{WEB}/ports/0/host_port")));
    let list = path("/deployment/template/init_containers");
    let done = document
        .edit(Edit::MoveInto {
            path: path(WEB),
            list,
            at: Some(0),
        })
        .unwrap();
    assert_eq!(
        done.at.to_string(),
        "/deployment/template/init_containers/0"
    );
    assert_eq!(document.path_of(web), Some(done.at.clone()));
    assert_eq!(document.path_of(port), Some(done.at.then("ports").then(0)));
    let place = document.resolve(&anchor).unwrap();
    assert_eq!(document.get(&place), Some(&json!(8080)));
    document.patch(done.undo).unwrap();
    assert_eq!(
        document.path_of(port),
        Some(path(&format!("{WEB}/ports/0")))
    );
    // Gone and back.
    let done = document.edit(Edit::Remove { path: path(WEB) }).unwrap();
    assert_eq!(document.path_of(web), None);
    document.patch(done.undo).unwrap();
    assert_eq!(document.path_of(web), Some(path(WEB)));
    // Said anew in another order and under another name.
    let mut value = document.value().clone();
    let containers = value
        .pointer_mut("/deployment/template/containers")
        .unwrap()
        .as_array_mut()
        .unwrap();
    containers.swap(0, 1);
    containers[1]["image_url"] = json!("other");
    document.edit(Edit::Replace { value }).unwrap();
    assert_eq!(document.path_of(web), Some(path(AGENT)));
}

#[test]
fn what_can_not_be_done_changes_nothing() {
    let edits = [
        Edit::Remove {
            path: path("/nowhere"),
        },
        Edit::Remove { path: Path::root() },
        Edit::Duplicate {
            path: path("/name"),
        },
        Edit::Move {
            path: path(WEB),
            to: 7,
        },
        Edit::Add {
            list: path("/name"),
            at: None,
            value: json!(1),
        }
        .then_fails(),
        Edit::Set {
            path: path("/name/inside"),
            value: json!(1),
        },
        Edit::Set {
            path: path("/tags/9"),
            value: json!(1),
        },
        Edit::MoveInto {
            path: path(WEB),
            list: path(&format!("{WEB}/volumes")),
            at: None,
        },
        Edit::RenameKey {
            path: path("/name"),
            to: "tags".to_owned(),
        },
    ];
    for edit in edits {
        let mut document = Document::new(samples::full());
        let before = document.value().to_string();
        assert!(document.edit(edit.clone()).is_err(), "{edit:?}");
        assert_eq!(document.value().to_string(), before, "{edit:?}");
    }
}

trait ThenFails {
    fn then_fails(self) -> Self;
}

impl ThenFails for Edit {
    /// The same, followed by one that can't be done: nothing of it stays.
    fn then_fails(self) -> Self {
        Self::Many(vec![self, Self::Remove { path: Path::root() }])
    }
}

fn places(value: &Value, path: &Path, found: &mut Vec<Path>) {
    found.push(path.clone());
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, it)| places(it, &path.then(key.as_str()), found)),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .for_each(|(at, it)| places(it, &path.then(at), found)),
        _ => {}
    }
}

/// A command at random, about something that is there.
#[derive(Debug, Clone)]
pub(crate) struct Wish(u8, Index, Index, Value);

pub(crate) fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let wish = (
        any::<u8>(),
        any::<Index>(),
        any::<Index>(),
        samples::anything(),
    );
    vec(
        wish.prop_map(|(kind, one, two, value)| Wish(kind, one, two, value)),
        0..12,
    )
}

impl Wish {
    pub(crate) fn about(&self, document: &Document) -> Edit {
        let Self(kind, one, two, value) = self;
        let mut all = Vec::new();
        places(document.value(), &Path::root(), &mut all);
        let (path, other) = (one.get(&all).clone(), two.get(&all).clone());
        let containers: Vec<Path> = document.containers().map(|it| it.0).collect();
        let container = match containers.is_empty() {
            true => path.clone(),
            false => two.get(&containers).clone(),
        };
        let (at, to) = (Some(two.index(4)), two.index(3));
        match kind % 22 {
            0 => Edit::Set {
                path,
                value: value.clone(),
            },
            1 => Edit::Set {
                path: path.then("added"),
                value: value.clone(),
            },
            2 => Edit::Clear { path },
            3 => Edit::RenameKey {
                path,
                to: "renamed".to_owned(),
            },
            4 => Edit::Add {
                list: path,
                at,
                value: value.clone(),
            },
            5 => Edit::AddContainer {
                list: ContainerList::ALL[one.index(2)],
            },
            6 => Edit::AddVolume {
                container,
                source: VolumeSource::Secret,
            },
            7 => Edit::Mount {
                volume: path,
                container,
                destination: None,
            },
            8 => Edit::AddPort { container },
            9 => Edit::AddVariable {
                container,
                source: VariableSource::NodeAddress,
            },
            10 => Edit::AddTag,
            11 => Edit::SetProbe {
                container,
                probe: ProbeKind::Liveness,
                way: ProbeWay::Http,
            },
            12 => Edit::SetVolumeSource {
                volume: path,
                source: VolumeSource::EmptyDir,
            },
            13 => Edit::RenameVolume {
                volume: path,
                to: "v".to_owned(),
            },
            14 => Edit::SetVariableSource {
                variable: path,
                source: VariableSource::Value("x".to_owned()),
            },
            15 => Edit::PlaceInGroup {
                group: "g".to_owned(),
            },
            16 => Edit::Remove { path },
            17 => Edit::Duplicate { path },
            18 => Edit::Move { path, to },
            19 => Edit::MoveInto {
                path,
                list: other,
                at,
            },
            20 => Edit::Replace {
                value: value.clone(),
            },
            _ => Edit::SetHostNetwork {
                on: one.index(2) == 0,
            },
        }
    }
}

proptest! {
    #[test]
    fn any_edits_undone_give_the_same_document(value in samples::deployment(), wishes in wishes()) {
        let before = Document::new(value);
        let mut document = before.clone();
        let mut undo: Vec<Patch> = Vec::new();
        for wish in wishes {
            let edit = wish.about(&document);
            let as_data: Edit = serde_json::from_str(&serde_json::to_string(&edit).unwrap()).unwrap();
            prop_assert_eq!(format!("{as_data:?}").len(), format!("{edit:?}").len());
            let kept = document.value().to_string();
            match document.edit(edit) {
                Ok(done) => undo.push(done.undo),
                Err(_) => prop_assert_eq!(document.value().to_string(), kept),
            }
            // Every entry of a list has an identifier of its own, which leads back to it.
            let mut all = Vec::new();
            places(document.value(), &Path::root(), &mut all);
            for path in all.iter().filter(|it| it.last().is_some_and(|it| it.index().is_some())) {
                let id = document.id_at(path).unwrap();
                prop_assert_eq!(document.path_of(id), Some(path.clone()));
            }
        }
        for patch in undo.into_iter().rev() {
            document.patch(patch).unwrap();
        }
        prop_assert_eq!(document.value().to_string(), before.value().to_string());
    }
}
