//! What is written back into a text, and where things stand in one.

use deploy_doc::Path;
use deploy_doc::source::{Format, LineIndex, apply_edits, parse, rewrite};
use serde_json::{Value, json};

/// Changes a text by changing what it says.
#[track_caller]
fn check(format: Format, before: &str, change: impl FnOnce(&mut Value), after: &str) {
    let parsed = parse(before, format).unwrap();
    let mut value = parsed.value().clone();
    change(&mut value);
    let edits = rewrite(before, &parsed, &value);
    assert_eq!(apply_edits(before, &edits), after);
}

#[track_caller]
fn yaml(before: &str, change: impl FnOnce(&mut Value), after: &str) {
    check(Format::Yaml, before, change, after);
}

#[track_caller]
fn json(before: &str, change: impl FnOnce(&mut Value), after: &str) {
    check(Format::Json, before, change, after);
}

fn at<'a>(value: &'a mut Value, pointer: &str) -> &'a mut Value {
    value.pointer_mut(pointer).unwrap()
}

fn list<'a>(value: &'a mut Value, pointer: &str) -> &'a mut Vec<Value> {
    at(value, pointer).as_array_mut().unwrap()
}

fn remove(value: &mut Value, key: &str) {
    value.as_object_mut().unwrap().shift_remove(key);
}

const TEXT: &str = "\
# The shop.
name: shop   # keep me
tags:
- key: a   # first
  value: '1'
# the second
- key: b
  value: \"2\"

deployment:
  replicas: 1
  template:
    configs: {host_network: false, restart_policy: Always}
";

#[test]
fn a_scalar_changes_in_its_own_way() {
    yaml(
        TEXT,
        |it| *at(it, "/name") = json!("store"),
        &TEXT.replace("name: shop", "name: store"),
    );
    yaml(
        TEXT,
        |it| *at(it, "/tags/0/value") = json!("it's"),
        &TEXT.replace("'1'", "'it''s'"),
    );
    yaml(
        TEXT,
        |it| *at(it, "/tags/1/value") = json!("a\nb"),
        &TEXT.replace("\"2\"", "|-\n    a\n    b"),
    );
    yaml(
        TEXT,
        |it| *at(it, "/deployment/replicas") = json!(12),
        &TEXT.replace("replicas: 1", "replicas: 12"),
    );
    yaml(
        TEXT,
        |it| *at(it, "/deployment/template/configs/host_network") = json!(true),
        &TEXT.replace("host_network: false", "host_network: true"),
    );
    // Quotes come where there would be another meaning for other readers.
    yaml("x: a\n", |it| *at(it, "/x") = json!("yes"), "x: \"yes\"\n");
    yaml(
        "x: a\n",
        |it| *at(it, "/x") = json!("a: b"),
        "x: \"a: b\"\n",
    );
    // Where the model has text a number without quotes is text too, and stays without.
    yaml(
        "name: 1.5\n",
        |it| *at(it, "/name") = json!("1.10"),
        "name: 1.10\n",
    );
    yaml(
        "name: # none\n",
        |it| *at(it, "/name") = json!("x"),
        "name: x # none\n",
    );
    yaml("name:\n", |it| *at(it, "/name") = json!("x"), "name: x\n");
}

#[test]
fn fields_come_behind_those_they_follow_and_go_with_their_comments() {
    yaml(
        TEXT,
        |it| {
            let fields = it.as_object_mut().unwrap();
            fields.shift_insert(1, "description".to_owned(), json!("A shop"));
        },
        &TEXT.replace("# keep me\n", "# keep me\ndescription: A shop\n"),
    );
    yaml(
        TEXT,
        |it| {
            let fields = it.as_object_mut().unwrap();
            fields.shift_insert(0, "id".to_owned(), json!(1));
        },
        &TEXT.replace("name: shop", "id: 1\nname: shop"),
    );
    // What stands above the first field is about the document.
    yaml(
        TEXT,
        |it| remove(it, "name"),
        &TEXT.replace("name: shop   # keep me\n", ""),
    );
    yaml(
        "a: 1\n# about b\nb: 2\n\n# about c\nc: 3\n",
        |it| remove(it, "b"),
        "a: 1\n\n# about c\nc: 3\n",
    );
    yaml("a: 1\nb: 2", |it| remove(it, "b"), "a: 1\n");
    yaml("a: 1", |it| it["b"] = json!([1]), "a: 1\nb:\n  - 1");
    yaml("a: 1 # c", |it| it["b"] = json!(2), "a: 1 # c\nb: 2");
    yaml("a: {}\n", |it| it["a"]["b"] = json!(2), "a:\n  b: 2\n");
    yaml("a:\n  b: 1\n", |it| remove(&mut it["a"], "b"), "a: {}\n");
    yaml(
        "a: x # why\n",
        |it| it["a"] = json!({ "b": 1 }),
        "a: # why\n  b: 1\n",
    );
}

