//! Static properties in a form: rows of name, type and value.

use std::sync::Arc;

use ief_api::rules::{Rule, device as rules};
use leptos::prelude::*;

use super::draft::AttributeDraft;
use super::settings::TYPES;
use super::show;
use crate::kit::form::{Check, expect_form, problem_words};
use crate::kit::{Checkbox, Choice, Glyph, IconButton, Select, TextField, unique};
use crate::pages::parts::{AddRow, Rows, focus_last};
use crate::words;
use crate::words::Word;
use crate::words::devices as texts;

/// Selects the rows of an editor, without their headings.
pub(super) const LINES: &str = ".editor-line:not(.editor-head)";

/// Edits static properties.
#[component]
pub fn AttributeEditor(
    /// The properties.
    rows: Rows<AttributeDraft>,
) -> AnyView {
    let form = expect_form();
    let lines = move |(number, row): (u32, AttributeDraft)| {
        let fields = attribute_fields(
            row,
            move |own| {
                twice(
                    rows.get().into_iter().map(|(at, row)| (at, row.name)),
                    number,
                    own,
                )
            },
            Place::Attribute,
        );
        line(fields, row.name, move || {
            form.touch();
            rows.remove(number);
        })
    };
    let id = unique("attributes");
    let place = id.clone();
    view! {
        <div class="editor" id=id role="group" aria-label=texts::attributes>
            {headings(Signal::derive(move || rows.count()), texts::value)}
            <For each=move || rows.get() key=|(number, _)| *number children=lines />
            <AddRow
                label=texts::add_attribute
                count=Signal::derive(move || rows.count())
                rule=&rules::DEVICE_ATTRIBUTES
                add=move || {
                    rows.add(AttributeDraft::new);
                    focus_last(&place, LINES);
                }
            />
        </div>
    }
    .into_any()
}

/// Which kind of property fields are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A static property.
    Attribute,
    /// A twin property.
    Twin,
}

impl Place {
    fn rules(self) -> (&'static Rule, &'static Rule) {
        match self {
            Self::Attribute => (&rules::ATTRIBUTE_KEY, &rules::ATTRIBUTE_VALUE),
            Self::Twin => (&rules::TWIN_KEY, &rules::TWIN_VALUE),
        }
    }
}

/// The headings over rows, while there are any.
pub(super) fn headings(count: Signal<usize>, value: Word) -> AnyView {
    let head = move || {
        (count.get() > 0).then(|| {
            view! {
                <div class="editor-line editor-head" aria-hidden="true">
                    <span>{texts::name}</span>
                    <span>{texts::kind}</span>
                    <span>{value}</span>
                    <span>{texts::optional_short}</span>
                </div>
            }
        })
    };
    view! { {head} }.into_any()
}

/// A row with its button that takes it away.
pub(super) fn line(
    fields: AnyView,
    name: RwSignal<String>,
    remove: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    view! {
        <div class="editor-line unlabelled">
            {fields}
            <IconButton glyph=Glyph::Trash label=move || words::kit::remove(name.get()) on_press=remove />
        </div>
    }
    .into_any()
}

/// Name, type, value and whether it may be missing.
pub(super) fn attribute_fields(
    row: AttributeDraft,
    twice: impl Fn(&str) -> bool + Send + Sync + 'static,
    place: Place,
) -> AnyView {
    let (name_rule, value_rule) = place.rules();
    let unique: Check = Arc::new(move |name: &str| match twice(name) {
        true => Err(words::kit::name_twice.get().to_owned()),
        false => Ok(()),
    });
    let types = Signal::derive(|| {
        TYPES
            .map(|kind| Choice::new(kind, move || show::type_words(kind)))
            .to_vec()
    });
    let value = move || {
        let kind = row.kind.get();
        let label = match place {
            Place::Attribute => texts::value,
            Place::Twin => texts::twin::expected,
        };
        if kind == "boolean" {
            // A flag has two values; the first is what it is until somebody says otherwise.
            if !["true", "false"].contains(&row.value.get_untracked().as_str()) {
                row.value.set("false".to_owned());
            }
            let choices = Signal::stored(flags());
            return view! { <Select label=label choices=choices value=row.value required=true /> }
                .into_any();
        }
        let required = kind != "string";
        let check: Check = Arc::new(move |text: &str| check_typed(value_rule, &kind, text));
        view! { <TextField label=label value=row.value check=check required=required /> }.into_any()
    };
    view! {
        <TextField label=texts::name value=row.name rule=name_rule check=unique required=true />
        <Select label=texts::kind choices=types value=row.kind required=true />
        {value}
        <Checkbox label=texts::optional_short value=row.optional />
    }
    .into_any()
}

/// Whether another row has the same name. Tracked.
pub(super) fn twice(
    mut names: impl Iterator<Item = (u32, RwSignal<String>)>,
    own: u32,
    name: &str,
) -> bool {
    names.any(|(number, other)| number != own && other.with(|other| other == name))
}

/// The two values of a flag.
pub(super) fn flags() -> Vec<Choice> {
    vec![Choice::new("true", "true"), Choice::new("false", "false")]
}

/// Checks a value against the rule of all values and that of its type.
pub(super) fn check_typed(rule: &'static Rule, kind: &str, text: &str) -> Result<(), String> {
    // What it must be says more than which characters it may have.
    rules::typed(kind)
        .map_or(Ok(()), |typed| typed.text(text))
        .and_then(|()| rule.text(text))
        .map_err(|problem| problem_words(&problem))
}
