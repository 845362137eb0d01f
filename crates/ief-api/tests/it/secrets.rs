//! A canary where a secret stands is found nowhere afterwards.

use ief_api::catalogue::{OPERATIONS, operation};
use ief_api::operation::{Call, Effect};
use ief_api::redact::{REDACTED, redact};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{call, operations};

const CANARY: &str = "canary-5e1c";

/// A body with the canary at this path and something beside it on the way.
fn plant(path: &str) -> Value {
    let planted = match path.split_once('.') {
        None => json!(CANARY),
        Some((_, rest)) => plant(rest),
    };
    match path.split('.').next() {
        Some("*") => json!([planted]),
        Some("{}") => json!({"other": planted, "name": "kept"}),
        Some(name) => json!({name: planted, "name": "kept"}),
        None => planted,
    }
}

/// Every path of every operation, with the side it belongs to.
fn paths() -> Vec<&'static str> {
    OPERATIONS
        .iter()
        .flat_map(|spec| spec.secret_in_request.iter().chain(spec.secret_in_response))
        .copied()
        .collect()
}

/// The shapes a service may give to what stands at a path: the canary itself, wrapped, in lists and in
/// dictionaries, with anything beside it.
fn body(path: &str) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(CANARY)),
        Just(json!({"value": CANARY, "deep": [CANARY]})),
        Just(json!([CANARY, null, {"value": CANARY}])),
    ];
    let names: Vec<String> = path.rsplit('.').map(str::to_owned).collect();
    names.into_iter().fold(leaf.boxed(), |inner, name| {
        (inner, any::<u8>(), "[a-z.]{0,6}")
            .prop_map(
                move |(inner, shape, key)| match (name.as_str(), shape % 3) {
                    ("*", 0) => json!([null, inner, 7]),
                    ("*" | "{}", _) => json!({key: inner}),
                    (name, 0) => json!([{name: inner}, "kept"]),
                    (name, _) => json!({name: inner, "kept": true}),
                },
            )
            .boxed()
    })
}

