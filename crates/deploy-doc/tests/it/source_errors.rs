//! Texts that are no documents: why, and where.

use deploy_doc::source::{Format, Reason, parse};
use serde_json::json;

#[track_caller]
fn check(format: Format, text: &str, reason: &Reason, place: &str) {
    let error = parse(text, format).unwrap_err();
    assert_eq!(&error.reason, reason, "{text:?}");
    assert_eq!(&text[error.range], place, "{text:?}");
}

#[test]
fn errors_of_yaml_have_reasons_and_places() {
    let key = |key: &str| Reason::DuplicateKey {
        key: key.to_owned(),
    };
    let tag = |tag: &str| Reason::Tag {
        tag: tag.to_owned(),
    };
    let unexpected = |character| Reason::UnexpectedCharacter { character };
    let table = [
        ("", Reason::Empty, ""),
        ("# nothing\n", Reason::Empty, "# nothing\n"),
        ("a: b: c\n", Reason::Colon, ":"),
        ("a:\n\tb: 1\n", Reason::Tab, "b"),
        ("a:\n  b: 1\n c: 2\n", Reason::Indentation, "c"),
        ("a: 'x\n", Reason::UnclosedQuote, "'"),
        ("a: \"x\n", Reason::UnclosedQuote, "\""),
        ("a: [1, 2\n", Reason::UnclosedBracket { open: '[' }, "["),
        ("a: {b: 1\n", Reason::UnclosedBracket { open: '{' }, "{"),
        ("a: ]\n", Reason::WrongBracket, "]"),
        ("a: @x\n", unexpected('@'), "@"),
        ("a: 1\nb\nc: 2\n", Reason::ExpectedColon, "b"),
        ("a: 1\na: 2\n", key("a"), "a"),
        ("a: {b: 1, b: 2}\n", key("b"), "b"),
        ("a: \"\\q\"\n", Reason::Escape, "\""),
        ("a: 1\n---\nb: 2\n", Reason::SecondDocument, "---"),
        ("a: *x\n", Reason::UnknownAnchor, "*"),
        ("a: !x 1\n", tag("!x"), "!x"),
        ("a: !!binary aGk=\n", tag("!!binary"), "!!binary"),
        ("- a\n", Reason::NotAnObject, "- a"),
        ("a\n", Reason::NotAnObject, "a"),
        ("a: 0644\n", Reason::LeadingZero, "0644"),
        ("a: .nan\n", Reason::NotFinite, ".nan"),
        (
            "a: 123456789012345678901\n",
            Reason::NumberTooLarge,
            "123456789012345678901",
        ),
        ("? [a]\n: 1\n", Reason::KeyNotText, "["),
    ];
    for (text, reason, place) in table {
        check(Format::Yaml, text, &reason, place);
    }
    let twice = parse("a: 1\nb: 2\na: 3\n", Format::Yaml).unwrap_err();
    assert_eq!((twice.range, twice.other), (10..11, Some(0..1)));
}

#[test]
fn errors_of_json_have_reasons_and_places() {
    let unexpected = |character| Reason::UnexpectedCharacter { character };
    let table = [
        (" ", Reason::Empty, " "),
        ("{", Reason::UnclosedBracket { open: '{' }, "{"),
        ("{\"a\": [1}", Reason::WrongBracket, "}"),
        ("{\"a\": [1, ", Reason::UnclosedBracket { open: '[' }, "["),
        ("{\"a\": 1,}", Reason::ExpectedKey, "}"),
        ("{a: 1}", Reason::ExpectedKey, "a"),
        ("{\"a\" 1}", Reason::ExpectedColon, "1"),
        ("{\"a\": }", Reason::ExpectedValue, "}"),
        ("{\"a\": 1 \"b\": 2}", Reason::ExpectedComma, "\""),
        ("{\"a\": \"x}", Reason::UnclosedQuote, "\""),
        ("{\"a\": \"x\ty\"}", unexpected('\t'), "\t"),
        ("{\"a\": \"\\q\"}", Reason::Escape, "\\q"),
        ("{\"a\": \"\\ud800\"}", Reason::Escape, "\\ud800"),
        ("{\"a\": nul}", Reason::ExpectedValue, "nul"),
        ("{\"a\": 01}", Reason::LeadingZero, "01"),
        ("{\"a\": .5}", Reason::ExpectedValue, "."),
        ("{\"a\": 5.}", Reason::ExpectedValue, "5."),
        ("{\"a\": 1} x", Reason::TextAfterEnd, "x"),
        (
            "{\"a\": 123456789012345678901}",
            Reason::NumberTooLarge,
            "123456789012345678901",
        ),
        ("[1]", Reason::NotAnObject, "[1]"),
    ];
    for (text, reason, place) in table {
        check(Format::Json, text, &reason, place);
    }
    let key = "a".to_owned();
    check(
        Format::Json,
        "{\"a\": 1, \"a\": 2}",
        &Reason::DuplicateKey { key },
        "\"a\"",
    );
}

#[test]
fn depth_and_aliases_have_an_end() {
    for format in [Format::Json, Format::Yaml] {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(parse(&deep, format).unwrap_err().reason, Reason::TooDeep);
    }
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let items = vec![before; 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    let error = parse(&bomb, Format::Yaml).unwrap_err();
    assert_eq!(error.reason, Reason::TooManyAliases);
    let long = format!("a: {}", "x".repeat(5 << 20));
    assert_eq!(
        parse(&long, Format::Yaml).unwrap_err().reason,
        Reason::TooLong
    );
}

#[test]
fn escapes_and_unusual_texts_are_read() {
    let text = r#"{"a": "\u0041\ud83d\ude00\n\/", "b": [1e3, -0.5, true, null]}"#;
    let expected = json!({ "a": "A😀\n/", "b": [1000.0, -0.5, true, null] });
    for format in [Format::Json, Format::Yaml] {
        assert_eq!(parse(text, format).unwrap().value(), &expected);
    }
    let text = "\u{feff}a: !!str 12\nb: >-\n  x\n  y\nc: |+\n  z\n\n8080: p\n? k\n: v\n";
    let parsed = parse(text, Format::Yaml).unwrap();
    let expected = json!({ "a": "12", "b": "x y", "c": "z\n\n", "8080": "p", "k": "v" });
    assert_eq!(parsed.value(), &expected);
}
