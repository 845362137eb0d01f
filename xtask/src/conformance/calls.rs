//! The calls whose requests are compared with the SDK's: made from the declarations and from the fixtures.

use anyhow::{Context, Result, ensure};
use ief_api::catalogue::OPERATIONS;
use ief_api::operation::{Call, Effect, OperationSpec, ParameterKind, Service};
use ief_api::wire::Shape;
use serde_json::{Map, Value, json};

use crate::tools;

/// How often a type may stand in itself: its own kind inside shows as much as a longer chain.
const DEEPEST: usize = 12;

/// The only key of dictionaries.
const KEY: &str = "any_key";

/// Every call, one JSON object a line: which variant of its operation it is, the instance, the call.
///
/// # Errors
/// When a fixture can't be read.
pub(super) fn lines() -> Result<String> {
    let mut lines = String::new();
    for spec in OPERATIONS {
        if spec.service != Service::Ief {
            continue;
        }
        let mut add = |variant: &str, instance: Option<&str>, query, body| {
            let call = call(spec, query, body);
            let line = json!({"variant": variant, "instance_id": instance, "call": call});
            lines.push_str(&line.to_string());
            lines.push('\n');
        };
        add("nothing", None, Vec::new(), spec.body.map(nothing));
        let full = spec.body.map(|shape| everything(shape, "", 0));
        if spec.effect == Effect::Update {
            let emptied = full.as_ref().map(emptied);
            add("emptied", None, Vec::new(), emptied);
        }
        add("everything", Some("instance-1"), query(spec), full);
        if let Some(body) = fixture(spec)? {
            add("fixture", None, Vec::new(), Some(body));
        }
    }
    Ok(lines)
}

fn call(spec: &OperationSpec, query: Vec<(String, String)>, body: Option<Value>) -> Call {
    Call {
        operation: spec.name.to_owned(),
        // What has to be encoded shows whether both encode it alike.
        path: spec
            .path_parameters
            .iter()
            .map(|name| ((*name).to_owned(), format!("{name} ü/1")))
            .collect(),
        query,
        body,
    }
}

fn query(spec: &OperationSpec) -> Vec<(String, String)> {
    let parameters = spec.query_parameters.iter().map(|parameter| {
        let value = match parameter.kind {
            ParameterKind::Text => format!("{} ü&=+:,~*", parameter.name),
            ParameterKind::Integer => "7".to_owned(),
        };
        (parameter.name.to_owned(), value)
    });
    parameters.collect()
}

/// A body without any optional field: the envelope, if there is one.
fn nothing(shape: Shape) -> Value {
    let Shape::Record(fields) = shape else {
        return json!({});
    };
    let envelopes = fields()
        .iter()
        .filter(|field| matches!((field.shape)(), Shape::Record(_)));
    Value::Object(
        envelopes
            .map(|field| (field.name.to_owned(), json!({})))
            .collect(),
    )
}

/// A body that takes everything away that can be: texts, lists and dictionaries are empty.
fn emptied(body: &Value) -> Value {
    match body {
        Value::String(_) => json!(""),
        Value::Array(_) => json!([]),
        Value::Object(fields) if fields.contains_key(KEY) => json!({}),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), emptied(value)))
            .collect(),
        other => other.clone(),
    }
}

/// A body with every field, each with another value.
fn everything(shape: Shape, place: &str, depth: usize) -> Value {
    let below = |of: fn() -> Shape, name: &str| everything(of(), name, depth + 1);
    match shape {
        Shape::Text | Shape::Any => json!(format!("{place} ü")),
        Shape::Choice(values) => json!(values().first()),
        Shape::Integer => json!(depth + place.len()),
        Shape::Number => json!(1.5),
        Shape::Flag => json!(true),
        Shape::List(_) | Shape::Map(_) | Shape::Record(_) if depth > DEEPEST => json!(null),
        Shape::List(of) => json!([below(of, place)]),
        Shape::Map(of) => json!({KEY: below(of, place)}),
        Shape::Record(fields) => {
            let fields = fields()
                .iter()
                .map(|field| (field.name.to_owned(), below(field.shape, field.name)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

fn fixture(spec: &OperationSpec) -> Result<Option<Value>> {
    let file = tools::root()
        .join("crates/ief-api/tests/fixtures")
        .join(format!("{}.request.json", spec.name));
    if !file.exists() {
        // Whatever has a body has one written down: without it less is compared than it seems.
        ensure!(!spec.has_body(), "{} is missing", file.display());
        return Ok(None);
    }
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{} can't be read", file.display()))?;
    let body =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use ief_api::catalogue::OPERATIONS;
    use ief_api::operation::Service;

    use super::lines;

    #[test]
    fn every_operation_is_called_with_everything_and_with_nothing() {
        let lines = lines().unwrap();
        for spec in OPERATIONS
            .iter()
            .filter(|spec| spec.service == Service::Ief)
        {
            let name = format!(r#""operation":"{}""#, spec.name);
            for variant in ["nothing", "everything"] {
                let variant = format!(r#""variant":"{variant}""#);
                let found = lines
                    .lines()
                    .filter(|it| it.contains(&name) && it.contains(&variant));
                assert_eq!(found.count(), 1, "{}", spec.name);
            }
        }
    }
}
