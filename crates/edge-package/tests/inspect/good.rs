//! What is good, and said to be.

use edge_package::inspect::{Known, KnownSubject, identity, judge};
use edge_package::report::{Kind, Role, Status};

use crate::simulator;
use crate::support::{
    AT, DAY, NODE, context, good_files, is_good, is_told, judged, judged_files, opened, status,
};

#[test]
fn what_the_simulator_gives_out_is_good() {
    let all = simulator::all();
    for (given, kind, headline) in [
        (&all.node, Kind::Node, "Good for node gw-1 until "),
        (
            &all.registration,
            Kind::Registration,
            "Good for batch registration line-2 until ",
        ),
    ] {
        for bytes in [given.answer.as_bytes(), &given.package] {
            let report = judged(bytes);
            is_good(&report);
            assert_eq!(report.kind, kind);
            assert!(report.headline.starts_with(headline), "{}", report.headline);
            assert_eq!(report.entries.len(), 4);
            let roles: Vec<Role> = report.certificates.iter().map(|it| it.role).collect();
            assert!(
                roles.contains(&Role::Own) && roles.contains(&Role::Root),
                "{roles:?}"
            );
        }
    }
    for (given, kind) in [
        (&all.node_certificate, Kind::NodeCertificate),
        (&all.group_certificate, Kind::GroupCertificate),
    ] {
        let report = judged(given.answer.as_bytes());
        is_good(&report);
        assert_eq!(report.kind, kind);
        // The package by itself doesn't tell what it is for.
        let report = judged(&given.package);
        is_good(&report);
        assert_eq!(report.kind, Kind::Archive);
    }
    let node = &all.node.read["node"];
    let identity = identity(&opened(&all.node.package));
    assert_eq!(identity.id, node["id"].as_str().unwrap());
    assert_eq!(identity.name, "gw-1");
    assert!(!identity.project.is_empty() && !identity.serial.is_empty());
}

#[test]
fn a_package_made_here_is_good_until_its_certificate_ends() {
    let report = judged_files(&good_files());
    is_good(&report);
    assert_eq!(report.good_until, Some(AT + 1000 * DAY));
    assert_eq!(report.headline, "Good for node gw-1 until 2029-08-19.");
    for id in [
        "opens",
        "entries",
        "readable",
        "key_belongs",
        "chain",
        "authority",
        "dates",
        "usage",
        "digest",
        "key_strength",
        "identity",
        "locked",
        "ends_soon",
        "outlives",
        "serials",
        "permissions",
        "extra",
    ] {
        assert_eq!(status(&report, id), Status::Passed, "{id}");
    }
    for id in ["exists", "current", "order"] {
        assert_eq!(status(&report, id), Status::NotApplicable, "{id}");
    }
}

#[test]
fn the_reference_time_decides() {
    let opened = opened(&crate::support::packed(&good_files()));
    for (day, good) in [(-20, false), (0, true), (900, true), (1001, false)] {
        let mut context = context(None);
        context.at = AT + day * DAY;
        let report = judge(&opened, &context);
        assert_eq!(
            status(&report, "dates") == Status::Passed,
            good,
            "day {day}: {}",
            report.headline
        );
    }
}

#[test]
fn any_reference_time_is_taken() {
    let opened = opened(&crate::support::packed(&good_files()));
    for at in [i64::MIN, -1, 0, i64::MAX] {
        let mut context = context(None);
        (context.at, context.lead_days) = (at, u32::MAX);
        let report = judge(&opened, &context);
        assert_eq!(status(&report, "dates"), Status::Failed, "{at}");
        assert!(!edge_package::inspect::write::html(&report, context.language).is_empty());
    }
}

#[test]
fn what_a_profile_knows_of_it_counts() {
    let opened = opened(&crate::support::packed(&good_files()));
    let serial = identity(&opened).serial;
    let known = |subject| Known {
        source: "production".to_owned(),
        seen_at: AT - DAY,
        subject,
    };
    let present = |again, serials: &[&str]| {
        known(KnownSubject::Present {
            name: "gw-1".to_owned(),
            state: "RUNNING".to_owned(),
            registered_again_at: again,
            current_serials: serials.iter().map(|it| (*it).to_owned()).collect(),
        })
    };
    let longer = format!("00{}", serial.to_uppercase());
    for (known, id, ended, words) in [
        (
            present(None, &[&longer]),
            "current",
            Status::Passed,
            "among those",
        ),
        (
            present(None, &[&longer]),
            "exists",
            Status::Passed,
            "exists in production (RUNNING), as seen on 2026-11-22",
        ),
        (
            present(None, &[]),
            "current",
            Status::NotApplicable,
            "does not tell",
        ),
        (
            present(Some(AT - 5 * DAY), &[]),
            "current",
            Status::Failed,
            "registered again on 2026-11-18",
        ),
        (
            present(Some(AT - 50 * DAY), &[]),
            "current",
            Status::NotApplicable,
            "does not tell",
        ),
        (
            present(Some(AT - 5 * DAY), &[&serial]),
            "current",
            Status::Passed,
            "among those",
        ),
        (
            present(None, &["ab"]),
            "current",
            Status::Failed,
            "is not among those",
        ),
        (
            known(KnownSubject::Absent),
            "exists",
            Status::Failed,
            "does not exist in production",
        ),
    ] {
        is_told(&judge(&opened, &context(Some(&known))), id, ended, words);
    }
}

#[test]
fn loose_files_are_judged_for_what_they_are() {
    let files = good_files();
    let [root, certificate, key] = [0, 1, 2].map(|place| files[place].content.clone());
    for (text, kind, headline) in [
        (
            root.clone(),
            Kind::Certificates,
            "The certificate root is good until ",
        ),
        (
            certificate.clone(),
            Kind::Certificates,
            "The certificate 0a1b2c3d-",
        ),
        (key.clone(), Kind::Keys, "The key is sound."),
        (
            format!("{certificate}{key}{root}"),
            Kind::Bundle,
            "Certificate and key of 0a1b2c3d-",
        ),
    ] {
        let report = judged(text.as_bytes());
        is_good(&report);
        assert_eq!(report.kind, kind);
        assert!(report.headline.starts_with(headline), "{}", report.headline);
    }
    let report = judged(format!("{certificate}{key}").as_bytes());
    is_told(
        &report,
        "chain",
        Status::Warned,
        "The CA root, which signed",
    );
    let opened = opened(certificate.as_bytes());
    assert_eq!(identity(&opened).id, NODE);
}
