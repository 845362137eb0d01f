//! What is locked by a passphrase: tried at once with those that are given, kept for those that come later.

use super::encryption::{Attempt, Method, Obstacle, Passphrase};
use super::layers::Opener;
use super::legacy::LegacyKey;
use super::pkcs12;
use super::structure::{self, Structure};
use super::things::KeyOpened;
use super::trouble::{Convert, Trouble};
use crate::inspect::der::{NotDer, tag, whole};
use crate::inspect::material::KeyForm;

/// A key or a store that no passphrase has opened yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Locked {
    /// Path in the archive, field of the answer, or name of the input.
    pub(crate) source: String,
    /// What it is.
    pub(crate) form: LockedForm,
}

/// What is locked, as it came. What shows a key to whoever has no passphrase is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LockedForm {
    /// An encrypted key, PKCS#8.
    Key(Vec<u8>),
    /// A key locked in the way from before PKCS#8.
    Legacy(LegacyKey),
    /// A PKCS#12 store, all keys of which are locked.
    Store(Vec<u8>),
    /// A key that is locked in a way that is not supported.
    Unsupported,
}

impl Locked {
    /// Whether a passphrase would open it.
    pub(crate) fn is_openable(&self) -> bool {
        self.form != LockedForm::Unsupported
    }
}

impl Opener<'_> {
    /// A key from before PKCS#8.
    pub(super) fn legacy_key(&mut self, source: &str, key: LegacyKey) {
        if let Err(method) = key.check() {
            self.cannot_unlock(source, Obstacle::Unsupported(method), Convert::Key);
            return;
        }
        for passphrase in self.passphrases {
            let Some(der) = key.unlock(passphrase) else {
                continue;
            };
            // Padding is right by chance once in 256 times.
            let found = whole(&der, tag::SEQUENCE).map(structure::recognise);
            if let Ok(
                found @ (Structure::Pkcs1 | Structure::Sec1 | Structure::Pkcs8 | Structure::Dsa),
            ) = found
                && self.structure(source, found, &der).is_ok()
            {
                return;
            }
        }
        self.lock(source, LockedForm::Legacy(key));
    }

    pub(super) fn locked_key(&mut self, source: &str, der: &[u8]) -> Result<(), NotDer> {
        let mut parts = whole(der, tag::SEQUENCE)?.inside();
        let algorithm = parts.expect(tag::SEQUENCE)?;
        let content = parts.expect(tag::OCTET_STRING)?.value;
        let method = match Method::read(algorithm)? {
            Ok(method) => method,
            Err(obstacle) => {
                self.cannot_unlock(source, obstacle, Convert::Key);
                return Ok(());
            }
        };
        if let Err(obstacle) = method.check(&self.budget) {
            self.cannot_unlock(source, obstacle, Convert::Key);
            return Ok(());
        }
        let passphrases = self.passphrases;
        for passphrase in passphrases {
            let passphrase = Passphrase::Given(passphrase);
            match method.unlock(content, passphrase, &mut self.budget) {
                Attempt::Open(key) => {
                    let is_key = whole(&key, tag::SEQUENCE)
                        .is_ok_and(|key| structure::recognise(key) == Structure::Pkcs8);
                    // Padding is right by chance once in 256 times.
                    if is_key {
                        self.key(source, KeyForm::Pkcs8, key);
                        return Ok(());
                    }
                }
                Attempt::Wrong => {}
                Attempt::Impossible(obstacle) => {
                    self.cannot_unlock(source, obstacle, Convert::Key);
                    return Ok(());
                }
            }
        }
        self.lock(source, LockedForm::Key(der.to_vec()));
        Ok(())
    }

    pub(super) fn store(&mut self, source: &str, der: &[u8]) -> Result<(), NotDer> {
        let given = self.passphrases.iter();
        let given = given.map(|passphrase| Passphrase::Given(passphrase));
        let passphrases: Vec<_> = [Passphrase::Given(""), Passphrase::Absent]
            .into_iter()
            .chain(given)
            .collect();
        let store = pkcs12::read(der, &passphrases, &mut self.budget)?;
        for certificate in store.certificates {
            // When it is opened for the second time, some of them were found already.
            let mut found = self.opened.certificates.iter();
            if !found.any(|found| found.source == source && found.der == certificate) {
                self.certificate(source, &certificate);
            }
        }
        let before = self.opened.keys.len();
        for key in store.keys {
            self.key(source, KeyForm::Pkcs8, key);
        }
        self.forget_keys_found_again(source, before);
        if store.others > 0 {
            self.trouble_once(source, Trouble::OtherContent);
        }
        if store.is_damaged {
            self.trouble(source, Trouble::DerDamaged);
            return Ok(());
        }
        match store.obstacle {
            Some(obstacle) => self.cannot_unlock(source, obstacle, Convert::Store),
            // Kept, its key would stay in the clear.
            None if store.locked && store.is_exposed => {
                self.trouble_once(source, Trouble::SealNotProven);
            }
            None if store.locked => self.lock(source, LockedForm::Store(der.to_vec())),
            None => {}
        }
        Ok(())
    }

    /// Drops of the keys from `first` on those that an earlier attempt at the same store gave.
    fn forget_keys_found_again(&mut self, source: &str, first: usize) {
        let found = self.opened.keys.split_off(first);
        let earlier = &self.opened.keys;
        let is_new = |key: &KeyOpened| !earlier.iter().any(|it| it.source == source && it == key);
        let new: Vec<_> = found.into_iter().filter(is_new).collect();
        self.opened.keys.extend(new);
    }

    fn trouble_once(&mut self, source: &str, trouble: Trouble) {
        let mut told = self.opened.troubles.iter();
        if !told.any(|told| told.place == source && told.trouble == trouble) {
            self.trouble(source, trouble);
        }
    }

    fn lock(&mut self, source: &str, form: LockedForm) {
        if !self.passphrases.is_empty() {
            self.trouble(source, Trouble::WrongPassphrase);
        }
        if self.take_thing(source) {
            let source = source.to_owned();
            self.opened.locked.push(Locked { source, form });
        }
    }

    fn cannot_unlock(&mut self, source: &str, obstacle: Obstacle, convert: Convert) {
        let trouble = match obstacle {
            Obstacle::Unsupported(method) => Trouble::Unsupported { method, convert },
            Obstacle::TooCostly(method) => Trouble::DerivationTooCostly { method },
        };
        self.trouble(source, trouble);
        if self.take_thing(source) {
            self.opened.locked.push(Locked {
                source: source.to_owned(),
                form: LockedForm::Unsupported,
            });
        }
    }

    /// Tries the passphrases on something that was locked.
    pub(super) fn unlock(&mut self, locked: Locked) {
        let done = match &locked.form {
            LockedForm::Key(der) => self.locked_key(&locked.source, der),
            LockedForm::Legacy(key) => {
                self.legacy_key(&locked.source, key.clone());
                Ok(())
            }
            LockedForm::Store(der) => self.store(&locked.source, der),
            LockedForm::Unsupported => {
                self.opened.locked.push(locked);
                return;
            }
        };
        if done.is_err() {
            // It was read once already, and stays what it was.
            self.opened.locked.push(locked);
        }
    }
}
