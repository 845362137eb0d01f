//! How each body of the reference is read and written again.

use serde_json::{Value, json};

use crate::support::{call, fixture, operation, operations};

#[test]
fn requests_are_read_and_written() {
    for operation in operations() {
        let name = format!("{}.request", operation.spec.name);
        let Some(body) = fixture(&name) else { continue };
        let sent = call(operation.spec, Some(body));
        let again = (operation.request)(&sent).expect("a fixture has the operation's shape");
        assert_eq!(again.path, sent.path);
        insta::assert_json_snapshot!(name.as_str(), again.body);
        assert_eq!((operation.violations)(&sent), Ok(vec![]), "{name}");
    }
}

#[test]
fn answers_are_read_and_written() {
    for operation in operations() {
        let name = format!("{}.response", operation.spec.name);
        let Some(body) = fixture(&name) else { continue };
        let again = (operation.response)(&body).expect("a fixture has the operation's shape");
        insta::assert_json_snapshot!(name.as_str(), again);
    }
}

#[track_caller]
fn check_response(name: &str, answer: &Value, pointer: &str, expected: &Value) {
    let again = (operation(name).response)(answer).expect("an answer that is an object is read");
    assert_eq!(
        again.pointer(pointer),
        Some(expected),
        "{pointer} of {answer}"
    );
}

#[test]
fn both_spellings_are_read_and_one_is_written() {
    let twin = |property: Value| json!({"twin": {"t": property}});
    for property in [
        json!({"excepted": {"value": "on"}}),
        json!({"expected": {"value": "on"}}),
        json!({"excepted": {"value": "on"}, "expected": null}),
        json!({"excepted": null, "expected": {"value": "on"}}),
        json!({"expected": {"value": "on"}, "excepted": {"value": "on"}}),
        json!({"expected": "on"}),
        json!("on"),
    ] {
        let expected = json!({"expected": {"value": "on"}});
        check_response("show_device_twin", &twin(property), "/twin/t", &expected);
    }
    for (name, value) in [("ntpservers", "a"), ("ntp_servers", "b")] {
        check_response(
            "show_edge_node_detail",
            &json!({"node": {"ntp_configs": {name: [value]}}}),
            "/node/ntp_configs",
            &json!({"ntp_servers": [value]}),
        );
    }
    check_response(
        "show_device_twin",
        &json!({"property_visitors": {"t": {"expected_data_type": {"value": "int"}}}}),
        "/property_visitors/t/expected_datatype/value",
        &json!("int"),
    );
}

#[test]
fn certificates_of_a_group_are_read_with_a_list_around_them_and_without() {
    let certificate = json!({"id": "c1", "type": "device"});
    let object = json!({"count": 1, "groupcerts": [certificate]});
    for answer in [object.clone(), json!([object])] {
        check_response("list_edge_group_certs", &answer, "", &object);
    }
    check_response("list_edge_group_certs", &json!([]), "", &json!({}));
}

#[test]
fn timestamps_are_numbers_whatever_came() {
    for stamp in [
        json!(1_536_822_119_463_i64),
        json!("1536822119463"),
        json!(1_536_822_119_463.0),
    ] {
        check_response(
            "show_device_twin",
            &json!({"twin": {"t": {"actual": {"value": 1, "metadata": {"timestamp": stamp}}}}}),
            "/twin/t/actual",
            &json!({"value": "1", "metadata": {"timestamp": 1_536_822_119_463_i64}}),
        );
    }
}

#[test]
fn what_is_emptied_is_sent() {
    let body = json!({"node": {"description": "", "ntp_servers": [], "attributes": []}});
    let operation = operation("update_edge_node");
    let again = (operation.request)(&call(operation.spec, Some(body.clone())));
    assert_eq!(again.expect("it has the shape").body, Some(body));
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    for operation in operations()
        .iter()
        .filter(|operation| operation.spec.has_body())
    {
        for body in [json!("text"), json!([]), json!(7), Value::Null] {
            assert!((operation.request)(&call(operation.spec, Some(body))).is_err());
        }
        assert!((operation.request)(&call(operation.spec, None)).is_err());
    }
}
