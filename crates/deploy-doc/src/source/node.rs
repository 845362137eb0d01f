//! What a text says, with the place of each part. JSON and YAML make the same tree.

use std::ops::Range;

use serde_json::{Map, Value};

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where it begins, anchor and tag included.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// What it is.
    pub(crate) kind: Kind,
    /// How it is written.
    pub(crate) style: Style,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// A scalar without quotes.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// In several lines, under a head.
    Lines,
    /// A list or an object by indentation.
    Block,
    /// A list or an object in brackets or braces.
    Flow,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A plain value.
    Scalar(Value),
    /// An object.
    Map(Entries),
    /// A list.
    List(Vec<Item>),
    /// What stands elsewhere, and is meant here too.
    Alias(Value),
}

/// The fields of an object.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entries {
    /// Those that are written.
    pub(crate) entries: Vec<Entry>,
    /// Those that are merged in by `<<`, behind the others.
    pub(crate) merged: Vec<(String, Value)>,
    /// Whether a key is written in the long way, by `?`.
    pub(crate) long: bool,
}

/// A field.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) key: String,
    /// Where the name stands.
    pub(crate) key_span: Range<usize>,
    /// Its value.
    pub(crate) value: Node,
}

/// An entry of a list.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Where it begins: at its dash, or at its value in brackets.
    pub(crate) start: usize,
    /// Its value.
    pub(crate) value: Node,
}

impl Node {
    /// Where it stands.
    pub(crate) const fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// What it says.
    pub(crate) fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) | Kind::Alias(value) => value.clone(),
            Kind::Map(map) => {
                let entries = map.entries.iter().filter(|it| !it.is_merge(map));
                let entries = entries.map(|it| (it.key.clone(), it.value.value()));
                let mut fields: Map<String, Value> = entries.collect();
                for (key, value) in &map.merged {
                    if !fields.contains_key(key) {
                        fields.insert(key.clone(), value.clone());
                    }
                }
                Value::Object(fields)
            }
            Kind::List(items) => items.iter().map(|item| item.value.value()).collect(),
        }
    }

    /// Whether it is a list or an object by indentation.
    pub(crate) fn is_block(&self) -> bool {
        self.style == Style::Block
    }
}

impl Entry {
    /// Whether it merges another object in.
    pub(crate) fn is_merge(&self, map: &Entries) -> bool {
        self.key == "<<" && !map.merged.is_empty()
    }
}
