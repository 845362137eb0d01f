//! Certificates as such, and the CAs above them.

use super::{Case, Outcome};
use crate::inspect::certificate::{Facts, Oddity};
use crate::inspect::chain::{Chain, End, Mismatch, same_serials};
use crate::inspect::oids::extension;
use crate::inspect::words::Message;
use crate::report::{Kind, Status};

/// Whether every certificate can be read, and is written as it should be.
pub(super) fn readable(case: &Case<'_>) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = case
        .unreadable
        .iter()
        .map(|source| Outcome::failed(source, Message::NotACertificate {}, Message::NextFetch {}))
        .collect();
    for facts in &case.certificates {
        let name = facts.name();
        if facts.oddities.is_empty() {
            outcomes.push(Outcome::passed(&name, Message::WellFormed {}));
        }
        outcomes.extend(facts.oddities.iter().map(|oddity| {
            if oddity.is_fatal() {
                Outcome::failed(&name, told(oddity), Message::NextIssueAgain {})
            } else {
                Outcome::warned(&name, told(oddity), Message::NextIssueAgain {})
            }
        }));
    }
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NoCertificate {})];
    }
    outcomes
}

fn told(oddity: &Oddity) -> Message {
    match oddity {
        Oddity::NegativeSerial => Message::OddNegativeSerial {},
        Oddity::ZeroSerial => Message::OddZeroSerial {},
        Oddity::LongSerial(bytes) => Message::OddLongSerial {
            bytes: bytes.to_string(),
        },
        Oddity::UnreadableStart => Message::OddStart {},
        Oddity::UnreadableEnd => Message::OddEnd {},
        Oddity::EndBeforeStart => Message::OddEndBeforeStart {},
        Oddity::NameNotText => Message::OddName {},
        Oddity::UnreadableKey => Message::OddKey {},
        Oddity::TwoAlgorithms => Message::OddTwoAlgorithms {},
        Oddity::TwiceExtension(name) => Message::OddTwice { name: name.clone() },
        Oddity::BrokenExtension(name) => Message::OddBroken { name: name.clone() },
        Oddity::UnknownCritical(name) => Message::OddCritical { name: name.clone() },
        Oddity::OldVersion(version) => Message::OddVersion {
            version: version.to_string(),
        },
        Oddity::Trailing(bytes) => Message::OddTrailing {
            bytes: bytes.to_string(),
        },
    }
}

/// Whether each chain leads to its root.
pub(super) fn chain(case: &Case<'_>) -> Vec<Outcome> {
    if case.chains.is_empty() {
        return vec![Outcome::not_applicable(Message::NoCertificate {})];
    }
    let mut outcomes = Vec::new();
    for chain in &case.chains {
        outcomes.extend(key_ids(chain, case));
        outcomes.push(ending(chain, case));
        outcomes.extend(chain.untold.iter().map(|place| {
            let facts = &case.certificates[*place];
            let reason = Message::SignatureUntold {
                scheme: facts.scheme.name().to_owned(),
            };
            Outcome::warned(&facts.name(), reason, Message::NextOtherTool {})
        }));
    }
    outcomes
}

/// Signatures are right where a chain goes on, yet key identifiers may still disagree: OpenSSL then refuses it.
fn key_ids(chain: &Chain, case: &Case<'_>) -> Vec<Outcome> {
    let pairs = chain.links.windows(2);
    pairs
        .filter_map(|pair| {
            let [below, above] = [pair[0], pair[1]].map(|place| &case.certificates[place]);
            let (asked, given) = (below.rights.issuer_key_id?, above.rights.key_id?);
            if asked == given {
                return None;
            }
            let (name, ca) = (below.name(), above.name());
            Some(if chain.untold.contains(&pair[0]) {
                // Nothing but the name speaks for it.
                let (reason, issuer) = (
                    Message::WrongCaKey {
                        issuer: ca.clone(),
                        name: name.clone(),
                    },
                    ca,
                );
                Outcome::failed(&name, reason, Message::NextCa { issuer })
            } else {
                let next = Message::NextIssueAgain {};
                Outcome::failed(&name, Message::KeyIdDiffers { ca }, next)
            })
        })
        .collect()
}

