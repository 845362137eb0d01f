//! What an operation is: one declaration from which everything else derives.
//!
//! A declaration names method, path, parameters, types and behaviour once. The client builds requests
//! from it, the simulator its routes, the console its guard, journal and redaction.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::rules::{Problem, Violation, Violations, common};

/// One call of the service as a Rust type: its fields are the parameters and the body.
///
/// Implemented by [`operation!`](crate::operation) only.
pub trait Operation: Clone + fmt::Debug + Send + Sync + Sized + 'static {
    /// The declaration as data.
    const SPEC: &'static OperationSpec;

    /// The body of a successful answer.
    type Response: Serialize + DeserializeOwned + fmt::Debug + Send + 'static;

    /// The call with its parameters by their wire names.
    fn to_call(&self) -> Call;

    /// Reads a call back.
    ///
    /// # Errors
    /// When a path parameter is missing or a query parameter or the body has the wrong type.
    fn from_call(call: &Call) -> Result<Self, CallError>;

    /// Every documented rule that the parameters and the body break.
    fn violations(&self) -> Vec<Violation>;
}

/// An operation as data, for whatever treats all operations alike.
#[derive(Debug)]
pub struct OperationSpec {
    /// Name in the catalogue: `list_edge_nodes`.
    pub name: &'static str,
    /// Section of the API reference that documents it.
    pub section: Option<&'static str>,
    /// The service that answers it.
    pub service: Service,
    /// HTTP method.
    pub method: Method,
    /// Path with parameters in braces: `/v2/{project_id}/edgemgr/nodes/{node_id}`.
    pub path: &'static str,
    /// Path parameters in their order, without `project_id`, which belongs to the session.
    pub path_parameters: &'static [&'static str],
    /// Query parameters by their wire names.
    pub query_parameters: &'static [QueryParameter],
    /// Whether it takes a JSON body.
    pub has_body: bool,
    /// How its list is cut into pages, when it is a list.
    pub page: Option<PageRule>,
    /// The fine-grained IAM action it needs (table 6-1), where the reference gives one.
    pub action: Option<&'static str>,
    /// What it does to the service.
    pub effect: Effect,
    /// Whether it may be sent again when its outcome is not known.
    pub repeat: Repeat,
    /// Which editions of the service offer it.
    pub edition: Edition,
    /// Kinds of resources that look different after it.
    pub touches: &'static [&'static str],
    /// Rules between query parameters, beyond those of the page.
    pub check_query: Option<fn(&Call, &mut Violations)>,
    /// Fields of the body that hold secrets, as dotted paths with `*` for any key or index and `{}` for
    /// any key with an object or a list below it.
    pub secret_in_request: &'static [&'static str],
    /// Fields of the answer that hold secrets, in the same form.
    pub secret_in_response: &'static [&'static str],
}

impl OperationSpec {
    /// The declaration's defaults: a safe read of the IEF service with nothing special about it.
    pub const DEFAULT: Self = Self {
        name: "",
        section: None,
        service: Service::Ief,
        method: Method::Get,
        path: "",
        path_parameters: &[],
        query_parameters: &[],
        has_body: false,
        page: None,
        action: None,
        effect: Effect::Read,
        repeat: Repeat::Safe,
        edition: Edition::Any,
        touches: &[],
        check_query: None,
        secret_in_request: &[],
        secret_in_response: &[],
    };

    /// Whether it changes anything, and so has to pass the guard and be written to the journal.
    #[must_use]
    pub const fn mutates(&self) -> bool {
        !matches!(self.effect, Effect::Read)
    }

    /// Matches a request path against the declared one and returns its parameters, decoded.
    ///
    /// `project_id` is among them. `None` when the path is another one.
    #[must_use]
    pub fn match_path(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let mut parameters = BTreeMap::new();
        let mut actual = path.split('/');
        for expected in self.path.split('/') {
            let segment = actual.next()?;
            match expected.strip_prefix('{').and_then(|e| e.strip_suffix('}')) {
                Some(name) if !segment.is_empty() => {
                    parameters.insert(name.to_owned(), crate::uri::decode(segment)?);
                }
                None if expected == segment => {}
                _ => return None,
            }
        }
        actual.next().is_none().then_some(parameters)
    }
}

/// Which service answers an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Intelligent EdgeFabric.
    Ief,
    /// Identity and Access Management.
    Iam,
}

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// DELETE
    Delete,
}

impl Method {
    /// The method as written in a request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an operation does to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing.
    Read,
    /// Something new exists.
    Create,
    /// Something has other contents.
    Update,
    /// Something is gone: asks for its name first.
    Delete,
    /// Something runs, stops or is upgraded.
    Act,
}

/// Whether a request may be sent again when nobody knows whether the first one arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// It changes nothing.
    Safe,
    /// Twice has the same effect as once, so a read tells what to do.
    Idempotent,
    /// Twice may do it twice: never repeated once it may have arrived.
    Never,
}

