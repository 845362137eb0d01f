//! Tags of devices and device templates, which the reference writes in three forms.

use std::collections::BTreeMap;

use serde::de::{Deserializer, MapAccess, SeqAccess};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::wire::{Item, Lenient, Shape, Shaped};

/// Tags by key.
///
/// The tables document one pair (`{"key": "site", "value": "bj"}`), other resources a list of pairs, the
/// examples a dictionary (`{"site": "bj"}`). All three are read, the dictionary is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(pub BTreeMap<String, String>);

impl Tags {
    /// Each tag as `key=value`, or its key alone when the value is empty.
    pub fn joined(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(key, value)| match value.is_empty() {
            true => key.clone(),
            false => format!("{key}={value}"),
        })
    }

    fn read(value: &Value) -> Option<Self> {
        let mut tags = BTreeMap::new();
        match value {
            Value::Object(object) => match object.get("key") {
                // A dictionary can have a tag named `key` too; a pair has at most `value` beside it.
                Some(key) if object.keys().all(|name| name == "key" || name == "value") => {
                    let value = object.get("value").and_then(text).unwrap_or_default();
                    tags.extend(text(key).map(|key| (key, value)));
                }
                _ => tags.extend(
                    object
                        .iter()
                        .map(|(key, value)| (key.clone(), text(value).unwrap_or_default())),
                ),
            },
            Value::Array(list) => {
                for item in list.iter().filter_map(Self::read) {
                    tags.extend(item.0);
                }
            }
            _ => return None,
        }
        Some(Self(tags))
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Item for Tags {
    fn from_text(_: &str) -> Option<Self> {
        None
    }
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Value::deserialize(serde::de::value::MapAccessDeserializer::new(map))
            .map(|value| Self::read(&value))
    }
    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Option<Self>, A::Error> {
        Value::deserialize(serde::de::value::SeqAccessDeserializer::new(seq))
            .map(|value| Self::read(&value))
    }
}

impl Shaped for Tags {
    const SHAPE: Shape = BTreeMap::<String, String>::SHAPE;
}

impl Lenient for Tags {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<Self>::lenient(deserializer).map(Option::unwrap_or_default)
    }
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Tags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::lenient(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Tags;

    #[track_caller]
    fn check(wire: &Value, expected: &[(&str, &str)]) {
        let tags: Tags = serde_json::from_value(wire.clone()).expect("tags never fail");
        let expected = expected.iter().map(|(k, v)| ((*k).into(), (*v).into()));
        assert_eq!(tags, Tags(expected.collect()), "{wire}");
    }

    #[test]
    fn all_three_forms_are_read() {
        check(
            &json!({"dev": "dev1", "n": 1}),
            &[("dev", "dev1"), ("n", "1")],
        );
        check(&json!({"key": "dev", "value": "dev1"}), &[("dev", "dev1")]);
        check(&json!({"key": "dev"}), &[("dev", "")]);
        check(
            &json!([{"key": "a", "value": "1"}, {"key": "b", "value": ""}, null]),
            &[("a", "1"), ("b", "")],
        );
        check(
            &json!({"key": "a", "site": "bj"}),
            &[("key", "a"), ("site", "bj")],
        );
        for empty in [json!(null), json!(""), json!({}), json!([]), json!(7)] {
            check(&empty, &[]);
        }
    }

    #[test]
    fn the_dictionary_is_written() {
        let tags = Tags([("dev".to_owned(), "dev1".to_owned())].into());
        assert_eq!(
            serde_json::to_value(&tags).expect("text keys only"),
            json!({"dev": "dev1"})
        );
        assert_eq!(tags.joined().collect::<Vec<_>>(), ["dev=dev1"]);
    }
}
