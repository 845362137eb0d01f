//! The few changes that all edits are made of. Each can be taken back exactly: order of fields and identifiers
//! included.

use serde_json::Value;

use super::Document;
use crate::align::align;
use crate::ids::{Ids, PartId};
use crate::path::{Path, Step};

/// A change of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// Puts a value where there is one already.
    Replace { path: Path, value: Value, ids: Keep },
    /// Adds a field, at the end where nothing else is said.
    AddField {
        path: Path,
        at: Option<usize>,
        value: Value,
        ids: Option<Ids>,
    },
    /// Adds an entry of a list, which moves those behind it.
    AddEntry {
        path: Path,
        value: Value,
        ids: Option<(PartId, Ids)>,
    },
    /// Takes away a field or an entry.
    Remove { path: Path },
    /// Moves an entry within its list.
    Move { list: Path, from: usize, to: usize },
    /// Several, one after the other.
    Many(Vec<Patch>),
}

/// What becomes of the identifiers inside a value that is replaced.
#[derive(Debug, Clone, PartialEq)]
enum Keep {
    /// They are carried over to what is the same.
    Carry,
    /// They are these.
    These(Ids),
}

/// Why a document can't be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// There is nothing at the place.
    #[error("there is nothing at {0}")]
    NotThere(Path),
    /// There is something at the place already.
    #[error("there is something at {0} already")]
    Taken(Path),
    /// The place is no list.
    #[error("{0} is no list")]
    NoList(Path),
    /// The place is no object.
    #[error("{0} is no object")]
    NoObject(Path),
    /// A list has fewer entries.
    #[error("{0} has no entry {1}")]
    OutOfRange(Path, usize),
    /// The document as a whole stays an object.
    #[error("a document is an object")]
    Root,
}

impl Patch {
    /// Puts a value where there is one.
    pub(crate) fn set(path: Path, value: Value) -> Self {
        let ids = Keep::Carry;
        Self(Kind::Replace { path, value, ids })
    }

    /// Adds a field at the end of its object.
    pub(crate) fn add_field(path: Path, value: Value) -> Self {
        let (at, ids) = (None, None);
        Self(Kind::AddField {
            path,
            at,
            value,
            ids,
        })
    }

    /// Adds an entry, which moves those behind it.
    pub(crate) fn add_entry(path: Path, value: Value) -> Self {
        let ids = None;
        Self(Kind::AddEntry { path, value, ids })
    }

    /// Takes away a field or an entry.
    pub(crate) fn remove(path: Path) -> Self {
        Self(Kind::Remove { path })
    }

    /// Moves an entry of a list to where it is to stand.
    pub(crate) fn move_entry(list: Path, from: usize, to: usize) -> Self {
        Self(Kind::Move { list, from, to })
    }

    /// Several changes as one.
    pub(crate) fn many(patches: Vec<Self>) -> Self {
        Self(Kind::Many(patches))
    }

    /// The same entry at another place: what was taken away comes back there, under its own identifier.
    pub(crate) fn elsewhere(self, to: Path) -> Self {
        match self.0 {
            Kind::AddEntry { value, ids, .. } => {
                let path = to;
                Self(Kind::AddEntry { path, value, ids })
            }
            other => Self(other),
        }
    }

    /// Whether nothing is changed.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        match &self.0 {
            Kind::Many(patches) => patches.iter().all(Self::is_nothing),
            Kind::Move { from, to, .. } => from == to,
            _ => false,
        }
    }

    /// The places it touches.
    #[must_use]
    pub fn places(&self) -> Vec<&Path> {
        match &self.0 {
            Kind::Replace { path, .. }
            | Kind::AddField { path, .. }
            | Kind::AddEntry { path, .. }
            | Kind::Remove { path } => vec![path],
            Kind::Move { list, .. } => vec![list],
            Kind::Many(patches) => patches.iter().flat_map(Self::places).collect(),
        }
    }
}

/// Applies a change and tells the one that takes it back.
pub(super) fn apply(document: &mut Document, patch: Patch) -> Result<Patch, PatchError> {
    match patch.0 {
        Kind::Replace { path, value, ids } => replace(document, path, value, ids),
        Kind::AddField {
            path,
            at,
            value,
            ids,
        } => add_field(document, path, at, value, ids),
        Kind::AddEntry { path, value, ids } => add_entry(document, path, value, ids),
        Kind::Remove { path } => remove(document, &path),
        Kind::Move { list, from, to } => move_entry(document, list, from, to),
        Kind::Many(patches) => many(document, patches),
    }
}

/// The changes that make one value of another.
pub(super) fn difference(before: &Value, after: &Value, path: &Path, patches: &mut Vec<Patch>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(before), Value::Object(after)) => {
            let gone = before.keys().filter(|it| !after.contains_key(*it));
            patches.extend(gone.map(|it| Patch::remove(path.then(it.as_str()))));
            for (at, (key, value)) in after.iter().enumerate() {
                let path = path.then(key.as_str());
                match before.get(key) {
                    Some(before) => difference(before, value, &path, patches),
                    None => patches.push(Patch(Kind::AddField {
                        path,
                        at: Some(at),
                        value: value.clone(),
                        ids: None,
                    })),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if in_place(before, after) => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                difference(before, after, &path.then(index), patches);
            }
        }
        (_, after) => patches.push(Patch::set(path.clone(), after.clone())),
    }
}

