//! Public keys: what they are, and how strong.

use sha2::{Digest, Sha256};

use super::der::{self, NotDer, Reader, tag};
use super::key::is_on;

/// Identifiers of algorithms.
pub(crate) mod id {
    pub(crate) const RSA: &str = "1.2.840.113549.1.1.1";
    pub(crate) const RSA_PSS: &str = "1.2.840.113549.1.1.10";
    pub(crate) const EC: &str = "1.2.840.10045.2.1";
    pub(crate) const ED25519: &str = "1.3.101.112";
}

/// What kind a key is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyAlgorithm {
    /// RSA.
    Rsa,
    /// RSA for PSS signatures only.
    RsaPss,
    /// On an elliptic curve.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
    /// Something else, by its identifier.
    Other(String),
}

/// An elliptic curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Curve {
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
    /// Another one, by its identifier.
    Named(String),
    /// Written out instead of named.
    Explicit,
}

impl Curve {
    /// By its identifier.
    pub(crate) fn of(oid: &str) -> Self {
        match oid {
            "1.2.840.10045.3.1.7" => Self::P256,
            "1.3.132.0.34" => Self::P384,
            "1.3.132.0.35" => Self::P521,
            _ => Self::Named(oid.to_owned()),
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Named(oid) => named(oid).map_or(oid, |(_, name, _)| name),
            Self::Explicit => "explicit",
        }
    }

    /// Bits of its field. Zero where it isn't known.
    pub(crate) fn bits(&self) -> u32 {
        match self {
            Self::P256 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
            Self::Named(oid) => named(oid).map_or(0, |(_, _, bits)| *bits),
            Self::Explicit => 0,
        }
    }
}

/// Curves that are only named.
const CURVES: [(&str, &str, u32); 16] = [
    ("1.2.840.10045.3.1.1", "P-192", 192),
    ("1.3.132.0.33", "P-224", 224),
    ("1.3.132.0.6", "secp112r1", 112),
    ("1.3.132.0.28", "secp128r1", 128),
    ("1.3.132.0.8", "secp160r1", 160),
    ("1.3.132.0.9", "secp160k1", 160),
    ("1.3.132.0.31", "secp192k1", 192),
    ("1.3.132.0.32", "secp224k1", 224),
    ("1.3.132.0.10", "secp256k1", 256),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", 192),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 224),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256),
    ("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1", 320),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512),
    ("1.2.156.10197.1.301", "SM2", 256),
];

fn named(oid: &str) -> Option<&'static (&'static str, &'static str, u32)> {
    CURVES.iter().find(|(known, _, _)| *known == oid)
}

impl KeyAlgorithm {
    /// Its name without its strength.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::Ec(_) => "EC",
            Self::Ed25519 => "Ed25519",
            Self::Other(oid) => match oid.as_str() {
                "1.3.101.110" => "X25519",
                "1.3.101.111" => "X448",
                "1.3.101.113" => "Ed448",
                "1.2.840.10040.4.1" => "DSA",
                "1.2.840.10046.2.1" => "DH",
                "1.2.840.113549.1.3.1" => "DH",
                "1.2.643.7.1.1.1.1" => "GOST R 34.10-2012 256",
                "1.2.643.7.1.1.1.2" => "GOST R 34.10-2012 512",
                "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
                "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
                "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
                _ => oid,
            },
        }
    }
}

/// A public key, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKey<'a> {
    /// What kind it is of.
    pub(crate) algorithm: KeyAlgorithm,
    /// Its numbers.
    pub(crate) numbers: Numbers<'a>,
}

/// The numbers of a public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Numbers<'a> {
    /// RSA: modulus and exponent, without zeros in front.
    Rsa {
        /// The modulus.
        modulus: &'a [u8],
        /// The exponent.
        exponent: &'a [u8],
    },
    /// The point, or whatever else stands there.
    Point(&'a [u8]),
}

