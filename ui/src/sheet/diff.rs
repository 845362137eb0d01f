//! What an update changes, field by field.

use serde_json::Value;

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    /// Dotted path from the compared objects: `log_configs.0.size`.
    pub(crate) path: String,
    /// What is there now; `None` when nothing is.
    pub(crate) before: Option<Value>,
    /// What will be there; `None` when it goes.
    pub(crate) after: Option<Value>,
}

/// Compares what will be sent with what is there. A field that isn't sent stays as it is, so only the
/// fields of `after` count; entries of a list are compared by key where they have one, else by place.
pub(crate) fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&mut String::new(), Some(before), Some(after), &mut found);
    found
}

fn compare(
    path: &mut String,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let (before, after) = (
        before.filter(|it| !is_blank(it)),
        after.filter(|it| !is_blank(it)),
    );
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            for (name, value) in new {
                deeper(path, name, old.get(name), Some(value), found);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new)))
            if has_objects(old) || has_objects(new) =>
        {
            compare_lists(path, old, new, found);
        }
        (None, Some(Value::Array(new))) if has_objects(new) => compare_lists(path, &[], new, found),
        (Some(Value::Array(old)), None) if has_objects(old) => compare_lists(path, old, &[], found),
        _ => found.push(Difference {
            path: path.clone(),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

fn compare_lists(path: &mut String, old: &[Value], new: &[Value], found: &mut Vec<Difference>) {
    let keyed = old.iter().chain(new).all(|entry| key(entry).is_some());
    if !keyed {
        for place in 0..old.len().max(new.len()) {
            deeper(
                path,
                &place.to_string(),
                old.get(place),
                new.get(place),
                found,
            );
        }
        return;
    }
    let value_of = |list: &[Value], name: &str| {
        let entry = list.iter().find(|entry| key(entry) == Some(name))?;
        Some(entry.get("value").cloned().unwrap_or(Value::Null))
    };
    for name in old.iter().filter_map(key) {
        let (was, is) = (value_of(old, name), value_of(new, name));
        deeper(path, name, was.as_ref(), is.as_ref(), found);
    }
    for name in new
        .iter()
        .filter_map(key)
        .filter(|name| value_of(old, name).is_none())
    {
        deeper(path, name, None, value_of(new, name).as_ref(), found);
    }
}

fn deeper(
    path: &mut String,
    name: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(name);
    compare(path, before, after, found);
    path.truncate(length);
}

fn key(entry: &Value) -> Option<&str> {
    entry.get("key").and_then(Value::as_str)
}

fn has_objects(list: &[Value]) -> bool {
    list.iter().any(Value::is_object)
}

/// Absent, null, empty text and empty list read the same: nothing is there.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// A value in one line, for the column of a difference.
pub(crate) fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) if !has_objects(list) => {
            list.iter().map(short).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{differences, short};

    #[track_caller]
    fn check(before: Value, after: Value, expected: &[(&str, &str, &str)]) {
        let text =
            |value: Option<Value>| value.map_or_else(|| "–".to_owned(), |value| short(&value));
        let found: Vec<_> = differences(&before, &after)
            .into_iter()
            .map(|it| (it.path, text(it.before), text(it.after)))
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|(path, before, after)| (path.as_str(), before.as_str(), after.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_sent_stays() {
        check(
            json!({"description": "old", "name": "n"}),
            json!({"description": "new"}),
            &[("description", "old", "new")],
        );
        check(
            json!({"description": "same"}),
            json!({"description": "same"}),
            &[],
        );
        check(
            json!({"description": null}),
            json!({"description": ""}),
            &[],
        );
    }

    #[test]
    fn what_is_emptied_goes() {
        check(
            json!({"description": "old", "ntp_servers": ["a", "b"]}),
            json!({"description": "", "ntp_servers": []}),
            &[("description", "old", "–"), ("ntp_servers", "a, b", "–")],
        );
    }

    #[test]
    fn pairs_are_compared_by_key() {
        check(
            json!({"attributes": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]}),
            json!({"attributes": [{"key": "b", "value": "3"}, {"key": "c", "value": "4"}]}),
            &[
                ("attributes.a", "1", "–"),
                ("attributes.b", "2", "3"),
                ("attributes.c", "–", "4"),
            ],
        );
        check(
            json!({"attributes": [{"key": "a", "value": "1"}]}),
            json!({"attributes": []}),
            &[("attributes.a", "1", "–")],
        );
    }

    #[test]
    fn other_lists_are_compared_by_place() {
        check(
            json!({"log_configs": [{"component": "app", "size": 50}]}),
            json!({"log_configs": [{"component": "app", "size": 60}, {"component": "system"}]}),
            &[
                ("log_configs.0.size", "50", "60"),
                ("log_configs.1", "–", r#"{"component":"system"}"#),
            ],
        );
    }
}
