use std::io::Write;

use console_ipc::call::CallTarget;
use console_ipc::error::{ErrorKind, IpcError, NextStep};
use console_ipc::journal::{
    JournalEntry, JournalOutcome, JournalPage, JournalSummary, ListJournal,
};
use console_ipc::notice::{Notice, NoticeKind};
use serde_json::json;

use super::{Ending, Journal, LONGEST_IMAGE, LONGEST_LINE, kept_image};

mod segments;

fn entry(id: &str, name: &str) -> JournalEntry {
    JournalEntry {
        summary: JournalSummary {
            id: id.to_owned(),
            at_ms: 1,
            profile: "Berlin".to_owned(),
            operation: "delete_edge_node".to_owned(),
            variant: None,
            target: Some(CallTarget {
                resource: "node".to_owned(),
                id: format!("id-{name}"),
                name: name.to_owned(),
            }),
            outcome: JournalOutcome::Pending,
            request_id: None,
        },
        call: None,
        http: None,
        before: Some(json!({"node": {"name": name}})),
        reason: None,
        elapsed_ms: None,
    }
}

fn done(id: &str) -> Ending {
    Ending {
        id: id.to_owned(),
        at_ms: 2,
        outcome: JournalOutcome::Succeeded { status: 204 },
        request_id: Some(format!("request-{id}")),
        elapsed_ms: Some(7),
        target: None,
    }
}

fn all() -> ListJournal {
    ListJournal {
        search: String::new(),
        target: None,
        profile: None,
        offset: 0,
        limit: 100,
    }
}

fn list(journal: &Journal, request: &ListJournal) -> JournalPage {
    journal.list(request, 500).unwrap()
}

fn segment(folder: &tempfile::TempDir, number: u64) -> std::path::PathBuf {
    super::segment::path(folder.path(), number)
}

/// A journal whose segments take one entry with its outcome.
fn small(folder: &tempfile::TempDir) -> Journal {
    Journal::open_with(folder.path(), 400, 9, &mut Vec::new()).unwrap()
}

fn open(folder: &tempfile::TempDir) -> (Journal, Vec<Notice>) {
    let mut notices = Vec::new();
    let journal = Journal::open(folder.path(), 9, &mut notices).unwrap();
    (journal, notices)
}

#[tokio::test]
async fn entries_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder);
    journal.begin(entry("1", "gw-1")).await.unwrap();
    journal.end(done("1")).await.unwrap();
    journal.begin(entry("2", "gw-2")).await.unwrap();
    journal.end(done("2")).await.unwrap();
    let before = list(&journal, &all());
    drop(journal);
    let (journal, notices) = open(&folder);
    assert!(notices.is_empty());
    let page = list(&journal, &all());
    assert_eq!(page.entries, before.entries);
    assert_eq!(page.entries[0].id, "2", "newest first");
    let shown = journal.show("1").unwrap();
    assert_eq!(
        shown.summary.outcome,
        JournalOutcome::Succeeded { status: 204 }
    );
    assert_eq!(shown.elapsed_ms, Some(7));
    assert_eq!(shown.before, Some(json!({"node": {"name": "gw-1"}})));
}

#[tokio::test]
async fn what_was_on_its_way_is_unknown_after_a_crash_and_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder);
    journal.begin(entry("1", "gw-1")).await.unwrap();
    drop(journal);
    let (journal, notices) = open(&folder);
    assert_eq!(notices[0].kind, NoticeKind::JournalUnfinished);
    assert!(matches!(
        journal.show("1").unwrap().summary.outcome,
        JournalOutcome::Unknown { .. }
    ));
    drop(journal);
    let (_, notices) = open(&folder);
    assert!(notices.is_empty());
}

#[tokio::test]
async fn half_a_line_is_told_and_spoils_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder);
    journal.begin(entry("1", "gw-1")).await.unwrap();
    journal.end(done("1")).await.unwrap();
    let path = segment(&folder, 1);
    drop(journal);
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    file.write_all(br#"{"record":"begun","entry":{"id":"2","at"#)
        .unwrap();
    drop(file);

    let (journal, notices) = open(&folder);
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].kind, NoticeKind::JournalDamaged);
    journal.begin(entry("3", "gw-3")).await.unwrap();
    journal.end(done("3")).await.unwrap();
    drop(journal);
    let (journal, _) = open(&folder);
    let page = list(&journal, &all());
    assert_eq!(page.damaged_lines, 1);
    let ids: Vec<_> = page.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["3", "1"]);
    assert!(journal.show("3").is_ok());
}

