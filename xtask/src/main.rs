//! The project's chores, each as `cargo xtask NAME`: set-up, run, test, tour, bench.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is a command-line program: what it prints is its answer"
)]

mod bench;
mod bundle;
mod conformance;
mod coverage;
mod desktop;
mod fuzz;
mod icons;
#[path = "../../ui/locales.rs"]
mod locales;
mod run;
mod setup;
mod test;
mod tools;
mod ui;

use std::process::ExitCode;

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
    /// Install what is missing to build and to test, or name it.
    Setup,
    /// Build the application and open its window; without a screen, take pictures of it.
    Run {
        /// Take pictures even where there is a screen.
        #[arg(long)]
        pictures: bool,
    },
    /// Take a picture of each main view.
    Tour(run::Tour),
    /// Build the application as it is shipped and pack it for this system.
    Bundle,
    /// Measure what the design sets budgets for, and write docs/performance.md.
    Bench(bench::Bench),
    /// Compare signatures with those of the service's own SDK, and drive the simulator with it.
    Conformance {
        /// Where the random requests begin; the same number gives the same ones.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Write docs/coverage.md: which operations are declared, simulated, tested, and where in the window.
    Coverage {
        /// Compare only.
        #[arg(long)]
        check: bool,
    },
    /// Feed the offline inspection what nobody would send.
    Fuzz(fuzz::Fuzz),
    /// Lints, unit tests, client against simulator, the real window.
    Test,
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever reads this wants the reasons, and no backtrace of this program.
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    match chore {
        Chore::Ui { fast } => ui::build(if fast {
            ui::Mode::Fast
        } else {
            ui::Mode::Small
        }),
        Chore::Icons => icons::draw(),
        Chore::Setup => setup::run(setup::Purpose::Test),
        Chore::Run { pictures } => run::window(pictures),
        Chore::Tour(tour) => run::tour(&tour),
        Chore::Bundle => bundle::pack(),
        Chore::Bench(bench) => bench::run(&bench),
        Chore::Conformance { seed } => conformance::run(seed),
        Chore::Coverage { check } => coverage::run(check),
        Chore::Fuzz(fuzz) => fuzz::run(&fuzz),
        Chore::Test => test::run(),
    }
}
