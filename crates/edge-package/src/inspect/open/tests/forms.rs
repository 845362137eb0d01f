//! Certificates, keys and stores in every form.

use super::{opened, opened_with, things, troubles};
use crate::inspect::der::{tag, write};
use crate::inspect::open::encryption::Passphrase;
use crate::inspect::open::locked::{Locked, LockedForm};
use crate::inspect::open::pkcs12::{Digest, Purpose, derive};
use crate::inspect::open::{Convert, Foreign, Opened, Trouble};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use ring::hmac;
use zeroize::Zeroizing;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/opening/", $name)).as_slice()
    };
}

#[track_caller]
fn check(bytes: &[u8], expected: &str, expected_troubles: &[Trouble]) -> Opened {
    let opened = opened(bytes);
    assert_eq!(things(&opened), expected);
    assert_eq!(troubles(&opened), expected_troubles);
    opened
}

#[test]
fn each_form_is_told_by_its_structure() {
    for (pem, expected) in [
        (fixture!("ec.crt"), "certificate in"),
        (fixture!("ec.pkcs8.pem"), "private in"),
        (fixture!("ec.sec1.pem"), "private in"),
        (fixture!("ec.spki.pem"), "public in"),
        (fixture!("rsa.pkcs1.pem"), "private in"),
        (fixture!("rsa.public.pem"), "public in"),
        (fixture!("chain.p7.pem"), "certificate in, certificate in"),
        (fixture!("locked.pbkdf2.pem"), "locked in"),
    ] {
        check(pem, expected, &[]);
        let der = pem::parse(pem).unwrap();
        check(der.contents(), expected, &[]);
        // What a block says it holds decides nothing.
        let lie = pem::encode(&pem::Pem::new("DSA PRIVATE KEY", der.contents()));
        let label = "DSA PRIVATE KEY".to_owned();
        check(
            lie.as_bytes(),
            expected,
            &[Trouble::PemMislabelled { label }],
        );
        check(
            &der.contents()[..der.contents().len() - 3],
            "",
            &[Trouble::DerTruncated],
        );
    }
    check(fixture!("chain.p7b"), "certificate in, certificate in", &[]);
    check(fixture!("stream.p7"), "certificate in", &[]);
    check(fixture!("ec.trusted.pem"), "certificate in", &[]);
}

#[test]
fn what_is_known_and_not_read_is_named() {
    let foreign = |foreign| [Trouble::Foreign(foreign)];
    let dsa = "DSA".to_owned();
    check(
        fixture!("ec.csr.pem"),
        "",
        &foreign(Foreign::SigningRequest),
    );
    check(
        fixture!("ca.crl.pem"),
        "",
        &foreign(Foreign::RevocationList),
    );
    check(fixture!("ssh"), "", &foreign(Foreign::OpenSshPrivateKey));
    check(fixture!("ssh.pub"), "", &foreign(Foreign::OpenSshPublicKey));
    check(fixture!("dsa.pem"), "private unread in", &[]);
    let traditional = [&[0x30, 18][..], &[2, 1, 0].repeat(6)].concat();
    check(
        &traditional,
        "",
        &[Trouble::UnsupportedKey { algorithm: dsa }],
    );
    check(b"PK\x03\x04rest", "", &foreign(Foreign::Zip));
    check(b"<!DOCTYPE html><html>502", "", &foreign(Foreign::Html));
    check(b"<html><head>", "", &foreign(Foreign::Html));
    check(b"\xfd7zXZ\x00\x00", "", &foreign(Foreign::Xz));
    check(
        b"\xfe\xed\xfe\xed\x00\x00",
        "",
        &foreign(Foreign::JavaKeyStore),
    );
    check(
        b"PuTTY-User-Key-File-3: ssh-rsa\n",
        "",
        &foreign(Foreign::PuttyKey),
    );
    check(
        b"-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----",
        "",
        &foreign(Foreign::Pgp),
    );
    let label = "SECRET SAUCE".to_owned();
    check(
        b"-----BEGIN SECRET SAUCE-----\nAAAA\n-----END SECRET SAUCE-----",
        "",
        &[Trouble::PemUnknown { label }],
    );
    check(&[0x30, 3, 6, 1, 0x2a], "", &[Trouble::Unknown]);
    let curve = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----";
    check(curve, "", &[Trouble::Unknown]);
    check(b"", "", &[Trouble::Empty]);
    check(b"\xef\xbb\xbf \r\n", "", &[Trouble::Empty]);
    check(&[0, 1, 2, 3, 0xff], "", &[Trouble::Unknown]);
    check(b"Dear colleague, see attached.", "", &[Trouble::PlainText]);
}

