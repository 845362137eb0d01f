//! Measures the window and prints the figures as JSON.
//!
//! `measure BARE APPLICATION RUNS NODES`: the application and a bare web view are opened in turn, so that
//! whatever else the machine does touches both alike, and the medians are compared. Then the application
//! is opened on a simulated fleet of so many nodes, whose table is scrolled and filtered. Times are in
//! milliseconds, memory in megabytes (10^6 bytes) of proportional set size over all processes of a
//! window.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is a command-line program: the figures are its answer"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use tests::window::process;
use tests::window::{Environment, Name, Role, Window};

/// How long a fleet may take to arrive.
const LOADING: Duration = Duration::from_secs(180);
/// How often it is looked at meanwhile.
const GLANCE: Duration = Duration::from_millis(200);

/// What is typed into the filter, key by key.
const TYPED: &str = "gw-bj-001";

/// Scrolls by a page a frame. A frame's work begins with its scroll event and ends with the layout of
/// what was made of it: what the page does, without what the machine takes to draw it.
const SCROLL: &str = r"
    const done = arguments[arguments.length - 1];
    const table = document.querySelector('[role=grid]');
    const times = [];
    let begun = null;
    // The first listener runs before the table's own, the second after it, and so does its frame.
    table.addEventListener('scroll', () => { begun = performance.now(); }, true);
    table.addEventListener('scroll', () => requestAnimationFrame(() => {
        table.getBoundingClientRect();
        times.push(performance.now() - begun);
        if (times.length < 200) { requestAnimationFrame(step); } else { done(times); }
    }));
    const step = () => {
        const next = table.scrollTop + table.clientHeight;
        table.scrollTop = next + table.clientHeight < table.scrollHeight ? next : 0;
    };
    requestAnimationFrame(step);
";

/// Types a filter. A key's time begins with it and ends when the table with its answer has been drawn.
const FILTER: &str = r"
    const [typed, done] = arguments;
    const table = document.querySelector('[role=grid]');
    const field = document.querySelector('.list-bar input');
    const count = () => table.getAttribute('aria-rowcount');
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const times = [];
    const channel = new MessageChannel();
    const drawn = () => new Promise(resolve => {
        channel.port1.onmessage = resolve;
        requestAnimationFrame(() => channel.port2.postMessage(null));
    });
    const changed = former => new Promise(resolve => {
        const watch = new MutationObserver(() => {
            if (count() !== former) { watch.disconnect(); resolve(true); }
        });
        watch.observe(table, { attributes: true, attributeFilter: ['aria-rowcount'] });
        setTimeout(() => { watch.disconnect(); resolve(false); }, 2000);
    });
    (async () => {
        table.scrollTop = 0;
        field.focus();
        for (let length = 1; length <= typed.length; length += 1) {
            const former = count();
            const answer = changed(former);
            const begun = performance.now();
            write.call(field, typed.slice(0, length));
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
            // A key that leaves the same rows draws nothing to wait for.
            if (await answer) { await drawn(); times.push(performance.now() - begun); }
        }
        done(times);
    })();
";

/// Has WebKit draw as the application has it draw where there is no graphics device.
const WITHOUT_OPENGL: Environment = &[("WEBKIT_DISABLE_DMABUF_RENDERER", "1")];

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
    let usage = "usage: measure BARE APPLICATION RUNS NODES";
    let bare: PathBuf = arguments.next().context(usage)?.into();
    let application: PathBuf = arguments.next().context(usage)?.into();
    let mut number = || -> Result<u64> {
        let text = arguments.next().context(usage)?;
        text.to_string_lossy().parse().context(usage)
    };
    let (runs, nodes) = (number()?, number()?);

    let mut floor = Vec::new();
    let mut alike = Vec::new();
    let mut first = Vec::new();
    let mut again = Vec::new();
    for round in 0..=runs {
        let bare_as_it_comes = run_bare(&bare, &[]).await?;
        let bare_alike = run_bare(&bare, WITHOUT_OPENGL).await?;
        let (first_start, start_again) = run(&application).await?;
        // The first round reads files that later ones find in memory.
        if round > 0 {
            floor.push(bare_as_it_comes);
            alike.push(bare_alike);
            first.push(first_start);
            again.push(start_again);
        }
    }
    println!(
        "{:#}",
        json!({
            "runs": runs,
            "bare": figures_of(&floor),
            "bare_without_opengl": figures_of(&alike),
            "first_start": figures_of(&first),
            "start": figures_of(&again),
            "table": table(&application, nodes).await?,
        })
    );
    Ok(())
}

