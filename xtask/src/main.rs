//! The project's chores, each as `cargo xtask NAME`: set-up, run, test, tour, bench.

#![allow(
    clippy::print_stdout,
    reason = "this is a command-line program: what it prints is its answer"
)]

mod icons;
mod tools;
mod ui;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of Edge Console")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build the interface into ui/dist, when something it is made of has changed.
    Ui {
        /// For development: quicker to build again, larger, slower.
        #[arg(long)]
        fast: bool,
    },
    /// Draw all icons from icons/icon.svg.
    Icons,
}

fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Ui { fast } => ui::build(if fast {
            ui::Mode::Fast
        } else {
            ui::Mode::Small
        }),
        Chore::Icons => icons::draw(),
    }
}
