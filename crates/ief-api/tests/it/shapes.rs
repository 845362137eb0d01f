//! Every wire type, driven by its shape: whatever form its values come in, nothing that can be read is lost.

use ief_api::wire::{Nothing, Shape, Shaped};
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use serde_json::{Map, Value, json};

use crate::support::{Erased, call, operations};

/// Bodies tried of each type.
const CASES: u32 = 20;

/// How deep a type that holds itself is followed.
const DEEPEST: usize = 9;

/// A value as it may come, and as it must be written again. Null stands for what is absent.
#[derive(Debug, Clone)]
struct Came {
    sent: Value,
    kept: Value,
}

impl Came {
    fn same(value: Value) -> Self {
        Self {
            sent: value.clone(),
            kept: value,
        }
    }
}

fn as_kept(sent: impl Into<Value>, kept: impl Into<Value>) -> Came {
    Came {
        sent: sent.into(),
        kept: kept.into(),
    }
}

/// Every form in which a value of this shape may come, hopeless ones among them.
fn forms(shape: Shape, depth: usize) -> BoxedStrategy<Came> {
    let nothing =
        prop_oneof![Just(json!(null)), Just(json!([]))].prop_map(|junk| as_kept(junk, ()));
    if depth > DEEPEST {
        return nothing.boxed();
    }
    match shape {
        Shape::Text => prop_oneof![6 => text(), 1 => nothing, 1 => written_out()].boxed(),
        Shape::Integer => prop_oneof![8 => integer(), 1 => nothing, 1 => hopeless()].boxed(),
        Shape::Number => prop_oneof![8 => number(), 1 => nothing, 1 => hopeless()].boxed(),
        Shape::Flag => prop_oneof![8 => flag(), 1 => nothing, 1 => hopeless()].boxed(),
        Shape::Choice(values) => prop_oneof![8 => choice(values()), 1 => nothing].boxed(),
        Shape::Any => anything().prop_map(Came::same).boxed(),
        Shape::List(of) => list(of(), depth),
        Shape::Map(of) => map(of(), depth),
        Shape::Record(fields) => {
            let fields = fields().iter().map(|field| (field.name, (field.shape)()));
            prop_oneof![8 => record(fields.collect(), depth), 1 => nothing].boxed()
        }
    }
}

fn text() -> impl Strategy<Value = Came> {
    prop_oneof![
        4 => "\\PC{0,6}".prop_map(|text| Came::same(json!(text))),
        1 => any::<i64>().prop_map(|number| as_kept(number, number.to_string())),
        1 => (1_u64 << 63..).prop_map(|number| as_kept(number, number.to_string())),
        1 => any::<i32>().prop_map(|whole| {
            let number = f64::from(whole) + 0.125;
            as_kept(number, number.to_string())
        }),
        1 => any::<bool>().prop_map(|flag| as_kept(flag, flag.to_string())),
    ]
}

/// An object where text is documented is kept as text.
fn written_out() -> impl Strategy<Value = Came> {
    any::<i64>().prop_map(|number| {
        let object = json!({"inner": number});
        as_kept(object.clone(), object.to_string())
    })
}

/// What is no number and no flag.
fn hopeless() -> impl Strategy<Value = Came> {
    prop_oneof![
        Just(json!("")),
        Just(json!("NEVER_HEARD_OF")),
        Just(json!({})),
        Just(json!({"value": 7})),
    ]
    .prop_map(|junk| as_kept(junk, ()))
}

fn integer() -> impl Strategy<Value = Came> {
    prop_oneof![
        any::<i64>().prop_map(|number| Came::same(json!(number))),
        any::<i64>().prop_map(|number| as_kept(number.to_string(), number)),
        any::<i64>().prop_map(|number| as_kept(format!(" {number}\n"), number)),
        any::<i32>().prop_map(|number| as_kept(f64::from(number), number)),
        any::<i32>().prop_map(|number| as_kept(format!("{number}.0"), number)),
    ]
}

