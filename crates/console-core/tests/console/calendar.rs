//! The calendar of certificates: from lists, from packages that are remembered, and what hangs on them.

use console_ipc::calendar::{
    Calendar, CertificateCalendar, ExportCalendar, ForgetPackage, Precision,
};
use console_ipc::call::{ReadCall, Saved};
use console_ipc::inspect::report::Kind;
use console_ipc::inspect::{
    InspectWithheld, InspectionSummary, ListInspections, RememberInspection,
};
use console_ipc::notice::NoticeKind;
use console_ipc::settings::{SaveSettings, Settings};
use serde_json::{Value, json};

use super::packages::{Made, made, register};
use super::support::{Desk, node_call};

async fn calendar(desk: &Desk, mut request: Value) -> Calendar {
    request["limit"] = json!(500);
    desk.ask::<CertificateCalendar>(request).await.unwrap()
}

/// Inspects a package that was just created, and remembers it.
async fn remember(desk: &Desk, handle: &str) -> InspectionSummary {
    let request = json!({"handle": handle, "name": "gw-1.tar.gz"});
    let opened = desk.ask::<InspectWithheld>(request).await.unwrap();
    let request = json!({"id": opened.id, "remembered": true});
    desk.ask::<RememberInspection>(request).await.unwrap()
}

#[tokio::test]
async fn a_remembered_package_outlives_the_console() {
    let Made {
        mut desk,
        node,
        key,
        cloud: _cloud,
        ..
    } = made().await;
    let summary = remember(&desk, &node.package.handle).await;
    assert!(summary.remembered);
    assert_eq!(summary.kind, Kind::Node);
    let before = calendar(&desk, json!({})).await;
    let own = before.entries.iter().find(|entry| !entry.is_ca).unwrap();
    assert_eq!(
        (own.nodes.first[0].id.as_str(), own.precision),
        (node.id.as_str(), Precision::Second)
    );
    assert_eq!(own.packages[0].name, "gw-1.tar.gz");
    assert_eq!(own.serial, summary.identity.serial);
    assert!(
        before.entries.iter().any(|entry| entry.is_ca),
        "its authority ends as well"
    );
    let ends: Vec<i64> = before.entries.iter().map(|entry| entry.not_after).collect();
    assert!(ends.is_sorted());

    let file = desk.folder.path().join("data/packages.json");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!super::packages::leaks(&key, &json!(text)));
    desk.restart().await;
    assert_eq!(desk.ask::<ListInspections>(json!({})).await.unwrap(), []);
    let after = calendar(&desk, json!({})).await;
    let ids = |calendar: &Calendar| -> Vec<String> {
        calendar
            .entries
            .iter()
            .map(|entry| entry.id.clone())
            .collect()
    };
    assert_eq!(ids(&after), ids(&before));
    let package = &after.entries[0].packages[0].id;
    desk.ask::<ForgetPackage>(json!({"id": package}))
        .await
        .unwrap();
    assert_eq!(calendar(&desk, json!({})).await.total, 0);

    std::fs::write(&file, "{half").unwrap();
    desk.restart().await;
    let notices = desk.state().await.notices;
    assert!(
        notices
            .iter()
            .any(|notice| notice.kind == NoticeKind::PackagesUnreadable)
    );
}

#[tokio::test]
async fn nodes_and_what_the_service_lists_are_in_it() {
    let Made {
        desk,
        node,
        cloud: _cloud,
        ..
    } = made().await;
    assert_eq!(
        calendar(&desk, json!({})).await.total,
        0,
        "nothing is loaded by itself"
    );
    calendar(&desk, json!({"load": true})).await;
    desk.rows("deployment", json!({})).await;
    let nodes = desk.rows("node", json!({})).await;
    let all = calendar(&desk, json!({})).await;
    assert_eq!(all.total, nodes.total);
    for entry in &all.entries {
        assert_eq!(
            (entry.kind.as_str(), entry.precision),
            ("system", Precision::Day)
        );
        assert_eq!(entry.nodes.count, 1);
    }
    let ends: Vec<i64> = all.entries.iter().map(|entry| entry.not_after).collect();
    assert!(ends.is_sorted(), "{ends:?}");
    let found = calendar(&desk, json!({"search": "GW-1"})).await;
    assert_eq!((found.matched, found.entries[0].name.as_str()), (1, "gw-1"));
    let second = desk
        .ask::<CertificateCalendar>(json!({"offset": 1, "limit": 1}))
        .await
        .unwrap();
    assert_eq!(second.entries, all.entries[1..2]);

    // The service lists its certificate without saying when it ends: that is known already.
    let list = json!({"call": node_call("list_edge_node_certs", &node.id)});
    desk.ask::<ReadCall>(list).await.unwrap();
    let listed = calendar(&desk, json!({"search": "gw-1"})).await;
    assert_eq!(
        (listed.total, listed.asked, listed.undated),
        (all.total, 1, 0)
    );
    assert!(!listed.entries[0].serial.is_empty());

    // Its package says the same more exactly: there is one entry, not two.
    remember(&desk, &node.package.handle).await;
    let exact = calendar(&desk, json!({})).await;
    assert_eq!(
        exact.total,
        all.total + 1,
        "the authority is new, the certificate is not"
    );
    let own = exact
        .entries
        .iter()
        .find(|entry| entry.nodes.count == 1 && entry.nodes.first[0].id == node.id && !entry.is_ca)
        .unwrap();
    assert_eq!(
        (own.precision, own.kind.as_str()),
        (Precision::Second, "system")
    );
    let with = |calendar: &Calendar| {
        let entries = calendar.entries.iter().filter(|entry| !entry.is_ca);
        entries.map(|entry| entry.applications.count).sum::<u64>()
    };
    assert!(with(&exact) > 0, "something runs on some node");
}

