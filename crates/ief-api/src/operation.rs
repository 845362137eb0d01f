//! What an operation is: one declaration from which everything else derives.
//!
//! A declaration names method, path, parameters, types and behaviour once. The client builds requests
//! from it, the simulator its routes, the console its guard, journal and redaction.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::rules::{Violation, Violations};
use crate::wire::Shape;

mod call;

pub use call::{Call, CallError};
#[doc(hidden)]
pub use call::{body_from, body_value, check_query, path_value, query_value};

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
    /// What its JSON body looks like, when it takes one.
    pub body: Option<Shape>,
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
        body: None,
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

    /// Whether it takes a JSON body.
    #[must_use]
    pub const fn has_body(&self) -> bool {
        self.body.is_some()
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
                $(body: Some(<$body as $crate::wire::Shaped>::SHAPE),)?
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
