//! Walks through the main views of the real window and leaves a picture of each.
//!
//! The views are those of the rail, so that none is forgotten; of a list, its first row as well.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is a command-line program: the pictures' places are its answer"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow, bail};
use clap::Parser;
use fantoccini::key::Key;
use serde_json::json;
use tests::window::{Element, Name, Role, Window};

/// Takes pictures of the main views.
#[derive(Parser)]
struct Arguments {
    /// The folder for the pictures.
    #[arg(long)]
    out: PathBuf,
    /// The colours: as the settings name them.
    #[arg(long, default_value = "system")]
    theme: String,
    /// The language: as the settings name it.
    #[arg(long, default_value = "system")]
    lang: String,
    /// The page's size in pixels.
    #[arg(long, default_value = "1280x800")]
    size: Size,
}

#[derive(Clone, Copy)]
struct Size {
    width: u32,
    height: u32,
}

impl FromStr for Size {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (width, height) = text
            .split_once('x')
            .ok_or_else(|| anyhow!("a size is WIDTHxHEIGHT, such as 1280x800"))?;
        Ok(Self {
            width: width.parse().context("the width is no number")?,
            height: height.parse().context("the height is no number")?,
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tour: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let mut window = Window::open("tour").await?;
    let outcome = tour(&mut window, arguments).await;
    if outcome.is_err() {
        // The error says more than a picture that can't be taken either.
        let _ = window.picture(&arguments.out.join("failed.png")).await;
    }
    window.close().await?;
    outcome
}

async fn tour(window: &mut Window, arguments: &Arguments) -> Result<()> {
    let mut unsettled = Vec::new();
    let mut take = async |window: &Window, name: &str| {
        // A view that never settles is best seen in its picture, and the others are of use all the same.
        if window.settled().await.is_err() {
            unsettled.push(name.to_owned());
        }
        take(window, &arguments.out, name).await
    };
    choose(window, arguments).await?;
    window
        .resize(arguments.size.width, arguments.size.height)
        .await?;
    take(window, "start").await?;

    // The first thing to choose is the simulator, in any language.
    let choices = window.find(Role::Main, Name::Any).await?;
    let choices = choices.all(Role::Button, Name::Any).await?;
    let simulator = choices
        .first()
        .context("there is nothing to choose at the start")?;
    simulator.click().await?;
    window.find(Role::Navigation, Name::Any).await?;

    for view in views(window).await? {
        let name = file_name(&view);
        window.go(&view).await?;
        take(window, &name).await?;
        let Some(table) = table(window).await? else {
            continue;
        };
        table.press(&char::from(Key::Down).to_string()).await?;
        // The key that shows the row in hand beside the table, where a table has that.
        window.press("i").await?;
        if window.find(Role::Complementary, Name::Any).await.is_ok() {
            take(window, &format!("{name}-panel")).await?;
        }
        window.press(&char::from(Key::Enter).to_string()).await?;
        take(window, &format!("{name}-one")).await?;
        let tabs = window.all(Role::Tab, Name::Any).await?.len();
        for number in 1..tabs {
            // A tab may be drawn anew when another one is chosen.
            if let Some(tab) = window.all(Role::Tab, Name::Any).await?.get(number) {
                tab.click().await?;
                take(window, &format!("{name}-one-{}", number + 1)).await?;
            }
        }
    }
    if !unsettled.is_empty() {
        bail!(
            "these views were still waiting for something: {}",
            unsettled.join(", ")
        );
    }
    Ok(())
}

/// Has the window look as it was asked for, as if the user had chosen so long ago.
async fn choose(window: &mut Window, arguments: &Arguments) -> Result<()> {
    if arguments.theme == "system" && arguments.lang == "system" {
        return Ok(());
    }
    let state = window
        .dispatch("get_state", json!({}))
        .await?
        .map_err(|refusal| anyhow!("the host does not tell its state: {refusal}"))?;
    let mut settings = state["settings"].clone();
    settings["theme"] = json!(arguments.theme);
    settings["language"] = json!(arguments.lang);
    window
        .dispatch("save_settings", json!({ "settings": settings }))
        .await?
        .map_err(|refusal| anyhow!("the host does not take these settings: {refusal}"))?;
    window.restart().await
}

/// The page's table, when it has rows below the one with the headings.
async fn table(window: &Window) -> Result<Option<Element>> {
    let Some(grid) = window.all(Role::Grid, Name::Any).await?.into_iter().next() else {
        return Ok(None);
    };
    // It counts the row of its headings as well.
    let rows = grid.attribute("aria-rowcount").await?.unwrap_or_default();
    Ok(rows
        .parse::<u64>()
        .is_ok_and(|rows| rows > 1)
        .then_some(grid))
}

/// The addresses of the rail.
async fn views(window: &Window) -> Result<Vec<String>> {
    let mut views = Vec::new();
    for rail in window.all(Role::Navigation, Name::Any).await? {
        for link in rail.all(Role::Link, Name::Any).await? {
            let address = link.attribute("href").await?.unwrap_or_default();
            // The driver tells the whole address, wherever the page was loaded from.
            match address.find('#') {
                Some(start) => views.push(address[start..].to_owned()),
                None => bail!("the rail leads out of the window, to {address}"),
            }
        }
    }
    Ok(views)
}

fn file_name(address: &str) -> String {
    address
        .trim_start_matches(['#', '/'])
        .replace(|it: char| !it.is_ascii_alphanumeric(), "-")
}

async fn take(window: &Window, folder: &Path, name: &str) -> Result<()> {
    let file = folder.join(name).with_extension("png");
    window.picture(&file).await?;
    println!("{}", file.display());
    Ok(())
}
