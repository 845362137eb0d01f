//! How certificates are signed, and whether a signature is right.

use md5::Md5;
use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::der::{self, Element, NotDer, tag};
use super::key::{Signed, verify_ecdsa};
use super::natural::Natural;
use super::public_key::{KeyAlgorithm, Numbers, PublicKey, bits_of};

/// RSA keys with a longer modulus are not verified with: `ring` and BoringSSL don't either.
const LONGEST: u32 = 8192;
/// RSA keys with a longer exponent are not verified with, as OpenSSL doesn't beyond moduli of 3072 bits: such
/// exponents only serve to keep others busy.
const LONGEST_EXPONENT: u32 = 64;
/// What a signature of a usual key takes is one; RSA takes more by the squares of the modulus, one for each bit of the
/// exponent and one for each that is set. This is what an RSA key of 4096 bits takes with the exponent 65537.
const USUAL: u64 = 4096 * 4096 * 19;

/// How something is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scheme {
    /// The number of the algorithm.
    pub(crate) oid: String,
    /// What is known of it.
    pub(crate) kind: Kind,
}

/// Kinds of signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// RSA, PKCS#1 version 1.5.
    Rsa(Hash),
    /// RSA, PSS.
    Pss {
        /// Digest of what is signed.
        hash: Hash,
        /// Digest of the mask.
        mask: Hash,
        /// Bytes of salt.
        salt: usize,
    },
    /// On an elliptic curve.
    Ecdsa(Hash),
    /// Ed25519.
    Ed25519,
    /// Not known here.
    Other,
}

/// Digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// MD5, broken.
    Md5,
    /// SHA-1, broken.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Known algorithms with what `openssl` calls them.
const SCHEMES: [(&str, &str, Kind); 14] = [
    (
        "1.2.840.113549.1.1.4",
        "md5WithRSAEncryption",
        Kind::Rsa(Hash::Md5),
    ),
    (
        "1.2.840.113549.1.1.5",
        "sha1WithRSAEncryption",
        Kind::Rsa(Hash::Sha1),
    ),
    ("1.3.14.3.2.29", "sha1WithRSA", Kind::Rsa(Hash::Sha1)),
    (
        "1.2.840.113549.1.1.14",
        "sha224WithRSAEncryption",
        Kind::Rsa(Hash::Sha224),
    ),
    (
        "1.2.840.113549.1.1.11",
        "sha256WithRSAEncryption",
        Kind::Rsa(Hash::Sha256),
    ),
    (
        "1.2.840.113549.1.1.12",
        "sha384WithRSAEncryption",
        Kind::Rsa(Hash::Sha384),
    ),
    (
        "1.2.840.113549.1.1.13",
        "sha512WithRSAEncryption",
        Kind::Rsa(Hash::Sha512),
    ),
    (
        "1.2.840.10045.4.1",
        "ecdsa-with-SHA1",
        Kind::Ecdsa(Hash::Sha1),
    ),
    (
        "1.2.840.10045.4.3.1",
        "ecdsa-with-SHA224",
        Kind::Ecdsa(Hash::Sha224),
    ),
    (
        "1.2.840.10045.4.3.2",
        "ecdsa-with-SHA256",
        Kind::Ecdsa(Hash::Sha256),
    ),
    (
        "1.2.840.10045.4.3.3",
        "ecdsa-with-SHA384",
        Kind::Ecdsa(Hash::Sha384),
    ),
    (
        "1.2.840.10045.4.3.4",
        "ecdsa-with-SHA512",
        Kind::Ecdsa(Hash::Sha512),
    ),
    ("1.3.101.112", "ED25519", Kind::Ed25519),
    ("1.2.840.113549.1.1.10", "rsassaPss", Kind::Other),
];

