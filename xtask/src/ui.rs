//! Builds the interface into `ui/dist`: wasm by cargo, split into what the window starts with and what it loads
//! later, its JavaScript by wasm-bindgen, the style sheets of all components in one file, and the words of each
//! language in one.
//!
//! wasm-bindgen is a library here, so that Cargo.lock holds it at the version of the interface's
//! own wasm-bindgen: the two only work together when they are the same. There is no `wasm-opt` after
//! it: Debian's version (108) exports the wrong one of two tables, which breaks the module, and what
//! it saves over a build for size with whole-program optimisation is four hundredths when gzipped.

use std::fs;
use std::io::Write;
use std::ops::Add;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::locales::Locales;
use crate::tools;

mod split;

/// What to build for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Quick to build again.
    Fast,
    /// As it is shipped.
    Small,
}

impl Mode {
    fn profile(self) -> &'static str {
        match self {
            Self::Fast => "wasm-fast",
            Self::Small => "wasm",
        }
    }
}

/// Size of wasm, in bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Size {
    pub(crate) raw: usize,
    pub(crate) gzipped: usize,
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzipped: self.gzipped + other.gzipped,
        }
    }
}

/// Sizes of the interface's wasm.
pub(crate) struct Sizes {
    /// What the window loads to start.
    pub(crate) start: Size,
    /// What it loads later, by the names of the files.
    pub(crate) chunks: Vec<(String, Size)>,
}

impl Sizes {
    /// Everything together.
    pub(crate) fn whole(&self) -> Size {
        self.chunks
            .iter()
            .fold(self.start, |sum, (_, size)| sum + *size)
    }
}

/// Builds `ui/dist`, unless what it would be made of is what it was made of.
pub(crate) fn build(mode: Mode) -> Result<()> {
    tools::run(tools::cargo().args([
        "build",
        "--package",
        "edge-console-ui",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        mode.profile(),
        "--config",
        &tools::without_paths("target.wasm32-unknown-unknown.rustflags"),
    ]))?;
    let wasm = tools::target()?
        .join("wasm32-unknown-unknown")
        .join(mode.profile())
        .join("edge-console-ui.wasm");

    let source = tools::root().join("ui");
    let styles = style_sheets(&source.join("src"))?;
    let words = words(&source)?;
    let stamp = stamp(&wasm, &source, &[&styles, &words[0].1, &words[1].1])?;
    let stamp_file = tools::target()?.join("ui-dist.stamp");
    let dist = source.join("dist");
    let unchanged = dist.join("app.wasm").is_file()
        && fs::read_to_string(&stamp_file).is_ok_and(|former| former == stamp);
    if !unchanged {
        // Without its stamp a half-written folder is made anew the next time.
        let _ = fs::remove_file(&stamp_file);
        bind(&wasm, &dist, mode)?;
        for file in ["index.html", "start.js"] {
            fs::copy(source.join(file), dist.join(file))
                .with_context(|| format!("ui/{file} could not be copied"))?;
        }
        fs::write(dist.join("app.css"), &styles)?;
        for (name, text) in &words {
            fs::write(dist.join(name), text)?;
        }
        fs::write(&stamp_file, &stamp)?;
    }

    let sizes = sizes()?;
    for (name, size) in &sizes.chunks {
        println!("ui: {name} {}", told(*size));
    }
    println!(
        "ui: wasm to start with {}, with all chunks {}{}",
        told(sizes.start),
        told(sizes.whole()),
        if unchanged { " (unchanged)" } else { "" },
    );
    Ok(())
}

/// Measures the wasm in `ui/dist`.
pub(crate) fn sizes() -> Result<Sizes> {
    let mut files = Vec::new();
    collect(&tools::root().join("ui/dist"), "wasm", &mut files)?;
    files.sort();
    let mut start = None;
    let mut chunks = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        match &*name {
            "app.wasm" => start = Some(measure(file)?),
            chunk => chunks.push((chunk.to_owned(), measure(file)?)),
        }
    }
    Ok(Sizes {
        start: start.context("the interface has not been built")?,
        chunks,
    })
}

fn measure(wasm: &Path) -> Result<Size> {
    let wasm = fs::read(wasm)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&wasm)?;
    Ok(Size {
        raw: wasm.len(),
        gzipped: encoder.finish()?.len(),
    })
}

fn told(size: Size) -> String {
    format!("{} KB, {} KB gzipped", size.raw / 1000, size.gzipped / 1000)
}

/// All style sheets as one: the theme first, then each component's own, in the order of their paths.
fn style_sheets(source: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(source, "css", &mut files)?;
    let theme = source.join("theme");
    files.sort_by_key(|file| (!file.starts_with(&theme), file.clone()));

    let mut all = String::new();
    for file in &files {
        let text = fs::read_to_string(file)
            .with_context(|| format!("{} could not be read", file.display()))?;
        all.push_str(text.trim_end());
        all.push_str("\n\n");
    }
    Ok(all)
}

/// All files below a folder with an extension.
pub(crate) fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, extension, files)?;
        } else if path.extension().is_some_and(|it| it == extension) {
            files.push(path);
        }
    }
    Ok(())
}

/// The words of each language, as the interface loads them.
fn words(source: &Path) -> Result<[(&'static str, String); 2]> {
    let locales =
        Locales::read(&source.join("locales")).map_err(|problems| anyhow!(problems.join("\n")))?;
    Ok(locales.files())
}

/// A digest of everything the folder is made of.
fn stamp(wasm: &Path, source: &Path, texts: &[&str]) -> Result<String> {
    let mut digest = Sha256::new();
    // Clones may share a target folder.
    digest.update(source.as_os_str().as_encoded_bytes());
    digest.update(fs::read(wasm).with_context(|| format!("{} was not built", wasm.display()))?);
    for file in ["index.html", "start.js"] {
        digest.update(
            fs::read(source.join(file)).with_context(|| format!("ui/{file} could not be read"))?,
        );
    }
    for text in texts {
        digest.update(text);
    }
    Ok(digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Writes `app.wasm`, `app.js`, the chunks and the snippets of libraries, into an empty folder.
fn bind(wasm: &Path, dist: &Path, mode: Mode) -> Result<()> {
    if dist.exists() {
        fs::remove_dir_all(dist).context("the former ui/dist could not be removed")?;
    }
    fs::create_dir_all(dist)?;
    let start = split::split(wasm, dist, mode)?;
    Bindgen::new()
        .input_path(start)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .remove_name_section(mode == Mode::Small)
        .remove_producers_section(mode == Mode::Small)
        .omit_default_module_path(true)
        .keep_lld_exports(true)
        .generate(dist)
        .context("wasm-bindgen could not read the interface")?;
    fs::rename(dist.join("app_bg.wasm"), dist.join("app.wasm"))
        .context("wasm-bindgen wrote no wasm")
}
