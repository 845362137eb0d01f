//! The rules of the tag interface at their edges.

use serde_json::{Value, json};

use super::{accepts, broken, refuses, refuses_whole, text};
use crate::support::{call, operation};

fn conditions(count: usize) -> Value {
    let conditions = (0..count).map(|n| json!({"key": format!("k{n}"), "values": []}));
    Value::Array(conditions.collect())
}

fn values(count: usize) -> Value {
    Value::Array((0..count).map(|n| json!(format!("v{n}"))).collect())
}

#[test]
fn what_is_looked_for_keeps_to_the_documented_limits() {
    let op = "list_resource_by_tags";
    for action in [json!("delete"), Value::Null] {
        refuses(op, "/action", action, "tag_query_action");
    }
    for place in ["/tags", "/tags_any", "/not_tags", "/not_tags_any"] {
        accepts(op, place, conditions(20));
        refuses(op, place, conditions(21), "tag_conditions");
        let key = format!("{place}/0/key");
        accepts(op, &key, text(36));
        accepts(op, &key, json!(format!(" {} ", "节".repeat(36))));
        refuses(op, &key, text(37), "tag_condition_key");
        for blank in [json!(""), json!("  "), Value::Null] {
            refuses(op, &key, blank, "tag_condition_key");
        }
        let twice = json!([{"key": "a", "values": []}, {"key": " a", "values": []}]);
        refuses(op, place, twice, "tag_condition_key");
        let all = format!("{place}/0/values");
        accepts(op, &all, values(10));
        refuses(op, &all, values(11), "tag_condition_values");
        refuses(op, &all, json!(["a", "a "]), "tag_condition_value");
        accepts(op, &all, json!(["a".repeat(43), "*a", ""]));
        refuses(op, &all, json!(["a".repeat(44)]), "tag_condition_value");
        refuses(op, &all, json!(["**"]), "tag_condition_value");
    }
    accepts(op, "/matches/0/value", text(64));
    refuses(op, "/matches/0/value", text(65), "tag_match_value");
    refuses(op, "/matches/0/key", json!("name"), "tag_match_key");
    let one = json!({"key": "resource_name", "value": "a"});
    refuses(op, "/matches", json!([one, one]), "tag_match_key");
    for (pointer, rule, right, wrong) in [
        ("/limit", "page_limit", ["1", "1000"], ["0", "1001"]),
        ("/offset", "page_offset", ["0", "99999"], ["-1", "x"]),
    ] {
        for number in right {
            accepts(op, pointer, json!(number));
        }
        for number in wrong {
            refuses(op, pointer, json!(number), rule);
        }
    }
    let found = broken(op, "/action", json!("count"));
    let places: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["limit", "offset"], "what is counted has no pages");
}

#[test]
fn tags_keep_to_the_documented_limits() {
    let op = "batch_add_delete_tags";
    let tags = |count: usize| {
        let tags = (0..count).map(|n| json!({"key": format!("k{n}"), "value": "v"}));
        Value::Array(tags.collect())
    };
    accepts(op, "/tags", tags(20));
    refuses(op, "/tags", tags(21), "node_tags");
    refuses(op, "/tags", json!([]), "tag_key");
    for (op, tag) in [(op, "/tags/0"), ("create_tag", "/tag")] {
        let (key, value) = (format!("{tag}/key"), format!("{tag}/value"));
        accepts(op, &key, text(36));
        refuses(op, &key, text(37), "tag_key");
        refuses(op, &key, json!(""), "tag_key");
        refuses(op, &key, json!("a.b"), "tag_key");
        accepts(op, &value, text(43));
        accepts(op, &value, json!("北京"));
        refuses(op, &value, text(44), "tag_value");
        refuses(op, &value, json!("a b"), "tag_value");
    }
    refuses("create_tag", "/tag", Value::Null, "tag_key");
    refuses(op, "/action", json!("filter"), "tag_change_action");
    let twice = json!([{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]);
    refuses(op, "/tags", twice.clone(), "tag_key");
    // What is taken off is not looked at, but for its key.
    let operation = operation(op);
    for tags in [twice, json!([{"key": "a.b", "value": "c d"}])] {
        let body = json!({"action": "delete", "tags": tags});
        let found = (operation.violations)(&call(operation.spec, Some(body)));
        assert_eq!(found, Ok(vec![]));
    }
    let keyless = json!({"action": "delete", "tags": [{"value": "v"}]});
    refuses_whole(op, keyless, "tags.0.key", "tag_key");
}

#[test]
fn only_four_types_carry_tags() {
    for name in [
        "list_tags",
        "list_tags_by_resource_type",
        "delete_resource_tag",
    ] {
        let operation = operation(name);
        let mut call = call(operation.spec, None);
        for (kind, expected) in [
            ("ief-edge_node", None),
            ("ief-deployment", None),
            ("ief-application", None),
            ("ief-device", None),
            ("ief-group", Some(("resource_type", "tagged_type"))),
        ] {
            call.path
                .insert("resource_type".to_owned(), kind.to_owned());
            let found = (operation.violations)(&call).expect("it has the shape");
            let found = found.first().map(|v| (v.path.as_str(), v.rule.as_str()));
            assert_eq!(found, expected, "{name} {kind}");
        }
    }
}