/// Algorithms that are only named.
const NAMED: [(&str, &str); 8] = [
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption"),
    ("1.2.840.10040.4.3", "dsa-with-SHA1"),
    ("2.16.840.1.101.3.4.3.2", "dsa-with-SHA256"),
    ("1.3.101.113", "ED448"),
    ("1.2.156.10197.1.501", "SM2-with-SM3"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
];

impl Scheme {
    /// Reads an algorithm with its parameters.
    pub(crate) fn read(element: Element<'_>) -> Result<Self, NotDer> {
        let mut parts = element.inside();
        let oid = der::oid(parts.expect(tag::OID)?.value)?;
        let known = SCHEMES.iter().find(|(number, _, _)| *number == oid);
        let kind = match known {
            Some((_, "rsassaPss", _)) => match parts.optional(tag::SEQUENCE)? {
                Some(parameters) => pss(parameters).unwrap_or(Kind::Other),
                None => Kind::Other,
            },
            Some((_, _, kind)) => *kind,
            None => Kind::Other,
        };
        Ok(Self { oid, kind })
    }

    /// Its name, as `openssl` has it, or its number.
    pub(crate) fn name(&self) -> &str {
        let known = SCHEMES.iter().map(|(number, name, _)| (*number, *name));
        let found = known.chain(NAMED).find(|(number, _)| *number == self.oid);
        found.map_or(&self.oid, |(_, name)| name)
    }

    /// The digest of what is signed.
    pub(crate) fn hash(&self) -> Option<Hash> {
        match self.kind {
            Kind::Rsa(hash) | Kind::Ecdsa(hash) | Kind::Pss { hash, .. } => Some(hash),
            Kind::Ed25519 | Kind::Other => None,
        }
    }

    /// Whether forged signatures of the kind can be made.
    pub(crate) fn is_weak(&self) -> bool {
        matches!(self.hash(), Some(Hash::Md5 | Hash::Sha1)) || self.oid == "1.2.840.113549.1.1.2"
    }
}

/// RFC 4055, 3.1. What isn't said is SHA-1 with 20 bytes of salt.
fn pss(parameters: Element<'_>) -> Result<Kind, NotDer> {
    let (mut hash, mut mask, mut salt) = (Hash::Sha1, Hash::Sha1, 20);
    let mut parts = parameters.inside();
    if let Some(given) = parts.optional(tag::within(0))? {
        hash = Hash::read(der::whole(given.value, tag::SEQUENCE)?)?;
    }
    if let Some(given) = parts.optional(tag::within(1))? {
        let mut generator = der::whole(given.value, tag::SEQUENCE)?.inside();
        generator.expect(tag::OID)?;
        mask = Hash::read(generator.expect(tag::SEQUENCE)?)?;
    }
    if let Some(given) = parts.optional(tag::within(2))? {
        salt = der::small(der::whole(given.value, tag::INTEGER)?)? as usize;
    }
    Ok(Kind::Pss { hash, mask, salt })
}

impl Hash {
    fn read(element: Element<'_>) -> Result<Self, NotDer> {
        let oid = der::oid(element.inside().expect(tag::OID)?.value)?;
        Ok(match oid.as_str() {
            "1.2.840.113549.2.5" => Self::Md5,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => return Err(NotDer),
        })
    }

    /// Its number, DER.
    fn id(self) -> &'static [u8] {
        match self {
            Self::Md5 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5],
            Self::Sha1 => &[0x2b, 0x0e, 3, 2, 0x1a],
            Self::Sha224 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4],
            Self::Sha256 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1],
            Self::Sha384 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2],
            Self::Sha512 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3],
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The digest of several parts.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut digest = D::new();
            for part in parts {
                digest.update(part);
            }
            digest.finalize().to_vec()
        }
        match self {
            Self::Md5 => of::<Md5>(parts),
            Self::Sha1 => {
                let algorithm = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
                let mut digest = ring::digest::Context::new(algorithm);
                for part in parts {
                    digest.update(part);
                }
                digest.finish().as_ref().to_vec()
            }
            Self::Sha224 => of::<Sha224>(parts),
            Self::Sha256 => of::<Sha256>(parts),
            Self::Sha384 => of::<Sha384>(parts),
            Self::Sha512 => of::<Sha512>(parts),
        }
    }
}

/// The work that verifying takes, in signatures of a usual key: at least one, and one where it isn't even tried.
pub(crate) fn work(key: &PublicKey<'_>) -> u32 {
    let Numbers::Rsa { modulus, exponent } = key.numbers else {
        return 1;
    };
    if is_too_long(modulus, exponent) {
        return 1;
    }
    let bits = u64::from(bits_of(modulus));
    let set: u32 = exponent.iter().map(|byte| byte.count_ones()).sum();
    let work = bits * bits * u64::from(bits_of(exponent) + set);
    u32::try_from(work.div_ceil(USUAL))
        .unwrap_or(u32::MAX)
        .max(1)
}

fn is_too_long(modulus: &[u8], exponent: &[u8]) -> bool {
    bits_of(modulus) > LONGEST || bits_of(exponent) > LONGEST_EXPONENT
}

