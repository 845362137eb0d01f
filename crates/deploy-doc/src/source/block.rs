//! Edits of lists and objects that are written by indentation.

use std::ops::Range;

use serde_json::{Map, Value};

use super::emit;
use super::lines::{line_start, next_line};
use super::node::{Entries, Item, Node};
use super::rewrite::{After, Context, Plan};
use crate::align::{align, staying};
use crate::path::Step;

/// Makes an object another one that has some of the same fields.
pub(super) fn change_map(
    plan: &mut Plan<'_>,
    map: &Entries,
    fields: &Map<String, Value>,
    context: Context,
) {
    let text = plan.text;
    let Some(first) = map.entries.first() else {
        return;
    };
    let column = first.key_span.start - line_start(text, first.key_span.start);
    let kept: Vec<bool> = map
        .entries
        .iter()
        .map(|it| fields.contains_key(&it.key))
        .collect();
    let parts: Vec<Range<usize>> = map
        .entries
        .iter()
        .map(|it| it.key_span.start..it.value.end)
        .collect();
    remove(plan, &parts, &kept, column, context.after == After::Start);
    for (entry, _) in map.entries.iter().zip(&kept).filter(|it| *it.1) {
        if let Some(new) = fields.get(&entry.key) {
            let step = Step::Key(entry.key.clone());
            let inner = Context {
                from: colon_end(text, entry.key_span.end),
                column,
                after: After::Key,
                depth: context.depth + 1,
                shape: context.inside(&step),
            };
            plan.change(&entry.value, new, inner);
        }
    }
    // What is new stands behind the one it follows.
    let mut previous: Option<usize> = None;
    for (key, value) in fields {
        if let Some(at) = map.entries.iter().position(|it| it.key == *key) {
            previous = Some(at);
            continue;
        }
        let mut line = String::new();
        emit::field(&mut line, key, value, column, plan.layout);
        match previous {
            Some(at) => insert_behind(plan, parts[at].end, column, &line),
            None => insert_before(plan, &parts, &kept, column, &line),
        }
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
    let text = plan.text;
    let before: Vec<Value> = items.iter().map(|it| it.value.value()).collect();
    let stays = staying(&align(&before, entries));
    if stays.iter().all(Option::is_none) {
        plan.replace(node, &Value::Array(entries.to_vec()), context);
        return;
    }
    let column = items[0].start - line_start(text, items[0].start);
    let mut kept = vec![false; items.len()];
    for at in stays.iter().flatten() {
        kept[*at] = true;
    }
    let parts: Vec<Range<usize>> = items.iter().map(|it| it.start..it.value.end).collect();
    let is_root = context.after == After::Start;
    remove(plan, &parts, &kept, column, is_root);
    let mut previous = None;
    for (value, stays) in entries.iter().zip(&stays) {
        if let Some(at) = *stays {
            let inner = Context {
                from: items[at].start + 1,
                column,
                after: After::Dash,
                depth: context.depth + 1,
                shape: context.inside(&Step::Index(0)),
            };
            plan.change(&items[at].value, value, inner);
            previous = Some(at);
            continue;
        }
        let as_before = before.iter().position(|it| it == value);
        let written = as_before.and_then(|at| own_lines(plan, &parts, at, !kept[at]));
        let line = written.unwrap_or_else(|| {
            let mut line = String::new();
            emit::item(&mut line, value, column, plan.layout);
            line
        });
        match previous {
            Some(at) => insert_behind(plan, parts[at].end, column, &line),
            None => insert_before(plan, &parts, &kept, column, &line),
        }
    }
}

/// The lines of an entry as they are written, its own comments included if it leaves its place; without the blanks
/// before its dash.
fn own_lines(plan: &Plan<'_>, parts: &[Range<usize>], at: usize, moves: bool) -> Option<String> {
    let text = plan.text;
    let part = &parts[at];
    let start = line_start(text, part.start);
    if !text[start..part.start].trim().is_empty() {
        return None;
    }
    let floor = at
        .checked_sub(1)
        .map_or(0, |it| next_line(text, parts[it].end));
    let from = match moves {
        true => comment_start(text, start, floor.min(start)),
        false => start,
    };
    let mut lines = text[from..next_line(text, part.end)]
        .trim_start_matches(' ')
        .to_owned();
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    Some(lines)
}

/// Right behind the colon after a name.
fn colon_end(text: &str, key_end: usize) -> usize {
    text[key_end..]
        .find(':')
        .map_or(key_end, |at| key_end + at + 1)
}

/// Adds lines behind a part: below its last line, whose comment stays with it.
fn insert_behind(plan: &mut Plan<'_>, end: usize, column: usize, lines: &str) {
    let at = next_line(plan.text, end);
    let blanks = " ".repeat(column);
    match at == plan.text.len() && !plan.text.ends_with('\n') {
        true => plan.edit(
            at..at,
            format!("\n{blanks}{}", lines.trim_end_matches('\n')),
        ),
        false => plan.edit(at..at, format!("{blanks}{lines}")),
    }
}

/// Adds lines before the first part that is kept.
fn insert_before(
    plan: &mut Plan<'_>,
    parts: &[Range<usize>],
    kept: &[bool],
    column: usize,
    lines: &str,
) {
    let Some(first) = kept.iter().position(|it| *it) else {
        return;
    };
    let at = parts[first].start;
    plan.edit(at..at, format!("{lines}{}", " ".repeat(column)));
}

/// Takes parts away, with the comments right above them.
fn remove(
    plan: &mut Plan<'_>,
    parts: &[Range<usize>],
    kept: &[bool],
    column: usize,
    is_root: bool,
) {
    let text = plan.text;
    for (at, part) in parts.iter().enumerate().filter(|it| !kept[it.0]) {
        let start = line_start(text, part.start);
        let is_own_line = text[start..part.start].trim().is_empty();
        if is_own_line {
            let floor = at
                .checked_sub(1)
                .map_or(0, |it| next_line(text, parts[it].end));
            // What stands above the first field of a document is about all of it.
            let from = match is_root && at == 0 {
                true => start,
                false => comment_start(text, start, floor.min(start)),
            };
            plan.edit(from..next_line(text, part.end), "");
            continue;
        }
        // It begins in the line of a dash, which what comes next takes over.
        let Some(next) = (at + 1..parts.len()).find(|it| kept[*it]) else {
            continue;
        };
        let last = &parts[next - 1];
        let between = next_line(text, last.end)..line_start(text, parts[next].start);
        let comments = text.get(between).unwrap_or_default();
        let lead = match comments.contains('#') {
            true => format!("\n{comments}{}", " ".repeat(column)),
            false => String::new(),
        };
        plan.edit(part.start..parts[next].start, lead);
        // Those between went with it.
        return remove_behind(plan, parts, kept, next);
    }
}

fn remove_behind(plan: &mut Plan<'_>, parts: &[Range<usize>], kept: &[bool], from: usize) {
    let text = plan.text;
    for at in (from..parts.len()).filter(|it| !kept[*it]) {
        let start = line_start(text, parts[at].start);
        let floor = next_line(text, parts[at - 1].end);
        let from = comment_start(text, start, floor.min(start));
        plan.edit(from..next_line(text, parts[at].end), "");
    }
}

/// Where the comments right above a line begin, that are indented as it is.
fn comment_start(text: &str, line: usize, floor: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let own = indent(&text[line..]);
    let mut start = line;
    while start > floor {
        let above = line_start(text, start - 1);
        let content = &text[above..start];
        if !content.trim_start().starts_with('#') || indent(content) != own || above < floor {
            break;
        }
        start = above;
    }
    start
}
