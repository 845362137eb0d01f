//! What can go wrong, in kinds that a window can explain.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use ief_api::operation::CallError;
use ief_api::rules::Violation;
use serde::Serialize;

/// The cause below an error of ours, shared so that all who wait for one sign-in get it.
pub type Source = Arc<dyn StdError + Send + Sync>;

/// What is known about the exchange that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The operation's name in the catalogue.
    pub operation: String,
    /// The HTTP status, when an answer came.
    pub status: Option<u16>,
    /// The service's code: `IEF.100067`.
    pub code: Option<String>,
    /// The service's own sentence, without secrets.
    pub message: Option<String>,
    /// The service's identifier of the request.
    pub request_id: Option<String>,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// How often it was sent.
    pub attempts: u32,
    /// Whether it may have changed something although no answer tells so: read before anything else.
    pub outcome_unknown: bool,
}

/// Why a call has no answer, or not the one asked for.
///
/// Neither `Display` nor `Debug` contains a secret.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration can't be used.
    #[error("the configured {field} can't be used: {reason}")]
    InvalidConfig {
        /// Which field of [`ClientConfig`](crate::ClientConfig).
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The call doesn't fit its operation.
    #[error("{operation} can't be called like this: {source}")]
    InvalidCall {
        /// The operation's name as given.
        operation: String,
        /// What doesn't fit.
        source: CallError,
    },
    /// The call breaks documented rules and was not sent.
    #[error("{operation} was not sent: {}", list(violations))]
    Violations {
        /// The operation's name.
        operation: String,
        /// Every broken rule.
        violations: Vec<Violation>,
    },
    /// The host has no address.
    #[error("{}: the name {host} has no address", context.operation)]
    Dns {
        /// What is known.
        context: Box<Context>,
        /// The host.
        host: String,
        /// The cause.
        source: Source,
    },
    /// The host is there and nothing listens.
    #[error("{}: {host} refused the connection", context.operation)]
    Refused {
        /// What is known.
        context: Box<Context>,
        /// The host.
        host: String,
        /// The cause.
        source: Source,
    },
    /// The host can't be reached, or not in time.
    #[error("{}: {host} can't be reached", context.operation)]
    Unreachable {
        /// What is known.
        context: Box<Context>,
        /// The host.
        host: String,
        /// The cause.
        source: Source,
    },
    /// The host's certificate is not to be trusted.
    #[error("{}: the certificate of {host} is not trusted: {reason}", context.operation)]
    UntrustedCertificate {
        /// What is known.
        context: Box<Context>,
        /// The host.
        host: String,
        /// What is wrong with the certificate.
        reason: String,
        /// The cause.
        source: Source,
    },
    /// No secure connection could be agreed on.
    #[error("{}: no secure connection to {host}", context.operation)]
    Tls {
        /// What is known.
        context: Box<Context>,
        /// The host.
        host: String,
        /// The cause.
        source: Source,
    },
    /// The proxy can't be reached or refuses.
    #[error("{}: the proxy does not connect to {host}", context.operation)]
    Proxy {
        /// What is known.
        context: Box<Context>,
        /// The host behind it.
        host: String,
        /// The cause.
        source: Source,
    },
    /// IAM did not accept the user.
    #[error("the sign-in was refused{}", answer(context))]
    SignIn {
        /// What is known.
        context: Box<Context>,
    },
    /// The service did not accept token or signature.
    #[error("{}: token or signature was not accepted{}", context.operation, answer(context))]
    Unauthorized {
        /// What is known.
        context: Box<Context>,
    },
    /// The user may not do this.
    #[error("{}: no permission{}", context.operation, answer(context))]
    Forbidden {
        /// What is known.
        context: Box<Context>,
        /// The IAM action it needs, where the reference names one.
        action: Option<&'static str>,
    },
    /// There is no such thing.
    #[error("{}: not found{}", context.operation, answer(context))]
    NotFound {
        /// What is known.
        context: Box<Context>,
    },
    /// Too many requests. `context.retry_after` says how long to wait, when the service does.
    #[error("{}: too many requests{}", context.operation, answer(context))]
    Throttled {
        /// What is known.
        context: Box<Context>,
    },
    /// The state of the thing doesn't allow it.
    #[error("{}: conflict{}", context.operation, answer(context))]
    Conflict {
        /// What is known.
        context: Box<Context>,
    },
    /// The service refuses the request for another reason.
    #[error("{}: refused{}", context.operation, answer(context))]
    Rejected {
        /// What is known.
        context: Box<Context>,
    },
    /// The service failed.
    #[error("{}: the service failed{}", context.operation, answer(context))]
    ServiceFailure {
        /// What is known.
        context: Box<Context>,
    },
    /// The connection was cut, or the answer did not come in time. Nothing was changed.
    #[error("{}: the connection to {host} {}", context.operation, cut(*idle))]
    Interrupted {
        /// What is known.
        context: Box<Context>,
        /// The host.
        host: String,
        /// Whether time ran out, by silence or by a trickle, rather than the connection.
        idle: bool,
        /// The cause.
        source: Source,
    },
    /// The same while something may have been changed: read before doing anything else.
    #[error(
        "{}: the connection to {host} {}; it may have been done",
        context.operation, cut(*idle)
    )]
    OutcomeUnknown {
        /// What is known.
        context: Box<Context>,
        /// The host.
        host: String,
        /// Whether time ran out, by silence or by a trickle, rather than the connection.
        idle: bool,
        /// The cause.
        source: Source,
    },
    /// The service answered with something that can't be read.
    #[error("{}: the answer can't be read: {reason}", context.operation)]
    MalformedAnswer {
        /// What is known.
        context: Box<Context>,
        /// What is wrong with it, without its contents.
        reason: String,
    },
    /// Somebody cancelled it.
    #[error("{}: cancelled", context.operation)]
    Cancelled {
        /// What is known.
        context: Box<Context>,
    },
}

