//! What may be secret in a configuration file is in no report, in whatever form it is written.

use edge_package::inspect::{Language, judge, write};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use crate::support::{context, file, opened, packed};

const CANARY: &str = "CaNaRy7f3e";

/// All reports of a configuration file, by itself and within an archive.
fn reports(content: &str) -> Vec<String> {
    let archive = packed(&[file("user_config", 0o600, content)]);
    let mut written = Vec::new();
    for bytes in [content.as_bytes(), &archive] {
        let opened = opened(bytes);
        written.push(format!("{opened:?}"));
        for language in [Language::En, Language::Zh] {
            let mut context = context(None);
            context.language = language;
            let report = judge(&opened, &context);
            written.push(write::text(&report, language));
            written.push(write::html(&report, language));
            written.push(write::json(&report));
        }
    }
    written
}

#[track_caller]
fn is_hidden(content: &str, secret: &str) {
    for report in reports(content) {
        assert!(
            !report.contains(secret),
            "{secret} of {content} in {report}"
        );
    }
}

#[test]
fn secrets_are_in_no_report() {
    let json = |members: &str| format!("{{\"NODE_ID\": \"x\", {members}}}").replace('@', CANARY);
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(18), close.repeat(18));
        json(&format!("\"a\": {open}{{\"password\": \"@\"}}{close}"))
    };
    let wide = format!("[{}{{\"password\": \"@\"}}]", "1,".repeat(5001));
    let members: String = (0..5001).map(|at| format!("\"k{at}\": 1, ")).collect();
    let long = format!("\"{}_password\": \"@\"", "database_".repeat(10));
    let mut texts = vec![
        deep("{\"a\": ", "}"),
        deep("[", "]"),
        wide.replace('@', CANARY),
        json(&format!("\"z\": {wide}")),
        json(&format!("{members}\"password\": \"@\"")),
        json(&long),
    ];
    let of_json = [
        r#""endpoint": "https://h.example/x?access_token=@&a=b""#,
        r#""MASTER_URL": "https://h.example/x?access_token=@&a=b""#,
        r#""MASTER_URL": "https://@:b\u0040h.example/""#,
        r#""repo": "https://@\u0040example.org/x.git""#,
        r#""dsn": "host=db user=a password=@""#,
        r#""dsn": "root:@\u0040tcp(db:3306)/x""#,
        r#""dbPassWord": "@", "AccessKeySecret": "@""#,
        r#""password_name": "@", "secret_id": "@", "tokenMode": "@""#,
        r#""headers": ["Authorization: Bearer @", "X-Auth-Token: @"], "h": "Token @""#,
        r#""cmd": "run --password @", "args": ["--token", "@", "--password=@"]"#,
        r#""env": [{"name": "DB_PASSWORD", "value": "@"}, {"key": "token", "value": "@"}]"#,
        r#""cfg": "{\"password\":\"@\"}", "y": "password: @\n""#,
        r#""auth_code": "@", "psk2": "@", "pw": "@", "passcode": "@", "kennwort": "@""#,
        r#""密钥": "@", "口令": "@", "license": "@", "connection": "Server=x;Pwd=@;""#,
        r#""passwords": ["@", ["@"], {"v": "@"}], "secret": {"file": "@", "NODE_ID": "@"}"#,
        r#""pass\u0077ord": "@", "pass\u200bword": "@", "ｐａｓｓｗｏｒｄ": "@", "pаssword": "@""#,
        r#""the password is @": 1, "https://a:@\u0040h": {"b": 1}"#,
        r#""crv": "P-256", "d": "@", "REGION": "@ and more", "NODE_NAME": "--password=@""#,
    ];
    texts.extend(of_json.map(json));
    texts.push(json(
        "\"error_code\": \"@\", \"code\": \"@\", \"message\": \"@\"",
    ));
    let of_others = [
        "NODE_ID: x\npassword: \"first\n  @\"\nz: 1\n",
        "NODE_ID: x\npassword: first\n  @\nz: 1\n",
        "NODE_ID: &a x\nr: *a\n? password\n: @\n",
        "NODE_ID: &a x\nr: *a\npasswords:\n- @\n",
        "NODE_ID: &a x\nr: *a\n\"pass\\x77ord\": @\n",
        "NODE_ID: x\npassword: >-\n  @\n  @\n",
        "NODE_ID: x\nkey: |\n  A1bA1bA1b\n  @\n",
        "NODE_ID: x\nenv:\n- name: DB_PASSWORD\n  value: @\n",
        "NODE_ID: x\n!!str password: @\n\"pass\\x77ord\": @\n",
        "NODE_ID: x\na: {user: b, password: @, z: 1}\nb: [\"password\", @]\n",
        "[db]\nNODE_ID=x\npassword=@\ndsn=mysql://a:@%h/x\nX=--password @\n",
        "NODE_ID = \"x\"\npassword = \"\"\"\n@\n\"\"\"\n",
        "key=abcd\n@==\n@=\n",
        "key: abcd\n@:\n",
        "export NODE_ID=x\nPASSWORD=$(echo @)\nA=1; PASS=@\nNODE_ID=x; PASS=@\n",
        "# password: @\nNODE_ID=x\n",
        "<config>\n<password>@</password>\n<user password=\"@\"/>\n</config>\n",
        "the password is @\nmysql -u root -p@\ncurl -u admin:@ https://x\n",
        "machine x login y password @\n",
        "x:$6$abc$@:1:\nlocalhost:5432:db:user:@\n",
        "db.password @\n\"password\",\"@\"\npassword\t@\npassword => @\n",
        "some: text\n> @\n",
        "{\"NODE_ID\": \"x\", \"password\": \"@",
        "@",
    ];
    // The sign of an address is written otherwise than the place of the secret.
    texts.extend(of_others.map(|text| text.replace('@', CANARY).replace('%', "@")));
    for text in texts {
        is_hidden(&text, CANARY);
    }
}

