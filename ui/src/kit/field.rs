//! Fields for text and numbers.

use ief_api::rules::{Limit, Rule};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::form::{Check, check_rule, frame, register};
use super::{Glyph, IconButton, Text, icon};
use crate::words;

/// What a text field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Words and names.
    #[default]
    Plain,
    /// Identifiers, addresses, hashes: monospaced.
    Code,
    /// Secrets: hidden, with a button to show them. Never kept by the browser.
    Secret,
    /// Several lines.
    Lines,
    /// Several lines, monospaced.
    CodeLines,
}

/// A field for text.
#[component]
pub fn TextField(
    /// What it is.
    #[prop(into)]
    label: Text,
    /// The text.
    value: RwSignal<String>,
    /// What it is for.
    #[prop(into, optional)]
    help: Text,
    /// The documented rule it has to keep.
    #[prop(optional)]
    rule: Option<&'static Rule>,
    /// What else it has to keep.
    #[prop(optional)]
    check: Option<Check>,
    /// Whether it must not be empty.
    #[prop(optional)]
    required: bool,
    /// Where it stands in the body that is sent: `node.name`.
    #[prop(into, optional)]
    path: String,
    /// What it is for.
    #[prop(optional)]
    kind: Kind,
    /// An example, shown while it is empty.
    #[prop(into, optional)]
    placeholder: Text,
    /// Whether it can't be changed.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// Whether it gets the focus at first.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let id = super::unique("field");
    let checked = register(id.clone(), path.clone(), move || {
        value.with(|text| {
            if text.is_empty() && !required {
                return None;
            }
            if text.is_empty() {
                return Some(words::problems::missing.get().to_owned());
            }
            rule.and_then(|rule| check_rule(rule, text, required))
                .or_else(|| check.as_ref().and_then(|check| check(text).err()))
        })
    });
    let input = move |event: leptos::ev::Event| {
        value.set(event_target_value(&event));
        checked.touch(&path);
    };
    let blur = move |_| checked.blurred.set(true);
    let described = format!("{id}-help {id}-problem");
    let revealed = RwSignal::new(false);
    let invalid = move || checked.shown.with(Option::is_some).then_some("true");
    let rows = if matches!(kind, Kind::CodeLines) {
        "8"
    } else {
        "3"
    };
    let control_id = id.clone();
    if autofocus {
        take_first_focus(id.clone());
    }
    let control = match kind {
        Kind::Lines | Kind::CodeLines => view! {
            <textarea
                id=control_id
                class="input"
                class=("input-code", kind == Kind::CodeLines)
                rows=rows
                data-first=autofocus
                spellcheck="false"
                placeholder=move || placeholder.get()
                aria-describedby=described
                aria-invalid=invalid
                aria-required=required.then_some("true")
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:input=input
                on:blur=blur
            ></textarea>
        }
        .into_any(),
        _ => {
            let secret = kind == Kind::Secret;
            let field = view! {
                <input
                    id=control_id
                    class="input"
                    class=("input-code", kind == Kind::Code)
                    type=move || if secret && !revealed.get() { "password" } else { "text" }
                    autocomplete=if secret { "new-password" } else { "off" }
                    autocapitalize="off"
                    data-first=autofocus
                    spellcheck="false"
                    placeholder=move || placeholder.get()
                    aria-describedby=described
                    aria-invalid=invalid
                    aria-required=required.then_some("true")
                    disabled=move || disabled.get()
                    prop:value=move || value.get()
                    on:input=input
                    on:blur=blur
                />
            };
            if secret {
                view! {
                    <div class="input-with">
                        {field}
                        <IconButton
                            glyph=Signal::derive(move || if revealed.get() { Glyph::EyeOff } else { Glyph::Eye })
                            label=move || if revealed.get() { words::kit::hide.get() } else { words::kit::reveal.get() }
                            pressed=Signal::derive(move || Some(revealed.get()))
                            on_press=move || revealed.set(!revealed.get_untracked())
                        />
                    </div>
                }
                .into_any()
            } else {
                field.into_any()
            }
        }
    };
    let counter = rule
        .and_then(Rule::max_length)
        .map(|max| near_limit(value, max));
    frame(&id, label, help, required, checked, counter, control)
}