fn number() -> impl Strategy<Value = Came> {
    let odd = any::<i32>().prop_map(|whole| f64::from(whole) + 0.125);
    prop_oneof![
        any::<i32>().prop_map(|number| Came::same(json!(number))),
        odd.clone().prop_map(|number| Came::same(json!(number))),
        odd.prop_map(|number| as_kept(number.to_string(), number)),
        any::<i32>().prop_map(|number| as_kept(number.to_string(), number)),
    ]
}

fn flag() -> impl Strategy<Value = Came> {
    any::<(bool, u8)>().prop_map(|(flag, form)| match form % 4 {
        0 => as_kept(flag.to_string(), flag),
        1 => as_kept(i64::from(flag), flag),
        2 => as_kept(i64::from(flag).to_string(), flag),
        _ => Came::same(json!(flag)),
    })
}

fn choice(values: Vec<String>) -> impl Strategy<Value = Came> {
    prop_oneof![
        4 => proptest::sample::select(values).prop_map(|value| Came::same(json!(value))),
        2 => "[A-Z_]{1,12}".prop_map(|value| Came::same(json!(value))),
        1 => any::<i64>().prop_map(|number| as_kept(number, number.to_string())),
        1 => Just(as_kept("", ())),
    ]
}

/// Any JSON, which a field for anything and an unknown field keep as it is.
fn anything() -> BoxedStrategy<Value> {
    let plain = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    let nested = plain.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,4}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    nested.boxed()
}

/// Rows of which some are hopeless, which must not cost the others; or the only row without the list around it.
fn list(of: Shape, depth: usize) -> BoxedStrategy<Came> {
    let row = forms(of, depth + 1);
    // Lists in lists in lists would only make it slow.
    let most = if depth < 3 { 4 } else { 2 };
    let rows = proptest::collection::vec(row.clone(), 0..=most).prop_map(|rows| {
        let (sent, kept): (Vec<_>, Vec<_>) = rows.into_iter().map(|it| (it.sent, it.kept)).unzip();
        as_kept(sent, kept)
    });
    let absent = prop_oneof![Just(json!(null)), Just(json!(""))].prop_map(|it| as_kept(it, ()));
    match of {
        Shape::Record(_) => {
            let alone = row.prop_map(|row| match row.sent.is_object() {
                true => as_kept(row.sent, vec![row.kept]),
                false => as_kept((), ()),
            });
            prop_oneof![6 => rows, 1 => alone, 1 => absent].boxed()
        }
        _ => prop_oneof![6 => rows, 1 => absent].boxed(),
    }
}

fn map(of: Shape, depth: usize) -> BoxedStrategy<Came> {
    let value = match of {
        // Tags are a dictionary too, where a key without a value still is a tag.
        Shape::Text => text().boxed(),
        _ => forms(of, depth + 1),
    };
    let entries = proptest::collection::btree_map("[a-z]{1,2}[0-9]", value, 0..4);
    let entries = entries.prop_map(|entries| {
        let mut both = (Map::new(), Map::new());
        for (key, it) in entries {
            both.0.insert(key.clone(), it.sent);
            both.1.insert(key, it.kept);
        }
        as_kept(both.0, both.1)
    });
    let absent = prop_oneof![Just(json!(null)), Just(json!("")), Just(json!(7))];
    prop_oneof![6 => entries, 1 => absent.prop_map(|it| as_kept(it, ()))].boxed()
}

