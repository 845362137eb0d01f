//! What two people made of one document, put together. Where both changed the same thing differently it is told, and
//! stays as the own one until somebody decides.

use ief_api::wire::Shape;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::align::{align, name_of, staying};
use crate::diff::are_parts;
use crate::document::Document;
use crate::edit::Edit;
use crate::normal::same;
use crate::path::{Path, Step};
use crate::shape;

/// Something that both changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Where it is in what was put together; for what only the other still has, the list or object it was in.
    pub path: Path,
    /// What it was.
    pub base: Option<Value>,
    /// What it is here. `None` when it was taken away.
    pub mine: Option<Value>,
    /// What the other made of it. `None` when it was taken away.
    pub theirs: Option<Value>,
    /// The command that takes the other's.
    pub take_theirs: Edit,
}

/// What was put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The document, with the own version of what is in conflict.
    pub document: Document,
    /// What both changed. Their commands hold for the document as it is: decided from the last to the first, none
    /// moves the place of another.
    pub conflicts: Vec<Conflict>,
}

/// Puts together what was made of `base` here and by somebody else. The result changes the deployment as the other
/// left it.
#[must_use]
pub fn merge(base: &Document, mine: &Document, theirs: &Document) -> Merged {
    let mut work = Work {
        conflicts: Vec::new(),
    };
    let values = Three {
        base: Some(base.value()),
        mine: Some(mine.value()),
        theirs: Some(theirs.value()),
    };
    let value = work.merge(values, Some(shape::ROOT), &Path::root());
    let mut document = mine.clone();
    let value = value.filter(Value::is_object);
    if let Some(value) = value {
        let patch = document.patch_to(&value);
        // The change was made for this very document.
        let _ = document.patch(patch);
    }
    document.set_origin(theirs.origin().or(mine.origin()).cloned());
    Merged {
        document,
        conflicts: work.conflicts,
    }
}

/// The three versions of a part.
#[derive(Clone, Copy)]
struct Three<'a> {
    base: Option<&'a Value>,
    mine: Option<&'a Value>,
    theirs: Option<&'a Value>,
}

struct Work {
    conflicts: Vec<Conflict>,
}

impl Work {
    fn merge(&mut self, it: Three<'_>, shape: Option<Shape>, path: &Path) -> Option<Value> {
        if same(it.mine, it.theirs, shape) || same(it.base, it.theirs, shape) {
            return it.mine.cloned();
        }
        if same(it.base, it.mine, shape) {
            return it.theirs.cloned();
        }
        match (it.mine, it.theirs) {
            (Some(Value::Object(mine)), Some(Value::Object(theirs))) => {
                Some(self.objects(it.base, mine, theirs, shape, path))
            }
            (Some(Value::Array(mine)), Some(Value::Array(theirs)))
                if are_parts(mine) && are_parts(theirs) =>
            {
                Some(self.lists(it.base, mine, theirs, shape, path))
            }
            (mine, theirs) => {
                let take_theirs = match theirs {
                    Some(value) => Edit::Set {
                        path: path.clone(),
                        value: value.clone(),
                    },
                    None => Edit::Remove { path: path.clone() },
                };
                self.conflicts.push(Conflict {
                    path: path.clone(),
                    base: it.base.cloned(),
                    mine: mine.cloned(),
                    theirs: theirs.cloned(),
                    take_theirs,
                });
                mine.cloned()
            }
        }
    }

    fn objects(
        &mut self,
        base: Option<&Value>,
        mine: &Map<String, Value>,
        theirs: &Map<String, Value>,
        shape: Option<Shape>,
        path: &Path,
    ) -> Value {
        let base = base.and_then(Value::as_object);
        let mut keys: Vec<&String> = mine.keys().collect();
        keys.extend(theirs.keys().filter(|it| !mine.contains_key(*it)));
        let mut merged = Map::new();
        for key in keys {
            let step = Step::Key(key.clone());
            let inner = shape.and_then(|it| shape::inside(it, &step));
            let values = Three {
                base: base.and_then(|it| it.get(key)),
                mine: mine.get(key),
                theirs: theirs.get(key),
            };
            if let Some(value) = self.merge(values, inner, &path.then(step)) {
                merged.insert(key.clone(), value);
            }
        }
        Value::Object(merged)
    }

