//! The text of a certificate, laid out as `openssl x509 -text` lays it out.

use super::values::{access, crl_points, curve_text, decimal, policies_of, usages};
use super::{Facts, constraints, key_usage, purposes};
use crate::inspect::der::{self, Element, NotDer, tag};
use crate::inspect::moment;
use crate::inspect::name::{General, clean, hex, hex_colons};
use crate::inspect::oids::{self, extension};
use crate::inspect::public_key::{KeyAlgorithm, Numbers};

/// All of it, line by line.
pub(super) fn view(facts: &Facts<'_>) -> Vec<String> {
    let mut lines = vec!["Certificate:".to_owned(), "    Data:".to_owned()];
    let mut add = |depth: usize, text: String| {
        lines.push(format!("{:width$}{text}", "", width = depth * 4));
    };
    add(
        2,
        format!("Version: {} (0x{:x})", facts.version, facts.version - 1),
    );
    add(2, format!("Serial Number: {}", decimal(facts.serial)));
    add(3, hex_colons(facts.serial).to_lowercase());
    add(2, format!("Signature Algorithm: {}", facts.scheme.name()));
    add(2, format!("Issuer: {}", facts.issuer.text()));
    add(2, "Validity".to_owned());
    add(3, format!("Not Before: {}", date(facts.not_before)));
    add(3, format!("Not After : {}", date(facts.not_after)));
    add(2, format!("Subject: {}", facts.subject.text()));
    add(2, "Subject Public Key Info:".to_owned());
    if let Some(key) = &facts.key {
        add(3, format!("Public Key Algorithm: {}", key.algorithm.name()));
        if key.bits() > 0 {
            add(4, format!("Public-Key: ({} bit)", key.bits()));
        }
        match key.numbers {
            Numbers::Rsa { modulus, exponent } => {
                add(4, "Modulus:".to_owned());
                for line in block(modulus) {
                    add(5, line);
                }
                add(
                    4,
                    format!("Exponent: {}", decimal(&[&[0], exponent].concat())),
                );
            }
            Numbers::Point(point) => {
                add(4, "pub:".to_owned());
                for line in block(point) {
                    add(5, line);
                }
            }
        }
        if let KeyAlgorithm::Ec(curve) = &key.algorithm {
            add(4, format!("Curve: {}", curve_text(curve)));
        }
    }
    if !facts.extensions.is_empty() {
        add(2, format!("X509v{} extensions:", facts.version));
    }
    for it in &facts.extensions {
        let critical = if it.is_critical { "critical" } else { "" };
        add(
            3,
            format!("{}: {critical}", it.name()).trim_end().to_owned(),
        );
        for line in extension(&it.number(), it.value) {
            add(4, line);
        }
    }
    add(1, format!("Signature Algorithm: {}", facts.scheme.name()));
    for line in block(facts.signature) {
        add(2, line);
    }
    lines
}

/// What an extension says. One that can't be read is written in hexadecimal.
pub(super) fn extension(number: &str, value: &[u8]) -> Vec<String> {
    let read = match number {
        extension::BASIC_CONSTRAINTS => constraints(value).map(|it| {
            let ca = if it.is_ca { "CA:TRUE" } else { "CA:FALSE" };
            let length = it
                .path_length
                .map_or_else(String::new, |it| format!(", pathlen:{it}"));
            vec![format!("{ca}{length}")]
        }),
        extension::KEY_USAGE => key_usage(value).map(|it| vec![usages(it).join(", ")]),
        extension::EXTENDED_KEY_USAGE => purposes(value).map(|all| {
            let names: Vec<&str> = all.iter().map(|it| oids::purpose_name(it)).collect();
            vec![names.join(", ")]
        }),
        extension::SUBJECT_KEY_ID => {
            der::whole(value, tag::OCTET_STRING).map(|it| vec![hex_colons(it.value)])
        }
        extension::AUTHORITY_KEY_ID => authority(value),
        extension::SUBJECT_NAMES | extension::ISSUER_NAMES => {
            der::whole(value, tag::SEQUENCE).and_then(names)
        }
        extension::CRL_POINTS => crl_points(value),
        extension::AUTHORITY_ACCESS => access(value).map(|(ocsp, issuers)| {
            let ocsp = ocsp.into_iter().map(|it| format!("OCSP: {it}"));
            let issuers = issuers.into_iter().map(|it| format!("CA Issuers: {it}"));
            ocsp.chain(issuers).collect()
        }),
        extension::POLICIES => policies_of(value),
        extension::NAME_CONSTRAINTS => name_constraints(value),
        _ => plain(value),
    };
    read.unwrap_or_else(|NotDer| block(value))
}

fn names(list: Element<'_>) -> Result<Vec<String>, NotDer> {
    let names = General::read_all(list)?;
    Ok(names.iter().map(General::text).collect())
}

fn authority(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let mut parts = der::whole(value, tag::SEQUENCE)?.inside();
    let mut lines = Vec::new();
    if let Some(id) = parts.optional(tag::context(0))? {
        lines.push(hex_colons(id.value));
    }
    if let Some(issuer) = parts.optional(tag::within(1))? {
        lines.extend(names(issuer)?);
    }
    if let Some(serial) = parts.optional(tag::context(2))? {
        lines.push(format!("serial: {}", hex_colons(serial.value)));
    }
    Ok(lines)
}

fn name_constraints(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let mut parts = der::whole(value, tag::SEQUENCE)?.inside();
    let mut lines = Vec::new();
    for (number, title) in [(0, "Permitted"), (1, "Excluded")] {
        let Some(trees) = parts.optional(tag::within(number))? else {
            continue;
        };
        for tree in trees.inside().all()? {
            let base = General::read(tree.inside().next()?)?;
            lines.push(format!("{title}: {}", base.text()));
        }
    }
    Ok(lines)
}

/// An extension that holds nothing but a text.
fn plain(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let mut reader = der::Reader::new(value);
    let element = reader.next()?;
    reader.finish()?;
    match element.tag {
        tag::UTF8_STRING | tag::IA5_STRING | tag::PRINTABLE_STRING | tag::VISIBLE_STRING => {
            let text = std::str::from_utf8(element.value).map_err(|_| NotDer)?;
            Ok(vec![clean(text)])
        }
        _ => Err(NotDer),
    }
}

fn date(moment: Option<i64>) -> String {
    moment.map_or_else(|| "?".to_owned(), moment::time)
}

/// Bytes with colons, some in each line.
fn block(bytes: &[u8]) -> Vec<String> {
    let pairs = bytes.chunks(18).map(|some| {
        let pairs: Vec<String> = some.iter().map(|byte| hex(&[*byte])).collect();
        pairs.join(":")
    });
    pairs.collect()
}
