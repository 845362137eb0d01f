//! The typed form of a filter: reading and writing it.

use std::fmt;

use ief_api::resource::Column;
use serde::{Deserialize, Serialize};

use super::{Filter, Op, Reason, Term, find_column};

/// The signs that end a column's name and begin its values.
const SIGNS: [char; 4] = [':', '~', '<', '>'];

/// Where a column's name ends that is followed by an equals sign, and where the value begins: `state=running`,
/// `state!=running`. Without a column of this name the sign is part of a word.
pub(super) fn equals(body: &str, columns: &[Column]) -> Option<(usize, usize, Op)> {
    let sign = body.find(|c: char| {
        c == '=' || SIGNS.contains(&c) || c == ',' || c == '"' || c.is_whitespace()
    })?;
    let before = &body[..sign];
    let (name, op) = match before.strip_suffix('!') {
        Some(name) => (name, Op::IsNot),
        None => (before, Op::Is),
    };
    let value = body[sign..].strip_prefix('=')?;
    // Programmers write two.
    let signs = if value.starts_with('=') { 2 } else { 1 };
    find_column(columns, name).map(|_| (name.len(), sign + signs, op))
}

/// Where and why a typed filter cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("at byte {position}: {reason}")]
pub struct ParseError {
    /// Where the wrong part begins, in bytes from the start of the text; always between two characters.
    pub position: usize,
    /// What is wrong with it.
    #[serde(flatten)]
    pub reason: Reason,
}

impl Filter {
    /// Reads the typed form.
    ///
    /// # Errors
    /// The first part that cannot be understood.
    pub fn parse(text: &str, columns: &[Column]) -> Result<Self, ParseError> {
        let mut reader = Reader { text, at: 0 };
        let mut terms = Vec::new();
        while reader.skip_space() {
            let start = reader.at;
            let term = reader.term(columns)?;
            term.check(columns).map_err(|reason| ParseError {
                position: start,
                reason,
            })?;
            terms.push(term);
        }
        Ok(Self { terms })
    }
}

