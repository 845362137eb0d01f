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
use tests::window::{Name, Role, Window};

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
    let window = Window::open("tour").await?;
    let outcome = tour(&window, arguments).await;
    if outcome.is_err() {
        // The error says more than a picture that can't be taken either.
        let _ = window.picture(&arguments.out.join("failed.png")).await;
    }
    window.close().await?;
    outcome
}

async fn tour(window: &Window, arguments: &Arguments) -> Result<()> {
    window
        .resize(arguments.size.width, arguments.size.height)
        .await?;
    window.settled().await?;
    take(window, &arguments.out, "start").await?;
    for view in views(window).await? {
        window.go(&view).await?;
        window.settled().await?;
        take(window, &arguments.out, &file_name(&view)).await?;
    }
    Ok(())
}

/// The addresses of the rail.
async fn views(window: &Window) -> Result<Vec<String>> {
    let mut views = Vec::new();
    for rail in window.all(Role::Navigation, Name::Any).await? {
        for link in rail.all(Role::Link, Name::Any).await? {
            let address = link.attribute("href").await?.unwrap_or_default();
            if !address.starts_with('#') {
                bail!("the rail leads out of the window, to {address}");
            }
            views.push(address);
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
