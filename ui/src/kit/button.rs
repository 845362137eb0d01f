//! Buttons, with words and with an icon alone.

use std::borrow::Cow;

use leptos::prelude::*;

use super::{Glyph, Text, icon};

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// The one thing this place is for.
    Primary,
    /// Any other.
    #[default]
    Plain,
    /// Beside content, without a border.
    Quiet,
    /// Destroys something.
    Danger,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Plain => "button",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button. Its label is a verb: "Register node".
#[component]
pub fn Button(
    /// What it does.
    #[prop(into)]
    label: Text,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Icon before the label.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether it can't be pressed now. It stays reachable, so that the reason can be read.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// Why it can't be pressed, or what it does in full, on hover and focus.
    #[prop(into, optional)]
    hint: Text,
    /// Whether its work goes on: it shows so and can't be pressed again.
    #[prop(into, optional)]
    busy: Signal<bool>,
    /// Whether it sends the form around it, instead of calling `on_press`.
    #[prop(optional)]
    submit: bool,
    /// What it does.
    #[prop(into, optional)]
    on_press: Option<Callback<()>>,
) -> AnyView {
    let blocked = move || disabled.get() || busy.get();
    let press = move |event: leptos::ev::MouseEvent| {
        if disabled.get_untracked() || busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    // The field that has the focus keeps it, or the problem it shows then moves the button away from below the
    // pointer, and the press is lost.
    let in_form = super::Form::around().is_some();
    let down = move |event: leptos::ev::MouseEvent| {
        if submit || in_form {
            event.prevent_default();
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=look.class()
            aria-disabled=move || blocked().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            data-tip=tip(hint.clone())
            aria-description=tip(hint)
            on:mousedown=down
            on:click=press
        >
            {move || if busy.get() { spinner() } else { glyph.map(icon).into_any() }}
            <span class="button-label">{label.view()}</span>
        </button>
    }
    .into_any()
}

/// A button with an icon alone. Its label is told to screen readers and shown on hover and focus.
#[component]
pub fn IconButton(
    /// The icon.
    #[prop(into)]
    glyph: Signal<Glyph>,
    /// What it does.
    #[prop(into)]
    label: Text,
    /// Whether it can't be pressed now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// Whether it is on, where it is a switch.
    #[prop(into, optional)]
    pressed: Signal<Option<bool>>,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
) -> AnyView {
    let press = move |_| {
        if !disabled.get_untracked() {
            on_press.run(());
        }
    };
    let name = label;
    let tip = name.clone();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || name.get()
            data-tip=move || tip.get()
            aria-disabled=move || disabled.get().then_some("true")
            aria-pressed=move || pressed.get().map(|on| if on { "true" } else { "false" })
            on:click=press
        >
            {move || icon(glyph.get())}
        </button>
    }
    .into_any()
}

/// A text as an attribute that isn't there when the text is empty.
fn tip(text: Text) -> impl Fn() -> Option<Cow<'static, str>> + Send + Sync + 'static {
    move || Some(text.get()).filter(|text| !text.is_empty())
}

/// A turning circle, for what goes on.
pub fn spinner() -> AnyView {
    view! {
        <svg class="icon spinner" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 2.5a5.5 5.5 0 105.5 5.5"></path>
        </svg>
    }
    .into_any()
}
