//! Measures the inventory on a fleet of nodes and prints the figures as JSON.
//!
//! `cargo run --release -p fleet --example measure -- [ROWS]`, 1,000,000 rows without an argument. Times are
//! in milliseconds, memory in megabytes (10^6 bytes) of resident size above the start.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use fleet::{Filter, Inventory, Query, Reload, SortKey};
use ief_api::node::EdgeNode;
use ief_api::resource::{Cell, Column, ColumnKind, Resource};
use serde_json::{Value, json};

/// 2026-11-23, so that ages in filters mean the same in every run.
const NOW_MS: i64 = 1_795_392_000_000;
const DAY_MS: u64 = 86_400_000;
const WINDOW: usize = 200;

/// What a user types, keystroke by keystroke.
const TYPED: &[&str] = &[
    "e",
    "ed",
    "edg",
    "edge",
    "edge-",
    "edge-b",
    "edge-bj",
    "edge-bj-",
    "edge-bj-0",
    "edge-bj-00",
    "g",
    "gw",
    "gw-",
    "gw-s",
    "gw-sh",
    "gw-sh-1",
    "gw-sh-12",
    "z",
    "zz",
    "zzz",
    "1",
    "10",
    "10.",
    "10.1",
    "10.12",
    "state:running",
    "state:running e",
    "state:running edge",
    "-state:running",
    "-state:running g",
    "tag:site=bj",
    "tag:site=bj devices>3",
    "tag~site",
    "tag:site=sh created<7d",
    "created<7d",
    "updated>1d",
    "devices>3",
    "devices>30",
    "has:group",
    "no:description",
    "name~7",
    "name~77",
    "-name~7",
    "description~rack",
    "state:failed version:2.50.0 gw",
    "*:edge-bj-0000012",
];

fn main() -> Result<(), Box<dyn Error>> {
    let rows = match std::env::args().nth(1) {
        Some(rows) => rows.parse()?,
        None => 1_000_000,
    };
    let columns = EdgeNode::SPEC.columns;
    let start_mb = resident_mb()?;
    let inventory = Inventory::new(columns);

    let mut reload = inventory.reload();
    let ingest = fill(&mut reload, rows, 0)?;
    let (_, finish_ms) = timed(|| reload.finish());
    let loaded_mb = resident_mb()? - start_mb;

    let first_order = |sort: &[SortKey]| {
        let query = Query {
            sort: sort.to_vec(),
            ..Query::default()
        };
        let (_, ms) = timed(|| {
            inventory
                .snapshot()
                .query(&query, NOW_MS)
                .map(|view| view.window(0, WINDOW, None))
        });
        ms
    };
    let sort_name_ms = first_order(&[]);
    let sort_created_ms = first_order(&[key("created", true)]);
    let sort_state_ms = first_order(&[key("state", false), key("address", false)]);

    let keystroke = keystrokes(&inventory, &Query::default())?;
    let sorted = Query {
        sort: vec![key("created", true)],
        ..Query::default()
    };
    let keystroke_sorted = keystrokes(&inventory, &sorted)?;
    let grouped = Query {
        group_by: Some("state".to_owned()),
        ..Query::default()
    };
    let keystroke_grouped = keystrokes(&inventory, &grouped)?;
    let window = windows(&inventory)?;
    let counts = counts(&inventory)?;
    let (upsert, after_upsert) = upserts(&inventory, rows)?;
    let settled_mb = resident_mb()? - start_mb;

    let mut reload = inventory.reload();
    let refresh = fill(&mut reload, rows, 1)?;
    let before_finish_mb = resident_mb()? - start_mb;
    let (finished, refresh_finish_ms) = timed(|| reload.finish());
    let finished = finished?;
    let after_refresh_ms = first_order(&[]);
    let refreshed_mb = resident_mb()? - start_mb;

    let report = json!({
        "rows": rows,
        "columns": columns.len(),
        "ingest_ms_per_1000": ingest,
        "finish_ms": finish_ms,
        "filter_keystroke_ms": keystroke,
        "filter_keystroke_sorted_ms": keystroke_sorted,
        "filter_keystroke_grouped_ms": keystroke_grouped,
        "window_ms": window,
        "counts_ms": counts,
        "upsert_ms": upsert,
        "answer_after_upsert_ms": after_upsert,
        "first_order_ms": { "name": sort_name_ms, "created": sort_created_ms, "state_address": sort_state_ms },
        "refresh": {
            "ingest_ms_per_1000": refresh,
            "finish_ms": refresh_finish_ms,
            "changed": finished.changed,
            "first_answer_ms": after_refresh_ms,
        },
        "memory_mb": {
            "loaded": loaded_mb,
            "after_queries": settled_mb,
            "during_refresh": before_finish_mb,
            "after_refresh": refreshed_mb,
            "most": most_resident_mb()? - start_mb,
        },
    });
    writeln!(std::io::stdout(), "{report:#}")?;
    Ok(())
}

