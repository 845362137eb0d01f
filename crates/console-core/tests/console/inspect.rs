//! Packages opened, judged, looked up and compared.

use std::path::Path;

use console_core::Copied;
use console_ipc::ErrorKind;
use console_ipc::call::{Saved, SendCall};
use console_ipc::event::Event;
use console_ipc::inspect::report::{Kind, Report, Status, Verdict};
use console_ipc::inspect::{
    ChooseAndInspect, CompareInspections, ForgetInspection, InspectClipboard, InspectWithheld,
    Inspected, InspectionSummary, ListInspections, LookUpInspection, Lookup, MOST_INSPECTIONS,
    SaveInspectionReport, ShowInspection, ShownInspection, UnlockInspection,
};
use serde_json::json;

use super::packages::{Hands, Made, file, leaks, made, register, saved};
use super::support::{Desk, node_call};

async fn show(desk: &Desk, id: &str) -> ShownInspection {
    desk.ask::<ShowInspection>(json!({"id": id})).await.unwrap()
}

/// Waits until the service has told what it knows.
async fn looked_up(desk: &Desk, id: &str) -> ShownInspection {
    loop {
        let shown = show(desk, id).await;
        if shown.summary.lookup != Lookup::UnderWay {
            return shown;
        }
        desk.event(|event| match event {
            Event::Inspection { id: told } if told == id => Some(()),
            _ => None,
        })
        .await;
    }
}

fn status(report: &Report, id: &str) -> Vec<Status> {
    let checks = report.checks.iter().filter(|check| check.id == id);
    checks.map(|check| check.status).collect()
}

#[tokio::test]
async fn a_dropped_package_is_judged_without_a_profile() {
    let Made { package, key, .. } = made().await;
    let desk = Desk::new().await;
    let path = file(desk.folder.path(), "gw-1.tar.gz", &package);
    desk.console.files_over(1);
    desk.console.inspect_dropped(vec![path]).await;
    let mut over = None;
    let dropped = desk
        .event(|event| match event {
            Event::Hover { files } => {
                over = Some(files);
                None
            }
            Event::Dropped { inspected } => Some(inspected),
            _ => None,
        })
        .await;
    assert_eq!(over, Some(0), "nothing is over the window any more");
    let [opened] = &dropped.opened[..] else {
        panic!("{dropped:?}");
    };
    assert_eq!(opened.name, "gw-1.tar.gz");
    assert_eq!(
        (opened.kind, opened.verdict),
        (Kind::Node, Verdict::Good),
        "{opened:?}"
    );
    assert_eq!(opened.lookup, Lookup::NoProfile);

    let shown = desk
        .answer::<ShowInspection>(json!({"id": opened.id, "language": "zh"}))
        .await;
    let shown = shown.unwrap();
    assert!(!leaks(&key, &shown));
    assert_eq!(shown["report"]["verdict"], "good");
    // It will not work for ever.
    let later = json!({"id": opened.id, "at": 4_000_000_000_i64});
    let later = desk.ask::<ShowInspection>(later).await.unwrap();
    assert_eq!(later.report.verdict, Verdict::Bad);
    assert_eq!(later.summary.verdict, Verdict::Bad, "in short as well");
    let list = json!({"at": 4_000_000_000_i64});
    let list = desk.ask::<ListInspections>(list).await.unwrap();
    assert_eq!(list[0].verdict, Verdict::Bad);
    let list = desk.ask::<ListInspections>(json!({})).await.unwrap();
    assert_eq!(list[0].verdict, Verdict::Good);
}

#[tokio::test]
async fn what_can_not_be_read_is_told_beside_what_can() {
    let Made { package, .. } = made().await;
    let desk = Desk::new().await;
    let folder = desk.folder.path();
    let good = file(folder, "good.tgz", &package);
    let garbage = file(folder, "garbage", b"\x00\x01garbage");
    let large = folder.join("large");
    std::fs::File::create(&large)
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let hands = Hands::new(desk.saved());
    *hands.chosen.lock().unwrap() =
        vec![folder.to_owned(), large, folder.join("none"), garbage, good];
    let desk = desk.with_host(hands).await;
    let inspected = desk.ask::<ChooseAndInspect>(json!({})).await.unwrap();
    let refused: Vec<ErrorKind> = inspected.refused.iter().map(|error| error.kind).collect();
    assert_eq!(
        refused,
        [ErrorKind::NotAFile, ErrorKind::TooLarge, ErrorKind::File]
    );
    assert!(
        inspected
            .refused
            .iter()
            .all(|error| error.values.contains_key("path"))
    );
    let verdicts: Vec<Verdict> = inspected.opened.iter().map(|it| it.verdict).collect();
    assert_eq!(verdicts, [Verdict::Bad, Verdict::Good]);
}

