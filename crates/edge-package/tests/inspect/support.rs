//! What the tests share: certificates and packages made on the spot, and judging them.

use std::io::Write;

use edge_package::inspect::{Context, Input, Known, Language, OpenOptions, Opened, judge, open};
use edge_package::report::{Check, Report, Status, Verdict};
use flate2::Compression;
use flate2::write::GzEncoder;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use time::OffsetDateTime;

/// The time at which all tests judge: 2026-11-23.
pub(crate) const AT: i64 = 1_795_392_000;
/// A day in seconds.
pub(crate) const DAY: i64 = 86_400;
/// The identifier of the node that packages here are for.
pub(crate) const NODE: &str = "0a1b2c3d-0a1b-4a1b-8a1b-0a1b2c3d4e5f";

/// A certificate with its key.
pub(crate) struct Made {
    pub(crate) params: CertificateParams,
    pub(crate) key: KeyPair,
    pub(crate) pem: String,
}

/// A certificate to make, from the first to the last of some days, counted from [`AT`].
pub(crate) fn params(name: &str, days: (i64, i64)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    let at = |day: i64| OffsetDateTime::from_unix_timestamp(AT + day * DAY).unwrap();
    (params.not_before, params.not_after) = (at(days.0), at(days.1));
    params
}

/// That of a CA.
pub(crate) fn ca_params(name: &str, days: (i64, i64)) -> CertificateParams {
    let mut params = params(name, days);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// That of a node.
pub(crate) fn leaf_params(days: (i64, i64)) -> CertificateParams {
    let mut params = params(NODE, days);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

/// Signed by itself.
pub(crate) fn by_itself(params: CertificateParams) -> Made {
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    Made { params, key, pem }
}

/// Signed by a CA.
pub(crate) fn by(issuer: &Made, params: CertificateParams) -> Made {
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::from_params(&issuer.params, &issuer.key);
    let pem = params.signed_by(&key, &issuer).unwrap().pem();
    Made { params, key, pem }
}

/// A root that holds for ten years.
pub(crate) fn root() -> Made {
    by_itself(ca_params("root", (-3650, 3650)))
}

/// A file of a package.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) mode: u32,
    pub(crate) content: String,
}

/// A file.
pub(crate) fn file(name: &str, mode: u32, content: &str) -> File {
    File {
        name: name.to_owned(),
        mode,
        content: content.to_owned(),
    }
}

/// The configuration of the node.
pub(crate) fn configuration() -> String {
    format!("{{\"NODE_ID\": \"{NODE}\", \"NODE_NAME\": \"gw-1\"}}\n")
}

/// The files of a node's package.
pub(crate) fn files(root: &Made, leaf: &Made) -> Vec<File> {
    vec![
        file("rootCA.crt", 0o644, &root.pem),
        file("private_cert.crt", 0o644, &leaf.pem),
        file("private_cert.key", 0o600, &leaf.key.serialize_pem()),
        file("user_config", 0o600, &configuration()),
    ]
}

/// A good package of a node.
pub(crate) fn good_files() -> Vec<File> {
    let root = root();
    let leaf = by(&root, leaf_params((-10, 1000)));
    files(&root, &leaf)
}

/// Packed.
pub(crate) fn packed(files: &[File]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.content.len() as u64);
        header.set_mode(file.mode);
        header.set_mtime(u64::try_from(AT).unwrap());
        // Written straight into the head: the library refuses names that are to be refused here.
        let name = &mut header.as_old_mut().name;
        name[..file.name.len()].copy_from_slice(file.name.as_bytes());
        header.set_cksum();
        archive.append(&header, file.content.as_bytes()).unwrap();
    }
    let mut gzip = archive.into_inner().unwrap();
    gzip.flush().unwrap();
    gzip.finish().unwrap()
}

/// Opened, with no passphrase.
pub(crate) fn opened(bytes: &[u8]) -> Opened {
    let input = Input {
        name: "package.tar.gz",
        bytes,
    };
    open(&input, &OpenOptions::default())
}

/// The context in which tests judge.
pub(crate) fn context(known: Option<&Known>) -> Context<'_> {
    Context {
        at: AT,
        lead_days: 30,
        language: Language::En,
        known,
    }
}

/// Judged with nothing known.
pub(crate) fn judged(bytes: &[u8]) -> Report {
    judge(&opened(bytes), &context(None))
}

/// A package of files, judged.
pub(crate) fn judged_files(files: &[File]) -> Report {
    judged(&packed(files))
}

/// The checks of a name, those that weigh most first.
pub(crate) fn checks<'a>(report: &'a Report, id: &str) -> Vec<&'a Check> {
    report
        .checks
        .iter()
        .filter(|check| check.id == id)
        .collect()
}

/// How the worst of a name ended.
pub(crate) fn status(report: &Report, id: &str) -> Status {
    let found = checks(report, id);
    found
        .first()
        .unwrap_or_else(|| panic!("no check {id}"))
        .status
}

/// Fails with what a report says.
#[track_caller]
pub(crate) fn is_good(report: &Report) {
    let odd: Vec<_> = report
        .checks
        .iter()
        .filter(|check| matches!(check.status, Status::Failed | Status::Warned))
        .collect();
    assert!(
        odd.is_empty() && report.verdict == Verdict::Good,
        "{odd:#?}"
    );
}

/// That of all checks this one ended so, and that it decides the verdict, with these words in its reason.
#[track_caller]
pub(crate) fn is_told(report: &Report, id: &str, status: Status, words: &str) {
    let found = checks(report, id);
    let fitting = found
        .iter()
        .any(|check| check.status == status && check.reason.contains(words));
    assert!(fitting, "{id} {status:?} {words:?} in {found:#?}");
    let verdict = match status {
        Status::Failed => Verdict::Bad,
        Status::Warned => Verdict::Warning,
        Status::Passed | Status::NotApplicable => return,
    };
    let worse: Vec<_> = report
        .checks
        .iter()
        .filter(|check| check.status < status)
        .collect();
    assert_eq!(report.verdict, verdict, "{worse:#?}");
    let first = &report.checks[0];
    assert_eq!(first.status, status, "{first:#?}");
    assert!(fitting && (status == Status::Warned || !first.next.is_empty()));
}
