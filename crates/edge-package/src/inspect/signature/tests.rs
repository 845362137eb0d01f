use super::{Hash, Kind, Scheme, verify, work};
use crate::inspect::certificate::Facts;
use crate::inspect::chain::{Chain, End, Signatures};
use crate::inspect::key::Signed;
use crate::inspect::public_key::{KeyAlgorithm, Numbers, PublicKey};
use crate::inspect::testing;

/// Self-signed certificates, one for each way of signing.
const SIGNED: &str = include_str!("../../../tests/fixtures/certificates/signatures.pem");
/// The same for ways that are only named.
const UNKNOWN: &str = include_str!("../../../tests/fixtures/certificates/unknown.pem");

fn signed(facts: &Facts<'_>, signature: &[u8]) -> Signed {
    let key = facts.key.as_ref().unwrap();
    verify(&facts.scheme, key, facts.signed, signature)
}

#[test]
fn what_openssl_signed_is_right_and_nothing_else() {
    let all = testing::blocks(SIGNED);
    assert_eq!(all.len(), 31);
    for der in &all {
        let facts = Facts::read("a.crt", der).unwrap();
        let name = format!("{} by {}", facts.name(), facts.scheme.name());
        assert_eq!(signed(&facts, facts.signature), Signed::Right, "{name}");
        for place in [0, facts.signature.len() / 2, facts.signature.len() - 1] {
            let mut changed = facts.signature.to_vec();
            changed[place] ^= 1;
            assert_eq!(signed(&facts, &changed), Signed::Wrong, "{name} at {place}");
        }
        let key = facts.key.as_ref().unwrap();
        let mut message = facts.signed.to_vec();
        *message.last_mut().unwrap() ^= 1;
        let changed = verify(&facts.scheme, key, &message, facts.signature);
        assert_eq!(changed, Signed::Wrong, "{name}");
        assert_eq!(signed(&facts, &[]), Signed::Wrong, "{name}");
    }
}

#[test]
fn a_key_of_another_kind_signed_nothing() {
    let all = testing::blocks(SIGNED);
    let all: Vec<_> = all
        .iter()
        .map(|der| Facts::read("", der).unwrap())
        .collect();
    for (one, other) in all.iter().zip(all.iter().skip(1)) {
        if one.spki != other.spki {
            let key = other.key.as_ref().unwrap();
            let told = verify(&one.scheme, key, one.signed, one.signature);
            assert_eq!(told, Signed::Wrong, "{} by {}", one.name(), other.name());
        }
    }
}

#[test]
fn what_is_not_known_is_not_judged() {
    let all = testing::blocks(UNKNOWN);
    assert_eq!(all.len(), 3);
    for der in &all {
        let facts = Facts::read("a.crt", der).unwrap();
        assert_eq!(
            signed(&facts, facts.signature),
            Signed::Unknown,
            "{}",
            facts.name()
        );
    }
    let ed448 = Facts::read("a.crt", &all[0]).unwrap();
    assert_eq!(
        (ed448.scheme.name(), ed448.scheme.kind),
        ("ED448", Kind::Other)
    );
}

#[test]
fn parameters_of_pss_are_read() {
    let all = testing::blocks(SIGNED);
    let kinds: Vec<Kind> = all
        .iter()
        .map(|der| Facts::read("", der).unwrap())
        .filter(|facts| facts.name().starts_with("pss"))
        .map(|facts| facts.scheme.kind)
        .collect();
    let pss = |hash, mask, salt| Kind::Pss { hash, mask, salt };
    use Hash::{Sha1, Sha256, Sha384, Sha512};
    let expected = [
        pss(Sha256, Sha256, 32),
        pss(Sha256, Sha256, 222),
        pss(Sha256, Sha256, 0),
        pss(Sha256, Sha256, 20),
        pss(Sha256, Sha256, 32),
        pss(Sha1, Sha1, 20),
        pss(Sha512, Sha256, 64),
    ];
    assert_eq!(kinds[..7], expected);
    assert!(matches!(kinds[7], Kind::Pss { hash: Sha384, .. }));
    assert_eq!(kinds.len(), 8);
}

fn rsa<'a>(modulus: &'a [u8], exponent: &'a [u8]) -> PublicKey<'a> {
    PublicKey {
        algorithm: KeyAlgorithm::Rsa,
        numbers: Numbers::Rsa { modulus, exponent },
    }
}

#[test]
fn work_with_rsa_is_bounded_by_the_length_of_its_numbers() {
    let usual = [1, 0, 1];
    for (bits, exponent, expected) in [
        (2048, &usual[..], 1),
        (4096, &usual, 1),
        (8192, &usual, 4),
        (4096, &[0xff; 8], 7),
        (8192, &[0xff; 8], 27),
        // These are not tried.
        (8192, &[0xff; 9], 1),
        (16_384, &usual, 1),
    ] {
        let modulus = vec![0xff; bits / 8];
        let given = (bits, exponent.len());
        assert_eq!(work(&rsa(&modulus, exponent)), expected, "{given:?}");
    }
}

#[test]
fn what_takes_too_long_is_not_told() {
    let scheme = Scheme {
        oid: String::new(),
        kind: Kind::Rsa(Hash::Sha256),
    };
    for (bits, exponent, expected) in [
        (8192, &[3][..], Signed::Wrong),
        (8200, &[3], Signed::Unknown),
        (2048, &[1, 0, 0, 0, 0, 0, 0, 0, 1], Signed::Unknown),
    ] {
        let modulus = vec![0xff; bits / 8];
        let mut signature = modulus.clone();
        signature[0] = 1;
        let told = verify(&scheme, &rsa(&modulus, exponent), b"", &signature);
        assert_eq!(told, expected, "{bits}");
    }
}

#[test]
fn a_root_whose_signature_takes_too_long_is_named_as_untold() {
    let der = &testing::blocks(SIGNED)[0];
    let modulus = vec![0xff; 2048];
    let mut facts = Facts::read("a.crt", der).unwrap();
    facts.scheme.kind = Kind::Rsa(Hash::Sha256);
    facts.key = Some(rsa(&modulus, &[1, 0, 1]));
    let all = [facts];
    let chain = Chain::of(0, &Signatures::new(&all, 1_795_000_000));
    assert_eq!((chain.end, &chain.untold[..]), (End::Root, &[0][..]));
}
