//! Certificates, read as far as they can be. What is odd is kept as such, so that it can be named.

use super::der::{self, Element, NotDer, Reader, tag};
use super::moment;
use super::name::{General, Name};
use super::oids::{self, attribute, extension};
use super::public_key::PublicKey;
use super::signature::Scheme;

pub(crate) mod describe;
mod text;
mod values;

/// Extensions of one certificate, far beyond any that is in use.
const MOST_EXTENSIONS: usize = 100;
/// Oddities of the extensions of one certificate that are told.
const MOST_ODD_EXTENSIONS: usize = 10;
/// Characters of the names that certificates are called by.
const LONGEST_NAME: usize = 200;

/// A certificate, read.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    /// Where it was found.
    pub(crate) source: &'a str,
    /// All of it, DER.
    pub(crate) der: &'a [u8],
    /// What is signed.
    pub(crate) signed: &'a [u8],
    /// Its version, counted from one.
    pub(crate) version: u32,
    /// The bytes of its serial number as they are written.
    pub(crate) serial: &'a [u8],
    /// How it is signed.
    pub(crate) scheme: Scheme,
    /// The signature.
    pub(crate) signature: &'a [u8],
    /// Who signed it.
    pub(crate) issuer: Name<'a>,
    /// Whose it is.
    pub(crate) subject: Name<'a>,
    /// From when on it holds. `None` where the date can't be read.
    pub(crate) not_before: Option<i64>,
    /// Until when. `None` where the date can't be read.
    pub(crate) not_after: Option<i64>,
    /// Its key (SPKI), DER.
    pub(crate) spki: &'a [u8],
    /// Its key, read.
    pub(crate) key: Option<PublicKey<'a>>,
    /// Its extensions, in their order.
    pub(crate) extensions: Vec<Extension<'a>>,
    /// What of its extensions matters for checks.
    pub(crate) rights: Rights<'a>,
    /// What is odd about it.
    pub(crate) oddities: Vec<Oddity>,
}

/// An extension.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extension<'a> {
    oid: &'a [u8],
    /// Whether a program that doesn't know it must refuse the certificate.
    pub(crate) is_critical: bool,
    /// Its value, DER.
    pub(crate) value: &'a [u8],
}

impl Extension<'_> {
    /// Its number with dots.
    pub(crate) fn number(&self) -> String {
        der::oid(self.oid).unwrap_or_else(|NotDer| format!("#{}", super::name::hex(self.oid)))
    }

    /// Its name, or its number.
    pub(crate) fn name(&self) -> String {
        let number = self.number();
        oids::extension_name(&number).map_or(number, str::to_owned)
    }
}

/// What of the extensions matters for checks. What can't be read counts as not there, and is an [`Oddity`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Rights<'a> {
    /// Whether it may sign certificates, and how many of those may follow below.
    pub(crate) constraints: Option<Constraints>,
    /// What the key may be used for, the first bit being the highest.
    pub(crate) usage: Option<u16>,
    /// Purposes, by their numbers.
    pub(crate) purposes: Option<Vec<String>>,
    /// Identifier of its key.
    pub(crate) key_id: Option<&'a [u8]>,
    /// Identifier of its issuer's key.
    pub(crate) issuer_key_id: Option<&'a [u8]>,
    /// Alternative names.
    pub(crate) names: Vec<General>,
}

/// Basic constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Constraints {
    /// Whether it is a CA.
    pub(crate) is_ca: bool,
    /// How many CAs may stand between it and a certificate that is none.
    pub(crate) path_length: Option<u32>,
}

