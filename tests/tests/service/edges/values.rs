//! Values at the edges of rules: the last that passes, and the first that doesn't.

use ief_api::rules::{Characters, Limit, Problem, Rule};
use ief_api::wire::Shape;
use serde_json::{Map, Value, json};

/// More characters than most rules allow.
const MANY_CHARACTERS: usize = 70_000;

/// More characters than any rule allows.
const MOST_CHARACTERS: usize = 1_100_000;

/// More entries than any rule allows.
const MANY_ENTRIES: usize = 100;

/// A key of dictionaries whose length is limited as a whole: with it, the longest value is Base64 too.
const KEY: &str = "k123";

/// A value, and whether it passes.
pub(crate) type Edge = (Value, bool);

/// Values that break whatever rule there may be.
pub(crate) fn probes(shape: Shape, like: Option<&Value>) -> Vec<Value> {
    let junk = "\u{7f}".repeat(MANY_CHARACTERS);
    match shape {
        Shape::Text | Shape::Choice(_) => vec![json!(junk)],
        Shape::Any => vec![json!(junk)],
        Shape::Integer | Shape::Number => vec![json!(i64::MAX), json!(i64::MIN)],
        Shape::Flag | Shape::Record(_) => Vec::new(),
        Shape::List(of) => {
            let like = like.cloned().unwrap_or_else(|| empty(of()));
            vec![many(&like, MANY_ENTRIES), json!([junk])]
        }
        Shape::Map(of) => {
            let like = like.cloned().unwrap_or_else(|| empty(of()));
            vec![json!({junk: like}), entries(MANY_ENTRIES, &like)]
        }
    }
}

/// The least that can stand in a list or dictionary.
fn empty(of: Shape) -> Value {
    match of {
        Shape::Record(_) | Shape::Map(_) => json!({}),
        Shape::List(_) => json!([]),
        _ => json!("x"),
    }
}

/// The same for rules that allow very much.
pub(crate) fn long_probes(shape: Shape) -> Vec<Value> {
    match shape {
        Shape::Text | Shape::Any => vec![json!("x".repeat(MOST_CHARACTERS))],
        Shape::Map(of) if matches!(of(), Shape::Text) => vec![dictionary(0, MOST_CHARACTERS)],
        _ => Vec::new(),
    }
}

/// Many entries like one that stands there.
fn many(entry: &Value, count: usize) -> Value {
    let rows = (0..count).map(|index| numbered(entry, index));
    rows.collect()
}

