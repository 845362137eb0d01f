//! Commands about profiles, secrets and the write lock.

use std::sync::Arc;

use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::journal::{JournalEntry, JournalOutcome, JournalSummary};
use console_ipc::profile::{
    ChooseSecretStore, Connection, ConnectionReport, DeleteProfile, DuplicateProfile, GuardState,
    LockWrites, Profile, SaveProfile, SecretFileStarted, SecretStoreState, SessionState,
    StartSecretFile, SwitchProfile, Target, TestConnection, TrySignInAgain, UnlockWrites,
};
use console_ipc::secret::InwardSecret;
use console_ipc::{ErrorKind, IpcError};
use ief_client::Client;
use secrecy::SecretString;
use tokio::sync::MutexGuard;

use super::Session;
use super::connect::configuration;
use super::report::try_out;
use crate::clock::Deadline;
use crate::console::{Console, Current, Handle, blocking};
use crate::error::from_client;
use crate::journal::Ending;
use crate::profiles::{invalid, secret_belongs_to, validate};
use crate::secrets::{ProfileSecret, StoredSecret};

impl Handle<SaveProfile> for Console {
    async fn handle(&self, request: SaveProfile) -> Result<Profile, IpcError> {
        let core = Arc::clone(&self.core);
        // Whether the session has to begin anew depends on which profile is in use by then.
        let switching = core.switching.lock().await;
        let is_new = request.profile.id.is_empty();
        let profile = core.profiles.prepare(request.profile, &*core.random)?;
        let secret = typed(request.secret, request.security_token)?;
        let before = match is_new {
            true => None,
            false => Some(core.profiles.find(&profile.id)?.0),
        };
        if let Some(before) = &before {
            self.same_owner(before, &profile, secret.is_some())?;
        }
        let changes_session = secret.is_some()
            || before
                .as_ref()
                .is_none_or(|before| before.target != profile.target);
        let secret = secret.filter(|_| matches!(profile.target, Target::Cloud(_)));
        let kept = self.keep(before.as_ref(), &profile, secret).await;
        // That of the profile as it was, or the new one when the profile could not be kept.
        self.forget_left_behind(&switching).await;
        kept?;
        core.events.push(Event::State);
        if core.session_state().profile_id.as_deref() == Some(profile.id.as_str()) {
            match core.current() {
                Current::Live(session) if !changes_session => session.rename(profile.clone()),
                _ => {
                    self.switch_while(&switching, &profile.id).await?;
                }
            }
        }
        Ok(self.listed(&profile.id).unwrap_or(profile))
    }
}

impl Handle<DuplicateProfile> for Console {
    async fn handle(&self, request: DuplicateProfile) -> Result<Profile, IpcError> {
        let core = Arc::clone(&self.core);
        blocking(move || {
            let copy = core
                .profiles
                .duplicate(&request.id, &request.name, &*core.random)?;
            core.events.push(Event::State);
            Ok(copy)
        })
        .await
    }
}

impl Handle<DeleteProfile> for Console {
    async fn handle(&self, request: DeleteProfile) -> Result<(), IpcError> {
        let core = Arc::clone(&self.core);
        let switching = core.switching.lock().await;
        let (_, secret) = core.profiles.find(&request.id)?;
        let in_use = core.session_state().profile_id.as_deref() == Some(request.id.as_str());
        let id = request.id.clone();
        let deleting = Arc::clone(&core);
        blocking(move || deleting.profiles.delete(&request.id, &request.confirmation)).await?;
        if in_use {
            self.leave_while(&switching);
        }
        core.simulators.forget(&id).await;
        core.events.push(Event::State);
        // Told when it fails: the profile is gone, its secret is not. It is tried again when its store is chosen.
        let kept = self.forget_left_behind(&switching).await;
        match kept.into_iter().find(|(it, _)| Some(it) == secret.as_ref()) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }
}

impl Handle<SwitchProfile> for Console {
    async fn handle(&self, request: SwitchProfile) -> Result<SessionState, IpcError> {
        self.switch_to(&request.id).await
    }
}

impl Handle<TestConnection> for Console {
    async fn handle(&self, request: TestConnection) -> Result<ConnectionReport, IpcError> {
        let mut profile = request.profile;
        validate(&mut profile)?;
        let Target::Cloud(target) = &profile.target else {
            return Err(invalid("target", "simulator"));
        };
        let secret = match typed(request.secret, request.security_token)? {
            Some(secret) => secret,
            None if profile.id.is_empty() => return Err(invalid("secret", "missing")),
            None => {
                let (stored, _) = self.core.profiles.find(&profile.id)?;
                self.same_owner(&stored, &profile, false)?;
                self.stored_secret(&stored).await?
            }
        };
        let client =
            Client::new(configuration(target, secret)).map_err(|error| from_client(&error))?;
        Ok(try_out(&client).await)
    }
}

