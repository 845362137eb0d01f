//! Text and bytes that may hold keys: buffers that are wiped, allocated once at the size they can reach.

use zeroize::Zeroizing;

use super::trouble::Trouble;

/// Bytes that are wiped when dropped.
pub(super) type Wiped = Zeroizing<Vec<u8>>;

/// An empty buffer with room for so many bytes. It must not be filled beyond that: growing would leave a copy.
pub(super) fn room(bytes: usize) -> Wiped {
    Zeroizing::new(Vec::with_capacity(bytes))
}

/// A copy of what may be secret.
pub(super) fn copy(bytes: &[u8]) -> Wiped {
    let mut copy = room(bytes.len());
    copy.extend_from_slice(bytes);
    copy
}

/// What a byte order mark tells of a text.
pub(super) enum Mark {
    /// UTF-8: the text begins after so many bytes.
    Utf8(usize),
    /// UTF-16, and whether the low byte comes first.
    Utf16 { little_endian: bool },
}

/// The byte order mark of a text.
pub(super) fn mark(bytes: &[u8]) -> Option<Mark> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some(Mark::Utf8(3)),
        [0xff, 0xfe, ..] => Some(Mark::Utf16 {
            little_endian: true,
        }),
        [0xfe, 0xff, ..] => Some(Mark::Utf16 {
            little_endian: false,
        }),
        _ => None,
    }
}

/// UTF-16 with its mark, as UTF-8.
pub(super) fn from_utf16(bytes: &[u8], little_endian: bool) -> Result<Wiped, Trouble> {
    let units = bytes[2..].chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if little_endian {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        }
    });
    // Two bytes become three at most.
    let mut text = room(bytes.len() / 2 * 3);
    for letter in char::decode_utf16(units) {
        let letter = letter.map_err(|_| Trouble::TextDamaged)?;
        text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(text)
}

/// Text in which `\n`, `\r`, `\t`, `\"` and `\/` are written out, as in a value copied from JSON.
pub(super) fn without_escapes(text: &[u8]) -> Wiped {
    let mut out = room(text.len());
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        let plain = match (byte, rest.as_slice().first()) {
            (b'\\', Some(b'n')) => b'\n',
            (b'\\', Some(b'r')) => b'\r',
            (b'\\', Some(b't')) => b'\t',
            (b'\\', Some(&kept @ (b'"' | b'/' | b'\\'))) => kept,
            _ => {
                out.push(byte);
                continue;
            }
        };
        rest.next();
        out.push(plain);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{from_utf16, without_escapes};

    #[test]
    fn text_of_windows_is_read() {
        let units = "-----BEGIN 证书 😀\r\n".encode_utf16();
        let mut little = vec![0xff, 0xfe];
        let mut big = vec![0xfe, 0xff];
        for unit in units {
            little.extend(unit.to_le_bytes());
            big.extend(unit.to_be_bytes());
        }
        for (bytes, little_endian) in [(&little, true), (&big, false)] {
            let text = from_utf16(bytes, little_endian).unwrap();
            assert_eq!(&**text, "-----BEGIN 证书 😀\r\n".as_bytes());
        }
        assert!(from_utf16(&[0xff, 0xfe, 0x00, 0xd8], true).is_err());
    }

    #[test]
    fn what_a_copy_of_json_escapes_is_put_back() {
        let text = without_escapes(br#"a\r\nb\"c\/d\\n\u00e4\"#);
        assert_eq!(&**text, b"a\r\nb\"c/d\\n\\u00e4\\");
    }
}
