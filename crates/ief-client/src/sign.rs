//! The signature `SDK-HMAC-SHA256`: what is signed, and how. Pure.

use std::fmt::Write as _;

use hmac::{Hmac, Mac};
use ief_api::uri;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Name of the algorithm in the string to sign and in the header.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// How the time of signing is written: `20260102T030405Z`.
pub const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// The header that carries the time of signing, in lower case.
pub const DATE_HEADER: &str = "x-sdk-date";

/// What a signature covers.
#[derive(Debug, Clone, Copy)]
pub struct Signable<'a> {
    /// HTTP method in upper case.
    pub method: &'a str,
    /// Path as it is sent, encoded.
    pub path: &'a str,
    /// Query parameters, not encoded, in any order.
    pub query: &'a [(String, String)],
    /// Headers to sign, in any order and case. `host` and `x-sdk-date` have to be among them.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body. Empty when there is none.
    pub body: &'a [u8],
}

/// The value of the `Authorization` header.
///
/// `date` is the value of the `x-sdk-date` header.
#[must_use]
pub fn authorization(
    request: &Signable<'_>,
    access_key: &str,
    secret_key: &SecretString,
    date: &str,
) -> String {
    let (canonical, signed_headers) = canonical_request(request);
    let to_sign = format!(
        "{ALGORITHM}\n{date}\n{}",
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    // The secret is exposed here because the signature is keyed with the secret itself.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(to_sign.as_bytes());
    let signature = hex(&mac.finalize().into_bytes());
    format!(
        "{ALGORITHM} Access={access_key}, SignedHeaders={signed_headers}, Signature={signature}"
    )
}

/// The text whose hash is signed, and the names of the signed headers joined by `;`.
#[must_use]
pub fn canonical_request(request: &Signable<'_>) -> (String, String) {
    let mut headers: Vec<(String, &str)> = request
        .headers
        .iter()
        // The service's own signer leaves such names out, because gateways drop them.
        .filter(|(name, _)| !name.contains('_'))
        .map(|(name, value)| (name.to_lowercase(), value.trim()))
        .collect();
    headers.sort();

    let mut text = String::with_capacity(512);
    text.push_str(request.method);
    text.push('\n');
    canonical_path(&mut text, request.path);
    text.push('\n');
    canonical_query(&mut text, request.query);
    text.push('\n');
    for (name, value) in &headers {
        text.push_str(name);
        text.push(':');
        text.push_str(value);
        text.push('\n');
    }
    text.push('\n');
    let names = headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>()
        .join(";");
    text.push_str(&names);
    text.push('\n');
    text.push_str(&hex(&Sha256::digest(request.body)));
    (text, names)
}

/// The path decoded as a whole, then cut and encoded by segment, so an encoded slash within a parameter
/// counts as a separator: the service's own signer does the same.
fn canonical_path(out: &mut String, path: &str) {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    for (index, segment) in decoded.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        uri::encode_into(out, segment);
    }
    if !out.ends_with('/') {
        out.push('/');
    }
}

fn canonical_query(out: &mut String, query: &[(String, String)]) {
    let mut sorted: Vec<_> = query.iter().collect();
    sorted.sort();
    for (index, (key, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        uri::encode_into(out, key);
        out.push('=');
        uri::encode_into(out, value);
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::{Signable, authorization, canonical_request};

    const DATE: &str = "20260102T030405Z";
    const HEADERS: &[(&str, &str)] = &[
        ("Host", "ief2.cn-north-1.myhuaweicloud.com"),
        ("X-Sdk-Date", DATE),
        ("X-Project-Id", "p1"),
        ("Content-Type", " application/json "),
    ];

    #[track_caller]
    fn check(method: &str, query: &[(&str, &str)], body: &str, expected: &str) {
        let query: Vec<_> = query
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let value = authorization(
            &Signable {
                method,
                path: "/v2/p1/edgemgr/nodes",
                query: &query,
                headers: HEADERS,
                body: body.as_bytes(),
            },
            "AKIDEXAMPLE",
            &"SKSECRETEXAMPLE".into(),
            DATE,
        );
        assert_eq!(
            value,
            format!(
                "SDK-HMAC-SHA256 Access=AKIDEXAMPLE, \
                 SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature={expected}"
            )
        );
    }

    #[test]
    fn a_query_is_sorted_and_encoded() {
        check(
            "GET",
            &[("offset", "0"), ("limit", "1000"), ("name", "a b/ü*~")],
            "",
            "ad972e0b8b1710687e1a90fbc71cc865253a2db260fc514c99475e503698c1d1",
        );
    }

    #[test]
    fn a_body_is_covered() {
        check(
            "POST",
            &[],
            r#"{"node":{"name":"n1"}}"#,
            "a43e54e5cd3a87144d05b1d191d068471e39697c0fc3f2710a4ab7b7f5e3c933",
        );
    }

    #[test]
    fn the_path_is_canonical_whatever_it_holds() {
        let path = |path| {
            let request = Signable {
                method: "GET",
                path,
                query: &[],
                headers: &[],
                body: &[],
            };
            let (text, _) = canonical_request(&request);
            text.lines().nth(1).map(str::to_owned)
        };
        assert_eq!(path("/v2/a%20b").as_deref(), Some("/v2/a%20b/"));
        assert_eq!(path("/v2/a%2Fb/").as_deref(), Some("/v2/a/b/"));
        assert_eq!(path("").as_deref(), Some("/"));
        assert_eq!(path("/%zz%ff").as_deref(), Some("/%25zz%EF%BF%BD/"));
    }

    proptest! {
        #[test]
        fn anything_has_a_canonical_form(
            path in any::<String>(),
            query in vec(any::<(String, String)>(), 0..4),
            body in vec(any::<u8>(), 0..64),
            header in any::<(String, String)>(),
        ) {
            let headers = [(header.0.as_str(), header.1.as_str())];
            let request = Signable { method: "GET", path: &path, query: &query, headers: &headers, body: &body };
            let (text, _) = canonical_request(&request);
            let mut reversed = query.clone();
            reversed.reverse();
            let (again, _) = canonical_request(&Signable { query: &reversed, ..request });
            assert_eq!(text, again, "the order of the query must not matter");
        }
    }
}
