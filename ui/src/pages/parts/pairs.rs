//! An editor of pairs of key and value: tags, attributes.

use std::sync::Arc;

use ief_api::rules::Rule;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{Rows, row_list};
use crate::kit::TextField;
use crate::kit::form::Check;
use crate::table::reading::{list, text};
use crate::words::{self, Word};

/// A pair of key and value.
#[derive(Clone, Copy)]
pub struct Pair {
    key: RwSignal<String>,
    value: RwSignal<String>,
}

impl Pair {
    fn new(key: String, value: String) -> Self {
        Self {
            key: RwSignal::new(key),
            value: RwSignal::new(value),
        }
    }
}

/// Pairs as the service has them below `name`.
pub fn read_pairs(object: &Value, name: &str) -> Rows<Pair> {
    let pairs = list(object, name).iter().map(|pair| {
        Pair::new(
            text(pair, "key").unwrap_or_default(),
            text(pair, "value").unwrap_or_default(),
        )
    });
    Rows::of(pairs)
}

/// Pairs as the service takes them. Rows without key and value are left out. Tracked.
pub fn pairs_body(rows: Rows<Pair>) -> Value {
    rows.get()
        .into_iter()
        .map(|(_, pair)| (pair.key.get(), pair.value.get()))
        .filter(|(key, value)| !key.is_empty() || !value.is_empty())
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect()
}

/// What pairs have to keep.
#[derive(Clone, Copy)]
pub struct PairRules {
    /// How many there may be.
    pub count: &'static Rule,
    /// Rule of the keys.
    pub key: &'static Rule,
    /// Rule of the values.
    pub value: &'static Rule,
    /// Whether a value may be empty.
    pub empty_value: bool,
    /// Where they stand in the body: `node.tags`.
    pub path: &'static str,
}

/// Edits pairs.
#[component]
pub fn Pairs(rows: Rows<Pair>, limits: PairRules, add: Word) -> AnyView {
    let fields = move |at: usize, pair: Pair| {
        let unique: Check = Arc::new(move |key: &str| {
            let same = |(_, pair): &(u32, Pair)| pair.key.with(|known| known == key);
            if rows.get().iter().filter(|row| same(row)).count() > 1 {
                Err(words::kit::name_twice.get().to_owned())
            } else {
                Ok(())
            }
        });
        view! {
            <TextField
                label=words::kit::key
                value=pair.key
                rule=limits.key
                check=unique
                required=true
                path=format!("{}.{at}.key", limits.path)
            />
            <TextField
                label=words::kit::value
                value=pair.value
                rule=limits.value
                required={!limits.empty_value}
                path=format!("{}.{at}.value", limits.path)
            />
        }
        .into_any()
    };
    row_list(
        rows,
        add,
        Some(limits.count),
        || Pair::new(String::new(), String::new()),
        "pair",
        fields,
    )
}
