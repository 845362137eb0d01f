//! Each rule at its edge, by itself and through the bodies that use it.

use std::collections::BTreeSet;

use ief_api::operation::Call;
use ief_api::rules::{self, Characters, Limit, Problem, Rule};
use serde_json::{Value, json};

use crate::support::{call, fixture, operation};

mod apps;
mod batch;
mod deployments;
mod encrypted_data;
mod messages;
mod node_groups;
mod resource_tags;
mod services;

/// A character of a set, chosen so that it may stand anywhere in names.
fn one_of(sets: &[Characters]) -> char {
    let candidates = (' '..='~').rev();
    candidates
        .into_iter()
        .find(|c| sets.iter().all(|set| set.contains(*c)))
        .expect("every set has an ASCII character in common with the others")
}

fn check_text(rule: &Rule, min: usize, max: usize, sets: [Characters; 3]) {
    let [characters, first, last] = sets;
    let any = one_of(&[characters, first, last]);
    let text = |length: usize| any.to_string().repeat(length);
    assert_eq!(rule.text(&text(max)), Ok(()), "{}: longest", rule.name);
    assert_eq!(rule.text(&text(min)), Ok(()), "{}: shortest", rule.name);
    let length = max + 1;
    assert_eq!(
        rule.text(&text(length)),
        Err(Problem::TooLong { max, length }),
        "{}",
        rule.name
    );
    match min {
        0 => {}
        1 => assert_eq!(rule.text(""), Err(Problem::Missing), "{}", rule.name),
        _ => {
            let length = min - 1;
            let problem = Problem::TooShort { min, length };
            assert_eq!(rule.text(&text(length)), Err(problem), "{}", rule.name);
        }
    }
    let middle = |c: char| format!("{}{c}{}", text(min.max(1)), text(1));
    for character in (' '..='~').chain(['\n', 'ü', '节']) {
        let expected = match characters.contains(character) {
            true => Ok(()),
            false => Err(Problem::Character { character }),
        };
        assert_eq!(rule.text(&middle(character)), expected, "{}", rule.name);
        if characters.contains(character) {
            let begun = format!("{character}{}", text(min.max(1)));
            assert_eq!(
                rule.text(&begun).is_ok(),
                first.contains(character),
                "{}",
                rule.name
            );
            let ended = format!("{}{character}", text(min.max(1)));
            assert_eq!(
                rule.text(&ended).is_ok(),
                last.contains(character),
                "{}",
                rule.name
            );
        }
    }
}

#[test]
fn every_rule_holds_at_its_edges() {
    let mut names = BTreeSet::new();
    for rule in rules::all() {
        assert!(names.insert(rule.name), "{} stands twice", rule.name);
        match rule.limit {
            Limit::Text {
                min,
                max,
                characters,
                first,
                last,
            } => {
                check_text(rule, min, max, [characters, first, last]);
            }
            Limit::Integer { min, max } => {
                for inside in [min, max] {
                    assert_eq!(rule.integer(inside), Ok(()), "{}", rule.name);
                    assert_eq!(rule.text(&inside.to_string()), Ok(()), "{}", rule.name);
                }
                for outside in [min.checked_sub(1), max.checked_add(1)]
                    .into_iter()
                    .flatten()
                {
                    let problem = Problem::OutOfRange { min, max };
                    assert_eq!(rule.integer(outside), Err(problem), "{}", rule.name);
                }
                assert_eq!(rule.text("1.5"), Err(Problem::NotANumber), "{}", rule.name);
            }
            Limit::Number => {
                assert_eq!(rule.text("-1.5e3"), Ok(()));
                for wrong in ["", "1,5", "NaN", "inf"] {
                    assert_eq!(rule.text(wrong), Err(Problem::NotADecimal), "{wrong}");
                }
            }
            Limit::Decimal { min, max } => {
                for inside in [min, max] {
                    assert_eq!(rule.text(inside), Ok(()), "{}", rule.name);
                }
                for outside in [format!("{max}.01"), "-1".into(), "0".into(), "1e9".into()] {
                    let problem = rule.text(&outside);
                    assert!(
                        matches!(problem, Err(Problem::OutOfDecimals { .. })),
                        "{}: {outside}",
                        rule.name
                    );
                }
                for wrong in ["", "1,5", "NaN", "inf", "100m"] {
                    assert_eq!(rule.text(wrong), Err(Problem::NotADecimal), "{wrong}");
                }
            }
            Limit::Ipv4 => {
                assert_eq!(rule.text("10.0.0.255"), Ok(()));
                for wrong in ["", "10.0.0", "10.0.0.256", "::1", "plc-4"] {
                    assert_eq!(rule.text(wrong), Err(Problem::NotAnAddress), "{wrong}");
                }
            }
            Limit::Base64 => {
                for right in ["", "YQ==", "YWI=", "YWJj", "+/+/"] {
                    assert_eq!(rule.text(right), Ok(()), "{right}");
                }
                for wrong in ["YQ", "YQ=", "Y===", "====", "val-1", "YQ==YQ==", "节节"] {
                    assert_eq!(rule.text(wrong), Err(Problem::NotBase64), "{wrong}");
                }
            }
            Limit::OneOf(choices) => {
                for choice in choices {
                    assert_eq!(rule.text(choice), Ok(()), "{}", rule.name);
                }
                let problem = rule.text("none of them");
                assert!(
                    matches!(problem, Err(Problem::NotOneOf { .. })),
                    "{}",
                    rule.name
                );
                assert_eq!(rule.text(""), Err(Problem::Missing), "{}", rule.name);
            }
            Limit::Count { max } => {
                assert_eq!(rule.count(max), Ok(()), "{}", rule.name);
                let count = max + 1;
                assert_eq!(rule.count(count), Err(Problem::TooMany { max, count }));
            }
        }
    }
}

