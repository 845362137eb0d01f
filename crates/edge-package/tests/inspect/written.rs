//! Reports as they are written.

use edge_package::inspect::{Input, Language, OpenOptions, compare, judge, open, write};
use edge_package::report::{Difference, Report, Value};

use crate::support::{
    by_itself, context, file, good_files, judged, judged_files, opened, packed, params,
};

/// A package with markup wherever text may stand.
fn hostile() -> Vec<u8> {
    let mut files = good_files();
    files.push(file("<script>alert(1)</script>&'\"", 0o644, "x"));
    files.push(file("<img src=x onerror=alert(1)>", 0o644, "x"));
    packed(&files)
}

#[test]
fn json_is_read_back_as_it_was() {
    let report = judged_files(&good_files());
    let text = write::json(&report);
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["verdict"], "good");
    let check = &value["checks"][0];
    for field in ["id", "status", "subject", "reason"] {
        assert!(check[field].is_string(), "{field}");
    }
    assert_eq!(check["status"], "passed");
}

#[test]
fn the_same_input_and_context_give_the_same_bytes() {
    let bytes = hostile();
    for language in [Language::En, Language::Zh] {
        let write_all = || {
            let mut context = context(None);
            context.language = language;
            let report = judge(&opened(&bytes), &context);
            [
                write::html(&report, language),
                write::text(&report, language),
                write::json(&report),
            ]
        };
        assert_eq!(write_all(), write_all());
    }
}

#[test]
fn html_holds_nothing_that_runs_or_loads() {
    let report = judged(&hostile());
    let page = write::html(&report, Language::En);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    let tags: Vec<&str> = page
        .split('<')
        .skip(1)
        .filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag))
        .collect();
    let known = [
        "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "main", "header", "p", "h1",
        "h2", "h3", "h4", "section", "ul", "li", "span", "div", "strong", "code", "dl", "dt", "dd",
        "table", "thead", "tbody", "tr", "th", "td", "article", "details", "summary", "pre",
        "footer",
    ];
    for tag in tags {
        let mut words = tag.trim_start_matches('/').split_whitespace();
        let name = words.next().unwrap_or("");
        assert!(known.contains(&name), "<{tag}>");
        for word in words {
            let attribute = word.split('=').next().unwrap_or("");
            assert!(
                !attribute.starts_with("on") && attribute != "href" && attribute != "src",
                "<{tag}>"
            );
        }
    }
    assert!(!page.chars().any(|it| it.is_control() && it != '\n'));
}

#[test]
fn no_form_hides_or_turns_what_it_shows() {
    const HIDDEN: [char; 9] = [
        '\u{7f}',
        '\u{9b}',
        '\u{ad}',
        '\u{61c}',
        '\u{202e}',
        '\u{2066}',
        '\u{206a}',
        '\u{feff}',
        '\u{e0041}',
    ];
    let mut report = judged_files(&good_files());
    let text: String = HIDDEN.iter().collect();
    report.name = format!("a{text}b");
    report.headline.push_str(&text);
    report.checks[0].subject.push_str(&text);
    report.configurations[0].text.push_str(&text);
    for written in [
        write::html(&report, Language::En),
        write::text(&report, Language::En),
        write::json(&report),
    ] {
        let is_hidden = |it| HIDDEN.contains(&it);
        assert!(!written.contains(is_hidden), "{written:?}");
    }
    let read: Report = serde_json::from_str(&write::json(&report)).unwrap();
    assert_eq!(read, report);
}

#[test]
fn no_form_holds_the_key() {
    let files = good_files();
    let key = &files[2].content;
    let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    let report = judged_files(&files);
    for text in [
        write::html(&report, Language::En),
        write::text(&report, Language::Zh),
        write::json(&report),
        format!("{:?}", opened(&packed(&files))),
    ] {
        assert!(lines.iter().all(|line| !text.contains(line)));
        assert!(!text.contains("PRIVATE KEY"));
    }
}

#[test]
fn chinese_reports_have_no_english_sentences() {
    let mut context = context(None);
    context.language = Language::Zh;
    let report = judge(&opened(&packed(&good_files())), &context);
    assert!(
        report.headline.starts_with("可用于节点 gw-1，有效期至 "),
        "{}",
        report.headline
    );
    let is_chinese = |text: &str| {
        text.chars()
            .any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it))
    };
    for check in &report.checks {
        assert!(
            is_chinese(&check.title) && is_chinese(&check.reason),
            "{check:?}"
        );
    }
    for section in report.certificates.iter().flat_map(|it| &it.sections) {
        assert!(is_chinese(&section.title), "{}", section.title);
    }
    let page = write::html(&report, Language::Zh);
    assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("可用"));
}