#[tokio::test]
async fn a_copied_key_is_read_by_the_host_alone() {
    let Made {
        package,
        key,
        desk: from,
        ..
    } = made().await;
    let hands = Hands::new(from.saved());
    let desk = Desk::new().await.with_host(hands.clone()).await;
    let inspect = || desk.ask::<InspectClipboard>(json!({"name": "clipboard"}));
    assert_eq!(
        inspect().await.unwrap(),
        Inspected::default(),
        "nothing was copied"
    );

    let text = String::from_utf8(key.clone()).unwrap();
    *hands.copied.lock().unwrap() = Copied::Text(text.into());
    let copied = inspect().await.unwrap().opened.remove(0);
    assert_eq!(
        (copied.kind, copied.name.as_str()),
        (Kind::Keys, "clipboard")
    );
    let shown = desk
        .answer::<ShowInspection>(json!({"id": copied.id}))
        .await
        .unwrap();
    assert_eq!(shown["report"]["keys"].as_array().map(Vec::len), Some(1));
    assert!(!leaks(&key, &shown));

    // The field of an answer, in lines as some tools break it.
    let coded = base64(&package);
    let lines: Vec<&str> = coded
        .as_bytes()
        .chunks(76)
        .map(|it| std::str::from_utf8(it).unwrap())
        .collect();
    *hands.copied.lock().unwrap() = Copied::Text(lines.join("\r\n").into());
    assert_eq!(inspect().await.unwrap().opened[0].kind, Kind::Node);

    let path = file(desk.folder.path(), "gw.tgz", &package);
    *hands.copied.lock().unwrap() = Copied::Files(vec![path]);
    assert_eq!(inspect().await.unwrap().opened[0].name, "gw.tgz");
}

#[tokio::test]
async fn a_package_is_inspected_before_it_is_saved() {
    let Made {
        desk,
        node,
        key,
        cloud: _cloud,
        ..
    } = made().await;
    let request = json!({"handle": node.package.handle, "name": "../gw-1.tar.gz"});
    let opened = desk.ask::<InspectWithheld>(request).await.unwrap();
    assert_eq!(opened.name, "_gw-1.tar.gz");
    assert_eq!(
        (opened.kind, opened.identity.id.as_str()),
        (Kind::Node, node.id.as_str())
    );
    let shown = looked_up(&desk, &opened.id).await;
    assert!(
        matches!(shown.summary.lookup, Lookup::Told { .. }),
        "{:?}",
        shown.summary
    );
    assert_eq!(
        shown.report.verdict,
        Verdict::Good,
        "{:#?}",
        shown.report.checks
    );
    assert!(!leaks(&key, &serde_json::to_value(&shown).unwrap()));
    let gone = desk
        .ask::<InspectWithheld>(json!({"handle": "none", "name": "a"}))
        .await;
    assert_eq!(gone.unwrap_err().kind, ErrorKind::Gone);
}

