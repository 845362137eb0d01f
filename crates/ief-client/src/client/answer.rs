//! What an answer says: its body, or the error that it is.

use std::time::Duration;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ief_api::codes::{self, ErrorBody};
use ief_api::iam::CreateToken;
use ief_api::operation::{Effect, Operation, OperationSpec};
use ief_api::redact::{REDACTED, for_each_secret};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use super::{Client, Proven, Reply};
use crate::error::{Context, Error};
use crate::retry::Failure;
use crate::transport::{Broken, Head, How, Incoming, NotSent};

/// The longest sentence of the service that is passed on, in characters.
const LONGEST_MESSAGE: usize = 2000;

/// The shortest credential that is looked for in the service's sentences, in bytes. A shorter one would
/// turn up in ordinary words, and no service accepts it as a password.
const SHORTEST_CREDENTIAL: usize = 6;

/// The same for what a request carries, which people choose more freely.
const SHORTEST_SECRET: usize = 4;

/// Reads Base64 whether or not it is padded.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What is known about an exchange beside its result.
pub(super) struct Facts<'a> {
    pub(super) spec: &'static OperationSpec,
    pub(super) host: &'a str,
    /// The request's body as it was sent.
    pub(super) sent: &'a [u8],
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
                let secrets = Secrets::new(secrets, facts.spec, facts.sent);
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
        // Whatever the status, nobody waits as long once more.
        How::Slow if status < 300 || Failure::of_status(status).may_be_done() => Failure::Slow,
        How::Slow => Failure::Final,
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
        How::Cut | How::Idle | How::Slow => {
            let idle = how != How::Cut;
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
fn read_error(context: &mut Context, body: &[u8], secrets: &Secrets) {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        // A gateway's page of markup tells a person nothing.
        return;
    };
    let error = ErrorBody::read(&value);
    let clean = |text: String| {
        let text = secrets.out_of(text);
        let visible = text.chars().filter(|c| !c.is_control());
        let text: String = visible.take(LONGEST_MESSAGE).collect();
        (!text.is_empty()).then_some(text)
    };
    context.code = clean(error.error_code);
    context.message = clean(error.error_msg);
}

/// What must not be passed on with the service's sentences.
struct Secrets {
    /// Texts to look for, longest first: one may be a part of another.
    texts: Vec<SecretString>,
    /// Whether the request itself carried some, so that no excerpt of it may be passed on.
    in_request: bool,
}

impl Secrets {
    fn new(credential: Vec<SecretString>, spec: &OperationSpec, sent: &[u8]) -> Self {
        let mut texts = credential;
        texts.retain(|text| text.expose_secret().len() >= SHORTEST_CREDENTIAL);
        let mut in_request = false;
        if !spec.secret_in_request.is_empty()
            && let Ok(mut body) = serde_json::from_slice(sent)
        {
            for_each_secret(spec.secret_in_request, &mut body, |_, secret| {
                in_request = true;
                take_texts(secret, &mut texts);
            });
        }
        texts.sort_by_key(|text| std::cmp::Reverse(text.expose_secret().len()));
        Self { texts, in_request }
    }

    /// The text without them.
    fn out_of(&self, mut text: String) -> String {
        // What is quoted of the request is left out as a whole: it may be cut off in the middle of a secret,
        // or written in a way of its own.
        if self.in_request
            && let Some(start) = text.find('{')
        {
            let end = text.rfind('}').filter(|end| *end > start);
            text.replace_range(start..end.map_or(text.len(), |end| end + 1), REDACTED);
        }
        for secret in &self.texts {
            // Exposed only to be looked for.
            let secret = secret.expose_secret();
            if text.contains(secret) {
                text = text.replace(secret, REDACTED);
            }
        }
        text
    }
}

/// Takes each text of a secret with the forms in which a service may repeat it.
fn take_texts(secret: &mut Value, texts: &mut Vec<SecretString>) {
    let mut add = |text: String| {
        if text.len() >= SHORTEST_SECRET {
            texts.push(text.into());
        }
    };
    match secret {
        Value::String(text) => {
            // Quoted in JSON, a line break or a quotation mark is written otherwise.
            let quoted = Zeroizing::new(Value::String(text.clone()).to_string());
            if let Some(plain) = BASE64
                .decode(&*text)
                .ok()
                .and_then(|it| String::from_utf8(it).ok())
            {
                add(plain.trim().to_owned());
                add(plain);
            }
            add(quoted.trim_matches('"').to_owned());
            add(std::mem::take(text));
        }
        Value::Number(number) => add(number.to_string()),
        Value::Array(items) => items.iter_mut().for_each(|item| take_texts(item, texts)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| take_texts(field, texts)),
        Value::Null | Value::Bool(_) => {}
    }
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

#[cfg(test)]
mod tests {
    use ief_api::operation::{Operation, OperationSpec};
    use ief_api::secret::{CreateSecret, ListSecrets};
    use serde_json::json;

    use super::{Context, Secrets, read_error};

    #[track_caller]
    fn check(spec: &OperationSpec, message: &str, expected: &str) {
        let sent = json!({"secret": {"name": "door", "secrets": {
            "pin": "MTIzNA==", "key": "aHVudGVy", "long": "aHVudGVyMg", "odd": "a\"b\nc", "port": 5671,
        }}});
        let secrets = Secrets::new(vec!["password".into()], spec, sent.to_string().as_bytes());
        let body = json!({"error_code": "E", "error_msg": message}).to_string();
        let mut context = Context::default();
        read_error(&mut context, body.as_bytes(), &secrets);
        assert_eq!(context.message.as_deref(), Some(expected));
    }

    #[test]
    fn a_message_repeats_no_secret_of_the_request() {
        let create = CreateSecret::SPEC;
        check(
            create,
            "value MTIzNA== of door is bad",
            "value … of door is bad",
        );
        check(create, "value 1234 is bad", "value … is bad");
        check(create, "hunter2, hunter, 5671", "…, …, …");
        check(create, r#"near a\"b\nc"#, "near …");
        check(create, "the password is wrong", "the … is wrong");
        check(
            create,
            r#"bad body {"secret":{"secrets":{"pin":"MTI"}}}!"#,
            "bad body …!",
        );
        check(
            create,
            r#"bad body {"secret":{"secrets":{"pin":"MTIz..."#,
            "bad body …",
        );
    }

    #[test]
    fn a_message_about_a_request_without_secrets_stays_as_it_is() {
        check(
            ListSecrets::SPEC,
            "1234 has not the form {n}",
            "1234 has not the form {n}",
        );
    }
}