/// Whether a signature of a message by a key is right.
///
/// RSA is calculated here: the library at hand refuses short keys, MD5 and salts of another length, and a judge has
/// to say of a certificate with these that it is signed by its CA, though weakly.
pub(crate) fn verify(
    scheme: &Scheme,
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Signed {
    let digest = |hash: Hash| hash.digest(&[message]);
    match (scheme.kind, &key.algorithm, &key.numbers) {
        (Kind::Other, _, _) | (_, KeyAlgorithm::Other(_), _) => Signed::Unknown,
        (Kind::Rsa(hash), KeyAlgorithm::Rsa, Numbers::Rsa { modulus, exponent }) => {
            let opened = open(modulus, exponent, signature);
            opened.told(|block| block == pkcs1(hash, &digest(hash), block.len()))
        }
        (
            Kind::Pss { hash, mask, salt },
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss,
            Numbers::Rsa { modulus, exponent },
        ) => {
            let bits = bits_of(modulus) as usize;
            let opened = open(modulus, exponent, signature);
            opened.told(|block| is_pss(block, bits, hash, mask, salt, &digest(hash)))
        }
        (Kind::Ecdsa(hash), KeyAlgorithm::Ec(curve), Numbers::Point(point)) => {
            verify_ecdsa(curve, point, &digest(hash), signature)
        }
        (Kind::Ed25519, KeyAlgorithm::Ed25519, Numbers::Point(point)) => {
            let key = UnparsedPublicKey::new(&ED25519, point);
            match key.verify(message, signature) {
                Ok(()) => Signed::Right,
                Err(ring::error::Unspecified) => Signed::Wrong,
            }
        }
        // A signature of another kind than the key's can't be its.
        _ => Signed::Wrong,
    }
}

/// What an RSA signature holds.
enum Opened {
    Block(Vec<u8>),
    Wrong,
    TooLong,
}

impl Opened {
    fn told(self, is_right: impl FnOnce(&[u8]) -> bool) -> Signed {
        match self {
            Self::Block(block) if is_right(&block) => Signed::Right,
            Self::Block(_) | Self::Wrong => Signed::Wrong,
            Self::TooLong => Signed::Unknown,
        }
    }
}

fn open(modulus: &[u8], exponent: &[u8], signature: &[u8]) -> Opened {
    if is_too_long(modulus, exponent) {
        return Opened::TooLong;
    }
    if signature.len() != modulus.len() {
        return Opened::Wrong;
    }
    let (modulus, length) = (Natural::new(modulus), modulus.len());
    let signature = Natural::new(signature);
    if signature >= modulus {
        return Opened::Wrong;
    }
    let block = signature.power(&Natural::new(exponent), &modulus);
    match block.and_then(|block| block.to_bytes(length)) {
        Some(block) => Opened::Block(block.to_vec()),
        None => Opened::Wrong,
    }
}

/// RFC 8017, 9.2: what a signature of a digest has to hold, to the byte.
fn pkcs1(hash: Hash, digest: &[u8], length: usize) -> Vec<u8> {
    let oid = der::write(tag::OID, &[hash.id()]);
    let algorithm = der::write(tag::SEQUENCE, &[&oid, &[tag::NULL, 0]]);
    let digest = der::write(tag::OCTET_STRING, &[digest]);
    let info = der::write(tag::SEQUENCE, &[&algorithm, &digest]);
    let Some(filling) = length.checked_sub(info.len() + 3).filter(|it| *it >= 8) else {
        return Vec::new();
    };
    let mut block = vec![0, 1];
    block.resize(2 + filling, 0xff);
    block.push(0);
    block.extend_from_slice(&info);
    block
}

/// RFC 8017, 9.1.2.
fn is_pss(block: &[u8], bits: usize, hash: Hash, mask: Hash, salt: usize, digest: &[u8]) -> bool {
    let bits = bits - 1;
    let length = bits.div_ceil(8);
    let Some(block) = block
        .len()
        .checked_sub(length)
        .map(|over| block.split_at(over))
    else {
        return false;
    };
    let (over, block) = block;
    let size = digest.len();
    let Some(masked) = length.checked_sub(size + 1) else {
        return false;
    };
    let (masked, rest) = block.split_at(masked);
    let (seed, end) = rest.split_at(size);
    if over.iter().any(|byte| *byte != 0) || end != [0xbc] {
        return false;
    }
    let unused = 8 * length - bits;
    let kept = 0xff_u8 >> unused;
    if masked.first().is_none_or(|first| first & !kept != 0) {
        return false;
    }
    let mut data = Vec::with_capacity(masked.len());
    let mut counter = 0_u32;
    while data.len() < masked.len() {
        data.extend_from_slice(&mask.digest(&[seed, &counter.to_be_bytes()]));
        counter += 1;
    }
    for (byte, masked) in data.iter_mut().zip(masked) {
        *byte ^= masked;
    }
    data.truncate(masked.len());
    data[0] &= kept;
    let Some(filling) = data.len().checked_sub(salt.saturating_add(1)) else {
        return false;
    };
    let (filling, rest) = data.split_at(filling);
    if filling.iter().any(|byte| *byte != 0) || rest[0] != 1 {
        return false;
    }
    hash.digest(&[&[0; 8], digest, &rest[1..]]) == seed
}

#[cfg(test)]
mod tests;
