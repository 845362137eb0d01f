//! Reads `tauri.conf.json` and the capability, and looks after the interface to be embedded.

use std::path::Path;
use std::{fs, io};

/// Shown in place of an interface that has not been built.
const MISSING: &str = "<!doctype html><title>Edge Console</title>\
    <p>This binary was built without its interface: run <code>cargo xtask ui</code>, then build again.</p>\n";

fn main() {
    embed("../ui/dist").expect("ui/dist can be read and written, as the rest of the work tree");
    let commands = tauri_build::AppManifest::new().commands(&["dispatch"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
        .expect("tauri.conf.json and capabilities/ are as Tauri documents them");
}

/// Has the binary built anew when the interface changed, and lets checks and lints run on a fresh
/// clone, where there is none yet.
fn embed(dist: &str) -> io::Result<()> {
    let page = Path::new(dist).join("index.html");
    if !page.exists() {
        fs::create_dir_all(dist)?;
        fs::write(page, MISSING)?;
    }
    println!("cargo::rerun-if-changed={dist}");
    Ok(())
}
