//! What the system knows about the processes of a window.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

/// Clock ticks a second, in which Linux tells times of processes on every platform it has.
const TICKS: f64 = 100.0;
/// Memory is at rest when it has changed by less than this, in megabytes, over [`REST`].
const STILL_MB: f64 = 1.0;
/// How long memory has to stay as it is to be called at rest.
const REST: Duration = Duration::from_secs(1);
/// How often memory is looked at until it is at rest.
const LOOKS: u32 = 20;

/// When a process began, in milliseconds since 1970, to about ten milliseconds.
///
/// # Errors
/// When there is no such process.
pub fn started_ms(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name in brackets may hold anything; the start is the twentieth field behind it.
    let ticks: f64 = stat
        .rsplit_once(')')
        .and_then(|(_, rest)| rest.split_whitespace().nth(19))
        .context("the system tells no start of the process")?
        .parse()?;
    let uptime = fs::read_to_string("/proc/uptime")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let seconds: f64 = uptime
        .split_whitespace()
        .next()
        .context("the system tells no time since its start")?
        .parse()?;
    Ok((now.as_secs_f64() - seconds + ticks / TICKS) * 1000.0)
}

/// Whether a process has ended, be it that nobody has taken note yet.
#[must_use]
pub fn has_ended(process: u32) -> bool {
    match fs::read_to_string(format!("/proc/{process}/stat")) {
        Ok(stat) => stat
            .rsplit_once(')')
            .is_some_and(|(_, rest)| rest.trim_start().starts_with('Z')),
        Err(_) => true,
    }
}

/// Memory of a process and all below it, once it is at rest: proportional set size in megabytes
/// (10^6 bytes).
///
/// # Errors
/// When the system does not tell.
pub async fn memory_mb(process: u32) -> Result<f64> {
    let mut former = memory_now_mb(process)?;
    for _ in 0..LOOKS {
        tokio::time::sleep(REST).await;
        let memory = memory_now_mb(process)?;
        if (memory - former).abs() < STILL_MB {
            return Ok(memory);
        }
        former = memory;
    }
    Ok(former)
}

/// The first process that another one has started.
///
/// # Errors
/// When it has started none.
pub fn child(process: u32) -> Result<u32> {
    children(process)?
        .first()
        .copied()
        .with_context(|| format!("process {process} has started no other"))
}

fn memory_now_mb(process: u32) -> Result<f64> {
    let mut total = 0.0;
    let mut waiting = vec![process];
    while let Some(process) = waiting.pop() {
        // A process that has just ended takes no memory.
        let Ok(rollup) = fs::read_to_string(format!("/proc/{process}/smaps_rollup")) else {
            continue;
        };
        let kilobytes: f64 = rollup
            .lines()
            .find_map(|line| line.strip_prefix("Pss:"))
            .and_then(|rest| rest.split_whitespace().next())
            .context("the system tells no proportional set size")?
            .parse()?;
        total += kilobytes * 1024.0 / 1e6;
        waiting.extend(children(process)?);
    }
    Ok(total)
}

fn children(process: u32) -> Result<Vec<u32>> {
    let mut children = Vec::new();
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    for thread in threads.into_iter().flatten() {
        let list = fs::read_to_string(thread?.path().join("children")).unwrap_or_default();
        children.extend(
            list.split_whitespace()
                .filter_map(|it| it.parse::<u32>().ok()),
        );
    }
    Ok(children)
}
