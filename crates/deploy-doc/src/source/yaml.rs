//! YAML with the place of each part, from the events of the parser.
//!
//! The parser tells where scalars and brackets are. Where a list or an object by indentation begins, where a dash
//! stands and where a text in several lines has its head is found by reading on from what came before, as nothing but
//! blanks and comments lies between.

use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput, StructureStyle, Tag};
use ief_api::wire::Shape;
use serde_json::Value;

use super::node::{Entries, Entry, Item, Kind, Node, Style};
use super::{MAX_DEPTH, Reason, SyntaxError, scalar};
use crate::path::Step;
use crate::shape;

mod error;

/// So many values may come of aliases altogether: few lines can stand for billions.
const MAX_EXPANDED: usize = 100_000;

/// Reads the one document of a text.
pub(super) fn parse(text: &str, shape: Option<Shape>) -> Result<Node, SyntaxError> {
    let mut builder = Builder::new(text, shape.is_none());
    let Some(root) = builder.document(shape)? else {
        return Err(SyntaxError::new(Reason::Empty, 0..text.len()));
    };
    match builder.next_document()? {
        Some(span) => Err(SyntaxError::new(Reason::SecondDocument, span)),
        None => Ok(root),
    }
}

/// Reads all documents of a text.
pub(super) fn parse_all(text: &str, shape: Option<Shape>) -> Result<Vec<Node>, SyntaxError> {
    let mut builder = Builder::new(text, shape.is_none());
    let mut documents = Vec::new();
    while let Some(document) = builder.document(shape)? {
        documents.push(document);
    }
    Ok(documents)
}

struct Builder<'a> {
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
    /// What was looked at and not taken.
    next: Option<(Event<'a>, Span)>,
    anchors: HashMap<usize, Value>,
    expanded: usize,
    depth: usize,
    /// Whether it is no document of ours, so that nobody is asked to mend a number in it.
    is_foreign: bool,
}

