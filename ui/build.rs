//! Turns the words in `locales/` into functions, so that a key or a placeholder that stands in one
//! language only does not compile.
//!
//! `locales/en/<area>.json` and `locales/zh/<area>.json` hold nested objects of texts. The key of a text
//! is the file's name (dots in it nest) and the path in the file: `nodes.title`, `columns.node.state`.
//! A text may hold
//! - `{name}`: a value,
//! - `{name:node|nodes}`: the first word when the value is 1, the second otherwise,
//! - `[ within {seconds} s]`: a part that is left out when a value in it is unknown,
//! - `{{`, `[[`: the sign itself.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::exit;

use serde_json::Value;

const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Texts by their whole key.
type Texts = BTreeMap<String, String>;

fn main() {
    if let Err(problem) = run() {
        println!("cargo::error={problem}");
        exit(1);
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let mut problems = Vec::new();
    let [english, chinese] = LANGUAGES.map(|language| {
        let mut texts = Texts::new();
        if let Err(problem) = read_folder(language, &mut texts, &mut problems) {
            problems.push(problem.to_string());
        }
        texts
    });
    compare(&english, &chinese, &mut problems);

    let [codes_en, codes_zh] = LANGUAGES.map(|language| {
        let mut texts = Texts::new();
        let file = format!("locales/errors.{language}.json");
        if let Err(problem) = read_file(Path::new(&file), "", &mut texts, &mut problems) {
            problems.push(problem.to_string());
        }
        texts
    });
    compare(&codes_en, &codes_zh, &mut problems);
    let codes = codes(&codes_en, &codes_zh, &mut problems);

    if !problems.is_empty() {
        for problem in &problems {
            println!("cargo::error={problem}");
        }
        exit(1);
    }

    let mut out = String::new();
    table(&mut out, "KEYS", english.keys());
    table(&mut out, "EN", english.values());
    table(&mut out, "ZH", english.keys().map(|key| &chinese[key]));
    out.push_str(&codes);
    functions(&mut out, &english)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), out)?;
    Ok(())
}

fn read_folder(
    language: &str,
    texts: &mut Texts,
    problems: &mut Vec<String>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(format!("locales/{language}"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "json") {
            let area = path
                .file_stem()
                .and_then(|it| it.to_str())
                .unwrap_or_default();
            read_file(&path, area, texts, problems)?;
        }
    }
    Ok(())
}

fn read_file(
    path: &Path,
    area: &str,
    texts: &mut Texts,
    problems: &mut Vec<String>,
) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    flatten(&path.display().to_string(), area, &value, texts, problems);
    Ok(())
}

fn flatten(file: &str, key: &str, value: &Value, texts: &mut Texts, problems: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            if let Err(problem) = placeholders(text) {
                problems.push(format!("{file}: {key}: {problem}"));
            }
            if texts.insert(key.to_owned(), text.clone()).is_some() {
                problems.push(format!("{file}: {key} stands twice"));
            }
        }
        Value::Object(object) => {
            for (name, value) in object {
                let key = match key {
                    "" => name.clone(),
                    key => format!("{key}.{name}"),
                };
                flatten(file, &key, value, texts, problems);
            }
        }
        _ => problems.push(format!("{file}: {key} is neither a text nor an object")),
    }
}

fn compare(english: &Texts, chinese: &Texts, problems: &mut Vec<String>) {
    for (key, text) in english {
        match chinese.get(key) {
            None => problems.push(format!("{key} is missing in Chinese")),
            Some(other) => {
                let (en, zh) = (placeholders(text), placeholders(other));
                if en.is_ok() && zh.is_ok() && en != zh {
                    problems.push(format!("{key} has other placeholders in Chinese"));
                }
            }
        }
    }
    for key in chinese.keys().filter(|key| !english.contains_key(*key)) {
        problems.push(format!("{key} is missing in English"));
    }
}

/// The names of the values in a text.
fn placeholders(text: &str) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('{') {
            rest = after;
            continue;
        }
        let end = rest.find('}').ok_or("a brace is not closed")?;
        let name = rest[..end].split(':').next().unwrap_or_default();
        if !is_identifier(name) {
            return Err(format!("{{{name}}} is no name of a value"));
        }
        names.insert(name.to_owned());
        rest = &rest[end + 1..];
    }
    Ok(names)
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn table<'a>(out: &mut String, name: &str, texts: impl Iterator<Item = &'a String>) {
    let _ = writeln!(out, "pub(super) static {name}: &[&str] = &[");
    for text in texts {
        let _ = writeln!(out, "    {text:?},");
    }
    out.push_str("];\n");
}

/// What an error code means and what to do, in both languages, sorted by code.
fn codes(english: &Texts, chinese: &Texts, problems: &mut Vec<String>) -> String {
    let mut out = String::from("pub(super) static CODES: &[(&str, [[&str; 2]; 2])] = &[\n");
    let names: BTreeSet<&str> = english
        .keys()
        .filter_map(|key| key.rsplit_once('.').map(|(code, _)| code))
        .collect();
    for code in names {
        let texts = [english, chinese].map(|texts| {
            ["what", "next"].map(|part| texts.get(&format!("{code}.{part}")).cloned())
        });
        match texts {
            [[Some(a), Some(b)], [Some(c), Some(d)]] => {
                let _ = writeln!(out, "    ({code:?}, [[{a:?}, {b:?}], [{c:?}, {d:?}]]),");
            }
            _ => problems.push(format!("errors: {code} needs `what` and `next`")),
        }
    }
    out.push_str("];\n");
    out
}

/// One function for each text whose key is made of identifiers, in one module for each part of the key.
fn functions(out: &mut String, texts: &Texts) -> Result<(), Box<dyn Error>> {
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
                "pub(crate) fn r#{name}() -> &'static str {{ crate::words::text({index}) }}"
            );
        } else {
            let (mut parameters, mut values) = (String::new(), String::new());
            for name in &names {
                let _ = write!(parameters, "r#{name}: impl ::std::fmt::Display, ");
                let _ = write!(
                    values,
                    "({name:?}, &r#{name} as &dyn ::std::fmt::Display), "
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
