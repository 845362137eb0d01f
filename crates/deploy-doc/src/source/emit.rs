//! Values as text: YAML by indentation, JSON as everyone indents it, and what stands in one line.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Format, scalar};

/// How far things are indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Blanks before what is inside an object.
    pub(crate) indent: usize,
    /// Blanks before the dashes of a list inside an object.
    pub(crate) dash: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self { indent: 2, dash: 2 }
    }
}

/// A whole document as text.
#[must_use]
pub fn emit(value: &Value, format: Format) -> String {
    match format {
        Format::Json => json(value, 2, 0) + "\n",
        Format::Yaml => yaml(value),
    }
}

fn yaml(value: &Value) -> String {
    let mut out = String::new();
    block(&mut out, value, 0, Layout::default());
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// A value by itself whose lines begin at a column. The first line has no blanks before it.
pub(crate) fn block(out: &mut String, value: &Value, column: usize, layout: Layout) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (place, (key, value)) in fields.iter().enumerate() {
                if place > 0 {
                    blanks(out, column);
                }
                field(out, key, value, column, layout);
            }
        }
        Value::Array(entries) if !entries.is_empty() => {
            for (place, entry) in entries.iter().enumerate() {
                if place > 0 {
                    blanks(out, column);
                }
                item(out, entry, column, layout);
            }
        }
        other => {
            lines_or_inline(out, other, column);
            out.push('\n');
        }
    }
}

/// A field with its value, beginning where `out` ends, with the break at its end.
pub(crate) fn field(out: &mut String, key: &str, value: &Value, column: usize, layout: Layout) {
    out.push_str(&key_text(key));
    out.push(':');
    after_key(out, value, column, layout);
    out.push('\n');
}

/// What follows the colon of a field at a column, without the break at its end.
pub(crate) fn after_key(out: &mut String, value: &Value, column: usize, layout: Layout) {
    let inner = match value {
        Value::Object(fields) if !fields.is_empty() => column + layout.indent,
        Value::Array(entries) if !entries.is_empty() => column + layout.dash,
        other => {
            out.push(' ');
            lines_or_inline(out, other, column + layout.indent);
            return;
        }
    };
    out.push('\n');
    blanks(out, inner);
    block(out, value, inner, layout);
    out.pop();
}

/// An entry of a list at a column, from its dash, with the break at its end.
pub(crate) fn item(out: &mut String, value: &Value, column: usize, layout: Layout) {
    out.push('-');
    after_dash(out, value, column, layout);
    out.push('\n');
}

/// What follows a dash at a column, without the break at its end.
pub(crate) fn after_dash(out: &mut String, value: &Value, column: usize, layout: Layout) {
    out.push(' ');
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            block(out, value, column + 2, layout);
            out.pop();
        }
        Value::Array(entries) if !entries.is_empty() => {
            block(out, value, column + 2, layout);
            out.pop();
        }
        other => lines_or_inline(out, other, column + 2),
    }
}

/// A plain value: a text of several lines as such, anything else in one.
fn lines_or_inline(out: &mut String, value: &Value, column: usize) {
    match value {
        Value::String(text) if fits_lines(text) => {
            let _ = write!(out, "{}", lines_head(text));
            lines_body(out, text, column);
        }
        other => out.push_str(&inline(other, Place::Block)),
    }
}

/// The head of a text in several lines.
pub(crate) fn lines_head(text: &str) -> &'static str {
    if text.ends_with('\n') { "|" } else { "|-" }
}

/// The lines of a text, each after a break, without a break at the end.
pub(crate) fn lines_body(out: &mut String, text: &str, column: usize) {
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            blanks(out, column);
            out.push_str(line);
        }
    }
}

/// Whether a text can be written in several lines under a head, without any escape.
pub(crate) fn fits_lines(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && body
            .split('\n')
            .all(|line| line.is_empty() || !line.trim().is_empty())
        && body
            .chars()
            .all(|it| it == '\n' || it == '\t' || is_printable(it))
}

fn blanks(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// Where a scalar stands, which decides what may be written without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In YAML by indentation.
    Block,
    /// Inside brackets of YAML.
    Flow,
    /// In JSON.
    Json,
}