impl Handle<ChooseSecretStore> for Console {
    async fn handle(&self, request: ChooseSecretStore) -> Result<SecretStoreState, IpcError> {
        let core = &self.core;
        let passphrase = request.passphrase.map(InwardSecret::into_secret);
        let moved = core
            .secrets
            .choose(request.store, passphrase, &*core.random)
            .await?;
        self.use_store(moved).await
    }
}

impl Handle<StartSecretFile> for Console {
    async fn handle(&self, request: StartSecretFile) -> Result<SecretFileStarted, IpcError> {
        let core = &self.core;
        let passphrase = request.passphrase.into_secret();
        let (moved, kept) = core
            .secrets
            .start_file(passphrase, core.clock.now_ms())
            .await?;
        Ok(SecretFileStarted {
            state: self.use_store(moved).await?,
            kept: kept.map(|path| path.display().to_string()),
        })
    }
}

impl Handle<UnlockWrites> for Console {
    async fn handle(&self, request: UnlockWrites) -> Result<GuardState, IpcError> {
        let session = self.core.session()?;
        let unlocking = session
            .guard
            .check_unlock(request.minutes, &request.reason)?;
        let state = unlocking.state.clone();
        let (GuardState::Unlocked { reason, .. }, Some(deadline)) = (&state, unlocking.deadline)
        else {
            return Ok(state);
        };
        // The journal first: what can't be written down is not unlocked.
        let id = self.core.random.uuid().to_string();
        let entry = JournalEntry {
            summary: JournalSummary {
                id: id.clone(),
                at_ms: self.core.clock.now_ms(),
                profile: session.profile().name,
                operation: "unlock_writes".to_owned(),
                variant: None,
                target: None,
                outcome: JournalOutcome::Pending,
                request_id: None,
            },
            call: None,
            http: None,
            before: None,
            reason: Some(reason.clone()),
            elapsed_ms: None,
        };
        self.core.journal.begin(entry).await?;
        self.core.events.push(Event::Journal { id: id.clone() });
        // Somebody may have locked, or left the profile, while it was written down.
        let unlocked = match session.guard.set(unlocking) {
            true => Ok(()),
            false => Err(IpcError::new(ErrorKind::Cancelled, NextStep::Nothing)),
        };
        let ending = Ending {
            id: id.clone(),
            at_ms: self.core.clock.now_ms(),
            outcome: match unlocked.clone() {
                Ok(()) => JournalOutcome::Succeeded { status: 0 },
                Err(error) => JournalOutcome::Failed { error },
            },
            request_id: None,
            elapsed_ms: None,
            target: None,
        };
        if let Err(error) = self.core.journal.end(ending).await {
            session.guard.lock_now();
            return Err(error);
        }
        self.core.events.push(Event::Journal { id });
        unlocked?;
        self.core.events.push(Event::Guard {
            guard: state.clone(),
        });
        tokio::spawn(async move { tell_when_locked(&session, deadline).await });
        Ok(state)
    }
}

impl Handle<TrySignInAgain> for Console {
    async fn handle(&self, _: TrySignInAgain) -> Result<(), IpcError> {
        if let Current::Live(session) = self.core.current() {
            session.client.forget_refusals();
        }
        Ok(())
    }
}

impl Handle<LockWrites> for Console {
    async fn handle(&self, _: LockWrites) -> Result<GuardState, IpcError> {
        let state = self.core.session()?.guard.lock_now();
        self.core.events.push(Event::Guard {
            guard: state.clone(),
        });
        Ok(state)
    }
}

impl Console {
    /// Takes note of a store that was chosen, and of the profiles whose secrets have moved there.
    async fn use_store(&self, moved: Vec<String>) -> Result<SecretStoreState, IpcError> {
        let core = &self.core;
        let state = core.secrets.state();
        if !moved.is_empty() {
            let (moving, store) = (Arc::clone(core), state.store);
            blocking(move || moving.profiles.moved_secrets(&moved, store)).await?;
        }
        core.events.push(Event::State);
        let switching = core.switching.lock().await;
        self.forget_left_behind(&switching).await;
        // A profile that only lacked its secret can be used now.
        if let Current::Failed(session) = core.current()
            && let Connection::Failed { error } = &session.connection
            && matches!(
                error.kind,
                ErrorKind::SecretStore | ErrorKind::SecretMissing
            )
            && let Some(id) = &session.profile_id
        {
            self.switch_while(&switching, id).await?;
        }
        Ok(state)
    }

