//! Rows as they leave the inventory.

use std::borrow::Cow;
use std::fmt;

use ief_api::resource::{Cell, ColumnKind};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// The service's identifier.
    pub id: String,
    /// The name; empty when the service sent none.
    pub name: String,
    /// One value for each declared column, in the declared order.
    pub cells: Vec<CellValue>,
    /// What has changed since the generation that was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// What has changed in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The row is new.
    New,
    /// These columns have another value, by name.
    Changed(Vec<String>),
}

/// One value. Written as JSON it is null, a string, a number, a boolean or a list of strings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum CellValue {
    /// The service sent nothing.
    #[default]
    Missing,
    /// Of a text or an enum column.
    Text(String),
    /// Of an integer column, or of a time column in milliseconds since the epoch.
    Integer(i64),
    /// Of a flag column.
    Flag(bool),
    /// Of a set column, sorted.
    Set(Vec<String>),
}

impl CellValue {
    /// The same value as it is pushed into an inventory, for a column of this kind. A value that does not fit
    /// the kind is missing.
    #[must_use]
    pub fn as_cell(&self, kind: ColumnKind) -> Cell<'_> {
        match (self, kind) {
            (Self::Text(text), ColumnKind::Text | ColumnKind::Enum) => {
                Cell::Text(Cow::Borrowed(text))
            }
            (Self::Set(members), ColumnKind::Set) => Cell::Set(
                members
                    .iter()
                    .map(|member| Cow::Borrowed(member.as_str()))
                    .collect(),
            ),
            (Self::Integer(number), ColumnKind::Integer) => Cell::Integer(*number),
            (Self::Integer(time), ColumnKind::Time) => Cell::Time(*time),
            (Self::Flag(flag), ColumnKind::Flag) => Cell::Flag(*flag),
            _ => Cell::Missing,
        }
    }
}

// Written by hand: the derived form buffers every value, and a window holds thousands.
impl<'de> Deserialize<'de> for CellValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = CellValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a string, a whole number, a boolean or a list of strings")
    }

    fn visit_unit<E>(self) -> Result<CellValue, E> {
        Ok(CellValue::Missing)
    }

    fn visit_none<E>(self) -> Result<CellValue, E> {
        Ok(CellValue::Missing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<CellValue, E> {
        Ok(CellValue::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<CellValue, E> {
        Ok(CellValue::Integer(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<CellValue, E> {
        i64::try_from(number)
            .map(CellValue::Integer)
            .map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> Result<CellValue, E> {
        Ok(CellValue::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<CellValue, E> {
        Ok(CellValue::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<CellValue, A::Error> {
        let mut set = Vec::with_capacity(members.size_hint().unwrap_or(0).min(64));
        while let Some(member) = members.next_element()? {
            set.push(member);
        }
        Ok(CellValue::Set(set))
    }
}