/// An entry that is another than its neighbours: so are its texts, unless they are among few choices.
fn numbered(entry: &Value, index: usize) -> Value {
    match entry {
        Value::String(text) => json!(format!("{text}{index}")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let names = ["name", "key", "id", "node_id", "device_id"];
                let value = match names.contains(&name.as_str()) && value.is_string() {
                    true => numbered(value, index),
                    false => value.clone(),
                };
                (name.clone(), value)
            });
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

fn entries(count: usize, like: &Value) -> Value {
    let entries = (0..count).map(|index| (format!("k{index}"), like.clone()));
    Value::Object(entries.collect::<Map<_, _>>())
}

/// A dictionary of one value, with so many characters more in the key.
fn dictionary(more: usize, characters: usize) -> Value {
    json!({format!("{KEY}{}", "4".repeat(more)): "x".repeat(characters)})
}

/// The edges of a rule for a value of this shape. `like` is what stands in a list or dictionary otherwise.
pub(crate) fn edges(
    rule: &Rule,
    shape: Shape,
    problem: &Problem,
    like: Option<&Value>,
) -> Vec<Edge> {
    match (rule.limit, shape) {
        (Limit::Text { max, .. }, Shape::Map(_)) => match problem {
            // The length of a dictionary as a whole: what is not its value is as long here as there.
            Problem::TooLong { length, .. } if *length > MOST_CHARACTERS => {
                let rest = length - MOST_CHARACTERS;
                vec![
                    (dictionary(0, max - rest), true),
                    (dictionary(1, max - rest), false),
                ]
            }
            _ => keys(rule, like),
        },
        // The length of all entries together: so is that of the only one.
        (_, Shape::List(of)) if !matches!(rule.limit, Limit::Count { .. }) => {
            let entries = edges(rule, of(), problem, None).into_iter();
            entries.map(|(entry, ok)| (json!([entry]), ok)).collect()
        }
        (Limit::Text { .. }, _) => texts(rule)
            .into_iter()
            .map(|(it, ok)| (json!(it), ok))
            .collect(),
        (Limit::Integer { min, max }, _) => {
            // A list's own limits stand in the problem.
            let (min, max) = match problem {
                Problem::OutOfRange { min, max } => (*min, *max),
                _ => (min, max),
            };
            let mut edges = vec![(number(shape, min), true), (number(shape, max), true)];
            edges.extend(min.checked_sub(1).map(|it| (number(shape, it), false)));
            edges.extend(max.checked_add(1).map(|it| (number(shape, it), false)));
            if matches!(shape, Shape::Text) {
                edges.push((json!("1.5"), false));
            }
            edges
        }
        (Limit::Decimal { min, max }, _) => {
            let of = |text: &str, by: f64| {
                let number = text.parse::<f64>().unwrap_or_default() + by;
                match shape {
                    Shape::Text => json!(number.to_string()),
                    _ => json!(number),
                }
            };
            vec![
                (of(min, 0.0), true),
                (of(max, 0.0), true),
                (of(min, -0.001), false),
                (of(max, 0.001), false),
            ]
        }
        (Limit::Number, _) => vec![(json!("1.5"), true), (json!("1,5"), false)],
        (Limit::Ipv4, _) => vec![
            (json!("255.255.255.255"), true),
            (json!("255.255.255.256"), false),
        ],
        (Limit::Base64, _) => vec![(json!("QUI="), true), (json!("QUI"), false)],
        (Limit::OneOf(choices), _) => {
            let mut edges: Vec<Edge> = choices.iter().map(|it| (json!(it), true)).collect();
            edges.push((json!("unheardof"), false));
            edges
        }
        (Limit::Count { max }, Shape::Map(of)) => {
            let like = like.cloned().unwrap_or_else(|| empty(of()));
            vec![
                (entries(max, &like), true),
                (entries(max + 1, &like), false),
            ]
        }
        (Limit::Count { max }, Shape::List(of)) => {
            let like = like.cloned().unwrap_or_else(|| empty(of()));
            vec![(many(&like, max), true), (many(&like, max + 1), false)]
        }
        // What must be empty.
        (Limit::Count { .. }, _) => vec![(json!(""), true), (json!("x"), false)],
    }
}

fn number(shape: Shape, number: i64) -> Value {
    match shape {
        Shape::Text => json!(number.to_string()),
        _ => json!(number),
    }
}

/// Dictionaries with the keys that a rule allows or not.
fn keys(rule: &Rule, like: Option<&Value>) -> Vec<Edge> {
    let value = like.cloned().unwrap_or_else(|| json!({}));
    let keys = texts(rule).into_iter();
    keys.map(|(key, ok)| (json!({key: value.clone()}), ok))
        .collect()
}

/// The longest and the shortest text, one character more and less, and each kind of wrong character.
fn texts(rule: &Rule) -> Vec<(String, bool)> {
    let Limit::Text {
        min,
        max,
        characters,
        first,
        last,
    } = rule.limit
    else {
        return Vec::new();
    };
    let fits = |c: &char| characters.contains(*c) && last.contains(*c);
    let begin = "/a0"
        .chars()
        .find(|c| characters.contains(*c) && first.contains(*c));
    let begin = begin.expect("every first set has a letter or a slash");
    let more = "a0/"
        .chars()
        .find(fits)
        .expect("every set has a letter or a digit");
    let text = |length: usize| match length {
        0 => String::new(),
        length => format!("{begin}{}", more.to_string().repeat(length - 1)),
    };
    let mut texts = vec![(text(max), true), (text(max + 1), false)];
    if min > 1 {
        texts.extend([(text(min), true), (text(min - 1), false)]);
    }
    let strange = |set: Characters| "\u{7f} ^-._".chars().find(|c| !set.contains(*c));
    if let Some(strange) = strange(characters) {
        texts.push((format!("{}{strange}{more}", text(min.max(2))), false));
    }
    let allowed = |c: &char| characters.contains(*c);
    if let Some(c) = ('!'..='~').filter(allowed).find(|c| !first.contains(*c)) {
        texts.push((format!("{c}{}", text(min.max(2))), false));
    }
    if let Some(c) = ('!'..='~').filter(allowed).find(|c| !last.contains(*c)) {
        texts.push((format!("{}{c}", text(min.max(2))), false));
    }
    texts
}

/// A text that a rule allows, for what is missing.
pub(crate) fn valid(rule: &Rule) -> Option<Value> {
    match rule.limit {
        Limit::Text { min, .. } => {
            let longest = texts(rule).into_iter().next();
            longest.map(|(text, _)| json!(text.chars().take(min.max(4)).collect::<String>()))
        }
        Limit::OneOf(choices) => choices.first().map(|it| json!(it)),
        Limit::Integer { min, max } if max < i64::MAX => Some(json!(min.max(1))),
        Limit::Ipv4 => Some(json!("10.0.0.1")),
        Limit::Base64 => Some(json!("QUI=")),
        Limit::Number | Limit::Decimal { .. } => Some(json!("100")),
        Limit::Integer { .. } | Limit::Count { .. } => None,
    }
}
