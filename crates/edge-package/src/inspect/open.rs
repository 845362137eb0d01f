//! Opening: from bytes to what they hold. Content decides, never a name.
//!
//! Everything happens in memory. What may hold a key lies in buffers that are wiped, and an [`Opened`] keeps nothing
//! secret: of keys the public facts, and of what is locked the locked form, so that a passphrase can be tried later,
//! unless a key shows in it without one.

pub(crate) mod answers;
pub(crate) mod archive;
mod base64_text;
mod ber;
mod budget;
mod configuration;
pub(crate) mod contents;
mod encryption;
mod gzip;
mod json;
mod layers;
mod legacy;
pub(crate) mod locked;
mod pem;
mod pkcs12;
mod pkcs7;
mod structure;
pub(crate) mod things;
mod trouble;
mod wiped;

#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use self::budget::Limits;
pub use self::trouble::Trouble;

pub(crate) use self::answers::{Claim, Subject};
pub(crate) use self::configuration::ConfigurationFound;
pub(crate) use self::contents::{Content, EntryFound, Holds, holds};
pub(crate) use self::locked::Locked;
pub(crate) use self::things::KeyOpened;
#[cfg(test)]
pub(crate) use self::trouble::Convert;
pub(crate) use self::trouble::{Foreign, Refusal, TroubleFound};

use self::layers::Opener;
use super::material::CertificateFound;
use super::sweep;
use crate::report::{Kind, Layer};

/// What is to be opened.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The name it is given under: of a file, or how else it came.
    pub name: &'a str,
    /// All of it. Whoever read it wipes it.
    pub bytes: &'a [u8],
}

/// How to open.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions<'a> {
    /// How much is looked at.
    pub limits: Limits,
    /// What to try on keys and stores that are locked.
    pub passphrases: &'a [Zeroizing<String>],
}

/// What was found. Nothing in it is secret.
#[derive(Debug, Clone)]
pub struct Opened {
    pub(crate) name: String,
    pub(crate) size: u64,
    /// SHA-256 in hexadecimal. Empty for what is secret or was not read.
    pub(crate) sha256: String,
    /// What it says it is, where an answer or a configuration tells.
    pub(crate) hint: Option<Kind>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) entries: Vec<EntryFound>,
    pub(crate) certificates: Vec<CertificateFound>,
    pub(crate) keys: Vec<KeyOpened>,
    pub(crate) locked: Vec<Locked>,
    pub(crate) configurations: Vec<ConfigurationFound>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) troubles: Vec<TroubleFound>,
    limits: Limits,
}

/// Opens an input. What can't be opened says so among its troubles.
#[must_use]
pub fn open(input: &Input<'_>, options: &OpenOptions<'_>) -> Opened {
    let opened = Opened {
        name: input.name.to_owned(),
        size: input.bytes.len() as u64,
        sha256: String::new(),
        hint: None,
        layers: Vec::new(),
        entries: Vec::new(),
        certificates: Vec::new(),
        keys: Vec::new(),
        locked: Vec::new(),
        configurations: Vec::new(),
        claims: Vec::new(),
        troubles: Vec::new(),
        limits: options.limits.clone(),
    };
    // Digests and decoders leave the last they saw in their frames.
    sweep::after(|| Opener::new(opened, options).run(input.bytes))
}

impl Opened {
    /// The name it was given under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What stood in the way.
    #[must_use]
    pub fn troubles(&self) -> &[TroubleFound] {
        &self.troubles
    }

    /// How many private keys were read.
    #[must_use]
    pub fn private_keys(&self) -> usize {
        let read = |key: &&KeyOpened| key.private && key.facts.is_ok();
        self.keys.iter().filter(read).count()
    }

    /// Keys and stores that a passphrase would open: where they are.
    #[must_use]
    pub fn locked(&self) -> Vec<&str> {
        let openable = self.locked.iter().filter(|locked| locked.is_openable());
        openable.map(|locked| locked.source.as_str()).collect()
    }

    /// Tries a passphrase on all that is locked. How many it opened.
    pub fn unlock(&mut self, passphrase: &Zeroizing<String>) -> usize {
        let options = OpenOptions {
            limits: self.limits.clone(),
            passphrases: std::slice::from_ref(passphrase),
        };
        let locked = std::mem::take(&mut self.locked);
        let before = locked.len();
        let mut opener = Opener::new(self.clone(), &options);
        opener.forget_wrong_passphrase();
        for locked in locked {
            opener.unlock(locked);
        }
        *self = opener.finish();
        before - self.locked.len()
    }
}

/// SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing into a string can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
