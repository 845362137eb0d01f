//! The system's keyring: Secret Service, Keychain, Credential Manager.

use console_ipc::profile::SecretStore;
use keyring::Entry;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroize;

use super::{SecretBackend, SecretError};

/// The system's keyring.
#[derive(Debug, Clone)]
pub struct SystemKeyring {
    /// The name under which entries stand in it.
    service: String,
}

impl SystemKeyring {
    /// The keyring, with entries under this name.
    #[must_use]
    pub fn new(service: &str) -> Self {
        Self {
            service: service.to_owned(),
        }
    }

    fn entry(&self, key: &str) -> Result<Entry, SecretError> {
        Entry::new(&self.service, key).map_err(refused)
    }
}

impl SecretBackend for SystemKeyring {
    fn kind(&self) -> SecretStore {
        if cfg!(target_os = "macos") {
            SecretStore::Keychain
        } else if cfg!(windows) {
            SecretStore::CredentialManager
        } else {
            SecretStore::SecretService
        }
    }

    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretError> {
        match self.entry(key)?.get_password() {
            Ok(secret) => Ok(Some(SecretString::from(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretError> {
        // Handed to the keyring, which is where it is to be kept.
        self.entry(key)?
            .set_password(secret.expose_secret())
            .map_err(refused)
    }

    fn delete(&self, key: &str) -> Result<(), SecretError> {
        match self.entry(key)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }
}

fn refused(error: keyring::Error) -> SecretError {
    // This one carries what was stored.
    if let keyring::Error::BadEncoding(mut bytes) = error {
        bytes.zeroize();
        return SecretError::Damaged;
    }
    SecretError::Keyring(Box::new(error))
}
