//! Keys: whose they are and how strong.

use super::{Case, Outcome};
use crate::inspect::certificate::Facts;
use crate::inspect::key::{KeyFacts, KeyTrouble};
use crate::inspect::open::{Holds, KeyOpened, holds};
use crate::inspect::public_key::{Curve, KeyAlgorithm, Numbers, strength as told};
use crate::inspect::words::Message;
use crate::report::Status;

/// Below this an RSA key can be broken, and programs refuse it.
const SHORTEST_RSA: u32 = 2048;
/// Above this programs refuse an RSA key, because checking it takes too long.
const LONGEST_RSA: u32 = 8192;
/// Below this a key on a curve can be broken.
const SHORTEST_EC: u32 = 224;

/// Whether each key belongs to a certificate, and in a package each own certificate has its private key.
pub(super) fn belongs(case: &Case<'_>) -> Vec<Outcome> {
    let keys = case.opened.keys.iter();
    let mut outcomes: Vec<Outcome> = keys.map(|key| of_one(key, case)).collect();
    outcomes.extend(missing(case, &outcomes));
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NoKey {})];
    }
    outcomes
}

/// The own certificates of a package whose private key isn't where a node reads it.
fn missing(case: &Case<'_>, told: &[Outcome]) -> Vec<Outcome> {
    if !case.is_package() && !case.opened.has_package_files() {
        return Vec::new();
    }
    // An answer of the service may hold a key outside an archive.
    let is_read =
        |source: &str| case.opened.entries.is_empty() || holds(source) == Some(Holds::Key);
    let mut wrong = told.iter().filter(|it| it.status == Status::Failed);
    let mut locked = case.opened.locked.iter();
    // What is locked or of another certificate is told already.
    if locked.any(|locked| is_read(&locked.source)) || wrong.any(|it| is_read(&it.subject)) {
        return Vec::new();
    }
    let keys = case.opened.keys.iter();
    let keys: Vec<&KeyOpened> = keys
        .filter(|key| key.private && is_read(&key.source))
        .collect();
    let own = case.own.iter().map(|place| &case.certificates[*place]);
    own.filter(|facts| !keys.iter().any(|key| may_be_of(key, facts)))
        .map(|facts| {
            let next = Message::NextKey {};
            Outcome::failed(&facts.name(), Message::KeyMissing {}, next)
        })
        .collect()
}

/// Whether a key is that of a certificate, or can't be compared because neither is of a kind that is read.
fn may_be_of(key: &KeyOpened, certificate: &Facts<'_>) -> bool {
    let trouble = match &key.facts {
        Ok(facts) => return same_key(certificate.spki, facts),
        Err(trouble) => trouble,
    };
    let algorithm = certificate.key.as_ref().map(|key| &key.algorithm);
    match (trouble, algorithm) {
        (_, None) => true,
        // RSA of several primes is not read.
        (KeyTrouble::Algorithm(name), Some(KeyAlgorithm::Rsa)) => name.starts_with("RSA"),
        (KeyTrouble::Algorithm(_), Some(algorithm)) => {
            matches!(algorithm, KeyAlgorithm::RsaPss | KeyAlgorithm::Other(_))
        }
        (KeyTrouble::Curve(_), Some(algorithm)) => matches!(
            algorithm,
            KeyAlgorithm::Ec(Curve::Named(_) | Curve::Explicit)
        ),
        (KeyTrouble::TooLong(_), Some(algorithm)) => {
            matches!(algorithm, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss)
        }
        (KeyTrouble::Broken | KeyTrouble::OtherPublicHalf | KeyTrouble::Inconsistent, _) => false,
    }
}

fn of_one(key: &KeyOpened, case: &Case<'_>) -> Outcome {
    let source = key.source.as_str();
    let facts = match &key.facts {
        Ok(facts) => facts,
        Err(trouble) => return of_trouble(source, trouble),
    };
    if case.certificates.is_empty() {
        let reason = if facts.private {
            Message::KeyIsWhole {}
        } else {
            Message::KeyIsPublic {}
        };
        return Outcome::passed(source, reason);
    }
    let owner = case
        .certificates
        .iter()
        .find(|certificate| same_key(certificate.spki, facts));
    match owner {
        Some(certificate) if facts.private && is_above(certificate, case) => Outcome::failed(
            source,
            Message::KeyOfCa {
                ca: certificate.name(),
                name: case.certificates[case.own[0]].name(),
            },
            Message::NextKeyOfCa {},
        ),
        Some(certificate) => Outcome::passed(
            source,
            Message::KeyBelongs {
                name: certificate.name(),
            },
        ),
        None => {
            let place = case.own.first().copied().unwrap_or(0);
            let reason = Message::KeyOfAnother {
                name: case.certificates[place].name(),
            };
            let next = Message::NextKey {};
            if facts.private {
                Outcome::failed(source, reason, next)
            } else {
                Outcome::warned(source, reason, next)
            }
        }
    }
}

