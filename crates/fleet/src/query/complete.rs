//! What can be typed next.

use std::ops::Range;

use ief_api::resource::{Column, ColumnKind};

use super::text::{equals, write_value};
use super::{Op, find_column};

/// What the cursor stands in, and what may replace it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the text that a choice replaces. Begins and ends between two characters.
    pub range: Range<usize>,
    /// What fits there.
    pub expected: Expected,
}

/// What fits at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// A term begins: one of these openings (`state:`, `devices>`, `has:`), or any word.
    Term {
        /// The openings that begin with what is typed, in the columns' order.
        openings: Vec<String>,
    },
    /// The name of a column, after `has:` or `no:`.
    Column {
        /// The names that begin with what is typed.
        names: Vec<String>,
    },
    /// A value of a column. For enum and set columns the inventory knows which there are
    /// ([`Snapshot::values`](crate::Snapshot::values)); write a choice with [`quoted`].
    Value {
        /// The column.
        column: String,
        /// What it holds.
        kind: ColumnKind,
        /// How it is compared.
        op: Op,
        /// What is typed of the value, without quotes.
        typed: String,
    },
    /// Nothing known fits: free text, or a column that does not exist.
    Nothing,
}

impl Completion {
    /// The text with the range replaced, and where the cursor stands then, in bytes.
    #[must_use]
    pub fn apply(&self, text: &str, choice: &str) -> (String, usize) {
        let before = text.get(..self.range.start).unwrap_or(text);
        let after = text.get(self.range.end..).unwrap_or_default();
        (
            format!("{before}{choice}{after}"),
            before.len() + choice.len(),
        )
    }
}

/// Says what can be typed at the cursor (in bytes; moved to the next character's start when inside one).
#[must_use]
pub fn complete(text: &str, cursor: usize, columns: &[Column]) -> Completion {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor += 1;
    }
    let start = term_start(&text[..cursor]);
    let term = &text[start..cursor];
    let body_at = start + usize::from(term.starts_with('-'));
    let body = &text[body_at..cursor];
    if let Some((name, value, op)) = equals(body, columns) {
        return value_of(text, cursor, columns, &body[..name], op, body_at + value);
    }
    let Some(sign) = body.find([':', '~', '<', '>', '"', ',']) else {
        return Completion {
            range: body_at..cursor,
            expected: Expected::Term {
                openings: openings(body, body_at > start, columns),
            },
        };
    };
    let (name, rest) = body.split_at(sign);
    let (op, sign_length) = match rest.as_bytes() {
        [b':', ..] => (Op::Is, 1),
        [b'~', ..] => (Op::Contains, 1),
        [b'<', b'=', ..] => (Op::LessOrEqual, 2),
        [b'<', ..] => (Op::Less, 1),
        [b'>', b'=', ..] => (Op::GreaterOrEqual, 2),
        [b'>', ..] => (Op::Greater, 1),
        _ => {
            return Completion {
                range: cursor..cursor,
                expected: Expected::Nothing,
            };
        }
    };
    value_of(
        text,
        cursor,
        columns,
        name,
        op,
        body_at + sign + sign_length,
    )
}

/// What fits in the place of a value, of those that begin at `values_at`.
fn value_of(
    text: &str,
    cursor: usize,
    columns: &[Column],
    name: &str,
    op: Op,
    values_at: usize,
) -> Completion {
    let value_at = values_at + last_value(&text[values_at..cursor]);
    let typed = unquoted(&text[value_at..cursor]);
    let is = |word: &str| op == Op::Is && name.eq_ignore_ascii_case(word);
    let expected = if is("has") || is("no") {
        Expected::Column {
            names: names(&typed, columns),
        }
    } else {
        find_column(columns, name).map_or(Expected::Nothing, |column| Expected::Value {
            column: column.name.to_owned(),
            kind: column.kind,
            op,
            typed,
        })
    };
    Completion {
        range: value_at..cursor,
        expected,
    }
}

/// The value as it is typed: in quotes when it needs them.
#[must_use]
pub fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    write_value(&mut text, value, true).expect("writing to a string never fails");
    text
}

fn openings(typed: &str, negated: bool, columns: &[Column]) -> Vec<String> {
    let sign = |kind| match kind {
        ColumnKind::Text => "~",
        ColumnKind::Enum | ColumnKind::Set | ColumnKind::Flag => ":",
        ColumnKind::Integer => ">",
        ColumnKind::Time => "<",
    };
    let mut openings: Vec<_> = columns
        .iter()
        .filter(|column| {
            !(negated && matches!(column.kind, ColumnKind::Integer | ColumnKind::Time))
        })
        .map(|column| format!("{}{}", column.name, sign(column.kind)))
        .collect();
    openings.extend(["has:".to_owned(), "no:".to_owned()]);
    openings.retain(|opening| begins_with(opening, typed));
    openings
}

fn names(typed: &str, columns: &[Column]) -> Vec<String> {
    columns
        .iter()
        .map(|column| column.name.to_owned())
        .filter(|name| begins_with(name, typed))
        .collect()
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Where the last term begins: after the last space outside quotes.
fn term_start(text: &str) -> usize {
    outside_quotes(text, char::is_whitespace)
}

/// Where the last value begins: after the last comma outside quotes.
fn last_value(text: &str) -> usize {
    outside_quotes(text, |c| c == ',')
}

/// The end of the last character that fits and stands outside quotes. As in reading, a quote opens only where
/// a value begins.
fn outside_quotes(text: &str, fits: impl Fn(char) -> bool) -> usize {
    let mut end = 0;
    let mut in_quotes = false;
    let mut escaped = false;
    let mut value_begins = true;
    for (index, c) in text.char_indices() {
        if in_quotes {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_quotes = false,
                _ => {}
            }
            continue;
        }
        in_quotes = c == '"' && value_begins;
        if fits(c) {
            end = index + c.len_utf8();
        }
        value_begins = c.is_whitespace() || matches!(c, ',' | ':' | '~' | '<' | '>' | '=' | '-');
    }
    end
}

fn unquoted(typed: &str) -> String {
    let Some(inner) = typed.strip_prefix('"') else {
        return typed.to_owned();
    };
    let mut value = String::new();
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => break,
            _ => value.push(c),
        }
    }
    value
}
