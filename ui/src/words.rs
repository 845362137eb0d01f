//! Words for people, in the language in use.
//!
//! `build.rs` makes one function of each text in `locales/`: `words::nodes::title()`, and with values
//! `words::nodes::matched(count, total)`, the values in alphabetical order. A function reads the language
//! as a signal, so whatever shows a word follows it. [`find`] and [`find_with`] take keys that are known
//! at run time only: `columns.node.state`.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::OnceLock;

use leptos::prelude::*;

mod generated {
    #![allow(
        dead_code,
        reason = "made of the locales, which tests hold against what is asked for at run time"
    )]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

#[allow(
    unused_imports,
    reason = "not every area is in use before all pages are"
)]
#[allow(clippy::wildcard_imports, reason = "the areas are the names of files")]
pub(crate) use generated::*;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// Its tag for `lang` and `Intl`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

fn signal() -> &'static ArcRwSignal<Lang> {
    static LANGUAGE: OnceLock<ArcRwSignal<Lang>> = OnceLock::new();
    LANGUAGE.get_or_init(|| ArcRwSignal::new(Lang::En))
}

/// The language in use, tracked.
pub(crate) fn language() -> Lang {
    signal().get()
}

/// Uses another language.
pub(crate) fn set_language(language: Lang) {
    if signal().get_untracked() != language {
        signal().set(language);
    }
}

/// The text of a key that is known at run time only: `columns.node.state`.
pub(crate) fn find(key: &str) -> Option<&'static str> {
    position(key).map(text)
}

/// The text of a key with its values; parts in brackets whose value is unknown are left out.
pub(crate) fn find_with(key: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let template = find(key)?;
    Some(fill(template, &|name| values.get(name).cloned()))
}

/// The text of a key, or the fallback where the service sent something nobody knew of.
pub(crate) fn find_or(key: &str, fallback: &str) -> String {
    find(key).map_or_else(|| fallback.to_owned(), str::to_owned)
}

/// Word for a column of a resource.
pub(crate) fn column(kind: &str, name: &str) -> String {
    find_or(&format!("columns.{kind}.{name}"), name)
}

/// Word for a value of a column, or the value itself.
pub(crate) fn value(kind: &str, column: &str, value: &str) -> String {
    find_or(&format!("values.{kind}.{column}.{value}"), value)
}

/// What an error code of the service means, and what to do.
pub(crate) fn error_code(code: &str) -> Option<(&'static str, &'static str)> {
    let position = generated::CODES
        .binary_search_by(|(known, _)| (*known).cmp(code))
        .ok()?;
    let [what, next] = generated::CODES[position].1[language() as usize];
    Some((what, next))
}

/// The name of a variant as it crosses to the window and stands in keys: `outcome_unknown`.
pub(crate) fn wire_name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn position(key: &str) -> Option<usize> {
    generated::KEYS.binary_search(&key).ok()
}

/// A text by its position.
fn text(index: usize) -> &'static str {
    match language() {
        Lang::En => generated::EN[index],
        Lang::Zh => generated::ZH[index],
    }
}

/// A text by its position, with values.
fn filled(index: usize, values: &[(&str, &dyn Display)]) -> String {
    fill(text(index), &|name| {
        values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.to_string())
    })
}

/// Puts values into a text.
fn fill(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut optional: Option<usize> = None;
    let mut complete = true;
    let mut characters = template.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' | '[' | ']' if characters.peek() == Some(&character) => {
                characters.next();
                out.push(character);
            }
            '[' => {
                optional = Some(out.len());
                complete = true;
            }
            ']' => {
                if let Some(start) = optional.take().filter(|_| !complete) {
                    out.truncate(start);
                }
            }
            '{' => {
                let inner: String = characters.by_ref().take_while(|c| *c != '}').collect();
                let (name, forms) = match inner.split_once(':') {
                    Some((name, forms)) => (name, forms.split_once('|')),
                    None => (inner.as_str(), None),
                };
                match (value(name), forms) {
                    (Some(value), None) => out.push_str(&value),
                    (Some(value), Some((one, other))) => {
                        out.push_str(if value == "1" { one } else { other });
                    }
                    (None, _) => complete = false,
                }
            }
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests;
