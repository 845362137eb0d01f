//! From a profile to a session.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::profile::{
    CloudTarget, Connection, CredentialKind, Profile, ProxyChoice, SessionState, Target,
};
use console_ipc::{ErrorKind, IpcError};
use ief_client::{Client, ClientConfig, Credential, Proxy};
use tokio::sync::MutexGuard;
use tokio_util::sync::CancellationToken;

use super::{Rights, Session, Unsettled, no_session};
use crate::bulk::Plans;
use crate::calls::Vault;
use crate::console::{Console, Current, blocking};
use crate::error::from_client;
use crate::guard::Guard;
use crate::inspect::listed::Listings;
use crate::inventory::Inventories;
use crate::secrets::ProfileSecret;

impl Console {
    /// Ends the session and begins that of another profile. A profile that can't be used is in use all the
    /// same: the state says what is wrong.
    pub(crate) async fn switch_to(&self, id: &str) -> Result<SessionState, IpcError> {
        let switching = self.core.switching.lock().await;
        self.switch_while(&switching, id).await
    }

    /// The same for whoever holds the lock on switching already.
    pub(crate) async fn switch_while(
        &self,
        _: &MutexGuard<'_, ()>,
        id: &str,
    ) -> Result<SessionState, IpcError> {
        let core = &self.core;
        let (profile, _) = core.profiles.find(id)?;
        let (using, active) = (Arc::clone(core), id.to_owned());
        blocking(move || using.profiles.use_profile(&active)).await?;
        let next = match self.begin(&profile).await {
            Ok(session) => Current::Live(session),
            Err(error) => {
                let mut state = described(&profile);
                state.connection = Connection::Failed { error };
                Current::Failed(Box::new(state))
            }
        };
        let before = {
            let mut current = core.current.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, next.clone())
        };
        if let Current::Live(session) = before {
            session.end();
        }
        let state = core.session_state();
        core.events.push(Event::State);
        core.events.push(Event::Guard {
            guard: core.guard_state(),
        });
        core.events.push(Event::Session {
            session: state.clone(),
        });
        if let Current::Live(session) = next {
            tokio::spawn(async move { session.try_connection().await });
        }
        Ok(state)
    }

    /// Ends the session and uses no profile. For whoever holds the lock on switching.
    pub(crate) fn leave_while(&self, _: &MutexGuard<'_, ()>) {
        let core = &self.core;
        let before = {
            let mut current = core.current.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *current, Current::None)
        };
        if let Current::Live(session) = before {
            session.end();
        }
        core.events.push(Event::Session {
            session: core.session_state(),
        });
        core.events.push(Event::Guard {
            guard: core.guard_state(),
        });
    }

    async fn begin(&self, profile: &Profile) -> Result<Arc<Session>, IpcError> {
        let core = &self.core;
        let mut state = described(profile);
        let (config, guard, simulator) = match &profile.target {
            Target::Simulator(target) => {
                let simulator = core.simulators.of(&profile.id, target).await?;
                let account = simulator.account();
                account.project_name.clone_into(&mut state.project);
                account.project_name.clone_into(&mut state.region);
                account.project_id.clone_into(&mut state.project_id);
                account.domain.clone_into(&mut state.account);
                state.instance_id = account.instance_id.clone().unwrap_or_default();
                let credential = Credential::Password {
                    domain: account.domain.clone(),
                    user: account.user.clone(),
                    password: account.password.clone(),
                };
                let mut config = ClientConfig::new(
                    &account.endpoint,
                    &account.iam_endpoint,
                    &account.project_id,
                    credential,
                );
                config.project_name = Some(account.project_name.clone());
                config.instance_id.clone_from(&account.instance_id);
                config.proxy = Proxy::None;
                (
                    config,
                    Guard::open(Arc::clone(&core.clock)),
                    Some(simulator),
                )
            }
            Target::Cloud(target) => {
                let secret = self.stored_secret(profile).await?;
                let config = configuration(target, secret);
                (config, Guard::locked(Arc::clone(&core.clock)), None)
            }
        };
        let client = Client::new(config).map_err(|error| from_client(&error))?;
        state.connection = Connection::Connecting;
        state.number = Session::next_number();
        Ok(Arc::new(Session {
            number: state.number,
            core: Arc::clone(core),
            client,
            guard,
            vault: Vault::default(),
            inventories: Inventories::new(),
            plans: Plans::default(),
            rights: Rights::default(),
            listed: Listings::default(),
            unsettled: Unsettled::default(),
            ended: CancellationToken::new(),
            profile: RwLock::new(profile.clone()),
            state: Mutex::new(state),
            errors: AtomicU32::new(0),
            latency_ms: AtomicU32::new(0),
            _simulator: simulator,
        }))
    }

    /// What a profile signs in with, from the store.
    pub(super) async fn stored_secret(&self, profile: &Profile) -> Result<ProfileSecret, IpcError> {
        let missing = || {
            IpcError::new(ErrorKind::SecretMissing, NextStep::CheckCredential)
                .with("profile", &profile.name)
        };
        let (_, stored) = self.core.profiles.find(&profile.id)?;
        let stored = stored.ok_or_else(missing)?;
        self.core
            .secrets
            .read(&stored.key)
            .await?
            .ok_or_else(missing)
    }
}

