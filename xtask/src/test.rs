//! Everything that says whether the project is well, in stages from cheap to dear.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::desktop::Desktop;
use crate::setup::{self, Purpose};
use crate::{coverage, tools, ui};

/// Runs all stages.
///
/// # Errors
/// At the first stage that fails, naming it.
pub(crate) fn run() -> Result<()> {
    let mut times = Vec::new();
    let mut stage = |name: &'static str, work: &dyn Fn() -> Result<()>| {
        println!("\n── {name}");
        let start = Instant::now();
        work().with_context(|| format!("stage “{name}” failed"))?;
        times.push((name, start.elapsed()));
        anyhow::Ok(())
    };

    stage("set-up", &|| setup::run(Purpose::Test))?;
    stage("format", &|| {
        tools::run(tools::cargo().args(["fmt", "--all", "--check"]))
    })?;
    stage("lints", &|| {
        tools::run(tools::cargo().args([
            "clippy",
            "--workspace",
            "--exclude",
            "edge-console-ui",
            "--all-targets",
            "--",
            "--deny=warnings",
        ]))
    })?;
    stage("lints of the interface", &|| {
        tools::run(tools::cargo().args([
            "clippy",
            "--package=edge-console-ui",
            "--target=wasm32-unknown-unknown",
            "--all-targets",
            "--",
            "--deny=warnings",
        ]))
    })?;
    stage("coverage", &|| coverage::run(true))?;
    stage("unit tests", &|| cargo_test(&["--lib", "--bins"]))?;
    stage("examples in the documentation", &|| cargo_test(&["--doc"]))?;
    stage("interface", &|| ui::build(ui::Mode::Small))?;
    stage("application", &|| cargo_test(&["--test=*", "--no-run"]))?;
    stage("end to end", &|| {
        let desktop = Desktop::new()?;
        let mut tests = tools::cargo();
        // One window at a time: two on one screen take the focus from each other.
        tests
            .arg("test")
            .args(tools::MEMBERS)
            .args(["--test=*", "--", "--test-threads=1"]);
        tools::run(&mut desktop.host(&tests))
    })?;

    report(&times);
    Ok(())
}

fn cargo_test(arguments: &[&str]) -> Result<()> {
    tools::run(
        tools::cargo()
            .arg("test")
            .args(tools::MEMBERS)
            .args(arguments),
    )
}

/// Says so on standard error: standard output ends with the summary of the tests.
fn report(times: &[(&str, Duration)]) {
    for (name, time) in times {
        eprintln!("{:>6} s  {name}", time.as_secs());
    }
}
