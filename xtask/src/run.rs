//! Builds the application and opens its window, on a screen or in pictures.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::desktop::{self, Desktop};
use crate::setup::{self, Purpose};
use crate::{tools, ui};

/// How pictures are taken.
#[derive(Args)]
pub(crate) struct Tour {
    /// The folder for the pictures.
    #[arg(long, default_value = "pictures")]
    out: PathBuf,
    /// The colours.
    #[arg(long, default_value = "system", value_parser = ["system", "light", "dark", "contrast"])]
    theme: String,
    /// The language.
    #[arg(long, default_value = "system", value_parser = ["system", "en", "zh"])]
    lang: String,
    /// The page's size in pixels.
    #[arg(long, default_value = "1280x800", value_name = "WIDTHxHEIGHT")]
    size: String,
}

impl Default for Tour {
    fn default() -> Self {
        Self {
            out: "pictures".into(),
            theme: "system".into(),
            lang: "system".into(),
            size: "1280x800".into(),
        }
    }
}

/// Opens the window, or takes pictures of it where there is no screen.
pub(crate) fn window(pictures: bool) -> Result<()> {
    if pictures || !desktop::has_screen() {
        return tour(&Tour::default());
    }
    setup::run(Purpose::Build)?;
    build(Profile::Debug, &["edge-console"], &[])?;
    tools::run(&mut Command::new(program(Profile::Debug, "edge-console")?))
}

/// Takes pictures of the main views.
pub(crate) fn tour(tour: &Tour) -> Result<()> {
    setup::run(Purpose::Screen)?;
    build(Profile::Debug, &["edge-console", "tour"], &[])?;
    let out = tools::root().join(&tour.out);
    let desktop = Desktop::new()?;
    tools::run(
        desktop
            .command(program(Profile::Debug, "tour")?)
            .arg("--out")
            .arg(&out)
            .args(["--theme", &tour.theme, "--lang", &tour.lang])
            .args(["--size", &tour.size]),
    )?;
    println!("pictures: {}", out.display());
    Ok(())
}

/// How programs are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quickly.
    Debug,
    /// As they are shipped.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// Builds the interface, and programs and examples that embed or drive it.
pub(crate) fn build(profile: Profile, programs: &[&str], examples: &[&str]) -> Result<()> {
    ui::build(ui::Mode::Small)?;
    let mut cargo = tools::cargo();
    cargo.arg("build").args(tools::MEMBERS);
    if profile == Profile::Release {
        cargo.args(["--release", "--config"]);
        cargo.arg(tools::without_paths("build.rustflags"));
    }
    for program in programs {
        cargo.args(["--bin", program]);
    }
    for example in examples {
        cargo.args(["--example", example]);
    }
    tools::run(&mut cargo)
}

/// Where a program is that [`build`] has built.
pub(crate) fn program(profile: Profile, name: &str) -> Result<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(tools::target()?.join(profile.folder()).join(file))
}

/// Where an example is that [`build`] has built.
pub(crate) fn example(profile: Profile, name: &str) -> Result<PathBuf> {
    program(profile, &format!("examples/{name}"))
}
