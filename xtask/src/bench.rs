//! Measures what the design sets budgets for, and writes `docs/performance.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::desktop::Desktop;
use crate::run::{self, Profile};
use crate::setup::{self, Purpose};
use crate::{tools, ui};

/// How thoroughly to measure.
#[derive(Args)]
pub(crate) struct Bench {
    /// How often the window is opened, each time after a bare web view.
    #[arg(long, default_value_t = 9)]
    runs: u32,
    /// Nodes of the fleet in the window.
    #[arg(long, default_value_t = 100_000)]
    nodes: u64,
    /// Nodes in the store alone.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
}

/// A figure beside its budget.
struct Figure {
    what: String,
    found: f64,
    budget: f64,
    unit: &'static str,
    note: String,
}

/// Measures everything and writes it down.
pub(crate) fn run(bench: &Bench) -> Result<()> {
    setup::run(Purpose::Screen)?;
    run::build(
        Profile::Release,
        &["edge-console", "measure"],
        &["bare", "measure"],
    )?;

    println!("bench: the store, {} rows", bench.rows);
    let store =
        json(Command::new(run::example(Profile::Release, "measure")?).arg(bench.rows.to_string()))?;
    println!(
        "bench: the window, {} times, then {} nodes",
        bench.runs, bench.nodes
    );
    let desktop = Desktop::new()?;
    let window = json(
        desktop
            .command(run::program(Profile::Release, "measure")?)
            .arg(run::example(Profile::Release, "bare")?)
            .arg(run::program(Profile::Release, "edge-console")?)
            .arg(bench.runs.to_string())
            .arg(bench.nodes.to_string()),
    )?;

    let figures = figures(&store, &window)?;
    let page = tools::root().join("docs/performance.md");
    fs::write(&page, document(bench, &figures)).context("docs/performance.md can't be written")?;
    for figure in &figures {
        println!("{}", line(figure));
    }
    println!("bench: written to {}", page.display());
    Ok(())
}

fn json(command: &mut Command) -> Result<Value> {
    let text = tools::output(command)?;
    serde_json::from_str(&text).with_context(|| format!("no figures in {text}"))
}

fn figures(store: &Value, window: &Value) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut add = |what: &str, found: f64, budget: f64, unit: &'static str, note: String| {
        figures.push(Figure {
            what: what.to_owned(),
            found,
            budget,
            unit,
            note,
        });
    };

    // Where there is no graphics device, the application has WebKit draw in another way than it does by itself.
    for (floor, bare) in [
        ("a bare web view", "bare"),
        ("one that draws alike", "bare_without_opengl"),
    ] {
        for (what, run, figure, budget, unit) in [
            (
                "First start to first paint",
                "first_start",
                "paint_ms",
                100.0,
                "ms",
            ),
            ("Start to first paint", "start", "paint_ms", 100.0, "ms"),
            (
                "Memory at rest on the first page",
                "first_start",
                "memory_mb",
                40.0,
                "MB",
            ),
            (
                "Memory at rest with the simulator's fleet",
                "start",
                "memory_mb",
                40.0,
                "MB",
            ),
        ] {
            let found = number(window, &format!("/{run}/{figure}"))?;
            let least = number(window, &format!("/{bare}/{figure}"))?;
            add(
                &format!("{what}, above {floor}"),
                found - least,
                budget,
                unit,
                format!("{found:.0} against {least:.0}"),
            );
        }
    }

    let nodes = number(window, "/table/nodes")?;
    let most = |path: &str| -> Result<String> {
        Ok(format!(
            "{nodes:.0} nodes; at most {:.1}",
            number(window, &format!("{path}/most"))?
        ))
    };
    add(
        "Main thread, a frame of scrolling",
        number(window, "/table/scroll_frame_ms/mean")?,
        2.0,
        "ms",
        most("/table/scroll_frame_ms")?,
    );
    add(
        "Filter, from key to drawn table",
        number(window, "/table/filter_painted_ms/median")?,
        50.0,
        "ms",
        most("/table/filter_painted_ms")?,
    );

    let sizes = ui::sizes()?;
    let whole = sizes.whole();
    add(
        "Interface, wasm loaded at start, gzipped",
        kilo(sizes.start.gzipped),
        500.0,
        "KB",
        format!(
            "{:.0} as it is; with all chunks {:.0}, {:.0} as it is",
            kilo(sizes.start.raw),
            kilo(whole.gzipped),
            kilo(whole.raw),
        ),
    );
    let binary = fs::metadata(run::program(Profile::Release, "edge-console")?)?.len();
    add(
        "Application, one file",
        kilo(usize::try_from(binary)?) / 1000.0,
        15.0,
        "MB",
        String::new(),
    );

    let rows = format!("{:.0} rows", number(store, "/rows")?);
    for (what, path, budget, unit) in [
        (
            "Store: key of a filter to its answer",
            "/filter_keystroke_ms",
            10.0,
            "ms",
        ),
        ("Store: a window of rows", "/window_ms", 5.0, "ms"),
        (
            "Store: taking in 1000 rows",
            "/ingest_ms_per_1000",
            2.0,
            "ms",
        ),
        ("Store: memory", "/memory_mb", 350.0, "MB"),
    ] {
        let found = store
            .pointer(path)
            .with_context(|| format!("the store tells no {path}"))?;
        add(what, central(found)?, budget, unit, rows.clone());
    }
    Ok(figures)
}