#[test]
fn keys_are_unlocked_however_they_are_locked() {
    for locked in [
        fixture!("locked.pbkdf2.pem"),
        fixture!("locked.sha1.pem"),
        fixture!("locked.sha512.pem"),
        fixture!("locked.scrypt.pem"),
        fixture!("locked.3des.pem"),
        fixture!("locked.pbe3des.pem"),
        fixture!("locked.legacy.pem"),
        fixture!("locked.legacy3.pem"),
    ] {
        let mut later = check(locked, "locked in", &[]);
        assert_eq!(later.locked(), ["in"]);
        assert_eq!(later.unlock(&Zeroizing::new("wrong".to_owned())), 0);
        assert_eq!(troubles(&later), [Trouble::WrongPassphrase]);
        assert_eq!(later.locked(), ["in"]);
        assert_eq!(later.unlock(&Zeroizing::new("geheim".to_owned())), 1);
        assert_eq!(things(&later), "private in");
        assert_eq!(troubles(&later), []);

        let at_once = opened_with(locked, &["wrong", "geheim"]);
        assert_eq!(things(&at_once), "private in");
        let clear = opened(fixture!("ec.pkcs8.pem"));
        let public = |opened: &Opened| opened.keys[0].facts.clone().unwrap().spki_der;
        assert_eq!(public(&at_once), public(&clear));
    }
}

#[test]
fn locks_that_are_not_supported_are_named_with_what_converts_them() {
    let trouble = |method: &str| Trouble::Unsupported {
        method: method.to_owned(),
        convert: Convert::Key,
    };
    let legacy = check(
        fixture!("locked.legacydes.pem"),
        "locked in",
        &[trouble("DES-CBC")],
    );
    assert!(legacy.locked().is_empty());
    check(
        fixture!("locked.md5des.pem"),
        "locked in",
        &[trouble("pbeWithMD5AndDES-CBC")],
    );
}

#[test]
fn stores_are_opened() {
    let whole = "certificate in, certificate in, private in";
    for store in [fixture!("store.aes.p12"), fixture!("store.legacy.p12")] {
        let mut opened = check(store, "locked in", &[]);
        assert_eq!(opened.layers[0].form, "pkcs12");
        assert_eq!(opened.unlock(&Zeroizing::new("falsch".to_owned())), 0);
        assert_eq!(opened.unlock(&Zeroizing::new("geheim".to_owned())), 1);
        assert_eq!(things(&opened), whole);
        assert_eq!(troubles(&opened), []);
        assert_eq!(things(&opened_with(store, &["geheim"])), whole);
    }
    check(fixture!("store.empty.p12"), whole, &[]);
    // Its certificates are not locked, and can be seen before the passphrase is known.
    let mut open = check(fixture!("store.open.p12"), "certificate in, locked in", &[]);
    assert_eq!(open.unlock(&Zeroizing::new("geheim".to_owned())), 1);
    assert_eq!(things(&open), "certificate in, private in");
    let without_seal = opened_with(fixture!("store.nomac.p12"), &["geheim"]);
    assert_eq!(things(&without_seal), "certificate in, private in");
    check(
        fixture!("store.nomac.p12"),
        "certificate in, locked in",
        &[],
    );
}

