//! JSON with the place of each part. Anything that the standard doesn't have is an error with its place.

use ief_api::wire::Shape;
use serde_json::Value;

use super::node::{Entries, Entry, Item, Kind, Node, Style};
use super::{MAX_DEPTH, Reason, SyntaxError, scalar};
use crate::path::Step;
use crate::shape;

/// Reads a text.
pub(super) fn parse(text: &str, shape: Option<Shape>) -> Result<Node, SyntaxError> {
    let mut reader = Reader {
        text,
        // A mark of the byte order is no part of the document.
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        depth: 0,
    };
    reader.blanks();
    if reader.at == text.len() {
        return Err(SyntaxError::new(Reason::Empty, 0..text.len()));
    }
    let root = reader.value(shape)?;
    reader.blanks();
    match reader.at < text.len() {
        true => Err(SyntaxError::new(
            Reason::TextAfterEnd,
            reader.at..text.len(),
        )),
        false => Ok(root),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// What is wrong here: the character that stands there, or what is missing at the end.
    fn wrong(&self, missing: Reason) -> SyntaxError {
        let range = match self.text[self.at..].chars().next() {
            Some(character) => self.at..self.at + character.len_utf8(),
            None => self.at..self.at,
        };
        SyntaxError::new(missing, range)
    }

    fn value(&mut self, shape: Option<Shape>) -> Result<Node, SyntaxError> {
        let start = self.at;
        let scalar = |value: Value, end: usize, style: Style| Node {
            start,
            end,
            kind: Kind::Scalar(value),
            style,
        };
        match self.peek() {
            Some(b'{') => self.nested(shape, Self::object),
            Some(b'[') => self.nested(shape, Self::list),
            Some(b'"') => {
                let text = self.string()?;
                Ok(scalar(text.into(), self.at, Style::Double))
            }
            Some(b'-' | b'0'..=b'9') => {
                let value = self.number(shape)?;
                Ok(scalar(value, self.at, Style::Plain))
            }
            Some(b'a'..=b'z' | b'A'..=b'Z') => {
                let word = self.word();
                let is_text = shape.is_some_and(shape::is_text);
                let value = match &self.text[start..word] {
                    "null" => Value::Null,
                    text @ ("true" | "false") if is_text => text.into(),
                    "true" => true.into(),
                    "false" => false.into(),
                    _ => return Err(SyntaxError::new(Reason::ExpectedValue, start..word)),
                };
                self.at = word;
                Ok(scalar(value, word, Style::Plain))
            }
            _ => Err(self.wrong(Reason::ExpectedValue)),
        }
    }

    fn nested(
        &mut self,
        shape: Option<Shape>,
        body: impl FnOnce(&mut Self, Option<Shape>) -> Result<Kind, SyntaxError>,
    ) -> Result<Node, SyntaxError> {
        let start = self.at;
        if self.depth == MAX_DEPTH {
            return Err(self.wrong(Reason::TooDeep));
        }
        self.depth += 1;
        self.at += 1;
        let kind = body(self, shape)?;
        self.depth -= 1;
        Ok(Node {
            start,
            end: self.at,
            kind,
            style: Style::Flow,
        })
    }

    fn object(&mut self, shape: Option<Shape>) -> Result<Kind, SyntaxError> {
        let open = self.at - 1;
        let mut map = Entries::default();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Kind::Map(map));
        }
        loop {
            self.blanks();
            let start = self.at;
            match self.peek() {
                Some(b'"') => {}
                None => return Err(unclosed(open, '{')),
                Some(_) => return Err(self.wrong(Reason::ExpectedKey)),
            }
            let key = self.string()?;
            let key_span = start..self.at;
            if let Some(first) = map.entries.iter().find(|it| it.key == key) {
                let other = Some(first.key_span.clone());
                let reason = Reason::DuplicateKey { key };
                return Err(SyntaxError {
                    reason,
                    range: key_span,
                    other,
                });
            }
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.wrong(Reason::ExpectedColon));
            }
            self.at += 1;
            self.blanks();
            let step = Step::Key(key.clone());
            let value = self.value(shape.and_then(|it| shape::inside(it, &step)))?;
            map.entries.push(Entry {
                key,
                key_span,
                value,
            });
            if self.ends(open, '{', b'}')? {
                return Ok(Kind::Map(map));
            }
        }
    }

    fn list(&mut self, shape: Option<Shape>) -> Result<Kind, SyntaxError> {
        let open = self.at - 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Kind::List(items));
        }
        loop {
            self.blanks();
            if self.peek().is_none() {
                return Err(unclosed(open, '['));
            }
            let value = self.value(shape.and_then(|it| shape::inside(it, &Step::Index(0))))?;
            items.push(Item {
                start: value.start,
                value,
            });
            if self.ends(open, '[', b']')? {
                return Ok(Kind::List(items));
            }
        }
    }

    /// Whether a list or an object ends here, and not goes on after a comma.
    fn ends(&mut self, open: usize, bracket: char, close: u8) -> Result<bool, SyntaxError> {
        self.blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(it) if it == close => {
                self.at += 1;
                Ok(true)
            }
            None => Err(unclosed(open, bracket)),
            Some(b'}' | b']') => Err(self.wrong(Reason::WrongBracket)),
            Some(_) => Err(self.wrong(Reason::ExpectedComma)),
        }
    }

    fn word(&self) -> usize {
        let rest = self.text[self.at..].bytes();
        self.at
            + rest
                .take_while(|it| it.is_ascii_alphanumeric() || *it == b'_')
                .count()
    }

    fn number(&mut self, shape: Option<Shape>) -> Result<Value, SyntaxError> {
        let start = self.at;
        let rest = self.text[start..].bytes();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        self.at = start + rest.take_while(is_part).count();
        let text = &self.text[start..self.at];
        let error = |reason| SyntaxError::new(reason, start..self.at);
        let digits = text.strip_prefix('-').unwrap_or(text);
        // The core schema takes what JSON doesn't: `.5`, `5.`
        let is_json = scalar::looks_like_number(text)
            && digits.starts_with(|it: char| it.is_ascii_digit())
            && !digits.contains(".e")
            && !digits.contains(".E")
            && !digits.ends_with('.');
        let whole = digits.split(['.', 'e', 'E']).next().unwrap_or_default();
        if !is_json {
            return Err(error(Reason::ExpectedValue));
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(error(Reason::LeadingZero));
        }
        match shape.is_some_and(shape::is_text) {
            true => Ok(text.into()),
            false => scalar::number(text).map_err(error),
        }
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(character) = rest.chars().next() else {
                return Err(SyntaxError::new(Reason::UnclosedQuote, start..start + 1));
            };
            match character {
                '"' => {
                    self.at += 1;
                    return Ok(text);
                }
                '\\' => text.push(self.escape()?),
                '\n' => return Err(SyntaxError::new(Reason::UnclosedQuote, start..self.at)),
                '\0'..='\u{1f}' => {
                    return Err(self.wrong(Reason::UnexpectedCharacter { character }));
                }
                _ => {
                    text.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let start = self.at;
        let escaped = self.text.as_bytes().get(start + 1).copied();
        self.at += 2;
        let character = match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => {
                let end = super::lines::floor(self.text, start + 2).max(start + 1);
                return Err(SyntaxError::new(Reason::Escape, start..end));
            }
        };
        Ok(character)
    }

    /// An escape by number, or two that are one character together.
    fn unicode(&mut self, start: usize) -> Result<char, SyntaxError> {
        let unit = |reader: &mut Self| {
            let digits = reader.text.get(reader.at..reader.at + 4)?;
            let is_hex = digits.bytes().all(|it| it.is_ascii_hexdigit());
            reader.at += if is_hex { 4 } else { 0 };
            u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
        };
        let mut units = [0, 0];
        let mut read = |reader: &mut Self| -> Option<char> {
            units[0] = unit(reader)?;
            let mut count = 1;
            if (0xd800..0xdc00).contains(&units[0]) && reader.text[reader.at..].starts_with("\\u") {
                reader.at += 2;
                units[1] = unit(reader)?;
                count = 2;
            }
            char::decode_utf16(units[..count].iter().copied())
                .next()?
                .ok()
        };
        let read = read(self);
        read.ok_or_else(|| SyntaxError::new(Reason::Escape, start..self.at.max(start + 2)))
    }
}

const fn unclosed(at: usize, open: char) -> SyntaxError {
    SyntaxError::new(Reason::UnclosedBracket { open }, at..at + 1)
}
