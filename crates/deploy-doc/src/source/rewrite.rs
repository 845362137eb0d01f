//! Edits written back into a text: only what differs is written anew, so that comments, order and layout elsewhere
//! stay as they are.
//!
//! What was written is read again and compared. Where a part can't be changed in place (an alias, a key in the long
//! way, a layout that is out of the ordinary) a larger part around it is written anew, in the last resort all of it.

use std::ops::Range;

use ief_api::wire::Shape;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::emit::{self, Layout, Place};
use super::lines::{line_end, line_start};
use super::node::{Kind, Node, Style};
use super::{Format, MAX_DEPTH, Parsed, block, flow, parse_as, scalar};
use crate::path::Step;
use crate::shape;

/// A piece of text that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// What is replaced, in bytes.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
}

/// Makes a text say something else: the edits, from front to back, none touching another.
#[must_use]
pub fn rewrite(text: &str, parsed: &Parsed, value: &Value) -> Vec<TextEdit> {
    rewritten(text, parsed, value).map_or_else(Vec::new, |it| it.edits)
}

/// A text that was made to say something else.
pub(crate) struct Rewritten {
    pub(crate) edits: Vec<TextEdit>,
    pub(crate) text: String,
    pub(crate) parsed: Parsed,
}

/// The same with the text as it is then, which was read to see that it says so. `None` when it says so already.
pub(crate) fn rewritten(text: &str, parsed: &Parsed, value: &Value) -> Option<Rewritten> {
    if parsed.value() == value {
        return None;
    }
    let shape = Some(shape::ROOT);
    let format = parsed.format();
    let first_break = text.find('\n').unwrap_or_default();
    let is_windows = text[..first_break].ends_with('\r');
    let says = |mut edits: Vec<TextEdit>| {
        if is_windows {
            for edit in &mut edits {
                edit.text = edit.text.replace("\r\n", "\n").replace('\n', "\r\n");
            }
        }
        let text = apply_edits(text, &edits);
        let parsed = parse_as(&text, format, shape).ok()?;
        (parsed.value() == value).then_some(Rewritten {
            edits,
            text,
            parsed,
        })
    };
    let by_depth = [MAX_DEPTH, 7, 6, 5, 4, 3, 2, 1, 0]
        .into_iter()
        .find_map(|depth| {
            let mut plan = Plan::new(text, parsed, depth);
            plan.change(parsed.root(), value, Context::root(shape));
            says(plan.finish())
        });
    // Whatever is written as JSON is read as the same in YAML too.
    by_depth.or_else(|| {
        [format, Format::Json].into_iter().find_map(|format| {
            let range = 0..text.len();
            let text = emit::emit(value, format);
            says(vec![TextEdit { range, text }])
        })
    })
}

/// A text with edits applied, which stand from front to back.
#[must_use]
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let start = edit.range.start.clamp(at, text.len());
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.range.end.clamp(start, text.len());
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// Right behind the colon or dash before it.
    pub(super) from: usize,
    /// Column of the name or dash before it.
    pub(super) column: usize,
    /// What stands before it.
    pub(super) after: After,
    /// How deep it is nested.
    pub(super) depth: usize,
    /// What the model says of it.
    pub(super) shape: Option<Shape>,
}

/// What stands before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing: it is the document.
    Start,
    /// A name and a colon.
    Key,
    /// A dash.
    Dash,
    /// It is inside brackets, or the document is JSON.
    Bracket,
}

impl Context {
    const fn root(shape: Option<Shape>) -> Self {
        Self {
            from: 0,
            column: 0,
            after: After::Start,
            depth: 0,
            shape,
        }
    }

    pub(super) fn inside(&self, step: &Step) -> Option<Shape> {
        self.shape.and_then(|it| shape::inside(it, step))
    }
}

/// Edits that are being gathered.
pub(super) struct Plan<'a> {
    pub(super) text: &'a str,
    pub(super) format: Format,
    pub(super) layout: Layout,
    max_depth: usize,
    edits: Vec<TextEdit>,
}

impl<'a> Plan<'a> {
    fn new(text: &'a str, parsed: &Parsed, max_depth: usize) -> Self {
        Self {
            text,
            format: parsed.format(),
            layout: layout_of(text, parsed.root()),
            max_depth,
            edits: Vec::new(),
        }
    }

    pub(super) fn edit(&mut self, range: Range<usize>, text: impl Into<String>) {
        let text = text.into();
        self.edits.push(TextEdit { range, text });
    }

