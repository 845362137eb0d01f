//! What tells one input from another.

use sha2::{Digest, Sha256};

use super::name::hex;
use crate::report::Report;

/// The digest of an input; where that would tell something secret, a digest of what its report says of it. The same
/// input has the same, whatever the time and the language.
#[must_use]
pub fn id(report: &Report) -> String {
    if !report.sha256.is_empty() {
        return report.sha256.clone();
    }
    let certificates = report.certificates.iter().map(|it| it.sha256.as_str());
    let keys = report.keys.iter().map(|it| it.spki_sha256.as_str());
    let texts = report.configurations.iter().map(|it| it.text.as_str());
    let told: Vec<&str> = certificates.chain(keys).chain(texts).collect();
    // Where it tells nothing, its name is all there is.
    let name = told.is_empty().then_some(report.name.as_str());
    let mut digest = Sha256::new();
    for text in told.into_iter().chain(name) {
        // With its length, so that the parts of one are not taken for those of another.
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::id;
    use crate::inspect::{Context, Input, Language, OpenOptions, judge, open};

    fn id_of(text: &str, at: i64, language: Language) -> (String, String) {
        let input = Input {
            name: "in",
            bytes: text.as_bytes(),
        };
        let context = Context {
            at,
            lead_days: 30,
            language,
            known: None,
        };
        let report = judge(&open(&input, &OpenOptions::default()), &context);
        (id(&report), report.sha256)
    }

    #[test]
    fn what_has_no_digest_is_told_apart_by_what_may_be_known() {
        let key = include_str!("../../tests/fixtures/keys/p256.sec1.pem");
        let other = include_str!("../../tests/fixtures/keys/p384.sec1.pem");
        let (of_key, digest) = id_of(key, 0, Language::En);
        assert_eq!((of_key.len(), digest.as_str()), (64, ""));
        assert_eq!(id_of(key, 1_900_000_000, Language::Zh).0, of_key);
        assert_ne!(id_of(other, 0, Language::En).0, of_key);
        // A guess at the password changes nothing.
        let config =
            |password: &str| format!("{{\"NODE_ID\": \"n1\", \"PASSWORD\": \"{password}\"}}");
        let [one, another] = ["right", "wrong"].map(|it| id_of(&config(it), 0, Language::En).0);
        assert_eq!(one, another);
        let (of_public, digest) = id_of("{\"NODE_ID\": \"n1\"}", 0, Language::En);
        assert_eq!(of_public, digest);
    }
}