impl<'a> PublicKey<'a> {
    /// Reads one that is written as SPKI.
    ///
    /// # Errors
    /// Where it isn't DER, or the numbers of an RSA key can't be read.
    pub(crate) fn read(spki: &'a [u8]) -> Result<Self, NotDer> {
        let mut parts = der::whole(spki, tag::SEQUENCE)?.inside();
        let algorithm = algorithm(parts.expect(tag::SEQUENCE)?.inside())?;
        let bits = der::whole_bits(parts.expect(tag::BIT_STRING)?)?;
        parts.finish()?;
        let numbers = match algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {
                let mut numbers = der::whole(bits, tag::SEQUENCE)?.inside();
                let modulus = der::positive(numbers.expect(tag::INTEGER)?)?;
                let exponent = der::positive(numbers.expect(tag::INTEGER)?)?;
                numbers.finish()?;
                Numbers::Rsa { modulus, exponent }
            }
            KeyAlgorithm::Ec(_) | KeyAlgorithm::Ed25519 | KeyAlgorithm::Other(_) => {
                Numbers::Point(bits)
            }
        };
        Ok(Self { algorithm, numbers })
    }

    /// Whether a point lies on its curve, so that something can be verified with it. Of curves that are only named,
    /// and of other keys, nothing is known.
    pub(crate) fn is_on_curve(&self) -> bool {
        match (&self.algorithm, &self.numbers) {
            (KeyAlgorithm::Ec(curve), Numbers::Point(point)) => is_on(curve, point),
            (KeyAlgorithm::Ed25519, Numbers::Point(point)) => point.len() == 32,
            _ => true,
        }
    }

    /// Bits of its strength: of the modulus or of the curve. Zero where it isn't known.
    pub(crate) fn bits(&self) -> u32 {
        match (&self.numbers, &self.algorithm) {
            (Numbers::Rsa { modulus, .. }, _) => bits_of(modulus),
            (_, KeyAlgorithm::Ec(curve)) => curve.bits(),
            (_, KeyAlgorithm::Ed25519) => 256,
            _ => 0,
        }
    }
}

/// Bits of a number without zeros in front.
pub(crate) fn bits_of(number: &[u8]) -> u32 {
    number.first().map_or(0, |first| {
        u32::try_from(number.len()).map_or(u32::MAX, |length| {
            length.saturating_mul(8) - first.leading_zeros()
        })
    })
}

/// Reads an algorithm with its curve.
pub(crate) fn algorithm(mut parts: Reader<'_>) -> Result<KeyAlgorithm, NotDer> {
    let oid = der::oid(parts.expect(tag::OID)?.value)?;
    Ok(match oid.as_str() {
        id::RSA => KeyAlgorithm::Rsa,
        id::RSA_PSS => KeyAlgorithm::RsaPss,
        id::ED25519 => KeyAlgorithm::Ed25519,
        id::EC => KeyAlgorithm::Ec(curve(&mut parts)?),
        _ => KeyAlgorithm::Other(oid),
    })
}

/// Reads a curve.
pub(crate) fn curve(parts: &mut Reader<'_>) -> Result<Curve, NotDer> {
    match parts.optional(tag::OID)? {
        Some(oid) => Ok(Curve::of(&der::oid(oid.value)?)),
        None => parts.expect(tag::SEQUENCE).map(|_| Curve::Explicit),
    }
}

/// Algorithm with strength in a few words, such as `EC P-256`, `RSA 2048`.
pub(crate) fn strength(algorithm: &KeyAlgorithm, bits: u32) -> String {
    match algorithm {
        KeyAlgorithm::Ec(curve) => format!("EC {}", curve.name()),
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => format!("{} {bits}", algorithm.name()),
        KeyAlgorithm::Ed25519 | KeyAlgorithm::Other(_) => algorithm.name().to_owned(),
    }
}

/// SHA-256, as bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use rcgen::PublicKeyData;

    use super::{Curve, KeyAlgorithm, PublicKey, strength};

    #[test]
    fn a_key_says_what_it_is() {
        let key = rcgen::KeyPair::generate().unwrap();
        let spki = key.subject_public_key_info();
        let read = PublicKey::read(&spki).unwrap();
        assert_eq!(read.algorithm, KeyAlgorithm::Ec(Curve::P256));
        assert_eq!(strength(&read.algorithm, read.bits()), "EC P-256");
        for cut in 0..spki.len() {
            assert!(PublicKey::read(&spki[..cut]).is_err());
        }
    }

    #[test]
    fn curves_that_are_only_named_have_a_strength() {
        let curve = Curve::of("1.2.840.10045.3.1.1");
        assert_eq!((curve.name(), curve.bits()), ("P-192", 192));
        assert_eq!(Curve::of("1.2.3").name(), "1.2.3");
    }
}
