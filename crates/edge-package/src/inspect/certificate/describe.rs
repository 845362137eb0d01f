//! What a certificate says, for people: fields by group.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::values::{access, crl_points, curve_text, decimal, policies_of, usages};
use super::{Facts, text};
use crate::inspect::moment;
use crate::inspect::name::{General, Name, hex, hex_colons};
use crate::inspect::oids::{self, extension};
use crate::inspect::public_key::{KeyAlgorithm, Numbers, sha256};
use crate::inspect::signature::Hash;
use crate::inspect::words::{Label, Phrase, Title, Words};
use crate::report::{Certificate, Field, Role, Section, Value};

/// Bytes of certificates that one report describes: what it says of them takes many times the room. Those of hundreds
/// of honest ones are less.
const ROOM: usize = 512 << 10;

/// Describes the certificates of a report, as long as there is room.
pub(crate) struct Describer {
    words: Words,
    room: usize,
}

impl Describer {
    /// In the words of a language.
    pub(crate) fn new(words: Words) -> Self {
        Self { words, room: ROOM }
    }

    /// The certificate as it stands in a report.
    pub(crate) fn certificate(&mut self, facts: &Facts<'_>, role: Role) -> Certificate {
        if self.has_room(facts.der) {
            certificate(facts, role, self.words)
        } else {
            listed(facts, role, self.words)
        }
    }

    /// Something that was given for a certificate and is none.
    pub(crate) fn unreadable(&mut self, source: &str, bytes: &[u8]) -> Certificate {
        if self.has_room(bytes) {
            unreadable(source, bytes, self.words)
        } else {
            undescribed(source, bytes, self.words)
        }
    }

    fn has_room(&mut self, bytes: &[u8]) -> bool {
        let left = self.room.checked_sub(bytes.len());
        self.room = left.unwrap_or(self.room);
        left.is_some()
    }
}

/// The certificate as it stands in a report.
fn certificate(facts: &Facts<'_>, role: Role, words: Words) -> Certificate {
    let writer = Writer { facts, words };
    let sections = [
        writer.name(Title::Subject, "subject", &facts.subject),
        writer.name(Title::Issuer, "issuer", &facts.issuer),
        writer.alternative_names(),
        writer.numbers(),
        writer.validity(),
        writer.key(),
        writer.signature(),
        writer.usage(),
        writer.constraints(),
        writer.identifiers(),
        writer.addresses(),
        writer.policies(),
        writer.extensions(),
        writer.fingerprints(),
        writer.text(),
    ];
    Certificate {
        source: facts.source.to_owned(),
        role,
        name: facts.name(),
        issuer: facts.issuer_name(),
        serial: facts.serial_text(),
        not_before: facts.not_before.unwrap_or(0),
        not_after: facts.not_after.unwrap_or(0),
        is_ca: facts.is_ca(),
        sha256: hex(&sha256(facts.der)),
        sections: sections
            .into_iter()
            .filter(|section| !section.fields.is_empty())
            .collect(),
        pem: pem(facts.der),
    }
}

/// A certificate of which there is no room to say more than what it is called.
fn listed(facts: &Facts<'_>, role: Role, words: Words) -> Certificate {
    Certificate {
        role,
        name: facts.name(),
        not_before: facts.not_before.unwrap_or(0),
        not_after: facts.not_after.unwrap_or(0),
        is_ca: facts.is_ca(),
        ..undescribed(facts.source, facts.der, words)
    }
}

/// Something of which there is no room to say more than where it was found.
fn undescribed(source: &str, bytes: &[u8], words: Words) -> Certificate {
    let why = Value::Text(words.phrase(Phrase::NotDescribed));
    let why = field(words, Label::Content, why);
    Certificate {
        source: source.to_owned(),
        role: Role::Other,
        name: words.phrase(Phrase::Unnamed),
        issuer: String::new(),
        serial: String::new(),
        not_before: 0,
        not_after: 0,
        is_ca: false,
        sha256: hex(&sha256(bytes)),
        sections: vec![section(words, Title::Content, "not_described", vec![why])],
        pem: String::new(),
    }
}

/// Something that was given for a certificate and is none.
fn unreadable(source: &str, bytes: &[u8], words: Words) -> Certificate {
    Certificate {
        sections: Vec::new(),
        pem: pem(bytes),
        ..undescribed(source, bytes, words)
    }
}