#[test]
fn keys_in_other_writing_are_in_no_report() {
    let hex = "ecc4535b54411a2a249a4e56abe913a404c16633ebacdaa9c17c926f2cca440e";
    let decimal = "107092709597975223753063634560042631317464142988882534108738";
    let line = "7MRTW1RBGiokmk5WPz3A";
    for text in [
        format!("{{\"k\": \"{hex}\", \"NODE_ID\": \"{hex}\", \"NODE_NAME\": \"{hex}\"}}"),
        format!("{{\"{hex}\": 1, \"x\": {{\"a{hex}\": {{\"b\": 2}}}}}}"),
        format!("k={hex}\n"),
        format!("k: {hex}\n"),
    ] {
        is_hidden(&text, &hex[..12]);
    }
    for text in [
        format!("note: d={decimal}\n"),
        format!("{{\"d\": {decimal}, \"pin\": 107092}}"),
        format!("d={decimal}\n"),
    ] {
        is_hidden(&text, &decimal[..6]);
    }
    for text in [
        format!("x: y\n  {line}\n  {line}\n"),
        format!("note: {line} {line}\n"),
        format!("hello\n----BEGIN PRIVATE KEY----\n{line}\nend\n"),
        format!("k={line}\n{line}=\n"),
    ] {
        is_hidden(&text, line);
    }
    for secret in ["70212", "70214", "70216"] {
        is_hidden("{\"d\": [70212, 70213, 70214], \"value\": 70216}", secret);
    }
}

/// A value in which the canary stands somewhere.
fn value() -> impl Strategy<Value = String> {
    let part = "[ -~äß密\\n\\t]{0,12}";
    (part, part).prop_map(|(before, after)| format!("{before}{CANARY}{after}"))
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z_.-]{1,12}",
        "[ -~密钥]{0,70}",
        Just("password".to_owned()),
        Just("value".to_owned()),
        Just("NODE_ID_2".to_owned()),
    ]
    .prop_filter("known names may show it", |name| !name.contains(CANARY))
}

fn tree() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        value().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(20, 60, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            vec((name(), inner), 0..4)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

    #[test]
    fn no_report_shows_what_stands_in_json_or_yaml(tree in tree()) {
        is_hidden(&tree.to_string(), CANARY);
        is_hidden(&format!("{tree:#}"), CANARY);
        if let Ok(yaml) = serde_yaml_ng::to_string(&tree) {
            is_hidden(&yaml, CANARY);
        }
    }

    #[test]
    fn no_report_shows_what_stands_in_lines(lines in vec((name(), value()), 1..6), separator in "=|: | => | |\t") {
        let text: String = lines
            .iter()
            .map(|(name, value)| format!("{name}{separator}{value}\n"))
            .collect();
        is_hidden(&text, CANARY);
    }

    #[test]
    fn no_report_shows_what_stands_in_free_text(before in "[ -~\\n]{0,60}", after in "[ -~\\n]{0,60}") {
        // The canary itself looks like a name, and isn't put where one stands.
        is_hidden(&format!("{before} {CANARY}! {after}"), CANARY);
    }
}
