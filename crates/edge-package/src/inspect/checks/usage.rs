//! What certificates may be used for.

use super::{Case, Outcome};
use crate::inspect::certificate::{Facts, usage};
use crate::inspect::oids::{purpose, purpose_name};
use crate::inspect::words::Message;
use crate::report::{Kind, Status};

/// Whether the own certificates, and the CAs above them, may be used to authenticate a client: a node proves with
/// its certificate who it is.
pub(super) fn fits(case: &Case<'_>) -> Vec<Outcome> {
    if case.own.is_empty() {
        return vec![Outcome::not_applicable(Message::NoOwn {})];
    }
    let mut outcomes = Vec::new();
    for chain in case.chains.iter().filter(|it| case.own.contains(&it.own())) {
        outcomes.push(own(&case.certificates[chain.own()]));
        let authorities = chain.authorities().iter();
        outcomes.extend(authorities.filter_map(|place| authority(&case.certificates[*place])));
    }
    // A certificate by itself may well be meant for something else.
    if case.kind == Kind::Certificates {
        for outcome in &mut outcomes {
            if outcome.status == Status::Failed {
                outcome.status = Status::Warned;
            }
        }
    }
    outcomes
}

fn own(facts: &Facts<'_>) -> Outcome {
    let name = facts.name();
    if let Some(purposes) = &facts.rights.purposes
        && !is_for_clients(purposes)
    {
        let reason = Message::NotForClients {
            purposes: names(purposes),
        };
        return Outcome::failed(&name, reason, Message::NextUsage {});
    }
    match facts.rights.usage {
        Some(bits) if bits & (usage::DIGITAL_SIGNATURE | usage::KEY_AGREEMENT) == 0 => {
            Outcome::failed(&name, Message::NotForSigning {}, Message::NextUsage {})
        }
        Some(bits) if bits & usage::DIGITAL_SIGNATURE == 0 => {
            Outcome::warned(&name, Message::OnlyAgreement {}, Message::NextUsage {})
        }
        _ if facts.rights.purposes.is_some() => Outcome::passed(&name, Message::ForClients {}),
        _ => Outcome::passed(&name, Message::ForAnything {}),
    }
}

/// Purposes of a CA bound what it signs. Roots are trusted for what they are trusted for.
fn authority(facts: &Facts<'_>) -> Option<Outcome> {
    let purposes = facts.rights.purposes.as_ref()?;
    (!is_for_clients(purposes)).then(|| {
        let purposes = names(purposes);
        let reason = Message::CaNotForClients { purposes };
        Outcome::failed(&facts.name(), reason, Message::NextUsage {})
    })
}

fn is_for_clients(purposes: &[String]) -> bool {
    let is_one = |it: &String| it == purpose::CLIENT || it == purpose::ANY;
    purposes.iter().any(is_one)
}

fn names(purposes: &[String]) -> String {
    let names: Vec<&str> = purposes.iter().map(|it| purpose_name(it)).collect();
    names.join(", ")
}