    fn finish(mut self) -> Vec<TextEdit> {
        // What is added at a place stands before what is taken away from there on.
        self.edits.sort_by_key(|it| (it.range.start, it.range.end));
        let mut edits: Vec<TextEdit> = Vec::with_capacity(self.edits.len());
        for edit in self.edits {
            match edits.last_mut() {
                Some(last) if last.range.end >= edit.range.start => {
                    last.range.end = last.range.end.max(edit.range.end);
                    last.text.push_str(&edit.text);
                }
                _ => edits.push(edit),
            }
        }
        edits
    }

    /// Where scalars inside brackets stand.
    pub(super) const fn flow_place(&self) -> Place {
        match self.format {
            Format::Json => Place::Json,
            Format::Yaml => Place::Flow,
        }
    }

    /// Makes a value another one.
    pub(super) fn change(&mut self, node: &Node, new: &Value, context: Context) {
        let is_deep = context.depth >= self.max_depth;
        match (&node.kind, new) {
            (Kind::Scalar(old), new) if old == new => {}
            (Kind::Map(map), Value::Object(fields))
                if !is_deep && !map.long && map.merged.is_empty() =>
            {
                let keeps = map.entries.iter().any(|it| fields.contains_key(&it.key));
                match (keeps, node.style) {
                    (true, Style::Block) => block::change_map(self, map, fields, context),
                    (true, _) => flow::change_map(self, node, map, fields, context),
                    (false, _) if fields.is_empty() && map.entries.is_empty() => {}
                    (false, _) => self.replace(node, new, context),
                }
            }
            (Kind::List(items), Value::Array(entries)) if !is_deep => {
                match (items.is_empty(), entries.is_empty()) {
                    (true, true) => {}
                    (false, false) => match node.style {
                        Style::Block => block::change_list(self, node, items, entries, context),
                        _ => flow::change_list(self, node, items, entries, context),
                    },
                    _ => self.replace(node, new, context),
                }
            }
            _ if node.value() == *new => {}
            _ => self.replace(node, new, context),
        }
    }

    /// Writes a value anew as a whole.
    pub(super) fn replace(&mut self, node: &Node, new: &Value, context: Context) {
        let is_nested = match new {
            Value::Object(fields) => !fields.is_empty(),
            Value::Array(entries) => !entries.is_empty(),
            _ => false,
        };
        match context.after {
            After::Bracket => self.replace_in_brackets(node, new, context),
            After::Start => {
                let text = match self.format {
                    Format::Json => emit::json(new, self.layout.indent, 0),
                    Format::Yaml => {
                        let mut text = String::new();
                        emit::block(&mut text, new, 0, self.layout);
                        text.trim_end_matches('\n').to_owned()
                    }
                };
                self.edit(node.span(), text);
            }
            After::Key | After::Dash if is_nested => self.replace_by_nested(node, new, context),
            After::Key | After::Dash => self.replace_by_scalar(node, new, context),
        }
    }

    fn replace_in_brackets(&mut self, node: &Node, new: &Value, context: Context) {
        let text = match (self.format, new) {
            (Format::Json, _) => {
                let start = line_start(self.text, node.start);
                let line = &self.text[start..node.start];
                let column = line.len() - line.trim_start_matches(' ').len();
                let is_one_line = matches!(node.kind, Kind::Map(_) | Kind::List(_))
                    && node.end - node.start > 2
                    && !self.text[node.span()].contains('\n');
                match is_one_line {
                    true => emit::inline(new, Place::Json),
                    false => emit::json(new, self.layout.indent, column),
                }
            }
            (Format::Yaml, Value::String(text)) => {
                self.scalar_text(node, text, context.shape, Place::Flow)
            }
            (Format::Yaml, _) => emit::inline(new, Place::Flow),
        };
        let text = match node.start == node.end {
            // Nothing stands there but the colon.
            true => format!(" {text}"),
            false => text,
        };
        self.edit(node.span(), text);
    }

    fn replace_by_nested(&mut self, node: &Node, new: &Value, context: Context) {
        let mut text = String::new();
        match context.after {
            After::Dash => emit::after_dash(&mut text, new, context.column, self.layout),
            _ => emit::after_key(&mut text, new, context.column, self.layout),
        }
        let end = line_end(self.text, node.end);
        let behind = self.text[node.end..end].trim();
        let is_one_line = !self.text[context.from..node.end].contains('\n');
        match is_one_line && behind.starts_with('#') && context.after == After::Key {
            // A comment behind what goes stays behind the name.
            true => {
                self.edit(context.from..node.end, "");
                self.edit(end..end, text);
            }
            false => self.edit(context.from..node.end, text),
        }
    }

