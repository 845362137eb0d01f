//! What a cursor in a text is about, for completion and for what is told under the pointer. It is found also while the
//! text is in error, as it nearly always is while somebody types.

use std::ops::Range;

use ief_api::wire::Shape;

use super::lines::{floor, line_end, line_start};
use super::node::{Kind, Node, Style};
use super::{Format, Parsed};
use crate::path::{Path, Step};

/// What is typed at a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The name of a field of the object.
    Key,
    /// The value of the place.
    Value,
}

/// What a cursor is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The object whose field is named, or the place whose value is given.
    pub path: Path,
    /// Which of the two.
    pub typed: Typed,
    /// What a completion replaces, in bytes: the word around the cursor.
    pub range: Range<usize>,
}

/// What a cursor in a text is about; where the text is right its places are exact.
#[must_use]
pub fn cursor(text: &str, format: Format, parsed: Option<&Parsed>, offset: usize) -> Cursor {
    let offset = floor(text, offset);
    if let Some(found) = parsed.and_then(|it| in_tree(it.root(), Path::root(), offset)) {
        return found;
    }
    match format {
        Format::Json => in_json(text, offset),
        Format::Yaml => in_yaml(text, offset),
    }
}

/// The name or plain value that the cursor is in.
fn in_tree(node: &Node, path: Path, offset: usize) -> Option<Cursor> {
    let touches = |range: &Range<usize>| range.start <= offset && offset <= range.end;
    match &node.kind {
        Kind::Scalar(_) | Kind::Alias(_) => {
            let range = node.span();
            // Where an object has to stand a lone word is the beginning of a name.
            let is_object = matches!(crate::shape::at(&path), Some(Shape::Record(_)));
            let typed = match is_object && node.style == Style::Plain {
                true => Typed::Key,
                false => Typed::Value,
            };
            let is_there = !range.is_empty() && touches(&range);
            is_there.then_some(Cursor { path, typed, range })
        }
        Kind::Map(map) => map.entries.iter().find_map(|entry| {
            if touches(&entry.key_span) {
                let (path, typed) = (path.clone(), Typed::Key);
                let range = entry.key_span.clone();
                return Some(Cursor { path, typed, range });
            }
            in_tree(&entry.value, path.then(entry.key.as_str()), offset)
        }),
        Kind::List(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| in_tree(&item.value, path.then(index), offset))
        }
    }
}

/// The cursor in JSON: read from the beginning, as far as it goes.
fn in_json(text: &str, offset: usize) -> Cursor {
    enum Level {
        Object(Option<String>),
        List(usize),
    }
    let mut levels: Vec<Level> = Vec::new();
    let mut after_colon = false;
    let mut word = offset;
    let mut characters = text[..offset].char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '{' | '[' => {
                let level = match character {
                    '{' => Level::Object(None),
                    _ => Level::List(0),
                };
                levels.push(level);
                after_colon = false;
                word = offset;
            }
            '}' | ']' => {
                levels.pop();
                word = offset;
            }
            ':' => after_colon = true,
            ',' => {
                after_colon = false;
                word = offset;
                match levels.last_mut() {
                    Some(Level::List(index)) => *index += 1,
                    Some(Level::Object(key)) => *key = None,
                    None => {}
                }
            }
            '"' => {
                word = at;
                let mut content = String::new();
                let mut is_open = true;
                while let Some((_, character)) = characters.next() {
                    match character {
                        '\\' => content.extend(characters.next().map(|it| it.1)),
                        '"' => {
                            is_open = false;
                            break;
                        }
                        other => content.push(other),
                    }
                }
                if let (false, false, Some(Level::Object(key))) =
                    (is_open, after_colon, levels.last_mut())
                {
                    *key = Some(content);
                }
            }
            it if it.is_whitespace() => word = offset,
            _ if word == offset => word = at,
            _ => {}
        }
    }
    let mut path = Path::root();
    let last = levels.len();
    let mut typed = Typed::Value;
    for (depth, level) in levels.into_iter().enumerate() {
        match level {
            Level::List(index) => path = path.then(index),
            Level::Object(key) => {
                if depth + 1 == last && !after_colon {
                    typed = Typed::Key;
                } else if let Some(key) = key {
                    path = path.then(key);
                }
            }
        }
    }
    let is_quoted = text[word..].starts_with('"');
    let mut rest = text[offset..].char_indices();
    let end = rest.find(|(_, it)| match is_quoted {
        true => matches!(it, '"' | '\n'),
        false => it.is_whitespace() || ",:]}".contains(*it),
    });
    let end = end.map_or(text.len(), |(at, it)| offset + at + usize::from(it == '"'));
    let range = word..if word == offset { offset } else { end };
    Cursor { path, typed, range }
}

