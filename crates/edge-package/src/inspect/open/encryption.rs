//! Content that is locked by a passphrase: PBES2 (PKCS#5), and the older ways of PKCS#12.

use std::num::NonZeroU32;

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipher, BlockDecryptMut, InnerIvInit, KeyInit};
use des::TdesEde3;
use rc2::Rc2;
use ring::pbkdf2;

use super::budget::Budget;
use super::pkcs12::{self, Purpose};
use super::wiped::{self, Wiped};
use crate::inspect::der::{Element, NotDer, Reader, oid, small, tag};

/// How an attempt to unlock went.
pub(super) enum Attempt {
    /// It went: the content.
    Open(Wiped),
    /// The passphrase doesn't fit.
    Wrong,
    /// No passphrase can be tried.
    Impossible(Obstacle),
}

/// Why no passphrase can be tried.
pub(super) enum Obstacle {
    /// The method is not supported: its name, or its object identifier.
    Unsupported(String),
    /// It would take more than is spent: the method with its numbers.
    TooCostly(String),
}

/// A passphrase. PKCS#12 knows two ways of having none.
#[derive(Clone, Copy)]
pub(super) enum Passphrase<'a> {
    /// None at all.
    Absent,
    /// This one, which may be empty.
    Given(&'a str),
}

/// How the content is enciphered.
#[derive(Clone, Copy)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    /// With a key of so many bits.
    Rc2(usize),
}

impl Cipher {
    pub(super) fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Rc2(bits) => bits / 8,
        }
    }

    pub(super) fn block(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes | Self::Rc2(_) => 8,
        }
    }
}

/// How something is locked.
pub(super) struct Method<'a> {
    cipher: Cipher,
    derivation: Derivation<'a>,
    salt: &'a [u8],
}

/// How key and first block come to be.
enum Derivation<'a> {
    /// Both from the passphrase, as PKCS#12 does.
    Pkcs12 { rounds: u32 },
    Pbkdf2 {
        digest: pbkdf2::Algorithm,
        rounds: NonZeroU32,
        first_block: &'a [u8],
    },
    Scrypt {
        cost: u32,
        block: u32,
        lanes: u32,
        first_block: &'a [u8],
    },
}

impl<'a> Method<'a> {
    /// Reads how something is locked. An error within where it can be read but isn't supported.
    pub(super) fn read(algorithm: Element<'a>) -> Result<Result<Self, Obstacle>, NotDer> {
        let mut parts = algorithm.inside();
        let name = oid(parts.expect(tag::OID)?.value)?;
        let cipher = match name.as_str() {
            "1.2.840.113549.1.5.13" => return Self::pbes2(parts.expect(tag::SEQUENCE)?),
            "1.2.840.113549.1.12.1.3" => Cipher::TripleDes,
            "1.2.840.113549.1.12.1.5" => Cipher::Rc2(128),
            "1.2.840.113549.1.12.1.6" => Cipher::Rc2(40),
            _ => return Ok(Err(Obstacle::Unsupported(method_name(&name)))),
        };
        let mut parts = parts.expect(tag::SEQUENCE)?.inside();
        let salt = parts.expect(tag::OCTET_STRING)?.value;
        let rounds = small(parts.expect(tag::INTEGER)?)?;
        Ok(Ok(Self {
            cipher,
            derivation: Derivation::Pkcs12 { rounds },
            salt,
        }))
    }

    fn pbes2(parameters: Element<'a>) -> Result<Result<Self, Obstacle>, NotDer> {
        let mut parts = parameters.inside();
        let mut derivation = parts.expect(tag::SEQUENCE)?.inside();
        let mut cipher = parts.expect(tag::SEQUENCE)?.inside();
        let name = oid(cipher.expect(tag::OID)?.value)?;
        let found = match name.as_str() {
            "2.16.840.1.101.3.4.1.2" => Cipher::Aes128,
            "2.16.840.1.101.3.4.1.22" => Cipher::Aes192,
            "2.16.840.1.101.3.4.1.42" => Cipher::Aes256,
            "1.2.840.113549.3.7" => Cipher::TripleDes,
            _ => return Ok(Err(Obstacle::Unsupported(method_name(&name)))),
        };
        let first_block = cipher.expect(tag::OCTET_STRING)?.value;
        if first_block.len() != found.block() {
            return Err(NotDer);
        }
        let name = oid(derivation.expect(tag::OID)?.value)?;
        let mut parts = derivation.expect(tag::SEQUENCE)?.inside();
        let salt = parts.expect(tag::OCTET_STRING)?.value;
        let derivation = match name.as_str() {
            "1.2.840.113549.1.5.12" => pbkdf2_parts(&mut parts, found, first_block)?,
            "1.3.6.1.4.1.11591.4.11" => Ok(Derivation::Scrypt {
                cost: small(parts.expect(tag::INTEGER)?)?,
                block: small(parts.expect(tag::INTEGER)?)?,
                lanes: small(parts.expect(tag::INTEGER)?)?,
                first_block,
            }),
            _ => Err(Obstacle::Unsupported(method_name(&name))),
        };
        Ok(derivation.map(|derivation| Self {
            cipher: found,
            derivation,
            salt,
        }))
    }