#[tokio::test]
async fn a_node_that_is_gone_or_was_registered_again_is_told() {
    let Made {
        desk,
        node,
        cloud: _cloud,
        ..
    } = made().await;
    let request = json!({"handle": node.package.handle, "name": "gw-1"});
    let opened = desk.ask::<InspectWithheld>(request).await.unwrap();
    let before = looked_up(&desk, &opened.id).await;

    let delete = json!({"call": node_call("delete_edge_node", &node.id), "confirmation": "gw-1"});
    desk.ask::<SendCall>(delete).await.unwrap();
    desk.ask::<LookUpInspection>(json!({"id": opened.id}))
        .await
        .unwrap();
    let gone = looked_up(&desk, &opened.id).await;
    assert_eq!(status(&before.report, "exists"), [Status::Passed]);
    assert_eq!(status(&before.report, "current"), [Status::Passed]);
    assert_eq!(status(&gone.report, "exists"), [Status::Failed]);
    assert_eq!(gone.summary.verdict, Verdict::Bad, "also in short");

    let anew = register(&desk, "gw-1").await;
    assert_ne!(anew.id, node.id);
    desk.ask::<LookUpInspection>(json!({"id": opened.id}))
        .await
        .unwrap();
    let registered = looked_up(&desk, &opened.id).await;
    assert_ne!(registered.report.checks, gone.report.checks);
    assert_eq!(status(&registered.report, "current"), [Status::Failed]);
}

#[tokio::test]
async fn what_a_profile_knows_holds_in_its_session_only() {
    let Made {
        desk,
        package,
        cloud,
        ..
    } = made().await;
    let path = file(desk.folder.path(), "gw.tgz", &package);
    desk.console.inspect_dropped(vec![path]).await;
    let id = desk.ask::<ListInspections>(json!({})).await.unwrap()[0]
        .id
        .clone();
    let known = looked_up(&desk, &id).await;
    assert!(
        matches!(known.summary.lookup, Lookup::Told { .. }),
        "{:?}",
        known.summary
    );

    // Another project has another node of this identifier, or none: that would be no answer.
    let options = ief_sim::Options {
        seed: 77,
        nodes: 1,
        ..ief_sim::Options::default()
    };
    let other = ief_sim::Simulator::start(options).await.unwrap();
    assert_ne!(other.account().project_id, cloud.account().project_id);
    desk.cloud(&other, "access_key").await;
    let list = desk.ask::<ListInspections>(json!({})).await.unwrap();
    assert_eq!(list[0].lookup, Lookup::NotAsked);
    let shown = looked_up(&desk, &id).await;
    let project = cloud.account().project_id.clone();
    assert_eq!(shown.summary.lookup, Lookup::OtherProject { project });
    assert_eq!(status(&known.report, "exists"), [Status::Passed]);
    assert_eq!(status(&shown.report, "exists"), [Status::NotApplicable]);
}

#[tokio::test]
async fn a_service_out_of_reach_keeps_no_report_back() {
    let Made {
        desk,
        package,
        node,
        cloud,
        ..
    } = made().await;
    // The list of nodes is at hand, the service is not any more.
    desk.rows("node", json!({})).await;
    drop(cloud);
    let path = file(desk.folder.path(), "gw.tgz", &package);
    desk.console.inspect_dropped(vec![path]).await;
    let list = desk.ask::<ListInspections>(json!({})).await.unwrap();
    assert_eq!(list[0].verdict, Verdict::Good);
    let shown = looked_up(&desk, &list[0].id).await;
    assert!(
        matches!(shown.summary.lookup, Lookup::Failed { .. }),
        "{:?}",
        shown.summary.lookup
    );
    assert_eq!(shown.report.identity.id, node.id);
    assert_eq!(
        status(&shown.report, "exists"),
        [Status::Passed],
        "the list says so"
    );
}

#[tokio::test]
async fn a_passphrase_opens_what_is_locked() {
    let desk = Desk::new().await;
    let locked = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/locked.key");
    desk.console.inspect_dropped(vec![locked]).await;
    let opened = desk
        .ask::<ListInspections>(json!({}))
        .await
        .unwrap()
        .remove(0);
    assert!(opened.locked, "{opened:?}");
    let unlock = |passphrase: &str| {
        desk.ask::<UnlockInspection>(json!({"id": opened.id, "passphrase": passphrase}))
    };
    let wrong = unlock("wrong").await.unwrap();
    assert_eq!((wrong.opened.len(), wrong.locked.len()), (0, 1));
    let right = unlock("edge-canary-8812").await.unwrap();
    assert_eq!(
        (right.opened.len(), right.locked.len()),
        (1, 0),
        "{right:?}"
    );
    let report = show(&desk, &opened.id).await.report;
    assert_eq!(report.keys[0].algorithm, "EC P-256");
    assert!(!report.keys[0].locked);
}

