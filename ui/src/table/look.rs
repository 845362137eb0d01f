//! How a cell looks: plain data, so that the painter can tell whether anything is to be painted.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::resource::{Column, ColumnKind};

use super::known;
use crate::kit::Sign;
use crate::{format, words};

/// Characters an identifier is cut to.
const ID_SHOWN: usize = 8;

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellLook {
    /// The sign before the text. The text says the same in words.
    pub sign: Option<Sign>,
    /// The text.
    pub text: String,
    /// The whole of it, when the text is a short form: an identifier, an exact time.
    pub whole: Option<String>,
    /// What is copied, when it is neither of them.
    pub copied: Option<String>,
    /// How it is set.
    pub style: CellStyle,
}

/// How the text of a cell is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellStyle {
    /// Like running text.
    #[default]
    Plain,
    /// What people look for first: the name.
    Strong,
    /// An identifier, hash or address: monospaced.
    Code,
    /// Something that isn't there.
    Missing,
}

impl CellLook {
    /// A text as it is.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Nothing: an en dash.
    pub fn missing() -> Self {
        Self {
            text: format::MISSING.to_owned(),
            style: CellStyle::Missing,
            ..Self::default()
        }
    }

    /// A state: a sign and its word.
    pub fn state(sign: Sign, word: impl Into<String>) -> Self {
        Self {
            sign: Some(sign),
            text: word.into(),
            ..Self::default()
        }
    }

    /// An identifier: its first characters, copied whole.
    pub fn id(id: &str) -> Self {
        let short: String = id.chars().take(ID_SHOWN).collect();
        Self {
            whole: (short.len() < id.len()).then(|| id.to_owned()),
            text: short,
            style: CellStyle::Code,
            ..Self::default()
        }
    }

    /// Something of another list: its name, where that is known, else its identifier, which is what is copied.
    pub fn thing(id: &str) -> Self {
        match known::name(id) {
            Some(name) => Self {
                whole: Some(format!("{name} · {id}")),
                copied: Some(id.to_owned()),
                ..Self::text(name)
            },
            None => Self::id(id),
        }
    }

    /// A point in time beside now, exact when asked for.
    pub fn time(at_ms: i64, now_ms: i64) -> Self {
        Self {
            text: format::relative(at_ms, now_ms),
            whole: Some(format::exact(at_ms)),
            ..Self::default()
        }
    }

    /// What is copied of it.
    pub(super) fn copied(&self) -> &str {
        self.copied
            .as_ref()
            .or(self.whole.as_ref())
            .unwrap_or(&self.text)
    }
}

/// How a cell looks when its page doesn't say otherwise.
pub(super) fn by_kind(
    kind: &str,
    column: &Column,
    value: &CellValue,
    row: &RowView,
    now_ms: i64,
) -> CellLook {
    let strong = column.name == "name";
    match value {
        CellValue::Missing if strong && !row.name.is_empty() => CellLook {
            style: CellStyle::Strong,
            ..CellLook::text(row.name.clone())
        },
        CellValue::Missing => CellLook::missing(),
        CellValue::Text(text) if strong => CellLook {
            style: CellStyle::Strong,
            ..CellLook::text(text.clone())
        },
        CellValue::Text(text) if column.kind == ColumnKind::Enum => CellLook {
            sign: if column.name == "state" {
                state_sign(text)
            } else {
                None
            },
            ..CellLook::text(words::value(kind, column.name, text))
        },
        CellValue::Text(text) => CellLook::text(text.clone()),
        CellValue::Integer(at) if column.kind == ColumnKind::Time => CellLook::time(*at, now_ms),
        CellValue::Integer(number) => CellLook::text(format::number(*number)),
        CellValue::Flag(flag) => CellLook::text(if *flag {
            words::table::yes.get()
        } else {
            words::table::no.get()
        }),
        CellValue::Set(members) => CellLook::text(members.join(", ")),
    }
}

/// A state nobody knew of still gets a sign: the one for what nobody knows.
fn state_sign(value: &str) -> Option<Sign> {
    Some(Sign::of_state(value).unwrap_or(Sign::Unknown))
}
