//! When two documents say the same: what is empty, what is the service's default and how a number is written make no
//! difference.

use ief_api::wire::Shape;
use serde_json::{Map, Value};

use crate::document::trimmed;
use crate::path::Step;
use crate::shape;

/// Fields whose value is the one that the service takes when nothing is said (tables 4-156, 4-158, 4-160 and 4-166).
const DEFAULTS: &[(&str, &str)] = &[
    ("privileged", "false"),
    ("host_pid", "false"),
    ("migration", "false"),
    ("initial_delay_seconds", "10"),
    ("timeout_seconds", "1"),
    ("scheme", "HTTP"),
    ("npu_type", "D310"),
    ("source", "userdefined"),
    ("source", "userdefine"),
];

/// A value in the one form that all that say the same have. Entries of lists stay at their places.
pub(crate) fn canonical(value: &Value, shape: Option<Shape>) -> Value {
    plain(trimmed(value), shape)
}

fn plain(value: Value, shape: Option<Shape>) -> Value {
    match (value, shape) {
        (Value::Object(fields), shape) => {
            // A volume's source is no default of anything.
            let is_known = matches!(shape, Some(Shape::Record(_)));
            let is_volume = fields.contains_key("destination") || fields.contains_key("type");
            let fields = fields.into_iter().filter_map(|(key, value)| {
                let inner = shape.and_then(|it| shape::inside(it, &Step::Key(key.clone())));
                let value = match key.as_str() {
                    // Answers have it in lower case.
                    "scheme" if is_known => {
                        value.as_str().map(str::to_uppercase).map(Value::from)?
                    }
                    _ => plain(value, inner),
                };
                let is_default = is_known && !is_volume && is_default(&key, &value);
                let is_nothing = matches!(&value, Value::Object(fields) if fields.is_empty());
                let is_left_out = is_default || is_known && is_nothing;
                (!is_left_out).then_some((key, value))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        (Value::Array(entries), shape) => {
            let inner = shape.and_then(|it| shape::inside(it, &Step::Index(0)));
            let entries = entries.into_iter().map(|it| plain(it, inner));
            Value::Array(entries.collect())
        }
        (Value::String(text), Some(Shape::Integer)) => {
            let number = text.trim().parse::<i64>();
            number.map_or(Value::String(text), Value::from)
        }
        (Value::String(text), Some(Shape::Flag)) => {
            match text.trim().to_ascii_lowercase().as_str() {
                "true" => true.into(),
                "false" => false.into(),
                _ => Value::String(text),
            }
        }
        (Value::Number(number), Some(Shape::Integer)) => match number.as_f64() {
            Some(whole) if number.is_f64() && whole.fract() == 0.0 && whole.abs() < 9e15 => {
                (whole as i64).into()
            }
            _ => Value::Number(number),
        },
        (value, shape) => shape::literal(value, shape),
    }
}

fn is_default(key: &str, value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        _ => return false,
    };
    DEFAULTS.contains(&(key, text.as_str()))
}

/// Whether two values at a place say the same; nothing is the same as something empty.
pub(crate) fn same(left: Option<&Value>, right: Option<&Value>, shape: Option<Shape>) -> bool {
    if left == right {
        return true;
    }
    let form = |value: Option<&Value>| {
        // As a field, so that an empty one counts as none.
        let field = value.map(|it| Value::Object(Map::from_iter([("".to_owned(), it.clone())])));
        let trimmed = field.map(|it| trimmed(&it));
        let value = trimmed.and_then(|it| it.get("").cloned());
        value
            .map(|it| plain(it, shape))
            .filter(|it| !matches!(it, Value::Object(fields) if fields.is_empty()))
    };
    form(left) == form(right)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::canonical;
    use crate::shape::ROOT;

    #[track_caller]
    fn check(container: &Value, expected: &Value) {
        let of = |it: &Value| json!({ "deployment": { "template": { "containers": [it] } } });
        assert_eq!(canonical(&of(container), Some(ROOT)), of(expected));
    }

    #[test]
    fn defaults_and_forms_make_no_difference() {
        check(
            &json!({ "name": "a", "privileged": false, "npu_type": "", "version": "", "args": [], "envs": null }),
            &json!({ "name": "a" }),
        );
        check(
            &json!({ "liveness_probe": { "http_get": { "path": "/", "port": "80", "scheme": "http" }, "timeout_seconds": 1 } }),
            &json!({ "liveness_probe": { "http_get": { "path": "/", "port": 80 } } }),
        );
        check(
            &json!({ "envs": [{ "name": "A", "value": "" }], "volumes": [{ "type": "emptyDir", "source": "userdefined" }] }),
            &json!({ "envs": [{ "name": "A", "value": "" }], "volumes": [{ "type": "emptyDir", "source": "userdefined" }] }),
        );
        check(
            &json!({ "x": { "privileged": false } }),
            &json!({ "x": { "privileged": false } }),
        );
    }
}
