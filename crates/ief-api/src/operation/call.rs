//! A call of an operation as it crosses process borders, and the two ways between it and the request type.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{OperationSpec, QueryValue};
use crate::rules::{Problem, Violations, common};

/// One call with its parameters by their wire names: what crosses process borders, is written to the
/// journal and is sent.
///
/// Its `Debug` form hides the secrets of the body; other forms don't.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Name of the operation in the catalogue.
    pub operation: String,
    /// Path parameters, without `project_id`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub path: BTreeMap<String, String>,
    /// Query parameters in the order in which they are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// The body, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.as_ref().map(|body| {
            // An operation nobody knows may hold secrets anywhere.
            let paths = crate::catalogue::operation(&self.operation)
                .map_or(&["*"][..], |spec| spec.secret_in_request);
            let mut body = body.clone();
            crate::redact::redact(paths, &mut body);
            body.to_string()
        });
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("body", &body)
            .finish()
    }
}

impl Call {
    /// Builds a call from a flat object: path and query parameters by their wire names, and `body`.
    ///
    /// # Errors
    /// When the object names a parameter that the operation doesn't have, lacks a path parameter, or
    /// gives a value that can't stand in a path or a query.
    pub fn from_arguments(
        spec: &OperationSpec,
        arguments: &Map<String, Value>,
    ) -> Result<Self, CallError> {
        let mut call = Self {
            operation: spec.name.to_owned(),
            ..Self::default()
        };
        for (name, value) in arguments {
            if name == "body" && spec.has_body() {
                call.body = Some(value.clone());
            } else if spec.path_parameters.contains(&name.as_str()) {
                call.path.insert(name.clone(), scalar(name, value)?);
            } else if let Some(parameter) = spec
                .query_parameters
                .iter()
                .find(|parameter| parameter.name == name)
            {
                if !value.is_null() {
                    call.query
                        .push((parameter.name.to_owned(), scalar(name, value)?));
                }
            } else {
                return Err(CallError::UnknownParameter(name.clone()));
            }
        }
        for name in spec.path_parameters {
            if call.path.get(*name).is_none_or(String::is_empty) {
                return Err(CallError::MissingParameter((*name).to_owned()));
            }
        }
        Ok(call)
    }

    /// The request path, each parameter encoded as one segment.
    ///
    /// # Errors
    /// When a parameter of the path has no value, or one that would change the path's shape.
    pub fn request_path(
        &self,
        spec: &OperationSpec,
        project_id: &str,
    ) -> Result<String, CallError> {
        let mut path = String::with_capacity(spec.path.len() + 48);
        for (index, segment) in spec.path.split('/').enumerate() {
            if index > 0 {
                path.push('/');
            }
            match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                None => path.push_str(segment),
                Some("project_id") if project_id.is_empty() => {
                    return Err(CallError::MissingParameter("project_id".to_owned()));
                }
                Some("project_id") => crate::uri::encode_into(&mut path, project_id),
                Some(name) => {
                    let value = self.path.get(name).map_or("", String::as_str);
                    match value {
                        "" => return Err(CallError::MissingParameter(name.to_owned())),
                        "." | ".." => return Err(CallError::WrongType(name.to_owned())),
                        _ => crate::uri::encode_into(&mut path, value),
                    }
                }
            }
        }
        Ok(path)
    }

    /// Checks that the call names only parameters that its operation has, and each of the query once.
    ///
    /// # Errors
    /// [`CallError::UnknownParameter`] or [`CallError::RepeatedParameter`].
    pub fn check_names(&self, spec: &OperationSpec) -> Result<(), CallError> {
        for name in self.path.keys() {
            if !spec.path_parameters.contains(&name.as_str()) {
                return Err(CallError::UnknownParameter(name.clone()));
            }
        }
        for (index, (name, _)) in self.query.iter().enumerate() {
            if !spec.query_parameters.iter().any(|known| known.name == name) {
                return Err(CallError::UnknownParameter(name.clone()));
            }
            if self.query[..index].iter().any(|(other, _)| other == name) {
                return Err(CallError::RepeatedParameter(name.clone()));
            }
        }
        Ok(())
    }

    /// The value of a query parameter.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

