//! Configuration files: only what is known to be harmless in them is shown. The text is made from the fields, never
//! copied, and what isn't understood isn't shown at all.

pub(super) mod harmless;

use serde_yaml_ng::Value as Yaml;

use super::json;
use crate::inspect::words::{Message, Words};
use crate::report::Configuration;

/// Stands for what isn't shown.
pub(super) const MASK: &str = "••••••";

/// Larger ones are no configuration of a node.
const LARGEST: usize = 64 << 10;
const MOST_FIELDS: usize = 1000;
const DEEPEST: usize = 16;
/// Many small numbers are a long one.
const MOST_NUMBERS: usize = 16;

/// A configuration file, fit to be shown.
#[derive(Debug, Clone)]
pub(crate) struct ConfigurationFound {
    /// Where it was found.
    pub(crate) source: String,
    /// Its fields by path. Empty when it is of no known form.
    pub(super) fields: Vec<(String, Shown)>,
    pieces: Vec<Piece>,
    /// Whether something in it isn't shown.
    pub(super) masked: bool,
}

/// What is shown of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of it.
    Whole(String),
    /// A text of so many characters.
    Text(usize),
    Number,
}

/// A part of the text.
#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    /// The value of a field; quoted as in JSON where it is one.
    Value {
        field: usize,
        quoted: bool,
    },
    /// Instead of all of it.
    NotShown {
        bytes: usize,
        lines: usize,
    },
}

impl Shown {
    pub(super) fn whole(&self) -> Option<&str> {
        match self {
            Self::Whole(value) => Some(value),
            Self::Text(_) | Self::Number => None,
        }
    }

    fn say(&self, words: Words) -> String {
        let message = match self {
            Self::Whole(value) => return value.clone(),
            Self::Text(count) => Message::MaskedText {
                count: count.to_string(),
            },
            Self::Number => Message::MaskedNumber {},
        };
        format!("{MASK} ({})", words.say(&message, ""))
    }
}

impl ConfigurationFound {
    /// In a language.
    pub(crate) fn say(&self, words: Words) -> Configuration {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Value { field, quoted } => {
                    let Some((_, shown)) = self.fields.get(*field) else {
                        continue;
                    };
                    match shown.whole() {
                        Some(value) if *quoted => {
                            text.push_str(&serde_json::Value::from(value).to_string());
                        }
                        _ => text.push_str(&shown.say(words)),
                    }
                }
                Piece::NotShown { bytes, lines } => {
                    let message = Message::NotShown {
                        bytes: bytes.to_string(),
                        lines: lines.to_string(),
                    };
                    text.push_str(&words.say(&message, ""));
                    text.push('\n');
                }
            }
        }
        let fields = self.fields.iter();
        Configuration {
            source: self.source.clone(),
            text,
            fields: fields
                .map(|(path, shown)| (path.clone(), shown.say(words)))
                .collect(),
        }
    }
}

/// Reads a configuration file. `None` where it is no text.
pub(super) fn read(source: &str, bytes: &[u8]) -> Option<ConfigurationFound> {
    let text = std::str::from_utf8(bytes).ok()?;
    let fine = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    if text.len() > LARGEST || text.trim().is_empty() || !text.chars().all(fine) {
        return None;
    }
    let (fields, pieces) = from_json(text)
        .or_else(|| from_lines(text))
        .unwrap_or_else(|| {
            let (bytes, lines) = (text.len(), text.lines().count());
            (Vec::new(), vec![Piece::NotShown { bytes, lines }])
        });
    let hidden = |piece: &Piece| matches!(piece, Piece::NotShown { .. });
    let masked = pieces.iter().any(hidden)
        || fields
            .iter()
            .any(|(path, shown)| shown.whole().is_none() || path.contains(MASK));
    Some(ConfigurationFound {
        source: source.to_owned(),
        fields,
        pieces,
        masked,
    })
}

/// What a value is before it is known whether it is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    /// A number, yes or no.
    Number,
    Text,
    /// Of a form that doesn't tell numbers from texts.
    Either,
}

/// Decides what is shown.
#[derive(Default)]
struct Fields {
    found: Vec<(String, Shown)>,
    numbers: usize,
}

impl Fields {
    /// `None` when there are too many.
    fn add(&mut self, path: String, value: &str, kind: Kind) -> Option<()> {
        let is_text = matches!(kind, Kind::Text | Kind::Either);
        let is_small = kind != Kind::Text
            && harmless::is_small(value)
            && harmless::may_have_number(&path)
            && self.numbers < MOST_NUMBERS;
        let known = harmless::is_shown(&path, value);
        let shown = if known || value.is_empty() || kind == Kind::Nothing {
            Shown::Whole(value.to_owned())
        } else if is_small {
            self.numbers += 1;
            Shown::Whole(value.to_owned())
        } else if is_text {
            Shown::Text(value.chars().count())
        } else {
            Shown::Number
        };
        self.found.push((path, shown));
        (self.found.len() <= MOST_FIELDS).then_some(())
    }
}

type Read = Option<(Vec<(String, Shown)>, Vec<Piece>)>;

