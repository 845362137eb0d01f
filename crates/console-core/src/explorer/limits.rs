//! The limits of a body's fields, found by asking the rules themselves: each field is given what no rule allows,
//! and whichever is broken at its place is its rule.

use std::collections::BTreeMap;

use console_ipc::explorer::{FieldLimit, Shape};
use ief_api::operation::{Call, OperationSpec};
use ief_api::rules::{Problem, Violation};
use serde_json::{Map, Value, json};

use crate::calls::check;

/// More characters than any field may have that has a limit at all.
const MANY_CHARACTERS: usize = 1 << 17;

/// More entries than any list or dictionary may have that has a limit at all.
const MANY_ENTRIES: usize = 2_000;

/// A step towards a field.
#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    /// Into the only entry of a list.
    Entry,
    /// To the only value of a dictionary.
    Value,
}

/// The key of a dictionary's only value.
const KEY: &str = "key";

/// The limits of all fields of an operation's body, each with its place.
pub(super) fn of(spec: &OperationSpec, body: &Shape) -> Vec<FieldLimit> {
    let mut found = BTreeMap::new();
    walk(spec, body, &mut Vec::new(), &mut found);
    found
        .into_iter()
        .map(|(path, (rule, required))| FieldLimit {
            path,
            rule,
            required,
        })
        .collect()
}

fn walk<'a>(
    spec: &OperationSpec,
    shape: &'a Shape,
    steps: &mut Vec<Step<'a>>,
    found: &mut BTreeMap<String, (String, bool)>,
) {
    for probe in probes(shape) {
        let broken = broken(spec, steps, probe);
        let here = place(steps, false);
        for violation in broken {
            // What is missing in it is told with it; what is wrong elsewhere is not its business.
            let inside = violation
                .path
                .strip_prefix(&here)
                .map(|rest| rest.trim_start_matches('.'));
            let (at, required) = match (inside, &violation.problem) {
                (Some(""), problem) => (place(steps, true), *problem == Problem::Missing),
                (Some(name), Problem::Missing) if !name.contains('.') => {
                    (joined(&place(steps, true), name), true)
                }
                _ => continue,
            };
            let entry = found.entry(at).or_insert((violation.rule, false));
            entry.1 |= required;
        }
    }
    let mut into = |step: Step<'a>, shape: &'a Shape| {
        steps.push(step);
        walk(spec, shape, steps, found);
        steps.pop();
    };
    match shape {
        Shape::Record { fields } => {
            for field in fields {
                into(Step::Field(&field.name), &field.holds);
            }
        }
        Shape::List { of } => into(Step::Entry, of),
        Shape::Map { of } => into(Step::Value, of),
        _ => {}
    }
}

/// Values that break whatever rule there may be.
fn probes(shape: &Shape) -> Vec<Value> {
    let empty = |of: &Shape| match of {
        Shape::Record { .. } | Shape::Map { .. } => json!({}),
        Shape::List { .. } => json!([]),
        _ => json!(""),
    };
    match shape {
        Shape::Text | Shape::Choice { .. } => {
            vec![json!("x".repeat(MANY_CHARACTERS)), json!("\u{7f}")]
        }
        Shape::Integer | Shape::Number => vec![json!(i64::MAX), json!(i64::MIN)],
        Shape::Flag | Shape::Any => Vec::new(),
        Shape::Record { .. } => vec![json!({})],
        Shape::List { of } => vec![Value::Array(vec![empty(of); MANY_ENTRIES])],
        Shape::Map { of } => {
            let entries = (0..MANY_ENTRIES).map(|at| (format!("k{at}"), empty(of)));
            vec![Value::Object(entries.collect::<Map<_, _>>())]
        }
    }
}

/// What a body breaks that has nothing but this value at this place.
fn broken(spec: &OperationSpec, steps: &[Step<'_>], value: Value) -> Vec<Violation> {
    let body = steps.iter().rev().fold(value, |inner, step| match step {
        Step::Field(name) => json!({ *name: inner }),
        Step::Entry => json!([inner]),
        Step::Value => json!({ KEY: inner }),
    });
    let call = Call {
        operation: spec.name.to_owned(),
        path: spec
            .path_parameters
            .iter()
            .map(|name| ((*name).to_owned(), "0".to_owned()))
            .collect(),
        query: Vec::new(),
        body: Some(body),
    };
    check(&call).unwrap_or_default()
}

/// A place as the rules name it, or as a limit does: for any entry and any key.
fn place(steps: &[Step<'_>], any: bool) -> String {
    let names = steps.iter().map(|step| match step {
        Step::Field(name) => *name,
        _ if any => "*",
        Step::Entry => "0",
        Step::Value => KEY,
    });
    names.collect::<Vec<_>>().join(".")
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use console_ipc::explorer::FieldLimit;
    use ief_api::catalogue;

    use super::of;
    use crate::explorer::{DEEPEST, shape};

    #[track_caller]
    fn check(operation: &str, path: &str, rule: &str, required: bool) {
        let spec = catalogue::operation(operation).unwrap();
        let body = shape(spec.body.unwrap(), DEEPEST);
        let limits = of(spec, &body);
        let found = limits.iter().find(|limit| limit.path == path);
        let wanted = FieldLimit {
            path: path.to_owned(),
            rule: rule.to_owned(),
            required,
        };
        assert_eq!(found, Some(&wanted), "{limits:#?}");
    }

    #[test]
    fn a_field_has_the_rule_that_is_broken_there() {
        check("create_edge_node", "node.name", "node_name", true);
        check("create_edge_node", "node.description", "description", false);
        check("create_rule", "rule.source", "rule_source", true);
    }

    #[test]
    fn a_field_in_a_list_has_its_rule_for_any_entry() {
        check(
            "create_edge_node",
            "node.log_configs.*.size",
            "log_size",
            false,
        );
    }

    #[test]
    fn a_list_has_the_rule_of_its_length() {
        let spec = catalogue::operation("create_config_map").unwrap();
        let body = shape(spec.body.unwrap(), DEEPEST);
        assert!(!of(spec, &body).is_empty());
    }
}
