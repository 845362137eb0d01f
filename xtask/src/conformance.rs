//! The service's own SDK as the judge: of our signatures, of our requests, and of the simulator.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::tools;

mod calls;

/// Requests whose signatures are compared.
const REQUESTS: u32 = 10_000;

/// Compares our signer with the SDK's, then the requests of each operation, then drives the simulator with
/// the SDK.
///
/// # Errors
/// When Python or a package index is missing, or at the first part that differs from the SDK.
pub(crate) fn run(seed: u64) -> Result<()> {
    let scripts = tools::root().join("xtask/conformance");
    let target = tools::target()?;
    let python = environment(&scripts, &target.join("conformance/venv"))?;

    tools::run(tools::cargo().arg("build").args(tools::MEMBERS).args([
        "--example=sign_many",
        "--example=call_many",
        "--bin=ief-sim",
    ]))?;
    let built = target.join("debug");
    let program = |folder: &str, name: &str| {
        built
            .join(folder)
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    };
    tools::run(
        Command::new(&python)
            .arg(scripts.join("sign.py"))
            .arg(program("examples", "sign_many"))
            .args([REQUESTS.to_string(), seed.to_string()]),
    )
    .context("our signatures are not the SDK's")?;
    let calls = target.join("conformance/calls.jsonl");
    std::fs::write(&calls, calls::lines()?)
        .with_context(|| format!("{} can't be written", calls.display()))?;
    tools::run(
        Command::new(&python)
            .arg(scripts.join("compare.py"))
            .arg(program("examples", "call_many"))
            .arg(&calls)
            .arg(scripts.join("differences.json")),
    )
    .context("our requests are not the SDK's")?;
    tools::run(
        Command::new(&python)
            .arg(scripts.join("drive.py"))
            .arg(program("", "ief-sim")),
    )
    .context("the simulator does not satisfy the SDK")
}

/// A Python with the SDK, made once and kept as long as the requirements stay the same.
fn environment(scripts: &Path, folder: &Path) -> Result<std::path::PathBuf> {
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = programs.join("python");
    let requirements = scripts.join("requirements.txt");
    let wanted = std::fs::read_to_string(&requirements)
        .with_context(|| format!("{} can't be read", requirements.display()))?;
    let stamp = folder.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    tools::run(Command::new("python3").args(["-m", "venv"]).arg(folder))
        .context("Python with its venv module is needed (Debian: python3-venv)")?;
    tools::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(&requirements),
    )
    .context("the SDK could not be installed")?;
    std::fs::write(&stamp, wanted)
        .with_context(|| format!("{} can't be written", stamp.display()))?;
    Ok(python)
}
