//! The typed form of filters, and what can be typed next.

use ief_api::resource::Cell;

use super::model::COLUMNS;
use crate::query::{Expected, ParseError, Reason, complete};
use crate::{Filter, Inventory, Op, Query, QueryError, SortKey, Term};

fn check(text: &str, expected: &[(Option<&str>, Op, &[&str])]) {
    let term = |(column, op, values): &(Option<&str>, Op, &[&str])| Term {
        column: column.map(str::to_owned),
        op: *op,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let filter = Filter {
        terms: expected.iter().map(term).collect(),
    };
    assert_eq!(Filter::parse(text, COLUMNS), Ok(filter), "{text}");
}

fn check_error(text: &str, position: usize, reason: Reason) {
    assert_eq!(
        Filter::parse(text, COLUMNS),
        Err(ParseError { position, reason }),
        "{text}"
    );
}

#[test]
fn terms_are_read() {
    check("", &[]);
    check("  ", &[]);
    check("state:running", &[(Some("state"), Op::Is, &["running"])]);
    check(
        "STATE:running,failed",
        &[(Some("state"), Op::Is, &["running", "failed"])],
    );
    check(
        "-state:running",
        &[(Some("state"), Op::IsNot, &["running"])],
    );
    check(
        "name~gw -name~7",
        &[
            (Some("name"), Op::Contains, &["gw"]),
            (Some("name"), Op::NotContains, &["7"]),
        ],
    );
    check("tag:site=bj", &[(Some("tag"), Op::Is, &["site=bj"])]);
    check("devices>3", &[(Some("devices"), Op::Greater, &["3"])]);
    check(
        "devices<=-3",
        &[(Some("devices"), Op::LessOrEqual, &["-3"])],
    );
    check("created<7d", &[(Some("created"), Op::Less, &["7d"])]);
    check(
        "created>=2026-01-01T10:00Z",
        &[(Some("created"), Op::GreaterOrEqual, &["2026-01-01T10:00Z"])],
    );
    check(
        "created:2026-01",
        &[(Some("created"), Op::Is, &["2026-01"])],
    );
    check("gpu:yes", &[(Some("gpu"), Op::Is, &["yes"])]);
    check(
        "has:tag no:NOTE",
        &[
            (Some("tag"), Op::Present, &[]),
            (Some("note"), Op::Missing, &[]),
        ],
    );
    check(
        "-has:tag -no:tag",
        &[
            (Some("tag"), Op::Missing, &[]),
            (Some("tag"), Op::Present, &[]),
        ],
    );
    check("id:row-0001", &[(Some("id"), Op::Is, &["row-0001"])]);
    check(
        "gw -1",
        &[
            (None, Op::Contains, &["gw"]),
            (None, Op::NotContains, &["1"]),
        ],
    );
    check("gw,edge", &[(None, Op::Contains, &["gw", "edge"])]);
    check(
        "*:gw -*~x",
        &[(None, Op::Is, &["gw"]), (None, Op::NotContains, &["x"])],
    );
    check(
        r#""a b" note~"c, \"d\" \\",e"#,
        &[
            (None, Op::Contains, &["a b"]),
            (Some("note"), Op::Contains, &["c, \"d\" \\", "e"]),
        ],
    );
    check(
        r#""state:running""#,
        &[(None, Op::Contains, &["state:running"])],
    );
}

#[test]
fn an_equals_sign_after_a_column_is_understood() {
    check("state=running", &[(Some("state"), Op::Is, &["running"])]);
    check(
        "STATE==running,\"a b\"",
        &[(Some("state"), Op::Is, &["running", "a b"])],
    );
    check(
        "-state=a state!=b",
        &[
            (Some("state"), Op::IsNot, &["a"]),
            (Some("state"), Op::IsNot, &["b"]),
        ],
    );
    check("devices=3", &[(Some("devices"), Op::Is, &["3"])]);
    // Where no column has the name, it is a word like any other: part of a tag, say.
    check("site=bj", &[(None, Op::Contains, &["site=bj"])]);
    check("a,state=b", &[(None, Op::Contains, &["a", "state=b"])]);
    check(
        r#""state=running""#,
        &[(None, Op::Contains, &["state=running"])],
    );
    let word = Filter::of(Term {
        column: None,
        op: Op::Contains,
        values: vec!["state=running".to_owned()],
    });
    assert_eq!(word.to_string(), r#""state=running""#);
}

#[test]
fn versions_are_compared_by_their_numbers() {
    use ief_api::resource::{Cell, Column, ColumnKind};

    const VERSIONS: &[Column] = &[Column::new("version", ColumnKind::Enum)];
    let inventory = Inventory::new(VERSIONS);
    for (id, version) in [
        ("a", Some("2.9.1")),
        ("b", Some("2.50.0")),
        ("c", Some("V2.100")),
        ("d", Some("unknown")),
        ("e", None),
    ] {
        let row = [Cell::text(version)];
        inventory.upsert(id, id, &row).expect("the row is valid");
    }
    let find = |text: &str| {
        let query = Query {
            filter: Filter::parse(text, VERSIONS).expect("the filter is right"),
            ..Query::default()
        };
        assert_eq!(query.filter.to_string(), text);
        let view = inventory.snapshot().query(&query, 0);
        let view = view.expect("the filter is right");
        view.ids().collect::<Vec<_>>().concat()
    };
    assert_eq!(find("version<2.50"), "a");
    assert_eq!(find("version<=2.50"), "ab");
    assert_eq!(find("version>2.50"), "c");
    assert_eq!(find("version>=v2.50,9"), "bc");
    assert_eq!(find("version>2 version<2.100"), "ab");
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    check_error(
        "gw stat:running",
        3,
        Reason::UnknownColumn {
            name: "stat".to_owned(),
        },
    );
    check_error(
        "has:x",
        4,
        Reason::UnknownColumn {
            name: "x".to_owned(),
        },
    );
    check_error("has:tag,note", 4, Reason::ValueNotExpected);
    check_error("a :b", 2, Reason::ColumnMissing);
    check_error("state:", 6, Reason::ValueMissing);
    check_error("state:a, b", 8, Reason::ValueMissing);
    check_error("-", 1, Reason::ValueMissing);
    check_error(
        "devices:x",
        8,
        Reason::NotANumber {
            value: "x".to_owned(),
        },
    );
    check_error(
        "devices~3",
        7,
        Reason::OperatorNotForColumn {
            column: "devices".to_owned(),
            op: Op::Contains,
        },
    );
    check_error(
        "tag<3",
        3,
        Reason::OperatorNotForColumn {
            column: "tag".to_owned(),
            op: Op::Less,
        },
    );
    check_error(
        "state<running",
        6,
        Reason::NotAVersion {
            value: "running".to_owned(),
        },
    );
    check_error("-state!=running", 0, Reason::NegatedComparison);
    check_error("state=", 6, Reason::ValueMissing);
    check_error("-devices>3", 0, Reason::NegatedComparison);
    check_error(
        "created<soon",
        8,
        Reason::NotATime {
            value: "soon".to_owned(),
        },
    );
    check_error(
        "created:7d",
        8,
        Reason::AgeNeedsComparison {
            value: "7d".to_owned(),
        },
    );
    check_error(
        "gpu:maybe",
        4,
        Reason::NotAFlag {
            value: "maybe".to_owned(),
        },
    );
    check_error("*<3", 1, Reason::OperatorNeedsColumn { op: Op::Less });
    check_error("ä \"b", 3, Reason::UnclosedQuote);
    check_error("\"b\"c", 3, Reason::TextAfterQuote);
}

#[test]
fn errors_cross_as_json() {
    let error = Filter::parse("stat:running", COLUMNS).expect_err("no such column");
    let json = serde_json::json!({ "position": 0, "reason": "unknown_column", "name": "stat" });
    assert_eq!(serde_json::to_value(&error).expect("serializes"), json);
    assert_eq!(
        serde_json::from_value::<ParseError>(json).expect("deserializes"),
        error
    );
}

#[test]
fn a_built_filter_is_checked_like_a_typed_one() {
    let inventory = Inventory::new(COLUMNS);
    let ask = |query: &Query| inventory.snapshot().query(query, 0).err();
    let term = |column: Option<&str>, op, values: &[&str]| Query {
        filter: Filter::of(Term {
            column: column.map(str::to_owned),
            op,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }),
        ..Query::default()
    };
    let wrong = |problem| Some(QueryError::Filter { term: 0, problem });
    let unknown = || Reason::UnknownColumn {
        name: "x".to_owned(),
    };
    assert_eq!(ask(&term(Some("x"), Op::Is, &["a"])), wrong(unknown()));
    assert_eq!(
        ask(&term(None, Op::Missing, &[])),
        wrong(Reason::OperatorNeedsColumn { op: Op::Missing })
    );
    assert_eq!(
        ask(&term(Some("state"), Op::Is, &[])),
        wrong(Reason::ValueMissing)
    );
    assert_eq!(
        ask(&term(Some("state"), Op::Present, &["a"])),
        wrong(Reason::ValueNotExpected)
    );

    let name = || "note".to_owned();
    let grouped = Query {
        group_by: Some(name()),
        ..Query::default()
    };
    assert_eq!(
        ask(&grouped),
        Some(QueryError::NotCountable { name: name() })
    );
    let sorted = Query {
        sort: vec![SortKey {
            column: "x".to_owned(),
            descending: false,
        }],
        ..Query::default()
    };
    assert_eq!(
        ask(&sorted),
        Some(QueryError::UnknownColumn {
            name: "x".to_owned()
        })
    );
}

#[test]
fn facets_toggle_values() {
    let mut filter = Filter::parse("gw state:running", COLUMNS).expect("valid");
    filter.toggle("state", "failed");
    assert_eq!(filter.to_string(), "gw state:running,failed");
    assert!(filter.asks_for("state", "failed"));
    filter.toggle("state", "running");
    filter.toggle("state", "failed");
    assert_eq!(filter.to_string(), "gw");
    filter.toggle("tag", "site=bj");
    assert_eq!(filter.to_string(), "gw tag:site=bj");
    assert_eq!(filter.without("tag").to_string(), "gw");
}

#[test]
fn completion_knows_what_fits() {
    let at = |text: &str| {
        let cursor = text.find('|').expect("the cursor is marked");
        let text = text.replace('|', "");
        let completion = complete(&text, cursor, COLUMNS);
        (
            text[completion.range.clone()].to_owned(),
            completion.expected,
        )
    };
    let openings = |text: &str| match at(text) {
        (_, Expected::Term { openings }) => openings,
        other => panic!("{text}: {other:?}"),
    };
    let value = |text: &str| match at(text) {
        (
            replaced,
            Expected::Value {
                column, op, typed, ..
            },
        ) => (replaced, column, op, typed),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(openings("gw st|"), ["state:"]);
    assert_eq!(
        value("gw state=ru|"),
        ("ru".to_owned(), "state".to_owned(), Op::Is, "ru".to_owned())
    );
    assert_eq!(openings("N|"), ["name~", "note~", "no:"]);
    assert_eq!(
        openings("|"),
        [
            "name~", "state:", "tag:", "devices>", "created<", "gpu:", "note~", "has:", "no:"
        ]
    );
    assert_eq!(openings("-de|"), Vec::<String>::new());
    let expect = |replaced: &str, column: &str, op, typed: &str| {
        (replaced.to_owned(), column.to_owned(), op, typed.to_owned())
    };
    assert_eq!(value("state:ru| gw"), expect("ru", "state", Op::Is, "ru"));
    assert_eq!(value("-state:a,fa|"), expect("fa", "state", Op::Is, "fa"));
    assert_eq!(
        value("tag:\"a, b|"),
        expect("\"a, b", "tag", Op::Is, "a, b")
    );
    assert_eq!(
        value("devices>=|"),
        expect("", "devices", Op::GreaterOrEqual, "")
    );
    assert_eq!(
        at("has:n|").1,
        Expected::Column {
            names: vec!["name".to_owned(), "note".to_owned()]
        }
    );
    assert_eq!(at("x:a|").1, Expected::Nothing);
    assert_eq!(at("\"a b|").1, Expected::Nothing);

    let completion = complete("gw st -x", 5, COLUMNS);
    assert_eq!(
        completion.apply("gw st -x", "state:"),
        ("gw state: -x".to_owned(), 9)
    );
}

#[test]
fn a_key_with_an_asterisk_finds_its_tags() {
    let inventory = Inventory::new(COLUMNS);
    let mut reload = inventory.reload();
    for (id, tags) in [
        ("a", &["site=bj", "line=1"][..]),
        ("b", &["site"]),
        ("c", &["sites=bj"]),
        ("d", &[]),
    ] {
        let mut cells = vec![Cell::Missing; COLUMNS.len()];
        cells[2] = Cell::set(tags.iter().map(|tag| (*tag).into()));
        reload.push(id, id, &cells).expect("the row is valid");
    }
    reload.finish().expect("nothing else has begun");
    let check = |text: &str, expected: &[&str]| {
        let query = Query {
            filter: Filter::parse(text, COLUMNS).expect("valid"),
            ..Query::default()
        };
        let snapshot = inventory.snapshot();
        let view = snapshot.query(&query, 0).expect("valid");
        assert_eq!(view.ids().collect::<Vec<_>>(), expected, "{text}");
    };
    check("tag:site=*", &["a", "b"]);
    check("tag:SITE=*,line=1", &["a", "b"]);
    check("-tag:site=*", &["c", "d"]);
    check("tag:=*", &[]);
}
