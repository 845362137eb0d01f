//! For when packages are judged: for now, or for a day to come.

use leptos::prelude::*;

use super::desk::Desk;
use crate::day::{self, DAY};
use crate::kit::{Button, Glyph, Look, icon, unique};
use crate::state::now_ms;
use crate::words::Word;
use crate::words::inspector::judge as texts;

/// For when packages are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    /// Whatever time it is.
    Now,
    /// So many days from the moment in which that was chosen.
    In { days: i64, at: i64 },
    /// The beginning of a day.
    Day { at: i64 },
}

impl When {
    fn after(days: i64) -> Self {
        Self::In {
            days,
            at: now_ms().div_euclid(1000).saturating_add(days * DAY),
        }
    }

    /// The moment in seconds since 1970. None is now.
    pub(super) fn at(&self) -> Option<i64> {
        match self {
            Self::Now => None,
            Self::In { at, .. } | Self::Day { at } => Some(*at),
        }
    }

    fn days(&self) -> Option<i64> {
        match self {
            Self::Now => Some(0),
            Self::In { days, .. } => Some(*days),
            Self::Day { .. } => None,
        }
    }
}

/// Days from now that are proposed.
const PROPOSED: [(i64, Word); 3] = [(0, texts::now), (30, texts::month), (365, texts::year)];

/// Chooses for when they are judged.
#[component]
pub(super) fn JudgeFor(desk: Desk) -> AnyView {
    let label = unique("judge");
    let labelled = label.clone();
    let problem_id = unique("judge-problem");
    let described = problem_id.clone();
    let typed = RwSignal::new(match desk.when.get_untracked() {
        When::Day { at } => day::write(at),
        When::Now | When::In { .. } => String::new(),
    });
    let bad = RwSignal::new(false);
    let choose = move |days: i64| {
        typed.set(String::new());
        bad.set(false);
        desk.when.set(match days {
            0 => When::Now,
            days => When::after(days),
        });
    };
    let take = move || {
        let text = typed.get_untracked();
        if text.trim().is_empty() {
            bad.set(false);
            return;
        }
        match day::read(&text) {
            Some(at) => {
                bad.set(false);
                typed.set(day::write(at));
                desk.when.set(When::Day { at });
            }
            None => bad.set(true),
        }
    };
    let presets = PROPOSED
        .into_iter()
        .map(|(days, word)| {
            let pressed = move || desk.when.with(|when| when.days() == Some(days));
            view! {
                <button
                    type="button"
                    class="button judge-preset"
                    aria-pressed=move || if pressed() { "true" } else { "false" }
                    on:click=move |_| choose(days)
                >
                    {word}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="judge" role="group" aria-labelledby=labelled>
            <span class="second" id=label>{texts::label}</span>
            <div class="judge-presets">{presets}</div>
            <input
                class="input judge-day number"
                type="text"
                autocomplete="off"
                spellcheck="false"
                maxlength="10"
                aria-label=texts::date
                placeholder=texts::placeholder
                aria-invalid=move || bad.get().then_some("true")
                aria-describedby=described
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    bad.set(false);
                }
                on:change=move |_| take()
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.is_composing() {
                        event.prevent_default();
                        take();
                    }
                }
            />
            <span class="field-problem" id=problem_id role="alert">{move || bad.get().then(|| texts::bad.get())}</span>
        </div>
    }
    .into_any()
}

/// Says that it isn't judged for now, where it isn't.
#[component]
pub(super) fn NotNow(desk: Desk) -> AnyView {
    let at = Memo::new(move |_| desk.at());
    let said = move || {
        at.get().map(|at| {
            view! {
                <p class="verdict-when">
                    {icon(Glyph::Clock)}
                    <span>{move || texts::other(day::write(at))}</span>
                    <Button label=texts::back look=Look::Quiet on_press=move || desk.when.set(When::Now) />
                </p>
            }
        })
    };
    view! { {said} }.into_any()
}
