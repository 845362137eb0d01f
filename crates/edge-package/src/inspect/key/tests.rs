use zeroize::Zeroizing;

use super::{KeyFacts, KeyTrouble, PublicHalf, read};
use crate::inspect::der::{self, tag};
use crate::inspect::material::{KeyForm, KeyFound};
use crate::inspect::public_key::strength;

/// The key of a file in `tests/fixtures/keys`.
macro_rules! fixture {
    ($name:literal) => {
        crate::inspect::testing::der(include_str!(concat!(
            "../../../tests/fixtures/keys/",
            $name,
            ".pem"
        )))
    };
}

fn check(form: KeyForm, der: Vec<u8>) -> Result<KeyFacts, KeyTrouble> {
    read(&KeyFound {
        source: "a.key".to_owned(),
        form,
        der: Zeroizing::new(der),
    })
}

#[test]
fn private_keys_give_the_public_half_that_openssl_gives() {
    use KeyForm::{Pkcs1, Pkcs8, Sec1};
    let (p256, p521) = (fixture!("p256.spki"), fixture!("p521.spki"));
    let (rsa, ed) = (fixture!("rsa2048.spki"), fixture!("ed25519.spki"));
    for (form, der, spki, half, name) in [
        (
            Sec1,
            fixture!("p256.sec1"),
            &p256,
            PublicHalf::Given,
            "EC P-256",
        ),
        (
            Pkcs8,
            fixture!("p256.pkcs8"),
            &p256,
            PublicHalf::Given,
            "EC P-256",
        ),
        (
            Sec1,
            fixture!("p256.half.sec1"),
            &p256,
            PublicHalf::Calculated,
            "EC P-256",
        ),
        (
            Pkcs8,
            fixture!("p256.half.pkcs8"),
            &p256,
            PublicHalf::Calculated,
            "EC P-256",
        ),
        (
            Sec1,
            fixture!("p521.sec1"),
            &p521,
            PublicHalf::Given,
            "EC P-521",
        ),
        (
            Pkcs8,
            fixture!("p521.pkcs8"),
            &p521,
            PublicHalf::Given,
            "EC P-521",
        ),
        (
            Sec1,
            fixture!("p521.half.sec1"),
            &p521,
            PublicHalf::Calculated,
            "EC P-521",
        ),
        (
            Pkcs8,
            fixture!("p521.half.pkcs8"),
            &p521,
            PublicHalf::Calculated,
            "EC P-521",
        ),
        (
            Pkcs1,
            fixture!("rsa2048.pkcs1"),
            &rsa,
            PublicHalf::Given,
            "RSA 2048",
        ),
        (
            Pkcs8,
            fixture!("rsa2048.pkcs8"),
            &rsa,
            PublicHalf::Given,
            "RSA 2048",
        ),
        (
            Pkcs8,
            fixture!("ed25519.pkcs8"),
            &ed,
            PublicHalf::Calculated,
            "Ed25519",
        ),
    ] {
        let facts = check(form, der).unwrap();
        assert!(facts.private);
        assert_eq!((&facts.spki_der, facts.public_half), (spki, half), "{name}");
        assert_eq!(strength(&facts.algorithm, facts.bits), name);
        assert_eq!(facts.form, form);
    }
    for (form, der, name) in [
        (Sec1, fixture!("p384.sec1"), "EC P-384"),
        (Pkcs8, fixture!("p384.pkcs8"), "EC P-384"),
        (Pkcs1, fixture!("rsa1024.pkcs1"), "RSA 1024"),
        (Pkcs1, fixture!("rsa512.pkcs1"), "RSA 512"),
        (Pkcs8, fixture!("rsapss2048.pkcs8"), "RSA-PSS 2048"),
    ] {
        let facts = check(form, der).unwrap();
        assert_eq!(strength(&facts.algorithm, facts.bits), name);
    }
}

