//! What can be wrong with a package, and how it is named.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use edge_package::inspect::judge;
use edge_package::report::{Report, Role, Status, Verdict};
use rcgen::{
    BasicConstraints, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, SerialNumber,
};

use Status::{Failed, Passed, Warned};

use crate::support::{
    AT, DAY, File, Made, by, by_itself, ca_params, configuration, context, file, files, good_files,
    is_good, is_told, judged, judged_files, leaf_params, opened, packed, params, root, status,
};

/// The package of a leaf below a root that holds for long.
fn of_leaf(change: impl FnOnce(&mut rcgen::CertificateParams)) -> Report {
    let root = root();
    let mut params = leaf_params((-10, 1000));
    change(&mut params);
    judged_files(&files(&root, &by(&root, params)))
}

/// A good package with one of its files changed.
fn of_file(name: &str, change: impl FnOnce(&mut File)) -> Report {
    let mut files = good_files();
    let found = files.iter_mut().find(|file| file.name == name).unwrap();
    change(found);
    judged_files(&files)
}

fn fixture(name: &str) -> Report {
    let path = format!(
        "{}/tests/fixtures/certificates/{name}.pem",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut context = context(None);
    // These were made when the tests were written.
    context.at = AT + 30 * DAY;
    judge(&opened(&std::fs::read(path).unwrap()), &context)
}

#[test]
fn entries_that_are_missing_too_many_or_refused() {
    for name in ["rootCA.crt", "private_cert.crt", "private_cert.key"] {
        let mut files = good_files();
        files.retain(|file| file.name != name);
        let report = judged_files(&files);
        is_told(
            &report,
            "entries",
            Failed,
            &format!("The file {name} is missing"),
        );
    }
    let mut more = good_files();
    more.push(file("run.sh", 0o644, "#!/bin/sh\n"));
    is_told(
        &judged_files(&more),
        "entries",
        Warned,
        "run.sh does not belong",
    );
    let mut twice = good_files();
    twice.push(twice[2].clone());
    is_told(&judged_files(&twice), "entries", Failed, "a second time");
    is_told(
        &of_file("user_config", |it| it.name = "a/../../etc/x".into()),
        "entries",
        Failed,
        "leaves the folder",
    );
}

#[test]
fn certificates_in_the_wrong_files_and_archives_of_something_else() {
    let mut swapped = good_files();
    let own = std::mem::take(&mut swapped[1].content);
    swapped[1].content = std::mem::replace(&mut swapped[0].content, own);
    let report = judged_files(&swapped);
    is_told(&report, "entries", Failed, "private_cert.crt does not hold");
    is_told(&report, "entries", Failed, "which is no CA");
    let report = judged_files(&[file("notes.txt", 0o644, "some notes\n")]);
    is_told(&report, "opens", Failed, "");
}

#[test]
fn what_cannot_be_opened() {
    let whole = packed(&good_files());
    is_told(
        &judged(&whole[..whole.len() - 12]),
        "opens",
        Failed,
        "ends early",
    );
    is_told(&judged(b""), "opens", Failed, "empty");
    is_told(
        &judged(&[0x9c; 600]),
        "opens",
        Failed,
        "nothing that is known",
    );
    is_told(&judged(b"hello"), "opens", Failed, "text in which");
    is_told(
        &judged(b"<!DOCTYPE html><html></html>"),
        "opens",
        Failed,
        "web page",
    );
    is_told(
        &judged(b"{\"error_code\": \"IEF.104004\", \"error_msg\": \"x\"}"),
        "opens",
        Failed,
        "IEF.104004",
    );
    is_told(
        &judged(b"{\"node\": {\"id\": \"a\", \"package\": null}}"),
        "opens",
        Failed,
        "neither package nor key",
    );
    let text = &good_files()[1].content;
    let cut = text.replacen("-----END", "", 1);
    is_told(&judged(cut.as_bytes()), "opens", Failed, "has no end");
}

#[test]
fn certificates_that_are_odd_or_none() {
    // Of the signature, eight bits of the last byte are said to be unused.
    let mut der = STANDARD
        .decode(
            root()
                .pem
                .lines()
                .filter(|line| !line.starts_with('-'))
                .collect::<String>(),
        )
        .unwrap();
    let place = der
        .windows(3)
        .rposition(|it| it[0] == 3 && it[2] == 0)
        .unwrap();
    der[place + 2] = 8;
    let none = STANDARD.encode(der);
    let none = format!("-----BEGIN CERTIFICATE-----\n{none}\n-----END CERTIFICATE-----\n");
    let report = of_file("rootCA.crt", |it| it.content = none);
    is_told(
        &report,
        "readable",
        Failed,
        "rootCA.crt for a certificate can't be read",
    );
    for (name, ended, words) in [
        ("negative_serial", Warned, "below zero"),
        ("zero_serial", Warned, "is zero"),
        ("long_serial", Warned, "23 bytes"),
        ("everything", Failed, "1.2.3.4.5.6"),
    ] {
        is_told(&fixture(name), "readable", ended, words);
    }
    for name in ["bmp_name", "never_ends", "version_one"] {
        assert_eq!(status(&fixture(name), "readable"), Passed, "{name}");
    }
    let report = fixture("never_ends");
    assert_eq!((report.good_until, report.verdict), (None, Verdict::Good));
    assert_eq!(report.headline, "Good for never ends, with no end.");
}

#[test]
fn keys_that_belong_to_something_else_or_are_broken() {
    let other = by_itself(leaf_params((-10, 1000)));
    let other_key = other.key.serialize_pem();
    is_told(
        &of_file("private_cert.key", |it| it.content = other_key),
        "key_belongs",
        Failed,
        "does not belong to the certificate",
    );
    let root = root();
    let mut with_ca_key = files(&root, &by(&root, leaf_params((-10, 1000))));
    with_ca_key[2].content = root.key.serialize_pem();
    is_told(
        &judged_files(&with_ca_key),
        "key_belongs",
        Failed,
        "is that of the CA root",
    );
    // A CA with its key, and nothing else, is just that.
    let both = format!("{}{}", root.pem, root.key.serialize_pem());
    is_good(&judged(both.as_bytes()));
    let keys = |name: &str| {
        let path = format!(
            "{}/tests/fixtures/keys/{name}.pem",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read_to_string(path).unwrap()
    };
    for name in [
        "p384.sec1",
        "p521.half.pkcs8",
        "rsa2048.pkcs1",
        "ed25519.pkcs8",
    ] {
        let report = of_file("private_cert.key", |it| it.content = keys(name));
        is_told(
            &report,
            "key_belongs",
            Failed,
            "does not belong to the certificate",
        );
        is_good(&judged(keys(name).as_bytes()));
    }
    let curve = judged(keys("secp256k1.sec1").as_bytes());
    is_told(&curve, "key_belongs", Warned, "on the curve secp256k1");
    is_told(
        &judged(keys("ed448.pkcs8").as_bytes()),
        "key_belongs",
        Warned,
        "Ed448",
    );
    let locked = keys("p256.encrypted.pkcs8");
    let headline = judged(locked.as_bytes()).headline;
    assert_eq!(
        headline,
        "Nothing can be said of it: package.tar.gz is locked: what is in it can't be checked."
    );
    is_told(&judged(locked.as_bytes()), "locked", Warned, "is locked");
    is_told(
        &of_file("private_cert.key", |it| it.content = locked),
        "locked",
        Failed,
        "nobody who could type",
    );
}

#[test]
fn a_locked_key_is_no_better_in_a_package_when_its_passphrase_is_known() {
    let keys = |name: &str| {
        let path = format!(
            "{}/tests/fixtures/keys/{name}.pem",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read_to_string(path).unwrap()
    };
    let key = keys("p256.encrypted.pkcs8");
    let mut files = good_files();
    files[2].content = key.clone();
    let passphrase = zeroize::Zeroizing::new("test".to_owned());
    for (bytes, status) in [(packed(&files), Failed), (key.into_bytes(), Passed)] {
        let mut opened = opened(&bytes);
        assert_eq!(opened.unlock(&passphrase), 1);
        let report = judge(&opened, &context(None));
        assert!(report.locked.is_empty());
        assert_eq!(crate::support::status(&report, "locked"), status);
    }
}

#[test]
fn chains_that_lead_nowhere() {
    let (good, other) = (root(), root());
    let leaf = by(&good, leaf_params((-10, 1000)));
    is_told(
        &judged_files(&files(&other, &leaf)),
        "chain",
        Failed,
        "another key than the one that signed",
    );
    let third = by_itself(ca_params("another root", (-3650, 3650)));
    is_told(
        &judged_files(&files(&third, &leaf)),
        "chain",
        Failed,
        "The CA root, which signed",
    );
    let middle = by(&good, ca_params("middle", (-3650, 3650)));
    let below = by(&middle, leaf_params((-10, 1000)));
    is_told(
        &judged_files(&files(&good, &below)),
        "chain",
        Failed,
        "The CA middle, which signed",
    );
    let alone = by_itself(leaf_params((-10, 1000)));
    is_told(
        &judged_files(&files(&alone, &alone)),
        "chain",
        Failed,
        "signed by itself",
    );
    // With the one between, all is well, wherever it stands.
    let mut whole = files(&good, &below);
    whole[0].content = format!("{}{}", middle.pem, good.pem);
    is_good(&judged_files(&whole));
    whole[0].content = format!("{}{}", good.pem, middle.pem);
    is_told(
        &judged_files(&whole),
        "order",
        Warned,
        "root stands before middle",
    );
}

#[test]
fn cas_that_are_none_or_reach_too_far() {
    let long = (-3650, 3650);
    let with = |change: fn(&mut rcgen::CertificateParams)| {
        let mut params = ca_params("root", long);
        change(&mut params);
        by_itself(params)
    };
    let of = |root: &Made| judged_files(&files(root, &by(root, leaf_params((-10, 1000)))));
    is_told(
        &of(&with(|it| it.is_ca = IsCa::ExplicitNoCa)),
        "authority",
        Failed,
        "is no CA",
    );
    let signs_nothing = with(|it| it.key_usages = vec![KeyUsagePurpose::CrlSign]);
    is_told(
        &of(&signs_nothing),
        "authority",
        Failed,
        "may not sign certificates",
    );
    let root = with(|it| it.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
    is_good(&of(&root));
    let middle = by(&root, ca_params("middle", long));
    let leaf = by(&middle, leaf_params((-10, 1000)));
    let mut deep = files(&root, &leaf);
    deep[0].content.push_str(&middle.pem);
    is_told(
        &judged_files(&deep),
        "authority",
        Failed,
        "1 CA stands below root, which allows 0",
    );
    is_told(
        &of_leaf(|it| it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        "authority",
        Warned,
        "that of a CA",
    );
    let servers = with(|it| it.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]);
    is_told(
        &of(&servers),
        "usage",
        Failed,
        "The CA root may not sign certificates of clients",
    );
}

#[test]
fn names_that_are_restricted_and_keys_that_are_worthless() {
    let mut restricted = ca_params("root", (-3650, 3650));
    restricted.name_constraints = Some(rcgen::NameConstraints {
        permitted_subtrees: vec![rcgen::GeneralSubtree::DnsName("example".to_owned())],
        excluded_subtrees: Vec::new(),
    });
    let restricted = by_itself(restricted);
    let leaf = by(&restricted, leaf_params((-10, 1000)));
    let report = judged_files(&files(&restricted, &leaf));
    is_told(&report, "authority", Warned, "restricts the names");
    let path = "tests/fixtures/certificates/leaf_rsa2048.pem";
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let pem = std::fs::read_to_string(path).unwrap();
    let body = pem.split("-----").nth(2).unwrap();
    let mut der = STANDARD
        .decode(body.split_whitespace().collect::<String>())
        .unwrap();
    let exponent = [2, 3, 1, 0, 1];
    let place = der.windows(5).position(|it| it == exponent).unwrap();
    der[place + 4] = 0;
    let report = judged(&der);
    is_told(
        &report,
        "key_strength",
        Failed,
        "makes it worthless: RSA 2048",
    );
}

#[test]
fn dates() {
    let of = |root: (i64, i64), leaf: (i64, i64)| {
        let root = by_itself(ca_params("root", root));
        judged_files(&files(&root, &by(&root, leaf_params(leaf))))
    };
    let long = (-3650, 3650);
    is_told(
        &of(long, (-400, -35)),
        "dates",
        Failed,
        "expired on 2026-10-19, 35 days before",
    );
    is_told(
        &of(long, (5, 400)),
        "dates",
        Failed,
        "holds only from 2026-11-28 on, 5 days after 2026-11-23",
    );
    is_told(
        &of((-3650, -1), (-10, 400)),
        "dates",
        Failed,
        "root expired on",
    );
    is_told(
        &of(long, (-300, 20)),
        "ends_soon",
        Warned,
        "within the 30 days",
    );
    is_told(
        &of(long, (-1000, 60)),
        "ends_soon",
        Warned,
        "5 % of its lifetime",
    );
    is_told(&of(long, (-700, 300)), "ends_soon", Passed, "last third");
    is_good(&of(long, (-700, 300)));
    is_told(
        &of((-3650, 500), (-10, 1000)),
        "outlives",
        Warned,
        "before 0a1b2c3d-",
    );
    assert_eq!(
        of((-3650, 500), (-10, 1000)).good_until,
        Some(AT + 500 * DAY)
    );
    assert_eq!(of(long, (-10, 1000)).good_until, Some(AT + 1000 * DAY));
}

#[test]
fn usage() {
    let servers = |it: &mut rcgen::CertificateParams| {
        it.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    };
    is_told(
        &of_leaf(servers),
        "usage",
        Failed,
        "TLS Web Server Authentication",
    );
    let any = |it: &mut rcgen::CertificateParams| {
        it.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any];
    };
    is_told(&of_leaf(any), "usage", Warned, "names any purpose");
    let encipher = |it: &mut rcgen::CertificateParams| {
        it.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
    };
    is_told(&of_leaf(encipher), "usage", Failed, "may not sign");
    let agree = |it: &mut rcgen::CertificateParams| {
        it.key_usages = vec![KeyUsagePurpose::KeyAgreement];
    };
    is_told(&of_leaf(agree), "usage", Warned, "agree on keys");
    let anything = of_leaf(|it| {
        it.key_usages = Vec::new();
        it.extended_key_usages = Vec::new();
    });
    is_good(&anything);
    is_told(&anything, "usage", Passed, "does not restrict");
}

#[test]
fn weak_keys_and_digests() {
    for (name, id, ended, words) in [
        (
            "leaf_sha1",
            "digest",
            Failed,
            "leaf_sha1 is signed with sha1WithRSAEncryption",
        ),
        ("leaf_md5", "digest", Failed, "md5WithRSAEncryption"),
        ("leaf_sha256", "digest", Passed, "does no harm"),
        ("leaf_rsa1024", "key_strength", Failed, "too weak: RSA 1024"),
        ("leaf_p192", "key_strength", Failed, "too weak: EC P-192"),
        ("leaf_secp256k1", "key_strength", Warned, "EC secp256k1"),
        ("leaf_rsa2048", "key_strength", Passed, "RSA 2048"),
    ] {
        is_told(&fixture(name), id, ended, words);
        assert_eq!(status(&fixture(name), "chain"), Passed, "{name}");
    }
    is_good(&fixture("leaf_sha256"));
    let untold = fixture("unknown");
    let ed448 = untold
        .checks
        .iter()
        .find(|check| check.reason.contains("(ED448)"));
    assert_eq!(ed448.map(|check| check.status), Some(Warned));
}

#[test]
fn serial_numbers_extra_certificates_and_permissions() {
    let root = root();
    let with = |name: &str, serial: u64| {
        let mut params = leaf_params((-10, 1000));
        params
            .distinguished_name
            .push(DnType::OrganizationalUnitName, name);
        params.serial_number = Some(SerialNumber::from(serial));
        by(&root, params)
    };
    let (one, other) = (with("a", 5), with("b", 5));
    let mut both = files(&root, &one);
    both[1].content.push_str(&other.pem);
    is_told(
        &judged_files(&both),
        "serials",
        Warned,
        "the same serial number 05",
    );
    let spare = by_itself(ca_params("spare", (-10, 3650)));
    let mut extra = files(&root, &one);
    extra[0].content.push_str(&spare.pem);
    is_told(
        &judged_files(&extra),
        "extra",
        Warned,
        "The CA spare is not needed",
    );
    for (name, mode, words) in [
        (
            "private_cert.key",
            0o644,
            "Others may read the key private_cert.key",
        ),
        ("private_cert.key", 0o640, "Others may read"),
        ("rootCA.crt", 0o666, "Others may change rootCA.crt"),
        ("user_config", 0o4600, "special permission bits"),
    ] {
        is_told(
            &of_file(name, |it| it.mode = mode),
            "permissions",
            Warned,
            words,
        );
    }
}

#[test]
fn identities_that_disagree() {
    let other = "ffffffff-0a1b-4a1b-8a1b-0a1b2c3d4e5f";
    let config = configuration().replace("0a1b2c3d-", "ffffffff-");
    let report = of_file("user_config", |it| it.content = config);
    is_told(&report, "identity", Failed, other);
    let leaf = params("gw-1", (-10, 1000));
    let root = root();
    is_good(&judged_files(&files(&root, &by(&root, leaf))));
    let leaf = params("gw-2", (-10, 1000));
    is_told(
        &judged_files(&files(&root, &by(&root, leaf))),
        "identity",
        Warned,
        "issued to gw-2, but",
    );
    let mut leaf = leaf_params((-10, 1000));
    leaf.distinguished_name
        .push(DnType::OrganizationName, "11111111111111111111111111111111");
    let mut files = files(&root, &by(&root, leaf));
    files[3].content = configuration().replace(
        '}',
        ", \"PROJECT_ID\": \"22222222222222222222222222222222\"}",
    );
    is_told(&judged_files(&files), "identity", Failed, "but user_config");
    files[3].content = configuration().replace(
        '}',
        ", \"PROJECT_ID\": \"11111111111111111111111111111111\"}",
    );
    is_good(&judged_files(&files));
}

#[test]
fn packages_without_their_private_key() {
    let missing = "The file private_cert.key holds no private key";
    let good = good_files();
    let (certificate, key) = (good[1].content.clone(), good[2].content.clone());
    let public = rcgen::KeyPair::from_pem(&key).unwrap();
    let parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    for content in [
        &certificate,
        &public.public_key_pem(),
        "a note\n",
        parameters,
    ] {
        for has_configuration in [true, false] {
            let mut files = good.clone();
            files[2].content = content.to_owned();
            files.truncate(if has_configuration { 4 } else { 3 });
            let report = judged_files(&files);
            is_told(&report, "entries", Failed, missing);
            is_told(
                &report,
                "key_belongs",
                Failed,
                "is not where a node reads it",
            );
        }
    }
    // Elsewhere it is of no use.
    let mut within = good.clone();
    within[1].content = format!("{certificate}{key}");
    is_told(
        &judged_files(&within),
        "permissions",
        Warned,
        "Others may read",
    );
    within[2].content = "a note\n".to_owned();
    is_told(&judged_files(&within), "entries", Failed, missing);
    is_told(
        &judged_files(&within),
        "key_belongs",
        Failed,
        "is not where",
    );
    // One that can't be read here is no key of a certificate whose kind can.
    let path = "tests/fixtures/keys/ed448.pkcs8.pem";
    let other = std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let report = of_file("private_cert.key", |it| it.content = other);
    is_told(
        &report,
        "key_belongs",
        Failed,
        "is not where a node reads it",
    );
}

#[test]
fn files_that_hold_something_else_than_their_names_say() {
    let mut files = good_files();
    let root = std::mem::replace(&mut files[0].content, "a note\n".to_owned());
    let none = "The file rootCA.crt holds no certificate";
    is_told(&judged_files(&files), "entries", Failed, none);
    // Nor when the root stands in another one.
    files[1].content.push_str(&root);
    is_told(&judged_files(&files), "entries", Failed, none);
    files[0].content = files[2].content.clone();
    is_told(&judged_files(&files), "entries", Failed, none);
    let report = of_file("private_cert.crt", |it| it.content = "a note\n".to_owned());
    is_told(
        &report,
        "entries",
        Failed,
        "The file private_cert.crt holds no certificate",
    );
    let report = of_file("user_config", |it| it.content.clone_from(&root));
    is_told(
        &report,
        "entries",
        Failed,
        "The file user_config holds no configuration",
    );
}

#[test]
fn a_weak_signature_below_a_root_does_harm_whatever_its_names() {
    let report = fixture("renewed_sha1");
    is_told(
        &report,
        "digest",
        Failed,
        "renewed is signed with sha1WithRSAEncryption",
    );
    let roles: Vec<Role> = report.certificates.iter().map(|it| it.role).collect();
    assert_eq!(roles, [Role::Own, Role::Intermediate, Role::Root]);
}

#[test]
fn many_cas_of_the_right_name_hide_neither_the_wrong_one_nor_the_right_one() {
    let (good, other) = (root(), root());
    let mut leaf = leaf_params((-10, 1000));
    leaf.use_authority_key_identifier_extension = false;
    let leaf = by(&good, leaf);
    // None of them signed itself, so that each might be signed by each.
    let wrong = (0..24).map(|_| by(&other, ca_params("root", (-3650, 3651))).pem);
    let wrong: String = wrong.collect();
    let mut files = files(&good, &leaf);
    let right = std::mem::replace(&mut files[0].content, wrong.clone());
    let report = judged_files(&files);
    is_told(
        &report,
        "chain",
        Failed,
        "has the right name but did not sign",
    );
    files[0].content = format!("{wrong}{right}");
    let report = judged_files(&files);
    is_told(&report, "extra", Warned, "The CA root is not needed");
    assert_eq!(status(&report, "chain"), Passed);
}

#[test]
fn of_the_ways_that_crosswise_signatures_leave_the_one_that_holds_is_taken() {
    let (old, new) = (
        by_itself(ca_params("old", (-3650, -10))),
        by_itself(ca_params("new", (-3650, 3650))),
    );
    let middle = by(&new, ca_params("middle", (-100, 2000)));
    let issuer = rcgen::Issuer::from_params(&old.params, &old.key);
    let across = ca_params("middle", (-100, 3000));
    let across = across.signed_by(&middle.key, &issuer).unwrap().pem();
    let leaf = by(&middle, leaf_params((-10, 1000)));
    let mut files = files(&new, &leaf);
    for more in ["", &old.pem] {
        files[0].content = format!("{across}{}{}{more}", middle.pem, new.pem);
        let report = judged_files(&files);
        is_told(&report, "extra", Warned, "The CA middle is not needed");
        assert_eq!(status(&report, "chain"), Passed);
        assert_eq!(report.good_until, Some(AT + 1000 * DAY));
    }
    files[0].content = format!("{across}{}", old.pem);
    is_told(&judged_files(&files), "dates", Failed, "old expired");
}

#[test]
fn what_there_is_no_room_for_is_listed_and_named_as_such() {
    let key = rcgen::KeyPair::generate().unwrap();
    let one = |number: usize| {
        let mut params = params(&format!("gw-{number}"), (-1, 400));
        let content = vec![7; 20_000];
        let extension = rcgen::CustomExtension::from_oid_content(&[1, 2, 3], content);
        params.custom_extensions.push(extension);
        params.self_signed(&key).unwrap().pem()
    };
    let all: Vec<String> = (0..100).map(one).collect();
    let report = judged(all.concat().as_bytes());
    assert_eq!(report.certificates.len(), 100);
    let (described, listed) = report.certificates.split_at(25);
    assert!(described.iter().all(|it| it.sections.len() > 5));
    for (number, it) in listed.iter().enumerate().skip(5) {
        assert_eq!(it.name, format!("gw-{}", number + 25));
        assert_eq!((it.sections.len(), it.sha256.len()), (1, 64));
        assert_eq!(it.sections[0].id, "not_described");
        assert!(it.pem.is_empty() && it.not_after > it.not_before);
    }
    let written = edge_package::inspect::write::json(&report);
    assert!(written.len() < 8 << 20, "{}", written.len());
}
