use super::{MASK, read};

#[track_caller]
fn check(text: &str, shown: &str, fields: &[(&str, &str)]) {
    let found = read(text.as_bytes()).unwrap();
    assert_eq!(found.text, shown);
    let own: Vec<(&str, &str)> = found
        .fields
        .iter()
        .map(|(path, value)| (path.as_str(), value.as_str()))
        .collect();
    assert_eq!(own, fields);
    assert_eq!(found.masked, shown.contains(MASK));
}

#[test]
fn json_keeps_its_writing_and_loses_its_secrets() {
    check(
        "{\n  \"NODE_ID\": \"n1\",\n  \"mqtt\": {\"password\": \"a\\\"b\", \"port\": 8883},\n  \"TOKEN_TTL\": 5\n}\n",
        "{\n  \"NODE_ID\": \"n1\",\n  \"mqtt\": {\"password\": \"••••••\", \"port\": 8883},\n  \"TOKEN_TTL\": 5\n}\n",
        &[
            ("NODE_ID", "n1"),
            ("mqtt.password", MASK),
            ("mqtt.port", "8883"),
            ("TOKEN_TTL", "5"),
        ],
    );
}

#[test]
fn lines_of_assignments_are_read() {
    check(
        "# of a node\n[mqtt]\nhost = \"10.0.0.1\"\npassword=12\nexport URL='tls://me:pw@host:1'\n",
        "# of a node\n[mqtt]\nhost = \"10.0.0.1\"\npassword=••••••\nexport URL=••••••\n",
        &[
            ("mqtt.host", "10.0.0.1"),
            ("mqtt.password", MASK),
            ("mqtt.URL", MASK),
        ],
    );
}

#[test]
fn yaml_is_read_with_its_blocks() {
    check(
        "node: n1\nbroker:\n  token: |\n    line one\n    line two\n  key: /opt/key.pem\n  list: [a, {secret: hidden}]\n",
        "node: n1\nbroker:\n  token: ••••••\n    ••••••\n    ••••••\n  key: /opt/key.pem\n  list: [a, {secret: ••••••\n",
        &[
            ("node", "n1"),
            ("broker.token", MASK),
            ("broker.key", "/opt/key.pem"),
            ("broker.list[0]", "a"),
            ("broker.list[1].secret", MASK),
        ],
    );
}

#[test]
fn key_material_is_masked_wherever_it_stands_and_identifiers_are_not() {
    let key = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
    let project = "8f5c2d1e9b7a4c3386f0d2b4a6c8e0f2";
    check(
        &format!("project: {project}\nblob: {key}\n"),
        &format!("project: {project}\nblob: {MASK}\n"),
        &[("project", project), ("blob", MASK)],
    );
    check("prose, and nothing else", "prose, and nothing else", &[]);
    assert!(read(b"\x00\x01").is_none());
    assert!(read(b"  \n").is_none());
}

#[test]
fn keys_in_broken_writing_are_not_shown() {
    for text in [
        "my key\n----BEGIN PRIVATE KEY----\nMIGHAgEAMBMG\nshort\n",
        "Private-Key: (256 bit)\npriv:\n    5a:5b:5c\npub:\n    04\n",
        "RSA\nprivateExponent:\n    5a:5b\n",
    ] {
        let shown = read(text.as_bytes()).unwrap();
        assert!(shown.masked && shown.fields.is_empty());
        for part in ["MIGH", "short", "5a", "5b"] {
            assert!(!shown.text.contains(part), "{}", shown.text);
        }
    }
}

#[test]
fn yaml_that_repeats_itself_is_not_unfolded() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        let items = vec![format!("*{before}"); 9].join(", ");
        text += &format!("{name}: &{name} [{items}]\n");
    }
    let shown = read(text.as_bytes()).unwrap();
    assert_eq!((shown.text.len(), shown.fields.len()), (text.len(), 0));
}

#[test]
fn text_that_is_cut_keeps_its_secrets() {
    let shown = |text: &str| read(text.as_bytes()).unwrap().text;
    assert_eq!(
        shown(r#"{"NODE_ID": "n1", "mqtt": {"password": "hidden", "port": 1,"#),
        r#"{"NODE_ID": "n1", "mqtt": {"password": ••••••"#
    );
    assert_eq!(
        shown("[{'a': 1, 'secretKey': 'hidden"),
        "[{'a': 1, 'secretKey': ••••••"
    );
    let address = r#"{"url": "tls://me:hidden@host", "id": "8f5c2d1e9b7a4c3386f0d2b4a6c8e0f2""#;
    let shown_address = shown(address);
    assert!(!shown_address.contains("hidden"), "{shown_address}");
}
