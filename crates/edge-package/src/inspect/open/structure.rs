//! What a DER structure is, told by its build and by nothing else.

use crate::inspect::der::{Element, NotDer, Reader, oid, small, tag};

/// What a structure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Structure {
    Certificate,
    SigningRequest,
    RevocationList,
    /// A private key in the clear.
    Pkcs8,
    EncryptedPkcs8,
    /// An RSA key.
    Pkcs1,
    /// A public RSA key.
    Pkcs1Public,
    /// An EC key.
    Sec1,
    /// A public key.
    Spki,
    /// A private DSA key, in the form of its own.
    Dsa,
    Pkcs7,
    Pkcs12,
    /// Parameters of a curve, or of a key exchange: they say nothing here.
    Parameters,
    /// None of these.
    Other,
}

/// Whether this begins like a structure that is looked at: a sequence that begins with a number, an object identifier
/// or a sequence. A text may begin with the letters that stand for a sequence in a sequence, but stays ASCII.
pub(super) fn is_likely(bytes: &[u8]) -> bool {
    match bytes {
        [tag::SEQUENCE, 0x80..=0x84, ..] => true,
        [tag::SEQUENCE, 0..=0x7f, tag::INTEGER | tag::OID, ..] => true,
        [tag::SEQUENCE, 0..=0x7f, tag::SEQUENCE, ..] => !bytes.is_ascii(),
        _ => false,
    }
}

/// What a structure is.
pub(super) fn recognise(element: Element<'_>) -> Structure {
    if element.tag != tag::SEQUENCE {
        return Structure::Other;
    }
    let Ok(parts) = element.inside().all() else {
        return Structure::Other;
    };
    let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
    match tags.as_slice() {
        [tag::SEQUENCE, tag::SEQUENCE, tag::BIT_STRING] => {
            signed(parts[0]).unwrap_or(Structure::Other)
        }
        [tag::SEQUENCE, tag::BIT_STRING] => Structure::Spki,
        [tag::SEQUENCE, tag::OCTET_STRING] => Structure::EncryptedPkcs8,
        [tag::INTEGER, tag::SEQUENCE, tag::OCTET_STRING, ..] => Structure::Pkcs8,
        [tag::INTEGER, tag::OCTET_STRING, ..] => Structure::Sec1,
        [tag::INTEGER, tag::SEQUENCE] | [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE] => {
            if small(parts[0]) == Ok(3) {
                Structure::Pkcs12
            } else {
                Structure::Parameters
            }
        }
        [tag::OID, ..] => match oid(parts[0].value) {
            Ok(name) if name.starts_with("1.2.840.113549.1.7.") => Structure::Pkcs7,
            _ => Structure::Parameters,
        },
        [tag::INTEGER, tag::INTEGER] => {
            // A generator is small, an RSA modulus is not.
            if parts[0].value.len() >= parts[1].value.len() && parts[1].value.len() <= 8 {
                numbers(&parts)
            } else {
                Structure::Parameters
            }
        }
        [tag::INTEGER, ..] if tags.iter().take(7).all(|&found| found == tag::INTEGER) => {
            match tags.len() {
                6 => Structure::Dsa,
                9.. => Structure::Pkcs1,
                _ => Structure::Parameters,
            }
        }
        [tag::INTEGER, ..] => Structure::Parameters,
        _ => Structure::Other,
    }
}

/// A public RSA key has an exponent of three at least, and an odd one; a generator is two or five mostly.
fn numbers(parts: &[Element<'_>]) -> Structure {
    match parts[1].value {
        [.., last] if last % 2 == 1 && parts[1].value != [5] => Structure::Pkcs1Public,
        _ => Structure::Parameters,
    }
}

/// What was signed: a certificate, a request for one, or a list of revoked ones.
fn signed(content: Element<'_>) -> Result<Structure, NotDer> {
    let parts = content.inside().all()?;
    let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
    let version = tag::within(0);
    Ok(match tags.as_slice() {
        [
            first,
            tag::INTEGER,
            tag::SEQUENCE,
            tag::SEQUENCE,
            tag::SEQUENCE,
            ..,
        ] if *first == version => Structure::Certificate,
        // The first version doesn't write its number.
        [
            tag::INTEGER,
            tag::SEQUENCE,
            tag::SEQUENCE,
            tag::SEQUENCE,
            tag::SEQUENCE,
            tag::SEQUENCE,
            ..,
        ] => Structure::Certificate,
        [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, time, ..] if is_time(*time) => {
            Structure::RevocationList
        }
        [tag::SEQUENCE, tag::SEQUENCE, time, ..] if is_time(*time) => Structure::RevocationList,
        [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, ..] => Structure::SigningRequest,
        _ => Structure::Other,
    })
}

fn is_time(number: u8) -> bool {
    matches!(number, tag::UTC_TIME | tag::GENERALIZED_TIME)
}

/// The SPKI of a public RSA key in the form of its own.
pub(super) fn spki_of_rsa(der: &[u8]) -> Vec<u8> {
    use crate::inspect::der::write;
    const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    let algorithm = write(
        tag::SEQUENCE,
        &[&write(tag::OID, &[&RSA]), &write(tag::NULL, &[])],
    );
    let bits = write(tag::BIT_STRING, &[&[0], der]);
    write(tag::SEQUENCE, &[&algorithm, &bits])
}

/// Reads the first structure.
pub(super) fn first(bytes: &[u8]) -> Result<Element<'_>, NotDer> {
    Reader::new(bytes).next()
}

/// Whether a structure goes on after what is there.
pub(super) fn is_cut(bytes: &[u8]) -> bool {
    let length = match bytes {
        [_, first @ 0..=0x7f, ..] => 2 + usize::from(*first),
        [_, first @ 0x81..=0x84, rest @ ..] => {
            let count = usize::from(first & 0x7f);
            let Some(digits) = rest.get(..count) else {
                return true;
            };
            let add = |sum: usize, digit: &u8| sum << 8 | usize::from(*digit);
            2 + count + digits.iter().fold(0, add)
        }
        _ => return false,
    };
    length > bytes.len()
}
