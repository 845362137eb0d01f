//! A body while it is filled in: a tree of signals in the shape of the declaration.

use console_ipc::explorer::{FieldLimit, Shape};
use leptos::prelude::*;
use serde_json::{Map, Number, Value};

use crate::pages::parts::Rows;

/// A value while it is filled in. What is left empty is left out.
#[derive(Clone)]
pub(super) enum Draft {
    /// Text, a number, a flag: as it is typed.
    Plain(Shape, RwSignal<String>),
    /// The fields of an object.
    Record(Vec<(String, Self)>),
    /// The entries of a list.
    List(Shape, Rows<StoredValue<Self>>),
    /// The keys of a dictionary with their values.
    Map(Shape, Rows<(RwSignal<String>, StoredValue<Self>)>),
}

impl Draft {
    /// A draft of a shape that holds what a value does, as far as the shape has a place for it.
    pub(super) fn new(shape: &Shape, value: Option<&Value>) -> Self {
        match shape {
            Shape::Record { fields } => Self::Record(
                fields
                    .iter()
                    .map(|field| {
                        let value = value.and_then(|value| value.get(&field.name));
                        (field.name.clone(), Self::new(&field.holds, value))
                    })
                    .collect(),
            ),
            Shape::List { of } => {
                let entries = value.and_then(Value::as_array).into_iter().flatten();
                let entries: Vec<_> = entries
                    .map(|entry| StoredValue::new(Self::new(of, Some(entry))))
                    .collect();
                Self::List((**of).clone(), Rows::of(entries))
            }
            Shape::Map { of } => {
                let entries = value.and_then(Value::as_object).into_iter().flatten();
                let entries: Vec<_> = entries
                    .map(|(key, value)| {
                        let value = StoredValue::new(Self::new(of, Some(value)));
                        (RwSignal::new(key.clone()), value)
                    })
                    .collect();
                Self::Map((**of).clone(), Rows::of(entries))
            }
            plain => {
                let text = match value {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                };
                Self::Plain(plain.clone(), RwSignal::new(text))
            }
        }
    }

    /// What is filled in. `None` when nothing is. Tracked.
    pub(super) fn value(&self) -> Option<Value> {
        match self {
            Self::Plain(shape, text) => {
                let text = text.get();
                (!text.is_empty()).then(|| plain(shape, text))
            }
            Self::Record(fields) => {
                let object: Map<String, Value> = fields
                    .iter()
                    .filter_map(|(name, field)| Some((name.clone(), field.value()?)))
                    .collect();
                (!object.is_empty()).then_some(Value::Object(object))
            }
            Self::List(of, rows) => {
                let entries = rows.get().into_iter().map(|(_, entry)| {
                    let value = entry.with_value(Self::value);
                    value.unwrap_or_else(|| nothing(of))
                });
                let entries: Vec<Value> = entries.collect();
                (!entries.is_empty()).then_some(Value::Array(entries))
            }
            Self::Map(of, rows) => {
                let entries = rows.get().into_iter().map(|(_, (key, value))| {
                    let value = value.with_value(Self::value);
                    (key.get(), value.unwrap_or_else(|| nothing(of)))
                });
                let object: Map<String, Value> = entries.collect();
                (!object.is_empty()).then_some(Value::Object(object))
            }
        }
    }
}

/// A value as it was typed. What is no number where one is asked for is sent as it is: the host says what is
/// wrong with it.
fn plain(shape: &Shape, text: String) -> Value {
    let read = match shape {
        Shape::Integer => text.trim().parse::<i64>().ok().map(Value::from),
        Shape::Number => {
            let number = text.trim().parse::<f64>().ok();
            number.and_then(Number::from_f64).map(Value::Number)
        }
        Shape::Flag => text.parse::<bool>().ok().map(Value::Bool),
        Shape::Any => serde_json::from_str(&text).ok(),
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}

/// An entry of a list in which nothing is filled in.
fn nothing(shape: &Shape) -> Value {
    match shape {
        Shape::Record { .. } | Shape::Map { .. } => Value::Object(Map::new()),
        Shape::List { .. } => Value::Array(Vec::new()),
        _ => Value::String(String::new()),
    }
}

/// The limit of a field, by its place: `*` stands for any entry and any key.
pub(super) fn limit_of<'a>(limits: &'a [FieldLimit], place: &str) -> Option<&'a FieldLimit> {
    limits.iter().find(|limit| limit.path == place)
}