#[tokio::test]
async fn a_file_cut_anywhere_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder);
    for id in ["1", "2", "3"] {
        journal.begin(entry(id, "gw")).await.unwrap();
        journal.end(done(id)).await.unwrap();
    }
    let whole = std::fs::read(segment(&folder, 1)).unwrap();
    drop(journal);
    // Around every end of a line, and here and there within: each cut forces lines to the disk.
    let ends = (0..whole.len()).filter(|at| whole[*at] == b'\n');
    let around = ends.flat_map(|end| end.saturating_sub(2)..(end + 3).min(whole.len()));
    for cut in around.chain((0..whole.len()).step_by(97)) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("journal.jsonl"), &whole[..cut]).unwrap();
        let (journal, _) = open(&folder);
        let begun = whole[..cut]
            .split(|byte| *byte == b'\n')
            .count()
            .div_ceil(2);
        let page = list(&journal, &all());
        assert!(page.entries.len() <= begun && page.damaged_lines <= 1);
        journal.begin(entry("4", "gw")).await.unwrap();
        drop(journal);
        let (journal, _) = open(&folder);
        assert!(journal.show("4").is_ok(), "cut at {cut}");
    }
}

#[tokio::test]
async fn search_looks_where_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder);
    journal.begin(entry("1", "gw-bj-1")).await.unwrap();
    journal.end(done("1")).await.unwrap();
    journal.begin(entry("2", "gw-sh-1")).await.unwrap();
    let error = IpcError::new(ErrorKind::Conflict, NextStep::Reload);
    let failed = Ending {
        outcome: JournalOutcome::Failed { error },
        request_id: None,
        ..done("2")
    };
    journal.end(failed).await.unwrap();
    let found = |search: &str| {
        let request = ListJournal {
            search: search.to_owned(),
            ..all()
        };
        list(&journal, &request).matched
    };
    assert_eq!(found("BJ-1"), 1);
    assert_eq!(found("request-1"), 1);
    assert_eq!(found("delete"), 2);
    assert_eq!(found("berlin"), 2);
    assert_eq!(found("nothing"), 0);
    let of_one = ListJournal {
        target: entry("", "gw-sh-1").summary.target,
        ..all()
    };
    assert_eq!(list(&journal, &of_one).entries[0].id, "2");
    let of_profile = |profile: &str| {
        let request = ListJournal {
            profile: Some(profile.to_owned()),
            ..all()
        };
        list(&journal, &request).matched
    };
    assert_eq!(of_profile("Berlin"), 2);
    assert_eq!(of_profile("Berl"), 0);
    let second = ListJournal {
        offset: 1,
        limit: 1,
        ..all()
    };
    let page = list(&journal, &second);
    assert_eq!((page.matched, page.entries.len()), (2, 1));
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder);
    drop(journal);
    let journal = small(&folder);
    for id in ["1", "2"] {
        journal.begin(entry(id, "gw")).await.unwrap();
        journal.end(done(id)).await.unwrap();
    }
    list(&small(&folder), &all());
    let mut files = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        files += 1;
    }
    assert_eq!(files, 3, "two segments and the index of one");
}

#[tokio::test]
async fn an_entry_that_could_not_be_read_again_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder);
    journal.begin(entry("1", "gw-1")).await.unwrap();
    journal.end(done("1")).await.unwrap();
    let mut long = entry("2", "gw-2");
    let most = usize::try_from(LONGEST_LINE).unwrap();
    long.reason = Some("x".repeat(most));
    let error = journal.begin(long).await.unwrap_err();
    assert_eq!(
        (error.kind, error.next),
        (ErrorKind::File, NextStep::Correct)
    );
    drop(journal);
    let (journal, notices) = open(&folder);
    assert!(notices.is_empty(), "{notices:?}");
    assert_eq!(list(&journal, &all()).matched, 1);
}

#[test]
fn a_large_image_is_left_out_with_its_size() {
    let small = json!({"node": {"name": "gw-1"}});
    assert_eq!(kept_image(small.clone()), small);
    let large = json!({"node": {"description": "x".repeat(LONGEST_IMAGE)}});
    let kept = kept_image(large);
    assert!(kept["left_out"]["bytes"].as_u64().unwrap() > LONGEST_IMAGE as u64);
    assert!(kept.to_string().len() < 100);
}
