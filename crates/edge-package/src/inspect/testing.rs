//! What tests of several parts share.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The last PEM block of a text, decoded. Files with parameters of a curve have these before the key.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    let begin = pem.rfind("-----BEGIN").expect("a PEM block");
    let body: String = pem[begin..]
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    STANDARD.decode(body).expect("base64")
}

/// All PEM blocks of a text, decoded.
pub(crate) fn blocks(pem: &str) -> Vec<Vec<u8>> {
    let begins = pem.match_indices("-----BEGIN").map(|(place, _)| place);
    begins
        .map(|place| {
            let end = pem[place..].find("-----END").expect("an end");
            der(&pem[place..place + end])
        })
        .collect()
}
