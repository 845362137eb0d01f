//! Edits of lists and objects in brackets and braces: all of JSON, and parts of YAML.

use std::ops::Range;

use serde_json::{Map, Value};

use super::Format;
use super::emit::{self, Place};
use super::lines::line_start;
use super::node::{Entries, Item, Node};
use super::rewrite::{After, Context, Plan};
use crate::align::{align, staying};
use crate::path::Step;

/// Makes an object another one that has some of the same fields.
pub(super) fn change_map(
    plan: &mut Plan<'_>,
    node: &Node,
    map: &Entries,
    fields: &Map<String, Value>,
    context: Context,
) {
    let parts: Vec<Range<usize>> = map
        .entries
        .iter()
        .map(|it| it.key_span.start..it.value.end)
        .collect();
    let kept: Vec<bool> = map
        .entries
        .iter()
        .map(|it| fields.contains_key(&it.key))
        .collect();
    let between = Between::of(plan, node, &parts);
    remove(plan, &parts, &kept);
    let mut previous = None;
    for (key, value) in fields {
        if let Some(at) = map.entries.iter().position(|it| it.key == *key) {
            let step = Step::Key(key.clone());
            let entry = &map.entries[at];
            plan.change(
                &entry.value,
                value,
                inner(context, entry.value.start, &step),
            );
            previous = Some(at);
            continue;
        }
        let name = match plan.format {
            Format::Json => emit::quoted(key),
            Format::Yaml => emit::key_text(key),
        };
        let written = format!("{name}: {}", between.value(plan, value));
        insert(plan, &parts, &kept, previous, &between, &written);
    }
}

/// Makes a list another one, neither of them empty.
pub(super) fn change_list(
    plan: &mut Plan<'_>,
    node: &Node,
    items: &[Item],
    entries: &[Value],
    context: Context,
) {
    let before: Vec<Value> = items.iter().map(|it| it.value.value()).collect();
    let stays = staying(&align(&before, entries));
    if stays.iter().all(Option::is_none) {
        plan.replace(node, &Value::Array(entries.to_vec()), context);
        return;
    }
    let mut kept = vec![false; items.len()];
    for at in stays.iter().flatten() {
        kept[*at] = true;
    }
    let parts: Vec<Range<usize>> = items.iter().map(|it| it.value.span()).collect();
    let between = Between::of(plan, node, &parts);
    remove(plan, &parts, &kept);
    let mut previous = None;
    for (value, stays) in entries.iter().zip(&stays) {
        if let Some(at) = *stays {
            let start = items[at].value.start;
            plan.change(
                &items[at].value,
                value,
                inner(context, start, &Step::Index(0)),
            );
            previous = Some(at);
            continue;
        }
        let as_before = before.iter().position(|it| it == value);
        let written = match as_before {
            Some(at) => plan.text[parts[at].clone()].to_owned(),
            None => between.value(plan, value),
        };
        insert(plan, &parts, &kept, previous, &between, &written);
    }
}

fn inner(context: Context, from: usize, step: &Step) -> Context {
    Context {
        from,
        column: 0,
        after: After::Bracket,
        depth: context.depth + 1,
        shape: context.inside(step),
    }
}

/// What stands between two entries.
enum Between {
    /// A blank.
    Blank,
    /// A break, and blanks up to a column.
    Line(usize),
}

impl Between {
    /// As it is between the bracket and the first entry.
    fn of(plan: &Plan<'_>, node: &Node, parts: &[Range<usize>]) -> Self {
        let first = parts.first().map_or(node.end, |it| it.start);
        match plan.text[node.start..first].contains('\n') {
            true => Self::Line(first - line_start(plan.text, first)),
            false => Self::Blank,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Blank => " ".to_owned(),
            Self::Line(column) => format!("\n{}", " ".repeat(*column)),
        }
    }

    fn value(&self, plan: &Plan<'_>, value: &Value) -> String {
        match (self, plan.format) {
            (Self::Line(column), Format::Json) => emit::json(value, plan.layout.indent, *column),
            (Self::Blank, Format::Json) => emit::inline(value, Place::Json),
            (_, Format::Yaml) => emit::inline(value, plan.flow_place()),
        }
    }
}

fn insert(
    plan: &mut Plan<'_>,
    parts: &[Range<usize>],
    kept: &[bool],
    previous: Option<usize>,
    between: &Between,
    written: &str,
) {
    match previous {
        Some(at) => {
            let at = parts[at].end;
            plan.edit(at..at, format!(",{}{written}", between.text()));
        }
        None => {
            let first = kept
                .iter()
                .position(|it| *it)
                .map_or(0, |it| parts[it].start);
            plan.edit(first..first, format!("{written},{}", between.text()));
        }
    }
}

/// Takes entries away, each with one comma.
fn remove(plan: &mut Plan<'_>, parts: &[Range<usize>], kept: &[bool]) {
    let Some(last) = kept.iter().rposition(|it| *it) else {
        return;
    };
    for at in (0..last).filter(|it| !kept[*it]) {
        plan.edit(parts[at].start..parts[at + 1].start, "");
    }
    if let Some(end) = parts[last + 1..].last() {
        plan.edit(parts[last].end..end.end, "");
    }
}