/// Something that is not as it should be within a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// Its serial number is below zero.
    NegativeSerial,
    /// Its serial number is zero.
    ZeroSerial,
    /// Its serial number takes so many bytes, more than twenty.
    LongSerial(usize),
    /// The date from which on it holds can't be read.
    UnreadableStart,
    /// The date until which it holds can't be read.
    UnreadableEnd,
    /// It ends before it begins.
    EndBeforeStart,
    /// Part of a name is no text.
    NameNotText,
    /// Its key can't be read.
    UnreadableKey,
    /// It names two signature algorithms, one inside and one outside.
    TwoAlgorithms,
    /// The same extension stands twice.
    TwiceExtension(String),
    /// An extension can't be read.
    BrokenExtension(String),
    /// An extension is not known, but must be.
    UnknownCritical(String),
    /// It has extensions, which its version doesn't have.
    OldVersion(u32),
    /// Bytes follow it.
    Trailing(usize),
}

impl Oddity {
    /// Whether programs refuse the certificate because of it.
    pub(crate) fn is_fatal(&self) -> bool {
        match self {
            Self::UnreadableStart
            | Self::UnreadableEnd
            | Self::EndBeforeStart
            | Self::UnreadableKey
            | Self::TwoAlgorithms
            | Self::TwiceExtension(_)
            | Self::BrokenExtension(_)
            | Self::UnknownCritical(_) => true,
            Self::NegativeSerial
            | Self::ZeroSerial
            | Self::LongSerial(_)
            | Self::NameNotText
            | Self::OldVersion(_)
            | Self::Trailing(_) => false,
        }
    }
}

/// The bytes are no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a certificate")]
pub(crate) struct NoCertificate;

impl From<NotDer> for NoCertificate {
    fn from(NotDer: NotDer) -> Self {
        Self
    }
}

impl<'a> Facts<'a> {
    /// Reads a certificate.
    ///
    /// # Errors
    /// Where its outline can't be made out.
    pub(crate) fn read(source: &'a str, bytes: &'a [u8]) -> Result<Self, NoCertificate> {
        let mut oddities = Vec::new();
        let mut reader = Reader::new(bytes);
        let all = reader.expect(tag::SEQUENCE)?;
        if !reader.is_empty() {
            oddities.push(Oddity::Trailing(bytes.len() - all.raw.len()));
        }
        let mut outer = all.inside();
        let signed = outer.expect(tag::SEQUENCE)?;
        let scheme = outer.expect(tag::SEQUENCE)?;
        let signature = der::whole_bits(outer.expect(tag::BIT_STRING)?)?;
        outer.finish()?;

        let mut parts = signed.inside();
        let version = match parts.optional(tag::within(0))? {
            Some(version) => der::small(der::whole(version.value, tag::INTEGER)?)?,
            None => 0,
        };
        let version = version.checked_add(1).ok_or(NoCertificate)?;
        let serial = parts.expect(tag::INTEGER)?.value;
        check_serial(serial, &mut oddities);
        if parts.expect(tag::SEQUENCE)?.raw != scheme.raw {
            oddities.push(Oddity::TwoAlgorithms);
        }
        let issuer = Name::read(parts.expect(tag::SEQUENCE)?)?;
        let (not_before, not_after) = validity(parts.expect(tag::SEQUENCE)?, &mut oddities)?;
        let subject = Name::read(parts.expect(tag::SEQUENCE)?)?;
        if !issuer.is_readable() || !subject.is_readable() {
            oddities.push(Oddity::NameNotText);
        }
        let spki = parts.expect(tag::SEQUENCE)?.raw;
        // A point beside its curve is no key: nothing can be verified with it.
        let key = PublicKey::read(spki).ok().filter(PublicKey::is_on_curve);
        if key.is_none() {
            oddities.push(Oddity::UnreadableKey);
        }
        parts.optional(tag::context(1))?;
        parts.optional(tag::context(2))?;
        let extensions = match parts.optional(tag::within(3))? {
            Some(list) => extensions(list)?,
            None => Vec::new(),
        };
        parts.finish()?;
        if version < 3 && !extensions.is_empty() {
            oddities.push(Oddity::OldVersion(version));
        }
        let rights = Rights::read(&extensions, &mut oddities);
        Ok(Self {
            source,
            der: bytes,
            signed: signed.raw,
            version,
            serial,
            scheme: Scheme::read(scheme)?,
            signature,
            issuer,
            subject,
            not_before,
            not_after,
            spki,
            key,
            extensions,
            rights,
            oddities,
        })
    }

