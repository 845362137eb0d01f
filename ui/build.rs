//! Turns the words in `locales/` into constants and functions, so that a key or a placeholder that stands in
//! one language only does not compile. The texts themselves are loaded: see `locales.rs`.

mod locales;

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::exit;

use locales::{Locales, Texts, is_identifier, placeholders};

fn main() {
    if let Err(problem) = run() {
        println!("cargo::error={problem}");
        exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales.rs");
    println!("cargo::rerun-if-changed=locales");
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        // What `cargo xtask ui` splits the interface by: who uses what.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    let locales = match Locales::read(Path::new("locales")) {
        Ok(locales) => locales,
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
            exit(1);
        }
    };
    let out_dir = env::var("OUT_DIR")?;
    let out_dir = Path::new(&out_dir);
    let mut out = format!(
        "pub(super) const FINGERPRINT: &str = {:?};\npub(super) const DIGITS: usize = {};\n",
        locales.fingerprint(),
        locales::DIGITS,
    );
    items(&mut out, &locales.english)?;
    fs::write(out_dir.join("words.rs"), out)?;
    // For tests, which have no page to load them from.
    for (name, text) in locales.files() {
        fs::write(out_dir.join(name), text)?;
    }
    Ok(())
}

/// A constant, or a function of its values, for each text whose key is made of identifiers, in one module for
/// each part of the key.
fn items(out: &mut String, texts: &Texts) -> Result<(), Box<dyn Error>> {
    let mut open: Vec<&str> = Vec::new();
    for (index, (key, text)) in texts.iter().enumerate() {
        let mut path: Vec<&str> = key.split('.').collect();
        if !path.iter().all(|part| is_identifier(part)) {
            continue;
        }
        let name = path.pop().unwrap_or_default();
        let common = open.iter().zip(&path).take_while(|(a, b)| a == b).count();
        while open.len() > common {
            open.pop();
            out.push_str("}\n");
        }
        for part in &path[common..] {
            open.push(part);
            let _ = writeln!(out, "pub(crate) mod r#{part} {{");
        }
        let _ = writeln!(out, "/// {:?}", text.replace('\n', " "));
        let names = placeholders(text)?;
        if names.is_empty() {
            let _ = writeln!(
                out,
                "pub(crate) const r#{name}: crate::words::Word = crate::words::Word::at({index});"
            );
        } else {
            let (mut parameters, mut values) = (String::new(), String::new());
            for name in &names {
                // Not the name alone: a constant of the same module may have it.
                let _ = write!(parameters, "{name}_value: impl ::std::fmt::Display, ");
                let _ = write!(
                    values,
                    "({name:?}, &{name}_value as &dyn ::std::fmt::Display), "
                );
            }
            let _ = writeln!(
                out,
                "pub(crate) fn r#{name}({parameters}) -> String {{ crate::words::filled({index}, &[{values}]) }}"
            );
        }
    }
    for _ in open {
        out.push_str("}\n");
    }
    Ok(())
}
