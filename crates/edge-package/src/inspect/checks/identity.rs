//! Whose it is: what certificate, configuration and answer say, and what is known of it.

use super::{Case, Outcome};
use crate::inspect::known::{Known, KnownSubject};
use crate::inspect::moment::day;
use crate::inspect::oids::attribute;
use crate::inspect::open::{Claim, Subject};
use crate::inspect::serial::same_serial;
use crate::inspect::words::Message;
use crate::report::Status;

/// Whether everything that says whose it is says the same.
pub(super) fn fits(case: &Case<'_>) -> Vec<Outcome> {
    let claims = &case.opened.claims;
    let mut outcomes = agreeing(claims);
    for place in &case.own {
        let facts = &case.certificates[*place];
        let name = facts.name();
        if let Some(common) = facts.subject.find(attribute::COMMON_NAME) {
            outcomes.extend(common_name(&name, &common, claims));
        }
        if let Some(organization) = facts.subject.find(attribute::ORGANIZATION) {
            outcomes.extend(project(&name, &organization, claims));
        }
        let serials = claims
            .iter()
            .filter(|claim| claim.subject == Subject::Serial);
        outcomes.extend(serials.map(|claim| {
            if same_serial(&claim.value, &facts.serial_text()) {
                Outcome::passed(
                    &name,
                    Message::SerialAsClaimed {
                        source: claim.source.clone(),
                    },
                )
            } else {
                let reason = Message::SerialOfAnother {
                    serial: facts.serial_text(),
                    claimed: claim.value.clone(),
                    source: claim.source.clone(),
                };
                Outcome::failed(&name, reason, Message::NextFetch {})
            }
        }));
    }
    if outcomes.is_empty() {
        let reason = match case.own.is_empty() {
            true => Message::NoOwn {},
            false => Message::NothingClaimed {},
        };
        return vec![Outcome::not_applicable(reason)];
    }
    outcomes
}

/// Whether claims of the same thing are the same.
fn agreeing(claims: &[Claim]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (place, claim) in claims.iter().enumerate() {
        let other = claims[..place]
            .iter()
            .find(|other| other.subject == claim.subject && !same(&other.value, &claim.value));
        // Several certificates may be named side by side, which is no contradiction.
        let is_of_one = !matches!(
            claim.subject,
            Subject::Serial
                | Subject::CertificateId
                | Subject::CertificateName
                | Subject::CertificateType
        );
        if let (Some(other), true) = (other, is_of_one) {
            let reason = Message::ClaimsDiffer {
                one: other.source.clone(),
                value: other.value.clone(),
                other: claim.source.clone(),
                claimed: claim.value.clone(),
            };
            outcomes.push(Outcome::failed("", reason, Message::NextFetch {}));
        }
    }
    outcomes
}

/// The common name is the identifier or the name of whom the certificate is for.
fn common_name(subject: &str, common: &str, claims: &[Claim]) -> Option<Outcome> {
    let is_identity = |claim: &&Claim| {
        matches!(
            claim.subject,
            Subject::NodeId
                | Subject::NodeName
                | Subject::GroupId
                | Subject::ProductId
                | Subject::ProductName
                | Subject::CertificateId
                | Subject::CertificateName
        )
    };
    let claimed: Vec<&Claim> = claims.iter().filter(is_identity).collect();
    let first = claimed.first()?;
    let fitting = claimed.iter().find(|claim| contains(common, &claim.value));
    Some(match fitting {
        Some(claim) => Outcome::passed(
            subject,
            Message::NameAsClaimed {
                source: claim.source.clone(),
                value: claim.value.clone(),
            },
        ),
        None => {
            let reason = Message::NameOfAnother {
                name: common.to_owned(),
                source: first.source.clone(),
                value: first.value.clone(),
            };
            if is_identifier(common) && claimed.iter().any(|it| is_identifier(&it.value)) {
                Outcome::failed(subject, reason, Message::NextFetch {})
            } else {
                Outcome::warned(subject, reason, Message::NextCheckName {})
            }
        }
    })
}

