//! Where values stand in calls, and how one is put there.

use ief_api::operation::{Call, OperationSpec, ParameterKind};
use ief_api::wire::Shape;
use serde_json::{Value, json};

/// How deep a type that holds itself is followed.
const DEEPEST: usize = 12;

/// The key of a dictionary that has none yet.
const KEY: &str = "key1";

/// A step towards a value in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Field(&'static str),
    /// To the first entry of a list.
    Entry,
    /// To the first value of a dictionary.
    Key,
}

/// Where a value stands in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Body(Vec<Step>),
    Query(&'static str),
    Path(&'static str),
}

/// Every place of an operation's calls, with what stands there.
pub(crate) fn places(spec: &OperationSpec) -> Vec<(Place, Shape)> {
    let mut found = Vec::new();
    for name in spec.path_parameters {
        found.push((Place::Path(name), Shape::Text));
    }
    for parameter in spec.query_parameters {
        let shape = match parameter.kind {
            ParameterKind::Text => Shape::Text,
            ParameterKind::Integer => Shape::Integer,
        };
        found.push((Place::Query(parameter.name), shape));
    }
    if let Some(shape) = spec.body {
        walk(shape, &mut Vec::new(), &mut found);
        // Secrets stand in fields that no type knows.
        for path in spec.secret_in_request {
            found.extend(secret(shape, path));
        }
    }
    found
}

fn walk(shape: Shape, steps: &mut Vec<Step>, found: &mut Vec<(Place, Shape)>) {
    if steps.len() > DEEPEST {
        return;
    }
    if !steps.is_empty() {
        found.push((Place::Body(steps.clone()), shape));
    }
    let mut below = |step: Step, shape: Shape| {
        steps.push(step);
        walk(shape, steps, found);
        steps.pop();
    };
    match shape {
        Shape::Record(fields) => {
            for field in fields() {
                below(Step::Field(field.name), (field.shape)());
            }
        }
        Shape::List(of) => below(Step::Entry, of()),
        Shape::Map(of) => below(Step::Key, of()),
        _ => {}
    }
}

/// The places of a secret: a text, or a dictionary of texts and a text in it.
fn secret(shape: Shape, path: &'static str) -> Vec<(Place, Shape)> {
    let mut steps = Vec::new();
    let mut here = Some(shape);
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        let (step, next) = match (here, name) {
            (_, "{}") => return Vec::new(),
            (Some(Shape::List(of)), "*") => (Step::Entry, Some(of())),
            (Some(Shape::Map(of)), "*") => (Step::Key, Some(of())),
            (Some(Shape::Record(fields)), name) => {
                let field = fields().iter().find(|field| field.name == name);
                (Step::Field(name), field.map(|field| (field.shape)()))
            }
            (_, "*") if names.peek().is_none() => {
                let dictionary = (Place::Body(steps.clone()), Shape::Map(|| Shape::Text));
                steps.push(Step::Key);
                return vec![dictionary, (Place::Body(steps), Shape::Text)];
            }
            _ => return Vec::new(),
        };
        steps.push(step);
        here = next;
    }
    match here {
        None => vec![(Place::Body(steps), Shape::Text)],
        Some(_) => Vec::new(),
    }
}

/// Puts a value there and says how the rules name the place.
pub(crate) fn put(call: &mut Call, place: &Place, value: Value) -> String {
    match place {
        Place::Path(name) => {
            call.path.insert((*name).to_owned(), plain(&value));
            (*name).to_owned()
        }
        Place::Query(name) => {
            call.query.retain(|(other, _)| other != name);
            call.query.push(((*name).to_owned(), plain(&value)));
            (*name).to_owned()
        }
        Place::Body(steps) => {
            let mut here = call.body.get_or_insert_with(|| json!({}));
            let mut names = Vec::new();
            for step in steps {
                let (name, next) = into(here, *step);
                names.push(name);
                here = next;
            }
            *here = value;
            names.join(".")
        }
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn into(here: &mut Value, step: Step) -> (String, &mut Value) {
    let name = match (step, &*here) {
        (Step::Field(name), _) => name.to_owned(),
        (Step::Entry, _) => "0".to_owned(),
        (Step::Key, Value::Object(object)) => {
            let first = object.keys().next();
            first.map_or(KEY, String::as_str).to_owned()
        }
        (Step::Key, _) => KEY.to_owned(),
    };
    let next = enter(here, &name, step == Step::Entry);
    (name, next)
}

/// What stands under a name, made if it isn't there.
fn enter<'a>(here: &'a mut Value, name: &str, entry: bool) -> &'a mut Value {
    if entry {
        if here.as_array().is_none_or(Vec::is_empty) {
            *here = json!([null]);
        }
        return &mut here[0];
    }
    if !here.is_object() {
        *here = json!({});
    }
    &mut here[name]
}

/// Puts a value where the rules name a place. False where that can't be.
pub(crate) fn put_at(body: &mut Value, path: &str, value: Value) -> bool {
    let mut here = body;
    for name in path.split('.') {
        here = match (name.parse::<usize>(), &mut *here) {
            (Ok(index), Value::Array(rows)) => match rows.get_mut(index) {
                Some(row) => row,
                None => return false,
            },
            (_, Value::Array(_) | Value::String(_)) => return false,
            (_, here) => enter(here, name, false),
        };
    }
    *here = value;
    true
}

/// Everything that stands in a body, as the rules name it.
pub(crate) fn standing(value: &Value, here: &str, found: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(rows) => {
            let rows = rows.iter().enumerate();
            rows.map(|(at, it)| (at.to_string(), it)).collect()
        }
        _ => Vec::new(),
    };
    for (name, value) in below {
        let there = if here.is_empty() {
            name
        } else {
            format!("{here}.{name}")
        };
        standing(value, &there, found);
        found.push(there);
    }
}
