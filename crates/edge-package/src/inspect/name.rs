//! Names of subjects and issuers, and alternative names.

use std::fmt::Write as _;

use super::der::{self, Element, NotDer, tag};
use super::oids;
use super::public_key::sha256;

/// The name of a subject or an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    /// As it is written, DER.
    pub(crate) raw: &'a [u8],
    /// Its parts. Each has one attribute, rarely several.
    parts: Vec<Vec<Attribute<'a>>>,
}

/// An attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// Which, by its number.
    pub(crate) oid: String,
    value: Element<'a>,
}

/// Attributes of one name, far beyond any that is in use.
const MOST: usize = 100;
/// Bytes up to which folded names are written out.
const LONGEST_FOLDED: usize = 256;

impl<'a> Name<'a> {
    /// Reads a name. One of more attributes than any needs is refused.
    pub(crate) fn read(element: Element<'a>) -> Result<Self, NotDer> {
        let mut parts = Vec::new();
        let mut count = 0;
        for part in element.inside().all()? {
            let mut attributes = Vec::new();
            for attribute in part.inside().all()? {
                count += 1;
                if count > MOST {
                    return Err(NotDer);
                }
                let mut both = attribute.inside();
                let oid = der::oid(both.expect(tag::OID)?.value)?;
                let value = both.next()?;
                attributes.push(Attribute { oid, value });
            }
            parts.push(attributes);
        }
        Ok(Self {
            raw: element.raw,
            parts,
        })
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// All attributes in their order.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Attribute<'a>> {
        self.parts.iter().flatten()
    }

    /// The last attribute of a kind: the most specific one.
    pub(crate) fn find(&self, oid: &str) -> Option<String> {
        let found = self.attributes().filter(|it| it.oid == oid).last()?;
        Some(found.text())
    }

    /// In one line: `CN=gw-1, O=acme`.
    pub(crate) fn text(&self) -> String {
        let parts = self.parts.iter().map(|attributes| {
            let attributes = attributes
                .iter()
                .map(|it| format!("{}={}", it.label(), escaped(&it.text())));
            attributes.collect::<Vec<_>>().join(" + ")
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    /// Whether every part is text that can be read.
    pub(crate) fn is_readable(&self) -> bool {
        self.attributes().all(|it| decoded(it.value).is_some())
    }

    /// The same for names that count as the same: case, spaces and the kind of text don't matter (RFC 5280, 7.1).
    pub(crate) fn folded(&self) -> String {
        let mut folded = String::new();
        for attributes in &self.parts {
            let mut each: Vec<String> = attributes.iter().map(Attribute::folded).collect();
            each.sort_unstable();
            for one in each {
                // What a value may hold can't stand for the end of it: the length stands before it.
                let _ = write!(folded, "{}:{one}", one.len());
            }
            folded.push('/');
        }
        // Names are compared each with each: long ones by their digest.
        if folded.len() > LONGEST_FOLDED {
            return hex(&sha256(folded.as_bytes()));
        }
        folded
    }
}

impl Attribute<'_> {
    /// Its short name, or its number.
    pub(crate) fn label(&self) -> &str {
        oids::attribute_name(&self.oid)
    }

    /// What it says. What is no text is written in hexadecimal after `#`.
    pub(crate) fn text(&self) -> String {
        decoded(self.value).unwrap_or_else(|| format!("#{}", hex(self.value.raw)))
    }

    fn folded(&self) -> String {
        let value = match decoded(self.value) {
            Some(text) => {
                let words: Vec<&str> = text.split_whitespace().collect();
                words.join(" ").to_lowercase()
            }
            None => format!("#{}", hex(self.value.raw)),
        };
        format!("{}={value}", self.oid)
    }
}

/// An alternative name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum General {
    /// Of a computer.
    Dns(String),
    /// An address in the network.
    Ip(String),
    /// An address on the web, or another identifier.
    Uri(String),
    /// A mail address.
    Mail(String),
    /// A name as of a subject.
    Directory(String),
    /// Something else.
    Other(String),
}

impl General {
    /// Reads several.
    pub(crate) fn read_all(list: Element<'_>) -> Result<Vec<Self>, NotDer> {
        let all = list.inside().all()?;
        all.into_iter().map(Self::read).collect()
    }