impl Session {
    /// Signs in, finds the project and makes a first request, so that the state is known soon.
    async fn try_connection(&self) {
        let report = self.client.test_connection(&self.ended).await;
        if let Some(project_id) = &report.project_id {
            self.update(|state| project_id.clone_into(&mut state.project_id));
        }
        match report.failure() {
            Some((_, error)) => {
                let error = from_client(error);
                if error.kind != ErrorKind::Cancelled {
                    // Shown as the connection's state whatever kind it is: nothing works before this does.
                    self.update(|state| state.connection = Connection::Failed { error });
                }
            }
            None => self.connection(Connection::Connected),
        }
    }
}

/// How the client reaches a project in the cloud.
pub(super) fn configuration(target: &CloudTarget, secret: ProfileSecret) -> ClientConfig {
    let credential = match &target.credential {
        CredentialKind::Password { domain, user } => Credential::Password {
            domain: domain.clone(),
            user: user.clone(),
            password: secret.secret,
        },
        CredentialKind::AccessKey { access_key } => Credential::AccessKey {
            access_key: access_key.clone(),
            secret_key: secret.secret,
            security_token: secret.security_token,
        },
    };
    let mut config = ClientConfig::new(
        &target.endpoint,
        &target.iam_endpoint,
        &target.project_id,
        credential,
    );
    config.project_name = given(&target.project_name);
    config.instance_id = given(&target.instance_id);
    config.extra_ca_pem = given(&target.extra_ca);
    config.proxy = match &target.proxy {
        ProxyChoice::System => Proxy::System,
        ProxyChoice::Direct => Proxy::None,
        ProxyChoice::Url { url } => Proxy::Url(url.clone()),
    };
    config
}

/// What a profile says about its session before anything was sent.
fn described(profile: &Profile) -> SessionState {
    let mut state = SessionState {
        profile_id: Some(profile.id.clone()),
        simulator: matches!(profile.target, Target::Simulator(_)),
        ..no_session()
    };
    if let Target::Cloud(cloud) = &profile.target {
        cloud.project_name.clone_into(&mut state.project);
        cloud.project_id.clone_into(&mut state.project_id);
        cloud.instance_id.clone_into(&mut state.instance_id);
        state.region = match cloud.region.as_str() {
            "" => host(&cloud.endpoint),
            region => region.to_owned(),
        };
        state.account = match &cloud.credential {
            CredentialKind::Password { domain, .. } => domain.clone(),
            CredentialKind::AccessKey { access_key } => access_key.clone(),
        };
    }
    state
}

fn host(endpoint: &str) -> String {
    let url = url::Url::parse(endpoint).ok();
    url.and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
