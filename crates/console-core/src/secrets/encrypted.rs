//! Secrets in a file that a passphrase opens (age, scrypt).

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use age::scrypt::{Identity, Recipient};
use age::{DecryptError, Decryptor, Encryptor};
use chrono::DateTime;
use console_ipc::profile::{SHORTEST_PASSPHRASE, SecretStore};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{SecretBackend, SecretError};
use crate::files::{read_if_there, write_whole};
use crate::kept::Kept;

/// The longest file that is read, in bytes. Ours is some kilobytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The most work a file may ask for, as a power of two. Far more than any of ours does: 4 GiB of memory.
const MOST_WORK: u8 = 22;

/// An open file.
pub(super) struct EncryptedFile {
    path: PathBuf,
    passphrase: SecretString,
    work: u8,
    secrets: Kept<BTreeMap<String, SecretString>>,
}

impl EncryptedFile {
    /// Opens the file, or makes it when there is none.
    pub(super) fn open(
        path: PathBuf,
        passphrase: SecretString,
        work: u8,
    ) -> Result<Self, SecretError> {
        if fs::metadata(&path).is_ok_and(|file| file.len() > LONGEST) {
            return Err(SecretError::Damaged);
        }
        let secrets = match read_if_there(&path)? {
            Some(bytes) => decrypt(&bytes, &passphrase)?,
            None => {
                long_enough(&passphrase)?;
                BTreeMap::new()
            }
        };
        let file = Self {
            path,
            passphrase,
            work,
            secrets: Kept::new(secrets),
        };
        if !file.path.exists() {
            file.write(&file.secrets.get())?;
        }
        Ok(file)
    }

    /// Makes a new file. One that is there already gets another name, with the time; where it is then is
    /// returned.
    pub(super) fn start(
        path: PathBuf,
        passphrase: SecretString,
        work: u8,
        now_ms: i64,
    ) -> Result<(Self, Option<PathBuf>), SecretError> {
        long_enough(&passphrase)?;
        let mut file = Self {
            path: path.with_extension("new"),
            passphrase,
            work,
            secrets: Kept::default(),
        };
        // Whole before anything else moves.
        file.write(&BTreeMap::new())?;
        let made = std::mem::replace(&mut file.path, path);
        let kept = match file.path.try_exists()? {
            true => {
                let kept = free_name(&file.path, now_ms)?;
                fs::rename(&file.path, &kept)?;
                Some(kept)
            }
            false => None,
        };
        fs::rename(made, &file.path)?;
        Ok((file, kept))
    }

    fn write(&self, secrets: &BTreeMap<String, SecretString>) -> Result<(), SecretError> {
        let mut recipient = Recipient::new(self.passphrase.clone());
        recipient.set_work_factor(self.work);
        let plain = encode(secrets);
        write_whole(&self.path, |file| {
            let encryptor =
                Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
                    .map_err(std::io::Error::other)?;
            let mut writer = encryptor.wrap_output(file)?;
            writer.write_all(&plain)?;
            writer.finish()?;
            Ok(())
        })?;
        Ok(())
    }
}

impl SecretBackend for EncryptedFile {
    fn kind(&self) -> SecretStore {
        SecretStore::EncryptedFile
    }

    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretError> {
        Ok(self.secrets.get().get(key).cloned())
    }

    fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.secrets.change(
            |secrets| {
                secrets.insert(key.to_owned(), secret.clone());
                Ok(())
            },
            |changed| self.write(changed),
        )
    }

    fn delete(&self, key: &str) -> Result<(), SecretError> {
        if !self.secrets.get().contains_key(key) {
            return Ok(());
        }
        self.secrets.change(
            |secrets| {
                secrets.remove(key);
                Ok(())
            },
            |changed| self.write(changed),
        )
    }
}

fn long_enough(passphrase: &SecretString) -> Result<(), SecretError> {
    // Only its length is looked at.
    match passphrase.expose_secret().chars().count() < SHORTEST_PASSPHRASE {
        true => Err(SecretError::ShortPassphrase),
        false => Ok(()),
    }
}

/// A name beside the file that nothing has: `secrets.2026-01-02T03-04-05Z.age`.
fn free_name(path: &Path, now_ms: i64) -> io::Result<PathBuf> {
    let time = DateTime::from_timestamp_millis(now_ms).map_or_else(
        || now_ms.to_string(),
        |time| time.format("%Y-%m-%dT%H-%M-%SZ").to_string(),
    );
    let mut name = path.with_extension(format!("{time}.age"));
    let mut number = 1_u32;
    while name.try_exists()? {
        number += 1;
        name = path.with_extension(format!("{time}-{number}.age"));
    }
    Ok(name)
}

/// Length-prefixed keys and secrets: simple enough to be written into one wiped buffer of the right size,
/// which a JSON writer, growing as it goes, would leave copies of behind.
fn encode(secrets: &BTreeMap<String, SecretString>) -> Zeroizing<Vec<u8>> {
    let size = secrets
        .iter()
        .map(|(key, secret)| 8 + key.len() + secret.expose_secret().len())
        .sum();
    let mut plain = Zeroizing::new(Vec::with_capacity(size));
    for (key, secret) in secrets {
        for part in [key.as_bytes(), secret.expose_secret().as_bytes()] {
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            plain.extend_from_slice(&length.to_be_bytes());
            plain.extend_from_slice(part);
        }
    }
    plain
}

fn decrypt(
    bytes: &[u8],
    passphrase: &SecretString,
) -> Result<BTreeMap<String, SecretString>, SecretError> {
    let wrong = |error| match error {
        DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::NoMatchingKeys => SecretError::WrongPassphrase,
        DecryptError::Io(error) => SecretError::File(error),
        _ => SecretError::Damaged,
    };
    let decryptor = Decryptor::new_buffered(bytes).map_err(wrong)?;
    let mut identity = Identity::new(passphrase.clone());
    // By itself it accepts what this machine does in some seconds at the moment: a busy one would refuse.
    identity.set_max_work_factor(MOST_WORK);
    let mut reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(wrong)?;
    // As large as the file is more than enough, so that the buffer never moves and leaves copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len()));
    reader
        .read_to_end(&mut plain)
        .map_err(|_| SecretError::Damaged)?;
    decode(&plain).ok_or(SecretError::Damaged)
}

fn decode(plain: &[u8]) -> Option<BTreeMap<String, SecretString>> {
    let mut rest = plain;
    let mut part = || -> Option<&str> {
        let (length, tail) = rest.split_at_checked(4)?;
        let length = u32::from_be_bytes(length.try_into().ok()?);
        let (part, tail) = tail.split_at_checked(usize::try_from(length).ok()?)?;
        rest = tail;
        std::str::from_utf8(part).ok()
    };
    let mut secrets = BTreeMap::new();
    while let Some(key) = part() {
        secrets.insert(key.to_owned(), SecretString::from(part()?.to_owned()));
    }
    rest.is_empty().then_some(secrets)
}
