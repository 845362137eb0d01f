//! Dates of certificates.

use super::{Case, Outcome};
use crate::inspect::certificate::Facts;
use crate::inspect::moment::{DAY, day};
use crate::inspect::words::Message;

/// Whether each certificate holds at the time it is judged for.
pub(super) fn hold(case: &Case<'_>) -> Vec<Outcome> {
    let counted = case.counted();
    if counted.is_empty() {
        return vec![Outcome::not_applicable(Message::NoCertificate {})];
    }
    let certificates = counted.iter().map(|place| &case.certificates[*place]);
    certificates.map(|facts| holds(facts, case.at)).collect()
}

fn holds(facts: &Facts<'_>, at: i64) -> Outcome {
    let name = facts.name();
    let next = || {
        if facts.is_ca() {
            Message::NextRenewCa {}
        } else {
            Message::NextRenew {}
        }
    };
    match (facts.not_before, facts.not_after) {
        (Some(start), _) if at < start => Outcome::failed(
            &name,
            Message::NotYet {
                day: day(start),
                at: day(at),
                days: days(start.saturating_sub(at)),
            },
            Message::NextClock {},
        ),
        (_, Some(end)) if at > end => Outcome::failed(
            &name,
            Message::Expired {
                day: day(end),
                days: days(at.saturating_sub(end)),
            },
            next(),
        ),
        (Some(_), Some(_)) => Outcome::passed(
            &name,
            match facts.ends() {
                Some(end) => Message::Holds {
                    day: day(end),
                    days: (end.saturating_sub(at) / DAY).to_string(),
                },
                None => Message::HoldsForever {},
            },
        ),
        _ => Outcome::failed(&name, Message::DatesUnreadable {}, next()),
    }
}

/// Whether one of them ends soon: by days, or by share of its lifetime.
pub(super) fn soon(case: &Case<'_>) -> Vec<Outcome> {
    let holding = case.counted().into_iter().filter_map(|place| {
        let facts = &case.certificates[place];
        let (start, end) = (facts.not_before?, facts.ends()?);
        (start <= case.at && case.at <= end).then_some((facts, start, end))
    });
    let outcomes: Vec<Outcome> = holding
        .map(|(facts, start, end)| {
            let left = end - case.at;
            let lifetime = (end - start).max(1);
            let percent = (left * 100 / lifetime).to_string();
            let (name, days, day) = (facts.name(), (left / DAY).to_string(), day(end));
            if left < i64::from(case.lead_days) * DAY {
                let lead = case.lead_days.to_string();
                let reason = Message::SoonByDays { days, day, lead };
                Outcome::warned(&name, reason, Message::NextRenewInTime {})
            } else if left * 10 < lifetime {
                let reason = Message::SoonByShare { days, day, percent };
                Outcome::warned(&name, reason, Message::NextRenewInTime {})
            } else if left * 3 < lifetime {
                Outcome::passed(&name, Message::LastThird { days, day, percent })
            } else {
                Outcome::passed(&name, Message::NotSoon { days, percent })
            }
        })
        .collect();
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NothingHolds {})];
    }
    outcomes
}

/// Whether a CA ends before what it signed.
pub(super) fn outlives(case: &Case<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for chain in &case.chains {
        for pair in chain.links.windows(2) {
            let [below, above] = [pair[0], pair[1]].map(|place| &case.certificates[place]);
            let (Some(below_end), Some(above_end)) = (below.not_after, above.not_after) else {
                continue;
            };
            let name = above.name();
            outcomes.push(if above_end < below_end {
                let reason = Message::CaEndsFirst {
                    ca: day(above_end),
                    name: below.name(),
                    day: day(below_end),
                };
                Outcome::warned(&name, reason, Message::NextRenewCa {})
            } else {
                Outcome::passed(&name, Message::CaOutlives { name: below.name() })
            });
        }
    }
    if outcomes.is_empty() {
        return vec![Outcome::not_applicable(Message::NoAuthority {})];
    }
    outcomes
}

/// Whole days, at least one: what ended an hour ago did not end zero days ago.
fn days(seconds: i64) -> String {
    (seconds.saturating_add(DAY - 1) / DAY).max(1).to_string()
}