#[test]
fn a_store_that_shows_its_key_is_not_kept() {
    let unproven = [Trouble::SealNotProven];
    for (store, whole) in [
        (fixture!("store.clear.p12"), "certificate in, private in"),
        (fixture!("store.clearkey.p12"), "private in"),
    ] {
        let mut shown = check(store, whole, &unproven);
        assert!(shown.locked.is_empty());
        assert_eq!(shown.unlock(&Zeroizing::new("geheim".to_owned())), 0);
        assert_eq!(things(&shown), whole);
        assert_eq!(troubles(&opened_with(store, &["falsch"])), unproven);
        let proven = opened_with(store, &["falsch", "geheim"]);
        assert_eq!(things(&proven), "certificate in, private in");
        assert_eq!(troubles(&proven), []);
    }
}

#[test]
fn a_store_that_is_tried_again_gives_each_key_once() {
    let first = pkcs8(fixture!("ec.pkcs8.pem"));
    let bags = sequence(&[&bag(1, &first), &bag(5, &sequence(&[]))]);
    let store = store_of(
        &[&clear(&bags), &locked(&sequence(&[]), "anders")],
        "geheim",
    );
    let mut opened = opened_with(&store, &["falsch"]);
    assert_eq!(things(&opened), "private in");
    for passphrase in ["x", "y", "anders"] {
        opened.unlock(&Zeroizing::new(passphrase.to_owned()));
        assert_eq!(things(&opened), "private in");
        assert_eq!(
            troubles(&opened),
            [Trouble::OtherContent, Trouble::SealNotProven]
        );
    }
    // One key under the passphrase of the seal, one under another.
    let bags = [
        locked(&sequence(&[&bag(1, &first)]), "geheim"),
        locked(&sequence(&[&bag(4, &sequence(&[]))]), "anders"),
    ];
    let store = store_of(&[&bags[0], &bags[1]], "geheim");
    let mut opened = opened_with(&store, &["geheim"]);
    assert_eq!(things(&opened), "private in, locked in");
    for _ in 0..3 {
        assert_eq!(opened.unlock(&Zeroizing::new("geheim".to_owned())), 0);
        assert_eq!(things(&opened), "private in, locked in");
        assert_eq!(troubles(&opened), [Trouble::WrongPassphrase]);
    }
}

#[test]
fn a_store_with_the_right_seal_and_broken_content_is_damaged() {
    let store = store_of(&[&locked(b"no bags", "geheim")], "geheim");
    let mut opened = check(&store, "locked in", &[]);
    assert_eq!(opened.unlock(&Zeroizing::new("falsch".to_owned())), 0);
    assert_eq!(troubles(&opened), [Trouble::WrongPassphrase]);
    opened.unlock(&Zeroizing::new("geheim".to_owned()));
    assert_eq!(troubles(&opened), [Trouble::DerDamaged]);
    let at_once = opened_with(&store, &["falsch", "geheim"]);
    assert_eq!(
        (things(&at_once), troubles(&at_once)),
        (String::new(), vec![Trouble::DerDamaged])
    );
}

#[test]
fn what_is_locked_and_can_not_be_read_stays() {
    let mut opened = check(fixture!("store.aes.p12"), "locked in", &[]);
    let broken = Locked {
        source: "in".to_owned(),
        form: LockedForm::Store(vec![tag::SEQUENCE, 0]),
    };
    opened.locked = vec![broken.clone()];
    assert_eq!(opened.unlock(&Zeroizing::new("geheim".to_owned())), 0);
    assert_eq!(opened.locked, [broken]);
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    write(tag::SEQUENCE, parts)
}

/// An identifier below that of PKCS.
fn pkcs(last: &[u8]) -> Vec<u8> {
    write(tag::OID, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1], last])
}

fn pkcs8(pem: &[u8]) -> Vec<u8> {
    pem::parse(pem).unwrap().into_contents()
}

fn bag(kind: u8, content: &[u8]) -> Vec<u8> {
    let name = pkcs(&[12, 10, 1, kind]);
    sequence(&[&name, &write(tag::within(0), &[content])])
}