/// Puts `value` at `pointer` of the operation's fixture and names the broken rules with their places.
#[track_caller]
fn broken(name: &str, pointer: &str, value: Value) -> Vec<(String, String)> {
    let operation = operation(name);
    let mut body = fixture(&format!("{name}.request")).expect("it has a fixture");
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
    let parent = body
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{parent} is not there"));
    match parent {
        Value::Object(object) => {
            object.insert(key.to_owned(), value);
        }
        other => other[key.parse::<usize>().expect("an index")] = value,
    }
    let violations = (operation.violations)(&call(operation.spec, Some(body)));
    let violations = violations.expect("it has the operation's shape");
    violations.into_iter().map(|v| (v.path, v.rule)).collect()
}

#[track_caller]
fn accepts(name: &str, pointer: &str, value: Value) {
    assert_eq!(broken(name, pointer, value), [], "{name}{pointer}");
}

#[track_caller]
fn refuses(name: &str, pointer: &str, value: Value, rule: &str) {
    let path = pointer.trim_start_matches('/').replace('/', ".");
    let broken = broken(name, pointer, value);
    assert!(
        broken.iter().any(|(place, broken)| *broken == rule
            && (*place == path || place.starts_with(&format!("{path}.")))),
        "{rule} at {path}: {broken:?}"
    );
}

/// Names the one rule that a whole body breaks, and where.
#[track_caller]
fn refuses_whole(name: &str, body: Value, path: &str, rule: &str) {
    let operation = operation(name);
    let violations = (operation.violations)(&call(operation.spec, Some(body)));
    let violations = violations.expect("it has the operation's shape");
    let found = violations
        .iter()
        .map(|v| (v.path.as_str(), v.rule.as_str()));
    assert_eq!(found.collect::<Vec<_>>(), [(path, rule)], "{name}");
}

fn text(length: usize) -> Value {
    json!("a".repeat(length))
}

fn many(count: usize, value: &Value) -> Value {
    Value::Object(
        (0..count)
            .map(|n| (format!("p{n}"), value.clone()))
            .collect(),
    )
}

#[test]
fn devices_keep_to_the_documented_limits() {
    let op = "create_device";
    for (pointer, rule, min, max) in [
        ("/device/id", "device_id", 24, 64),
        ("/device/name", "device_name", 1, 64),
        ("/device/description", "description", 0, 255),
        ("/device/attributes/serial/value", "attribute_value", 0, 512),
        (
            "/device/twin/temperature/expected/value",
            "twin_value",
            0,
            512,
        ),
    ] {
        let longest = if rule == "twin_value" {
            json!("1".repeat(18))
        } else {
            text(max)
        };
        accepts(op, pointer, longest);
        refuses(op, pointer, text(max + 1), rule);
        if min > 1 {
            accepts(op, pointer, text(min));
            refuses(op, pointer, text(min - 1), rule);
        }
    }
    refuses(
        op,
        "/device/id",
        json!(format!("_{}", "a".repeat(30))),
        "device_id",
    );
    refuses(op, "/device/name", Value::Null, "device_name");
    refuses(op, "/device/name", json!("sensor 4"), "device_name");
    for forbidden in "^~#$%&*<>()[]{}'\"\\".chars() {
        refuses(
            op,
            "/device/description",
            json!(format!("a{forbidden}b")),
            "description",
        );
    }
    accepts(
        op,
        "/device/description",
        json!("Sensor of hall 4, 二号楼 - new!"),
    );
    let attribute = json!({"value": "v"});
    accepts(op, "/device/attributes", many(64, &attribute));
    refuses(
        op,
        "/device/attributes",
        many(65, &attribute),
        "device_attributes",
    );
    refuses(
        op,
        "/device/attributes",
        json!({"serial": {}}),
        "attribute_value",
    );
    refuses(
        op,
        "/device/attributes",
        json!({"a": {"value": "a-b"}}),
        "attribute_value",
    );
    refuses(
        op,
        "/device/access_protocol",
        json!("bluetooth"),
        "access_protocol",
    );
}