/// Pushes all rows in pages of a thousand. In each further round a tenth of the nodes has reported since.
fn fill(reload: &mut Reload, rows: u64, round: u64) -> Result<Value, Box<dyn Error>> {
    let mut times = Vec::new();
    let mut page = Vec::with_capacity(1000);
    for first in (0..rows).step_by(1000) {
        page.clear();
        page.extend((first..rows.min(first + 1000)).map(|number| Row::new(number, round)));
        let cells: Vec<Vec<Cell<'_>>> = page.iter().map(Row::cells).collect();
        let (pushed, ms) = timed(|| {
            page.iter()
                .zip(&cells)
                .try_for_each(|(row, cells)| reload.push(&row.id, &row.name, cells))
        });
        pushed?;
        times.push(ms);
    }
    Ok(figures(times))
}

/// The time from a keystroke to its answer and first window. A single change before each round empties
/// the answers kept from the round before.
fn keystrokes(inventory: &Inventory, query: &Query) -> Result<Value, Box<dyn Error>> {
    let mut answers = Vec::new();
    let mut worst = (0.0, "");
    let mut painted = Vec::new();
    for round in 0..5 {
        let row = Row::new(round, round);
        inventory.upsert(&row.id, &row.name, &row.cells())?;
        // A view of everything is open while the user types.
        let _rows = inventory
            .snapshot()
            .query(query, NOW_MS)?
            .window(0, WINDOW, None);
        for typed in TYPED {
            let filter = Filter::parse(typed, inventory.columns())?;
            let query = Query {
                filter,
                ..query.clone()
            };
            let snapshot = inventory.snapshot();
            let (view, ms) = timed(|| snapshot.query(&query, NOW_MS));
            let view = view?;
            if ms > worst.0 {
                worst = (ms, typed);
            }
            answers.push(ms);
            let (_, ms) = timed(|| view.window(0, WINDOW, None));
            painted.push(ms);
        }
    }
    Ok(json!({ "answer": figures(answers), "worst": worst.1, "first_window": figures(painted) }))
}

/// The time for a window somewhere in the list.
fn windows(inventory: &Inventory) -> Result<Value, Box<dyn Error>> {
    let view = inventory.snapshot().query(&Query::default(), NOW_MS)?;
    let matched = view.answer().matched;
    let times = (0..200).map(|step| timed(|| view.window(matched / 200 * step, WINDOW, Some(0))).1);
    Ok(figures(times.collect()))
}

/// The time for the numbers of a state bar under a filter.
fn counts(inventory: &Inventory) -> Result<Value, Box<dyn Error>> {
    let mut times = Vec::new();
    for typed in ["", "edge", "devices>3", "tag:site=bj"] {
        let filter = Filter::parse(typed, inventory.columns())?;
        for column in ["state", "version", "tag"] {
            let snapshot = inventory.snapshot();
            let (counts, ms) = timed(|| snapshot.counts(column, &filter, NOW_MS));
            counts?;
            times.push(ms);
        }
    }
    Ok(figures(times))
}

/// The time to publish a single change, and for the next answer with its window.
fn upserts(inventory: &Inventory, rows: u64) -> Result<(Value, Value), Box<dyn Error>> {
    let (mut changes, mut answers) = (Vec::new(), Vec::new());
    for step in 0..100 {
        // Every fourth row is new, the others have changed.
        let number = if step % 4 == 0 {
            rows + step
        } else {
            rows / 100 * step
        };
        let row = Row::new(number, 100 + step);
        let cells = row.cells();
        let (written, ms) = timed(|| inventory.upsert(&row.id, &row.name, &cells));
        written?;
        changes.push(ms);
        let (view, ms) = timed(|| {
            inventory
                .snapshot()
                .query(&Query::default(), NOW_MS)
                .map(|view| view.window(0, WINDOW, None))
        });
        view?;
        answers.push(ms);
    }
    Ok((figures(changes), figures(answers)))
}

