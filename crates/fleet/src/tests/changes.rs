//! Reloads, single changes between them, and what they leave behind.

use ief_api::resource::Cell;

use super::model::{COLUMNS, NOW_MS, Row, text};
use crate::{CellValue, Change, Inventory, Query, RowError, Superseded};

fn row(state: &str) -> Row {
    let mut cells = vec![CellValue::Missing; COLUMNS.len()];
    cells[0] = text("name");
    cells[1] = text(state);
    Row { cells }
}

fn inventory(ids: &[&str]) -> Inventory {
    let inventory = Inventory::new(COLUMNS);
    load(&inventory, ids, "running");
    inventory
}

fn load(inventory: &Inventory, ids: &[&str], state: &str) {
    let mut reload = inventory.reload();
    for id in ids {
        reload
            .push(id, "name", &row(state).pushed())
            .expect("the row is valid");
    }
    reload.finish().expect("nothing else has begun");
}

/// The identifiers and states of what is shown.
fn check(inventory: &Inventory, expected: &[(&str, &str)]) {
    let view = inventory
        .snapshot()
        .query(&Query::default(), NOW_MS)
        .expect("valid");
    let rows = view.window(0, 100, None);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| match &row.cells[1] {
            CellValue::Text(state) => (row.id.as_str(), state.as_str()),
            _ => (row.id.as_str(), ""),
        })
        .collect();
    assert_eq!(shown, expected);
}

#[test]
fn a_change_during_a_reload_outlives_it() {
    let inventory = inventory(&["a", "b", "c"]);
    let mut reload = inventory.reload();
    let asked = inventory.page_mark();
    inventory
        .upsert("a", "name", &row("stopped").pushed())
        .expect("valid");
    assert!(inventory.remove("b"));
    inventory
        .upsert("d", "name", &row("new").pushed())
        .expect("valid");
    for id in ["a", "b", "c"] {
        reload
            .push_from(asked, id, "name", &row("running").pushed())
            .expect("valid");
    }
    assert_eq!(reload.progress().outdated, 2);
    let finished = reload.finish().expect("the latest");
    assert_eq!(
        (
            finished.rows,
            finished.added,
            finished.changed,
            finished.removed
        ),
        (3, 0, 0, 0)
    );
    check(
        &inventory,
        &[("a", "stopped"), ("c", "running"), ("d", "new")],
    );
}

#[test]
fn a_page_asked_for_after_a_change_replaces_it() {
    let inventory = inventory(&["a"]);
    let mut reload = inventory.reload();
    inventory
        .upsert("a", "name", &row("starting").pushed())
        .expect("valid");
    let before = inventory.snapshot().generation();
    reload
        .push_from(inventory.page_mark(), "a", "name", &row("running").pushed())
        .expect("valid");
    let finished = reload.finish().expect("the latest");
    check(&inventory, &[("a", "running")]);
    assert_eq!(finished.changed, 1);
    let shown = inventory.snapshot().row("a", Some(before)).expect("there");
    assert_eq!(
        shown.change,
        Some(Change::Changed(vec!["state".to_owned()]))
    );
}

#[test]
fn rows_show_while_the_first_load_runs_and_stay_while_later_ones_do() {
    let inventory = Inventory::new(COLUMNS);
    let mut reload = inventory.reload();
    reload
        .push("a", "name", &row("running").pushed())
        .expect("valid");
    assert!(reload.publish_partial().is_some());
    check(&inventory, &[("a", "running")]);
    assert!(!inventory.snapshot().is_complete());
    reload
        .push("b", "name", &row("running").pushed())
        .expect("valid");
    reload.finish().expect("the latest");
    assert!(inventory.snapshot().is_complete());

    let mut reload = inventory.reload();
    reload
        .push("c", "name", &row("running").pushed())
        .expect("valid");
    assert_eq!(reload.publish_partial(), None);
    check(&inventory, &[("a", "running"), ("b", "running")]);
    drop(reload);
    check(&inventory, &[("a", "running"), ("b", "running")]);
}