#[test]
fn entries_come_go_and_move_with_their_lines() {
    yaml(
        TEXT,
        |it| list(it, "/tags").push(json!({ "key": "c", "value": "3" })),
        &TEXT.replace("\"2\"\n", "\"2\"\n- key: c\n  value: \"3\"\n"),
    );
    yaml(
        TEXT,
        |it| {
            list(it, "/tags").remove(1);
        },
        &TEXT.replace("# the second\n- key: b\n  value: \"2\"\n", ""),
    );
    yaml(
        TEXT,
        |it| {
            list(it, "/tags").remove(0);
        },
        &TEXT.replace("- key: a   # first\n  value: '1'\n", ""),
    );
    yaml(
        TEXT,
        |it| list(it, "/tags").swap(0, 1),
        &TEXT.replace(
            "- key: a   # first\n  value: '1'\n# the second\n- key: b\n  value: \"2\"\n",
            "# the second\n- key: b\n  value: \"2\"\n- key: a   # first\n  value: '1'\n",
        ),
    );
    yaml(
        "l:\n  - a # 1\n  - b # 2\n  - c # 3\n",
        |it| {
            let entry = list(it, "/l").remove(0);
            list(it, "/l").push(entry);
        },
        "l:\n  - b # 2\n  - c # 3\n  - a # 1\n",
    );
    yaml(
        "l:\n  - a # 1\n",
        |it| list(it, "/l").push(json!("a")),
        "l:\n  - a # 1\n  - a # 1\n",
    );
    yaml("l:\n- a\n", |it| list(it, "/l").clear(), "l: []\n");
    yaml(
        "l: []\n",
        |it| list(it, "/l").push(json!("a")),
        "l:\n  - a\n",
    );
    yaml(
        "l: [a, b, c] # x\n",
        |it| {
            list(it, "/l").remove(1);
        },
        "l: [a, c] # x\n",
    );
    yaml(
        "l: [a, b]\n",
        |it| list(it, "/l").insert(0, json!("z")),
        "l: [z, a, b]\n",
    );
    yaml("l: [a, b]\n", |it| list(it, "/l").truncate(1), "l: [a]\n");
}

#[test]
fn the_first_field_behind_a_dash_can_go() {
    yaml(
        "l:\n  - a: 1\n    b: 2\n",
        |it| remove(&mut it["l"][0], "a"),
        "l:\n  - b: 2\n",
    );
    yaml(
        "l:\n  - a: 1\n    # about b\n    b: 2\n    c: 3\n",
        |it| remove(&mut it["l"][0], "a"),
        "l:\n  - \n    # about b\n    b: 2\n    c: 3\n",
    );
    yaml(
        "l:\n  - a: 1\n    b: 2\n    c: 3\n",
        |it| {
            remove(&mut it["l"][0], "a");
            remove(&mut it["l"][0], "b");
            it["l"][0]["d"] = json!(4);
        },
        "l:\n  - c: 3\n    d: 4\n",
    );
}

#[test]
fn texts_of_several_lines_stay_such() {
    yaml(
        "s: | # script\n    one\n    two\nt: 1\n",
        |it| it["s"] = json!("one\nthree\n"),
        "s: | # script\n    one\n    three\nt: 1\n",
    );
    yaml(
        "s: |\n  one\n  two\nt: 1\n",
        |it| it["s"] = json!("one"),
        "s: one\nt: 1\n",
    );
    yaml(
        "s: one\nt: 1\n",
        |it| it["s"] = json!("a\nb"),
        "s: |-\n  a\n  b\nt: 1\n",
    );
}

#[test]
fn lines_of_other_systems_stay_as_they_end() {
    yaml(
        "a: 1 # x\r\nl:\r\n- b\r\n- c\r\n",
        |it| {
            it["a"] = json!(2);
            list(it, "/l").remove(0);
        },
        "a: 2 # x\r\nl:\r\n- c\r\n",
    );
    yaml(
        "a: 1\r\nb: 2\r\n",
        |it| it["c"] = json!([3]),
        "a: 1\r\nb: 2\r\nc:\r\n  - 3\r\n",
    );
}