fn key(column: &str, descending: bool) -> SortKey {
    SortKey {
        column: column.to_owned(),
        descending,
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    let ms = start.elapsed().as_secs_f64() * 1000.0;
    (done, (ms * 1000.0).round() / 1000.0)
}

fn figures(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let mean = times.iter().sum::<f64>() / times.len().max(1) as f64;
    let median = times.get(times.len() / 2);
    json!({ "median": median, "mean": (mean * 1000.0).round() / 1000.0, "max": times.last() })
}

fn resident_mb() -> Result<f64, Box<dyn Error>> {
    memory_mb("VmRSS:")
}

fn most_resident_mb() -> Result<f64, Box<dyn Error>> {
    memory_mb("VmHWM:")
}

fn memory_mb(field: &str) -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .ok_or("no such field")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok((kibibytes * 1.024).round() / 1000.0)
}

/// A node as a real fleet has it: what repeats repeats, what is unique is unique.
struct Row {
    id: String,
    name: String,
    random: Random,
    /// When the node last reported.
    updated_ms: i64,
    running: bool,
}

impl Row {
    fn new(number: u64, round: u64) -> Self {
        let mut random = Random(number);
        let (a, b) = (random.next(), random.next());
        let mut id = String::with_capacity(36);
        let hex = format!("{a:016x}{b:016x}");
        for (index, digit) in hex.chars().enumerate() {
            if matches!(index, 8 | 12 | 16 | 20) {
                id.push('-');
            }
            id.push(digit);
        }
        let kind = ["edge", "edge", "edge", "gw", "cam"][random.below(5) as usize];
        let site = SITES[random.below(8) as usize];
        let name = format!("{kind}-{site}-{number:07}");
        let reported = round > 0 && (number + round).is_multiple_of(10);
        let (age, luck) = (random.below(DAY_MS * 3), random.below(100));
        let updated_ms = if reported {
            NOW_MS + round as i64
        } else {
            NOW_MS - age as i64
        };
        let running = luck < 93 && !(reported && number.is_multiple_of(100));
        Self {
            id,
            name,
            random,
            updated_ms,
            running,
        }
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let mut random = Random(self.random.0);
        let columns = EdgeNode::SPEC.columns.iter();
        columns
            .map(|column| self.cell(column, random.next(), &mut random))
            .collect()
    }

    fn cell(&self, column: &Column, one: u64, random: &mut Random) -> Cell<'_> {
        let pick =
            |from: &[&'static str]| Cell::Text(Cow::Borrowed(from[one as usize % from.len()]));
        match (column.name, column.kind) {
            ("name", _) => Cell::Text(Cow::Borrowed(&self.name)),
            ("state", _) if self.running => Cell::Text(Cow::Borrowed("running")),
            ("state", _) => pick(&["failed", "unconnected", "stopped", "upgrading"]),
            ("version", _) => pick(&["2.50.0", "2.51.1", "2.52.0", "2.52.1"]),
            ("arch", _) => pick(&["x86_64", "aarch64"]),
            ("updated", _) => Cell::Time(self.updated_ms),
            ("address", _) => {
                let mut address = String::new();
                let _infallible = write!(
                    address,
                    "10.{}.{}.{}",
                    one >> 8 & 255,
                    one >> 16 & 255,
                    one & 255
                );
                Cell::Text(Cow::Owned(address))
            }
            ("description", _) if !one.is_multiple_of(10) => Cell::Missing,
            ("reason", _) if self.running => Cell::Missing,
            (_, ColumnKind::Text) => Cell::Text(Cow::Owned(format!(
                "rack {} slot {}",
                one % 400,
                one >> 20 & 63
            ))),
            (_, ColumnKind::Enum) => pick(&["one", "two", "three", "four", "five"]),
            (_, ColumnKind::Set) if one.is_multiple_of(5) => Cell::Missing,
            (_, ColumnKind::Set) => Cell::Set(vec![
                Cow::Owned(format!("site={}", SITES[random.below(8) as usize])),
                Cow::Owned(format!("line={}", random.below(40))),
            ]),
            (_, ColumnKind::Integer) => Cell::Integer((one % 64) as i64),
            (_, ColumnKind::Time) => Cell::Time(NOW_MS - (one % (DAY_MS * 700)) as i64),
            (_, ColumnKind::Flag) => Cell::Flag(one.is_multiple_of(8)),
        }
    }
}

const SITES: [&str; 8] = ["bj", "sh", "sz", "gz", "cd", "hz", "wh", "xa"];

/// Splitmix64: the same fleet in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}
