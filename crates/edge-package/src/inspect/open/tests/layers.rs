//! Layers in every nesting, and what breaks on the way.

use super::{CA, KEY, LEAF, base64, gzip, opened, package, tar, things, troubles};
use crate::inspect::open::answers::Subject;
use crate::inspect::open::contents::Content;
use crate::inspect::open::{Opened, Trouble};
use crate::inspect::words::{Language, Words};
use crate::report::Kind;

const WHOLE: &str =
    "certificate rootCA.crt, certificate private_cert.crt, private private_cert.key";

#[track_caller]
fn check(bytes: &[u8], layers: &str, expected: &str, expected_troubles: &[Trouble]) -> Opened {
    let opened = opened(bytes);
    let own: Vec<_> = opened
        .layers
        .iter()
        .map(|layer| match layer.place.as_str() {
            "" => layer.form.clone(),
            place => format!("{}({place})", layer.form),
        })
        .collect();
    assert_eq!(own.join(" "), layers);
    assert_eq!(things(&opened), expected);
    assert_eq!(troubles(&opened), expected_troubles);
    opened
}

/// Lines of so many letters.
fn wrapped(text: &[u8], width: usize, end: &str) -> Vec<u8> {
    let lines = text
        .chunks(width)
        .map(|line| [line, end.as_bytes()].concat());
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn a_package_is_opened_however_it_comes() {
    let package = package();
    let text = String::from_utf8(base64(&package)).unwrap();
    check(&package, "gzip tar", WHOLE, &[]);
    check(text.as_bytes(), "base64 gzip tar", WHOLE, &[]);
    check(
        &wrapped(text.as_bytes(), 76, "\r\n"),
        "base64 gzip tar",
        WHOLE,
        &[],
    );
    let url_safe = text.replace('+', "-").replace('/', "_");
    check(
        url_safe.trim_end_matches('=').as_bytes(),
        "base64 gzip tar",
        WHOLE,
        &[],
    );
    check(
        format!("\"{text}\"").as_bytes(),
        "base64 gzip tar",
        WHOLE,
        &[],
    );
    check(
        format!("'{text}'\n").as_bytes(),
        "base64 gzip tar",
        WHOLE,
        &[],
    );
    check(
        format!("\"{text}\",").as_bytes(),
        "base64 gzip tar",
        WHOLE,
        &[],
    );
    for field in [format!("package: {text}"), format!("package='{text}'\n")] {
        check(field.as_bytes(), "base64 gzip tar", WHOLE, &[]);
    }
    let field = "json(package) base64 gzip tar";
    check(
        format!("  \"package\": \"{text}\",\n").as_bytes(),
        field,
        WHOLE,
        &[],
    );
    let answer = format!("{{\"node\": {{\"id\": \"n1\", \"package\": \"{text}\"}}}}");
    let node = "json(node.package) base64 gzip tar";
    check(answer.as_bytes(), node, WHOLE, &[]);
    check(format!("\u{feff}{answer}").as_bytes(), node, WHOLE, &[]);
    check(
        format!("HTTP/1.1 201 Created\r\nA: b\r\n\r\n{answer}").as_bytes(),
        node,
        WHOLE,
        &[],
    );
    check(
        format!("$ curl …\n{answer}\n$").as_bytes(),
        node,
        WHOLE,
        &[],
    );
    let quoted = serde_json::to_string(&answer).unwrap();
    check(quoted.as_bytes(), node, WHOLE, &[]);
    let wide: Vec<u8> = format!("\u{feff}{answer}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(&wide, node, WHOLE, &[]);
    check(&gzip(text.as_bytes()), "gzip base64 gzip tar", WHOLE, &[]);
    check(&gzip(&gzip(&package)), "gzip gzip gzip tar", WHOLE, &[]);
    check(
        &base64(text.as_bytes()),
        "base64 base64 gzip tar",
        WHOLE,
        &[],
    );
}

#[test]
fn an_archive_within_an_archive_is_opened_under_its_path() {
    let outer = gzip(&tar(&[
        ("a.tar.gz", &package()),
        ("note", b"for you, and nobody else"),
    ]));
    let opened = check(
        &outer,
        "gzip tar",
        "certificate a.tar.gz/rootCA.crt, certificate a.tar.gz/private_cert.crt, private a.tar.gz/private_cert.key",
        &[],
    );
    let paths: Vec<_> = opened
        .entries
        .iter()
        .map(|entry| entry.path.as_str())
        .collect();
    let expected = [
        "a.tar.gz",
        "a.tar.gz/rootCA.crt",
        "a.tar.gz/private_cert.crt",
        "a.tar.gz/private_cert.key",
        "a.tar.gz/user_config",
        "note",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn entries_are_recognised_and_secrets_have_no_digest() {
    let opened = opened(&package());
    let entries: Vec<_> = opened
        .entries
        .iter()
        .map(|entry| (entry.file_name(), entry.content, entry.sha256.is_some()))
        .collect();
    let expected = [
        ("rootCA.crt", Content::Certificate, true),
        ("private_cert.crt", Content::Certificate, true),
        ("private_cert.key", Content::PrivateKey, false),
        ("user_config", Content::Configuration, false),
    ];
    assert_eq!(entries, expected);
    assert_eq!(opened.hint, Some(Kind::Node));
    let configuration = opened.configurations[0].say(Words::of(Language::En));
    assert_eq!(
        configuration.fields[0],
        ("NODE_ID".to_owned(), "n1".to_owned())
    );
    assert!(!configuration.text.contains("hidden"));
    assert!(opened.missing_files(Kind::Node).is_empty());
    assert!(opened.unexpected_files().is_empty());
}

#[test]
fn what_is_missing_or_unexpected_is_named() {
    let opened = opened(&tar(&[
        ("rootCA.crt", CA.as_bytes()),
        ("bin/run.sh", b"#!/bin/sh\necho"),
    ]));
    let missing = ["private_cert.crt", "private_cert.key", "user_config"];
    assert_eq!(opened.missing_files(Kind::Node), missing);
    assert_eq!(opened.missing_files(Kind::GroupCertificate), missing[..2]);
    assert_eq!(opened.unexpected_files(), ["bin/run.sh"]);
}

#[test]
fn what_is_broken_beside_a_package_is_told_from_what_is_broken_in_it() {
    let files = |name: &'static str| {
        tar(&[
            ("rootCA.crt", CA.as_bytes()),
            (name, b"PK\x03\x04rest"),
            ("empty", b""),
        ])
    };
    let beside = |archive: &[u8]| {
        let opened = opened(archive);
        let found = opened.troubles.iter();
        found
            .map(|found| (found.place.clone(), found.is_beside))
            .collect::<Vec<_>>()
    };
    let place = |name: &str, is_beside| (name.to_owned(), is_beside);
    assert_eq!(
        beside(&files("private_cert.key")),
        [place("private_cert.key", false), place("empty", true)]
    );
    assert_eq!(
        beside(&files("tools.zip")),
        [place("tools.zip", true), place("empty", true)]
    );
    let loose = tar(&[("key.pem", b"PK\x03\x04rest")]);
    assert_eq!(beside(&loose), [place("key.pem", false)]);
}

#[test]
fn an_answer_claims_and_its_fields_are_opened() {
    let text = serde_json::json!({
        "id": "c1", "name": "mqtt", "node_id": "n1", "project_id": "p1", "serial_num": "0a", "type": "application",
        "ca": CA, "certificate": LEAF, "private_key": KEY, "package": "",
    })
    .to_string();
    let opened = check(
        text.as_bytes(),
        "json(private_key) pem",
        "certificate certificate, certificate ca, private private_key",
        &[],
    );
    assert_eq!(opened.hint, Some(Kind::NodeCertificate));
    let claims: Vec<_> = opened
        .claims
        .iter()
        .map(|claim| (claim.subject, claim.value.as_str()))
        .collect();
    let expected = [
        (Subject::CertificateId, "c1"),
        (Subject::CertificateName, "mqtt"),
        (Subject::NodeId, "n1"),
        (Subject::Project, "p1"),
        (Subject::Serial, "0a"),
        (Subject::CertificateType, "application"),
    ];
    assert_eq!(claims, expected);
    let empty = r#"{"node": {"id": "n1", "package": null, "private_key": ""}}"#;
    check(empty.as_bytes(), "", "", &[Trouble::AnswerWithoutSecrets]);
    let odd = r#"{"node": {"package": "", "private_key": "password: hidden"}}"#;
    let opened = check(
        odd.as_bytes(),
        "json(node.private_key)",
        "",
        &[Trouble::Unknown],
    );
    assert!(!format!("{opened:?}").contains("hidden"));
    let error = r#"{"error_code": "IEF.104004", "error_msg": "exists"}"#;
    let code = "IEF.104004".to_owned();
    check(error.as_bytes(), "", "", &[Trouble::ServiceError { code }]);
}

#[test]
fn what_is_cut_on_the_way_is_told_and_the_rest_kept() {
    let package = package();
    let text = base64(&package);
    let some = "certificate rootCA.crt";
    let cut = &package[..package.len() * 3 / 5];
    check(
        cut,
        "gzip tar",
        some,
        &[Trouble::GzipTruncated, Trouble::TarTruncated],
    );
    let cut = &text[..text.len() * 3 / 5 / 4 * 4 + 1];
    let expected = [
        Trouble::Base64Truncated,
        Trouble::GzipTruncated,
        Trouble::TarTruncated,
    ];
    check(cut, "base64 gzip tar", some, &expected);
    check(&package[..12], "gzip", "", &[Trouble::GzipTruncated]);
    let mut wrong = package.clone();
    let at = wrong.len() - 5;
    wrong[at] ^= 1;
    check(&wrong, "gzip tar", WHOLE, &[Trouble::GzipChecksum]);
    let answer = format!(
        "{{\"certificate\": {}, \"pack",
        serde_json::to_string(LEAF).unwrap()
    );
    let column = answer.len();
    let damaged = Trouble::JsonDamaged { line: 1, column };
    check(answer.as_bytes(), "pem", "certificate in", &[damaged]);
    let foreign = [&text[..400], b"%", &text[400..]].concat();
    let opened = opened(&foreign);
    assert_eq!(
        troubles(&opened)[..2],
        [Trouble::Base64Damaged { at: 400 }, Trouble::GzipTruncated]
    );
}

#[test]
fn a_broken_configuration_is_told_and_not_shown() {
    let config = br#"{"NODE_ID": "n1", "password": "hidden"#;
    let opened = opened(&tar(&[
        ("rootCA.crt", CA.as_bytes()),
        ("user_config", config),
    ]));
    let column = config.len();
    assert_eq!(
        troubles(&opened),
        [Trouble::JsonDamaged { line: 1, column }]
    );
    assert!(!opened.troubles[0].is_beside);
    let text = opened.configurations[0].say(Words::of(Language::En)).text;
    assert!(text.starts_with("Not shown"), "{text}");
}

#[test]
fn copies_end_somewhere() {
    let quotes = format!("{}x{}", "'".repeat(6 << 20), "'".repeat(6 << 20));
    check(
        quotes.as_bytes(),
        "",
        "",
        &[Trouble::TotalTooLarge { limit: 16 << 20 }],
    );
    let block = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
        "AAAA".repeat(1 << 20)
    );
    let label = "CERTIFICATE".to_owned();
    check(
        block.as_bytes(),
        "pem",
        "",
        &[Trouble::PemDamaged { label }],
    );
    let mut huge = vec![0x30, 0x83, 0x20, 0, 0, 2, 1, 0, 2, 0x83, 0x1f, 0xff, 0xf8];
    huge.resize(5 + (2 << 20), 1);
    check(
        &huge,
        "der",
        "",
        &[Trouble::TotalTooLarge { limit: 1 << 20 }],
    );
}

#[test]
fn layers_end_somewhere() {
    let mut nested = b"hello".to_vec();
    for _ in 0..12 {
        nested = gzip(&nested);
    }
    let layers = ["gzip"; 9].join(" ");
    check(&nested, &layers, "", &[Trouble::TooDeep { limit: 8 }]);
    let keys = KEY.repeat(40);
    let of_keys = opened(keys.as_bytes());
    assert_eq!(of_keys.keys.len(), 32);
    assert_eq!(troubles(&of_keys), [Trouble::TooManyThings { limit: 32 }]);
    let many = CA.repeat(300);
    let opened = opened(many.as_bytes());
    assert_eq!(opened.certificates.len(), 256);
    assert_eq!(troubles(&opened), [Trouble::TooManyThings { limit: 256 }]);
}

#[test]
fn a_key_or_a_password_alone_has_no_digest() {
    let config = br#"{"NODE_ID": "n1", "PASSWORD": "hidden"}"#;
    let zipped = gzip(config);
    for secret in [
        KEY.as_bytes(),
        &base64(KEY.as_bytes()),
        &gzip(KEY.as_bytes()),
        [LEAF, KEY].concat().as_bytes(),
        config,
        &zipped,
        b"user: x\npassword: hidden\n",
        br#"{"PASSWORD": "hidden","#,
    ] {
        assert_eq!(opened(secret).sha256, "", "{}", secret.escape_ascii());
    }
    for public in [
        LEAF.as_bytes(),
        br#"{"NODE_ID": "n1"}"#,
        &package(),
        &tar(&[("private_cert.key", KEY.as_bytes())]),
    ] {
        assert_eq!(opened(public).sha256, super::super::sha256(public));
    }
    let packed = opened(&tar(&[("config.gz", &zipped)]));
    assert_eq!(packed.entries[0].sha256, None);
}