    /// The most telling name of its subject.
    pub(crate) fn name(&self) -> String {
        let common = self.subject.find(attribute::COMMON_NAME);
        let alternative = || self.rights.names.first().map(|it| it.value().to_owned());
        let whole = || (!self.subject.is_empty()).then(|| self.subject.text());
        let found = common.filter(|name| !name.is_empty());
        let found = found
            .or_else(alternative)
            .or_else(whole)
            .unwrap_or_else(|| self.serial_text());
        shortened(found)
    }

    /// The most telling name of its issuer.
    pub(crate) fn issuer_name(&self) -> String {
        let common = self.issuer.find(attribute::COMMON_NAME);
        let found = common
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| self.issuer.text());
        shortened(found)
    }

    /// Its serial number, hexadecimal in lower case without separators.
    pub(crate) fn serial_text(&self) -> String {
        match self.serial.split_first() {
            // DER puts a zero before numbers that would count as negative without it.
            Some((0, rest)) if !rest.is_empty() => super::name::hex(rest),
            _ => super::name::hex(self.serial),
        }
    }

    /// Whether it says of itself that it is a CA. Before version 3 nothing could say so.
    pub(crate) fn is_ca(&self) -> bool {
        match self.rights.constraints {
            Some(constraints) => constraints.is_ca,
            None => self.version < 3 && self.is_self_issued(),
        }
    }

    /// Whether its key may sign certificates.
    pub(crate) fn may_sign_certificates(&self) -> bool {
        self.rights
            .usage
            .is_none_or(|usage| usage & usage::SIGN_CERTIFICATES != 0)
    }

    /// Whether subject and issuer are the same.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject.folded() == self.issuer.folded()
    }

    /// When it ends, unless it says that it never does.
    pub(crate) fn ends(&self) -> Option<i64> {
        self.not_after.filter(|end| *end < moment::NEVER)
    }

    /// An extension by its number.
    pub(crate) fn extension(&self, number: &str) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|it| it.number() == number)
    }
}

/// Up to so many characters as a sentence can take.
fn shortened(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(LONGEST_NAME) {
        name.truncate(end);
        name.push('…');
    }
    name
}

/// Bits of key usage.
pub(crate) mod usage {
    pub(crate) const DIGITAL_SIGNATURE: u16 = 0x8000;
    pub(crate) const KEY_AGREEMENT: u16 = 0x0800;
    pub(crate) const SIGN_CERTIFICATES: u16 = 0x0400;
}

fn check_serial(serial: &[u8], oddities: &mut Vec<Oddity>) {
    match serial {
        [first, ..] if first & 0x80 != 0 => oddities.push(Oddity::NegativeSerial),
        _ if serial.iter().all(|byte| *byte == 0) => oddities.push(Oddity::ZeroSerial),
        _ => {}
    }
    // RFC 5280, 4.1.2.2.
    let length = der::trim(serial).len();
    if length > 20 {
        oddities.push(Oddity::LongSerial(length));
    }
}

fn validity(
    element: Element<'_>,
    oddities: &mut Vec<Oddity>,
) -> Result<(Option<i64>, Option<i64>), NotDer> {
    let mut parts = element.inside();
    let start = moment::read(parts.next()?);
    let end = moment::read(parts.next()?);
    parts.finish()?;
    if start.is_none() {
        oddities.push(Oddity::UnreadableStart);
    }
    if end.is_none() {
        oddities.push(Oddity::UnreadableEnd);
    }
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        oddities.push(Oddity::EndBeforeStart);
    }
    Ok((start, end))
}