fn ending(chain: &Chain, case: &Case<'_>) -> Outcome {
    let last = &case.certificates[chain.last()];
    let own = &case.certificates[chain.own()];
    let (subject, issuer) = (own.name(), last.issuer_name());
    let next = || Message::NextCa {
        issuer: issuer.clone(),
    };
    match &chain.end {
        End::Root if chain.links.len() > 1 => {
            let names = chain.authorities().iter();
            let names: Vec<String> = names.map(|it| case.certificates[*it].name()).collect();
            let names = names.join(" → ");
            let reason = if chain.untold.is_empty() {
                Message::ChainComplete { names }
            } else {
                Message::ChainByNames { names }
            };
            Outcome::passed(&subject, reason)
        }
        End::Root if !chain.untold.is_empty() && !case.is_package() => {
            Outcome::warned(&subject, Message::NamesItself {}, Message::NextOtherTool {})
        }
        End::Root if own.is_ca() && !case.is_package() => {
            Outcome::passed(&subject, Message::ChainIsRoot {})
        }
        End::Root if case.is_package() => {
            let reason = if chain.untold.is_empty() {
                Message::SelfSigned {}
            } else {
                Message::NamesItself {}
            };
            Outcome::failed(&subject, reason, Message::NextFetch {})
        }
        End::Root => Outcome::warned(&subject, Message::SelfSigned {}, Message::NextSelfSigned {}),
        End::Missing => {
            let reason = Message::CaMissing {
                name: last.name(),
                issuer: issuer.clone(),
            };
            let is_archive = case.is_package() || case.kind == Kind::Archive;
            // Where others are there, one of them should have been it.
            let has_others = case.certificates.iter().any(|it| it.der != own.der);
            if is_archive || has_others {
                Outcome::failed(&subject, reason, next())
            } else if case.opened.keys.is_empty() {
                Outcome {
                    subject,
                    next: Some(next()),
                    ..Outcome::not_applicable(reason)
                }
            } else {
                Outcome::warned(&subject, reason, next())
            }
        }
        End::WrongCa { mismatch, .. } => {
            let name = last.name();
            let reason = match mismatch {
                Mismatch::Signature => Message::WrongCaSignature {
                    issuer: issuer.clone(),
                    name,
                },
                Mismatch::KeyId => Message::WrongCaKey {
                    issuer: issuer.clone(),
                    name,
                },
            };
            Outcome::failed(&subject, reason, next())
        }
        End::OtherName { candidate } => {
            let reason = Message::OtherName {
                ca: case.certificates[*candidate].name(),
                name: last.name(),
                issuer: issuer.clone(),
            };
            Outcome::failed(&subject, reason, Message::NextIssueAgain {})
        }
        End::FalseRoot => {
            let name = last.name();
            Outcome::failed(&subject, Message::FalseRoot { name }, next())
        }
        End::TooMany => {
            let name = last.name();
            let reason = Message::TooManyOfOneName { issuer, name };
            Outcome::failed(&subject, reason, Message::NextFewer {})
        }
        End::Circle => Outcome::failed(&subject, Message::Circle {}, Message::NextIssueAgain {}),
    }
}

/// Whether those that signed are allowed to, and as far down as they did.
pub(super) fn may_sign(case: &Case<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for chain in &case.chains {
        let own = &case.certificates[chain.own()];
        if case.own.contains(&chain.own()) && own.is_ca() && chain.links.len() > 1 {
            let next = Message::NextIssueAgain {};
            outcomes.push(Outcome::warned(&own.name(), Message::OwnIsCa {}, next));
        }
        // Those that only renew a CA's own key don't count.
        let mut below = 0;
        for place in chain.authorities() {
            let facts = &case.certificates[*place];
            outcomes.push(authority(facts, below));
            if facts.extension(extension::NAME_CONSTRAINTS).is_some() {
                let (name, next) = (facts.name(), Message::NextOtherTool {});
                outcomes.push(Outcome::warned(&name, Message::NamesRestricted {}, next));
            }
            if !facts.is_self_issued() {
                below += 1;
            }
        }
    }
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NoAuthority {})];
    }
    outcomes
}

