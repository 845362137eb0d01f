//! Between documents and the service: what it answers is read into a document, and the bodies of a creation and an
//! update are taken from one.

use ief_api::deployment::{DeploymentUpdate, NewDeployment, RunUpdate};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Document, text_in};

/// The deployment of the service that a document changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its identifier.
    pub id: String,
    /// When it was last changed as it was read: what tells whether somebody else has changed it since.
    #[serde(default)]
    pub updated_at: Option<String>,
}

/// What only the service says of a deployment, and nobody sends.
const TOLD: &[&str] = &[
    "api_version",
    "created_at",
    "id",
    "project_id",
    "ready_replicas",
    "source_id",
    "state",
    "updated_at",
];

/// What stands inside `deployment` in the body of a creation, and beside the name in an answer.
const RUN: &[&str] = &["replicas", "template", "annotations"];

impl Document {
    /// Reads a deployment as the service answers it (tables 4-171, 4-196 and 4-234): every field is there, also
    /// those that are empty.
    #[must_use]
    pub fn from_answer(answer: &Value) -> Self {
        let origin = text_in(answer, "id").map(|id| Origin {
            id,
            updated_at: text_in(answer, "updated_at"),
        });
        let mut body = Map::new();
        let mut run = Map::new();
        for (name, value) in trimmed(answer).as_object().into_iter().flatten() {
            let (name, value) = (name.clone(), value.clone());
            match name.as_str() {
                it if RUN.contains(&it) => run.insert(name, value),
                it if TOLD.contains(&it) => None,
                _ => body.insert(name, value),
            };
        }
        if !run.is_empty() {
            body.insert("deployment".to_owned(), Value::Object(run));
        }
        Self::with_origin(Value::Object(body), origin)
    }

    /// Reads a body of a creation or an answer, whichever it is.
    #[must_use]
    pub fn from_either(value: Value) -> Self {
        match value.get("template").is_some() && value.get("deployment").is_none() {
            true => Self::from_answer(&value),
            false => Self::new(value),
        }
    }

    /// The same as a deployment that is created anew.
    #[must_use]
    pub fn as_new(&self) -> Self {
        Self::new(self.value.clone())
    }

    /// It as the model has it. What has a hopeless shape is absent there.
    #[must_use]
    pub fn typed(&self) -> NewDeployment {
        // Reading a wire type from a value that is an object can't fail. From one that is owned, as everywhere else:
        // another way of reading would be a second copy of all wire types in the window.
        serde_json::from_value(self.value.clone()).unwrap_or_default()
    }

    /// The body that creates it (table 4-153).
    #[must_use]
    pub fn to_create(&self) -> Value {
        let body = serde_json::to_value(self.typed());
        body.unwrap_or_else(|_| self.value.clone())
    }

    /// The body that changes it (table 4-217): what it runs as a whole, and its description. An empty description
    /// takes away what is there.
    #[must_use]
    pub fn to_update(&self) -> Value {
        let mut update = Map::new();
        if let Some(Value::Object(mut run)) = self.to_create().get("deployment").cloned() {
            // The model of an update has no annotations.
            run.shift_remove("annotations");
            update.insert("deployment".to_owned(), Value::Object(run));
        }
        let description = text_in(&self.value, "description").unwrap_or_default();
        update.insert("description".to_owned(), description.into());
        Value::Object(update)
    }

    /// The same as the model has it.
    pub(crate) fn typed_update(&self) -> DeploymentUpdate {
        let typed = self.typed();
        let run = typed.deployment.map(|run| RunUpdate {
            replicas: run.replicas,
            template: run.template,
            extra: run.extra,
        });
        DeploymentUpdate {
            deployment: run,
            description: Some(typed.description.unwrap_or_default()),
            ..DeploymentUpdate::default()
        }
    }
}

/// A value without what is empty: the service answers every field, and takes an absent one for an empty one. The
/// value of a variable is kept, as an empty one is a value.
#[must_use]
pub fn trimmed(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let is_variable = fields.contains_key("value") && fields.contains_key("name");
            let ranged = fields
                .get("host_port_range")
                .is_some_and(|it| !is_empty(it));
            let fields = fields.iter().map(|(name, it)| (name, trimmed(it)));
            let kept = fields.filter(|(name, it)| {
                // Where a range is meant the service says that the port is zero.
                let unused = ranged && *name == "host_port" && it.as_i64() == Some(0);
                let keeps = is_variable && *name == "value" && it.is_string();
                keeps || !is_empty(it) && !unused
            });
            Value::Object(kept.map(|(name, it)| (name.clone(), it)).collect())
        }
        Value::Array(entries) => Value::Array(entries.iter().map(trimmed).collect()),
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}
