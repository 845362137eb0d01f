//! The catalogue as the interface shows it, derived from the declarations.

mod limits;

use console_ipc::IpcError;
use console_ipc::explorer::{
    DescribeOperation, Field, ListOperations, OperationDescription, OperationLine, PageSize,
    Parameter, Shape,
};
use ief_api::catalogue::OPERATIONS;
use ief_api::operation::{OperationSpec, Service};
use ief_api::wire;

use crate::console::{Console, Handle};
use crate::error::invalid_call;

/// So deep a shape is followed. What holds itself goes on for ever.
const DEEPEST: usize = 12;

/// Those of the service. Signing in is the session's business.
fn operations() -> impl Iterator<Item = &'static OperationSpec> {
    OPERATIONS
        .iter()
        .copied()
        .filter(|spec| spec.service == Service::Ief)
}

impl Handle<ListOperations> for Console {
    async fn handle(&self, _: ListOperations) -> Result<Vec<OperationLine>, IpcError> {
        Ok(operations().map(line).collect())
    }
}

impl Handle<DescribeOperation> for Console {
    async fn handle(&self, request: DescribeOperation) -> Result<OperationDescription, IpcError> {
        let spec = operations()
            .find(|spec| spec.name == request.operation)
            .ok_or_else(|| {
                invalid_call(&request.operation, "the catalogue has no such operation")
            })?;
        let (endpoint, instance_id) = match self.core.session() {
            Ok(session) => (
                session.client.endpoint().to_owned(),
                session.state().instance_id,
            ),
            // What an operation takes is the same whatever it is sent to.
            Err(_) => (String::new(), String::new()),
        };
        let body = spec.body.map(|body| shape(body, DEEPEST));
        Ok(OperationDescription {
            line: line(spec),
            path_parameters: owned(spec.path_parameters),
            query_parameters: spec
                .query_parameters
                .iter()
                .map(|parameter| Parameter {
                    name: parameter.name.to_owned(),
                    kind: parameter.kind,
                })
                .collect(),
            limits: body
                .as_ref()
                .map(|body| limits::of(spec, body))
                .unwrap_or_default(),
            body,
            page: spec.page.map(|page| PageSize {
                default: page.default,
                maximum: page.maximum,
            }),
            action: spec.action.map(str::to_owned),
            repeat: spec.repeat,
            secrets: owned(spec.secret_in_request),
            endpoint,
            instance_id,
        })
    }
}

fn line(spec: &OperationSpec) -> OperationLine {
    OperationLine {
        name: spec.name.to_owned(),
        section: spec.section.map(str::to_owned),
        method: spec.method.to_string(),
        path: spec.path.to_owned(),
        effect: spec.effect,
        edition: spec.edition,
    }
}

fn shape(shape: wire::Shape, deepest: usize) -> Shape {
    let Some(below) = deepest.checked_sub(1) else {
        return Shape::Any;
    };
    let boxed = |of: fn() -> wire::Shape| Box::new(self::shape(of(), below));
    match shape {
        wire::Shape::Text => Shape::Text,
        wire::Shape::Integer => Shape::Integer,
        wire::Shape::Number => Shape::Number,
        wire::Shape::Flag => Shape::Flag,
        wire::Shape::Any => Shape::Any,
        wire::Shape::Choice(values) => Shape::Choice { values: values() },
        wire::Shape::List(of) => Shape::List { of: boxed(of) },
        wire::Shape::Map(of) => Shape::Map { of: boxed(of) },
        wire::Shape::Record(fields) => Shape::Record {
            fields: fields()
                .iter()
                .map(|field| Field {
                    name: field.name.to_owned(),
                    holds: self::shape((field.shape)(), below),
                })
                .collect(),
        },
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use console_ipc::explorer::Shape;
    use ief_api::operation::Operation;

    use super::{DEEPEST, operations, shape};

    #[test]
    fn every_body_is_an_object_with_fields() {
        for spec in operations() {
            let Some(body) = spec.body else { continue };
            let Shape::Record { fields } = shape(body, DEEPEST) else {
                panic!("{}", spec.name);
            };
            assert!(!fields.is_empty(), "{}", spec.name);
        }
    }

    #[test]
    fn a_shape_that_holds_itself_ends() {
        let spec = ief_api::node::CreateEdgeNode::SPEC;
        assert_eq!(shape(spec.body.unwrap(), 0), Shape::Any);
    }
}