#[test]
fn a_superseded_reload_changes_nothing() {
    let inventory = inventory(&["a"]);
    let first = inventory.reload();
    let mut second = inventory.reload();
    assert_eq!(first.finish(), Err(Superseded));
    inventory
        .upsert("b", "name", &row("new").pushed())
        .expect("valid");
    second
        .push("a", "name", &row("stopped").pushed())
        .expect("valid");
    second.finish().expect("the latest");
    check(&inventory, &[("a", "stopped"), ("b", "new")]);
}

#[test]
fn duplicates_are_counted_and_the_last_wins() {
    let inventory = Inventory::new(COLUMNS);
    let mut reload = inventory.reload();
    for state in ["running", "stopped", "stopped"] {
        reload
            .push("a", "name", &row(state).pushed())
            .expect("valid");
    }
    assert_eq!(
        (reload.progress().rows, reload.progress().duplicates),
        (1, 2)
    );
    reload.finish().expect("the latest");
    check(&inventory, &[("a", "stopped")]);
}

#[test]
fn a_bad_row_loses_nothing_else() {
    let inventory = inventory(&["a"]);
    let long = "x".repeat(crate::MAX_TEXT + 1);
    let cells = row("running");
    let upsert = |id: &str, name: &str, cells: &[Cell<'_>]| inventory.upsert(id, name, cells).err();
    assert_eq!(
        upsert("", "name", &cells.pushed()),
        Some(RowError::NoIdentifier)
    );
    assert_eq!(
        upsert("b", "name", &cells.pushed()[1..]),
        Some(RowError::CellCount {
            expected: 7,
            got: 6
        })
    );
    assert_eq!(
        upsert("b", &long, &cells.pushed()),
        Some(RowError::TextTooLong {
            column: "name",
            bytes: long.len()
        })
    );
    let mut wrong = cells.pushed();
    wrong[3] = Cell::Flag(true);
    assert_eq!(
        upsert("b", "name", &wrong),
        Some(RowError::CellKind { column: "devices" })
    );
    check(&inventory, &[("a", "running")]);
}

#[test]
fn changes_are_forgotten_two_reloads_later() {
    let inventory = inventory(&["a", "b"]);
    let since = inventory.snapshot().generation();
    load(&inventory, &["a", "c"], "stopped");
    let summary = |inventory: &Inventory| {
        let summary = inventory.snapshot().changes_since(since);
        (summary.added, summary.changed, summary.removed)
    };
    assert_eq!(summary(&inventory), (1, 1, 1));
    load(&inventory, &["a", "c"], "stopped");
    assert_eq!(summary(&inventory), (0, 0, 0));
    assert!(inventory.snapshot().horizon() > since);
}

#[test]
fn what_was_removed_gives_its_room_back() {
    let ids: Vec<_> = (0..1000).map(|number| format!("{number:04}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let inventory = inventory(&ids);
    assert!(inventory.snapshot().table().slots() >= 1000);
    load(&inventory, &ids[..10], "stopped");
    assert_eq!(inventory.snapshot().table().slots(), 10);
    check(
        &inventory,
        &ids[..10]
            .iter()
            .map(|id| (*id, "stopped"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn rows_that_stay_as_they_are_are_shared() {
    let inventory = inventory(&["a", "b"]);
    let before = inventory.snapshot();
    load(&inventory, &["a", "b"], "running");
    let after = inventory.snapshot();
    assert!(std::sync::Arc::ptr_eq(
        &before.table().chunks()[0],
        &after.table().chunks()[0]
    ));
    inventory
        .upsert("a", "name", &row("stopped").pushed())
        .expect("valid");
    let changed = inventory.snapshot();
    let shared = before.table().chunks()[0]
        .columns
        .iter()
        .zip(&changed.table().chunks()[0].columns);
    let copied = shared
        .filter(|(before, after)| !std::sync::Arc::ptr_eq(before, after))
        .count();
    assert_eq!(copied, 1, "only the column that changed");
}
