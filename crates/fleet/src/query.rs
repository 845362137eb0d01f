//! What is asked of the inventory: filter, sort and group.
//!
//! A filter has a typed form (`state:running tag:site=bj name~gw devices>3 created<7d`) and a built form
//! ([`Filter`]). The two are one thing: [`Filter::parse`] reads the first into the second, `Display` writes
//! it back, and `parse(display(filter)) == filter` for every filter that [`Filter::check`] accepts.
//!
//! # The typed form
//! Terms stand beside each other and all must hold. A comma separates values of which one must hold.
//!
//! | typed | means |
//! |---|---|
//! | `state:running,failed` | is one of these; for a set: one of its members is |
//! | `state=running`, `state!=running` | the same as `state:running` and `-state:running` |
//! | `tag:site=*` | has a tag of this key, with any value or none |
//! | `-state:running` | is not; a missing value is not either |
//! | `name~gw`, `-name~gw` | contains, does not contain |
//! | `devices>3` `>=` `<` `<=` | compares numbers |
//! | `version<2.50` | compares versions number by number; a value that is no version does not match |
//! | `created<7d` | is younger than seven days (`s`, `m`, `h`, `d`, `w`); `>` is older |
//! | `created>2026-01-01`, `created:2026-01` | after that day, within that month; UTC unless an offset is written |
//! | `has:tag`, `no:tag` | has any value, has none |
//! | `gw`, `-gw` | some text column contains it, or the identifier begins with it |
//! | `*:gw` | some text column is exactly this |
//! | `"a b, \"c\""` | quotes keep spaces, commas and signs; `\` escapes inside them |
//!
//! Text is compared without regard to case.

mod complete;
mod text;
pub(crate) mod time;
pub(crate) mod version;

use std::fmt;

use ief_api::resource::{Column, ColumnKind};
use serde::{Deserialize, Serialize};

use crate::store::text::fold_to_string;

pub use complete::{Completion, Expected, complete, quoted};
pub use text::ParseError;

/// The identifier, which every row has and a query can name although no resource declares it.
pub const ID: &str = "id";
/// The name, which every row has and a query can name although a resource may not declare it.
pub const NAME: &str = "name";

/// A bare word is looked for at the start of identifiers from this length (in bytes) on: shorter
/// ones would hit random identifiers only.
pub const ID_PREFIX_MIN: usize = 6;

/// A question: which rows, in which order, in which groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Query {
    /// Which rows.
    #[serde(default, skip_serializing_if = "Filter::is_empty")]
    pub filter: Filter,
    /// In which order; the first key decides first. Equal rows stand by name, then by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortKey>,
    /// The column whose equal values stand together, before `sort` decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<String>,
}

/// One column to sort by. Missing values stand last in both directions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SortKey {
    /// A column's name, or `id` or `name`.
    pub column: String,
    /// Whether the greatest stands first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
}

/// Terms that must all hold. Without terms every row matches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filter {
    /// The terms, in the order in which they were typed.
    pub terms: Vec<Term>,
}

/// One condition on a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// The column, or `None` for any text column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How the column is compared with the values.
    pub op: Op,
    /// The values, of which one must hold. Empty for [`Op::Missing`] and [`Op::Present`] only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How a column is compared with a term's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equals one of the values; of a set, one member does.
    Is,
    /// The opposite of [`Op::Is`], so that rows without a value match.
    IsNot,
    /// Contains one of the values; of a set, one member does.
    Contains,
    /// The opposite of [`Op::Contains`], so that rows without a value match.
    NotContains,
    /// Below one of the numbers or versions; before a point in time; younger than an age.
    Less,
    /// Like [`Op::Less`], the bound included.
    LessOrEqual,
    /// Above one of the numbers or versions; after a point in time; older than an age.
    Greater,
    /// Like [`Op::Greater`], the bound included.
    GreaterOrEqual,
    /// Has no value.
    Missing,
    /// Has a value.
    Present,
}

