//! Starting and stopping.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;
use ief_api::operation::Service;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use crate::account::Account;
use crate::clock::Clock;
use crate::options::Options;
use crate::package::{Authority, PackageError};
use crate::seed::Seed;
use crate::server::Door;
use crate::state::{Control, State};
use crate::world::World;

/// Most nodes or devices a fleet may have: indexes have to fit in the identifiers.
const LARGEST_FLEET: u64 = 1 << 32;

/// Starts simulators.
#[derive(Debug)]
pub struct Simulator;

/// A simulator at work. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    account: Account,
    control: Control,
    tasks: Vec<AbortHandle>,
}

/// Why a simulator doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not on this machine only.
    #[error("the simulator listens on loopback addresses only, and {0} is none")]
    NotLoopback(SocketAddr),
    /// The fleet is too large.
    #[error("a fleet has at most {LARGEST_FLEET} nodes and as many devices")]
    FleetTooLarge,
    /// The port can't be opened.
    #[error("{0} could not be opened")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The certificate authority could not be made.
    #[error("the simulator's certificates could not be made")]
    Certificates(#[from] PackageError),
    /// TLS could not be set up.
    #[error("TLS could not be set up")]
    Tls(#[from] rustls::Error),
    /// The file with the CA could not be written.
    #[error("the CA could not be written to {0}")]
    CaFile(PathBuf, #[source] std::io::Error),
}

impl Simulator {
    /// Starts a simulator in the current Tokio runtime.
    ///
    /// # Errors
    /// When the address is no loopback address or its port is taken, or certificates can't be made.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        if !options.listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(options.listen));
        }
        let devices = options
            .devices
            .unwrap_or(options.nodes.saturating_mul(3) / 2);
        if options.nodes.max(devices) > LARGEST_FLEET {
            return Err(StartError::FleetTooLarge);
        }
        let now = Utc::now();
        let seed = Seed::new(options.seed, options.nodes, devices);
        let authority = Arc::new(Authority::new(now)?);
        let mut account = Account::new(seed, options.edition);
        let tls = options
            .tls
            .then(|| acceptor(&authority, &options))
            .transpose()?;

        let scheme = if options.tls { "https" } else { "http" };
        let (ief, address) = listen(options.listen).await?;
        account.endpoint = format!("{scheme}://{address}");
        account.iam_endpoint.clone_from(&account.endpoint);
        let iam = if options.separate_iam {
            let (iam, address) = listen(SocketAddr::new(address.ip(), 0)).await?;
            account.iam_endpoint = format!("{scheme}://{address}");
            Some(iam)
        } else {
            None
        };
        if options.tls {
            account.ca_pem = Some(authority.pem().to_owned());
            account.ca_file = Some(write_ca(authority.pem(), address)?);
        }

        let clock = Clock::new(options.start.unwrap_or(now), options.pace);
        let shared = Arc::new(account.clone());
        let world = World::new(&options, seed, Arc::clone(&shared), authority, clock.now());
        let state = Arc::new(State::new(shared, clock, world, options.faults));
        let door = |serves| Door {
            state: Arc::clone(&state),
            tls: tls.clone(),
            serves,
        };
        let mut tasks = Vec::new();
        match iam {
            None => tasks.push(tokio::spawn(door(None).open(ief)).abort_handle()),
            Some(iam) => {
                tasks.push(tokio::spawn(door(Some(Service::Ief)).open(ief)).abort_handle());
                tasks.push(tokio::spawn(door(Some(Service::Iam)).open(iam)).abort_handle());
            }
        }
        Ok(Running {
            account,
            control: Control::new(state),
            tasks,
        })
    }
}

impl Running {
    /// How to sign in.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Steers it.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        if let Some(file) = &self.account.ca_file {
            // It holds nothing secret, so a file that can't be removed does no harm.
            drop(std::fs::remove_file(file));
        }
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let actual = listener.local_addr().map_err(failed)?;
    Ok((listener, actual))
}

fn acceptor(authority: &Authority, options: &Options) -> Result<TlsAcceptor, StartError> {
    let (chain, key) = authority.server(options.listen.ip(), Utc::now())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn write_ca(pem: &str, address: SocketAddr) -> Result<PathBuf, StartError> {
    let name = format!("ief-sim-{}-{}.pem", std::process::id(), address.port());
    let path = std::env::temp_dir().join(name);
    match std::fs::write(&path, pem) {
        Ok(()) => Ok(path),
        Err(error) => Err(StartError::CaFile(path, error)),
    }
}