    /// Reads one.
    pub(crate) fn read(element: Element<'_>) -> Result<Self, NotDer> {
        let text = || clean(&String::from_utf8_lossy(element.value));
        Ok(match element.tag {
            0x81 => Self::Mail(text()),
            0x82 => Self::Dns(text()),
            0x86 => Self::Uri(text()),
            0x87 => Self::Ip(address(element.value)),
            0x88 => Self::Other(der::oid(element.value)?),
            0xa4 => Self::Directory(Name::read(element.inside().next()?)?.text()),
            _ => Self::Other(format!("#{}", hex(element.raw))),
        })
    }

    /// What it says, with its kind before it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Dns(name) => format!("DNS: {name}"),
            Self::Ip(address) => format!("IP: {address}"),
            Self::Uri(uri) => format!("URI: {uri}"),
            Self::Mail(mail) => format!("email: {mail}"),
            Self::Directory(name) => format!("DirName: {name}"),
            Self::Other(other) => format!("other: {other}"),
        }
    }

    /// What it says.
    pub(crate) fn value(&self) -> &str {
        match self {
            Self::Dns(text)
            | Self::Ip(text)
            | Self::Uri(text)
            | Self::Mail(text)
            | Self::Directory(text)
            | Self::Other(text) => text,
        }
    }
}

fn address(bytes: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return std::net::Ipv4Addr::from(four).to_string();
    }
    match <[u8; 16]>::try_from(bytes) {
        Ok(sixteen) => std::net::Ipv6Addr::from(sixteen).to_string(),
        // With a mask, as name constraints have it.
        Err(_) => match bytes.split_at_checked(bytes.len() / 2) {
            Some((address, mask)) if matches!(bytes.len(), 8 | 32) => {
                format!("{}/{}", self::address(address), self::address(mask))
            }
            _ => format!("#{}", hex(bytes)),
        },
    }
}

/// The text of a value. `None` where it is none.
fn decoded(value: Element<'_>) -> Option<String> {
    let bytes = value.value;
    let text = match value.tag {
        tag::UTF8_STRING
        | tag::PRINTABLE_STRING
        | tag::NUMERIC_STRING
        | tag::IA5_STRING
        | tag::VISIBLE_STRING => std::str::from_utf8(bytes).ok()?.to_owned(),
        tag::T61_STRING => bytes.iter().copied().map(char::from).collect(),
        tag::BMP_STRING => {
            let pairs = bytes.chunks(2).map(|pair| match pair {
                [high, low] => Some(u16::from_be_bytes([*high, *low])),
                _ => None,
            });
            String::from_utf16(&pairs.collect::<Option<Vec<_>>>()?).ok()?
        }
        tag::UNIVERSAL_STRING => {
            let characters = bytes.chunks(4).map(|four| {
                let four = <[u8; 4]>::try_from(four).ok()?;
                char::from_u32(u32::from_be_bytes(four))
            });
            characters.collect::<Option<String>>()?
        }
        _ => return None,
    };
    Some(clean(&text))
}

/// Control characters, marks that turn the order of writing, characters without width.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Without characters that can't be seen, that turn the direction of what follows, or that tell a terminal something:
/// these are written as `\u{…}`.
#[must_use]
pub fn clean(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            clean.extend(character.escape_unicode());
        } else {
            clean.push(character);
        }
    }
    clean
}

