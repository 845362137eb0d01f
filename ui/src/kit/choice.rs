//! Choices: one of some, some of many, on or off.

use leptos::prelude::*;

use super::form::{frame, register};
use super::{Glyph, Text, icon};
use crate::words;

/// Something to choose.
#[derive(Clone)]
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its word.
    pub label: Text,
    /// What it means, where the word alone doesn't say.
    pub help: Text,
}

impl Choice {
    /// A choice with its word.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            help: Text::default(),
        }
    }

    /// Says what it means.
    #[must_use]
    pub fn help(mut self, help: impl Into<Text>) -> Self {
        self.help = help.into();
        self
    }
}

/// One of some, folded.
#[component]
pub fn Select(
    /// What is chosen.
    #[prop(into)]
    label: Text,
    /// What there is.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value chosen.
    value: RwSignal<String>,
    /// What it is for.
    #[prop(into, optional)]
    help: Text,
    /// Whether one must be chosen. Otherwise none is a choice.
    #[prop(optional)]
    required: bool,
    /// Where it stands in the body that is sent.
    #[prop(into, optional)]
    path: String,
    /// Whether it can't be changed.
    #[prop(into, optional)]
    disabled: Signal<bool>,
) -> AnyView {
    let id = super::unique("field");
    let checked = register(id.clone(), path.clone(), move || {
        (required && value.get().is_empty()).then(|| words::problems::missing.get().to_owned())
    });
    let options = move || {
        let now = value.get();
        let mut choices = choices.get();
        if (!required || now.is_empty()) && choices.iter().all(|choice| !choice.value.is_empty()) {
            choices.insert(0, Choice::new("", words::kit::none));
        }
        choices
            .into_iter()
            .map(|choice| {
                let selected = choice.value == now;
                view! { <option value=choice.value selected=selected>{choice.label.view()}</option> }
            })
            .collect_view()
    };
    let control_id = id.clone();
    let described = format!("{id}-help {id}-problem");
    let control = view! {
        <div class="select">
            <select
                id=control_id
                class="input"
                aria-describedby=described
                aria-invalid=move || checked.shown.get().map(|_| "true")
                disabled=move || disabled.get()
                on:change=move |event| {
                    value.set(event_target_value(&event));
                    checked.touch(&path);
                }
                on:blur=move |_| checked.blurred.set(true)
            >
                {options}
            </select>
            {icon(Glyph::ChevronDown)}
        </div>
    }
    .into_any();
    frame(&id, label, help, required, checked, None, control)
}

/// One of a few, all of them in sight.
#[component]
pub fn Radio(
    /// What is chosen.
    #[prop(into)]
    label: Text,
    /// What there is.
    choices: Vec<Choice>,
    /// The value chosen.
    value: RwSignal<String>,
    /// Whether they stand beside each other.
    #[prop(optional)]
    inline: bool,
) -> AnyView {
    let name = super::unique("radio");
    let form = super::Form::around();
    let title = label.clone();
    let choices = choices
        .into_iter()
        .map(|choice| {
            let (own, chosen) = (choice.value.clone(), choice.value);
            let has_help = !choice.help.is_empty();
            view! {
                <label class="option">
                    <input
                        type="radio"
                        name=name.clone()
                        prop:checked=move || value.get() == own
                        on:change=move |_| {
                            value.set(chosen.clone());
                            if let Some(form) = form {
                                form.touch();
                            }
                        }
                    />
                    <span class="option-text">
                        <span>{choice.label.view()}</span>
                        {has_help.then(|| view! { <span class="field-help">{choice.help.view()}</span> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="field" role="radiogroup" aria-label=move || title.get()>
            <span class="field-label">{label.view()}</span>
            <div class=if inline { "options options-inline" } else { "options" }>{choices}</div>
        </div>
    }
    .into_any()
}

/// Yes or no.
#[component]
pub fn Checkbox(
    /// What is said by it.
    #[prop(into)]
    label: Text,
    /// Whether it is.
    value: RwSignal<bool>,
    /// What it means.
    #[prop(into, optional)]
    help: Text,
    /// Whether it can't be changed.
    #[prop(into, optional)]
    disabled: Signal<bool>,
) -> AnyView {
    let form = super::Form::around();
    let has_help = !help.is_empty();
    view! {
        <label class="option">
            <input
                type="checkbox"
                class="checkbox"
                disabled=move || disabled.get()
                prop:checked=move || value.get()
                on:change=move |event| {
                    value.set(event_target_checked(&event));
                    if let Some(form) = form {
                        form.touch();
                    }
                }
            />
            <span class="option-text">
                <span>{label.view()}</span>
                {has_help.then(|| view! { <span class="field-help">{help.view()}</span> })}
            </span>
        </label>
    }
    .into_any()
}
