//! Checks: those that say why not, and the others folded.

use console_ipc::inspect::report::{Check, Status};
use leptos::prelude::*;

use super::unfold::Unfold;
use super::verdict;
use crate::format;
use crate::words::Word;
use crate::words::inspector as texts;

/// Those that failed or warn, in order of weight, each with what to do.
pub(super) fn reasons(checks: &[Check]) -> AnyView {
    let weighs = |check: &&Check| matches!(check.status, Status::Failed | Status::Warned);
    let reasons: Vec<&Check> = checks.iter().filter(weighs).collect();
    if reasons.is_empty() {
        return ().into_any();
    }
    let lines = reasons.into_iter().map(line).collect_view();
    view! {
        <section class="report-part">
            <h2>{texts::reasons}</h2>
            <ul class="checks">{lines}</ul>
        </section>
    }
    .into_any()
}

/// The others: those that passed, and those that had nothing to check.
pub(super) fn others(checks: &[Check]) -> AnyView {
    let of = |status: Status| -> Vec<Check> {
        let checks = checks.iter().filter(|check| check.status == status);
        checks.cloned().collect()
    };
    view! {
        {folded(texts::passed, of(Status::Passed))}
        {folded(texts::not_applicable, of(Status::NotApplicable))}
    }
    .into_any()
}

fn folded(title: Word, checks: Vec<Check>) -> Option<AnyView> {
    let count = format::count(checks.len() as u64);
    let draw = {
        let checks = StoredValue::new(checks.clone());
        move || {
            let lines = checks.with_value(|checks| checks.iter().map(line).collect_view());
            view! { <ul class="checks">{lines}</ul> }
        }
    };
    let head = view! { <h2>{title}</h2> <span class="second number">{count}</span> }.into_any();
    (!checks.is_empty()).then(|| view! { <Unfold head=head draw=draw /> }.into_any())
}

fn line(check: &Check) -> AnyView {
    let subject = (!check.subject.is_empty())
        .then(|| view! { <code class="selectable check-subject">{check.subject.clone()}</code> });
    let next = (!check.next.is_empty()).then(|| {
        view! { <p class="check-next"><strong>{texts::next}</strong> " " {check.next.clone()}</p> }
    });
    view! {
        <li class="check" data-check=check.id.clone()>
            <span class="check-state">{verdict::status(check.status)}</span>
            <div class="check-text selectable">
                <p><strong>{check.title.clone()}</strong> " " {subject}</p>
                <p>{check.reason.clone()}</p>
                {next}
            </div>
        </li>
    }
    .into_any()
}