#[test]
fn twins_keep_to_the_documented_limits() {
    let op = "update_device_twin";
    let property = json!({"expected": {"value": "v"}});
    accepts(op, "/twin", many(64, &property));
    refuses(op, "/twin", many(65, &property), "device_twin");
    accepts(op, "/twin", json!({"a".repeat(128): property}));
    refuses(op, "/twin", json!({"a".repeat(129): property}), "twin_key");
    accepts(
        op,
        "/twin/temperature",
        json!({"expected": {"value": "a".repeat(512)}}),
    );
    refuses(op, "/twin", json!({"a b": property}), "twin_key");
    accepts(
        op,
        "/twin",
        json!({"a_.,;/@#9": {"expected": {"value": "_.,:;/@#"}}}),
    );
    refuses(
        op,
        "/twin/temperature",
        json!({"expected": {"value": "a?"}}),
        "twin_value",
    );
    refuses(op, "/twin/temperature", json!({}), "twin_value");
    for (kind, right, wrong, rule) in [
        ("int", "21", "21.5", "int_value"),
        ("float", "21.5", "warm", "float_value"),
        ("boolean", "true", "yes", "boolean_value"),
    ] {
        let typed = |v: &str| json!({"expected": {"value": v}, "metadata": {"type": kind}});
        accepts(op, "/twin/temperature", typed(right));
        refuses(op, "/twin/temperature", typed(wrong), rule);
    }
    let odd = json!({"expected": {"value": "1"}, "metadata": {"type": "decimal"}});
    refuses(op, "/twin/temperature", odd, "value_type");
    // A visitor of a property that is not part of the update may stand there, one of a new device not.
    accepts(op, "/property_visitors", json!({"other": {}}));
    refuses(
        "create_device",
        "/device/property_visitors",
        json!({"other": {}}),
        "visitor_key",
    );
}

#[test]
fn access_settings_keep_to_the_documented_ranges() {
    let op = "create_device";
    let set = |name: &str| format!("/device/access_config/{name}");
    for (name, inside, outside) in [
        ("slave_id", ["0", "255"], ["-1", "256"]),
        ("port", ["0", "65535"], ["-1", "65536"]),
        ("ip", ["10.0.0.1", "0.0.0.0"], ["10.0.0", "plc"]),
        ("baud_rate", ["50", "115200"], ["0", "115201"]),
        ("data_bits", ["5", "8"], ["4", "9"]),
        ("stop_bits", ["1", "2"], ["0", "3"]),
        ("parity_bits", ["none", "even"], ["mark", "NONE"]),
        ("auth_type", ["0", "3"], ["-1", "4"]),
    ] {
        let rule = match name {
            "ip" => "device_ip",
            "port" => "device_port",
            other => other,
        };
        for value in inside {
            accepts(op, &set(name), json!({"value": value}));
            accepts(op, &set(name), json!(value));
        }
        for value in outside {
            refuses(op, &set(name), json!({"value": value}), rule);
        }
    }
    let visit = |name: &str| format!("/device/property_visitors/temperature/{name}");
    for (name, inside, outside) in [
        ("register_index", ["0", "65535"], ["-1", "65536"]),
        ("sample_interval", ["1", "3600"], ["0", "3601"]),
        ("access_mode", ["r", "r/w"], ["w", "rw"]),
        (
            "register_type",
            ["CoilsRegisters", "InputRegisters"],
            ["Coils", "coilsregisters"],
        ),
    ] {
        for value in inside {
            accepts(op, &visit(name), json!({"value": value}));
        }
        for value in outside {
            refuses(op, &visit(name), json!({"value": value}), name);
        }
    }
    refuses(op, &set("protocol_type"), Value::Null, "protocol_type");
    refuses(op, &set("protocol_type"), json!("serial"), "protocol_type");
    refuses(op, &set("protocol_type"), json!("opc-ua"), "protocol_type");
    accepts(op, "/device/access_config", json!({}));
}

