//! Keys on elliptic curves.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::elliptic_curve::sec1::{FromEncodedPoint, ModulusSize, ToEncodedPoint};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytesSize, PublicKey, SecretKey,
    generic_array::typenum::Unsigned,
};
use ring::signature::{Ed25519KeyPair, KeyPair};
use zeroize::Zeroizing;

use super::KeyTrouble;
use crate::inspect::der::{self, tag};
use crate::inspect::public_key::Curve;

/// The public point of a private scalar, uncompressed.
pub(super) fn point(curve: &Curve, scalar: &[u8]) -> Result<Vec<u8>, KeyTrouble> {
    match curve {
        Curve::P256 => point_on::<p256::NistP256>(scalar),
        Curve::P384 => point_on::<p384::NistP384>(scalar),
        Curve::P521 => point_on::<p521::NistP521>(scalar),
        Curve::Named(_) | Curve::Explicit => Err(KeyTrouble::Curve(curve.name().to_owned())),
    }
}

fn point_on<C>(scalar: &[u8]) -> Result<Vec<u8>, KeyTrouble>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromEncodedPoint<C> + ToEncodedPoint<C>,
{
    // Some programs leave out zeros in front.
    let scalar = der::trim(scalar);
    let size = FieldBytesSize::<C>::USIZE;
    let zeros = size.checked_sub(scalar.len()).ok_or(KeyTrouble::Broken)?;
    let mut padded = Zeroizing::new(vec![0; size]);
    padded[zeros..].copy_from_slice(scalar);
    let secret = SecretKey::<C>::from_slice(&padded).map_err(|_| KeyTrouble::Broken)?;
    Ok(secret
        .public_key()
        .to_encoded_point(false)
        .as_bytes()
        .to_vec())
}

/// Whether a point of a public half, compressed or not, is this one.
pub(super) fn same_point(curve: &Curve, given: &[u8], point: &[u8]) -> bool {
    uncompressed(curve, given).is_some_and(|given| given == point)
}

/// Whether two points of public halves are the same.
pub(super) fn same_points(curve: &Curve, one: &[u8], other: &[u8]) -> bool {
    one == other || uncompressed(curve, other).is_some_and(|other| same_point(curve, one, &other))
}

/// Whether a point lies on its curve. Of curves that are only named nothing is known.
pub(crate) fn is_on(curve: &Curve, point: &[u8]) -> bool {
    matches!(curve, Curve::Named(_) | Curve::Explicit) || uncompressed(curve, point).is_some()
}

fn uncompressed(curve: &Curve, point: &[u8]) -> Option<Vec<u8>> {
    match curve {
        Curve::P256 => uncompressed_on::<p256::NistP256>(point),
        Curve::P384 => uncompressed_on::<p384::NistP384>(point),
        Curve::P521 => uncompressed_on::<p521::NistP521>(point),
        Curve::Named(_) | Curve::Explicit => None,
    }
}

fn uncompressed_on<C>(point: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromEncodedPoint<C> + ToEncodedPoint<C>,
{
    let key = PublicKey::<C>::from_sec1_bytes(point).ok()?;
    Some(key.to_encoded_point(false).as_bytes().to_vec())
}

/// The public half of an Ed25519 key.
pub(super) fn ed25519(seed: &[u8]) -> Result<Vec<u8>, KeyTrouble> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyTrouble::Broken)?;
    Ok(pair.public_key().as_ref().to_vec())
}

/// How verifying a signature ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// It can't be told here.
    Unknown,
}

/// Whether an ECDSA signature of this digest is right.
pub(crate) fn verify_ecdsa(curve: &Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> Signed {
    let right = match curve {
        Curve::P256 => verify_p256(point, digest, signature),
        Curve::P384 => verify_p384(point, digest, signature),
        Curve::P521 => verify_p521(point, digest, signature),
        Curve::Named(_) | Curve::Explicit => return Signed::Unknown,
    };
    if right.is_some() {
        Signed::Right
    } else {
        Signed::Wrong
    }
}

/// The types of the three curves have no common trait that takes a digest of any length.
macro_rules! verify_on {
    ($name:ident, $curve:ident, $size:literal) => {
        fn $name(point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = fixed(signature, $size)?;
            let signature = $curve::ecdsa::Signature::from_slice(&signature).ok()?;
            let digest = widened(digest, $size);
            key.verify_prehash(&digest, &signature).ok()
        }
    };
}

verify_on!(verify_p256, p256, 32);
verify_on!(verify_p384, p384, 48);
verify_on!(verify_p521, p521, 66);

/// The two numbers of a signature, each as long as the curve's field.
fn fixed(signature: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut numbers = der::whole(signature, tag::SEQUENCE).ok()?.inside();
    let mut both = Vec::with_capacity(2 * size);
    for _ in 0..2 {
        let number = der::positive(numbers.expect(tag::INTEGER).ok()?).ok()?;
        both.resize(both.len() + size.checked_sub(number.len())?, 0);
        both.extend_from_slice(number);
    }
    numbers.finish().ok()?;
    Some(both)
}

/// A digest with zeros in front up to the length of the field: the same number, which short digests are refused
/// without.
fn widened(digest: &[u8], size: usize) -> Vec<u8> {
    let mut wide = vec![0; size.saturating_sub(digest.len())];
    wide.extend_from_slice(digest);
    wide
}