/// The organisation may be the project, or a word that says nothing of it.
fn project(subject: &str, organization: &str, claims: &[Claim]) -> Option<Outcome> {
    let claim = claims
        .iter()
        .find(|claim| claim.subject == Subject::Project)?;
    if same(organization, &claim.value) {
        let source = claim.source.clone();
        return Some(Outcome::passed(
            subject,
            Message::ProjectAsClaimed { source },
        ));
    }
    is_identifier(organization).then(|| {
        let reason = Message::ProjectOfAnother {
            project: organization.to_owned(),
            claimed: claim.value.clone(),
            source: claim.source.clone(),
        };
        Outcome::failed(subject, reason, Message::NextFetch {})
    })
}

/// Whether what it is for is still there.
pub(super) fn exists(case: &Case<'_>) -> Vec<Outcome> {
    let Some(known) = case.known else {
        return vec![Outcome::not_applicable(Message::NothingKnown {})];
    };
    let (source, seen) = (known.source.clone(), day(known.seen_at));
    vec![match &known.subject {
        KnownSubject::Absent => {
            let reason = Message::Gone { source, day: seen };
            Outcome::failed("", reason, Message::NextRegister {})
        }
        KnownSubject::Present { name, state, .. } if state.is_empty() => {
            Outcome::passed(name, Message::Exists { source, day: seen })
        }
        KnownSubject::Present { name, state, .. } => Outcome::passed(
            name,
            Message::ExistsWithState {
                source,
                day: seen,
                state: state.clone(),
            },
        ),
    }]
}

/// Whether it is its current certificate, or whether it was registered again since.
pub(super) fn current(case: &Case<'_>) -> Vec<Outcome> {
    let Some(Known {
        source,
        seen_at,
        subject:
            KnownSubject::Present {
                name,
                registered_again_at,
                current_serials,
                ..
            },
    }) = case.known
    else {
        return vec![Outcome::not_applicable(Message::NothingKnown {})];
    };
    let mut outcomes = Vec::new();
    for place in &case.own {
        let facts = &case.certificates[*place];
        let serial = facts.serial_text();
        let is_current = current_serials.iter().any(|it| same_serial(it, &serial));
        if is_current {
            let (source, day) = (source.clone(), day(*seen_at));
            outcomes.push(Outcome::passed(
                name,
                Message::IsCurrent {
                    serial,
                    source,
                    day,
                },
            ));
            continue;
        }
        let again =
            registered_again_at.filter(|again| facts.not_before.is_some_and(|it| it < *again));
        if let Some(again) = again {
            let reason = Message::RegisteredAgain { day: day(again) };
            outcomes.push(Outcome::failed(name, reason, Message::NextNewest {}));
        } else if !current_serials.is_empty() {
            let reason = Message::NotCurrent {
                serial,
                listed: current_serials.join(", "),
                source: source.clone(),
                day: day(*seen_at),
            };
            outcomes.push(Outcome::failed(name, reason, Message::NextNewest {}));
        }
    }
    if outcomes.iter().all(|it| it.status == Status::NotApplicable) {
        return vec![Outcome::not_applicable(Message::SerialsNotTold {})];
    }
    outcomes
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Whether a value stands in a name as a word of its own.
fn contains(name: &str, value: &str) -> bool {
    let (name, value) = (name.to_lowercase(), value.trim().to_lowercase());
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '-');
    !value.is_empty()
        && name.match_indices(&value).any(|(place, _)| {
            let before = name[..place].chars().next_back();
            let after = name[place + value.len()..].chars().next();
            !is_part(before) && !is_part(after)
        })
}

/// Whether a text is an identifier as the service makes them: 32 hexadecimal digits, with dashes or without.
pub(crate) fn is_identifier(text: &str) -> bool {
    let digits = text.chars().filter(|it| *it != '-');
    digits.clone().count() == 32 && digits.into_iter().all(|it| it.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{contains, is_identifier};

    #[test]
    fn a_name_holds_a_value_only_as_a_whole_word() {
        assert!(contains("system:node:gw-1", "GW-1"));
        assert!(contains("gw-1", "gw-1"));
        assert!(!contains("gw-12", "gw-1"));
        assert!(!contains("my-gw-1", "gw-1"));
        assert!(!contains("x", ""));
    }

    #[test]
    fn identifiers_have_thirty_two_digits() {
        assert!(is_identifier("0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"));
        assert!(is_identifier("0a1b2c3d0a1b0a1b0a1b0a1b2c3d4e5f"));
        assert!(!is_identifier("Edge Console"));
    }
}