#[test]
fn a_device_has_one_node() {
    let op = "update_node_by_device_id";
    refuses(op, "/nodes/added/node_ids", json!([]), "node_id");
    refuses(
        op,
        "/nodes/added/node_ids",
        json!(["n1", "n2"]),
        "device_nodes",
    );
    accepts(op, "/nodes/added/relation", text(64));
    refuses(op, "/nodes/added/relation", text(65), "relation");
    accepts(op, "/nodes/added/comment", text(64));
    refuses(op, "/nodes/added/comment", text(65), "relation_comment");
}

#[test]
fn templates_keep_to_the_documented_limits() {
    let op = "create_device_template";
    accepts(op, "/device_template/name", text(64));
    refuses(
        op,
        "/device_template/name",
        text(65),
        "device_template_name",
    );
    accepts(op, "/device_template/description", json!("(&*)".repeat(63)));
    refuses(
        op,
        "/device_template/description",
        text(256),
        "device_template_description",
    );
    accepts(
        op,
        "/device_template/tags",
        json!({"a".repeat(36): "b".repeat(43)}),
    );
    refuses(
        op,
        "/device_template/tags",
        json!({"a".repeat(37): "b"}),
        "tag_key",
    );
    refuses(
        op,
        "/device_template/tags",
        json!({"a": "b".repeat(44)}),
        "tag_value",
    );
}

#[track_caller]
fn check_query(name: &str, query: &[(&str, &str)], expected: &[(&str, &str)]) {
    let operation = operation(name);
    let call = Call {
        query: query
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
        ..call(operation.spec, None)
    };
    let found = (operation.violations)(&call).expect("it has the operation's shape");
    let found: Vec<_> = found
        .iter()
        .map(|v| (v.path.as_str(), v.code.as_str()))
        .collect();
    assert_eq!(found, expected, "{query:?}");
}

#[test]
fn queries_keep_to_the_documented_limits() {
    let op = "list_devices";
    check_query(op, &[("limit", "1"), ("offset", "0")], &[]);
    check_query(op, &[("limit", "1000"), ("offset", "999999")], &[]);
    for limit in ["0", "1001", "many", ""] {
        check_query(op, &[("limit", limit)], &[("limit", "IEF.100005")]);
    }
    for offset in ["-1", "x"] {
        check_query(op, &[("offset", offset)], &[("offset", "IEF.100004")]);
    }
    check_query(op, &[("is_binding", "true"), ("name", "a")], &[]);
    check_query(
        op,
        &[("is_binding", "maybe")],
        &[("is_binding", "IEF.100100")],
    );
    for other in ["tags", "node_id"] {
        let query = [("is_binding", "true"), (other, "a.b")];
        check_query(op, &query, &[("is_binding", "IEF.100100")]);
    }
    check_query(op, &[("tags", "a.b"), ("node_id", "n1")], &[]);
}

#[test]
fn nodes_keep_to_the_documented_limits() {
    let op = "create_edge_node";
    accepts(op, "/node/name", text(64));
    refuses(op, "/node/name", text(65), "node_name");
    refuses(op, "/node/name", json!("gw.bj"), "node_name");
    accepts(op, "/node/description", text(255));
    refuses(op, "/node/description", text(256), "description");
    let pairs = |count: usize| -> Value {
        (0..count)
            .map(|n| json!({"key": format!("k{n}"), "value": "v"}))
            .collect()
    };
    accepts(op, "/node/attributes", pairs(32));
    refuses(op, "/node/attributes", pairs(33), "node_attributes");
    refuses(
        op,
        "/node/attributes",
        json!([{"key": "k"}]),
        "node_attribute_value",
    );
    accepts(op, "/node/tags", pairs(20));
    refuses(op, "/node/tags", pairs(21), "node_tags");
    let twice = json!([{"key": "k", "value": "1"}, {"key": "k", "value": "2"}]);
    refuses(op, "/node/tags", twice, "tag_key");
    for (name, inside, outside, rule) in [
        ("size", ["10", "1000"], ["9", "1001"], "log_size"),
        ("rotate_num", ["1", "10"], ["0", "11"], "log_rotate_num"),
        (
            "rotate_period",
            ["daily", "yearly"],
            ["hourly", "DAILY"],
            "log_rotate_period",
        ),
        ("type", ["local", "LTS"], ["remote", "lts"], "log_type"),
        ("level", ["On", "Debug"], ["verbose", "2"], "log_level"),
    ] {
        let pointer = format!("/node/log_configs/0/{name}");
        for value in inside {
            accepts(op, &pointer, json!(value));
        }
        for value in outside {
            refuses(op, &pointer, json!(value), rule);
        }
    }
    let listener = |port: i64| json!([{"bind_addr": "eth0", "port": port, "type": "nic"}]);
    let mqtt = |on: bool, mqtts: Value| json!({"enable_mqtt": on, "mqtts": mqtts});
    accepts(op, "/node/mqtt_config", mqtt(true, listener(65535)));
    refuses(op, "/node/mqtt_config", mqtt(true, listener(65536)), "port");
    refuses(op, "/node/mqtt_config", mqtt(true, listener(0)), "port");
    refuses(
        op,
        "/node/mqtt_config",
        mqtt(false, listener(8883)),
        "mqtt_address",
    );
    accepts(
        "update_edge_node",
        "/node/ntp_servers",
        json!(["10.0.0.1", "ntp.example.com"]),
    );
    refuses(
        "update_edge_node",
        "/node/ntp_servers",
        json!(["a", "b", "c"]),
        "ntp_servers",
    );
    refuses(
        "enable_disable_edge_nodes",
        "/node/action",
        json!("restart"),
        "node_action",
    );
    refuses(
        "create_edge_node_certs",
        "/type",
        json!("system"),
        "certificate_type",
    );
}

