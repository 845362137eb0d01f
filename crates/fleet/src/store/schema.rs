//! Which columns a table keeps, and where.

use ief_api::resource::{Column, ColumnKind};

use crate::query::{ID, NAME};

/// Where the identifiers are kept.
pub(crate) const ID_COLUMN: usize = 0;
/// Where the names are kept.
pub(crate) const NAME_COLUMN: usize = 1;

/// The columns of a resource and where a table keeps them.
///
/// The first two places hold identifiers and names. A declared text column called `id` or `name` is
/// the same thing and takes no place of its own.
#[derive(Debug)]
pub(crate) struct Schema {
    declared: &'static [Column],
    /// The place of each declared column.
    places: Vec<usize>,
    /// What each place holds.
    stored: Vec<Column>,
}

impl Schema {
    pub(crate) fn new(declared: &'static [Column]) -> Self {
        let text = |name| Column {
            name,
            kind: ColumnKind::Text,
        };
        let mut stored = vec![text(ID), text(NAME)];
        let places = declared
            .iter()
            .map(|column| match column.kind {
                ColumnKind::Text if column.name == ID => ID_COLUMN,
                ColumnKind::Text if column.name == NAME => NAME_COLUMN,
                _ => {
                    stored.push(*column);
                    stored.len() - 1
                }
            })
            .collect();
        Self {
            declared,
            places,
            stored,
        }
    }

    pub(crate) fn declared(&self) -> &'static [Column] {
        self.declared
    }

    /// The place of each declared column, in the declared order.
    pub(crate) fn places(&self) -> &[usize] {
        &self.places
    }

    /// What each place holds.
    pub(crate) fn stored(&self) -> &[Column] {
        &self.stored
    }

    /// The place of a column by its name. A declared column hides what is built in.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        match self.declared.iter().position(|column| column.name == name) {
            Some(declared) => self.places.get(declared).copied(),
            None => self.stored.iter().position(|column| column.name == name),
        }
    }
}