/// Whether all entries are where they were.
fn in_place(before: &[Value], after: &[Value]) -> bool {
    let pairs = align(before, after);
    let same = pairs.iter().enumerate().all(|(at, from)| *from == Some(at));
    same && before.len() == after.len()
}

fn many(document: &mut Document, patches: Vec<Patch>) -> Result<Patch, PatchError> {
    let mut back = Vec::with_capacity(patches.len());
    for patch in patches {
        match apply(document, patch) {
            Ok(undo) => back.push(undo),
            Err(error) => {
                for undo in back.into_iter().rev() {
                    // Undoing what was just done finds all it needs.
                    let _ = apply(document, undo);
                }
                return Err(error);
            }
        }
    }
    back.reverse();
    Ok(Patch(Kind::Many(back)))
}

fn replace(
    document: &mut Document,
    path: Path,
    value: Value,
    keep: Keep,
) -> Result<Patch, PatchError> {
    if path.is_root() && !value.is_object() {
        return Err(PatchError::Root);
    }
    let Some(slot) = path.find_mut(&mut document.value) else {
        return Err(PatchError::NotThere(path));
    };
    let before = std::mem::replace(slot, value);
    let old = document.ids.at(&path).clone();
    let new = match keep {
        Keep::These(ids) => ids,
        Keep::Carry => old.carried(&before, slot, &mut document.mint),
    };
    if let Some(place) = document.ids.at_mut(&path) {
        *place = new;
    }
    Ok(Patch(Kind::Replace {
        path,
        value: before,
        ids: Keep::These(old),
    }))
}

fn add_field(
    document: &mut Document,
    path: Path,
    at: Option<usize>,
    value: Value,
    ids: Option<Ids>,
) -> Result<Patch, PatchError> {
    let (Some(parent), Some(Step::Key(key))) = (path.parent(), path.last().cloned()) else {
        return Err(PatchError::NoObject(path));
    };
    let ids = ids.unwrap_or_else(|| Ids::new(&value, &mut document.mint));
    let fields = parent.find_mut(&mut document.value);
    let Some(fields) = fields.and_then(Value::as_object_mut) else {
        return Err(PatchError::NoObject(parent));
    };
    if fields.contains_key(&key) {
        return Err(PatchError::Taken(path));
    }
    let at = at.unwrap_or(fields.len()).min(fields.len());
    fields.shift_insert(at, key, value);
    if let Some(place) = document.ids.at_mut(&path) {
        *place = ids;
    }
    Ok(Patch(Kind::Remove { path }))
}

fn add_entry(
    document: &mut Document,
    path: Path,
    value: Value,
    ids: Option<(PartId, Ids)>,
) -> Result<Patch, PatchError> {
    let (Some(list), Some(index)) = (path.parent(), path.last().and_then(Step::index)) else {
        return Err(PatchError::NoList(path));
    };
    let entries = list.find_mut(&mut document.value);
    let Some(entries) = entries.and_then(Value::as_array_mut) else {
        return Err(PatchError::NoList(list));
    };
    if index > entries.len() {
        return Err(PatchError::OutOfRange(list, index));
    }
    let mint = &mut document.mint;
    let ids = ids.unwrap_or_else(|| (mint.next(), Ids::new(&value, mint)));
    entries.insert(index, value);
    if let Some(Ids::Entries(own)) = document.ids.at_mut(&list) {
        own.insert(index.min(own.len()), ids);
    }
    Ok(Patch(Kind::Remove { path }))
}

fn remove(document: &mut Document, path: &Path) -> Result<Patch, PatchError> {
    let not_there = || PatchError::NotThere(path.clone());
    let parent = path.parent().ok_or(PatchError::Root)?;
    let value = parent.find_mut(&mut document.value).ok_or_else(not_there)?;
    match (path.last(), value) {
        (Some(Step::Key(key)), Value::Object(fields)) => {
            let at = fields.keys().position(|name| name == key);
            let value = fields.shift_remove(key).ok_or_else(not_there)?;
            let ids = match document.ids.at_mut(&parent) {
                Some(Ids::Fields(own)) => own.remove(key).unwrap_or_default(),
                _ => Ids::None,
            };
            Ok(Patch(Kind::AddField {
                path: path.clone(),
                at,
                value,
                ids: Some(ids),
            }))
        }
        (Some(Step::Index(index)), Value::Array(entries)) if *index < entries.len() => {
            let value = entries.remove(*index);
            let ids = match document.ids.at_mut(&parent) {
                Some(Ids::Entries(own)) if *index < own.len() => Some(own.remove(*index)),
                _ => None,
            };
            Ok(Patch(Kind::AddEntry {
                path: path.clone(),
                value,
                ids,
            }))
        }
        _ => Err(not_there()),
    }
}

fn move_entry(
    document: &mut Document,
    list: Path,
    from: usize,
    to: usize,
) -> Result<Patch, PatchError> {
    let entries = list.find_mut(&mut document.value);
    let Some(entries) = entries.and_then(Value::as_array_mut) else {
        return Err(PatchError::NoList(list));
    };
    for place in [from, to] {
        if place >= entries.len() {
            return Err(PatchError::OutOfRange(list, place));
        }
    }
    let entry = entries.remove(from);
    entries.insert(to, entry);
    if let Some(Ids::Entries(own)) = document.ids.at_mut(&list) {
        let entry = own.remove(from);
        own.insert(to, entry);
    }
    let (from, to) = (to, from);
    Ok(Patch(Kind::Move { list, from, to }))
}
