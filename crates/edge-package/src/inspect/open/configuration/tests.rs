use super::{MASK, read};
use crate::inspect::words::{Language, Words};
use crate::report::Configuration;

fn shown(text: &str) -> Configuration {
    let found = read("config", text.as_bytes()).unwrap();
    found.say(Words::of(Language::En))
}

#[track_caller]
fn check(text: &str, expected: &str, fields: &[(&str, &str)]) {
    let found = shown(text);
    assert_eq!(found.text, expected);
    let own: Vec<(&str, &str)> = found
        .fields
        .iter()
        .map(|(path, value)| (path.as_str(), value.as_str()))
        .collect();
    assert_eq!(own, fields);
}

#[test]
fn json_is_written_anew_with_what_is_harmless() {
    check(
        "{\"NODE_ID\": \"n1\",\"mqtt\": {\"password\": \"a\\\"b\", \"port\": 8883,\"l\":[ ]},\n \"MASTER_URL\": \"https://h:443\", \"k!\": null}",
        "{\n  \"NODE_ID\": \"n1\",\n  \"mqtt\": {\n    \"password\": •••••• (text of 3 characters),\n    \"port\": 8883,\n    \"l\": []\n  },\n  \"MASTER_URL\": \"https://h:443\",\n  \"••••••\": null\n}\n",
        &[
            ("NODE_ID", "n1"),
            ("mqtt.password", "•••••• (text of 3 characters)"),
            ("mqtt.port", "8883"),
            ("MASTER_URL", "https://h:443"),
            (MASK, "null"),
        ],
    );
}

#[test]
fn lines_of_assignments_are_read() {
    check(
        "# of a node\n[mqtt]\nhostname = \"10.0.0.1\"\npassword=12\nexport MASTER_URL='tls://me:pw@host:1'\n",
        "mqtt.hostname = 10.0.0.1\nmqtt.password = •••••• (text of 2 characters)\nmqtt.MASTER_URL = •••••• (text of 18 characters)\n",
        &[
            ("mqtt.hostname", "10.0.0.1"),
            ("mqtt.password", "•••••• (text of 2 characters)"),
            ("mqtt.MASTER_URL", "•••••• (text of 18 characters)"),
        ],
    );
}

#[test]
fn yaml_is_read_with_its_blocks() {
    check(
        "node_id: n1\nbroker:\n  token: |\n    line\n  pin: 1234\n  port: 1883\n  list: [a, 7]\n",
        "node_id = n1\nbroker.token = •••••• (text of 5 characters)\nbroker.pin = •••••• (a number)\nbroker.port = 1883\nbroker.list[0] = •••••• (text of 1 character)\nbroker.list[1] = •••••• (a number)\n",
        &[
            ("node_id", "n1"),
            ("broker.token", "•••••• (text of 5 characters)"),
            ("broker.pin", "•••••• (a number)"),
            ("broker.port", "1883"),
            ("broker.list[0]", "•••••• (text of 1 character)"),
            ("broker.list[1]", "•••••• (a number)"),
        ],
    );
}

#[test]
fn what_is_not_understood_is_not_shown() {
    check(
        "prose, and\nnothing else",
        "Not shown, because it may hold secrets: 23 bytes in 2 lines.\n",
        &[],
    );
    assert!(read("config", b"\x00\x01").is_none());
    assert!(read("config", b"  \n").is_none());
    let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
    let wide = format!("{{\"a\": [{}1]}}", "1,".repeat(6000));
    let many: String = (0..2000).map(|at| format!("a{at}=b\n")).collect();
    let mut anchors = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        let items = vec![format!("*{before}"); 9].join(", ");
        anchors += &format!("{name}: &{name} [{items}]\n");
    }
    for text in [deep, wide, many, anchors] {
        let found = shown(&text);
        assert!(found.fields.is_empty() && found.text.starts_with("Not shown"));
    }
}

#[test]
fn values_under_known_names_look_like_such() {
    for value in [
        "https://me:hidden@h",
        "https://h/?token=hidden",
        "https://h/hidden-and-longer-than-paths",
        "hidden words",
        "--password=hidden",
    ] {
        for name in ["MASTER_URL", "NODE_ID", "NODE_NAME", "REGION"] {
            let text = serde_json::json!({ name: value }).to_string();
            assert!(!shown(&text).text.contains("hidden"), "{text}");
        }
    }
    let of_secret = shown(r#"{"secret": {"NODE_ID": "hidden"}, "pаssword.NODE_ID": "hidden"}"#);
    assert!(!of_secret.text.contains("hidden"));
}
