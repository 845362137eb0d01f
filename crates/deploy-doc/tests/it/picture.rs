//! Documents as parts that are connected.

use std::collections::BTreeSet;

use deploy_doc::Document;
use deploy_doc::edit::Edit;
use deploy_doc::picture::{LinkKind, PartKind, picture};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use crate::edit::wishes;
use crate::samples;

#[test]
fn parts_are_connected() {
    let picture = picture(&Document::new(samples::full()));
    let told: Vec<(PartKind, &str)> = picture
        .parts
        .iter()
        .map(|it| (it.kind, it.label.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (PartKind::Node, "node-1"),
            (PartKind::InitContainer, "prepare"),
            (PartKind::Container, "web"),
            (PartKind::Volume, "conf"),
            (PartKind::ConfigMap, "settings"),
            (PartKind::Volume, "cache"),
            (PartKind::Volume, "logs"),
            (PartKind::HostPath, "/var/log/shop"),
            (PartKind::Secret, "keys"),
            (PartKind::Port, "8080"),
            (PartKind::Probe, "readiness_probe"),
            (PartKind::Probe, "liveness_probe"),
            (PartKind::Container, "agent"),
        ]
    );
    let label = |key: &str| {
        picture
            .parts
            .iter()
            .find(|it| it.key == key)
            .unwrap()
            .label
            .as_str()
    };
    let links: Vec<_> = picture
        .links
        .iter()
        .map(|it| (label(&it.from), it.kind, label(&it.to)))
        .collect();
    for link in [
        ("prepare", LinkKind::Before, "web"),
        ("prepare", LinkKind::Before, "agent"),
        ("web", LinkKind::RunsOn, "node-1"),
        ("web", LinkKind::MountsToRead, "conf"),
        ("web", LinkKind::Mounts, "cache"),
        ("conf", LinkKind::MadeOf, "settings"),
        ("logs", LinkKind::MadeOf, "/var/log/shop"),
        ("web", LinkKind::TakesFrom, "settings"),
        ("web", LinkKind::TakesFrom, "keys"),
        ("web", LinkKind::ReachedAt, "8080"),
        ("readiness_probe", LinkKind::Watches, "web"),
    ] {
        assert!(links.contains(&link), "{link:?} is not in {links:?}");
    }
    let path = "/deployment/template/containers/0/ports/0/host_port"
        .parse()
        .unwrap();
    assert_eq!(picture.part_at(&path).unwrap().label, "8080");
    let path = "/deployment/template/containers/0/image_url"
        .parse()
        .unwrap();
    assert_eq!(picture.part_at(&path).unwrap().label, "web");
}

#[test]
fn parts_keep_their_names_and_connections_can_be_taken_away() {
    let mut document = Document::new(samples::full());
    let key = |document: &Document, label: &str| {
        let picture = picture(document);
        let part = picture.parts.iter().find(|it| it.label == label);
        part.map(|it| it.key.clone())
    };
    let web = key(&document, "web");
    let path = "/deployment/template/containers/0".parse().unwrap();
    document.edit(Edit::Move { path, to: 1 }).unwrap();
    assert_eq!(key(&document, "web"), web);
    let before = picture(&document);
    let link = before
        .links
        .iter()
        .find(|it| it.kind == LinkKind::MountsToRead)
        .unwrap();
    document
        .edit(Edit::Remove {
            path: link.path.clone(),
        })
        .unwrap();
    assert_eq!(key(&document, "conf"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_connection_has_its_ends_and_its_place(value in samples::deployment(), wishes in wishes()) {
        let mut document = Document::new(value);
        for wish in wishes {
            let edit = wish.about(&document);
            let _ = document.edit(edit);
            let picture = picture(&document);
            let keys: BTreeSet<&String> = picture.parts.iter().map(|it| &it.key).collect();
            prop_assert_eq!(keys.len(), picture.parts.len());
            for part in &picture.parts {
                prop_assert!(document.get(&part.path).is_some());
            }
            for link in &picture.links {
                prop_assert!(keys.contains(&link.from) && keys.contains(&link.to));
                prop_assert!(document.get(&link.path).is_some());
            }
        }
    }
}
