//! Every known error code has an explanation and a next step in both languages.

use std::collections::{BTreeMap, BTreeSet};

use ief_api::codes;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    what: String,
    next: String,
}

#[track_caller]
fn check(locale: &str) {
    let words: BTreeMap<String, Words> =
        serde_json::from_str(locale).expect("the locale is an object of codes");
    let known: BTreeSet<_> = codes::ALL
        .iter()
        .chain(codes::GATEWAY)
        .map(|c| c.code)
        .collect();
    let told: BTreeSet<_> = words.keys().map(String::as_str).collect();
    assert_eq!(known, told, "the locale has exactly the known codes");
    for (code, words) in &words {
        for text in [&words.what, &words.next] {
            assert!(!text.trim().is_empty(), "{code} has an empty text");
            assert!(!text.contains(['!', '！']), "{code} exclaims");
        }
    }
}

#[test]
fn english_is_complete() {
    check(include_str!("../../../../ui/locales/errors.en.json"));
}

#[test]
fn chinese_is_complete() {
    check(include_str!("../../../../ui/locales/errors.zh.json"));
}

#[test]
fn codes_are_unique_and_found() {
    let mut seen = BTreeSet::new();
    for code in codes::ALL.iter().chain(codes::GATEWAY) {
        assert!(seen.insert(code.code), "{} stands twice", code.code);
        assert!((400..600).contains(&code.status), "{}", code.code);
        assert_eq!(codes::find(code.code), Some(*code));
    }
    assert_eq!(codes::ALL.len(), 108, "table 7-1 has 108 rows");
    assert_eq!(codes::find("APIG.0308"), Some(&codes::GATEWAY_THROTTLED));
    assert_eq!(codes::find("IEF.999999"), None);
}