    /// Rounds that one attempt takes, where it doesn't take more memory than is spent.
    fn rounds(&self, budget: &Budget) -> Option<u64> {
        match self.derivation {
            // Key and first block are derived each, and each in up to two parts.
            Derivation::Pkcs12 { rounds } => Some(u64::from(rounds) * 3),
            Derivation::Pbkdf2 { rounds, .. } => Some(u64::from(rounds.get()) * 2),
            Derivation::Scrypt {
                cost, block, lanes, ..
            } => {
                let [cost, block, lanes] = [cost, block, lanes].map(u64::from);
                let memory = block.checked_mul(128)?.checked_mul(cost + lanes + 2)?;
                // A step over a block takes about as long as two rounds of PBKDF2.
                let steps = cost
                    .checked_mul(block)?
                    .checked_mul(lanes)?
                    .checked_mul(2)?;
                (memory <= budget.limits().derivation_bytes).then_some(steps)
            }
        }
    }

    /// Whether an attempt is affordable at all.
    pub(super) fn check(&self, budget: &Budget) -> Result<(), Obstacle> {
        match self.rounds(budget) {
            Some(rounds) if rounds <= budget.limits().rounds => Ok(()),
            _ => Err(Obstacle::TooCostly(self.to_string())),
        }
    }

    /// Tries a passphrase.
    pub(super) fn unlock(
        &self,
        locked: &[u8],
        passphrase: Passphrase<'_>,
        budget: &mut Budget,
    ) -> Attempt {
        let rounds = self.rounds(budget);
        if !rounds.is_some_and(|rounds| budget.take_rounds(rounds)) {
            return Attempt::Impossible(Obstacle::TooCostly(self.to_string()));
        }
        let content = crate::inspect::sweep::after(|| {
            let (key, first_block) = self.derive(passphrase)?;
            decipher(self.cipher, &key, &first_block, locked)
        });
        content.map_or(Attempt::Wrong, Attempt::Open)
    }

    fn derive(&self, passphrase: Passphrase<'_>) -> Option<(Wiped, Wiped)> {
        let length = self.cipher.key_length();
        let mut key = wiped::room(length);
        key.resize(length, 0);
        let text = match passphrase {
            Passphrase::Absent => "",
            Passphrase::Given(text) => text,
        };
        let first_block = match self.derivation {
            Derivation::Pkcs12 { rounds } => {
                let derive = |purpose, length| {
                    let digest = pkcs12::Digest::Sha1;
                    pkcs12::derive(passphrase, self.salt, rounds, purpose, length, digest)
                };
                key = derive(Purpose::Key, length);
                return Some((key, derive(Purpose::FirstBlock, self.cipher.block())));
            }
            Derivation::Pbkdf2 {
                digest,
                rounds,
                first_block,
            } => {
                pbkdf2::derive(digest, rounds, self.salt, text.as_bytes(), &mut key);
                first_block
            }
            Derivation::Scrypt {
                cost,
                block,
                lanes,
                first_block,
            } => {
                if !cost.is_power_of_two() {
                    return None;
                }
                let log = u8::try_from(cost.ilog2()).ok()?;
                let parameters = scrypt::Params::new(log, block, lanes, length).ok()?;
                scrypt::scrypt(text.as_bytes(), self.salt, &parameters, &mut key).ok()?;
                first_block
            }
        };
        Some((key, wiped::copy(first_block)))
    }
}

impl std::fmt::Display for Method<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.derivation {
            Derivation::Pkcs12 { rounds } => write!(f, "PKCS#12, {rounds} rounds"),
            Derivation::Pbkdf2 { rounds, .. } => write!(f, "PBKDF2, {rounds} rounds"),
            Derivation::Scrypt {
                cost, block, lanes, ..
            } => write!(f, "scrypt, N={cost} r={block} p={lanes}"),
        }
    }
}

