//! Which nodes can take a deployment, and what is left of them.

use std::collections::BTreeMap;

use deploy_doc::edit::Edit;
use deploy_doc::placement::{Amount, Fit, Obstacle, places};
use deploy_doc::surroundings::{Arch, Group, Neighbour, Node, Surroundings};
use deploy_doc::{Document, Origin};
use ief_api::deployment::Deployment;
use ief_api::node::EdgeNode;
use serde_json::json;

use crate::samples;

fn node(id: &str, zone: &str) -> Node {
    let node = json!({
        "id": id, "name": id, "state": "RUNNING", "arch": "x86_64", "cpu": 4, "memory": 4096, "enable_gpu": false,
        "attributes": [{ "key": "zone", "value": zone }],
    });
    Node::new(&serde_json::from_value::<EdgeNode>(node).unwrap())
}

fn world() -> Surroundings {
    let other = json!({
        "id": "o", "name": "other", "node_ids": ["n1"],
        "template": { "containers": [{ "resources": { "requests": { "cpu": "3" } }, "ports": [{ "host_port": 8080 }] }] },
    });
    Surroundings {
        nodes: Some(vec![node("n1", "a"), node("n2", "b"), node("n3", "b")]),
        groups: Some(vec![Group {
            id: "g".to_owned(),
            name: "g".to_owned(),
            nodes: Some(vec!["n2".to_owned(), "n3".to_owned()]),
        }]),
        deployments: Some(vec![Neighbour::new(
            serde_json::from_value::<Deployment>(other).unwrap(),
        )]),
        ..Surroundings::default()
    }
}

fn fits(document: &Document, world: &Surroundings) -> BTreeMap<String, Fit> {
    let fits = places(document, world).into_iter();
    fits.map(|it| (it.node.clone(), it)).collect()
}

#[test]
fn nodes_are_told_with_their_obstacles_and_what_is_left() {
    let mut world = world();
    let document = Document::new(samples::full());
    let found = fits(&document, &world);
    assert_eq!(found["n2"].obstacles, []);
    assert!(found["n2"].is_possible());
    // A quarter of a core and 256 MB are set aside.
    assert_eq!(
        found["n2"].left,
        [Some(3.75), Some(3840.0), Some(0.0), None]
    );
    let by = "other".to_owned();
    assert_eq!(
        found["n1"].obstacles,
        [Obstacle::PortTaken { port: 8080, by }]
    );
    assert_eq!(found["n1"].left[Amount::Cpu as usize], Some(0.75));
    // Without the other deployments nothing is said of what is left.
    world.deployments = None;
    let found = fits(&document, &world);
    assert_eq!(
        (found["n1"].left[0], found["n1"].is_possible()),
        (None, true)
    );
}

#[test]
fn more_than_there_is_and_more_than_is_left_differ() {
    let mut document = Document::new(samples::full());
    let path = "/deployment/template/containers/0/resources/requests/cpu"
        .parse()
        .unwrap();
    document
        .edit(Edit::Set {
            path,
            value: json!("2"),
        })
        .unwrap();
    let found = fits(&document, &world());
    let short = Obstacle::Short {
        amount: Amount::Cpu,
        needs: 2.0,
        left: 1.0,
    };
    assert!(found["n1"].obstacles.contains(&short) && !short.is_final());
    assert_eq!(found["n2"].obstacles, []);
    let path = "/deployment/template/containers/0/resources/requests/cpu"
        .parse()
        .unwrap();
    document
        .edit(Edit::Set {
            path,
            value: json!("5"),
        })
        .unwrap();
    let lacks = Obstacle::Lacks {
        amount: Amount::Cpu,
        needs: 5.0,
        has: 4.0,
    };
    assert_eq!(
        fits(&document, &world())["n2"].obstacles,
        std::slice::from_ref(&lacks)
    );
    assert!(lacks.is_final());
}

#[test]
fn a_group_is_looked_at_by_its_nodes_and_its_wishes() {
    let mut document = Document::new(samples::full());
    document
        .edit(Edit::PlaceInGroup {
            group: "g".to_owned(),
        })
        .unwrap();
    let wish = |value: &str, weight: i64| {
        json!({ "weight": weight, "preference": { "matchExpressions": [
            { "key": "kubernetes.io/hostname", "operator": "In", "values": [value] }
        ] } })
    };
    let path = "/deployment/template/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution";
    let value = json!([wish("n2", 10), wish("n2", 5), wish("n3", 1)]);
    document
        .edit(Edit::Set {
            path: path.parse().unwrap(),
            value,
        })
        .unwrap();
    let found = fits(&document, &world());
    assert_eq!(found.keys().collect::<Vec<_>>(), ["n2", "n3"]);
    assert_eq!((found["n2"].wished, found["n3"].wished), (15, 1));
}

#[test]
fn a_deployment_is_not_in_its_own_way() {
    let mut document = Document::new(samples::full());
    document.set_origin(Some(Origin {
        id: "o".to_owned(),
        updated_at: None,
    }));
    assert_eq!(fits(&document, &world())["n1"].obstacles, []);
}

#[test]
fn hardware_and_reach_are_held_against_a_node() {
    let mut world = world();
    let nodes = world.nodes.as_mut().unwrap();
    nodes[1].arch = Some(Arch::Arm64);
    nodes[2].is_online = Some(false);
    let mut document = Document::new(samples::full());
    let path = "/deployment/template/containers/1/image_url"
        .parse()
        .unwrap();
    document
        .edit(Edit::Set {
            path,
            value: json!("agent:2-amd64"),
        })
        .unwrap();
    let found = fits(&document, &world);
    let image = "agent:2-amd64".to_owned();
    assert_eq!(
        found["n2"].obstacles,
        [Obstacle::WrongArch {
            image,
            arch: Arch::Arm64
        }]
    );
    assert_eq!(found["n3"].obstacles, [Obstacle::Offline]);
    assert!(!Obstacle::Offline.is_final());
    // With the node's network the container's own ports are those of the node.
    document.edit(Edit::SetHostNetwork { on: true }).unwrap();
    assert!(fits(&document, &world)["n1"].is_possible());
}
