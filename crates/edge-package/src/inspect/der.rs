//! Reading and writing DER, the form in which certificates and keys are written.
//!
//! A reader of our own, and a small one: it borrows and never copies, so that reading a key leaves nothing behind,
//! and it goes on where a strict parser gives up, so that what is wrong can be named.

/// Tags that are used here.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const NUMERIC_STRING: u8 = 0x12;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const T61_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const VISIBLE_STRING: u8 = 0x1a;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// `[number]` with a plain value.
    pub(crate) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]` with values of its own.
    pub(crate) const fn within(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Elements within another one.
const MOST: usize = 1024;

/// The bytes don't follow the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not DER")]
pub(crate) struct NotDer;

/// A value with its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// Its tag.
    pub(crate) tag: u8,
    /// Its content.
    pub(crate) value: &'a [u8],
    /// All of it, tag and length included.
    pub(crate) raw: &'a [u8],
}

impl<'a> Element<'a> {
    /// What it holds, one after the other.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader::new(self.value)
    }
}

/// Reads elements one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Over these bytes.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element. Lengths that are left open are BER, not DER, and refused.
    pub(crate) fn next(&mut self) -> Result<Element<'a>, NotDer> {
        let (&tag, after) = self.rest.split_first().ok_or(NotDer)?;
        if tag & 0x1f == 0x1f {
            return Err(NotDer);
        }
        let (&first, after) = after.split_first().ok_or(NotDer)?;
        let (length, after) = match first {
            0..=0x7f => (usize::from(first), after),
            0x81..=0x84 => {
                let (digits, after) = after
                    .split_at_checked(usize::from(first & 0x7f))
                    .ok_or(NotDer)?;
                let length = digits
                    .iter()
                    .try_fold(0_usize, |sum, digit| {
                        sum.checked_mul(256)?.checked_add(usize::from(*digit))
                    })
                    .ok_or(NotDer)?;
                (length, after)
            }
            _ => return Err(NotDer),
        };
        let (value, rest) = after.split_at_checked(length).ok_or(NotDer)?;
        let raw = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Ok(Element { tag, value, raw })
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Element<'a>, NotDer> {
        self.optional(tag)?.ok_or(NotDer)
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, NotDer> {
        if self.rest.first() == Some(&tag) {
            self.next().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Says whether nothing is left over.
    pub(crate) fn finish(&self) -> Result<(), NotDer> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(NotDer)
        }
    }

    /// All elements that are left. More than any structure needs that is looked at are refused: each takes many times
    /// the room of its bytes.
    pub(crate) fn all(mut self) -> Result<Vec<Element<'a>>, NotDer> {
        let mut found = Vec::new();
        while !self.is_empty() {
            if found.len() == MOST {
                return Err(NotDer);
            }
            found.push(self.next()?);
        }
        Ok(found)
    }
}

/// The one element that these bytes are.
pub(crate) fn whole(bytes: &[u8], tag: u8) -> Result<Element<'_>, NotDer> {
    let mut reader = Reader::new(bytes);
    let element = reader.expect(tag)?;
    reader.finish()?;
    Ok(element)
}

/// The bytes of a positive whole number, without zeros in front.
pub(crate) fn positive(element: Element<'_>) -> Result<&[u8], NotDer> {
    match element.value.first() {
        None => Err(NotDer),
        Some(first) if first & 0x80 != 0 => Err(NotDer),
        Some(_) => Ok(trim(element.value)),
    }
}

/// Without zeros in front.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

/// A small whole number.
pub(crate) fn small(element: Element<'_>) -> Result<u32, NotDer> {
    let bytes = positive(element)?;
    if bytes.len() > 4 {
        return Err(NotDer);
    }
    Ok(bytes
        .iter()
        .fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

/// The bytes of a bit string that ends at a whole byte.
pub(crate) fn whole_bits(element: Element<'_>) -> Result<&[u8], NotDer> {
    match element.value.split_first() {
        Some((0, bits)) => Ok(bits),
        _ => Err(NotDer),
    }
}

/// An object identifier with dots. Parts of more than 64 bits are refused.
pub(crate) fn oid(value: &[u8]) -> Result<String, NotDer> {
    if value.last().is_none_or(|last| last & 0x80 != 0) {
        return Err(NotDer);
    }
    let mut text = String::new();
    let mut part: u64 = 0;
    for byte in value {
        if part >> 57 != 0 {
            return Err(NotDer);
        }
        part = (part << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if text.is_empty() {
            // The first two parts share a number.
            let first = (part / 40).min(2);
            text = format!("{first}.{}", part - first * 40);
        } else {
            text.push('.');
            text.push_str(&part.to_string());
        }
        part = 0;
    }
    Ok(text)
}

/// Writes an element of these parts.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = Vec::with_capacity(length + 6);
    bytes.push(tag);
    if let Ok(short) = u8::try_from(length)
        && short < 0x80
    {
        bytes.push(short);
    } else {
        let digits = length.to_be_bytes();
        let digits = trim(&digits);
        bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
        bytes.extend_from_slice(digits);
    }
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Writes a positive whole number.
pub(crate) fn write_positive(number: &[u8]) -> Vec<u8> {
    let number = trim(number);
    let needs_zero = number.first().is_none_or(|first| first & 0x80 != 0);
    let zero: &[u8] = if needs_zero { &[0] } else { &[] };
    write(tag::INTEGER, &[zero, number])
}

#[cfg(test)]
mod tests {
    use super::{NotDer, Reader, oid, positive, tag, whole, write, write_positive};

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let value = vec![7_u8; length];
            let bytes = write(tag::OCTET_STRING, &[&value]);
            let element = whole(&bytes, tag::OCTET_STRING).unwrap();
            assert_eq!((element.value, element.raw), (&value[..], &bytes[..]));
        }
        for (number, expected) in [
            (&[][..], &[2, 1, 0][..]),
            (&[0, 0, 5], &[2, 1, 5]),
            (&[0x80], &[2, 2, 0, 0x80]),
        ] {
            let bytes = write_positive(number);
            assert_eq!(bytes, expected);
            let read = positive(whole(&bytes, tag::INTEGER).unwrap()).unwrap();
            assert_eq!(read, super::trim(number));
        }
    }

    #[test]
    fn what_is_cut_short_or_open_is_refused() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x02, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x85, 0, 0, 0, 0, 0],
            &[0x1f, 0x81, 0x01, 0x00],
        ] {
            assert_eq!(Reader::new(bytes).next(), Err(NotDer), "{bytes:?}");
        }
        assert_eq!(whole(&[5, 0, 0], tag::NULL), Err(NotDer));
    }

    #[test]
    fn elements_without_end_are_not_gathered() {
        let many = [tag::NULL, 0].repeat(super::MOST);
        assert_eq!(Reader::new(&many).all().unwrap().len(), super::MOST);
        let many = [tag::NULL, 0].repeat(super::MOST + 1);
        assert_eq!(Reader::new(&many).all(), Err(NotDer));
    }

    #[test]
    fn identifiers_are_written_with_dots() {
        for (bytes, expected) in [
            (
                &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1][..],
                Ok("1.2.840.113549.1.1.1"),
            ),
            (&[0x55, 4, 3], Ok("2.5.4.3")),
            (&[0x88, 0x37, 3], Ok("2.999.3")),
            (&[0x55, 0x84], Err(NotDer)),
            (&[], Err(NotDer)),
            (&[0xff; 12], Err(NotDer)),
        ] {
            assert_eq!(oid(bytes), expected.map(str::to_owned), "{bytes:?}");
        }
    }
}
