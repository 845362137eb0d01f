//! What a client has to know.

use std::fmt;
use std::time::Duration;

use crate::credential::Credential;

/// What a client has to know. `Debug` redacts secrets, a proxy's password included.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Where IEF answers: `https://ief.cn-north-4.myhuaweicloud.com`. `http://` to loopback only.
    pub endpoint: String,
    /// Where IAM answers. May be empty when neither a token nor the project has to be looked up.
    pub iam_endpoint: String,
    /// The project. May be empty when `project_name` is given; then it is looked up.
    pub project_id: String,
    /// The project's name, usually the region's.
    pub project_name: Option<String>,
    /// The platinum instance. None for the professional edition.
    pub instance_id: Option<String>,
    /// Who signs in.
    pub credential: Credential,
    /// How to get out of the local network.
    pub proxy: Proxy,
    /// Certificates to trust beside the platform's, as PEM.
    pub extra_ca_pem: Option<String>,
    /// How long to wait.
    pub timeouts: Timeouts,
}

impl ClientConfig {
    /// A configuration with everything optional left out.
    #[must_use]
    pub fn new(
        endpoint: impl Into<String>,
        iam_endpoint: impl Into<String>,
        project_id: impl Into<String>,
        credential: Credential,
    ) -> Self {
        Self {
            endpoint: endpoint.into(),
            iam_endpoint: iam_endpoint.into(),
            project_id: project_id.into(),
            project_name: None,
            instance_id: None,
            credential,
            proxy: Proxy::default(),
            extra_ca_pem: None,
            timeouts: Timeouts::default(),
        }
    }
}

/// How to get out of the local network. Loopback is always reached directly.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As the system says.
    #[default]
    System,
    /// Directly.
    None,
    /// By this proxy: `http://user:password@proxy:3128`.
    Url(String),
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::None => f.write_str("None"),
            // The address may carry a password.
            Self::Url(_) => f.write_str("Url([REDACTED])"),
        }
    }
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For the head of an answer, and for the next byte of its body.
    pub idle: Duration,
    /// For a whole body. Long, because a large answer may take its time as long as it flows; it is there
    /// for the one that drips without end.
    pub body: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            body: Duration::from_secs(5 * 60),
        }
    }
}