#[test]
fn what_is_not_known_is_named() {
    let curve = |name: &str| Err(KeyTrouble::Curve(name.to_owned()));
    let algorithm = |name: &str| Err(KeyTrouble::Algorithm(name.to_owned()));
    for (form, der, expected) in [
        (
            KeyForm::Sec1,
            fixture!("secp256k1.sec1"),
            curve("secp256k1"),
        ),
        (
            KeyForm::Pkcs8,
            fixture!("secp256k1.pkcs8"),
            curve("secp256k1"),
        ),
        (KeyForm::Sec1, fixture!("p192.sec1"), curve("P-192")),
        (
            KeyForm::Sec1,
            fixture!("p256.explicit.sec1"),
            curve("explicit"),
        ),
        (KeyForm::Pkcs8, fixture!("ed448.pkcs8"), algorithm("Ed448")),
        (
            KeyForm::Pkcs8,
            fixture!("rsa2048.three_primes.pkcs8"),
            algorithm("RSA (multi-prime)"),
        ),
    ] {
        assert_eq!(check(form, der), expected);
    }
}

#[test]
fn public_keys_are_read_and_points_off_their_curve_are_not() {
    for (der, name) in [
        (fixture!("p256.spki"), "EC P-256"),
        (fixture!("p256.compressed.spki"), "EC P-256"),
        (fixture!("p521.compressed.spki"), "EC P-521"),
        (fixture!("rsa2048.spki"), "RSA 2048"),
        (fixture!("ed25519.spki"), "Ed25519"),
    ] {
        let facts = check(KeyForm::Spki, der.clone()).unwrap();
        assert!(!facts.private);
        assert_eq!(strength(&facts.algorithm, facts.bits), name);
        assert_eq!(facts.spki_der, der);
    }
    let mut off = fixture!("p256.spki");
    *off.last_mut().unwrap() ^= 1;
    assert_eq!(check(KeyForm::Spki, off), Err(KeyTrouble::Broken));
}

#[test]
fn a_public_half_of_another_key_is_noticed() {
    let mut sec1 = fixture!("p256.sec1");
    let other = fixture!("p256.pkcs8");
    assert_eq!(other.last(), sec1.last(), "both end with the point");
    *sec1.last_mut().unwrap() ^= 1;
    assert_eq!(check(KeyForm::Sec1, sec1), Err(KeyTrouble::OtherPublicHalf));

    // The second version of PKCS#8 holds the public half beside the key.
    let pkcs8 = fixture!("ed25519.pkcs8");
    let spki = fixture!("ed25519.spki");
    let point = &spki[spki.len() - 32..];
    let plain = der::whole(&pkcs8, tag::SEQUENCE).unwrap();
    let body = &plain.value[3..];
    let with = |point: &[u8]| {
        let beside = der::write(tag::context(1), &[&[0], point]);
        der::write(tag::SEQUENCE, &[&[2, 1, 1], body, &beside])
    };
    let facts = check(KeyForm::Pkcs8, with(point)).unwrap();
    assert_eq!(facts.public_half, PublicHalf::Given);
    assert_eq!(
        check(KeyForm::Pkcs8, with(&[7; 32])),
        Err(KeyTrouble::OtherPublicHalf)
    );
}

#[test]
fn each_number_of_an_rsa_key_matters() {
    let key = fixture!("rsa1024.pkcs1");
    let numbers = der::whole(&key, tag::SEQUENCE)
        .unwrap()
        .inside()
        .all()
        .unwrap();
    for changed in 1..numbers.len() {
        let parts: Vec<Vec<u8>> = numbers
            .iter()
            .enumerate()
            .map(|(place, number)| {
                let mut value = number.value.to_vec();
                if place == changed {
                    *value.last_mut().unwrap() ^= 4;
                }
                der::write(tag::INTEGER, &[&value])
            })
            .collect();
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let der = der::write(tag::SEQUENCE, &parts);
        assert_eq!(
            check(KeyForm::Pkcs1, der),
            Err(KeyTrouble::Inconsistent),
            "number {changed}"
        );
    }
}

#[test]
fn a_key_cut_short_anywhere_is_broken() {
    for (form, key) in [
        (KeyForm::Sec1, fixture!("p256.sec1")),
        (KeyForm::Pkcs8, fixture!("p521.pkcs8")),
        (KeyForm::Pkcs8, fixture!("ed25519.pkcs8")),
        (KeyForm::Pkcs1, fixture!("rsa512.pkcs1")),
        (KeyForm::Spki, fixture!("p256.spki")),
    ] {
        for length in 0..key.len() {
            assert_eq!(
                check(form, key[..length].to_vec()),
                Err(KeyTrouble::Broken),
                "{form:?} of {length} bytes"
            );
        }
    }
}
