//! Where passwords and keys are kept: the system's keyring, or what the user chose instead.
//!
//! **Never:** plain text on a disk, or a store that only pretends to keep what it is given.

mod encrypted;
mod memory;
mod system;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use console_ipc::error::NextStep;
use console_ipc::profile::{SHORTEST_PASSPHRASE, SecretStore, SecretStoreState};
use console_ipc::{ErrorKind, IpcError};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::clock::Random;
use crate::console::blocking;
use crate::files::{read_if_there, write_whole};
use encrypted::EncryptedFile;
use memory::Memory;
pub use system::SystemKeyring;

/// So long the keyring may take to answer at start. A locked one asks the user first.
const PATIENCE: Duration = Duration::from_secs(60);

/// A store for secrets. Calls may block, for minutes when the system asks the user to unlock it.
pub trait SecretBackend: Send + Sync + 'static {
    /// Which store it is.
    fn kind(&self) -> SecretStore;

    /// Reads a secret.
    ///
    /// # Errors
    /// When the store does not answer or refuses.
    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretError>;

    /// Keeps a secret, instead of an earlier one under the same key.
    ///
    /// # Errors
    /// When the store does not answer or refuses.
    fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretError>;

    /// Forgets a secret. It is no error when there is none.
    ///
    /// # Errors
    /// When the store does not answer or refuses.
    fn delete(&self, key: &str) -> Result<(), SecretError>;

    /// Everything in it, where it can tell: what is in memory only moves along when another store is chosen.
    fn all(&self) -> Vec<(String, SecretString)> {
        Vec::new()
    }
}

/// Why a store of secrets failed. Never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The system's keyring failed or is not there.
    #[error("{0}")]
    Keyring(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// This system has no keyring, or is not to use it.
    #[error("there is no keyring")]
    NoKeyring,
    /// The keyring forgets what it is given.
    #[error("the keyring does not keep what it is given")]
    Forgetful,
    /// The keyring did not answer in time.
    #[error("the keyring does not answer")]
    Silent,
    /// The passphrase does not open the encrypted file.
    #[error("the passphrase does not open the file")]
    WrongPassphrase,
    /// The passphrase for a new encrypted file is too short.
    #[error("the passphrase is too short")]
    ShortPassphrase,
    /// The encrypted file can't be read or written.
    #[error("the encrypted file failed: {0}")]
    File(#[from] std::io::Error),
    /// The encrypted file is open: nothing is gained by replacing it.
    #[error("the encrypted file is in use")]
    InUse,
    /// The store that has the secret is not the one in use, or not open.
    #[error("the store that has the secret is not in use")]
    OutOfReach,
    /// The encrypted file is not what this application writes.
    #[error("the encrypted file is damaged")]
    Damaged,
}

/// What a profile signs in with.
#[derive(Debug, Clone)]
pub(crate) struct ProfileSecret {
    /// Password or secret key.
    pub(crate) secret: SecretString,
    /// Security token of temporary keys.
    pub(crate) security_token: Option<SecretString>,
}

/// Where a secret is kept. A secret never takes the place of one that was given for another service or user:
/// where a profile leads and what it signs in with change in one step then, which is the writing of the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredSecret {
    /// In which store.
    pub(crate) store: SecretStore,
    /// Under which name.
    pub(crate) key: String,
}

/// What the user chose where there is no keyring. Remembered, so that they are not asked at each start.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Choice {
    store: Option<SecretStore>,
}

/// The store in use.
pub(crate) struct Secrets {
    folder: PathBuf,
    scrypt_work: u8,
    keyring: Option<Arc<dyn SecretBackend>>,
    store: RwLock<Option<Arc<dyn SecretBackend>>>,
    state: Mutex<SecretStoreState>,
    /// Whether the user has chosen in this run: what was begun at start no longer counts then.
    chosen: Mutex<bool>,
}

impl Secrets {
    /// Nothing is asked of the keyring yet: see [`Self::begin`].
    pub(crate) fn new(
        folder: &Path,
        keyring: Option<Arc<dyn SecretBackend>>,
        scrypt_work: u8,
    ) -> Self {
        let state = SecretStoreState {
            store: keyring
                .as_ref()
                .map_or(SecretStore::None, |keyring| keyring.kind()),
            usable: false,
            choice_needed: false,
            reason: None,
        };
        Self {
            folder: folder.to_owned(),
            scrypt_work,
            keyring,
            store: RwLock::new(None),
            state: Mutex::new(state),
            chosen: Mutex::new(false),
        }
    }

