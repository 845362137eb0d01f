//! The words in `locales/`: read, checked and written as the window loads them.
//!
//! Shared by `build.rs`, which makes them constants and functions, and by the task that builds the interface,
//! which writes one file for each language. Both see the same texts in the same order.
//!
//! `locales/en/<area>.json` and `locales/zh/<area>.json` hold nested objects of texts, and so do
//! `locales/errors.en.json` and `locales/errors.zh.json` for the codes of the service. The key of a text is
//! the file's name (dots in it nest) and the path in the file: `nodes.title`, `columns.node.state`,
//! `errors.IEF.10001.what`. A text may hold
//! - `{name}`: a value,
//! - `{name:node|nodes}`: the first word when the value is 1, the second otherwise,
//! - `[ within {seconds} s]`: a part that is left out when a value in it is unknown,
//! - `{{`, `[[`: the sign itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use serde_json::Value;

/// Digits of a position in the file of a language.
pub(crate) const DIGITS: usize = 6;

/// Texts by their whole key.
pub(crate) type Texts = BTreeMap<String, String>;

/// All words of the interface. Both languages have the same keys.
pub(crate) struct Locales {
    pub(crate) english: Texts,
    pub(crate) chinese: Texts,
}

impl Locales {
    /// Reads the folder `locales`.
    ///
    /// # Errors
    /// Everything that is wrong with it, a sentence each.
    pub(crate) fn read(folder: &Path) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let [english, chinese] = ["en", "zh"].map(|language| {
            let mut texts = Texts::new();
            if let Err(problem) = read_folder(&folder.join(language), &mut texts, &mut problems) {
                problems.push(problem);
            }
            let codes = folder.join(format!("errors.{language}.json"));
            if let Err(problem) = read_file(&codes, "errors", &mut texts, &mut problems) {
                problems.push(problem);
            }
            texts
        });
        compare(&english, &chinese, &mut problems);
        if problems.is_empty() {
            Ok(Self { english, chinese })
        } else {
            Err(problems)
        }
    }

    /// Changes with every key and every value in a text, so that words of another build are noticed.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hasher = DefaultHasher::new();
        for (key, text) in &self.english {
            (key, placeholders(text).unwrap_or_default()).hash(&mut hasher);
        }
        format!("{:016x}", hasher.finish())
    }

    /// Each language as a file: the fingerprint and how many texts there are; where each key and each text ends,
    /// in [`DIGITS`] digits each; then key and text of each. Whoever reads it finds any text without reading
    /// those before it.
    pub(crate) fn files(&self) -> [(&'static str, String); 2] {
        [
            ("words.en.txt", &self.english),
            ("words.zh.txt", &self.chinese),
        ]
        .map(|(name, texts)| {
            let mut ends = String::new();
            let mut body = String::new();
            let lines = texts
                .iter()
                .flat_map(|(key, text)| [key.clone(), shown(text)]);
            for line in lines {
                body.push_str(&line);
                ends.push_str(&format!("{:0DIGITS$}", body.len()));
                body.push('\n');
            }
            let head = format!("{} {}", self.fingerprint(), texts.len());
            (name, format!("{head}\n{ends}\n{body}"))
        })
    }
}

fn read_folder(folder: &Path, texts: &mut Texts, problems: &mut Vec<String>) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
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
) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| told(&error))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| told(&error))?;
    flatten(&path.display().to_string(), area, &value, texts, problems);
    Ok(())
}

fn flatten(file: &str, key: &str, value: &Value, texts: &mut Texts, problems: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            if let Err(problem) = placeholders(text) {
                problems.push(format!("{file}: {key}: {problem}"));
            }
            if text.contains('\n') {
                problems.push(format!("{file}: {key} has more than one line"));
            }
            if texts.insert(key.to_owned(), text.clone()).is_some() {
                problems.push(format!("{file}: {key} stands twice"));
            }
        }
        Value::Object(object) => {
            for (name, value) in object {
                flatten(file, &format!("{key}.{name}"), value, texts, problems);
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

/// A text as it is kept: one without values is shown as it stands, so that its signs stand once by then.
fn shown(text: &str) -> String {
    match placeholders(text) {
        Ok(names) if names.is_empty() => text
            .replace("{{", "{")
            .replace("[[", "[")
            .replace("]]", "]"),
        _ => text.to_owned(),
    }
}

/// The names of the values in a text.
pub(crate) fn placeholders(text: &str) -> Result<BTreeSet<String>, String> {
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

pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