#[test]
fn nothing_is_left_after_redaction() {
    for path in paths() {
        TestRunner::new(Config {
            cases: 64,
            failure_persistence: None,
            ..Config::default()
        })
        .run(&body(path), |mut value| {
            redact(&[path], &mut value);
            let text = value.to_string();
            proptest::prop_assert!(!text.contains(CANARY), "{text}");
            proptest::prop_assert!(text.contains(REDACTED));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

#[test]
fn debug_forms_hide_secrets() {
    for operation in operations() {
        let spec = operation.spec;
        for path in spec.secret_in_request {
            let call = call(spec, Some(plant(path)));
            assert!(serde_json::to_string(&call).is_ok_and(|text| text.contains(CANARY)));
            assert!(
                !format!("{call:?}").contains(CANARY),
                "{} {path}",
                spec.name
            );
            let typed = (operation.debug_request)(&call).expect("it has the shape");
            assert!(!typed.contains(CANARY), "{} {path}: {typed}", spec.name);
        }
        for path in spec.secret_in_response {
            let typed = (operation.debug_response)(&plant(path)).expect("it has the shape");
            assert!(!typed.contains(CANARY), "{} {path}: {typed}", spec.name);
        }
    }
}

#[test]
fn an_update_hides_what_creating_hides() {
    for create in OPERATIONS.iter().filter(|it| it.effect == Effect::Create) {
        let updates = OPERATIONS.iter().filter(|update| {
            let rest = update.path.strip_prefix(create.path);
            let one = rest.is_some_and(|rest| rest.starts_with("/{") && rest.ends_with('}'));
            update.effect == Effect::Update && one
        });
        for update in updates {
            let hidden = update.secret_in_request;
            for path in create.secret_in_request {
                assert!(hidden.contains(path), "{} shows {path}", update.name);
            }
        }
    }
}

#[test]
fn the_call_of_an_unknown_operation_shows_nothing_of_its_body() {
    let call = Call {
        operation: "no_such_operation".to_owned(),
        body: Some(json!({"anywhere": {"deep": CANARY}, "beside": CANARY})),
        ..Call::default()
    };
    assert!(!format!("{call:?}").contains(CANARY));
}

/// What an operation's request or answer shows of a body.
#[track_caller]
fn shows(name: &str, body: &Value) -> Vec<String> {
    let spec = operation(name).expect("in the catalogue");
    let sides = [spec.secret_in_request, spec.secret_in_response];
    let sides = sides.into_iter().filter(|paths| !paths.is_empty());
    sides
        .map(|paths| {
            let mut body = body.clone();
            redact(paths, &mut body);
            body.to_string()
        })
        .collect()
}

#[test]
fn a_near_miss_hides_as_much() {
    let settings = [
        json!(CANARY),
        json!({"val": CANARY, "optional": true}),
        json!([{"value": CANARY}]),
        json!({"value": {"value": CANARY}}),
    ];
    for setting in settings {
        for name in ["password", "private_key"] {
            let thing = json!({"access_config": {name: setting, "url": {"value": "kept"}}});
            for (operation, body) in [
                ("create_device", json!({"device": thing})),
                ("update_device", json!({"device": thing})),
                ("list_devices", json!({"devices": [thing]})),
                ("create_device_template", json!({"device_template": thing})),
                (
                    "list_device_templates",
                    json!({"device_templates": [thing]}),
                ),
            ] {
                for shown in shows(operation, &body) {
                    assert!(!shown.contains(CANARY), "{operation}: {shown}");
                    assert!(shown.contains("kept"), "{operation}: {shown}");
                }
            }
        }
    }
    for config in [
        json!([{"name": "kept", "value": CANARY}]),
        json!([{"name": "kept", "value": [CANARY]}]),
        json!([{"name": "kept", "value": {"value": CANARY}}]),
        json!({"value": CANARY}),
        json!({"kept": {"value": CANARY}}),
        json!([CANARY]),
    ] {
        let data = json!({"description": "kept", "config": config});
        for (operation, body) in [
            ("create_encryptdatas", json!({"encrypt_data": data})),
            ("update_encryptdatas", json!({"encrypt_data": data})),
            ("show_encryptdatas", json!({"encrypt_data": data})),
            ("list_encryptdatas", json!({"encrypt_datas": [data]})),
            ("list_node_encryptdatas", json!({"encrypt_datas": [data]})),
        ] {
            for shown in shows(operation, &body) {
                assert!(!shown.contains(CANARY), "{operation}: {shown}");
                assert!(shown.contains("kept"), "{operation}: {shown}");
            }
        }
    }
    for values in [
        json!({"k": CANARY}),
        json!([CANARY]),
        json!([{"k": CANARY}]),
    ] {
        for name in ["secrets", "secret", "data", "Secrets", "string_data"] {
            let secret = json!({"name": "kept", "description": "kept", name: values});
            for (operation, body) in [
                ("create_secret", json!({"secret": secret})),
                ("update_secret", json!({"secret": secret})),
                ("show_secret", json!({"secret": secret})),
                ("list_secrets", json!({"secrets": [secret]})),
            ] {
                for shown in shows(operation, &body) {
                    assert!(!shown.contains(CANARY), "{operation}: {shown}");
                    assert!(shown.contains("kept"), "{operation}: {shown}");
                }
            }
        }
    }
}

#[test]
fn an_error_about_a_body_shows_nothing_of_it() {
    let mut refused = 0;
    for operation in operations() {
        let mut bodies = vec![json!(CANARY), json!([CANARY]), json!([[CANARY]])];
        for path in operation.spec.secret_in_request {
            let mut outer = *path;
            while let Some((shorter, _)) = outer.rsplit_once('.') {
                bodies.push(plant(shorter));
                outer = shorter;
            }
        }
        for body in bodies {
            if let Err(error) = (operation.request)(&call(operation.spec, Some(body))) {
                refused += 1;
                assert!(!format!("{error} {error:?}").contains(CANARY), "{error}");
            }
        }
    }
    assert!(refused > 0, "no body was refused");
}

#[test]
fn secrets_pass_through_typed_requests() {
    for operation in operations() {
        for path in operation.spec.secret_in_request {
            let sent = call(operation.spec, Some(plant(path)));
            let again = (operation.request)(&sent).expect("it has the shape");
            let body = again.body.unwrap_or_default().to_string();
            assert!(
                body.contains(CANARY),
                "{} {path} is lost",
                operation.spec.name
            );
        }
    }
}
