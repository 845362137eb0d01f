//! What a simulator is started with.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::clock::Pace;
use crate::faults::Fault;

/// Edition of the simulated service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edition {
    /// A platinum instance, which every call names in `ief-instance-id`.
    #[default]
    Platinum,
    /// The professional edition, which knows no instances.
    Professional,
}

/// How a simulator is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens. Only loopback addresses are accepted. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether IAM answers on a port of its own.
    pub separate_iam: bool,
    /// Whether it speaks TLS, with a certificate of its own CA.
    pub tls: bool,
    /// The same seed gives the same fleet and the same account.
    pub seed: u64,
    /// Nodes at the start.
    pub nodes: u64,
    /// Devices at the start; three for two nodes when absent.
    pub devices: Option<u64>,
    /// Edition of the service.
    pub edition: Edition,
    /// How simulated time passes.
    pub pace: Pace,
    /// Simulated time at the start; now when absent.
    pub start: Option<DateTime<Utc>>,
    /// How long a token holds.
    pub token_lifetime: Duration,
    /// Quotas by their type (`edge_node`), where they differ from those that fit the fleet. Those without a
    /// type go by the kind of what they limit (`rule`).
    pub quotas: BTreeMap<String, i64>,
    /// Faults in force from the start.
    pub faults: Vec<Fault>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            separate_iam: false,
            tls: false,
            seed: 1,
            nodes: 200,
            devices: None,
            edition: Edition::Platinum,
            pace: Pace::Real,
            start: None,
            token_lifetime: Duration::from_secs(24 * 3600),
            quotas: BTreeMap::new(),
            faults: Vec::new(),
        }
    }
}