#[test]
fn aliases_are_read_and_written_out_where_they_no_longer_fit() {
    let text = "a: &x\n  k: 1\nb: *x\nc:\n  <<: *x\n  l: 2\n# end\n";
    let parsed = parse(text, Format::Yaml).unwrap();
    let value = json!({ "a": { "k": 1 }, "b": { "k": 1 }, "c": { "l": 2, "k": 1 } });
    assert_eq!(parsed.value(), &value);
    yaml(
        text,
        |it| it["b"]["k"] = json!(2),
        "a: &x\n  k: 1\nb:\n  k: 2\nc:\n  <<: *x\n  l: 2\n# end\n",
    );
    let place = parsed.place_of(&"/b/k".parse().unwrap()).unwrap();
    assert_eq!(&text[place.value], "*x");
}

const JSON: &str = r#"{
    "name": "shop",
    "tags": [
        { "key": "a", "value": "1" },
        { "key": "b", "value": "2" }
    ],
    "deployment": { "replicas": 1 }
}
"#;

#[test]
fn json_keeps_its_layout() {
    json(
        JSON,
        |it| *at(it, "/tags/1/value") = json!("x\"y"),
        &JSON.replace("\"2\"", r#""x\"y""#),
    );
    json(
        JSON,
        |it| {
            list(it, "/tags").remove(1);
        },
        &JSON.replace(",\n        { \"key\": \"b\", \"value\": \"2\" }", ""),
    );
    json(
        JSON,
        |it| {
            list(it, "/tags").remove(0);
        },
        &JSON.replace("{ \"key\": \"a\", \"value\": \"1\" },\n        ", ""),
    );
    json(
        JSON,
        |it| it["deployment"]["template"] = json!({ "configs": {} }),
        &JSON.replace(
            "\"replicas\": 1",
            "\"replicas\": 1, \"template\": {\"configs\": {}}",
        ),
    );
    json(
        JSON,
        |it| it["more"] = json!([{ "a": 1 }]),
        &JSON.replace(
            "\"replicas\": 1 }\n",
            "\"replicas\": 1 },\n    \"more\": [\n        {\n            \"a\": 1\n        }\n    ]\n",
        ),
    );
    json(
        "{\"a\": []}",
        |it| list(it, "/a").push(json!(1)),
        "{\"a\": [\n  1\n]}",
    );
}

#[test]
fn problems_are_found_in_the_text_and_cursors_in_the_document() {
    let text = "name: shop\ndeployment:\n  template:\n    containers:\n    - name: web\n      ports:\n      - host_port: 80\n";
    let parsed = parse(text, Format::Yaml).unwrap();
    let lines = LineIndex::new(text);
    #[track_caller]
    fn mark(text: &str, parsed: &deploy_doc::source::Parsed, path: &str, expected: &str) {
        let path: Path = path.parse().unwrap();
        assert_eq!(&text[parsed.mark_of(&path)], expected, "{path}");
    }
    mark(text, &parsed, "/name", "shop");
    mark(
        text,
        &parsed,
        "/deployment/template/containers/0/ports/0/host_port",
        "80",
    );
    // What isn't there is marked at what it is missing in.
    mark(text, &parsed, "/deployment/template/configs", "template");
    mark(
        text,
        &parsed,
        "/deployment/template/containers/0/ports/0/host_ip",
        "host_port: 80",
    );
    for (needle, path) in [
        ("shop", "/name"),
        ("web", "/deployment/template/containers/0/name"),
        (
            "host_port",
            "/deployment/template/containers/0/ports/0/host_port",
        ),
    ] {
        let offset = text.find(needle).unwrap();
        assert_eq!(parsed.path_at(offset + 1).to_string(), path);
    }
    let place = parsed
        .place_of(&"/deployment/template".parse().unwrap())
        .unwrap();
    assert_eq!(lines.position(text, place.key.unwrap().start).line, 2);
    assert_eq!(lines.position(text, place.value.start).line, 3);
}

#[test]
fn one_change_in_a_large_commented_text_touches_one_line() {
    let mut text = String::from("name: x\nl:\n");
    for number in 0..300 {
        text.push_str(&format!(
            "  # above {number}\n  - name: n{number} # behind\n    value: v{number}\n\n"
        ));
    }
    let parsed = parse(&text, Format::Yaml).unwrap();
    let mut value = parsed.value().clone();
    *at(&mut value, "/l/150/value") = json!("other");
    let edits = rewrite(&text, &parsed, &value);
    assert_eq!(
        apply_edits(&text, &edits),
        text.replace("value: v150\n", "value: other\n")
    );
    assert_eq!(edits.len(), 1);
}