#[test]
fn config_maps_keep_to_the_documented_limits() {
    let op = "create_config_map";
    accepts(op, "/configmap/name", text(4));
    accepts(op, "/configmap/name", text(64));
    refuses(op, "/configmap/name", text(3), "config_map_name");
    refuses(op, "/configmap/name", text(65), "config_map_name");
    for wrong in ["1abc", "-abc", "abc-", "Abcd", "ab_c", "ab.c"] {
        refuses(op, "/configmap/name", json!(wrong), "config_map_name");
    }
    let entry = |key: &str, length: usize| json!({key: "v".repeat(length)});
    accepts(op, "/configmap/configs", entry(&"k".repeat(63), 1));
    refuses(
        op,
        "/configmap/configs",
        entry(&"k".repeat(64), 1),
        "config_map_key",
    );
    accepts(op, "/configmap/configs", entry("-a.B_9", 1));
    for wrong in ["", "9a", ".a", "_a", "a b", "a/b"] {
        refuses(op, "/configmap/configs", entry(wrong, 1), "config_map_key");
    }
    // {"k": "…"} has nine characters beside the value.
    accepts(op, "/configmap/configs", entry("k", 1_048_576 - 9));
    refuses(
        op,
        "/configmap/configs",
        entry("k", 1_048_576 - 8),
        "config_map_data",
    );
    accepts(
        "update_config_map",
        "/configmap/configs",
        json!({"k": null}),
    );
    refuses(
        "update_config_map",
        "/configmap/configs",
        json!({"9": null}),
        "config_map_key",
    );
}

#[test]
fn secrets_keep_to_the_documented_limits() {
    let op = "create_secret";
    accepts(op, "/secret/name", text(4));
    accepts(op, "/secret/name", text(64));
    refuses(op, "/secret/name", text(3), "secret_name");
    refuses(op, "/secret/name", text(65), "secret_name");
    refuses(
        op,
        "/secret/type",
        json!("kubernetes.io/tls"),
        "secret_type",
    );
    refuses(op, "/secret/secrets", json!({}), "secret_values");
    refuses(op, "/secret/secrets", Value::Null, "secret_values");
    refuses(op, "/secret/secrets", json!("YQ=="), "secret_data");
    accepts(op, "/secret/secrets", json!({"k".repeat(63): "YQ=="}));
    refuses(
        op,
        "/secret/secrets",
        json!({"k".repeat(64): "YQ=="}),
        "secret_key",
    );
    refuses(op, "/secret/secrets", json!({"9k": "YQ=="}), "secret_key");
    refuses(op, "/secret/secrets", json!({"k": "val-1"}), "secret_value");
    refuses(op, "/secret/secrets", json!({"k": 7}), "secret_value");
    // {"kk...": "…"} has eight characters beside key and value; the value comes in fours.
    let fits = json!({"kkkk": "YWJj".repeat((1_048_576 - 12) / 4)});
    accepts(op, "/secret/secrets", fits);
    let over = json!({"kkkkk": "YWJj".repeat((1_048_576 - 12) / 4)});
    refuses(op, "/secret/secrets", over, "secret_data");
    refuses(
        "update_secret",
        "/secret/secrets",
        json!({}),
        "secret_values",
    );
    check_query("list_secrets", &[("sort", "updated_at:desc")], &[]);
    check_query(
        "list_secrets",
        &[("sort", "size")],
        &[("sort", "IEF.100100")],
    );
}
