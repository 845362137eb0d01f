//! Commands about any place: set, clear, add, remove and move.

use serde_json::{Map, Value, json};

use super::Edit;
use crate::document::{Document, Patch, PatchError, wrapped};
use crate::path::{Path, Step};
use crate::shape;

/// A document while a command is carried out on it.
pub(super) struct Work<'a> {
    pub(super) document: &'a mut Document,
    pub(super) undo: Vec<Patch>,
}

impl Work<'_> {
    pub(super) fn carry_out(&mut self, edit: Edit) -> Result<Path, PatchError> {
        match edit {
            Edit::Set { path, value } => self.put(path, value),
            Edit::Clear { path } => self.clear(path),
            Edit::RenameKey { path, to } => self.rename_key(&path, &to),
            Edit::Add { list, at, value } => self.add(&list, at, value),
            Edit::AddContainer { list } => self.add_container(list),
            Edit::AddVolume { container, source } => self.add_volume(&container, source),
            Edit::Mount {
                volume,
                container,
                destination,
            } => self.mount(&volume, &container, destination),
            Edit::AddPort { container } => self.add_port(&container),
            Edit::AddVariable { container, source } => self.add_variable(&container, &source),
            Edit::AddTag => self.add_tag(),
            Edit::SetProbe {
                container,
                probe,
                way,
            } => self.set_probe(&container, probe, way),
            Edit::SetVolumeSource { volume, source } => self.set_volume_source(volume, source),
            Edit::RenameVolume { volume, to } => self.rename_volume(&volume, &to),
            Edit::SetVariableSource { variable, source } => {
                self.set_variable_source(variable, &source)
            }
            Edit::SetHostNetwork { on } => self.set_host_network(on),
            Edit::PlaceOnNode { node } => self.place_on_node(&node),
            Edit::PlaceInGroup { group } => self.place_in_group(group),
            Edit::Remove { path } => self.remove(&path),
            Edit::Duplicate { path } => self.duplicate(&path),
            Edit::Move { path, to } => self.move_entry(&path, to),
            Edit::MoveInto { path, list, at } => self.move_into(&path, &list, at),
            Edit::Replace { value } => {
                let patch = self.document.patch_to(&value);
                self.apply(patch)?;
                Ok(Path::root())
            }
            Edit::Many(edits) => {
                let mut at = Path::root();
                for edit in edits {
                    at = self.carry_out(edit)?;
                }
                Ok(at)
            }
        }
    }

    pub(super) fn apply(&mut self, patch: Patch) -> Result<(), PatchError> {
        let undo = self.document.patch(patch)?;
        self.undo.push(undo);
        Ok(())
    }

    pub(super) fn get(&self, path: &Path) -> Result<&Value, PatchError> {
        let value = self.document.get(path);
        value.ok_or_else(|| PatchError::NotThere(path.clone()))
    }

    /// The fields of an object.
    pub(super) fn object(&self, path: &Path) -> Result<Map<String, Value>, PatchError> {
        match self.get(path)? {
            Value::Object(fields) => Ok(fields.clone()),
            _ => Err(PatchError::NoObject(path.clone())),
        }
    }

    pub(super) fn put(&mut self, path: Path, value: Value) -> Result<Path, PatchError> {
        let value = shape::literal(value, shape::at(&path));
        let there = self.document.existing(&path);
        if there == path {
            if self.document.get(&path) != Some(&value) {
                self.apply(Patch::set(path.clone(), value))?;
            }
            return Ok(path);
        }
        let missing = path.from_depth(there.depth());
        let next = there.join(&missing.up_to(1));
        let inner = |from: usize| wrapped(missing.from_depth(from).steps(), value.clone());
        let patch = match (self.get(&there)?, next.last()) {
            (Value::Object(_), Some(Step::Key(_))) => Patch::add_field(next, inner(1)),
            (Value::Array(_), Some(Step::Index(_))) => Patch::add_entry(next, inner(1)),
            (Value::Null, _) => Patch::set(there, inner(0)),
            (_, Some(Step::Index(_))) => return Err(PatchError::NoList(there)),
            _ => return Err(PatchError::NoObject(there)),
        };
        self.apply(patch)?;
        Ok(path)
    }

    pub(super) fn clear(&mut self, path: Path) -> Result<Path, PatchError> {
        if self.document.get(&path).is_none() {
            return Ok(path);
        }
        self.apply(Patch::remove(path.clone()))?;
        let mut around = path.parent();
        while let Some(place) = around {
            let is_empty = match self.document.get(&place) {
                Some(Value::Object(fields)) => fields.is_empty(),
                Some(Value::Array(entries)) => entries.is_empty() && is_optional(&place),
                _ => false,
            };
            // An entry of a list, and what has to be there, stays also when it is empty.
            let stays = place.last_key().is_none_or(|it| NEEDED.contains(&it));
            if !is_empty || stays {
                break;
            }
            self.apply(Patch::remove(place.clone()))?;
            around = place.parent();
        }
        Ok(path)
    }

    fn rename_key(&mut self, path: &Path, to: &str) -> Result<Path, PatchError> {
        let parent = path.parent().ok_or(PatchError::Root)?;
        let renamed = parent.then(to);
        if renamed == *path {
            return Ok(renamed);
        }
        let fields = self.object(&parent)?;
        if !path.last_key().is_some_and(|it| fields.contains_key(it)) {
            return Err(PatchError::NotThere(path.clone()));
        }
        if fields.contains_key(to) {
            return Err(PatchError::Taken(renamed));
        }
        let own = path.last_key();
        let fields = fields
            .into_iter()
            .map(|(key, value)| match own == Some(&key) {
                true => (to.to_owned(), value),
                false => (key, value),
            });
        let fields = Value::Object(fields.collect());
        self.apply(Patch::set(parent, fields))?;
        Ok(renamed)
    }

    pub(super) fn add(
        &mut self,
        list: &Path,
        at: Option<usize>,
        value: Value,
    ) -> Result<Path, PatchError> {
        if !matches!(self.document.get(list), Some(Value::Array(_))) {
            self.put(list.clone(), json!([]))?;
        }
        let length = self.document.list(list).len();
        let path = list.then(at.unwrap_or(length).min(length));
        let value = shape::literal(value, shape::at(&path));
        self.apply(Patch::add_entry(path.clone(), value))?;
        Ok(path)
    }

    fn remove(&mut self, path: &Path) -> Result<Path, PatchError> {
        self.get(path)?;
        self.clear(path.clone())?;
        Ok(self.document.existing(path))
    }

    fn move_entry(&mut self, path: &Path, to: usize) -> Result<Path, PatchError> {
        let (list, from) = entry(path)?;
        if from != to {
            self.apply(Patch::move_entry(list.clone(), from, to))?;
        }
        Ok(list.then(to))
    }

    fn move_into(
        &mut self,
        path: &Path,
        list: &Path,
        at: Option<usize>,
    ) -> Result<Path, PatchError> {
        let (own, from) = entry(path)?;
        if *list == own {
            let last = self.document.list(list).len().saturating_sub(1);
            return self.move_entry(path, at.unwrap_or(last).min(last));
        }
        if list.is_in(path) {
            return Err(PatchError::NoList(list.clone()));
        }
        if !matches!(self.document.get(list), Some(Value::Array(_))) {
            self.put(list.clone(), json!([]))?;
        }
        let back = self.document.patch(Patch::remove(path.clone()))?;
        self.undo.push(back.clone());
        // What lies behind the entry in its list has moved up by one.
        let mut list = list.clone();
        if list.is_in(&own)
            && let Some(Step::Index(place)) = list.steps().get(own.depth())
            && *place > from
        {
            let rest = list.from_depth(own.depth() + 1);
            list = own.then(*place - 1).join(&rest);
        }
        let length = self.document.list(&list).len();
        let to = list.then(at.unwrap_or(length).min(length));
        self.apply(back.elsewhere(to.clone()))?;
        if self.document.list(&own).is_empty() && is_optional(&own) {
            self.apply(Patch::remove(own))?;
        }
        Ok(to)
    }
}

/// Fields that stay when they are empty.
const NEEDED: &[&str] = &[
    "deployment",
    "template",
    "configs",
    "containers",
    "node_ids",
];

/// Whether a list needn't be there.
fn is_optional(list: &Path) -> bool {
    list.last_key().is_some_and(|it| !NEEDED.contains(&it))
}

/// The list of an entry, and its place there.
pub(super) fn entry(path: &Path) -> Result<(Path, usize), PatchError> {
    match (path.parent(), path.last()) {
        (Some(list), Some(Step::Index(index))) => Ok((list, *index)),
        _ => Err(PatchError::NoList(path.clone())),
    }
}
