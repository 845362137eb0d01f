//! Feeds the offline inspection what nobody would send, for as long as is asked for.
//!
//! `cargo fuzz run --sanitizer none` in `crates/edge-package` does the same, where it is installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::tools;

/// How long, and what becomes of what is found.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// For how long each target runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// One target only: archive, certificate or json.
    #[arg(long)]
    target: Option<String>,
    /// Add the inputs that reach new code to the corpus, the smallest of them.
    #[arg(long)]
    keep: bool,
}

const TARGETS: [&str; 3] = ["archive", "certificate", "json"];

/// What makes the compiler count where a run comes along, as libFuzzer reads it.
const FLAGS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// Builds all targets and runs each for the time that is asked for.
///
/// # Errors
/// At the first input on which a target falls, takes longer than a minute or more than half a gigabyte. The input is
/// kept, and its path printed.
pub(crate) fn run(fuzz: &Fuzz) -> Result<()> {
    let folder = tools::root().join("crates/edge-package/fuzz");
    let built = tools::target()?.join("fuzz");
    let host = host()?;
    // Naming the platform keeps the flags away from build scripts.
    tools::run(
        tools::cargo()
            .current_dir(&folder)
            .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"))
            .args(["build", "--release", "--target", &host, "--target-dir"])
            .arg(&built),
    )?;
    let chosen = |name: &&&str| fuzz.target.as_deref().is_none_or(|target| target == **name);
    for name in TARGETS.iter().filter(chosen) {
        println!("\n── {name}, {} s", fuzz.seconds);
        let program = built.join(&host).join("release").join(name);
        let kept = folder.join("corpus").join(name);
        let found = built.join("found").join(name);
        one(&program, &kept, &found, fuzz).with_context(|| format!("target {name}"))?;
    }
    Ok(())
}

fn one(program: &Path, kept: &Path, found: &Path, fuzz: &Fuzz) -> Result<()> {
    fs::create_dir_all(found).with_context(|| format!("{} can't be made", found.display()))?;
    let falls = format!("-artifact_prefix={}-", found.display());
    tools::run(
        Command::new(program)
            .args([found, kept])
            .arg(format!("-max_total_time={}", fuzz.seconds))
            .args(["-max_len=65536", "-timeout=60", "-rss_limit_mb=512"])
            .args(["-print_final_stats=1", "-verbosity=1"])
            .arg(falls),
    )?;
    if fuzz.keep {
        // Those that reach code which no other does; how often they do makes no difference worth a file.
        let merge = ["-set_cover_merge=1", "-use_counters=0", "-max_len=4096"];
        tools::run(Command::new(program).args(merge).args([kept, found]))?;
    }
    Ok(())
}

/// The platform that the compiler builds for when nobody says another.
fn host() -> Result<String> {
    let about = tools::output(Command::new("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}
