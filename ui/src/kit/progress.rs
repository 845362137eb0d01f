//! How far something is, and how a whole divides.

use leptos::prelude::*;

use super::{Sign, Text, sign};
use crate::{format, words};

/// A bar of progress. Without a total it only says that something goes on.
#[component]
pub fn Progress(
    /// What goes on.
    #[prop(into)]
    label: Text,
    /// How many are done, and of how many, if known.
    #[prop(into)]
    value: Signal<(u64, Option<u64>)>,
) -> AnyView {
    let share = move || match value.get() {
        (done, Some(total)) if total > 0 => Some(percent(done, total)),
        _ => None,
    };
    view! {
        <div
            class="progress"
            class=("progress-open", move || share().is_none())
            role="progressbar"
            aria-label=move || label.get()
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || share().map(|it| format!("{it:.0}"))
        >
            <span style:width=move || share().map_or_else(String::new, |it| format!("{it}%"))></span>
        </div>
    }
    .into_any()
}

/// One part of a whole.
#[derive(Clone)]
pub struct Part {
    /// What it is.
    pub label: Text,
    /// How many.
    pub count: u64,
    /// Its sign, whose colour the bar takes.
    pub sign: Sign,
    /// Shows them.
    pub on_press: Option<Callback<()>>,
}

/// A whole and its parts: one bar, and a legend with the same as words and figures.
#[component]
pub fn ProportionBar(
    /// What is divided.
    #[prop(into)]
    label: Text,
    /// The parts, those of no size left out of the bar.
    #[prop(into)]
    parts: Signal<Vec<Part>>,
) -> AnyView {
    let bar = move || {
        let parts = parts.get();
        let total: u64 = parts.iter().map(|part| part.count).sum();
        let shown = parts.into_iter().filter(|part| part.count > 0);
        let pieces = shown
            .map(|part| {
                let width = format!("{}%", percent(part.count, total));
                let tip = format!("{} {}", part.label.get(), format::count(part.count));
                view! { <span class=format!("part part-{}", part.sign.class()) style:flex-basis=width data-tip=tip></span> }
            })
            .collect_view();
        view! { <div class="proportion-bar" aria-hidden="true">{pieces}</div> }
    };
    let legend = move || {
        let parts = parts.get();
        let total: u64 = parts.iter().map(|part| part.count).sum();
        parts
            .into_iter()
            .map(|part| {
                let share = share_words(part.count, total);
                let inside = view! {
                    {sign(part.sign)}
                    <span>{part.label.view()}</span>
                    <strong class="number">{format::count(part.count)}</strong>
                    <span class="second number">{share}</span>
                };
                let line = match part.on_press {
                    Some(press) => view! {
                        <button type="button" class="legend-line" on:click=move |_| press.run(())>{inside}</button>
                    }
                    .into_any(),
                    None => view! { <span class="legend-line">{inside}</span> }.into_any(),
                };
                view! { <li>{line}</li> }
            })
            .collect_view()
    };
    view! {
        <figure class="proportion" aria-label=move || label.get()>
            {bar}
            <ul class="legend">{legend}</ul>
        </figure>
    }
    .into_any()
}

/// How much of a limit is used.
#[component]
pub fn Meter(
    /// What is measured.
    #[prop(into)]
    label: Text,
    /// How many there are.
    #[prop(into)]
    used: Signal<u64>,
    /// How many there may be; none when there is no limit.
    #[prop(into)]
    limit: Signal<Option<u64>>,
) -> AnyView {
    let share = move || {
        limit
            .get()
            .filter(|limit| *limit > 0)
            .map(|limit| percent(used.get(), limit))
    };
    let words = move || match limit.get() {
        Some(limit) => words::kit::of(format::count(used.get()), format::count(limit)),
        None => words::kit::without_limit(format::count(used.get())),
    };
    let class = move || match share() {
        // One of one is how it is meant to be.
        _ if limit.get() == Some(1) => "meter",
        Some(share) if share >= 100.0 => "meter meter-full",
        Some(share) if share >= 80.0 => "meter meter-near",
        _ => "meter",
    };
    let name = label.clone();
    view! {
        <div class=class>
            <span class="meter-label cut">{label.view()}</span>
            <span class="number">{words}</span>
            <div
                class="meter-bar"
                role="meter"
                aria-label=move || name.get()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || share().map(|it| format!("{:.0}", it.min(100.0)))
                aria-valuetext=words
            >
                <span style:width=move || format!("{}%", share().unwrap_or(0.0).min(100.0))></span>
            </div>
        </div>
    }
    .into_any()
}

/// A part of a whole in percent as it is written. Something is never told as nothing.
pub fn share_words(part: u64, whole: u64) -> String {
    match percent(part, whole) {
        share if part > 0 && share < 0.5 => "< 1 %".to_owned(),
        share if part < whole && share >= 99.5 => "> 99 %".to_owned(),
        share => format!("{share:.0} %"),
    }
}

/// A part of a whole in percent, 0 to 100.
pub fn percent(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "shown as the width of a bar")]
    let (part, whole) = (part as f64, whole as f64);
    if whole > 0.0 {
        part * 100.0 / whole
    } else {
        0.0
    }
}
