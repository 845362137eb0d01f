//! Makes the calls that stand on stdin, one JSON object a line, and prints a line for each: `{}`, or why it
//! was not made. `cargo xtask conformance` compares the requests with those of the service's own SDK.
//!
//! ```text
//! call_many ENDPOINT PROJECT_ID
//! {"instance_id": null, "call": {"operation": "show_device", "path": {"device_id": "d"}}}
//! ```
//!
//! Each call is made by its operation's own type, without what the declaration doesn't know, so that a
//! parameter or a field we lack is missing in the request.

use std::io::{BufRead, Write};

use ief_api::catalogue;
use ief_api::for_each_operation;
use ief_api::operation::{Call, CallError, Operation};
use ief_api::wire::Shape;
use ief_client::{Client, ClientConfig, Credential};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// A call to make.
#[derive(Deserialize)]
struct Task {
    instance_id: Option<String>,
    call: Call,
}

macro_rules! typed {
    ($($operation:path,)+) => {
        /// The call as the type of its operation writes it.
        fn typed(call: &Call) -> Result<Call, CallError> {
            $(if call.operation == <$operation>::SPEC.name {
                return <$operation>::from_call(call).map(|operation| operation.to_call());
            })+
            Err(CallError::UnknownOperation(call.operation.clone()))
        }
    };
}
for_each_operation!(typed);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(endpoint), Some(project_id)) = (arguments.next(), arguments.next()) else {
        return Err("an endpoint and a project are asked for".into());
    };
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let task: Task = serde_json::from_str(&line?)?;
        let credential = Credential::AccessKey {
            access_key: "unused".to_owned(),
            secret_key: "unused".to_owned().into(),
            security_token: None,
        };
        let mut config = ClientConfig::new(
            endpoint.clone(),
            String::new(),
            project_id.clone(),
            credential,
        );
        config.instance_id = task.instance_id;
        let answer = match make(config, task.call).await {
            Ok(()) => json!({}),
            Err(error) => json!({"error": error.to_string()}),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

async fn make(config: ClientConfig, mut call: Call) -> Result<(), Box<dyn std::error::Error>> {
    let spec = catalogue::operation(&call.operation)
        .ok_or_else(|| CallError::UnknownOperation(call.operation.clone()))?;
    call.query
        .retain(|(name, _)| spec.query_parameters.iter().any(|it| it.name == name));
    match (spec.body, &mut call.body) {
        (Some(shape), Some(body)) => forget_unknown(shape, body),
        _ => call.body = None,
    }
    let call = typed(&call)?;
    Client::new(config)?
        .call(&call, &CancellationToken::new())
        .await?;
    Ok(())
}

/// Takes out the fields that a shape doesn't have.
fn forget_unknown(shape: Shape, value: &mut Value) {
    match (shape, value) {
        (Shape::Record(fields), Value::Object(object)) => {
            object.retain(|name, _| fields().iter().any(|field| field.name == name));
            for field in fields() {
                if let Some(value) = object.get_mut(field.name) {
                    forget_unknown((field.shape)(), value);
                }
            }
        }
        (Shape::List(of), Value::Array(rows)) => {
            for row in rows {
                forget_unknown(of(), row);
            }
        }
        (Shape::Map(of), Value::Object(object)) => {
            for value in object.values_mut() {
                forget_unknown(of(), value);
            }
        }
        _ => {}
    }
}
