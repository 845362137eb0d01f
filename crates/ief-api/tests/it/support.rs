//! Every operation as functions on JSON, and the fixtures.

use std::path::Path;

use ief_api::for_each_operation;
use ief_api::operation::{Call, CallError, Operation, OperationSpec};
use ief_api::rules::Violation;
use ief_api::wire::{Shape, Shaped};
use serde_json::Value;

/// An operation without its types.
pub(crate) struct Erased {
    pub(crate) spec: &'static OperationSpec,
    /// Reads a call into the typed form and writes it again.
    pub(crate) request: fn(&Call) -> Result<Call, CallError>,
    /// The `Debug` form of a typed request.
    pub(crate) debug_request: fn(&Call) -> Result<String, CallError>,
    /// The rules a call breaks.
    pub(crate) violations: fn(&Call) -> Result<Vec<Violation>, CallError>,
    /// What an answer looks like.
    pub(crate) answer: Shape,
    /// Reads an answer into the typed form and writes it again.
    pub(crate) response: fn(&Value) -> serde_json::Result<Value>,
    /// The `Debug` form of a typed answer.
    pub(crate) debug_response: fn(&Value) -> serde_json::Result<String>,
}

fn erased<O: Operation>() -> Erased
where
    O::Response: Shaped,
{
    Erased {
        spec: O::SPEC,
        request: |call| Ok(O::from_call(call)?.to_call()),
        debug_request: |call| Ok(format!("{:?}", O::from_call(call)?)),
        violations: |call| Ok(O::from_call(call)?.violations()),
        answer: O::Response::SHAPE,
        response: |body| {
            serde_json::to_value(serde_json::from_str::<O::Response>(&body.to_string())?)
        },
        debug_response: |body| {
            let answer: O::Response = serde_json::from_str(&body.to_string())?;
            Ok(format!("{answer:?}"))
        },
    }
}

macro_rules! table {
    ($($operation:path,)+) => {
        /// Every operation.
        pub(crate) fn operations() -> Vec<Erased> {
            vec![$(erased::<$operation>()),+]
        }
    };
}
for_each_operation!(table);

/// An operation by its name.
#[track_caller]
pub(crate) fn operation(name: &str) -> Erased {
    operations()
        .into_iter()
        .find(|operation| operation.spec.name == name)
        .unwrap_or_else(|| panic!("no operation {name}"))
}

/// A body of the reference's shape: `create_device.request`.
pub(crate) fn fixture(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
        .with_added_extension("json");
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// Something that can stand in a path parameter.
fn place(parameter: &str) -> &'static str {
    match parameter {
        "resource_type" => "ief-edge_node",
        _ => "7c9e2d40-15ab",
    }
}

/// A call with this body and something in each path parameter.
pub(crate) fn call(spec: &OperationSpec, body: Option<Value>) -> Call {
    Call {
        operation: spec.name.to_owned(),
        path: spec
            .path_parameters
            .iter()
            .map(|name| ((*name).to_owned(), place(name).to_owned()))
            .collect(),
        query: Vec::new(),
        body,
    }
}