fn authority(facts: &Facts<'_>, below: u32) -> Outcome {
    let name = facts.name();
    let next = Message::NextIssueAgain {};
    if !facts.is_ca() {
        return Outcome::failed(&name, Message::NotACa {}, next);
    }
    if !facts.may_sign_certificates() {
        return Outcome::failed(&name, Message::MayNotSign {}, next);
    }
    match facts.rights.constraints.and_then(|it| it.path_length) {
        Some(length) if below > length => {
            let (length, below) = (length.to_string(), below.to_string());
            Outcome::failed(&name, Message::PathTooLong { length, below }, next)
        }
        _ => Outcome::passed(&name, Message::IsACa {}),
    }
}

/// Whether signatures can be forged. That of a root tells nothing: a root is trusted, not verified.
pub(super) fn digest(case: &Case<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for place in case.counted() {
        let facts = &case.certificates[place];
        let scheme = facts.scheme.name().to_owned();
        let is_root = case.roots.contains(&place);
        outcomes.push(match (facts.scheme.is_weak(), is_root) {
            (true, false) => Outcome::failed(
                &facts.name(),
                Message::DigestWeak { scheme },
                Message::NextDigest {},
            ),
            (true, true) => Outcome::passed(&facts.name(), Message::DigestOfRoot { scheme }),
            (false, _) => Outcome::passed(&facts.name(), Message::DigestStrong { scheme }),
        });
    }
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NoCertificate {})];
    }
    outcomes
}

/// Whether two certificates of one issuer bear the same serial number.
pub(super) fn serials(case: &Case<'_>) -> Vec<Outcome> {
    if case.certificates.len() < 2 {
        return vec![Outcome::not_applicable(Message::OneCertificate {})];
    }
    let pairs = same_serials(&case.certificates);
    if pairs.is_empty() {
        return vec![Outcome::passed("", Message::SerialsDiffer {})];
    }
    let outcomes = pairs.into_iter().map(|(one, other)| {
        let [one, other] = [one, other].map(|place| &case.certificates[place]);
        let reason = Message::SameSerial {
            serial: one.serial_text(),
            other: other.name(),
        };
        Outcome::warned(&one.name(), reason, Message::NextIssueAgain {})
    });
    outcomes.collect()
}

/// Whether there are CAs that are needed for nothing.
pub(super) fn extra(case: &Case<'_>) -> Vec<Outcome> {
    if case.own.is_empty() {
        return vec![Outcome::not_applicable(Message::NoOwn {})];
    }
    let counted = case.counted();
    let mut ders: Vec<&[u8]> = counted
        .iter()
        .map(|it| case.certificates[*it].der)
        .collect();
    let mut outcomes = Vec::new();
    for facts in &case.certificates {
        if !ders.contains(&facts.der) {
            ders.push(facts.der);
            let reason = if facts.is_ca() {
                Message::ExtraCa {}
            } else {
                Message::ExtraCertificate {}
            };
            outcomes.push(Outcome::warned(
                &facts.name(),
                reason,
                Message::NextExtra {},
            ));
        }
    }
    if outcomes.is_empty() {
        return vec![Outcome::passed("", Message::NothingExtra {})];
    }
    outcomes
}

/// Whether certificates in one file stand in the order in which they are sent: each before the one that signed it.
pub(super) fn order(case: &Case<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for chain in &case.chains {
        let links = chain.links.iter();
        let sources: Vec<(usize, &str)> = links
            .map(|place| (*place, case.certificates[*place].source))
            .collect();
        for pair in sources.windows(2) {
            let [(below, source), (above, other)] = [pair[0], pair[1]];
            if source == other {
                let status = if below < above {
                    Status::Passed
                } else {
                    Status::Warned
                };
                outcomes.push((status, source, below, above));
            }
        }
    }
    let wrong = outcomes.iter().find(|it| it.0 == Status::Warned);
    match (outcomes.first(), wrong) {
        (None, _) => vec![Outcome::not_applicable(Message::NoChainInAFile {})],
        (Some((_, source, ..)), None) => vec![Outcome::passed(source, Message::InOrder {})],
        (_, Some((_, source, below, above))) => {
            let [name, ca] = [below, above].map(|place| case.certificates[*place].name());
            let reason = Message::OutOfOrder { name, ca };
            vec![Outcome::warned(source, reason, Message::NextOrder {})]
        }
    }
}
