//! Facts about a thing: names with values, times, identifiers, what can be copied.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{Glyph, IconButton, Text};
use crate::state::App;
use crate::{format, words};

/// A list of names with values. Made of [`Fact`]s.
#[component]
pub fn Facts(
    /// The facts.
    children: Children,
) -> AnyView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

/// A name with its value.
#[component]
pub fn Fact(
    /// The name.
    #[prop(into)]
    label: Text,
    /// The value.
    children: Children,
) -> AnyView {
    view! {
        <dt>{label.view()}</dt>
        <dd>{children()}</dd>
    }
    .into_any()
}

/// A value as text, with an en dash where there is none.
pub fn text_or_dash(value: Option<&str>) -> AnyView {
    match value.filter(|value| !value.is_empty()) {
        Some(value) => view! { <span class="selectable">{value.to_owned()}</span> }.into_any(),
        None => dash(),
    }
}

/// What stands for something that isn't there.
pub fn dash() -> AnyView {
    view! { <span class="second" aria-label=words::kit::missing>{format::MISSING}</span> }
        .into_any()
}

/// Copies a text. The button says when it is done.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Text,
    /// What the button is called.
    #[prop(into, optional)]
    label: Option<Text>,
) -> AnyView {
    let copied = RwSignal::new(false);
    let label = label.unwrap_or_else(|| words::kit::copy.into());
    let press = move || {
        let text = text.get().into_owned();
        spawn_local(async move {
            let done = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            if done.is_ok() {
                copied.set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    Duration::from_millis(1500),
                );
            }
        });
    };
    view! {
        <IconButton
            glyph=Signal::derive(move || if copied.get() { Glyph::Check } else { Glyph::Copy })
            label=move || if copied.get() { words::kit::copied.get().into() } else { label.get() }
            on_press=press
        />
    }
    .into_any()
}

/// An identifier with a button that copies it: its first eight characters and the whole on hover, or all of it.
#[component]
pub fn Id(
    /// The identifier.
    #[prop(into)]
    id: String,
    /// Whether all of it is shown.
    #[prop(optional)]
    whole: bool,
) -> AnyView {
    if id.is_empty() {
        return dash();
    }
    let (shown, tip) = match whole {
        true => (id.clone(), None),
        false => (short_id(&id), Some(id.clone())),
    };
    view! {
        <span class="id">
            <code class="selectable" data-tip=tip>{shown}</code>
            <CopyButton text=id label=words::kit::copy_id />
        </span>
    }
    .into_any()
}

/// The first eight characters of an identifier.
pub fn short_id(id: &str) -> String {
    if id.chars().count() > 10 {
        id.chars().take(8).chain(['…']).collect()
    } else {
        id.to_owned()
    }
}

/// A point in time beside now, with the exact one on hover.
#[component]
pub fn Time(
    /// Milliseconds since the epoch.
    #[prop(into)]
    at_ms: Signal<Option<i64>>,
) -> AnyView {
    let now = App::expect().now;
    view! {
        {move || match at_ms.get() {
            None => dash(),
            Some(at) => view! {
                <time class="time" data-tip=move || format::exact(at)>{move || format::relative(at, now.get())}</time>
            }
            .into_any(),
        }}
    }
    .into_any()
}

/// A point in time as the service writes it.
pub fn time_of(text: Option<&str>) -> AnyView {
    let at = text.and_then(format::parse_time);
    view! { <Time at_ms=Signal::derive(move || at) /> }.into_any()
}

/// One line after something was done: what is now true, with the request id.
#[component]
pub fn AfterLine(
    /// What is now true.
    #[prop(into)]
    text: Text,
    /// The service's request id.
    #[prop(optional)]
    request_id: Option<String>,
    /// Its entry in the journal.
    #[prop(optional)]
    journal_id: Option<String>,
    /// Takes it back, where an inverse exists.
    #[prop(into, optional)]
    on_undo: Option<Callback<()>>,
) -> AnyView {
    let request = request_id.filter(|id| !id.is_empty()).map(|id| {
        view! { <span class="second">{words::kit::request}</span> <Id id=id /> }
    });
    let journal = journal_id.map(|id| {
        view! { <a href=format!("#/journal/{id}")>{words::kit::show_in_journal}</a> }
    });
    let undo = on_undo.map(|undo| view! { <super::Button label=words::kit::undo look=super::Look::Quiet on_press=undo /> });
    view! {
        <p class="after" role="status">
            {super::sign(super::Sign::Good)}
            <span>{text.view()}</span>
            {request}
            {journal}
            {undo}
        </p>
    }
    .into_any()
}