    /// Takes up what the user chose in an earlier run, or tries the keyring. The user may be faster.
    pub(crate) async fn begin(&self, random: &dyn Random) {
        let remembered = self.remembered();
        let probed = match remembered {
            Some(SecretStore::Memory | SecretStore::EncryptedFile) => None,
            _ => Some(self.probe_keyring(random).await),
        };
        let chosen = self.chosen();
        if *chosen {
            return;
        }
        match (remembered, probed) {
            (_, Some(Ok(keyring))) => drop(self.take(keyring)),
            (_, Some(Err(error))) => self.set_state(SecretStore::None, Some(error.to_string())),
            (Some(SecretStore::EncryptedFile), None) => {
                // It opens when the user gives the passphrase.
                self.set_state(SecretStore::EncryptedFile, Some("locked".to_owned()));
            }
            (_, None) => drop(self.take(Arc::new(Memory::default()))),
        }
    }

    pub(crate) fn state(&self) -> SecretStoreState {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Uses what the user chose. Secrets that were in memory only move along; their keys are returned.
    pub(crate) async fn choose(
        &self,
        kind: SecretStore,
        passphrase: Option<SecretString>,
        random: &dyn Random,
    ) -> Result<Vec<String>, IpcError> {
        let (before, remembered) = match kind {
            SecretStore::Memory => {
                // What is in memory already stays there.
                let chosen = self.chosen();
                let store = self
                    .store()
                    .filter(|store| store.kind() == SecretStore::Memory)
                    .unwrap_or_else(|| Arc::new(Memory::default()));
                (self.take_chosen(chosen, store), Some(SecretStore::Memory))
            }
            SecretStore::EncryptedFile => {
                let passphrase = passphrase.ok_or_else(|| told(&SecretError::ShortPassphrase))?;
                let path = self.encrypted_path();
                let work = self.scrypt_work;
                let file =
                    blocking(move || Ok(EncryptedFile::open(path, passphrase, work)?)).await?;
                let before = self.take_chosen(self.chosen(), Arc::new(file));
                (before, Some(SecretStore::EncryptedFile))
            }
            SecretStore::SecretService | SecretStore::Keychain | SecretStore::CredentialManager => {
                match self.probe_keyring(random).await {
                    Ok(keyring) => (self.take_chosen(self.chosen(), keyring), None),
                    Err(error) => {
                        let _chosen = self.chosen();
                        // Another store that works stays in use.
                        if self.store().is_none() {
                            self.set_state(SecretStore::None, Some(error.to_string()));
                        }
                        return Err(told(&error));
                    }
                }
            }
            SecretStore::None => {
                return Err(IpcError::new(
                    ErrorKind::Protocol,
                    NextStep::ChooseSecretStore,
                ));
            }
        };
        self.remember(remembered).await?;
        self.take_along(before).await
    }

    /// Makes a new encrypted file and uses it. An old one is kept beside it; where is returned, with the keys
    /// of the secrets that were in memory only and have moved along.
    pub(crate) async fn start_file(
        &self,
        passphrase: SecretString,
        now_ms: i64,
    ) -> Result<(Vec<String>, Option<PathBuf>), IpcError> {
        if self.has_in_use(SecretStore::EncryptedFile) {
            return Err(told(&SecretError::InUse));
        }
        let path = self.encrypted_path();
        let work = self.scrypt_work;
        let (file, kept) =
            blocking(move || Ok(EncryptedFile::start(path, passphrase, work, now_ms)?)).await?;
        let before = self.take_chosen(self.chosen(), Arc::new(file));
        self.remember(Some(SecretStore::EncryptedFile)).await?;
        Ok((self.take_along(before).await?, kept))
    }

    /// Moves what was in memory only to the store in use.
    async fn take_along(
        &self,
        before: Option<Arc<dyn SecretBackend>>,
    ) -> Result<Vec<String>, IpcError> {
        let kept_elsewhere = self
            .store()
            .is_some_and(|store| store.kind() != SecretStore::Memory);
        match before {
            Some(before) if before.kind() == SecretStore::Memory && kept_elsewhere => {
                self.move_from(before).await
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Whether this is the store in use.
    pub(crate) fn has_in_use(&self, kind: SecretStore) -> bool {
        self.store().is_some_and(|store| store.kind() == kind)
    }

    /// A place for a new secret, in the store in use.
    pub(crate) fn new_place(&self, random: &dyn Random) -> Result<StoredSecret, IpcError> {
        Ok(StoredSecret {
            store: self.usable()?.kind(),
            key: random.uuid().to_string(),
        })
    }

    /// What a profile signs in with. `None` when there is nothing in the store in use.
    pub(crate) async fn read(&self, key: &str) -> Result<Option<ProfileSecret>, IpcError> {
        let store = self.usable()?;
        let [secret, token] = keys(key);
        blocking(move || {
            let Some(secret) = store.get(&secret)? else {
                return Ok(None);
            };
            let security_token = store.get(&token)?;
            Ok(Some(ProfileSecret {
                secret,
                security_token,
            }))
        })
        .await
    }

    /// Keeps what a profile signs in with.
    ///
    /// # Errors
    /// When the store fails, or another one was chosen since the place was found.
    pub(crate) async fn write(
        &self,
        place: &StoredSecret,
        secret: ProfileSecret,
    ) -> Result<(), IpcError> {
        let store = self
            .in_reach(place)
            .map_err(|_| IpcError::new(ErrorKind::SecretStore, NextStep::TryAgain))?;
        let [key, token] = keys(&place.key);
        blocking(move || {
            store.set(&key, &secret.secret)?;
            match &secret.security_token {
                Some(security_token) => store.set(&token, security_token)?,
                None => store.delete(&token)?,
            }
            Ok(())
        })
        .await
    }

    /// Forgets what a profile signed in with.
    ///
    /// # Errors
    /// When the store fails, or is not the one in use.
    pub(crate) async fn delete(&self, place: &StoredSecret) -> Result<(), IpcError> {
        let store = match self.in_reach(place) {
            Ok(store) => store,
            // It is gone with the run that put it there, or has moved along.
            Err(_) if place.store == SecretStore::Memory => return Ok(()),
            Err(error) => return Err(error),
        };
        let [key, token] = keys(&place.key);
        blocking(move || {
            store.delete(&key)?;
            Ok(store.delete(&token)?)
        })
        .await
    }

    /// Whether a secret is in reach.
    pub(crate) fn reaches(&self, place: &StoredSecret) -> bool {
        let put_into = place.store;
        match self.store() {
            // What was in memory is gone with the run that put it there, and a file may be another one than
            // then. Both answer from memory, even while a file is written, so that asking them takes no time.
            Some(store)
                if matches!(
                    store.kind(),
                    SecretStore::Memory | SecretStore::EncryptedFile
                ) =>
            {
                let [key, _] = keys(&place.key);
                put_into == store.kind() && matches!(store.get(&key), Ok(Some(_)))
            }
            Some(store) => store.kind() == put_into,
            None => self.state().store == put_into && put_into != SecretStore::Memory,
        }
    }

    /// Gives the keyring back when it works.
    async fn probe_keyring(
        &self,
        random: &dyn Random,
    ) -> Result<Arc<dyn SecretBackend>, SecretError> {
        let keyring = self.keyring.clone().ok_or(SecretError::NoKeyring)?;
        let probed = Arc::clone(&keyring);
        let text = random.uuid().to_string();
        let probe = tokio::task::spawn_blocking(move || probe(&*probed, &text));
        match tokio::time::timeout(PATIENCE, probe).await {
            Ok(Ok(result)) => result.map(|()| keyring),
            Ok(Err(_)) | Err(_) => Err(SecretError::Silent),
        }
    }

    async fn move_from(&self, before: Arc<dyn SecretBackend>) -> Result<Vec<String>, IpcError> {
        let store = self.usable()?;
        blocking(move || {
            let mut moved = Vec::new();
            for (key, secret) in before.all() {
                store.set(&key, &secret)?;
                if let Some(key) = key.strip_suffix(SECRET) {
                    moved.push(key.to_owned());
                }
            }
            Ok(moved)
        })
        .await
    }

    /// Uses a store that the user chose, and returns the one before. Only here a choice counts: one that
    /// failed must not stop what was begun at start.
    fn take_chosen(
        &self,
        mut chosen: MutexGuard<'_, bool>,
        store: Arc<dyn SecretBackend>,
    ) -> Option<Arc<dyn SecretBackend>> {
        *chosen = true;
        self.take(store)
    }

    fn take(&self, store: Arc<dyn SecretBackend>) -> Option<Arc<dyn SecretBackend>> {
        let kind = store.kind();
        let before = self
            .store
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(store);
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = SecretStoreState {
            store: kind,
            usable: true,
            choice_needed: false,
            reason: None,
        };
        before
    }

    fn set_state(&self, store: SecretStore, reason: Option<String>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = SecretStoreState {
            store,
            usable: false,
            choice_needed: true,
            reason,
        };
    }

    fn chosen(&self) -> MutexGuard<'_, bool> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self) -> Option<Arc<dyn SecretBackend>> {
        self.store
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn usable(&self) -> Result<Arc<dyn SecretBackend>, IpcError> {
        self.store()
            .ok_or_else(|| IpcError::new(ErrorKind::SecretStore, NextStep::ChooseSecretStore))
    }

    /// The store that has this secret, when it is in use.
    fn in_reach(&self, place: &StoredSecret) -> Result<Arc<dyn SecretBackend>, IpcError> {
        let in_use = self.store().filter(|store| store.kind() == place.store);
        in_use.ok_or_else(|| told(&SecretError::OutOfReach))
    }

    fn encrypted_path(&self) -> PathBuf {
        self.folder.join("secrets.age")
    }

    fn choice_path(&self) -> PathBuf {
        self.folder.join("secret-store.json")
    }

    fn remembered(&self) -> Option<SecretStore> {
        // A choice that can't be read is asked for again: nothing else depends on it.
        let bytes = read_if_there(&self.choice_path()).ok().flatten()?;
        serde_json::from_slice::<Choice>(&bytes).ok()?.store
    }

    async fn remember(&self, store: Option<SecretStore>) -> Result<(), IpcError> {
        let path = self.choice_path();
        blocking(move || {
            write_whole(&path, |file| {
                Ok(serde_json::to_writer(file, &Choice { store })?)
            })
            .map(drop)
            .map_err(|error| crate::files::file_error(&path, &error, NextStep::TryAgain))
        })
        .await
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

const SECRET: &str = "/secret";
const TOKEN: &str = "/security-token";

fn keys(key: &str) -> [String; 2] {
    [format!("{key}{SECRET}"), format!("{key}{TOKEN}")]
}

/// Whether the store keeps what it is given. It is written through one entry and read through another: a
/// store that keeps things in the entry only would pass otherwise.
fn probe(store: &dyn SecretBackend, text: &str) -> Result<(), SecretError> {
    let key = format!("probe/{text}");
    store.set(&key, &SecretString::from(text.to_owned()))?;
    let read = store.get(&key);
    store.delete(&key)?;
    match read? {
        Some(read) if read.expose_secret() == text => {}
        _ => return Err(SecretError::Forgetful),
    }
    match store.get(&key)? {
        None => Ok(()),
        Some(_) => Err(SecretError::Forgetful),
    }
}

impl From<SecretError> for IpcError {
    fn from(error: SecretError) -> Self {
        told(&error)
    }
}

fn told(error: &SecretError) -> IpcError {
    let (problem, next) = match error {
        SecretError::Keyring(_) => ("keyring", NextStep::ChooseSecretStore),
        SecretError::NoKeyring => ("no_keyring", NextStep::ChooseSecretStore),
        SecretError::Forgetful => ("forgetful", NextStep::ChooseSecretStore),
        SecretError::Silent => ("silent", NextStep::ChooseSecretStore),
        SecretError::WrongPassphrase => ("wrong_passphrase", NextStep::Correct),
        SecretError::ShortPassphrase => ("short_passphrase", NextStep::Correct),
        SecretError::File(_) => ("file", NextStep::TryAgain),
        SecretError::InUse => ("in_use", NextStep::Nothing),
        SecretError::OutOfReach => ("out_of_reach", NextStep::ChooseSecretStore),
        SecretError::Damaged => ("damaged", NextStep::ChooseSecretStore),
    };
    IpcError::new(ErrorKind::SecretStore, next)
        .with("problem", problem)
        .with("detail", error)
        .with("shortest", SHORTEST_PASSPHRASE)
}

#[cfg(test)]
mod tests;
