//! Documents as text, in JSON and in YAML: where each part of one stands in the other, and edits that change only the
//! text they are about.
//!
//! The text is the document's own form: comments, order and layout belong to whoever wrote it. What a plain scalar
//! means depends on the model: where it has text, `1.10` and `no` are texts as they are written.

use std::ops::Range;

use ief_api::wire::Shape;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::path::{Path, Step};

mod block;
mod cursor;

mod emit;
mod flow;
mod json;
mod lines;
mod node;
mod rewrite;
mod scalar;
mod yaml;

pub use cursor::{Cursor, Typed, cursor};
pub use emit::emit;
pub use lines::{LineIndex, Position};
pub(crate) use rewrite::rewritten;
pub use rewrite::{TextEdit, apply_edits, rewrite};

use node::{Kind, Node};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON, without comments.
    Json,
    /// YAML 1.2.
    Yaml,
}

/// Texts longer than this many bytes are not read: documents of deployments are thousands of times smaller.
pub const MAX_TEXT: usize = 4 << 20;

/// How deep values may be nested.
pub(crate) const MAX_DEPTH: usize = 64;

/// Why a text is no document. The words are the window's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Reason {
    /// There is nothing but blanks and comments.
    Empty,
    /// The document is a list or a plain value.
    NotAnObject,
    /// A tab stands where YAML takes blanks only.
    Tab,
    /// A line is further in or out than its neighbours allow.
    Indentation,
    /// A text in quotes has no end.
    UnclosedQuote,
    /// A bracket or brace has no end.
    UnclosedBracket {
        /// It.
        open: char,
    },
    /// A bracket or brace ends that hasn't begun, or another one than did.
    WrongBracket,
    /// A character that can't stand there.
    UnexpectedCharacter {
        /// It.
        character: char,
    },
    /// A colon makes a second value in one line; a text with one has to be quoted.
    Colon,
    /// A name with a colon behind it has to stand there.
    ExpectedKey,
    /// A value has to stand there.
    ExpectedValue,
    /// A colon has to stand there.
    ExpectedColon,
    /// A comma or the end has to stand there.
    ExpectedComma,
    /// What follows a backslash is none of the known escapes.
    Escape,
    /// The head of a text in several lines is wrong.
    BlockHeader,
    /// A name stands twice in one object.
    DuplicateKey {
        /// It.
        key: String,
    },
    /// The name of a field is a list or an object.
    KeyNotText,
    /// A whole number that has more digits than can be kept; as text in quotes it can.
    NumberTooLarge,
    /// A number with decimals that can't be kept exactly; as text in quotes it can.
    NumberNotExact,
    /// Infinity, or no number, which JSON doesn't have.
    NotFinite,
    /// A number that begins with zero, which some read as octal: `0o644`, `420` or quotes say what is meant.
    LeadingZero,
    /// A tag that is none of the usual ones.
    Tag {
        /// It.
        tag: String,
    },
    /// An alias of something that isn't there.
    UnknownAnchor,
    /// Aliases that make a text immensely larger.
    TooManyAliases,
    /// A second document in one text.
    SecondDocument,
    /// Something stands behind the end of the document.
    TextAfterEnd,
    /// A directive that is wrong.
    Directive,
    /// Values are nested too deeply.
    TooDeep,
    /// The text is too long.
    TooLong,
    /// Anything else, in the words of the library that reads it.
    Other {
        /// They, in English.
        message: String,
    },
}

/// A text that is no document, with the place where it goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason:?} at {range:?}")]
pub struct SyntaxError {
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Another place that has to do with it: the first of two equal keys.
    #[serde(default)]
    pub other: Option<Range<usize>>,
}

impl SyntaxError {
    pub(crate) const fn new(reason: Reason, range: Range<usize>) -> Self {
        let other = None;
        Self {
            reason,
            range,
            other,
        }
    }
}

/// Where a part stands in a text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the field, if it is one.
    pub key: Option<Range<usize>>,
    /// The value.
    pub value: Range<usize>,
}

impl Place {
    /// Where a problem with it is marked: its value, or its name where there is no value to be seen.
    #[must_use]
    pub fn mark(&self) -> Range<usize> {
        match &self.key {
            Some(key) if self.value.is_empty() => key.clone(),
            _ => self.value.clone(),
        }
    }
}

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    root: Node,
    value: Value,
    format: Format,
}

