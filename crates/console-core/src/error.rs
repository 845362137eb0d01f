//! Errors of the client as the window shows them.

use console_ipc::error::NextStep;
use console_ipc::{ErrorKind, IpcError};
use ief_client::ErrorKind as Client;

/// Translates an error of the client. Every kind is listed, so that a new one does not compile unnoticed.
pub(crate) fn from_client(error: &ief_client::Error) -> IpcError {
    let (kind, next) = match error.kind() {
        // The service itself says that it failed at this. What it had done by then is worth a look.
        Client::ServiceFailure if error.outcome_unknown() && error.code().is_some() => {
            (ErrorKind::ServiceFailure, NextStep::Verify)
        }
        // Whatever went wrong: when nobody knows whether something was changed, that is what matters.
        _ if error.outcome_unknown() => (ErrorKind::OutcomeUnknown, NextStep::Verify),
        Client::OutcomeUnknown => (ErrorKind::OutcomeUnknown, NextStep::Verify),
        Client::InvalidConfig => (ErrorKind::InvalidProfile, NextStep::Correct),
        Client::InvalidCall => (ErrorKind::InvalidCall, NextStep::Report),
        Client::Violations => (ErrorKind::Violations, NextStep::Correct),
        Client::Dns => (ErrorKind::UnknownHost, NextStep::CheckNetwork),
        Client::Refused => (ErrorKind::Refused, NextStep::CheckNetwork),
        Client::Unreachable => (ErrorKind::Unreachable, NextStep::CheckNetwork),
        Client::UntrustedCertificate => {
            (ErrorKind::UntrustedCertificate, NextStep::CheckCertificate)
        }
        Client::Tls => (ErrorKind::Tls, NextStep::CheckCertificate),
        Client::Proxy => (ErrorKind::Proxy, NextStep::CheckNetwork),
        Client::SignIn => (ErrorKind::SignIn, NextStep::CheckCredential),
        Client::Unauthorized => (ErrorKind::Unauthorized, NextStep::CheckCredential),
        Client::Forbidden => (ErrorKind::Forbidden, NextStep::AskForRight),
        Client::NotFound => (ErrorKind::NotFound, NextStep::Reload),
        Client::Throttled => (ErrorKind::Throttled, NextStep::Wait),
        Client::Conflict => (ErrorKind::Conflict, NextStep::Reload),
        Client::Rejected => (ErrorKind::Rejected, NextStep::Correct),
        Client::ServiceFailure => (ErrorKind::ServiceFailure, NextStep::TryAgain),
        Client::Interrupted => (ErrorKind::Interrupted, NextStep::TryAgain),
        Client::MalformedAnswer => (ErrorKind::MalformedAnswer, NextStep::Report),
        Client::Cancelled => (ErrorKind::Cancelled, NextStep::Nothing),
    };
    let mut told = IpcError::new(kind, next);
    told.operation = error
        .operation()
        .filter(|name| !name.is_empty())
        .map(str::to_owned);
    told.status = error.status();
    told.service_code = error.code().map(str::to_owned);
    told.service_message = error.message().map(str::to_owned);
    told.request_id = error.request_id().map(str::to_owned);
    if let Some(host) = error.host() {
        told = told.with("host", host);
    }
    if let Some(action) = error.action() {
        told = told.with("action", action);
    }
    if let Some(wait) = error.retry_after() {
        // Rounded up, so that nobody comes too early.
        told = told.with("seconds", wait.as_secs_f64().ceil());
    }
    if error.outcome_unknown()
        && let Some((name, value)) = doubt(error)
    {
        told = told.with(name, value);
    }
    match error {
        ief_client::Error::Violations { violations, .. } => told.violations.clone_from(violations),
        ief_client::Error::InvalidConfig { field, reason } => {
            told = told
                .with("field", field)
                .with("problem", "unusable")
                .with("detail", reason);
        }
        ief_client::Error::InvalidCall { source, .. } => told = told.with("detail", source),
        ief_client::Error::UntrustedCertificate { reason, .. }
        | ief_client::Error::MalformedAnswer { reason, .. } => {
            told = told.with("detail", reason);
        }
        _ => {}
    }
    told
}

/// Why nobody knows whether something was changed: one value, by which the sentence says which it was.
fn doubt(error: &ief_client::Error) -> Option<(&'static str, String)> {
    match error {
        ief_client::Error::OutcomeUnknown { host, idle, .. } => {
            Some((if *idle { "silent" } else { "cut" }, host.clone()))
        }
        ief_client::Error::MalformedAnswer { reason, .. } => Some(("unreadable", reason.clone())),
        _ => match (error.status(), error.host()) {
            (Some(status), _) => Some(("answered", status.to_string())),
            // It was cut at first, and could not even be sent again.
            (None, Some(host)) => Some(("cut", host.to_owned())),
            (None, None) => None,
        },
    }
}

/// A call that does not fit its operation.
pub(crate) fn invalid_call(operation: &str, reason: impl std::fmt::Display) -> IpcError {
    let mut error = IpcError::new(ErrorKind::InvalidCall, NextStep::Report).with("detail", reason);
    error.operation = Some(operation.to_owned());
    error
}

/// A fault of the console itself: a task of ours ended in a panic.
pub(crate) fn internal(reason: impl std::fmt::Display) -> IpcError {
    IpcError::new(ErrorKind::Internal, NextStep::Report).with("detail", reason)
}