/// The kinds of [`Error`] alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    missing_docs,
    reason = "each is described at the variant of Error with its name"
)]
pub enum ErrorKind {
    InvalidConfig,
    InvalidCall,
    Violations,
    Dns,
    Refused,
    Unreachable,
    UntrustedCertificate,
    Tls,
    Proxy,
    SignIn,
    Unauthorized,
    Forbidden,
    NotFound,
    Throttled,
    Conflict,
    Rejected,
    ServiceFailure,
    Interrupted,
    OutcomeUnknown,
    MalformedAnswer,
    Cancelled,
}

impl Error {
    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidConfig { .. } => ErrorKind::InvalidConfig,
            Self::InvalidCall { .. } => ErrorKind::InvalidCall,
            Self::Violations { .. } => ErrorKind::Violations,
            Self::Dns { .. } => ErrorKind::Dns,
            Self::Refused { .. } => ErrorKind::Refused,
            Self::Unreachable { .. } => ErrorKind::Unreachable,
            Self::UntrustedCertificate { .. } => ErrorKind::UntrustedCertificate,
            Self::Tls { .. } => ErrorKind::Tls,
            Self::Proxy { .. } => ErrorKind::Proxy,
            Self::SignIn { .. } => ErrorKind::SignIn,
            Self::Unauthorized { .. } => ErrorKind::Unauthorized,
            Self::Forbidden { .. } => ErrorKind::Forbidden,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Throttled { .. } => ErrorKind::Throttled,
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::Rejected { .. } => ErrorKind::Rejected,
            Self::ServiceFailure { .. } => ErrorKind::ServiceFailure,
            Self::Interrupted { .. } => ErrorKind::Interrupted,
            Self::OutcomeUnknown { .. } => ErrorKind::OutcomeUnknown,
            Self::MalformedAnswer { .. } => ErrorKind::MalformedAnswer,
            Self::Cancelled { .. } => ErrorKind::Cancelled,
        }
    }

    /// What is known about the exchange, when there was one.
    #[must_use]
    pub fn context(&self) -> Option<&Context> {
        match self {
            Self::InvalidConfig { .. } | Self::InvalidCall { .. } | Self::Violations { .. } => None,
            Self::Dns { context, .. }
            | Self::Refused { context, .. }
            | Self::Unreachable { context, .. }
            | Self::UntrustedCertificate { context, .. }
            | Self::Tls { context, .. }
            | Self::Proxy { context, .. }
            | Self::SignIn { context }
            | Self::Unauthorized { context }
            | Self::Forbidden { context, .. }
            | Self::NotFound { context }
            | Self::Throttled { context }
            | Self::Conflict { context }
            | Self::Rejected { context }
            | Self::ServiceFailure { context }
            | Self::Interrupted { context, .. }
            | Self::OutcomeUnknown { context, .. }
            | Self::MalformedAnswer { context, .. }
            | Self::Cancelled { context } => Some(context),
        }
    }

    /// The operation's name, when there is one.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        match self {
            Self::InvalidCall { operation, .. } | Self::Violations { operation, .. } => {
                Some(operation)
            }
            _ => self.context().map(|context| context.operation.as_str()),
        }
    }

    /// The service's identifier of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.context()?.request_id.as_deref()
    }

    /// The service's code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.context()?.code.as_deref()
    }

    /// The service's own sentence.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.context()?.message.as_deref()
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.context()?.status
    }

    /// How long the service asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.context()?.retry_after
    }

    /// Whether something may have been changed although no answer tells so.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.context()
            .is_some_and(|context| context.outcome_unknown)
    }

    /// The host that was not reached, where that is what failed.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Dns { host, .. }
            | Self::Refused { host, .. }
            | Self::Unreachable { host, .. }
            | Self::UntrustedCertificate { host, .. }
            | Self::Tls { host, .. }
            | Self::Proxy { host, .. }
            | Self::Interrupted { host, .. }
            | Self::OutcomeUnknown { host, .. } => Some(host),
            _ => None,
        }
    }

    /// The IAM action that is missing, where the reference names it.
    #[must_use]
    pub fn action(&self) -> Option<&'static str> {
        match self {
            Self::Forbidden { action, .. } => *action,
            _ => None,
        }
    }

    pub(crate) fn call(operation: &str, source: CallError) -> Self {
        Self::InvalidCall {
            operation: operation.to_owned(),
            source,
        }
    }
}

fn list(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

/// Status, code and sentence of the service, as far as they are known.
fn answer(context: &Context) -> String {
    let mut parts = Vec::new();
    parts.extend(context.code.clone());
    parts.extend(context.message.clone());
    if parts.is_empty() {
        parts.extend(context.status.map(|status| format!("HTTP {status}")));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(": {}", parts.join(" "))
    }
}

const fn cut(idle: bool) -> &'static str {
    if idle {
        "gave no whole answer in time"
    } else {
        "was cut"
    }
}
