//! The catalogue of operations as the interface shows it: what there is, and what each asks for.

use ief_api::operation::{Edition, Effect, ParameterKind, Repeat};
use serde::{Deserialize, Serialize};

use crate::command;

/// Lists every operation of the service, in the order of the reference.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListOperations {}
command!(ListOperations = "list_operations" -> Vec<OperationLine>);

/// An operation in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationLine {
    /// Name in the catalogue: `list_edge_nodes`.
    pub name: String,
    /// Section of the reference, where it has one.
    pub section: Option<String>,
    /// HTTP method.
    pub method: String,
    /// Path with its parameters in braces.
    pub path: String,
    /// What it does to the service.
    pub effect: Effect,
    /// Which editions of the service offer it.
    pub edition: Edition,
}

/// Asks what an operation takes and what holds for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DescribeOperation {
    /// Its name.
    pub operation: String,
}
command!(DescribeOperation = "describe_operation" -> OperationDescription);

/// What an operation takes and what holds for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationDescription {
    /// The operation.
    pub line: OperationLine,
    /// Parameters of the path, all of them needed; the project is the session's.
    pub path_parameters: Vec<String>,
    /// Parameters of the query, none of them needed.
    pub query_parameters: Vec<Parameter>,
    /// What its body looks like, when it takes one.
    pub body: Option<Shape>,
    /// Rows in a page, when it is a list.
    pub page: Option<PageSize>,
    /// The IAM action it needs, where the reference names one.
    pub action: Option<String>,
    /// Whether it may be sent again when nobody knows whether it arrived.
    pub repeat: Repeat,
    /// Documented limits of the body's fields.
    pub limits: Vec<FieldLimit>,
    /// Where secrets stand in the body: names with dots between, `*` for any key or index, `{}` for any key
    /// with an object or a list below it.
    pub secrets: Vec<String>,
    /// Address of the service, without a path; empty when no profile is in use.
    pub endpoint: String,
    /// Platinum instance; empty on the professional edition.
    pub instance_id: String,
}

/// A parameter of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// Type of its value.
    pub kind: ParameterKind,
}

/// Rows in a page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSize {
    /// When the request doesn't say.
    pub default: u32,
    /// At most.
    pub maximum: u32,
}

/// A documented limit of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldLimit {
    /// Where the field stands: names with dots between, `*` for any index or key.
    pub path: String,
    /// Name of the rule.
    pub rule: String,
    /// Whether the field has to be there, as far as what it stands in is.
    pub required: bool,
}

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Shape {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number, with decimals or without.
    Number,
    /// True or false.
    Flag,
    /// Text with a few documented values. Others are possible.
    Choice {
        /// The values.
        values: Vec<String>,
    },
    /// Any JSON.
    Any,
    /// A list.
    List {
        /// What its entries look like.
        of: Box<Self>,
    },
    /// A dictionary.
    Map {
        /// What its values look like.
        of: Box<Self>,
    },
    /// An object.
    Record {
        /// Its fields.
        fields: Vec<Field>,
    },
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Name on the wire.
    pub name: String,
    /// What it holds.
    pub holds: Shape,
}
