//! The inventory at the size of several full chunks, where arenas, threads and mended orders are the real ones.

use std::borrow::Cow;

use fleet::{Filter, Inventory, Query, SortKey};
use ief_api::resource::{Cell, Column, ColumnKind};

const ROWS: u32 = 120_000;

const COLUMNS: &[Column] = &[
    Column {
        name: "name",
        kind: ColumnKind::Text,
    },
    Column {
        name: "state",
        kind: ColumnKind::Enum,
    },
    Column {
        name: "serial",
        kind: ColumnKind::Enum,
    },
    Column {
        name: "devices",
        kind: ColumnKind::Integer,
    },
];

/// Scatters numbers, each to a different one.
fn scattered(number: u32) -> u32 {
    number.wrapping_mul(2_654_435_761).rotate_left(9)
}

fn id(number: u32) -> String {
    format!("{:08x}-id", scattered(number))
}

fn name(number: u32) -> String {
    let site = ["bj", "SH", "sz"][number as usize % 3];
    format!("{site}-{}", number / 2)
}

fn state(number: u32) -> &'static str {
    ["running", "running", "stopped", "failed"][scattered(number) as usize % 4]
}

fn push(number: u32, state: &'static str, keep: impl FnOnce(&str, &str, &[Cell<'_>])) {
    let (id, name) = (id(number), name(number));
    // More different values than fit the narrow form of codes.
    let serial = format!("s{}", number % 70_000);
    let cells = [
        Cell::Text(Cow::Borrowed(&name)),
        Cell::Text(Cow::Borrowed(state)),
        Cell::Text(Cow::Owned(serial)),
        Cell::Integer(i64::from(number % 100)),
    ];
    keep(&id, &name, &cells);
}

fn loaded() -> Inventory {
    let inventory = Inventory::new(COLUMNS);
    let mut reload = inventory.reload();
    for number in 0..ROWS {
        push(number, state(number), |id, name, cells| {
            reload.push(id, name, cells).expect("valid");
        });
    }
    reload.finish().expect("the only reload");
    inventory
}

/// Compares the answer with a plain sort and filter over the same rows.
fn check(
    inventory: &Inventory,
    typed: &str,
    sort: &str,
    holds: impl Fn(u32) -> bool,
    state: impl Fn(u32) -> &'static str,
) {
    let filter = Filter::parse(typed, COLUMNS).expect("valid");
    let sort_key = |column: &str| SortKey {
        column: column.to_owned(),
        descending: false,
    };
    let query = Query {
        filter,
        sort: vec![sort_key(sort)],
        group_by: None,
    };
    let view = inventory.snapshot().query(&query, 0).expect("valid");
    let mut expected: Vec<u32> = (0..ROWS).filter(|&number| holds(number)).collect();
    expected.sort_by_cached_key(|&number| {
        let first = match sort {
            "state" => state(number).to_owned(),
            "devices" => format!("{:02}", number % 100),
            _ => String::new(),
        };
        (first, name(number).to_lowercase(), id(number))
    });
    assert_eq!(view.answer().matched, expected.len(), "{typed}");
    assert!(
        view.ids().eq(expected.iter().map(|&number| id(number))),
        "{typed} by {sort}"
    );
    if let Some(&last) = expected.last() {
        assert_eq!(view.position(&id(last)), Some(expected.len() - 1));
    }
}

#[test]
fn a_large_inventory_answers_like_a_plain_one() {
    let inventory = loaded();
    check(&inventory, "", "name", |_| true, state);
    check(
        &inventory,
        "b",
        "name",
        |number| name(number).contains('b'),
        state,
    );
    check(
        &inventory,
        "sh-1",
        "state",
        |number| name(number).to_lowercase().contains("sh-1"),
        state,
    );
    check(
        &inventory,
        "name~59999",
        "name",
        |number| name(number).contains("59999"),
        state,
    );
    check(
        &inventory,
        "-state:running devices>=98",
        "devices",
        |number| state(number) != "running" && number % 100 >= 98,
        state,
    );
    check(
        &inventory,
        "serial:s69999,s1",
        "name",
        |number| [69_999, 1].contains(&(number % 70_000)),
        state,
    );
    check(
        &inventory,
        &id(77_777)[..8],
        "name",
        |number| number == 77_777,
        state,
    );

    // Few changes mend the orders, many sort them anew.
    for every in [1000, 3] {
        let mut reload = inventory.reload();
        let changed = |number: u32| {
            if number.is_multiple_of(every) {
                "upgrading"
            } else {
                state(number)
            }
        };
        for number in 0..ROWS {
            push(number, changed(number), |id, name, cells| {
                reload.push(id, name, cells).expect("valid");
            });
        }
        reload.finish().expect("the only reload");
        check(&inventory, "", "state", |_| true, changed);
        check(
            &inventory,
            "state:upgrading",
            "name",
            |number| number % every == 0,
            changed,
        );
    }
}

#[test]
fn readers_are_not_disturbed_by_a_writer() {
    let inventory = loaded();
    let before = inventory.snapshot();
    let query = Query {
        sort: vec![SortKey {
            column: "state".to_owned(),
            descending: true,
        }],
        ..Query::default()
    };
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..200 {
                push(number, "stopped", |id, name, cells| {
                    inventory.upsert(id, name, cells).expect("valid");
                });
            }
        });
        while !writer.is_finished() {
            let view = inventory.snapshot().query(&query, 0).expect("valid");
            assert_eq!(view.ids().len(), ROWS as usize);
        }
    });
    let stopped = Query {
        filter: Filter::parse("state:stopped", COLUMNS).expect("valid"),
        ..Query::default()
    };
    let now = inventory.snapshot().query(&stopped, 0).expect("valid");
    let then = before.query(&stopped, 0).expect("valid");
    let not_stopped_before = (0..200)
        .filter(|&number| state(number) != "stopped")
        .count();
    assert_eq!(
        now.answer().matched,
        then.answer().matched + not_stopped_before
    );
}
