//! What stands where something will be, in its real shape.

use leptos::prelude::*;

use super::{Button, Glyph, Look, Text, icon};
use crate::words;

/// Grey lines in the place of text.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> AnyView {
    let widths = ["72%", "88%", "54%", "80%", "63%"];
    let lines = (0..lines)
        .map(|index| view! { <span class="skeleton-line" style:width=widths[index % widths.len()]></span> })
        .collect_view();
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">{words::kit::loading}</span>
            {lines}
        </div>
    }
    .into_any()
}

/// What a place without anything is for, and the first thing to do.
#[component]
pub fn EmptyState(
    /// What isn't there: "No devices yet".
    #[prop(into)]
    title: Text,
    /// What it would be good for.
    #[prop(into, optional)]
    text: Text,
    /// Its icon.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// What to do first: label and action.
    #[prop(optional)]
    action: Option<(Text, Callback<()>)>,
) -> AnyView {
    let action = action
        .map(|(label, press)| view! { <Button label=label look=Look::Primary on_press=press /> });
    view! {
        <div class="empty">
            {glyph.map(icon)}
            <h2>{title.view()}</h2>
            <p class="second">{text.view()}</p>
            {action}
        </div>
    }
    .into_any()
}