/// The figure that stands for several: the median, or for memory that after loading.
fn central(found: &Value) -> Result<f64> {
    ["median", "answer", "loaded"]
        .iter()
        .find_map(|name| match &found[*name] {
            Value::Object(inner) => inner.get("median").and_then(Value::as_f64),
            other => other.as_f64(),
        })
        .or_else(|| found.as_f64())
        .with_context(|| format!("no median in {found}"))
}

fn number(value: &Value, pointer: &str) -> Result<f64> {
    value
        .pointer(pointer)
        .and_then(Value::as_f64)
        .with_context(|| format!("no number at {pointer} in {value}"))
}

#[allow(clippy::cast_precision_loss, reason = "sizes far below 2^52 bytes")]
fn kilo(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

fn line(figure: &Figure) -> String {
    let verdict = if figure.found <= figure.budget {
        "kept"
    } else {
        "missed"
    };
    format!(
        "| {} | {:.1} {unit} | {:.0} {unit} | {verdict} | {} |",
        figure.what,
        figure.found,
        figure.budget,
        figure.note,
        unit = figure.unit,
    )
}

fn document(bench: &Bench, figures: &[Figure]) -> String {
    let mut text = String::from(
        "# Performance\n\n\
         Written by `cargo xtask bench`; run it again instead of editing this page.\n\n\
         | figure | found | budget | | detail |\n|---|---:|---:|---|---|\n",
    );
    for figure in figures {
        // Writing into a string can't fail.
        let _ = writeln!(text, "{}", line(figure));
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let _ = write!(
        text,
        "\n## How it is measured\n\n\
         On {cores} cores, {system}, release builds, under Xvfb without a graphics card.\n\n\
         - The window and a bare web view (`src-tauri/examples/bare`) are opened in turn, {runs} times each; \
         medians are compared. First paint is the page's first content, counted from the start of the \
         process: the choice of a console that knows nothing yet, then that of a console with the simulator's \
         fleet. Memory is the proportional set size of all processes, once it stays as it is.\n\
         - The bare web view is as WebKit comes: what any application of one takes on this machine. The \
         application has WebKit draw without OpenGL where there is no graphics device \
         ([0043](decisions/0043-drawing-without-a-graphics-device.md)); a bare web view that draws alike is \
         compared as well.\n\
         - The table shows a simulated fleet of {nodes} nodes. A frame's work lasts from its scroll event to \
         the layout of what it brought, a page of rows further. A key's time lasts from the key to the drawn table, for keys that change what is \
         shown.\n\
         - The store is measured alone, with {rows} nodes (`crates/fleet/examples/measure.rs`).\n\
         - Megabytes are 10^6 bytes.\n",
        system = system(),
        runs = bench.runs,
        nodes = bench.nodes,
        rows = bench.rows,
    );
    text
}

/// What the machine runs, as it calls itself.
fn system() -> String {
    fs::read_to_string(Path::new("/etc/os-release"))
        .ok()
        .and_then(|release| {
            release
                .lines()
                .find_map(|line| line.strip_prefix("PRETTY_NAME="))
                .map(|name| name.trim_matches('"').to_owned())
        })
        .unwrap_or_else(|| std::env::consts::OS.to_owned())
}
