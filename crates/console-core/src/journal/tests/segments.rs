//! More entries than one segment takes.

use std::fs;
use std::path::PathBuf;

use console_ipc::error::ErrorKind;
use console_ipc::journal::{JournalOutcome, JournalPage, ListJournal};
use console_ipc::notice::{Notice, NoticeKind};
use tempfile::TempDir;

use super::super::Journal;
use super::{all, done, entry, list, open, segment, small};

/// Seven entries in seven segments.
async fn seven() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let journal = small(&folder);
    for id in 1..=7 {
        write(&journal, id).await;
    }
    folder
}

async fn write(journal: &Journal, id: u32) {
    let id = id.to_string();
    let name = format!("gw-{id}");
    journal.begin(entry(&id, &name)).await.unwrap();
    journal.end(done(&id)).await.unwrap();
}

fn index(folder: &TempDir, number: u64) -> PathBuf {
    segment(folder, number).with_extension("index")
}

fn ids(page: &JournalPage) -> Vec<&str> {
    page.entries.iter().map(|entry| entry.id.as_str()).collect()
}

fn window(offset: u64, limit: u32) -> ListJournal {
    ListJournal {
        offset,
        limit,
        ..all()
    }
}

#[tokio::test]
async fn a_full_segment_gets_no_further_entry() {
    let folder = tempfile::tempdir().unwrap();
    let journal = small(&folder);
    journal.begin(entry("1", "gw-1")).await.unwrap();
    let bytes = fs::metadata(segment(&folder, 1)).unwrap().len();
    drop(journal);
    // One byte less than the limit takes another entry, and the limit itself does not.
    for (limit, segments) in [(bytes + 1, 1), (bytes, 2)] {
        let copy = tempfile::tempdir().unwrap();
        let journal = Journal::open_with(copy.path(), limit, 9, &mut Vec::new()).unwrap();
        journal.begin(entry("1", "gw-1")).await.unwrap();
        journal.begin(entry("2", "gw-2")).await.unwrap();
        let found = (1..9).filter(|number| segment(&copy, *number).exists());
        assert_eq!(found.count(), segments);
    }
}

#[tokio::test]
async fn nothing_is_lost_over_segments_and_starts() {
    let folder = seven().await;
    assert!(segment(&folder, 7).exists() && !segment(&folder, 8).exists());
    let journal = small(&folder);
    let page = list(&journal, &all());
    assert_eq!(ids(&page), ["7", "6", "5", "4", "3", "2", "1"]);
    assert_eq!((page.matched, page.damaged_lines), (7, 0));
    for entry in &page.entries {
        assert_eq!(entry.outcome, JournalOutcome::Succeeded { status: 204 });
        assert!(journal.show(&entry.id).unwrap().before.is_some());
    }
    assert_eq!(journal.show("8").unwrap_err().kind, ErrorKind::Gone);
    write(&journal, 8).await;
    assert_eq!(ids(&list(&journal, &all()))[0], "8");
    let mut each = Vec::new();
    let took = journal.each(|entry| {
        each.push(entry.summary.id);
        Ok(())
    });
    took.unwrap();
    assert_eq!(each, ["8", "7", "6", "5", "4", "3", "2", "1"]);
}

#[tokio::test]
async fn paging_and_searching_go_over_segments() {
    let folder = seven().await;
    // The first time from the segments, the second time from what is kept of them.
    for _ in 0..2 {
        let journal = small(&folder);
        for (offset, expected) in [
            (0, &["7", "6"][..]),
            (1, &["6", "5"]),
            (5, &["2", "1"]),
            (6, &["1"]),
            (7, &[]),
        ] {
            let page = list(&journal, &window(offset, 2));
            assert_eq!((ids(&page).as_slice(), page.matched), (expected, 7));
        }
        let searched = |search: &str, offset| ListJournal {
            search: search.to_owned(),
            ..window(offset, 1)
        };
        let page = list(&journal, &searched("GW-2", 0));
        assert_eq!((ids(&page), page.matched), (vec!["2"], 1));
        let page = list(&journal, &searched("berlin", 4));
        assert_eq!((ids(&page), page.matched), (vec!["3"], 7));
        let of_one = ListJournal {
            target: entry("", "gw-3").summary.target,
            ..all()
        };
        assert_eq!(ids(&list(&journal, &of_one)), ["3"]);
    }
}