#[tokio::test]
async fn several_are_compared_with_the_first() {
    let Made {
        desk,
        package,
        cloud: _cloud,
        ..
    } = made().await;
    let other = register(&desk, "gw-2").await;
    let other = saved(&desk, &other.package).await;
    let folder = desk.folder.path();
    let paths = vec![
        file(folder, "a.tgz", &package),
        file(folder, "b.tgz", &other),
        file(folder, "c.tgz", &package),
    ];
    desk.console.inspect_dropped(paths).await;
    let mut ids: Vec<String> = summaries(&desk).await.into_iter().map(|it| it.id).collect();
    ids.reverse();
    let compared = desk
        .ask::<CompareInspections>(json!({"ids": ids}))
        .await
        .unwrap();
    assert_eq!(compared.len(), 2);
    assert_eq!(compared[0].names, ["a.tgz", "b.tgz"].map(str::to_owned));
    assert!(compared[0].rows.iter().any(|row| !row.same));
    let differs: Vec<&str> = compared[1]
        .rows
        .iter()
        .filter(|row| !row.same)
        .map(|row| row.label.as_str())
        .collect();
    assert!(differs.len() <= 1, "the name at most: {differs:?}");
    let alone = desk
        .ask::<CompareInspections>(json!({"ids": [ids[0]]}))
        .await;
    assert_eq!(alone.unwrap_err().kind, ErrorKind::InvalidCall);
}

#[tokio::test]
async fn reports_are_saved_and_the_same_each_time() {
    let Made {
        desk, package, key, ..
    } = made().await;
    let path = file(desk.folder.path(), "gw.tgz", &package);
    desk.console.inspect_dropped(vec![path]).await;
    let id = summaries(&desk).await[0].id.clone();
    looked_up(&desk, &id).await;
    for (format, extension) in [("html", "html"), ("json", "json"), ("text", "txt")] {
        let mut written = Vec::new();
        for _ in 0..2 {
            let request = json!({"id": id, "format": format, "at": 1_800_000_000});
            let answer = desk.ask::<SaveInspectionReport>(request).await.unwrap();
            let Saved::Written { path, .. } = answer else {
                panic!("{answer:?}");
            };
            assert!(path.ends_with(extension), "{path}");
            written.push(std::fs::read_to_string(path).unwrap());
        }
        assert_eq!(written[0], written[1]);
        assert!(written[0].contains("gw.tgz"), "{}", written[0]);
        assert!(!leaks(&key, &json!(written[0])));
    }
}

#[tokio::test]
async fn the_oldest_goes_when_there_are_too_many() {
    let desk = Desk::new().await;
    let paths = (0..MOST_INSPECTIONS + 3)
        .map(|number| file(desk.folder.path(), &format!("{number:03}"), b"no package"));
    desk.console.inspect_dropped(paths.collect()).await;
    let dropped = desk
        .event(|event| match event {
            Event::Dropped { inspected } => Some(inspected),
            _ => None,
        })
        .await;
    assert_eq!(dropped.opened.len(), MOST_INSPECTIONS);
    assert_eq!(dropped.refused[0].kind, ErrorKind::TooMany);
    let path = desk.folder.path().join("066");
    desk.console.inspect_dropped(vec![path]).await;
    let list = summaries(&desk).await;
    assert_eq!(list.len(), MOST_INSPECTIONS);
    assert_eq!(
        (
            list[0].name.as_str(),
            list[MOST_INSPECTIONS - 1].name.as_str()
        ),
        ("066", "001")
    );
    let oldest = &dropped.opened[0].id;
    let gone = desk.ask::<ShowInspection>(json!({"id": oldest})).await;
    assert_eq!(gone.unwrap_err().kind, ErrorKind::Gone);
    desk.ask::<ForgetInspection>(json!({"id": list[0].id}))
        .await
        .unwrap();
    assert_eq!(summaries(&desk).await.len(), MOST_INSPECTIONS - 1);
}

async fn summaries(desk: &Desk) -> Vec<InspectionSummary> {
    desk.ask::<ListInspections>(json!({})).await.unwrap()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
