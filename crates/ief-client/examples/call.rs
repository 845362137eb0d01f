//! Calls one operation by its name and prints the answer as JSON.
//!
//! ```text
//! cargo run -p ief-client --example call -- --endpoint URL --iam-endpoint URL --project-id P \
//!     (--access-key A --secret-key S [--security-token T] | --user U --password P --domain D) \
//!     [--instance-id I] [--project-name N] [--extra-ca FILE] [--proxy URL|none|system] \
//!     OPERATION '{"PARAMETER": value, …, "body": {…}}'
//! ```
//!
//! The secret key is also read from `IEF_SECRET_KEY`, the password from `IEF_PASSWORD`, so that neither
//! has to stand in a command line that others can see. What is given is sent as it is, unchecked. Errors
//! are JSON on stderr, with exit status 1.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use ief_api::catalogue;
use ief_api::operation::{Call, CallError};
use ief_client::{Client, ClientConfig, Credential, Error, Proxy};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

/// Everything the command line says.
#[derive(Default)]
struct Arguments {
    endpoint: Option<String>,
    iam_endpoint: String,
    project_id: String,
    project_name: Option<String>,
    access_key: Option<String>,
    secret_key: Option<String>,
    security_token: Option<String>,
    user: Option<String>,
    password: Option<String>,
    domain: Option<String>,
    instance_id: Option<String>,
    extra_ca: Option<OsString>,
    proxy: Option<String>,
    positional: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(answer) => {
            // Who stops reading has read enough.
            let _ = writeln!(std::io::stdout(), "{answer:#}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<Value, Value> {
    let arguments = Arguments::read().map_err(|error| usage(&error.to_string()))?;
    let (name, parameters) = match arguments.positional.as_slice() {
        [name] => (name.clone(), "{}".to_owned()),
        [name, parameters] => (name.clone(), parameters.clone()),
        _ => return Err(usage("one operation and one JSON object are asked for")),
    };
    let parameters: Map<String, Value> = serde_json::from_str(&parameters)
        .map_err(|error| usage(&format!("the parameters are not a JSON object: {error}")))?;
    let config = arguments.config()?;

    let invalid = |source: CallError| {
        explain(&Error::InvalidCall {
            operation: name.clone(),
            source,
        })
    };
    let spec = catalogue::operation(&name)
        .ok_or_else(|| invalid(CallError::UnknownOperation(name.clone())))?;
    let call = Call::from_arguments(spec, &parameters).map_err(invalid)?;
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    let client = Client::new(config).map_err(|error| explain(&error))?;
    let answer = client
        .call(&call, &cancel)
        .await
        .map_err(|error| explain(&error))?;
    Ok(answer.body)
}

impl Arguments {
    fn read() -> Result<Self, lexopt::Error> {
        use lexopt::{Arg, Parser, ValueExt};
        let mut arguments = Self::default();
        let mut parser = Parser::from_env();
        while let Some(argument) = parser.next()? {
            let place = match argument {
                Arg::Value(value) => {
                    arguments.positional.push(value.string()?);
                    continue;
                }
                Arg::Long("iam-endpoint") => {
                    arguments.iam_endpoint = parser.value()?.string()?;
                    continue;
                }
                Arg::Long("project-id") => {
                    arguments.project_id = parser.value()?.string()?;
                    continue;
                }
                Arg::Long("extra-ca") => {
                    arguments.extra_ca = Some(parser.value()?);
                    continue;
                }
                Arg::Long("endpoint") => &mut arguments.endpoint,
                Arg::Long("project-name") => &mut arguments.project_name,
                Arg::Long("access-key") => &mut arguments.access_key,
                Arg::Long("secret-key") => &mut arguments.secret_key,
                Arg::Long("security-token") => &mut arguments.security_token,
                Arg::Long("user") => &mut arguments.user,
                Arg::Long("password") => &mut arguments.password,
                Arg::Long("domain") => &mut arguments.domain,
                Arg::Long("instance-id") => &mut arguments.instance_id,
                Arg::Long("proxy") => &mut arguments.proxy,
                other => return Err(other.unexpected()),
            };
            *place = Some(parser.value()?.string()?);
        }
        Ok(arguments)
    }

    fn config(self) -> Result<ClientConfig, Value> {
        let endpoint = self
            .endpoint
            .ok_or_else(|| usage("--endpoint is required"))?;
        let from_environment = |name: &str| std::env::var(name).ok();
        let credential = match (self.access_key, self.user) {
            (Some(access_key), None) => Credential::AccessKey {
                access_key,
                secret_key: self
                    .secret_key
                    .or_else(|| from_environment("IEF_SECRET_KEY"))
                    .ok_or_else(|| usage("--secret-key or IEF_SECRET_KEY is required"))?
                    .into(),
                security_token: self.security_token.map(Into::into),
            },
            (None, Some(user)) => Credential::Password {
                user,
                domain: self.domain.ok_or_else(|| usage("--domain is required"))?,
                password: self
                    .password
                    .or_else(|| from_environment("IEF_PASSWORD"))
                    .ok_or_else(|| usage("--password or IEF_PASSWORD is required"))?
                    .into(),
            },
            _ => return Err(usage("either --access-key or --user is required")),
        };
        let mut config =
            ClientConfig::new(endpoint, self.iam_endpoint, self.project_id, credential);
        config.project_name = self.project_name;
        config.instance_id = self.instance_id;
        config.proxy = match self.proxy.as_deref() {
            None | Some("system") => Proxy::System,
            Some("none") => Proxy::None,
            Some(url) => Proxy::Url(url.to_owned()),
        };
        if let Some(file) = self.extra_ca {
            let pem = std::fs::read_to_string(&file)
                .map_err(|error| usage(&format!("{}: {error}", file.display())))?;
            config.extra_ca_pem = Some(pem);
        }
        Ok(config)
    }
}

fn usage(reason: &str) -> Value {
    json!({
        "kind": "usage",
        "message": reason,
        "usage": "call --endpoint URL --iam-endpoint URL --project-id P \
            (--access-key A --secret-key S [--security-token T] | --user U --password P --domain D) \
            [--instance-id I] [--project-name N] [--extra-ca FILE] [--proxy URL|none|system] \
            OPERATION '{\"PARAMETER\": value, …, \"body\": {…}}'",
    })
}

fn explain(error: &Error) -> Value {
    let mut value = json!({"kind": error.kind(), "message": error.to_string()});
    let optional = [
        ("operation", error.operation().map(Value::from)),
        ("status", error.status().map(Value::from)),
        ("code", error.code().map(Value::from)),
        ("service_message", error.message().map(Value::from)),
        ("request_id", error.request_id().map(Value::from)),
        ("action", error.action().map(Value::from)),
        ("host", error.host().map(Value::from)),
        (
            "retry_after_seconds",
            error.retry_after().map(|wait| Value::from(wait.as_secs())),
        ),
        (
            "outcome_unknown",
            error.outcome_unknown().then_some(Value::Bool(true)),
        ),
    ];
    for (name, content) in optional {
        if let Some(content) = content {
            value[name] = content;
        }
    }
    value
}