#[tokio::test]
async fn a_start_reads_the_last_segment_only() {
    let folder = seven().await;
    for number in 1..=6 {
        fs::remove_file(segment(&folder, number)).unwrap();
        // Whoever read it would fail.
        fs::create_dir(segment(&folder, number)).unwrap();
    }
    let mut notices = Vec::new();
    let journal = Journal::open_with(folder.path(), 400, 9, &mut notices).unwrap();
    assert_eq!(notices, []);
    assert_eq!(journal.show("7").unwrap().summary.id, "7");
    let error = journal.list(&all(), 500).unwrap_err();
    assert_eq!(error.kind, ErrorKind::File);
    let path = segment(&folder, 6).display().to_string();
    assert_eq!(error.values["path"], path, "what can't be read is told");
}

#[tokio::test]
async fn a_torn_line_in_the_middle_is_told_and_spoils_nothing() {
    let folder = seven().await;
    list(&small(&folder), &all());
    let path = segment(&folder, 4);
    let whole = fs::read(&path).unwrap();
    let torn = [&whole[..], br#"{"record":"begun","entry":{"id":"#].concat();
    fs::write(&path, torn).unwrap();
    // The first time the index does not fit any more, the second time it does.
    for _ in 0..2 {
        let (journal, notices) = open(&folder);
        assert_eq!(notices, []);
        let page = list(&journal, &window(0, 2));
        assert_eq!((page.matched, page.damaged_lines), (7, 1));
        assert!(journal.show("4").is_ok());
    }
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let (journal, _) = open(&folder);
    let page = list(&journal, &all());
    assert_eq!(page.damaged_lines, 1);
    assert_eq!(page.entries.last().unwrap().id, "1");
}

#[tokio::test]
async fn an_index_that_does_not_fit_is_made_again() {
    let folder = seven().await;
    list(&small(&folder), &all());
    let whole = fs::read(index(&folder, 3)).unwrap();
    let half = &whole[..whole.len() / 2];
    for damaged in [&b""[..], b"\xff\n", half, b"{\"form\":0}\n"] {
        fs::write(index(&folder, 3), damaged).unwrap();
        let page = list(&small(&folder), &all());
        assert_eq!((page.entries.len(), page.matched), (7, 7));
        assert_eq!(fs::read(index(&folder, 3)).unwrap(), whole);
    }
}

#[tokio::test]
async fn what_is_on_its_way_ends_behind_its_segment() {
    let folder = tempfile::tempdir().unwrap();
    let journal = small(&folder);
    journal.begin(entry("1", "gw-1")).await.unwrap();
    let outcome = |journal: &Journal, id: &str| journal.show(id).unwrap().summary.outcome;
    for id in 2..=4 {
        write(&journal, id).await;
        assert_eq!(outcome(&journal, "1"), JournalOutcome::Pending);
    }
    list(&journal, &all());
    assert!(!index(&folder, 1).exists(), "it is not settled yet");
    journal.end(done("1")).await.unwrap();
    let succeeded = JournalOutcome::Succeeded { status: 204 };
    assert_eq!(outcome(&journal, "1"), succeeded);
    drop(journal);
    let mut notices: Vec<Notice> = Vec::new();
    let journal = Journal::open_with(folder.path(), 400, 9, &mut notices).unwrap();
    assert_eq!(notices, []);
    assert_eq!(outcome(&journal, "1"), succeeded);
    let page = list(&journal, &all());
    assert!(page.entries.iter().all(|entry| entry.outcome == succeeded));
    assert!(index(&folder, 1).exists());
}

#[tokio::test]
async fn a_crash_behind_the_segment_of_an_entry_leaves_it_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let journal = small(&folder);
    journal.begin(entry("1", "gw-1")).await.unwrap();
    write(&journal, 2).await;
    write(&journal, 3).await;
    drop(journal);
    let mut notices = Vec::new();
    let journal = Journal::open_with(folder.path(), 400, 9, &mut notices).unwrap();
    assert_eq!(notices[0].kind, NoticeKind::JournalUnfinished);
    assert_eq!(notices[0].values["count"], "1");
    let told = journal.show("1").unwrap().summary.outcome;
    assert!(matches!(told, JournalOutcome::Unknown { .. }));
    drop(journal);
    assert_eq!(open(&folder).1, [], "told once");
}

#[tokio::test]
async fn the_one_file_of_before_is_the_first_segment() {
    let folder = seven().await;
    let whole = fs::read(segment(&folder, 1)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("journal.jsonl"), whole).unwrap();
    let journal = small(&folder);
    write(&journal, 2).await;
    assert_eq!(ids(&list(&journal, &all())), ["2", "1"]);
    assert!(segment(&folder, 1).exists() && segment(&folder, 2).exists());
    assert!(!folder.path().join("journal.jsonl").exists());
}
