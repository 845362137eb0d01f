//! What the model says of a place: which fields an object can have, and what a value looks like there. Taken from the
//! wire types, so that it is told once.

use ief_api::deployment::NewDeployment;
use ief_api::wire::{Field, Shape, Shaped};

use serde_json::Value;

use crate::path::{Path, Step};

/// The shape of a document: the body of a creation.
pub const ROOT: Shape = NewDeployment::SHAPE;

/// The shape one step further in. `None` where the model knows nothing.
#[must_use]
pub fn inside(shape: Shape, step: &Step) -> Option<Shape> {
    match (shape, step) {
        (Shape::Record(fields), Step::Key(key)) => {
            let field = fields().iter().find(|field| field.name == key)?;
            Some((field.shape)())
        }
        (Shape::Map(of), Step::Key(_)) | (Shape::List(of), Step::Index(_)) => Some(of()),
        _ => None,
    }
}

/// The shape of a place in a document.
#[must_use]
pub fn at(path: &Path) -> Option<Shape> {
    let mut steps = path.steps().iter();
    steps.try_fold(ROOT, inside)
}

/// The fields of an object at a place, for completion. The other way of a probe's command is that of application
/// templates, and the service's own notes are nobody's to complete.
#[must_use]
pub fn fields_at(path: &Path) -> Vec<&'static str> {
    match at(path) {
        Some(Shape::Record(fields)) => {
            let names = fields().iter().map(|field: &Field| field.name);
            names.filter(|name| *name != "exec_command").collect()
        }
        _ => Vec::new(),
    }
}

/// The values that are documented for a place, for completion.
#[must_use]
pub fn values_at(path: &Path) -> Vec<String> {
    match at(path) {
        Some(Shape::Choice(values)) => values(),
        Some(Shape::Flag) => vec!["true".to_owned(), "false".to_owned()],
        _ => Vec::new(),
    }
}

/// Whether a value at a place is text, so that what is written without quotes is meant literally.
pub(crate) const fn is_text(shape: Shape) -> bool {
    matches!(shape, Shape::Text | Shape::Choice(_))
}

/// A value in which numbers and flags are texts where the model has text, as a source would have them.
#[must_use]
pub fn literal(value: Value, shape: Option<Shape>) -> Value {
    let is_text = shape.is_some_and(is_text);
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let inner = shape.and_then(|it| inside(it, &Step::Key(key.clone())));
                (key, literal(value, inner))
            });
            Value::Object(fields.collect())
        }
        Value::Array(entries) => {
            let inner = shape.and_then(|it| inside(it, &Step::Index(0)));
            let entries = entries.into_iter().map(|it| literal(it, inner));
            Value::Array(entries.collect())
        }
        Value::Number(number) if is_text => number.to_string().into(),
        Value::Bool(flag) if is_text => flag.to_string().into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{fields_at, is_text, values_at};

    #[track_caller]
    fn fields(path: &str, some: &[&str]) {
        let found = fields_at(&path.parse().unwrap());
        for name in some {
            assert!(found.contains(name), "{path}: {found:?}");
        }
    }

    #[test]
    fn the_model_tells_fields_and_values() {
        fields("", &["name", "node_ids", "deployment"]);
        fields("/deployment/template/containers/0", &["image_url", "envs"]);
        fields(
            "/deployment/template/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution",
            &["nodeSelectorTerms"],
        );
        assert!(fields_at(&"/nowhere".parse().unwrap()).is_empty());
        let kind = "/deployment/template/containers/0/volumes/1/type"
            .parse()
            .unwrap();
        assert_eq!(
            values_at(&kind),
            ["configMap", "secret", "emptyDir", "hostPath"]
        );
        let amount = "/deployment/template/containers/0/resources/limits/cpu";
        assert!(is_text(super::at(&amount.parse().unwrap()).unwrap()));
    }
}