/// A value in one line.
pub(crate) fn inline(value: &Value, place: Place) -> String {
    match value {
        Value::String(text) => match place != Place::Json && is_plain(text, place) {
            true => text.clone(),
            false => quoted(text),
        },
        Value::Array(entries) => {
            let inner = if place == Place::Json {
                place
            } else {
                Place::Flow
            };
            let entries: Vec<String> = entries.iter().map(|it| inline(it, inner)).collect();
            format!("[{}]", entries.join(", "))
        }
        Value::Object(fields) => {
            let inner = if place == Place::Json {
                place
            } else {
                Place::Flow
            };
            let fields = fields.iter().map(|(key, value)| {
                let key = Value::String(key.clone());
                format!("{}: {}", inline(&key, inner), inline(value, inner))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// JSON in several lines, those after the first at a column.
pub(crate) fn json(value: &Value, indent: usize, column: usize) -> String {
    let inner = column + indent;
    let separator = format!(",\n{}", " ".repeat(inner));
    let wrap = |open: char, parts: Vec<String>, close: char| {
        let parts = parts.join(&separator);
        let (inside, outside) = (" ".repeat(inner), " ".repeat(column));
        format!("{open}\n{inside}{parts}\n{outside}{close}")
    };
    match value {
        Value::Array(entries) if !entries.is_empty() => {
            let parts = entries.iter().map(|it| json(it, indent, inner));
            wrap('[', parts.collect(), ']')
        }
        Value::Object(fields) if !fields.is_empty() => {
            let parts = fields.iter();
            let parts =
                parts.map(|(key, it)| format!("{}: {}", quoted(key), json(it, indent, inner)));
            wrap('{', parts.collect(), '}')
        }
        other => inline(other, Place::Json),
    }
}

/// The name of a field.
pub(crate) fn key_text(key: &str) -> String {
    match is_plain(key, Place::Flow) {
        true => key.to_owned(),
        false => quoted(key),
    }
}

/// A text in double quotes, as JSON and YAML both read it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if is_printable(it) => out.push(it),
            it => {
                let mut units = [0; 2];
                for unit in it.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

const fn is_printable(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}'
            | '\u{fffe}' | '\u{ffff}'
    )
}

/// Whether a text without quotes is read as this text by everyone, also by readers of YAML 1.1.
pub(crate) fn is_plain(text: &str, place: Place) -> bool {
    const OLD_FLAGS: &[&str] = &["y", "n", "yes", "no", "on", "off", "<<", "="];
    let is_text = scalar::plain(text, None) == Ok(Value::String(text.to_owned()));
    let looks_old = text.starts_with(|it: char| it.is_ascii_digit() || "+-.".contains(it))
        && text.contains(|it: char| it.is_ascii_digit())
        && text
            .chars()
            .all(|it| it.is_ascii_digit() || ":-_.+eExXabcdfABCDFTZ ".contains(it));
    is_text
        && !looks_old
        && !OLD_FLAGS.contains(&text.to_ascii_lowercase().as_str())
        && has_plain_form(text, place)
}

/// Whether a text can be written without quotes at all, whatever it would then be taken for.
pub(crate) fn has_plain_form(text: &str, place: Place) -> bool {
    let mut characters = text.chars();
    let (Some(first), second) = (characters.next(), characters.next()) else {
        return false;
    };
    let starts = match first {
        '-' => second.is_some_and(|it| !it.is_whitespace() && it != '-'),
        ':' | '?' => false,
        it => !",[]{}#&*!|>'\"%@`".contains(it),
    };
    starts
        && place != Place::Json
        && text.trim() == text
        && text.chars().all(is_printable)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !(place == Place::Flow && text.contains([',', '[', ']', '{', '}', ':']))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Format, emit};
    use crate::source::parse_as;

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        let text = emit(value, Format::Yaml);
        assert_eq!(text, expected);
        for format in [Format::Yaml, Format::Json] {
            let text = emit(value, format);
            assert_eq!(
                parse_as(&text, format, None).unwrap().value(),
                value,
                "{text}"
            );
        }
    }

    #[test]
    fn values_are_written_as_a_person_would() {
        check(&json!({}), "{}\n");
        check(&json!({ "a": [], "b": {} }), "a: []\nb: {}\n");
        check(
            &json!({ "a": { "b": [{ "c": 1, "d": ["x", null] }, [1, [2]]] } }),
            "a:\n  b:\n    - c: 1\n      d:\n        - x\n        - null\n    - - 1\n      - - 2\n",
        );
        check(&json!({ "s": "a\nb\n" }), "s: |\n  a\n  b\n");
        check(&json!({ "s": ["a\n\nb"] }), "s:\n  - |-\n    a\n\n    b\n");
    }

    #[test]
    fn what_could_be_taken_for_something_else_is_quoted() {
        for text in [
            "",
            " a",
            "a ",
            "yes",
            "No",
            "1",
            "0644",
            "1.10",
            "12:30",
            "2020-01-01",
            "true",
            "~",
            "- a",
            "a: b",
            "a #b",
            "a:",
            "#",
            "&a",
            "*a",
            "!a",
            "[a",
            "{a",
            "'",
            "@",
            "`",
            "%",
            "|",
            ">",
            "?",
            ":",
            "---",
            "\u{7f}",
            "\u{feff}",
            "a\tb",
            "a\r\nb",
            " \n a",
            "a\n \nb",
            "\u{1f600}",
        ] {
            let text = json!({ "k": text, text: [text] });
            for format in [Format::Yaml, Format::Json] {
                let written = emit(&text, format);
                let read = parse_as(&written, format, None);
                assert_eq!(read.unwrap().value(), &text, "{written}");
            }
        }
        for text in [
            "nginx:1.2",
            "-c",
            "a,b",
            "http://x/y?z",
            "/var/log",
            "sleep 1000",
            "数据",
        ] {
            assert_eq!(emit(&json!(text), Format::Yaml), format!("{text}\n"));
        }
    }
}
