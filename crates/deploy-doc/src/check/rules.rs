//! The documented rules, asked of the model, and what the model would not take up.

use ief_api::rules::{Check, Problem, Rule, Violations, find};
use ief_api::wire::Shape;
use serde_json::{Map, Value};

use super::{Findings, Matter};
use crate::document::{Document, text_in};
use crate::edit::Edit;
use crate::path::{Path, Step};
use crate::shape;

pub(super) fn check(document: &Document, findings: &mut Findings) {
    shapes(document.value(), shape::ROOT, &Path::root(), findings);
    let mut violations = Violations::default();
    match document.origin() {
        None => document.typed().check(&mut violations),
        Some(_) => document.typed_update().check(&mut violations),
    }
    for violation in violations.into_vec() {
        let path = place(document, &violation.path, &violation.problem);
        let (rule, problem) = (violation.rule, violation.problem);
        findings.error(path, Matter::Rule { rule, problem });
    }
}

/// The documented rule of a place, found by asking the rules about values that hardly any of them takes. The rest of
/// the document counts: what a volume's source may be depends on its type.
#[must_use]
pub fn rule_at(document: &Document, path: &Path) -> Option<&'static Rule> {
    let long = "\u{1}".repeat(70_000);
    let many = |entry: Value| Value::from(vec![entry; 1_000]);
    let wrong = [
        i64::MAX.into(),
        i64::MIN.into(),
        many("a".into()),
        long.into(),
        "".into(),
        many(Value::Object(Map::new())),
    ];
    wrong.into_iter().find_map(|value| {
        let mut asked = document.as_new();
        let edit = Edit::Set {
            path: path.clone(),
            value,
        };
        asked.edit(edit).ok()?;
        let mut violations = Violations::default();
        asked.typed().check(&mut violations);
        let mut found = violations.into_vec().into_iter();
        let violation = found.find(|it| Path::from_dotted(&it.path) == *path)?;
        find(&violation.rule)
    })
}

/// The place of a violation. What stands twice is told of its list; it is shown at the second one.
fn place(document: &Document, dotted: &str, problem: &Problem) -> Path {
    let path = Path::from_dotted(dotted);
    let Problem::Duplicate { value } = problem else {
        return path;
    };
    let lists = match path.last_key() {
        // Names of containers are unique in both lists together.
        Some("containers") => {
            let init = path.parent().map(|it| it.then("init_containers"));
            [init, Some(path.clone())]
        }
        _ => [None, Some(path.clone())],
    };
    let entries = lists.into_iter().flatten().flat_map(|list| {
        let entries = document.list(&list).iter().enumerate();
        entries.map(move |(index, entry)| (list.then(index), entry))
    });
    let mut same = entries.filter_map(|(path, entry)| {
        let field = ["name", "key"].into_iter();
        let mut field = field.filter(|it| text_in(entry, it).as_ref() == Some(value));
        Some(path.then(field.next()?))
    });
    same.nth(1).unwrap_or(path)
}

/// Values of another kind than the model has, and fields that it doesn't know.
fn shapes(value: &Value, shape: Shape, path: &Path, findings: &mut Findings) {
    if let Some(expected) = expected(value, shape) {
        let expected = expected.to_owned();
        findings.error(path.clone(), Matter::WrongKind { expected });
        return;
    }
    match (value, shape) {
        (Value::Object(fields), Shape::Record(known)) => {
            for (key, value) in fields {
                let step = Step::Key(key.clone());
                match shape::inside(shape, &step) {
                    Some(inner) => shapes(value, inner, &path.then(step), findings),
                    None => {
                        let names = known().iter().map(|it| it.name);
                        let nearest = nearest(key, names).map(str::to_owned);
                        findings.hint(path.then(step), Matter::UnknownField { nearest });
                    }
                }
            }
        }
        (Value::Object(fields), Shape::Map(of)) => {
            for (key, value) in fields {
                shapes(value, of(), &path.then(key.as_str()), findings);
            }
        }
        (Value::Array(entries), Shape::List(of)) => {
            for (index, entry) in entries.iter().enumerate() {
                shapes(entry, of(), &path.then(index), findings);
            }
        }
        _ => {}
    }
}

/// What should stand there instead, if the model can't take the value. Nothing is always taken, and so is one form
/// of a plain value for another where it says the same.
fn expected(value: &Value, shape: Shape) -> Option<&'static str> {
    let wrong = |is_right: bool, name: &'static str| (!is_right).then_some(name);
    match (shape, value) {
        (_, Value::Null) | (Shape::Any, _) => None,
        (Shape::Text | Shape::Choice(_), value) => {
            wrong(!value.is_object() && !value.is_array(), "text")
        }
        (Shape::Integer, Value::Number(number)) => {
            let whole = number.as_f64().is_some_and(|it| it.fract() == 0.0);
            wrong(whole && (number.is_i64() || !number.is_u64()), "integer")
        }
        (Shape::Integer, Value::String(text)) => wrong(
            text.is_empty() || text.trim().parse::<i64>().is_ok(),
            "integer",
        ),
        (Shape::Integer, _) => Some("integer"),
        (Shape::Number, Value::Number(_)) => None,
        (Shape::Number, Value::String(text)) => wrong(
            text.is_empty() || text.trim().parse::<f64>().is_ok(),
            "number",
        ),
        (Shape::Number, _) => Some("number"),
        (Shape::Flag, Value::Bool(_)) => None,
        (Shape::Flag, Value::String(text)) => {
            let is_flag = matches!(
                text.trim().to_ascii_lowercase().as_str(),
                "" | "true" | "false"
            );
            wrong(is_flag, "flag")
        }
        (Shape::Flag, _) => Some("flag"),
        (Shape::List(_), value) => wrong(value.is_array(), "list"),
        // A probe's command may stand for the object it is in.
        (Shape::Record(fields), Value::String(_)) if matches!(fields(), [only] if only.name == "command") => {
            None
        }
        (Shape::Map(_) | Shape::Record(_), value) => wrong(value.is_object(), "object"),
    }
}

/// The name that differs in the fewest letters, if these are few.
fn nearest<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let own = plain(key);
    let distances = names.map(|name| (distance(&own, &plain(name)), name));
    let (distance, name) = distances.min()?;
    (distance <= own.chars().count() / 3).then_some(name)
}

/// How many letters have to be changed, added or taken away to make one text of another.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, character) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in right.iter().enumerate() {
            let change = diagonal + usize::from(character != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn misspelt_fields_are_recognised() {
        let names = || ["image_url", "envs", "ports", "volumes", "privileged"].into_iter();
        for (key, expected) in [
            ("imageUrl", Some("image_url")),
            ("env", Some("envs")),
            ("port", Some("ports")),
            ("privilegd", Some("privileged")),
            ("x", None),
            ("labels", None),
        ] {
            assert_eq!(nearest(key, names()), expected, "{key}");
        }
    }
}
