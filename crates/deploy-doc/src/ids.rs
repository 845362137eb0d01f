//! Names for the parts of a document that stay while it is edited: a place changes when something is put before it,
//! an identifier does not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::align::align;
use crate::path::{Path, Step};

/// Identifies an entry of a list for as long as the document lives, undone edits included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartId(u64);

/// A place that follows its part: inside an entry of a list, or of the document where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Anchor {
    /// The innermost entry of a list around the place.
    pub part: Option<PartId>,
    /// From that entry, or from the root.
    pub rest: Path,
}

/// Hands out identifiers, none twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mint(u64);

impl Mint {
    pub(crate) fn next(&mut self) -> PartId {
        self.0 += 1;
        PartId(self.0)
    }
}

/// The identifiers of all entries inside a value, in its own shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Nothing inside is an entry of a list.
    #[default]
    None,
    /// Fields that have some inside.
    Fields(BTreeMap<String, Self>),
    /// Entries.
    Entries(Vec<(PartId, Self)>),
}

impl Ids {
    /// New ones for all of a value.
    pub(crate) fn new(value: &Value, mint: &mut Mint) -> Self {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter().filter_map(|(name, value)| {
                    let ids = Self::new(value, mint);
                    (ids != Self::None).then(|| (name.clone(), ids))
                });
                Self::fields(fields.collect())
            }
            Value::Array(entries) => {
                let entries = entries.iter();
                let entries = entries.map(|entry| (mint.next(), Self::new(entry, mint)));
                Self::Entries(entries.collect())
            }
            _ => Self::None,
        }
    }

    /// Those of a value that has come in the place of another one: what is the same part keeps its own.
    pub(crate) fn carried(&self, before: &Value, after: &Value, mint: &mut Mint) -> Self {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                let fields = after.iter().filter_map(|(name, value)| {
                    let ids = match before.get(name) {
                        Some(before) => self.field(name).carried(before, value, mint),
                        None => Self::new(value, mint),
                    };
                    (ids != Self::None).then(|| (name.clone(), ids))
                });
                Self::fields(fields.collect())
            }
            (Value::Array(before), Value::Array(after)) => {
                let Self::Entries(own) = self else {
                    return Self::new(&Value::Array(after.clone()), mint);
                };
                let pairs = align(before, after);
                let entries = after.iter().zip(pairs);
                let entries = entries.map(|(entry, from)| match from {
                    Some(from) => {
                        let (id, ids) = &own[from];
                        (*id, ids.carried(&before[from], entry, mint))
                    }
                    None => (mint.next(), Self::new(entry, mint)),
                });
                Self::Entries(entries.collect())
            }
            (_, after) => Self::new(after, mint),
        }
    }

    fn fields(fields: BTreeMap<String, Self>) -> Self {
        match fields.is_empty() {
            true => Self::None,
            false => Self::Fields(fields),
        }
    }

    fn field(&self, name: &str) -> &Self {
        match self {
            Self::Fields(fields) => fields.get(name).unwrap_or(&Self::None),
            _ => &Self::None,
        }
    }

    /// Those inside a place.
    pub(crate) fn at(&self, path: &Path) -> &Self {
        path.steps().iter().fold(self, |ids, step| match step {
            Step::Key(key) => ids.field(key),
            Step::Index(index) => match ids {
                Self::Entries(entries) => entries.get(*index).map_or(&Self::None, |it| &it.1),
                _ => &Self::None,
            },
        })
    }

    /// Those inside a place, to be changed. Fields that have none yet get room for them.
    pub(crate) fn at_mut(&mut self, path: &Path) -> Option<&mut Self> {
        path.steps().iter().try_fold(self, |ids, step| match step {
            Step::Key(key) => {
                if *ids == Self::None {
                    *ids = Self::Fields(BTreeMap::new());
                }
                match ids {
                    Self::Fields(fields) => Some(fields.entry(key.clone()).or_default()),
                    _ => None,
                }
            }
            Step::Index(index) => match ids {
                Self::Entries(entries) => entries.get_mut(*index).map(|it| &mut it.1),
                _ => None,
            },
        })
    }

    /// The identifier of an entry of this list.
    pub(crate) fn entry(&self, index: usize) -> Option<PartId> {
        match self {
            Self::Entries(entries) => entries.get(index).map(|it| it.0),
            _ => None,
        }
    }

    /// The innermost entry around a place, with its depth.
    pub(crate) fn innermost(&self, path: &Path) -> Option<(PartId, usize)> {
        let steps = path.steps().iter().enumerate().rev();
        let mut entries = steps.filter_map(|(depth, step)| {
            let id = self.at(&path.up_to(depth)).entry(step.index()?)?;
            Some((id, depth + 1))
        });
        entries.next()
    }

    /// Where an entry is.
    pub(crate) fn find(&self, id: PartId) -> Option<Path> {
        let mut steps = Vec::new();
        self.search(id, &mut steps).then(|| Path::of(steps))
    }

    fn search(&self, id: PartId, steps: &mut Vec<Step>) -> bool {
        match self {
            Self::None => false,
            Self::Fields(fields) => fields.iter().any(|(name, ids)| {
                steps.push(name.as_str().into());
                let found = ids.search(id, steps);
                if !found {
                    steps.pop();
                }
                found
            }),
            Self::Entries(entries) => entries.iter().enumerate().any(|(index, (own, ids))| {
                steps.push(index.into());
                let found = *own == id || ids.search(id, steps);
                if !found {
                    steps.pop();
                }
                found
            }),
        }
    }
}
