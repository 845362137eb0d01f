//! SDK-HMAC-SHA256 as the gateway in front of the service checks it.
//!
//! Written from the rules alone and sharing nothing with the client: what the client signs has to hold
//! before somebody else's reading.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// The only algorithm that is accepted.
const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// What the `Authorization` header says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claim<'a> {
    /// Access key.
    pub(crate) access: &'a str,
    /// Names of the signed headers, as written.
    pub(crate) signed_headers: Vec<&'a str>,
    /// Signature in hexadecimal.
    pub(crate) signature: &'a str,
}

impl<'a> Claim<'a> {
    /// Reads the header. `None` when it is of another kind or lacks a part.
    pub(crate) fn parse(authorization: &'a str) -> Option<Self> {
        let parts = authorization.strip_prefix(ALGORITHM)?.strip_prefix(' ')?;
        let (mut access, mut signed, mut signature) = (None, None, None);
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            match name {
                "Access" => access = Some(value),
                "SignedHeaders" => signed = Some(value.split(';').collect()),
                "Signature" => signature = Some(value),
                _ => return None,
            }
        }
        Some(Self {
            access: access?,
            signed_headers: signed?,
            signature: signature?,
        })
    }

    /// Whether a header is among the signed ones.
    pub(crate) fn covers(&self, header: &str) -> bool {
        self.signed_headers
            .iter()
            .any(|name| name.eq_ignore_ascii_case(header))
    }
}

/// What was signed.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    /// `GET` and the like.
    pub(crate) method: &'a str,
    /// Path as it stands in the request line.
    pub(crate) path: &'a str,
    /// Query as it stands in the request line, without the question mark.
    pub(crate) query: &'a str,
    /// Signed headers: name and value, in the order of the claim.
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    /// Value of `X-Sdk-Date`.
    pub(crate) date: &'a str,
    /// SHA-256 of the body in hexadecimal.
    pub(crate) body_hash: &'a str,
}

impl Signed<'_> {
    /// Whether the signature in hexadecimal was made with this secret key. Takes the same time for any
    /// wrong signature.
    pub(crate) fn is_signed_with(&self, secret_key: &str, signature: &str) -> bool {
        let Some(signature) = unhex(signature) else {
            return false;
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(self.text_to_sign().as_bytes());
        mac.verify_slice(&signature).is_ok()
    }

    fn text_to_sign(&self) -> String {
        let request = sha256_hex(self.canonical_request().as_bytes());
        format!("{ALGORITHM}\n{}\n{request}", self.date)
    }

    fn canonical_request(&self) -> String {
        let mut headers: Vec<(String, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        headers.sort();
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{value}\n"))
            .collect();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "{}\n{}\n{}\n{lines}\n{}\n{}",
            self.method,
            canonical_path(self.path),
            canonical_query(self.query),
            names.join(";"),
            self.body_hash,
        )
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| {
            let digits = std::str::from_utf8(pair).ok().filter(|d| d.len() == 2)?;
            u8::from_str_radix(digits, 16).ok()
        })
        .collect()
}

/// Decoded as a whole and encoded again by segment, so that every way of writing it is the same, with a
/// slash at the end. An escaped slash counts as a slash, and what is no UTF-8 as the replacement character,
/// as the service's own SDK has it.
fn canonical_path(path: &str) -> String {
    let decoded = unescape(path, false);
    let mut canonical: String = String::from_utf8_lossy(&decoded)
        .split('/')
        .map(|segment| escape(segment.as_bytes()))
        .collect::<Vec<_>>()
        .join("/");
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(key, true), unescape(value, true))
        })
        .collect();
    pairs.sort();
    pairs
        .iter()
        .map(|(key, value)| format!("{}={}", escape(key), escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// RFC 3986: everything but the unreserved characters becomes `%XX`.
fn escape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(*byte));
            }
            _ => {
                out.push('%');
                out.push_str(&hex(&[*byte]).to_ascii_uppercase());
            }
        }
    }
    out
}

