//! Finding the secrets of a body by their paths, and taking them out.
//!
//! The paths are those of [`OperationSpec::secret_in_request`] and
//! [`OperationSpec::secret_in_response`]: names with dots between, `*` for any key or index, `{}` for
//! any key with an object or a list below it. Bodies of an unexpected shape are read so that rather too
//! much is found than too little: a list stands for each of its entries, and a plain value where the path
//! goes on is itself the secret.
//!
//! [`OperationSpec::secret_in_request`]: crate::operation::OperationSpec::secret_in_request
//! [`OperationSpec::secret_in_response`]: crate::operation::OperationSpec::secret_in_response

use serde_json::Value;

use crate::wire::Shape;

/// What stands in the place of a secret that was taken out.
pub const REDACTED: &str = "…";

/// Calls `f` with each secret below `value` and its place, for example
/// `device.access_config.password.value`.
///
/// What is null is not a secret. A secret can be a whole object or list, when one stands at the end of
/// a path. Where two paths lead to one place, `f` is called for both, unless it left null there.
pub fn for_each_secret(paths: &[&str], value: &mut Value, mut f: impl FnMut(&str, &mut Value)) {
    let mut place = String::new();
    for path in paths {
        walk(Some(path), value, &mut place, &mut f);
    }
}

/// Replaces each secret below `value` by [`REDACTED`].
pub fn redact(paths: &[&str], value: &mut Value) {
    for_each_secret(paths, value, |_, secret| {
        *secret = Value::String(REDACTED.to_owned());
    });
}

/// Replaces by [`REDACTED`] what stands below `value` in places that `shape` does not know. For bodies that hold
/// secrets: under another name, or at another place, one is a secret still.
pub fn redact_unknown(shape: Shape, value: &mut Value) {
    match (shape, value) {
        (Shape::Record(fields), Value::Object(object)) => {
            let fields = fields();
            for (name, value) in object {
                match fields.iter().find(|field| field.name == name) {
                    Some(field) => redact_unknown((field.shape)(), value),
                    None if value.is_null() => {}
                    None => *value = Value::String(REDACTED.to_owned()),
                }
            }
        }
        (Shape::List(of), Value::Array(list)) => {
            for value in list {
                redact_unknown(of(), value);
            }
        }
        (Shape::Map(of), Value::Object(object)) => {
            for value in object.values_mut() {
                redact_unknown(of(), value);
            }
        }
        // A plain value is what its own field is; anything of another shape is known to nobody.
        (Shape::Record(_) | Shape::List(_) | Shape::Map(_), value) if !value.is_null() => {
            *value = Value::String(REDACTED.to_owned());
        }
        _ => {}
    }
}

fn walk(
    path: Option<&str>,
    value: &mut Value,
    place: &mut String,
    f: &mut impl FnMut(&str, &mut Value),
) {
    let Some(path) = path else {
        if !value.is_null() {
            f(place, value);
        }
        return;
    };
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    match value {
        Value::Null => {}
        Value::Object(object) if name == "*" => {
            for (key, value) in object {
                step(place, key, |place| walk(rest, value, place, f));
            }
        }
        Value::Object(object) if name == "{}" => {
            let inner = |value: &Value| value.is_object() || value.is_array();
            for (key, value) in object.iter_mut().filter(|(_, value)| inner(value)) {
                step(place, key, |place| walk(rest, value, place, f));
            }
        }
        Value::Object(object) => {
            if let Some(value) = object.get_mut(name) {
                step(place, name, |place| walk(rest, value, place, f));
            }
        }
        Value::Array(list) => {
            // `*` is used up by the list, any other name belongs to its entries.
            let rest = if name == "*" { rest } else { Some(path) };
            for (index, value) in list.iter_mut().enumerate() {
                step(place, &index.to_string(), |place| {
                    walk(rest, value, place, f);
                });
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => f(place, value),
    }
}

fn step(place: &mut String, name: &str, body: impl FnOnce(&mut String)) {
    let length = place.len();
    if length > 0 {
        place.push('.');
    }
    place.push_str(name);
    body(place);
    place.truncate(length);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{for_each_secret, redact, redact_unknown};

    #[track_caller]
    fn check(path: &str, mut value: Value, expected: &Value, places: &[&str]) {
        let mut found = Vec::new();
        for_each_secret(&[path], &mut value, |place, _| found.push(place.to_owned()));
        assert_eq!(found, places);
        redact(&[path], &mut value);
        assert_eq!(value, *expected);
    }

    #[test]
    fn paths_are_followed_through_keys_and_indices() {
        check(
            "a.b.value",
            json!({"a": {"b": {"value": "s", "optional": true}, "c": "kept"}}),
            &json!({"a": {"b": {"value": "…", "optional": true}, "c": "kept"}}),
            &["a.b.value"],
        );
        check(
            "rows.*.key",
            json!({"rows": [{"key": "s", "id": 1}, {"id": 2}, {"key": {"deep": "s"}}]}),
            &json!({"rows": [{"key": "…", "id": 1}, {"id": 2}, {"key": "…"}]}),
            &["rows.0.key", "rows.2.key"],
        );
        check(
            "data.*",
            json!({"data": {"a.b": "s", "c": null}, "name": "n"}),
            &json!({"data": {"a.b": "…", "c": null}, "name": "n"}),
            &["data.a.b"],
        );
    }

    #[test]
    fn what_holds_more_is_told_from_plain_fields() {
        check(
            "a.{}.*",
            json!({"a": {"name": "kept", "data": {"k": "s"}, "list": ["s", {"v": "s"}], "none": null}}),
            &json!({"a": {"name": "kept", "data": {"k": "…"}, "list": ["…", "…"], "none": null}}),
            &["a.data.k", "a.list.0", "a.list.1"],
        );
        check(
            "a.{}.*",
            json!({"a": [{"data": {"k": "s"}, "id": 1}]}),
            &json!({"a": [{"data": {"k": "…"}, "id": 1}]}),
            &["a.0.data.k"],
        );
    }

    #[test]
    fn an_unexpected_shape_hides_no_secret() {
        check(
            "a.b.value",
            json!({"a": {"b": "s"}}),
            &json!({"a": {"b": "…"}}),
            &["a.b"],
        );
        check(
            "a.b",
            json!({"a": [{"b": 7}]}),
            &json!({"a": [{"b": "…"}]}),
            &["a.0.b"],
        );
        check("a.b", json!("s"), &json!("…"), &[""]);
        check("a.b", json!(null), &json!(null), &[]);
        check(
            "data.*",
            json!({"data": ["s"]}),
            &json!({"data": ["…"]}),
            &["data.0"],
        );
    }

    #[test]
    fn what_nobody_knows_beside_secrets_is_taken_for_one() {
        let spec = crate::catalogue::operation("create_secret").expect("it is declared");
        let shape = spec.body.expect("it has a body");
        let mut body = json!({
            "secret": { "name": "db", "type": "Opaque", "value": "canary", "secrets": { "a": "QQ==" } },
            "secrets": { "k": "canary" },
        });
        redact(spec.secret_in_request, &mut body);
        redact_unknown(shape, &mut body);
        assert!(!body.to_string().contains("canary"), "{body}");
        assert_eq!(body["secret"]["name"], "db");
    }
}