/// As RFC 4514 writes it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// In hexadecimal, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// In hexadecimal, upper case with colons.
pub(crate) fn hex_colons(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use super::{General, Name, clean};
    use crate::inspect::der::{self, tag};

    fn name(attributes: &[(u8, &[u8])]) -> Vec<u8> {
        let parts: Vec<Vec<u8>> = attributes
            .iter()
            .map(|(kind, value)| {
                let oid = der::write(tag::OID, &[&[0x55, 4, 3]]);
                let value = der::write(*kind, &[value]);
                der::write(tag::SET, &[&der::write(tag::SEQUENCE, &[&oid, &value])])
            })
            .collect();
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        der::write(tag::SEQUENCE, &parts)
    }

    fn read(bytes: &[u8]) -> Name<'_> {
        Name::read(der::whole(bytes, tag::SEQUENCE).unwrap()).unwrap()
    }

    #[test]
    fn every_kind_of_text_is_read_and_what_is_none_is_shown() {
        for (kind, value, expected, is_readable) in [
            (tag::UTF8_STRING, "节点, 1".as_bytes(), "CN=节点\\, 1", true),
            (tag::BMP_STRING, &[0x82, 0x82, 0x70, 0xb9], "CN=节点", true),
            (tag::T61_STRING, &[b'a', 0xe9], "CN=aé", true),
            (tag::UNIVERSAL_STRING, &[0, 0, 0, 0x61], "CN=a", true),
            (tag::UTF8_STRING, &[0xff], "CN=#0c01ff", false),
            (tag::BMP_STRING, &[0], "CN=#1e0100", false),
            (tag::INTEGER, &[5], "CN=#020105", false),
            (tag::UTF8_STRING, b"a\x1b[31m", "CN=a\\\\u{1b}[31m", true),
        ] {
            let bytes = name(&[(kind, value)]);
            let name = read(&bytes);
            assert_eq!(
                (name.text().as_str(), name.is_readable()),
                (expected, is_readable)
            );
        }
    }

    #[test]
    fn names_are_the_same_whatever_their_case_spaces_and_kind_of_text() {
        let one = name(&[(tag::UTF8_STRING, b"Edge  Root "), (tag::UTF8_STRING, b"x")]);
        let same = name(&[
            (tag::PRINTABLE_STRING, b"edge root"),
            (tag::IA5_STRING, b"X"),
        ]);
        let other = name(&[(tag::PRINTABLE_STRING, b"edge rootx")]);
        assert_eq!(read(&one).folded(), read(&same).folded());
        assert_ne!(read(&one).folded(), read(&other).folded());
        assert_eq!(read(&one).find("2.5.4.3").as_deref(), Some("x"));
    }

    #[test]
    fn long_names_are_compared_by_digest_and_endless_ones_refused() {
        let long = |end: &[u8]| name(&[(tag::UTF8_STRING, &[&[b'a'; 70_000], end].concat())]);
        let (one, same, other) = (long(b"b"), long(b" B"), long(b"c"));
        assert_eq!(read(&one).folded().len(), 64);
        assert_ne!(read(&one).folded(), read(&same).folded());
        assert_eq!(read(&one).folded(), read(&long(b"B  ")).folded());
        assert_ne!(read(&one).folded(), read(&other).folded());

        let many: [(u8, &[u8]); super::MOST + 1] = [(tag::UTF8_STRING, b"a"); super::MOST + 1];
        assert_eq!(read(&name(&many[1..])).attributes().count(), super::MOST);
        let many = name(&many);
        assert!(Name::read(der::whole(&many, tag::SEQUENCE).unwrap()).is_err());
    }

    #[test]
    fn alternative_names_say_what_they_are() {
        let directory = der::write(0xa4, &[&name(&[(tag::UTF8_STRING, b"a")])]);
        for (bytes, expected) in [
            (der::write(0x82, &[b"gw.example"]), "DNS: gw.example"),
            (der::write(0x87, &[&[10, 0, 0, 1]]), "IP: 10.0.0.1"),
            (der::write(0x87, &[&[0; 16]]), "IP: ::"),
            (
                der::write(0x87, &[&[10, 0, 0, 0, 255, 0, 0, 0]]),
                "IP: 10.0.0.0/255.0.0.0",
            ),
            (der::write(0x87, &[&[1, 2, 3]]), "IP: #010203"),
            (der::write(0x86, &[b"urn:x"]), "URI: urn:x"),
            (der::write(0x81, &[b"a@b"]), "email: a@b"),
            (directory, "DirName: CN=a"),
            (der::write(0x88, &[&[0x2a, 3]]), "other: 1.2.3"),
            (der::write(0xa0, &[]), "other: #a000"),
        ] {
            let element = der::Reader::new(&bytes).next().unwrap();
            assert_eq!(General::read(element).unwrap().text(), expected);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(clean("a\u{202e}b\n"), "a\\u{202e}b\\u{a}");
        assert_eq!(clean("名称"), "名称");
        for hidden in [
            '\u{ad}',
            '\u{61c}',
            '\u{9b}',
            '\u{180e}',
            '\u{206a}',
            '\u{fffa}',
            '\u{e0041}',
        ] {
            let expected = format!("a{}", hidden.escape_unicode());
            assert_eq!(clean(&format!("a{hidden}")), expected);
        }
    }
}