/// As PEM.
fn pem(bytes: &[u8]) -> String {
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    let base64 = STANDARD.encode(bytes);
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

struct Writer<'a, 'b> {
    facts: &'b Facts<'a>,
    words: Words,
}

impl Writer<'_, '_> {
    fn section(&self, title: Title, id: &str, fields: Vec<Field>) -> Section {
        section(self.words, title, id, fields)
    }

    fn field(&self, label: Label, value: Value) -> Field {
        field(self.words, label, value)
    }

    fn name(&self, title: Title, id: &str, name: &Name<'_>) -> Section {
        let mut fields = Vec::new();
        if !name.is_empty() {
            fields.push(self.field(Label::Whole, Value::Text(name.text())));
        }
        for attribute in name.attributes() {
            fields.push(Field {
                id: attribute.oid.clone(),
                label: attribute.label().to_owned(),
                value: Value::Text(attribute.text()),
            });
        }
        self.section(title, id, fields)
    }

    fn alternative_names(&self) -> Section {
        let mut fields: Vec<Field> = Vec::new();
        for name in &self.facts.rights.names {
            let label = match name {
                General::Dns(_) => Label::Dns,
                General::Ip(_) => Label::Ip,
                General::Uri(_) => Label::Uri,
                General::Mail(_) => Label::Mail,
                General::Directory(_) => Label::Directory,
                General::Other(_) => Label::OtherName,
            };
            match fields.iter_mut().find(|field| field.id == label.id()) {
                Some(Field {
                    value: Value::Lines(lines),
                    ..
                }) => lines.push(name.value().to_owned()),
                _ => fields.push(self.field(label, Value::Lines(vec![name.value().to_owned()]))),
            }
        }
        self.section(Title::Names, "names", fields)
    }

    fn numbers(&self) -> Section {
        let serial = self.facts.serial;
        let shown = match serial.split_first() {
            Some((0, rest)) if !rest.is_empty() => rest,
            _ => serial,
        };
        let fields = vec![
            self.field(Label::Version, Value::Text(self.facts.version.to_string())),
            self.field(Label::SerialHex, Value::Code(hex(shown))),
            self.field(Label::SerialColons, Value::Code(hex_colons(shown))),
            self.field(Label::SerialDecimal, Value::Code(decimal(serial))),
        ];
        self.section(Title::Number, "number", fields)
    }

    fn validity(&self) -> Section {
        let mut fields = Vec::new();
        let (start, end) = (self.facts.not_before, self.facts.not_after);
        if let Some(start) = start {
            fields.push(self.field(Label::NotBefore, Value::Time(start)));
        }
        match end {
            Some(moment::NEVER) => {
                let never = Value::Text(self.words.phrase(Phrase::Never));
                fields.push(self.field(Label::NotAfter, never));
            }
            Some(end) => fields.push(self.field(Label::NotAfter, Value::Time(end))),
            None => {}
        }
        if let (Some(start), Some(end)) = (start, self.facts.ends()) {
            let days = (end - start) / moment::DAY;
            fields.push(self.field(Label::Lifetime, Value::Text(days.to_string())));
        }
        self.section(Title::Validity, "validity", fields)
    }

    fn key(&self) -> Section {
        let mut fields = Vec::new();
        if let Some(key) = &self.facts.key {
            let name = key.algorithm.name().to_owned();
            fields.push(self.field(Label::KeyAlgorithm, Value::Text(name)));
            if key.bits() > 0 {
                let bits = Value::Text(key.bits().to_string());
                fields.push(self.field(Label::KeyBits, bits));
            }
            if let KeyAlgorithm::Ec(curve) = &key.algorithm {
                fields.push(self.field(Label::Curve, Value::Text(curve_text(curve))));
            }
            if let Numbers::Rsa { exponent, .. } = key.numbers {
                fields.push(self.field(
                    Label::Exponent,
                    Value::Code(decimal(&[&[0], exponent].concat())),
                ));
            }
        }
        self.section(Title::Key, "key", fields)
    }

    fn signature(&self) -> Section {
        let scheme = &self.facts.scheme;
        let mut fields = vec![self.field(
            Label::SignatureAlgorithm,
            Value::Text(scheme.name().to_owned()),
        )];
        if let Some(hash) = scheme.hash() {
            fields.push(self.field(Label::Digest, Value::Text(hash.name().to_owned())));
        }
        let value = Value::Code(hex(self.facts.signature));
        fields.push(self.field(Label::SignatureValue, value));
        self.section(Title::Signature, "signature", fields)
    }

    fn usage(&self) -> Section {
        let rights = &self.facts.rights;
        let mut fields = Vec::new();
        if let Some(usage) = rights.usage {
            fields.push(self.field(Label::KeyUsage, Value::Lines(usages(usage))));
        }
        if let Some(purposes) = &rights.purposes {
            let names = purposes.iter().map(|it| oids::purpose_name(it).to_owned());
            fields.push(self.field(Label::ExtendedKeyUsage, Value::Lines(names.collect())));
        }
        self.section(Title::Purposes, "usage", fields)
    }

    fn constraints(&self) -> Section {
        let mut fields = Vec::new();
        if let Some(constraints) = self.facts.rights.constraints {
            fields.push(self.field(Label::IsCa, Value::Flag(constraints.is_ca)));
            if constraints.is_ca {
                let length = constraints
                    .path_length
                    .map_or_else(|| self.words.phrase(Phrase::NoLimit), |it| it.to_string());
                fields.push(self.field(Label::PathLength, Value::Text(length)));
            }
        }
        self.section(Title::Constraints, "constraints", fields)
    }

    fn identifiers(&self) -> Section {
        let rights = &self.facts.rights;
        let mut fields = Vec::new();
        if let Some(id) = rights.key_id {
            fields.push(self.field(Label::SubjectKeyId, Value::Code(hex_colons(id))));
        }
        if let Some(id) = rights.issuer_key_id {
            fields.push(self.field(Label::AuthorityKeyId, Value::Code(hex_colons(id))));
        }
        self.section(Title::Identifiers, "identifiers", fields)
    }

    fn addresses(&self) -> Section {
        let value = |number| self.facts.extension(number).map(|it| it.value);
        let points = value(extension::CRL_POINTS).and_then(|it| crl_points(it).ok());
        let access = value(extension::AUTHORITY_ACCESS).and_then(|it| access(it).ok());
        let (ocsp, issuers) = access.unwrap_or_default();
        let lists = [
            (Label::CrlPoints, points.unwrap_or_default()),
            (Label::Ocsp, ocsp),
            (Label::CaIssuers, issuers),
        ];
        let fields = lists
            .into_iter()
            .filter(|(_, addresses)| !addresses.is_empty())
            .map(|(label, addresses)| self.field(label, Value::Lines(addresses)));
        self.section(Title::Addresses, "addresses", fields.collect())
    }

    fn policies(&self) -> Section {
        let policies = self.facts.extension(extension::POLICIES);
        let policies = policies.and_then(|it| policies_of(it.value).ok());
        let fields = policies
            .filter(|policies| !policies.is_empty())
            .map(|policies| self.field(Label::Policies, Value::Lines(policies)));
        self.section(Title::Policies, "policies", fields.into_iter().collect())
    }

    fn extensions(&self) -> Section {
        let critical = self.words.phrase(Phrase::Critical);
        let fields = self.facts.extensions.iter().map(|it| {
            let number = it.number();
            let label = match oids::extension_name(&number) {
                Some(name) => format!("{name} ({number})"),
                None => number.clone(),
            };
            let mut lines = Vec::new();
            if it.is_critical {
                lines.push(critical.clone());
            }
            lines.extend(text::extension(&number, it.value));
            Field {
                id: number,
                label,
                value: Value::Lines(lines),
            }
        });
        self.section(Title::Extensions, "extensions", fields.collect())
    }

    fn fingerprints(&self) -> Section {
        let digests = [
            (
                Label::Sha256Hex,
                Label::Sha256Base64,
                sha256(self.facts.der).to_vec(),
            ),
            (
                Label::Sha1Hex,
                Label::Sha1Base64,
                Hash::Sha1.digest(&[self.facts.der]),
            ),
            (
                Label::SpkiSha256Hex,
                Label::SpkiSha256Base64,
                sha256(self.facts.spki).to_vec(),
            ),
        ];
        let fields = digests.into_iter().flat_map(|(in_hex, in_base64, digest)| {
            [
                self.field(in_hex, Value::Code(hex_colons(&digest))),
                self.field(in_base64, Value::Code(STANDARD.encode(&digest))),
            ]
        });
        self.section(Title::Fingerprints, "fingerprints", fields.collect())
    }

    fn text(&self) -> Section {
        let lines = self.field(Label::Text, Value::Lines(text::view(self.facts)));
        self.section(Title::Text, "text", vec![lines])
    }
}

/// Fields with their title.
pub(crate) fn section(words: Words, title: Title, id: &str, fields: Vec<Field>) -> Section {
    Section {
        id: id.to_owned(),
        title: words.title(title),
        fields,
    }
}

/// A value with its label.
pub(crate) fn field(words: Words, label: Label, value: Value) -> Field {
    Field {
        id: label.id().to_owned(),
        label: words.label(label),
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::certificate;
    use crate::inspect::certificate::Facts;
    use crate::inspect::testing;
    use crate::inspect::words::{Language, Words};
    use crate::report::{Role, Value};

    const EVERYTHING: &str = include_str!("../../../tests/fixtures/certificates/everything.pem");

    #[test]
    fn a_certificate_is_described_as_openssl_describes_it() {
        let der = testing::der(EVERYTHING);
        let facts = Facts::read("a.crt", &der).unwrap();
        let described = certificate(&facts, Role::Root, Words::of(Language::En));
        assert_eq!(described.pem, EVERYTHING);
        let value = |section: &str, field: &str| {
            let section = described.sections.iter().find(|it| it.id == section);
            let mut fields = section.unwrap().fields.iter();
            fields.find(|it| it.id == field).unwrap().value.clone()
        };
        let code = |text: &str| Value::Code(text.to_owned());
        let lines = |all: &[&str]| Value::Lines(all.iter().map(|it| (*it).to_owned()).collect());
        for (section, field, expected) in [
            ("number", "serial_hex", code("f1e2d3c4b5a697")),
            ("number", "serial_colons", code("F1:E2:D3:C4:B5:A6:97")),
            ("number", "serial_decimal", code("68084868553483927")),
            ("validity", "not_before", Value::Time(1_795_453_465)),
            (
                "fingerprints",
                "sha256_hex",
                code(
                    "34:F4:46:EB:40:26:BB:AF:62:88:15:2F:09:2E:A0:6E:\
                     B1:08:9F:E7:75:C8:9F:B3:01:E2:53:80:FF:99:93:D4",
                ),
            ),
            (
                "fingerprints",
                "sha1_hex",
                code("6F:53:3D:52:CD:E5:68:C1:88:6E:9E:D5:42:7C:2A:0D:78:7F:72:ED"),
            ),
            (
                "fingerprints",
                "sha1_base64",
                code("b1M9Us3laMGIbp7VQnwqDXh/cu0="),
            ),
            (
                "fingerprints",
                "spki_sha256_base64",
                code("1IM9gBBm49eMfkm6eCAa/oblqQ7js3X0NyUERGwYff0="),
            ),
            (
                "addresses",
                "crl_points",
                lines(&["http://crl.example/a.crl", "ldap://crl.example/b"]),
            ),
            ("addresses", "ocsp", lines(&["http://ocsp.example"])),
            (
                "addresses",
                "ca_issuers",
                lines(&["http://ca.example/ca.der"]),
            ),
            (
                "policies",
                "policies",
                lines(&[
                    "1.2.3.4.5",
                    "Any Policy (2.5.29.32.0)",
                    "1.3.5.8, CPS: http://cps.example",
                ]),
            ),
            ("constraints", "path_length", Value::Text("2".to_owned())),
            ("extensions", "1.2.3.4.5.6", lines(&["critical", "hello"])),
            (
                "extensions",
                "2.5.29.30",
                lines(&[
                    "Permitted: DNS: .example",
                    "Excluded: IP: 192.168.0.0/255.255.0.0",
                ]),
            ),
        ] {
            assert_eq!(value(section, field), expected, "{section} {field}");
        }
        let Value::Lines(text) = value("text", "text") else {
            panic!("no lines");
        };
        for line in [
            "        Serial Number: 68084868553483927",
            "        Issuer: O=acme, OU=plant 7\\, north, CN=gw-1, serialNumber=77",
            "                CA:TRUE, pathlen:2",
            "            Basic Constraints: critical",
        ] {
            assert!(text.iter().any(|it| it == line), "{line:?} in {text:#?}");
        }
    }

    #[test]
    fn describing_a_changed_certificate_is_never_a_panic() {
        let der = testing::der(EVERYTHING);
        let mut described = 0;
        for place in 0..der.len() {
            let mut der = der.clone();
            der[place] ^= 0x41;
            if let Ok(facts) = Facts::read("a.crt", &der) {
                certificate(&facts, Role::Own, Words::of(Language::Zh));
                described += 1;
            }
        }
        assert!(described > 100);
    }
}
