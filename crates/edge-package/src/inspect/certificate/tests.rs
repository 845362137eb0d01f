use super::{Constraints, Facts, Oddity};
use crate::inspect::der::{self, tag};
use crate::inspect::moment;
use crate::inspect::public_key::PublicKey;
use crate::inspect::testing;

macro_rules! fixture {
    ($name:literal) => {
        testing::der(include_str!(concat!(
            "../../../tests/fixtures/certificates/",
            $name,
            ".pem"
        )))
    };
}

/// The certificate with some bytes replaced by as many others.
fn patched(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut der = der.to_vec();
    let found: Vec<usize> = (0..=der.len() - from.len())
        .filter(|place| der[*place..].starts_with(from))
        .collect();
    assert!(!found.is_empty(), "nothing to replace");
    for place in found {
        der[place..place + from.len()].copy_from_slice(to);
    }
    der
}

fn oddities(der: &[u8]) -> Vec<Oddity> {
    Facts::read("a.crt", der).unwrap().oddities
}

#[test]
fn what_a_certificate_says_is_read() {
    let der = fixture!("everything");
    let facts = Facts::read("a.crt", &der).unwrap();
    assert_eq!((facts.version, facts.name().as_str()), (3, "gw-1"));
    assert_eq!(
        facts.subject.text(),
        "O=acme, OU=plant 7\\, north, CN=gw-1, serialNumber=77"
    );
    assert_eq!(facts.serial_text(), "f1e2d3c4b5a697");
    assert_eq!(facts.key.as_ref().map(PublicKey::bits), Some(384));
    assert_eq!(facts.scheme.name(), "ecdsa-with-SHA256");
    assert!(facts.is_ca() && facts.is_self_issued() && facts.may_sign_certificates());
    let constraints = Constraints {
        is_ca: true,
        path_length: Some(2),
    };
    assert_eq!(facts.rights.constraints, Some(constraints));
    assert_eq!(facts.rights.usage, Some(0x8d00));
    assert_eq!(facts.rights.key_id, facts.rights.issuer_key_id);
    let names: Vec<String> = facts
        .rights
        .names
        .iter()
        .map(super::General::text)
        .collect();
    assert_eq!(
        names,
        [
            "DNS: gw-1.example",
            "IP: 10.0.0.7",
            "IP: 2001:db8::1",
            "URI: spiffe://acme/gw-1",
            "email: ops@example.com",
            "DirName: C=CN, O=acme"
        ]
    );
    let purposes = facts.rights.purposes.unwrap();
    assert_eq!(
        purposes,
        ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.2.3.4"]
    );
    assert_eq!(
        facts.oddities,
        [Oddity::UnknownCritical("1.2.3.4.5.6".to_owned())]
    );
}

#[test]
fn odd_numbers_names_and_dates_are_named() {
    for (der, expected) in [
        (fixture!("negative_serial"), vec![Oddity::NegativeSerial]),
        (fixture!("zero_serial"), vec![Oddity::ZeroSerial]),
        (fixture!("long_serial"), vec![Oddity::LongSerial(23)]),
        (fixture!("bmp_name"), vec![]),
        (fixture!("version_one"), vec![]),
        (fixture!("never_ends"), vec![]),
        (
            patched(&fixture!("never_ends"), b"200101000000Z", b"200199000000Z"),
            vec![Oddity::UnreadableStart],
        ),
        (
            patched(
                &fixture!("never_ends"),
                b"99991231235959Z",
                b"9999123123595\xff\xff",
            ),
            vec![Oddity::UnreadableEnd],
        ),
        (
            patched(
                &fixture!("never_ends"),
                b"99991231235959Z",
                b"19991231235959Z",
            ),
            vec![Oddity::EndBeforeStart],
        ),
        (
            patched(
                &fixture!("never_ends"),
                b"never ends",
                b"never\xff\xfe\xfdds",
            ),
            vec![Oddity::NameNotText],
        ),
        (
            [fixture!("never_ends"), vec![1, 2]].concat(),
            vec![Oddity::Trailing(2)],
        ),
        (
            // The curve becomes one whose parameters are missing.
            patched(
                &fixture!("version_one"),
                &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03],
                &[0x05, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03],
            ),
            vec![Oddity::UnreadableKey],
        ),
    ] {
        assert_eq!(oddities(&der), expected);
    }
    let der = fixture!("never_ends");
    let facts = Facts::read("a.crt", &der).unwrap();
    assert_eq!((facts.not_after, facts.ends()), (Some(moment::NEVER), None));
    let der = fixture!("bmp_name");
    let facts = Facts::read("a.crt", &der).unwrap();
    assert_eq!(facts.name(), "节点一号");
    let der = fixture!("version_one");
    let facts = Facts::read("a.crt", &der).unwrap();
    assert_eq!((facts.version, facts.is_ca()), (1, true));
}

