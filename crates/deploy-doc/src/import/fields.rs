//! The fields of an object of another format, of which every one gets a line in the report.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Part;
use super::report::{Report, Why};
use crate::document::text_of;
use crate::path::Path;

/// An object while it is taken over.
pub(super) struct Fields<'a> {
    part: &'a Part<'a>,
    pub(super) path: Path,
    fields: Option<&'a Map<String, Value>>,
    taken: BTreeSet<&'a str>,
}

impl<'a> Fields<'a> {
    /// The object at a place; what is none has no fields.
    pub(super) fn at(part: &'a Part<'a>, path: Path) -> Self {
        let fields = path.find(part.value()).and_then(Value::as_object);
        Self {
            part,
            path,
            fields,
            taken: BTreeSet::new(),
        }
    }

    /// An object inside it.
    pub(super) fn inside(&mut self, name: &str) -> Option<Self> {
        let value = self.take(name)?;
        value
            .is_object()
            .then(|| Self::at(self.part, self.path.then(name)))
    }

    /// The objects of a list inside it.
    pub(super) fn each(&mut self, name: &str) -> Vec<Self> {
        let length = self
            .take(name)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let list = self.path.then(name);
        let entries = (0..length).map(|index| Self::at(self.part, list.then(index)));
        entries.collect()
    }

    /// The names of all fields.
    pub(super) fn names(&self) -> Vec<String> {
        self.fields
            .into_iter()
            .flat_map(Map::keys)
            .cloned()
            .collect()
    }

    /// A value that is dealt with from now on. Nothing is as if it weren't there.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a Value> {
        let (key, value) = self.fields?.get_key_value(name)?;
        self.taken.insert(key);
        (!value.is_null()).then_some(value)
    }

    /// A text that is dealt with from now on, also one that is a number or flag.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.take(name).and_then(text_of)
    }

    /// Where a field is.
    pub(super) fn field(&self, name: &str) -> Path {
        self.path.then(name)
    }

    pub(super) fn carried(&self, report: &mut Report, name: &str) {
        report.carried(self.part, &self.field(name));
    }

    pub(super) fn changed(&self, report: &mut Report, name: &str, why: Why) {
        report.changed(self.part, &self.field(name), why);
    }

    pub(super) fn left_out(&self, report: &mut Report, name: &str, why: Why) {
        report.left_out(self.part, &self.field(name), why);
    }

    /// Says that something inside it is carried over.
    pub(super) fn carried_at(&self, report: &mut Report, path: &Path) {
        report.carried(self.part, path);
    }

    /// Says that something inside it is changed.
    pub(super) fn changed_at(&self, report: &mut Report, path: &Path, why: Why) {
        report.changed(self.part, path, why);
    }

    /// Says that something inside it is left out.
    pub(super) fn left_out_at(&self, report: &mut Report, path: &Path, why: Why) {
        report.left_out(self.part, path, why);
    }

    /// Says that fields have no meaning for the service, if they are there.
    pub(super) fn not_needed(&mut self, report: &mut Report, names: &[&str]) {
        for name in names {
            if self.take(name).is_some() {
                self.left_out(report, name, Why::NotNeeded);
            }
        }
    }

    /// Takes a value over as it is, under a name of the service.
    pub(super) fn copy(
        &mut self,
        report: &mut Report,
        name: &str,
        to: &mut Map<String, Value>,
        field: &str,
    ) {
        if let Some(value) = self.take(name) {
            to.insert(field.to_owned(), value.clone());
            self.carried(report, name);
        }
    }

    /// Says that whatever wasn't dealt with is left out.
    pub(super) fn rest(&self, report: &mut Report) {
        for (key, value) in self.fields.into_iter().flatten() {
            if !self.taken.contains(key.as_str()) && !value.is_null() {
                self.left_out(report, key, Why::Unsupported);
            }
        }
    }
}
