//! What differs between two documents, field by field, and what it does when it is sent.

use ief_api::wire::Shape;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::align::align;
use crate::document::Document;
use crate::normal::{canonical, same};
use crate::path::{Path, Step};
use crate::shape;

mod effects;

pub use effects::{Effect, effects};

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// It is new.
    Added {
        /// Where it is.
        path: Path,
        /// What it is.
        after: Value,
    },
    /// It has gone.
    Removed {
        /// Where it was.
        path: Path,
        /// What it was.
        before: Value,
    },
    /// It is another one.
    Changed {
        /// Where it is.
        path: Path,
        /// What it was.
        before: Value,
        /// What it is.
        after: Value,
    },
    /// It stands elsewhere in its list.
    Moved {
        /// Where it was.
        from: Path,
        /// Where it is.
        to: Path,
    },
}

impl Difference {
    /// Where it is now, or where it was when it has gone.
    #[must_use]
    pub const fn path(&self) -> &Path {
        match self {
            Self::Added { path, .. } | Self::Removed { path, .. } | Self::Changed { path, .. } => {
                path
            }
            Self::Moved { to, .. } => to,
        }
    }
}

/// What differs, in the order of the second document; what has gone stands at its list's or object's end. What is
/// empty, a default or written in another form is the same.
#[must_use]
pub fn diff(before: &Document, after: &Document) -> Vec<Difference> {
    let shape = Some(shape::ROOT);
    let (before, after) = (before.value(), after.value());
    let mut found = Vec::new();
    let root = Path::root();
    compare(
        (&canonical(before, shape), &root),
        (&canonical(after, shape), &root),
        shape,
        &mut found,
    );
    found
}

type At<'a> = (&'a Value, &'a Path);

fn compare(before: At<'_>, after: At<'_>, shape: Option<Shape>, found: &mut Vec<Difference>) {
    if before.0 == after.0 {
        return;
    }
    match (before.0, after.0) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                let step = Step::Key(key.clone());
                let inner = shape.and_then(|it| shape::inside(it, &step));
                let path = after.1.then(step.clone());
                match old.get(key) {
                    Some(old) => compare((old, &before.1.then(step)), (value, &path), inner, found),
                    None => added(value, path, found),
                }
            }
            for (key, value) in old.iter().filter(|it| !new.contains_key(it.0)) {
                removed(value, before.1.then(key.as_str()), found);
            }
        }
        (Value::Array(old), Value::Array(new)) if are_parts(old) && are_parts(new) => {
            lists((old, before.1), (new, after.1), shape, found);
        }
        _ => found.push(Difference::Changed {
            path: after.1.clone(),
            before: before.0.clone(),
            after: after.0.clone(),
        }),
    }
}

/// Whether entries are parts with fields; a command in pieces is one thing.
pub(crate) fn are_parts(entries: &[Value]) -> bool {
    entries.iter().all(Value::is_object)
}

fn lists(
    before: (&[Value], &Path),
    after: (&[Value], &Path),
    shape: Option<Shape>,
    found: &mut Vec<Difference>,
) {
    let inner = shape.and_then(|it| shape::inside(it, &Step::Index(0)));
    let pairs = align(before.0, after.0);
    // What moved is told of those only that left their order.
    let stays = crate::align::staying(&pairs);
    for (to, value) in after.0.iter().enumerate() {
        let path = after.1.then(to);
        let Some(from) = pairs[to] else {
            added(value, path, found);
            continue;
        };
        let old = before.1.then(from);
        if stays[to].is_none() {
            let (from, to) = (old.clone(), path.clone());
            found.push(Difference::Moved { from, to });
        }
        compare((&before.0[from], &old), (value, &path), inner, found);
    }
    for (from, value) in before.0.iter().enumerate() {
        if !pairs.contains(&Some(from)) {
            removed(value, before.1.then(from), found);
        }
    }
}

fn added(value: &Value, path: Path, found: &mut Vec<Difference>) {
    let after = value.clone();
    found.push(Difference::Added { path, after });
}

fn removed(value: &Value, path: Path, found: &mut Vec<Difference>) {
    let before = value.clone();
    found.push(Difference::Removed { path, before });
}

/// Whether a place says the same in two documents.
pub(crate) fn same_at(before: &Document, after: &Document, path: &Path) -> bool {
    same(before.get(path), after.get(path), shape::at(path))
}
