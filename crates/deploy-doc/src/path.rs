//! Places in a document, as JSON pointers: what edits, findings, differences and positions in a text share.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// One step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A field of an object.
    Key(String),
    /// An entry of a list, from 0.
    Index(usize),
}

impl Step {
    /// The name of a field.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Index(_) => None,
        }
    }

    /// The number of an entry.
    #[must_use]
    pub const fn index(&self) -> Option<usize> {
        match self {
            Self::Key(_) => None,
            Self::Index(index) => Some(*index),
        }
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<String> for Step {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Index(index) => fmt::Display::fmt(index, f),
        }
    }
}

/// A place in a document. As text it is a JSON pointer (RFC 6901): `/deployment/template/containers/0/name`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// A text that is no JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no JSON pointer")]
pub struct PathError(String);

impl Path {
    /// The document itself.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// A place by its steps.
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(steps.into_iter().collect())
    }

    /// The place one step further in.
    #[must_use]
    pub fn then(&self, step: impl Into<Step>) -> Self {
        let mut path = self.clone();
        path.0.push(step.into());
        path
    }

    /// The place several steps further in.
    #[must_use]
    pub fn join(&self, rest: &Self) -> Self {
        let mut path = self.clone();
        path.0.extend_from_slice(&rest.0);
        path
    }

    /// A place given by names of fields and numbers of entries, with dots between them, as the rules tell it.
    #[must_use]
    pub fn from_dotted(dotted: &str) -> Self {
        let steps = dotted.split('.').filter(|step| !step.is_empty());
        Self(steps.map(Self::step_of).collect())
    }

    fn step_of(text: &str) -> Step {
        // Numbers are those of entries: no documented field is called by one.
        text.parse().map_or_else(|_| text.into(), Step::Index)
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether it is the document itself.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// How many steps it is away from the root.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.0.len()
    }

    /// The place around it.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, before) = self.0.split_last()?;
        Some(Self(before.to_vec()))
    }

    /// The last step.
    #[must_use]
    pub fn last(&self) -> Option<&Step> {
        self.0.last()
    }

    /// The name of the field it ends with.
    #[must_use]
    pub fn last_key(&self) -> Option<&str> {
        self.last()?.key()
    }

    /// The first so many steps.
    #[must_use]
    pub fn up_to(&self, depth: usize) -> Self {
        Self(self.0[..depth.min(self.0.len())].to_vec())
    }

    /// What follows the first so many steps.
    #[must_use]
    pub fn from_depth(&self, depth: usize) -> Self {
        Self(self.0[depth.min(self.0.len())..].to_vec())
    }

    /// Whether it is `other` or lies inside it.
    #[must_use]
    pub fn is_in(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// What is there.
    #[must_use]
    pub fn find<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.as_object()?.get(key),
            Step::Index(index) => value.as_array()?.get(*index),
        })
    }

    /// What is there, to be changed.
    pub(crate) fn find_mut<'a>(&self, root: &'a mut Value) -> Option<&'a mut Value> {
        self.0.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.as_object_mut()?.get_mut(key),
            Step::Index(index) => value.as_array_mut()?.get_mut(*index),
        })
    }

    /// Reads a pointer, in which numbers are entries of lists where the document has a list.
    ///
    /// # Errors
    /// When the text is neither empty nor begins with `/`, or has a `~` that escapes nothing.
    pub fn parse_in(pointer: &str, root: &Value) -> Result<Self, PathError> {
        let mut path = pointer.parse::<Self>()?;
        let mut value = Some(root);
        for step in &mut path.0 {
            let is_object = value.is_some_and(Value::is_object);
            if let Step::Index(index) = step
                && is_object
            {
                *step = Step::Key(index.to_string());
            }
            value = value.and_then(|value| match &*step {
                Step::Key(key) => value.get(key),
                Step::Index(index) => value.get(*index),
            });
        }
        Ok(path)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
                Step::Index(index) => write!(f, "/{index}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(pointer: &str) -> Result<Self, PathError> {
        let error = || PathError(pointer.to_owned());
        if pointer.is_empty() {
            return Ok(Self::root());
        }
        let steps = pointer.strip_prefix('/').ok_or_else(error)?.split('/');
        let step = |text: &str| {
            let mut plain = String::with_capacity(text.len());
            let mut characters = text.chars();
            while let Some(character) = characters.next() {
                plain.push(match character {
                    '~' => match characters.next() {
                        Some('0') => '~',
                        Some('1') => '/',
                        _ => return Err(error()),
                    },
                    other => other,
                });
            }
            // `01` and `+1` are names: a pointer has no other way to write a number.
            let number = plain
                .parse()
                .ok()
                .filter(|it: &usize| it.to_string() == plain);
            Ok(number.map_or(Step::Key(plain), Step::Index))
        };
        steps.map(step).collect::<Result<_, _>>().map(Self)
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Path, Step};

    #[track_caller]
    fn check(pointer: &str, steps: &[Step]) {
        let path: Path = pointer.parse().unwrap();
        assert_eq!(path.steps(), steps, "{pointer}");
        assert_eq!(path.to_string(), pointer);
    }

    #[test]
    fn pointers_are_read_and_written() {
        check("", &[]);
        check("/a/0/b", &["a".into(), 0.into(), "b".into()]);
        check("/a~1b/m~0n", &["a/b".into(), "m~n".into()]);
        check("/01", &["01".into()]);
        check("/", &["".into()]);
        for wrong in ["a", "/a~", "/a~2"] {
            assert!(wrong.parse::<Path>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_number_is_a_field_where_there_is_an_object() {
        let value = json!({ "labels": { "1": [{ "2": 3 }] } });
        let path = Path::parse_in("/labels/1/0/2", &value).unwrap();
        assert_eq!(path.find(&value), Some(&json!(3)));
        assert_eq!(path.steps()[1], "1".into());
        assert_eq!(path.steps()[2], 0.into());
    }

    #[test]
    fn the_rules_tell_places_with_dots() {
        let path = Path::from_dotted("deployment.template.containers.0.name");
        assert_eq!(path.to_string(), "/deployment/template/containers/0/name");
        assert!(Path::from_dotted("").is_root());
        assert!(path.is_in(&path.up_to(3)));
        assert!(!path.up_to(3).is_in(&path));
        assert_eq!(path.up_to(3).join(&path.from_depth(3)), path);
    }
}
