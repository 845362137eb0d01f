//! Words for people, in the language in use.
//!
//! `build.rs` makes a constant of each text in `locales/`: `words::nodes::title`, shown as it is or read by
//! `.get()`, and a function of each that has values: `words::nodes::matched(count, total)`, the values in
//! alphabetical order. Both read the language as a signal, so whatever shows a word follows it. [`find`] and
//! [`find_with`] take keys that are known at run time only: `columns.node.state`.
//!
//! The texts are files beside the interface, one for each language, of which only the one in use is loaded.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::OnceLock;

use leptos::prelude::*;

#[cfg(target_arch = "wasm32")]
mod load;
#[cfg(target_arch = "wasm32")]
mod show;

#[cfg(target_arch = "wasm32")]
pub(crate) use load::speak;

mod generated {
    #![allow(
        non_upper_case_globals,
        reason = "a word stands in a view like the function of one that has values"
    )]
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

/// The words of a language: its file as `locales.rs` writes it. Kept for good once they are loaded: there are two.
#[derive(Debug, Clone, Copy)]
struct Words {
    language: Lang,
    /// How many texts there are.
    count: usize,
    /// Where each key and each text ends in the body.
    ends: &'static str,
    /// Keys, in alphabetical order, each with its text behind it.
    body: &'static str,
}

impl Words {
    /// No words yet.
    const NONE: Self = Self {
        language: Lang::En,
        count: 0,
        ends: "",
        body: "",
    };

    /// Reads a file. `None` when it is of another build.
    fn read(language: Lang, file: String) -> Option<Self> {
        let (head, rest) = Box::leak(file.into_boxed_str()).split_once('\n')?;
        let (fingerprint, count) = head.split_once(' ')?;
        let count: usize = count.parse().ok()?;
        let (ends, body) = rest.split_at_checked(count * 2 * generated::DIGITS)?;
        (fingerprint == generated::FINGERPRINT).then_some(Self {
            language,
            count,
            ends,
            body: body.strip_prefix('\n')?,
        })
    }

    fn key(&self, at: usize) -> Option<&'static str> {
        self.line(at * 2)
    }

    fn text(&self, at: usize) -> Option<&'static str> {
        self.line(at * 2 + 1)
    }

    /// Where a key stands among the others.
    fn position(&self, key: &str) -> Option<usize> {
        let (mut first, mut end) = (0, self.count);
        while first < end {
            let middle = first.midpoint(end);
            match self.key(middle)?.cmp(key) {
                Ordering::Less => first = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => end = middle,
            }
        }
        None
    }

    fn line(&self, at: usize) -> Option<&'static str> {
        let start = match at.checked_sub(1) {
            Some(before) => self.end(before)? + 1,
            None => 0,
        };
        self.body.get(start..self.end(at)?)
    }

    fn end(&self, at: usize) -> Option<usize> {
        let start = at * generated::DIGITS;
        let digits = self.ends.get(start..start + generated::DIGITS)?;
        digits.parse().ok()
    }
}

fn spoken() -> &'static ArcRwSignal<Words> {
    static WORDS: OnceLock<ArcRwSignal<Words>> = OnceLock::new();
    WORDS.get_or_init(|| ArcRwSignal::new(Words::NONE))
}

/// The language in use, tracked.
pub(crate) fn language() -> Lang {
    spoken().get().language
}

/// A text without values. Whatever shows it follows the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word(u16);

impl Word {
    /// The text at a position of the file, which `build.rs` knows.
    pub(crate) const fn at(index: u16) -> Self {
        Self(index)
    }

    /// The text in the language in use now.
    pub(crate) fn now(self) -> &'static str {
        let words = spoken().get_untracked();
        words.text(usize::from(self.0)).unwrap_or("")
    }

    /// The text in the language in use, tracked.
    pub(crate) fn get(self) -> &'static str {
        text(self.0)
    }
}

/// The text of a key that is known at run time only: `columns.node.state`.
pub(crate) fn find(key: &str) -> Option<&'static str> {
    let words = spoken().get();
    words.text(words.position(key)?)
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

/// What was done, as a key: the operation, with its variant where it can do several things.
pub(crate) fn deed(operation: &str, variant: Option<&str>) -> String {
    match variant {
        Some(variant) => format!("{operation}.{variant}"),
        None => operation.to_owned(),
    }
}

/// A deed in words: "Register device".
pub(crate) fn operation(deed: &str) -> String {
    let variant = find(&format!("operation_variants.{deed}"));
    let (operation, _) = deed.split_once('.').unwrap_or((deed, ""));
    match variant.or_else(|| find(&format!("operations.{operation}"))) {
        Some(words) => words.to_owned(),
        None => operation.replace('_', " "),
    }
}

/// What an error code of the service means, and what to do.
pub(crate) fn error_code(code: &str) -> Option<(&'static str, &'static str)> {
    let part = |part: &str| find(&format!("errors.{code}.{part}"));
    Some((part("what")?, part("next")?))
}

/// The name of a variant as it crosses to the window and stands in keys: `outcome_unknown`.
pub(crate) fn wire_name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// A text by its position.
fn text(index: u16) -> &'static str {
    let words = spoken().get();
    words.text(usize::from(index)).unwrap_or("")
}

/// A text by its position, with values.
fn filled(index: u16, values: &[(&str, &dyn Display)]) -> String {
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
