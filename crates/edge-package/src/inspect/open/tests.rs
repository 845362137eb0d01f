//! Opening as a whole: what comes out of what goes in.

mod forms;
mod layers;
mod random;

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use zeroize::Zeroizing;

use super::{Input, OpenOptions, Opened, Trouble, open};

pub(super) const CA: &str = include_str!("../../../tests/fixtures/opening/ca.crt");
pub(super) const LEAF: &str = include_str!("../../../tests/fixtures/opening/ec.crt");
pub(super) const KEY: &str = include_str!("../../../tests/fixtures/opening/ec.pkcs8.pem");

/// Opens without passphrases.
pub(super) fn opened(bytes: &[u8]) -> Opened {
    opened_with(bytes, &[])
}

/// Opens with passphrases.
pub(super) fn opened_with(bytes: &[u8], passphrases: &[&str]) -> Opened {
    let passphrases: Vec<_> = passphrases
        .iter()
        .map(|text| Zeroizing::new((*text).to_owned()))
        .collect();
    let options = OpenOptions {
        passphrases: &passphrases,
        ..OpenOptions::default()
    };
    open(&Input { name: "in", bytes }, &options)
}

/// The troubles alone.
pub(super) fn troubles(opened: &Opened) -> Vec<Trouble> {
    let troubles = opened.troubles.iter();
    troubles.map(|found| found.trouble.clone()).collect()
}

/// What was found, in a line: sources of certificates, of keys with their kind, and of what is locked.
pub(super) fn things(opened: &Opened) -> String {
    let mut parts = Vec::new();
    for certificate in &opened.certificates {
        parts.push(format!("certificate {}", certificate.source));
    }
    for key in &opened.keys {
        let kind = if key.private { "private" } else { "public" };
        let facts = if key.facts.is_ok() { "" } else { " unread" };
        parts.push(format!("{kind}{facts} {}", key.source));
    }
    for locked in &opened.locked {
        parts.push(format!("locked {}", locked.source));
    }
    parts.join(", ")
}

/// An archive of these files.
pub(super) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Packed by gzip.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

/// In base64.
pub(super) fn base64(content: &[u8]) -> Vec<u8> {
    STANDARD.encode(content).into_bytes()
}

/// The package of a node.
pub(super) fn package() -> Vec<u8> {
    let config = br#"{"NODE_ID": "n1", "PROJECT_ID": "p1", "TOKEN": "hidden"}"#;
    gzip(&tar(&[
        ("rootCA.crt", CA.as_bytes()),
        ("private_cert.crt", LEAF.as_bytes()),
        ("private_cert.key", KEY.as_bytes()),
        ("user_config", config),
    ]))
}
