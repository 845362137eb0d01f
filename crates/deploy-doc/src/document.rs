//! One deployment as a document: the JSON that creates it, with a stable identifier for each of its parts.
//!
//! Whatever the model doesn't know stays where it is. The body of a creation is the shape of all documents; what the
//! service answers is turned into it when it is read, and the body of an update is taken from it when it is sent.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::{Anchor, Ids, Mint, PartId};
use crate::path::{Path, Step};
use crate::shape;

mod patch;
mod service;
mod template;

pub use patch::{Patch, PatchError};
pub use service::{Origin, trimmed};

/// Which of its two lists a container stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerList {
    /// Those that run one after the other before the others start.
    Init,
    /// The others.
    Main,
}

impl ContainerList {
    /// Both, in the order in which they run.
    pub const ALL: [Self; 2] = [Self::Init, Self::Main];

    /// Its field in the template.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Init => "init_containers",
            Self::Main => "containers",
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(self) -> Path {
        template_path().then(self.field())
    }
}

/// Where the template of instances is.
#[must_use]
pub fn template_path() -> Path {
    Path::of(["deployment".into(), "template".into()])
}

/// Where the settings of instances are.
#[must_use]
pub fn configs_path() -> Path {
    template_path().then("configs")
}

/// A deployment that is edited.
#[derive(Debug, Clone)]
pub struct Document {
    value: Value,
    ids: Ids,
    mint: Mint,
    origin: Option<Origin>,
}

/// Equal when they say the same: identifiers are for one document's life only.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.origin == other.origin
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::empty()
    }
}

impl Document {
    /// A new deployment with one container and the settings that have to be said.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(serde_json::json!({
            "name": "",
            "deployment": {
                "replicas": 1,
                "template": {
                    "configs": { "host_network": false, "restart_policy": "Always" },
                    "containers": [{ "name": "container-0", "image_url": "" }],
                },
            },
        }))
    }

    /// A deployment to be created from a body. What is no object is an empty one.
    #[must_use]
    pub fn new(body: Value) -> Self {
        Self::with_origin(body, None)
    }

    pub(crate) fn with_origin(body: Value, origin: Option<Origin>) -> Self {
        let value = match body {
            Value::Object(_) => shape::literal(body, Some(shape::ROOT)),
            _ => Value::Object(Map::new()),
        };
        let mut mint = Mint::default();
        let ids = Ids::new(&value, &mut mint);
        Self {
            value,
            ids,
            mint,
            origin,
        }
    }

    /// The document as it stands.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// The deployment of the service that it changes; none for one to be created.
    #[must_use]
    pub const fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Makes it the document of a deployment of the service, or of one to be created.
    pub fn set_origin(&mut self, origin: Option<Origin>) {
        self.origin = origin;
    }

    /// What is at a place.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&Value> {
        path.find(&self.value)
    }

    /// A text that isn't empty, also one that is written as a number or flag.
    #[must_use]
    pub fn text(&self, path: &Path) -> Option<String> {
        self.get(path).and_then(text_of)
    }

    /// The entries of a list; none where there is no list.
    #[must_use]
    pub fn list(&self, path: &Path) -> &[Value] {
        let list = self.get(path).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }

    /// All containers with their places, those that run first before the others.
    pub fn containers(&self) -> impl Iterator<Item = (Path, &Value)> {
        ContainerList::ALL.into_iter().flat_map(|list| {
            let path = list.path();
            let containers = self.list(&path).iter().enumerate();
            containers.map(move |(place, it)| (path.then(place), it))
        })
    }

    /// The identifier of an entry of a list. `None` where the place is none.
    #[must_use]
    pub fn id_at(&self, path: &Path) -> Option<PartId> {
        let index = path.last()?.index()?;
        self.ids.at(&path.parent()?).entry(index)
    }

    /// Where a part is now. `None` when it has gone.
    #[must_use]
    pub fn path_of(&self, id: PartId) -> Option<Path> {
        self.ids.find(id)
    }

    /// A reference to a place that follows its part.
    #[must_use]
    pub fn anchor(&self, path: &Path) -> Anchor {
        match self.ids.innermost(path) {
            Some((part, depth)) => Anchor {
                part: Some(part),
                rest: path.from_depth(depth),
            },
            None => Anchor {
                part: None,
                rest: path.clone(),
            },
        }
    }

    /// Where a reference leads now. `None` when its part has gone.
    #[must_use]
    pub fn resolve(&self, anchor: &Anchor) -> Option<Path> {
        match anchor.part {
            Some(part) => Some(self.path_of(part)?.join(&anchor.rest)),
            None => Some(anchor.rest.clone()),
        }
    }

    /// Applies a change and tells the one that takes it back.
    ///
    /// # Errors
    /// When what it changes isn't there. Nothing has changed then.
    pub fn patch(&mut self, patch: Patch) -> Result<Patch, PatchError> {
        patch::apply(self, patch)
    }

    /// The change that makes it say something else, each part that differs by itself; parts that are the same keep
    /// their identifiers.
    #[must_use]
    pub fn patch_to(&self, value: &Value) -> Patch {
        let value = shape::literal(value.clone(), Some(shape::ROOT));
        let mut patches = Vec::new();
        patch::difference(&self.value, &value, &Path::root(), &mut patches);
        Patch::many(patches)
    }

    /// The deepest place on the way to `path` that is there.
    pub(crate) fn existing(&self, path: &Path) -> Path {
        let mut depth = path.depth();
        while self.get(&path.up_to(depth)).is_none() {
            depth -= 1;
        }
        path.up_to(depth)
    }
}

/// A text, also one that is written as a number or flag. `None` for nothing and for an empty one.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The text of a field.
pub(crate) fn text_in(value: &Value, field: &str) -> Option<String> {
    value.get(field).and_then(text_of)
}

/// A whole number of a field, also one that is written as text.
pub(crate) fn integer_in(value: &Value, field: &str) -> Option<i64> {
    match value.get(field)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A flag of a field, also one that is written as text.
pub(crate) fn flag_in(value: &Value, field: &str) -> Option<bool> {
    match value.get(field)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// Wraps a value into what is missing on the way to it: `["a", 0, "b"]` makes `{"a": [{"b": value}]}`.
pub(crate) fn wrapped(steps: &[Step], value: Value) -> Value {
    steps.iter().rev().fold(value, |value, step| match step {
        Step::Key(key) => Value::Object(Map::from_iter([(key.clone(), value)])),
        Step::Index(_) => Value::Array(vec![value]),
    })
}
