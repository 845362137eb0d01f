//! What certificates may be used for.

use super::{Case, Outcome};
use crate::inspect::certificate::{Facts, usage};
use crate::inspect::oids::{purpose, purpose_name};
use crate::inspect::words::Message;
use crate::report::{Kind, Status};

/// Whether the own certificates, and the CAs above them, may be used to authenticate a client: a node proves with
/// its certificate who it is.
pub(super) fn fits(case: &Case<'_>) -> Vec<Outcome> {
    // Outside of a package, a CA with its key is what it is, and no client.
    let is_authority = |facts: &Facts<'_>| {
        let signs = facts.rights.usage.unwrap_or(0) & usage::SIGN_CERTIFICATES != 0;
        facts.is_ca() && (signs || facts.is_self_issued())
    };
    let is_asked = |place: usize| {
        case.own.contains(&place) && (case.is_package() || !is_authority(&case.certificates[place]))
    };
    let mut outcomes = Vec::new();
    for chain in case.chains.iter().filter(|it| is_asked(it.own())) {
        outcomes.push(own(&case.certificates[chain.own()]));
        let authorities = chain.authorities().iter();
        outcomes.extend(authorities.filter_map(|place| authority(&case.certificates[*place])));
    }
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NoOwn {})];
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
    match facts.rights.purposes.as_deref().map(breadth) {
        Some(Breadth::Others) => {
            let purposes = names(facts.rights.purposes.as_deref().unwrap_or_default());
            let reason = Message::NotForClients { purposes };
            return Outcome::failed(&name, reason, Message::NextUsage {});
        }
        Some(Breadth::Any) => {
            return Outcome::warned(&name, Message::AnyPurpose {}, Message::NextUsage {});
        }
        Some(Breadth::Clients) | None => {}
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

/// Purposes of a CA bound what it signs. Those of a root are looked at as well.
fn authority(facts: &Facts<'_>) -> Option<Outcome> {
    let purposes = facts.rights.purposes.as_deref()?;
    let (name, next) = (facts.name(), Message::NextUsage {});
    match breadth(purposes) {
        Breadth::Clients => None,
        Breadth::Any => Some(Outcome::warned(&name, Message::AnyPurpose {}, next)),
        Breadth::Others => {
            let purposes = names(purposes);
            let reason = Message::CaNotForClients { purposes };
            Some(Outcome::failed(&name, reason, next))
        }
    }
}

/// What purposes stand for.
enum Breadth {
    /// Clients are named.
    Clients,
    /// Any purpose is named, which Go takes for clients as well, and OpenSSL doesn't.
    Any,
    /// Neither.
    Others,
}

fn breadth(purposes: &[String]) -> Breadth {
    let has = |purpose: &str| purposes.iter().any(|it| it == purpose);
    if has(purpose::CLIENT) {
        Breadth::Clients
    } else if has(purpose::ANY) {
        Breadth::Any
    } else {
        Breadth::Others
    }
}

fn names(purposes: &[String]) -> String {
    let names: Vec<&str> = purposes.iter().map(|it| purpose_name(it)).collect();
    names.join(", ")
}