/// Whether a certificate is not what the input is for: then it signed another one.
fn is_above(certificate: &Facts<'_>, case: &Case<'_>) -> bool {
    let mut own = case.own.iter().map(|place| &case.certificates[*place]);
    !case.own.is_empty() && !own.any(|it| it.spki == certificate.spki)
}

/// The same key may be written in several ways, with parameters or without, compressed or not.
pub(crate) fn same_key(spki: &[u8], facts: &KeyFacts) -> bool {
    spki == facts.spki_der || crate::inspect::key::is_same(spki, &facts.spki_der)
}

fn of_trouble(source: &str, trouble: &KeyTrouble) -> Outcome {
    match trouble {
        KeyTrouble::Broken => {
            Outcome::failed(source, Message::KeyBroken {}, Message::NextKeyAgain {})
        }
        KeyTrouble::OtherPublicHalf => {
            Outcome::failed(source, Message::KeyOtherHalf {}, Message::NextKeyAgain {})
        }
        KeyTrouble::Inconsistent => Outcome::failed(
            source,
            Message::KeyInconsistent {},
            Message::NextKeyAgain {},
        ),
        KeyTrouble::Algorithm(name) => {
            let reason = Message::KeyAlgorithm { name: name.clone() };
            Outcome::warned(source, reason, Message::NextOtherTool {})
        }
        KeyTrouble::Curve(name) => {
            let reason = Message::KeyCurve { name: name.clone() };
            Outcome::warned(source, reason, Message::NextOtherTool {})
        }
        KeyTrouble::TooLong(bits) => {
            let bits = bits.to_string();
            Outcome::warned(source, Message::KeyTooLong { bits }, Message::NextNewKey {})
        }
    }
}

/// Whether keys are strong enough, and of a kind that programs accept.
pub(super) fn strength(case: &Case<'_>) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = case
        .counted()
        .into_iter()
        .filter_map(|place| {
            let facts = &case.certificates[place];
            let key = facts.key.as_ref()?;
            let name = facts.name();
            if let Numbers::Rsa { exponent, .. } = key.numbers
                && (exponent == [1] || exponent.last().is_none_or(|it| it % 2 == 0))
            {
                // With such an exponent anyone can sign, or nobody.
                let key = told(&key.algorithm, key.bits());
                let reason = Message::KeyExponent { key };
                return Some(Outcome::failed(&name, reason, Message::NextNewKey {}));
            }
            Some(of_key(&name, &key.algorithm, key.bits()))
        })
        .collect();
    if case.certificates.is_empty() {
        let keys = case.opened.keys.iter();
        let read = keys.filter_map(|key| Some((key.source.as_str(), key.facts.as_ref().ok()?)));
        outcomes.extend(read.map(|(source, key)| of_key(source, &key.algorithm, key.bits)));
    }
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NoReadableKey {})];
    }
    outcomes
}

fn of_key(subject: &str, algorithm: &KeyAlgorithm, bits: u32) -> Outcome {
    let key = told(algorithm, bits);
    let weak = || {
        Outcome::failed(
            subject,
            Message::KeyWeak { key: key.clone() },
            Message::NextNewKey {},
        )
    };
    let odd = || {
        Outcome::warned(
            subject,
            Message::KeyUnusual { key: key.clone() },
            Message::NextNewKey {},
        )
    };
    match algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss if bits < SHORTEST_RSA => weak(),
        KeyAlgorithm::Rsa if bits <= LONGEST_RSA => {
            Outcome::passed(subject, Message::KeyStrong { key })
        }
        KeyAlgorithm::Ec(Curve::P256 | Curve::P384 | Curve::P521) | KeyAlgorithm::Ed25519 => {
            Outcome::passed(subject, Message::KeyStrong { key })
        }
        KeyAlgorithm::Ec(Curve::Named(_)) if bits > 0 && bits < SHORTEST_EC => weak(),
        KeyAlgorithm::Rsa
        | KeyAlgorithm::RsaPss
        | KeyAlgorithm::Ec(Curve::Named(_) | Curve::Explicit)
        | KeyAlgorithm::Other(_) => odd(),
    }
}