    fn lists(
        &mut self,
        base: Option<&Value>,
        mine: &[Value],
        theirs: &[Value],
        shape: Option<Shape>,
        path: &Path,
    ) -> Value {
        let base = base
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let inner = shape.and_then(|it| shape::inside(it, &Step::Index(0)));
        let mut merged = Vec::new();
        for (old, own, other) in entries(base, mine, theirs) {
            let values = Three {
                base: old.map(|it| &base[it]),
                mine: own.map(|it| &mine[it]),
                theirs: other.map(|it| &theirs[it]),
            };
            if let (None, Some(value)) = (values.mine, values.theirs) {
                // Taken away here: that stands unless the other changed it.
                match values.base {
                    None => merged.push(value.clone()),
                    Some(base) if same(Some(base), Some(value), inner) => {}
                    Some(base) => self.conflicts.push(Conflict {
                        path: path.clone(),
                        base: Some(base.clone()),
                        mine: None,
                        theirs: Some(value.clone()),
                        take_theirs: Edit::Add {
                            list: path.clone(),
                            at: None,
                            value: value.clone(),
                        },
                    }),
                }
                continue;
            }
            let place = path.then(merged.len());
            if values.theirs.is_none() && same(values.base, values.mine, inner) && old.is_some() {
                continue;
            }
            merged.extend(self.merge(values, inner, &place));
        }
        Value::Array(merged)
    }
}

/// Which entries of the three lists are the same part.
type Entry = (Option<usize>, Option<usize>, Option<usize>);

/// The parts of three lists, in the order of whoever changed it; here first.
fn entries(base: &[Value], mine: &[Value], theirs: &[Value]) -> Vec<Entry> {
    let own = align(base, mine);
    let other = align(base, theirs);
    let is_in_order = |pairs: &[Option<usize>]| staying(pairs) == pairs;
    if is_in_order(&own) && !is_in_order(&other) {
        let turned = ordered((theirs, &other), (mine, &own)).into_iter();
        return turned.map(|(old, other, own)| (old, own, other)).collect();
    }
    ordered((mine, &own), (theirs, &other))
}

/// The parts in the order of the first list, with those that only the second has behind the one they follow there.
fn ordered(
    first: (&[Value], &[Option<usize>]),
    second: (&[Value], &[Option<usize>]),
) -> Vec<Entry> {
    let mut used = vec![false; second.0.len()];
    let mut entries: Vec<Entry> = Vec::new();
    for (place, old) in first.1.iter().enumerate() {
        let other = match old {
            Some(_) => second.1.iter().position(|it| it == old),
            // Added by both under one name it is one part.
            None => {
                let name = name_of(&first.0[place]);
                let fresh = second.0.iter().enumerate();
                let mut same = fresh.filter(|(at, it)| {
                    second.1[*at].is_none() && !used[*at] && name.is_some() && name_of(it) == name
                });
                same.next().map(|it| it.0)
            }
        };
        if let Some(other) = other {
            used[other] = true;
        }
        entries.push((*old, Some(place), other));
    }
    for (place, old) in second.1.iter().enumerate().filter(|it| !used[it.0]) {
        let before = place.checked_sub(1);
        let at = before.and_then(|it| entries.iter().position(|entry| entry.2 == Some(it)));
        let at = match (at, place) {
            (Some(at), _) => at + 1,
            (None, 0) => 0,
            (None, _) => entries.len(),
        };
        entries.insert(at, (*old, None, Some(place)));
    }
    entries
}
