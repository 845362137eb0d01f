//! Base64: with and without line breaks, in either alphabet, padded or not.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::trouble::Trouble;
use super::wiped::{self, Wiped};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const ANY_STANDARD: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const ANY_URL_SAFE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// What base64 text holds.
pub(super) struct Decoded {
    /// The content, or as much of it as could be read.
    pub(super) bytes: Wiped,
    /// Why it is not all of it.
    pub(super) trouble: Option<Trouble>,
}

/// Whether a text may be base64: nothing but its letters and white space.
pub(super) fn is_likely(text: &[u8]) -> bool {
    const SHORTEST: usize = 16;
    let mut letters = 0;
    let mut ended = false;
    for &byte in text {
        match byte {
            b'=' => ended = true,
            _ if byte.is_ascii_whitespace() => {}
            _ if is_letter(byte) && !ended => letters += 1,
            _ => return false,
        }
    }
    letters >= SHORTEST
}

/// Decodes text. What follows the first foreign character is left out.
pub(super) fn decode(text: &[u8]) -> Decoded {
    let mut letters = wiped::room(text.len());
    let mut trouble = None;
    let mut url_safe = false;
    let mut ended = false;
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            _ if byte.is_ascii_whitespace() => {}
            b'=' => ended = true,
            _ if is_letter(byte) && !ended => {
                url_safe |= matches!(byte, b'-' | b'_');
                letters.push(byte);
            }
            _ => {
                trouble = Some(Trouble::Base64Damaged { at });
                break;
            }
        }
    }
    // A single letter left over says six bits of a byte: the rest was not copied.
    if letters.len() % 4 == 1 {
        let whole = letters.len() - 1;
        letters.truncate(whole);
        trouble = trouble.or(Some(Trouble::Base64Truncated));
    }
    if url_safe {
        // Whoever mixes the alphabets means the same values.
        for byte in letters.iter_mut() {
            match *byte {
                b'+' => *byte = b'-',
                b'/' => *byte = b'_',
                _ => {}
            }
        }
    }
    let mut bytes = wiped::room(letters.len() / 4 * 3 + 3);
    bytes.resize(letters.len() / 4 * 3 + 3, 0);
    let engine = if url_safe {
        &ANY_URL_SAFE
    } else {
        &ANY_STANDARD
    };
    match engine.decode_slice(letters.as_slice(), bytes.as_mut_slice()) {
        Ok(length) => bytes.truncate(length),
        Err(_) => {
            bytes.truncate(0);
            trouble = trouble.or(Some(Trouble::Base64Truncated));
        }
    }
    Decoded { bytes, trouble }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::{decode, is_likely};
    use crate::inspect::open::trouble::Trouble;

    #[track_caller]
    fn check(text: &str, content: &[u8], trouble: Option<&Trouble>) {
        let decoded = decode(text.as_bytes());
        assert_eq!(&**decoded.bytes, content, "{text}");
        assert_eq!(decoded.trouble.as_ref(), trouble, "{text}");
    }

    #[test]
    fn every_way_of_writing_it_is_read() {
        let content = [0xfb, 0xff, 0xfe, 0x3e, 0x01];
        for text in [
            "+//+PgE=",
            "-__-PgE=",
            "-__-PgE",
            "+//+PgE",
            " +//\r\n\t+Pg E=\n",
            "+/_-PgE=",
        ] {
            check(text, &content, None);
        }
        check("", b"", None);
    }

    #[test]
    fn what_is_cut_or_foreign_is_told() {
        check(
            "+//+P",
            &[0xfb, 0xff, 0xfe],
            Some(&Trouble::Base64Truncated),
        );
        check(
            "+//+%gE=",
            &[0xfb, 0xff, 0xfe],
            Some(&Trouble::Base64Damaged { at: 4 }),
        );
        check(
            "+//+PgE=AAAA",
            &[0xfb, 0xff, 0xfe, 0x3e, 1],
            Some(&Trouble::Base64Damaged { at: 8 }),
        );
    }

    #[test]
    fn prose_is_no_base64() {
        assert!(is_likely(b"H4sIAAAAAAAAA\nAAAAAAAA=="));
        assert!(!is_likely(b"name: value, and more"));
        assert!(!is_likely(b"short"));
        assert!(!is_likely(b"AAAAAAAAAAAAAAAA=A"));
    }
}
