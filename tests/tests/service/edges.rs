//! Every documented rule at its edge, wherever a call has it: what is just allowed passes, one more is refused by
//! the client before anything is sent, and by the simulator with the documented code.
//!
//! The limits are those of `ief_api::rules`, which both sides share: what is shown is that no place goes without its
//! rule and that the code fits. That a limit is the documented one is shown beside the rules, by hand.
//!
//! No place is listed by hand. They come from the declarations, and each is given what no rule allows, so that
//! whichever is broken there is its rule; the explorer finds limits in the same way.

use std::collections::BTreeMap;

use ief_api::catalogue::OPERATIONS;
use ief_api::operation::{Call, Service};
use ief_api::rules::{self, Problem, Rule, Violation};
use ief_client::{Client, Error, check};
use ief_sim::{Options, Pace};

use super::stage::{Stage, never};

mod find;
mod mend;
mod places;
mod values;

/// Fewest places with a rule there may be: fewer were not found, not taken away.
const FEWEST_PLACES: usize = 900;

/// Rules of which no call here is either just allowed or just refused, and nothing else wrong in it.
const ELSEWHERE: &[(&str, &str)] = &[(
    "migration",
    "it is asked for where a deployment goes to a group, which no choice or flag says",
)];

/// A call at the edge of a rule.
struct Case {
    call: Call,
    /// Where the rule is, as the rules name it.
    path: String,
    rule: &'static Rule,
    passes: bool,
}

impl Case {
    /// Whether nothing else is wrong than what is looked at, if that is.
    fn is_clean(&self) -> bool {
        match violations(&self.call).first() {
            None => self.passes,
            Some(first) => !self.passes && first.rule == self.rule.name,
        }
    }

    fn name(&self) -> String {
        let path: String = self.path.chars().take(80).collect();
        format!("{} {path} {}", self.call.operation, self.rule.name)
    }
}

/// What a call breaks by the client's own check.
fn violations(call: &Call) -> Vec<Violation> {
    match check(call) {
        Err(Error::Violations { violations, .. }) => violations,
        // A text where an object has to be breaks no rule.
        Ok(()) | Err(_) => Vec::new(),
    }
}

/// Calls of a rule with nothing else wrong in them.
#[derive(Debug, Default, Clone, Copy)]
struct Shown {
    allowed: usize,
    refused: usize,
}

#[derive(Default)]
struct Tally {
    cases: usize,
    shown: BTreeMap<&'static str, Shown>,
    wrong: Vec<String>,
}

impl Tally {
    async fn take(&mut self, stage: &Stage, client: &Client, case: Case) {
        self.cases += 1;
        let name = case.name();
        let broken = violations(&case.call);
        let here = broken.iter().any(|violation| {
            // What contradicts another field is not beyond its own limit.
            let of_limit = !matches!(violation.problem, Problem::Contradicts { .. });
            violation.rule == case.rule.name
                && violation.path.starts_with(&case.path)
                && (of_limit || !case.passes)
        });
        if here == case.passes {
            let found: Vec<_> = broken.iter().map(ToString::to_string).collect();
            let wanted = if case.passes { "allowed" } else { "refused" };
            self.wrong
                .push(format!("{name} is not {wanted}: {found:?}"));
            return;
        }

        let control = stage.simulator.control();
        if !broken.is_empty() {
            let before = control.count(&case.call.operation);
            let refused = client.call_checked(&case.call, &never()).await;
            let sent = control.count(&case.call.operation) > before;
            if sent || !matches!(refused, Err(Error::Violations { .. })) {
                self.wrong.push(format!("{name} is sent by the client"));
            }
        }

        // Past the client's check: what the simulator itself says.
        let error = client.call(&case.call, &never()).await.err();
        let message = error.as_ref().and_then(Error::message);
        let invalid = message.is_some_and(|it| it.starts_with("The request is invalid"));
        let code = error.as_ref().and_then(Error::code);
        let expected = broken.first().map(|violation| violation.code.as_str());
        if invalid == broken.is_empty() || (invalid && code != expected) {
            let wanted = expected.unwrap_or("anything else");
            self.wrong.push(format!(
                "{name} is answered {code:?} {message:?} instead of {wanted}"
            ));
        }
        if case.is_clean() {
            let shown = self.shown.entry(case.rule.name).or_default();
            match case.passes {
                true => shown.allowed += 1,
                false => shown.refused += 1,
            }
            if !case.passes && code != Some(case.rule.code.code) {
                self.wrong.push(format!("{name} is answered {code:?}"));
            }
        }
    }
}

#[tokio::test]
async fn every_rule_holds_at_its_edges_on_both_sides() {
    let stage = Stage::open(Options {
        nodes: 40,
        pace: Pace::Manual,
        ..Options::default()
    })
    .await;
    let client = stage.client();
    let mut tally = Tally::default();
    let mut places = 0;
    for spec in OPERATIONS.iter().filter(|it| it.service == Service::Ief) {
        let found = find::cases(spec);
        places += found.len();
        for case in found.into_values().flatten() {
            tally.take(&stage, &client, case).await;
        }
    }
    println!(
        "{} calls at the edges of rules in {places} places",
        tally.cases
    );
    let wrong = tally.wrong;
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
    assert!(places >= FEWEST_PLACES, "only {places} places have a rule");
    let unshown: Vec<_> = rules::all()
        .map(|rule| {
            (
                rule.name,
                tally.shown.get(rule.name).copied().unwrap_or_default(),
            )
        })
        .filter(|(name, shown)| {
            let elsewhere = ELSEWHERE.iter().any(|(other, _)| other == name);
            elsewhere != (shown.allowed == 0 || shown.refused == 0)
        })
        .collect();
    assert!(unshown.is_empty(), "{unshown:#?}");
}