fn extensions(list: Element<'_>) -> Result<Vec<Extension<'_>>, NotDer> {
    let list = der::whole(list.value, tag::SEQUENCE)?;
    let mut found = Vec::new();
    for element in list.inside().all()? {
        if found.len() == MOST_EXTENSIONS {
            return Err(NotDer);
        }
        let mut parts = element.inside();
        let oid = parts.expect(tag::OID)?.value;
        let critical = parts.optional(tag::BOOLEAN)?;
        let value = parts.expect(tag::OCTET_STRING)?.value;
        parts.finish()?;
        found.push(Extension {
            oid,
            is_critical: critical.is_some_and(|it| it.value != [0]),
            value,
        });
    }
    Ok(found)
}

impl<'a> Rights<'a> {
    fn read(extensions: &[Extension<'a>], oddities: &mut Vec<Oddity>) -> Self {
        let mut rights = Self::default();
        let mut seen = Vec::new();
        let before = oddities.len();
        for it in extensions {
            let number = it.number();
            if seen.contains(&number) {
                oddities.push(Oddity::TwiceExtension(it.name()));
                continue;
            }
            match rights.take(&number, it.value) {
                Ok(()) => {}
                Err(NotDer) => oddities.push(Oddity::BrokenExtension(it.name())),
            }
            if it.is_critical && !extension::VERIFIED.contains(&number.as_str()) {
                oddities.push(Oddity::UnknownCritical(it.name()));
            }
            seen.push(number);
        }
        // Programs refuse it for the first of them.
        oddities.truncate(before + MOST_ODD_EXTENSIONS);
        rights
    }

    fn take(&mut self, number: &str, value: &'a [u8]) -> Result<(), NotDer> {
        match number {
            extension::BASIC_CONSTRAINTS => self.constraints = Some(constraints(value)?),
            extension::KEY_USAGE => self.usage = Some(key_usage(value)?),
            extension::EXTENDED_KEY_USAGE => self.purposes = Some(purposes(value)?),
            extension::SUBJECT_KEY_ID => {
                self.key_id = Some(der::whole(value, tag::OCTET_STRING)?.value);
            }
            extension::AUTHORITY_KEY_ID => self.issuer_key_id = authority(value)?,
            extension::SUBJECT_NAMES => {
                self.names = General::read_all(der::whole(value, tag::SEQUENCE)?)?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn constraints(value: &[u8]) -> Result<Constraints, NotDer> {
    let mut parts = der::whole(value, tag::SEQUENCE)?.inside();
    let is_ca = parts
        .optional(tag::BOOLEAN)?
        .is_some_and(|it| it.value != [0]);
    let path_length = match parts.optional(tag::INTEGER)? {
        Some(length) => Some(der::small(length)?),
        None => None,
    };
    parts.finish()?;
    Ok(Constraints { is_ca, path_length })
}

fn key_usage(value: &[u8]) -> Result<u16, NotDer> {
    let Some((unused @ 0..=7, bits)) = der::whole(value, tag::BIT_STRING)?.value.split_first()
    else {
        return Err(NotDer);
    };
    // The last bits of the last byte, as many as are said to be unused, tell nothing.
    match bits {
        [] => Ok(0),
        [only] => Ok(u16::from_be_bytes([only & (0xff << unused), 0])),
        [first, last] => Ok(u16::from_be_bytes([*first, last & (0xff << unused)])),
        [first, second, ..] => Ok(u16::from_be_bytes([*first, *second])),
    }
}

fn purposes(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let all = der::whole(value, tag::SEQUENCE)?.inside().all()?;
    all.into_iter()
        .map(|it| match it.tag {
            tag::OID => der::oid(it.value),
            _ => Err(NotDer),
        })
        .collect()
}

fn authority(value: &[u8]) -> Result<Option<&[u8]>, NotDer> {
    let mut parts = der::whole(value, tag::SEQUENCE)?.inside();
    Ok(parts.optional(tag::context(0))?.map(|it| it.value))
}

#[cfg(test)]
mod tests;