fn from_json(text: &str) -> Read {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let leaves = json::leaves(text).ok()?;
    let mut fields = Fields::default();
    for leaf in &leaves {
        let kind = match leaf.raw.as_bytes().first()? {
            // Too deep or too wide.
            b'{' | b'[' => return None,
            b'"' => Kind::Text,
            b'n' => Kind::Nothing,
            _ => Kind::Number,
        };
        let value = leaf.text();
        fields.add(leaf.path.clone(), std::str::from_utf8(&value).ok()?, kind)?;
    }
    let pieces = pretty(text, &leaves)?;
    Some((fields.found, pieces))
}

/// Writes JSON with line breaks of its own. Values are left to the fields.
fn pretty(text: &str, leaves: &[json::Leaf<'_>]) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut own = String::new();
    let (mut at, mut field, mut depth) = (0, 0, 0_usize);
    let line = |own: &mut String, depth: usize| {
        own.push('\n');
        own.push_str(&"  ".repeat(depth));
    };
    while let Some(&byte) = text.as_bytes().get(at) {
        let leaf = leaves.get(field);
        // Values are slices of the text itself.
        let begin = leaf.map(|leaf| leaf.raw.as_ptr() as usize - text.as_ptr() as usize);
        if let (Some(leaf), Some(begin)) = (leaf, begin)
            && begin == at
        {
            pieces.push(Piece::Text(std::mem::take(&mut own)));
            let quoted = leaf.is_string();
            pieces.push(Piece::Value { field, quoted });
            field += 1;
            at += leaf.raw.len();
            continue;
        }
        at += 1;
        match byte {
            b'{' | b'[' => {
                own.push(char::from(byte));
                let rest = text[at..].trim_start();
                if rest.starts_with(['}', ']']) {
                    own.push_str(&rest[..1]);
                    at = text.len() - rest.len() + 1;
                } else {
                    depth += 1;
                    line(&mut own, depth);
                }
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                line(&mut own, depth);
                own.push(char::from(byte));
            }
            b',' => {
                own.push(',');
                line(&mut own, depth);
            }
            b':' => own.push_str(": "),
            b'"' => {
                let raw = json::first_string(&text[at - 1..])?;
                let name = json::Leaf {
                    path: String::new(),
                    raw,
                };
                let name = name.text();
                let name = json::shown_name(std::str::from_utf8(&name).ok()?).to_owned();
                own.push_str(&serde_json::Value::from(name).to_string());
                at += raw.len() - 1;
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => return None,
        }
    }
    own.push('\n');
    pieces.push(Piece::Text(own));
    (field == leaves.len()).then_some(pieces)
}

/// Lines of `NAME=value`, or YAML.
fn from_lines(text: &str) -> Read {
    let fields = assignments(text).or_else(|| yaml(text))?.found;
    if fields.is_empty() {
        return None;
    }
    let mut pieces = Vec::with_capacity(fields.len() * 3);
    for (field, (path, _)) in fields.iter().enumerate() {
        pieces.push(Piece::Text(format!("{path} = ")));
        let quoted = false;
        pieces.push(Piece::Value { field, quoted });
        pieces.push(Piece::Text("\n".to_owned()));
    }
    Some((fields, pieces))
}

/// The path of a member of a form in which the rest of a key may be taken for a name without a value.
fn named(parent: &str, name: &str, has_value: bool) -> String {
    if has_value || harmless::is_known(name) {
        json::below(parent, name)
    } else {
        json::below(parent, "")
    }
}

/// Sections and assignments, where all lines are such or comments.
fn assignments(text: &str) -> Option<Fields> {
    let mut fields = Fields::default();
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = json::below("", name.trim());
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=')?;
        let (name, value) = (name.trim(), unquoted(value));
        if name.is_empty() || name.contains([' ', ':', '{']) {
            return None;
        }
        let has_value = !value.trim_matches('=').is_empty();
        let path = named(&section, name, has_value);
        fields.add(path, value, Kind::Either)?;
    }
    Some(fields)
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        let inside = value.strip_prefix(quote);
        if let Some(inside) = inside.and_then(|value| value.strip_suffix(quote)) {
            return inside;
        }
    }
    value
}

fn yaml(text: &str) -> Option<Fields> {
    // A value that stands for others, which stand for others, fills all memory.
    if text.contains('&') && text.contains('*') {
        return None;
    }
    let value: Yaml = serde_yaml_ng::from_str(text).ok()?;
    let mut fields = Fields::default();
    if value.is_mapping() {
        flatten(&value, String::new(), DEEPEST, &mut fields)?;
    }
    Some(fields)
}

fn flatten(value: &Yaml, path: String, depth: usize, fields: &mut Fields) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match value {
        Yaml::Mapping(members) => {
            for (name, value) in members {
                let has_value = !value.is_null() && value.as_str() != Some("");
                let path = named(&path, name.as_str().unwrap_or_default(), has_value);
                flatten(value, path, depth, fields)?;
            }
        }
        Yaml::Sequence(items) => {
            for (at, value) in items.iter().enumerate() {
                flatten(value, format!("{path}[{at}]"), depth, fields)?;
            }
        }
        Yaml::Tagged(tagged) => flatten(&tagged.value, path, depth, fields)?,
        Yaml::Null => fields.add(path, "", Kind::Nothing)?,
        Yaml::Bool(value) => fields.add(path, &value.to_string(), Kind::Number)?,
        Yaml::Number(value) => fields.add(path, &value.to_string(), Kind::Number)?,
        Yaml::String(value) => fields.add(path, value, Kind::Text)?,
    }
    Some(())
}

#[cfg(test)]
mod tests;
