//! Takes the parts of the interface that are loaded later out of the wasm it starts with.
//!
//! Which parts, `ui/src/chunks.rs` says. The split comes before wasm-bindgen, while the linker's notes on who
//! uses what still fit; wasm-bindgen then sees what is left, and keeps by name what the chunks take from it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use walrus::ModuleConfig;
use wasm_split_cli_support::{Options, transform};

use super::Mode;

/// Loads the chunks. What is left of the wasm imports it by this name, and it imports `app.js` in turn.
const LOADER: &str = "./chunks.js";

/// Writes the chunks and their loader into the folder, and returns where what is left of the wasm is.
pub(super) fn split(wasm: &Path, dist: &Path, mode: Mode) -> Result<PathBuf> {
    let whole = fs::read(wasm).with_context(|| format!("{} was not built", wasm.display()))?;
    let start = wasm.with_extension("start.wasm");
    let mut options = Options::new(&whole);
    options.output_dir = dist;
    options.main_out_path = &start;
    options.main_module = "./app.js";
    options.link_name = LOADER;
    let written = transform(options)
        // Its errors are of a kind that anyhow can't take as they are.
        .map_err(|error| anyhow!("{error:#}"))
        .context("the interface could not be split")?;
    for chunk in &written.split_modules {
        fs::write(chunk, compact(&fs::read(chunk)?, mode)?)?;
    }
    Ok(start)
}

/// Writes a chunk anew, as wasm-bindgen does with the rest: numbers as short as they can be, where the linker
/// left room for others, and as it is shipped without the names of functions.
fn compact(wasm: &[u8], mode: Mode) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new()
        .generate_name_section(mode == Mode::Fast)
        .generate_producers_section(false)
        .parse(wasm)
        .context("a chunk can't be read")?;
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for id in customs {
        module.customs.delete(id);
    }
    Ok(module.emit_wasm())
}
