//! Measures the window against a bare web view and prints the figures as JSON.
//!
//! `measure BARE APPLICATION [RUNS]`: both are opened in turn, so that whatever else the machine does
//! touches both alike, and the medians are compared. Times are in milliseconds, memory in megabytes
//! (10^6 bytes) of proportional set size over all processes of a window.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is a command-line program: the figures are its answer"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::json;
use tests::window::Window;
use tests::window::process;

/// What one run tells.
struct Run {
    paint_ms: f64,
    memory_mb: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match measure().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("measure: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let usage = "usage: measure BARE APPLICATION [RUNS]";
    let bare: PathBuf = arguments.next().context(usage)?.into();
    let application: PathBuf = arguments.next().context(usage)?.into();
    let runs = match arguments.next() {
        Some(runs) => runs.to_string_lossy().parse().context(usage)?,
        None => 9,
    };

    // The first run of each reads files that later ones find in memory.
    run(&bare).await?;
    run(&application).await?;
    let mut floor = Vec::new();
    let mut own = Vec::new();
    for _ in 0..runs {
        floor.push(run(&bare).await?);
        own.push(run(&application).await?);
    }
    let paint = |runs: &[Run]| median(runs.iter().map(|it| it.paint_ms));
    let memory = |runs: &[Run]| median(runs.iter().map(|it| it.memory_mb));
    println!(
        "{:#}",
        json!({
            "runs": runs,
            "bare": { "paint_ms": paint(&floor), "memory_mb": memory(&floor) },
            "application": { "paint_ms": paint(&own), "memory_mb": memory(&own) },
        })
    );
    Ok(())
}

async fn run(binary: &Path) -> Result<Run> {
    let window = Window::open_binary("measure", binary).await?;
    window.settled().await?;
    let process = window.process()?;
    let started_ms = process::started_ms(process)?;
    let painted_ms = window.painted_ms().await?;
    let memory_mb = process::memory_mb(process).await?;
    window.close().await?;
    Ok(Run {
        paint_ms: painted_ms - started_ms,
        memory_mb,
    })
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