impl Op {
    /// Whether it compares by size.
    #[must_use]
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual
        )
    }

    /// Whether it is written with a leading minus.
    #[must_use]
    pub fn is_negated(self) -> bool {
        matches!(self, Self::IsNot | Self::NotContains)
    }

    /// The operators that a column of this kind understands, the usual one first.
    #[must_use]
    pub fn of(kind: ColumnKind) -> &'static [Self] {
        match kind {
            ColumnKind::Text => &[
                Self::Contains,
                Self::NotContains,
                Self::Is,
                Self::IsNot,
                Self::Present,
                Self::Missing,
            ],
            ColumnKind::Enum => &[
                Self::Is,
                Self::IsNot,
                Self::Contains,
                Self::NotContains,
                Self::Less,
                Self::LessOrEqual,
                Self::Greater,
                Self::GreaterOrEqual,
                Self::Present,
                Self::Missing,
            ],
            ColumnKind::Set => &[
                Self::Is,
                Self::IsNot,
                Self::Contains,
                Self::NotContains,
                Self::Present,
                Self::Missing,
            ],
            ColumnKind::Integer => &[
                Self::Greater,
                Self::GreaterOrEqual,
                Self::Less,
                Self::LessOrEqual,
                Self::Is,
                Self::IsNot,
                Self::Present,
                Self::Missing,
            ],
            ColumnKind::Time => &[
                Self::Less,
                Self::LessOrEqual,
                Self::Greater,
                Self::GreaterOrEqual,
                Self::Is,
                Self::IsNot,
                Self::Present,
                Self::Missing,
            ],
            ColumnKind::Flag => &[Self::Is, Self::IsNot, Self::Present, Self::Missing],
        }
    }
}

/// Why a filter cannot be understood. Serialized with the key `reason`, so that the window can word it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// No column has this name.
    #[error("there is no column {name:?}")]
    UnknownColumn {
        /// The name as typed.
        name: String,
    },
    /// A sign such as `:` stands without a column before it.
    #[error("a column is missing before the sign")]
    ColumnMissing,
    /// The operator means nothing for this column.
    #[error("column {column:?} cannot be compared like this")]
    OperatorNotForColumn {
        /// The column.
        column: String,
        /// The operator.
        op: Op,
    },
    /// The operator needs a column: only "is" and "contains" work on any text column.
    #[error("this comparison needs a column")]
    OperatorNeedsColumn {
        /// The operator.
        op: Op,
    },
    /// No value stands after the sign.
    #[error("a value is missing")]
    ValueMissing,
    /// `has:` and `no:` take one column and no further value.
    #[error("no value is expected here")]
    ValueNotExpected,
    /// The value is no whole number.
    #[error("{value:?} is not a whole number")]
    NotANumber {
        /// The value as typed.
        value: String,
    },
    /// An enum column is compared by size with what is no version.
    #[error("{value:?} is not a version")]
    NotAVersion {
        /// The value as typed.
        value: String,
    },
    /// The value is neither a point in time nor an age.
    #[error("{value:?} is neither a time nor an age")]
    NotATime {
        /// The value as typed.
        value: String,
    },
    /// An age is compared with `<` or `>`, never with `:`.
    #[error("the age {value:?} needs < or >")]
    AgeNeedsComparison {
        /// The value as typed.
        value: String,
    },
    /// The value is neither yes nor no.
    #[error("{value:?} is neither yes nor no")]
    NotAFlag {
        /// The value as typed.
        value: String,
    },
    /// A comparison cannot be negated with a minus; the opposite sign says it.
    #[error("a comparison cannot be negated")]
    NegatedComparison,
    /// A quote was opened and never closed.
    #[error("the quote is not closed")]
    UnclosedQuote,
    /// After a closing quote only a comma, a space or the end may follow.
    #[error("a space or a comma is missing after the quote")]
    TextAfterQuote,
}

/// Why a query cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum QueryError {
    /// A term of the filter is wrong.
    #[error("term {term} of the filter: {problem}")]
    Filter {
        /// Its position in [`Filter::terms`].
        term: usize,
        /// What is wrong with it.
        #[source]
        problem: Reason,
    },
    /// No column has this name.
    #[error("there is no column {name:?}")]
    UnknownColumn {
        /// The name as sent.
        name: String,
    },
    /// The column has too many different values to group or count by: only enum, set and flag columns can.
    #[error("column {name:?} cannot be grouped or counted")]
    NotCountable {
        /// The column.
        name: String,
    },
}

impl Filter {
    /// A filter of one term.
    #[must_use]
    pub fn of(term: Term) -> Self {
        Self { terms: vec![term] }
    }

    /// Whether every row matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether every term can be evaluated on these columns.
    ///
    /// # Errors
    /// [`QueryError::Filter`] with the first term that cannot.
    pub fn check(&self, columns: &[Column]) -> Result<(), QueryError> {
        for (index, term) in self.terms.iter().enumerate() {
            term.check(columns).map_err(|problem| QueryError::Filter {
                term: index,
                problem,
            })?;
        }
        Ok(())
    }

