//! Keys: what they are, and whether their private half really belongs to their public one.

use super::der::{self, NotDer, Reader, tag};
use super::material::{KeyForm, KeyFound};
use super::public_key::{self, Curve, KeyAlgorithm, Numbers, PublicKey};
use super::sweep;

mod curves;
mod rsa;

pub(crate) use curves::{Signed, is_on, verify_ecdsa};

/// What may be known of a key. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyFacts {
    /// Whether it is a private key. Then it was proven that it belongs to the public half given here.
    pub(crate) private: bool,
    /// What kind it is of.
    pub(crate) algorithm: KeyAlgorithm,
    /// Bits of its strength. Zero where it isn't known.
    pub(crate) bits: u32,
    /// Its public half (SPKI), DER.
    pub(crate) spki_der: Vec<u8>,
    /// How it was written.
    pub(crate) form: KeyForm,
    /// Whether the public half stood beside the private one, or was calculated.
    pub(crate) public_half: PublicHalf,
}

/// Where the public half came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublicHalf {
    /// It was there, and is right.
    Given,
    /// It was calculated.
    Calculated,
}

/// Why nothing can be said of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyTrouble {
    /// It can't be read.
    #[error("the key can't be read")]
    Broken,
    /// Its algorithm is not known here.
    #[error("keys of {0} are not known here")]
    Algorithm(String),
    /// Its curve is not known here.
    #[error("keys on the curve {0} are not known here")]
    Curve(String),
    /// Its public half is that of another key.
    #[error("the public half belongs to another key")]
    OtherPublicHalf,
    /// Its numbers don't belong together, so that nothing signed with it would be valid.
    #[error("the parts of the key don't belong together")]
    Inconsistent,
    /// It is longer than is checked.
    #[error("keys of {0} bits are not checked")]
    TooLong(u32),
}

impl From<NotDer> for KeyTrouble {
    fn from(NotDer: NotDer) -> Self {
        Self::Broken
    }
}

/// Reads a key. Of a private one it is proven that both halves belong together.
///
/// # Errors
/// Why nothing can be said of it.
pub(crate) fn read(found: &KeyFound) -> Result<KeyFacts, KeyTrouble> {
    sweep::after(|| match found.form {
        KeyForm::Spki => public(&found.der),
        KeyForm::Pkcs1 => rsa::read(&found.der, KeyForm::Pkcs1, KeyAlgorithm::Rsa),
        KeyForm::Sec1 => {
            let (curve, half) = sec1(&found.der, None)?;
            finish(KeyForm::Sec1, curve, &half)
        }
        KeyForm::Pkcs8 => pkcs8(&found.der),
    })
}

/// Whether two public keys (SPKI) are the same, however they are written: RSA with other parameters, a point
/// compressed or not.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let (Ok(one), Ok(other)) = (PublicKey::read(one), PublicKey::read(other)) else {
        return false;
    };
    match (&one.algorithm, &one.numbers, &other.numbers) {
        (KeyAlgorithm::Ec(curve), Numbers::Point(point), Numbers::Point(as_well)) => {
            one.algorithm == other.algorithm && curves::same_points(curve, point, as_well)
        }
        (KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss, numbers, as_well) => numbers == as_well,
        _ => one == other,
    }
}

fn public(spki: &[u8]) -> Result<KeyFacts, KeyTrouble> {
    let key = PublicKey::read(spki)?;
    if !key.is_on_curve() {
        return Err(KeyTrouble::Broken);
    }
    Ok(KeyFacts {
        private: false,
        bits: key.bits(),
        spki_der: spki.to_vec(),
        form: KeyForm::Spki,
        public_half: PublicHalf::Given,
        algorithm: key.algorithm,
    })
}