fn record(fields: Vec<(&'static str, Shape)>, depth: usize) -> BoxedStrategy<Came> {
    let (names, values): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .map(|(name, shape)| {
            let value = forms(shape, depth + 1).prop_map(Some);
            (name, prop_oneof![4 => value, 1 => Just(None)])
        })
        .unzip();
    (values, proptest::option::weighted(0.3, anything()))
        .prop_map(move |(values, unknown)| {
            let mut both = (Map::new(), Map::new());
            if let Some(unknown) = unknown {
                both.0.insert("x_unknown".to_owned(), unknown.clone());
                both.1.insert("x_unknown".to_owned(), unknown);
            }
            for (name, it) in names.iter().zip(values) {
                if let Some(it) = it {
                    both.0.insert((*name).to_owned(), it.sent);
                    both.1.insert((*name).to_owned(), it.kept);
                }
            }
            as_kept(both.0, both.1)
        })
        .boxed()
}

/// Without what says nothing, which may be written or left out.
fn said(value: Value) -> Value {
    match value {
        Value::Array(rows) => rows.into_iter().map(said).filter(says_something).collect(),
        Value::Object(object) => {
            let fields = object.into_iter().map(|(name, value)| (name, said(value)));
            Value::Object(fields.filter(|(_, value)| says_something(value)).collect())
        }
        other => other,
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(rows) => !rows.is_empty(),
        Value::Object(object) => !object.is_empty(),
        _ => true,
    }
}

/// Reads bodies of a shape in all forms and writes them again.
fn check(name: &str, shape: Shape, again: impl Fn(&Value) -> Result<Value, String>) {
    let Shape::Record(fields) = shape else {
        panic!("{name} is no object");
    };
    let fields = fields().iter().map(|field| (field.name, (field.shape)()));
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 2_000,
        failure_persistence: None,
        ..Config::default()
    });
    let test = |came: Came| {
        let written = again(&came.sent).map_err(TestCaseError::fail)?;
        same("", &said(written.clone()), &said(came.kept))?;
        same("", &again(&written).map_err(TestCaseError::fail)?, &written)
    };
    match runner.run(&record(fields.collect(), 0), test) {
        // The whole body would fill the screen.
        Err(TestError::Fail(reason, _)) => panic!("{name}: {reason}"),
        ended => ended.expect("the cases are tried"),
    }
}

/// Says where two bodies first differ.
fn same(place: &str, written: &Value, kept: &Value) -> Result<(), TestCaseError> {
    let nothing = Value::Null;
    match (written, kept) {
        (Value::Object(written), Value::Object(kept)) => {
            for name in written.keys().chain(kept.keys()) {
                let of = |object: &Map<String, Value>| object.get(name).unwrap_or(&nothing).clone();
                same(&format!("{place}/{name}"), &of(written), &of(kept))?;
            }
            Ok(())
        }
        (Value::Array(written), Value::Array(kept)) if written.len() == kept.len() => {
            let mut rows = written.iter().zip(kept).enumerate();
            rows.try_for_each(|(at, (written, kept))| same(&format!("{place}/{at}"), written, kept))
        }
        _ if written == kept => Ok(()),
        _ => {
            let reason = format!("{place} is written as {written} instead of {kept}");
            Err(TestCaseError::fail(reason))
        }
    }
}

#[test]
fn requests_lose_nothing_that_can_be_read() {
    for Erased { spec, request, .. } in operations() {
        let Some(shape) = spec.body else { continue };
        check(spec.name, shape, |body| {
            let read = request(&call(spec, Some(body.clone())));
            let body = read.map(|call| call.body.unwrap_or_default());
            body.map_err(|error| error.to_string())
        });
    }
}

#[test]
fn answers_lose_nothing_that_can_be_read() {
    let mut read = 0;
    for operation in operations() {
        // There is nothing in the answers of those that only report success.
        if matches!(operation.answer, Shape::Record(fields) if fields().is_empty()) {
            continue;
        }
        read += 1;
        check(operation.spec.name, operation.answer, |body| {
            (operation.response)(body).map_err(|error| error.to_string())
        });
    }
    assert!(read > 50, "only {read} answers have a shape");
    assert!(matches!(Nothing::SHAPE, Shape::Record(fields) if fields().is_empty()));
}