/// What a line of YAML has before its value: dashes and one name, each with its column.
enum Mark {
    Dash,
    Key(String),
}

/// The marks of a line, and where what follows them begins.
fn marks(line: &str) -> (Vec<(usize, Mark)>, usize) {
    let mut marks = Vec::new();
    let mut at = line.len() - line.trim_start_matches(' ').len();
    loop {
        let rest = &line[at..];
        let is_dash = rest == "-" || rest.starts_with("- ");
        if !is_dash {
            break;
        }
        marks.push((at, Mark::Dash));
        let inner = rest[1..].trim_start_matches(' ');
        at += rest.len() - inner.len();
    }
    let rest = &line[at..];
    let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''));
    let end = match quote {
        Some(quote) => rest[1..].find(quote).map(|end| end + 2),
        None => rest
            .find(": ")
            .or_else(|| rest.strip_suffix(':').map(str::len)),
    };
    if let Some(end) = end
        && !rest.starts_with('#')
        && let Some(after) = rest[end..].strip_prefix(':')
    {
        let key = rest[..end].trim_matches(['"', '\'']).to_owned();
        marks.push((at, Mark::Key(key)));
        at = line.len() - after.trim_start_matches(' ').len();
    }
    (marks, at)
}

/// The cursor in YAML by indentation: upwards from its line.
fn in_yaml(text: &str, offset: usize) -> Cursor {
    let start = line_start(text, offset);
    let line = &text[start..offset];
    let whole = &text[start..line_end(text, offset)];
    let (own, content) = marks(line);
    let mut steps: Vec<Step> = Vec::new();
    let mut climb = Climb {
        limit: content,
        dash: None,
    };
    let typed = match own.last() {
        Some((_, Mark::Key(_))) => Typed::Value,
        _ => Typed::Key,
    };
    for (column, mark) in own.iter().rev() {
        // What is on the cursor's own line is around it wherever it stands.
        climb.limit = climb.limit.max(column + 1);
        climb.take(*column, mark, &mut steps);
    }
    for above in text[..start].lines().rev() {
        let content = above.trim_start();
        if content.is_empty() || content.starts_with('#') || content == "---" {
            continue;
        }
        let (marks, _) = marks(above.trim_end());
        for (column, mark) in marks.iter().rev() {
            climb.take(*column, mark, &mut steps);
        }
    }
    climb.finish(&mut steps);
    steps.reverse();
    let path = Path::of(steps);
    let from = content.min(line.len());
    let comment = whole[from..].find(" #").map_or(whole.len(), |it| from + it);
    let written = whole[from..comment.max(from)].trim_end();
    let written = match typed {
        // The colon and what follows are not part of a name.
        Typed::Key => written.split(':').next().unwrap_or_default(),
        Typed::Value => written,
    };
    let begin = start + from;
    let end = (begin + written.len()).max(offset);
    // A line in a list of plain values gives a value, not a name.
    let is_plain_entry = typed == Typed::Key
        && path.last().is_some_and(|it| it.index().is_some())
        && crate::shape::at(&path).is_some_and(crate::shape::is_text);
    let typed = if is_plain_entry { Typed::Value } else { typed };
    let range = begin..end;
    Cursor { path, typed, range }
}

/// The way from a line upwards to the parts around it.
struct Climb {
    /// Only what stands further left is around.
    limit: usize,
    /// The list that the way is in: the column of its dashes, and how many are above.
    dash: Option<(usize, usize)>,
}