/// The rows of a comparison in which both differ, by part and label.
fn differing(rows: &[Difference]) -> Vec<String> {
    let differing = rows.iter().filter(|row| !row.same);
    differing
        .map(|row| format!("{} / {}", row.part, row.label))
        .collect()
}

#[test]
fn two_packages_are_compared_field_by_field() {
    let root = crate::support::root();
    let leaf = |days| crate::support::by(&root, crate::support::leaf_params(days));
    let [one, other] = [(-10, 1000), (-20, -1)]
        .map(|days| judged_files(&crate::support::files(&root, &leaf(days))));
    let same = compare(&one, &one, Language::En);
    assert!(same.rows.iter().all(|row| row.same) && same.rows.len() > 60);
    assert_eq!(
        same.headline,
        "package.tar.gz and package.tar.gz are the same, byte by byte."
    );
    let both = compare(&one, &other, Language::En);
    let rows = differing(&both.rows);
    for expected in [
        "Input / Verdict",
        "Checks / It holds at this time",
        "Archive / private_cert.crt",
        "own: Validity / Holds until",
        "own: Fingerprints / SHA-256",
        "Keys: Fingerprints / SHA-256 of the key",
    ] {
        assert!(
            rows.iter().any(|row| row == expected),
            "{expected} in {rows:#?}"
        );
    }
    assert!(
        !rows
            .iter()
            .any(|row| row.starts_with("root: ") || row.contains("NODE_ID")),
        "{rows:#?}"
    );
    assert!(
        both.headline
            .ends_with(&format!("differ in {} fields.", rows.len())),
        "{}",
        both.headline
    );
    let verdicts = both.rows.iter().find(|row| row.label == "Verdict").unwrap();
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    assert_eq!(verdicts.values, [text("Good"), text("Bad")]);
}

#[test]
fn what_only_one_has_is_compared_with_nothing() {
    let files = good_files();
    let mut more = files.clone();
    more.insert(1, file("notes.txt", 0o644, "x"));
    let comparison = compare(&judged_files(&files), &judged_files(&more), Language::Zh);
    let row = comparison
        .rows
        .iter()
        .find(|row| row.label == "notes.txt")
        .unwrap();
    assert!(row.values[0].is_none() && row.values[1].is_some() && !row.same);
    let place = |label: &str| comparison.rows.iter().position(|row| row.label == label);
    assert!(
        place("rootCA.crt") < place("notes.txt") && place("notes.txt") < place("private_cert.crt")
    );
    // Two certificates by themselves are compared whatever they are for.
    let [root, leaf] = [0, 1].map(|place| judged(files[place].content.as_bytes()));
    let rows = compare(&root, &leaf, Language::En).rows;
    let names = rows.iter().find(|row| row.label == "Whole name").unwrap();
    assert!(names.values.iter().all(Option::is_some) && !names.same);
}

/// Reports of a certificate with its root, as they were written when they were last looked at. A change of these is a
/// change for everyone who keeps reports: `UPDATE=1 cargo test` writes them anew.
#[test]
fn reports_stay_as_they_are() {
    let folder = format!("{}/tests/fixtures", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(format!("{folder}/certificates/leaf_sha256.pem")).unwrap();
    for (language, code) in [(Language::En, "en"), (Language::Zh, "zh")] {
        let mut context = context(None);
        context.language = language;
        context.at += 30 * crate::support::DAY;
        let report = judge(&opened(&bytes), &context);
        for (form, written) in [
            ("html", write::html(&report, language)),
            ("txt", write::text(&report, language)),
        ] {
            let path = format!("{folder}/reports/leaf_sha256.{code}.{form}");
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &written).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == written, "{path} is another");
        }
    }
}

#[test]
fn text_tells_a_terminal_nothing() {
    let name = "gw\u{1b}[31m\n\u{202e}-1\u{61c}\u{9b}2J";
    let made = by_itself(params(name, (-1, 1)));
    let input = Input {
        name,
        bytes: made.pem.as_bytes(),
    };
    let report = judge(&open(&input, &OpenOptions::default()), &context(None));
    let escaped = r"gw\u{1b}[31m\u{a}\u{202e}-1\u{61c}\u{9b}2J";
    for report in [report, judged(&hostile())] {
        let text = write::text(&report, Language::En);
        let told = |it: char| it.is_control() && it != '\n' || "\u{202e}\u{61c}".contains(it);
        assert!(!text.contains(told), "{text:?}");
        let is_escaped = text.contains(escaped);
        assert_eq!(is_escaped, report.name == name, "{text}");
    }
}
