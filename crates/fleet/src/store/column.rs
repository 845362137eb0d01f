//! A chunk of one column.

use super::dictionary::MISSING;
use super::text::TextColumn;

/// Stands for a missing number; no cell holds it.
pub(crate) const NO_NUMBER: i64 = i64::MIN;
/// Stands for a missing flag.
pub(crate) const NO_FLAG: u8 = 2;

/// The values of one column in one chunk.
#[derive(Debug, Clone)]
pub(crate) enum ColumnData {
    /// Free text.
    Text(TextColumn),
    /// Codes of a dictionary: enums and sets.
    Codes(Codes),
    /// Integers and times, [`NO_NUMBER`] where missing.
    Numbers(Vec<i64>),
    /// 0, 1 or [`NO_FLAG`].
    Flags(Vec<u8>),
}

/// Codes, as narrow as they can be.
#[derive(Debug, Clone)]
pub(crate) enum Codes {
    /// Codes below 65,536.
    Narrow(Vec<u16>),
    /// Any code.
    Wide(Vec<u32>),
}

/// One value as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored<'a> {
    /// A text, empty when missing.
    Text(&'a str),
    /// A dictionary's code.
    Code(u32),
    /// A number or [`NO_NUMBER`].
    Number(i64),
    /// 0, 1 or [`NO_FLAG`].
    Flag(u8),
}

impl Stored<'_> {
    pub(crate) fn is_missing(self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Code(code) => code == MISSING,
            Self::Number(number) => number == NO_NUMBER,
            Self::Flag(flag) => flag == NO_FLAG,
        }
    }
}

impl ColumnData {
    /// An empty column that holds values of this form.
    pub(crate) fn like(value: Stored<'_>) -> Self {
        match value {
            Stored::Text(_) => Self::Text(TextColumn::default()),
            Stored::Code(_) => Self::Codes(Codes::Narrow(Vec::new())),
            Stored::Number(_) => Self::Numbers(Vec::new()),
            Stored::Flag(_) => Self::Flags(Vec::new()),
        }
    }

    pub(crate) fn get(&self, row: usize) -> Stored<'_> {
        match self {
            Self::Text(texts) => Stored::Text(texts.get(row)),
            Self::Codes(codes) => Stored::Code(codes.get(row)),
            Self::Numbers(numbers) => Stored::Number(numbers[row]),
            Self::Flags(flags) => Stored::Flag(flags[row]),
        }
    }

    /// Adds a value. The table gives every column values of one form only.
    pub(crate) fn push(&mut self, value: Stored<'_>) {
        match (self, value) {
            (Self::Text(texts), Stored::Text(text)) => texts.push(text),
            (Self::Codes(codes), Stored::Code(code)) => codes.push(code),
            (Self::Numbers(numbers), Stored::Number(number)) => numbers.push(number),
            (Self::Flags(flags), Stored::Flag(flag)) => flags.push(flag),
            (column, value) => unreachable!("{value:?} in {column:?}"),
        }
    }

    /// Replaces a value. The table gives every column values of one form only.
    pub(crate) fn set(&mut self, row: usize, value: Stored<'_>) {
        match (self, value) {
            (Self::Text(texts), Stored::Text(text)) => texts.set(row, text),
            (Self::Codes(codes), Stored::Code(code)) => codes.set(row, code),
            (Self::Numbers(numbers), Stored::Number(number)) => numbers[row] = number,
            (Self::Flags(flags), Stored::Flag(flag)) => flags[row] = flag,
            (column, value) => unreachable!("{value:?} in {column:?}"),
        }
    }

    /// Gives back what was reserved for growing.
    pub(crate) fn seal(&mut self) {
        match self {
            Self::Text(texts) => texts.seal(),
            Self::Codes(Codes::Narrow(codes)) => codes.shrink_to_fit(),
            Self::Codes(Codes::Wide(codes)) => codes.shrink_to_fit(),
            Self::Numbers(numbers) => numbers.shrink_to_fit(),
            Self::Flags(flags) => flags.shrink_to_fit(),
        }
    }

    pub(crate) fn as_text(&self) -> Option<&TextColumn> {
        match self {
            Self::Text(texts) => Some(texts),
            _ => None,
        }
    }
}

impl Codes {
    pub(crate) fn get(&self, row: usize) -> u32 {
        match self {
            Self::Narrow(codes) => u32::from(codes[row]),
            Self::Wide(codes) => codes[row],
        }
    }

    fn push(&mut self, code: u32) {
        self.widen_for(code);
        match self {
            Self::Narrow(codes) => codes.push(code as u16),
            Self::Wide(codes) => codes.push(code),
        }
    }

    fn set(&mut self, row: usize, code: u32) {
        self.widen_for(code);
        match self {
            Self::Narrow(codes) => codes[row] = code as u16,
            Self::Wide(codes) => codes[row] = code,
        }
    }

    fn widen_for(&mut self, code: u32) {
        if let Self::Narrow(codes) = self
            && code > u32::from(u16::MAX)
        {
            *self = Self::Wide(codes.iter().map(|&code| u32::from(code)).collect());
        }
    }
}