/// Reads a text as a document of a deployment.
///
/// # Errors
/// With the first place where it is none.
pub fn parse(text: &str, format: Format) -> Result<Parsed, SyntaxError> {
    let parsed = parse_as(text, format, Some(crate::shape::ROOT))?;
    match parsed.value {
        Value::Object(_) => Ok(parsed),
        _ => Err(SyntaxError::new(Reason::NotAnObject, parsed.root.span())),
    }
}

/// Reads a text as any value, in which plain scalars are what a shape says, or what they look like.
pub(crate) fn parse_as(
    text: &str,
    format: Format,
    shape: Option<Shape>,
) -> Result<Parsed, SyntaxError> {
    if text.len() > MAX_TEXT {
        return Err(SyntaxError::new(Reason::TooLong, MAX_TEXT..MAX_TEXT));
    }
    let root = match format {
        Format::Json => json::parse(text, shape)?,
        Format::Yaml => yaml::parse(text, shape)?,
    };
    Ok(Parsed::new(root, format))
}

/// Reads all documents of a text in YAML, each as any value.
///
/// # Errors
/// With the first place where it is wrong.
pub fn parse_all(text: &str) -> Result<Vec<Parsed>, SyntaxError> {
    if text.len() > MAX_TEXT {
        return Err(SyntaxError::new(Reason::TooLong, MAX_TEXT..MAX_TEXT));
    }
    let roots = yaml::parse_all(text, None)?.into_iter();
    Ok(roots.map(|it| Parsed::new(it, Format::Yaml)).collect())
}

impl Parsed {
    fn new(root: Node, format: Format) -> Self {
        let value = root.value();
        Self {
            root,
            value,
            format,
        }
    }

    /// What the text says.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// How it is written.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    pub(crate) const fn root(&self) -> &Node {
        &self.root
    }

    /// Where a part stands; what came by an alias stands where the alias does.
    #[must_use]
    pub fn place_of(&self, path: &Path) -> Option<Place> {
        let mut place = Place {
            key: None,
            value: self.root.span(),
        };
        let mut node = &self.root;
        for step in path.steps() {
            match (&node.kind, step) {
                (Kind::Map(map), Step::Key(key)) => {
                    let Some(entry) = map.entries.iter().find(|it| it.key == *key) else {
                        // It may have been merged in.
                        node.value().get(key)?;
                        return Some(place);
                    };
                    place.key = Some(entry.key_span.clone());
                    node = &entry.value;
                }
                (Kind::List(items), Step::Index(index)) => {
                    place.key = None;
                    node = &items.get(*index)?.value;
                }
                (Kind::Alias(_), _) => return Some(place),
                _ => return None,
            }
            place.value = node.span();
        }
        Some(place)
    }

    /// Where a problem at a place is marked: there, or at the innermost part around it that is there.
    #[must_use]
    pub fn mark_of(&self, path: &Path) -> Range<usize> {
        let mut depth = path.depth();
        loop {
            if let Some(place) = self.place_of(&path.up_to(depth)) {
                return match (&place.key, depth == path.depth()) {
                    // What is missing inside an object is marked at its name, not over all its lines.
                    (Some(key), false) => key.clone(),
                    _ => place.mark(),
                };
            }
            if depth == 0 {
                return self.root.span();
            }
            depth -= 1;
        }
    }

    /// The innermost part that has a byte of the text, its name included.
    #[must_use]
    pub fn path_at(&self, offset: usize) -> Path {
        let mut path = Path::root();
        let mut node = &self.root;
        loop {
            let next: Option<(Step, &Node)> = match &node.kind {
                Kind::Map(map) => map.entries.iter().find_map(|entry| {
                    let span = entry.key_span.start..entry.value.span().end;
                    let is_in = span.contains(&offset) || span.end == offset;
                    is_in.then(|| (entry.key.as_str().into(), &entry.value))
                }),
                Kind::List(items) => items.iter().enumerate().find_map(|(index, item)| {
                    let span = item.start..item.value.span().end;
                    let is_in = span.contains(&offset) || span.end == offset;
                    is_in.then(|| (index.into(), &item.value))
                }),
                _ => None,
            };
            match next {
                Some((step, inner)) => {
                    path = path.then(step);
                    node = inner;
                }
                None => return path,
            }
        }
    }
}