fn scalar(name: &str, value: &Value) -> Result<String, CallError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(CallError::WrongType(name.to_owned()))
        }
    }
}

/// Why a call can't be built or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The catalogue has no operation of this name.
    #[error("the catalogue has no operation named {0:?}")]
    UnknownOperation(String),
    /// The operation has no such parameter.
    #[error("the operation has no parameter named {0:?}")]
    UnknownParameter(String),
    /// A parameter of the query stands there more than once, so that its value is anybody's guess.
    #[error("the parameter {0:?} is given more than once")]
    RepeatedParameter(String),
    /// A required parameter is missing or empty.
    #[error("the parameter {0:?} is required")]
    MissingParameter(String),
    /// A parameter has a value of the wrong type.
    #[error("the value of {0:?} has the wrong type")]
    WrongType(String),
    /// The body doesn't have the operation's shape. Tells what was expected, never what was found.
    #[error("the body does not have the shape the operation asks for: {0}")]
    Body(String),
}

/// Serialises a body. Wire types have text keys and finite numbers only, so this can't fail.
#[doc(hidden)]
pub fn body_value<T: Serialize>(body: &T) -> Value {
    serde_json::to_value(body).unwrap_or(Value::Null)
}

#[doc(hidden)]
pub fn path_value(call: &Call, name: &str) -> Result<String, CallError> {
    match call.path.get(name) {
        Some(value) if !value.is_empty() => Ok(value.clone()),
        _ => Err(CallError::MissingParameter(name.to_owned())),
    }
}

#[doc(hidden)]
pub fn query_value<T: QueryValue>(call: &Call, name: &str) -> Result<Option<T>, CallError> {
    match call.query_value(name) {
        None => Ok(None),
        Some(text) => T::from_text(text)
            .map(Some)
            .ok_or_else(|| CallError::WrongType(name.to_owned())),
    }
}

/// Checks page and query parameters. They have no place below the body, so their own names are it.
#[doc(hidden)]
pub fn check_query(spec: &OperationSpec, call: &Call, violations: &mut Violations) {
    if let Some(page) = &spec.page {
        let max = i64::from(page.maximum);
        for (name, rule, range) in [
            ("limit", &common::PAGE_LIMIT, 1..=max),
            ("offset", &common::PAGE_OFFSET, 0..=i64::MAX),
        ] {
            let Some(text) = call.query_value(name) else {
                continue;
            };
            match text.parse() {
                Ok(number) if range.contains(&number) => {}
                Ok(_) => violations.add(
                    name,
                    rule,
                    Problem::OutOfRange {
                        min: *range.start(),
                        max: *range.end(),
                    },
                ),
                Err(_) => violations.add(name, rule, Problem::NotANumber),
            }
        }
    }
    if let Some(check) = spec.check_query {
        check(call, violations);
    }
}

#[doc(hidden)]
pub fn body_from<T: DeserializeOwned>(call: &Call) -> Result<T, CallError> {
    let body = call
        .body
        .as_ref()
        .ok_or_else(|| CallError::MissingParameter("body".to_owned()))?;
    T::deserialize(body).map_err(|error| CallError::Body(shape_reason(&error)))
}

/// What is wrong with a body, without an excerpt of it: what was found may be a secret.
fn shape_reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    // The name of the missing field and what was expected are ours; what stands between is not.
    if text.starts_with("missing field") {
        return text;
    }
    let expected = text.rsplit_once(", expected ").map(|(_, it)| it);
    let kind = [
        "invalid type",
        "invalid value",
        "invalid length",
        "unknown variant",
    ]
    .into_iter()
    .find(|kind| text.starts_with(kind));
    match (kind, expected) {
        (Some(kind), Some(expected)) => format!("{kind}, expected {expected}"),
        (Some(kind), None) => kind.to_owned(),
        (None, _) => "it has another shape than documented".to_owned(),
    }
}