    /// The same filter without its terms on one column, as facet counts of that column need it.
    #[must_use]
    pub fn without(&self, column: &str) -> Self {
        let terms = self
            .terms
            .iter()
            .filter(|term| term.column.as_deref() != Some(column))
            .cloned()
            .collect();
        Self { terms }
    }

    /// Whether the filter asks for this value of this column with [`Op::Is`].
    #[must_use]
    pub fn asks_for(&self, column: &str, value: &str) -> bool {
        self.terms.iter().any(|term| {
            term.op == Op::Is
                && term.column.as_deref() == Some(column)
                && term.values.iter().any(|known| known == value)
        })
    }

    /// Adds a value to the column's [`Op::Is`] term, or takes it away when it is there already.
    pub fn toggle(&mut self, column: &str, value: &str) {
        let term = self
            .terms
            .iter()
            .position(|term| term.op == Op::Is && term.column.as_deref() == Some(column));
        let Some(position) = term else {
            self.terms.push(Term {
                column: Some(column.to_owned()),
                op: Op::Is,
                values: vec![value.to_owned()],
            });
            return;
        };
        let values = &mut self.terms[position].values;
        match values.iter().position(|known| known == value) {
            Some(known) => {
                values.remove(known);
            }
            None => values.push(value.to_owned()),
        }
        if values.is_empty() {
            self.terms.remove(position);
        }
    }
}

impl Term {
    /// Whether the term can be evaluated on these columns.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn check(&self, columns: &[Column]) -> Result<(), Reason> {
        let Some(name) = &self.column else {
            return match self.op {
                Op::Is | Op::IsNot | Op::Contains | Op::NotContains => self.check_count(),
                op => Err(Reason::OperatorNeedsColumn { op }),
            };
        };
        let column = find_column(columns, name)
            .filter(|column| column.name == name)
            .ok_or_else(|| Reason::UnknownColumn { name: name.clone() })?;
        if !Op::of(column.kind).contains(&self.op) {
            return Err(Reason::OperatorNotForColumn {
                column: name.clone(),
                op: self.op,
            });
        }
        self.check_count()?;
        self.values
            .iter()
            .try_for_each(|value| check_value(column.kind, self.op, value))
    }

    fn check_count(&self) -> Result<(), Reason> {
        match (self.op, self.values.is_empty()) {
            (Op::Missing | Op::Present, true) => Ok(()),
            (Op::Missing | Op::Present, false) => Err(Reason::ValueNotExpected),
            (_, true) => Err(Reason::ValueMissing),
            (_, false) => Ok(()),
        }
    }
}

/// Finds a column by its name in any case, `id` and `name` included.
pub(crate) fn find_column(columns: &[Column], name: &str) -> Option<Column> {
    let built_in = [ID, NAME].map(|name| Column {
        name,
        kind: ColumnKind::Text,
    });
    let mut known = columns.iter().chain(&built_in);
    known
        .find(|column| column.name.eq_ignore_ascii_case(name))
        .copied()
}

fn check_value(kind: ColumnKind, op: Op, value: &str) -> Result<(), Reason> {
    let value = || value.to_owned();
    match kind {
        ColumnKind::Enum if op.is_comparison() && !is_version(&value()) => {
            Err(Reason::NotAVersion { value: value() })
        }
        ColumnKind::Text | ColumnKind::Enum | ColumnKind::Set => Ok(()),
        ColumnKind::Integer => match parse_number(&value()) {
            Some(_) => Ok(()),
            None => Err(Reason::NotANumber { value: value() }),
        },
        ColumnKind::Time => match time::parse(&value()) {
            None => Err(Reason::NotATime { value: value() }),
            Some(time::TimeValue::Age(_)) if !op.is_comparison() => {
                Err(Reason::AgeNeedsComparison { value: value() })
            }
            Some(_) => Ok(()),
        },
        ColumnKind::Flag => match parse_flag(&value()) {
            Some(_) => Ok(()),
            None => Err(Reason::NotAFlag { value: value() }),
        },
    }
}

pub(crate) fn parse_number(value: &str) -> Option<i64> {
    value.parse().ok()
}

/// Whether a text is a version, such as `2.50.1`: what the values of an enum column are compared by.
#[must_use]
pub fn is_version(value: &str) -> bool {
    version::Version::parse(&fold_to_string(value)).is_some()
}

pub(crate) fn parse_flag(value: &str) -> Option<bool> {
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    if is("true") || is("yes") || is("1") {
        Some(true)
    } else if is("false") || is("no") || is("0") {
        Some(false)
    } else {
        None
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, term) in self.terms.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            term.fmt(f)?;
        }
        Ok(())
    }
}