/// Which editions of the service offer an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// Professional and platinum.
    Any,
    /// Platinum instances only.
    Platinum,
}

/// How a list is cut into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRule {
    /// Rows in a page when the request doesn't say.
    pub default: u32,
    /// Most rows in a page.
    pub maximum: u32,
    /// The field of the answer that holds the rows.
    pub rows: &'static str,
}

/// A query parameter by its wire name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryParameter {
    /// Name on the wire.
    pub name: &'static str,
    /// Type of its value.
    pub kind: ParameterKind,
}

/// Type of a parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
}

/// A type that can stand in a query string.
pub trait QueryValue: Sized {
    /// How the catalogue names the type.
    const KIND: ParameterKind;
    /// The text that goes on the wire, not yet encoded.
    fn to_text(&self) -> String;
    /// Reads it back. `None` when the text is not of this type.
    fn from_text(text: &str) -> Option<Self>;
}

impl QueryValue for String {
    const KIND: ParameterKind = ParameterKind::Text;
    fn to_text(&self) -> String {
        self.clone()
    }
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl QueryValue for i64 {
    const KIND: ParameterKind = ParameterKind::Integer;
    fn to_text(&self) -> String {
        self.to_string()
    }
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

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
            if name == "body" && spec.has_body {
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

/// Declares an operation once: the request type, its [`OperationSpec`] and both directions.
///
/// The first line of the documentation is the HTTP line. `body` and every name under `spec` are
/// optional; what is left out is [`OperationSpec::DEFAULT`]. A query parameter whose wire name is a word
/// of Rust is written `kind as "type": String`.
#[macro_export]
macro_rules! operation {
    (
        $(#[$doc:meta])*
        $name:ident = $wire:literal, $method:ident $path:literal {
            path: { $($path_field:ident),* $(,)? },
            query: { $($query_field:ident $(as $query_wire:literal)? : $query_type:ty),* $(,)? },
            $(body: $body:ty,)?
            response: $response:ty,
            spec: { $($spec_field:ident : $spec_value:expr),* $(,)? } $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        #[allow(missing_docs, reason = "fields are the wire names, described in the reference's section")]
        pub struct $name {
            $(pub $path_field: String,)*
            $(pub $query_field: Option<$query_type>,)*
            $(pub body: $body,)?
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&$crate::operation::Operation::to_call(self), f)
            }
        }

        impl $name {
            /// The call without its body.
            fn parameters(&self) -> $crate::operation::Call {
                #[allow(unused_mut, reason = "operations without parameters leave it as it is")]
                let mut call = $crate::operation::Call {
                    operation: $wire.to_owned(),
                    ..Default::default()
                };
                $(call.path.insert(stringify!($path_field).to_owned(), self.$path_field.clone());)*
                $(if let Some(value) = &self.$query_field {
                    call.query.push((
                        $crate::wire!(@name $query_field $($query_wire)?).to_owned(),
                        <$query_type as $crate::operation::QueryValue>::to_text(value),
                    ));
                })*
                call
            }
        }

        impl $crate::operation::Operation for $name {
            const SPEC: &'static $crate::operation::OperationSpec = &$crate::operation::OperationSpec {
                name: $wire,
                method: $crate::operation::Method::$method,
                path: $path,
                path_parameters: &[$(stringify!($path_field)),*],
                query_parameters: &[$($crate::operation::QueryParameter {
                    name: $crate::wire!(@name $query_field $($query_wire)?),
                    kind: <$query_type as $crate::operation::QueryValue>::KIND,
                }),*],
                $(has_body: std::mem::size_of::<$body>() > 0,)?
                $($spec_field: $spec_value,)*
                ..$crate::operation::OperationSpec::DEFAULT
            };

            type Response = $response;

            fn to_call(&self) -> $crate::operation::Call {
                #[allow(unused_mut, reason = "operations without a body leave it as it is")]
                let mut call = self.parameters();
                $(call.body = Some($crate::operation::body_value::<$body>(&self.body));)?
                call
            }

            #[allow(unused_variables, reason = "operations without parameters ignore the call")]
            fn from_call(call: &$crate::operation::Call) -> Result<Self, $crate::operation::CallError> {
                Ok(Self {
                    $($path_field: $crate::operation::path_value(call, stringify!($path_field))?,)*
                    $($query_field: $crate::operation::query_value::<$query_type>(
                        call, $crate::wire!(@name $query_field $($query_wire)?),
                    )?,)*
                    $(body: $crate::operation::body_from::<$body>(call)?,)?
                })
            }

            fn violations(&self) -> Vec<$crate::rules::Violation> {
                let mut violations = $crate::rules::Violations::default();
                $crate::operation::check_query(Self::SPEC, &self.parameters(), &mut violations);
                $($crate::rules::Check::check(&self.body as &$body, &mut violations);)?
                violations.into_vec()
            }
        }
    };
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