/// Gives a field the focus as soon as it is on the page, unless the user has begun in another one. The
/// engine's own way comes with the first painting, which may be after the first keys.
fn take_first_focus(id: String) {
    Effect::new(move |_| {
        let begun = document()
            .active_element()
            .is_some_and(|it| matches!(it.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        if let Some(field) = document().get_element_by_id(&id).filter(|_| !begun) {
            // Only what is no HTML element has no focus.
            let _ = field.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
}

/// The limit, once the text gets near it: `58 of 64`.
fn near_limit(value: RwSignal<String>, max: usize) -> Signal<Option<String>> {
    Memo::new(move |_| {
        let length = value.with(|text| text.chars().count());
        (length * 5 >= max * 4).then(|| words::kit::of(length, max))
    })
    .into()
}

/// A field for a whole number. Empty means that nothing is said.
#[component]
pub fn NumberField(
    /// What it is.
    #[prop(into)]
    label: Text,
    /// The number.
    value: RwSignal<Option<i64>>,
    /// What it is for.
    #[prop(into, optional)]
    help: Text,
    /// The documented rule it has to keep.
    #[prop(optional)]
    rule: Option<&'static Rule>,
    /// Whether it must not be empty.
    #[prop(optional)]
    required: bool,
    /// Where it stands in the body that is sent.
    #[prop(into, optional)]
    path: String,
    /// Unit after the number: `MB`.
    #[prop(into, optional)]
    unit: Text,
    /// The service's default, shown while it is empty.
    #[prop(into, optional)]
    placeholder: Text,
    /// Smallest, where no rule says it.
    #[prop(optional)]
    min: Option<i64>,
    /// Largest, where no rule says it.
    #[prop(optional)]
    max: Option<i64>,
    /// Whether it can't be changed.
    #[prop(into, optional)]
    disabled: Signal<bool>,
) -> AnyView {
    let (rule_min, rule_max) = match rule.map(|rule| rule.limit) {
        Some(Limit::Integer { min, max }) => (Some(min), Some(max)),
        _ => (None, None),
    };
    let (min, max) = (min.or(rule_min), max.or(rule_max));
    let text = RwSignal::new(
        value
            .get_untracked()
            .map(|it| it.to_string())
            .unwrap_or_default(),
    );
    // What is set from outside is shown, unless it is what was typed.
    Effect::new(move |_| {
        let outside = value.get();
        if read(&text.get_untracked()).ok().flatten() != outside {
            text.set(outside.map(|it| it.to_string()).unwrap_or_default());
        }
    });
    let id = super::unique("field");
    let checked = register(id.clone(), path.clone(), move || {
        let problem = match text.with(|text| read(text)) {
            Ok(None) if required => ief_api::rules::Problem::Missing,
            Ok(None) => return None,
            Err(()) => ief_api::rules::Problem::NotANumber,
            Ok(Some(number)) => match (min, max) {
                (Some(min), Some(max)) if !(min..=max).contains(&number) => {
                    ief_api::rules::Problem::OutOfRange { min, max }
                }
                _ => return None,
            },
        };
        Some(super::form::problem_words(&problem))
    });
    let input = move |event: leptos::ev::Event| {
        let typed = event_target_value(&event);
        value.set(read(&typed).ok().flatten());
        text.set(typed);
        checked.touch(&path);
    };
    let step = move |event: leptos::ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowUp" => 1,
            "ArrowDown" => -1,
            _ => return,
        };
        event.prevent_default();
        let start = value.get_untracked().unwrap_or(0).saturating_add(by);
        let number = start
            .max(min.unwrap_or(i64::MIN))
            .min(max.unwrap_or(i64::MAX));
        value.set(Some(number));
    };
    let control_id = id.clone();
    let described = format!("{id}-help {id}-problem");
    let control = view! {
        <div class="input-with">
            <input
                id=control_id
                class="input input-number"
                inputmode="numeric"
                autocomplete="off"
                role="spinbutton"
                aria-valuenow=move || value.get().map(|it| it.to_string())
                aria-valuemin=min.map(|it| it.to_string())
                aria-valuemax=max.map(|it| it.to_string())
                placeholder=move || placeholder.get()
                aria-describedby=described
                aria-invalid=move || checked.shown.with(Option::is_some).then_some("true")
                aria-required=required.then_some("true")
                disabled=move || disabled.get()
                prop:value=move || text.get()
                on:input=input
                on:keydown=step
                on:blur=move |_| checked.blurred.set(true)
            />
            <span class="second">{unit.view()}</span>
        </div>
    }
    .into_any();
    frame(&id, label, help, required, checked, None, control)
}

fn read(text: &str) -> Result<Option<i64>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| ()),
    }
}

/// A field that searches: its icon before, a button that empties it after.
#[component]
pub fn SearchField(
    /// What is searched.
    #[prop(into)]
    label: Text,
    /// What was typed.
    value: RwSignal<String>,
    /// Id of the element, for shortcuts that focus it.
    #[prop(into, optional)]
    id: String,
) -> AnyView {
    let name = label.clone();
    let id = if id.is_empty() {
        super::unique("search")
    } else {
        id
    };
    view! {
        <div class="search" role="search">
            {icon(Glyph::Search)}
            <input
                id=id
                class="input"
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=move || name.get()
                placeholder=move || label.get()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Escape" && !value.with(String::is_empty) {
                        event.stop_propagation();
                        value.set(String::new());
                    }
                }
            />
            {move || {
                (!value.with(String::is_empty)).then(|| view! {
                    <IconButton
                        glyph=Glyph::Close
                        label=words::kit::clear
                        on_press=move || value.set(String::new())
                    />
                })
            }}
        </div>
    }
    .into_any()
}