    fn replace_by_scalar(&mut self, node: &Node, new: &Value, context: Context) {
        let was_scalar = matches!(node.kind, Kind::Scalar(_) | Kind::Alias(_));
        let range = match was_scalar && node.start > context.from {
            true => node.span(),
            false => context.from..node.end,
        };
        let lead = if range.start == context.from { " " } else { "" };
        let Value::String(text) = new else {
            self.edit(range, format!("{lead}{}", emit::inline(new, Place::Block)));
            return;
        };
        let end = line_end(self.text, node.end);
        let has_comment = self.text[node.end..end].contains('#');
        if emit::fits_lines(text) && (node.style == Style::Lines || !has_comment) {
            let mut lines = format!("{lead}{}", emit::lines_head(text));
            if node.style == Style::Lines {
                let head = &self.text[node.start..line_end(self.text, node.start)];
                if let Some(comment) = head.find(" #") {
                    lines.push_str(&head[comment..]);
                }
            }
            let usual = match context.after {
                After::Dash => context.column + 2,
                _ => context.column + self.layout.indent,
            };
            let column = self.lines_column(node).unwrap_or(usual);
            emit::lines_body(&mut lines, text, column);
            self.edit(range, lines);
            return;
        }
        let text = self.scalar_text(node, text, context.shape, Place::Block);
        self.edit(range, format!("{lead}{text}"));
    }

    /// The column of the lines of a text in several lines.
    fn lines_column(&self, node: &Node) -> Option<usize> {
        let mut lines = self.text[node.span()].lines().skip(1);
        let line = lines.find(|it| node.style == Style::Lines && !it.trim().is_empty())?;
        Some(line.len() - line.trim_start_matches(' ').len())
    }

    /// A text, in the way in which the old one was written if it can be.
    fn scalar_text(&self, node: &Node, text: &str, shape: Option<Shape>, place: Place) -> String {
        let is_printable = !text.contains(['\n', '\r', '\t']);
        // Whoever wrote a number without quotes where there is text goes on so.
        let was_bare = match &node.kind {
            Kind::Scalar(Value::String(old)) => !emit::is_plain(old, place),
            _ => false,
        };
        match node.style {
            Style::Double => emit::quoted(text),
            Style::Single if is_printable && emit::quoted(text).len() == text.len() + 2 => {
                format!("'{}'", text.replace('\'', "''"))
            }
            Style::Plain
                if was_bare
                    && emit::has_plain_form(text, place)
                    && scalar::plain(text, shape) == Ok(Value::String(text.to_owned())) =>
            {
                text.to_owned()
            }
            _ => emit::inline(&text.into(), place),
        }
    }
}

/// How a text is indented, by the first object and the first list in it.
fn layout_of(text: &str, root: &Node) -> Layout {
    let mut layout = (None, None);
    look(text, root, &mut layout);
    let usual = Layout::default();
    Layout {
        indent: layout.0.unwrap_or(usual.indent),
        dash: layout.1.unwrap_or(usual.dash),
    }
}

fn look(text: &str, node: &Node, layout: &mut (Option<usize>, Option<usize>)) {
    if layout.0.is_some() && layout.1.is_some() {
        return;
    }
    let column = |at: usize| at - line_start(text, at);
    match &node.kind {
        Kind::Map(map) => {
            for entry in &map.entries {
                let own = column(entry.key_span.start);
                let inner = match &entry.value.kind {
                    Kind::Map(inner) => inner.entries.first().map(|it| it.key_span.start),
                    Kind::List(items) => items.first().map(|it| it.start),
                    _ => None,
                };
                let is_below = inner.is_some_and(|at| line_start(text, at) > entry.key_span.start);
                if let Some(at) = inner.filter(|_| is_below) {
                    let further = column(at).checked_sub(own);
                    let slot = match &entry.value.kind {
                        Kind::List(_) if entry.value.is_block() => &mut layout.1,
                        _ => &mut layout.0,
                    };
                    let usable = further.filter(|it| *it <= 8);
                    *slot = slot.or(usable);
                }
                look(text, &entry.value, layout);
            }
        }
        Kind::List(items) => {
            for item in items {
                look(text, &item.value, layout);
            }
        }
        _ => {}
    }
}
