//! Texts and documents at random.

use deploy_doc::source::{Format, apply_edits, cursor, emit, parse, rewrite};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use serde_json::Value;

use crate::samples;

fn read(text: &str, format: Format) -> Value {
    match parse(text, format) {
        Ok(parsed) => parsed.value().clone(),
        Err(error) => panic!("{error} in\n{text}"),
    }
}

/// The same text with a comment behind and above every line that can have one.
fn commented(text: &str) -> String {
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let blanks = &line[..line.len() - line.trim_start().len()];
        out.push_str(&format!(
            "{blanks}# above {number}\n{line} # behind {number}\n"
        ));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_as_the_same(value in samples::deployment()) {
        for format in [Format::Json, Format::Yaml] {
            let text = emit(&value, format);
            prop_assert_eq!(&read(&text, format), &value, "{}", text);
        }
    }

    #[test]
    fn any_change_is_written_into_the_text(before in samples::deployment(), after in samples::deployment()) {
        for format in [Format::Json, Format::Yaml] {
            let text = emit(&before, format);
            let parsed = parse(&text, format).unwrap();
            let edits = rewrite(&text, &parsed, &after);
            let text = apply_edits(&text, &edits);
            prop_assert_eq!(&read(&text, format), &after, "{}", text);
        }
    }

    #[test]
    fn any_change_is_written_into_a_text_with_comments(before in samples::deployment(), after in samples::deployment()) {
        let text = commented(&emit(&before, Format::Yaml));
        // Comments within a text of several lines are part of it, and may make it another one.
        if let Ok(parsed) = parse(&text, Format::Yaml) {
            let edits = rewrite(&text, &parsed, &after);
            let text = apply_edits(&text, &edits);
            prop_assert_eq!(&read(&text, Format::Yaml), &after, "{}", text);
        }
    }

    #[test]
    fn any_change_is_written_into_json_as_yaml(before in samples::deployment(), after in samples::deployment()) {
        let text = emit(&before, Format::Json);
        let parsed = parse(&text, Format::Yaml).unwrap();
        prop_assert_eq!(parsed.value(), &before);
        let text = apply_edits(&text, &rewrite(&text, &parsed, &after));
        prop_assert_eq!(&read(&text, Format::Yaml), &after, "{}", text);
    }

    #[test]
    fn lines_may_end_as_elsewhere(before in samples::deployment(), after in samples::deployment()) {
        let text = commented(&emit(&before, Format::Yaml)).replace('\n', "\r\n");
        if let Ok(parsed) = parse(&text, Format::Yaml) {
            let edits = rewrite(&text, &parsed, &after);
            let text = apply_edits(&text, &edits);
            prop_assert_eq!(&read(&text, Format::Yaml), &after, "{}", text);
        }
    }

    #[test]
    fn edits_never_touch_each_other(before in samples::deployment(), after in samples::deployment()) {
        let text = emit(&before, Format::Yaml);
        let parsed = parse(&text, Format::Yaml).unwrap();
        let edits = rewrite(&text, &parsed, &after);
        for pair in edits.windows(2) {
            prop_assert!(pair[0].range.end < pair[1].range.start);
        }
        for edit in &edits {
            prop_assert!(text.get(edit.range.clone()).is_some());
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "[ -~\n\t数é\u{feff}]{0,60}", offset in 0usize..80) {
        for format in [Format::Json, Format::Yaml] {
            let found = cursor(&text, format, parse(&text, format).ok().as_ref(), offset);
            prop_assert!(text.get(found.range).is_some());
            match parse(&text, format) {
                Ok(parsed) => {
                    let path = parsed.path_at(offset);
                    prop_assert!(parsed.place_of(&path).is_some());
                }
                Err(error) => prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error),
            }
        }
    }

    #[test]
    fn no_structure_is_too_strange(text in "([ \n]|[-:?,#&*!|>'\"%@`{}\\[\\]]|[a-c]|: |- |\n  |&a |\\*a|!!str |<<: ){0,30}") {
        for format in [Format::Json, Format::Yaml] {
            if let Ok(parsed) = parse(&text, format) {
                let again = emit(parsed.value(), format);
                prop_assert_eq!(&read(&again, format), parsed.value());
                let other = serde_json::json!({ "name": "x", "a": [1, { "b": "c" }] });
                let edits = rewrite(&text, &parsed, &other);
                let text = apply_edits(&text, &edits);
                prop_assert_eq!(&read(&text, format), &other, "{}", text);
            }
        }
    }

    #[test]
    fn bytes_that_were_cut_are_no_reason_to_fall(value in samples::deployment(), cut in any::<proptest::sample::Index>()) {
        for format in [Format::Json, Format::Yaml] {
            let text = emit(&value, format);
            let mut at = cut.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            if let Err(error) = parse(&text[..at], format) {
                prop_assert!(text.get(error.range.clone()).is_some());
            }
        }
    }
}