fn pkcs8(der: &[u8]) -> Result<KeyFacts, KeyTrouble> {
    let mut parts = der::whole(der, tag::SEQUENCE)?.inside();
    let version = der::small(parts.expect(tag::INTEGER)?)?;
    let algorithm = parts.expect(tag::SEQUENCE)?;
    let key = parts.expect(tag::OCTET_STRING)?.value;
    if version > 1 {
        return Err(KeyTrouble::Broken);
    }
    // What else may belong to the key is of no use here.
    parts.optional(tag::within(0))?;
    let beside = match parts.optional(tag::context(1))? {
        Some(bits) => Some(der::whole_bits(bits)?),
        None => None,
    };
    parts.finish()?;
    match public_key::algorithm(algorithm.inside())? {
        kind @ (KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss) => rsa::read(key, KeyForm::Pkcs8, kind),
        KeyAlgorithm::Ec(curve) => {
            let (curve, half) = sec1(key, Some(curve))?;
            if beside.is_some_and(|beside| !curves::same_point(&curve, beside, &half.point)) {
                return Err(KeyTrouble::OtherPublicHalf);
            }
            finish(KeyForm::Pkcs8, curve, &half)
        }
        KeyAlgorithm::Ed25519 => {
            let seed = der::whole(key, tag::OCTET_STRING)?.value;
            let point = curves::ed25519(seed)?;
            if beside.is_some_and(|beside| beside != point) {
                return Err(KeyTrouble::OtherPublicHalf);
            }
            Ok(KeyFacts {
                private: true,
                algorithm: KeyAlgorithm::Ed25519,
                bits: 256,
                spki_der: spki(&algorithm_of(&[0x2b, 0x65, 0x70], &[]), &point),
                form: KeyForm::Pkcs8,
                public_half: given(beside.is_some()),
            })
        }
        other @ KeyAlgorithm::Other(_) => Err(KeyTrouble::Algorithm(other.name().to_owned())),
    }
}

/// The public half that belongs to a private EC key.
struct Half {
    point: Vec<u8>,
    given: PublicHalf,
}

fn sec1(der: &[u8], outer: Option<Curve>) -> Result<(Curve, Half), KeyTrouble> {
    let mut parts = der::whole(der, tag::SEQUENCE)?.inside();
    if der::small(parts.expect(tag::INTEGER)?)? != 1 {
        return Err(KeyTrouble::Broken);
    }
    let scalar = parts.expect(tag::OCTET_STRING)?.value;
    let inner = match parts.optional(tag::within(0))? {
        Some(parameters) => {
            let mut parameters: Reader<'_> = parameters.inside();
            Some(public_key::curve(&mut parameters)?)
        }
        None => None,
    };
    let beside = match parts.optional(tag::within(1))? {
        Some(bits) => Some(der::whole_bits(bits.inside().expect(tag::BIT_STRING)?)?),
        None => None,
    };
    parts.finish()?;
    let curve = match (outer, inner) {
        (Some(outer), Some(inner)) if outer != inner => return Err(KeyTrouble::Inconsistent),
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => return Err(KeyTrouble::Broken),
    };
    let point = curves::point(&curve, scalar)?;
    if beside.is_some_and(|beside| !curves::same_point(&curve, beside, &point)) {
        return Err(KeyTrouble::OtherPublicHalf);
    }
    let given = given(beside.is_some());
    Ok((curve, Half { point, given }))
}

fn finish(form: KeyForm, curve: Curve, half: &Half) -> Result<KeyFacts, KeyTrouble> {
    let oid: &[u8] = match curve {
        Curve::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        Curve::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
        Curve::P521 => &[0x2b, 0x81, 0x04, 0x00, 0x23],
        Curve::Named(_) | Curve::Explicit => {
            return Err(KeyTrouble::Curve(curve.name().to_owned()));
        }
    };
    let curve_id = der::write(tag::OID, &[oid]);
    let ec = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    Ok(KeyFacts {
        private: true,
        bits: curve.bits(),
        spki_der: spki(&algorithm_of(&ec, &curve_id), &half.point),
        algorithm: KeyAlgorithm::Ec(curve),
        form,
        public_half: half.given,
    })
}

fn given(is_given: bool) -> PublicHalf {
    if is_given {
        PublicHalf::Given
    } else {
        PublicHalf::Calculated
    }
}

fn algorithm_of(oid: &[u8], parameters: &[u8]) -> Vec<u8> {
    let oid = der::write(tag::OID, &[oid]);
    der::write(tag::SEQUENCE, &[&oid, parameters])
}

fn spki(algorithm: &[u8], bits: &[u8]) -> Vec<u8> {
    let bits = der::write(tag::BIT_STRING, &[&[0], bits]);
    der::write(tag::SEQUENCE, &[algorithm, &bits])
}

#[cfg(test)]
mod tests;
