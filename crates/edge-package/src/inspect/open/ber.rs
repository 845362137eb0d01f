//! BER into DER. Java, Windows and programs that write while they go leave lengths open and cut strings into parts;
//! everything else here reads DER.

use super::wiped::{self, Wiped};

/// Far more than any store or list of certificates that is written so.
const LARGEST: usize = 512 << 10;
const DEEPEST: usize = 24;
const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;

/// Whether the length of a structure is left open.
pub(super) fn is_open(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x30, 0x80])
}

/// The same in DER, and the bytes that were read. `None` where it can't be read.
pub(super) fn to_der(bytes: &[u8]) -> Option<(Wiped, usize)> {
    if bytes.len() > LARGEST {
        return None;
    }
    let mut out = room_for(bytes);
    let rest = element(bytes, &mut out, DEEPEST)?;
    Some((out, bytes.len() - rest.len()))
}

/// What it can become: heads of large elements need a byte or two more once their length is written.
fn room_for(bytes: &[u8]) -> Wiped {
    wiped::room(bytes.len() + bytes.len() / 512 + 16)
}

/// Copies one element. What follows it.
fn element<'a>(input: &'a [u8], out: &mut Wiped, depth: usize) -> Option<&'a [u8]> {
    let depth = depth.checked_sub(1)?;
    let (&tag, rest) = input.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    if first == 0x80 {
        if tag & CONSTRUCTED == 0 {
            return None;
        }
        let mut content = room_for(rest);
        let mut rest = rest;
        while !rest.starts_with(&[0, 0]) {
            rest = part(rest, &mut content, tag, depth)?;
        }
        write(out, tag, &content);
        return Some(&rest[2..]);
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let add = |sum: usize, digit: &u8| sum.checked_mul(256)?.checked_add(usize::from(*digit));
        (digits.iter().try_fold(0_usize, add)?, rest)
    };
    let (value, after) = rest.split_at_checked(length)?;
    if tag & CONSTRUCTED == 0 {
        write(out, tag, value);
        return Some(after);
    }
    let mut content = room_for(value);
    let mut rest = value;
    while !rest.is_empty() {
        rest = part(rest, &mut content, tag, depth)?;
    }
    write(out, tag, &content);
    Some(after)
}

/// A part of a constructed element. Those of a string are joined.
fn part<'a>(input: &'a [u8], out: &mut Wiped, of: u8, depth: usize) -> Option<&'a [u8]> {
    if of != OCTET_STRING | CONSTRUCTED {
        return element(input, out, depth);
    }
    let mut whole = room_for(input);
    let rest = element(input, &mut whole, depth)?;
    let mut reader = crate::inspect::der::Reader::new(&whole);
    let string = reader.expect(OCTET_STRING).ok()?;
    out.extend_from_slice(string.value);
    Some(rest)
}

fn write(out: &mut Wiped, tag: u8, content: &[u8]) {
    let tag = if tag == OCTET_STRING | CONSTRUCTED {
        OCTET_STRING
    } else {
        tag
    };
    out.push(tag);
    let length = content.len();
    if let Ok(short @ 0..0x80) = u8::try_from(length) {
        out.push(short);
    } else {
        let digits = length.to_be_bytes();
        let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
        let digits = &digits[zeros..];
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
        out.extend_from_slice(digits);
    }
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::to_der;

    #[track_caller]
    fn check(ber: &[u8], der: Option<&[u8]>) {
        let found = to_der(ber);
        assert_eq!(found.as_ref().map(|(der, _)| der.as_slice()), der);
    }

    #[test]
    fn open_lengths_are_closed_and_strings_joined() {
        check(&[0x30, 0x80, 2, 1, 3, 0, 0], Some(&[0x30, 3, 2, 1, 3]));
        let parts = [
            0x30, 0x80, 0x24, 0x80, 4, 2, 1, 2, 0x24, 3, 4, 1, 3, 0, 0, 0, 0,
        ];
        check(&parts, Some(&[0x30, 5, 4, 3, 1, 2, 3]));
        // Longer than it must be written.
        check(&[0x30, 0x82, 0, 3, 2, 1, 3], Some(&[0x30, 3, 2, 1, 3]));
        let mut long = vec![0x30, 0x80, 0x04, 0x82, 0x01, 0x00];
        long.extend([7; 256]);
        long.extend([0, 0]);
        let mut closed = vec![0x30, 0x82, 0x01, 0x04, 0x04, 0x82, 0x01, 0x00];
        closed.extend([7; 256]);
        check(&long, Some(&closed));
    }

    #[test]
    fn what_has_no_end_or_no_floor_is_refused() {
        check(&[0x30, 0x80, 2, 1, 3, 0], None);
        check(&[0x04, 0x80, 0, 0], None);
        check(&[0x30, 0x82, 1], None);
        check(&[[0x30, 0x80]; 40].concat(), None);
        check(&[], None);
    }
}
