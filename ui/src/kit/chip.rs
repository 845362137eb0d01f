//! Small labels: tags, filters, counts.

use leptos::prelude::*;

use super::{Glyph, Text, icon};
use crate::words;

/// A label, which can be taken away when `on_remove` is given and pressed when `on_press` is.
#[component]
pub fn Chip(
    /// What it says.
    #[prop(into)]
    label: Text,
    /// Opens or edits it.
    #[prop(into, optional)]
    on_press: Option<Callback<()>>,
    /// Takes it away.
    #[prop(into, optional)]
    on_remove: Option<Callback<()>>,
) -> AnyView {
    let name = label.clone();
    let text = match on_press {
        Some(press) => view! {
            <button type="button" class="chip-text" on:click=move |_| press.run(())>{label.view()}</button>
        }
        .into_any(),
        None => view! { <span class="chip-text cut">{label.view()}</span> }.into_any(),
    };
    let remove = on_remove.map(|remove| {
        view! {
            <button
                type="button"
                class="chip-remove"
                aria-label=move || words::kit::remove(name.get())
                on:click=move |_| remove.run(())
            >
                {icon(Glyph::Close)}
            </button>
        }
    });
    view! { <span class="chip">{text}{remove}</span> }.into_any()
}