    /// Keeps a profile with its secret, if it has a new one. When that fails, the profile as it was never has
    /// a secret that was given for another service or user.
    async fn keep(
        &self,
        before: Option<&Profile>,
        profile: &Profile,
        secret: Option<ProfileSecret>,
    ) -> Result<(), IpcError> {
        let core = &self.core;
        let same_owner =
            before.filter(|before| secret_belongs_to(before) == secret_belongs_to(profile));
        let stored = match same_owner {
            Some(before) => core.profiles.find(&before.id)?.1,
            None => None,
        };
        let place = match (
            secret,
            stored.filter(|it| core.secrets.has_in_use(it.store)),
        ) {
            (Some(secret), Some(place)) => {
                core.secrets.write(&place, secret).await?;
                None
            }
            (Some(secret), None) => {
                let place = core.secrets.new_place(&*core.random)?;
                let (announcing, announced) = (Arc::clone(core), place.clone());
                blocking(move || announcing.profiles.announce_secret(announced)).await?;
                core.secrets.write(&place, secret).await?;
                Some(place)
            }
            (None, _) => None,
        };
        let (keeping, profile) = (Arc::clone(core), profile.clone());
        blocking(move || keeping.profiles.put(profile, place)).await
    }

    /// Forgets the secrets that belong to no profile. Those out of reach are tried again later; they are
    /// returned with the reason. For whoever holds the lock on switching, as whoever keeps a profile does:
    /// its new secret belongs to none for a moment.
    pub(crate) async fn forget_left_behind(
        &self,
        _: &MutexGuard<'_, ()>,
    ) -> Vec<(StoredSecret, IpcError)> {
        let core = &self.core;
        let (mut forgotten, mut kept) = (Vec::new(), Vec::new());
        for secret in core.profiles.left_behind() {
            match core.secrets.delete(&secret).await {
                Ok(()) => forgotten.push(secret),
                Err(error) => kept.push((secret, error)),
            }
        }
        if !forgotten.is_empty() {
            let noting = Arc::clone(core);
            // Otherwise they are deleted once more, which does no harm.
            let _tried = blocking(move || noting.profiles.forgot_secrets(&forgotten)).await;
        }
        kept
    }

    /// Refuses to use a stored secret for another service or another user than it was given for.
    fn same_owner(&self, before: &Profile, after: &Profile, given: bool) -> Result<(), IpcError> {
        if given || secret_belongs_to(before) == secret_belongs_to(after) {
            return Ok(());
        }
        let (_, put_into) = self.core.profiles.find(&before.id)?;
        match put_into {
            Some(_) => Err(invalid("secret", "needed_again")),
            None => Ok(()),
        }
    }

    fn listed(&self, id: &str) -> Option<Profile> {
        let core = &self.core;
        let profiles = core.profiles.list(|secret| core.reaches(secret));
        profiles.into_iter().find(|profile| profile.id == id)
    }
}

/// The window can't know when time is up on the host's clock.
async fn tell_when_locked(session: &Session, deadline: Deadline) {
    tokio::select! {
        () = session.core.clock.until(deadline) => {}
        () = session.ended.cancelled() => return,
    }
    let guard = session.guard.state();
    if guard == GuardState::Locked {
        session.core.events.push(Event::Guard { guard });
    }
}

/// The longest secret that is kept, in bytes. The service's tokens are a tenth of it.
const LONGEST_SECRET: usize = 64 * 1024;

/// What the user typed. A security token alone is of no use.
fn typed(
    secret: Option<InwardSecret>,
    token: Option<InwardSecret>,
) -> Result<Option<ProfileSecret>, IpcError> {
    use secrecy::ExposeSecret;
    let [secret, token] = [secret, token].map(|secret| secret.map(InwardSecret::into_secret));
    // Only the length is looked at, here and below.
    for (field, secret) in [("secret", &secret), ("security_token", &token)] {
        let length = secret
            .as_ref()
            .map_or(0, |secret| secret.expose_secret().len());
        if length > LONGEST_SECRET {
            return Err(invalid(field, "too_long").with("max", LONGEST_SECRET));
        }
    }
    let given = |secret: SecretString| Some(secret).filter(|it| !it.expose_secret().is_empty());
    match (secret.and_then(given), token.and_then(given)) {
        (Some(secret), security_token) => Ok(Some(ProfileSecret {
            secret,
            security_token,
        })),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(invalid("secret", "missing")),
    }
}

#[cfg(test)]
mod tests {
    use console_ipc::secret::InwardSecret;

    use super::typed;

    #[test]
    fn a_secret_longer_than_any_is_refused() {
        let secret = |length| Some(InwardSecret::new("s".repeat(length)));
        let most = super::LONGEST_SECRET;
        assert!(typed(secret(most), secret(most)).unwrap().is_some());
        for (one, two) in [(most + 1, 1), (1, most + 1)] {
            let error = typed(secret(one), secret(two)).unwrap_err();
            assert_eq!(error.values["problem"], "too_long");
        }
    }

    #[test]
    fn an_empty_secret_is_none() {
        let secret = |text: &str| Some(InwardSecret::new(text.to_owned()));
        assert!(typed(secret(""), None).unwrap().is_none());
        assert!(
            typed(secret("s"), secret(""))
                .unwrap()
                .unwrap()
                .security_token
                .is_none()
        );
        assert!(typed(None, secret("t")).is_err());
    }
}
