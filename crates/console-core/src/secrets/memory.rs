//! Secrets in memory only: gone when the application ends.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use console_ipc::profile::SecretStore;
use secrecy::SecretString;

use super::{SecretBackend, SecretError};

/// Secrets in memory only.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<String, SecretString>>);

impl Memory {
    fn map(&self) -> MutexGuard<'_, HashMap<String, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretBackend for Memory {
    fn kind(&self) -> SecretStore {
        SecretStore::Memory
    }

    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretError> {
        Ok(self.map().get(key).cloned())
    }

    fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.map().insert(key.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<(), SecretError> {
        self.map().remove(key);
        Ok(())
    }

    fn all(&self) -> Vec<(String, SecretString)> {
        self.map()
            .iter()
            .map(|(key, secret)| (key.clone(), secret.clone()))
            .collect()
    }
}
