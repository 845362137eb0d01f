//! Errors as the window shows them: what happened, why as far as known, what to do next.

use std::collections::BTreeMap;
use std::fmt;

use ief_api::rules::Violation;
use serde::{Deserialize, Serialize};

/// An error that crosses to the window. Its words are in the locales, chosen by `kind` and, where the
/// service gave one, by `service_code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpcError {
    /// What happened.
    pub kind: ErrorKind,
    /// Values for the sentence: `host`, `seconds`, `name`, `path`, `action`, `profile`, `rows`, `mebibytes`, `most`, those of
    /// [`ErrorKind::OutcomeUnknown`], and `detail` for what is not worded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// The operation that failed, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// HTTP status, where there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// The service's own sentence. Text, never markup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_message: Option<String>,
    /// The service's request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The broken rules, when the call was not sent because of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// What the user can do.
    pub next: NextStep,
}

impl IpcError {
    /// An error with nothing but its kind and next step.
    #[must_use]
    pub fn new(kind: ErrorKind, next: NextStep) -> Self {
        Self {
            kind,
            values: BTreeMap::new(),
            operation: None,
            status: None,
            service_code: None,
            service_message: None,
            request_id: None,
            violations: Vec::new(),
            next,
        }
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }
}

impl fmt::Display for IpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)?;
        for (name, value) in &self.values {
            write!(f, " {name}={value}")?;
        }
        if let Some(code) = &self.service_code {
            write!(f, " {code}")?;
        }
        Ok(())
    }
}

impl std::error::Error for IpcError {}

/// What happened. Each has a sentence in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// No such command, or a request of the wrong shape: window and host don't fit together.
    Protocol,
    /// The profile is incomplete or contradicts itself.
    InvalidProfile,
    /// There is no such profile, row, task or entry (any more).
    Gone,
    /// No profile is in use.
    NotConnected,
    /// The call's parameters don't fit the operation.
    InvalidCall,
    /// The call breaks documented rules and was not sent.
    Violations,
    /// Writing is locked.
    ReadOnly,
    /// The typed confirmation is missing or not the target's name.
    NotConfirmed,
    /// Someone changed the target since it was shown.
    Changed,
    /// The host name doesn't resolve.
    UnknownHost,
    /// The host doesn't answer.
    Unreachable,
    /// The host answers, but refuses connections.
    Refused,
    /// The server's certificate is not trusted.
    UntrustedCertificate,
    /// Another failure while setting up TLS.
    Tls,
    /// The proxy failed.
    Proxy,
    /// Name, password or key were not accepted.
    SignIn,
    /// The session was not accepted and could not be renewed.
    Unauthorized,
    /// The user lacks a right.
    Forbidden,
    /// The service has no such thing.
    NotFound,
    /// It contradicts what is there: in use, exists already.
    Conflict,
    /// Too many requests.
    Throttled,
    /// The service refused the request.
    Rejected,
    /// The service failed.
    ServiceFailure,
    /// The connection was cut. Nothing was changed.
    Interrupted,
    /// A change was sent, and nobody knows whether it took place. One value says why: `cut` and `silent` name
    /// the host whose connection was cut or that stopped answering, `answered` the status of a service that
    /// failed at it, `unreadable` what is wrong with the answer. None of them when the console ended early.
    OutcomeUnknown,
    /// The answer is not what the service documents.
    MalformedAnswer,
    /// Somebody cancelled it.
    Cancelled,
    /// The operating system's keyring failed or is locked.
    SecretStore,
    /// The profile's secret is not stored.
    SecretMissing,
    /// A file could not be read or written.
    File,
    /// A file or a text is larger than what is read of one.
    TooLarge,
    /// What should be a file is a folder, a device or something else.
    NotAFile,
    /// More at once, or more altogether, than the console holds.
    TooMany,
    /// A fault of the console itself.
    Internal,
}

/// What the user can do next. Each has words, and most have a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Try it again.
    TryAgain,
    /// Wait some seconds, then try again.
    Wait,
    /// Check address, proxy and network.
    CheckNetwork,
    /// Add the issuer's certificate to the profile, or have the server's renewed.
    CheckCertificate,
    /// Check name, password, key and project in the profile.
    CheckCredential,
    /// Set the computer's clock.
    CheckClock,
    /// Ask whoever manages IAM for the right.
    AskForRight,
    /// Unlock writing.
    Unlock,
    /// Correct the marked fields.
    Correct,
    /// Reload what is shown, then decide again.
    Reload,
    /// Look at what the service has now before doing anything again.
    Verify,
    /// Choose another place to save.
    ChooseAnotherFile,
    /// Choose where secrets are kept.
    ChooseSecretStore,
    /// Nothing: it is as it is.
    Nothing,
    /// Report it with the details.
    Report,
}