fn bytes(span: &Span) -> std::ops::Range<usize> {
    // Parsed from one piece of text, every place has its byte.
    let start = span.start.byte_offset().unwrap_or_default();
    start..span.end.byte_offset().unwrap_or(start).max(start)
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, is_foreign: bool) -> Self {
        let mut options = Options::default();
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        Self {
            text,
            parser: Parser::new_from_str_with_options(text, options),
            next: None,
            anchors: HashMap::new(),
            expanded: 0,
            depth: 0,
            is_foreign,
        }
    }

    /// The next event.
    fn take(&mut self) -> Result<Option<(Event<'a>, Span)>, SyntaxError> {
        if self.next.is_some() {
            return Ok(self.next.take());
        }
        let event = self.parser.next().transpose();
        event.map_err(|it| error::translated(self.text, &it))
    }

    /// Takes the end of a list or an object, with the place behind it; `None` when something else comes.
    fn take_end(&mut self) -> Result<Option<usize>, SyntaxError> {
        match self.take()? {
            Some((Event::SequenceEnd | Event::MappingEnd, span)) => Ok(Some(bytes(&span).end)),
            other => {
                self.next = other;
                Ok(None)
            }
        }
    }

    fn document(&mut self, shape: Option<Shape>) -> Result<Option<Node>, SyntaxError> {
        while let Some((event, span)) = self.take()? {
            if let Event::DocumentStart(is_explicit, _) = event {
                // An anchor is known in its own document only.
                self.anchors.clear();
                let span = bytes(&span);
                let from = if is_explicit { span.end } else { span.start };
                return self.node(from, shape).map(Some);
            }
        }
        Ok(None)
    }

    fn next_document(&mut self) -> Result<Option<std::ops::Range<usize>>, SyntaxError> {
        while let Some((event, span)) = self.take()? {
            if matches!(event, Event::DocumentStart(..)) {
                return Ok(Some(bytes(&span)));
            }
        }
        Ok(None)
    }

    /// A value that begins at `from` or after blanks and comments.
    fn node(&mut self, from: usize, shape: Option<Shape>) -> Result<Node, SyntaxError> {
        let from = from.min(self.text.len());
        let Some((event, span)) = self.take()? else {
            return Err(SyntaxError::new(Reason::ExpectedValue, from..from));
        };
        let span = bytes(&span);
        let start = self.skip(from).min(span.end.max(from));
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(_, anchor, tag)
            | Event::MappingStart(_, anchor, tag) => (*anchor, tag.clone()),
            _ => (0, None),
        };
        let node = match event {
            Event::Scalar(text, style, ..) => {
                self.scalar(&text, style, tag.as_deref(), from..start, span, shape)?
            }
            Event::SequenceStart(style, ..) => {
                self.check_tag(tag.as_deref(), "seq", start)?;
                self.nested(start, |it| it.list(style, start, span.end, shape))?
            }
            Event::MappingStart(style, ..) => {
                self.check_tag(tag.as_deref(), "map", start)?;
                self.nested(start, |it| it.map(style, start, span.end, shape))?
            }
            Event::Alias(id) => self.alias(id, span)?,
            _ => return Err(SyntaxError::new(Reason::ExpectedValue, span)),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.value());
        }
        Ok(node)
    }

    fn nested(
        &mut self,
        start: usize,
        body: impl FnOnce(&mut Self) -> Result<Node, SyntaxError>,
    ) -> Result<Node, SyntaxError> {
        if self.depth == MAX_DEPTH {
            return Err(SyntaxError::new(Reason::TooDeep, start..start));
        }
        self.depth += 1;
        let node = body(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        begin: std::ops::Range<usize>,
        span: std::ops::Range<usize>,
        shape: Option<Shape>,
    ) -> Result<Node, SyntaxError> {
        let is_nothing = style == ScalarStyle::Plain && span.is_empty();
        let text = if is_nothing { "" } else { text };
        let value = match (tag.map(|it| it.core_suffix()), style) {
            (Some(Some("str")), _) => text.into(),
            (Some(Some("null" | "bool" | "int" | "float")), _) | (None, ScalarStyle::Plain) => {
                // What has a tag of its own means that, whatever the model says.
                let shape = shape.filter(|_| tag.is_none());
                match scalar::plain(text, shape) {
                    Ok(value) => value,
                    Err(_) if self.is_foreign => scalar::foreign(text),
                    Err(reason) => return Err(SyntaxError::new(reason, span)),
                }
            }
            (Some(_), _) => return Err(unknown_tag(tag, begin.end)),
            (None, _) => text.into(),
        };
        let (start, end) = match style {
            // Nothing is there: it stands right behind the colon or dash.
            ScalarStyle::Plain if is_nothing && tag.is_none() => (begin.start, begin.start),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let head = super::lines::line_end(self.text, begin.end);
                let content = self.text[..span.end.max(head)].trim_end_matches(['\n', '\r', ' ']);
                (begin.end, content.len().max(head.min(self.text.len())))
            }
            _ => (begin.end.min(span.start), span.end),
        };
        Ok(Node {
            start,
            end: end.max(start),
            kind: Kind::Scalar(value),
            style: match style {
                ScalarStyle::SingleQuoted => Style::Single,
                ScalarStyle::DoubleQuoted => Style::Double,
                ScalarStyle::Literal | ScalarStyle::Folded => Style::Lines,
                ScalarStyle::Plain => Style::Plain,
            },
        })
    }

    fn list(
        &mut self,
        style: StructureStyle,
        start: usize,
        opened: usize,
        shape: Option<Shape>,
    ) -> Result<Node, SyntaxError> {
        let is_block = style == StructureStyle::Block;
        let inner = shape.and_then(|it| shape::inside(it, &Step::Index(0)));
        let mut items: Vec<Item> = Vec::new();
        let mut at = if is_block { start } else { opened };
        loop {
            if let Some(end) = self.take_end()? {
                let last = items.last().map_or(at, |it| it.value.end);
                let (end, style) = match is_block {
                    true => (last, Style::Block),
                    false => (end, Style::Flow),
                };
                return Ok(plain_node(start, end, Kind::List(items), style));
            }
            let begin = match is_block {
                true => self.find(at, b'-'),
                false => self.skip_comma(at),
            };
            let from = begin + usize::from(is_block);
            let value = self.node(from, inner)?;
            at = value.end.max(from);
            items.push(Item {
                start: begin,
                value,
            });
        }
    }

    fn map(
        &mut self,
        style: StructureStyle,
        start: usize,
        opened: usize,
        shape: Option<Shape>,
    ) -> Result<Node, SyntaxError> {
        let is_block = style == StructureStyle::Block;
        let mut map = Entries::default();
        let mut at = if is_block { start } else { opened };
        loop {
            if let Some(end) = self.take_end()? {
                let last = map.entries.last().map_or(at, |it| it.value.end);
                let (end, style) = match is_block {
                    true => (last, Style::Block),
                    false => (end, Style::Flow),
                };
                return Ok(plain_node(start, end, Kind::Map(map), style));
            }
            let entry = self.entry(&mut map, at, shape)?;
            at = entry.value.end;
            map.entries.push(entry);
        }
    }

    fn entry(
        &mut self,
        map: &mut Entries,
        at: usize,
        shape: Option<Shape>,
    ) -> Result<Entry, SyntaxError> {
        let begin = self.skip_comma(at);
        map.long |= self.text[begin..].starts_with("? ") || self.text[begin..].starts_with("?\n");
        let Some((event, span)) = self.take()? else {
            return Err(SyntaxError::new(Reason::ExpectedKey, at..at));
        };
        let key_span = bytes(&span);
        let Event::Scalar(key, style, anchor, tag) = event else {
            return Err(SyntaxError::new(Reason::KeyNotText, key_span));
        };
        if key_span.is_empty() {
            return Err(SyntaxError::new(Reason::ExpectedKey, key_span));
        }
        // What is written in an unusual way is not edited in part.
        map.long |= anchor != 0 || tag.is_some() || begin != key_span.start;
        let key = key.into_owned();
        if let Some(first) = map.entries.iter().find(|it| it.key == key) {
            let other = Some(first.key_span.clone());
            let reason = Reason::DuplicateKey { key };
            return Err(SyntaxError {
                reason,
                range: key_span,
                other,
            });
        }
        let colon = self.skip(key_span.end);
        let from = match self.text[colon..].starts_with(':') {
            true => colon + 1,
            false => key_span.end,
        };
        let step = Step::Key(key.clone());
        let value = self.node(from, shape.and_then(|it| shape::inside(it, &step)))?;
        if key == "<<" && style == ScalarStyle::Plain {
            map.merged.extend(merged(&value.value()));
        }
        Ok(Entry {
            key,
            key_span,
            value,
        })
    }

    fn alias(&mut self, id: usize, span: std::ops::Range<usize>) -> Result<Node, SyntaxError> {
        let Some(value) = self.anchors.get(&id) else {
            return Err(SyntaxError::new(Reason::UnknownAnchor, span));
        };
        self.expanded += size(value);
        if self.expanded > MAX_EXPANDED {
            return Err(SyntaxError::new(Reason::TooManyAliases, span));
        }
        let kind = Kind::Alias(value.clone());
        Ok(plain_node(span.start, span.end, kind, Style::Plain))
    }

    fn check_tag(&self, tag: Option<&Tag>, kind: &str, at: usize) -> Result<(), SyntaxError> {
        match tag {
            Some(tag) if tag.core_suffix() != Some(kind) => Err(unknown_tag(Some(tag), at)),
            _ => Ok(()),
        }
    }

    /// The next byte that is neither blank nor in a comment.
    fn skip(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                    at = super::lines::line_end(self.text, at);
                }
                _ => break,
            }
        }
        at
    }

    fn skip_comma(&self, from: usize) -> usize {
        let at = self.skip(from);
        match self.text.as_bytes().get(at) {
            Some(b',') => self.skip(at + 1),
            _ => at,
        }
    }

    /// The next byte that is this one; only decorations of what begins lie before it.
    fn find(&self, from: usize, byte: u8) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.skip(from);
        while let Some(found) = bytes.get(at)
            && *found != byte
        {
            while bytes.get(at).is_some_and(|it| !it.is_ascii_whitespace()) {
                at += 1;
            }
            at = self.skip(at);
        }
        at.min(self.text.len().saturating_sub(1))
    }
}

const fn plain_node(start: usize, end: usize, kind: Kind, style: Style) -> Node {
    Node {
        start,
        end,
        kind,
        style,
    }
}

fn unknown_tag(tag: Option<&Tag>, at: usize) -> SyntaxError {
    let tag = tag.map(|it| format!("{}{}", it.original_handle(), it.suffix()));
    let tag = tag.unwrap_or_default();
    let end = at + tag.len();
    SyntaxError::new(Reason::Tag { tag }, at..end)
}

/// What `<<` merges in: the fields of an object, or of several, the first of which wins.
fn merged(value: &Value) -> Vec<(String, Value)> {
    let objects = match value {
        Value::Array(objects) => objects.as_slice(),
        other => std::slice::from_ref(other),
    };
    let fields = objects.iter().filter_map(Value::as_object).flatten();
    let mut merged: Vec<(String, Value)> = Vec::new();
    for (key, value) in fields {
        if !merged.iter().any(|it| it.0 == *key) {
            merged.push((key.clone(), value.clone()));
        }
    }
    merged
}

fn size(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(size).sum::<usize>(),
        Value::Array(entries) => 1 + entries.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}
