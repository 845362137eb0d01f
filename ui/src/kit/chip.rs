//! Small labels: tags, filters, counts.

use leptos::prelude::*;

use super::{Glyph, Text, icon};
use crate::words;

/// What becomes of what a chip stands for, once it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChipMark {
    /// It stays as it is.
    #[default]
    None,
    /// It comes.
    New,
    /// It becomes another.
    Changed,
    /// It goes.
    Gone,
}

impl ChipMark {
    fn class(self) -> &'static str {
        match self {
            Self::None => "chip",
            Self::New => "chip chip-new",
            Self::Changed => "chip chip-changed",
            Self::Gone => "chip chip-gone",
        }
    }

    fn glyph(self) -> Option<Glyph> {
        match self {
            Self::None => None,
            Self::New => Some(Glyph::Plus),
            Self::Changed => Some(Glyph::Edit),
            Self::Gone => Some(Glyph::Minus),
        }
    }
}

/// A label, which can be taken away when `on_remove` is given and pressed when `on_press` is.
#[component]
pub fn Chip(
    /// What it says.
    #[prop(into)]
    label: Text,
    /// What pressing it does, or what becomes of it, for who doesn't see it; else what it says.
    #[prop(into, optional)]
    press_label: Option<Text>,
    /// What taking it away does, where that is not to remove it.
    #[prop(into, optional)]
    remove_label: Option<Text>,
    /// What becomes of it.
    #[prop(optional)]
    mark: ChipMark,
    /// Opens or edits it.
    #[prop(into, optional)]
    on_press: Option<Callback<()>>,
    /// Takes it away.
    #[prop(into, optional)]
    on_remove: Option<Callback<()>>,
) -> AnyView {
    let name = label.clone();
    let sign = mark.glyph().map(icon);
    let whole = label.clone();
    let tip = move || whole.get();
    let text = match on_press {
        Some(press) => {
            let told = press_label.map(|label| move || label.get());
            view! {
                <button
                    type="button"
                    class="chip-text cut"
                    aria-label=told
                    data-tip=tip
                    data-tip-cut=""
                    on:click=move |_| press.run(())
                >
                    {sign}
                    {label.view()}
                </button>
            }
            .into_any()
        }
        None => {
            let said = match press_label {
                Some(told) => view! {
                    <span aria-hidden="true">{label.view()}</span>
                    <span class="unseen">{told.view()}</span>
                }
                .into_any(),
                None => label.view(),
            };
            view! { <span class="chip-text cut" data-tip=tip data-tip-cut="">{sign}{said}</span> }
                .into_any()
        }
    };
    let remove = on_remove.map(|remove| {
        let told = move || match &remove_label {
            Some(label) => label.get(),
            None => words::kit::remove(name.get()).into(),
        };
        let tip = told.clone();
        view! {
            <button
                type="button"
                class="chip-remove"
                aria-label=told
                data-tip=tip
                on:click=move |_| remove.run(())
            >
                {icon(Glyph::Close)}
            </button>
        }
    });
    view! { <span class=mark.class()>{text}{remove}</span> }.into_any()
}
