//! What an answer says: its body, or the error that it is.

use std::time::Duration;

use ief_api::codes::{self, ErrorBody};
use ief_api::iam::CreateToken;
use ief_api::operation::{Effect, Operation, OperationSpec};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Client, Proven, Reply};
use crate::error::{Context, Error};
use crate::retry::Failure;
use crate::transport::{Broken, Head, How, Incoming, NotSent};

/// The longest sentence of the service that is passed on, in characters.
const LONGEST_MESSAGE: usize = 2000;

/// The shortest secret that is looked for in the service's sentences, in bytes. A shorter one would turn
/// up in ordinary words, and no service accepts it as a password.
const SHORTEST_SECRET: usize = 6;

/// What is known about an exchange beside its result.
pub(super) struct Facts<'a> {
    pub(super) spec: &'static OperationSpec,
    pub(super) host: &'a str,
    pub(super) attempts: u32,
    pub(super) retry_after: Option<Duration>,
    pub(super) outcome_unknown: bool,
}

impl Client {
    /// The error that a result is, once nothing more is tried.
    pub(super) fn explain(
        &self,
        facts: &Facts<'_>,
        result: Result<Incoming, Broken>,
        proven: &Proven,
    ) -> Error {
        let mut context = Context {
            operation: facts.spec.name.to_owned(),
            attempts: facts.attempts,
            retry_after: facts.retry_after,
            outcome_unknown: facts.outcome_unknown,
            ..Context::default()
        };
        match result {
            Ok(incoming) => {
                context.request_id = incoming.head.request_id;
                let mut secrets = self.inner.config.credential.secrets();
                if let Proven::Token(token) = proven {
                    secrets.push(token.secret.clone());
                }
                read_error(&mut context, &incoming.body, &secrets);
                of_status(facts.spec, incoming.status, context)
            }
            Err(broken) => of_broken(facts, broken, context),
        }
    }
}

/// What a broken exchange means for repeating it, and the status it had got to. 0 without one.
pub(super) fn failure(broken: &Broken) -> (Failure, u16) {
    let status = broken.head.as_ref().map_or(0, |(status, _)| *status);
    let failure = match &broken.how {
        // The status has arrived and is an error: its text is all that was lost.
        _ if status >= 300 => Failure::of_status(status),
        How::NotSent(NotSent::Certificate(_) | NotSent::Tls) => Failure::NoTrust,
        How::NotSent(_) => Failure::NotSent,
        How::Cut | How::Idle => Failure::Unknown,
        How::TooLarge => Failure::Final,
    };
    (failure, status)
}

fn of_status(spec: &OperationSpec, status: u16, mut context: Context) -> Error {
    context.status = Some(status);
    let quota = context.code.as_deref() == Some(codes::QUOTA.code);
    let context = Box::new(context);
    if spec.name == CreateToken::SPEC.name && (400..500).contains(&status) && status != 429 {
        return Error::SignIn { context };
    }
    match status {
        401 => Error::Unauthorized { context },
        // A used-up quota comes with the same status and is no matter of permissions.
        403 if !quota => Error::Forbidden {
            context,
            action: spec.action,
        },
        404 => Error::NotFound { context },
        409 => Error::Conflict { context },
        429 => Error::Throttled { context },
        500.. => Error::ServiceFailure { context },
        _ => Error::Rejected { context },
    }
}

fn of_broken(facts: &Facts<'_>, broken: Broken, mut context: Context) -> Error {
    let Broken { how, head, source } = broken;
    if let Some((status, Head { request_id, .. })) = head {
        context.request_id = request_id;
        context.status = Some(status);
        if status >= 300 {
            return of_status(facts.spec, status, context);
        }
    }
    let host = facts.host.to_owned();
    let context = Box::new(context);
    match how {
        How::NotSent(NotSent::Dns) => Error::Dns {
            context,
            host,
            source,
        },
        How::NotSent(NotSent::Refused) => Error::Refused {
            context,
            host,
            source,
        },
        How::NotSent(NotSent::Unreachable) => Error::Unreachable {
            context,
            host,
            source,
        },
        How::NotSent(NotSent::Certificate(reason)) => Error::UntrustedCertificate {
            context,
            host,
            reason,
            source,
        },
        How::NotSent(NotSent::Tls) => Error::Tls {
            context,
            host,
            source,
        },
        How::NotSent(NotSent::Proxy) => Error::Proxy {
            context,
            host,
            source,
        },
        How::TooLarge => Error::MalformedAnswer {
            context,
            reason: source.to_string(),
        },
        How::Cut | How::Idle => {
            let idle = how == How::Idle;
            if context.outcome_unknown {
                Error::OutcomeUnknown {
                    context,
                    host,
                    idle,
                    source,
                }
            } else {
                Error::Interrupted {
                    context,
                    host,
                    idle,
                    source,
                }
            }
        }
    }
}

