//! What the console lists: a resource, its operations and its columns.
//!
//! A resource is declared once beside its wire types. The inventory, the list pages, filters, sorting
//! and export all read this declaration; none of them knows a resource by name.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::operation::OperationSpec;
use crate::time::Timestamp;

/// A kind of thing the service keeps, declared once.
///
/// # Invariants
/// `cells` pushes exactly as many cells as `SPEC.columns` has entries, in the same order.
pub trait Resource: DeserializeOwned + Send + Sync + 'static {
    /// The declaration.
    const SPEC: &'static ResourceSpec;

    /// The service's identifier. Empty when the service sent none, which makes the row unusable.
    fn id(&self) -> &str;

    /// The name people know it by. Empty when the service sent none.
    fn name(&self) -> &str;

    /// Pushes one cell for each column.
    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>);
}

/// A resource as data.
#[derive(Debug)]
pub struct ResourceSpec {
    /// Stable name in the singular, as used in addresses, queries and the journal: `node`.
    pub kind: &'static str,
    /// The operation that lists it.
    pub list: &'static OperationSpec,
    /// The operation that reads one of it, where there is one.
    pub show: Option<&'static OperationSpec>,
    /// The path parameter that carries its identifier: `node_id`.
    pub id_parameter: &'static str,
    /// Where one of it stands in the answer of `show`, `create` and `update`: `node`;
    /// [`ResourceSpec::BARE`] when it is the answer itself.
    pub envelope: &'static str,
    /// Its columns, in the order in which a list shows them.
    pub columns: &'static [Column],
    /// The quota type that limits it (section 4.14.1), where there is one.
    pub quota: Option<&'static str>,
}

impl ResourceSpec {
    /// For answers that are the thing itself, with nothing around it.
    pub const BARE: &'static str = "";

    /// What of an answer of `show`, `create` or `update` is the thing.
    #[must_use]
    pub fn thing<'a>(&self, answer: &'a Value) -> &'a Value {
        match self.envelope {
            Self::BARE => answer,
            envelope => answer.get(envelope).unwrap_or(answer),
        }
    }

    /// The identifier of a thing as the service writes it: `id`, or what its path parameter is called.
    #[must_use]
    pub fn id_of<'a>(&self, thing: &'a Value) -> Option<&'a str> {
        text(thing, "id").or_else(|| text(thing, self.id_parameter))
    }

    /// The name of a thing as the service writes it: `name`, `job_name` where the identifier is `job_id`, the
    /// `version` of what is told apart by that, or the name among the metadata.
    #[must_use]
    pub fn name_of<'a>(&self, thing: &'a Value) -> Option<&'a str> {
        let prefixed = || {
            let prefix = self.id_parameter.strip_suffix("id")?;
            text(thing, &format!("{prefix}name"))
        };
        text(thing, "name")
            .or_else(prefixed)
            .or_else(|| text(thing, "version"))
            .or_else(|| text(thing.get("meta_data")?, "name"))
    }

    /// The position of a column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

fn text<'a>(thing: &'a Value, field: &str) -> Option<&'a str> {
    thing.get(field)?.as_str().filter(|text| !text.is_empty())
}

/// One column of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Stable name, as used in filters (`state:running`), exports and locales.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// What the cells of a column hold. Decides storage, comparison and alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Free text, usually different in every row: names, identifiers, addresses.
    Text,
    /// Text with few different values: states, versions, architectures.
    Enum,
    /// Several texts with few different values: tags as `key=value`, group identifiers.
    Set,
    /// A whole number.
    Integer,
    /// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
    Time,
    /// Yes or no.
    Flag,
}

/// One value of one column, borrowed from the wire type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The service sent nothing. Sorts after everything else.
    Missing,
    /// For `Text` and `Enum`.
    Text(Cow<'a, str>),
    /// For `Set`.
    Set(Vec<Cow<'a, str>>),
    /// For `Integer`.
    Integer(i64),
    /// For `Time`, in milliseconds since the epoch.
    Time(i64),
    /// For `Flag`.
    Flag(bool),
}

impl Column {
    /// A column.
    #[must_use]
    pub const fn new(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind }
    }
}

impl<'a> Cell<'a> {
    /// A text cell; missing and empty are the same for the reader.
    #[must_use]
    pub fn text(value: Option<&'a str>) -> Self {
        match value {
            Some(text) if !text.is_empty() => Self::Text(Cow::Borrowed(text)),
            _ => Self::Missing,
        }
    }

    /// A number cell.
    #[must_use]
    pub fn integer(value: Option<i64>) -> Self {
        value.map_or(Self::Missing, Self::Integer)
    }

    /// A number cell that counts entries.
    #[must_use]
    pub fn length(length: usize) -> Self {
        i64::try_from(length).map_or(Self::Missing, Self::Integer)
    }

    /// A set cell; an empty set is missing.
    #[must_use]
    pub fn set(items: impl Iterator<Item = Cow<'a, str>>) -> Self {
        let items: Vec<_> = items.collect();
        match items.is_empty() {
            true => Self::Missing,
            false => Self::Set(items),
        }
    }

    /// A flag cell.
    #[must_use]
    pub fn flag(value: Option<bool>) -> Self {
        value.map_or(Self::Missing, Self::Flag)
    }

    /// A time cell from a timestamp in seconds or milliseconds.
    #[must_use]
    pub fn timestamp(value: Option<Timestamp>) -> Self {
        value
            .and_then(Timestamp::millis)
            .map_or(Self::Missing, Self::Time)
    }

    /// A time cell from one of the forms the service writes (see [`crate::time::parse`]).
    #[must_use]
    pub fn time(value: Option<&str>) -> Self {
        value
            .and_then(crate::time::parse)
            .map_or(Self::Missing, Self::Time)
    }
}
