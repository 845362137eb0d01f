//! Documents that begin with a version of an application template (section 4.4): one container, whose settings stand
//! partly at the instance in a deployment.

use ief_api::app_version::AppVersion;
use serde_json::{Map, Value, json};

use super::{Document, trimmed};

/// Settings of a version that are the container's in a deployment; the others are the instance's.
const OF_CONTAINER: &[&str] = &["privileged", "run_as_user", "ports"];

/// Fields of a version that a container has too.
const SAME: &[&str] = &[
    "image_url",
    "envs",
    "volumes",
    "command",
    "args",
    "liveness_probe",
    "readiness_probe",
    "npu_type",
];

impl Document {
    /// A new deployment of a version of an application template, under the template's name.
    #[must_use]
    pub fn from_version(name: &str, version: &AppVersion) -> Self {
        let version = serde_json::to_value(version).unwrap_or_default();
        let version = trimmed(&version);
        let field = |name: &str| version.get(name).cloned();
        let mut container = Map::from_iter([("name".to_owned(), json!(name))]);
        for name in SAME {
            container.extend(field(name).map(|it| ((*name).to_owned(), it)));
        }
        container.extend(field("version").map(|it| ("version".to_owned(), it)));
        container.extend(field("resources").map(|it| ("resources".to_owned(), as_texts(it))));
        for probe in ["liveness_probe", "readiness_probe"] {
            if let Some(Value::Object(probe)) = container.get_mut(probe)
                && let Some(command) = probe.shift_remove("exec_command")
            {
                // A version has the command of a probe without an object around it.
                probe.shift_insert(0, "exec".to_owned(), json!({ "command": command }));
            }
        }
        // The defaults of a version are not those of a deployment (table 5-14).
        let mut configs = Map::from_iter([
            ("host_network".to_owned(), json!(true)),
            ("restart_policy".to_owned(), json!("Always")),
        ]);
        let settings = field("configs").and_then(|it| it.as_object().cloned());
        for (name, value) in settings.into_iter().flatten() {
            match OF_CONTAINER.contains(&name.as_str()) {
                true => container.insert(name, value),
                false => configs.insert(name, value),
            };
        }
        Self::new(json!({
            "name": name,
            "deployment": {
                "replicas": 1,
                "template": { "configs": configs, "containers": [container] },
            },
        }))
    }
}

/// Amounts as texts, as deployments have them.
fn as_texts(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, it)| (name, as_texts(it)));
            Value::Object(fields.collect())
        }
        Value::Number(number) => number.to_string().into(),
        other => other,
    }
}
