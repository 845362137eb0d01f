//! Finds where the rules are.

use std::collections::BTreeMap;
use std::path::Path;

use ief_api::operation::{Call, OperationSpec};
use ief_api::rules::{self, Limit, Problem, Rule, Violation};
use ief_api::wire::Shape;
use serde_json::{Value, json};

use super::mend::mend;
use super::places::{Place, Step, places, put, put_at, standing};
use super::{Case, values, violations};

/// The cases by place and rule.
pub(super) type Found = BTreeMap<(String, &'static str), Vec<Case>>;

/// Every case of an operation.
pub(super) fn cases(spec: &'static OperationSpec) -> Found {
    let mut finder = Finder::default();
    let base = base(spec);
    let places = places(spec);
    for (place, shape) in &places {
        if let Shape::Record(_) = shape {
            let mut empty = base.clone();
            let path = put(&mut empty, place, json!({}));
            mend(&mut empty, &path);
            finder.lacking(&base, &empty);
            continue;
        }
        let found = finder.search(&base, place, *shape, values::probes);
        if !found || matches!(shape, Shape::Map(_)) {
            finder.search(&base, place, *shape, |shape, _| values::long_probes(shape));
        }
    }
    finder.take_away(&base);
    // What is asked for may depend on a choice or a flag beside it.
    for (place, shape) in &places {
        let Place::Body(steps) = place else { continue };
        let choices = match shape {
            Shape::Choice(choices) => choices().into_iter().map(Value::from).collect(),
            Shape::Flag => vec![json!(true), json!(false)],
            _ => continue,
        };
        let scope = &steps[..steps.len().saturating_sub(2).max(1)];
        for choice in choices {
            let mut varied = base.clone();
            let path = put(&mut varied, place, choice);
            finder.lacking(&base, &varied);
            mend(&mut varied, &path);
            finder.take_away(&varied);
            for (place, shape) in &places {
                if matches!(place, Place::Body(steps) if steps.starts_with(scope)) {
                    finder.search(&varied, place, *shape, values::probes);
                }
            }
        }
    }
    finder.found
}

/// A call as the reference has it.
fn base(spec: &OperationSpec) -> Call {
    let file = format!(
        "../crates/ief-api/tests/fixtures/{}.request.json",
        spec.name
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let body = std::fs::read_to_string(file).ok();
    let path = spec.path_parameters.iter().map(|name| {
        let value = match *name {
            "resource_type" => "ief-edge_node",
            _ => "7c9e2d40-15ab",
        };
        ((*name).to_owned(), value.to_owned())
    });
    let mut call = Call {
        operation: spec.name.to_owned(),
        path: path.collect(),
        query: Vec::new(),
        body: spec.body.map(|_| json!({})),
    };
    if let Some(body) = body {
        call.body = Some(serde_json::from_str(&body).unwrap());
    }
    mend(&mut call, "");
    assert_eq!(violations(&call), [], "{}", spec.name);
    call
}

#[derive(Default)]
struct Finder {
    found: Found,
}

impl Finder {
    /// Whether there is a rule at a place.
    fn search(
        &mut self,
        base: &Call,
        place: &Place,
        shape: Shape,
        probes: impl Fn(Shape, Option<&Value>) -> Vec<Value>,
    ) -> bool {
        let mut found = false;
        let like = entry(base, place, shape);
        for probe in probes(shape, like.as_ref()) {
            let mut call = base.clone();
            let path = put(&mut call, place, probe);
            mend(&mut call, &path);
            for violation in violations(&call) {
                let rule = rules::find(&violation.rule).unwrap();
                let inside = violation.path.strip_prefix(&path);
                let of_key = matches!((shape, rule.limit), (Shape::Map(_), Limit::Text { .. }))
                    && inside.is_some_and(|it| it.starts_with(".\u{7f}") && it.ends_with('\u{7f}'));
                if (inside == Some("") || of_key) && is_limit(&violation.problem) {
                    found = true;
                    let key = (format!("{place:?}"), rule.name);
                    let shown = self.found.get(&key);
                    if shown.is_some_and(|cases| cases.iter().all(Case::is_clean)) {
                        continue;
                    }
                    let edges = values::edges(rule, shape, &violation.problem, like.as_ref());
                    self.add(key, &call, place, rule, edges);
                }
            }
        }
        found
    }

    fn add(
        &mut self,
        key: (String, &'static str),
        call: &Call,
        place: &Place,
        rule: &'static Rule,
        edges: Vec<values::Edge>,
    ) {
        let cases = edges.into_iter().map(|(value, passes)| {
            let mut call = call.clone();
            let mut path = put(&mut call, place, value.clone());
            mend(&mut call, &path);
            if let Some(begun) = passes.then(|| begun(&call, &path, &value)).flatten() {
                path = put(&mut call, place, begun);
            }
            Case {
                call,
                path,
                rule,
                passes,
            }
        });
        let cases = cases.collect();
        self.keep(key, cases);
    }

    /// Keeps the cases in which least is wrong beside what is looked at.
    fn keep(&mut self, key: (String, &'static str), cases: Vec<Case>) {
        let clean = |cases: &[Case]| cases.iter().filter(|case| case.is_clean()).count();
        match self.found.get(&key) {
            Some(present) if clean(present) >= clean(&cases) => {}
            _ => {
                self.found.insert(key, cases);
            }
        }
    }

    /// Notes what a call lacks that a valid one doesn't.
    fn lacking(&mut self, valid: &Call, call: &Call) {
        let violations = violations(call).into_iter();
        for violation in violations.filter(|it| it.problem == Problem::Missing) {
            self.keep_missing(valid, call, &violation);
        }
    }

    fn keep_missing(&mut self, valid: &Call, call: &Call, violation: &Violation) {
        let rule = rules::find(&violation.rule).unwrap();
        let cases = [(valid, true), (call, false)].map(|(call, passes)| Case {
            call: call.clone(),
            path: violation.path.clone(),
            rule,
            passes,
        });
        self.keep(
            (format!("without {}", violation.path), rule.name),
            cases.into(),
        );
    }

    /// Takes away whatever is there, and notes what must not be missing.
    fn take_away(&mut self, base: &Call) {
        let Some(body) = base.body.as_ref().filter(|_| violations(base).is_empty()) else {
            return;
        };
        let mut paths = Vec::new();
        standing(body, "", &mut paths);
        for path in paths {
            let mut call = base.clone();
            put_at(call.body.get_or_insert_default(), &path, json!(null));
            let missing = violations(&call).into_iter().find(|it| {
                let around = format!("{path}.").starts_with(&format!("{}.", it.path));
                around && it.problem == Problem::Missing
            });
            if let Some(violation) = missing {
                self.keep_missing(base, &call, &violation);
            }
        }
    }
}

fn is_limit(problem: &Problem) -> bool {
    !matches!(
        problem,
        Problem::Missing | Problem::Duplicate { .. } | Problem::Contradicts { .. }
    )
}

/// What stands in a list or a dictionary, to make more of it.
fn entry(call: &Call, place: &Place, shape: Shape) -> Option<Value> {
    let Place::Body(steps) = place else {
        return None;
    };
    let step = match shape {
        Shape::List(_) => Step::Entry,
        Shape::Map(_) => Step::Key,
        _ => return None,
    };
    let inside = Place::Body([steps.as_slice(), &[step]].concat());
    let path = put(&mut call.clone(), &inside, json!(null));
    let pointer = format!("/{}", path.replace('.', "/"));
    let found = call.body.as_ref()?.pointer(&pointer).cloned();
    found.filter(|found| !found.is_null())
}

/// The same text with the beginning that a rule asks for where texts may only begin in a few ways.
fn begun(call: &Call, path: &str, value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let found = violations(call).into_iter().find(|it| it.path == path)?;
    let Problem::NotOneOf { choices } = found.problem else {
        return None;
    };
    let begin = choices.iter().find_map(|it| it.strip_suffix('…'))?;
    Some(json!(format!("{begin}{}", text.get(begin.len()..)?)))
}
