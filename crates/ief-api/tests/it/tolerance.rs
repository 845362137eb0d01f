//! What real services send is read: no shape fails a body, no junk spoils the row beside it.

use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};

use crate::support::{Erased, call, fixture, operations};

type Read = Box<dyn Fn(&Value) -> Result<Value, String>>;

/// Each body of the catalogue with the way it is read and written again.
fn bodies() -> Vec<(String, Value, Read)> {
    let mut bodies: Vec<(String, Value, Read)> = Vec::new();
    for Erased {
        spec,
        request,
        response,
        ..
    } in operations()
    {
        let name = format!("{}.request", spec.name);
        if let Some(body) = fixture(&name) {
            bodies.push((
                name,
                body,
                Box::new(move |body| {
                    let again = request(&call(spec, Some(body.clone())));
                    again
                        .map(|c| c.body.unwrap_or_default())
                        .map_err(|e| e.to_string())
                }),
            ));
        }
        let name = format!("{}.response", spec.name);
        if let Some(body) = fixture(&name) {
            let read = move |body: &Value| response(body).map_err(|e| e.to_string());
            bodies.push((name, body, Box::new(read)));
        }
    }
    bodies
}

/// The JSON pointers of everything below `value`.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    let mut visit = |key: &str, value: &Value| {
        let there = format!("{here}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(there.clone());
        pointers(value, &there, found);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| visit(key, value)),
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                visit(&index.to_string(), value);
            }
        }
        _ => {}
    }
}

fn junk() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        Just(json!("")),
        Just(json!("NEVER_HEARD_OF")),
        Just(json!({})),
        Just(json!([])),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Eighths: other decimals may change in the last place when JSON is read.
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        ".{0,8}".prop_map(Value::from),
    ];
    plain.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{0,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn run<S: Strategy>(
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) -> Result<(), String> {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(strategy, test)
        .map_err(|error| error.to_string())
}

fn read(read: &Read, value: &Value) -> Result<Value, TestCaseError> {
    read(value).map_err(|error| TestCaseError::fail(format!("{error}: {value}")))
}

#[test]
fn no_shape_fails_a_body() {
    for (name, body, reader) in bodies() {
        let mut places = Vec::new();
        pointers(&body, "", &mut places);
        let changes = proptest::collection::vec((any::<Index>(), junk()), 1..6);
        run(200, &changes, |changes| {
            let mut changed = body.clone();
            for (place, junk) in changes {
                if let Some(slot) = changed.pointer_mut(place.get::<String>(&places)) {
                    *slot = junk;
                }
            }
            let once = read(&reader, &changed)?;
            // What was written is read as the same thing.
            proptest::prop_assert_eq!(&read(&reader, &once)?, &once);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn unknown_fields_survive() {
    for (name, body, reader) in bodies() {
        let mut places = vec![String::new()];
        pointers(&body, "", &mut places);
        for place in places {
            // Tags are a dictionary of texts and have no fields.
            if place.contains("/tags") {
                continue;
            }
            let mut changed = body.clone();
            let Some(Value::Object(object)) = changed.pointer_mut(&place) else {
                continue;
            };
            object.insert("x_unknown".to_owned(), json!({"deep": ["canary", null]}));
            let again = reader(&changed).expect("an object is read");
            assert!(again.to_string().contains("canary"), "{name}{place}");
        }
    }
}

/// The same body with every number as text.
fn quoted(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.to_string()),
        Value::Bool(flag) => json!(flag.to_string()),
        Value::Array(list) => list.iter().map(quoted).collect(),
        Value::Object(object) => {
            let fields = object
                .iter()
                .map(|(key, value)| (key.clone(), quoted(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

#[test]
fn numbers_and_flags_may_be_quoted() {
    for (name, body, reader) in bodies() {
        let once = reader(&body).expect("a fixture is read");
        let again = reader(&quoted(&body)).expect("a quoted fixture is read");
        // Unknown fields are kept as they came, so both sides are compared as text.
        assert_eq!(quoted(&again), quoted(&once), "{name}");
    }
}

#[test]
fn a_bad_row_spoils_no_other() {
    for Erased { spec, response, .. } in operations() {
        let Some(page) = &spec.page else { continue };
        let body = fixture(&format!("{}.response", spec.name)).expect("lists have a fixture");
        let row = body[page.rows][0].clone();
        let alone = response(&json!({page.rows: [row]})).expect("it is read");
        run(100, &junk(), |bad| {
            let rows = json!({page.rows: [bad, row, bad]});
            let read = response(&rows).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let rows = read[page.rows].as_array().cloned().unwrap_or_default();
            proptest::prop_assert!(rows.contains(&alone[page.rows][0]));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{}: {error}", spec.name));
    }
}
