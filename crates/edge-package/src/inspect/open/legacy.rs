//! Keys locked in the way from before PKCS#8, which OpenSSL still writes: the head of the PEM block says how.

use md5::{Digest, Md5};

use super::encryption::{Cipher, decipher};
use super::wiped::{self, Wiped};
use crate::inspect::sweep;

/// A key with its head. Useless without the passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LegacyKey {
    /// The cipher, by OpenSSL's name.
    method: String,
    /// The first block, whose beginning is the salt too.
    first_block: Vec<u8>,
    locked: Vec<u8>,
}

const SALT: usize = 8;

impl LegacyKey {
    /// Of what stands behind `DEK-Info:`.
    pub(super) fn new(info: &str, locked: &[u8]) -> Self {
        let (method, digits) = info.split_once(',').unwrap_or((info, ""));
        let pairs = digits.trim().as_bytes().chunks(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        Self {
            method: printable(method),
            first_block: pairs.map_while(byte).collect(),
            locked: locked.to_owned(),
        }
    }

    /// Bytes of what is locked.
    pub(super) fn size(&self) -> u64 {
        self.locked.len() as u64
    }

    /// Whether a passphrase can be tried. Else the name of what is not supported.
    pub(super) fn check(&self) -> Result<(), String> {
        self.cipher().map(|_| ()).ok_or_else(|| self.method.clone())
    }

    fn cipher(&self) -> Option<Cipher> {
        let cipher = match self.method.as_str() {
            "AES-128-CBC" => Cipher::Aes128,
            "AES-192-CBC" => Cipher::Aes192,
            "AES-256-CBC" => Cipher::Aes256,
            "DES-EDE3-CBC" => Cipher::TripleDes,
            _ => return None,
        };
        (self.first_block.len() == cipher.block()).then_some(cipher)
    }

    /// Tries a passphrase.
    pub(super) fn unlock(&self, passphrase: &str) -> Option<Wiped> {
        let cipher = self.cipher()?;
        sweep::after(|| {
            let key = derive(passphrase, &self.first_block[..SALT], cipher.key_length());
            decipher(cipher, &key, &self.first_block, &self.locked)
        })
    }
}

/// One round of MD5 over passphrase and salt, as often as the key is long (`EVP_BytesToKey`).
fn derive(passphrase: &str, salt: &[u8], length: usize) -> Wiped {
    const DIGEST: usize = 16;
    let mut key = wiped::room(length + DIGEST);
    while key.len() < length {
        let before = key.len().saturating_sub(DIGEST);
        let mut digest = Md5::new();
        digest.update(&key[before..]);
        digest.update(passphrase);
        digest.update(salt);
        key.extend_from_slice(&digest.finalize());
    }
    key.truncate(length);
    key
}

fn printable(name: &str) -> String {
    const LONGEST: usize = 40;
    let letters = name.trim().chars().filter(char::is_ascii_graphic);
    letters.take(LONGEST).collect()
}