#[test]
fn extensions_that_stand_twice_or_are_broken_are_named() {
    let key = rcgen::KeyPair::generate().unwrap();
    let with = |extensions: &[(&[u64], &[u8])]| {
        let mut params = rcgen::CertificateParams::default();
        for (oid, value) in extensions {
            let extension = rcgen::CustomExtension::from_oid_content(oid, value.to_vec());
            params.custom_extensions.push(extension);
        }
        params.self_signed(&key).unwrap().der().to_vec()
    };
    let name = |name: &str| name.to_owned();
    let constraints = der::write(tag::SEQUENCE, &[]);
    let der = with(&[
        (&[2, 5, 29, 19], &constraints),
        (&[2, 5, 29, 19], &constraints),
    ]);
    assert_eq!(
        oddities(&der),
        [Oddity::TwiceExtension(name("Basic Constraints"))]
    );
    for (oid, broken) in [
        (&[2, 5, 29, 19][..], "Basic Constraints"),
        (&[2, 5, 29, 15], "Key Usage"),
        (&[2, 5, 29, 37], "Extended Key Usage"),
        (&[2, 5, 29, 17], "Subject Alternative Name"),
        (&[2, 5, 29, 35], "Authority Key Identifier"),
        (&[2, 5, 29, 14], "Subject Key Identifier"),
    ] {
        let der = with(&[(oid, &[5, 0])]);
        assert_eq!(oddities(&der), [Oddity::BrokenExtension(name(broken))]);
    }
}

#[test]
fn a_certificate_cut_short_or_changed_anywhere_is_never_a_panic() {
    let der = fixture!("everything");
    for length in 0..der.len() {
        assert!(
            Facts::read("a.crt", &der[..length]).is_err(),
            "{length} bytes"
        );
    }
    let mut read = 0;
    for place in 0..der.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut der = der.clone();
            der[place] ^= change;
            if let Ok(facts) = Facts::read("a.crt", &der) {
                read += 1;
                assert!(!facts.name().is_empty() || !facts.serial_text().is_empty());
            }
        }
    }
    assert!(read > der.len(), "most changes leave the outline as it is");
}

#[test]
fn bits_that_are_said_to_be_unused_tell_nothing() {
    use super::key_usage;
    assert_eq!(key_usage(&[3, 2, 7, 0xff]), Ok(0x8000));
    assert_eq!(key_usage(&[3, 2, 0, 0xff]), Ok(0xff00));
    assert_eq!(key_usage(&[3, 3, 7, 0x01, 0xff]), Ok(0x0180));
    assert_eq!(key_usage(&[3, 1, 0]), Ok(0));
    assert!(key_usage(&[3, 2, 8, 0xff]).is_err());
    assert!(key_usage(&[3, 0]).is_err());
}

#[test]
fn a_point_beside_its_curve_is_no_key() {
    let der = fixture!("everything");
    let facts = Facts::read("a.crt", &der).unwrap();
    let mut spki = facts.spki.to_vec();
    *spki.last_mut().unwrap() ^= 1;
    let der = patched(&der, facts.spki, &spki);
    let facts = Facts::read("a.crt", &der).unwrap();
    assert!(facts.key.is_none());
    assert!(facts.oddities.contains(&Oddity::UnreadableKey));
    assert!(Oddity::UnreadableKey.is_fatal());
}

#[test]
fn endless_extensions_are_refused_and_long_names_cut() {
    let list = |count: usize| {
        let oid = der::write(tag::OID, &[&[0x2a, 3]]);
        let one = der::write(tag::SEQUENCE, &[&oid, &der::write(tag::OCTET_STRING, &[])]);
        der::write(
            tag::within(3),
            &[&der::write(tag::SEQUENCE, &[&one.repeat(count)])],
        )
    };
    let read = |bytes: &[u8]| super::extensions(der::Reader::new(bytes).next()?).map(|it| it.len());
    let most = super::MOST_EXTENSIONS;
    assert_eq!(read(&list(most)), Ok(most));
    assert_eq!(read(&list(most + 1)), Err(der::NotDer));

    let name = super::shortened("名".repeat(super::LONGEST_NAME + 1));
    assert_eq!(name.chars().count(), super::LONGEST_NAME + 1);
    assert!(name.ends_with("名…"));
    assert_eq!(super::shortened("名".to_owned()), "名");
}

#[test]
fn of_many_odd_extensions_the_first_are_told() {
    let odd = super::Extension {
        oid: &[0x2a, 3],
        is_critical: true,
        value: &[],
    };
    let mut oddities = vec![Oddity::ZeroSerial];
    super::Rights::read(&[odd; 50], &mut oddities);
    assert_eq!(oddities.len(), 1 + super::MOST_ODD_EXTENSIONS);
    assert_eq!(oddities[0], Oddity::ZeroSerial);
}
