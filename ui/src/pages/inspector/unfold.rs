//! Parts that are folded, and drawn when somebody unfolds them.

use leptos::prelude::*;

use crate::kit::{Glyph, icon};

/// A part that is folded at first: its head says what is in it.
#[component]
pub(super) fn Unfold(
    /// What is always seen.
    head: AnyView,
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    /// Draws the rest, when it is unfolded first.
    #[prop(into)]
    draw: ViewFn,
) -> AnyView {
    let seen = RwSignal::new(open);
    view! {
        <details
            class="fold unfold"
            open=open
            on:toggle=move |_| {
                if !seen.get_untracked() {
                    seen.set(true);
                }
            }
        >
            <summary>{icon(Glyph::ChevronRight)} {head}</summary>
            <div class="fold-body">{move || seen.get().then(|| draw.run())}</div>
        </details>
    }
    .into_any()
}