fn figures_of(runs: &[Run]) -> Value {
    json!({
        "paint_ms": median(runs.iter().map(|it| it.paint_ms)),
        "memory_mb": median(runs.iter().map(|it| it.memory_mb)),
    })
}

async fn run_bare(binary: &Path, environment: Environment) -> Result<Run> {
    let window = Window::open_binary("measure", binary, environment).await?;
    let run = look(&window).await?;
    window.close().await?;
    Ok(run)
}

/// Starts the application for the first time, then again with the simulator's fleet in use.
async fn run(binary: &Path) -> Result<(Run, Run)> {
    let mut window = Window::open_binary("measure", binary, &[]).await?;
    let first = look(&window).await?;
    let state = ask(&window, "get_state", json!({})).await?;
    let simulator = &state["profiles"][0]["id"];
    ask(&window, "switch_profile", json!({ "id": simulator })).await?;
    window.restart().await?;
    let again = look(&window).await?;
    window.close().await?;
    Ok((first, again))
}

async fn look(window: &Window) -> Result<Run> {
    window.settled().await?;
    let process = window.process()?;
    let started_ms = process::started_ms(process)?;
    let painted_ms = window.painted_ms().await?;
    Ok(Run {
        paint_ms: painted_ms - started_ms,
        memory_mb: process::memory_mb(process).await?,
    })
}

/// Scrolls and filters the table of a fleet.
async fn table(binary: &Path, nodes: u64) -> Result<Value> {
    let mut window = Window::open_binary("measure", binary, &[]).await?;
    choose_fleet(&window, nodes).await?;
    window.restart().await?;
    window.go("#/nodes").await?;
    let loaded = format!("{}", nodes + 1);
    let grid = window.find(Role::Grid, Name::Any).await?;
    // A large fleet takes longer to arrive than a state of the page may.
    let patience = Instant::now() + LOADING;
    while grid.attribute("aria-rowcount").await? != Some(loaded.clone()) {
        if Instant::now() > patience {
            bail!("{nodes} nodes were not there after {} s", LOADING.as_secs());
        }
        tokio::time::sleep(GLANCE).await;
    }
    let scroll = figures(&window, SCROLL, vec![]).await?;
    let filter = figures(&window, FILTER, vec![json!(TYPED)]).await?;
    window.close().await?;
    Ok(json!({ "nodes": nodes, "scroll_frame_ms": scroll, "filter_painted_ms": filter }))
}

/// Gives the simulator so many nodes, and has it in use.
async fn choose_fleet(window: &Window, nodes: u64) -> Result<()> {
    let state = ask(window, "get_state", json!({})).await?;
    let mut profile = state["profiles"][0].clone();
    profile["target"]["nodes"] = json!(nodes);
    let id = profile["id"].clone();
    ask(window, "save_profile", json!({ "profile": profile })).await?;
    ask(window, "switch_profile", json!({ "id": id })).await?;
    Ok(())
}

async fn ask(window: &Window, name: &str, request: Value) -> Result<Value> {
    window
        .dispatch(name, request)
        .await?
        .map_err(|refusal| anyhow!("{name} was refused: {refusal}"))
}

/// The mean, the median and the longest of the times a script answers. The page's clock tells whole
/// milliseconds, which only the mean gets over.
async fn figures(window: &Window, script: &str, arguments: Vec<Value>) -> Result<Value> {
    let times = window.run_async(script, arguments).await?;
    let times: Vec<f64> = serde_json::from_value(times.clone())
        .with_context(|| format!("the page answered {times} when it was measured"))?;
    Ok(json!({
        "mean": times.iter().sum::<f64>() / f64::from(u32::try_from(times.len().max(1))?),
        "median": median(times.iter().copied()),
        "most": times.iter().copied().fold(0.0, f64::max),
        "times": times.len(),
    }))
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
