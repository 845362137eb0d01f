//! Bytes of a text as lines and columns, the way editors of the web count them.

use serde::{Deserialize, Serialize};

/// A place in a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 0.
    pub line: usize,
    /// Column, from 0, in units of UTF-16.
    pub column: usize,
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// The lines of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1));
        Self {
            starts: starts.collect(),
        }
    }

    /// How many lines there are, one at least.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The place of a byte of the same text; the end for one behind it.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = floor(text, offset);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = &text[self.starts[line]..offset];
        let column = before.chars().map(char::len_utf16).sum();
        Position { line, column }
    }

    /// The byte of a place of the same text; the end of its line for one behind it.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line).copied() else {
            return text.len();
        };
        let mut column = 0;
        for (at, character) in text[start..].char_indices() {
            if character == '\n' || column >= position.column {
                return start + at;
            }
            column += character.len_utf16();
        }
        text.len()
    }
}

/// The last border between characters up to an offset.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where the line of an offset begins.
pub(crate) fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line of an offset ends, before its break.
pub(crate) fn line_end(text: &str, offset: usize) -> usize {
    text[offset..]
        .find('\n')
        .map_or(text.len(), |at| offset + at)
}

/// Where the next line begins, or the text ends.
pub(crate) fn next_line(text: &str, offset: usize) -> usize {
    (line_end(text, offset) + 1).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Position};

    #[track_caller]
    fn check(text: &str, offset: usize, line: usize, column: usize) {
        let index = LineIndex::new(text);
        let position = Position { line, column };
        assert_eq!(index.position(text, offset), position);
        assert_eq!(index.offset(text, position), offset);
    }

    #[test]
    fn columns_are_those_of_utf_16() {
        check("", 0, 0, 0);
        check("ab\ncd", 4, 1, 1);
        check("a😀b", 5, 0, 3);
        check("é\n中x", 6, 1, 1);
        check("ab\n", 3, 1, 0);
        let index = LineIndex::new("ab\nc");
        let behind = Position { line: 0, column: 9 };
        assert_eq!(index.offset("ab\nc", behind), 2);
        assert_eq!(index.position("é", 1), Position { line: 0, column: 0 });
    }
}