/// Undoes percent-encoding; what is not an escape stays as it is.
fn unescape(text: &str, plus_is_space: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%' && tail.len() >= 2)
            .then(|| std::str::from_utf8(&tail[..2]).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) => {
                out.push(byte);
                rest = &tail[2..];
            }
            None => {
                out.push(if first == b'+' && plus_is_space {
                    b' '
                } else {
                    first
                });
                rest = tail;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Claim, Signed, sha256_hex};

    const SECRET: &str = "SKSECRETEXAMPLE";
    const GET: &str = "ad972e0b8b1710687e1a90fbc71cc865253a2db260fc514c99475e503698c1d1";
    const POST: &str = "a43e54e5cd3a87144d05b1d191d068471e39697c0fc3f2710a4ab7b7f5e3c933";

    fn headers() -> Vec<(&'static str, &'static str)> {
        vec![
            ("Host", "ief2.cn-north-1.myhuaweicloud.com"),
            ("content-type", "application/json"),
            ("X-Project-Id", "p1"),
            ("x-sdk-date", "20260102T030405Z"),
        ]
    }

    fn get<'a>(query: &'a str, hash: &'a str) -> Signed<'a> {
        Signed {
            method: "GET",
            path: "/v2/p1/edgemgr/nodes",
            query,
            headers: headers(),
            date: "20260102T030405Z",
            body_hash: hash,
        }
    }

    #[test]
    fn the_public_vectors_hold() {
        let empty = sha256_hex(b"");
        let request = get("offset=0&limit=1000&name=a%20b%2F%C3%BC%2A~", &empty);
        assert!(request.is_signed_with(SECRET, GET));
        let body = sha256_hex(br#"{"node":{"name":"n1"}}"#);
        let request = Signed {
            method: "POST",
            ..get("", &body)
        };
        assert!(request.is_signed_with(SECRET, POST));
    }

    #[test]
    fn other_ways_to_write_the_same_query_are_the_same() {
        let empty = sha256_hex(b"");
        for query in [
            "name=a+b/%c3%bc*%7E&limit=1000&offset=0",
            "limit=1000&&offset=0&name=a%20b%2f%C3%BC*~",
        ] {
            assert!(get(query, &empty).is_signed_with(SECRET, GET), "{query}");
        }
    }

    #[test]
    fn a_path_is_signed_as_the_sdk_signs_it() {
        for (path, canonical) in [
            ("/v2/p1", "/v2/p1/"),
            ("/v2/p1/", "/v2/p1/"),
            ("/v2/a%20b*", "/v2/a%20b%2A/"),
            ("/v2/a%2Fb", "/v2/a/b/"),
            ("/v2/%FF", "/v2/%EF%BF%BD/"),
            ("/v2/50%", "/v2/50%25/"),
        ] {
            assert_eq!(super::canonical_path(path), canonical, "{path}");
        }
    }

    #[test]
    fn a_changed_part_is_noticed() {
        let empty = sha256_hex(b"");
        let query = "offset=0&limit=1000&name=a%20b%2F%C3%BC%2A~";
        let other = sha256_hex(b"x");
        assert!(!get(query, &other).is_signed_with(SECRET, GET));
        assert!(!get("offset=1", &empty).is_signed_with(SECRET, GET));
        assert!(!get(query, &empty).is_signed_with("other", GET));
        assert!(!get(query, &empty).is_signed_with(SECRET, "zz"));
        assert!(!get(query, &empty).is_signed_with(SECRET, ""));
        let mut moved = get(query, &empty);
        moved.date = "20260102T030406Z";
        assert!(!moved.is_signed_with(SECRET, GET));
    }

    #[test]
    fn the_header_is_read_whole_or_not_at_all() {
        let claim =
            Claim::parse("SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=00")
                .unwrap();
        assert_eq!((claim.access, claim.signature), ("AK", "00"));
        assert!(claim.covers("Host") && !claim.covers("x-project-id"));
        for broken in [
            "",
            "Bearer x",
            "SDK-HMAC-SHA256",
            "SDK-HMAC-SHA256 Access=AK",
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature",
            "SDK-HMAC-SM3 Access=AK, SignedHeaders=host, Signature=00",
        ] {
            assert_eq!(Claim::parse(broken), None, "{broken}");
        }
    }
}