fn pbkdf2_parts<'a>(
    parts: &mut Reader<'a>,
    cipher: Cipher,
    first_block: &'a [u8],
) -> Result<Result<Derivation<'a>, Obstacle>, NotDer> {
    let rounds = NonZeroU32::new(small(parts.expect(tag::INTEGER)?)?).ok_or(NotDer)?;
    if let Some(length) = parts.optional(tag::INTEGER)?
        && usize::try_from(small(length)?) != Ok(cipher.key_length())
    {
        return Err(NotDer);
    }
    let name = match parts.optional(tag::SEQUENCE)? {
        Some(digest) => oid(digest.inside().expect(tag::OID)?.value)?,
        None => "1.2.840.113549.2.7".to_owned(),
    };
    let digest = match name.as_str() {
        "1.2.840.113549.2.7" => pbkdf2::PBKDF2_HMAC_SHA1,
        "1.2.840.113549.2.9" => pbkdf2::PBKDF2_HMAC_SHA256,
        "1.2.840.113549.2.10" => pbkdf2::PBKDF2_HMAC_SHA384,
        "1.2.840.113549.2.11" => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return Ok(Err(Obstacle::Unsupported(method_name(&name)))),
    };
    Ok(Ok(Derivation::Pbkdf2 {
        digest,
        rounds,
        first_block,
    }))
}

/// Deciphers, where the padding at the end is right.
pub(super) fn decipher(cipher: Cipher, key: &[u8], iv: &[u8], locked: &[u8]) -> Option<Wiped> {
    let mut content = wiped::copy(locked);
    let length = match cipher {
        Cipher::Aes128 => run(Aes128::new_from_slice(key).ok()?, iv, &mut content),
        Cipher::Aes192 => run(Aes192::new_from_slice(key).ok()?, iv, &mut content),
        Cipher::Aes256 => run(Aes256::new_from_slice(key).ok()?, iv, &mut content),
        Cipher::TripleDes => run(TdesEde3::new_from_slice(key).ok()?, iv, &mut content),
        Cipher::Rc2(bits) => run(Rc2::new_with_eff_key_len(key, bits), iv, &mut content),
    }?;
    content.truncate(length);
    Some(content)
}

/// Deciphers in place. The length of the content.
fn run<C: BlockCipher + BlockDecryptMut>(
    cipher: C,
    iv: &[u8],
    content: &mut [u8],
) -> Option<usize> {
    let decryptor = Decryptor::inner_iv_slice_init(cipher, iv).ok()?;
    Some(decryptor.decrypt_padded_mut::<Pkcs7>(content).ok()?.len())
}

/// The name of a method that is not supported: whoever reads it knows names better than numbers.
pub(super) fn method_name(oid: &str) -> String {
    match oid {
        "1.2.840.113549.1.5.1" => "pbeWithMD2AndDES-CBC",
        "1.2.840.113549.1.5.3" => "pbeWithMD5AndDES-CBC",
        "1.2.840.113549.1.5.4" => "pbeWithMD2AndRC2-CBC",
        "1.2.840.113549.1.5.6" => "pbeWithMD5AndRC2-CBC",
        "1.2.840.113549.1.5.10" => "pbeWithSHA1AndDES-CBC",
        "1.2.840.113549.1.5.11" => "pbeWithSHA1AndRC2-CBC",
        "1.2.840.113549.1.5.14" => "PBMAC1",
        "1.2.840.113549.1.12.1.1" => "pbeWithSHA1And128BitRC4",
        "1.2.840.113549.1.12.1.2" => "pbeWithSHA1And40BitRC4",
        "1.2.840.113549.1.12.1.3" => "pbeWithSHA1And3-KeyTripleDES-CBC",
        "1.2.840.113549.1.12.1.4" => "pbeWithSHA1And2-KeyTripleDES-CBC",
        "1.2.840.113549.1.12.1.5" => "pbeWithSHA1And128BitRC2-CBC",
        "1.2.840.113549.1.12.1.6" => "pbeWithSHA1And40BitRC2-CBC",
        "1.2.840.113549.2.8" => "hmacWithSHA224",
        "1.2.840.113549.2.12" => "hmacWithSHA512-224",
        "1.2.840.113549.2.13" => "hmacWithSHA512-256",
        "1.2.840.113549.3.2" => "RC2-CBC",
        "1.3.14.3.2.7" => "DES-CBC",
        "1.2.156.10197.1.104.2" => "SM4-CBC",
        "2.16.840.1.101.3.4.1.6" => "AES-128-GCM",
        "2.16.840.1.101.3.4.1.26" => "AES-192-GCM",
        "2.16.840.1.101.3.4.1.46" => "AES-256-GCM",
        "1.2.392.200011.61.1.1.1.4" => "Camellia-256-CBC",
        "1.2.392.200011.61.1.1.1.2" => "Camellia-128-CBC",
        _ => oid,
    }
    .to_owned()
}