/// Content of a store that is not locked.
fn clear(bags: &[u8]) -> Vec<u8> {
    let content = write(tag::OCTET_STRING, &[bags]);
    sequence(&[&pkcs(&[7, 1]), &write(tag::within(0), &[&content])])
}

const SALT: [u8; 8] = *b"salt8888";

fn derived(passphrase: &str, purpose: Purpose, length: usize) -> Vec<u8> {
    let passphrase = Passphrase::Given(passphrase);
    derive(passphrase, &SALT, 1, purpose, length, Digest::Sha1).to_vec()
}

/// Content of a store that is locked by 3DES.
fn locked(bags: &[u8], passphrase: &str) -> Vec<u8> {
    let key = derived(passphrase, Purpose::Key, 24);
    let first_block = derived(passphrase, Purpose::FirstBlock, 8);
    let cipher = cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, &first_block).unwrap();
    let mut buffer = [bags, &[0; 8]].concat();
    let content = cipher.encrypt_padded_mut::<Pkcs7>(&mut buffer, bags.len());
    let content = write(tag::context(0), &[content.unwrap()]);
    let salt = write(tag::OCTET_STRING, &[&SALT]);
    let numbers = sequence(&[&salt, &write(tag::INTEGER, &[&[1]])]);
    let method = sequence(&[&pkcs(&[12, 1, 3]), &numbers]);
    let content = sequence(&[&pkcs(&[7, 1]), &method, &content]);
    let content = sequence(&[&write(tag::INTEGER, &[&[0]]), &content]);
    sequence(&[&pkcs(&[7, 6]), &write(tag::within(0), &[&content])])
}

/// A store of these contents, sealed.
fn store_of(contents: &[&[u8]], passphrase: &str) -> Vec<u8> {
    let contents = sequence(contents);
    let key = derived(passphrase, Purpose::Seal, 20);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let seal = hmac::sign(&key, &contents);
    let sha1 = sequence(&[&write(tag::OID, &[&[0x2b, 14, 3, 2, 26]])]);
    let seal = sequence(&[&sha1, &write(tag::OCTET_STRING, &[seal.as_ref()])]);
    let seal = sequence(&[&seal, &write(tag::OCTET_STRING, &[&SALT])]);
    sequence(&[&write(tag::INTEGER, &[&[3]]), &clear(&contents), &seal])
}

#[test]
fn derivations_that_cost_too_much_are_not_begun() {
    let name = |oid: &[u8]| write(tag::OID, &[oid]);
    let bytes = |count: usize| write(tag::OCTET_STRING, &[&vec![7; count]]);
    let pkcs5 = |last: u8| name(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, last]);
    let aes = name(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42]);
    let rounds = write(tag::INTEGER, &[&[0x7f, 0xff, 0xff, 0xff]]);
    let locked = |derivation: &[u8]| {
        let cipher = sequence(&[&aes, &bytes(16)]);
        let method = sequence(&[&pkcs5(13), &sequence(&[derivation, &cipher])]);
        sequence(&[&method, &bytes(64)])
    };
    let pbkdf2 = sequence(&[&pkcs5(12), &sequence(&[&bytes(8), &rounds])]);
    let number = |number: u8| write(tag::INTEGER, &[&[number]]);
    let scrypt = name(&[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11]);
    let numbers = [write(tag::INTEGER, &[&[1, 0, 0, 0]]), number(8), number(1)];
    let numbers = sequence(&[&bytes(8), &numbers[0], &numbers[1], &numbers[2]]);
    let scrypt = sequence(&[&scrypt, &numbers]);
    for (derivation, method) in [
        (pbkdf2, "PBKDF2, 2147483647 rounds"),
        (scrypt, "scrypt, N=16777216 r=8 p=1"),
    ] {
        let der = locked(&derivation);
        let method = method.to_owned();
        let expected = [Trouble::DerivationTooCostly { method }];
        let opened = check(&der, "locked in", &expected);
        assert!(opened.locked().is_empty());
        let opened = opened_with(&der, &["geheim"]);
        assert_eq!(troubles(&opened), expected);
    }
}