/// Reads terms from a text, remembering where it is.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// Moves to the next term and says whether there is one.
    fn skip_space(&mut self) -> bool {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.at < self.text.len()
    }

    fn fail<T>(&self, position: usize, reason: Reason) -> Result<T, ParseError> {
        debug_assert!(
            self.text.is_char_boundary(position),
            "positions stand between characters"
        );
        Err(ParseError { position, reason })
    }

    fn term(&mut self, columns: &[Column]) -> Result<Term, ParseError> {
        let start = self.at;
        let negated = self.eat('-');
        if let Some((name, value, op)) = equals(self.rest(), columns) {
            let column = find_column(columns, &self.rest()[..name]);
            let op = match (op, negated) {
                (op, false) => op,
                (Op::Is, true) => Op::IsNot,
                (_, true) => return self.fail(start, Reason::NegatedComparison),
            };
            self.at += value;
            let values_at = self.at;
            let values = self.values()?;
            let term = Term {
                column: column.map(|column| column.name.to_owned()),
                op,
                values,
            };
            return match term.check(columns) {
                Ok(()) => Ok(term),
                Err(reason) => self.fail(values_at, reason),
            };
        }
        let Some(name) = self.column_name() else {
            let op = if negated {
                Op::NotContains
            } else {
                Op::Contains
            };
            let values = self.values()?;
            return Ok(Term {
                column: None,
                op,
                values,
            });
        };
        let name_at = self.at;
        let name = name.to_owned();
        self.at += name.len();
        let sign_at = self.at;
        let op = self.sign();
        if name.is_empty() {
            return self.fail(sign_at, Reason::ColumnMissing);
        }
        if op == Op::Is && (name.eq_ignore_ascii_case("has") || name.eq_ignore_ascii_case("no")) {
            let present = name.eq_ignore_ascii_case("has") != negated;
            return self.presence(columns, present);
        }
        let op = match (op, negated) {
            (Op::Is, true) => Op::IsNot,
            (Op::Contains, true) => Op::NotContains,
            (_, true) => return self.fail(start, Reason::NegatedComparison),
            (op, false) => op,
        };
        let column = match name.as_str() {
            "*" => None,
            _ => match find_column(columns, &name) {
                Some(column) => Some(column.name.to_owned()),
                None => return self.fail(name_at, Reason::UnknownColumn { name }),
            },
        };
        let values_at = self.at;
        let values = self.values()?;
        let term = Term { column, op, values };
        match term.check(columns) {
            Ok(()) => Ok(term),
            Err(
                reason @ (Reason::OperatorNotForColumn { .. } | Reason::OperatorNeedsColumn { .. }),
            ) => self.fail(sign_at, reason),
            Err(reason) => self.fail(values_at, reason),
        }
    }

    /// What stands before the first sign, when a sign comes before a space, a comma or a quote.
    fn column_name(&self) -> Option<&str> {
        let rest = self.rest();
        let end =
            rest.find(|c: char| SIGNS.contains(&c) || c == ',' || c == '"' || c.is_whitespace())?;
        rest[end..].starts_with(SIGNS).then(|| &rest[..end])
    }

    /// Reads the sign that [`Self::column_name`] has found.
    fn sign(&mut self) -> Op {
        if self.eat(':') {
            Op::Is
        } else if self.eat('~') {
            Op::Contains
        } else if self.eat('<') {
            if self.eat('=') {
                Op::LessOrEqual
            } else {
                Op::Less
            }
        } else {
            self.eat('>');
            if self.eat('=') {
                Op::GreaterOrEqual
            } else {
                Op::Greater
            }
        }
    }

    /// Reads the column of `has:` and `no:`.
    fn presence(&mut self, columns: &[Column], present: bool) -> Result<Term, ParseError> {
        let at = self.at;
        let names = self.values()?;
        let [name] = names.as_slice() else {
            return self.fail(at, Reason::ValueNotExpected);
        };
        match find_column(columns, name) {
            Some(column) => Ok(Term {
                column: Some(column.name.to_owned()),
                op: if present { Op::Present } else { Op::Missing },
                values: Vec::new(),
            }),
            None => self.fail(at, Reason::UnknownColumn { name: name.clone() }),
        }
    }

    /// Reads values up to the next space.
    fn values(&mut self) -> Result<Vec<String>, ParseError> {
        let mut values = vec![self.value()?];
        while self.eat(',') {
            values.push(self.value()?);
        }
        Ok(values)
    }

    fn value(&mut self) -> Result<String, ParseError> {
        let start = self.at;
        if self.eat('"') {
            return self.quoted_value(start);
        }
        let rest = self.rest();
        let end = rest
            .find(|c: char| c == ',' || c.is_whitespace())
            .unwrap_or(rest.len());
        if end == 0 {
            return self.fail(start, Reason::ValueMissing);
        }
        let value = rest[..end].to_owned();
        self.at += end;
        Ok(value)
    }

    fn quoted_value(&mut self, start: usize) -> Result<String, ParseError> {
        let mut value = String::new();
        let mut escaped = false;
        let mut length = None;
        for (index, c) in self.rest().char_indices() {
            match c {
                _ if escaped => {
                    value.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    length = Some(index + 1);
                    break;
                }
                _ => value.push(c),
            }
        }
        let Some(length) = length else {
            return self.fail(start, Reason::UnclosedQuote);
        };
        self.at += length;
        match self.peek() {
            None | Some(',') => Ok(value),
            Some(c) if c.is_whitespace() => Ok(value),
            Some(_) => self.fail(self.at, Reason::TextAfterQuote),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.op.is_negated() {
            f.write_str("-")?;
        }
        let column = self.column.as_deref();
        let sign = match self.op {
            Op::Missing => return write!(f, "no:{}", column.unwrap_or("*")),
            Op::Present => return write!(f, "has:{}", column.unwrap_or("*")),
            Op::Contains | Op::NotContains if column.is_none() => "",
            Op::Is | Op::IsNot => ":",
            Op::Contains | Op::NotContains => "~",
            Op::Less => "<",
            Op::LessOrEqual => "<=",
            Op::Greater => ">",
            Op::GreaterOrEqual => ">=",
        };
        if !sign.is_empty() {
            write!(f, "{}{sign}", column.unwrap_or("*"))?;
        }
        for (index, value) in self.values.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            write_value(f, value, sign.is_empty())?;
        }
        Ok(())
    }
}

/// Writes a value so that it is read back as itself. A bare word must also not look like a column.
pub(super) fn write_value(f: &mut impl fmt::Write, value: &str, bare: bool) -> fmt::Result {
    let quotes = value.is_empty()
        || value.starts_with(['-', '='])
        || value.contains(|c: char| {
            c.is_whitespace()
                || matches!(c, ',' | '"' | '\\')
                || (bare && (c == '=' || SIGNS.contains(&c)))
        });
    if !quotes {
        return f.write_str(value);
    }
    f.write_char('"')?;
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