/// Takes code and sentence from an error's body, without secrets that it may repeat.
fn read_error(context: &mut Context, body: &[u8], secrets: &[SecretString]) {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        // A gateway's page of markup tells a person nothing.
        return;
    };
    let error = ErrorBody::read(&value);
    let clean = |text: String| {
        let text = without(text, secrets);
        let visible = text.chars().filter(|c| !c.is_control());
        let text: String = visible.take(LONGEST_MESSAGE).collect();
        (!text.is_empty()).then_some(text)
    };
    context.code = clean(error.error_code);
    context.message = clean(error.error_msg);
}

fn without(mut text: String, secrets: &[SecretString]) -> String {
    for secret in secrets {
        // Exposed only to be looked for.
        let secret = secret.expose_secret();
        if secret.len() >= SHORTEST_SECRET && text.contains(secret) {
            text = text.replace(secret, "…");
        }
    }
    text
}

/// The body of any operation.
pub(super) fn value(spec: &OperationSpec, reply: &Reply) -> Result<Value, Error> {
    if reply.body.is_empty() {
        return Ok(Value::Null);
    }
    match serde_json::from_slice(&reply.body) {
        Ok(value) => Ok(value),
        // Some operations report success with a note instead of JSON.
        Err(_) if is_note(spec, reply) => Ok(Value::String(
            String::from_utf8_lossy(&reply.body).into_owned(),
        )),
        Err(error) => Err(malformed(spec, reply, unreadable(reply, &error))),
    }
}

/// The body of an operation whose answer has a type.
pub(super) fn typed<T: DeserializeOwned>(spec: &OperationSpec, reply: &Reply) -> Result<T, Error> {
    // What sends no body sends none of its fields.
    let body = if reply.body.is_empty() {
        b"{}"
    } else {
        &reply.body[..]
    };
    serde_json::from_slice(body).or_else(|error| {
        // Only the empty answer can be made from null: then a note is as good as nothing.
        match serde_json::from_slice(b"null") {
            Ok(nothing) if is_note(spec, reply) => Ok(nothing),
            _ => Err(malformed(spec, reply, unreadable(reply, &error))),
        }
    })
}

fn is_note(spec: &OperationSpec, reply: &Reply) -> bool {
    spec.effect != Effect::Read && media_type(reply).is_some_and(|kind| kind == "text/plain")
}

fn media_type(reply: &Reply) -> Option<&str> {
    let kind = reply.content_type.as_deref()?;
    Some(kind.split(';').next().unwrap_or_default().trim())
}

fn unreadable(reply: &Reply, error: &serde_json::Error) -> String {
    match media_type(reply) {
        Some(kind) if !kind.is_empty() && !kind.ends_with("json") => {
            format!("it is {kind}, not JSON")
        }
        _ => json_reason(error),
    }
}

/// What is wrong with a text that should be JSON, without an excerpt of it.
pub(crate) fn json_reason(error: &serde_json::Error) -> String {
    let what = if error.is_eof() {
        "it ends too early"
    } else if error.is_data() {
        "it has another shape than documented"
    } else {
        "it is not JSON"
    };
    format!("{what}, line {} column {}", error.line(), error.column())
}

/// The error for an answer that arrived and can't be read.
pub(crate) fn malformed(spec: &OperationSpec, reply: &Reply, reason: String) -> Error {
    Error::MalformedAnswer {
        context: Box::new(Context {
            operation: spec.name.to_owned(),
            status: Some(reply.status),
            request_id: reply.request_id.clone(),
            attempts: reply.attempts,
            // It was accepted; only what came of it can't be read.
            outcome_unknown: spec.mutates(),
            ..Context::default()
        }),
        reason,
    }
}