#[tokio::test]
async fn certificates_of_groups_carry_nodes_and_applications() {
    let Made {
        desk,
        cloud: _cloud,
        ..
    } = made().await;
    let groups = desk.rows("node_group", json!({})).await;
    let group = &groups.rows[0];
    desk.rows("node", json!({})).await;
    let call = json!({"operation": "list_edge_group_certs", "path": {"group_id": group.id}});
    let listed = desk.ask::<ReadCall>(json!({"call": call})).await.unwrap();
    let count = listed.body["groupcerts"]
        .as_array()
        .or(listed.body[0]["groupcerts"].as_array());
    let count = count.unwrap().len();
    let all = calendar(&desk, json!({})).await;
    let of_group = all.entries.iter().filter(|entry| entry.groups.count == 1);
    let of_group: Vec<_> = of_group.collect();
    assert_eq!(of_group.len(), count);
    for entry in of_group {
        assert_eq!(entry.groups.first[0].name, group.name);
        let query = json!({"filter": [{"column": "group", "op": "is", "values": [group.id]}]});
        assert_eq!(entry.nodes.count, desk.rows("node", query).await.matched);
    }
}

#[tokio::test]
async fn what_ends_soon_is_counted_from_the_chosen_lead_time() {
    let Made {
        desk,
        cloud: _cloud,
        ..
    } = made().await;
    desk.rows("node", json!({})).await;
    let lead = |days: u32| {
        let settings = Settings {
            certificate_lead_days: days,
            ..Settings::default()
        };
        json!({"settings": settings})
    };
    desk.ask::<SaveSettings>(lead(0)).await.unwrap();
    let none = calendar(&desk, json!({})).await;
    assert_eq!((none.soon, none.ended), (0, 0));
    desk.ask::<SaveSettings>(lead(3_000)).await.unwrap();
    let all = calendar(&desk, json!({})).await;
    assert_eq!((all.soon, all.ended), (all.total, 0));
    // In ten years they have ended, as far as anybody knows.
    desk.clock.advance(10 * 366 * 24 * 60);
    let ended = calendar(&desk, json!({})).await;
    assert_eq!((ended.soon, ended.ended), (0, ended.total));
}

#[tokio::test]
async fn it_is_saved_for_other_calendars() {
    let Made {
        desk,
        node,
        cloud: _cloud,
        ..
    } = made().await;
    desk.rows("node", json!({})).await;
    remember(&desk, &node.package.handle).await;
    let other = register(&desk, "gw-2").await;
    remember(&desk, &other.package.handle).await;
    let total = calendar(&desk, json!({})).await.total;
    let save = async |format: &str, language: &str| {
        let request = json!({"format": format, "lead_days": 14, "language": language});
        match desk.ask::<ExportCalendar>(request).await.unwrap() {
            Saved::Written { path, .. } => std::fs::read_to_string(path).unwrap(),
            Saved::Cancelled => panic!("nobody cancels"),
        }
    };
    let ics = save("ics", "en").await;
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n"), "{ics}");
    assert_eq!(ics.matches("BEGIN:VEVENT").count() as u64, total);
    assert!(ics.contains("gw-1"));
    assert!(
        ics.lines().all(|line| line.len() <= 75),
        "RFC 5545, section 3.1"
    );
    assert_eq!(save("ics", "en").await, ics, "the same each time");
    let csv = save("csv", "zh").await;
    assert_eq!(csv.lines().count() as u64, total + 1);
}
