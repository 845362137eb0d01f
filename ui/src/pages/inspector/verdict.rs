//! Verdicts and states of checks, always as a sign and a word.

use console_ipc::inspect::report::{Status, Verdict};
use leptos::prelude::*;

use crate::day;
use crate::kit::{Sign, StateSign};
use crate::words::inspector as texts;
use crate::words::{self, Word};

/// The sign of a verdict.
pub fn sign_of(verdict: Verdict) -> Sign {
    match verdict {
        Verdict::Good => Sign::Good,
        Verdict::Warning => Sign::Warned,
        Verdict::Bad => Sign::Bad,
    }
}

/// A verdict in a word.
pub fn word_of(verdict: Verdict) -> Word {
    match verdict {
        Verdict::Good => texts::verdicts::good,
        Verdict::Warning => texts::verdicts::warning,
        Verdict::Bad => texts::verdicts::bad,
    }
}

/// A verdict.
pub fn verdict(verdict: Verdict) -> AnyView {
    view! { <StateSign sign=sign_of(verdict) word=word_of(verdict) /> }.into_any()
}

/// How a check ended.
pub(super) fn status(status: Status) -> AnyView {
    let (sign, word) = match status {
        Status::Failed => (Sign::Bad, texts::statuses::failed),
        Status::Warned => (Sign::Warned, texts::statuses::warned),
        Status::Passed => (Sign::Good, texts::statuses::passed),
        Status::NotApplicable => (Sign::Off, texts::statuses::not_applicable),
    };
    view! { <StateSign sign=sign word=word /> }.into_any()
}

/// A word for a value the host tells by name: `named("kinds", "node")`. The name itself where it is a new one.
pub(super) fn named(group: &str, name: &str) -> String {
    words::find_or(&format!("inspector.{group}.{name}"), name)
}

/// What an input is, in a few words.
pub(super) fn kind(kind: &impl serde::Serialize) -> String {
    named("kinds", &words::wire_name(kind))
}

/// Until when it is good, as a day.
pub fn until(good_until: Option<i64>) -> Option<String> {
    let at = good_until?;
    Some(match day::is_never(at) {
        true => texts::no_end.get().to_owned(),
        false => texts::until(day::write(at)),
    })
}