impl Climb {
    fn take(&mut self, column: usize, mark: &Mark, steps: &mut Vec<Step>) {
        match (self.dash, mark) {
            (Some((own, count)), Mark::Dash) if own == column => self.dash = Some((own, count + 1)),
            // A list may stand right below its name.
            (Some((own, _)), Mark::Key(key)) if column <= own => {
                self.finish(steps);
                steps.push(key.as_str().into());
                self.limit = column;
            }
            (Some((own, _)), Mark::Dash) if column < own => {
                self.finish(steps);
                self.dash = Some((column, 0));
                self.limit = column;
            }
            (None, Mark::Dash) if column < self.limit => {
                self.dash = Some((column, 0));
                self.limit = column;
            }
            (None, Mark::Key(key)) if column < self.limit => {
                steps.push(key.as_str().into());
                self.limit = column;
            }
            _ => {}
        }
    }

    fn finish(&mut self, steps: &mut Vec<Step>) {
        if let Some((_, index)) = self.dash.take() {
            steps.push(index.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Typed, cursor};

    /// The cursor is where the bar is.
    #[track_caller]
    fn check(format: Format, text: &str, path: &str, typed: Typed, word: &str) {
        let offset = text.find('|').unwrap();
        let text = text.replace('|', "");
        let parsed = crate::source::parse(&text, format).ok();
        let found = cursor(&text, format, parsed.as_ref(), offset);
        let told = (found.path.to_string(), found.typed, &text[found.range]);
        assert_eq!(told, (path.to_owned(), typed, word), "{text}");
    }

    #[test]
    fn yaml_is_understood_while_it_is_typed() {
        let check = |text, path, typed, word| check(Format::Yaml, text, path, typed, word);
        check("|", "", Typed::Key, "");
        check("na|", "", Typed::Key, "na");
        check("name: sh|op # x\n", "/name", Typed::Value, "shop");
        check("name: |\n", "/name", Typed::Value, "");
        check("name: | # why\nb: 1\n", "/name", Typed::Value, "");
        check("a:\n  b:\n    |\n", "/a/b", Typed::Key, "");
        check("a:\n  b: 1\n  |\nc: 2\n", "/a", Typed::Key, "");
        check("a:\n  b: 1\n|\nc: 2\n", "", Typed::Key, "");
        check(
            "tags:\n- key: 1\n  value: 2\n- k|\n",
            "/tags/1",
            Typed::Key,
            "k",
        );
        check(
            "l:\n  - a: 1\n  # x\n\n  - a: 1\n    b: |",
            "/l/1/b",
            Typed::Value,
            "",
        );
        check(
            "l:\n  - a: 1\n    m:\n      - x: 1\n      - y: 2\n        |",
            "/l/0/m/1",
            Typed::Key,
            "",
        );
        check("l:\n  - - a: |", "/l/0/0/a", Typed::Value, "");
        check("tags:\n- |", "/tags/0", Typed::Key, "");
        check("node_ids:\n- n|", "/node_ids/0", Typed::Value, "n");
        check("na|: x\n  y: z: 1\n", "", Typed::Key, "na");
        check("a: {b: x|y}\n", "/a/b", Typed::Value, "xy");
        check("\"a b\":\n  c|\n   d: 1", "/a b", Typed::Key, "c");
    }

    #[test]
    fn json_is_understood_while_it_is_typed() {
        let check = |text, path, typed, word| check(Format::Json, text, path, typed, word);
        check("{|", "", Typed::Key, "");
        check("{\"na|", "", Typed::Key, "\"na");
        check("{\"name\": \"sh|op\"", "/name", Typed::Value, "\"shop\"");
        check("{\"name\": |", "/name", Typed::Value, "");
        check("{\"a\": 1, |}", "", Typed::Key, "");
        check(
            "{\"a\": [{\"b\": 1}, {\"c\": tr|ue",
            "/a/1/c",
            Typed::Value,
            "true",
        );
        check("{\"a\": {\"b\": 1}, \"c\": [1, |", "/c/1", Typed::Value, "");
        check("{\"a\\\"b\": {|", "/a\"b", Typed::Key, "");
        check("{\"a\": {\"b|\": 1}}", "/a", Typed::Key, "\"b\"");
    }
}
